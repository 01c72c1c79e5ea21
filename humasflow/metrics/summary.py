"""What the numbers of a period say: rates of posts, the best and the least of a pillar, when it went well. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from humasflow.core.localtime import to_local
from humasflow.core.periods import Period
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.queries import Received
from humasflow.metrics.rates import Rate, rate

BAND_HOURS: Final = 3
TONES: Final = 4  # steps of colour in the table of hours


@dataclass(frozen=True, slots=True)
class Rated:
    """A publication with its own rate; the value is None where nothing can be computed."""

    post: Received
    rate: Rate


@dataclass(frozen=True, slots=True)
class OfPillar:
    """The best and the least publication of a pillar by one formula; ``least`` is None with a single one. ``rated``:
    how many have a rate.
    """

    pillar: str
    rate: Rate
    best: Rated
    least: Rated | None
    rated: int


@dataclass(frozen=True, slots=True)
class HourCell:
    """Publications of a weekday and band of hours. ``tone``: 0 without a rate, else 1…TONES of the largest."""

    number: int
    rate: Rate
    tone: int


def rated(posts: Sequence[Received], formula: RateFormula) -> list[Rated]:
    """Each publication with its own rate."""
    return [Rated(post, rate(formula, [post.numbers])) for post in posts]


def by_pillar(posts: Sequence[Rated], formula: RateFormula) -> list[OfPillar]:
    """The pillars whose publications have rates, by name; those without a pillar come last under an empty name.

    Of equal rates the newer publication is named.
    """
    groups: dict[str, list[Rated]] = defaultdict(list)
    for item in posts:
        if item.rate.value is not None:
            groups[item.post.pillar].append(item)
    found = []
    for pillar, items in sorted(groups.items(), key=lambda pair: (not pair[0], pair[0])):
        ordered = sorted(items, key=_value)
        least, best = ordered[0], max(items, key=_value)
        whole = rate(formula, (i.post.numbers for i in items))
        found.append(OfPillar(pillar, whole, best, least if least is not best else None, len(items)))
    return found


def _value(item: Rated) -> Fraction:
    return item.rate.value or Fraction(0)


def by_hour(posts: Sequence[Received], formula: RateFormula, zone_name: str) -> list[list[HourCell]]:
    """Seven weekdays (Monday first) of eight bands of three hours each, on the office's clock."""
    groups: dict[tuple[int, int], list[Received]] = defaultdict(list)
    for post in posts:
        groups[_place(post.published_at, zone_name)].append(post)
    rates = {place: rate(formula, (p.numbers for p in items)) for place, items in groups.items()}
    most = max((r.value for r in rates.values() if r.value is not None), default=Fraction(0))
    nothing = rate(formula, [])
    return [
        [
            HourCell(
                len(groups.get((day, band), [])),
                found := rates.get((day, band), nothing),
                _tone(found.value, most),
            )
            for band in range(24 // BAND_HOURS)
        ]
        for day in range(7)
    ]


def _place(instant: datetime, zone_name: str) -> tuple[int, int]:
    local = to_local(instant, zone_name)
    return local.weekday(), local.hour // BAND_HOURS


def _tone(value: Fraction | None, most: Fraction) -> int:
    if value is None:
        return 0
    return 1 if not most else max(1, -(-value * TONES // most))


def by_period(
    posts: Sequence[Received], periods: Sequence[Period], formula: RateFormula, zone_name: str
) -> list[Rate]:
    """The rate of each period, of what went live in it."""
    return [
        rate(
            formula,
            (p.numbers for p in posts if to_local(p.published_at, zone_name).date() in period),
        )
        for period in periods
    ]


def trailing_mean(earlier: Sequence[Rate]) -> Fraction | None:
    """The office's own measure: the mean of the earlier periods' rates that are known, each period alike."""
    known = [r.value for r in earlier if r.value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
