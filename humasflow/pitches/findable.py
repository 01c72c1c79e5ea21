"""Pitches: one's own, and everybody's for whoever reads the pool."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.fulltext.asking import window
from humasflow.core.permissions import Permission
from humasflow.pitches.models import PITCH_WORDS, Pitch


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Pitch.id, Pitch.title, Pitch.state, User.name.label("author_name"))
        .join(User, User.id == Pitch.author_id)
        .order_by(Pitch.created_at.desc(), Pitch.id.desc())
    )


def _found(row: Row[Any]) -> Found:
    return Found(
        row.title, url_for("pitches.detail", pitch_id=row.id), f"{row.state.label} · {row.author_name}"
    )


def _sees_all(asked: Asked) -> bool:
    return asked.actor.can(Permission.PITCH_READ_ALL, asked.office.id)


def _find(asked: Asked, limit: int) -> list[Found]:
    may = [Pitch.office_id == asked.office.id]
    if not _sees_all(asked):
        may.append(Pitch.author_id == asked.actor.id)
    hits = window(PITCH_WORDS, Pitch, asked.terms, may, office_id=asked.office.id)
    rows = db.session.execute(_rows().join(hits, hits.c.id == Pitch.id))
    return [_found(row) for row in titled_first(asked, rows, lambda row: row.title, limit)]


def _rest(asked: Asked) -> str:
    # "semua" is no state, and so stands for all of them.
    return url_for("pitches.pool", q=asked.typed, keadaan="semua") if _sees_all(asked) else ""


def _recent(asked: Asked, limit: int) -> list[Found]:
    own = _rows().where(Pitch.author_id == asked.actor.id, Pitch.office_id == asked.office.id)
    return [_found(row) for row in db.session.execute(own.limit(limit))]


SOURCES = (Source("pitches", _l("Usulan"), "idea", 40, _find, _rest, _recent),)
