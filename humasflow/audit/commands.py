"""``flask audit check``: verify every office's chain."""

import sys

import click
from flask.cli import AppGroup

from humasflow.audit import queries

cli = AppGroup("audit", help="The append-only record.")


@cli.command("check")
def check() -> None:
    """Print every break in the chains; exit 1 when there is one."""
    faults = [f for office in queries.list_offices_with_chain() for f in queries.check_chain(office)]
    for fault in faults:
        click.echo(f"office {fault.office_id}, entry {fault.seq}: {fault.fault}")
    if faults:
        sys.exit(1)
    click.echo("The record is whole.")
