"""A post is made once for each account, written in versions, timed, and taken away only if it never went out."""

from datetime import timedelta

import pytest

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.posts import queries, services
from humasflow.posts.enums import PostChange
from humasflow.posts.events import (
    PostLockAsked,
    PostRemoved,
    PostScheduled,
    PostUnscheduled,
    PostVersionSaved,
)
from humasflow.posts.services import PostContent, PostExists, PostPictureContent
from humasflow.stories.enums import StoryState
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def told() -> list[object]:
    """What posts told higher rooms."""
    heard: list[object] = []
    events.bind([(t, heard.append) for t in (PostVersionSaved, PostScheduled, PostUnscheduled, PostRemoved)])
    return heard


def test_a_post_is_made_with_its_first_version(world: World, told: list[object]) -> None:
    story = desk.story(world)
    made = desk.asset(world)
    post = desk.post(
        world, story, pictures=(PostPictureContent(made.id, "Peserta", "Dok."),), link=" https://a.go.id "
    )
    version = queries.get_current_version(post)
    assert (version.number, version.text, version.link) == (1, "Sosialisasi aset. #BMN", "https://a.go.id")
    assert [(p.asset_id, p.alt_text) for p in version.pictures] == [(made.id, "Peserta")]
    assert told == [PostVersionSaved(post.id, version.id, world.editor.id)]
    assert audit.list_timeline(("story", story.id))[0].action is AuditAction.POST_CREATED


def test_one_post_for_a_story_and_account(world: World) -> None:
    story = desk.story(world)
    first = desk.post(world, story)
    with pytest.raises(PostExists, match="sudah punya publikasi di Facebook Kantor"):
        desk.post(world, story)
    services.remove_post(first, actor=world.as_(world.editor))
    assert desk.post(world, story).id != first.id
    assert desk.post(world, desk.story(world)).story_id != story.id


def test_a_version_never_changes_and_the_same_content_makes_none(world: World, told: list[object]) -> None:
    post = desk.post(world, desk.story(world))
    first = queries.get_current_version(post)
    digest = first.digest
    editor = world.as_(world.editor)
    assert (
        services.save_post_version(post, actor=editor, content=PostContent("Sosialisasi aset. #BMN\r\n"))
        is None
    )
    saved = services.save_post_version(post, actor=editor, content=PostContent("Baris satu\r\nBaris dua"))
    assert saved is not None
    assert (saved.number, saved.text) == (2, "Baris satu\nBaris dua")
    db.session.expire_all()
    assert (first.text, first.digest) == ("Sosialisasi aset. #BMN", digest)
    assert saved.digest != digest
    assert len(told) == 2


def test_too_long_for_the_channel_can_still_be_saved(world: World) -> None:
    assert queries.get_current_version(desk.post(world, desk.story(world), "x", "a" * 400)).text == "a" * 400


def test_a_stale_save_overwrites_nothing_but_a_new_time_is_no_conflict(world: World) -> None:
    post = desk.post(world, desk.story(world))
    editor, opened, base = world.as_(world.editor), post.row_version, post.current_version_id
    services.schedule_post(post, actor=editor, due_at=clock.now() + timedelta(days=1))
    assert services.save_post_version(
        post, actor=editor, content=PostContent("Satu"), row_version=opened, base_version_id=base
    )
    with pytest.raises(Conflict):
        services.save_post_version(
            post, actor=editor, content=PostContent("Dua"), row_version=opened, base_version_id=base
        )
    assert queries.get_current_version(post).text == "Satu"


def test_scheduling(world: World, told: list[object]) -> None:
    post = desk.post(world, desk.story(world))
    told.clear()
    editor, due = world.as_(world.editor), clock.now() + timedelta(days=2)
    services.schedule_post(post, actor=editor, due_at=due)
    services.schedule_post(post, actor=editor, due_at=due)
    services.schedule_post(post, actor=editor, due_at=None)
    assert told == [PostScheduled(post.id, due, world.editor.id), PostUnscheduled(post.id, world.editor.id)]
    assert post.scheduled_at is None


def test_a_time_that_is_over_is_refused_but_the_form_may_have_been_open_a_while(world: World) -> None:
    post = desk.post(world, desk.story(world))
    editor = world.as_(world.editor)
    with pytest.raises(UserError, match="sudah lewat"):
        services.schedule_post(post, actor=editor, due_at=clock.now() - timedelta(minutes=6))
    with pytest.raises(UserError, match="Periksa tahunnya"):
        services.schedule_post(post, actor=editor, due_at=clock.now() + timedelta(days=5 * 366))
    services.schedule_post(post, actor=editor, due_at=clock.now() - timedelta(minutes=4))
    assert post.scheduled_at is not None


