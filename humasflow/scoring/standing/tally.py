"""Numbers by state of the point, as each page that divides a period shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from humasflow.scoring.enums import PointState
from humasflow.scoring.models import Component, SchemeVersion, Target

NONE = Decimal(0)

Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True)
class Tally:
    """Publications or points. Only ``verified`` is the official-looking number; the others stand beside it."""

    verified: Decimal = NONE
    unverified: Decimal = NONE
    disputed: Decimal = NONE

    @property
    def live(self) -> Decimal:
        """All that is live and not questioned."""
        return self.verified + self.unverified

    def __bool__(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.verified or self.unverified or self.disputed)

    def plus(self, other: "Tally", sign: int = 1) -> "Tally":
        """Both together."""
        return Tally(
            self.verified + sign * other.verified,
            self.unverified + sign * other.unverified,
            self.disputed + sign * other.disputed,
        )


EMPTY = Tally()


def tally_of(by_state: Mapping[PointState, Decimal]) -> Tally:
    """States as a tally; what was reversed is in none."""
    return Tally(
        by_state.get(PointState.VERIFIED, NONE),
        by_state.get(PointState.LIVE_UNVERIFIED, NONE),
        by_state.get(PointState.DISPUTED, NONE),
    )


def tallies(
    rows: Iterable[tuple[Owner, PointState, Decimal | int]],
) -> dict[Owner, Tally]:
    """Rows of an owner, a state and a number, added up by owner."""
    by_owner: dict[Owner, dict[PointState, Decimal]] = {}
    for owner, state, number in rows:
        states = by_owner.setdefault(owner, {})
        states[state] = states.get(state, NONE) + number
    return {owner: tally_of(states) for owner, states in by_owner.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one owner has under one component, and what it should have."""

    component: Component
    tally: Tally
    target: Target | None = None

    @property
    def wanted(self) -> Decimal | None:
        """The target as a number; of a range its lower end."""
        return self.target.value if self.target else None

    @property
    def gap(self) -> Decimal | None:
        """What is missing to the target by everything that is live; None without one."""
        return None if self.wanted is None else max(self.wanted - self.tally.live, NONE)


def counting(version: SchemeVersion) -> list[Component]:
    """The components that publications bring forward: what is measured has no section and no maker."""
    return [c for c in version.components if c.kind.counts_posts]
