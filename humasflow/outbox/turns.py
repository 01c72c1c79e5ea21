"""Jobs that work through many rows: some at a time, each time committed, and others have their turn in between."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from humasflow.core.db import db
from humasflow.outbox import lease

TURN_SECONDS: Final = 15


def take_turn(work: Callable[[], bool]) -> timedelta | None:
    """Do ``work`` again and again until it says that nothing is left (None), or the turn is over (the job is asked for
    again at once). What each time did is committed, but for the last: that is the caller's. Raises LeaseLost.
    """
    until = time.monotonic() + TURN_SECONDS
    while True:
        lease.keep()
        if not work():
            return None
        lease.keep()
        db.session.commit()
        if time.monotonic() > until:
            return timedelta(0)
