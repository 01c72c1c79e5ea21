"""Reading the points of publications: their present state, and the lists of those that somebody has to decide about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.queries import today_at
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.orgs.models import Unit
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, PeriodClose, Point, PointEvent, SchemeVersion
from humasflow.scoring.queries.ledger import signed_quantity
from humasflow.scoring.queries.schemes import has_rules
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True)
class CountedRow:
    """A publication that counts, as a list shows it."""

    delivery_id: int
    post_id: int
    title: str
    account: str
    icon: str
    published_at: datetime
    permalink: str | None
    state: PointState
    has_screenshot: bool
    note: str = ""


class Narrowed(NamedTuple):
    """A period of a scheme (its key)."""

    scheme_id: int
    period: str


@dataclass(frozen=True)
class Queue:
    """Whose publications, who asks (what is kept from them is left out), and the period that is asked about.

    ``counted``: only what a component counts; False: only what none counts; None: both.
    """

    office_id: int
    reader_id: int
    within: Narrowed | None = None
    counted: bool | None = None


@dataclass(frozen=True)
class Place:
    """Where one publication stands among those that wait: ``number`` of ``total``, with its neighbours."""

    delivery_id: int
    number: int
    total: int
    before: int | None
    after: int | None


def state_at(delivery_id: int, at: datetime) -> PointState | None:
    """What was known of a publication's point at an instant; None while nothing was."""
    return db.session.scalar(
        select(PointEvent.state)
        .where(PointEvent.delivery_id == delivery_id, PointEvent.at <= at)
        .order_by(PointEvent.id.desc())
        .limit(1)
    )


def point_state_of(delivery_ids: Iterable[int]) -> dict[int, PointState]:
    """The present state of publications, in one statement; those that never counted are missing."""
    wanted = list(delivery_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Point.delivery_id, Point.state).where(Point.delivery_id.in_(wanted))
    ).all()
    return {row[0]: row[1] for row in rows}


def list_events_of(delivery_id: int) -> Sequence[PointEvent]:
    """Everything ever noted of a publication's point, oldest first."""
    return db.session.scalars(
        select(PointEvent).where(PointEvent.delivery_id == delivery_id).order_by(PointEvent.id)
    ).all()


def newest_events_of(delivery_ids: Iterable[int]) -> dict[int, PointEvent]:
    """The newest event of each publication, in one statement."""
    last = (
        select(func.max(PointEvent.id))
        .where(PointEvent.delivery_id.in_(list(delivery_ids)))
        .group_by(PointEvent.delivery_id)
    )
    return {e.delivery_id: e for e in db.session.scalars(select(PointEvent).where(PointEvent.id.in_(last)))}


def verifications_by(user_id: int, event_ids: Iterable[int]) -> Sequence[PointEvent]:
    """Those of the events by which this person confirmed a publication, by publication. One statement."""
    return db.session.scalars(
        select(PointEvent)
        .where(
            PointEvent.id.in_(list(event_ids)), PointEvent.actor_id == user_id,
            PointEvent.state == PointState.VERIFIED,
        )
        .order_by(PointEvent.delivery_id, PointEvent.id)
    ).all()  # fmt: skip


# What waits


@cache  # a long condition that takes longer to write than to ask
def _is_frozen() -> ColumnElement[bool]:
    """A condition on Point: what it counts for lies in closed periods only, so that no decision moves it any more. The
    same rule as :func:`humasflow.scoring.services.booking.closed_for`.
    """
    line, counting = _counting_lines()
    closed = (
        select(PeriodClose.id)
        .join(SchemeVersion, SchemeVersion.scheme_id == PeriodClose.scheme_id)
        .where(
            SchemeVersion.id == line.scheme_version_id, PeriodClose.period == line.period,
            PeriodClose.reopened_at.is_(None),
        )
        .correlate(line)
        .exists()
    )  # fmt: skip
    return and_(
        counting.where(closed).correlate(Point).exists(), ~counting.where(~closed).correlate(Point).exists()
    )


@cache
def _counts() -> ColumnElement[bool]:
    """A condition on Point: a component of some scheme counts it, in whatever period."""
    return _counting_lines()[1].correlate(Point).exists()


def _counting_lines() -> tuple[type[LedgerEntry], Select[Any]]:
    """The office's lines of a Point that stand, for an EXISTS; and the alias by which they go."""
    line, back = aliased(LedgerEntry), aliased(LedgerEntry)
    reversed_by = select(back.id).where(back.delivery_id == line.delivery_id, back.reverses_id == line.id)
    found = select(line.id).where(
        line.delivery_id == Point.delivery_id, line.beneficiary == Beneficiary.OFFICE,
        line.stands_alone.is_(False), line.reverses_id.is_(None), ~reversed_by.correlate(line).exists(),
    )  # fmt: skip
    return line, found


def _counts_in(period: Narrowed) -> ColumnElement[bool]:
    """A condition on Point: it counts in that period of the scheme, under any of its versions."""
    standing = (
        select(LedgerEntry.delivery_id)
        .join(SchemeVersion, SchemeVersion.id == LedgerEntry.scheme_version_id)
        .where(
            LedgerEntry.office_id == Point.office_id, LedgerEntry.period == period.period,
            SchemeVersion.scheme_id == period.scheme_id, LedgerEntry.beneficiary == Beneficiary.OFFICE,
            LedgerEntry.delivery_id == Point.delivery_id,
        )
        .correlate(Point)
        .group_by(LedgerEntry.delivery_id)
        .having(func.sum(signed_quantity()) > 0)
    )  # fmt: skip
    return standing.exists()


