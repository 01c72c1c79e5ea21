"""What is still missing of a quarter's targets, component by component: for planning what is left of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import case, func, select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, PointState
from humasflow.scoring.models import Component, LedgerEntry

_COUNTING = frozenset({ComponentKind.COUNT_RATIO})
_LIVE = (PointState.VERIFIED, PointState.LIVE_UNVERIFIED)


@dataclass(frozen=True)
class Remaining:
    """A component with a target. ``by_account``: how many counted with a deciding date before the day asked for, by
    the id of the channel account that published them.
    """

    component: Component
    target: int
    by_account: Mapping[int, int] = field(default_factory=dict)

    @property
    def counted_before(self) -> int:
        """On all accounts together."""
        return sum(self.by_account.values())

    @property
    def missing(self) -> int:
        """What was missing on the morning of that day, never below 0."""
        return max(self.target - self.counted_before, 0)


def list_remaining(office_id: int, quarter: Quarter, *, before: date) -> list[Remaining]:
    """The components that count publications and have a target in the quarter, in order, under the scheme that the
    standing shows. Verified and unverified publications count, disputed ones do not. At most five statements.
    """
    schemes = queries.list_schemes(office_id)
    scheme = next((s for s in schemes if queries.version_at(s, quarter.end)), None)
    version = queries.version_at(scheme, quarter.end) if scheme else None
    if scheme is None or version is None:
        return []
    targets = queries.targets_of(office_id, scheme.id, quarter.key)
    counted = _counted_before(office_id, version.id, quarter.key, before)
    return [
        Remaining(component, int(targets[component.key].value), counted.get(component.key, {}))
        for component in version.components
        if component.kind in _COUNTING and component.key in targets
    ]


def _counted_before(office_id: int, version_id: int, quarter: str, before: date) -> dict[str, dict[int, int]]:
    counts = case((LedgerEntry.deciding_date < before, queries.signed_quantity()), else_=0)
    rows = db.session.execute(
        select(LedgerEntry.component_key, Delivery.account_id, func.sum(counts))
        .join(Delivery, Delivery.id == LedgerEntry.delivery_id)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.quarter == quarter,
            LedgerEntry.scheme_version_id == version_id,
            queries.latest_state().in_(_LIVE),
        )
        .group_by(LedgerEntry.component_key, Delivery.account_id)
    )
    found: dict[str, dict[int, int]] = {}
    for key, account_id, number in rows:
        found.setdefault(key, {})[account_id] = int(number)
    return found
