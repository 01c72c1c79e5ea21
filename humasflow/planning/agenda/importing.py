"""Taking what a calendar file holds into the office's agenda: again and again, without doubles and without losses.

What the file said last stands beside each event as a digest. A file that says the same again changes nothing, so that
what people of the office did meanwhile stays; one that says something else is taken, and shown before it is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.ics import ReadCalendar, ReadEvent, ReadException, Skipped
from humasflow.planning.agenda.models import AgendaEvent, AgendaException, AgendaFeed
from humasflow.planning.agenda.queries import series_of
from humasflow.planning.agenda.services.contents import check_times
from humasflow.planning.agenda.telling import remember, tell

OWN_UID = "@humasflow"  # of events that began here: their SEQUENCE is ours
BATCH = 100
VANISHED = "-"  # in place of a digest: somebody else's calendar kept the event and has it no longer
_FIELDS = {
    "title": _l("nama"), "description": _l("keterangan"), "place": _l("tempat"), "organizer": _l("penyelenggara"),
    "starts_at": _l("waktu"), "ends_at": _l("waktu"), "zone": _l("waktu"), "all_day": _l("waktu"),
    "rule": _l("pengulangan"), "state": _l("keadaan"), "reason": _l("alasan"), "is_private": _l("kerahasiaan"),
}  # fmt: skip
_DIFFERENT = ("is_dropped", "starts_at", "ends_at", "title", "place", "state", "reason")


class Fate(StrEnum):
    """What becomes of an event of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Judged:
    """An event of a file, what the agenda has of it, and what is to become of it. ``why``: a few words for people."""

    event: ReadEvent
    found: AgendaEvent | None
    fate: Fate
    why: str = ""


@dataclass
class Taken:
    """What became of a file's events."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many events the agenda has from it."""
        return self.added + self.changed + self.unchanged

    def count(self, judged: Judged) -> None:
        """One more."""
        self.added += judged.fate is Fate.NEW
        self.changed += judged.fate is Fate.CHANGED
        self.unchanged += judged.fate is Fate.SAME
        if judged.fate is Fate.SKIPPED:
            self.skipped.append(Skipped(judged.event.title, judged.why))


def judge(read: ReadCalendar, *, office_id: int, feed_id: int | None) -> Iterator[Judged]:
    """What would become of each event of a file (``feed_id`` None) or feed. Only reads, a batch at a time."""
    for start in range(0, len(read.events), BATCH):
        some = read.events[start : start + BATCH]
        known, ended = _known(office_id, [e.uid for e in some]), _ended_feeds(office_id)
        for event in some:
            yield _judge(event, known.get(event.uid), feed_id, ended)


def take(
    read: ReadCalendar,
    *,
    office_id: int,
    feed_id: int | None,
    actor: Principal | None,
    after_batch: Callable[[], None] = lambda: None,
) -> Taken:
    """Bring the events of a file or feed into the agenda. Flushes; tells what moved or fell through. Two that bring
    something into one office's agenda take turns, batch by batch.

    ``after_batch`` may commit: taking the same again after half of it goes on where it was.
    """
    taken = Taken(skipped=list(read.skipped), notes=list(read.notes))
    for start in range(0, len(read.events), BATCH):
        part = ReadCalendar(events=read.events[start : start + BATCH])
        db.session.execute(select(Unit.id).where(Unit.id == office_id).with_for_update(key_share=True))
        for judged in list(judge(part, office_id=office_id, feed_id=feed_id)):
            taken.count(judged)
            if judged.fate is Fate.NEW:
                _add(judged.event, office_id=office_id, feed_id=feed_id, actor=actor)
            elif judged.fate is Fate.CHANGED and judged.found is not None:
                _change(judged.found, judged.event, feed_id=feed_id, actor=actor)
            elif judged.fate is Fate.SAME and judged.found is not None:
                _adopt(judged.found, judged.event, feed_id=feed_id, actor=actor)
        db.session.flush()
        after_batch()
    return taken


def _known(office_id: int, uids: Sequence[str]) -> dict[str, AgendaEvent]:
    rows = db.session.scalars(
        select(AgendaEvent)
        .where(AgendaEvent.office_id == office_id, AgendaEvent.uid.in_(uids))
        .options(selectinload(AgendaEvent.exceptions))
    )
    return {e.uid: e for e in rows}


def _ended_feeds(office_id: int) -> frozenset[int]:
    """Calendars that are not followed any more. Their events may still be on their way out of the agenda."""
    return frozenset(
        db.session.scalars(
            select(AgendaFeed.id).where(AgendaFeed.office_id == office_id, AgendaFeed.is_active.is_(False))
        )
    )


