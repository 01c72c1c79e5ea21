"""One-time codes by mail, for a session that is good for one thing only (:mod:`humasflow.core.narrow`).

Who may have one for what is for the room to say that offers it; here is counted, tried and used up.
"""

import hmac
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select, update

from humasflow.accounts.models import SignInCode, User
from humasflow.core import clock, rate_limit
from humasflow.core.db import db
from humasflow.core.errors import TooMany, UserError
from humasflow.core.secrets import keyed_hash

LIFE: Final = timedelta(minutes=10)
AGAIN_AFTER: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 5  # at one code
WINDOW: Final = 3600  # seconds
PER_EMAIL: Final = 6  # codes asked for
PER_ADDRESS: Final = 30  # a whole office may share one
TRIES_PER_ADDRESS: Final = 60  # codes typed


class WrongCode(UserError):
    """Not the code, or not any more. The try counts."""


def count_request(email: str, address: str) -> None:
    """Somebody asks for a code: counted whether or not there is such a person. Raises TooMany."""
    over = max(
        rate_limit.count("code-email", email, per_seconds=WINDOW) - PER_EMAIL,
        rate_limit.count("code-address", address, per_seconds=WINDOW) - PER_ADDRESS,
    )
    if over > 0:
        raise TooMany(_("Sudah terlalu sering diminta. Coba lagi dalam satu jam, atau masuk dengan kata sandi."),
                      retry_after=WINDOW)  # fmt: skip


def make_code(user: User, good_for: str) -> tuple[SignInCode, str] | None:
    """A fresh code, and this once its digits; earlier ones are void. None when one went out within the minute.
    Flushes.
    """
    now = clock.now()
    last = db.session.scalar(
        select(SignInCode)
        .where(SignInCode.user_id == user.id, SignInCode.good_for == good_for)
        .order_by(SignInCode.id.desc())
        .limit(1)
    )
    if last is not None and now - last.created_at < AGAIN_AFTER:
        return None
    db.session.execute(
        update(SignInCode)
        .where(SignInCode.user_id == user.id, SignInCode.good_for == good_for, SignInCode.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    digits = f"{secrets.randbelow(1_000_000):06d}"
    code = SignInCode(
        user_id=user.id, good_for=good_for, code_hash=_hashed(user.id, good_for, digits), created_at=now,
        expires_at=now + LIFE, attempts=0,
    )  # fmt: skip
    db.session.add(code)
    db.session.flush()
    return code, digits


def last_good_for(user: User, choices: Collection[str]) -> str | None:
    """Which of these the person's newest code that is still good was made for. One statement."""
    found: str | None = db.session.scalar(
        select(SignInCode.good_for)
        .where(
            SignInCode.user_id == user.id, SignInCode.good_for.in_(choices), SignInCode.used_at.is_(None),
            SignInCode.expires_at > clock.now(),
        )
        .order_by(SignInCode.id.desc())
        .limit(1)
    )  # fmt: skip
    return found


def use_code(user: User | None, good_for: str, typed: str, *, address: str) -> None:
    """Use up the code that was mailed. Each try is counted in one statement before it is judged, and the same is said
    whether there is such a person or not. Raises WrongCode (the caller has to keep the count), TooMany. Flushes.
    """
    tries = rate_limit.count("code-tries", address, per_seconds=WINDOW)
    if tries > TRIES_PER_ADDRESS:
        raise TooMany(_("Terlalu banyak percobaan. Coba lagi dalam satu jam."), retry_after=WINDOW)
    now = clock.now()
    found = None if user is None else db.session.scalar(
        update(SignInCode)
        .where(
            SignInCode.user_id == user.id, SignInCode.good_for == good_for, SignInCode.used_at.is_(None),
            SignInCode.expires_at > now, SignInCode.attempts < MOST_ATTEMPTS,
        )
        .values(attempts=SignInCode.attempts + 1)
        .returning(SignInCode.code_hash)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    digits = "".join(c for c in typed if c.isdigit())
    wanted = _hashed(user.id if user else 0, good_for, digits)
    if user is None or found is None or not hmac.compare_digest(wanted, found):
        raise WrongCode(
            _("Kode tidak cocok atau tidak berlaku lagi. Periksa surel yang terbaru, atau minta kode baru.")
        )
    db.session.execute(
        update(SignInCode)
        .where(SignInCode.user_id == user.id, SignInCode.good_for == good_for, SignInCode.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def _hashed(user_id: int, good_for: str, digits: str) -> str:
    """Keyed: a million codes are tried in no time against a bare hash."""
    return keyed_hash(digits, purpose=f"sign-in-code:{user_id}:{good_for}")
