"""An office with real approved posts, its worker processes and a channel that answers at once: what the figures of
:mod:`benchmarks.publishing` are taken from.

    python -m benchmarks.office DATABASE_URL FOLDER PORT        be a worker of such an office until told to stop
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import String, cast, func, make_url, select, text, update

from benchmarks.queue import resident
from humasflow import worker
from humasflow.channels import reaching
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import Base, database_now, db
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.posts import services as posts
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.scheduling import PUBLISH
from tests.conftest import make_app
from tests.factories.world import build_world
from tests.publishing.channel import connect
from tests.publishing.desk import NewsDesk
from tests.publishing.outlets import outlets
from tests.support.loopback import LoopbackAdapter
from tests.support.postgres import create_database, start_postgres, stop_postgres

SLOW = 30.0  # seconds that the slow account takes for each post: half at the medium, half at the post
FROM_THE_SCHEDULE = timedelta(hours=20)  # until somebody brings them forward
LONGEST = 900.0  # seconds after which nothing more is waited for


# The worker process


class Channel:
    """An account's channel in the worker's own memory. :class:`humasflow.channels.adapters.http.Http`.

    What is posted is a line of the file, whole whatever happens to the process. An address with ``/slow`` in it takes
    its time.
    """

    def __init__(self, notes: Path) -> None:
        self._file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | Iterable[bytes] | None = None,
        timeout: float | None = None,
        max_bytes: int = 2_000_000,
    ) -> HttpAnswer:
        """One request."""
        parts = urlsplit(url)
        if method == "GET":
            return self._says(200, {"ready": True})
        body = json.loads(content) if isinstance(content, bytes) else {}
        what = "media" if parts.path.endswith("/media") else "live"
        line = f"{what} {body['ref']} {clock.now().timestamp()} {os.getpid()} {resident():.1f}\n"
        os.write(self._file, line.encode())
        if "/slow/" in parts.path:
            time.sleep(SLOW / 2)
        if what == "media":
            return self._says(202, {"id": f"m-{body['ref']}", "ready": False})
        page = f"{parts.scheme}://{parts.netloc}/p/{body['ref']}"
        return self._says(201, {"id": body["ref"], "ref": body["ref"], "url": page})

    @staticmethod
    def _says(status: int, body: Any) -> HttpAnswer:
        return HttpAnswer(status, {}, json.dumps(body).encode())


def work(url: str, folder: Path, port: str) -> None:
    """Be the worker of this office; the channel is the imitation."""
    app = _app(url, folder, port)
    known = {
        a.key: a for a in (WebAdapter(), ManualAdapter(), LoopbackAdapter(Channel(folder / "notes.txt")))
    }
    reaching.adapters = lambda: known  # type: ignore[assignment]
    stop = worker.Stop()
    signal.signal(signal.SIGTERM, lambda *_: setattr(stop, "asked", True))
    worker.run(app, stop)


def _app(url: str, folder: Path, port: str) -> Flask:
    known = {
        a.key: a for a in (WebAdapter(), ManualAdapter(), LoopbackAdapter(Channel(folder / "notes.txt")))
    }
    reaching.adapters = lambda: known  # type: ignore[assignment]
    return make_app(url, folder, OUTBOUND_PRIVATE_HOSTS=(f"127.0.0.1:{port}",))


# The process that measures


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Whatever is asked for is there."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


@contextmanager
def pages() -> Iterator[str]:
    """The channel's public pages. Gives their port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield str(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Note:
    """What the channel noted: a medium or a post, when, in which process, and how many MiB that held."""

    what: str
    ref: str
    at: datetime
    pid: int
    memory: float


