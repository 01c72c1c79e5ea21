"""From a number to the lines it is made of: what the ledger says, with the post or the measurement behind each line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, decode_cursor, encode_cursor
from humasflow.orgs.models import Unit
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Measurement, Point, SchemeVersion, ScoreCount
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

NOWHERE = 0  # asked for what has no section, no pillar, no publication

# In sums of present states: publications (lines written less lines reversed), and what they bring with their shares.
Counted = tuple[int, Decimal]


@dataclass(frozen=True)
class Behind:
    """Which number: a component of a scheme in a period, for the office, or for a section, a person, a pillar or a kind
    of content; :data:`NOWHERE` stands for what belongs to none.

    What was booked in the period belongs to it under whichever version of the scheme it was written: what comes to
    light after its own period was closed is booked here under the rules of its date.
    """

    office_id: int
    scheme_id: int
    component_key: str
    period: str
    section_id: int | None = None
    person_id: int | None = None
    pillar_id: int | None = None
    type_id: int | None = None

    @property
    def beneficiary(self) -> tuple[Beneficiary, int]:
        """Whose lines these are."""
        if self.person_id is not None:
            return Beneficiary.PERSON, self.person_id
        if self.section_id:
            return Beneficiary.SECTION, self.section_id
        return Beneficiary.OFFICE, self.office_id

    @property
    def is_narrowed(self) -> bool:
        """Whether it is less than the office's whole number."""
        return any(
            asked is not None for asked in (self.section_id, self.person_id, self.pillar_id, self.type_id)
        )

    @property
    def is_divided(self) -> bool:
        """Whether these lines are somebody's part of a publication."""
        return self.beneficiary[0] is not Beneficiary.OFFICE

    @property
    def is_summed(self) -> bool:
        """Whether its sums are kept beside the ledger."""
        return self.pillar_id is None and self.type_id is None and self.section_id != NOWHERE


@dataclass(frozen=True)
class BookedLine:
    """One line of the ledger as a list shows it. ``state`` is the present one, under which it adds up."""

    id: int
    quantity: Decimal
    share: Decimal
    role: str
    beneficiary: Beneficiary
    deciding_date: date
    adjusts: str | None
    reverses_id: int | None
    stands_alone: bool
    reason: str
    state: PointState
    is_reversed: bool  # a later line takes it back
    actor: str | None
    created_at: datetime
    delivery_id: int | None
    post_id: int | None
    title: str  # empty where it is kept from the reader
    permalink: str | None
    account: str
    icon: str
    has_screenshot: bool
    measurement: Measurement | None

    @property
    def brings(self) -> Decimal:
        """What it adds to the number: its quantity, by its share."""
        return self.quantity * self.share / 100


def _is_sure() -> ColumnElement[bool]:
    """Lines that count as verified whatever becomes of their point: those that stand alone, and what such a line took
    back in a later period (``services.adding_up.kept_by``).
    """
    back = aliased(LedgerEntry)
    kept = select(back.id).where(
        back.delivery_id == LedgerEntry.delivery_id,
        back.reverses_id == LedgerEntry.id,
        back.stands_alone.is_(True),
    )
    return or_(LedgerEntry.stands_alone.is_(True), kept.correlate(LedgerEntry).exists())


def _state() -> ColumnElement[Any]:
    return case((_is_sure(), PointState.VERIFIED.value), else_=Point.state)


def _of(behind: Behind) -> list[ColumnElement[bool]]:
    beneficiary, id_ = behind.beneficiary
    conditions = [
        LedgerEntry.office_id == behind.office_id, LedgerEntry.scheme_version_id.in_(_versions(behind)),
        LedgerEntry.component_key == behind.component_key, LedgerEntry.period == behind.period,
        LedgerEntry.beneficiary == beneficiary, LedgerEntry.beneficiary_id == id_,
    ]  # fmt: skip
    there = select(Delivery.id).join(Story, Story.id == Delivery.story_id)
    there = there.where(Delivery.id == LedgerEntry.delivery_id)
    if behind.pillar_id is not None:
        conditions.append(_in_one(there, Story.pillar_id, behind.pillar_id))
    if behind.type_id is not None:
        conditions.append(_in_one(there, Delivery.content_type_id, behind.type_id))
    if behind.section_id == NOWHERE and behind.person_id is None:
        theirs = aliased(LedgerEntry)
        beside = select(theirs.id).where(
            theirs.delivery_id == LedgerEntry.delivery_id, theirs.component_key == behind.component_key,
            theirs.period == behind.period, theirs.beneficiary == Beneficiary.SECTION,
            theirs.scheme_version_id == LedgerEntry.scheme_version_id,
        )  # fmt: skip
        conditions.append(~beside.correlate(LedgerEntry).exists())
    return conditions


def _in_one(there: Select[int], part: Any, id_: int) -> ColumnElement[bool]:
    """A condition on LedgerEntry: its publication is in that part, or, for :data:`NOWHERE`, it is in none."""
    if id_ != NOWHERE:
        return there.where(part == id_).correlate(LedgerEntry).exists()
    return ~there.where(part.is_not(None)).correlate(LedgerEntry).exists()


def _versions(behind: Behind) -> Select[int]:
    return select(SchemeVersion.id).where(SchemeVersion.scheme_id == behind.scheme_id)


def _is_in(state: PointState) -> ColumnElement[bool]:
    if state is PointState.VERIFIED:
        return or_(_is_sure(), Point.state == state)
    return and_(~_is_sure(), Point.state == state)


