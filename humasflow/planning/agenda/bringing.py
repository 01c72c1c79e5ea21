"""A calendar file that a person brings: read, looked at, then taken or thrown away.

Small files are read while the person waits. Larger ones are left to the worker, so that no page of anybody else waits
for them.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import load_principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.unit_of_work import let_go
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.outbox import lease
from humasflow.outbox.services import enqueue
from humasflow.planning.agenda.enums import ImportState
from humasflow.planning.agenda.ics import IcsRefused, ReadCalendar, Skipped, parse
from humasflow.planning.agenda.ics_lines import check_size
from humasflow.planning.agenda.importing import Fate, Judged, Taken, judge, take
from humasflow.planning.agenda.models import AgendaImport
from humasflow.planning.agenda.policy import MANAGING

log = structlog.get_logger(__name__)

JOB_LOOK, JOB_TAKE = "agenda.look_at_file", "agenda.take_file"
SMALL: Final = 150_000  # bytes; some 500 events, read in a fifth of a second
KEPT_FOR = timedelta(days=1)
SHOWN: Final = 200  # events on the page


def bring_file(office_id: int, *, actor: Principal, filename: str, data: bytes) -> AgendaImport:
    """Keep a file to be looked at, in place of one that the actor did not take. Flushes.

    Raises NotAllowed, IcsRefused.
    """
    require(actor, MANAGING, office_id)
    check_size(data)
    told: dict[str, Any] | None = None
    actor_id, zone = actor.id, get_office(office_id).zone_name
    with let_go():
        packed = zlib.compress(data, 1)
        read = parse(data, zone) if len(data) <= SMALL else None
    if read is not None:
        told = _preview(read, office_id)
    db.session.execute(
        delete(AgendaImport).where(
            AgendaImport.created_by == actor_id,
            AgendaImport.state.in_((ImportState.READ, ImportState.REFUSED)),
        )
    )
    made = AgendaImport(
        office_id=office_id, created_by=actor_id, created_at=clock.now(), filename=filename[-200:], data=packed,
        state=ImportState.WAITING if told is None else ImportState.READ, told=told or {},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    if told is None:
        enqueue(JOB_LOOK, made.id, office_id=office_id, max_attempts=2)
    return made


def get_import(actor: Principal, import_id: int) -> AgendaImport:
    """One's own, or "not found"."""
    found = db.session.get(AgendaImport, import_id)
    if found is None or found.created_by != actor.id or not actor.can(MANAGING, found.office_id):
        raise NotFound
    return found


def confirm_import(brought: AgendaImport, *, actor: Principal, row_version: int | None) -> None:
    """Take what was looked at: at once when it is small, else as soon as the worker can. Taken twice is taken once.
    Flushes. Raises NotAllowed, Conflict, UserError.
    """
    require(actor, MANAGING, brought.office_id)
    lock(brought)
    if brought.state in (ImportState.CONFIRMED, ImportState.TAKEN):
        return
    expect_version(brought, row_version)
    if brought.state is not ImportState.READ:
        raise UserError(_("Berkas ini belum dapat diimpor. Pilih berkasnya lagi."))
    brought.state = ImportState.CONFIRMED
    db.session.flush()
    data = zlib.decompress(brought.data)
    if len(data) > SMALL:
        enqueue(JOB_TAKE, brought.id, office_id=brought.office_id, max_attempts=3)
        return
    read = parse(data, get_office(brought.office_id).zone_name)
    _close(brought, take(read, office_id=brought.office_id, feed_id=None, actor=actor), actor)


def drop_import(brought: AgendaImport, *, actor: Principal) -> None:
    """Throw a file away that was not taken. Flushes."""
    require(actor, MANAGING, brought.office_id)
    lock(brought)
    if brought.state is not ImportState.CONFIRMED:
        db.session.delete(brought)
        db.session.flush()


def look_at_file(ref: str) -> None:
    """The job: read the file and say what taking it would do. Holds no transaction while it reads."""
    found = db.session.get(AgendaImport, int(ref))
    if found is None or found.state is not ImportState.WAITING:
        return
    import_id, office_id, data, owner_id = found.id, found.office_id, found.data, found.created_by
    zone = get_office(office_id).zone_name
    locale = db.session.get_one(User, owner_id).locale
    db.session.rollback()
    with force_locale(locale), _told_when_it_fails(import_id):
        told = _preview(parse(zlib.decompress(data), zone), office_id)
        db.session.rollback()
        lease.keep()
        found = db.session.get(AgendaImport, import_id)
        if found is None or found.state is not ImportState.WAITING:
            return
        found.told, found.state = told, ImportState.READ
        db.session.flush()


