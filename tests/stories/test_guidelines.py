"""The guidelines on a story: what holds a submission back, ticking, setting findings aside, the declaration."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from humasflow.accounts.models import User
from humasflow.accounts.services import people
from humasflow.approvals import policy as approvals_policy
from humasflow.approvals import services as approvals
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.permissions import Role
from humasflow.guidelines.enums import ItemLevel, RuleCode, RuleLevel, Severity, Ticker
from humasflow.planning.production_roles import queries as production_roles
from humasflow.stories import queries
from humasflow.stories import services as stories
from humasflow.stories.enums import AssignmentState
from humasflow.stories.guidance import Guidance, passage_hash
from humasflow.stories.models import Assignment, ChecklistTick, FindingOverride, Story
from humasflow.stories.queries.guidelines import get_guidance
from humasflow.stories.services import guidelines as services
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories import guidelines as make
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
NIK = "7371091212900001"
WITH_NIK = f"<p>Kantor melayani pemohon dengan NIK {NIK} hari ini.</p><p>Selesai.</p>"


def guidance(story: Story, actor: Any = None) -> Guidance:
    version = queries.get_current_version(story)
    return get_guidance(story, version, queries.get_body(version.id), actor=actor)


def why_not(world: World, story: Story) -> dict[str, str]:
    return {r.code: r.message for r in approvals_policy.reasons_not_to_submit(world.as_(world.editor), story)}


def rewrite(world: World, story: Story, **changes: Any) -> None:
    version = queries.get_current_version(story)
    content = stories.content_of(version, queries.get_body(version.id))
    stories.save_version(story, actor=world.as_(world.editor), content=replace(content, **changes))


def key_of(story: Story, code: RuleCode) -> str:
    return next(passage_hash(line.finding) for line in guidance(story).findings if line.finding.code is code)


# The gate


@pytest.mark.db
def test_everything_that_stands_against_submitting_is_told_at_once(world: World, in_request: None) -> None:
    first = make.item(world, "Kutipan disetujui")
    make.item(world, "Foto sudah dipilih", level=ItemLevel.RECOMMENDED)
    story = desk.story(world, body_html=WITH_NIK, title="Nomor 12.345.678.9-012.000 tercatat")
    desk.post(world, story, words="Setor ke rekening 1234-01-000123-50-1 ya.")
    reasons = why_not(world, story)
    assert set(reasons) == {"finding_nik", "finding_npwp", "finding_bank_account", f"item_{first.id}"}
    assert NIK in reasons["finding_nik"] and "Kutipan disetujui" in reasons[f"item_{first.id}"]
    with pytest.raises(Refused) as refused:
        approvals.submit_package(story, actor=world.as_(world.editor))
    assert len(refused.value.reasons) == 4


@pytest.mark.db
def test_warnings_suggestions_and_recommended_items_hold_nobody_back(world: World, in_request: None) -> None:
    make.item(world, "Foto sudah dipilih", level=ItemLevel.RECOMMENDED)
    story = desk.story(world, body_html="<p>Surat di tulis dirumah. Analisa KPKNL.</p>")
    desk.post(world, story)
    assert guidance(story).counts[Severity.WARN] == 2
    assert why_not(world, story) == {}
    approvals.submit_package(story, actor=world.as_(world.editor))


@pytest.mark.db
def test_what_an_office_makes_block_blocks(world: World, in_request: None) -> None:
    story = desk.story(world, body_html="<p>Surat di tulis kemarin.</p>")
    desk.post(world, story)
    make.rule(world, RuleCode.DI_KE, RuleLevel.BLOCK)
    assert set(why_not(world, story)) == {"finding_di_ke"}
    make.rule(world, RuleCode.DI_KE, RuleLevel.OFF)
    assert why_not(world, story) == {}


@pytest.mark.db
def test_a_child_needs_somebodys_word_that_no_face_is_seen(world: World, in_request: None) -> None:
    asset = desk.asset(world)
    asset.shows_child = True
    story = desk.story(world, pictures=(desk.picture(asset),))
    desk.post(world, story)
    assert set(why_not(world, story)) == {"finding_child_face"}
    from humasflow.core import clock

    asset.faces_blurred_at, asset.faces_blurred_by = clock.now(), world.editor.id
    db.session.flush()
    assert why_not(world, story) == {}


# Ticks


@pytest.mark.db
def test_a_tick_says_who_when_and_for_which_version(world: World, in_request: None) -> None:
    item = make.item(world, "Kutipan disetujui", asked_again=True)
    story = desk.story(world)
    services.set_tick(story, actor=world.as_(world.editor), item_id=item.id, is_ticked=True)
    (line,) = guidance(story).items
    assert line.is_ticked and line.tick is not None
    assert (line.tick.ticked_by, line.tick.version_number) == (world.editor.id, 1)
    assert line.tick.ticked_as == "Pranata Humas, Redaktur Satu"
    told = audit.list_timeline(("story", story.id))[0]
    assert (told.action, told.detail["label"]) == (AuditAction.CHECKLIST_TICKED, "Kutipan disetujui")


@pytest.mark.db
def test_an_item_is_asked_again_when_the_text_changes(world: World, in_request: None) -> None:
    again = make.item(world, "Kutipan disetujui", asked_again=True)
    once = make.item(world, "Kontak dicantumkan")
    story = desk.story(world)
    desk.post(world, story)
    for item in (again, once):
        services.set_tick(story, actor=world.as_(world.editor), item_id=item.id, is_ticked=True)
    assert why_not(world, story) == {}

    rewrite(world, story, goal="Tujuan lain")  # nothing that a reader sees
    assert why_not(world, story) == {}
    rewrite(world, story, body_html="<p>Isi yang lain sama sekali.</p>")
    reasons = why_not(world, story)
    assert set(reasons) == {f"item_{again.id}"} and "ditanyakan lagi" in reasons[f"item_{again.id}"]
    lines = {line.item.id: line for line in guidance(story).items}
    assert lines[again.id].is_asked_again and lines[once.id].is_ticked

    services.set_tick(story, actor=world.as_(world.other_editor), item_id=again.id, is_ticked=True)
    assert why_not(world, story) == {}
    (tick,) = [t for t in db.session.query(ChecklistTick) if t.item_id == again.id]
    assert tick.ticked_by == world.other_editor.id and tick.version_number > 1


@pytest.mark.db
def test_who_may_tick(world: World, in_request: None) -> None:
    writers = make.item(world, "Bagi redaktur")
    approvers = make.item(world, "Bagi penyetuju", ticker=Ticker.APPROVER)
    role = production_roles.list_production_roles(world.office.id)[0]
    roles = make.item(world, "Bagi yang ditugasi", ticker=Ticker.ROLE, production_role_id=role.id)
    story = desk.story(world)

    def may(user: User) -> set[int]:
        return {line.item.id for line in guidance(story, world.as_(user)).items if line.may_tick}

    assert may(world.editor) == {writers.id}
    assert may(world.approver) == {approvers.id}
    assert may(world.lead) == set()
    for user, item in ((world.approver, writers), (world.editor, approvers), (world.editor, roles)):
        with pytest.raises(Refused):
            services.set_tick(story, actor=world.as_(user), item_id=item.id, is_ticked=True)
    task = assign(world, story, world.contributor, role.id)
    for state in (AssignmentState.OFFERED, AssignmentState.DECLINED):
        task.state = state
        assert may(world.contributor) == set(), state
    task.state = AssignmentState.ACCEPTED
    assert may(world.contributor) == {roles.id}
    services.set_tick(story, actor=world.as_(world.contributor), item_id=roles.id, is_ticked=True)


def assign(world: World, story: Story, user: User, role_id: int) -> Assignment:
    from humasflow.core import clock

    now = clock.now()
    made = Assignment(
        office_id=world.office.id, story_id=story.id, role_id=role_id, person_id=user.id,
        state=AssignmentState.ACCEPTED, state_since=now, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.db
def test_what_approvers_tick_is_asked_of_them_and_not_before(world: World, in_request: None) -> None:
    item = make.item(world, "Sejalan dengan arahan", ticker=Ticker.APPROVER)
    story = desk.story(world)
    desk.post(world, story)
    assert why_not(world, story) == {}
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approver = world.as_(world.approver)
    with pytest.raises(UserError) as refused:
        approvals.approve(package, actor=approver, digest=package.digest)
    assert "Sejalan dengan arahan" in refused.value.message
    services.set_tick(story, actor=approver, item_id=item.id, is_ticked=True)
    approvals.approve(package, actor=approver, digest=package.digest)


@pytest.mark.db
def test_sending_back_needs_no_ticks(world: World, in_request: None) -> None:
    make.item(world, "Sejalan dengan arahan", ticker=Ticker.APPROVER)
    story = desk.story(world)
    desk.post(world, story)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approvals.send_back(
        package, actor=world.as_(world.approver), digest=package.digest, reason="Perbaiki judul"
    )


@pytest.mark.db
def test_an_item_of_another_type_or_office_is_not_there(
    world: World, other_world: World, in_request: None
) -> None:
    story = desk.story(world)
    other_type = make.item(world, content_type_id=world.social.id)
    elsewhere = make.item(other_world)
    for item in (other_type, elsewhere):
        with pytest.raises(NotFound):
            services.set_tick(story, actor=world.as_(world.editor), item_id=item.id, is_ticked=True)


# Setting aside


@pytest.mark.db
def test_a_block_is_set_aside_by_those_who_are_trusted_with_it(world: World, in_request: None) -> None:
    story = desk.story(world, body_html=WITH_NIK)
    desk.post(world, story)
    key = key_of(story, RuleCode.NIK)
    with pytest.raises(Refused):
        services.override_finding(
            story, actor=world.as_(world.editor), code="nik", key=key, reason="Contoh saja"
        )
    with pytest.raises(UserError):
        services.override_finding(story, actor=world.as_(world.approver), code="nik", key=key, reason="  ")
    made = services.override_finding(
        story, actor=world.as_(world.approver), code="nik", key=key, reason="NIK contoh pada formulir"
    )
    assert (made.severity, made.made_by) == (Severity.BLOCK, world.approver.id)
    kept = {c.name: getattr(made, c.name) for c in FindingOverride.__table__.columns}
    assert NIK not in str(kept)  # neither is it kept here
    assert made.made_as == "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"
    assert why_not(world, story) == {}
    told = audit.list_timeline(("story", story.id))[0]
    assert (
        told.action is AuditAction.FINDING_OVERRIDDEN and told.detail["reason"] == "NIK contoh pada formulir"
    )
    assert NIK not in str(told.detail)  # the record is kept for ever; the number is not

    services.restore_finding(story, actor=world.as_(world.lead), override_id=made.id)
    assert set(why_not(world, story)) == {"finding_nik"}
    assert audit.list_timeline(("story", story.id))[0].action is AuditAction.FINDING_RESTORED


@pytest.mark.db
def test_it_holds_as_long_as_the_passage_is_unchanged(world: World, in_request: None) -> None:
    story = desk.story(world, body_html=WITH_NIK)
    desk.post(world, story)
    services.override_finding(
        story,
        actor=world.as_(world.approver),
        code="nik",
        key=key_of(story, RuleCode.NIK),
        reason="NIK contoh",
    )
    rewrite(world, story, body_html=WITH_NIK.replace("Selesai.", "Kalimat lain, di tempat lain."))
    assert why_not(world, story) == {}
    rewrite(world, story, body_html=WITH_NIK.replace(NIK, "7371091212900002"))
    assert set(why_not(world, story)) == {"finding_nik"}


@pytest.mark.db
def test_a_warning_is_set_aside_by_its_writer_but_not_what_becomes_a_block(
    world: World, in_request: None
) -> None:
    story = desk.story(world, body_html="<p>Surat di tulis kemarin.</p>")
    desk.post(world, story)
    key = key_of(story, RuleCode.DI_KE)
    services.override_finding(
        story, actor=world.as_(world.editor), code="di_ke", key=key, reason="Kutipan lama"
    )
    assert [line.finding.code for line in guidance(story).set_aside] == [RuleCode.DI_KE]
    make.rule(world, RuleCode.DI_KE, RuleLevel.BLOCK)
    assert guidance(story).set_aside == [] and set(why_not(world, story)) == {"finding_di_ke"}
    services.override_finding(
        story, actor=world.as_(world.approver), code="di_ke", key=key, reason="Memang begitu"
    )
    assert why_not(world, story) == {} and db.session.query(FindingOverride).count() == 1


@pytest.mark.db
def test_what_is_not_there_cannot_be_set_aside(world: World, in_request: None) -> None:
    story = desk.story(world)
    for code, key in (("nik", "0" * 64), ("tidak-ada", ""), ("di_ke", "")):
        with pytest.raises(Conflict):
            services.override_finding(
                story, actor=world.as_(world.approver), code=code, key=key, reason="Alasan"
            )
    named = desk.story(world, body_html="<p>Hasil analisa.</p>")
    with pytest.raises(Refused):  # a suggestion holds nobody back
        services.override_finding(
            named,
            actor=world.as_(world.approver),
            code="spelling",
            key=key_of(named, RuleCode.SPELLING),
            reason="A",
        )


@pytest.mark.db
def test_a_finding_in_a_post_is_set_aside_from_the_story(world: World, in_request: None) -> None:
    story = desk.story(world)
    desk.post(world, story, words=f"NIK {NIK}")
    key = key_of(story, RuleCode.NIK)
    services.override_finding(story, actor=world.as_(world.approver), code="nik", key=key, reason="Contoh")
    assert why_not(world, story) == {}


# The declaration


@pytest.mark.db
def test_the_declaration_is_for_exactly_this_text(world: World, in_request: None) -> None:
    make.rule(world, RuleCode.EXCLUDED_INFORMATION, RuleLevel.BLOCK, content_types=[world.news.code])
    story = desk.story(world)
    desk.post(world, story)
    assert set(why_not(world, story)) == {"finding_excluded_information"}
    with pytest.raises(Refused):
        services.declare(story, actor=world.as_(world.lead), is_declared=True)
    services.declare(story, actor=world.as_(world.editor), is_declared=True)
    assert why_not(world, story) == {}
    assert audit.list_timeline(("story", story.id))[0].action is AuditAction.STORY_DECLARED

    rewrite(world, story, title="Judul yang lain sama sekali")
    assert set(why_not(world, story)) == {"finding_excluded_information"}
    services.declare(story, actor=world.as_(world.approver), is_declared=True)
    assert why_not(world, story) == {}
    services.declare(story, actor=world.as_(world.editor), is_declared=False)
    assert set(why_not(world, story)) == {"finding_excluded_information"}


def test_the_declaration_is_made_by_who_says_that_they_read_it(world: World, browser_of: BrowserOf) -> None:
    make.rule(world, RuleCode.EXCLUDED_INFORMATION, RuleLevel.BLOCK, content_types=[world.news.code])
    story = desk.story(world, commit=True)
    editor, url = browser_of(world.editor), f"/naskah/{story.id}"
    form = editor.get(url).form("pernyataan/buat")
    assert "setuju" not in form
    page = editor.post(f"{url}/pernyataan/buat", form, status=422)
    assert "Centang dahulu" in page.main and not guidance(story).is_declared
    editor.post(f"{url}/pernyataan/buat", form | {"setuju": "1"})
    assert guidance(story).is_declared
    editor.post(f"{url}/pernyataan/cabut")
    assert not guidance(story).is_declared


# Pages


def test_every_finding_leads_to_its_place_on_the_story_and_on_the_review(
    world: World, browser_of: BrowserOf
) -> None:
    written = f"NIK {NIK}"
    names = (
        "title", "kicker", "lead", "place", "people", "contact", "claim", "claim_source", "fact_source",
        "writer_credit", "editor_credit", "dateline",
    )  # fmt: skip
    facts = dict.fromkeys(names, written)
    cover = desk.picture(desk.asset(world))
    story = desk.story(
        world, body_html=WITH_NIK, pictures=(replace(cover, caption=written, alt_text="", credit=written),), **facts
    )  # fmt: skip
    desk.post(world, story, words=f"{written}.")
    (key,) = {passage_hash(f.finding) for f in guidance(story).findings if f.finding.code is RuleCode.NIK}
    services.override_finding(story, actor=world.as_(world.lead), code="nik", key=key, reason="Contoh")
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    made = db.session.query(FindingOverride).one()
    services.restore_finding(story, actor=world.as_(world.lead), override_id=made.id)
    db.session.commit()
    for url in (f"/naskah/{story.id}", f"/persetujuan/{package.id}"):
        page = browser_of(world.approver).get(url)  # the page itself checks that every aim is there
        aims = {str(a["href"]) for a in page.soup.select(".finding__jump")}
        assert {f"#{name}" for name in facts if name != "dateline"} | {"#foto", "#body", "#publikasi"} <= aims
        for jump in page.soup.select('.finding[data-finding="nik"] .finding__jump'):
            root = page.soup.select_one(f'[data-passages="{jump["data-finding-field"]}"]')
            if root is not None:
                assert NIK in root.get_text(), jump["data-finding-field"]


def test_the_story_lists_everything_with_quote_reason_source_and_place(
    world: World, browser_of: BrowserOf
) -> None:
    make.item(world, "Kutipan disetujui")
    story = desk.story(world, body_html=WITH_NIK + "<p>Surat di tulis. Hasil analisa.</p>", commit=True)
    page = browser_of(world.editor).get(f"/naskah/{story.id}")
    panel = page.soup.select_one("#pemeriksaan")
    assert panel is not None
    words = " ".join(panel.get_text(" ").split())
    for expected in (
        NIK,
        "UU 27/2022",
        "di tulis",
        "ditulis",
        "EYD",
        "analisa",
        "analisis",
        "Penghalang",
        "Peringatan",
        "Saran",
    ):
        assert expected in words, expected
    jump = panel.select_one('[data-finding-field="body"]')
    assert jump is not None and int(jump["data-finding-end"]) - int(jump["data-finding-start"]) == len(NIK)
    assert page.soup.select_one('[data-passages="body"]') is not None
    assert "Kutipan disetujui" in page.soup.select_one("#daftar-periksa").get_text()
    # The writer may set the warning aside, not the block.
    forms = {form.select_one("[name=code]")["value"] for form in panel.select("form[action$=kesampingkan]")}
    assert forms == {"di_ke"}


def test_ticking_and_setting_aside_work_without_scripts(world: World, browser_of: BrowserOf) -> None:
    item = make.item(world, "Kutipan disetujui")
    other = make.item(world, "Kontak ada")
    story = desk.story(world, body_html=WITH_NIK, commit=True)
    editor, approver = browser_of(world.editor), browser_of(world.approver)
    url = f"/naskah/{story.id}"
    typed = editor.get(url).form("daftar-periksa")
    sent = editor.post(
        f"{url}/daftar-periksa", typed | {"shown": [str(item.id), str(other.id)], "item": str(item.id)}
    )
    assert sent.location.endswith("#daftar-periksa")
    assert {line.item.id for line in guidance(story).items if line.is_ticked} == {item.id}
    # A form opened before must not take back what somebody else ticked meanwhile.
    browser_of(world.other_editor).post(
        f"{url}/daftar-periksa", {"shown": [str(item.id), str(other.id)], "item": str(other.id)}
    )
    assert {line.item.id for line in guidance(story).items if line.is_ticked} == {item.id, other.id}
    editor.post(f"{url}/daftar-periksa", {"shown": str(item.id), "was": str(item.id)})
    assert {line.item.id for line in guidance(story).items if line.is_ticked} == {other.id}

    form = approver.get(url).form("kesampingkan")
    approver.post(f"{url}/kesampingkan", form | {"reason": "NIK contoh pada formulir"})
    page = editor.get(url)
    assert "Dikesampingkan dengan alasan" in page.main and "NIK contoh pada formulir" in page.main
    made = db.session.query(FindingOverride).one()
    editor.post(f"{url}/kesampingkan/{made.id}/cabut", status=409)
    approver.post(f"{url}/kesampingkan/{made.id}/cabut")
    assert db.session.query(FindingOverride).count() == 0


def test_the_approver_sees_what_was_set_aside_and_comes_back_to_the_review(
    world: World, browser_of: BrowserOf
) -> None:
    item = make.item(world, "Sejalan dengan arahan", ticker=Ticker.APPROVER)
    story = desk.story(world, body_html=WITH_NIK)
    desk.post(world, story)
    services.override_finding(
        story,
        actor=world.as_(world.lead),
        code="nik",
        key=key_of(story, RuleCode.NIK),
        reason="NIK contoh pada formulir",
    )
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    db.session.commit()
    approver = browser_of(world.approver)
    page = approver.get(f"/persetujuan/{package.id}")
    assert (
        "NIK contoh pada formulir" in page.main
        and "Ketua Tim" in page.main
        and "Sejalan dengan arahan" in page.main
    )
    typed = page.form("daftar-periksa")
    sent = approver.post(f"/naskah/{story.id}/daftar-periksa", typed | {"item": str(item.id)})
    assert sent.location.endswith(f"/persetujuan/{package.id}#daftar-periksa")
    away = approver.post(f"/naskah/{story.id}/daftar-periksa", {"kembali": "https://jahat.example/"})
    assert away.location.endswith(f"/naskah/{story.id}#daftar-periksa")


def test_a_text_that_is_not_saved_yet_is_checked_and_nothing_is_stored(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    story = desk.story(world, commit=True)
    editor = browser_of(world.editor)
    typed = {
        "title": "Judul yang wajar", "lead": "Teras di tulis.", "body": f"<p>Satu.</p><p>NIK {NIK} &amp; dirumah</p>",
        "content_type_id": str(world.news.id), "source": "own", "event_date": "32-13-2026",
    }  # fmt: skip
    statements.reset()
    answer = editor.post(f"/naskah/{story.id}/periksa", typed, status=200).response.get_json()
    assert not [s for s in statements.statements if s.split(maxsplit=1)[0] in ("INSERT", "UPDATE", "DELETE")]
    body = "Satu.\nNIK 7371091212900001 & dirumah"
    found = {f["code"]: f for f in answer["findings"] if f["field"] == "body"}
    assert body[found["nik"]["start"] : found["nik"]["end"]] == NIK and found["nik"]["severity"] == "block"
    assert body[found["di_ke"]["start"] : found["di_ke"]["end"]] == "dirumah"
    assert any(f["field"] == "lead" and f["quote"] == "di tulis" for f in answer["findings"])
    assert "UU 27/2022" in answer["html"] and "<form" not in answer["html"]
    assert "1 penghalang" in answer["summary"]
    assert editor.post(f"/naskah/{story.id}/periksa", {}, status=200).response.get_json()["findings"] == []


def test_markup_in_a_quote_stays_words(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    typed = {
        "title": "di tulis <img src=x onerror=alert(1)>",
        "body": "<p>x</p>",
        "lead": "<b>di tulis</b> <script>",
    }
    answer = (
        browser_of(world.editor).post(f"/naskah/{story.id}/periksa", typed, status=200).response.get_json()
    )
    assert "<img" not in answer["html"] and "<script" not in answer["html"]


def test_others_may_not(world: World, other_world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    url = f"/naskah/{story.id}"
    browser_of(world.approver).post(f"{url}/periksa", status=403)
    for path in ("periksa", "daftar-periksa", "kesampingkan", "kesampingkan/1/cabut", "pernyataan/buat"):
        browser_of(other_world.editor).post(f"{url}/{path}", status=404)


@pytest.mark.db
def test_the_cost_does_not_grow_with_what_there_is(
    world: World, in_request: None, statements: QueryCount
) -> None:
    actor = world.as_(world.editor)
    story = desk.story(world, pictures=(desk.picture(desk.asset(world)),), body_html=WITH_NIK)
    desk.post(world, story)
    item = make.item(world, "Satu")
    services.set_tick(story, actor=actor, item_id=item.id, is_ticked=True)

    def cost() -> int:
        db.session.flush()
        db.session.expire_all()
        version = queries.get_versions([story.current_version_id or 0])[story.current_version_id or 0]
        body = queries.get_body(version.id)
        assert story.content_type and world.office.timezone
        statements.reset()
        get_guidance(story, version, body, actor=actor)
        return len(statements)

    one = cost()
    for n in range(5):
        made = make.item(world, f"Butir {n}")
        services.set_tick(story, actor=actor, item_id=made.id, is_ticked=True)
    for kind in ("instagram", "web"):
        desk.post(world, story, account=kind, words=f"NIK {NIK} di tulis.")
    rewrite(
        world, story, body_html=WITH_NIK + "<p>Surat di tulis. NIK 7371091212900002.</p>",
        pictures=tuple(desk.picture(desk.asset(world)) for _ in range(3)),
    )  # fmt: skip
    services.override_finding(
        story, actor=world.as_(world.approver), code="nik", key=key_of(story, RuleCode.NIK), reason="Contoh"
    )
    assert cost() == one <= 10


def test_an_acting_head_is_named_as_such(world: World, in_request: None) -> None:
    from humasflow.accounts.enums import Acting

    people.grant_role(
        world.contributor, world.office, Role.APPROVER, actor=world.as_(world.admin), acting=Acting.PLH,
        position_title="Kepala Seksi Lelang",
    )  # fmt: skip
    story = desk.story(world, body_html=WITH_NIK)
    made = services.override_finding(
        story,
        actor=world.as_(world.contributor),
        code="nik",
        key=key_of(story, RuleCode.NIK),
        reason="Contoh",
    )
    assert made.made_as.startswith("Plh. Kepala Seksi Lelang, Kontributor Satu")
