"""Workers that are killed at every line between claim and done. Run by test_killed_workers as a process of its own.

    python -m tests.publishing.killing DATABASE_URL DATA_FOLDER PORT LINES

The channel is the loopback server at PORT: what it was given stays there, and sending twice leaves two lines. Three
matrices, a post for each line: on the way out, while it is asked whether what was sent arrived (it did), and while it is
asked a second time (it did not, so it is prepared anew). Then a worker that nobody kills brings everything to its end.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Update, select, update

import humasflow
from humasflow.channels import reaching
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.outbox import runner
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import keep_progress, progress_of
from tests.conftest import make_app
from tests.support import loopback
from tests.support.loopback import LoopbackAdapter

LEASE, WAIT = timedelta(seconds=1), timedelta(milliseconds=200)
STILL = 60  # seconds: longer than anything waits here, also a first pause after a passing fault
Line = tuple[str, int]

_ROOT = Path(humasflow.__file__).parent
WATCHED = (
    *(
        str(_ROOT / "publishing" / "services" / f"{name}.py")
        for name in (
            "publishing", "preparing", "sending", "receiving", "asking", "attempt", "holding", "afterwards", "moving",
            "scheduling", "failing",
        )
    ),
    str(_ROOT / "publishing" / "progress.py"),
    str(_ROOT / "publishing" / "snapshots.py"),
    str(_ROOT / "outbox" / "runner.py"),
    str(_ROOT / "outbox" / "claiming.py"),
    str(_ROOT / "outbox" / "services.py"),
    str(_ROOT / "outbox" / "lease.py"),
    loopback.__file__,
)  # fmt: skip


class Tracer:
    """Sees every line of the watched files; ``at`` is called with each that was not seen before."""

    def __init__(self, at: Callable[[Line], None]) -> None:
        self._at = at
        self._seen: set[Line] = set()

    def __enter__(self) -> None:
        sys.settrace(self._enter)

    def __exit__(self, *_error: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _arg: object) -> Any:
        return self._line if frame.f_code.co_filename in WATCHED else None

    def _line(self, frame: FrameType, event: str, _arg: object) -> Any:
        line = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and line not in self._seen:
            self._seen.add(line)
            self._at(line)
        return self._line


def child(work: Callable[[], None]) -> int:
    """Do it in a process of its own. How it ended: 0, or the negative number of the signal."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 (said by the exit code)
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def lines_of(prepare: Callable[[], None]) -> list[Line]:
    """Every line that one run goes through, in order."""
    read, write = os.pipe()

    def work() -> None:
        prepare()
        found: list[Line] = []
        with Tracer(found.append):
            runner.run_due(limit=1)
        os.write(write, json.dumps(found).encode())

    if child(work) != 0:
        raise SystemExit("the run to be watched failed")
    os.close(write)
    data = b""
    while piece := os.read(read, 65_536):
        data += piece
    os.close(read)
    return [(file, line) for file, line in json.loads(data)]


def kill_at(line: Line) -> bool:
    """A worker that is killed when it gets to that line. Whether it got there."""

    def shoot(reached: Line) -> None:
        if reached == line:
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        with Tracer(shoot):
            runner.run_due(limit=1)

    return child(work) == -signal.SIGKILL


def only(post_id: int) -> None:
    """Of all jobs the worker finds the one that publishes this post, and no other."""
    now = database_now()
    far = now + timedelta(days=1)
    open_ = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    db.session.execute(update(Job).where(open_, Job.state == JobState.QUEUED).values(due_at=far))
    # A dead worker's job is taken over before all others; here it waits (known by its token) until :func:`everything`.
    dead = update(Job).where(Job.state == JobState.RUNNING)
    db.session.execute(dead.values(state=JobState.QUEUED, due_at=far, lane=None))
    mine = update(Job).where(Job.kind == "publishing.publish", Job.ref == str(post_id), open_)
    db.session.execute(mine.values(due_at=now - timedelta(seconds=2)))
    _die(mine.where(Job.lease_token.is_not(None)))
    db.session.commit()


def everything() -> None:
    """Every job may run, and every lease of the dead has ended."""
    now = database_now()
    db.session.execute(update(Job).where(Job.state == JobState.QUEUED).values(due_at=now))
    _die(update(Job).where(Job.lease_token.is_not(None)))
    db.session.commit()


