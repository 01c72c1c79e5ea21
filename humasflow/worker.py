"""The worker: one process, one timetable. APScheduler only ticks; what is due stands in the database.

``python -m humasflow.worker`` runs until it is told to stop, and finishes the job at hand before it does.
"""

import os
import signal
import socket
from types import FrameType

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from humasflow import create_app, registry
from humasflow.core.db import db
from humasflow.outbox import runner, services

log = structlog.get_logger(__name__)


def tick(app: Flask, name: str) -> int:
    """Say "I live" and run what is due. Returns how many jobs ran."""
    with app.app_context():
        services.beat(name)
        db.session.commit()
        return runner.run_due()


def run_entry(app: Flask, name: str) -> None:
    """Run one entry of the timetable in a transaction of its own."""
    for entry, _seconds, function in registry.timetable():
        if entry == name:
            with app.app_context():
                function()
                db.session.commit()


def main() -> None:
    """Tick until told to stop."""
    app = create_app()
    name = f"{socket.gethostname()}:{os.getpid()}"
    scheduler = BlockingScheduler(timezone="UTC")
    # One tick at a time; a tick that took long is followed by one, not by all that were missed.
    scheduler.add_job(
        tick,
        "interval",
        seconds=app.config["OUTBOX_POLL_SECONDS"],
        args=[app, name],
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    for entry, seconds, _function in registry.timetable():
        scheduler.add_job(
            run_entry,
            "interval",
            seconds=seconds,
            args=[app, entry],
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def stop(_signum: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker started", worker=name)
    scheduler.start()
    log.info("worker stopped", worker=name)


if __name__ == "__main__":
    main()
