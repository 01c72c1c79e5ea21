"""Keyset paging: constant cost on page 1 and on page 10,000.

A cursor is the sort key of the last row shown: ``<value>~<id>``. The order is newest or oldest first with the id as the
tie-breaker, so no row is shown twice or skipped when others are added meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

PAGE_SIZE = 50

T = TypeVar("T")
Row = TypeVar("Row", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows; ``next`` is the cursor of the following page or None at the end."""

    items: Sequence[T]
    next: str | None

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def encode_cursor(instant: datetime, row_id: int) -> str:
    """The cursor after this row."""
    return f"{int(instant.timestamp() * 1_000_000)}~{row_id}"


def decode_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """The key in a cursor; a damaged cursor starts from the top."""
    if not cursor:
        return None
    micros, _, row_id = cursor.partition("~")
    try:
        key = datetime.fromtimestamp(int(micros) / 1_000_000, UTC), int(row_id)
    except (ValueError, OverflowError, OSError):
        return None
    return key if abs(key[1]) < 2**63 else None  # no database takes a larger number


def newest_first(
    statement: Select[Row],
    instant: InstrumentedAttribute[Any],
    row_id: InstrumentedAttribute[int],
    cursor: str | None,
    size: int = PAGE_SIZE,
) -> Select[Row]:
    """Order newest first, start after the cursor, and read one row more than a page to know whether there is more."""
    key = decode_cursor(cursor)
    if key is not None:
        # The first condition says nothing new; it lets the database enter its index at the cursor.
        statement = statement.where(
            instant <= key[0], or_(instant < key[0], and_(instant == key[0], row_id < key[1]))
        )
    return statement.order_by(instant.desc(), row_id.desc()).limit(size + 1)


def oldest_first(
    statement: Select[Row],
    instant: SQLColumnExpression[Any],
    row_id: SQLColumnExpression[Any],
    cursor: str | None,
    size: int = PAGE_SIZE,
) -> Select[Row]:
    """The same the other way round: what has waited longest comes first."""
    key = decode_cursor(cursor)
    if key is not None:
        statement = statement.where(
            instant >= key[0], or_(instant > key[0], and_(instant == key[0], row_id > key[1]))
        )
    return statement.order_by(instant.asc(), row_id.asc()).limit(size + 1)


def cut(rows: Sequence[T], key: Callable[[T], tuple[datetime, int]], size: int = PAGE_SIZE) -> Page[T]:
    """A page from the rows that :func:`newest_first` read."""
    if len(rows) <= size:
        return Page(rows, None)
    kept = rows[:size]
    return Page(kept, encode_cursor(*key(kept[-1])))
