"""Which seat a person fills, and when a step is complete: known answers, and answers that hold for anything."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.approvals.enums import StepRule, StepScope
from humasflow.approvals.seats import choose_seat, fillable, is_complete, place_of, still_open

ALL, ANY = StepRule.ALL, StepRule.ANY


@dataclass(frozen=True)
class S:
    askee: int
    seat: int = 1
    scope: StepScope = StepScope.OFFICE


@pytest.mark.parametrize(
    ("filled", "rule", "complete"),
    [
        ([], ANY, False), ([(1, 1)], ANY, True), ([(2, 1)], ANY, False), ([(2, 1), (2, 2)], ANY, True),
        ([(1, 1)], ALL, False), ([(1, 1), (2, 1)], ALL, False), ([(1, 1), (2, 1), (2, 2)], ALL, True),
    ],
)  # fmt: skip
def test_a_step_is_complete_when_its_rule_is_met(
    filled: list[tuple[int, int]], rule: StepRule, complete: bool
) -> None:
    seats = [S(1), S(2, 1), S(2, 2)]
    assert is_complete(seats, filled, rule) is complete
    assert bool(still_open(seats, filled, rule)) is not complete


def test_who_fits_two_seats_takes_the_one_nobody_else_could_fill() -> None:
    group, office = S(1, scope=StepScope.GROUP), S(2, scope=StepScope.OFFICE)
    people = {place_of(group): (1, 2), place_of(office): (1,)}
    assert choose_seat([group, office], 1, lambda s: people[place_of(s)], one_each=True) == office
    assert choose_seat([group, office], 2, lambda s: people[place_of(s)], one_each=True) == group
    assert choose_seat([group, office], 3, lambda s: people[place_of(s)], one_each=True) is None


def test_between_equal_seats_the_narrower_one_is_taken() -> None:
    office, person = S(1, scope=StepScope.OFFICE), S(2, scope=StepScope.PERSON)
    assert choose_seat([office, person], 1, lambda _s: (1, 2), one_each=True) == person


PEOPLE = st.lists(st.lists(st.integers(1, 5), max_size=5, unique=True), min_size=1, max_size=5)


@given(PEOPLE)
def test_nobodys_haste_makes_a_step_that_could_be_finished_unfinishable(people: list[list[int]]) -> None:
    """Whoever comes first, and however they come: as many seats are filled as could be filled at best."""
    seats = [S(n) for n in range(1, len(people) + 1)]
    asked = {place_of(s): people[s.askee - 1] for s in seats}
    best = fillable(asked)
    done: set[int] = set()
    free = list(seats)
    for person in range(1, 6):
        chosen = choose_seat(
            free, person, lambda s: [p for p in asked[place_of(s)] if p not in done], one_each=True
        )
        if chosen is not None:
            rest = {
                place_of(s): [p for p in asked[place_of(s)] if p not in done | {person}]
                for s in free
                if s != chosen
            }
            before = {place_of(s): [p for p in asked[place_of(s)] if p not in done] for s in free}
            assert 1 + fillable(rest) == fillable(before)  # type: ignore[arg-type]
            free = [s for s in free if s != chosen]
            done.add(person)
    assert len(seats) - len(free) == best


@given(PEOPLE)
def test_the_largest_matching_is_the_largest(people: list[list[int]]) -> None:
    asked = {(n, 1): ids for n, ids in enumerate(people)}

    def best(left: list[list[int]], used: frozenset[int]) -> int:
        if not left:
            return 0
        skip = best(left[1:], used)
        return max([skip, *(1 + best(left[1:], used | {p}) for p in left[0] if p not in used)])

    assert fillable(asked) == best(people, frozenset())
