"""Signing: whoever signs a period proves once more who they are."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.services import passwords
from humasflow.core import rate_limit
from humasflow.core.errors import TooMany, UserError

WINDOW = 15 * 60  # seconds
TRIES = 10


class WrongPassword(UserError):
    """The password is another one."""


def signs_by_password(actor: Principal) -> bool:
    """Whether this person has a password to sign with. People of a sample office sign in by a button and have none."""
    return actor.user.password_hash is not None


def confirm_identity(actor: Principal, password: str) -> None:
    """Check the password of the signed-in person; who has none is known by the session alone.

    The caller must call ``unit_of_work.keep()``: the count of tries outlives a refusal. Raises WrongPassword, TooMany.
    """
    if not signs_by_password(actor):
        return
    if rate_limit.count("signing", str(actor.id), per_seconds=WINDOW) > TRIES:
        raise TooMany(
            _("Terlalu banyak percobaan. Demi keamanan, coba lagi dalam %(n)s menit.", n=WINDOW // 60),
            retry_after=WINDOW,
        )
    if not passwords.matches(actor.user.password_hash, password):
        raise WrongPassword(_("Kata sandi belum cocok. Periksa lagi."))
