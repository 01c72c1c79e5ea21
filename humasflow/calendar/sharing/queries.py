"""Reading shared views, and reading the calendar as somebody without an account sees it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import in_force_at, today_at
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.grouping import Work, group_by_work
from humasflow.calendar.items import CampaignSpan, Day, Item
from humasflow.calendar.models import SharedView
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.queries import for_everybody, get_plan, list_choices
from humasflow.calendar.sharing.policy import SHARING_ROLES
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.secrets import hash_token
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import PostState

SHOWN_FOR = timedelta(days=30)  # what is over stays on the owner's page that long
# What a visitor sees. Deadlines and who has them are the team's own business.
PUBLIC_KINDS = (ItemKind.POST, ItemKind.EVENT, ItemKind.CAMPAIGN, ItemKind.DAY)
MOST_SHOWN = 1500  # things on one page
_DROPPED = frozenset({PostState.WITHDRAWN, PostState.CANCELLED})


class LinkState(Enum):
    """What a link answers. Suspended: its owner does not share the calendar any more; it is good again when they do."""

    OPEN = auto()
    EXPIRED = auto()
    REVOKED = auto()
    SUSPENDED = auto()


@dataclass(frozen=True)
class PublicPlan:
    """A shared view as it is shown. ``today`` is the office's; ``left_out``: how many things one page does not hold."""

    office: Unit
    narrowing: Narrowing
    days: Sequence[tuple[Day, list[Work]]]
    campaigns: Sequence[CampaignSpan]
    today: date
    left_out: int

    @property
    def is_filled(self) -> bool:
        """Whether any day has something to show."""
        return any(works or day.notes for day, works in self.days)


def state_of(view: SharedView) -> LinkState:
    """Open until it expires or is revoked; suspended while its owner may not share."""
    return _state(view, _who_shares(get_office(view.office_id), {view.owner_id}))


def _state(view: SharedView, sharing: Collection[int]) -> LinkState:
    if view.revoked_at is not None:
        return LinkState.REVOKED
    if view.expires_at <= clock.now():
        return LinkState.EXPIRED
    return LinkState.OPEN if view.owner_id in sharing else LinkState.SUSPENDED


def _who_shares(office: Unit, user_ids: Collection[int]) -> set[int]:
    """Those of these people who may share the office's calendar today, as policy says it. One statement."""
    found = db.session.scalars(
        select(RoleGrant.user_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            *in_force_at(office, today_at(office)),
            RoleGrant.user_id.in_(user_ids),
            RoleGrant.role.in_(SHARING_ROLES),
        )
    )
    return set(found) if office.is_active else set()


def find_view(token: str) -> SharedView:
    """The view behind a token, open or not; "not found" for a token that is none. One statement."""
    found = db.session.scalar(select(SharedView).where(SharedView.token_hash == hash_token(token)))
    if found is None:
        raise NotFound
    return found


def get_view(office_id: int, view_id: int) -> SharedView:
    """One of this office, or "not found"."""
    found = db.session.get(SharedView, view_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_views(office: Unit) -> list[tuple[SharedView, LinkState]]:
    """The office's links, the newest first; those that were over a month ago are left out. Two statements."""
    since = clock.now() - SHOWN_FOR
    views = db.session.scalars(
        select(SharedView)
        .options(joinedload(SharedView.owner, innerjoin=True))
        .where(
            SharedView.office_id == office.id, SharedView.expires_at > since,
            SharedView.revoked_at.is_(None) | (SharedView.revoked_at > since),
        )
        .order_by(SharedView.id.desc())
    ).all()  # fmt: skip
    sharing = _who_shares(office, {v.owner_id for v in views})
    return [(v, _state(v, sharing)) for v in views]


def get_public_plan(view: SharedView) -> PublicPlan:
    """What the view shows to whoever opens it: nothing of a story that is confidential, under embargo or over; nothing
    taken down; no deadlines, no tray.
    """
    office = get_office(view.office_id)
    today = today_at(office)
    narrowing = Narrowing.from_query(view.query, today)
    visitor = _visitor()
    choices = list_choices(office, visitor.id, narrowing.span)
    plan = get_plan(visitor, office, narrowing, choices, tray=False)
    public = for_everybody(i for i in plan.items if i.kind in PUBLIC_KINDS and i.post_state not in _DROPPED)
    shown: dict[date | None, list[Item]] = {}
    for item in public[:MOST_SHOWN]:
        shown.setdefault(item.day, []).append(item)
    days = [(d, group_by_work(shown.get(d.date, ()))) for d in plan.days.values()]
    return PublicPlan(office, narrowing, days, plan.campaigns, today, max(0, len(public) - MOST_SHOWN))


def _visitor() -> Principal:
    """Nobody in particular: no role anywhere, named for no story."""
    return Principal(User(id=0, name=""), held=(), offices=(), office=None)
