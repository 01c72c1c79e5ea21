"""The job that reads a source: one page a run of the job, stored before the next is asked for.

Nothing holds the database while another server answers. What was read stays; a failure is tried again a few times,
later each time or when the server says so, and then a person is told.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.outbound import FetchFailed
from humasflow.core.secrets import decrypt
from humasflow.core.urls import canonical_url
from humasflow.imports.backfill.enums import ItemState, RunState, Source
from humasflow.imports.backfill.found import Found, Page, keys_of
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.running import give_up, locked, open_run, run_step, tell
from humasflow.imports.backfill.sources import SourceRefused, feed, wordpress, wxr
from humasflow.media.services import storage
from humasflow.notifications.enums import NoticeKind
from humasflow.outbox import lease
from humasflow.publishing.models import Delivery

FETCH = "imports.backfill.fetch"
PAUSE = timedelta(seconds=1)  # between two pages, so that nobody's site is kept busy by us
PATIENCE = (10, 30, 120, 600)  # seconds after each failure in a row; then a person is told
LONGEST_WAIT: Final = 3600  # seconds, whatever the server asks for
MOST_ITEMS: Final = 30_000
MOST_PAGES: Final = 2_000
TOLD_FROM: Final = 100  # posts; whoever waits for less is still there
AT_ONCE: Final = 400  # addresses asked for in one statement


def fetch_step(ref: str) -> timedelta | None:
    """The job: read one page (of a file: all of it, in pieces). Returns when to go on; None: the reading is over."""
    run = open_run(ref, RunState.FETCHING)
    return None if run is None else run_step(run, _read)


def _read(run: BackfillRun) -> timedelta | None:
    if run.source is not Source.WXR:
        return _read_page(run)
    _read_file(run)
    return None


def _read_file(run: BackfillRun) -> None:
    run_id, cursor, zone, other_types = run.id, dict(run.cursor), run.zone, run.other_types
    path = storage().path(run.file_key)
    db.session.rollback()
    with lease.kept_alive():
        for page in wxr.read_pages(path, cursor, zone, other_types=other_types):
            lease.keep()
            found = db.session.get(BackfillRun, run_id)
            if found is None or found.state is not RunState.FETCHING:
                return
            _take(locked(found), page)
            db.session.commit()


def _read_page(run: BackfillRun) -> timedelta | None:
    run_id, cursor, zone, source, other = run.id, dict(run.cursor), run.zone, run.source, run.other_types
    try:
        address = decrypt(run.address)
    except ValueError:
        raise SourceRefused(
            _("Alamatnya tidak dapat dibaca lagi karena kunci pemasangan berganti. Mulai pengambilan baru.")
        ) from None
    db.session.rollback()
    page: Page | None = None
    failed: FetchFailed | None = None
    try:
        if source is Source.WORDPRESS:
            page = wordpress.read_page(address, cursor, zone, other_types=other)
        else:
            page = feed.read_page(address, cursor, zone)
    except FetchFailed as error:
        failed = error
    lease.keep()
    found = db.session.get(BackfillRun, run_id)
    if found is None or found.state is not RunState.FETCHING:
        return None
    locked(found)
    if failed is not None:
        return _wait(found, failed)
    if page is None:
        return None
    return PAUSE if _take(found, page) else None


def _wait(run: BackfillRun, failed: FetchFailed) -> timedelta | None:
    """Later, as often as it makes sense; then a person reads why."""
    asked = failed.retry_after
    may_pass = failed.may_pass or failed.status_code == 429
    if not may_pass or run.failures >= len(PATIENCE):
        give_up(run, failed.message)
        return None
    delay = PATIENCE[run.failures]
    run.failures += 1
    db.session.flush()
    return timedelta(seconds=min(max(delay, asked or 0), LONGEST_WAIT))


def _take(run: BackfillRun, page: Page) -> bool:
    """Store a page and where to go on; whether there is more to read. Flushes."""
    new = _store(run, page.items)
    run.failures, run.pages = 0, run.pages + 1
    run.zone = page.zone or run.zone
    run.total = page.total if page.total is not None else run.total
    if page.note and page.note not in run.note:
        run.note = f"{run.note} {page.note}".strip()[:500]
    held = _count(run)
    following = page.cursor
    if following is not None and (held >= MOST_ITEMS or run.pages >= MOST_PAGES):
        told = _(
            "Berhenti sesudah %(n)s berita; selebihnya dapat diambil dari berkas ekspor per tahun.", n=held
        )
        run.note, following = f"{run.note} {told}".strip()[:500], None
    if following is not None and page.items and not new and run.source is Source.FEED:
        following = None  # a feed that goes on for ever with what we have
    if following is None:
        _finish(run)
    else:
        run.cursor = dict(following)
    db.session.flush()
    return following is not None


def _finish(run: BackfillRun) -> None:
    run.state, run.cursor = RunState.READY, {}
    let_go_of_file(run)
    if _count(run) > TOLD_FROM:
        tell(run, NoticeKind.IMPORT_CHECKED)


def _count(run: BackfillRun) -> int:
    return db.session.scalar(select(func.count(BackfillItem.id)).where(BackfillItem.run_id == run.id)) or 0


def let_go_of_file(run: BackfillRun) -> None:
    """The export file is needed no longer, unless another run reads the same one. Flushes."""
    key, run.file_key = run.file_key, ""
    db.session.flush()
    if key and db.session.scalar(select(BackfillRun.id).where(BackfillRun.file_key == key).limit(1)) is None:
        storage().delete(key)


def _store(run: BackfillRun, items: Iterable[Found]) -> int:
    """Rows for what is new in this run; returns how many. Flushes."""
    keyed = [(found, *keys_of(found)) for found in items]
    every = {key for _found, a, b in keyed for key in (a, b) if key}
    rows = _rows_of(run, every)
    published = known_addresses(run.office_id, every)
    now, new = clock.now(), 0
    for found, key, other in keyed:
        before = rows.get(key)
        if before is not None and before.address_key == key:
            continue  # a page read again, or the same address once more
        twin = before if before is not None else rows.get(other or "")
        row = BackfillItem(
            run_id=run.id, url=_plain_url(found.url, key), address_key=key[:1000],
            other_key=other[:1000] if other else None,
            title=found.title, published_at=found.published_at, category=found.category, excerpt=found.excerpt,
            picture_url=found.picture_url,
        )  # fmt: skip
        row.state, row.reason = _judge(found, key, other, published, now)
        if twin is not None and row.state is ItemState.FOUND:
            row.state, row.reason = (
                ItemState.KNOWN,
                _("sama dengan “%(title)s” di pengambilan ini", title=twin.title[:80]),
            )
        db.session.add(row)
        rows[key] = row
        if other:
            rows.setdefault(other, row)
        new += 1
    db.session.flush()
    return new


def _plain_url(url: str, key: str) -> str:
    """The address as the source gives it; of an AMP page, that of the page itself."""
    return url if key.startswith("!") or canonical_url(url) == key else key


def _judge(
    found: Found, key: str, other: str | None, published: Mapping[str, int], now: datetime
) -> tuple[ItemState, str]:
    problems = []
    if key.startswith("!"):
        problems.append(_("alamatnya kosong atau bukan alamat web"))
    if not found.title:
        problems.append(_("judul kosong"))
    if found.published_at is None:
        problems.append(_("tanggal tayang tidak disebut"))
    elif found.published_at > now:
        problems.append(_("tanggal tayang ada di masa depan"))
    if key in published or (other and other in published):
        return ItemState.KNOWN, _("sudah tercatat")
    if problems:
        return ItemState.REFUSED, "; ".join(problems)[:300]
    return ItemState.FOUND, ""


def _rows_of(run: BackfillRun, keys: set[str]) -> dict[str, BackfillItem]:
    rows: dict[str, BackfillItem] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for item in db.session.scalars(
            select(BackfillItem).where(
                BackfillItem.run_id == run.id,
                or_(BackfillItem.address_key.in_(some), BackfillItem.other_key.in_(some)),
            )
        ):
            if item.other_key:
                rows.setdefault(item.other_key, item)
            rows[item.address_key] = item
    return rows


def known_addresses(office_id: int, keys: Iterable[str]) -> dict[str, int]:
    """The publications of an office at these addresses, by address."""
    found: dict[str, int] = {}
    wanted = sorted(k for k in keys if not k.startswith("!"))
    for start in range(0, len(wanted), AT_ONCE):
        rows = db.session.execute(
            select(Delivery.canonical_url, Delivery.id).where(
                Delivery.office_id == office_id, Delivery.canonical_url.in_(wanted[start : start + AT_ONCE])
            )
        )
        found |= {url: number for url, number in rows if url is not None}
    return found
