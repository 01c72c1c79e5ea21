"""Sending briefs: a job for each office and hour, which writes to one person after the other."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from flask_babel import force_locale

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import load_principal
from humasflow.core.db import database_now, db
from humasflow.core.localtime import to_local
from humasflow.core.permissions import Permission
from humasflow.notifications.briefs import queries
from humasflow.notifications.briefs.content import Brief
from humasflow.notifications.briefs.daily import build_day
from humasflow.notifications.briefs.letters import compose
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.briefs.weekly import build_week
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.letters import Letter
from humasflow.notifications.services.notices import notify
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_offices
from humasflow.outbox import lease
from humasflow.outbox import services as outbox

SEND: Final = "notifications.send_briefs"
STILL_NEWS: Final = timedelta(hours=4)
_BUILD: Final[dict[K, Callable[[Principal, Shared], Brief]]] = {
    K.BRIEF_DAY: build_day,
    K.BRIEF_WEEK: build_week,
}


def gets_week(person: Principal) -> bool:
    """Whether the brief of the week is for this person: who answers for the period."""
    return person.can(Permission.SCORE_CLOSE)


def _kinds_today(shared: Shared) -> list[K]:
    if shared.is_closed(shared.today):
        return []
    return [K.BRIEF_DAY, K.BRIEF_WEEK] if shared.is_first_of_week else [K.BRIEF_DAY]


def enqueue_due() -> int:
    """See to it that each office's hour that has come today has its job; what a stopped worker missed is made up for
    within :data:`STILL_NEWS`, as nobody needs the morning's brief at night. Returns how many hours there are. The
    worker calls it every few minutes. Flushes.
    """
    found = 0
    for office in list_offices():
        shared = Shared(office)
        kinds = _kinds_today(shared)
        if not kinds:
            continue
        now, earliest = (to_local(t, office.zone_name) for t in (shared.now, shared.now - STILL_NEWS))
        since = f"{earliest:%H:%M}" if earliest.date() == now.date() else "00:00"
        hours = queries.list_hours(office, kinds, since, f"{now:%H:%M}")
        refs = [(f"{office.id}.{shared.today.isoformat()}.{hour}", database_now()) for hour in hours]
        outbox.enqueue_many(SEND, refs, office_id=office.id)
        found += len(refs)
    return found


def send(ref: str) -> None:
    """The job: everybody of an office who wants a brief at that hour. Commits after each person, so that what went out
    stays; a brief that cannot be written keeps nobody else from theirs, and the job fails when all others are out.
    """
    office_id, day, hour = ref.split(".")
    office = db.session.get_one(Unit, int(office_id))
    shared, failed = Shared(office), None
    if shared.today != date.fromisoformat(day):
        return
    for kind in _kinds_today(shared):
        for user_id in [u.id for u in queries.list_awaiting(office, kind, shared.today, hour)]:
            try:
                with db.session.begin_nested():
                    _send_one(kind, db.session.get_one(User, user_id), shared)
            except Exception as error:  # noqa: BLE001 (raised below, when the others have theirs)
                failed = error
            lease.keep()
            db.session.commit()
    if failed is not None:
        raise failed


def _send_one(kind: K, user: User, shared: Shared) -> None:
    office = shared.office
    with force_locale(user.locale):
        brief = build(kind, user, shared)
        if brief is None or brief.is_empty:
            return
        notify(
            [user], kind, office_id=office.id, subject=(kind.value, office.id),
            key=queries.key_of(kind, office.id, shared.today), title=brief.headline,
            letter_of=lambda user, office: compose(kind, brief, user=user, office=office),
        )  # fmt: skip


def build(kind: K, user: User, shared: Shared) -> Brief | None:
    """A person's brief in the language in force; None where such a brief is not for them."""
    person = load_principal(user, office_id=shared.office.id)
    if person.office is None or person.office.id != shared.office.id:
        return None
    if kind is K.BRIEF_WEEK and not gets_week(person):
        return None
    return _BUILD[kind](person, shared)


def write_letter(kind: K) -> Callable[[User, Unit], Letter | None]:
    """What writes a mail that waited for the end of somebody's quiet hours: as things stand then."""

    def letter(user: User, office: Unit) -> Letter | None:
        brief = build(kind, user, Shared(office))
        return None if brief is None or brief.is_empty else compose(kind, brief, user=user, office=office)

    return letter
