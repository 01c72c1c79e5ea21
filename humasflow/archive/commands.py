"""``flask archive export`` and ``flask archive read``: for large offices, and where nobody can sign in yet."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from humasflow.accounts.services.invitations import url_of
from humasflow.archive import services
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.orgs.queries import get_office_by_slug

cli = AppGroup("archive", help="Everything an office owns, as a file.")


@cli.command("export")
@click.option("--office", "slug", required=True, help="The office's word in addresses.")
@click.option("--with-below", is_flag=True, help="Also the offices below it.")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(slug: str, path: Path, *, with_below: bool) -> None:
    """Write the archive of an office to PATH. Exit 1 when it cannot be written, 3 when files were missing."""
    try:
        office = get_office_by_slug(slug)
    except NotFound:
        click.echo(f"There is no office “{slug}”.", err=True)
        sys.exit(1)
    if path.exists():
        click.echo(f"{path} is there already.", err=True)
        sys.exit(1)
    try:
        written, digest = services.write_for_command(office, path.resolve(), with_below=with_below)
    except (UserError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{digest}  {path}")
    click.echo(f"{sum(written.rows.values())} rows, {written.files} files.", err=True)
    if written.missing:
        click.echo(
            f"{len(written.missing)} files are missing or altered; BACA-SAYA.txt names them.", err=True
        )
        sys.exit(3)


@cli.command("read")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read(path: Path) -> None:
    """Read the archive at PATH into this empty installation. Exit 1 when it is refused; then nothing has changed."""
    try:
        found = services.read_archive(path.resolve())
        db.session.commit()
    except UserError as error:
        db.session.rollback()
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{found.office.name}: {found.rows} rows, {found.files} files.")
    if found.lost:
        click.echo(f"{len(found.lost)} files were lost before the archive was made.")
    click.echo(f"{found.admin.name} sets a password here, within seven days:")
    with current_app.test_request_context():
        click.echo(url_of(found.token))
