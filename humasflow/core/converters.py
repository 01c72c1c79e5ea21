"""Values in addresses: what no row can have is an address that does not exist, not a database error."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

MAX_ID = 2**63 - 1  # what a database column takes


class RowNumber(IntegerConverter):
    """``<int:…>``: ASCII digits only, at most :data:`MAX_ID`; everything else does not match (404)."""

    regex = r"[0-9]{1,19}"

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": MAX_ID, **options})


class Word(UnicodeConverter):
    """``<…>``: any text but one with a NUL character, which PostgreSQL takes in no column (404)."""

    def to_python(self, value: str) -> str:
        """The text as it is."""
        if "\x00" in value:
            raise ValidationError
        text: str = super().to_python(value)
        return text


def row_number(text: str) -> int:
    """A row's number in a query or a form field, for ``request.args.get(…, type=row_number)``.

    Raises ValueError for everything that is no number of a row, which Flask takes as "not given".
    """
    if not (text.isascii() and text.isdigit() and len(text) < len(str(MAX_ID))):
        raise ValueError("not the number of a row")
    return int(text)


def init_converters(app: Flask) -> None:
    """Take the place of the built-in ones. Must come before the rooms add their routes."""
    app.url_map.converters.update({"int": RowNumber, "string": Word, "default": Word})
