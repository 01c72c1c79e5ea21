"""Workers as processes of their own, for tests that need several of them.

    python -m tests.outbox.racing race DATABASE_URL FOLDER WORKERS     run all jobs, then say who ran what and when
    python -m tests.outbox.racing serve DATABASE_URL FOLDER [SECONDS]  be a whole worker until told to stop
    python -m tests.outbox.racing pause DATABASE_URL FOLDER            run one job, stand still in the middle of it

Notes go to a file in FOLDER, a line each. Times are of the machine's monotonic clock, which its processes share.
"""

import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from humasflow import worker
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import handling, runner
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job, WorkerBeat
from tests.conftest import make_app

LEASE = timedelta(seconds=1)


def is_open() -> bool:
    return db.session.scalar(
        select(func.count()).select_from(Job).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    ) not in (0, None)


def race(app: Flask, folder: Path, workers: int) -> None:
    """Fork, run until no job is left, collect."""
    with app.app_context():
        db.engine.dispose()
    children = []
    for number in range(workers):
        child = os.fork()
        if child == 0:
            (folder / f"race{number}.json").write_text(json.dumps(run_all(app)))
            os._exit(0)
        children.append(child)
    failed = [os.waitpid(child, 0)[1] for child in children]
    if any(failed):
        raise SystemExit(f"a worker failed: {failed}")
    print(json.dumps([json.loads((folder / f"race{n}.json").read_text()) for n in range(workers)]))


def run_all(app: Flask) -> list[tuple[str, float, float]]:
    """What this process ran: reference, begin and end of each."""
    ran: list[tuple[str, float, float]] = []

    def work(ref: str) -> None:
        begun = time.monotonic()
        time.sleep(0.001)
        ran.append((ref, begun, time.monotonic()))

    handling.bind({"test.work": work})
    while True:
        with app.app_context():
            if runner.run_next():
                continue
            if not is_open():
                return ran
        time.sleep(0.005)


class Notes:
    """Lines that survive whatever happens to the process."""

    def __init__(self, folder: Path) -> None:
        self.handle = os.open(folder / "notes.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def __call__(self, *words: object) -> None:
        line = " ".join(map(str, words))
        os.write(self.handle, f"{line}\n".encode())


def resident() -> float:
    """Mebibytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def serve(app: Flask, folder: Path, seconds: str = "") -> None:
    """A worker as ``python -m humasflow.worker`` starts it, with jobs that leave notes."""
    note = Notes(folder)

    def long(ref: str) -> None:
        note("begun", ref)
        time.sleep(0.7)
        note("ended", ref)

    def entry() -> None:
        begun = time.monotonic()
        time.sleep(0.3)
        note("entry", begun, time.monotonic(), os.getpid())

    timetable = [("test.entry", int(seconds), entry)] if seconds else []
    handling.bind(
        handling._handlers | {"test.long": long, "test.held": lambda ref: note(ref, resident())}, timetable
    )
    worker.create_app = lambda: app
    worker.main()
    note("stopped")


def pause(app: Flask, folder: Path) -> None:
    """Claim one job and stand still (SIGSTOP) before anything is written; go on when woken."""
    note = Notes(folder)

    def standing_still(ref: str) -> None:
        note("begun", ref)
        os.kill(os.getpid(), signal.SIGSTOP)
        db.session.add(WorkerBeat(name="what a late worker wrote", seen_at=clock.now()))
        db.session.flush()
        note("woken", ref)

    handling.bind({"test.work": standing_still})
    with app.app_context():
        runner.run_due(limit=1)


def main() -> None:
    what, url, folder, *rest = sys.argv[1:]
    settings: dict[str, Any] = {} if what == "race" else {"OUTBOX_LEASE": LEASE}
    app = make_app(url, Path(folder), **settings)
    if what == "race":
        race(app, Path(folder), int(rest[0]))
    elif what == "serve":
        serve(app, Path(folder), *rest)
    else:
        pause(app, Path(folder))


if __name__ == "__main__":
    main()