def _judge(
    event: ReadEvent, found: AgendaEvent | None, feed_id: int | None, ended: Collection[int] = ()
) -> Judged:
    try:
        check_times(event.starts_at, event.ends_at)
    except UserError as refused:
        return Judged(event, found, Fate.SKIPPED, refused.message)
    if found is None:
        return Judged(event, None, Fate.NEW)
    is_free = found.feed_id is None or found.feed_id in ended
    if found.feed_id != feed_id and not (is_free and found.source_digest):
        return Judged(event, found, Fate.SKIPPED, _("Sudah ada di agenda dari sumber lain."))
    said_before = found.source_digest == digest_of(event)
    if found.removed_at is not None:
        if feed_id is None and said_before:
            return Judged(event, found, Fate.SKIPPED, _("Sudah dihapus dari agenda kantor."))
        return Judged(event, found, Fate.CHANGED, _("muncul lagi"))
    changed = _changed(found, event)
    if not changed or (said_before and found.feed_id == feed_id):
        return Judged(event, found, Fate.SAME)
    if feed_id is None and event.uid.endswith(OWN_UID) and event.sequence < found.sequence:
        return Judged(event, found, Fate.SKIPPED, _("Yang ada di agenda lebih baru daripada isi berkas ini."))
    return Judged(event, found, Fate.CHANGED, ", ".join(changed))


def _changed(found: AgendaEvent, event: ReadEvent) -> list[str]:
    """What is different, for people."""
    names = [str(word) for name, word in _FIELDS.items() if getattr(found, name) != getattr(event, name)]
    if event.needs and [n.value for n in event.needs] != list(found.needs):
        names.append(_("kebutuhan"))
    if _facts(found.exceptions) != _facts(event.exceptions):
        names.append(_("tanggal tertentu"))
    return list(dict.fromkeys(names))


def _facts(exceptions: Iterable[AgendaException | ReadException]) -> list[tuple[object, ...]]:
    facts = [
        (e.occurrence, *(getattr(e, n) for n in _DIFFERENT), sorted(e.needs) if e.needs is not None else None)
        for e in exceptions
    ]
    return sorted(facts, key=lambda f: str(f[0]))


def digest_of(event: ReadEvent) -> str:
    """Of what a file says, its numbering of editions apart."""
    facts = [getattr(event, name) for name in _FIELDS]
    return sha256(repr((facts, event.needs, event.exceptions)).encode()).hexdigest()


def _add(event: ReadEvent, *, office_id: int, feed_id: int | None, actor: Principal | None) -> None:
    made = AgendaEvent(
        office_id=office_id, uid=event.uid, feed_id=feed_id, created_by=actor.id if actor else None,
        created_at=clock.now(), sequence=event.sequence, needs=[],
    )  # fmt: skip
    _fill(made, event)
    db.session.add(made)


def _change(found: AgendaEvent, event: ReadEvent, *, feed_id: int | None, actor: Principal | None) -> None:
    """Become what the file says, and tell what hangs on it."""
    before = remember(found)
    changed = _changed(found, event)
    found.feed_id = feed_id
    found.sequence = max(event.sequence, found.sequence + 1)
    _fill(found, event)
    db.session.flush()
    cancelled = found.state is EventState.CANCELLED and before.state is not EventState.CANCELLED
    audit.record(
        AuditAction.AGENDA_CANCELLED if cancelled else AuditAction.AGENDA_CHANGED, ("agenda_event", found.id),
        office_id=found.office_id, actor=actor, label=found.title, changed=changed, reason=found.reason,
        source="feed" if feed_id is not None else "file",
    )  # fmt: skip
    tell(found, before, actor_id=actor.id if actor else None)


def _adopt(found: AgendaEvent, event: ReadEvent, *, feed_id: int | None, actor: Principal | None) -> None:
    """What a file brought, or a calendar that was followed before, is kept by this one from now on."""
    if found.feed_id == feed_id:
        return
    found.feed_id, found.source_digest = feed_id, digest_of(event)
    audit.record(
        AuditAction.AGENDA_CHANGED, ("agenda_event", found.id), office_id=found.office_id, actor=actor,
        label=found.title, changed=[_("kalender asal")], source="feed" if feed_id is not None else "file",
    )  # fmt: skip


def _fill(made: AgendaEvent, event: ReadEvent) -> None:
    for name in _FIELDS:
        setattr(made, name, getattr(event, name))
    of_office = (
        list(made.needs) if made.feed_id is not None else []
    )  # its own additions to what it follows stay
    made.needs = of_office or [n.value for n in event.needs] or list(made.needs)
    made.source_digest = digest_of(event)
    made.updated_at, made.removed_at = clock.now(), None
    known = {e.occurrence: e for e in made.exceptions}
    made.exceptions = [_exception(known.get(e.occurrence), e) for e in event.exceptions]
    for one in known.values():
        if one not in made.exceptions:
            db.session.delete(one)
    made.until_at = series_of(made).until_at()


def _exception(known: AgendaException | None, read: ReadException) -> AgendaException:
    one = known or AgendaException(occurrence=read.occurrence)
    for name in _DIFFERENT:
        setattr(one, name, getattr(read, name))
    one.needs = [n.value for n in read.needs] if read.needs is not None else None
    return one
