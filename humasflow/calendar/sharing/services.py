"""Shared views: made, revoked, noted as opened. The token is known to its maker once, and to nobody after."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require_here
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.calendar.models import SharedView
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.sharing.policy import LEAST_DAYS, MOST_DAYS, may_revoke, may_share
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, UserError
from humasflow.core.secrets import hash_token, new_token
from humasflow.orgs.queries import get_office

TITLE_LENGTH = 120
QUERY_LENGTH = 1000
_NOTED_EVERY = timedelta(hours=1)


class TooNarrow(UserError):
    """More filters than a link holds."""


@dataclass(frozen=True)
class MadeView:
    """A shared view and, this once, its token."""

    view: SharedView
    token: str = field(repr=False)


def share_view(
    office_id: int, *, actor: Principal, title: str, query: str, days: int, follows_today: bool = False
) -> MadeView:
    """Let whoever has the address read one view of the office's calendar for some days.

    ``query`` is the calendar's address; what means nothing in it is left out. With ``follows_today`` the view moves on
    with the calendar, else it stays on the days it shows now. Flushes. Raises NotFound, NotAllowed, UserError.
    """
    require_here(actor, office_id)
    if not may_share(actor, office_id):
        raise NotAllowed(_("Kalender dibagikan oleh redaktur atau admin kantor."))
    title = " ".join(title.split())
    if not title:
        raise UserError(_("Beri nama tautannya, supaya mudah dikenali."))
    if len(title) > TITLE_LENGTH:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=TITLE_LENGTH, size=len(title))
        )
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise UserError(
            _("Isi dengan bilangan bulat dari %(low)s sampai %(high)s.", low=LEAST_DAYS, high=MOST_DAYS)
        )
    narrowing = Narrowing.from_query(query, today_at(get_office(office_id)))
    kept = narrowing.kept if follows_today else _pinned(narrowing)
    if len(kept) > QUERY_LENGTH:
        raise TooNarrow(_("Saringannya terlalu banyak untuk satu tautan. Kurangi pilihannya di kalender."))
    now, token = clock.now(), new_token()
    view = SharedView(
        office_id=office_id, owner_id=actor.id, title=title, token_hash=hash_token(token), created_at=now,
        query=kept, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    db.session.add(view)
    db.session.flush()
    audit.record(
        AuditAction.SHARED_VIEW_CREATED, ("shared_view", view.id), office_id=office_id, actor=actor, label=title,
        query=view.query, days=days,
    )  # fmt: skip
    return MadeView(view, token)


def _pinned(narrowing: Narrowing) -> str:
    """The query with its day, also when that is today: tomorrow it still shows the same days."""
    return f"{narrowing.kept}&hari={narrowing.day.isoformat()}"


def revoke_view(view: SharedView, *, actor: Principal) -> None:
    """The address is good no longer. Revoking twice is revoking once. Flushes. Raises NotFound, NotAllowed."""
    require_here(actor, view.office_id)
    if not may_revoke(actor, view.office_id, view.owner_id):
        raise NotAllowed(_("Tautan dicabut oleh pembuatnya atau admin kantor."))
    lock(view)
    if view.revoked_at is not None:
        return
    view.revoked_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.SHARED_VIEW_REVOKED, ("shared_view", view.id), office_id=view.office_id, actor=actor,
        label=view.title,
    )  # fmt: skip


def note_opening(view: SharedView) -> None:
    """When it was last loaded, to the hour: by a person, or by a program that shows them what is behind the address.
    Flushes.
    """
    now = clock.now()
    if view.opened_at is None or now - view.opened_at >= _NOTED_EVERY:
        view.opened_at = now
        db.session.flush()
