"""What stopped or went wrong on the channels, told within a minute: one trouble by name, several as one message.

Every trouble asks for the office's next job (one for ten seconds); the job takes all that is untold. While more is just
about to come, as after a worker was away, it waits a little, so that 200 late posts are one message and not 200.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.approvals import queries as approvals
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.channels.adapters.errors import (
    AuthExpired,
    AuthRevoked,
    Forbidden,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.core.db import database_now, db
from humasflow.core.permissions import Permission
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.services.notices import notify, settle
from humasflow.orgs.models import Unit
from humasflow.outbox import lease
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job
from humasflow.publishing.services.scheduling import PUBLISH
from humasflow.publishing.services.telling import (
    Trouble,
    TroubleKind,
    is_any_in_trouble,
    is_any_untold,
    list_offices_untold,
    mark_told,
    take_untold,
    told_since,
)
from humasflow.stories.models import StoryReader

TELL: Final = "notifications.tell_troubles"
SUMMARY: Final = "publications"  # what a message about several is about
LIVE: Final = "live"  # the second part of a job's reference: look at what is out as well
BUCKET: Final = 10  # seconds that one job gathers
AFTERWARDS: Final = 3  # seconds in which whoever asked for it has committed
SOON: Final = timedelta(seconds=5)
PATIENCE: Final = timedelta(seconds=40)  # with what comes before and after it still less than a minute
# Several that are late: a worker was away, perhaps for days, and has much to go through. One alone is told like others.
PATIENCE_LATE: Final = timedelta(minutes=3)
# People have heard several times by now what is wrong with the whole account; the rest of it is one more message when
# it is over, not one every minute. Another cause, or a post that somebody must look at, is news.
PATIENCE_KNOWN: Final = timedelta(minutes=10)
OFTEN: Final = 3  # times within it
OF_THE_ACCOUNT: Final = frozenset({
    "account_off", AuthExpired.code, AuthRevoked.code, Forbidden.code, RateLimited.code, QuotaExceeded.code,
    Transient.code,
})  # fmt: skip
MOST: Final = 1000  # of one message; what is more is the next one
DECIDERS_OF: Final = 20  # packages; for more the request to decide itself is what people have

_KINDS: Final = {
    TroubleKind.LATE: K.POST_LATE,
    TroubleKind.FAILED: K.POST_FAILED,
    TroubleKind.UNCERTAIN: K.POST_UNCERTAIN,
    TroubleKind.HELD: K.POST_HELD,
    TroubleKind.NEEDS_REAUTH: K.POST_WAITS,
    TroubleKind.QUOTA: K.POST_NO_QUOTA,
    TroubleKind.LINK_GONE: K.POST_LINK_GONE,
    TroubleKind.REMOVAL: K.FOLLOW_UP_FAILED,
    TroubleKind.CORRECTION: K.FOLLOW_UP_FAILED,
    TroubleKind.COMMENT: K.FOLLOW_UP_FAILED,
}
_PARTS: Final = {
    TroubleKind.LATE: _l("%(n)s terlambat"),
    TroubleKind.FAILED: _l("%(n)s gagal"),
    TroubleKind.UNCERTAIN: _l("%(n)s belum pasti"),
    TroubleKind.HELD: _l("%(n)s belum disetujui"),
    TroubleKind.NEEDS_REAUTH: _l("%(n)s menunggu akun disambungkan ulang"),
    TroubleKind.QUOTA: _l("%(n)s menunggu kuota"),
    TroubleKind.REMOVAL: _l("%(n)s gagal diturunkan"),
    TroubleKind.LINK_GONE: _l("%(n)s tautannya tidak terbuka"),
    TroubleKind.CORRECTION: _l("%(n)s ralatnya gagal"),
    TroubleKind.COMMENT: _l("%(n)s komentar pertamanya belum pasti"),
}


# Asking for the job


def report(office_id: int, *, live: bool = False) -> None:
    """Something is to be told in an office; ``live``: about a post that is out. Many reports are one job. Flushes.

    The job of these seconds may have run already, where the clock was set back: then it is one more.
    """
    now = database_now()
    number = int(now.timestamp()) // BUCKET
    ref = f"{office_id}:{LIVE}" if live else str(office_id)
    key = f"{TELL}:{ref}:{number}"
    known = db.session.scalar(select(Job.state).where(Job.key == key))
    if known is not None and known not in (JobState.QUEUED, JobState.RUNNING):
        key = f"{key}:{now.isoformat()}"
    _enqueue(office_id, ref, key, datetime.fromtimestamp((number + 1) * BUCKET + AFTERWARDS, UTC))


def enqueue_untold() -> int:
    """Find offices in which something stopped or went wrong that nobody heard of and no job is to tell: whoever
    reported it committed late, a clock was set back, or the job gave up. Returns how many jobs that makes. Flushes.
    """
    now, found = database_now(), 0
    stopped = [str(office_id) for office_id in list_offices_untold()]
    for ref in (*stopped, *(f"{office_id}:{LIVE}" for office_id in list_offices_untold(live=True))):
        office_id = int(ref.partition(":")[0])
        if not _is_another_open(office_id, ref, JobState.QUEUED, JobState.RUNNING):
            _enqueue(office_id, ref, f"{TELL}:{ref}:{now.isoformat()}", now)
            found += 1
    return found


def settle_summaries() -> int:
    """Take messages about several troubles off everybody's list once the office has none left. Returns of how many
    offices. Flushes.
    """
    asked = select(Notification.office_id).where(
        Notification.subject_type == SUMMARY,
        Notification.kind == K.POSTS_IN_TROUBLE,
        Notification.read_at.is_(None),
    )
    over = [i for i in db.session.scalars(asked.distinct()).all() if not is_any_in_trouble(i)]
    for office_id in over:
        settle([K.POSTS_IN_TROUBLE], (SUMMARY, office_id))
    return len(over)


def _enqueue(office_id: int, ref: str, key: str, due_at: datetime) -> None:
    outbox.enqueue(
        TELL, ref, office_id=office_id, due_at=due_at, key=key, lane=_lane(office_id), priority=Priority.TIMETABLE
    )  # fmt: skip


def _lane(office_id: int) -> str:
    return f"troubles:{office_id}"


def _is_another_open(office_id: int, ref: str, *states: JobState) -> bool:
    statement = select(Job.id).where(
        Job.office_id == office_id, Job.kind == TELL, Job.ref == ref, Job.state.in_(states)
    )
    return db.session.scalar(statement.limit(1)) is not None


# Telling


def tell_troubles(ref: str) -> timedelta | None:
    """Tell everything of an office that is untold. Returns when to look again while more is about to come; otherwise
    None. Notices, mails and the mark that it was told are one transaction: repeated, nobody hears anything twice.

    A constant number of statements for all troubles together, and a few for each person who gets a mail. Flushes.
    Raises LeaseLost.
    """
    office_id, _sep, part = ref.partition(":")
    office = db.session.get_one(Unit, int(office_id))
    lease.keep()
    found = take_untold(office.id, live=part == LIVE, limit=MOST)
    if not found:
        return SOON if is_any_untold(office.id, live=part == LIVE) else None
    now = database_now()
    if _is_more_coming(office.id, found, now):
        return None if _is_another_open(office.id, ref, JobState.QUEUED) else SOON
    people, wanted = _recipients(office, found, now)
    by_list: dict[tuple[str, tuple[Trouble, ...]], list[User]] = defaultdict(list)
    for user_id, theirs in wanted.items():
        by_list[people[user_id].locale, tuple(theirs)].append(people[user_id])
    for (locale, troubles), users in by_list.items():
        with force_locale(locale):
            _tell(office.id, troubles, users, stamp=int(now.timestamp() * 1000))
    mark_told([t.delivery_id for t in found], at=now)
    return SOON if len(found) == MOST else None


def _is_more_coming(office_id: int, found: Sequence[Trouble], now: datetime) -> bool:
    """Whether posts of the office are at work just now, and nothing of this has waited as long as it may."""
    busy = db.session.scalar(
        select(Job.id)
        .where(
            Job.office_id == office_id, Job.kind == PUBLISH, Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
            Job.due_at <= now,
        )
        .limit(1)
    )  # fmt: skip
    if busy is None:
        return False
    known = told_since(office_id, now - PATIENCE_KNOWN)
    was_away = sum(t.kind is TroubleKind.LATE for t in found) > 1
    return all(timedelta() <= now - t.since < _patience(t, known, was_away=was_away) for t in found)


def _patience(
    trouble: Trouble, known: Mapping[tuple[int, TroubleKind, str], int], *, was_away: bool
) -> timedelta:
    """How long it may wait for others. What waits for its account has not failed, and people were told of the account;
    what failed is told within a minute until it was said often enough.
    """
    times = known.get((trouble.account_id, trouble.kind, trouble.error_code), 0)
    if trouble.kind in (TroubleKind.NEEDS_REAUTH, TroubleKind.QUOTA) and times:
        return PATIENCE_KNOWN
    if trouble.kind is TroubleKind.FAILED and trouble.error_code in OF_THE_ACCOUNT and times >= OFTEN:
        return PATIENCE_KNOWN
    return PATIENCE_LATE if trouble.kind is TroubleKind.LATE and was_away else PATIENCE


# Whom


def _recipients(
    office: Unit, found: Sequence[Trouble], now: datetime
) -> tuple[dict[int, User], dict[int, list[Trouble]]]:
    """Who hears of which: the editors, who holds the story and who made the post, and of what is held those who are to
    decide about it. Of a confidential story only the named people.
    """
    people = {u.id: u for u in accounts.list_people_with(Permission.STORY_READ, office)}
    editors = {u.id: u for u in accounts.list_people_with(Permission.DELIVERY_RESOLVE, office)}
    deciders = _deciders([t.story_id for t in found if t.kind is TroubleKind.HELD])
    named = _named([t.story_id for t in found if t.is_closed])
    aware = _aware_of_accounts(office.id, found, now)
    wanted: dict[int, list[Trouble]] = defaultdict(list)
    for trouble in found:
        asked = deciders.get(trouble.story_id, {}) if trouble.kind is TroubleKind.HELD else {}
        ids = {*editors, *asked, *({trouble.owner_id, trouble.created_by} & people.keys())}
        people |= asked
        for user_id in sorted(i for i in ids if i is not None):
            if trouble.is_closed and (trouble.story_id, user_id) not in named:
                continue
            if trouble.kind is TroubleKind.NEEDS_REAUTH and (trouble.account_id, user_id) in aware:
                continue
            wanted[user_id].append(trouble)
    return people | editors, wanted


def _deciders(story_ids: Iterable[int]) -> dict[int, dict[int, User]]:
    packages = db.session.scalars(
        select(Package)
        .where(Package.story_id.in_(set(story_ids)), Package.state == PackageState.PENDING)
        .order_by(Package.id)
        .limit(DECIDERS_OF)
    ).all()
    return {p.story_id: {u.id: u for u in approvals.list_deciders(p)} for p in packages}


def _named(story_ids: Sequence[int]) -> set[tuple[int, int]]:
    if not story_ids:
        return set()
    rows = db.session.execute(
        select(StoryReader.story_id, StoryReader.user_id).where(StoryReader.story_id.in_(set(story_ids)))
    )
    return {(story_id, user_id) for story_id, user_id in rows}


def _aware_of_accounts(office_id: int, found: Sequence[Trouble], now: datetime) -> set[tuple[int, int]]:
    """Who was told a moment ago that an account has to be connected anew, and how much waits for it."""
    if not any(t.kind is TroubleKind.NEEDS_REAUTH for t in found):
        return set()
    rows = db.session.execute(
        select(Notification.key, Notification.user_id).where(
            Notification.office_id == office_id,
            Notification.kind == K.CONNECTION_BROKEN,
            Notification.created_at >= now - PATIENCE_KNOWN,
        )
    )
    return {(account_of(key), user_id) for key, user_id in rows}


def keys_of(account_id: int) -> str:
    """How the keys of all notices about an account's connection begin."""
    return f"connection:{account_id}:"


