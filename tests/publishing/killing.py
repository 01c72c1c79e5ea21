"""Workers that are killed without warning, again and again. Run by test_killed_workers as a process of its own.

    python -m tests.publishing.killing DATABASE_URL DATA_FOLDER KILLS

The channel is a file: publishing appends a line and makes sure that it is on the disk; asking reads the file. Sending
twice would leave two lines, so it has no protection of its own against doubles.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from humasflow.channels.adapters.base import Absent, Caps, Receipt
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core.db import db
from humasflow.outbox import runner
from humasflow.publishing.services import publishing
from tests.conftest import make_app

LEASE = timedelta(milliseconds=300)


class FileChannel(WebAdapter):
    """Appends to a file; can be asked."""

    caps = Caps(text_is_html=True, can_find=True)

    def __init__(self, path: Path) -> None:
        self.path = path

    def commit(self, job: Any) -> Receipt:
        time.sleep(random.uniform(0, 0.004))
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{job.idempotency_key}\n".encode())
        os.fsync(handle)
        os.close(handle)
        time.sleep(random.uniform(0, 0.004))
        return self._of(job)

    def find(self, job: Any) -> Any:
        lines = self.path.read_text().split() if self.path.exists() else []
        return self._of(job) if job.idempotency_key in lines else Absent()

    @staticmethod
    def _of(job: Any) -> Receipt:
        return Receipt(job.idempotency_key, f"https://portal.example/{job.idempotency_key.replace(':', '/')}")


def main() -> None:
    url, data, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    channel = FileChannel(data / "channel.txt")
    publishing.get_adapter = lambda _key: channel  # type: ignore[assignment]
    app = make_app(url, data, OUTBOX_LEASE=LEASE)
    with app.app_context():
        db.engine.dispose()
        hit = 0
        for _round in range(kills):
            child = os.fork()
            if child == 0:
                while True:
                    runner.run_due(limit=3)
                    time.sleep(0.01)
            time.sleep(random.uniform(0.02, 0.25))
            hit += os.waitpid(child, os.WNOHANG)[0] == 0  # it was alive when it was killed
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        time.sleep(LEASE.total_seconds())
        quiet = time.monotonic() + 90
        while time.monotonic() < quiet:
            ran = runner.run_due()
            db.session.remove()
            if ran == 0:
                break
        print(json.dumps({"killed": hit, "lines": channel.path.read_text().split()}))


if __name__ == "__main__":
    main()
