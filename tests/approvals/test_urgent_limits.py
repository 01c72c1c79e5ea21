"""Urgent releases where the chain asks nobody who could clear them, and where an embargo stands."""

from collections.abc import Callable
from typing import Any

import pytest

from humasflow.approvals import services
from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.enums import StepScope, UrgentState
from humasflow.approvals.models import UrgentRelease
from humasflow.approvals.policy import may_clear
from humasflow.approvals.services import StepContent
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.stories.models import Story
from humasflow.stories.services import set_embargo
from tests.approvals.desk import Desk, step
from tests.approvals.guests import asks, guest_of
from tests.publishing.desk import hours
from tests.support.page import Browser

pytestmark = pytest.mark.db

REASON = "Peringatan dini banjir harus keluar sebelum pukul sembilan malam ini."


def release(desk: Desk, story: Story) -> UrgentRelease:
    return services.release_urgently(
        story, actor=desk.editor, digest=content_to_submit(story).digest, reason=REASON
    )


def told() -> set[int]:
    return {n.user_id for n in db.session.query(Notification).filter_by(kind=NoticeKind.URGENT_RELEASED)}


def test_where_only_a_guest_is_asked_the_offices_approvers_clear_it(desk: Desk) -> None:
    desk.chain(StepContent("Kanwil", [asks(guest_of(desk))]))
    made = release(desk, desk.ready("web"))
    assert may_clear(made) == {desk.world.approver.id, desk.world.section_approver.id} == told()
    services.clear_urgent(made, actor=desk.approver, digest=made.package.digest)
    assert made.state is UrgentState.CLEARED
    assert made.cleared_as == "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"


def test_where_who_is_named_has_no_role_any_more_the_offices_approvers_clear_it(desk: Desk) -> None:
    named = desk.person("Dahulu Penyetuju", Role.CONTRIBUTOR)
    desk.chain(step("Kepala Kantor", StepScope.PERSON, desk.world.approver.id))
    story = desk.ready("web")
    made = release(desk, story)
    assert may_clear(made) == {desk.world.approver.id}, "whoever is asked is enough"
    for seat in made.package.seats:
        seat.user_id = named.id
    db.session.flush()
    assert named.id not in may_clear(made)
    services.clear_urgent(made, actor=desk.as_(desk.world.section_approver), digest=made.package.digest)
    assert made.cleared_as.endswith(", Penyetuju Seksi")


def test_who_had_a_hand_in_it_does_not_clear_it_there_either(desk: Desk) -> None:
    desk.chain(StepContent("Kanwil", [asks(guest_of(desk))]))
    story = desk.ready("web")
    digest = content_to_submit(story).digest
    made = services.release_urgently(story, actor=desk.editor, digest=digest, reason=REASON)
    assert desk.world.editor.id not in may_clear(made)


def test_an_embargo_holds_and_nothing_is_lost(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    story = desk.ready("web", "facebook")
    until = clock.now() + hours(5)
    set_embargo(story, actor=desk.editor, until=until)
    db.session.commit()
    editor, url = browser_of(desk.world.editor), f"/naskah/{story.id}/terbitkan-mendesak"
    page = editor.get(url)
    assert "embargonya tetap berlaku" in page.main
    editor.post(url, {**page.form("terbitkan-mendesak"), "reason": REASON, "at_once": "y"})
    db.session.expire_all()
    assert {p.scheduled_at for p in posts.list_posts_of(story.id)} == {until}
    assert db.session.query(UrgentRelease).one().reason == REASON


def test_a_planned_time_within_the_embargo_stays(desk: Desk) -> None:
    story = desk.ready("web")
    web = posts.list_posts_of(story.id)[0]
    planned = clock.now() + hours(1)
    post_services.schedule_post(web, actor=desk.editor, due_at=planned)
    set_embargo(story, actor=desk.editor, until=clock.now() + hours(5))
    release(desk, story)
    assert web.scheduled_at == planned, "it waits for the end of the embargo by itself"


def test_a_refusal_halfway_shows_the_page_with_the_reason(
    desk: Desk, browser_of: Callable[[Any], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_given: Any, **_named: Any) -> None:
        raise UserError("Waktunya tidak dapat dipakai.")

    story = desk.ready("web")
    db.session.commit()
    editor, url = browser_of(desk.world.editor), f"/naskah/{story.id}/terbitkan-mendesak"
    form = editor.get(url).form("terbitkan-mendesak") | {"reason": REASON, "at_once": "y"}
    monkeypatch.setattr(post_services, "schedule_post", stop)
    page = editor.post(url, form, status=422)
    assert "Waktunya tidak dapat dipakai." in page.main
    assert REASON in page.main
    assert db.session.query(UrgentRelease).count() == 0
