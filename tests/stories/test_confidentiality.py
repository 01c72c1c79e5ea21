"""Who is named, who may name, and what follows."""

import pytest
from sqlalchemy import select

from humasflow.approvals.services import submit_package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.links import _TARGETS as SUBJECTS
from humasflow.notifications.models import MailMessage, Notification
from humasflow.notifications.services import notify
from humasflow.orgs.models import Unit
from humasflow.stories import queries, services
from humasflow.stories.enums import HandoverKind, StoryState
from humasflow.stories.models import Story, StoryHandover
from humasflow.stories.visibility import is_closed, is_visible
from tests.factories import desk
from tests.factories.world import World
from tests.guards.things import mail_of
from tests.stories.tasks import task

pytestmark = pytest.mark.db


def test_the_holder_and_who_names_are_always_among_the_readers(world: World) -> None:
    story = desk.story(world)
    services.make_confidential(story, actor=world.as_(world.other_editor), reader_ids=[world.lead.id])
    named = {u.id for u in queries.list_readers(story.id)}
    assert named == {world.other_editor.id, world.lead.id, world.editor.id}
    assert is_visible(world.lead.id, story)
    assert not is_visible(world.admin.id, story)


def test_repeating_changes_nothing_and_the_list_can_be_set_anew(world: World) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    services.make_confidential(story, actor=editor, reader_ids=[world.lead.id])
    services.make_confidential(story, actor=editor, reader_ids=[world.lead.id])
    services.make_confidential(story, actor=editor, reader_ids=[])
    assert [u.id for u in queries.list_readers(story.id)] == [world.editor.id]
    services.make_open(story, actor=editor)
    services.make_open(story, actor=editor)
    assert not is_closed(story)
    assert queries.list_readers(story.id) == []


def test_only_an_editor_who_is_named_decides_and_only_about_colleagues(
    world: World, other_world: World
) -> None:
    story = desk.story(world)
    with pytest.raises(Refused):
        services.make_confidential(story, actor=world.as_(world.approver), reader_ids=[])
    with pytest.raises(NotFound):
        services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[other_world.editor.id])
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    with pytest.raises(Refused) as refused:
        services.make_open(story, actor=world.as_(world.other_editor))
    assert [r.code for r in refused.value.reasons] == ["not_named"]
    with pytest.raises(NotFound):
        queries.get_story(world.as_(world.other_editor), story.id)


def test_once_published_it_is_a_story_like_any_other(world: World) -> None:
    story = desk.story(world)
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    story.state = StoryState.PUBLISHED
    db.session.flush()
    assert queries.get_story(world.as_(world.other_editor), story.id) is story
    with pytest.raises(Refused):
        services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])


def test_only_the_named_are_told_and_mail_does_not_say_what_it_is_called(world: World) -> None:
    mail_of(world)
    story = desk.story(world, title="Rencana mutasi pejabat")
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.approver.id])
    told = notify(
        [world.approver, world.lead], NoticeKind.REVIEW_WANTED, office_id=world.office.id,
        subject=("story", story.id), key="uji", title=story.title, story_id=story.id,
    )  # fmt: skip
    assert told == [world.approver.id]
    assert db.session.query(Notification).filter_by(key="uji").count() == 1
    (mail,) = db.session.query(MailMessage).filter(MailMessage.user_id == world.approver.id).all()
    assert "mutasi" not in mail.subject + mail.text + mail.html
    assert "naskah rahasia" in mail.subject


def test_whoever_the_story_is_handed_to_is_named(world: World) -> None:
    story = desk.story(world)
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    services.assign_story(story, actor=world.as_(world.editor), owner_id=world.other_editor.id)
    assert is_visible(world.other_editor.id, story)


ABOUT_STORIES = ["assignment", "comment", "comment_thread", "handover", "package", "post", "story"]


def test_every_kind_of_subject_is_asked_about() -> None:
    others = {
        "pitch", "takedown", "campaign", "campaign_offer", "channel_account", "publications", "archive", "report",
        "report_schedule", "mail_settings", "import_batch", "backfill_run", "brief_day", "brief_week",
    }  # fmt: skip
    assert set(SUBJECTS) - others == set(ABOUT_STORIES), (
        "usulan, takedowns, campaigns, accounts, reports, archives and tables hang on no story; digests and briefs only count"
    )


@pytest.mark.parametrize("kind", ABOUT_STORIES)
def test_what_others_were_told_before_is_taken_back(world: World, in_request: None, kind: str) -> None:
    story = desk.story(world, title="Rencana mutasi pejabat")
    other = desk.story(world, title="Naskah lain")
    for about in (story, other):
        notify(
            [world.approver, world.lead], NoticeKind.REVIEW_WANTED, office_id=world.office.id, key=f"uji:{about.id}",
            subject=(kind, _subject(world, about, kind)), title=about.title, reason="Isi", story_id=about.id,
        )  # fmt: skip
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.approver.id])
    told = {
        (n.key, n.user_id): n for n in db.session.query(Notification).filter(Notification.key.like("uji:%"))
    }
    assert told[f"uji:{story.id}", world.approver.id].params["title"] == "Rencana mutasi pejabat"
    taken = told[f"uji:{story.id}", world.lead.id]
    assert taken.params == {"title": "…", "actor": "", "reason": "…"}
    assert taken.read_at is not None
    assert told[f"uji:{other.id}", world.lead.id].params["title"] == "Naskah lain"


def _subject(world: World, story: Story, kind: str) -> int:
    """Something of this kind that hangs on the story."""
    if kind == "assignment":
        return task(world, story).id
    if kind == "package":
        desk.post(world, story)
        return submit_package(story, actor=world.as_(world.editor)).id
    if kind == "post":
        return desk.post(world, story).id
    if kind.startswith("comment"):
        thread = services.begin_thread(story, actor=world.as_(world.editor), text="Mohon diperiksa.")
        return thread.comments[0].id if kind == "comment" else thread.id
    if kind == "handover":
        other = db.session.scalars(
            select(Unit).where(Unit.parent_id.is_(None), Unit.id != story.office_id)
        ).one()
        given = StoryHandover(
            kind=HandoverKind.PUSH_DOWN, from_office_id=story.office_id, to_office_id=other.id, story_id=story.id,
            version_id=story.current_version_id, offered_at=clock.now(),
        )  # fmt: skip
        db.session.add(given)
        db.session.flush()
        return given.id
    return story.id
