"""Reading who and what brought a period its numbers: by section, person, pillar and kind of content.

What is booked in a period belongs to it under whichever version of the scheme it was written: what is recorded after
its own period was closed comes into the open one under the rules of its date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.accounts.queries import people_ids_of
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.orgs.models import Unit
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, SchemeVersion, ScoreCount
from humasflow.scoring.queries.ledger import signed_quantity
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

# Written out: PostgreSQL groups by an expression only where its text is the same, and parameters are not.
_VERIFIED = literal_column(f"'{PointState.VERIFIED.value}'", String)
# What was taken back after its period was closed counts there as it did (services.adding_up.kept_by).
BACK = aliased(LedgerEntry)
TAKES_BACK = and_(
    BACK.delivery_id == LedgerEntry.delivery_id,
    BACK.reverses_id == LedgerEntry.id,
    BACK.stands_alone.is_(True),
)


class Dimension(StrEnum):
    """What the office's publications can be parted by."""

    PILLAR = "pillar"
    CONTENT_TYPE = "content_type"


class Counted(NamedTuple):
    """What one beneficiary has under one component in one state.

    ``number``: publications; ``quantity``: publications or points, a share of each where they are divided.
    """

    component_key: str
    beneficiary: Beneficiary
    beneficiary_id: int
    state: PointState
    number: int
    quantity: Decimal


class Parted(NamedTuple):
    """What one pillar or kind of content has under one component in one state; None: has none, or is no publication."""

    component_key: str
    part_id: int | None
    state: PointState
    quantity: Decimal


class OfPerson(NamedTuple):
    """Publications in which a person had a part, each once however many parts, by component and state."""

    user_id: int
    component_key: str
    state: PointState
    number: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A publication in which a person had a part. ``roles``: the parts with their share in per cent.

    ``title`` is empty where confidentiality hides it from the reader.
    """

    delivery_id: int
    post_id: int
    title: str
    account: str
    icon: str
    published_at: datetime
    permalink: str | None
    state: PointState
    roles: tuple[tuple[str, Decimal], ...]


def counts_of(
    office_id: int, scheme_id: int, period: str, beneficiaries: Iterable[Beneficiary]
) -> list[Counted]:
    """The sums of a period for the office or its sections. One statement, whatever the number of publications."""
    return _counts(office_id, scheme_id, period, ScoreCount.beneficiary.in_(list(beneficiaries)))


def counts_of_people(office_id: int, scheme_id: int, period: str, user_ids: Iterable[int]) -> list[Counted]:
    """The same for some people. Their ``number`` counts parts: who wrote and photographed has two of them."""
    return _counts(
        office_id, scheme_id, period,
        ScoreCount.beneficiary == Beneficiary.PERSON, ScoreCount.beneficiary_id.in_(list(user_ids)),
    )  # fmt: skip


def _counts(office_id: int, scheme_id: int, period: str, *whose: ColumnElement[bool]) -> list[Counted]:
    rows = db.session.execute(
        select(
            ScoreCount.component_key, ScoreCount.beneficiary, ScoreCount.beneficiary_id, ScoreCount.state,
            ScoreCount.number, ScoreCount.quantity,
        ).where(
            ScoreCount.office_id == office_id, ScoreCount.scheme_version_id.in_(_versions(scheme_id)),
            ScoreCount.period == period, *whose,
        )
    )  # fmt: skip
    return [Counted(*row) for row in rows]


def whole_points_of_sections(
    office_id: int, scheme_id: int, period: str, component_keys: Sequence[str]
) -> list[Counted]:
    """The points of the publications that sections own, whole and not their share of them: what a target of a section
    asks for. One statement; it reads groups of equal lines, so that exact decimals are added here.
    """
    number = func.sum(signed_quantity())
    rows = db.session.execute(
        select(
            LedgerEntry.component_key, LedgerEntry.beneficiary_id, _state(), LedgerEntry.quantity,
            func.count(), number,
        )
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(BACK, TAKES_BACK)
        .where(
            *_booked(office_id, scheme_id, period),
            LedgerEntry.beneficiary == Beneficiary.SECTION, LedgerEntry.component_key.in_(list(component_keys)),
        )
        .group_by(LedgerEntry.component_key, LedgerEntry.beneficiary_id, _state(), LedgerEntry.quantity)
    )  # fmt: skip
    return [
        Counted(key, Beneficiary.SECTION, id_, PointState(state), int(net), quantity * lines)
        for key, id_, state, quantity, lines, net in rows
    ]


def counts_by(office_id: int, scheme_id: int, period: str, dimension: Dimension) -> list[Parted]:
    """The office's own lines of a period by pillar or kind of content. One statement."""
    part = Story.pillar_id if dimension is Dimension.PILLAR else Delivery.content_type_id
    rows = db.session.execute(
        select(LedgerEntry.component_key, part, _state(), LedgerEntry.quantity, func.count())
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(BACK, TAKES_BACK)
        .outerjoin(Delivery, Delivery.id == LedgerEntry.delivery_id)
        .outerjoin(Story, Story.id == Delivery.story_id)
        .where(*_booked(office_id, scheme_id, period), LedgerEntry.beneficiary == Beneficiary.OFFICE)
        .group_by(LedgerEntry.component_key, part, _state(), LedgerEntry.quantity)
    )
    found: dict[tuple[str, int | None, PointState], Decimal] = {}
    for key, part_id, state, quantity, lines in rows:
        at = key, part_id, PointState(state)
        found[at] = found.get(at, Decimal(0)) + quantity * lines
    return [Parted(*at, quantity) for at, quantity in found.items()]


