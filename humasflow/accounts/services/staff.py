"""People of an office, as its admin manages them: every act checks the permission and that the person is of the office.

The building blocks (without permission, for the first start and for commands) are in :mod:`.people`.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from humasflow.accounts import policy, queries
from humasflow.accounts.enums import Acting, Role
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.policy import Principal, require
from humasflow.accounts.services import invitations, people
from humasflow.core.errors import Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit


@dataclass(frozen=True)
class RoleWanted:
    """A role to give: where, in which capacity, for which local dates (both ends included; None is open)."""

    role: Role
    unit: Unit
    position_title: str = ""
    acting: Acting = Acting.NONE
    valid_from: date | None = None
    valid_until: date | None = None


def add_person(
    office: Unit, *, actor: Principal, name: str, email: str, wanted: RoleWanted, nip: str = "",
    told: bool = True,
) -> tuple[User, str]:  # fmt: skip
    """Add a person with a role and make the invitation, mailed if ``told``. Returns the person and the link, which is
    not shown again. Raises EmailTaken, NipTaken.
    """
    require(actor, Permission.ACCOUNT_MANAGE, office.id)
    user = people.create_user(actor=actor, office_id=office.id, name=name, email=email, nip=nip)
    _grant(user, office, actor, wanted)
    return user, invitations.url_of(invitations.invite(user, actor=actor, office_id=office.id, told=told))


def change_person(
    user: User, office: Unit, *, actor: Principal, name: str, email: str, row_version: int | None,
    nip: str | None = None,
) -> None:  # fmt: skip
    """Correct name, address or NIP."""
    _manage(user, office, actor)
    if email.strip().lower() != user.email:
        _whole_account(user, office)
    people.change_user(
        user, actor=actor, office_id=office.id, name=name, email=email, row_version=row_version, nip=nip
    )


def add_role(user: User, office: Unit, *, actor: Principal, wanted: RoleWanted) -> RoleGrant:
    """Give one more role. The same role in the same place twice at the same time says nothing and is refused."""
    _manage(user, office, actor)
    return _grant(user, office, actor, wanted)


def end_role(user: User, grant_id: int, office: Unit, *, actor: Principal) -> RoleGrant:
    """End a role; the record of it stays."""
    _manage(user, office, actor)
    grant = queries.get_grant(office, user.id, grant_id)
    people.end_role(grant, actor=actor, office=office)
    return grant


def set_active(user: User, office: Unit, *, actor: Principal, active: bool) -> None:
    """Keep a person out, or let them in again."""
    _manage(user, office, actor)
    _whole_account(user, office)
    if user.is_active != active:
        people.set_active(user, actor=actor, office=office, active=active)


def invite_again(user: User, office: Unit, *, actor: Principal, told: bool = True) -> str:
    """A new link to set a password; returns its address. The password in use works until the link is."""
    _manage(user, office, actor)
    _whole_account(user, office)
    if not user.is_active:
        raise UserError(_("Aktifkan dahulu akun ini, lalu buat tautannya."))
    return invitations.url_of(invitations.invite(user, actor=actor, office_id=office.id, told=told))


def _manage(user: User, office: Unit, actor: Principal) -> None:
    require(actor, Permission.ACCOUNT_MANAGE, office.id)
    queries.require_of_office(office, user.id)


def _whole_account(user: User, office: Unit) -> None:
    reasons = policy.reasons_not_to_manage_account(
        user, office, works_elsewhere=queries.works_elsewhere(user, office)
    )
    if reasons:
        raise Refused(reasons)


def _grant(user: User, office: Unit, actor: Principal, wanted: RoleWanted) -> RoleGrant:
    if wanted.unit.office_id != office.id or not wanted.unit.is_active:
        raise UserError(_("Pilih kantor ini atau salah satu seksinya yang masih aktif."))
    start = wanted.valid_from or queries.today_at(office)
    for held in queries.list_grants(user, office):
        same = held.role is wanted.role and held.unit_id == wanted.unit.id and held.acting is wanted.acting
        overlaps = (held.valid_until is None or held.valid_until >= start) and (
            wanted.valid_until is None or wanted.valid_until >= held.valid_from
        )
        if same and overlaps:
            raise UserError(_("Peran yang sama di tempat yang sama sudah ada pada tanggal itu."))
    return people.grant_role(
        user, wanted.unit, wanted.role, actor=actor, position_title=wanted.position_title, acting=wanted.acting,
        valid_from=start, valid_until=wanted.valid_until,
    )  # fmt: skip