def key_of_break(account_id: int, stamp: object) -> str:
    """The key of the notice that an account has to be connected anew."""
    return f"{keys_of(account_id)}broken:{stamp}"


def account_of(key: str) -> int:
    """The account in such a key."""
    return int(key.split(":")[1])


# In which words


def _tell(office_id: int, troubles: Sequence[Trouble], users: Sequence[User], *, stamp: int) -> None:
    if len(troubles) > 1:
        notify(
            users, K.POSTS_IN_TROUBLE, office_id=office_id, subject=(SUMMARY, office_id),
            key=f"troubles:{office_id}:{stamp}", title=summary(troubles),
        )  # fmt: skip
        return
    (trouble,) = troubles
    why = " ".join(part for part in (_what(trouble.kind), trouble.error) if part)
    notify(
        users, _KINDS[trouble.kind], office_id=office_id, subject=("post", trouble.post_id),
        key=f"delivery:{trouble.delivery_id}:{trouble.kind}:{stamp}",
        title=f"{trouble.title} ({trouble.account_name})", reason=why,
        # Whose consent ended is nothing for a lock screen.
        says="" if trouble.error_code == "blocked" else why, story_id=trouble.story_id,
    )  # fmt: skip


def summary(troubles: Sequence[Trouble]) -> str:
    """How many, and what of: "12 publikasi tidak tayang: 8 terlambat, 3 gagal, 1 belum pasti". No title is named."""
    count = len(troubles)
    if any(t.kind.is_live for t in troubles):
        said = ngettext("%(num)s publikasi perlu Anda lihat", "%(num)s publikasi perlu Anda lihat", count)
    else:
        said = ngettext("%(num)s publikasi tidak tayang", "%(num)s publikasi tidak tayang", count)
    numbers = ((kind, sum(t.kind is kind for t in troubles)) for kind in TroubleKind)
    return f"{said}: {', '.join(str(_PARTS[kind]) % {'n': n} for kind, n in numbers if n)}"


def _what(kind: TroubleKind) -> str:
    """What of a live post it is that did not work; nothing where the kind of notice says it."""
    if kind is TroubleKind.REMOVAL:
        return _("Penurunannya gagal.")
    if kind is TroubleKind.CORRECTION:
        return _("Ralatnya belum sampai.")
    if kind is TroubleKind.COMMENT:
        return _("Komentar pertamanya perlu diperiksa.")
    return ""
