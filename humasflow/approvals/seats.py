"""The seats of a step: which are open, when the step is complete, and which one a person's agreement fills.

Pure: no database. A step may ask several at the same time; one person fills one seat, so it matters which.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from humasflow.approvals.enums import StepRule, StepScope

# The narrower the seat, the sooner it is filled by somebody who fits several.
_NARROWNESS = {
    StepScope.GUEST: 0, StepScope.PERSON: 0, StepScope.GROUP: 1, StepScope.SECTION: 2, StepScope.OFFICE: 3,
}  # fmt: skip

Place = tuple[int, int]  # askee, seat


class Seat(Protocol):
    """One agreement that a step asks for."""

    @property
    def askee(self) -> int:
        """Seats with one number belong together."""

    @property
    def seat(self) -> int:
        """Counted within the askee."""

    @property
    def scope(self) -> StepScope:
        """Whom it stands for."""


def place_of(seat: Seat) -> Place:
    """Where a seat is within its step."""
    return seat.askee, seat.seat


def is_complete(seats: Sequence[Seat], filled: Iterable[Place], rule: StepRule) -> bool:
    """Whether a step has what it asks for: one askee's full agreement, or everybody's."""
    done = set(filled)
    askees: dict[int, bool] = {}
    for seat in seats:
        askees[seat.askee] = askees.get(seat.askee, True) and place_of(seat) in done
    return any(askees.values()) if rule is StepRule.ANY else all(askees.values())


def still_open(seats: Sequence[Seat], filled: Iterable[Place], rule: StepRule) -> list[Seat]:
    """The seats whose agreement would still count."""
    done = set(filled)
    if is_complete(seats, done, rule):
        return []
    return [s for s in seats if place_of(s) not in done]


def choose_seat(
    open_seats: Sequence[Seat], user_id: int, people: Callable[[Seat], Sequence[int]], *, one_each: bool
) -> Seat | None:
    """The seat that a person's agreement fills; None when they are not asked.

    With ``one_each`` (four eyes) nobody fills two seats: the person takes the seat that leaves the most other seats
    for which somebody else is there, so that nobody's haste leaves a step that no one can finish.
    """
    mine = [s for s in open_seats if user_id in people(s)]
    if not mine:
        return None

    def cost(seat: Seat) -> tuple[int, int, Place]:
        rest = [s for s in open_seats if s is not seat]
        left = {place_of(s): [p for p in people(s) if p != user_id] for s in rest}
        return (len(rest) - fillable(left) if one_each else 0, _NARROWNESS[seat.scope], place_of(seat))

    return min(mine, key=cost)


def fillable(people: Mapping[Place, Sequence[int]]) -> int:
    """How many seats can be filled when nobody fills two: a largest matching, by augmenting paths (Kuhn)."""
    taken: dict[int, Place] = {}

    def place(seat: Place, tried: set[int]) -> bool:
        for person in people[seat]:
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or place(taken[person], tried):
                taken[person] = seat
                return True
        return False

    return sum(place(seat, set()) for seat in people)
