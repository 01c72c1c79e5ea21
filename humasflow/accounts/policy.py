"""Who somebody is right now: a person with the roles in force today, acting in one office."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_login import UserMixin

from humasflow.accounts.enums import Acting
from humasflow.accounts.models import User
from humasflow.core.errors import NotAllowed, NotFound, Reason
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.models import Unit


@dataclass(frozen=True)
class Held:
    """A role in force today. ``section_id`` is None when it is held in the office itself."""

    role: Role
    office_id: int
    section_id: int | None
    path: str
    capacity: str  # "Plh. Kepala Seksi Lelang"
    acting: Acting


@dataclass(eq=False)
class Principal(UserMixin):
    """The signed-in person (or the person a command or test acts for). ``token`` is the session cookie's secret."""

    user: User
    held: Sequence[Held]
    offices: Sequence[Unit]
    office: Unit | None
    token: str = ""
    session_id: int | None = None
    good_for: str = ""  # of a narrow session (core/narrow.py): the one thing it opens
    _by_office: dict[int, frozenset[Permission]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add up what the roles carry, office by office."""
        for h in self.held:
            self._by_office[h.office_id] = (
                self._by_office.get(h.office_id, frozenset()) | ROLE_PERMISSIONS[h.role]
            )

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self.user.name

    @property
    def initials(self) -> str:
        """For the avatar."""
        return self.user.initials

    @property
    def is_active(self) -> bool:
        """Flask-Login asks."""
        return self.user.is_active

    def get_id(self) -> str:
        """Flask-Login keeps this in the signed cookie: the session's secret, never the user's number."""
        return self.token

    def can(self, permission: Permission, office_id: int | None = None) -> bool:
        """Whether a role in force carries it, in the given office or in the one the person is acting in."""
        office_id = office_id if office_id is not None else (self.office.id if self.office else None)
        return office_id is not None and permission in self._by_office.get(office_id, frozenset())

    def has_role(self, role: Role, office_id: int) -> bool:
        """For wording and defaults only; decisions ask :meth:`can`."""
        return any(h.role is role and h.office_id == office_id for h in self.held)

    def section_in(self, office_id: int) -> int | None:
        """The section the person belongs to in an office, when a role is held in one."""
        return next((h.section_id for h in self.held if h.office_id == office_id and h.section_id), None)

    def capacity_for(self, permission: Permission, office_id: int, section_id: int | None = None) -> str:
        """How a decision is signed: ``Plh. Kepala Seksi Lelang, Nama``; the bare name without a title."""
        fitting = [
            h for h in self.held if h.office_id == office_id and permission in ROLE_PERMISSIONS[h.role]
        ]
        fitting.sort(key=lambda h: (h.section_id != section_id, not h.capacity))
        title = fitting[0].capacity if fitting else ""
        return f"{title}, {self.name}" if title else self.name


def require(actor: Principal, permission: Permission, office_id: int) -> None:
    """Raise unless the actor may. Somebody without any role in the office learns nothing: not found."""
    if actor.can(permission, office_id):
        return
    if not any(h.office_id == office_id for h in actor.held):
        raise NotFound
    raise NotAllowed(_("Peran Anda belum mencakup tindakan ini. Bila perlu, mintalah kepada admin kantor."))


def require_here(actor: Principal, office_id: int) -> None:
    """Raise "not found" unless the actor has a role in the office."""
    if not any(h.office_id == office_id for h in actor.held):
        raise NotFound


def acting_office(actor: Principal) -> Unit:
    """The office the person is acting in. Raises when the person has no role anywhere today."""
    if actor.office is None:
        raise NotAllowed(_("Akun Anda belum punya peran di kantor mana pun. Mintalah kepada admin kantor."))
    return actor.office


def reasons_not_to_manage_account(user: User, office: Unit, *, works_elsewhere: bool) -> list[Reason]:
    """Why an admin of ``office`` may not touch the account itself (address, password link, activation).

    An account that also serves another office is not this admin's to take over or to close.
    """
    if not works_elsewhere:
        return []
    return [
        Reason(
            "elsewhere",
            _(
                "%(name)s juga bertugas di kantor lain, jadi akunnya tidak dapat diubah dari sini. "
                "Peran di %(office)s tetap dapat diatur.",
                name=user.name, office=office.short_name,
            ),
        )
    ]  # fmt: skip
