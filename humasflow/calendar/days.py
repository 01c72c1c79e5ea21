"""Days of the year: commemorations on fixed dates, public holidays, joint leave."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class NationalDay:
    """A day worth a thought. ``is_holiday``: offices are closed. ``name`` says "(perkiraan)" where the date is one."""

    name: str
    is_holiday: bool = False


@cache
def commemorations() -> Mapping[tuple[int, int], tuple[str, ...]]:
    """The bundled days by (month, day)."""
    text = files("humasflow.calendar.data").joinpath("national-days.csv").read_text(encoding="utf-8")
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        found[int(row["month"]), int(row["day"])].append(row["name_id"])
    return MappingProxyType({key: tuple(names) for key, names in found.items()})


@cache
def _holidays(year: int) -> Mapping[date, str]:
    # Imported on first use: the package takes half a second, and most processes never show a calendar.
    from holidays import country_holidays  # noqa: PLC0415

    return MappingProxyType(
        dict(country_holidays("ID", years=year, language="id", categories=("public", "government")))
    )


def list_days(start: date, end: date) -> dict[date, tuple[NationalDay, ...]]:
    """National days with ``start`` ≤ day < ``end``: holidays first, each name once."""
    found: dict[date, tuple[NationalDay, ...]] = {}
    for ordinal in range(start.toordinal(), end.toordinal()):
        day = date.fromordinal(ordinal)
        names = _holidays(day.year).get(day, "")
        closed = [NationalDay(n.strip(), is_holiday=True) for n in names.split(";") if n.strip()]
        known = {d.name for d in closed}
        others = [NationalDay(n) for n in commemorations().get((day.month, day.day), ()) if n not in known]
        if closed or others:
            found[day] = (*closed, *others)
    return found
