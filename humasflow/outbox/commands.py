"""``flask outbox …``: for whoever runs the installation."""

import click
from flask.cli import AppGroup

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import queries, runner

cli = AppGroup("outbox", help="Jobs that leave the building or happen later.")


@cli.command("run-due")
@click.option("--limit", default=100, show_default=True, help="At most so many jobs.")
def run_due(limit: int) -> None:
    """Run what is due now, once, without a worker."""
    click.echo(f"{runner.run_due(limit=limit)} jobs run")


@cli.command("status")
def status() -> None:
    """How many jobs wait, are overdue or dead, and when a worker was last seen."""
    for state, count in queries.count_by_state().items():
        click.echo(f"{state.value:10} {count}")
    click.echo(f"{'overdue':10} {len(queries.list_overdue(limit=1000))}")
    seen = queries.get_last_beat()
    age = f"{int((clock.now() - seen).total_seconds())} s ago" if seen else "never"
    click.echo(f"{'worker':10} seen {age}")
    db.session.rollback()
