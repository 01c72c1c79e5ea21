"""People and their roles: added, changed, granted, ended. Nothing is deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from humasflow.accounts import nips, queries
from humasflow.accounts.enums import Acting, Role
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.services import invitations, passwords, sessions
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
    *,
    actor: audit.Actor | None,
    office_id: int,
    name: str,
    email: str,
    password: str | None = None,
    is_sample: bool = False,
    nip: str = "",
) -> User:
    """Add a person; without a password they set one through an invitation. Raises EmailTaken, NipTaken."""
    email = email.strip().lower()
    if queries.get_user_by_email(email) is not None:
        raise _email_taken()
    nips.require_free(nip, None, office_id)
    user = User(
        name=name,
        email=email,
        password_hash=passwords.hash_password(password) if password else None,
        locale="id",
        theme="auto",
        wants_email=True,
        shortcuts=True,
        is_active=True,
        is_sample=is_sample,
        created_at=clock.now(),
        nip=nip,
    )
    with _unique_email():
        db.session.add(user)
    audit.record(AuditAction.USER_CREATED, ("user", user.id), office_id=office_id, actor=actor or user)
    return user


def grant_role(
    user: User,
    unit: Unit,
    role: Role,
    *,
    actor: audit.Actor | None,
    position_title: str = "",
    acting: Acting = Acting.NONE,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> RoleGrant:
    """Give a role in an office or one of its sections for a span of local dates (both ends included)."""
    office = db.session.get_one(Unit, unit.office_id)
    start = valid_from or queries.today_at(office)
    if valid_until is not None and valid_until < start:
        raise UserError(_("Tanggal berakhir tidak boleh sebelum tanggal mulai."))
    if acting is not Acting.NONE and not position_title:
        raise UserError(_("Tulis jabatan yang digantikan, contohnya Kepala Seksi Pelayanan Lelang."))
    grant = RoleGrant(
        user_id=user.id,
        unit_id=unit.id,
        role=role,
        position_title=position_title,
        acting=acting,
        valid_from=start,
        valid_until=valid_until,
        granted_by=actor.id if actor else None,
        created_at=clock.now(),
    )
    db.session.add(grant)
    db.session.flush()
    audit.record(
        AuditAction.ROLE_GRANTED,
        ("user", user.id),
        office_id=office.id,
        actor=actor or user,
        role=role.value,
        unit=unit.id,
        valid_from=start.isoformat(),
        valid_until=valid_until.isoformat() if valid_until else None,
    )
    return grant


def end_role(grant: RoleGrant, *, actor: audit.Actor, office: Unit) -> None:
    """End a role as of yesterday; the grant stays on record. The office keeps one admin."""
    today = queries.today_at(office)
    if grant.valid_until is not None and grant.valid_until < today:
        raise UserError(_("Peran ini sudah berakhir."))
    if grant.role is Role.ADMIN and grant.in_force(today):
        _keep_one_admin(office, without_grant=grant.id)
    yesterday = date.fromordinal(today.toordinal() - 1)
    grant.valid_until = yesterday
    grant.valid_from = min(grant.valid_from, yesterday)
    db.session.flush()
    audit.record(
        AuditAction.ROLE_ENDED,
        ("user", grant.user_id),
        office_id=office.id,
        actor=actor,
        role=grant.role.value,
    )


def change_user(
    user: User, *, actor: audit.Actor, office_id: int, name: str, email: str, row_version: int | None,
    nip: str | None = None,
) -> None:  # fmt: skip
    """Correct a person's name, address or (unless None) NIP. A new address makes the links sent to the old one useless.
    Raises EmailTaken, NipTaken.
    """
    expect_version(user, row_version)
    email = email.strip().lower()
    other = queries.get_user_by_email(email)
    if other is not None and other.id != user.id:
        raise _email_taken()
    wanted = {"name": name, "email": email} | ({} if nip is None else {"nip": nip})
    changed = [field for field, new in wanted.items() if getattr(user, field) != new]
    if not changed:
        return
    if nip and "nip" in changed:
        nips.require_free(nip, user, office_id)
    with _unique_email():
        for field in changed:
            setattr(user, field, wanted[field])
    if "email" in changed:
        invitations.cancel(user)
    audit.record(
        AuditAction.USER_CHANGED, ("user", user.id), office_id=office_id, actor=actor, fields=changed
    )


def _email_taken() -> EmailTaken:
    return EmailTaken(_("Alamat surel ini sudah dipakai pengguna lain."))


@contextmanager
def _unique_email() -> Iterator[None]:
    """Two people may claim one address at the same moment; the database's constraint then speaks our words."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if "email" in str(error.orig):  # PostgreSQL names uq_app_user_email, SQLite app_user.email
            raise _email_taken() from error
        raise


def set_active(user: User, *, actor: audit.Actor, office: Unit, active: bool) -> None:
    """Let a person in or keep them out; keeping out also ends all their sessions."""
    if not active:
        if user.id == actor.id:
            raise UserError(_("Anda tidak dapat menonaktifkan akun sendiri. Mintalah kepada admin lain."))
        today = queries.today_at(office)
        if any(
            g.role is Role.ADMIN and g.in_force(today) and g.unit.office_id == office.id for g in user.grants
        ):
            _keep_one_admin(office, without_user=user.id)
        sessions.revoke_sessions(user, actor=actor, office_id=office.id)
        invitations.cancel(user)
    user.is_active = active
    db.session.flush()
    audit.record(
        AuditAction.USER_ENABLED if active else AuditAction.USER_DISABLED,
        ("user", user.id),
        office_id=office.id,
        actor=actor,
    )


def _keep_one_admin(office: Unit, *, without_grant: int = 0, without_user: int = 0) -> None:
    """Refuse when nobody would be left who can manage people: able to sign in, and without an end date.

    An acting admin whose dates run out, or an invited one who never came, would leave the office locked out.
    """
    # Two admins who end each other's role at the same moment must wait for one another (SQLite writes in turn anyway).
    db.session.execute(select(Unit.id).where(Unit.id == office.id).with_for_update())
    others = db.session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(
            Unit.office_id == office.id, RoleGrant.role == Role.ADMIN,
            RoleGrant.valid_from <= queries.today_at(office), RoleGrant.valid_until.is_(None),
            User.is_active.is_(True), or_(User.password_hash.is_not(None), User.is_sample.is_(True)),
            RoleGrant.id != without_grant, RoleGrant.user_id != without_user,
        )
    )  # fmt: skip
    if not others:
        raise LastAdmin(
            _(
                "Kantor perlu paling sedikit satu admin lain yang sudah bisa masuk dan tanpa tanggal berakhir. "
                "Tunjuk admin itu lebih dahulu."
            )
        )
