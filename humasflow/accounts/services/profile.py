"""What people change about themselves."""

from flask_babel import gettext as _

from humasflow.accounts import nips
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import invitations, passwords, sessions
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import rate_limit
from humasflow.core.db import db
from humasflow.core.errors import TooMany, UserError

WINDOW = 15 * 60  # seconds
TRIES = 10
THEMES = ("auto", "light", "dark")


class WrongPassword(UserError):
    """The present password is another one."""


class NoPassword(UserError):
    """The account never had one: people of a sample office sign in by a button."""


def _office_id(actor: Principal) -> int:
    return actor.office.id if actor.office else 0


def change_profile(
    actor: Principal,
    *,
    name: str | None = None,
    locale: str | None = None,
    theme: str | None = None,
    wants_email: bool | None = None,
    shortcuts: bool | None = None,
    phone: str | None = None,
    nip: str | None = None,
) -> list[str]:
    """Change what was given; returns which fields are different now. One's own settings: the last save wins. Raises
    NipTaken.
    """
    wanted = {
        "name": name,
        "locale": locale,
        "theme": theme,
        "wants_email": wants_email,
        "shortcuts": shortcuts,
        "phone": phone,
        "nip": nip,
    }
    user: User = actor.user
    changed = [
        field for field, value in wanted.items() if value is not None and getattr(user, field) != value
    ]
    if not changed:
        return []
    if nip and "nip" in changed:
        nips.require_free(nip, user, _office_id(actor))
    for field in changed:
        setattr(user, field, wanted[field])
    db.session.flush()
    audit.record(
        AuditAction.PROFILE_CHANGED,
        ("user", user.id),
        office_id=_office_id(actor),
        actor=actor,
        fields=changed,
    )
    return changed


def change_password(actor: Principal, *, old: str, new: str, device: str) -> Principal:
    """Set a new password and sign every device out; returns a fresh session for this one.

    The caller must call ``unit_of_work.keep()``: the count of tries outlives a refusal. Raises :class:`WrongPassword`,
    :class:`NoPassword`, ``TooMany`` or ``WeakPassword``.
    """
    user = actor.user
    if user.password_hash is None:
        raise NoPassword(_("Akun contoh masuk dengan tombol, jadi tidak memakai kata sandi."))
    if rate_limit.count("password-change", str(user.id), per_seconds=WINDOW) > TRIES:
        raise TooMany(
            _("Terlalu banyak percobaan. Demi keamanan, coba lagi dalam %(n)s menit.", n=WINDOW // 60),
            retry_after=WINDOW,
        )
    if not passwords.matches(user.password_hash, old):
        raise WrongPassword(_("Kata sandi saat ini belum cocok. Periksa lagi."))
    invitations.set_password(user, new)
    invitations.cancel(user)
    audit.record(AuditAction.PASSWORD_CHANGED, ("user", user.id), office_id=_office_id(actor), actor=actor)
    sessions.revoke_sessions(user, actor=actor, office_id=_office_id(actor))
    return sessions.open_session(user, device=device, office_id=_office_id(actor))
