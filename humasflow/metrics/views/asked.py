"""What an address asks for: a period, and which publications."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from sqlalchemy import select

from humasflow.accounts.queries import today_at
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.localtime import zone
from humasflow.core.periods import Period, PeriodError, PeriodType, parse_period, period_of
from humasflow.metrics.queries import Chosen
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType, Pillar


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen in an office, as (value, name), and what the address chose."""

    accounts: Sequence[tuple[str, str]]
    pillars: Sequence[tuple[str, str]]
    types: Sequence[tuple[str, str]]
    chosen: Chosen
    address: dict[str, Any]


def asked_period(office: Unit) -> Period:
    """The period that ``?periode=`` names, of any type; else today's quarter. Aborts with 404 for what is none."""
    key = request.args.get("periode", "")
    try:
        return parse_period(key) if key else period_of(PeriodType.QUARTER, today_at(office))
    except PeriodError:
        abort(404)


def neighbour(period: Period, step: int) -> Period | None:
    """The period so many later (or earlier), None beyond the calendar."""
    try:
        return period.shift(step)
    except PeriodError:
        return None


def same_time(period: Period, office: Unit) -> list[tuple[PeriodType, Period]]:
    """A period of every length: those that hold today, where this one does, else its last day."""
    today = today_at(office)
    day = today if today in period else period.end
    return [(t, period if t is period.type else period_of(t, day)) for t in PeriodType]


def bounds(period: Period, office: Unit) -> tuple[Any, Any]:
    """The instants at which the period begins and ends on the office's clock."""
    return period.utc_bounds(zone(office.zone_name))


def asked_filters(office: Unit) -> Filters:
    """``?akun=`` (id), ``?pilar=`` (id) and ``?jenis=`` (code). Three statements."""
    accounts = _names(ChannelAccount.id, ChannelAccount.name, ChannelAccount.office_id, office)
    pillars = _names(Pillar.id, Pillar.name, Pillar.office_id, office)
    types = _names(ContentType.code, ContentType.label, ContentType.office_id, office)
    account, pillar, type_ = (_one("akun", accounts), _one("pilar", pillars), _one("jenis", types))
    chosen = Chosen(
        account_ids=[int(account)] if account else [], pillar_ids=[int(pillar)] if pillar else [],
        content_types=[type_] if type_ else [],
    )  # fmt: skip
    address = {"akun": account or None, "pilar": pillar or None, "jenis": type_ or None}
    return Filters(accounts, pillars, types, chosen, address)


def _names(value: Any, name: Any, office_id: Any, office: Unit) -> list[tuple[str, str]]:
    rows = db.session.execute(select(value, name).where(office_id == office.id).order_by(name, value))
    return [(str(ident), text) for ident, text in rows]


def _one(name: str, offered: Sequence[tuple[str, str]]) -> str:
    """What the address chose, where the office has it; anything else chooses nothing."""
    asked = request.args.get(name, "")
    return asked if asked in {value for value, _text in offered} else ""
