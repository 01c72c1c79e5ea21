"""The agenda's occurrences as items; one that lasts several days stands on each of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from humasflow.calendar.enums import ItemKind
from humasflow.calendar.items import EVENT_LOOKS, Item
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.spans import Span
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.queries import Occurrence, occurrences_between

MOST = 10_000  # of a span: cut off earlier, the last days of a busy month would look free


def list_events(
    office: Unit, narrowing: Narrowing, between: tuple[datetime, datetime], span: Span, *, movable: bool
) -> list[Item]:
    """What the agenda has in the span, as the filters want it."""
    zone = ZoneInfo(office.zone_name)
    text = narrowing.search.casefold()
    found: list[Item] = []
    labels = {state: state.label for state in EventState}  # translated once, not for each of thousands
    for occurrence in occurrences_between(office.id, *between, limit=MOST):
        if narrowing.campaign_ids and occurrence.campaign_id not in narrowing.campaign_ids:
            continue
        if narrowing.section_ids and occurrence.section_id not in narrowing.section_ids:
            continue
        if text and text not in f"{occurrence.title} {occurrence.place}".casefold():
            continue
        found += _items(occurrence, zone, span, labels[occurrence.state], movable=movable)
    return found


def _items(occurrence: Occurrence, zone: ZoneInfo, span: Span, label: str, *, movable: bool) -> list[Item]:
    tone, state_icon = EVENT_LOOKS[occurrence.state]
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    last = (end - timedelta(microseconds=1)).date()  # what ends at midnight does not stand on the next day
    over = occurrence.state is EventState.CANCELLED
    items = []
    day = max(start.date(), span.start)
    while day <= min(last, span.last):
        timed = not occurrence.all_day and day == start.date()
        items.append(
            Item(
                ItemKind.EVENT,
                occurrence.event_id,
                occurrence.title,
                occurrence.starts_at,
                tone,
                "users",
                state_icon,
                label,
                occurrence.place,
                start.strftime("%H:%M") if timed else "",
                end.strftime("%H:%M") if timed and end.date() == day else "",
                day,
                occurrence.row_version,
                movable and not over and not occurrence.is_followed,
                None,
                occurrence.section_id,
                None,
                occurrence.occurrence.isoformat(),
                None,
                over,
                occurrence.repeats,
                occurrence.takes_place,
                occurrence.is_private,
                None if day == start.date() else start.date(),
            )
        )
        day += timedelta(days=1)
    return items
