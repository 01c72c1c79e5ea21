"""Deciding from a phone that is not signed in: a one-time code by mail opens one package, and nothing else.

What is said to whoever asks never tells whether there is such a person or such a package, nor who was asked; who has
typed the right code is told why it opens nothing any more.
"""

from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import codes, sessions
from humasflow.approvals import policy, queries
from humasflow.approvals.events import DecisionCodeWanted
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.stories.visibility import is_visible

LIFE: Final = timedelta(minutes=30)
_KIND: Final = "package"


class NotAskedAnyMore(UserError):
    """The code was right, and the package is not this person's to decide any more. ``newer_id``: what was submitted
    since and waits for them.
    """

    status = 409

    def __init__(self, message: str, *, newer_id: int | None = None) -> None:
        super().__init__(message)
        self.newer_id = newer_id


def good_for(package_id: int) -> str:
    """How a session is marked that opens this package."""
    return f"{_KIND}:{package_id}"


def package_id_of(mark: str) -> int | None:
    """The package that a session with this mark opens; None when it opens something else."""
    kind, _sep, number = mark.partition(":")
    return int(number) if kind == _KIND and number.isdecimal() else None


def ask_code(package_id: int, email: str, *, address: str) -> None:
    """Mail a code to the person, if they are to decide on this package now; when it was replaced, for the newer one
    that they are to decide on. Emits DecisionCodeWanted. Raises TooMany.
    """
    email = email.strip().lower()
    codes.count_request(email, address)
    user, package = accounts.get_user_by_email(email), db.session.get(Package, package_id)
    if user is None or package is None or not user.is_active or user.is_sample:
        return
    wanted = _to_decide(accounts.load_principal(user, office_id=package.office_id), package)
    made = codes.make_code(user, good_for(wanted.id)) if wanted is not None else None
    if wanted is not None and made is not None:
        code, digits = made
        emit(DecisionCodeWanted(user.id, wanted.id, code.id, digits))


def enter_with_code(package_id: int, email: str, typed: str, *, address: str, device: str) -> Principal:
    """Open the narrow session, good for the package that the code was made for: this one, or the newer one that took
    its place before the code was asked for.

    Raises WrongCode, TooMany, and NotAskedAnyMore when the code was right and the person may not decide any more; the
    caller keeps the counts.
    """
    user = accounts.get_user_by_email(email.strip().lower())
    mark = _made_for(user, package_id)
    codes.use_code(user, mark, typed, address=address)
    assert user is not None  # noqa: S101 - nobody has no code
    package = db.session.get_one(Package, package_id_of(mark))
    _require_still_asked(user, package)
    return sessions.open_session(user, device=device, office_id=package.office_id, good_for=mark, life=LIFE)


def _made_for(user: User | None, package_id: int) -> str:
    """The mark of the person's newest code for the package or for a later one of its story."""
    story_id = select(Package.story_id).where(Package.id == package_id).scalar_subquery()
    later = db.session.scalars(
        select(Package.id).where(Package.story_id == story_id, Package.id >= package_id)
    )
    found = codes.last_good_for(user, [good_for(i) for i in later]) if user is not None else None
    return found or good_for(package_id)


def _to_decide(person: Principal, package: Package) -> Package | None:
    """The package when it is this person's to decide, else the newer one that is."""
    if not policy.reasons_not_to_decide(person, package):
        return package
    return queries.get_newer_for(person, package)


def _require_still_asked(user: User, package: Package) -> None:
    """Between the mail and the code the person may have left, the package may have been decided, replaced or closed to
    them. Raises NotAskedAnyMore.
    """
    if not user.is_active:
        raise NotAskedAnyMore(_("Akun Anda tidak aktif lagi. Hubungi admin kantor bila itu keliru."))
    person = accounts.load_principal(user, office_id=package.office_id)
    if not person.can(Permission.STORY_READ, package.office_id) or not is_visible(user.id, package.story):
        raise NotAskedAnyMore(_("Permintaan ini tidak terbuka lagi bagi Anda."))
    reasons = policy.reasons_not_to_decide(person, package)
    if not reasons:
        return
    newer = queries.get_newer_for(person, package)
    if newer is not None:
        raise NotAskedAnyMore(
            _("Ada pengajuan yang lebih baru untuk naskah ini, dan itu menunggu keputusan Anda."),
            newer_id=newer.id,
        )
    raise NotAskedAnyMore(" ".join(r.message for r in reasons))
