"""Events of the agenda, for whoever reads the office's calendar."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.core.db import db
from humasflow.core.fulltext.asking import window
from humasflow.core.localtime import show_date, show_instant
from humasflow.core.permissions import Permission
from humasflow.planning.agenda.models import EVENT_WORDS, AgendaEvent


def _find(asked: Asked, limit: int) -> list[Found]:
    if not asked.actor.can(Permission.CALENDAR_READ, asked.office.id):
        return []
    may = [AgendaEvent.office_id == asked.office.id, AgendaEvent.removed_at.is_(None)]
    hits = window(EVENT_WORDS, AgendaEvent, asked.terms, may, office_id=asked.office.id)
    rows = db.session.execute(
        select(
            AgendaEvent.id, AgendaEvent.title, AgendaEvent.place, AgendaEvent.starts_at, AgendaEvent.zone,
            AgendaEvent.all_day, AgendaEvent.rule,
        )
        .join(hits, hits.c.id == AgendaEvent.id)
        .order_by(AgendaEvent.starts_at.desc(), AgendaEvent.id.desc())
    )  # fmt: skip
    best = titled_first(asked, rows, lambda row: row.title, limit)
    return [Found(row.title, url_for("agenda.event", event_id=row.id), _detail(row)) for row in best]


def _detail(row: Row[*tuple[Any, ...]]) -> str:
    if row.rule:
        when = _("Berulang")
    elif row.all_day:
        when = show_date(row.starts_at, row.zone, style="d MMM yyyy")
    else:
        when = show_instant(row.starts_at, row.zone)
    return " · ".join(part for part in (when, row.place) if part)


def _rest(asked: Asked) -> str:
    return url_for("agenda.index", cari=asked.typed)


SOURCES = (Source("events", _l("Agenda"), "calendar", 60, _find, _rest),)
