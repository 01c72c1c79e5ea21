"""Stories: by the index of the desk's search, for whoever may open them."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.fulltext.asking import CUT, WINDOW
from humasflow.core.permissions import Permission
from humasflow.stories.models import Story
from humasflow.stories.queries.visibility import newest_openable, openable
from humasflow.stories.search import finding
from humasflow.stories.visibility import WAS_PUBLIC

_ROW = (Story.id, Story.title, Story.state, Story.is_confidential, User.name.label("owner_name"))


def _rows() -> Select[*tuple[Any, ...]]:
    return select(*_ROW).outerjoin(User, User.id == Story.owner_id)


def _found(row: Row[Any]) -> Found:
    detail = " · ".join(part for part in (row.state.label, row.owner_name) if part)
    is_closed = row.is_confidential and row.state not in WAS_PUBLIC
    return Found(row.title, url_for("pages.story", story_id=row.id), detail, "lock" if is_closed else "")


def _find(asked: Asked, limit: int) -> list[Found]:
    may = openable(asked.actor, asked.office.id)
    newest = newest_openable(asked.actor, asked.office.id, finding.NEAR)
    hits = finding.window(asked.terms, may, newest, office_id=asked.office.id, size=WINDOW, enough=limit)
    found = (
        select(hits.c.id.label("hit"), *_ROW)
        .select_from(hits)
        .outerjoin(Story, Story.id == hits.c.id)
        .outerjoin(User, User.id == Story.owner_id)
    )
    rows = db.session.execute(found.order_by(Story.updated_at.desc(), Story.id.desc())).all()
    if any(row.hit == CUT for row in rows):
        asked.cut.add("stories")
    stories = (row for row in rows if row.hit != CUT)
    return [_found(row) for row in titled_first(asked, stories, lambda row: row.title, limit)]


def _rest(asked: Asked) -> str:
    if not asked.actor.can(Permission.STORY_READ, asked.office.id):
        return ""
    return url_for("pages.desk", q=asked.typed, tampilan="daftar", keadaan="semua")


def _recent(asked: Asked, limit: int) -> list[Found]:
    held = _rows().where(Story.owner_id == asked.actor.id, *openable(asked.actor, asked.office.id))
    rows = db.session.execute(held.order_by(Story.updated_at.desc(), Story.id.desc()).limit(limit))
    return [_found(row) for row in rows]


SOURCES = (Source("stories", _l("Naskah"), "desk", 30, _find, _rest, _recent),)
