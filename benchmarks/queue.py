"""``python -m benchmarks.queue [sqlite] [postgresql]``: how soon jobs start, how fast a thousand of them are gone.

Whole worker processes as they run in an office, on a database whose commits reach the disk. What a real publication
costs the database is imitated by a handler that makes eight small commits under its lease; the channel answers at once.
Read beside how busy the machine was: every figure is by the clock.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, insert, select

from config import base_config
from humasflow import create_app, worker
from humasflow.core import clock
from humasflow.core.db import Base, database_now, db
from humasflow.outbox import handling, lease, services
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job

STEPS = 8  # commits between the claim and the end of a publication
SLOW = 3.0  # seconds that the slow account takes for each post
LONE, MANY, QUEUED = 15, 1000, 10_000
LATEST_START, LONGEST_DRAIN, MOST_GROWTH = 2.0, 120.0, 25.0  # seconds, seconds, MiB: what is promised
PROCESSES = {"sqlite": (1, 2), "postgresql": (1, 2, 4)}


def make(url: str, folder: Path) -> Flask:
    """The product on this database."""
    return create_app(base_config(folder, ["benchmark"], url))


# The worker process.


def work(url: str, folder: Path) -> None:
    """Be a worker whose handlers note in a file when they began."""
    app = make(url, folder)
    notes = os.open(folder / "begun.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(ref: str) -> None:
        os.write(notes, f"{ref} {clock.now().timestamp()} {os.getpid()} {resident():.1f}\n".encode())

    def publish(ref: str) -> None:
        note(ref)
        for _step in range(STEPS):
            lease.keep()
            db.session.commit()

    def dawdle(ref: str) -> None:
        note(ref)
        time.sleep(SLOW)

    handling.bind({"bench.publish": publish, "bench.slow": dawdle, "bench.mail": note}, [])
    stop = worker.Stop()
    signal.signal(signal.SIGTERM, lambda *_: setattr(stop, "asked", True))
    worker.run(app, stop)


def resident() -> float:
    """Mebibytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


# The process that measures.


@dataclass
class Office:
    """One database with so many workers at it."""

    app: Flask
    url: str
    folder: Path

    @contextmanager
    def workers(self, count: int) -> Iterator[None]:
        """So many processes, up and idle."""
        (self.folder / "begun.txt").unlink(missing_ok=True)
        with (self.folder / "workers.log").open("ab") as log:
            running = [
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.queue", "--work", self.url, str(self.folder)],
                    stderr=log,
                )
                for _ in range(count)
            ]
        try:
            warm = [self.put("bench.mail", due_at=self.now()) for _ in range(count)]
            self.until_done(warm[-1])
            time.sleep(2)
            yield
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(60)

    def now(self) -> datetime:
        """The database's clock."""
        with self.app.app_context():
            return database_now()

    def put(self, kind: str, *, due_at: datetime, **given: Any) -> int:
        """One job. Returns its id."""
        with self.app.app_context():
            job = services.enqueue(kind, "0", office_id=None, due_at=due_at, **given)
            db.session.flush()
            job.ref = str(job.id)
            db.session.commit()
            return job.id

    def put_many(self, count: int, *, kind: str, due_at: datetime, lanes: int, priority: Priority) -> None:
        """Many at once; without ``lanes`` each is free to run beside the others."""
        with self.app.app_context():
            first = (db.session.scalar(select(func.max(Job.id))) or 0) + 1
            rows = [
                {
                    "kind": kind, "ref": str(first + n), "due_at": due_at, "created_at": due_at, "priority": priority,
                    "lane": f"account:{n % lanes}" if lanes else None, "state": JobState.QUEUED, "attempts": 0,
                    "max_attempts": 10,
                }
                for n in range(count)
            ]  # fmt: skip
            db.session.execute(insert(Job), rows)
            db.session.commit()

    def open_jobs(self) -> int:
        """How many are not finished."""
        with self.app.app_context():
            return (
                db.session.scalar(
                    select(func.count())
                    .select_from(Job)
                    .where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
                )
                or 0
            )

    def until_done(self, job_id: int) -> None:
        """Wait for one job."""
        while True:
            with self.app.app_context():
                if db.session.scalar(select(Job.state).where(Job.id == job_id)) is JobState.DONE:
                    return
            time.sleep(0.05)

    def until_empty(self, limit: float = 600.0) -> None:
        """Wait for all jobs."""
        end = time.monotonic() + limit
        while self.open_jobs():
            if time.monotonic() > end:
                raise SystemExit(f"{self.open_jobs()} jobs left after {limit:.0f} s")
            time.sleep(0.25)

    def last_finish(self) -> datetime:
        """When the last job was done."""
        with self.app.app_context():
            last = db.session.scalar(select(func.max(Job.finished_at)))
            if last is None:
                raise SystemExit("nothing was done")
            return last

    def begun(self) -> list[tuple[int, datetime, int, float]]:
        """What the workers noted: job, when, process, its memory."""
        lines = (line.split() for line in (self.folder / "begun.txt").read_text().splitlines())
        return [
            (int(ref), datetime.fromtimestamp(float(at), UTC), int(pid), float(memory))
            for ref, at, pid, memory in lines
        ]

    def clear(self) -> None:
        """No jobs, no notes."""
        with self.app.app_context():
            db.session.execute(delete(Job))
            db.session.commit()
        (self.folder / "begun.txt").write_text("")


