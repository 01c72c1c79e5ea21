"""What a person is asked before something is moved."""

from datetime import date, time

import pytest

from humasflow.calendar import moving
from humasflow.calendar.moving import NeedsDecision, Where
from humasflow.core.db import db
from humasflow.posts.services import remove_post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.services.moving import current_or_new
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from tests.calendar.movement import (
    CHRISTMAS,
    NOW,
    At,
    asked,
    at_office,
    campaign,
    event,
    move,
    ref_of,
    scheduled,
)
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


# What is asked first


def test_a_holiday_is_asked_about_once_and_can_be_meant(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        assert asked(world, post, day=CHRISTMAS) == ["Jumat, 25 Desember 2026: Hari libur, Hari Raya Natal."]
        assert post.scheduled_at == at_office(20)
        assert move(world, post, day=CHRISTMAS).moved
        assert asked(world, post, day=CHRISTMAS, clock=time(15)) == [], "that day was decided on already"
        assert asked(world, event(world), day=CHRISTMAS) != []
        assert asked(world, task(world, due=at_office(10)), day=CHRISTMAS) != []
        assert "Cuti bersama" in asked(world, post, day=date(2026, 12, 24))[0]


def test_an_estimated_holiday_says_so(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        (text,) = asked(world, post, day=date(2027, 3, 10))  # Eid, by the package's estimate
        assert "(perkiraan)" in text


@pytest.mark.parametrize(
    ("clock_time", "near"), [(time(9, 59), True), (time(10), False), (time(8, 1), True), (time(8), False)]
)
def test_a_neighbour_of_the_same_account_within_its_distance(
    desk: NewsDesk, world: World, at: At, clock_time: time, near: bool
) -> None:
    with at(NOW):
        scheduled(desk, 24, time(9))
        scheduled(desk, 24, clock_time, "facebook")
        post = scheduled(desk, 20, clock_time)
        texts = asked(world, post, day=date(2026, 11, 24))
        assert bool(texts) is near
        if near:
            assert (
                "Situs berita: “Sosialisasi pemanfaatan aset bagi 30 satuan kerja” tayang pukul 09.00"
                in texts[0]
            )
            assert "kurang dari 60 menit" in texts[0]


def test_a_neighbour_that_one_may_not_know_has_no_name(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        other = scheduled(desk, 24)
        other.story.is_confidential = True
        db.session.flush()
        (text,) = asked(world, scheduled(desk, 20), day=date(2026, 11, 24))
        assert "publikasi lain" in text
        assert other.story.title not in text


def test_an_account_without_a_distance_has_no_neighbours(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        world.web.min_gap_minutes = 0
        scheduled(desk, 24)
        post = scheduled(desk, 20)
        assert asked(world, post, day=date(2026, 11, 24)) == []


def test_two_that_move_onto_each_other_are_neighbours(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        one, two = scheduled(desk, 20), scheduled(desk, 21)
        assert len(asked(world, one, two, day=date(2026, 11, 24))) == 1
        assert asked(world, one, two, shift=1) == [], "each is elsewhere when the other comes"


def test_outside_the_days_of_its_campaign(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        found = campaign(world, 1, 25)
        post = scheduled(desk, 20)
        post.story.campaign_id = found.id
        db.session.flush()
        (text,) = asked(world, post, day=date(2026, 11, 26))
        assert "di luar kampanye “Bulan Lelang” (1 Nov 2026 – 25 Nov 2026)" in text
        assert asked(world, post, day=date(2026, 11, 25)) == []
        assert asked(world, found, shift=1) == []
        (text,) = asked(world, found, day=date(2026, 12, 1))
        assert "1 publikasi terjadwal jatuh di luar" in text


def test_a_deadline_after_the_publication(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        dated = task(world, post.story, due=at_office(18))
        (text,) = asked(world, dated, day=date(2026, 11, 21))
        assert "publikasinya tayang 20 Nov 2026 09.00 WIB" in text
        assert asked(world, dated, day=date(2026, 11, 19)) == []


def test_what_ended_is_no_neighbour(desk: NewsDesk, world: World, at: At) -> None:
    """Removed, of a story that is over, or called off: none of them goes out."""
    with at(NOW):
        removed, over, cancelled = (scheduled(desk, 24, time(9, n)) for n in (0, 10, 20))
        post, dated = scheduled(desk, 20), task(world, cancelled.story, due=at_office(23))
        assert len(asked(world, post, day=date(2026, 11, 24))) == 3
        remove_post(removed, actor=desk.editor)
        move_story(over.story, StoryMove.CANCEL, actor=desk.editor, reason="Batal")
        assert len(asked(world, post, day=date(2026, 11, 24))) == 1
        assert len(asked(world, dated, day=date(2026, 11, 25))) == 1
        delivery = current_or_new(cancelled)
        delivery.state = DeliveryState.CANCELLED
        db.session.flush()
        assert asked(world, post, day=date(2026, 11, 24)) == []
        assert asked(world, dated, day=date(2026, 11, 25)) == [], "it is not published before its deadline"


def test_two_deadlines_of_one_story_are_asked_about_both(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        one = task(world, post.story, due=at_office(17))
        two = task(world, post.story, code="penulis", due=at_office(18))
        assert len(asked(world, one, two, day=date(2026, 11, 23))) == 1, "the same sentence once"
        assert asked(world, two, one, day=date(2026, 11, 19)) == []
        assert len(asked(world, one, two, shift=3)) == 1, "the 20th is not after the 20th at nine"


def test_yes_is_said_to_what_was_asked_and_to_nothing_else(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post, editor = scheduled(desk, 20), world.as_(world.editor)
        with pytest.raises(NeedsDecision) as first:
            moving.move_items([ref_of(post)], Where(CHRISTMAS), actor=editor)
        yes = first.value.answer
        for where in (Where(date(2026, 12, 24)), Where(CHRISTMAS, time(15)), Where(date(2027, 1, 1))):
            with pytest.raises(NeedsDecision):
                moving.move_items([ref_of(post)], where, actor=editor, decided=yes)
        scheduled(desk, 25, time(9, 30)).scheduled_at = at_office(25, time(9, 30), 12)
        db.session.flush()
        with pytest.raises(NeedsDecision, match="kurang dari 60 menit") as again:
            moving.move_items([ref_of(post)], Where(CHRISTMAS), actor=editor, decided=yes)
        assert moving.move_items(
            [ref_of(post)], Where(CHRISTMAS), actor=editor, decided=again.value.answer
        ).moved
