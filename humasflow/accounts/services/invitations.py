"""One-time links with which a person sets a password."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, has_request_context, url_for
from flask_babel import gettext as _
from sqlalchemy import select, update

from humasflow.accounts import queries
from humasflow.accounts.events import UserInvited
from humasflow.accounts.models import Invitation, User
from humasflow.accounts.services import passwords, sessions
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Reason, UserError
from humasflow.core.secrets import hash_token, new_token

VALID_FOR = timedelta(days=7)


class WeakPassword(UserError):
    """The new password is refused; ``reasons`` lists every reason."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(r.message for r in reasons))
        self.reasons = tuple(reasons)


def url_of(token: str) -> str:
    """The whole address of a link. The configured address goes first: a Host header is the sender's own claim. A worker
    without a request knows only that one; without it, see :func:`knows_address`, it has the path alone.
    """
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    if not has_request_context():
        path = current_app.url_map.bind("localhost").build("accounts.accept_invitation", {"token": token})
        return public + str(path)
    if public:
        return public + url_for("accounts.accept_invitation", token=token)
    return url_for("accounts.accept_invitation", token=token, _external=True)


def knows_address() -> bool:
    """Whether a link made here has a whole address, so that it can be mailed."""
    return bool(current_app.config["PUBLIC_URL"]) or has_request_context()


def invite(user: User, *, actor: audit.Actor, office_id: int, told: bool = True) -> str:
    """Make a fresh link's token (shown once); earlier links of the person stop working. Emits ``UserInvited``, which
    mails it, unless whoever asks shows it themselves (``told=False``).
    """
    cancel(user)
    now = clock.now()
    token = new_token()
    db.session.add(
        Invitation(
            user_id=user.id, token_hash=hash_token(token), created_by=actor.id, created_at=now,
            expires_at=now + VALID_FOR,
        )
    )  # fmt: skip
    db.session.flush()
    audit.record(AuditAction.USER_INVITED, ("user", user.id), office_id=office_id, actor=actor)
    if told:
        events.emit(UserInvited(user.id, office_id, url_of(token)))
    return token


def cancel(user: User) -> None:
    """Make every open link of a person useless."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.user_id == user.id, Invitation.used_at.is_(None), Invitation.expires_at > clock.now()
        )
        .values(expires_at=clock.now())
    )


def get_invited(token: str) -> User:
    """The person a link is for. Raises "not found" for a used, expired or made-up one."""
    found = db.session.scalar(
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(
            Invitation.token_hash == hash_token(token), Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(), User.is_active.is_(True),
        )
    )  # fmt: skip
    if found is None:
        raise _gone()
    return found


def _gone() -> NotFound:
    return NotFound(_("Tautan ini sudah dipakai atau kedaluwarsa. Mintalah tautan baru kepada admin kantor."))


def accept(token: str, password: str) -> User:
    """Set the password, use the link up, and end every session the account had (it may be a forgotten password)."""
    user = get_invited(token)
    # Conditional, so that of two people who open one link at the same moment only the first sets a password.
    used = db.session.execute(
        update(Invitation)
        .where(Invitation.token_hash == hash_token(token), Invitation.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Invitation.id)
    ).first()
    if used is None:
        raise _gone()
    set_password(user, password)
    principal = queries.load_principal(user)
    office_id = principal.office.id if principal.office else 0
    audit.record(AuditAction.PASSWORD_CHANGED, ("user", user.id), office_id=office_id, actor=user)
    sessions.revoke_sessions(user, actor=user, office_id=office_id)
    return user


def set_password(user: User, password: str) -> None:
    """Store a new password, or say everything that is wrong with it."""
    reasons = passwords.weaknesses(password, name=user.name, email=user.email)
    if reasons:
        raise WeakPassword(reasons)
    user.password_hash = passwords.hash_password(password)
    db.session.flush()
