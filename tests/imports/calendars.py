"""Content calendars as an office would send them, and what has become of them."""

from typing import Any

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.imports.kinds.base import Context, Outcome, Severity
from humasflow.imports.kinds.calendar import KIND
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services.at_once import work
from humasflow.imports.services.undoing import begin_undoing
from humasflow.posts.models import Post
from humasflow.stories.models import Assignment, Story
from tests.factories.imports import Told, load
from tests.factories.world import World

NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB
HEAD = "Tanggal;Jam;Judul;Jenis konten;Kanal;PIC;Pilar;Seksi;Catatan;Tautan;Status"


def table(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def calendar(world: World, *rows: str) -> Told:
    return load(world.office, world.as_(world.editor), table(*rows), "calendar")


def stories() -> list[Story]:
    return list(db.session.scalars(select(Story).order_by(Story.id)))


def posts() -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.removed_at.is_(None)).order_by(Post.id)))


def tasks() -> list[Assignment]:
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


def undo(world: World, batch: ImportBatch) -> dict[int, str]:
    """What stays, and why."""
    begin_undoing(batch, actor=world.as_(world.editor))
    work(batch)
    rows = db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.reason != ""))
    return {
        r.line: r.reason for r in rows if not r.is_undone and r.outcome in (Outcome.MADE, Outcome.CHANGED)
    }


def understood(world: World, cells: dict[str, str], who: User | None = None) -> Any:
    context = Context(world.office, world.as_(who or world.editor), {})
    said = {c.key: "" for c in KIND.columns} | {"judul": "Lelang", "jenis": "Artikel"} | cells
    return KIND.check(2, said, context, KIND.prepare(context))


def messages(checked: Any, severity: Severity = Severity.ERROR) -> dict[str, str]:
    return {f.column: f.message for f in checked.findings if f.severity is severity}