def _in_state(of: Queue, *states: PointState) -> list[ColumnElement[bool]]:
    """Conditions on Point, Delivery and Story: live, in one of these states, and not kept from who asks."""
    found = [
        Point.office_id == of.office_id, Point.state.in_(states), Delivery.state == DeliveryState.PUBLISHED,
        visible_to(of.reader_id),
    ]  # fmt: skip
    if of.within is not None:
        found.append(_counts_in(of.within))
    if of.counted is not None:
        found.append(_counts() if of.counted else ~_counts())
    return found


def _waiting(of: Queue, state: PointState) -> list[ColumnElement[bool]]:
    """Those about which somebody can still decide."""
    return [*_in_state(of, state), ~_is_frozen()]


def _page(of: Queue, state: PointState, cursor: str | None, size: int) -> Page[CountedRow]:
    has_screenshot = (
        select(Evidence.id)
        .where(Evidence.delivery_id == Delivery.id, Evidence.screenshot_id.is_not(None))
        .correlate(Delivery)
        .exists()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            Delivery.id, Delivery.post_id, Delivery.title, ChannelAccount.name, ChannelKind.icon, Point.live_at,
            Delivery.permalink, Point.state, has_screenshot,
        )
        .join(Point, Point.delivery_id == Delivery.id)
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .where(*_waiting(of, state))
    )  # fmt: skip
    found = db.session.execute(
        newest_first(statement, Point.live_at, Point.delivery_id, cursor, size)
    ).all()  # fmt: skip
    rows = [
        CountedRow(
            delivery_id=r[0], post_id=r[1], title=r[2], account=r[3], icon=r[4], published_at=r[5], permalink=r[6],
            state=r[7], has_screenshot=bool(r[8]),
        )
        for r in found
    ]  # fmt: skip
    return cut(rows, lambda r: (r.published_at, r.delivery_id), size)


def queue_of(office: Unit, reader_id: int) -> Queue:
    """What waits for this person: what matters for a score. While no rules are in force in the office nothing counts
    yet, and everything waits. One statement.
    """
    in_force = has_rules(office.id, today_at(office))
    return Queue(office.id, reader_id, counted=True if in_force else None)


def list_unverified(of: Queue, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[CountedRow]:
    """Live publications that wait for somebody to confirm them, the newest first. What a closed period froze waits for
    nobody.
    """
    return _page(of, PointState.LIVE_UNVERIFIED, cursor, size)


def list_disputed(of: Queue, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[CountedRow]:
    """Live publications that somebody, or a link that is gone, has questioned; each with why. The newest first. What
    was never answered before its period was closed waits for nobody.
    """
    page = _page(of, PointState.DISPUTED, cursor, size)
    notes = newest_events_of(row.delivery_id for row in page)
    items = [
        CountedRow(**(vars(row) | {"note": notes[row.delivery_id].note})) if row.delivery_id in notes else row
        for row in page
    ]
    return Page(items, page.next)


def count_disputed(of: Queue) -> int:
    """How many these are, also beyond the first page."""
    return _count(*_waiting(of, PointState.DISPUTED))


def count_unverified(of: Queue) -> int:
    """How many wait for somebody to confirm them."""
    return _count(*_waiting(of, PointState.LIVE_UNVERIFIED))


def count_frozen(of: Queue) -> int:
    """How many were neither confirmed nor answered, while what they count for has been closed."""
    return _count(*_in_state(of, PointState.LIVE_UNVERIFIED, PointState.DISPUTED), _is_frozen())


def _count(*conditions: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(Point).join(Delivery, Delivery.id == Point.delivery_id)
    return db.session.scalar(statement.join(Story, Story.id == Delivery.story_id).where(*conditions)) or 0


def place_of(of: Queue, wanted: int | None = None) -> Place | None:
    """The publication to look at: the wanted one, or, once that is decided, the one after it; the first without a wish.
    None when nothing waits. A handful of statements, however many wait.
    """
    waiting = _waiting(of, PointState.LIVE_UNVERIFIED)
    key = _key_of(of.office_id, wanted) if wanted is not None else None
    order = (Point.live_at.desc(), Point.delivery_id.desc())
    ids = select(Point.delivery_id, Point.live_at).join(Delivery, Delivery.id == Point.delivery_id)
    ids = ids.join(Story, Story.id == Delivery.story_id).where(*waiting)
    found = db.session.execute(
        (ids.where(_not_newer(key)) if key else ids).order_by(*order).limit(2)
    ).all()  # fmt: skip
    if not found and key:
        found, key = db.session.execute(ids.order_by(*order).limit(2)).all(), None
    if not found:
        return None
    here = (found[0][1], found[0][0])
    newer = ~_not_newer(here)
    before = None
    if key:
        back = (Point.live_at.asc(), Point.delivery_id.asc())
        before = db.session.scalar(
            ids.with_only_columns(Point.delivery_id).where(newer).order_by(*back).limit(1)
        )
    return Place(
        delivery_id=found[0][0], number=1 + (_count(*waiting, newer) if key else 0), total=_count(*waiting),
        before=before, after=found[1][0] if len(found) > 1 else None,
    )  # fmt: skip


def _key_of(office_id: int, delivery_id: int) -> tuple[datetime, int] | None:
    live_at = db.session.scalar(
        select(Point.live_at).where(Point.delivery_id == delivery_id, Point.office_id == office_id)
    )
    return None if live_at is None else (live_at, delivery_id)


def _not_newer(key: tuple[datetime, int]) -> ColumnElement[bool]:
    """A condition on Point: at or after a key in an order with the newest first."""
    return or_(Point.live_at < key[0], and_(Point.live_at == key[0], Point.delivery_id <= key[1]))
