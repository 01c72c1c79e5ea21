"""What the public may read: live deliveries on an office's own newsroom, as plain rows.

Lists read the columns that a delivery keeps for them; only an article and the feeds read the snapshot itself. Nothing
is taken from the story, so that an edit which is not published yet never shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import Page, cut, decode_cursor, encode_cursor, newest_first
from humasflow.media.models import Asset
from humasflow.newsroom.content import (
    Address,
    Article,
    Newsroom,
    Picture,
    PublicChange,
    Retraction,
    Section,
    Teaser,
)
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.posts.models import PostPicture, PostVersion
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import ChangeKind, StorySource
from humasflow.stories.models import StoryChange, StoryPicture, StoryVersion

ADAPTER = "web"
_TOLD = ("kicker", "dateline", "contact", "claim", "claim_source", "fact_source", "credit_line")
CREDITED = (StorySource.AGENCY, StorySource.CHILD_UNIT)  # whose words these are is the reader's business


# The site


def get_newsroom(slug: str) -> Newsroom:
    """The newsroom of an active office, or "not found". One statement."""
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.short_name, Unit.slug, Unit.timezone, ChannelAccount.id)
        .outerjoin(
            ChannelAccount, and_(ChannelAccount.office_id == Unit.id, ChannelAccount.adapter == ADAPTER)
        )
        .where(Unit.slug == slug, Unit.is_active.is_(True))
        .order_by(ChannelAccount.id)
    ).all()
    if not rows:
        raise NotFound
    office_id, name, short_name, found_slug, timezone, _account = rows[0]
    accounts = tuple(filter(None, (row[5] for row in rows)))  # none when the office has no site
    return Newsroom(office_id, name, short_name, found_slug or "", timezone or "", accounts)


def list_sections(newsroom: Newsroom) -> Sequence[Section]:
    """The parts that the office offers, in its own order. One statement."""
    filled = exists().where(_is_live(newsroom), Delivery.content_type_id == ContentType.id)
    rows = db.session.execute(
        select(ContentType.id, ContentType.code, ContentType.label, filled)
        .where(ContentType.office_id == newsroom.id, ContentType.on_newsroom.is_(True))
        .order_by(ContentType.position, ContentType.id)
    )
    return [Section(*row) for row in rows]


def get_section(newsroom: Newsroom, code: str) -> Section:
    """A part by its code, or "not found"."""
    found = next((s for s in list_sections(newsroom) if s.code == code), None)
    if found is None:
        raise NotFound
    return found


# Lists


def list_stories(
    newsroom: Newsroom, *, size: int, section: Section | None = None, cursor: str | None = None
) -> Page[Teaser]:
    """Live stories, newest first. One statement, without the snapshots."""
    statement = (
        select(
            Delivery.id, Delivery.post_id, Delivery.title, Delivery.summary, Delivery.published_at, ContentType.code,
            ContentType.label, Asset.id, Asset.width, Asset.height, PostPicture.alt_text,
        )
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .outerjoin(Asset, Asset.id == Delivery.cover_asset_id)
        .outerjoin(
            PostPicture,
            and_(
                PostPicture.version_id == Delivery.post_version_id, PostPicture.position == 0,
                PostPicture.asset_id == Delivery.cover_asset_id,
            ),
        )
    )  # fmt: skip
    rows = db.session.execute(_newest(statement, newsroom, section, cursor, size)).all()
    page = cut(rows, lambda r: (r.published_at, r[0]), size)
    return Page([_teaser(*row[1:]) for row in page.items], page.next)


def list_articles(
    newsroom: Newsroom, *, size: int, section: Section | None = None, cursor: str | None = None
) -> Page[Article]:
    """Live stories in full, newest first, for the feeds. One statement."""
    rows = db.session.execute(_newest(_articles(), newsroom, section, cursor, size)).mappings().all()
    page = cut(rows, lambda r: (r["published_at"], r["id"]), size)
    return Page([_article(row) for row in page.items], page.next)


def list_addresses(newsroom: Newsroom, *, size: int, cursor: str | None = None) -> Page[Address]:
    """Where live stories are, newest first. One statement."""
    statement = select(
        Delivery.id, Delivery.post_id, Delivery.title, Delivery.published_at, Delivery.updated_at
    )
    rows = db.session.execute(_newest(statement, newsroom, None, cursor, size)).all()
    page = cut(rows, lambda r: (r.published_at, r.id), size)
    return Page(
        [Address(r.post_id, r.title, max(r.published_at, r.updated_at)) for r in page.items], page.next
    )


def iter_cursors(newsroom: Newsroom, *, size: int) -> Iterator[str]:
    """The cursors at which pages of ``size`` stories begin, after the first page. One statement a page."""
    cursor: str | None = None
    while True:
        statement = _newest(select(Delivery.published_at, Delivery.id), newsroom, None, cursor, size)
        # The last row of this page, and one more to know that another page follows.
        rows = db.session.execute(statement.offset(size - 1).limit(2)).all()
        if len(rows) < 2:
            return
        cursor = encode_cursor(rows[0].published_at, rows[0].id)
        yield cursor


# One story


def find_article(newsroom: Newsroom, post_id: int) -> Article | Retraction | None:
    """A story of this office that is live, or the trace of one that was. One statement."""
    row = (
        db.session.execute(
            _articles()
            .where(
                Delivery.post_id == post_id,
                _is_here(newsroom),
                Delivery.state.in_((DeliveryState.PUBLISHED, DeliveryState.RETRACTED)),
            )
            .order_by(Delivery.generation.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    if row["state"] is DeliveryState.RETRACTED:
        return Retraction(post_id, row["retracted_at"], _withdrawal_note(row["story_id"]))
    return _article(row)


def find_live_story(newsroom: Newsroom, post_id: int) -> int | None:
    """The story behind a live post of this office. One statement, without the snapshot."""
    return db.session.scalar(select(Delivery.story_id).where(Delivery.post_id == post_id, _is_live(newsroom)))


def list_neighbours(newsroom: Newsroom, article: Article) -> tuple[Address | None, Address | None]:
    """The story published before this one and the one after it. Two statements."""
    at, own = Delivery.published_at, (article.published_at, article.delivery_id)
    older = _newest(_addresses(), newsroom, None, encode_cursor(*own), 1).limit(1)
    newer = (
        _addresses()
        .where(_is_live(newsroom), at >= own[0], or_(at > own[0], Delivery.id > own[1]))
        .order_by(at, Delivery.id)
        .limit(1)
    )
    before, after = (db.session.execute(statement).first() for statement in (older, newer))
    return (Address(*before) if before else None, Address(*after) if after else None)


def find_public_picture(newsroom: Newsroom, asset_id: int) -> Asset | None:
    """A picture that a live story of this office shows. One statement along indexes, without the snapshots."""
    # Along picture → version → post → delivery, a handful of rows each. The sum keeps a planner without statistics
    # from starting at the other end, with every live story of the account.
    on_this_site = (Delivery.account_id + 0).in_(newsroom.account_ids)
    shown = (
        select(PostPicture.asset_id)
        .join(PostVersion, PostVersion.id == PostPicture.version_id)
        .join(
            Delivery,
            and_(Delivery.post_id == PostVersion.post_id, Delivery.post_version_id == PostVersion.id),
        )
        .where(PostPicture.asset_id == asset_id, Delivery.state == DeliveryState.PUBLISHED, on_this_site)
    )
    in_text = (
        select(StoryPicture.asset_id)
        .join(StoryVersion, StoryVersion.id == StoryPicture.version_id)
        .join(
            Delivery,
            and_(Delivery.story_id == StoryVersion.story_id, Delivery.story_version_id == StoryVersion.id),
        )
        .where(
            StoryPicture.asset_id == asset_id, StoryPicture.in_text.is_(True),
            Delivery.state == DeliveryState.PUBLISHED, on_this_site,
        )
    )  # fmt: skip
    return db.session.scalar(
        select(Asset).where(
            Asset.id == asset_id, Asset.office_id == newsroom.id, or_(shown.exists(), in_text.exists())
        )
    )


# Parts


def _is_here(newsroom: Newsroom) -> ColumnElement[bool]:
    # A newsroom has one account as a rule: an equality lets the index give the order as well.
    if len(newsroom.account_ids) == 1:
        return Delivery.account_id == newsroom.account_ids[0]
    return Delivery.account_id.in_(newsroom.account_ids)


def _is_live(newsroom: Newsroom) -> ColumnElement[bool]:
    return and_(_is_here(newsroom), Delivery.state == DeliveryState.PUBLISHED)


def _newest(
    statement: Select[*tuple[Any, ...]],
    newsroom: Newsroom,
    section: Section | None,
    cursor: str | None,
    size: int,
) -> Select[*tuple[Any, ...]]:
    statement = statement.where(_is_live(newsroom))
    if section is not None:
        statement = statement.where(Delivery.content_type_id == section.id)
    key = decode_cursor(cursor)
    published_at: InstrumentedAttribute[Any] = Delivery.published_at
    if key is not None:
        # Implied by what follows; said in a form from which both databases enter the index at the right place.
        statement = statement.where(published_at <= key[0])
    return newest_first(statement, published_at, Delivery.id, cursor, size)


def _addresses() -> Select[int, str, datetime | None]:
    return select(Delivery.post_id, Delivery.title, Delivery.published_at)


def _articles() -> Select[*tuple[Any, ...]]:
    return select(
        Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.title, Delivery.summary, Delivery.state,
        Delivery.published_at, Delivery.updated_at, Delivery.retracted_at, Delivery.payload,
        ContentType.code.label("type_code"), ContentType.label.label("type_label"),
        ContentType.on_newsroom.label("has_section"),
    ).join(ContentType, ContentType.id == Delivery.content_type_id)  # fmt: skip


def _teaser(
    post_id: int, title: str, summary: str, published_at: datetime, code: str, label: str, asset_id: int | None,
    width: int, height: int, alt_text: str | None,
) -> Teaser:  # fmt: skip
    cover = Picture(asset_id, width, height, alt_text or "") if asset_id is not None else None
    return Teaser(post_id, title, summary, published_at, code, label, cover)


def _article(row: Mapping[Any, Any]) -> Article:
    """From the snapshot; what was taken over without one has a title and a summary only."""
    payload: dict[str, Any] = row["payload"] or {}
    event_date = payload.get("event_date")
    credited = payload.get("source") in CREDITED
    return Article(
        delivery_id=row["id"], post_id=row["post_id"], story_id=row["story_id"], title=row["title"],
        lead=payload.get("lead") or row["summary"], body_html=payload.get("body_html") or "",
        link=payload.get("link") or "", pictures=tuple(_picture(p) for p in payload.get("pictures", ())),
        writer_credit=payload.get("writer_credit") or "", place=payload.get("place") or "",
        event_date=date.fromisoformat(event_date) if event_date else None,
        source_note=payload.get("source_note") or "" if credited else "",
        published_at=row["published_at"], updated_at=max(row["published_at"], row["updated_at"]),
        type_code=row["type_code"], type_label=row["type_label"], has_section=row["has_section"],
        changes=tuple(_change(c) for c in payload.get("changes", ())),
        **{name: payload.get(name) or "" for name in _TOLD},
    )  # fmt: skip


def _withdrawal_note(story_id: int) -> str:
    return (
        db.session.scalar(
            select(StoryChange.public_note)
            .where(StoryChange.story_id == story_id, StoryChange.kind == ChangeKind.WITHDRAWAL)
            .order_by(StoryChange.id.desc())
            .limit(1)
        )
        or ""
    )


def _change(saved: Mapping[str, Any]) -> PublicChange:
    return PublicChange(
        ChangeKind(saved["kind"]).label, datetime.fromisoformat(saved["at"]), str(saved.get("note") or "")
    )


def _picture(saved: Mapping[str, Any]) -> Picture:
    return Picture(
        asset_id=int(saved["asset_id"]), width=int(saved["width"]), height=int(saved["height"]),
        alt_text=saved.get("alt_text") or "", credit=saved.get("credit") or "", caption=saved.get("caption") or "",
    )  # fmt: skip
