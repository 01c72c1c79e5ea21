"""``flask outbox …``: for whoever runs the installation."""

import click
from flask.cli import AppGroup

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import queries, runner, timetable

cli = AppGroup("outbox", help="Jobs that leave the building or happen later.")


@cli.command("run-due")
@click.option("--limit", default=100, show_default=True, help="At most so many jobs.")
def run_due(limit: int) -> None:
    """Run what is due now, once, without a worker."""
    click.echo(f"{runner.run_due(limit=limit)} jobs run")


@cli.command("status")
def status() -> None:
    """How many jobs wait, are due, overdue or dead, which lanes are busy, and when a worker was last seen."""
    for state, count in queries.count_by_state().items():
        _line(state.value, count)
    _line("due", queries.count_due())
    _line("overdue", queries.count_overdue())
    for job in queries.list_running():
        left = int(job.lease_left.total_seconds())
        lease = f"lease {left} s" if left >= 0 else f"lease over for {-left} s, to be taken over"
        _line("lane" if job.lane else "no lane", f"{job.lane or '-'}  {job.kind}  job {job.job_id}, {lease}")
    for entry in queries.list_failing(timetable.KIND):
        _line("timetable", f"{entry.ref} fails: {entry.error}")
    seen = queries.get_last_beat()
    _line("worker", f"seen {int((clock.now() - seen).total_seconds())} s ago" if seen else "seen never")
    db.session.rollback()


def _line(name: str, told: object) -> None:
    click.echo(f"{name:10} {told}")
