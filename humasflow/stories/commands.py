"""``flask stories reindex``: write the search anew, for what was changed past the product."""

import click
from flask.cli import AppGroup

from humasflow.core.db import db
from humasflow.stories.search import indexing

cli = AppGroup("stories", help="The editorial desk's texts.")


@cli.command("reindex")
def reindex() -> None:
    """Read every story's current version again. Safe at any time; prints how many."""
    total = 0
    for count in indexing.rebuild():
        total += count
        click.echo(f"{total} stories")
    db.session.commit()
    click.echo("The search is in step with the stories.")
