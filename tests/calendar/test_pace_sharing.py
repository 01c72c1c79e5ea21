"""What the targets miss, shared out: nothing is lost, nothing asked twice, over any accounts, targets and plans."""

from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.calendar.pace.quotas import office_quota, quota_of
from humasflow.calendar.pace.sharing import Part, share_out, split, sum_apart
from humasflow.calendar.pace.weeks import weeks_of
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.periods import Quarter
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component
from humasflow.scoring.remaining import Remaining

WEEKS = weeks_of(Quarter(2026, 4))
TYPES = ("a", "b", "c", "d")
INSTAGRAM = "instagram"


def component(key: str, *types: str) -> Component:
    return Component(
        key=key,
        label=key,
        kind=ComponentKind.COUNT_RATIO,
        content_types=list(types),
        channel_kinds=[INSTAGRAM],
        account_ids=[],
    )


def accounts(*quotas: int | None) -> list[ChannelAccount]:
    kind = ChannelKind(code=INSTAGRAM)
    return [ChannelAccount(id=n, kind=kind, weekly_quota=quota) for n, quota in enumerate(quotas, start=1)]


def part(types: frozenset[str], number: int, key: str = "") -> Part:
    return Part(key=key, label=key, types=types, wanted=number, evenly=number, asked=number, short=number)


def disjoint(parts: Any) -> bool:
    return all(a.types and b.types and not a.types & b.types for a, b in combinations(parts, 2))


@given(st.lists(st.tuples(st.frozensets(st.sampled_from(TYPES), max_size=3), st.integers(0, 40)), max_size=7))
def test_the_sum_apart_is_the_largest_over_parts_that_do_not_meet(
    found: list[tuple[frozenset[str], int]],
) -> None:
    parts = [part(types, number, str(n)) for n, (types, number) in enumerate(found)]
    slow = max(
        sum(p.wanted for p in chosen)
        for size in range(len(parts) + 1)
        for chosen in combinations(parts, size)
        if disjoint(chosen)
    )
    assert sum_apart({p: p.wanted for p in parts}) == slow


def test_parts_that_only_a_third_one_joins_both_count() -> None:
    photo, both, video = (frozenset(x) for x in ("a", "ab", "b"))
    assert sum_apart({part(t, n, str(n)): n for t, n in ((photo, 10), (both, 12), (video, 9))}) == 19


@settings(max_examples=120)
@given(
    target=st.integers(0, 200),
    counted=st.lists(st.integers(0, 60), min_size=1, max_size=4),
    filled=st.lists(st.integers(0, 60), min_size=4, max_size=4),
    first=st.integers(0, 12),
)
def test_what_is_short_is_what_all_together_lack_and_the_open_weeks_ask_exactly_that(
    target: int, counted: list[int], filled: list[int], first: int
) -> None:
    bearers = accounts(*[None] * len(counted))
    opened = WEEKS[first:]
    r = Remaining(component("ig"), target, {a.id: n for a, n in zip(bearers, counted, strict=True)})
    since = {a.id: {"a": n} for a, n in zip(bearers, filled, strict=False)}
    parts = share_out(bearers, [r], since, len(opened))
    brought = sum(n for n, _a in zip(filled, bearers, strict=False))
    assert sum(p.short for (p,) in parts.values()) == max(r.missing - brought, 0)
    for account in bearers:
        (own,) = parts[account.id]
        quota = quota_of(parts[account.id], WEEKS, opened)
        planned = since[account.id]["a"]
        assert sum(quota.asked_in(w) or 0 for w in opened) == own.asked
        assert own.short == max(
            own.asked - planned, 0
        )  # no cell asks what the account as a whole does not lack
        assert quota.weekly == -(-own.asked // max(Fraction(sum(w.days for w in opened), 7), Fraction(1)))
        over = quota_of(parts[account.id], WEEKS, [])
        assert sum(over.asked_in(w) or 0 for w in WEEKS) == own.evenly
    nothing_yet = share_out(bearers, [r], {}, len(opened))
    asked = [quota_of(nothing_yet[a.id], WEEKS, opened) for a in bearers]
    assert sum(q.asked_in(w) or 0 for q in asked for w in opened) == r.missing


@given(weekly=st.integers(0, 60))
def test_what_the_office_set_is_asked_thirteen_times(weekly: int) -> None:
    quota = office_quota(weekly, WEEKS)
    assert sum(quota.asked_in(w) or 0 for w in WEEKS) == quota.target == quota.missing(0) == 13 * weekly


@given(whole=st.integers(0, 500), ids=st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True))
def test_nothing_is_lost_when_split(whole: int, ids: list[int]) -> None:
    parts = split(whole, ids)
    assert sum(parts.values()) == whole
    assert max(parts.values()) - min(parts.values()) <= 1


def test_what_a_fixed_account_brings_is_taken_off_by_component() -> None:
    bearers = accounts(None, 2)  # the second one brings 20 in ten weeks
    photo, video = Remaining(component("foto", "a"), 30), Remaining(component("video", "b"), 10)
    everything = Remaining(component("semua"), 40)

    def missing(remaining: list[Remaining], since: dict[int, dict[str, int]]) -> list[int]:
        return [p.asked for p in share_out(bearers, remaining, since, 10)[1]]

    assert missing([photo, video], {}) == [15, 5]  # three quarters of it are for the larger one
    assert missing([everything], {}) == [20]
    assert missing([everything], {2: {"a": 33}}) == [7]  # more than its quota is planned already
    assert set(share_out(bearers, [photo], {}, 10)) == {1}
    assert share_out(accounts(2), [photo], {}, 10) == {}
