"""``flask scoring verify``: recompute the ledger from what is live, look for its files, and print every difference."""

import sys

import click
from flask.cli import AppGroup

from humasflow.scoring.recomputation import at_one_moment, differences, missing_files

cli = AppGroup("scoring", help="The ledger.")

DIFFERS, LOST_FILES = 1, 3  # exit codes; 2 is click's own


@cli.command("verify")
def verify() -> None:
    """Compare the ledger with a recomputation from scratch, and look for the files that prove it.

    Exit 1 on any difference; exit 3 when all numbers agree and a file is missing.
    """
    found = lost = 0
    with at_one_moment():
        for line in differences():
            found += 1
            click.echo(line)
        for line in missing_files():
            lost += 1
            click.echo(line)
    if not found:
        click.echo("The ledger agrees with what is live.")
    if lost:
        click.echo(f"Files of proof that are missing: {lost}. No number depends on them.")
    if found or lost:
        sys.exit(DIFFERS if found else LOST_FILES)
