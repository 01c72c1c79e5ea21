"""Calendars that somebody else keeps: followed by a job of the outbox, with failures where people see them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.events import emit
from humasflow.core.outbound import FetchFailed, Limits, fetch
from humasflow.core.secrets import decrypt, encrypt
from humasflow.core.urls import host_of, is_http_url
from humasflow.orgs.queries import get_office
from humasflow.outbox import lease
from humasflow.outbox.services import enqueue
from humasflow.planning.agenda.enums import EventState, FeedState
from humasflow.planning.agenda.events import AgendaCancelled
from humasflow.planning.agenda.ics import MAX_BYTES, IcsRefused, ReadCalendar, parse
from humasflow.planning.agenda.importing import BATCH, VANISHED, Taken, take
from humasflow.planning.agenda.models import AgendaEvent, AgendaFeed
from humasflow.planning.agenda.policy import MANAGING

log = structlog.get_logger(__name__)

JOB, JOB_LEAVE = "agenda.read_feed", "agenda.leave_feed"
EVERY = timedelta(hours=3)
MOST_FEEDS = 20
MOST_FAILURES = 8  # in a row, within some days; then it pauses
AT_ONCE: Final = 200  # events that leave the agenda while a person waits; more are left to the worker
TOLD: Final = 5  # sentences and names that stand at a feed
STAGGER: Final = 540  # seconds over which the readings of one turn are spread
LIMITS = Limits(connect=5, read=10, total=25, size=MAX_BYTES)


class FeedRefused(UserError):
    """A subscription that cannot be made; ``field`` names the part of the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def list_feeds(office_id: int) -> Sequence[AgendaFeed]:
    """The office's subscriptions, by name."""
    return db.session.scalars(
        select(AgendaFeed)
        .where(AgendaFeed.office_id == office_id, AgendaFeed.is_active.is_(True))
        .order_by(AgendaFeed.name)
    ).all()


def list_troubled(office_id: int) -> Sequence[str]:
    """The names of those whose content the agenda has not had for a while: failed more than once, or pausing."""
    return db.session.scalars(
        select(AgendaFeed.name)
        .where(AgendaFeed.office_id == office_id, AgendaFeed.is_active.is_(True), AgendaFeed.failures > 1)
        .order_by(AgendaFeed.name)
    ).all()


def get_feed(actor: Principal, feed_id: int) -> AgendaFeed:
    """One of an office whose agenda the actor keeps, or "not found"."""
    found = db.session.get(AgendaFeed, feed_id)
    if found is None or not found.is_active or not actor.can(MANAGING, found.office_id):
        raise NotFound
    return found


def add_feed(office_id: int, *, actor: Principal, name: str, address: str) -> AgendaFeed:
    """Follow a calendar; a job reads it at once and then every few hours. Flushes. Raises NotAllowed, FeedRefused."""
    require(actor, MANAGING, office_id)
    url = address.strip()
    if url.lower().startswith("webcal://"):
        url = f"https://{url[9:]}"
    if not is_http_url(url):
        raise FeedRefused("address", _("Alamat ini belum lengkap. Contoh: https://contoh.go.id/agenda.ics."))
    known = list_feeds(office_id)
    if len(known) >= MOST_FEEDS:
        raise FeedRefused(
            "address", _("Sudah ada %(most)s kalender luar. Hentikan yang tidak dipakai.", most=MOST_FEEDS)
        )
    same = db.session.scalar(
        select(AgendaFeed).where(AgendaFeed.office_id == office_id, AgendaFeed.name == name)
    )
    if same is not None and same.is_active:
        raise FeedRefused("name", _("Nama ini sudah dipakai kalender luar lain."))
    if same is not None:
        same.name = f"{same.name[:60]} ({same.id})"
        db.session.flush()
    made = AgendaFeed(
        office_id=office_id, name=name, address=encrypt(url), host=host_of(url), created_by=actor.id,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        AuditAction.AGENDA_FEED_ADDED, ("agenda_feed", made.id), office_id=office_id, actor=actor, label=name,
        host=made.host,
    )  # fmt: skip
    enqueue(JOB, made.id, office_id=office_id, key=f"{JOB}:{made.id}:first", max_attempts=1)
    return made


