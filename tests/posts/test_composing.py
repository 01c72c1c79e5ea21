"""One base text for all: those that follow it change with it, those with words of their own and those that are out
do not, and a conflict anywhere changes nothing anywhere.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Reason, Refused
from humasflow.planning.queries import list_content_types
from humasflow.posts import queries, services
from humasflow.posts.contents import base_digest
from humasflow.posts.events import LIVE, PostLockAsked, PostLocksAsked
from humasflow.posts.models import BaseText, Post, PostVersion
from humasflow.posts.services import (
    BaseContent,
    Composition,
    CompositionRefused,
    PostContent,
    PostExists,
    VariantDraft,
)
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

BASE = BaseContent("Lelang dibuka.", "https://kantor.go.id/1", ("Lelang",))
FOLLOWS = PostContent(follows_base=True)


def draft(
    world: World, account: str, content: PostContent = FOLLOWS, post: Post | None = None
) -> VariantDraft:
    outlet = getattr(world, account)
    return VariantDraft(
        account, outlet.id, content, world.social.id, post,
        row_version=post.row_version if post else None, base_version_id=post.current_version_id if post else None,
    )  # fmt: skip


def compose(
    world: World, story: Story, *drafts: VariantDraft, base: BaseContent = BASE, **how: Any
) -> Composition:
    return services.compose(story, actor=world.as_(world.editor), base=base, drafts=drafts, **how)


def current(post: Post) -> PostVersion:
    return queries.get_current_version(post)


def locked(*ids: int, code: str = LIVE) -> None:
    """What higher rooms say of posts that are out."""
    reason = Reason(code, "Publikasi ini sudah tayang.")

    def many(asked: PostLocksAsked) -> None:
        for post_id in asked.post_ids:
            asked.reasons.setdefault(post_id, []).extend([reason] if post_id in ids else [])

    def one(asked: PostLockAsked) -> None:
        if asked.post_id in ids:
            asked.reasons.append(reason)

    events.bind([(PostLocksAsked, many), (PostLockAsked, one)])


def test_posts_are_made_for_the_accounts_that_were_chosen(world: World) -> None:
    story = desk.story(world)
    done = compose(world, story, draft(world, "facebook"), draft(world, "x", PostContent("Versi X")))
    facebook, x = done.created
    assert (current(facebook).text, current(facebook).link, current(facebook).hashtags) == (
        BASE.text, BASE.link, ["Lelang"],
    )  # fmt: skip
    assert (current(facebook).follows_base, current(x).follows_base) == (True, False)
    assert current(x).text == "Versi X"
    assert done.base_changed and not done.saved and not done.left


def test_a_change_of_the_base_makes_versions_of_its_followers_alone(world: World) -> None:
    story = desk.story(world)
    facebook, x = compose(
        world, story, draft(world, "facebook"), draft(world, "x", PostContent("Versi X"))
    ).created
    later = BaseContent("Lelang ditutup.", BASE.link, BASE.hashtags)
    drafts = [draft(world, "facebook", post=facebook), draft(world, "x", PostContent("Versi X"), x)]
    done = compose(world, story, *drafts, base=later)
    assert done.saved == [facebook]
    assert (current(facebook).number, current(facebook).text) == (2, "Lelang ditutup.")
    assert (current(x).number, current(x).text) == (1, "Versi X")
    assert compose(world, story, *[draft(world, "facebook", post=facebook)], base=later).is_empty


def test_a_follower_that_was_not_on_the_page_takes_it_over_too(world: World) -> None:
    story = desk.story(world)
    (facebook,) = compose(world, story, draft(world, "facebook")).created
    done = compose(world, story, base=BaseContent("Baru"))
    assert done.saved == [facebook]
    assert current(facebook).text == "Baru"


def test_what_is_out_stays_and_is_named(world: World) -> None:
    story = desk.story(world)
    facebook, x = compose(world, story, draft(world, "facebook"), draft(world, "x")).created
    locked(facebook.id)
    done = compose(
        world,
        story,
        draft(world, "facebook", post=facebook),
        draft(world, "x", post=x),
        base=BaseContent("Baru"),
    )
    assert [(p.account.name, str(r[0])) for p, r in done.left] == [
        ("Facebook Kantor", "Publikasi ini sudah tayang.")
    ]
    assert (current(facebook).text, current(x).text) == (BASE.text, "Baru")


def test_a_follower_keeps_what_is_its_own(world: World) -> None:
    story = desk.story(world)
    own = PostContent(title="Judul", first_comment="Komentar", adds_utm=True, follows_base=True)
    (facebook,) = compose(world, story, draft(world, "facebook", own)).created
    compose(world, story, base=BaseContent("Baru"))
    version = current(facebook)
    assert (version.text, version.title, version.first_comment, version.adds_utm) == (
        "Baru", "Judul", "Komentar", True,
    )  # fmt: skip


def test_a_conflict_anywhere_is_told_with_its_key_and_nothing_is_saved(world: World) -> None:
    story = desk.story(world)
    facebook, x = compose(world, story, draft(world, "facebook"), draft(world, "x")).created
    stale = draft(world, "x", PostContent("Dari halaman lama"), x)
    services.save_post_version(x, actor=world.as_(world.other_editor), content=PostContent("Orang lain"))
    db.session.flush()
    with pytest.raises(CompositionRefused) as refused, db.session.begin_nested():
        compose(world, story, draft(world, "facebook", post=facebook), stale, base=BaseContent("Baru"))
    assert list(refused.value.errors) == ["x"]
    assert refused.value.has_conflict
    db.session.expire_all()
    assert (current(facebook).text, current(x).text) == (BASE.text, "Orang lain")
    assert queries.get_base(story.id).text == BASE.text  # type: ignore[union-attr]


def test_two_people_on_one_base_text(world: World) -> None:
    story = desk.story(world)
    compose(world, story, base_row_version=0)
    with pytest.raises(CompositionRefused) as refused:
        compose(world, story, base=BaseContent("Lain"), base_row_version=0)
    assert isinstance(refused.value.errors[""], Conflict)
    stored = db.session.get_one(BaseText, story.id)
    compose(world, story, base=BaseContent("Lain"), base_row_version=stored.row_version)
    # The same text again is no conflict: a double click, or two people of one mind.
    assert compose(world, story, base=BaseContent("Lain"), base_row_version=0).is_empty


def test_every_refusal_is_told_at_once(world: World) -> None:
    story = desk.story(world)
    bad = PostContent("a\x00b")
    with pytest.raises(CompositionRefused) as refused:
        compose(world, story, draft(world, "facebook", bad), draft(world, "x", bad), base=BaseContent("\x00"))
    assert set(refused.value.errors) == {"", "facebook", "x"}
    assert not refused.value.has_conflict


def test_a_second_post_of_an_account_is_refused_here_too(world: World) -> None:
    story = desk.story(world)
    desk.post(world, story)
    with pytest.raises(CompositionRefused, match="sudah punya publikasi di Facebook Kantor"):
        compose(world, story, draft(world, "facebook"))


def test_others_take_no_part(world: World, other_world: World) -> None:
    story = desk.story(world)
    with pytest.raises(Refused):
        services.compose(story, actor=world.as_(world.approver), base=BASE, drafts=[])
    strange = VariantDraft("a", other_world.x.id, FOLLOWS, world.social.id)
    with pytest.raises(NotFound):
        compose(world, story, strange)
    desk.bring_to(story, StoryState.CANCELLED)
    with pytest.raises(Refused, match="tidak ditayangkan lagi"):
        compose(world, story)


def test_what_is_sent_meanwhile_is_named_and_the_rest_is_saved(world: World) -> None:
    story = desk.story(world)
    compose(world, story, draft(world, "facebook"), draft(world, "x"))
    facebook, x = queries.list_posts_of(story.id)
    going = Reason("committing", "Publikasi ini sedang dikirim.")

    def one(asked: PostLockAsked) -> None:
        # After all were asked about, the worker began with this one.
        if asked.post_id == facebook.id:
            asked.reasons.append(going)

    events.bind([(PostLockAsked, one)])
    stored = db.session.get_one(BaseText, story.id)
    done = compose(world, story, base=BaseContent("Lain"), base_row_version=stored.row_version)
    assert [(post, list(why)) for post, why in done.left] == [(facebook, [going])]
    assert done.saved == [x]
    assert (current(facebook).text, current(x).text) == (BASE.text, "Lain")


def test_a_story_in_the_archive_says_how_it_is_shown_again(world: World) -> None:
    first = desk.post(world, desk.story(world))
    locked(first.id)
    desk.bring_to(first.story, StoryState.ARCHIVED)
    with pytest.raises(Refused, match="salin menjadi naskah baru"):
        services.repost(first, actor=world.as_(world.editor))


# Tayang ulang


Live = Callable[[Post], None]


def test_what_is_live_is_published_again_with_its_content(world: World) -> None:
    first = desk.post(
        world, desk.story(world), words="Tips lelang", hashtags=("Lelang",), link="https://a.go.id"
    )
    services.schedule_post(first, actor=world.as_(world.editor), due_at=clock.now() + timedelta(hours=1))
    locked(first.id)
    again = services.repost(first, actor=world.as_(world.editor))
    assert again.id != first.id
    assert (again.repost_of_id, again.account_id, again.story_id) == (
        first.id,
        first.account_id,
        first.story_id,
    )
    assert (again.scheduled_at, again.generation) == (None, 1)
    assert services.content_of(current(again)) == services.content_of(current(first))


def test_only_what_is_live_is_published_again(world: World) -> None:
    first = desk.post(world, desk.story(world))
    with pytest.raises(Refused, match="sedang tayang"):
        services.repost(first, actor=world.as_(world.editor))


def test_one_repost_waits_at_a_time(world: World) -> None:
    first = desk.post(world, desk.story(world))
    locked(first.id)
    again = services.repost(first, actor=world.as_(world.editor))
    with pytest.raises(services.PostExists, match="belum tayang"):
        services.repost(first, actor=world.as_(world.editor))
    locked(first.id, again.id)
    third = services.repost(again, actor=world.as_(world.editor))
    assert third.repost_of_id == again.id


def test_a_plain_second_post_is_still_refused_beside_a_repost(world: World) -> None:
    story = desk.story(world)
    first = desk.post(world, story)
    locked(first.id)
    again = services.repost(first, actor=world.as_(world.editor))
    with pytest.raises(services.PostExists):
        desk.post(world, story)
    assert queries.get_post_on(story.id, world.facebook.id) == again


def test_who_may_not_write_publishes_nothing_again(world: World) -> None:
    first = desk.post(world, desk.story(world))
    locked(first.id)
    with pytest.raises(Refused):
        services.repost(first, actor=world.as_(world.approver))
    world.facebook.is_active = False
    with pytest.raises(Refused, match="dinonaktifkan"):
        services.repost(first, actor=world.as_(world.editor))


def test_two_people_write_on_different_cards_and_both_are_kept(world: World) -> None:
    """B's form holds A's card as it was when B opened it: that is no wish of B."""
    story = desk.story(world)
    facebook, x = compose(
        world, story, draft(world, "facebook"), draft(world, "x", PostContent("Versi X"))
    ).created
    opened = base_digest(BASE)
    stale_x = draft(world, "x", PostContent("Versi X"), x)
    version = queries.get_base(story.id)
    known = version.row_version if version else 0
    compose(world, story, draft(world, "x", PostContent("Versi X dari A"), x), base=BaseContent("Dasar A"))
    mine = draft(world, "facebook", PostContent("Teks B"), facebook)
    done = compose(world, story, mine, stale_x, base_row_version=known, base_opened=opened)
    assert done.saved == [facebook]
    assert (current(facebook).text, current(x).text) == ("Teks B", "Versi X dari A")
    stored = queries.get_base(story.id)
    assert stored is not None and stored.text == "Dasar A"


def test_an_untouched_follower_takes_the_newer_base(world: World) -> None:
    story = desk.story(world)
    (facebook,) = compose(world, story, draft(world, "facebook")).created
    stale = draft(world, "facebook", replace(FOLLOWS, text=BASE.text), facebook)
    compose(world, story, base=BaseContent("Dasar A"))
    assert compose(world, story, stale, base_opened=base_digest(BASE)).is_empty
    assert current(facebook).text == "Dasar A"


def test_what_it_counts_as_changes_only_where_somebody_wished_it(world: World) -> None:
    story = desk.story(world)
    (x,) = compose(world, story, draft(world, "x", PostContent("Satu"))).created
    other = next(t for t in list_content_types(world.office.id) if t.code == "infografis")
    third = next(t for t in list_content_types(world.office.id) if t.code == "reels")
    opened = replace(draft(world, "x", PostContent("Dua"), x), opened_type_id=world.social.id)
    x.content_type_id = other.id
    db.session.flush()
    compose(world, story, opened)
    assert (current(x).text, x.content_type_id) == ("Dua", other.id)
    against = replace(
        draft(world, "x", PostContent("Dua"), x), content_type_id=third.id, opened_type_id=world.social.id
    )
    with pytest.raises(CompositionRefused) as refused:
        compose(world, story, against)
    assert refused.value.has_conflict and x.content_type_id == other.id


def test_what_was_taken_down_does_not_wait(world: World) -> None:
    """One of the account is down and another is up: the one that is up can be published again."""
    story = desk.story(world)
    (first,) = compose(world, story, draft(world, "x")).created
    locked(first.id)
    up = services.repost(first, actor=world.as_(world.editor))

    def told(asked: PostLocksAsked) -> None:
        for post_id, code in ((first.id, "was_live"), (up.id, LIVE)):
            if post_id in asked.post_ids:
                asked.reasons.setdefault(post_id, []).append(Reason(code, "Pernah tayang."))

    events.bind([(PostLocksAsked, told)])
    third = services.repost(up, actor=world.as_(world.editor))
    with pytest.raises(PostExists) as exists:
        services.repost(up, actor=world.as_(world.editor))
    assert exists.value.post_id == third.id
