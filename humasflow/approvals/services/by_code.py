"""Deciding from a phone that is not signed in: a one-time code by mail opens one package, and nothing else.

What is said to whoever asks never tells whether there is such a person or such a package, nor who was asked.
"""

from datetime import timedelta
from typing import Final

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import codes, sessions
from humasflow.approvals import policy
from humasflow.approvals.events import DecisionCodeWanted
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.events import emit

LIFE: Final = timedelta(minutes=30)


def good_for(package_id: int) -> str:
    """How a session is marked that opens this package."""
    return f"package:{package_id}"


def ask_code(package_id: int, email: str, *, address: str) -> None:
    """Mail a code to the person, if they are to decide on this package now. Emits DecisionCodeWanted.
    Raises TooMany.
    """
    email = email.strip().lower()
    codes.count_request(email, address)
    user, package = accounts.get_user_by_email(email), db.session.get(Package, package_id)
    if user is None or package is None or not _may_decide(user, package):
        return
    made = codes.make_code(user, good_for(package_id))
    if made is not None:
        code, digits = made
        emit(DecisionCodeWanted(user.id, package.id, code.id, digits))


def enter_with_code(package_id: int, email: str, typed: str, *, address: str, device: str) -> Principal:
    """Open the narrow session. Raises WrongCode, TooMany; the caller keeps the counts."""
    user = accounts.get_user_by_email(email.strip().lower())
    known = user if user is not None and user.is_active else None
    codes.use_code(known, good_for(package_id), typed, address=address)
    assert known is not None  # noqa: S101 - nobody has no code
    package = db.session.get_one(Package, package_id)
    return sessions.open_session(
        known, device=device, office_id=package.office_id, good_for=good_for(package_id), life=LIFE
    )


def _may_decide(user: User, package: Package) -> bool:
    person = accounts.load_principal(user, office_id=package.office_id)
    return user.is_active and not user.is_sample and not policy.reasons_not_to_decide(person, package)
