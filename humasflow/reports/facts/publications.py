"""The publications of a stretch of local days: how many there are of what, and the list, read piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, or_, select

from humasflow.accounts.models import User
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.localtime import from_local
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.reports.enums import ReportScope
from humasflow.reports.facts.shapes import Activity, Count, Part, Publication
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to_all

AT_ONCE: Final = 500  # publications a statement


@dataclass(frozen=True)
class Stretch:
    """Whose publications of which local days."""

    office: Unit
    start: date
    end: date
    scope: ReportScope
    subject_id: int | None
    roles: Mapping[str, str]  # names of the parts people play, by code

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Instants, the second one not included."""
        zone = self.office.zone_name
        midnight = datetime.min.time()
        return from_local(self.start, midnight, zone), from_local(
            self.end + timedelta(days=1), midnight, zone
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """On Delivery joined with Story: live in these days, and no secret."""
        start, end = self.bounds
        found = [
            Delivery.office_id == self.office.id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at >= start, Delivery.published_at < end, visible_to_all(),
        ]  # fmt: skip
        if self.scope is ReportScope.SECTION:
            found.append(Story.section_id == self.subject_id)
        elif self.scope is ReportScope.PERSON:
            found.append(Delivery.id.in_(self.lines_of_person(LedgerEntry.delivery_id).distinct()))
        return found

    def listed(self) -> Select[int]:
        """The ids of all of them."""
        return select(Delivery.id).join(Story, Story.id == Delivery.story_id).where(*self.conditions())

    def role(self, code: str) -> str:
        """What a part is called; a role that was removed goes by its code."""
        return self.roles.get(code, code) or _("Pembuat")

    def lines_of_person(self, *columns: Any) -> Select[Any]:
        """The person's lines in the ledger that still stand; those taken back and those taking back are left out."""
        back = select(LedgerEntry.reverses_id).where(
            LedgerEntry.beneficiary == Beneficiary.PERSON, LedgerEntry.beneficiary_id == self.subject_id,
            LedgerEntry.reverses_id.is_not(None),
        )  # fmt: skip
        return select(*columns).where(
            LedgerEntry.office_id == self.office.id, LedgerEntry.beneficiary == Beneficiary.PERSON,
            LedgerEntry.beneficiary_id == self.subject_id, LedgerEntry.delivery_id.is_not(None),
            LedgerEntry.reverses_id.is_(None), LedgerEntry.id.not_in(back),
        )  # fmt: skip


def _pictured() -> ColumnElement[bool]:
    return (
        select(Evidence.id)
        .where(Evidence.delivery_id == Delivery.id, Evidence.screenshot_id.is_not(None))
        .correlate(Delivery)
        .exists()
    )


def activity_of(stretch: Stretch) -> Activity:
    """How many publications there are, of each channel, kind and section. Four statements."""
    proven = func.sum(case((and_(Delivery.permalink.is_not(None), _pictured()), 1), else_=0))
    base = select(func.count(distinct(Delivery.id)), proven).join(Story, Story.id == Delivery.story_id)
    total, complete = db.session.execute(base.where(*stretch.conditions())).one()
    return Activity(
        total=total or 0,
        proven=int(complete or 0),
        channels=_counts(stretch, ChannelAccount.name),
        content_types=_counts(stretch, ContentType.label),
        sections=_counts(stretch, Unit.name),
    )


def _counts(stretch: Stretch, name: Any) -> tuple[Count, ...]:
    number = func.count(Delivery.id)
    rows = db.session.execute(
        select(name, number)
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .outerjoin(Unit, Unit.id == Story.section_id)
        .where(*stretch.conditions())
        .group_by(name)
        .order_by(number.desc(), name)
    )
    return tuple(Count(row[0] or _("Tanpa seksi"), row[1]) for row in rows)


def numbers_of(stretch: Stretch) -> dict[int, int]:
    """The number of each, by id, in the order of time. Taken once a report: while it is made things go live and are
    taken down, and a picture in the pack bears the number that the PDF gave it.
    """
    ids = db.session.scalars(stretch.listed().order_by(Delivery.published_at, Delivery.id))
    return {id_: number for number, id_ in enumerate(ids, start=1)}


def publications_of(stretch: Stretch, numbers: Mapping[int, int] | None = None) -> Iterator[Publication]:
    """All of them in the order of time, read 500 at a time: four statements each. With ``numbers`` only those, under
    these numbers.
    """
    after: tuple[datetime, int] | None = None
    number = 0
    while True:
        rows = _piece(stretch, after)
        if not rows:
            return
        ids = [row.id for row in rows]
        captured, verifiers = _captured(ids), _verifiers(ids)
        makers = _makers(ids, stretch.roles)
        mine = _mine(stretch, ids) if stretch.scope is ReportScope.PERSON else {}
        for row in rows:
            number = number + 1 if numbers is None else numbers.get(row.id, 0)
            if not number:
                continue
            parts = mine.get(row.id, [])
            when = captured.get(row.id)
            yield Publication(
                number=number, delivery_id=row.id, post_id=row.post_id, title=row.title or row.story_title,
                account=row.account, channel=row.channel, content_type=row.content_type, section=row.section or "",
                url=row.permalink or "", published_at=row.published_at, captured_at=when, state=row.point,
                evidence=_evidence(row.permalink, when, row.link_state),
                is_proven=bool(row.permalink and when), verifier=verifiers.get(row.id, ""),
                makers=makers.get(row.id, ""), parts=tuple(Part(role, share) for role, share, _q in parts),
                quantity=sum((q for _r, _s, q in parts), Decimal(0)) if parts else None,
            )  # fmt: skip
        last = rows[-1]
        after = last.published_at, last.id
        if len(rows) < AT_ONCE:
            return


def _piece(stretch: Stretch, after: tuple[datetime, int] | None) -> Sequence[Any]:
    statement = (
        select(
            Delivery.id, Delivery.post_id, Delivery.title, Story.title.label("story_title"), Delivery.permalink,
            Delivery.published_at, Delivery.link_state, ChannelAccount.name.label("account"),
            ChannelKind.label.label("channel"), ContentType.label.label("content_type"), Unit.name.label("section"),
            Point.state.label("point"),
        )
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .outerjoin(Unit, Unit.id == Story.section_id)
        .outerjoin(Point, Point.delivery_id == Delivery.id)
        .where(*stretch.conditions())
        .order_by(Delivery.published_at, Delivery.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    if after is not None:
        at, id_ = after
        statement = statement.where(
            or_(Delivery.published_at > at, and_(Delivery.published_at == at, Delivery.id > id_))
        )
    return db.session.execute(statement).all()


def _captured(ids: list[int]) -> dict[int, datetime]:
    """When the newest picture of each was taken."""
    rows = db.session.execute(
        select(Evidence.delivery_id, func.max(Evidence.captured_at))
        .where(Evidence.delivery_id.in_(ids), Evidence.screenshot_id.is_not(None))
        .group_by(Evidence.delivery_id)
    )
    return {row[0]: row[1] for row in rows}


def _verifiers(ids: list[int]) -> dict[int, str]:
    """Who confirmed each last."""
    rows = db.session.execute(
        select(PointEvent.delivery_id, PointEvent.actor_label, User.name)
        .outerjoin(User, User.id == PointEvent.actor_id)
        .where(PointEvent.delivery_id.in_(ids), PointEvent.state == PointState.VERIFIED)
        .order_by(PointEvent.id)
    )
    return {row[0]: row[1] or row[2] or "" for row in rows}


def _makers(ids: list[int], roles: Mapping[str, str]) -> dict[int, str]:
    """Who made each, as it was put down to people: each part once, whichever component it counts for."""
    taken_back = select(LedgerEntry.reverses_id).where(
        LedgerEntry.delivery_id.in_(ids), LedgerEntry.reverses_id.is_not(None)
    )
    rows = db.session.execute(
        select(LedgerEntry.delivery_id, LedgerEntry.role, User.name, func.min(LedgerEntry.id))
        .join(User, User.id == LedgerEntry.beneficiary_id)
        .where(
            LedgerEntry.delivery_id.in_(ids), LedgerEntry.beneficiary == Beneficiary.PERSON,
            LedgerEntry.reverses_id.is_(None), LedgerEntry.id.not_in(taken_back),
        )
        .group_by(LedgerEntry.delivery_id, LedgerEntry.role, User.name)
        .order_by(func.min(LedgerEntry.id))
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for delivery_id, role, name, _id in rows:
        found.setdefault(delivery_id or 0, []).append(f"{roles.get(role, role)}: {name}" if role else name)
    return {id_: "; ".join(names) for id_, names in found.items()}


def _mine(stretch: Stretch, ids: list[int]) -> dict[int, list[tuple[str, Decimal, Decimal]]]:
    """The person's part in each: role, share and what it brings. Of several components, the first line of a role says
    the share; what it brings is that of one component, so that a publication counts once.
    """
    rows = db.session.execute(
        stretch.lines_of_person(
            LedgerEntry.delivery_id, LedgerEntry.role, LedgerEntry.share, LedgerEntry.quantity
        )
        .where(LedgerEntry.delivery_id.in_(ids))
        .order_by(LedgerEntry.id)
    )
    found: dict[int, dict[str, tuple[Decimal, Decimal]]] = {}
    for delivery_id, role, share, quantity in rows:
        found.setdefault(delivery_id or 0, {}).setdefault(role, (share, quantity * share / 100))
    return {
        id_: [(stretch.role(role), share, q) for role, (share, q) in parts.items()]
        for id_, parts in found.items()
    }


def _evidence(url: str | None, captured: datetime | None, link: LinkState) -> str:
    """What proves it, in words."""
    if not url:
        return _("tautan belum tercatat")
    if link is LinkState.GONE:
        return (
            _("tautan tidak terbuka lagi, tangkapan layar ada")
            if captured
            else _("tautan tidak terbuka lagi")
        )
    return _("tautan dan tangkapan layar") if captured else _("tautan, tanpa tangkapan layar")


__all__ = ["Stretch", "activity_of", "numbers_of", "publications_of"]
