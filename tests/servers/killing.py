"""Workers on real servers that are killed at every line between claim and done. Run by test_faults as its own process.

    python -m tests.servers.killing DATABASE_URL DATA_FOLDER PORTS LINES POSTS

``POSTS``: JSON, by adapter the numbers of the posts that are due on it. At each line of the publisher, the outbox and the
adapter that one publication passes through, a worker with a post of its own is killed; evenly spread, at most LINES of
them. Then a worker that nobody kills brings everything to its end. Prints JSON: by adapter lines and kills.
"""

import json
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

import humasflow
from humasflow.core.db import db
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import asking, attempt
from tests.conftest import make_app
from tests.publishing import killing

LEASE, WAIT = timedelta(seconds=5), timedelta(milliseconds=200)
DRAINED_WITHIN = 600  # seconds
UNDER_WAY = (S.QUEUED, S.PREPARING, S.PREPARED, S.COMMITTING)


def hurry() -> None:
    """What did not work for a moment is tried again at once, and more often than ten times: those are for six hours, not
    for a network on which every third request goes wrong.
    """
    attempt.pause_before = lambda *_a, **_k: timedelta(seconds=random.uniform(0.02, 0.1))  # type: ignore[assignment]
    attempt.TRIES = 100  # type: ignore[misc]
    asking.LONGEST_PAUSE = timedelta(seconds=0.2)  # type: ignore[misc]


def drain() -> None:
    """Until nothing is under way any more."""
    until = time.monotonic() + DRAINED_WITHIN
    while time.monotonic() < until:
        killing.drain()
        left = db.session.scalar(select(Delivery.id).where(Delivery.state.in_(UNDER_WAY)).limit(1))
        db.session.remove()
        if left is None:
            return


def main() -> None:
    """One adapter after the other, then the end."""
    url, data, ports, most = sys.argv[1], Path(sys.argv[2]), sys.argv[3].split(","), int(sys.argv[4])
    posts: dict[str, list[int]] = json.loads(sys.argv[5])
    hosts = tuple(f"{host}:{port}" for port in ports for host in ("127.0.0.1", "localhost"))
    app = make_app(url, data, OUTBOX_LEASE=LEASE, ASK_AGAIN_AFTER=WAIT, OUTBOUND_PRIVATE_HOSTS=hosts)
    hurry()
    adapters = Path(humasflow.__file__).parent / "channels" / "adapters"
    publisher = killing.WATCHED
    told: dict[str, Any] = {}
    with app.app_context():
        for key, numbers in posts.items():
            killing.WATCHED = (*publisher, *(str(file) for file in sorted((adapters / key).glob("*.py"))))
            told[key] = killing.matrix(numbers, lambda _post: None, most)
        begun = time.monotonic()
        drain()
        told["drained"] = round(time.monotonic() - begun, 1)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
