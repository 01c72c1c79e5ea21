"""The address with which a person stops mail without signing in (RFC 8058). The token in it is signed, names one person
and one topic, and never ends: a mail may be found years later. Whoever holds the mail may stop it, and no more.
"""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from humasflow.notifications.links import absolute, path_of

ALL = ""  # every mail that is not needed
LONGEST = 300


@dataclass(frozen=True)
class Wish:
    """Whose mail is to stop, and about what; ``ALL``: about everything."""

    user_id: int
    topic: str


def token_of(user_id: int, topic: str = ALL) -> str:
    """The token of a person and topic; the same every time under one key."""
    return str(_serializer().dumps([user_id, topic]))


def address_of(user_id: int, topic: str = ALL) -> str:
    """The whole address; empty while the installation does not know its own."""
    return absolute(path_of("mailbox.unsubscribe", token=token_of(user_id, topic)))


def wish_of(token: str) -> Wish | None:
    """What a token says; None for anything that was not signed here."""
    if len(token) > LONGEST:
        return None
    try:
        user_id, topic = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return Wish(user_id, topic) if isinstance(user_id, int) and isinstance(topic, str) else None


def _serializer() -> URLSafeSerializer:
    # Newest key first in the settings; itsdangerous signs with the last one and reads with all.
    keys = [key.encode() for key in reversed(current_app.config["SECRETS"])]
    return URLSafeSerializer(keys, salt="humasflow.mail.unsubscribe")
