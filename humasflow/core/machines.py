"""State machines as data: one table a machine, asked by services, buttons and the generated documentation alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


class IllegalMove(Exception):
    """The machine has no such move from this state."""

    def __init__(self, move: StrEnum, state: StrEnum) -> None:
        super().__init__(f"{move} is not possible from {state}")
        self.move = move
        self.state = state


@dataclass(frozen=True)
class Transition(Generic[S]):
    """From any of ``sources`` to ``target``; with ``needs_reason`` a typed reason is required."""

    sources: frozenset[S]
    target: S
    needs_reason: bool = False


def from_states(*sources: S, to: S, needs_reason: bool = False) -> Transition[S]:
    """A row of a table."""
    return Transition(frozenset(sources), to, needs_reason)


@dataclass(frozen=True)
class Machine(Generic[S, M]):
    """A named table of moves."""

    name: str
    initial: S
    table: Mapping[M, Transition[S]]

    def target(self, state: S, move: M) -> S:
        """Where the move leads. Raises :class:`IllegalMove`."""
        transition = self.table[move]
        if state not in transition.sources:
            raise IllegalMove(move, state)
        return transition.target

    def allows(self, state: S, move: M) -> bool:
        """Whether the move exists from this state."""
        return state in self.table[move].sources

    def moves_from(self, state: S) -> Iterable[M]:
        """All moves from a state, in the order of the table."""
        return [m for m, t in self.table.items() if state in t.sources]

    def needs_reason(self, move: M) -> bool:
        """Whether a person must say why."""
        return self.table[move].needs_reason