@dataclass
class Office:
    """One database with an office in it, all of whose posts are scheduled."""

    app: Flask
    url: str
    folder: Path
    port: str

    @contextmanager
    def workers(self, count: int) -> Iterator[None]:
        """So many processes, up and idle."""
        self.wait_for_all()
        with (self.folder / "workers.log").open("ab") as log:
            running = [
                subprocess.Popen(
                    [
                        sys.executable, "-m", "benchmarks.office", self.url, str(self.folder), self.port,
                    ],
                    stderr=log,
                )
                for _ in range(count)
            ]  # fmt: skip
        try:
            self.until(lambda: self._beating() >= count, "a worker came up")
            time.sleep(2)
            yield
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(120)

    def _beating(self) -> int:
        with self.app.app_context():
            return db.session.scalar(text("SELECT count(*) FROM worker_beat")) or 0

    def wait_for_all(self) -> None:
        """Nobody is brought forward yet."""
        with self.app.app_context():
            later = database_now() + FROM_THE_SCHEDULE
            db.session.execute(update(Job).where(Job.kind == PUBLISH).values(due_at=later))
            db.session.commit()

    def bring_forward(self, jobs: list[int], due_at: datetime) -> None:
        """These are due then."""
        with self.app.app_context():
            db.session.execute(update(Job).where(Job.id.in_(jobs)).values(due_at=due_at))
            db.session.commit()

    def now(self) -> datetime:
        """The database's clock."""
        with self.app.app_context():
            return database_now()

    def jobs(self) -> list[tuple[int, str]]:
        """The publish jobs with their lanes."""
        with self.app.app_context():
            rows = db.session.execute(select(Job.id, Job.lane).where(Job.kind == PUBLISH).order_by(Job.id))
            return [(row.id, row.lane or "") for row in rows]

    def open_jobs(self, *kinds: str) -> int:
        """How many of these kinds are due or at work."""
        with self.app.app_context():
            return (
                db.session.scalar(
                    select(func.count())
                    .select_from(Job)
                    .where(
                        Job.kind.in_(kinds), Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
                        Job.due_at < database_now() + FROM_THE_SCHEDULE / 2,
                    )
                )
                or 0
            )  # fmt: skip

    def until(self, is_so: Any, what: str, limit: float = LONGEST) -> None:
        """Wait for it."""
        end = time.monotonic() + limit
        while not is_so():
            if time.monotonic() > end:
                raise SystemExit(f"after {limit:.0f} s still not: {what} ({self.states()})")
            time.sleep(0.25)

    def states(self) -> Counter[S]:
        """How many posts are in which state."""
        with self.app.app_context():
            return Counter(db.session.scalars(select(Delivery.state)))

    def notes(self) -> list[Note]:
        """Everything the channel noted."""
        kept = self.folder / "notes.txt"
        lines = (line.split() for line in kept.read_text().splitlines()) if kept.exists() else iter(())
        return [
            Note(what, ref, datetime.fromtimestamp(float(at), UTC), int(pid), float(memory))
            for what, ref, at, pid, memory in lines
        ]

    def live(self) -> int:
        """How many posts are on the channel."""
        return sum(note.what == "live" for note in self.notes())

    def live_of(self, jobs: list[int]) -> dict[int, datetime]:
        """When the posts of these jobs went to the channel; without those that have not."""
        at = {note.ref: note.at for note in self.notes() if note.what == "live"}
        with self.app.app_context():
            rows = db.session.execute(
                select(Job.id, Delivery.idempotency_key)
                .join(Delivery, cast(Delivery.post_id, String) == Job.ref)
                .where(Job.id.in_(jobs))
            )
            return {row.id: at[row.idempotency_key] for row in rows if row.idempotency_key in at}

    def last_done(self, *kinds: str) -> datetime:
        """When the last job of these kinds was done."""
        with self.app.app_context():
            last = db.session.scalar(select(func.max(Job.finished_at)).where(Job.kind.in_(kinds)))
            if last is None:
                raise SystemExit("nothing was done")
            return last


def build(app: Flask, port: str, *, accounts: int, count: int, slow: bool = False) -> None:
    """An office with so many approved posts on so many accounts, scheduled; the first account may be the slow one."""
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        desk = NewsDesk(build_world())
        made = outlets(desk.world, accounts)
        for number, account in enumerate(made):
            connect(
                account,
                "loopback",
                base=f"http://127.0.0.1:{port}/{'slow' if slow and not number else number}",
            )
        for _story in range(count // accounts):
            story = desk.story()
            theirs = [
                posts.create_post(
                    story, actor=desk.editor, account_id=a.id, content_type_id=desk.world.social.id,
                    content=posts.PostContent("Sosialisasi aset. #BMN"),
                )
                for a in made
            ]  # fmt: skip
            desk.approve(desk.submit(story))
            for post in theirs:
                desk.schedule(post, clock.now())
            db.session.commit()


class Databases:
    """Databases of one kind, and copies of them: an office is built once and goes out as often as there are figures."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._server = start_postgres(durable=True) if kind == "postgresql" else ""

    def new(self) -> str:
        """An empty one."""
        self._count += 1
        if self._server:
            return create_database(self._server, f"bench{self._count}")
        return f"sqlite:///{self._folder / f'bench{self._count}.db'}"

    def copy(self, url: str) -> str:
        """One like this, to which nobody may be connected."""
        original = make_url(url).database or ""
        self._count += 1
        if not self._server:
            made = self._folder / f"bench{self._count}.db"
            with closing(sqlite3.connect(original)) as old, closing(sqlite3.connect(made)) as new:
                old.backup(new)
            return f"sqlite:///{made}"
        host = str(make_url(url).query["host"])
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as link:
            names = sql.Identifier(f"bench{self._count}"), sql.Identifier(original)
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return url.replace(f"/{original}?", f"/bench{self._count}?")

    def end(self) -> None:
        """Stop what was started."""
        if self._server:
            stop_postgres(self._server)


@contextmanager
def office(databases: Databases, url: str, port: str, *, is_copied: bool = True) -> Iterator[Office]:
    """An office whose posts go out."""
    with tempfile.TemporaryDirectory() as place:
        mine = databases.copy(url) if is_copied else url
        app = _app(mine, Path(place), port)
        try:
            yield Office(app, mine, Path(place), port)
        finally:
            with app.app_context():
                db.engine.dispose()


def built(databases: Databases, port: str, **what: Any) -> str:
    """A database with such an office in it, and nobody connected to it."""
    url, begun = databases.new(), time.monotonic()
    with office(databases, url, port, is_copied=False) as place:
        build(place.app, port, **what)
    print(
        f"  (an office with {what['count']} posts on {what['accounts']} accounts: {time.monotonic() - begun:.0f} s)"
    )
    return url


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