def read_soon(feed: AgendaFeed) -> None:
    """Ask the worker to look now; one that paused goes on. Flushes."""
    if feed.state is FeedState.PAUSED:
        feed.state, feed.failures = FeedState.WAITING, 0
        db.session.flush()
    minute = int(clock.now().timestamp() // 60)  # asked for twice is read once
    key = f"{JOB}:{feed.id}:v{feed.row_version}:{minute}"
    enqueue(JOB, feed.id, office_id=feed.office_id, key=key, max_attempts=1)


def remove_feed(feed: AgendaFeed, *, actor: Principal) -> None:
    """Follow it no longer, and forget its address. What is to come leaves the agenda with it; what was stays. Many
    events are left to the worker. Flushes.
    """
    require(actor, MANAGING, feed.office_id)
    feed.is_active, feed.address = False, ""
    db.session.flush()
    held = select(func.count(AgendaEvent.id)).where(AgendaEvent.feed_id == feed.id)
    if (db.session.scalar(held) or 0) > AT_ONCE:
        enqueue(JOB_LEAVE, feed.id, office_id=feed.office_id)
    else:
        for some in _batches(feed.id):
            _let_go(some)
    audit.record(
        AuditAction.AGENDA_FEED_REMOVED, ("agenda_feed", feed.id), office_id=feed.office_id, actor=actor,
        label=feed.name,
    )  # fmt: skip


def leave_feed(ref: str) -> None:
    """The job: what a calendar that is not followed any more has in the agenda leaves it, a few events a
    transaction. Done twice is done once.
    """
    for some in _batches(int(ref)):
        _let_go(some)
        lease.keep()
        db.session.commit()


def _let_go(events: Sequence[AgendaEvent]) -> None:
    now = clock.now()
    for event in events:
        if event.removed_at is None and (event.until_at is None or event.until_at > now):
            _leave(event, _("Kalender asalnya tidak diikuti lagi."))
        event.feed_id = None  # what was is the office's own now
    db.session.flush()


def read_feed(ref: str) -> None:
    """The job: fetch and read without holding the database, then take what came, a few events a transaction. A failure
    stands at the feed, and what the agenda has stays as it is.
    """
    feed = db.session.get(AgendaFeed, int(ref))
    if feed is None or not feed.is_active:
        return
    feed_id = feed.id
    try:
        _read(feed)
    except (lease.LeaseLost, _Stopped):
        raise
    except Exception:
        # The boundary of the job: nobody would learn of it otherwise, and the feed went on saying that all is well.
        db.session.rollback()
        log.exception("followed calendar failed", agenda_feed=feed_id)
        lease.keep()
        failed = db.session.get(AgendaFeed, feed_id)
        if failed is not None and failed.is_active:
            _failed(failed, _("Ada gangguan di sistem saat mengambil isinya. Dicoba lagi nanti."))


def _read(feed: AgendaFeed) -> None:
    zone, etag, feed_id, office_id = get_office(feed.office_id).zone_name, feed.etag, feed.id, feed.office_id
    try:
        address = decrypt(feed.address)
    except ValueError:
        _failed(
            feed, _("Alamatnya tidak dapat dibaca lagi karena kunci pemasangan berganti. Tambahkan lagi.")
        )
        return
    db.session.rollback()
    read, tag, problem = _ask(address, etag, zone)
    lease.keep()
    found = db.session.get(AgendaFeed, feed_id)
    if found is None or not found.is_active:
        return
    if read is not None and not problem:
        problem = _doubt(found, read)
    if problem:
        _failed(found, problem)
        return
    if read is not None:
        after_batch = _after_batch_of(feed_id)
        try:
            taken = take(read, office_id=office_id, feed_id=feed_id, actor=None, after_batch=after_batch)
            if not read.is_cut_off:
                _lose_missing(feed_id, read, after_batch)
        except _Stopped:
            return
        found = _lock(feed_id)
        if found is None:
            return
        found.etag, found.told = "" if read.is_cut_off else tag, _told(taken)
    found.state, found.error, found.failures, found.read_at = FeedState.FINE, "", 0, clock.now()
    db.session.flush()


def _lock(feed_id: int) -> AgendaFeed | None:
    """The feed as it is now, until the transaction ends; None when nobody follows it any more."""
    return db.session.scalar(
        select(AgendaFeed)
        .where(AgendaFeed.id == feed_id, AgendaFeed.is_active.is_(True))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _told(taken: Taken) -> dict[str, Any]:
    """What of the calendar the agenda does not have as it is written there, for whoever looks after it."""
    return {
        "total": taken.total,
        "skipped_count": len(taken.skipped),
        "skipped": [{"title": s.title, "why": s.why} for s in taken.skipped[:TOLD]],
        "notes_count": len(taken.notes),
        "notes": taken.notes[:TOLD],
    }


def _ask(address: str, etag: str, zone: str) -> tuple[ReadCalendar | None, str, str]:
    """What came (None: nothing new), its tag, and what went wrong. Without a transaction."""
    headers = {"Accept": "text/calendar"} | ({"If-None-Match": etag} if etag else {})
    try:
        answer = fetch(address, headers=headers, limits=LIMITS)
        read = None if answer.status == 304 else parse(answer.body, zone)
    except (FetchFailed, IcsRefused) as error:
        return None, "", error.message
    return read, answer.headers.get("etag", "")[:300], ""


class _Stopped(Exception):
    """Somebody ended the subscription while it was being taken."""


def _after_batch_of(feed_id: int) -> Callable[[], None]:
    """What is done after each batch: commit it, unless nobody follows the calendar any more."""

    def commit() -> None:
        lease.keep()
        is_active = db.session.scalar(
            select(AgendaFeed.is_active).where(AgendaFeed.id == feed_id).with_for_update()
        )
        if not is_active:
            db.session.rollback()
            raise _Stopped
        db.session.commit()

    return commit


def _batches(feed_id: int) -> Iterator[list[AgendaEvent]]:
    """The events of a feed, a few at a time, in order; what is done with some may end the transaction."""
    last = 0
    while True:
        some = list(
            db.session.scalars(
                select(AgendaEvent)
                .where(AgendaEvent.feed_id == feed_id, AgendaEvent.id > last)
                .order_by(AgendaEvent.id)
                .limit(BATCH)
            )
        )
        if not some:
            return
        last = some[-1].id
        yield some


def _doubt(feed: AgendaFeed, read: ReadCalendar) -> str:
    """A calendar that had a future and is empty all at once is believed at the second look only."""
    said = _(
        "Kalendernya tiba-tiba kosong. Bila memang kosong, agendanya dibatalkan pada pembacaan berikutnya."
    )
    if read.uids or feed.error == said:
        return ""
    ahead = select(AgendaEvent.id).where(
        AgendaEvent.feed_id == feed.id, AgendaEvent.removed_at.is_(None),
        or_(AgendaEvent.until_at.is_(None), AgendaEvent.until_at > clock.now()),
    )  # fmt: skip
    return said if db.session.scalar(ahead.limit(1)) is not None else ""


def _failed(feed: AgendaFeed, problem: str) -> None:
    """Say so, and let it rest after a while: a person starts it again."""
    feed.error, feed.failures, feed.read_at = problem[:300], feed.failures + 1, clock.now()
    feed.state = FeedState.PAUSED if feed.failures >= MOST_FAILURES else FeedState.FAILED
    db.session.flush()


def _lose_missing(feed_id: int, held: ReadCalendar, after_batch: Callable[[], None]) -> None:
    """Events of the future that the calendar has no longer do not take place, and say why."""
    for some in _batches(feed_id):
        now = clock.now()
        lost = [
            e
            for e in some
            if not held.has(e.uid) and e.removed_at is None and (e.until_at is None or e.until_at > now)
        ]
        for event in lost:
            if event.state is not EventState.CANCELLED:
                _lose(event)
        after_batch()


def _lose(event: AgendaEvent) -> None:
    event.state, event.reason = EventState.CANCELLED, _("Tidak ada lagi di kalender asalnya.")
    event.source_digest = VANISHED
    event.sequence += 1
    event.updated_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.AGENDA_CANCELLED, ("agenda_event", event.id), office_id=event.office_id, actor=None,
        label=event.title, reason=event.reason, source="feed",
    )  # fmt: skip
    emit(AgendaCancelled(event.id, None, False, None, event.reason))


def _leave(event: AgendaEvent, reason: str) -> None:
    was = event.state
    event.removed_at = event.updated_at = clock.now()
    event.sequence += 1
    db.session.flush()
    if was is not EventState.CANCELLED:
        emit(AgendaCancelled(event.id, None, False, None, reason))


def read_due() -> int:
    """Ask for every calendar that was not looked at for a while; one that keeps failing is left longer in peace.
    Returns how many.
    """
    now, asked = clock.now(), 0
    for feed in db.session.scalars(
        select(AgendaFeed).where(AgendaFeed.is_active.is_(True), AgendaFeed.state != FeedState.PAUSED)
    ):
        wait = EVERY * min(2 ** min(feed.failures, 3), 8)
        if feed.read_at is None or feed.read_at <= now - wait:
            slot = int(now.timestamp() // EVERY.total_seconds())
            enqueue(
                JOB, feed.id, office_id=feed.office_id, key=f"{JOB}:{feed.id}:{slot}", max_attempts=1,
                due_at=database_now() + timedelta(seconds=feed.id * 61 % STAGGER),
            )  # fmt: skip
            asked += 1
    return asked
