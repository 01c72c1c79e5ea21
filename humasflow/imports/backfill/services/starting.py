"""A run begins, is looked at, goes on after a problem, or is thrown away."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import encrypt
from humasflow.core.urls import host_of, is_http_url
from humasflow.imports.backfill.enums import ItemState, RunState, Source
from humasflow.imports.backfill.found import EARLIEST
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.applying import APPLY
from humasflow.imports.backfill.services.pictures import PICTURE
from humasflow.imports.backfill.services.reading import FETCH, let_go_of_file
from humasflow.imports.backfill.services.running import call_off, enqueue_for, locked
from humasflow.imports.backfill.services.undoing import UNDO
from humasflow.imports.backfill.sources import wxr
from humasflow.media.services import storage
from humasflow.orgs.models import Unit

MOST_OPEN: Final = 5  # runs of an office that are not finished
KEPT_FOR = timedelta(days=30)  # what was read and never recorded


class SourceProblem(UserError):
    """What was given cannot be read; ``field`` names the part of the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def start_from_address(
    office: Unit, *, actor: Principal, source: Source, address: str, other_types: bool = False
) -> BackfillRun:
    """Have the worker read a site or a feed. Flushes. Raises NotAllowed, SourceProblem."""
    require(actor, Permission.IMPORT_RUN, office.id)
    url = address.strip()
    if url.lower().startswith("feed:"):
        url = url[5:].removeprefix("//")
    if "://" not in url:
        url = f"https://{url}"
    if source is Source.WXR or not is_http_url(url):
        raise SourceProblem("address", _("Alamat ini belum lengkap. Contoh: https://kantor.go.id."))
    return _start(
        office, actor=actor, source=source, name=host_of(url), address=encrypt(url), other_types=other_types
    )


def start_from_file(
    office: Unit, *, actor: Principal, filename: str, path: Path, other_types: bool = False
) -> BackfillRun:
    """Have the worker read an export file, which is taken over from its temporary place. Flushes. Raises NotAllowed,
    SourceProblem, StorageFull.
    """
    require(actor, Permission.IMPORT_RUN, office.id)
    size = path.stat().st_size
    if size > wxr.MAX_BYTES:
        raise SourceProblem(
            "file",
            _("Berkas ini lebih dari 200 MB. Ekspor per tahun dari WordPress, lalu ambil satu per satu."),
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if b"<rss" not in head.replace(b"\x00", b"") and b"<?xml" not in head.replace(b"\x00", b""):
        raise SourceProblem(
            "file",
            _("Ini bukan berkas ekspor WordPress (.xml). Di WordPress: Perkakas, Ekspor, Semua konten."),
        )
    return _start(
        office, actor=actor, source=Source.WXR, name=filename[-200:] or _("Berkas ekspor"),
        file_key=storage().adopt(path, ".xml"), other_types=other_types,
    )  # fmt: skip


def _start(
    office: Unit, *, actor: Principal, source: Source, name: str, address: str = "", file_key: str = "",
    other_types: bool,
) -> BackfillRun:  # fmt: skip
    running = db.session.scalar(
        select(func.count(BackfillRun.id)).where(
            BackfillRun.office_id == office.id,
            BackfillRun.state.in_((RunState.FETCHING, RunState.READY, RunState.APPLYING)),
        )
    )
    if (running or 0) >= MOST_OPEN:
        raise SourceProblem(
            "file" if file_key else "address",
            _("Masih ada %(n)s pengambilan yang belum selesai. Catat atau buang dahulu salah satunya.", n=MOST_OPEN),
        )  # fmt: skip
    run = BackfillRun(
        office_id=office.id, created_by=actor.id, created_at=clock.now(), source=source, name=name, address=address,
        file_key=file_key, other_types=other_types, zone=office.zone_name, state=RunState.FETCHING, cursor={},
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    audit.record(
        AuditAction.BACKFILL_STARTED, ("backfill_run", run.id), office_id=office.id, actor=actor, label=name,
        source=source.value,
    )  # fmt: skip
    enqueue_for(run, FETCH)
    return run


def continue_run(run: BackfillRun, *, actor: Principal) -> None:
    """Go on where it stopped. Twice is once. Flushes."""
    require(actor, Permission.IMPORT_RUN, run.office_id)
    locked(run)
    job = {
        RunState.FETCHING: FETCH, RunState.APPLYING: APPLY, RunState.DONE: PICTURE, RunState.UNDOING: UNDO,
    }.get(run.state)  # fmt: skip
    if not run.problem or job is None:
        return
    run.problem, run.failures = "", 0
    call_off(run)
    db.session.flush()
    enqueue_for(run, job)


def date_item(run: BackfillRun, item: BackfillItem, moment: datetime, *, actor: Principal) -> None:
    """Say when a post went live of which its source did not. Flushes. Raises UserError, Conflict."""
    require(actor, Permission.IMPORT_RUN, run.office_id)
    locked(run)
    if run.state is not RunState.READY:
        raise Conflict(
            _("Pengambilan ini sedang dikerjakan atau sudah selesai, jadi isinya tidak berubah lagi.")
        )
    if moment > clock.now() or moment.year < EARLIEST:
        raise UserError(_("Isi tanggal tayang yang sudah lewat."))
    if item.published_at is not None or item.state is not ItemState.REFUSED or not item.url or not item.title:
        raise UserError(_("Berita ini tidak memerlukan tanggal."))
    item.published_at, item.state, item.reason = moment, ItemState.FOUND, ""
    db.session.flush()


def drop_run(run: BackfillRun, *, actor: Principal) -> None:
    """Throw away what was read and not recorded. Flushes. Raises Conflict."""
    require(actor, Permission.IMPORT_RUN, run.office_id)
    locked(run)
    if run.state not in (RunState.FETCHING, RunState.READY):
        raise Conflict(_("Yang sudah dicatat tidak dibuang; batalkan saja."))
    audit.record(
        AuditAction.BACKFILL_DROPPED, ("backfill_run", run.id), office_id=run.office_id, actor=actor,
        label=run.name,
    )  # fmt: skip
    _delete(run)


def forget_runs() -> int:
    """Throw away what nobody recorded for a month. Returns how many."""
    old = db.session.scalars(
        select(BackfillRun).where(
            BackfillRun.created_at < clock.now() - KEPT_FOR,
            BackfillRun.state.in_((RunState.FETCHING, RunState.READY)),
        )
    ).all()
    for run in old:
        _delete(run)
    return len(old)


def _delete(run: BackfillRun) -> None:
    call_off(run)
    let_go_of_file(run)
    db.session.execute(delete(BackfillItem).where(BackfillItem.run_id == run.id))
    db.session.delete(run)
    db.session.flush()
