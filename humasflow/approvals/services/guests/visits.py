"""A browser with a link asks for a code; with the code it becomes a visit that may read and decide.

All counts are rows, so that processes share them. A code belongs to its link, not to the browser: asking from another
one gives neither a fresh code within the minute nor fresh tries.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from humasflow.approvals import policy
from humasflow.approvals.enums import LinkState
from humasflow.approvals.events import GuestCodeWanted
from humasflow.approvals.models import GuestLink, GuestVisit
from humasflow.approvals.services.locking import lock_link
from humasflow.approvals.services.recording import record
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, TooMany, UserError
from humasflow.core.events import emit
from humasflow.core.secrets import hash_token, keyed_hash, new_token

CODE_LIFE = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=60)
CODE_WAIT = timedelta(minutes=30)  # how long a browser may take from asking to typing
VISIT_LIFE = timedelta(minutes=30)
MOST_ATTEMPTS = 5  # at one code
MOST_CODES = 10  # through one link: fifty guesses at a million, in all its life


class WrongCode(UserError):
    """Not the code, or not any more. The try counts."""


@dataclass(frozen=True)
class OpenVisit:
    """A visit and, this once, the token for its cookie. ``sent``: a code went out just now."""

    visit: GuestVisit
    token: str = field(repr=False)
    sent: bool


def begin_visit(link: GuestLink) -> OpenVisit:
    """Somebody with the link pressed the button: a code goes to the guest's address, unless one did within the minute.

    Raises NotFound when the link is good no longer, TooMany when all its codes are used up. Emits GuestCodeWanted.
    Flushes.
    """
    link = _locked(link)
    sent = _send(link) if _may_resend(link) else False
    visit, token = _open(link, CODE_WAIT)
    return OpenVisit(visit, token, sent)


def send_code_again(visit: GuestVisit) -> None:
    """A new code; the earlier one is good no longer. At most one a minute. Raises TooMany, NotFound. Flushes."""
    link = _locked(visit.link)
    if not _may_resend(link):
        raise TooMany(
            _(
                "Kode baru dapat dikirim satu menit sesudah yang terakhir. Periksa dahulu kotak masuk dan folder spam."
            ),
            retry_after=seconds_to_wait(link),
        )
    _send(link)


def seconds_to_wait(link: GuestLink) -> int:
    """Until the next code may be sent."""
    if link.code_sent_at is None:
        return 0
    return max(0, int((link.code_sent_at + RESEND_AFTER - clock.now()).total_seconds()) + 1)


def identify(visit: GuestVisit, code: str) -> OpenVisit:
    """The code that was mailed makes the browser a guest's for half an hour, under a new token.

    Each try is counted in one statement before it is judged, so that tries at the same moment are counted one by one.
    Raises WrongCode (the caller has to keep the count), NotFound. Records who came. Flushes.
    """
    link = visit.link
    if not policy.is_open(link):
        raise NotFound
    now = clock.now()
    tried = db.session.scalar(
        update(GuestLink)
        .where(
            GuestLink.id == link.id, GuestLink.code_hash.is_not(None), GuestLink.attempts < MOST_ATTEMPTS,
            GuestLink.code_expires_at > now,
            # Asked again here: it may be revoked between the look above and now.
            GuestLink.state == LinkState.OPEN, GuestLink.expires_at > now,
        )
        .values(attempts=GuestLink.attempts + 1)
        .returning(GuestLink.attempts)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if tried is None:
        db.session.refresh(link)
        if not policy.is_open(link):
            raise NotFound
        raise WrongCode(_("Kode ini tidak berlaku lagi. Minta kode baru."))
    db.session.refresh(link)
    typed = "".join(c for c in code if c.isdigit())
    if not hmac.compare_digest(_hashed(link, typed), link.code_hash or ""):
        left = MOST_ATTEMPTS - tried
        if left:
            raise WrongCode(_("Kode tidak cocok. Periksa surel yang terbaru, lalu coba lagi."))
        raise WrongCode(_("Kode tidak cocok, dan kode itu sekarang tidak berlaku lagi. Minta kode baru."))
    link.code_hash = link.code_expires_at = None  # good once
    visit.ended_at = clock.now()
    life = min(VISIT_LIFE, link.expires_at - clock.now())
    fresh, token = _open(link, life)
    fresh.identified_at = fresh.created_at
    db.session.flush()
    record(
        AuditAction.GUEST_IDENTIFIED, link.package, actor=None, acting_as=signature(link), guest=link.guest_id,
        position=link.position,
    )  # fmt: skip
    return OpenVisit(fresh, token, sent=False)


def end_visit(visit: GuestVisit) -> None:
    """Forget this browser. Flushes."""
    visit.ended_at = clock.now()
    db.session.flush()


def signature(link: GuestLink) -> str:
    """How a guest's acts are signed in the record."""
    # Not translated: the record reads the same whatever language the guest chose.
    return f"{link.guest.capacity} (lewat tautan, kode terkirim ke {link.guest.masked_email})"[:300]


def _locked(link: GuestLink) -> GuestLink:
    link = lock_link(link)
    if not policy.is_open(link):
        raise NotFound
    return link


def _may_resend(link: GuestLink) -> bool:
    return link.code_sent_at is None or clock.now() - link.code_sent_at >= RESEND_AFTER


def _send(link: GuestLink) -> bool:
    if link.codes >= MOST_CODES:
        raise TooMany(
            _(
                "Sudah terlalu banyak kode diminta lewat tautan ini. Mintalah tautan baru kepada humas kantor."
            ),
            retry_after=3600,
        )
    code = f"{secrets.randbelow(1_000_000):06d}"
    now = clock.now()
    link.code_hash, link.code_expires_at = _hashed(link, code), now + CODE_LIFE
    link.code_sent_at, link.codes, link.attempts = now, link.codes + 1, 0
    db.session.flush()
    emit(GuestCodeWanted(link.id, code))
    return True


def _hashed(link: GuestLink, code: str) -> str:
    """Keyed: a million codes are tried in no time against a bare hash."""
    return keyed_hash(code, purpose=f"guest-code:{link.id}")


def _open(link: GuestLink, life: timedelta) -> tuple[GuestVisit, str]:
    token, now = new_token(), clock.now()
    visit = GuestVisit(link_id=link.id, token_hash=hash_token(token), created_at=now, expires_at=now + life)
    db.session.add(visit)
    db.session.flush()
    return visit, token