def publications_of_people(
    office_id: int, scheme_id: int, period: str, user_ids: Iterable[int]
) -> list[OfPerson]:
    """In how many publications people had a part. One statement."""
    one = _publications(office_id, scheme_id, period, user_ids)
    counts = case((one.c.net > 0, 1), (one.c.net < 0, -1), else_=0)
    rows = db.session.execute(
        select(one.c.user_id, one.c.component_key, one.c.state, func.sum(counts)).group_by(
            one.c.user_id, one.c.component_key, one.c.state
        )
    )
    return [OfPerson(id_, key, PointState(state), int(number)) for id_, key, state, number in rows if number]


def page_of_people(
    office: Unit,
    scheme_id: int,
    period: str,
    *,
    q: str = "",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[User]:
    """The people of the office today, and whoever had a part in the period, by name: an order that ranks nobody. ``q``
    narrows by words of the name. One statement.
    """
    having = select(ScoreCount.beneficiary_id).where(
        ScoreCount.office_id == office.id, ScoreCount.scheme_version_id.in_(_versions(scheme_id)),
        ScoreCount.period == period, ScoreCount.beneficiary == Beneficiary.PERSON,
    )  # fmt: skip
    name = func.lower(User.name)
    statement = select(User).where(or_(User.id.in_(people_ids_of(office)), User.id.in_(having)))
    for word in q.split()[:5]:
        statement = statement.where(User.name.icontains(word, autoescape=True))
    if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        passed = select(func.lower(User.name)).where(User.id == int(cursor)).scalar_subquery()
        statement = statement.where(or_(name > passed, (name == passed) & (User.id > int(cursor))))
    rows = db.session.scalars(statement.order_by(name, User.id).limit(size + 1)).all()
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def has_part_in(office_id: int, user_id: int) -> bool:
    """Whether a person ever had a part in something that the office published."""
    found = select(ScoreCount.beneficiary_id).where(
        ScoreCount.office_id == office_id, ScoreCount.beneficiary == Beneficiary.PERSON,
        ScoreCount.beneficiary_id == user_id,
    )  # fmt: skip
    return db.session.scalar(found.limit(1)) is not None


def page_of_parts(
    office_id: int,
    scheme_id: int,
    period: str,
    user_id: int,
    *,
    reader_id: int,
    component_key: str = "",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[PartRow]:
    """The publications in which a person had a part that still counts, newest first. Three statements."""
    one = _publications(office_id, scheme_id, period, [user_id], component_key)
    counted = select(one.c.delivery_id).where(one.c.net > 0)
    statement: Select[*tuple[Any, ...]] = (
        select(Delivery, visible_to(reader_id), ChannelAccount.name, ChannelKind.icon, Point.state)
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(Point, Point.delivery_id == Delivery.id)
        .where(Delivery.id.in_(counted))
    )
    rows = db.session.execute(newest_first(statement, Delivery.published_at, Delivery.id, cursor, size)).all()
    roles = _roles(scheme_id, period, user_id, [row[0].id for row in rows])
    made = [
        PartRow(
            delivery_id=delivery.id, post_id=delivery.post_id,
            title=delivery.title if visible else "",
            account=account, icon=icon, published_at=delivery.published_at, permalink=delivery.permalink, state=state,
            roles=roles.get(delivery.id, ()),
        )
        for delivery, visible, account, icon, state in rows
    ]  # fmt: skip
    return cut(made, lambda row: (row.published_at, row.delivery_id), size)


def _roles(
    scheme_id: int, period: str, user_id: int, delivery_ids: Sequence[int]
) -> dict[int, tuple[tuple[str, Decimal], ...]]:
    """The parts of a person in publications that still count: role and share. One publication may count under several
    components, with the same shares; a part that was taken back, and not written anew, is none any more.
    """
    if not delivery_ids:
        return {}
    rows = db.session.execute(
        select(LedgerEntry.delivery_id, LedgerEntry.role, LedgerEntry.share, LedgerEntry.reverses_id)
        .where(
            LedgerEntry.scheme_version_id.in_(_versions(scheme_id)), LedgerEntry.period == period,
            LedgerEntry.beneficiary == Beneficiary.PERSON, LedgerEntry.beneficiary_id == user_id,
            LedgerEntry.delivery_id.in_(list(delivery_ids)),
        )
        .order_by(LedgerEntry.id)
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    standing: dict[tuple[int, str], int] = {}
    for delivery_id, role, share, reverses_id in rows:
        part = delivery_id or 0, role
        standing[part] = standing.get(part, 0) + (1 if reverses_id is None else -1)
        if reverses_id is None:
            found.setdefault(delivery_id or 0, {})[role] = share
    return {
        id_: tuple((role, share) for role, share in roles.items() if standing[id_, role] > 0)
        for id_, roles in found.items()
    }


def _publications(
    office_id: int, scheme_id: int, period: str, user_ids: Iterable[int], component_key: str = ""
) -> Subquery:
    """A row a person, component and publication: ``net`` is above zero where a part of it still counts."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            LedgerEntry.beneficiary_id.label("user_id"),
            LedgerEntry.component_key.label("component_key"),
            LedgerEntry.delivery_id.label("delivery_id"),
            _state().label("state"),
            func.sum(signed_quantity()).label("net"),
        )
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(BACK, TAKES_BACK)
        .where(
            *_booked(office_id, scheme_id, period), LedgerEntry.beneficiary == Beneficiary.PERSON,
            LedgerEntry.beneficiary_id.in_(list(user_ids)),
        )
        .group_by(LedgerEntry.beneficiary_id, LedgerEntry.component_key, LedgerEntry.delivery_id, _state())
    )  # fmt: skip
    if component_key:
        statement = statement.where(LedgerEntry.component_key == component_key)
    return statement.subquery()


def _versions(scheme_id: int) -> Select[int]:
    """SQL: every version of a scheme. One whose place another took adds up to nothing."""
    return select(SchemeVersion.id).where(SchemeVersion.scheme_id == scheme_id)


def _booked(office_id: int, scheme_id: int, period: str) -> list[Any]:
    return [
        LedgerEntry.office_id == office_id, LedgerEntry.period == period,
        LedgerEntry.scheme_version_id.in_(_versions(scheme_id)),
    ]  # fmt: skip


def _state() -> Any:
    """SQL: the state under which a line adds up (services.adding_up); joined with what takes it back."""
    return case(
        (or_(LedgerEntry.stands_alone.is_(True), BACK.id.is_not(None)), _VERIFIED),
        else_=type_coerce(Point.state, String),
    )
