"""Publications: by their title, or by their address pasted into the box."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Subquery, select

from humasflow.accounts.finding import Asked, Found, Source, titled_first
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.fulltext.asking import WINDOW, window
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.posts.models import Post
from humasflow.publishing.models import DELIVERY_WORDS, Delivery
from humasflow.publishing.workflow import shown_state
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


def _find(asked: Asked, limit: int) -> list[Found]:
    hits, is_address = _hits(asked)
    rows = db.session.execute(
        select(
            Delivery.post_id, Delivery.title, Delivery.state, Delivery.published_at, Post.scheduled_at,
            ChannelAccount.name.label("account_name"),
        )
        .join(hits, hits.c.id == Delivery.id)
        .join(Post, Post.id == Delivery.post_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .order_by(Delivery.id.desc())
    )  # fmt: skip
    best = list(rows)[:limit] if is_address else titled_first(asked, rows, lambda row: row.title, limit)
    return [
        Found(row.title, url_for("publishing.detail", post_id=row.post_id), _detail(row, asked))
        for row in best
    ]


def _hits(asked: Asked) -> tuple[Subquery, bool]:
    """The publications, and whether the whole of what was typed is their address."""
    joined = [(Post, Post.id == Delivery.post_id), (Story, Story.id == Delivery.story_id)]
    may = _openable(asked)
    address = _address(asked.typed)
    if not address:
        return window(
            DELIVERY_WORDS, Delivery, asked.terms, may, office_id=asked.office.id, joined=joined
        ), False
    found = select(Delivery.id).where(Delivery.canonical_url == address, *may)
    for other, on in joined:
        found = found.join(other, on)
    return found.order_by(Delivery.id.desc()).limit(WINDOW).subquery(), True


def _openable(asked: Asked) -> list[ColumnElement[bool]]:
    """The present generation of what the person may open (``publishing.queries.get_post_for``, for lists)."""
    may = [
        Delivery.office_id == asked.office.id, Post.generation == Delivery.generation, Post.removed_at.is_(None),
        visible_to(asked.actor.id),
    ]  # fmt: skip
    if not asked.actor.can(Permission.STORY_READ, asked.office.id):
        may.append(Delivery.assignee_id == asked.actor.id)
    return may


def _address(typed: str) -> str:
    if not typed.lower().startswith(("http://", "https://")):
        return ""
    try:
        return canonical_url(typed)
    except NotHttpUrl:
        return ""


def _detail(row: Any, asked: Asked) -> str:
    state = shown_state(
        delivery=row.state, approved=False, pending=False, scheduled=row.scheduled_at is not None
    )
    at = row.published_at or row.scheduled_at
    parts = [row.account_name, state.label]
    return " · ".join([*parts, show_date(at, asked.office.zone_name, style="d MMM yyyy")] if at else parts)


SOURCES = (Source("publications", _l("Publikasi"), "send", 50, _find),)
