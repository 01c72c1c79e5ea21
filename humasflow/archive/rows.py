"""A row as a line of JSON and back: the same line on either database.

Instants in ISO 8601 with Z and microseconds, days and times in ISO, decimals as text, bytes in base64; a column of JSON
stands as it is. Columns come in the order of the table.
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
)
from sqlalchemy.types import TypeEngine

from humasflow.archive.catalogue import CATALOGUE, KEPT_REFERENCES, LEFT_OUT, NAMES, WITHHELD, Never
from humasflow.archive.selecting import Selection, key_of, table_named, target_of
from humasflow.core.db import EnumText, ExactDecimal, UTCDateTime

Row = Mapping[str, Any]
FOREIGN_MAIL: Final = (
    "lain-%d@arsip.invalid"  # of somebody who came along for the name; .invalid never receives
)
_INT: Final = 2**63


class BadValue(ValueError):
    """A line is not what this version of the product writes."""


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns of a table that an archive has."""
    return [column for column in table.columns if f"{table.name}.{column.name}" not in LEFT_OUT]


# ---- out


def encoder(table: Table, selection: Selection) -> Callable[[Row], str]:
    """A function that makes a line (without its end) of a row of this table."""
    guests: set[int] = selection.guests.get(table.name, set())
    key = key_of(table)
    columns = columns_of(table)
    ways = [
        (column.name, _writer(column), _withheld(column), selection.cut.get(_full(column)))
        for column in columns
    ]
    foreign = _as_guest(table)

    def encode(row: Row) -> str:
        flagged = foreign(row) if row[key.name] in guests else None
        line = {}
        for name, write, withheld, cut in ways:
            value = row[name]
            if cut is not None and value in cut:
                value = None
            if withheld is not None:
                value = withheld(row, value)
            if flagged is not None and name in flagged:
                value = flagged[name]
            line[name] = None if value is None else write(value)
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))

    return encode


def _full(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def _withheld(column: Column[Any]) -> Callable[[Row, Any], Any] | None:
    name = _full(column)
    if name in WITHHELD:
        return lambda _row, _value: WITHHELD[name]
    sealed = column.info.get("sealed")
    empty = None if column.nullable else ""
    if sealed is True:
        return lambda _row, _value: empty
    if sealed:
        return lambda row, value: empty if row[sealed] else value
    target = target_of(column)
    if target is not None and isinstance(CATALOGUE[target.name], Never):
        return lambda _row, _value: None
    return None


def _as_guest(table: Table) -> Callable[[Row], dict[str, Any]]:
    """What stands instead in a row that came along for its name: no text but names, no references it can be without."""
    replaced: dict[str, Any] = {}
    for column in columns_of(table):
        if column.primary_key or column.name in NAMES or _full(column) in KEPT_REFERENCES:
            continue
        kind = column.type
        if target_of(column) is not None:
            if column.nullable:
                replaced[column.name] = None
        elif isinstance(kind, EnumText | Boolean):
            continue
        elif isinstance(kind, LargeBinary):
            replaced[column.name] = None if column.nullable else b""
        elif isinstance(kind, String):
            replaced[column.name] = None if column.nullable else ""

    def guest(row: Row) -> dict[str, Any]:
        found = dict(replaced)
        for column in columns_of(table):
            if isinstance(column.type, JSON):
                value = row[column.name]
                found[column.name] = None if column.nullable else type(value)()
        if table.name == "app_user":
            found |= {"email": FOREIGN_MAIL % row["id"], "is_active": False}
        return found

    return guest


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, UTCDateTime):
        return lambda v: v.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(kind, ExactDecimal):
        return lambda v: format(v, "f")
    if isinstance(kind, EnumText):
        return lambda v: v.value
    if isinstance(kind, Date | Time):
        return lambda v: v.isoformat()
    if isinstance(kind, LargeBinary):
        return lambda v: base64.b64encode(v).decode()
    if isinstance(kind, JSON | Boolean | Integer | BigInteger | Float | String):
        return lambda v: v
    raise TypeError(f"{_full(column)}: no way to write {kind!r}")


# ---- in


def decoder(name: str) -> Callable[[bytes], dict[str, Any]]:
    """A function that makes the row of a line again. It raises :class:`BadValue`."""
    table = table_named(name)
    ways = {column.name: (_reader(column), column.nullable) for column in columns_of(table)}

    def decode(line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadValue(f"{name}: not JSON") from error
        if not isinstance(found, dict) or found.keys() != ways.keys():
            raise BadValue(f"{name}: other columns")
        row: dict[str, Any] = {}
        for column, value in found.items():
            read, nullable = ways[column]
            if value is None:
                if not nullable:
                    raise BadValue(f"{name}.{column}: empty")
                row[column] = None
                continue
            try:
                row[column] = read(value)
            except (ValueError, TypeError, KeyError, InvalidOperation, OverflowError) as error:
                raise BadValue(f"{name}.{column}: not its kind of value") from error
        return row

    return decode


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind: Any = column.type
    if isinstance(kind, EnumText):
        made: Callable[[Any], Any] = kind.enum
        return made
    for types, read in _READERS:
        if isinstance(kind, types):
            return read
    return lambda v: _text(v, kind.length)


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _whole(value: Any) -> int:
    number: int = _of(int, value)
    if not -_INT <= number < _INT:
        raise ValueError
    return number


def _text(value: Any, longest: int | None) -> str:
    text: str = _of(str, value)
    if "\0" in text or (longest is not None and len(text) > longest):
        raise ValueError
    text.encode()  # half of a surrogate pair is no text
    return text


def _decimal(value: Any) -> Decimal:
    number = Decimal(_of(str, value))
    if not number.is_finite():
        raise ValueError
    return number


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(_of(str, value))
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise TypeError
    return float(value)


# A kind of column before those that it is a kind of.
_READERS: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (UTCDateTime, _instant),
    (ExactDecimal, _decimal),
    (Date, lambda v: date.fromisoformat(_of(str, v))),
    (Time, lambda v: time.fromisoformat(_of(str, v))),
    (LargeBinary, lambda v: base64.b64decode(_of(str, v), validate=True)),
    (Boolean, lambda v: _of(bool, v)),
    ((Integer, BigInteger), _whole),
    (JSON, lambda v: v),
    (Float, _number),
)
