"""The number of a civil servant (NIP): as typed, and as it is kept, eighteen digits.

Eight digits are the day of birth, six the month of appointment (``21`` in place of the month for employees by contract,
PPPK), one the sex, three a running number that begins at one.
"""

import re
from datetime import date
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.models import RoleGrant, User
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.orgs.models import Unit

_SHAPE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{4})([0-9]{2})[12]([0-9]{3})")


class NipTaken(UserError):
    """Somebody of the office has this number."""


def to_nip(typed: str) -> str | None:
    """The number as it is kept; empty for nothing; None for what is no such number."""
    digits = "".join(typed.split())
    if not digits:
        return ""
    found = _SHAPE.fullmatch(digits)
    if found is None or found[6] == "000":  # a spreadsheet that took it for an amount ends it with zeros
        return None
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    born, appointed = int(found[1]), int(found[4])
    is_month = 1 <= int(found[5]) <= 12 or found[5] == "21"
    return digits if is_month and 1900 <= born < appointed <= 2100 else None


def wrong() -> str:
    """What is said of a number that is none."""
    return _("NIP terdiri atas 18 angka, contohnya 19800131 200501 1 001. Periksa lagi angkanya.")


def taken() -> str:
    """What is said of a number that another person of the office has."""
    return _("NIP ini sudah dipakai orang lain di kantor ini.")


def require_free(nip: str, user: User | None, office_id: int) -> None:
    """Refuse a number that another person has in one of the offices of this one. People belong to offices through
    their roles, which an index cannot see: writers wait for one another at the offices. Raises NipTaken.
    """
    if not nip:
        return
    offices = {office_id} | ({g.unit.office_id for g in user.grants} if user is not None else set())
    # In one order, so that two who write at the same moment do not wait for each other (SQLite writes in turn anyway).
    db.session.execute(select(Unit.id).where(Unit.id.in_(offices)).order_by(Unit.id).with_for_update()).all()
    statement = (
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(User.nip == nip, Unit.office_id.in_(offices))
        .limit(1)
    )
    if user is not None and user.id is not None:
        statement = statement.where(User.id != user.id)
    if db.session.scalar(statement) is not None:
        raise NipTaken(taken())
