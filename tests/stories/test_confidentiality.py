"""Who is named, who may name, and what follows."""

import pytest

from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import MailMessage, Notification
from humasflow.notifications.services import notify
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryState
from humasflow.stories.visibility import is_closed, is_visible
from tests.factories import desk
from tests.factories.world import World
from tests.guards.things import mail_of

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


def test_what_others_were_told_before_is_taken_back(world: World) -> None:
    story = desk.story(world, title="Rencana mutasi pejabat")
    for person in (world.approver, world.lead):
        notify(
            [person], NoticeKind.REVIEW_WANTED, office_id=world.office.id, subject=("story", story.id), key="uji",
            title=story.title, story_id=story.id,
        )  # fmt: skip
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.approver.id])
    told = {n.user_id: n for n in db.session.query(Notification).filter_by(key="uji")}
    assert told[world.approver.id].params["title"] == "Rencana mutasi pejabat"
    assert told[world.lead.id].params["title"] == "…"
    assert told[world.lead.id].read_at is not None
