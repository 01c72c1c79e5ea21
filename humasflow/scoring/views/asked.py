"""What an address asks for: a scheme, a period and a number, as every page of the room reads them.

``?skema=`` is the number of a scheme, ``?periode=`` the key of a period (``2026-TW4``, ``2026-M11``, ``2026-W47``).
Links of earlier releases say ``?tw=``; they still lead where they did.
"""

from collections.abc import Sequence

from flask import abort, request

from humasflow.accounts.queries import today_at
from humasflow.core.periods import Period, PeriodError, PeriodType, parse_period, period_of
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.models import ScoreScheme


def asked_scheme(office: Unit, schemes: Sequence[ScoreScheme] | None = None) -> ScoreScheme | None:
    """The office's scheme that ``?skema=`` names, else the first one in use that has rules in the asked period.

    ``schemes``: those of the office, where the caller has them already. None when the office has no scheme.
    """
    found = queries.list_schemes(office.id, with_inactive=True) if schemes is None else schemes
    wanted = asked_number("skema")
    named = next((s for s in found if s.id == wanted), None)
    if named is not None:
        return named
    in_use = [s for s in found if s.is_active]
    ruled = (s for s in in_use if queries.version_at(s, asked_period(office, s).end))
    return next(ruled, in_use[0] if in_use else None)


def asked_period(office: Unit, scheme: ScoreScheme | None) -> Period:
    """The period that ``?periode=`` names, of the scheme's own type; else that of today. Without a scheme, a quarter.

    The key of another type of period (the reader came from another scheme) leads to the one that holds today, or
    the last day of what was asked. Aborts with 404 for what is no period.
    """
    type_ = PeriodType.QUARTER if scheme is None else scheme.period_type
    today = today_at(office)
    key = request.args.get("periode") or request.args.get("tw", "")
    try:
        if not key:
            return period_of(type_, today)
        asked = parse_period(key)
        if asked.type is type_:
            return asked
        return period_of(type_, today if today in asked else asked.end)
    except PeriodError:
        abort(404)


def neighbour(period: Period, step: int) -> Period | None:
    """The period so many later (or earlier), None beyond the calendar."""
    try:
        return period.shift(step)
    except PeriodError:
        return None


def asked_number(name: str) -> int | None:
    """A whole number of the query, or None."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