@contextmanager
def office(name: str) -> Iterator[Office]:
    """An empty database of this kind whose commits reach the disk."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if name == "sqlite":
            url, server = f"sqlite:///{folder / 'queue.db'}", ""
        else:
            from tests.support.postgres import create_database, start_postgres  # noqa: PLC0415 - heavy

            server = start_postgres(durable=True)
            url = create_database(server)
        app = make(url, folder)
        with app.app_context():
            Base.metadata.create_all(db.engine)
        try:
            yield Office(app, url, folder)
        finally:
            with app.app_context():
                db.engine.dispose()
            if server:
                from tests.support.postgres import stop_postgres  # noqa: PLC0415 - heavy

                stop_postgres(server)


def lone(place: Office) -> list[str]:
    """From when a post is due to its handler's first line, nothing else to do."""
    delays = []
    place.clear()
    for n in range(LONE):
        due = place.now() + timedelta(seconds=0.8 + n % 7 / 7)
        job = place.put("bench.publish", due_at=due, lane="account:1", priority=Priority.POSTS)
        place.until_done(job)
        delays.append(next(at - due for ref, at, *_ in place.begun() if ref == job).total_seconds())
    print(
        f"  a lone post starts after   median {statistics.median(delays):5.2f} s   most {max(delays):5.2f} s"
    )
    return [f"a lone post started after {max(delays):.1f} s"] if max(delays) > LATEST_START else []


def thousand(place: Office, processes: int, lanes: int) -> list[str]:
    """From the second in which they are all due until the last is done, each once."""
    place.clear()
    due = place.now() + timedelta(seconds=3)
    place.put_many(MANY, kind="bench.publish", due_at=due, lanes=lanes, priority=Priority.POSTS)
    place.until_empty()
    took = (place.last_finish() - due).total_seconds()
    times = Counter(ref for ref, *_ in place.begun())
    shared = Counter(pid for _ref, _at, pid, _memory in place.begun())
    print(
        f"  {MANY} due at once, {lanes:2} accounts, {processes} workers: {took:6.1f} s, {MANY / took:5.0f} a second,"
        f" shared {sorted(shared.values(), reverse=True)}"
    )
    missed = [] if took <= LONGEST_DRAIN else [f"{MANY} posts by {processes} workers took {took:.0f} s"]
    wrong = MANY - len(times) + sum(n - 1 for n in times.values())
    return [*missed, f"{wrong} jobs begun never or twice"] if wrong else missed


def slow_account(place: Office) -> list[str]:
    """Posts of others and mail, beside an account that takes its time."""
    place.clear()
    due = place.now() + timedelta(seconds=1)
    for _n in range(4):
        place.put("bench.slow", due_at=due, lane="account:slow", priority=Priority.POSTS)
    later = due + timedelta(seconds=1)
    place.put_many(50, kind="bench.publish", due_at=later, lanes=10, priority=Priority.POSTS)
    place.put_many(50, kind="bench.mail", due_at=later, lanes=0, priority=Priority.ORDINARY)
    with place.app.app_context():
        kinds = {row.id: row.kind for row in db.session.execute(select(Job.id, Job.kind))}
    place.until_empty()
    began: dict[str, float] = {}
    for ref, at, *_ in place.begun():
        began[kinds[ref]] = max(began.get(kinds[ref], 0), (at - later).total_seconds())
    print(
        f"  one account takes {SLOW:.0f} s a post: 50 posts of others begun within {began['bench.publish']:.1f} s, "
        f"50 mails within {began['bench.mail']:.1f} s"
    )
    worst = max(began["bench.publish"], began["bench.mail"])
    return [f"a slow account held others up for {worst:.1f} s"] if worst > SLOW else []


def memory(place: Office) -> list[str]:
    """What the worker holds after its first jobs and after all of a long queue."""
    place.clear()
    place.put_many(QUEUED, kind="bench.mail", due_at=place.now(), lanes=50, priority=Priority.ORDINARY)
    place.until_empty(limit=1800)
    held = [memory for _ref, _at, _pid, memory in place.begun()]
    growth = held[-1] - held[500]
    print(
        f"  {QUEUED} queued: the worker holds {held[0]:.0f} MiB at the first, {held[500]:.0f} after 500, "
        f"{held[-1]:.0f} after all (at most {max(held):.0f})"
    )
    return [f"the worker grew by {growth:.0f} MiB"] if growth > MOST_GROWTH else []


def measure(name: str) -> list[str]:
    """Print the figures of one kind of database. Returns what is not as promised."""
    missed: list[str] = []
    for processes in PROCESSES[name]:
        with office(name) as place:
            print(f"\n{name}, {processes} worker{'s' * (processes > 1)}", flush=True)
            with place.workers(processes):
                missed += lone(place)
                for lanes in (50, 1):
                    missed += thousand(place, processes, lanes)
                missed += slow_account(place)
                if processes == 1:
                    missed += memory(place)
    return missed


def main() -> None:
    """Print the figures; ends with an error when a promise is broken."""
    missed = [line for kind in sys.argv[1:] or PROCESSES for line in measure(kind)]
    if missed:
        raise SystemExit("not as promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
