"""Plain dataclasses as JSON and back, exactly: fractions and decimals travel as text, never as floats.

For what is kept for years and shown again as it was. Types are read from the dataclasses' own annotations; a union of
dataclasses carries the name of the class it holds.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

CLASS = "is"


class CodecError(ValueError):
    """What was kept is not what the class asks for."""


def encode(value: object) -> Any:
    """A dataclass, or what one may hold, as JSON. TypeError for a float and for anything unknown."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Fraction | Decimal):
        return _text(value)
    if isinstance(value, int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {_text(key) if isinstance(key, Fraction) else str(key): encode(v) for key, v in value.items()}
    if is_dataclass(value):
        found = {f.name: encode(getattr(value, f.name)) for f in fields(value)}
        return {CLASS: type(value).__name__} | found
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _text(value: Fraction | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else f"{value.numerator}/{value.denominator}"


def decode(kind: Any, stored: Any) -> Any:
    """The inverse of :func:`encode` for a class, or another annotation. Raises CodecError."""
    try:
        return _decode(kind, stored)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise CodecError(f"not a kept {kind}: {str(stored)[:80]}") from error


def _decode(kind: Any, stored: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _one_of(typing.get_args(kind), stored)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_decode(inner, item) for item in stored)
    if origin is not None and issubclass(origin, Mapping):
        key, inner = typing.get_args(kind)
        return {_decode(key, name): _decode(inner, item) for name, item in stored.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        # A field that later releases added takes its default.
        return kind(
            **{f.name: _decode(hints[f.name], stored[f.name]) for f in fields(kind) if f.name in stored}
        )
    return _plain(kind, stored)


def _plain(kind: Any, stored: Any) -> Any:
    if kind is Fraction or kind is Decimal:
        if not isinstance(stored, str):
            raise TypeError("exact numbers are kept as text")
        return kind(stored)
    if kind is date:
        return date.fromisoformat(stored)
    if issubclass(kind, StrEnum):
        return kind(stored)
    if not isinstance(stored, kind) or (kind is int and isinstance(stored, bool)):
        raise TypeError(f"{kind.__name__} is wanted")
    return stored


def _one_of(kinds: tuple[Any, ...], stored: Any) -> Any:
    if stored is None:
        return None
    inner = [kind for kind in kinds if kind is not types.NoneType]
    if isinstance(stored, dict) and CLASS in stored:
        return _decode(next(k for k in inner if getattr(k, "__name__", "") == stored[CLASS]), stored)
    if isinstance(stored, str) and Fraction in inner:  # of several exact numbers the widest: nothing is lost
        return Fraction(stored)
    return _decode(inner[0] if len(inner) == 1 else type(stored), stored)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)
