"""People of the office, for whoever manages accounts: nobody else has a page of them to open."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.accounts.models import USER_WORDS, User
from humasflow.accounts.queries import belongs_to
from humasflow.core.db import db
from humasflow.core.fulltext.asking import window
from humasflow.core.permissions import Permission


def _find(asked: Asked, limit: int) -> list[Found]:
    if not asked.actor.can(Permission.ACCOUNT_MANAGE, asked.office.id):
        return []
    hits = window(USER_WORDS, User, asked.terms, [belongs_to(asked.office)], office_id=asked.office.id)
    rows = db.session.execute(
        select(User.id, User.name, User.email).join(hits, hits.c.id == User.id).order_by(User.name, User.id)
    )
    best = titled_first(asked, rows, lambda row: row.name, limit)
    return [Found(row.name, url_for("accounts.person", user_id=row.id), row.email) for row in best]


def _rest(asked: Asked) -> str:
    return url_for("accounts.people", q=asked.typed)


SOURCES = (Source("people", _l("Orang"), "user", 80, _find, _rest),)
