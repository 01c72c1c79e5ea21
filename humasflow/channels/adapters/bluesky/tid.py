"""The name of a record: a timestamp identifier (TID) that follows from the job alone, so that the same post always has
the same name, whoever sends it and however often.

A TID is 64 bits in 13 characters of base32-sortable: a zero, 53 bits of microseconds since 1970, 10 bits of a clock's
id (atproto.com/specs/tid).
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Final

_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID: Final = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_IDS: Final = 1 << 10
_MICROSECONDS: Final = 1_000_000


def tid_of(created_at: datetime, idempotency_key: str, *, turn: int = 0) -> str:
    """The record key. ``created_at`` aware; ``turn``: another name, where that of the turn before is taken.

    The second is that of ``created_at``. What is below it comes from the key, like the clock's id: databases keep
    milliseconds or less, and a thousand posts of one second shall still have a thousand names (one in 10⁹ for a pair).
    """
    digest = hashlib.sha256(f"{idempotency_key}\n{created_at.isoformat()}\n{turn}".encode()).digest()
    chance = int.from_bytes(digest[:8])
    seconds = int((created_at - _EPOCH).total_seconds())
    number = (seconds * _MICROSECONDS + chance % _MICROSECONDS) << 10 | (chance // _MICROSECONDS) % _CLOCK_IDS
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def is_tid(text: str) -> bool:
    """Whether a server takes it for one."""
    return _TID.fullmatch(text) is not None
