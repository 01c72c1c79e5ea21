"""Free slots, quotas, gaps in words, and what could fill them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from humasflow.calendar.pace import find_free_slots
from humasflow.calendar.pace.quarter import AccountPace, Level, QuarterPace, get_quarter_pace
from humasflow.calendar.pace.quotas import QuotaSource
from humasflow.calendar.pace.suggesting import Suggestions, suggest
from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.pitches.enums import PitchMove
from humasflow.pitches.services import PitchContent, move_pitch, send_pitch
from humasflow.posts.models import Post
from humasflow.publishing.embargo import due_at, due_of
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.verification import dispute_point
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.calendar.pacing import NINE, NOW, Q4, planned, slots, target
from tests.conftest import QueryCount
from tests.factories import desk as factory
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]


def pace(world: World, quarter: Quarter = Q4, **given: Any) -> QuarterPace:
    return get_quarter_pace(world.as_(world.editor), world.office, quarter, **given)


def row(world: World, account: ChannelAccount | None = None, quarter: Quarter = Q4) -> AccountPace:
    wanted = account or world.instagram
    return next(r for r in pace(world, quarter).rows if r.account.id == wanted.id)


def free_from(world: World, account: ChannelAccount, after: str) -> str:
    begin = datetime.fromisoformat(after).astimezone(UTC)
    found = find_free_slots([account], world.office, begin).first_free(account.id)
    return found.strftime("%Y-%m-%dT%H:%MZ") if found else ""


# Free slots


def test_an_account_without_slots_has_no_free_one(world: World) -> None:
    assert free_from(world, world.instagram, NOW) == ""


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("Asia/Jakarta", "2026-10-14T01:59:59Z", "2026-10-14T02:00Z"),
        ("Asia/Jakarta", "2026-10-14T02:00:00Z", "2026-10-16T02:00Z"),  # later than, not at
        ("Asia/Jayapura", "2026-10-14T01:00:00Z", "2026-10-16T00:00Z"),  # 10.00 WIT: this Wednesday's is over
        (
            "Asia/Jayapura",
            "2026-10-13T16:00:00Z",
            "2026-10-14T00:00Z",
        ),  # Wednesday has begun in Jayapura already
        ("Asia/Makassar", "2026-10-17T00:00:00Z", "2026-10-19T01:00Z"),  # over the week-end
    ],
)
def test_the_next_slot_is_on_the_offices_own_clock(
    world: World, at: At, zone: str, after: str, expected: str
) -> None:
    world.office.timezone = zone
    account = slots(world, (0, NINE), (2, NINE), (4, NINE))
    assert free_from(world, account, after) == expected


def test_a_slot_is_taken_by_a_post_nearer_than_the_least_distance(world: World, at: At) -> None:
    account = slots(world, (2, NINE), (2, time(13)), gap=120)
    with at(NOW):
        planned(world, "2026-10-14T03:59:00Z")  # 10.59: 119 minutes after 9, 121 before 13
        assert free_from(world, account, NOW) == "2026-10-14T06:00Z"
        planned(world, "2026-10-14T04:01:00Z")  # 119 before 13
        assert free_from(world, account, NOW) == "2026-10-21T02:00Z"


def test_exactly_the_least_distance_is_far_enough_and_zero_still_keeps_one_post_a_time(
    world: World, at: At
) -> None:
    account = slots(world, (2, NINE), gap=120)
    with at(NOW):
        planned(world, "2026-10-14T04:00:00Z")
        assert free_from(world, account, NOW) == "2026-10-14T02:00Z"
        slots(world, (2, NINE), gap=0)
        planned(world, "2026-10-14T02:00:00Z")
        assert free_from(world, account, NOW) == "2026-10-21T02:00Z"


def test_what_went_out_takes_a_slot_and_another_account_does_not(world: World, at: At) -> None:
    account = slots(world, (2, NINE), gap=60)
    with at(NOW):
        planned(world, "2026-10-14T02:00:00Z", account="facebook")
        assert free_from(world, account, NOW) == "2026-10-14T02:00Z"
    with at("2026-10-14T01:50:00Z"):
        live_post(
            world,
            account=account,
            content_type=world.social,
            at="2026-10-14T01:30Z",
            url="https://www.instagram.com/p/abc/",
        )
        db.session.commit()
        assert free_from(world, account, "2026-10-14T01:50:00Z") == "2026-10-21T02:00Z"


def test_a_removed_post_gives_its_slot_back(world: World, at: At) -> None:
    account = slots(world, (2, NINE))
    with at(NOW):
        post = planned(world, "2026-10-14T02:00:00Z")
        assert free_from(world, account, NOW) == "2026-10-21T02:00Z"
        post.removed_at = clock.now()
        db.session.commit()
        assert free_from(world, account, NOW) == "2026-10-14T02:00Z"


def test_public_holidays_and_joint_leave_are_skipped(world: World) -> None:
    account = slots(world, *((day, NINE) for day in range(7)))
    # 17 August is a holiday; 25 December too, with joint leave on the 24th.
    assert free_from(world, account, "2026-08-16T03:00:00Z") == "2026-08-18T02:00Z"
    assert free_from(world, account, "2026-12-23T03:00:00Z") == "2026-12-26T02:00Z"


# Quotas


def test_the_quota_is_what_the_targets_still_miss_over_the_weeks_left(world: World, at: At) -> None:
    target(world, instagram=26)
    with at("2026-09-20T01:00:00Z"):
        before = row(world)
        assert (before.quota.source, before.quota.weekly, before.target, before.missing) == (
            QuotaSource.TARGETS,
            2,
            26,
            26,
        )
        assert [c.quota for c in before.cells] == [1, *[2] * 11, 3]
        assert sum(c.quota or 0 for c in before.cells) == 26
    with at(NOW):
        # Two weeks without anything: 26 are left for the 81 days from Monday, 12 October, on.
        late = row(world)
        assert (late.quota.weekly, late.quota.evenly) == (3, 2)
        # Rounded up to three a week the cells would ask 33; they ask the 26 that are missing, and not one more.
        assert [c.quota for c in late.cells] == [1, 2, 2, 2, 3, 2, 2, 2, 3, 2, 2, 2, 4]
        assert sum(c.quota or 0 for c in late.cells[2:]) == late.missing == 26


def test_in_the_last_days_the_cell_asks_all_that_is_missing(world: World, at: At) -> None:
    """The second quarter of 2029 ends with a Saturday: six days, less than a week."""
    scheme = make_scheme(world)
    last = Quarter(2029, 2)
    set_targets(scheme, world, last.key, instagram=7)
    db.session.commit()
    with at("2029-06-27T01:00:00Z"):
        found = row(world, quarter=last)
        assert found.cells[-1].week.days < 7
        assert (found.cells[-1].quota, found.missing, found.quota.weekly) == (7, 7, 7)


def test_the_quota_does_not_sink_while_its_own_week_is_filled(world: World, at: At) -> None:
    target(world, instagram=26)
    with at(NOW):
        weekly = row(world).quota.weekly
        for number in range(3):
            live_post(
                world,
                account=world.instagram,
                content_type=world.social,
                at=f"2026-10-13T0{number}:00Z",
                url=f"https://www.instagram.com/p/a{number}/",
            )
        db.session.commit()
        kept = row(world)
        assert kept.quota.weekly == weekly == 3
        assert (kept.cells[2].live, kept.cells[2].quota, kept.missing, kept.target) == (3, 2, 23, 26)
        assert kept.cells[2].level is Level.OVER


def test_the_offices_own_quota_goes_before_the_targets(world: World, at: At) -> None:
    target(world, instagram=26)
    slots(world, quota=4)
    with at(NOW):
        found = row(world)
        assert (found.quota.source, found.quota.weekly, found.target) == (QuotaSource.OFFICE, 4, 52)
        slots(world, quota=0)
        none = row(world)
        assert (none.target, none.missing, none.sentence) == (0, 0, "")
        assert {c.level for c in none.cells} == {Level.PLAIN}


def test_without_targets_nothing_is_asked(world: World, at: At) -> None:
    with at(NOW):
        planned(world, "2026-10-20T02:00:00Z")
        found = row(world)
        assert (found.quota.source, found.target, found.sentence) == (QuotaSource.NONE, None, "")
        assert (found.cells[3].number, found.cells[3].quota, found.cells[3].word) == (1, None, "rencana")
        assert pace(world).short_rows == []


def test_accounts_of_one_kind_share_the_target_and_only_what_counts_fills_it(world: World, at: At) -> None:
    second = channels.create_account(world.office.id, actor=None, kind=world.instagram.kind, name="IG Lelang")
    target(world, instagram=27, berita_terbaru=13)
    with at("2026-09-20T01:00:00Z"):
        assert (row(world).target, row(world, second).target) == (14, 13)
        web = row(world, world.web)
        assert (web.target, row(world, world.x).target) == (13, None)
    with at(NOW):
        live_post(world, content_type=world.headline, at="2026-10-13T01:00Z")  # no target asks for it
        live_post(world, content_type=world.news, at="2026-10-13T02:00Z")
        db.session.commit()
        assert row(world, world.web).cells[2].number == 1
        second.is_active = False
        db.session.commit()
        assert row(world).target == 27


def gone_out(world: World, days: Sequence[str], account: ChannelAccount | None = None) -> list[Delivery]:
    """So many publications of one account that went out. Commits."""
    number = db.session.query(Delivery).count()
    found = [
        live_post(
            world, account=account or world.instagram, content_type=world.social, at=f"{day}T02:00Z",
            url=f"https://www.instagram.com/p/b{number + n}/",
        )
        for n, day in enumerate(days)
    ]  # fmt: skip
    db.session.commit()
    return found


def second_instagram(world: World, *, quota: int | None = None) -> ChannelAccount:
    found = channels.create_account(world.office.id, actor=None, kind=world.instagram.kind, name="IG Lelang")
    channels.set_slots(found, actor=None, slots=[], min_gap_minutes=60, weekly_quota=quota)
    db.session.commit()
    return found


def test_the_target_that_is_told_is_the_target(world: World, at: At) -> None:
    target(world, instagram=5)
    with at(NOW):
        gone_out(world, ["2026-10-05", "2026-10-06", "2026-10-07"])
        assert row(world).sentence.endswith("butuh 2 lagi untuk 5")
        disputed = gone_out(world, ["2026-10-08"])[0]
        dispute_point(disputed, actor=world.as_(world.editor), reason="Bukan rilis kantor")
        db.session.commit()
        assert (row(world).target, row(world).missing) == (5, 2)
        gone_out(world, [f"2026-10-0{n}" for n in range(1, 8)])
        assert (row(world).target, row(world).missing, row(world).sentence) == (5, 0, "")


def test_of_several_accounts_each_is_told_its_own_target(world: World, at: At) -> None:
    second = second_instagram(world)
    target(world, instagram=10)
    with at(NOW):
        gone_out(world, ["2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08"], second)
        # Four of ten are out, all on the second account: each bears half of the six that were missing on Monday.
        assert [(row(world, a).target, row(world, a).missing) for a in (world.instagram, second)] == [
            (3, 3),
            (7, 3),
        ]
        gone_out(world, [f"2026-10-0{n}" for n in range(1, 9)], second)
        assert [(row(world, a).target, row(world, a).missing) for a in (world.instagram, second)] == [
            (5, 0),
            (5, 0),
        ]


def test_what_one_account_brings_beyond_its_part_the_others_lack_no_more(world: World, at: At) -> None:
    second = second_instagram(world)
    target(world, instagram=10)
    with at(NOW):
        for day in range(20, 28):
            planned(world, f"2026-10-{day}T02:00:00Z")
        assert (row(world).missing, row(world, second).missing) == (0, 2)
        assert sum(c.quota or 0 for c in row(world, second).cells[2:]) == 2
        for day in (28, 29):
            planned(world, f"2026-10-{day}T02:00:00Z")
        assert (row(world, second).missing, row(world, second).sentence) == (0, "")


def test_who_has_a_quota_of_the_office_bears_no_other_part(world: World, at: At) -> None:
    second = second_instagram(world, quota=1)
    target(world, instagram=27)
    with at("2026-09-20T01:00:00Z"):
        assert [(row(world, a).target, row(world, a).quota.source) for a in (world.instagram, second)] == [
            (14, QuotaSource.TARGETS), (13, QuotaSource.OFFICE),
        ]  # fmt: skip
        channels.set_slots(second, actor=None, slots=[], min_gap_minutes=60, weekly_quota=0)
        db.session.commit()
        assert row(world).target == 27
        channels.set_slots(second, actor=None, slots=[], min_gap_minutes=60, weekly_quota=3)
        db.session.commit()
        assert (row(world).missing, row(world).sentence) == (0, "")


def test_what_counts_for_two_components_is_asked_once(world: World, at: At) -> None:
    from decimal import Decimal

    from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version

    scheme = create_scheme(world.office.id, actor=world.admin, name="Tumpang tindih")
    create_scheme_version(scheme, actor=world.admin, effective_from=Quarter(2020, 1), components=[
        ComponentSpec("Semua", Decimal(100), channel_kinds=["instagram"]),
        ComponentSpec("Reels", Decimal(0), channel_kinds=["instagram"], content_types=["reels"]),
    ])  # fmt: skip
    set_targets(scheme, world, Q4.key, semua=26, reels=13)
    db.session.commit()
    with at("2026-09-20T01:00:00Z"):
        assert row(world).target == 26


@pytest.mark.parametrize(("zone", "week"), [("Asia/Jakarta", 3), ("Asia/Jayapura", 4)])
def test_a_post_stands_in_the_week_of_its_day_at_the_office(
    world: World, at: At, zone: str, week: int
) -> None:
    world.office.timezone = zone
    with at(NOW):
        planned(world, "2026-10-18T16:30:00Z")  # Sunday 23.30 WIB; Monday 01.30 WIT
        assert [c.week.number for c in row(world).cells if c.number] == [week]


@pytest.mark.parametrize(("zone", "quarter"), [("Asia/Jakarta", "2026-TW4"), ("Asia/Jayapura", "2027-TW1")])
def test_the_edge_of_a_quarter_is_that_of_the_office(world: World, at: At, zone: str, quarter: str) -> None:
    world.office.timezone = zone
    with at(NOW):
        planned(world, "2026-12-31T16:30:00Z")
        for key in ("2026-TW4", "2027-TW1"):
            assert row(world, quarter=Quarter.parse(key)).number == (1 if key == quarter else 0)


def test_what_passed_without_going_out_fills_nothing(world: World, at: At) -> None:
    with at(NOW):
        planned(world, "2026-10-15T02:00:00Z")
        assert row(world).cells[2].planned == 1
    with at("2026-10-15T10:00:00Z"):
        assert row(world).cells[2].planned == 1  # late, but still today
    with at("2026-10-16T01:00:00Z"):
        assert row(world).cells[2].number == 0


def test_a_confidential_post_counts_only_for_those_who_may_see_it(world: World, at: At) -> None:
    with at(NOW):
        post = planned(world, "2026-10-20T02:00:00Z")
        assert row(world).number == 1
        post.story.is_confidential = True
        db.session.commit()
        assert row(world).number == 0
        # Its slot stays taken for everybody.
        slots(world, (1, NINE))
        assert free_from(world, world.instagram, NOW) == "2026-10-27T02:00Z"


# Gaps in words


def test_gaps_are_told_in_words(world: World, at: At) -> None:
    slots(world, quota=2)
    world.instagram.name = "IG"
    with at("2026-09-20T01:00:00Z"):
        for number in [n for n in range(1, 14) if n != 3] * 2:
            at_ = (
                datetime(2026, 10, 1, 2, tzinfo=UTC)
                if number == 1
                else datetime(2026, 9, 28, 2, tzinfo=UTC) + timedelta(weeks=number - 1)
            )
            planned(world, at_.isoformat())
        assert row(world).sentence == "IG kosong pekan ke-3; butuh 2 lagi untuk 26"
        assert [(c.level, c.word) for c in row(world).cells[1:4]] == [
            (Level.MET, "cukup"), (Level.EMPTY, "kosong"), (Level.MET, "cukup"),
        ]  # fmt: skip
        planned(world, "2026-10-13T02:00:00Z")
        assert row(world).sentence == "IG butuh 1 lagi untuk 26"
        assert row(world).cells[2].word == "kurang 1"
        planned(world, "2026-10-14T02:00:00Z")
        assert row(world).sentence == ""
        planned(world, "2026-10-15T02:00:00Z")
        assert (row(world).cells[2].level, row(world).cells[2].word) == (Level.OVER, "lebih 1")


def test_many_empty_weeks_are_told_briefly(world: World, at: At) -> None:
    slots(world, quota=1)
    with at(NOW):
        assert (
            row(world).sentence == "Instagram Kantor kosong pekan ke-3 sampai ke-13; butuh 13 lagi untuk 13"
        )
        for day in ("2026-10-20", "2026-11-03"):
            planned(world, f"{day}T02:00:00Z")
        assert "kosong pekan ke-3, ke-5, ke-7, dan 6 pekan lain" in row(world).sentence
    with at("2026-12-10T01:00:00Z"):
        assert "kosong pekan ke-11, ke-12 dan ke-13" in row(world).sentence
    with at("2027-01-10T01:00:00Z"):
        assert pace(world).short_rows == []  # of a quarter that is over nothing can be filled


# What could fill them


def ideas(world: World, *, as_: Any = None) -> Suggestions:
    actor = world.as_(as_ or world.editor)
    return suggest(actor, world.office, get_quarter_pace(actor, world.office, Q4), clock.now())


def pitch(world: World, title: str) -> Any:
    return send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent(title)
    )


def test_undated_posts_and_open_pitches_are_offered_and_nothing_is_done(world: World, at: At) -> None:
    with at(NOW):
        waiting = planned(world, title="Menunggu waktu")
        other = planned(world, account="x", title="Kanal tanpa kekurangan")
        new, parked = pitch(world, "Usulan baru"), pitch(world, "Usulan disimpan")
        move_pitch(parked, PitchMove.PARK, actor=world.as_(world.editor), reason="Nanti")
        db.session.commit()
        assert ideas(world) == Suggestions()  # nothing is missing: nothing is suggested
        slots(world, (2, NINE), (4, NINE), quota=1)
        planned(world, "2026-10-16T02:00:00Z")  # this week is full, and Friday's slot is taken
        versions = waiting.row_version, new.row_version
        found = ideas(world)
        (offered,) = found.posts
        assert offered.post_id == waiting.id != other.id
        assert offered.slot == datetime(
            2026, 10, 21, 2, tzinfo=UTC
        )  # not this Wednesday: its week lacks nothing
        assert offered.week is not None and offered.week.number == 4
        assert [p.pitch.id for p in found.pitches] == [new.id, parked.id]
        # The post fills week 4; the ideas get the gaps after it, each with a slot of its own.
        assert [(p.account, p.week.number, p.slot) for p in found.pitches if p.week] == [
            (world.instagram, number, datetime(2026, month, day, 2, tzinfo=UTC))
            for number, month, day in ((5, 10, 28), (6, 11, 4))
        ]
        db.session.expire_all()
        assert (waiting.scheduled_at, (waiting.row_version, new.row_version)) == (None, versions)


def test_each_offered_post_gets_a_slot_of_its_own(world: World, at: At) -> None:
    with at(NOW):
        for number in range(5):
            planned(world, title=f"Menunggu {number}")
        slots(world, (2, NINE), quota=1)
        found = ideas(world).posts
        assert len(found) == 3
        assert [p.week.number for p in found if p.week] == [3, 4, 5]
        assert len({p.slot for p in found}) == 3
        slots(world, quota=1)
        # Without posting times a person picks the hour; which week lacks a post is said all the same.
        assert [(p.slot, p.week.number) for p in ideas(world).posts if p.week] == [
            (None, 3),
            (None, 4),
            (None, 5),
        ]


def test_an_idea_is_paired_with_the_week_in_which_it_happens(world: World, at: At) -> None:
    with at(NOW):
        dated = send_pitch(
            actor=world.as_(world.contributor), office_id=world.office.id,
            content=PitchContent("Kemarin", happened_on=date(2026, 10, 13)),
        )  # fmt: skip
        others = [pitch(world, f"Kapan saja {n}") for n in range(2)]
        slots(world, (2, NINE), (4, NINE), quota=1)
        found = {p.pitch.id: p for p in ideas(world).pitches}
        assert found[dated.id].week is not None and found[dated.id].week.number == 3
        assert found[dated.id].slot == datetime(2026, 10, 14, 2, tzinfo=UTC)
        assert {p.week.number for p in found.values() if p.week} == {3, 4, 5}
        slots(world, quota=1)  # no posting times: the week is named, the hour is a person's
        assert all(p.week and p.account and not p.slot for p in ideas(world).pitches)
        assert len(others) == 2


def test_no_slot_is_offered_before_the_embargo_of_the_post_ends(world: World, at: At) -> None:
    with at(NOW):
        waiting = planned(world, title="Embargo")
        slots(world, (2, NINE), (4, NINE), quota=1)
        for until, day in (("2026-10-16T02:00:00+00:00", 16), ("2026-10-16T02:00:01+00:00", 21)):
            waiting.story.embargo_until = datetime.fromisoformat(until)
            db.session.commit()
            (offered,) = ideas(world).posts
            assert offered.slot == datetime(2026, 10, day, 2, tzinfo=UTC)
        slots(world, quota=1)
        waiting.story.embargo_until = datetime(2026, 10, 27, tzinfo=UTC)
        db.session.commit()
        (offered,) = ideas(world).posts
        assert offered.week is not None and offered.week.number == 5


def test_what_waits_on_one_account_hides_nothing_of_another(world: World, at: At) -> None:
    with at(NOW):
        old = planned(world, account="facebook", title="Lama di Facebook")
        many(world, 160)  # sixteen of them without a time, newer, on web and instagram
        channels.set_slots(world.facebook, actor=None, slots=[], min_gap_minutes=60, weekly_quota=100)
        slots(world, quota=100)
        offered = ideas(world).posts
        assert [p.account.id for p in offered].count(world.instagram.id) == 3
        assert old.id in [p.post_id for p in offered]


def test_what_is_on_hold_is_not_offered(world: World, at: At) -> None:
    with at(NOW):
        waiting = planned(world, title="Ditunda")
        slots(world, quota=1)
        assert [p.post_id for p in ideas(world).posts] == [waiting.id]
        waiting.story.state = StoryState.ON_HOLD
        db.session.commit()
        assert ideas(world).posts == ()


def test_an_embargo_moves_a_post_to_the_week_and_the_slot_in_which_it_goes_out(world: World, at: At) -> None:
    account = slots(world, (2, NINE), gap=120)
    with at(NOW):
        post = planned(world, "2026-10-14T02:00:00Z")
        assert [c.week.number for c in row(world).cells if c.number] == [3]
        post.story.embargo_until = datetime(2026, 10, 21, 1, tzinfo=UTC)
        db.session.commit()
        assert [c.week.number for c in row(world).cells if c.number] == [4]
        # This Wednesday is free again; the next is too near to the end of the embargo.
        free = find_free_slots([account], world.office, clock.now()).list_free(account.id)
        assert [at_.day for _n, at_ in zip(range(2), free, strict=False)] == [14, 28]
    with at("2026-10-20T01:00:00Z"):
        assert [c.week.number for c in row(world).cells if c.number] == [4]  # its own time is over, it is not
        assert due_of(post) == db.session.scalar(
            select(due_at())
            .select_from(Post)
            .join(Story, Story.id == Post.story_id)
            .where(Post.id == post.id)
        )


def test_confidential_posts_and_others_pitches_are_not_offered_to_who_may_not_see_them(
    world: World, at: At
) -> None:
    with at(NOW):
        post = planned(world, title="Rahasia")
        post.story.is_confidential = True
        pitch(world, "Usulan orang lain")
        slots(world, (2, NINE), quota=1)
        assert ideas(world).posts == ()
        assert ideas(world, as_=world.other_contributor).pitches == ()


# Size


def many(world: World, count: int) -> None:
    """So many posts in the quarter, half of them with a time. Commits."""
    story_id = factory.story(world, commit=True).id
    start = datetime(2026, 10, 14, 3, tzinfo=UTC)
    accounts = [world.web, world.facebook, world.instagram, world.x]
    rows = [
        {"office_id": world.office.id, "story_id": story_id, "account_id": accounts[n % 4].id,
         "content_type_id": world.social.id, "scheduled_at": start + timedelta(minutes=20 * n) if n % 10 else None,
         "generation": 1, "row_version": 1, "created_at": clock.now()}
        for n in range(count)
    ]  # fmt: skip
    db.session.execute(insert(Post), rows)
    db.session.commit()


def test_the_number_of_statements_is_the_same_at_five_thousand_posts(
    world: World, at: At, statements: QueryCount
) -> None:
    target(world, instagram=2600, facebook=2600)
    slots(world, (2, NINE), (4, NINE), quota=400)
    actor = world.as_(world.editor)
    with at(NOW):
        measured, planned_posts = [], 0
        for count in (8, 4992):
            many(world, count)
            db.session.expire_all()
            _ = [world.office.id, world.office.timezone, world.office.zone_name]
            statements.reset()
            shown = get_quarter_pace(actor, world.office, Q4)
            suggest(actor, world.office, shown, clock.now())
            measured.append(len(statements))
            planned_posts = sum(r.number for r in shown.rows)
        assert planned_posts > 2400
        assert measured[0] == measured[1] <= 20


# Filters


def test_with_a_filter_only_such_posts_count_and_no_quota_is_held_against_them(world: World, at: At) -> None:
    slots(world, quota=2)
    with at(NOW):
        planned(world, "2026-10-20T02:00:00Z")
        inside = pace(world, pillar_ids=[world.pillar.id], section_ids=[world.section.id])
        outside = pace(world, section_ids=[world.other_section.id])
        assert [sum(r.number for r in p.rows) for p in (inside, outside)] == [1, 0]
        assert inside.is_narrowed
        assert inside.short_rows == []
        assert not pace(world).is_narrowed
        assert [r.account.id for r in pace(world, account_ids=[world.x.id]).rows] == [world.x.id]


# What the targets are


def test_only_the_offices_own_targets_in_force_are_asked(world: World, at: At) -> None:
    from decimal import Decimal

    from humasflow.scoring.enums import TargetScope
    from humasflow.scoring.queries.targets import TargetKey
    from humasflow.scoring.services.targets import TargetChange, set_target, set_targets

    scheme = target(world, instagram=26)
    with at("2026-09-20T01:00:00Z"):
        set_target(
            scheme, actor=world.admin, component_key="instagram", period=Q4, value=Decimal(99), letter="ND-2",
            scope=TargetScope.SECTION, scope_id=world.section.id,
        )  # fmt: skip
        db.session.commit()
        assert row(world).target == 26
        set_targets(
            scheme, actor=world.as_(world.admin), period=Q4, letter="", reason="Dicabut",
            changes=[TargetChange(TargetKey("instagram"), None)],
        )  # fmt: skip
        db.session.commit()
        assert row(world).target is None


def test_two_schemes_that_name_a_component_the_same_are_both_asked(world: World, at: At) -> None:
    from decimal import Decimal

    from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version

    target(world, instagram=26)
    second = create_scheme(world.office.id, actor=world.admin, name="Medsos")
    create_scheme_version(second, actor=world.admin, effective_from=Quarter(2020, 1), components=[
        ComponentSpec("Instagram", Decimal(100), key="instagram", channel_kinds=["x"]),
    ])  # fmt: skip
    set_targets(second, world, Q4.key, instagram=13)
    db.session.commit()
    with at("2026-09-20T01:00:00Z"):
        assert (row(world).target, row(world, world.x).target) == (26, 13)


def test_a_scheme_that_counts_by_months_is_named_and_breaks_nothing(world: World, at: At) -> None:
    from humasflow.core.periods import PeriodType

    scheme = target(world, instagram=26)
    scheme.period_type = PeriodType.MONTH
    db.session.commit()
    with at("2026-09-20T01:00:00Z"):
        found = pace(world)
        assert found.elsewhere == ((scheme.id, "Skema Uji", "per bulan"),)
        assert found.scheme_id is None
        assert row(world).target is None


@pytest.mark.parametrize("day", [7, 13])  # 12 October is the Monday of the present week
def test_an_adjustment_counts_at_once_and_for_no_account(world: World, at: At, day: int) -> None:
    from decimal import Decimal

    from humasflow.core import clock
    from humasflow.scoring.enums import Beneficiary
    from humasflow.scoring.models import LedgerEntry
    from humasflow.scoring.remaining import plan_quarter

    scheme = target(world, instagram=26)
    with at(NOW):
        gone_out(world, ["2026-10-05", "2026-10-06"])
        db.session.add(
            LedgerEntry(
                office_id=world.office.id, scheme_version_id=scheme.versions[0].id, component_key="instagram",
                subject_key="adjust:2026-TW4", beneficiary=Beneficiary.OFFICE, beneficiary_id=world.office.id, role="",
                share=Decimal(100), quantity=Decimal(3), sequence=1, deciding_date=date(2026, 10, day), period=Q4.key,
                stands_alone=True, reason="Terlambat dicatat", created_at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()
        (found,) = [
            r for r in plan_quarter(world.office.id, Q4, before=date(2026, 10, 12)).remaining
            if r.component.key == "instagram"
        ]  # fmt: skip
        assert (found.counted_before, found.missing) == (5, 21)
        assert found.by_account == {world.instagram.id: 2, 0: 3}
