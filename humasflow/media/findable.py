"""Files of the person's library: by name, description, caption and credit."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.core.db import db
from humasflow.core.fulltext.asking import window
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset
from humasflow.media.models.asset import ASSET_WORDS
from humasflow.media.queries.scope import library_of


def _find(asked: Asked, limit: int) -> list[Found]:
    may = [library_of(asked.actor, asked.office.id), Asset.same_as_id.is_(None)]
    hits = window(ASSET_WORDS, Asset, asked.terms, may, office_id=asked.office.id)
    rows = db.session.execute(
        select(Asset.id, Asset.filename, Asset.alt_text, Asset.credit)
        .join(hits, hits.c.id == Asset.id)
        .order_by(Asset.created_at.desc(), Asset.id.desc())
    )
    best = titled_first(asked, rows, lambda row: f"{row.filename} {row.alt_text}", limit)
    return [
        Found(
            row.alt_text or row.filename,
            url_for("media.detail", asset_id=row.id),
            " · ".join(part for part in (row.filename if row.alt_text else "", row.credit) if part),
        )
        for row in best
    ]


def _rest(asked: Asked) -> str:
    opens = any(asked.actor.can(p) for p in (Permission.MEDIA_UPLOAD, Permission.STORY_READ))
    return url_for("media.library", q=asked.typed) if opens else ""


SOURCES = (Source("media", _l("Media"), "image", 70, _find, _rest),)
