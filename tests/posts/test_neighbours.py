"""The same words again, and too close in time: told with the other post, never a reason to stop."""

from datetime import timedelta

import pytest

from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.posts import queries, services
from humasflow.posts.events import LIVE, PostLocksAsked
from humasflow.posts.models import Post
from humasflow.posts.neighbours import Candidate, candidate_of, find_neighbours
from humasflow.stories.enums import StoryState
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

WORDS = "Lelang dibuka hari ini"


def at(post: Post, *, days: float = 0, minutes: float = 0) -> Post:
    """A post with a time, also one that is over."""
    post.scheduled_at = clock.now() + timedelta(days=days, minutes=minutes)
    db.session.flush()
    return post


def out(*posts: Post) -> None:
    """What higher rooms say of posts that are on their channels."""
    ids = {post.id for post in posts}

    def answer(asked: PostLocksAsked) -> None:
        for post_id in ids & set(asked.post_ids):
            asked.reasons.setdefault(post_id, []).append(Reason(LIVE, "Publikasi ini sudah tayang."))

    events.bind([(PostLocksAsked, answer)])


def told(world: World, *candidates: Candidate) -> list[str]:
    found = find_neighbours(world.as_(world.editor), candidates)
    assert not any(p.blocks for problems in found.values() for p in problems)
    return [p.message for problems in found.values() for p in problems]


def test_the_same_words_within_thirty_days_or_still_to_come(world: World) -> None:
    post = desk.post(world, desk.story(world), words=f"{WORDS}!")
    mine = candidate_of(post, queries.get_current_version(post))
    assert told(world, mine) == []
    other = at(desk.post(world, desk.story(world), words=f"{WORDS.upper()} https://a.go.id/2"), days=-29)
    assert told(world, mine) == [], "nobody met what never went out"
    out(other)
    (message,) = told(world, mine)
    assert message.startswith("Kata-katanya sama dengan publikasi Facebook Kantor pada ")
    at(other, days=40)
    assert "yang dijadwalkan" in told(world, mine)[0]
    at(other, days=-31)
    assert told(world, mine) == []


def test_other_accounts_removed_posts_and_drafts_are_none(world: World) -> None:
    at(desk.post(world, desk.story(world), "x", WORDS), days=-1)
    removed = at(desk.post(world, desk.story(world), words=WORDS), days=1)
    services.remove_post(removed, actor=world.as_(world.editor))
    desk.post(world, desk.story(world), words=WORDS)
    changed = at(desk.post(world, desk.story(world), words=WORDS), days=2)
    services.save_post_version(changed, actor=world.as_(world.editor), content=services.PostContent("Lain"))
    assert told(world, Candidate("a", world.facebook, WORDS)) == []


def test_what_its_story_took_away_is_none(world: World) -> None:
    story = desk.story(world)
    at(desk.post(world, story, words=WORDS), days=1)
    assert told(world, Candidate("a", world.facebook, WORDS))
    desk.bring_to(story, StoryState.CANCELLED)
    assert told(world, Candidate("a", world.facebook, WORDS)) == []


def test_words_are_asked_about_only_where_there_are_some(world: World) -> None:
    at(desk.post(world, desk.story(world), words="🎉"), days=1)
    at(desk.post(world, desk.story(world), "web", ""), days=1)
    assert told(world, Candidate("a", world.facebook, "🎉"), Candidate("b", world.web, "")) == []


def test_too_close_in_time_by_the_accounts_own_gap(world: World) -> None:
    world.facebook.min_gap_minutes = 60
    near = at(desk.post(world, desk.story(world), words="Satu"), days=1)
    when = near.scheduled_at
    assert when is not None
    close = Candidate("a", world.facebook, "Dua", when + timedelta(minutes=59))
    (message,) = told(world, close)
    assert message.startswith("Jaraknya kurang dari 60 menit dengan publikasi lain di Facebook Kantor")
    assert told(world, Candidate("a", world.facebook, "Dua", when + timedelta(minutes=60))) == []
    assert told(world, Candidate("a", world.x, "Dua", when)) == []
    assert told(world, candidate_of(near, queries.get_current_version(near))) == []
    world.facebook.min_gap_minutes = 0
    assert told(world, close) == []


def test_the_other_post_is_named_to_those_who_may_know_it(world: World) -> None:
    story = desk.story(world, title="Lelang tertutup")
    other = at(desk.post(world, story, words=WORDS), days=1)
    asked = Candidate("a", world.facebook, WORDS)
    (problem,) = find_neighbours(world.as_(world.editor), [asked])["a"]
    assert (problem.post_id, problem.post_name) == (other.id, "Lelang tertutup")
    story.is_confidential = True
    db.session.flush()
    (problem,) = find_neighbours(world.as_(world.other_editor), [asked])["a"]
    assert (problem.post_id, problem.post_name) == (None, "")
    assert "tertutup" not in problem.message


def test_twelve_accounts_cost_what_one_costs(world: World, statements: QueryCount) -> None:
    kind = next(k for k in channel_queries.list_kinds(world.office.id) if k.code == "facebook")
    accounts = [world.facebook] + [
        channels.create_account(
            world.office.id, actor=None, kind=kind, name=f"Akun {n}", handle="", assignee_id=None
        )
        for n in range(11)
    ]
    at(desk.post(world, desk.story(world), words=WORDS), days=1)
    soon = clock.now() + timedelta(days=1)
    every = [Candidate(str(a.id), a, WORDS, soon) for a in accounts]
    actor = world.as_(world.editor)
    find_neighbours(actor, every[:1])
    statements.reset()
    find_neighbours(actor, every[:1])
    one = len(statements)
    statements.reset()
    find_neighbours(actor, every)
    assert len(statements) == one == 2