def _die(jobs: Update) -> None:
    """As their workers left them: running, and the lease has ended."""
    db.session.execute(jobs.values(state=JobState.RUNNING, lease_until=database_now() - LEASE))


def answer_lost(post_id: int, *, arrived: bool) -> None:
    """The post was sent, and whoever sent it died: before the call, or after it."""

    def work() -> None:
        original = LoopbackAdapter.commit

        def dying(self: LoopbackAdapter, job: Any) -> Any:
            if arrived:
                original(self, job)
            os.kill(os.getpid(), signal.SIGKILL)

        LoopbackAdapter.commit = dying  # type: ignore[method-assign]
        runner.run_due(limit=1)

    for _time in range(9):  # on a busy machine a step before the call may be too slow for so short a lease
        only(post_id)
        if child(work) == -signal.SIGKILL:
            break
    else:
        raise SystemExit(f"post {post_id} was not sent")
    delivery = db.session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one()
    ago = database_now() - timedelta(minutes=1)  # long enough to be asked about
    delivery.committing_at = ago
    keep_progress(delivery, replace(progress_of(delivery), called_until=ago))
    db.session.commit()


def absent_once(post_id: int) -> None:
    """It did not arrive, and the channel has said so once."""
    answer_lost(post_id, arrived=False)
    only(post_id)
    child(lambda: (runner.run_due(limit=1), None)[1])
    time.sleep(WAIT.total_seconds())  # nobody can set the clock by which it is waited for
    db.session.execute(
        update(Delivery)
        .where(Delivery.post_id == post_id)
        .values(next_at=database_now() - timedelta(seconds=1))
    )
    db.session.commit()


def matrix(posts: list[int], prepare: Callable[[int], None], most: int) -> tuple[int, int]:
    """Kill at every line of what comes after ``prepare``, each with a post of its own; at most so many, spread evenly.
    How many lines there are, and how many workers were killed.
    """
    first = posts.pop()
    prepare(first)
    only(first)
    lines = lines_of(lambda: None)
    chosen: Sequence[Line] = lines[:: max(1, -(-len(lines) // most))]
    killed = 0
    for line in chosen:
        post_id = posts.pop()
        prepare(post_id)
        only(post_id)
        killed += kill_at(line)
    return len(lines), killed


def drain() -> None:
    """Workers that nobody kills, until nothing is left to do, or nothing is done any more."""
    everything()
    until = time.monotonic() + STILL
    while time.monotonic() < until:
        ran = runner.run_due()
        if ran:
            until = time.monotonic() + STILL
        services.sweep()
        db.session.commit()
        pending = db.session.scalar(
            select(Delivery.id)
            .where(Delivery.state.in_((S.QUEUED, S.PREPARING, S.PREPARED, S.COMMITTING)))
            .limit(1)
        )
        unbegun = db.session.scalar(
            select(Job.id).where(
                Job.kind.startswith("publishing."), Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
                Job.due_at <= clock.now() + timedelta(seconds=5),
            ).limit(1)
        )  # fmt: skip
        db.session.remove()
        if not ran and pending is None and unbegun is None:
            return
        time.sleep(0.02)


def main() -> None:
    """All three, then the end."""
    url, data, port, most = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    app = make_app(
        url, data, OUTBOX_LEASE=LEASE, ASK_AGAIN_AFTER=WAIT, OUTBOUND_PRIVATE_HOSTS=(f"127.0.0.1:{port}",)
    )
    known = {a.key: a for a in (WebAdapter(), ManualAdapter(), LoopbackAdapter(reaching.send))}
    reaching.adapters = lambda: known  # type: ignore[assignment]
    told: dict[str, Any] = {}
    with app.app_context():
        posts = [
            int(ref)
            for ref in db.session.scalars(
                select(Job.ref).where(Job.kind == "publishing.publish").order_by(Job.id.desc())
            )
        ]
        told["out"] = matrix(posts, lambda _post: None, most)
        told["there"] = matrix(posts, lambda post: answer_lost(post, arrived=True), most // 3)
        told["not there"] = matrix(posts, absent_once, most // 3)
        drain()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
