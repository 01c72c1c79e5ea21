"""People and their roles: added, changed, granted, ended. Nothing is deleted."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts import queries
from humasflow.accounts.enums import Acting, Role
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.services import passwords, sessions
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.versions import expect_version
from humasflow.orgs.models import Unit


class EmailTaken(UserError):
    """Somebody has this address."""


class LastAdmin(UserError):
    """An office must keep one admin."""


def create_user(
    *, actor: audit.Actor | None, office_id: int, name: str, email: str, password: str | None = None,
    is_sample: bool = False,
) -> User:
    """Add a person; without a password they set one through an invitation."""
    email = email.strip().lower()
    if queries.get_user_by_email(email) is not None:
        raise EmailTaken(_("Alamat surel ini sudah dipakai pengguna lain."))
    user = User(
        name=name, email=email, password_hash=passwords.hash_password(password) if password else None, locale="id",
        theme="auto", wants_email=True, shortcuts=True, is_active=True, is_sample=is_sample, created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    audit.record(AuditAction.USER_CREATED, ("user", user.id), office_id=office_id, actor=actor or user)
    return user


def grant_role(
    user: User, unit: Unit, role: Role, *, actor: audit.Actor | None, position_title: str = "",
    acting: Acting = Acting.NONE, valid_from: date | None = None, valid_until: date | None = None,
) -> RoleGrant:
    """Give a role in an office or one of its sections for a span of local dates (both ends included)."""
    office = db.session.get_one(Unit, unit.office_id)
    start = valid_from or queries.today_at(office)
    if valid_until is not None and valid_until < start:
        raise UserError(_("Tanggal berakhir tidak boleh sebelum tanggal mulai."))
    if acting is not Acting.NONE and not position_title:
        raise UserError(_("Tulis jabatan yang digantikan, contohnya Kepala Seksi Pelayanan Lelang."))
    grant = RoleGrant(
        user_id=user.id, unit_id=unit.id, role=role, position_title=position_title, acting=acting, valid_from=start,
        valid_until=valid_until, granted_by=actor.id if actor else None, created_at=clock.now(),
    )
    db.session.add(grant)
    db.session.flush()
    audit.record(
        AuditAction.ROLE_GRANTED, ("user", user.id), office_id=office.id, actor=actor or user, role=role.value,
        unit=unit.id, valid_from=start.isoformat(), valid_until=valid_until.isoformat() if valid_until else None,
    )
    return grant


def end_role(grant: RoleGrant, *, actor: audit.Actor, office: Unit) -> None:
    """End a role as of yesterday; the grant stays on record. The office keeps one admin."""
    today = queries.today_at(office)
    if grant.role is Role.ADMIN:
        _keep_one_admin(office, without_grant=grant.id)
    yesterday = date.fromordinal(today.toordinal() - 1)
    grant.valid_until = yesterday
    grant.valid_from = min(grant.valid_from, yesterday)
    db.session.flush()
    audit.record(
        AuditAction.ROLE_ENDED, ("user", grant.user_id), office_id=office.id, actor=actor, role=grant.role.value
    )


def change_user(user: User, *, actor: audit.Actor, office_id: int, name: str, email: str, row_version: int | None) -> None:
    """Correct a person's name or address."""
    expect_version(user, row_version)
    email = email.strip().lower()
    other = queries.get_user_by_email(email)
    if other is not None and other.id != user.id:
        raise EmailTaken(_("Alamat surel ini sudah dipakai pengguna lain."))
    user.name, user.email = name, email
    db.session.flush()
    audit.record(AuditAction.USER_CHANGED, ("user", user.id), office_id=office_id, actor=actor)


def set_active(user: User, *, actor: audit.Actor, office: Unit, active: bool) -> None:
    """Let a person in or keep them out; keeping out also ends all their sessions."""
    if not active:
        if user.id == actor.id:
            raise UserError(_("Anda tidak dapat menonaktifkan akun sendiri. Mintalah kepada admin lain."))
        _keep_one_admin(office, without_user=user.id)
        sessions.revoke_sessions(user, actor=actor, office_id=office.id)
    user.is_active = active
    db.session.flush()
    audit.record(
        AuditAction.USER_ENABLED if active else AuditAction.USER_DISABLED, ("user", user.id), office_id=office.id,
        actor=actor,
    )


def _keep_one_admin(office: Unit, *, without_grant: int = 0, without_user: int = 0) -> None:
    today = queries.today_at(office)
    others = db.session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(
            Unit.office_id == office.id, RoleGrant.role == Role.ADMIN, RoleGrant.valid_from <= today,
            (RoleGrant.valid_until.is_(None)) | (RoleGrant.valid_until >= today), User.is_active.is_(True),
            RoleGrant.id != without_grant, RoleGrant.user_id != without_user,
        )
    )
    if not others:
        raise LastAdmin(_("Kantor perlu paling sedikit satu admin aktif. Tunjuk admin lain lebih dahulu."))
