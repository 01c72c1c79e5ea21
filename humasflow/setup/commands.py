"""``flask setup-link``: the way into the wizard from another computer."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from humasflow.setup import queries, services


@click.command("setup-link")
@with_appcontext
def cli() -> None:
    """Print a link that opens the set-up wizard from any computer for 24 hours; exit 1 when set up already."""
    if queries.is_set_up(afresh=True):
        click.echo("This installation is set up already: somebody can sign in.", err=True)
        sys.exit(1)
    click.echo(services.link_address(f"/siapkan?kunci={services.make_link_key()}"))
    if not current_app.config["PUBLIC_URL"]:
        click.echo(
            "Replace the host by the one you reach this server at, or set HUMASFLOW_PUBLIC_URL.", err=True
        )
