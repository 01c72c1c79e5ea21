"""Numbers in addresses: a number that no row can have is an address that does not exist, not a database error."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

MAX_ID = 2**63 - 1  # what a database column takes


class RowNumber(IntegerConverter):
    """``<int:…>``: ASCII digits only, at most :data:`MAX_ID`; everything else does not match (404)."""

    regex = r"[0-9]{1,19}"

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": MAX_ID, **options})


def init_converters(app: Flask) -> None:
    """Take the place of the built-in ``int``. Must come before the rooms add their routes."""
    app.url_map.converters["int"] = RowNumber
