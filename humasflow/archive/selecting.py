"""Which rows go into the archive of an office: its own, and by name what they point at elsewhere.

Works on a bare connection to a snapshot; nothing of it is loaded into the session.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, false, or_, select

from humasflow.archive.catalogue import (
    CATALOGUE,
    FOLLOWED,
    KEPT_REFERENCES,
    SOFT_PEOPLE,
    Either,
    Never,
    Own,
    People,
    Rule,
    Through,
    exported,
)
from humasflow.core.db import Base

_AT_ONCE = 5000  # ids a statement


def table_named(name: str) -> Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def key_of(table: Table) -> Column[Any]:
    """The one column of a table that others point at."""
    return next(iter(table.primary_key.columns))


def target_of(column: Column[Any]) -> Table | None:
    """The table that a column by itself points at; None for none, and for one that others help to point."""
    for constraint in column.table.foreign_key_constraints:
        if len(constraint.elements) == 1 and constraint.elements[0].parent is column:
            return constraint.referred_table
    return None


@dataclass
class Selection:
    """The rows of an archive. ``offices``: ids of the offices in it. ``guests``: rows of others that come along for
    their name. ``cut``: per column the ids that it points at and that stay behind.
    """

    offices: Sequence[int]
    guests: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    cut: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def own(self, table: Table) -> ColumnElement[bool]:
        """The condition for rows that belong to the offices. Raises KeyError for a table that nobody decided."""
        return self._by(table, CATALOGUE[table.name])

    def _by(self, table: Table, rule: Rule) -> ColumnElement[bool]:
        if isinstance(rule, Own):
            return or_(*(table.c[name].in_(self.offices) for name in rule.columns))
        if isinstance(rule, Through):
            parent = table_named(rule.parent)
            return table.c[rule.column].in_(select(key_of(parent)).where(self.own(parent)))
        if isinstance(rule, Either):
            return or_(*(self._by(table, way) for way in rule.ways))
        if isinstance(rule, People):
            grant = table_named("role_grant")
            return key_of(table).in_(select(grant.c.user_id).where(self.own(grant)))
        return false()

    def all_of(self, table: Table) -> ColumnElement[bool]:
        """The condition for everything of a table that goes into the archive."""
        guests = self.guests.get(table.name)
        return or_(self.own(table), key_of(table).in_(sorted(guests))) if guests else self.own(table)


def select_rows(connection: Connection, offices: Sequence[int]) -> Selection:
    """Find out what goes along for its name and what is cut. A fixed number of statements for each turn; references
    between offices are few.
    """
    found = Selection(sorted(offices))
    fresh: dict[str, set[int]] = defaultdict(set)
    for name in exported():
        table = table_named(name)
        for column in table.columns:
            target = target_of(column)
            if target is not None and not isinstance(CATALOGUE[target.name], Never):
                _look(connection, found, column, target, fresh)
        for soft, rule in SOFT_PEOPLE.items():
            if soft.partition(".")[0] == name:
                fresh["app_user"] |= _soft(connection, found, table, soft.partition(".")[2], rule)
    while fresh:
        for name, ids in fresh.items():
            found.guests[name] |= ids
        fresh = _needed_by(connection, found, fresh)
    return found


def _look(
    connection: Connection, found: Selection, column: Column[Any], target: Table, fresh: dict[str, set[int]]
) -> None:
    """Ids that the offices' rows point at and that are not theirs."""
    table: Table = column.table
    own = select(key_of(target)).where(found.own(target))
    statement = select(column).where(found.own(table), column.is_not(None), column.not_in(own)).distinct()
    ids = set(connection.scalars(statement))
    if not ids:
        return
    if target.name in FOLLOWED or not column.nullable:
        fresh[target.name] |= ids
    else:
        found.cut[f"{table.name}.{column.name}"] |= ids


def _soft(
    connection: Connection, found: Selection, table: Table, name: str, rule: tuple[str, str] | None
) -> set[int]:
    """People whom a column names without saying so to the database; who does not exist is no matter."""
    people = table_named("app_user")
    column = table.c[name]
    conditions = [found.own(table), column.is_not(None)]
    if rule is not None:
        conditions.append(table.c[rule[0]] == rule[1])
    named = select(column).where(and_(*conditions))
    return set(connection.scalars(select(people.c.id).where(people.c.id.in_(named), ~found.own(people))))


def _needed_by(connection: Connection, found: Selection, fresh: dict[str, set[int]]) -> dict[str, set[int]]:
    """What rows that came along for their name cannot be without."""
    needed: dict[str, set[int]] = defaultdict(set)
    for name, ids in fresh.items():
        table = table_named(name)
        for column in table.columns:
            target = target_of(column)
            kept = f"{name}.{column.name}" in KEPT_REFERENCES
            if target is None or (column.nullable and not kept):
                continue
            if isinstance(CATALOGUE[target.name], Never):
                continue
            known = found.guests[target.name]
            for some in _portions(ids):
                wanted = select(column).where(key_of(table).in_(some), column.is_not(None))
                own = select(key_of(target)).where(found.own(target))
                needed[target.name] |= set(connection.scalars(wanted.where(column.not_in(own)))) - known
    return {name: ids for name, ids in needed.items() if ids}


def _portions(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return [ordered[first : first + _AT_ONCE] for first in range(0, len(ordered), _AT_ONCE)]
