"""Signing in and out. A session is a row that can be revoked; its secret changes at every sign-in."""

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from humasflow.accounts import queries
from humasflow.accounts.models import User, UserSession
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import passwords
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, rate_limit
from humasflow.core.db import db
from humasflow.core.errors import NotFound, TooMany, UserError
from humasflow.core.secrets import hash_token, new_token

WINDOW = 15 * 60  # seconds
PER_EMAIL = 10
PER_ADDRESS = 60  # a whole office may share one address


class WrongCredentials(UserError):
    """The pair of address and password does not fit. Deliberately does not say which."""

    status = 422


def sign_in(email: str, password: str, *, address: str, device: str) -> Principal:
    """Open a session. The caller must call ``unit_of_work.keep()``: the count of tries outlives a refusal.

    Raises :class:`WrongCredentials` or :class:`TooMany`.
    """
    email = email.strip().lower()
    tries = max(
        rate_limit.count("sign-in-email", email, per_seconds=WINDOW) - PER_EMAIL,
        rate_limit.count("sign-in-address", address, per_seconds=WINDOW) - PER_ADDRESS,
    )
    if tries > 0:
        raise TooMany(
            _("Terlalu banyak percobaan masuk. Demi keamanan, coba lagi dalam %(n)s menit.", n=WINDOW // 60),
            retry_after=WINDOW,
        )
    user = queries.get_user_by_email(email)
    if (
        not passwords.matches(user.password_hash if user else None, password)
        or user is None
        or not user.is_active
    ):
        raise WrongCredentials(_("Alamat surel atau kata sandi belum cocok. Periksa lagi keduanya."))
    if user.password_hash and passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return open_session(user, device=device)


def open_session(
    user: User,
    *,
    device: str,
    office_id: int | None = None,
    good_for: str = "",
    life: timedelta | None = None,
) -> Principal:
    """A new session for a person who has proved who they are, acting in ``office_id`` when they hold a role there.
    ``good_for``: one thing only (:mod:`humasflow.core.narrow`); ``life``: shorter than usual.
    """
    token, now = new_token(), clock.now()
    row = UserSession(
        user_id=user.id,
        token_hash=hash_token(token),
        good_for=good_for,
        device=device[:120],
        created_at=now,
        seen_at=now,
        expires_at=now + (life or current_app.config["SESSION_ABSOLUTE"]),
    )
    db.session.add(row)
    db.session.flush()
    principal = queries.load_principal(
        user, office_id=office_id, token=token, session_id=row.id, good_for=good_for
    )
    row.office_id = principal.office.id if principal.office else None
    detail: dict[str, Any] = {"device": row.device} | ({"good_for": good_for} if good_for else {})
    audit.record(AuditAction.SIGNED_IN, ("user", user.id), office_id=row.office_id or 0, actor=user, **detail)
    return principal


def close_session(principal: Principal) -> None:
    """Sign this device out."""
    db.session.execute(
        update(UserSession).where(UserSession.id == principal.session_id).values(revoked_at=clock.now())
    )
    audit.record(
        AuditAction.SIGNED_OUT,
        ("user", principal.id),
        office_id=principal.office.id if principal.office else 0,
        actor=principal,
    )


def revoke_sessions(
    user: User, *, actor: audit.Actor, office_id: int, except_session: int | None = None
) -> int:
    """Sign a person out everywhere (or everywhere else). Returns how many sessions ended."""
    ended = db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.revoked_at.is_(None),
            UserSession.id != (except_session or 0),
        )
        .values(revoked_at=clock.now())
        .returning(UserSession.id)
    ).all()
    audit.record(
        AuditAction.SESSIONS_REVOKED, ("user", user.id), office_id=office_id, actor=actor, sessions=len(ended)
    )
    return len(ended)


def touch(session_id: int) -> None:
    """Note that a session is in use. Flushes."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=clock.now()))


def revoke_session(principal: Principal, session_id: int) -> None:
    """Sign one of the person's own devices out. Raises "not found" for anybody else's."""
    ended = db.session.execute(
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.user_id == principal.id,
            UserSession.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(UserSession.id)
    ).first()
    if ended is None:
        raise NotFound
    audit.record(
        AuditAction.SESSIONS_REVOKED, ("user", principal.id),
        office_id=principal.office.id if principal.office else 0, actor=principal, sessions=1,
    )  # fmt: skip


def choose_office(principal: Principal, office_id: int) -> None:
    """Act in another of one's offices from now on. Raises "not found" for an office without a role in force."""
    if office_id not in {o.id for o in principal.offices}:
        raise NotFound
    db.session.execute(
        update(UserSession).where(UserSession.id == principal.session_id).values(office_id=office_id)
    )
