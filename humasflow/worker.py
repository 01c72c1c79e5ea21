"""The worker: one process, several threads. APScheduler only ticks; what is due stands in the database.

``python -m humasflow.worker`` runs until it is told to stop, and finishes the jobs at hand before it does. How many of
them run, and where, needs no arrangement: each thread claims what is next (:mod:`humasflow.outbox.claiming`) until
nothing is due, and looks again with its next tick.

Half of the threads publish, the other half does the rest, so that neither waits for the other: a mail server that does
not answer holds up no post, and channels that take half a minute hold up no mail. Every other thread of the rest leaves
alone what waits for pages and channels in the background, so that a trouble is told while they do not answer.
"""

import os
import signal
import socket
import time
from datetime import datetime, timedelta
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError

from humasflow import create_app
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import lease, runner, services, timetable
from humasflow.outbox.claiming import EVERYTHING
from humasflow.outbox.enums import Priority

log = structlog.get_logger(__name__)

BEAT = timedelta(seconds=10)
LOOK_UP = 0.5  # seconds between two looks at the stop signal and the clock
POSTS = (Priority.POSTS,)
THE_REST = tuple(p for p in Priority if p is not Priority.POSTS)
THE_QUICK = tuple(p for p in THE_REST if p is not Priority.BACKGROUND)
WORK = "work"  # the threads that run jobs; the heart has one of its own
TO_DIVIDE = 3  # threads; with fewer, each does everything


class Stop:
    """Whether the worker was told to stop. A plain flag: a signal arrives in the middle of anything."""

    asked = False


def shares(threads: int) -> list[tuple[Priority, ...]]:
    """What each of so many threads claims."""
    if threads < TO_DIVIDE:
        return [EVERYTHING] * threads
    of_four = (POSTS, THE_REST, POSTS, THE_QUICK)
    return [of_four[number % 4] for number in range(threads)]


def drain(app: Flask, stop: Stop, priorities: tuple[Priority, ...] = EVERYTHING) -> int:
    """Run what is due until nothing is left or the worker is to stop. Returns how many jobs ran.

    Each job has a context, and so a database session, of its own: nothing is carried along.
    """
    ran = 0
    try:
        while not stop.asked:
            with app.app_context():
                if not runner.run_next(priorities):
                    break
            ran += 1
    except (OperationalError, InterfaceError) as error:
        log.warning("the database does not answer", error=str(error.orig))
    return ran


def beat(app: Flask, name: str) -> None:
    """Say "I live", for the worker and for what runs long in it, and see to the timetable's rows."""
    try:
        with app.app_context():
            services.beat(name)
            db.session.commit()
            lease.renew_kept_alive()
            timetable.plan()
    except (OperationalError, InterfaceError) as error:
        log.warning("the database does not answer", error=str(error.orig))


def run_entry(app: Flask, name: str) -> None:
    """Run one entry of the timetable now, in a transaction of its own, whenever its turn is."""
    with app.app_context():
        timetable.run_entry(name)
        db.session.commit()


def run(app: Flask, stop: Stop) -> None:
    """Work until ``stop``, then finish what is at hand."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    threads: int = app.config["WORKER_THREADS"]
    scheduler = BackgroundScheduler(
        timezone="UTC", executors={"default": ThreadPoolExecutor(1), WORK: ThreadPoolExecutor(threads)}
    )
    _every(scheduler, min(BEAT, app.config["OUTBOX_LEASE"] / 3), beat, app, name)
    poll = timedelta(seconds=app.config["OUTBOX_POLL_SECONDS"])
    for number, priorities in enumerate(shares(threads)):
        # One after the other, so that the next of them to look is never far.
        _every(scheduler, poll, drain, app, stop, priorities, first_in=poll * number / threads, executor=WORK)
    log.info("worker started", worker=name, threads=threads)
    scheduler.start()
    while not stop.asked:
        time.sleep(LOOK_UP)
        _follow_clock(scheduler)
    # The heart beats until the last job is done: what runs long keeps its lease for as long as it takes.
    for job in scheduler.get_jobs():
        if job.executor == WORK:
            job.remove()
    scheduler.remove_executor(WORK)
    scheduler.shutdown(wait=True)
    log.info("worker stopped", worker=name)


def _every(
    scheduler: BackgroundScheduler,
    interval: timedelta,
    function: object,
    *args: object,
    first_in: timedelta = timedelta(),
    executor: str = "default",
) -> None:
    # One tick at a time; a tick that took long is followed by one, not by all that were missed.
    scheduler.add_job(
        function,
        "interval",
        seconds=interval.total_seconds(),
        args=args,
        executor=executor,
        next_run_time=_machine_time() + first_in,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )


def _follow_clock(scheduler: BackgroundScheduler) -> None:
    """The scheduler keeps the machine's time: where that was set back, its ticks would stand still for as long."""
    now = _machine_time()
    for job in scheduler.get_jobs():
        if job.next_run_time > now + job.trigger.interval:
            job.modify(next_run_time=now)


def _machine_time() -> datetime:
    return clock.now() - clock.offset()


def main() -> None:
    """Work until told to stop."""
    stop = Stop()

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        stop.asked = True

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    run(create_app(), stop)


if __name__ == "__main__":
    main()
