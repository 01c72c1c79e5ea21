"""What is known of a component in a period, as plain numbers: shown now, and kept when the period is closed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from humasflow.scoring.calculation import CadenceFacts, ComponentResult, Outcome
from humasflow.scoring.enums import ComponentKind, Polarity

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TargetShown:
    """A target in force; with ``upper`` a range. ``letter``: where the number comes from."""

    value: Decimal
    upper: Decimal | None
    letter: str


@dataclass(frozen=True, slots=True)
class MixShown:
    """A part of the publications that must be there beside the total: a pillar or a kind of content.

    ``live``: verified or not, not questioned; ``unverified``: what of it nobody has confirmed yet.
    """

    label: str
    target: Decimal
    live: Decimal
    unverified: Decimal

    @property
    def verified(self) -> Decimal:
        """The official-looking number."""
        return self.live - self.unverified

    def is_reached(self, *, counts_unverified: bool) -> bool:
        """Whether it is there by what counts: what is verified, or what is live where the component takes that."""
        return (self.live if counts_unverified else self.verified) >= self.target

    @property
    def is_reached_live(self) -> bool:
        """Whether it would be there if everything live were verified."""
        return self.live >= self.target


@dataclass(frozen=True, slots=True)
class UnitShown:
    """One week (or day) of a cadence: publications by state."""

    start: date
    end: date
    verified: int
    live: int  # verified included
    planned: int
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One component. Amounts are publications, or points where the component is of that kind.

    ``gap``: what is missing to the target with all that is live (None: nothing to miss). ``pace``: how much a week
    would close it; ``per_week`` the same as a whole number; ``weeks_each``: "one every n weeks", where less than one a
    week is enough. ``result``: by what counts now; ``live_result``: if everything live were verified;
    ``projected_result``: if what is scheduled and in review came out as well.
    """

    key: str
    label: str
    kind: ComponentKind
    weight: Decimal
    polarity: Polarity
    target: TargetShown | None
    verified: Decimal
    unverified: Decimal
    disputed: Decimal
    scheduled: Decimal
    review: Decimal
    writing: Decimal
    result: ComponentResult
    live_result: ComponentResult
    projected_result: ComponentResult
    gap: Decimal | None
    pace: Decimal | None
    per_week: int | None
    weeks_each: int | None
    minimum: int = 0  # of a cadence: publications in each unit
    units: tuple[UnitShown, ...] = ()
    unit_is_day: bool = False
    mix: tuple[MixShown, ...] = ()

    @property
    def target_value(self) -> Decimal:
        """The target as a number; 0 when there is none."""
        return self.target.value if self.target else ZERO

    @property
    def live(self) -> Decimal:
        """All that is live and not questioned."""
        return self.verified + self.unverified

    @property
    def coming(self) -> Decimal:
        """What is agreed or being decided: scheduled, in review, or ready without a time."""
        return self.scheduled + self.review

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing, and a range is not left, with all that is live."""
        if self.gap is not None:
            return self.gap == 0 and not self.is_above_range
        return self.live_result.explanation.is_met

    @property
    def is_settled(self) -> bool:
        """Whether it is met already, and not only once what is live is verified."""
        waits = self.live_result.explanation.is_met and not self.result.explanation.is_met
        return self.is_met and not waits

    @property
    def is_above_range(self) -> bool:
        """Whether there is more than a range asks for."""
        upper = self.target.upper if self.target else None
        return self.polarity is Polarity.STABILISE and upper is not None and self.live > upper

    @property
    def counts_posts(self) -> bool:
        """Whether publications bring it forward."""
        return self.kind.counts_posts

    @property
    def is_unmeasured(self) -> bool:
        """Whether it waits for somebody to enter what no publication tells."""
        return not self.kind.counts_posts and self.result.outcome is Outcome.NO_DATA

    @property
    def units_met(self) -> int:
        """Weeks (or days) that reached the minimum with all that is live."""
        return sum(unit.live >= self.minimum for unit in self.units)

    @property
    def units_verified(self) -> int:
        """Those of them that would have reached it without what nobody verified yet."""
        return sum(unit.verified >= self.minimum for unit in self.units)

    @property
    def units_counted(self) -> int:
        """Weeks (or days) that are over, or have reached the minimum already."""
        return sum(unit.is_over or unit.live >= self.minimum for unit in self.units)

    @property
    def units_settled(self) -> tuple[int, int]:
        """By what counts now: how many weeks (or days) reached the minimum, and of how many."""
        facts = self.result.explanation.facts
        counts = facts.counts if isinstance(facts, CadenceFacts) else ()
        return sum(count >= self.minimum for count in counts), len(counts)

    @property
    def running_unit(self) -> UnitShown | None:
        """The first week (or day) that is not over, None after the last."""
        return next((unit for unit in self.units if not unit.is_over), None)
