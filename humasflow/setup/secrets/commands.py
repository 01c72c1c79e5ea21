"""``flask secrets rotate``: after a new key was put in front of the old one."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy.orm.exc import StaleDataError

from humasflow.core.db import db
from humasflow.core.secrets import FitsNoKey
from humasflow.setup.secrets.services import rotate_secrets

cli = AppGroup("secrets", help="What is kept encrypted.")
TRIES = 5


@cli.command("rotate")
def rotate() -> None:
    """Encrypt what is kept secret under the newest key; the older keys may be removed afterwards."""
    for left in reversed(range(TRIES)):
        try:
            renewed = rotate_secrets()
            db.session.commit()
        except StaleDataError:  # a worker renewed a token meanwhile: begin anew with what is there now
            db.session.rollback()
            if not left:
                raise
        except FitsNoKey as lost:
            db.session.rollback()
            click.echo(
                f"A value fits none of the configured keys: {lost.where}. Nothing was changed; keep the older keys, "
                "and bring back the one it was sealed with, or connect or write it anew in the product.",
                err=True,
            )
            sys.exit(1)
        else:
            click.echo(f"{renewed} secrets are under the newest key")
            return
