"""Going out unapproved because it is urgent: with a reason, flagged everywhere, cleared by another person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.enums import Acting
from humasflow.accounts.services import people
from humasflow.approvals import queries, services
from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.enums import PackageState, StepScope, UrgentState
from humasflow.approvals.models import Package, UrgentRelease
from humasflow.approvals.services.urgent import ReasonTooShort
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused
from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.outbox import runner
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story
from tests.approvals.desk import Desk, step
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db

REASON = "Peringatan dini banjir harus keluar sebelum pukul sembilan malam ini."


def release(
    desk: Desk, story: Story, *, by: Any = None, reason: str = REASON, at_once: bool = True
) -> UrgentRelease:
    pending = db.session.query(Package).filter_by(story_id=story.id, state=PackageState.PENDING).one_or_none()
    digest = pending.digest if pending else content_to_submit(story).digest
    return services.release_urgently(
        story, actor=by or desk.editor, digest=digest, reason=reason, at_once=at_once
    )


def codes(error: Refused) -> set[str]:
    return {r.code for r in error.reasons}


def notices(kind: NoticeKind) -> set[int]:
    return {n.user_id for n in db.session.query(Notification).filter_by(kind=kind)}


def live(story: Story) -> list[str]:
    delivered = publishing.latest_delivery_of(p.id for p in posts.list_posts_of(story.id))
    return sorted(d.account.name for d in delivered.values() if d.state is DeliveryState.PUBLISHED)


def test_a_draft_goes_out_at_once_and_stays_flagged(desk: Desk) -> None:
    story = desk.ready("web")
    made = release(desk, story)
    assert (made.package.state, story.state) == (PackageState.RELEASED, StoryState.APPROVED)
    approval = queries.approval_of([posts.list_posts_of(story.id)[0].id])[posts.list_posts_of(story.id)[0].id]
    assert (approval.approved, approval.urgent) == (True, True)
    db.session.commit()
    runner.run_due()
    runner.run_due()
    assert live(story) == ["Situs berita"]
    assert db.session.get_one(Story, story.id).state is StoryState.PUBLISHED
    assert queries.urgent_flags([story.id, 999]) == {story.id}
    assert notices(NoticeKind.URGENT_RELEASED) == {desk.world.approver.id}
    actions = [e.action for e in audit.list_timeline(("story", story.id))]
    assert AuditAction.PACKAGE_RELEASED in actions
    assert AuditAction.PACKAGE_APPROVED not in actions
    assert AuditAction.STORY_APPROVED not in actions


def test_what_waits_for_approval_goes_out_without_it(desk: Desk) -> None:
    desk.chain(step("Satu", StepScope.OFFICE), step("Dua", StepScope.OFFICE))
    story = desk.ready("web")
    package = desk.submit(story)
    desk.approve(package)
    made = release(desk, story)
    assert made.package_id == package.id
    assert (package.state, story.state) == (PackageState.RELEASED, StoryState.APPROVED)
    assert queries.count_waiting_for(desk.approver) == 0
    with pytest.raises(Conflict, match="diterbitkan karena mendesak"):
        desk.approve(package)


def test_the_lead_may_and_others_may_not(desk: Desk, other_world: World) -> None:
    story = desk.ready("web")
    for user in (desk.world.approver, desk.world.admin):
        with pytest.raises(Refused) as refused:
            release(desk, story, by=desk.as_(user))
        assert codes(refused.value) == {"permission"}
    for actor in (desk.as_(desk.world.contributor), other_world.as_(other_world.editor)):
        with pytest.raises((NotAllowed, NotFound)):
            release(desk, story, by=actor)
    release(desk, story, by=desk.as_(desk.world.lead))
    assert story.state is StoryState.APPROVED
    assert posts.list_posts_of(story.id)[0].scheduled_at is None, "the lead may not schedule; an editor does"


@pytest.mark.parametrize("reason", ["", "   ", "mendesak sekali", "x" + " " * 30 + "y"])
def test_a_reason_has_to_say_something(desk: Desk, reason: str) -> None:
    story = desk.ready("web")
    with pytest.raises(ReasonTooShort):
        release(desk, story, reason=reason)
    assert story.state is StoryState.DRAFT


def test_urgency_overrides_people_not_the_channels_rules(desk: Desk) -> None:
    story = desk.ready("x")
    desk.edit_post(posts.list_posts_of(story.id)[0], "terlalu panjang " * 40)
    with pytest.raises(Refused):
        release(desk, story)
    assert queries.urgent_flags([story.id]) == set()


def test_only_what_was_shown_goes_out(desk: Desk) -> None:
    story = desk.ready("web")
    digest = content_to_submit(story).digest
    desk.edit(story, title="Judul yang lain")
    with pytest.raises(Conflict):
        services.release_urgently(story, actor=desk.editor, digest=digest, reason=REASON)


def test_without_steps_there_is_nothing_to_skip(desk: Desk) -> None:
    desk.chain()
    with pytest.raises(Refused) as refused:
        release(desk, desk.ready("web"))
    assert codes(refused.value) == {"no_steps"}


def test_planned_times_stay_where_the_person_says_so(desk: Desk) -> None:
    story = desk.ready("web", "facebook")
    web, facebook = posts.list_posts_of(story.id)
    later = clock.now() + timedelta(days=2)
    post_services.schedule_post(facebook, actor=desk.editor, due_at=later)
    release(desk, story, at_once=False)
    assert (web.scheduled_at, facebook.scheduled_at) == (None, later)


# Afterwards


def test_another_person_who_could_have_approved_clears_it(desk: Desk) -> None:
    story = desk.ready("web")
    made = release(desk, story)
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert (made.state, made.package.state) == (UrgentState.CLEARED, PackageState.APPROVED)
    assert made.cleared_as == "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"
    assert queries.urgent_flags([story.id]) == set()
    assert not queries.approval_of([p.id for p in posts.list_posts_of(story.id)])[
        posts.list_posts_of(story.id)[0].id
    ].urgent
    assert notices(NoticeKind.URGENT_CLEARED) == {desk.world.editor.id}
    last = queries.last_approved_package(story.id)
    assert last is not None
    assert last.id == made.package_id
    with pytest.raises(Refused, match="sudah ditutup"):
        services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)


@pytest.mark.parametrize("four_eyes", [True, False])
def test_who_had_a_hand_in_it_never_clears_it(desk: Desk, four_eyes: bool) -> None:
    """Also where the office turned four eyes off: released, submitted, edited, or wrote an earlier version."""
    desk.world.office.four_eyes = four_eyes
    for user in (desk.world.editor, desk.world.other_editor):
        people.grant_role(user, desk.world.office, Role.APPROVER, actor=None, position_title="Kasi")
    story = desk.ready("web", "facebook")
    desk.edit_post(posts.list_posts_of(story.id)[1], "Teks dari redaktur dua", by=desk.other_editor)
    desk.edit_post(posts.list_posts_of(story.id)[1], "Teks lagi")
    made = release(desk, story, by=desk.as_(desk.world.lead))
    for actor in (desk.editor, desk.other_editor, desk.as_(desk.world.lead)):
        with pytest.raises(Refused) as refused:
            services.clear_urgent(made, actor=actor, digest=made.package.digest)
        assert codes(refused.value) <= {"own", "not_asked"}
    assert made.state is UrgentState.OPEN
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert made.state is UrgentState.CLEARED


def test_who_could_not_have_approved_does_not_clear_it(desk: Desk) -> None:
    made = release(desk, desk.ready("web"))
    for user in (desk.world.section_approver, desk.world.admin):
        with pytest.raises(Refused) as refused:
            services.clear_urgent(made, actor=desk.as_(user), digest=made.package.digest)
        assert codes(refused.value) == {"not_asked"}


def test_an_acting_head_clears_in_that_capacity(desk: Desk) -> None:
    head = desk.second_approver()
    desk.chain(step("Kepala Kantor", StepScope.PERSON, head.id))
    acting = desk.person("Pengganti", acting=Acting.PLH, position_title="Kepala Kantor")
    made = release(desk, desk.ready("web"))
    services.clear_urgent(made, actor=desk.as_(acting), digest=made.package.digest)
    assert made.cleared_as == "Plh. Kepala Kantor, Pengganti"


def test_the_database_itself_refuses_clearing_by_who_released(desk: Desk) -> None:
    made = release(desk, desk.ready("web"))
    made.cleared_by = made.released_by
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.flush()
    db.session.rollback()


def test_an_objection_keeps_the_flag_and_asks_to_take_it_down(desk: Desk) -> None:
    story = desk.ready("web")
    made = release(desk, story)
    services.object_to_urgent(
        made, actor=desk.approver, digest=made.package.digest, reason="Datanya belum sah."
    )
    assert (made.state, made.package.state) == (UrgentState.OBJECTED, PackageState.RELEASED)
    assert queries.urgent_flags([story.id]) == {story.id}
    assert notices(NoticeKind.URGENT_OBJECTED) == {desk.world.editor.id, desk.world.other_editor.id}
    with pytest.raises(Refused, match="Keberatan sudah dinyatakan"):
        services.object_to_urgent(
            made, actor=desk.as_(desk.second_approver()), digest=made.package.digest, reason="X"
        )
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert queries.urgent_flags([story.id]) == set()


def test_taking_it_down_closes_the_flag_and_the_record_stays(desk: Desk) -> None:
    story = desk.ready("web")
    made = release(desk, story)
    move_story(story, StoryMove.PUBLISH, actor=None)
    move_story(story, StoryMove.WITHDRAW, actor=desk.editor, reason="Keberatan penyetuju")
    assert made.state is UrgentState.WITHDRAWN
    assert queries.urgent_flags([story.id]) == set()
    assert [r.reason for r in queries.list_releases_of(story.id)] == [REASON]


def test_an_edit_ends_what_was_released_and_not_the_flag(desk: Desk) -> None:
    story = desk.ready("web")
    made = release(desk, story, at_once=False)
    desk.edit(story, title="Judul yang lain")
    assert (made.package.state, story.state) == (PackageState.VOIDED, StoryState.DRAFT)
    assert queries.urgent_flags([story.id]) == {story.id}
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert made.package.state is PackageState.VOIDED, "what is agreed to afterwards is not what stands now"
    post = posts.list_posts_of(story.id)[0]
    assert not queries.approval_of([post.id])[post.id].approved


def test_accounts_do_not_follow_what_nobody_agreed_to(desk: Desk) -> None:
    desk.world.x.follows_story_approval = True
    story = desk.ready("web")
    made = release(desk, story)
    late = desk.post(story, "x", "Menyusul")
    assert not queries.approval_of([late.id])[late.id].approved
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert queries.approval_of([late.id])[late.id].approved


# Pages


def test_from_the_draft_to_the_clearing_in_the_browser(
    desk: Desk, browser_of: Callable[[Any], Browser]
) -> None:
    story = desk.ready("web")
    db.session.commit()
    editor, approver = browser_of(desk.world.editor), browser_of(desk.world.approver)
    assert "Terbitkan tanpa persetujuan…" in editor.get(f"/naskah/{story.id}/ajukan").main
    url = f"/naskah/{story.id}/terbitkan-mendesak"
    page = editor.get(url)
    for words in ("Akibatnya", "mendesak, belum disahkan", "Sosialisasi pemanfaatan aset"):
        assert words in page.main
    form = page.form("terbitkan-mendesak")
    page = editor.post(url, {**form, "reason": "mendesak"}, status=422)
    assert "sedikitnya 20 karakter" in page.main
    editor.post(url, {**page.form("terbitkan-mendesak"), "reason": REASON, "at_once": "y"})
    made = db.session.query(UrgentRelease).one()
    page = approver.get("/persetujuan/")
    assert "Perlu disahkan sesudah tayang" in page.main
    assert REASON in page.main
    assert "Dapat disahkan Penyetuju Kantor" in editor.get("/persetujuan/").main
    page = approver.get(f"/persetujuan/{made.package_id}")
    assert "Diterbitkan tanpa persetujuan oleh Pranata Humas, Redaktur Satu" in page.main
    own = editor.get(f"/persetujuan/{made.package_id}")
    assert "Anda ikut menulis, mengajukan, atau menerbitkan ini" in own.main
    assert not own.soup.select(".sticky-actions")
    blank = approver.post(
        f"/persetujuan/{made.package_id}/keberatan", {**page.form("keberatan"), "reason": " "}, status=422
    )
    assert "Tuliskan keberatan Anda" in blank.main
    approver.post(f"/persetujuan/{made.package_id}/sahkan", page.form("sahkan"))
    assert db.session.get_one(UrgentRelease, made.id).state is UrgentState.CLEARED
    assert "disahkan sesudahnya" in approver.get(f"/persetujuan/{made.package_id}").main
    assert "Perlu disahkan" not in approver.get("/persetujuan/").main


def test_the_flag_is_on_the_storys_page_and_on_its_publications(
    desk: Desk, browser_of: Callable[[Any], Browser]
) -> None:
    story = desk.ready("web")
    release(desk, story)
    db.session.commit()
    post = posts.list_posts_of(story.id)[0]
    editor = browser_of(desk.world.editor)
    for url in (f"/naskah/{story.id}", f"/publikasi/{post.id}"):
        page = editor.get(url)
        assert "Mendesak, belum disahkan" in page.main, url
        assert REASON in page.main, url
    assert "mendesak, belum disahkan" in editor.get("/publikasi/").main
    db.session.commit()
    runner.run_due()
    runner.run_due()
    assert "mendesak, belum disahkan" in editor.get("/publikasi/").main.split("Sudah tayang")[1]


def test_what_was_not_released_has_nothing_to_clear(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    package = desk.submit(desk.ready("web"))
    db.session.commit()
    browser = browser_of(desk.world.approver)
    for act in ("sahkan", "keberatan"):
        browser.post(
            f"/persetujuan/{package.id}/{act}", {"digest": package.digest, "reason": "x"}, status=404
        )
        assert browser.client.get(f"/persetujuan/{package.id}/{act}").status_code == 405


def test_flags_cost_one_statement_and_the_inbox_the_same_for_one_and_three(
    desk: Desk, statements: Any
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            release(desk, desk.ready("web", "facebook"))
        db.session.commit()
        actor = desk.approver
        desk.world.office.id  # noqa: B018 (loaded again after the commit, outside the count)
        statements.reset()
        rows = queries.list_flagged(actor)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert len(rows) == 3
    statements.reset()
    queries.urgent_flags([r.story_id for r in rows])
    assert len(statements) == 1
