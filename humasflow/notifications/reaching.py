"""Ways to a person outside the product and beside mail, and what each of them has to offer.

A way registers itself when its part is loaded (``REACHES[NoticeChannel.TELEGRAM] = Reach(...)`` in its ``jobs.py``).
A channel that is not registered, and a person who is not to be reached on it, get no delivery and see no choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select

from humasflow.notifications.routing.enums import NoticeChannel


@dataclass(frozen=True)
class Message:
    """What is said to one person by one way, in the person's language, without anything confidential.

    ``key`` names it: sent again under the same key it is the same message. ``lines``: one sentence, or several where
    several things are told at once. ``path``: where it leads, a path of this installation.
    """

    key: str
    user_id: int
    office_id: int
    office_name: str
    locale: str
    heading: str
    lines: tuple[str, ...]
    path: str
    is_pressing: bool


@dataclass(frozen=True)
class Reach:
    """How people are reached by one way.

    ``reachable``: of an office, a statement of one column: the ids of the people who are reached there.
    ``send``: hands a message over; it commits before it asks another server, is safe to repeat, and raises RetryLater.
    """

    reachable: Callable[[int], Select[int]]
    send: Callable[[Message], None]


REACHES: Final[dict[NoticeChannel, Reach]] = {}


def channels() -> tuple[NoticeChannel, ...]:
    """The ways there are in this installation, in the order in which they are shown."""
    inside = (NoticeChannel.IN_APP, NoticeChannel.MAIL)
    return tuple(c for c in NoticeChannel if c in inside or c in REACHES)
