"""Refusing a stale save: the form carries the version it was opened with."""

from flask_babel import gettext as _

from humasflow.core.db import Versioned
from humasflow.core.errors import Conflict


def expect_version(thing: Versioned, expected: int | None) -> None:
    """Raise :class:`Conflict` when somebody saved since ``expected`` was read. None skips the check (no form)."""
    if expected is not None and thing.row_version != expected:
        raise Conflict(
            _("Orang lain baru saja mengubah hal yang sama. Muat ulang untuk melihat perubahannya.")
        )