def list_lines(
    behind: Behind,
    *,
    reader_id: int,
    state: PointState | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[BookedLine]:
    """The lines behind a number, by deciding date, the newest first; those that were reversed and those that reverse
    them are among them. A story that is kept from ``reader_id`` has no title. Two statements.
    """
    actor = aliased(User)
    pictured = select(Evidence.id).where(
        Evidence.delivery_id == LedgerEntry.delivery_id, Evidence.screenshot_id.is_not(None)
    )
    statement = (
        select(
            LedgerEntry, Point.state, actor.name, Delivery.post_id,
            Delivery.title, Delivery.permalink, ChannelAccount.name, ChannelKind.icon,
            pictured.correlate(LedgerEntry).exists(), Measurement, visible_to(reader_id),
        )
        .outerjoin(Delivery, Delivery.id == LedgerEntry.delivery_id)
        .outerjoin(Story, Story.id == Delivery.story_id)
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .outerjoin(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .outerjoin(Measurement, Measurement.id == LedgerEntry.measurement_id)
        .outerjoin(actor, actor.id == LedgerEntry.actor_id)
        .where(*_of(behind))
    )  # fmt: skip
    if state is not None:
        statement = statement.where(_is_in(state))
    found = db.session.execute(_after(statement, cursor, size)).all()
    taken_back = _reversed_of([row[0] for row in found])
    rows = [_line(row, taken_back) for row in found]
    if len(rows) <= size:
        return Page(rows, None)
    last = rows[size - 1]
    return Page(rows[:size], encode_cursor(datetime.combine(last.deciding_date, time(0), UTC), last.id))


def _after(statement: Select[*tuple[Any, ...]], cursor: str | None, size: int) -> Select[*tuple[Any, ...]]:
    key = decode_cursor(cursor)
    if key is not None:
        day = key[0].date()
        same = and_(LedgerEntry.deciding_date == day, LedgerEntry.id < key[1])
        statement = statement.where(or_(LedgerEntry.deciding_date < day, same))
    return statement.order_by(LedgerEntry.deciding_date.desc(), LedgerEntry.id.desc()).limit(size + 1)


def _reversed_of(lines: Sequence[LedgerEntry]) -> dict[int, bool]:
    """Which of them a later line takes back, and whether that one stands alone; asked along the indexes of what they
    are about.
    """
    rows = db.session.execute(
        select(LedgerEntry.reverses_id, LedgerEntry.stands_alone).where(
            or_(
                LedgerEntry.delivery_id.in_({line.delivery_id for line in lines if line.delivery_id}),
                LedgerEntry.measurement_id.in_(
                    {line.measurement_id for line in lines if line.measurement_id}
                ),
            ),
            LedgerEntry.reverses_id.in_([line.id for line in lines]),
        )
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _line(row: Any, taken_back: Mapping[int, bool]) -> BookedLine:
    line: LedgerEntry = row[0]
    is_sure = line.stands_alone or taken_back.get(line.id, False) or row[1] is None
    return BookedLine(
        id=line.id, quantity=line.quantity, share=line.share, role=line.role, beneficiary=line.beneficiary,
        deciding_date=line.deciding_date, adjusts=line.adjusts, reverses_id=line.reverses_id,
        stands_alone=line.stands_alone, reason=line.reason,
        state=PointState.VERIFIED if is_sure else row[1], is_reversed=line.id in taken_back,
        actor=row[2], created_at=line.created_at, delivery_id=line.delivery_id, post_id=row[3],
        title=(row[4] or "") if row[10] else "", permalink=row[5] if row[10] else None,
        account=row[6] or "", icon=row[7] or "", has_screenshot=bool(row[8]), measurement=row[9],
    )  # fmt: skip


def count_lines(behind: Behind) -> dict[PointState, Counted]:
    """The number itself by present state: publications, and what they bring. One statement."""
    if behind.is_summed:
        beneficiary, id_ = behind.beneficiary
        rows = db.session.execute(
            select(ScoreCount.state, ScoreCount.number, ScoreCount.quantity).where(
                ScoreCount.office_id == behind.office_id, ScoreCount.scheme_version_id.in_(_versions(behind)),
                ScoreCount.component_key == behind.component_key, ScoreCount.period == behind.period,
                ScoreCount.beneficiary == beneficiary, ScoreCount.beneficiary_id == id_,
            )
        )  # fmt: skip
        sums: dict[PointState, Counted] = {}
        for state, number, quantity in rows:
            before = sums.get(state, (0, Decimal(0)))
            sums[state] = (before[0] + number, before[1] + quantity)
        return sums
    which = _state()
    groups = db.session.execute(
        select(which, LedgerEntry.quantity, LedgerEntry.share, func.count())
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .where(*_of(behind))
        .group_by(which, LedgerEntry.quantity, LedgerEntry.share)
    )
    found: dict[PointState, Counted] = {}
    for value, quantity, share, times in groups:
        number, brought = found.get(PointState(value), (0, Decimal(0)))
        sign = (quantity > 0) - (quantity < 0)
        found[PointState(value)] = (number + sign * times, brought + times * quantity * share / 100)
    return found


def names_of(lines: Iterable[tuple[Beneficiary, int]]) -> dict[tuple[Beneficiary, int], str]:
    """The names of sections and people, in two statements at most."""
    wanted = set(lines)
    found: dict[tuple[Beneficiary, int], str] = {}
    people = {id_ for kind, id_ in wanted if kind is Beneficiary.PERSON}
    units = {id_ for kind, id_ in wanted if kind is not Beneficiary.PERSON}
    if people:
        for id_, name in db.session.execute(select(User.id, User.name).where(User.id.in_(people))):
            found[Beneficiary.PERSON, id_] = name
    if units:
        for id_, name in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(units))):
            found[Beneficiary.SECTION, id_] = found[Beneficiary.OFFICE, id_] = name
    return found
