"""The publications that a reviewer may mark, and those that were marked and are not among them any more."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import Component, Measurement, SchemeVersion
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True)
class Judging:
    """What is judged: a rubric of an office in a period whose bounds in UTC are half-open, and who looks."""

    office_id: int
    component: Component
    version: SchemeVersion
    period_key: str
    bounds: tuple[datetime, datetime]
    reader_id: int


@dataclass(frozen=True)
class JudgedPost:
    """A publication that a reviewer may mark. ``mark`` is what is in force, None: not judged yet.

    ``is_live``: readers see it; ``is_counted``: it is of the period and of what the component judges. Only one that is
    both is marked anew; another is here because it was marked before. ``title`` and ``permalink`` are withheld of a
    story that is confidential for the reader.
    """

    post_id: int
    delivery_id: int
    title: str
    account: str
    published_at: datetime
    permalink: str | None
    is_live: bool
    is_counted: bool
    mark: Decimal | None = None

    @property
    def may_be_marked(self) -> bool:
        """Whether a mark can still be given."""
        return self.is_live and self.is_counted


def marks_of(judging: Judging) -> dict[int, Decimal]:
    """The marks in force by post. One statement."""
    later = aliased(Measurement)
    rows = db.session.execute(
        select(Measurement.post_id, Measurement.facts).where(
            Measurement.office_id == judging.office_id, Measurement.scheme_id == judging.version.scheme_id,
            Measurement.period == judging.period_key, Measurement.component_key == judging.component.key,
            Measurement.post_id.is_not(None),
            ~select(later.id).where(later.supersedes_id == Measurement.id).exists(),
        )
    )  # fmt: skip
    return {post_id: Decimal(facts["mark"]) for post_id, facts in rows if facts and post_id is not None}


def judged_post(judging: Judging, post_id: int) -> JudgedPost:
    """One publication that may be marked or was, or "not found"."""
    marks = marks_of(judging)
    row = db.session.execute(_posts(judging, marks).where(Delivery.post_id == post_id)).first()
    if row is None:
        raise NotFound
    return _made(row, marks)


def list_judged_posts(
    judging: Judging, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[JudgedPost]:
    """The publications of a period with the mark in force, newest first; two statements a page."""
    marks = marks_of(judging)
    rows = db.session.execute(
        newest_first(_posts(judging, marks), Delivery.published_at, Delivery.id, cursor, size)
    ).all()
    return cut([_made(row, marks) for row in rows], lambda row: (row.published_at, row.delivery_id), size)


def _made(row: Any, marks: dict[int, Decimal]) -> JudgedPost:
    post_id, delivery_id, title, account, published_at, permalink, is_live, is_counted, is_seen = row
    return JudgedPost(
        post_id, delivery_id, title if is_seen else _("Naskah rahasia"), account, published_at,
        permalink if is_seen else None, bool(is_live), bool(is_counted), marks.get(post_id),
    )  # fmt: skip


def _posts(judging: Judging, marks: dict[int, Decimal]) -> Select[*tuple[Any, ...]]:
    """Each post once: as it went out last."""
    is_live = Delivery.state == DeliveryState.PUBLISHED
    is_counted = and_(*_chosen_by(judging.component, judging.bounds))
    return _joined(
        select(
            Delivery.post_id, Delivery.id, Delivery.title, ChannelAccount.name, Delivery.published_at,
            Delivery.permalink, _flag(is_live), _flag(is_counted), _flag(visible_to(judging.reader_id)),
        )
    ).where(
        Delivery.office_id == judging.office_id, Delivery.published_at.is_not(None), _is_newest(),
        or_(and_(is_live, is_counted), Delivery.post_id.in_(list(marks))),
    )  # fmt: skip


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With everything that a selection looks at."""
    return (
        statement.join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .join(Story, Story.id == Delivery.story_id)
        .join(Post, Post.id == Delivery.post_id)
    )


def _is_newest() -> ColumnElement[bool]:
    later = aliased(Delivery)
    return (
        ~select(later.id)
        .where(
            later.post_id == Delivery.post_id, later.published_at.is_not(None),
            later.generation > Delivery.generation,
        )
        .exists()
    )  # fmt: skip


def count_judged(office_id: int, component: Component, bounds: tuple[datetime, datetime]) -> int:
    """How many publications a rubric has judged one by one in a period whose bounds in UTC are half-open."""
    chosen = _joined(select(Delivery.post_id)).where(
        Delivery.office_id == office_id, _is_newest(), Delivery.state == DeliveryState.PUBLISHED,
        *_chosen_by(component, bounds),
    )  # fmt: skip
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _chosen_by(component: Component, bounds: tuple[datetime, datetime]) -> list[ColumnElement[bool]]:
    return [Delivery.published_at >= bounds[0], Delivery.published_at < bounds[1], _selected_by(component)]


def _selected_by(component: Component) -> ColumnElement[bool]:
    """:func:`humasflow.scoring.selection.selects`, in SQL."""
    chosen: tuple[tuple[ColumnElement[Any] | Any, list[Any]], ...] = (
        (ContentType.code, component.content_types),
        (ChannelKind.code, component.channel_kinds),
        (Delivery.account_id, component.account_ids),
        (Story.pillar_id, component.pillar_ids),
        (Story.campaign_id, component.campaign_ids),
        (Story.section_id, component.section_ids),
    )
    wanted = [column.in_(values) for column, values in chosen if values]
    if not component.counts_reposts:
        wanted.append(Post.repost_of_id.is_(None))
    return and_(true(), *wanted)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition as a column."""
    return case((condition, literal(value=True)), else_=literal(value=False))
