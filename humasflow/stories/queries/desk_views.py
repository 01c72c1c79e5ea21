"""Saved views of the desk and of the calendar, and the answers of bulk actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require_here
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.stories.enums import ViewPlace
from humasflow.stories.models import BulkRun, DeskDefault, DeskView


@dataclass(frozen=True)
class SavedView:
    """A view in the row of tabs."""

    id: int
    name: str
    query: str
    is_shared: bool
    owner_id: int
    owner: str
    row_version: int
    is_default: bool


def list_views(user_id: int, office_id: int, place: ViewPlace = ViewPlace.DESK) -> Sequence[SavedView]:
    """The person's own views and those that others share with the office, own ones first. One statement."""
    rows = db.session.execute(
        select(
            DeskView.id, DeskView.name, DeskView.query, DeskView.is_shared, DeskView.owner_id, User.name,
            DeskView.row_version, DeskDefault.user_id.is_not(None),
        )
        .join(User, User.id == DeskView.owner_id)
        .outerjoin(DeskDefault, and_(DeskDefault.view_id == DeskView.id, DeskDefault.user_id == user_id))
        .where(
            DeskView.office_id == office_id, DeskView.place == place, DeskView.removed_at.is_(None),
            or_(DeskView.owner_id == user_id, DeskView.is_shared.is_(True)),
        )
        .order_by((DeskView.owner_id == user_id).desc(), DeskView.name, DeskView.id)
    )  # fmt: skip
    return [SavedView(*row) for row in rows]


def get_view(actor: Principal, view_id: int, place: ViewPlace = ViewPlace.DESK) -> DeskView:
    """A view of this page that the person sees (also one that was just removed), or "not found"."""
    found = db.session.get(DeskView, view_id)
    if found is None or found.place is not place or (found.owner_id != actor.id and not found.is_shared):
        raise NotFound
    require_here(actor, found.office_id)
    return found


def get_default(user_id: int, office_id: int, place: ViewPlace = ViewPlace.DESK) -> DeskDefault | None:
    """What the page opens with."""
    return db.session.get(DeskDefault, (user_id, office_id, place))


def get_run(actor: Principal, run_id: int) -> BulkRun:
    """The answer of one's own bulk action, or "not found"."""
    found = db.session.get(BulkRun, run_id)
    if found is None or found.actor_id != actor.id:
        raise NotFound
    require_here(actor, found.office_id)
    return found


def find_own(user_id: int, view_id: int, place: ViewPlace = ViewPlace.DESK) -> DeskView | None:
    """One's own view of this page, removed or not."""
    found = db.session.get(DeskView, view_id)
    return found if found is not None and found.owner_id == user_id and found.place is place else None
