"""``flask scoring verify``: recompute the ledger from what is live and print every difference."""

import sys

import click
from flask.cli import AppGroup

from humasflow.scoring.recomputation import differences

cli = AppGroup("scoring", help="The ledger.")


@cli.command("verify")
def verify() -> None:
    """Compare the ledger with a recomputation from scratch; exit 1 on any difference."""
    found = 0
    for line in differences():
        found += 1
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo("The ledger agrees with what is live.")
