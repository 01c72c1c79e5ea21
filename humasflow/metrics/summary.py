"""What the numbers of a period say: its rate, the best and the least of a pillar, when it went well. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final

from humasflow.core.localtime import to_local
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.queries import Measured, Received
from humasflow.metrics.rates import Adding, Rate, rate

BAND_HOURS: Final = 3
TONES: Final = 4  # steps of colour in the table of hours


@dataclass(frozen=True, slots=True)
class Rated:
    """A publication with its own rate; the value is None where nothing can be computed."""

    post: Received
    rate: Rate


@dataclass(frozen=True, slots=True)
class Extreme:
    """A publication that stands out, by its id, and its rate. Of equal rates the newer one is named."""

    delivery_id: int
    published_at: datetime
    value: Fraction

    def is_before(self, other: "Extreme", *, by: int) -> bool:
        """Whether this one is named instead of the other; ``by``: 1 for the best, -1 for the least."""
        if self.value != other.value:
            return (self.value - other.value) * by > 0
        return (self.published_at, self.delivery_id) > (other.published_at, other.delivery_id)


@dataclass(frozen=True, slots=True)
class OfPillar:
    """The best and the least publication of a pillar by one formula; ``least`` is None where all are the best.
    ``pillar_id`` is None for those without a pillar; ``rate``: over all of it that have one.
    """

    pillar_id: int | None
    rate: Rate
    best: Extreme
    least: Extreme | None


@dataclass(frozen=True, slots=True)
class HourCell:
    """Publications of a weekday and band of hours. ``tone``: 0 without a rate, else 1…TONES of the largest."""

    number: int
    rate: Rate
    tone: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A period: how many publications, how many of them nobody read a number of, the rate over all, pillars in no
    order, and seven weekdays (Monday first) of eight bands of three hours each, on the office's clock.
    """

    total: int
    unread: int
    rate: Rate
    pillars: Sequence[OfPillar]
    hours: Sequence[Sequence[HourCell]]

    @property
    def bands(self) -> range:
        """From the first band of hours in which anything went live on any weekday to the last one."""
        used = [band for row in self.hours for band, cell in enumerate(row) if cell.number]
        return range(min(used), max(used) + 1) if used else range(len(self.hours[0]))


@dataclass(slots=True)
class _Pillar:
    whole: Adding
    best: Extreme
    least: Extreme

    def see(self, one: Extreme) -> None:
        if one.is_before(self.best, by=1):
            self.best = one
        if one.is_before(self.least, by=-1):
            self.least = one


@dataclass(slots=True)
class _Hours:
    """By weekday and band."""

    formula: RateFormula
    zone_name: str
    found: dict[tuple[int, int], Adding] = field(default_factory=dict)

    def add(self, post: Measured) -> None:
        local = to_local(post.published_at, self.zone_name)
        place = local.weekday(), local.hour // BAND_HOURS
        if place not in self.found:
            self.found[place] = Adding(self.formula)
        self.found[place].add(post.numbers)

    def table(self) -> list[list[HourCell]]:
        rates: Mapping[tuple[int, int], Rate] = defaultdict(
            Adding(self.formula).rate, {place: adding.rate() for place, adding in self.found.items()}
        )
        most = max((r.value for r in rates.values() if r.value is not None), default=Fraction(0))
        return [[_cell(rates[day, band], most) for band in range(24 // BAND_HOURS)] for day in range(7)]


def summarise(posts: Iterable[Measured], formula: RateFormula, zone_name: str) -> Summary:
    """A period's publications, seen once each; only sums are kept of them."""
    whole, hours, unread = Adding(formula), _Hours(formula, zone_name), 0
    pillars: dict[int | None, _Pillar] = {}
    for post in posts:
        whole.add(post.numbers)
        hours.add(post)
        unread += not post.is_read
        value = rate(formula, [post.numbers]).value
        if value is None:
            continue
        one = Extreme(post.delivery_id, post.published_at, value)
        pillar = pillars.setdefault(post.pillar_id, _Pillar(Adding(formula), one, one))
        pillar.whole.add(post.numbers)
        pillar.see(one)
    found = [
        OfPillar(ident, p.whole.rate(), p.best, None if p.best is p.least else p.least)
        for ident, p in pillars.items()
    ]
    return Summary(whole.seen, unread, whole.rate(), found, hours.table())


def rated(posts: Sequence[Received], formula: RateFormula) -> list[Rated]:
    """Each publication with its own rate."""
    return [Rated(post, rate(formula, [post.numbers])) for post in posts]


def trailing_mean(earlier: Sequence[Rate]) -> Fraction | None:
    """The office's own measure: the mean of the earlier periods' rates that are known, each period alike."""
    known = [r.value for r in earlier if r.value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _cell(found: Rate, most: Fraction) -> HourCell:
    return HourCell(found.posts + found.left_out, found, _tone(found.value, most))


def _tone(value: Fraction | None, most: Fraction) -> int:
    if value is None:
        return 0
    return 1 if not most else max(1, -(-value * TONES // most))