def take_file(ref: str) -> None:
    """The job: take the file, a few events a transaction, so that nobody waits long for the database."""
    found = db.session.get(AgendaImport, int(ref))
    if found is None or found.state is not ImportState.CONFIRMED:
        return
    import_id, office_id, data = found.id, found.office_id, found.data
    zone = get_office(office_id).zone_name
    owner = db.session.get_one(User, found.created_by)
    locale = owner.locale
    actor = load_principal(owner, office_id=office_id)
    db.session.rollback()

    def after_batch() -> None:
        lease.keep()
        db.session.commit()

    with force_locale(locale), _told_when_it_fails(import_id):
        require(actor, MANAGING, office_id)
        read = parse(zlib.decompress(data), zone)
        taken = take(read, office_id=office_id, feed_id=None, actor=actor, after_batch=after_batch)
        lease.keep()
        _close(db.session.get_one(AgendaImport, import_id), taken, actor)


@contextmanager
def _told_when_it_fails(import_id: int) -> Iterator[None]:
    """The boundary of both jobs: whoever waits for the file learns that it came to nothing, whatever the reason was.
    A failure that nobody foresaw is in the log; the job itself is done, for trying again would change nothing.
    """
    problem = ""
    try:
        yield
    except lease.LeaseLost:
        raise  # somebody else goes on with it
    except (
        NotAllowed,
        NotFound,
    ):  # as policy says it to who has some role in the office, and to who has none
        problem = _("Mengimpor agenda tidak lagi termasuk tugas Anda di kantor ini.")
    except IcsRefused as refused:
        problem = refused.message
    except Exception:
        log.exception("calendar file failed", agenda_import=import_id)
        problem = _(
            "Ada gangguan di sistem saat mengerjakan berkas ini. Coba lagi nanti: yang sudah masuk tidak menjadi ganda."
        )
    if not problem:
        return
    db.session.rollback()
    lease.keep()
    found = db.session.get(AgendaImport, import_id)
    if found is not None and found.state in (ImportState.WAITING, ImportState.CONFIRMED):
        found.state, found.problem = ImportState.REFUSED, problem[:300]
        db.session.flush()


def forget_imports() -> int:
    """Throw away what nobody took for a day. Returns how many."""
    gone = db.session.execute(
        delete(AgendaImport)
        .where(AgendaImport.created_at < clock.now() - KEPT_FOR)
        .returning(AgendaImport.id)
    ).all()
    return len(gone)


def _close(brought: AgendaImport, taken: Taken, actor: Principal) -> None:
    brought.state, brought.data = ImportState.TAKEN, b""
    brought.told = {
        "added": taken.added, "changed": taken.changed, "same": taken.unchanged, "total": taken.total, "rows": [],
        "more": 0,
        **_left_out(taken.skipped, taken.notes),
    }  # fmt: skip
    db.session.flush()
    audit.record(
        AuditAction.AGENDA_IMPORTED, ("unit", brought.office_id), office_id=brought.office_id, actor=actor,
        label=brought.filename, added=taken.added, changed=taken.changed, skipped=len(taken.skipped),
    )  # fmt: skip


def _preview(read: ReadCalendar, office_id: int) -> dict[str, Any]:
    """What a person looks at before they say yes: what matters first, bounded."""
    taken, rows = Taken(skipped=list(read.skipped), notes=list(read.notes)), []
    for judged in judge(read, office_id=office_id, feed_id=None):
        taken.count(judged)
        if judged.fate in (Fate.NEW, Fate.CHANGED):
            rows.append(_row(judged))
    rows.sort(key=lambda r: (r["fate"] != Fate.CHANGED.value, r["starts_at"]))
    return {
        "added": taken.added, "changed": taken.changed, "same": taken.unchanged, "total": taken.total,
        "rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), **_left_out(taken.skipped, taken.notes),
    }  # fmt: skip


def _row(judged: Judged) -> dict[str, Any]:
    event = judged.event
    return {
        "fate": judged.fate.value, "title": event.title, "why": judged.why, "place": event.place,
        "starts_at": event.starts_at.isoformat(), "zone": event.zone, "all_day": event.all_day,
        "repeats": bool(event.rule), "state": event.state.value,
    }  # fmt: skip


def _left_out(skipped: Iterable[Skipped], notes: Iterable[str]) -> dict[str, Any]:
    told = [{"title": s.title, "why": s.why} for s in skipped]
    return {"skipped": told[:100], "skipped_count": len(told), "notes": list(notes)}
