"""Publications as rows of a list that leads to them, with titles for those only who may read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, literal, select

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True)
class NamedPublication:
    """One publication. ``at``: when it went out, or is due. ``is_seen``: False for who is not named for its story."""

    delivery_id: int
    post_id: int
    title: str
    account: str
    state: DeliveryState
    at: datetime
    created_at: datetime
    is_seen: bool


def list_named(
    office_id: int, wanted: Select[Any], reader_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[NamedPublication]:
    """The publications of an office whose ids ``wanted`` selects, the newest first. One statement a page."""
    statement = (
        select(
            Delivery.id, Delivery.post_id, Delivery.title, Story.title, ChannelAccount.name, Delivery.state,
            Delivery.published_at, Post.scheduled_at, Delivery.created_at,
            case((visible_to(reader_id), literal(value=True)), else_=literal(value=False)),
        )
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(Story, Story.id == Delivery.story_id)
        .join(Post, Post.id == Delivery.post_id)
        .where(Delivery.office_id == office_id, Delivery.id.in_(wanted))
    )  # fmt: skip
    rows = db.session.execute(newest_first(statement, Delivery.created_at, Delivery.id, cursor, size)).all()
    made = [
        NamedPublication(
            id_, post_id, (title or of_story) if seen else _("Naskah rahasia"), account, state,
            published_at or scheduled_at or created_at, created_at, bool(seen),
        )
        for id_, post_id, title, of_story, account, state, published_at, scheduled_at, created_at, seen in rows
    ]  # fmt: skip
    return cut(made, lambda row: (row.created_at, row.delivery_id), size)
