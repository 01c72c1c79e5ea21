"""``flask imports …``: bringing in lists from the command line."""

import sys
from pathlib import Path
from typing import IO

import click
from flask import current_app
from flask.cli import AppGroup

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import list_people, load_principal
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.imports.services.publications import import_publications
from humasflow.imports.services.targets import import_targets
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office_by_slug

cli = AppGroup("imports", help="Bringing in what an office already has.")


def _office(slug: str) -> Unit:
    try:
        return get_office_by_slug(slug)
    except UserError:
        raise click.BadParameter(f"no office has the address part “{slug}”") from None


def _person(office: Unit, who: str) -> Principal:
    wanted = who.strip().casefold()
    found = [p for p in list_people(office) if wanted in (p.email.casefold(), p.name.casefold())]
    if len(found) != 1:
        raise click.BadParameter(f"“{who}” is not the name or e-mail of exactly one person of the office")
    return load_principal(found[0], office_id=office.id)


@cli.command("publications")
@click.argument("file", type=click.File("rb"))
@click.option("--office", required=True, help="The office's address part, as in /berita/<office>/.")
@click.option("--verified-by", help="Name or e-mail of the person who takes responsibility for the list.")
@click.option("--document", default="", help="What vouches for it, e.g. the number of a memo.")
@click.option("--all-or-nothing", is_flag=True, help="Record nothing when any row is bad.")
def publications(
    file: IO[bytes], office: str, verified_by: str | None, document: str, all_or_nothing: bool
) -> None:
    """Record past publications from FILE. Safe to repeat; exit 1 when a row was refused."""
    with current_app.test_request_context():
        unit = _office(office)
        person = _person(unit, verified_by) if verified_by else None
        try:
            result = import_publications(
                file.read(),
                office=unit,
                actor=None,
                verified_by=person,
                document=document,
                all_or_nothing=all_or_nothing,
            )
        except UserError as error:
            raise click.ClickException(error.message) from error
        db.session.commit()
    name = Path(getattr(file, "name", "-")).name
    for finding in result.refused:
        click.echo(f"{name}:{finding.line}: {finding.reason}", err=True)
    for label in result.accounts_made if result.kept else ():
        click.echo(f"channel account made: {label}")
    if not result.kept:
        click.echo(f"nothing recorded: {len(result.refused)} bad rows")
    else:
        click.echo(f"{result.added} recorded, {result.known} known before, {len(result.refused)} refused")
    if result.refused:
        sys.exit(1)


@cli.command("targets")
@click.argument("file", type=click.File("rb"))
@click.option("--office", required=True, help="The office's address part, as in /berita/<office>/.")
def targets(file: IO[bytes], office: str) -> None:
    """Make schemes and set targets from FILE, all or nothing. Safe to repeat."""
    with current_app.test_request_context():
        try:
            schemes, set_count = import_targets(file.read(), office=_office(office), actor=None)
        except UserError as error:
            raise click.ClickException(error.message) from error
        db.session.commit()
    click.echo(f"{schemes} schemes made, {set_count} targets set")
