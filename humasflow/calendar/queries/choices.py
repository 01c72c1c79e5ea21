"""What the calendar can be narrowed by, its saved views and its campaigns: one statement, for every page needs them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Date, Row, and_, case, cast, func, literal, null, or_, select, union_all

from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.queries import in_force_at, today_at
from humasflow.calendar.items import CampaignSpan, Choice, Choices, SavedTab
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.spans import Span
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.models import Pillar
from humasflow.stories.enums import ViewPlace
from humasflow.stories.models import DeskDefault, DeskView


def list_choices(office: Unit, user_id: int, span: Span, asked: Iterable[Narrowing] = ()) -> Choices:
    """What is offered to a person in an office today, and the campaigns of the span. One statement.

    ``asked``: what is chosen already is known by name, also when it is no longer offered.
    """
    today = today_at(office)
    asked = list(asked)
    people_asked = sorted({n.person_id for n in asked if n.person_id is not None})
    campaigns_asked = sorted({ident for n in asked for ident in n.campaign_ids})
    nothing = (literal("").label("text"), literal("").label("more"))
    no_span = (
        cast(null(), Date).label("first"),
        cast(null(), Date).label("last"),
        literal(0).label("version"),
    )
    works = and_(*in_force_at(office, today))
    people = (
        select(
            literal("person").label("kind"), User.id.label("id"), User.name.label("name"),
            literal(0).label("position"), func.max(case((works, 1), else_=0)).label("active"), *nothing, *no_span,
        )
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        # Whoever has a role may have a task; of those who left only the ones that are asked for.
        .where(Unit.office_id == office.id, or_(works, User.id.in_(people_asked)))
        .group_by(User.id, User.name)
    )  # fmt: skip
    views = (
        select(
            literal("view"), DeskView.id, DeskView.name, case((DeskDefault.user_id.is_not(None), -1), else_=0),
            literal(1), DeskView.query, case((DeskView.owner_id == user_id, ""), else_=User.name), *no_span,
        )
        .join(User, User.id == DeskView.owner_id)
        .outerjoin(DeskDefault, and_(DeskDefault.view_id == DeskView.id, DeskDefault.user_id == user_id))
        .where(
            DeskView.office_id == office.id, DeskView.removed_at.is_(None), DeskView.place == ViewPlace.CALENDAR,
            or_(DeskView.owner_id == user_id, DeskView.is_shared.is_(True)),
        )
    )  # fmt: skip
    sections = select(
        literal("section"), Unit.id, Unit.name, literal(0), case((Unit.is_active.is_(True), 1), else_=0),
        *nothing, *no_span,
    ).where(Unit.office_id == office.id, Unit.kind == UnitKind.SECTION)  # fmt: skip
    pillars = select(
        literal("pillar"), Pillar.id, Pillar.name, Pillar.position,
        case((Pillar.is_active.is_(True), 1), else_=0), *nothing, *no_span,
    ).where(Pillar.office_id == office.id)  # fmt: skip
    accounts = (
        select(
            literal("account"), ChannelAccount.id, ChannelAccount.name, ChannelAccount.position,
            case((ChannelAccount.is_active.is_(True), 1), else_=0), ChannelKind.icon, literal(""), *no_span,
        )
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .where(ChannelAccount.office_id == office.id)
    )  # fmt: skip
    # Those to come and those of the span are offered; those of the span are drawn.
    offered = and_(
        Campaign.is_active.is_(True),
        or_(Campaign.ends_on >= today, and_(Campaign.ends_on >= span.start, Campaign.starts_on < span.end)),
    )
    campaigns = select(
        literal("campaign"), Campaign.id, Campaign.name, literal(0),
        case((offered, 1), else_=0), *nothing, Campaign.starts_on, Campaign.ends_on, Campaign.row_version,
    ).where(Campaign.office_id == office.id, or_(offered, Campaign.id.in_(campaigns_asked)))  # fmt: skip
    rows: Sequence[Row[*tuple[Any, ...]]] = db.session.execute(
        union_all(people, views, sections, pillars, accounts, campaigns)
    ).all()
    every, tabs, spans = [], [], []
    for kind, ident, name, position, active, text, more, first, last, version in rows:
        if kind == "view":
            tabs.append(SavedTab(ident, name, text, more, position < 0))
            continue
        every.append(Choice(kind, ident, name, position, text, bool(active)))
        if kind == "campaign" and active and first < span.end and last >= span.start:
            spans.append(CampaignSpan(ident, name, first, last, version))
    every.sort(key=lambda c: (c.position, c.name.casefold(), c.id))
    tabs.sort(key=lambda v: (not v.is_default, bool(v.shared_by), v.name.casefold(), v.id))
    spans.sort(key=lambda c: (c.starts_on, c.id))
    return Choices(every, tabs, spans)
