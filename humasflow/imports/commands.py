"""``flask imports …``: bringing in tables from the command line."""

import sys
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import AppGroup

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import list_people, load_principal
from humasflow.core.errors import UserError
from humasflow.imports import queries
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.kinds.registry import get_kind, kinds
from humasflow.imports.models import ImportBatch
from humasflow.imports.services.at_once import import_at_once
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


def _import(file: IO[bytes], code: str, office: str, by: str, all_or_nothing: bool, **options: str) -> None:
    """Import, say what became of it, and end with 1 when a row was refused."""
    name = Path(getattr(file, "name", "-")).name
    with current_app.test_request_context():
        unit = _office(office)
        actor = _person(unit, by)
        try:
            batch = import_at_once(
                file.read(), get_kind(code), office=unit, actor=actor, filename=name, options=options,
                all_or_nothing=all_or_nothing,
            )  # fmt: skip
        except UserError as error:
            raise click.ClickException(error.message) from error
        refused = _say(batch, name)
    if refused:
        sys.exit(1)


def _say(batch: ImportBatch, name: str) -> bool:
    after: int | None = 0
    while after is not None:
        rows, after = queries.list_rows(batch, wanted="perlu-diperbaiki", after=after, limit=500)
        for row in rows:
            words = "; ".join(message for _column, severity, message in row.findings if severity == "error")
            click.echo(f"{name}:{row.line}: {words}", err=True)
    after = 0
    while after is not None:
        rows, after = queries.list_rows(batch, wanted="ditolak", after=after, limit=500)
        for row in rows:
            click.echo(f"{name}:{row.line}: {row.reason}", err=True)
    counts = queries.count_rows(batch)
    if batch.state is not BatchState.APPLIED:
        why = f": {batch.error}" if batch.error else ""
        click.echo(f"nothing recorded: {counts.bad} bad rows{why}")
        return True
    of = counts.outcomes.get
    refused = counts.bad + of(Outcome.REFUSED, 0)
    known = of(Outcome.KNOWN, 0) + of(Outcome.SKIPPED, 0)
    changed = f"{of(Outcome.CHANGED, 0)} changed, " if of(Outcome.CHANGED) else ""
    click.echo(f"{of(Outcome.MADE, 0)} recorded, {changed}{known} known before, {refused} refused")
    return bool(refused)


@cli.command("publications")
@click.argument("file", type=click.File("rb"))
@click.option("--office", required=True, help="The office's address part, as in /berita/<office>/.")
@click.option("--by", default="", help="Name or e-mail of the person who imports it.")
@click.option(
    "--verified-by", default="", help="The same person, who also takes responsibility for the list."
)
@click.option("--document", default="", help="What vouches for it, e.g. the number of a memo.")
@click.option("--all-or-nothing", is_flag=True, help="Record nothing when any row is bad.")
def publications(
    file: IO[bytes], office: str, by: str, verified_by: str, document: str, all_or_nothing: bool
) -> None:
    """Record past publications from FILE (xlsx, xls, ods, csv). Safe to repeat; exit 1 when a row was refused."""
    if not by and not verified_by:
        raise click.UsageError("say who imports it: --by or --verified-by")
    _import(
        file, "publications", office, verified_by or by, all_or_nothing,
        vouched="y" if verified_by else "", document=document,
    )  # fmt: skip


@cli.command("table")
@click.argument("kind")
@click.argument("file", type=click.File("rb"))
@click.option("--office", required=True, help="The office's address part, as in /berita/<office>/.")
@click.option("--by", required=True, help="Name or e-mail of the person who imports it.")
@click.option("--all-or-nothing", is_flag=True, help="Record nothing when any row is bad.")
@click.option("--option", "options", multiple=True, help="An answer of the kind's own, as key=text.")
def table(
    kind: str, file: IO[bytes], office: str, by: str, all_or_nothing: bool, options: tuple[str, ...]
) -> None:
    """Import FILE as a KIND of table. Safe to repeat; exit 1 when a row was refused."""
    if kind not in kinds():
        raise click.BadParameter(f"kinds are {', '.join(kinds())}")
    answers: dict[str, Any] = dict(o.partition("=")[::2] for o in options)
    _import(file, kind, office, by, all_or_nothing, **answers)


@cli.command("targets")
@click.argument("file", type=click.File("rb"))
@click.option("--office", required=True, help="The office's address part, as in /berita/<office>/.")
@click.option("--by", required=True, help="Name or e-mail of the person who imports it.")
def targets(file: IO[bytes], office: str, by: str) -> None:
    """Make schemes and set targets from FILE, all or nothing. Safe to repeat."""
    _import(file, "targets", office, by, True)
