"""Refusing a stale save: the form carries the version it was opened with."""

from flask_babel import gettext as _

from humasflow.core.db import Versioned
from humasflow.core.errors import Conflict


def expect_version(thing: Versioned, expected: int | None, message: str = "") -> None:
    """Raise :class:`Conflict` when somebody saved since ``expected`` was read. None skips the check (no form).

    ``message``: what a page says that shows both texts; without it the person is asked to load the page again.
    """
    if expected is not None and thing.row_version != expected:
        raise Conflict(
            message
            or _("Orang lain baru saja mengubah hal yang sama. Muat ulang untuk melihat perubahannya.")
        )
