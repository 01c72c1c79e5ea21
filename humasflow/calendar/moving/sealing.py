"""What an undo needs to know, as a text that only its person can use, for a day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.errors import UserError

MAX_AGE: Final = timedelta(days=1)
LONGEST: Final = 200_000  # characters; a hundred events, each with a few things that hang on it, take half


class BadSeal(UserError):
    """Not a text of ours, or not this person's, or too old."""


def seal(actor: Principal, items: Sequence[dict[str, Any]]) -> str:
    """Sign what is to be remembered; the person is part of the salt, so that nobody else's hands open it."""
    sealed: str = _serializer(actor).dumps({"t": int(clock.now().timestamp()), "m": list(items)})
    return sealed


def unseal(actor: Principal, text: str) -> list[dict[str, Any]]:
    """What was remembered. Raises :class:`BadSeal`."""
    try:
        told = _serializer(actor).loads(text[:LONGEST])
    except BadData as error:
        raise BadSeal(_("Pemindahan ini tidak dapat diurungkan dari sini.")) from error
    if clock.now().timestamp() - told["t"] > MAX_AGE.total_seconds():
        raise BadSeal(
            _("Sudah lebih dari sehari, jadi tidak diurungkan begitu saja. Pindahkan seperti biasa.")
        )
    items: list[dict[str, Any]] = told["m"]
    return items


def _serializer(actor: Principal) -> URLSafeSerializer:
    # Newest key first in the settings; itsdangerous signs with the last one and reads with all.
    keys = [key.encode() for key in reversed(current_app.config["SECRETS"])]
    return URLSafeSerializer(keys, salt=f"humasflow.calendar.undo.{actor.id}")
