"""Reading how an office divides its publications, and publications to show it by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import AttributionPolicy, LedgerEntry
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

EXAMPLES = 12


class PolicyRow(NamedTuple):
    """A policy and who set it; empty: the product itself."""

    policy: AttributionPolicy
    set_by: str


class Example(NamedTuple):
    """A live publication to work the division out on. ``makers``: how many parts its lines name."""

    delivery_id: int
    title: str
    published_at: datetime
    makers: int


def policy_in_force(office_id: int, local_date: date) -> AttributionPolicy | None:
    """The one that holds on a date; None while the bundled shares do."""
    return db.session.scalar(
        select(AttributionPolicy)
        .where(AttributionPolicy.office_id == office_id, AttributionPolicy.effective_from <= local_date)
        .order_by(AttributionPolicy.effective_from.desc(), AttributionPolicy.id.desc())
        .limit(1)
    )


def newest_policy_id(office_id: int) -> int:
    """The id of the one that was written last, 0 before the first: how a form says what it was shown."""
    found = db.session.scalar(
        select(func.max(AttributionPolicy.id)).where(AttributionPolicy.office_id == office_id)
    )
    return found or 0


def list_policies(office_id: int, *, limit: int = 50) -> Sequence[PolicyRow]:
    """The newest ones, as they were written. One statement."""
    rows = db.session.execute(
        select(AttributionPolicy, User.name)
        .outerjoin(User, User.id == AttributionPolicy.set_by)
        .where(AttributionPolicy.office_id == office_id)
        .order_by(AttributionPolicy.id.desc())
        .limit(limit)
    )
    return [PolicyRow(row[0], row[1] or "") for row in rows]


def list_examples(reader_id: int, office_id: int) -> list[Example]:
    """The newest live publications that the reader may see, with how many parts are known of each. One statement."""
    makers = (
        select(func.count(func.distinct(LedgerEntry.role)))
        .where(LedgerEntry.delivery_id == Delivery.id, LedgerEntry.beneficiary != Beneficiary.OFFICE)
        .correlate(Delivery)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Delivery.id, Story.title, Delivery.published_at, makers)
        .join(Story, Story.id == Delivery.story_id)
        .where(
            Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at.is_not(None), visible_to(reader_id),
        )
        .order_by(Delivery.published_at.desc(), Delivery.id.desc())
        .limit(EXAMPLES)
    )  # fmt: skip
    return [Example(r[0], r[1], r[2], r[3]) for r in rows if r[2] is not None]
