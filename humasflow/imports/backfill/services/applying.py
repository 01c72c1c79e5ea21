"""What was found becomes publications: a few a transaction, each with its outcome, never twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries as channels
from humasflow.channels.models import ChannelAccount
from humasflow.channels.services import create_account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.localtime import from_local
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.imports.backfill import categories, queries
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.pictures import PICTURE
from humasflow.imports.backfill.services.reading import known_addresses
from humasflow.imports.backfill.services.running import (
    enqueue_for,
    locked,
    open_run,
    principal_of,
    run_step,
    tell,
)
from humasflow.notifications.enums import NoticeKind
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.outbox.turns import take_turn
from humasflow.planning.models import ContentType
from humasflow.planning.queries import list_content_types
from humasflow.publishing.services import record_past_publication

APPLY = "imports.backfill.apply"
AT_ONCE: Final = 20  # publications a transaction
PORTAL = "website_portal"


@dataclass(frozen=True)
class Choices:
    """What a person decided on the preview. ``types``: content type by category as the source wrote it, None: not
    taken. ``account_id`` None: make an account of the portal. Local dates, both included.
    """

    types: Mapping[str, int | None]
    account_id: int | None
    since: date | None = None
    until: date | None = None
    with_pictures: bool = False


def read_choices(
    run: BackfillRun, office: Unit, *, typed: Mapping[str, str], account: str, since: date | None, until: date | None,
    with_pictures: bool,
) -> Choices:  # fmt: skip
    """From what the form carries: a content type (or "0": not taken) by the number of the category on the page.

    Raises UserError with a sentence for what is not offered.
    """
    offered = {t.id for t in list_content_types(office.id)}
    types: dict[str, int | None] = {}
    for number, row in enumerate(queries.count_categories(run.id)):
        text = typed.get(f"jenis-{number}", "")
        if not text.isascii() or not text.isdigit() or (int(text[:18]) not in offered and text != "0"):
            raise UserError(_("Pilih jenis konten untuk setiap kategori, atau “Jangan diambil”."))
        types[row.category] = int(text) or None
    chosen = next((a for a in queries.list_outlets(office.id) if str(a.id) == account), None)
    if chosen is None and not (account == "baru" and queries.portal_is_missing(office.id)):
        raise UserError(_("Pilih akun kanal yang menayangkan berita ini."))
    if since is not None and until is not None and until < since:
        raise UserError(_("Tanggal akhir tidak boleh sebelum tanggal awal."))
    return Choices(types, chosen.id if chosen else None, since, until, with_pictures)


def begin_applying(
    run: BackfillRun, office: Unit, choices: Choices, *, actor: Principal, row_version: int | None
) -> None:
    """Decide what is taken, remember it, and leave the rest to the worker. Begun twice is begun once. Flushes.

    Raises NotAllowed, Conflict, UserError.
    """
    require(actor, Permission.IMPORT_RUN, run.office_id)
    locked(run)
    if run.state in (RunState.APPLYING, RunState.DONE):
        return
    expect_version(run, row_version)
    if run.state is not RunState.READY:
        raise Conflict(_("Pengambilan ini belum selesai dibaca, atau sudah dibatalkan."))
    _leave_out(run, office, choices)
    taken = db.session.scalar(
        select(func.count(BackfillItem.id)).where(
            BackfillItem.run_id == run.id, BackfillItem.state == ItemState.FOUND
        )
    )
    if not taken:
        raise UserError(
            _("Dengan pilihan ini tidak ada berita yang dicatat. Ubah kategorinya atau tanggalnya.")
        )
    categories.remember(office.id, choices.types)
    run.account_id = choices.account_id or _portal(office, actor).id
    run.since, run.until, run.with_pictures = choices.since, choices.until, choices.with_pictures
    run.created_by = actor.id  # whoever says yes answers for it
    run.state = RunState.APPLYING
    db.session.flush()
    enqueue_for(run, APPLY)


def _leave_out(run: BackfillRun, office: Unit, choices: Choices) -> None:
    of_run = (BackfillItem.run_id == run.id, BackfillItem.state == ItemState.FOUND)
    for category, type_id in choices.types.items():
        values = (
            {"content_type_id": type_id}
            if type_id
            else {"state": ItemState.LEFT_OUT, "reason": _("kategori ini tidak diambil")}
        )
        db.session.execute(
            update(BackfillItem).where(*of_run, BackfillItem.category == category).values(**values)
        )
    outside = []
    if choices.since is not None:
        outside.append(BackfillItem.published_at < _midnight(choices.since, office))
    if choices.until is not None:
        outside.append(BackfillItem.published_at >= _midnight(choices.until + timedelta(days=1), office))
    if outside:
        db.session.execute(
            update(BackfillItem)
            .where(*of_run, or_(*outside))
            .values(state=ItemState.LEFT_OUT, reason=_("di luar rentang tanggal"))
        )
    db.session.expire_all()


def _midnight(day: date, office: Unit) -> datetime:
    return from_local(day, clock_time(0), office.zone_name)


def _portal(office: Unit, actor: Principal) -> ChannelAccount:
    kind = next(k for k in channels.list_kinds(office.id) if k.code == PORTAL)
    return create_account(office.id, actor=actor, kind=kind, name=kind.label)


def apply_batch(ref: str) -> timedelta | None:
    """The job: record for some seconds, then let others have their turn. Safe to run again at any point."""
    run = open_run(ref, RunState.APPLYING)
    return None if run is None else run_step(run, lambda run: take_turn(partial(_apply, run.id)))


def _apply(run_id: int) -> bool:
    """Some items; whether there may be more."""
    found = db.session.get(BackfillRun, run_id)
    if found is None or found.state is not RunState.APPLYING:
        return False
    items = queries.next_items(run_id, ItemState.FOUND, AT_ONCE)
    if not items:
        _finish(locked(found))
        return False
    _record(found, items, principal_of(found))
    return True


def _record(run: BackfillRun, items: Sequence[BackfillItem], actor: Principal) -> None:
    office = get_office(run.office_id)
    account = db.session.get_one(ChannelAccount, run.account_id)
    types: dict[int, ContentType] = {t.id: t for t in list_content_types(office.id, with_inactive=True)}
    known = known_addresses(
        office.id, {i.address_key for i in items} | {i.other_key for i in items if i.other_key}
    )
    for item in items:
        # Somebody may have recorded it by its other address since it was found.
        if item.address_key in known or (item.other_key and item.other_key in known):
            item.state, item.reason = ItemState.KNOWN, _("sudah tercatat")
            continue
        content_type = types.get(item.content_type_id or 0)
        if content_type is None or item.published_at is None:
            item.state, item.reason = ItemState.REFUSED, _("jenis kontennya tidak ada lagi")
            continue
        try:
            with db.session.begin_nested():
                delivery, created = record_past_publication(
                    actor=actor, office=office, account=account, content_type=content_type, title=item.title,
                    url=item.url, published_at=item.published_at, document=run.name,
                )  # fmt: skip
        except UserError as error:
            item.state, item.reason = ItemState.REFUSED, error.message[:300]
            continue
        item.state = ItemState.ADDED if created else ItemState.KNOWN
        item.reason = "" if created else _("sudah tercatat")
        if created:
            delivery.summary = item.excerpt
            item.delivery_id = delivery.id
            if run.with_pictures and item.picture_url:
                item.picture_state = PictureState.WANTED
    db.session.flush()


def _finish(run: BackfillRun) -> None:
    run.state, run.finished_at = RunState.DONE, clock.now()
    db.session.flush()
    counted = queries.count_states(run.id)
    audit.record(
        AuditAction.BACKFILL_RECORDED, ("backfill_run", run.id), office_id=run.office_id,
        actor=principal_of(run), label=run.name, added=counted.get(ItemState.ADDED, 0),
        known=counted.get(ItemState.KNOWN, 0), refused=counted.get(ItemState.REFUSED, 0),
    )  # fmt: skip
    tell(run, NoticeKind.IMPORT_DONE)
    if run.with_pictures:
        enqueue_for(run, PICTURE)
