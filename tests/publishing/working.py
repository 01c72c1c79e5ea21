"""A whole worker on the loopback channel, as a process of its own. Run by test_several_workers.

    python -m tests.publishing.working DATABASE_URL DATA_FOLDER PORT

Says ``ready`` when it is about to look for work, works until it is told to stop (SIGTERM), and says then how many posts
it has sent.
"""

import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from humasflow import worker
from humasflow.channels import reaching
from humasflow.channels.adapters.base import Pending, Receipt
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.variant import Job
from humasflow.channels.adapters.web import WebAdapter
from tests.conftest import make_app
from tests.support.loopback import LoopbackAdapter


class Counting(LoopbackAdapter):
    """Counts the calls that cannot be taken back, of all threads."""

    sent = 0
    _lock = threading.Lock()

    def commit(self, job: Job) -> Receipt | Pending:
        """The call, counted before it is made."""
        with self._lock:
            Counting.sent += 1
        return super().commit(job)


def main() -> None:
    """Work until told to stop."""
    url, data, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    app = make_app(url, data, OUTBOUND_PRIVATE_HOSTS=(f"127.0.0.1:{port}",), OUTBOX_POLL_SECONDS=0.1)
    known: dict[str, Any] = {a.key: a for a in (WebAdapter(), ManualAdapter(), Counting(reaching.send))}
    reaching.adapters = lambda: known  # type: ignore[assignment]
    stop = worker.Stop()

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        stop.asked = True

    signal.signal(signal.SIGTERM, on_signal)
    print("ready", flush=True)
    worker.run(app, stop)
    print(json.dumps(Counting.sent), flush=True)


if __name__ == "__main__":
    main()
