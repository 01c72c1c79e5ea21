"""The people without an account whom an office may ask."""

from dataclasses import dataclass
from typing import Any

import phonenumbers
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import queries
from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalSettings, GuestApprover
from humasflow.approvals.services.guests.links import hold_links_of, revoke_link
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.forms import EmailShape
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version

NAME_LENGTH = 120
LEAST_HOURS, MOST_HOURS = 1, 336


class GuestRefused(UserError):
    """The data do not hold together. ``field`` names what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class GuestContent:
    """A guest as an admin describes them. ``phone`` as typed, or empty."""

    name: str
    position_title: str
    email: str
    phone: str = ""


def add_guest(office_id: int, *, actor: Principal, content: GuestContent) -> GuestApprover:
    """A new guest. Needs ``office:manage``. Raises GuestRefused. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    told = _checked(office_id, content)
    guest = GuestApprover(office_id=office_id, is_active=True, created_at=clock.now(), **told)
    db.session.add(guest)
    db.session.flush()
    _record(guest, actor, before=None)
    return guest


def change_guest(
    guest: GuestApprover,
    *,
    actor: Principal,
    content: GuestContent,
    is_active: bool = True,
    row_version: int | None = None,
) -> None:
    """Other data, or switched off. Another address or switching off revokes the links that are still good: whoever
    reads the old mailbox is not who is meant. Raises GuestRefused, Conflict. Flushes.
    """
    require(actor, Permission.OFFICE_MANAGE, guest.office_id)
    expect_version(guest, row_version)
    told = _checked(guest.office_id, content, guest=guest)
    uses = count_uses(guest)
    if uses and not is_active:
        raise GuestRefused(
            "is_active",
            ngettext(
                "Penyetuju tamu ini masih diminta di %(num)s langkah. Ganti dahulu di alur persetujuan.",
                "Penyetuju tamu ini masih diminta di %(num)s langkah. Ganti dahulu di alur persetujuan.", uses,
            ),
        )  # fmt: skip
    before = _told(guest)
    moved = told["email"] != guest.email or not is_active
    links = hold_links_of(guest) if moved else []
    for name, value in told.items():
        setattr(guest, name, value)
    guest.is_active = is_active
    db.session.flush()
    for link in links:
        revoke_link(link, actor=actor)
    if _told(guest) != before:
        _record(guest, actor, before=before)


def set_link_hours(office_id: int, *, actor: Principal, hours: int) -> None:
    """How long new links are good for. Links that were made keep their time. Raises GuestRefused. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise GuestRefused(
            "hours",
            _("Isi dengan bilangan dari %(low)s sampai %(high)s jam.", low=LEAST_HOURS, high=MOST_HOURS),
        )
    before = queries.link_hours(office_id)
    settings = queries.get_settings(office_id)
    if settings is None:
        settings = ApprovalSettings(office_id=office_id)
        db.session.add(settings)
    settings.guest_link_hours = hours
    db.session.flush()
    if hours != before:
        audit.record(
            AuditAction.APPROVAL_SETTINGS_CHANGED, ("office", office_id), office_id=office_id, actor=actor,
            before={"guest_link_hours": before}, after={"guest_link_hours": hours},
        )  # fmt: skip


def count_uses(guest: GuestApprover) -> int:
    """How many steps of the office's chains ask this guest. One statement."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ApprovalAskee)
            .join(ApprovalChain, ApprovalChain.id == ApprovalAskee.chain_id)
            .where(ApprovalChain.office_id == guest.office_id, ApprovalAskee.guest_id == guest.id)
        )
        or 0
    )


def _checked(office_id: int, content: GuestContent, *, guest: GuestApprover | None = None) -> dict[str, str]:
    name, title = " ".join(content.name.split()), " ".join(content.position_title.split())
    if not name or len(name) > NAME_LENGTH:
        raise GuestRefused("name", _("Isi namanya, paling panjang %(n)s karakter.", n=NAME_LENGTH))
    if not title or len(title) > NAME_LENGTH:
        raise GuestRefused(
            "position_title", _("Isi jabatannya, paling panjang %(n)s karakter.", n=NAME_LENGTH)
        )
    email = content.email.strip().lower()
    if len(email) > 254 or not EmailShape.pattern.match(email):
        raise GuestRefused("email", _("Alamat surel ini belum lengkap, contohnya nama@kantor.go.id."))
    same = db.session.scalar(
        select(GuestApprover).where(GuestApprover.office_id == office_id, GuestApprover.email == email)
    )
    if same is not None and same is not guest:
        raise GuestRefused("email", _("Alamat ini sudah dipakai %(name)s.", name=same.name))
    return {"name": name, "position_title": title, "email": email, "phone": _phone(content.phone)}


def _phone(typed: str) -> str:
    """E.164, ``+6281234567890``; Indonesian numbers need no country code."""
    if not typed.strip():
        return ""
    try:
        number = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise GuestRefused("phone", _("Nomor ini tidak dikenal. Contoh: 0812 3456 7890."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _told(guest: GuestApprover) -> dict[str, Any]:
    return {
        "name": guest.name, "position": guest.position_title, "email": guest.email, "phone": bool(guest.phone),
        "active": guest.is_active,
    }  # fmt: skip


def _record(guest: GuestApprover, actor: Principal, *, before: dict[str, Any] | None) -> None:
    audit.record(
        AuditAction.GUEST_CHANGED, ("guest_approver", guest.id), office_id=guest.office_id, actor=actor,
        label=guest.name, before=before, after=_told(guest),
    )  # fmt: skip
