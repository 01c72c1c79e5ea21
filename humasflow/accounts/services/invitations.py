"""One-time links with which a person sets a password."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from humasflow.accounts.models import Invitation, User
from humasflow.accounts.services import passwords
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.secrets import hash_token, new_token

VALID_FOR = timedelta(days=7)


class WeakPassword(UserError):
    """The new password is refused; the message lists why."""


def invite(user: User, *, actor: audit.Actor, office_id: int) -> str:
    """Make a fresh link's token (shown once); earlier links of the person stop working."""
    now = clock.now()
    db.session.execute(
        update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)).values(expires_at=now)
    )
    token = new_token()
    db.session.add(
        Invitation(
            user_id=user.id, token_hash=hash_token(token), created_by=actor.id, created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    db.session.flush()
    audit.record(AuditAction.USER_INVITED, ("user", user.id), office_id=office_id, actor=actor)
    return token


def get_invited(token: str) -> User:
    """The person a link is for. Raises "not found" for a used, expired or made-up one."""
    found = db.session.scalar(
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(
            Invitation.token_hash == hash_token(token), Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(), User.is_active.is_(True),
        )
    )
    if found is None:
        raise NotFound(_("Tautan ini sudah dipakai atau kedaluwarsa. Mintalah tautan baru kepada admin kantor."))
    return found


def accept(token: str, password: str) -> User:
    """Set the password and use the link up."""
    user = get_invited(token)
    set_password(user, password)
    db.session.execute(
        update(Invitation).where(Invitation.token_hash == hash_token(token)).values(used_at=clock.now())
    )
    audit.record(AuditAction.PASSWORD_CHANGED, ("user", user.id), office_id=0, actor=user)
    return user


def set_password(user: User, password: str) -> None:
    """Store a new password, or say everything that is wrong with it."""
    reasons = passwords.weaknesses(password, name=user.name, email=user.email)
    if reasons:
        raise WeakPassword(" ".join(r.message for r in reasons))
    user.password_hash = passwords.hash_password(password)
    db.session.flush()
