"""Which product wrote an archive: its version and the revision of its tables."""

import tomllib
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory

_ROOT = Path(__file__).resolve().parents[2]


@cache
def product_version() -> str:
    """The version of the product that runs."""
    with (_ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@cache
def schema_revision() -> str:
    """The revision of the tables that this product works with."""
    return str(ScriptDirectory(str(_ROOT / "migrations")).get_current_head())
