"""Campaigns, for whoever reads the office's calendar."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.core.db import db
from humasflow.core.fulltext.asking import window
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.planning.campaigns.models import CAMPAIGN_WORDS, Campaign


def _find(asked: Asked, limit: int) -> list[Found]:
    if not asked.actor.can(Permission.CALENDAR_READ, asked.office.id):
        return []
    may = [Campaign.office_id == asked.office.id]
    hits = window(CAMPAIGN_WORDS, Campaign, asked.terms, may, office_id=asked.office.id)
    rows = db.session.execute(
        select(Campaign.id, Campaign.name, Campaign.starts_on, Campaign.ends_on)
        .join(hits, hits.c.id == Campaign.id)
        .order_by(Campaign.ends_on.desc(), Campaign.id.desc())
    )
    best = titled_first(asked, rows, lambda row: row.name, limit)
    return [
        Found(
            row.name,
            url_for("pages.campaign", campaign_id=row.id),
            " – ".join(show_date(day, style="d MMM yyyy") for day in (row.starts_on, row.ends_on)),
        )
        for row in best
    ]


SOURCES = (Source("campaigns", _l("Kampanye"), "flag", 65, _find),)
