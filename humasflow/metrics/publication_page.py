"""The numbers of a publication on its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_login import current_user
from markupsafe import Markup

from humasflow.metrics import policy, queries
from humasflow.metrics.queries import Reading
from humasflow.metrics.services.fetching import AGES, adapter_tells
from humasflow.metrics.wording import in_order, name_of
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery

MOST = 60  # earlier readings on the page


@dataclass(frozen=True, slots=True)
class Known:
    """The newest number that anybody knows under a name; ``since``: when it was read, where later readings lack it."""

    value: int | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a reading. ``change``: against the reading before it that had one, None where there is none."""

    name: str
    value: int
    change: int | None


def numbers_panel(delivery: Delivery) -> Markup:
    """The newest numbers with their date and source, every earlier reading, and the way to write some down."""
    readings = queries.list_readings(delivery.post_id, delivery.id, limit=MOST + 2)
    tells = adapter_tells(delivery.account)
    is_own = delivery.account.adapter == "web"  # the own newsroom, which counts its readers itself
    readers = queries.readers_of([delivery.story_id])[delivery.story_id] if is_own else None
    return Markup(  # noqa: S704 - a template's own output, escaped there
        render_template(
            "metrics/_numbers.html", delivery=delivery, latest=readings[0] if readings else None,
            known=newest_of(readings, tells), history=list(lines_of(readings))[: MOST + 1],
            has_more=len(readings) > MOST + 1, name_of=name_of, tells=tells, readers=readers, last_age=AGES[-1],
            where=get_office(delivery.office_id),
            may_record=not policy.reasons_not_to_record(current_user, delivery),
        )
    )  # fmt: skip


def newest_of(readings: Sequence[Reading], tells: Sequence[str]) -> dict[str, Known]:
    """The newest number under each name, in our order. What the channel says it tells but never did is unknown; what
    nobody ever asked about is not here. ``readings``: the newest first.
    """
    found: dict[str, Known] = {}
    for number, reading in enumerate(readings):
        for name, value in _all(reading).items():
            if value is not None:
                found.setdefault(name, Known(value, reading.captured_at if number else None))
    asked = [name for name in tells if readings and name not in found]
    return {name: found.get(name, Known(None)) for name in in_order((*found, *asked))}


def lines_of(readings: Sequence[Reading]) -> Iterator[tuple[Reading, list[Line]]]:
    """Each reading with the numbers it has and how they changed, the newest first."""
    numbers = [_all(reading) for reading in readings]
    for at, reading in enumerate(readings):
        lines = []
        for name in in_order([n for n, value in numbers[at].items() if value is not None]):
            value = numbers[at][name] or 0
            before = next((old for n in numbers[at + 1 :] if (old := n.get(name)) is not None), None)
            lines.append(Line(name, value, None if before is None else value - before))
        yield reading, lines


def _all(reading: Reading) -> dict[str, int | None]:
    return {**reading.numbers, **reading.others}


PANELS = [numbers_panel]
