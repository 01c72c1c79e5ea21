"""What is on its way in a period, and what it would bring to each component."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from humasflow.core.localtime import to_local, zone
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.scoring.in_progress import ComingPost, list_coming
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.selection import counts_for
from humasflow.scoring.standing.facts import ZERO, Added


def coming_of(office: Unit, period: Period, today: date, *, viewer_id: int | None = None) -> list[ComingPost]:
    """Posts that are due in the period and not out yet; in the running one also those without a time. Nothing can come
    any more in one that is over, but what should have come out in it and did not is still told.
    """
    start, end = period.utc_bounds(zone(office.zone_name))
    # What has no time yet can only still come in the period that runs now.
    return list_coming(office.id, start, end, with_undated=today in period, viewer_id=viewer_id)


def added_by(version: SchemeVersion, posts: Iterable[ComingPost], office: Unit) -> dict[str, Added]:
    """What these posts would bring, by component key: an amount, and their local dates where they have one."""
    amounts: dict[str, Decimal] = {}
    days: dict[str, Counter[date]] = {}
    for post in posts:
        for component in version.components:
            brings = counts_for(component, post.facts)
            if not brings:
                continue
            amounts[component.key] = amounts.get(component.key, ZERO) + brings
            if post.scheduled_at is not None:
                day = to_local(post.scheduled_at, office.zone_name).date()
                days.setdefault(component.key, Counter())[day] += 1
    return {key: Added(amount, days.get(key, Counter())) for key, amount in amounts.items()}
