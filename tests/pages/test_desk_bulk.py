"""One action on many stories: a line for each, refusals that leave the rest alone, each once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals import queries as approvals
from humasflow.approvals import services as approval_services
from humasflow.approvals.models import Package
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.pages.desk import bulk
from humasflow.pages.desk.bulk import BulkWish, Shown
from humasflow.posts.services import PostPictureContent
from humasflow.stories.enums import BulkAction, StoryState
from humasflow.stories.models import Assignment, BulkRun, Story, StoryReader
from humasflow.stories.services.desk_views import RUNS_KEPT
from tests.factories import desk
from tests.factories.world import World
from tests.stories.test_lists import task
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def submitted(world: World, *, together: bool = True, **changes: Any) -> Story:
    story = desk.story(world, **changes)
    desk.post(world, story)
    package = approval_services.submit_package(story, actor=world.as_(world.editor))
    package.allows_bulk = together
    db.session.flush()
    return story


def pending(story: Story) -> Package:
    return approvals.list_packages_of(story.id)[0]


def shown(*stories: Story) -> dict[int, Shown]:
    return {s.id: Shown(pending(s).digest, pending(s).step) for s in stories}


def run(
    world: World, actor: Principal, action: BulkAction, ids: list[int], **more: Any
) -> dict[int, tuple[bool, str]]:
    run_id = bulk.run(BulkWish(action, ids, **more), world.office, actor=actor)
    return {
        line["story_id"]: (line["done"], line["said"]) for line in db.session.get_one(BulkRun, run_id).lines
    }


def audited(story: Story) -> list[str]:
    return [
        str(a)
        for a in db.session.scalars(
            select(AuditEntry.action).where(
                AuditEntry.subject_type == "story", AuditEntry.subject_id == story.id
            )
        )
    ]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_each_gets_its_own_answer_and_its_own_record(world: World, other_world: World) -> None:
    mine, gone = desk.story(world, title="satu"), desk.story(world, title="dua", state=StoryState.CANCELLED)
    theirs = desk.story(other_world)
    secret = desk.story(world)
    secret.is_confidential = True
    db.session.add(
        StoryReader(story_id=secret.id, user_id=world.other_editor.id, added_by=None, added_at=clock.now())
    )
    db.session.flush()
    ids = [mine.id, gone.id, theirs.id, secret.id, 999_999]
    lines = run(world, world.as_(world.editor), BulkAction.ASSIGN, ids, owner_id=world.other_editor.id)
    assert list(lines) == ids, "in the order of the selection"
    assert lines[mine.id] == (True, "Kini dipegang Redaktur Dua.")
    assert not lines[gone.id][0]
    assert lines[theirs.id] == lines[secret.id] == lines[999_999], "what one may not see is not there"
    assert mine.owner_id == world.other_editor.id
    assert (secret.owner_id, theirs.owner_id) == (world.editor.id, other_world.editor.id)
    assert audited(mine).count("stories.story.assigned") == 1
    assert "stories.story.assigned" not in audited(gone)
    again = run(world, world.as_(world.editor), BulkAction.ASSIGN, [mine.id], owner_id=world.other_editor.id)
    assert again[mine.id] == (True, "Sudah dipegang Redaktur Dua.")
    assert audited(mine).count("stories.story.assigned") == 1


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_pillar_due_date_and_parking(world: World) -> None:
    editor = world.as_(world.editor)
    with_task, without = desk.story(world), desk.story(world)
    task(world, with_task, due_in=timedelta(days=1))
    due = clock.now() + timedelta(days=5)
    lines = run(world, editor, BulkAction.DUE, [with_task.id, without.id], due_at=due)
    assert lines[with_task.id] == (True, "Tenggat diatur untuk 1 tugas.")
    assert not lines[without.id][0]
    assert "penugasan" in lines[without.id][1]
    past = run(world, editor, BulkAction.DUE, [with_task.id], due_at=clock.now() - timedelta(hours=1))
    assert not past[with_task.id][0]

    out = desk.story(world, state=StoryState.PUBLISHED)
    lines = run(world, editor, BulkAction.PILLAR, [with_task.id, out.id], pillar_id=None)
    assert lines[with_task.id] == (True, "Pilar diubah.")
    assert with_task.pillar_id is None
    assert not lines[out.id][0]
    assert out.pillar_id == world.pillar.id

    lines = run(world, editor, BulkAction.PARK, [with_task.id, out.id])
    assert lines[with_task.id][0]
    assert with_task.state is StoryState.ON_HOLD
    assert not lines[out.id][0]
    assert run(world, editor, BulkAction.PARK, [with_task.id])[with_task.id] == (True, "Sudah ditunda.")
    nobody = run(world, world.as_(world.approver), BulkAction.PARK, [without.id])
    assert not nobody[without.id][0]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_approving_is_bound_to_what_was_shown_and_to_the_policy(world: World) -> None:
    fine, changed, alone, unseen = (submitted(world, title=t) for t in ("a", "b", "c", "d"))
    pending(alone).allows_bulk = False
    db.session.flush()
    approver = world.as_(world.approver)
    what = shown(fine, alone) | {changed.id: Shown("0" * 64, 1)}
    ids = [fine.id, changed.id, alone.id, unseen.id]
    lines = run(world, approver, BulkAction.APPROVE, ids, shown=what)
    assert lines[fine.id] == (True, "Disetujui.")
    assert fine.state is StoryState.APPROVED
    assert [lines[i][0] for i in ids] == [True, False, False, False]
    assert "berubah" in lines[changed.id][1]
    assert "tersendiri" in lines[alone.id][1]
    assert {s.state for s in (changed, alone, unseen)} == {StoryState.IN_REVIEW}
    own = run(world, world.as_(world.editor), BulkAction.APPROVE, [unseen.id], shown=shown(unseen))
    assert not own[unseen.id][0], "four eyes"
    again = run(world, approver, BulkAction.APPROVE, [fine.id], shown=what)
    assert not again[fine.id][0]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_sending_back_gives_the_reason_to_each(world: World) -> None:
    first, second = submitted(world), submitted(world, together=False)
    draft = desk.story(world)
    lines = run(
        world, world.as_(world.approver), BulkAction.SEND_BACK, [first.id, second.id, draft.id],
        shown=shown(first, second), reason="Sebut narasumbernya.",
    )  # fmt: skip
    assert [lines[s.id][0] for s in (first, second, draft)] == [True, True, False]
    assert first.last_reason == second.last_reason == "Sebut narasumbernya."
    assert (first.returns, draft.returns) == (1, 0)


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_old_answers_are_let_go(world: World) -> None:
    story = desk.story(world)
    for _n in range(RUNS_KEPT + 3):
        run(world, world.as_(world.editor), BulkAction.PARK, [story.id])
    assert len(db.session.scalars(select(BulkRun.id)).all()) == RUNS_KEPT


def test_from_the_selection_to_the_answer(world: World, browser_of: BrowserOf) -> None:
    one, two = (
        desk.story(world, title="Pertama"),
        desk.story(world, title="Kedua", state=StoryState.PUBLISHED),
    )
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(
        f"/naskah/massal?tindakan=tunda&id={one.id}&id={two.id}&kembali=/naskah/?tampilan=daftar"
    )
    assert "2 naskah dipilih." in page.main
    form = page.form("/naskah/massal")
    data = {**form, "id": [str(one.id), str(two.id)]}
    done = browser.post("/naskah/massal", data)
    again = browser.post("/naskah/massal", data)
    assert again.location == done.location, "a double click leads to the same answer"
    answer = browser.follow(done)
    assert "1 dari 2 naskah selesai." in answer.main
    lines = answer.soup.select("[data-results] li")
    assert len(lines) == 2
    assert [li["data-done"] for li in lines] == ["tidak", "ya"], "what needs a look comes first"
    assert answer.soup.select_one('a[href="/naskah/?tampilan=daftar"]')
    assert one.state is StoryState.ON_HOLD
    browser_of(world.other_editor).get(done.location, status=404)


def test_what_is_missing_is_asked_for_and_nothing_is_done(world: World, browser_of: BrowserOf) -> None:
    story = submitted(world)
    db.session.commit()
    browser = browser_of(world.approver)
    page = browser.get(f"/naskah/massal?tindakan=kembalikan&id={story.id}")
    form = page.form("/naskah/massal") | {"id": str(story.id)}
    assert len(form[f"digest-{story.id}"]) == 64
    refused = browser.post("/naskah/massal", form | {"reason": " "}, status=422)
    assert "Tuliskan alasannya" in refused.main
    assert story.state is StoryState.IN_REVIEW
    done = browser.post("/naskah/massal", form | {"reason": "Perbaiki teras"})
    assert "Dikembalikan dengan alasan Anda." in browser.follow(done).main


def test_approving_shows_the_whole_text_before(world: World, browser_of: BrowserOf) -> None:
    photo = desk.asset(world)
    chosen = desk.picture(photo, credit="Foto Warga", alt_text="Antrean di loket", caption="Loket pagi ini")
    mine = desk.story(
        world, title="Boleh bersama", body_html="<p>Isi yang dibaca.</p>", lead="Teras yang dibaca.",
        kicker="Kepala judul", contact="0361 123456", dateline="Denpasar, 3 November", pictures=(chosen,),
    )  # fmt: skip
    picture = PostPictureContent(photo.id, "Alt publikasi", "Kredit publikasi")
    desk.post(world, mine, link="https://kantor.example/berita", pictures=(picture,))
    package = approval_services.submit_package(mine, actor=world.as_(world.editor))
    package.allows_bulk = True
    alone = submitted(world, title="Harus sendiri", together=False)
    draft = desk.story(world, title="Masih draf")
    db.session.commit()
    browser = browser_of(world.approver)
    ids = "&".join(f"id={s.id}" for s in (mine, alone, draft))
    page = browser.get(f"/naskah/massal?tindakan=setujui&{ids}")
    for bound in (
        "Isi yang dibaca.", "Teras yang dibaca.", "Kepala judul", "0361 123456", "Denpasar, 3 November", "Foto Warga",
        "Loket pagi ini", "https://kantor.example/berita", "Sosialisasi aset.", "Alt publikasi", "Kredit publikasi",
        "Satuan kerja memahami tata cara sewa",
    ):  # fmt: skip
        assert bound in page.main, bound
    assert page.soup.select('img[alt="Antrean di loket"]')
    assert "2 tidak dapat ikut." in page.main
    assert len(page.soup.select('input[name="id"]')) == 1
    form = page.form("/naskah/massal") | {"id": str(mine.id)}
    answer = browser.follow(browser.post("/naskah/massal", form))
    assert "1 dari 1 naskah selesai." in answer.main


def test_pictures_in_the_text_are_shown_where_they_stand(world: World, browser_of: BrowserOf) -> None:
    photo = desk.asset(world)
    body = f'<p>Sebelum.</p><figure data-asset="{photo.id}"></figure><p>Sesudah.</p>'
    story = submitted(world, body_html=body, pictures=(desk.picture(photo),))
    db.session.commit()
    page = browser_of(world.approver).get(f"/naskah/massal?tindakan=setujui&id={story.id}")
    assert "[Gambar" not in page.main
    assert page.soup.select("details .prose img")


def test_what_changed_since_it_was_submitted_is_not_offered(world: World, browser_of: BrowserOf) -> None:
    story = submitted(world)
    story.current_version_id = desk.story(world).current_version_id
    db.session.commit()
    page = browser_of(world.approver).get(f"/naskah/massal?tindakan=setujui&id={story.id}")
    assert "Isi sudah berubah sejak diajukan" in page.main
    assert not page.soup.select('input[name="id"]')


@pytest.mark.parametrize("action", ["setujui", "kembalikan", "tenggat"])
def test_reading_three_costs_as_much_as_reading_one(
    world: World, browser_of: BrowserOf, statements: Any, action: str
) -> None:
    made = []
    for _n in range(3):
        story = desk.story(world, pictures=(desk.picture(desk.asset(world)),))
        desk.post(world, story)
        desk.post(world, story, "x")
        approval_services.submit_package(story, actor=world.as_(world.editor)).allows_bulk = True
        made.append(story.id)
    db.session.commit()
    browser = browser_of(world.approver)
    browser.get("/")
    counts = []
    for some in (made[:1], made):
        statements.reset()
        page = browser.get(f"/naskah/massal?tindakan={action}&" + "&".join(f"id={i}" for i in some))
        counts.append(len(statements))
        assert len(page.soup.select('input[name="id"]')) == len(some)
    assert counts[0] == counts[1]


def test_no_more_are_decided_than_can_be_read(world: World, browser_of: BrowserOf) -> None:
    ids = "&".join(f"id={n}" for n in range(1, bulk.MAX_READ + 2))
    browser = browser_of(world.approver)
    page = browser.get(f"/naskah/massal?tindakan=setujui&{ids}", status=422)
    assert "Paling banyak 25" in page.text
    browser_of(world.editor).get(f"/naskah/massal?tindakan=tunda&{ids}")


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_every_story_is_locked_before_the_first_is_changed(world: World, statements: Any) -> None:
    """The first change takes the end of the office's record, for which whoever holds a later story waits."""
    made = [submitted(world) for _n in range(3)]
    seen = shown(*made)
    statements.reset()
    run(world, world.as_(world.approver), BulkAction.APPROVE, [s.id for s in reversed(made)], shown=seen)
    writes = [n for n, s in enumerate(statements.statements) if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    locks = [
        n
        for n, s in enumerate(statements.statements)
        if s.startswith("SELECT story.id") and "ORDER BY story.id" in s
    ]
    assert locks
    assert locks[0] < writes[0]
    if db.engine.dialect.name == "postgresql":
        assert "FOR UPDATE" in statements.statements[locks[0]]


def test_without_a_day_the_deadlines_are_taken_away(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    task(world, story, due_in=timedelta(days=1))
    db.session.commit()
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/massal?tindakan=tenggat&id={story.id}").form("/naskah/massal")
    assert form["clock"] == "16:00"
    hourless = form | {"id": str(story.id), "day": "2099-01-02", "clock": ""}
    assert "Tulis jamnya." in browser.post("/naskah/massal", hourless, status=422).main
    answer = browser.follow(browser.post("/naskah/massal", form | {"id": str(story.id), "day": ""}))
    assert "Tenggat dilepas." in answer.main
    assert db.session.scalars(select(Assignment.due_at)).all() == [None]


def test_limits_and_strangers(world: World, other_world: World, browser_of: BrowserOf) -> None:
    theirs = desk.story(other_world, title="Rahasia kantor lain", commit=True)
    browser = browser_of(world.editor)
    browser.get("/naskah/massal?tindakan=entah", status=404)
    browser.get("/naskah/massal?tindakan=tunda&" + "&".join(f"id={n}" for n in range(1, 203)), status=422)
    browser.post("/naskah/massal", {"tindakan": "tunda", "id": [str(n) for n in range(1, 203)]}, status=422)
    assert "Belum ada yang dipilih" in browser.get("/naskah/massal?tindakan=tunda&id=abc").main
    assert "Rahasia" not in browser.get(f"/naskah/massal?tindakan=tunda&id={theirs.id}").main
    browser_of(world.contributor).get("/naskah/massal?tindakan=tunda", status=403)
    outside = browser.get("/naskah/massal?tindakan=tunda&kembali=https://jahat.example/naskah/")
    assert "jahat" not in outside.html
