"""The plan of a day on paper: what the calendar's sheet for the wall shows, with who is in charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.calendar.items import Item
from humasflow.core import unit_of_work
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.reports import queries
from humasflow.reports.pdf.heading import files_of, heading_of
from humasflow.reports.pdf.rendering import render_pdf
from humasflow.stories.models import Story


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet."""

    clock: str
    kind: str
    title: str
    where: str
    who: str
    state: str
    is_over: bool


def lines_of(items: Sequence[Item]) -> list[Line]:
    """The items with who holds the story. One statement."""
    holders = _holders({item.story_id for item in items if item.story_id})
    return [
        Line(
            "–".join(part for part in (item.clock, item.until) if part), item.kind.label, item.title, item.where,
            holders.get(item.story_id or 0, ""), item.state, item.is_over,
        )
        for item in items
    ]  # fmt: skip


def _holders(story_ids: set[int]) -> dict[int, str]:
    if not story_ids:
        return {}
    rows = db.session.execute(
        select(Story.id, User.name).join(User, User.id == Story.owner_id).where(Story.id.in_(story_ids))
    )
    return {row[0]: row[1] for row in rows}


def schedule_pdf(office: Unit, day: date, items: Sequence[Item]) -> bytes:
    """The file. Nothing of the database is held while it is drawn. Raises CannotRender."""
    heading = heading_of(queries.get_letterhead(office.id))
    page = current_app.jinja_env.get_template("reports/pdf/schedule.html").render(
        office=office, day=day, head=heading, lines=lines_of(items), foot=office.name
    )
    files = files_of(heading)
    with TemporaryDirectory() as folder, unit_of_work.let_go():
        out = Path(folder, "schedule.pdf")
        render_pdf(page, out, files=files)
        return out.read_bytes()
