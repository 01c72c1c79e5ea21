"""``flask notifications rotate-secrets``: after a new key was put in front of the old one."""

import click
from flask.cli import AppGroup

from humasflow.core.db import db
from humasflow.notifications.services.secrets import rotate_secrets

cli = AppGroup("notifications", help="Telling people.")


@cli.command("rotate-secrets")
def rotate() -> None:
    """Encrypt what is kept secret under the newest key; the older keys may be removed afterwards."""
    renewed = rotate_secrets()
    db.session.commit()
    click.echo(f"{renewed} secrets are under the newest key")