def test_a_stale_drag_moves_nothing(world: World) -> None:
    post = desk.post(world, desk.story(world))
    editor, opened = world.as_(world.editor), post.row_version
    services.schedule_post(post, actor=editor, due_at=clock.now() + timedelta(days=1))
    with pytest.raises(Conflict):
        services.schedule_post(post, actor=editor, due_at=None, row_version=opened)


@pytest.mark.parametrize("change", list(PostChange))
def test_what_higher_rooms_have_against_a_change_stops_it(world: World, change: PostChange) -> None:
    """Only they know that a post is live."""
    post = desk.post(world, desk.story(world))
    editor = world.as_(world.editor)
    live = Reason("live", "Publikasi ini sudah tayang.")
    events.bind([(PostLockAsked, lambda asked: asked.reasons.append(live))])
    acts = {
        PostChange.EDIT: lambda: services.save_post_version(post, actor=editor, content=PostContent("Lain")),
        PostChange.SCHEDULE: lambda: services.schedule_post(post, actor=editor, due_at=clock.now()),
        PostChange.REMOVE: lambda: services.remove_post(post, actor=editor),
    }
    with pytest.raises(Refused) as refused:
        acts[change]()
    assert refused.value.reasons == (live,)
    assert (post.removed_at, post.scheduled_at) == (None, None)


def test_a_removed_post_is_gone_and_its_versions_stay(world: World, told: list[object]) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    editor = world.as_(world.editor)
    services.remove_post(post, actor=editor)
    assert told[-1] == PostRemoved(post.id, world.editor.id)
    assert queries.list_posts_of(story.id) == []
    assert queries.list_post_versions(post.id)
    with pytest.raises(NotFound):
        queries.get_post(editor, post.id)
    with pytest.raises(Refused):
        services.save_post_version(post, actor=editor, content=PostContent("Lain"))


@pytest.mark.parametrize("state", [StoryState.CANCELLED, StoryState.WITHDRAWN, StoryState.ARCHIVED])
def test_a_closed_story_gets_no_posts(world: World, state: StoryState) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    desk.bring_to(story, state)
    with pytest.raises(Refused, match="tidak ditayangkan lagi"):
        desk.post(world, story, "x")
    with pytest.raises(Refused):
        services.save_post_version(post, actor=world.as_(world.editor), content=PostContent("Lain"))
    services.remove_post(post, actor=world.as_(world.editor))


def test_a_post_can_be_added_to_a_story_that_is_out(world: World) -> None:
    story = desk.story(world, state=StoryState.PUBLISHED)
    assert desk.post(world, story).story_id == story.id
    assert story.state is StoryState.PUBLISHED


def test_another_offices_accounts_types_pictures_and_posts_are_not_found(
    world: World, other_world: World
) -> None:
    story, editor = desk.story(world), world.as_(world.editor)
    mine = {"account_id": world.x.id, "content_type_id": world.social.id, "content": PostContent("Halo")}
    picture = PostPictureContent(desk.asset(other_world).id)
    for wrong in (
        {"account_id": other_world.x.id},
        {"content_type_id": other_world.social.id},
        {"content": PostContent("Halo", pictures=(picture,))},
    ):
        with pytest.raises(NotFound):
            services.create_post(story, actor=editor, **mine | wrong)
    post = desk.post(world, story)
    for stranger in (other_world.as_(other_world.editor), world.as_(world.contributor)):
        with pytest.raises(NotFound):
            queries.get_post(stranger, post.id)


def test_readers_write_no_posts(world: World) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    for actor in (world.as_(world.approver), world.as_(world.lead)):
        with pytest.raises(Refused) as refused:
            services.create_post(
                story,
                actor=actor,
                account_id=world.x.id,
                content_type_id=world.social.id,
                content=PostContent("x"),
            )
        assert [r.code for r in refused.value.reasons] == ["permission"]
        with pytest.raises(Refused):
            services.schedule_post(post, actor=actor, due_at=None)


def test_an_account_that_is_switched_off_gets_no_new_posts(world: World) -> None:
    world.x.is_active = False
    with pytest.raises(Refused, match="sedang dinonaktifkan"):
        desk.post(world, desk.story(world), "x")


def test_lists_for_the_calendar(world: World, other_world: World) -> None:
    story = desk.story(world)
    dated = desk.post(world, story)
    desk.post(world, story, "x")
    due = clock.now() + timedelta(days=3)
    services.schedule_post(dated, actor=world.as_(world.editor), due_at=due)
    desk.post(other_world, desk.story(other_world))
    assert [
        r.id
        for r in queries.list_between(
            world.as_(world.editor), world.office.id, due, due + timedelta(seconds=1)
        )
    ] == [dated.id]
    assert queries.list_between(world.as_(world.editor), world.office.id, due - timedelta(days=1), due) == []
    row = queries.list_rows_of([story.id])[story.id][0]
    assert (row.account_name, row.icon, row.content_type, row.story_title) == (
        "Facebook Kantor", "brand-facebook", "Unggahan", story.title,
    )  # fmt: skip
