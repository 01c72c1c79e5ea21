"""Consent of people who can be recognised, and what follows when it ends.

A consent ends with its last day (on the office's calendar) or when it is withdrawn. Then the file is blocked from new
use and a task is due within 72 hours: take it down wherever it is shown. Nothing is deleted by itself: somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.localtime import to_local
from humasflow.core.versions import expect_version
from humasflow.media import queries
from humasflow.media.enums import BlockReason, ConsentKind, TakedownState
from humasflow.media.events import TakedownClosed, TakedownOpened, TakedownOverdue
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.policy import can_describe, can_take_down, reasons_not_to_add
from humasflow.media.services.keeping import FALLBACK
from humasflow.orgs.models import Unit

TAKEN_DOWN_WITHIN = timedelta(hours=72)
REMINDED_EVERY = timedelta(hours=24)
MAX_PEOPLE = 60  # in one file; a crowd in which nobody stands out needs no consent


@dataclass(frozen=True)
class ConsentContent:
    """What is recorded about one person. ``expires_on`` None: without end."""

    person: str
    kind: ConsentKind
    given_on: date
    expires_on: date | None = None
    note: str = ""
    document_id: int | None = None


def check_usable(assets: Iterable[Asset], *, used_before: Iterable[int] = ()) -> None:
    """For whatever shows files: refuse those that may not be used anew. Raises Refused with every reason at once.

    ``used_before``: what the thing shows already. It keeps that until somebody takes it down.
    """
    reasons = reasons_not_to_add(assets, used_before=used_before)
    if reasons:
        raise Refused(reasons)


def today_of(office_id: int) -> date:
    """The office's date."""
    office = db.session.get_one(Unit, office_id)
    return to_local(clock.now(), office.timezone or FALLBACK).date()


def record_consent(asset: Asset, content: ConsentContent, *, actor: Principal) -> Consent:
    """Write down that somebody agreed to be shown. A document becomes visible only to those who may edit files."""
    _may(actor, asset)
    _check_dates(asset.office_id, content.given_on, content.expires_on)
    person = content.person.strip()
    if not person or len(person) > 200 or len(content.note) > 2000:
        raise UserError(
            _("Tuliskan siapa orangnya, paling panjang 200 karakter, dan catatan paling panjang 2.000.")
        )
    if asset.is_restricted:
        raise UserError(_("File ini sendiri bukti izin, jadi tidak memerlukan izin."))
    if len(queries.list_consents(asset.id)) >= MAX_PEOPLE:
        raise UserError(
            _("Sudah %(n)s orang tercatat. Untuk kerumunan, izin perorangan tidak diperlukan.", n=MAX_PEOPLE)
        )
    if content.document_id is not None:
        document = queries.get_listed_asset(actor, content.document_id)
        if document.office_id != asset.office_id or document.id == asset.id:
            raise UserError(_("Bukti izin harus file lain dari pustaka kantor ini."))
        document.is_restricted = True
    consent = Consent(
        office_id=asset.office_id, asset_id=asset.id, person=person, kind=content.kind,
        document_id=content.document_id, given_on=content.given_on, expires_on=content.expires_on,
        note=content.note.strip(), recorded_by=actor.id, recorded_at=clock.now(),
    )  # fmt: skip
    if content.kind is ConsentKind.GUARDIAN and not asset.shows_child:
        asset.shows_child = True
    db.session.add(consent)
    _record(AuditAction.CONSENT_RECORDED, consent, actor)
    return consent


def renew_consent(
    consent: Consent,
    *,
    actor: Principal,
    given_on: date,
    expires_on: date | None,
    row_version: int | None = None,
) -> None:
    """The person agreed again. Lifts the block and the tasks that this consent's end had caused."""
    asset = db.session.get_one(Asset, consent.asset_id)
    _may(actor, asset)
    expect_version(consent, row_version)
    _check_dates(asset.office_id, given_on, expires_on)
    consent.given_on, consent.expires_on = given_on, expires_on
    consent.withdrawn_at, consent.withdrawn_note = None, ""
    _record(AuditAction.CONSENT_RENEWED, consent, actor)
    for task in queries.list_open_takedowns(asset.office_id, asset_id=asset.id):
        if task.consent_id == consent.id:
            _close(task, TakedownState.LIFTED, actor, _("Izin diperpanjang."))
    _follow(asset)


def withdraw_consent(
    consent: Consent, *, actor: Principal, note: str, row_version: int | None = None
) -> None:
    """The person no longer agrees. Blocks the file from new use and asks for it to be taken down, at once."""
    asset = db.session.get_one(Asset, consent.asset_id)
    _may(actor, asset)
    expect_version(consent, row_version)
    if consent.withdrawn_at is not None:
        return
    consent.withdrawn_at, consent.withdrawn_note = clock.now(), note.strip()[:2000]
    _record(AuditAction.CONSENT_WITHDRAWN, consent, actor, reason=consent.withdrawn_note)
    _open(consent)
    _follow(asset)


def open_takedowns() -> int:
    """A job: ask for what shows people whose consent ended. Safe to repeat. Returns how many tasks it opened."""
    opened = 0
    for office_id in db.session.scalars(
        select(Consent.office_id).distinct().order_by(Consent.office_id)
    ).all():
        for consent in queries.list_ending(office_id, today_of(office_id)):
            if _open(consent):
                opened += 1
                _follow(db.session.get_one(Asset, consent.asset_id))
    return opened


def remind_of_takedowns() -> int:
    """A job: say once a day that a task's 72 hours are over. Returns how many."""
    now = clock.now()
    late = db.session.scalars(
        select(TakedownTask).where(
            TakedownTask.state == TakedownState.OPEN, TakedownTask.due_at < now,
            or_(TakedownTask.reminded_at.is_(None), TakedownTask.reminded_at <= now - REMINDED_EVERY),
        ).order_by(TakedownTask.id)
    ).all()  # fmt: skip
    for task in late:
        task.reminded_at = now
        db.session.flush()
        emit(TakedownOverdue(task_id=task.id))
    return len(late)


def close_takedown(task: TakedownTask, *, actor: Principal, note: str) -> None:
    """Say that it came down, and where. The file stays blocked from new use."""
    if not can_take_down(actor, task.office_id):
        raise NotAllowed(_("Penurunan diselesaikan oleh redaktur."))
    if not note.strip():
        raise UserError(_("Tuliskan apa yang sudah diturunkan dan dari mana."))
    lock(task)
    if task.state is TakedownState.OPEN:
        _close(task, TakedownState.DONE, actor, note.strip()[:2000])


def _may(actor: Principal, asset: Asset) -> None:
    if not can_describe(actor, asset):
        raise NotAllowed(_("Izin dicatat oleh redaktur atau pengunggah file ini."))


def _check_dates(office_id: int, given_on: date, expires_on: date | None) -> None:
    today = today_of(office_id)
    if given_on > today:
        raise UserError(_("Tanggal izin tidak boleh di masa depan."))
    if expires_on is not None and expires_on < today:
        raise UserError(_("Izin itu sudah berakhir. Isi tanggal akhir mulai hari ini, atau kosongkan."))


def _record(action: AuditAction, consent: Consent, actor: Principal, **detail: Any) -> None:
    db.session.flush()
    audit.record(
        action, ("consent", consent.id), office_id=consent.office_id, actor=actor,
        context=("asset", consent.asset_id), label=consent.person, **detail,
    )  # fmt: skip


def _open(consent: Consent) -> bool:
    """One task for this end of the consent, ever. False when there is one."""
    withdrawn = consent.withdrawn_at is not None
    ending = consent.withdrawn_at.isoformat() if consent.withdrawn_at else str(consent.expires_on)
    reason = BlockReason.CONSENT_WITHDRAWN if withdrawn else BlockReason.CONSENT_EXPIRED
    basis = f"{'withdrawn' if withdrawn else 'expired'} {ending}"[:40]
    known = select(TakedownTask.id).where(TakedownTask.consent_id == consent.id, TakedownTask.basis == basis)
    if db.session.scalar(known) is not None:
        return False
    now = clock.now()
    task = TakedownTask(
        office_id=consent.office_id, asset_id=consent.asset_id, consent_id=consent.id, basis=basis, reason=reason,
        state=TakedownState.OPEN, opened_at=now, due_at=now + TAKEN_DOWN_WITHIN,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(task)
            db.session.flush()
    except IntegrityError:  # another worker has just opened it
        return False
    audit.record(
        AuditAction.TAKEDOWN_OPENED, ("takedown", task.id), office_id=task.office_id, actor=None,
        context=("asset", task.asset_id), label=consent.person, reason=reason.label,
    )  # fmt: skip
    emit(TakedownOpened(task_id=task.id))
    return True


def _close(task: TakedownTask, state: TakedownState, actor: Principal, note: str) -> None:
    task.state, task.closed_at, task.closed_by, task.note = state, clock.now(), actor.id, note
    db.session.flush()
    audit.record(
        AuditAction.TAKEDOWN_DONE if state is TakedownState.DONE else AuditAction.TAKEDOWN_LIFTED,
        ("takedown", task.id), office_id=task.office_id, actor=actor, context=("asset", task.asset_id), reason=note,
    )  # fmt: skip
    emit(TakedownClosed(task_id=task.id))


def _follow(asset: Asset) -> None:
    """The block says what the consents say."""
    consents = queries.list_consents(asset.id)
    today = today_of(asset.office_id)
    reason: BlockReason | None = None
    if any(c.withdrawn_at is not None for c in consents):
        reason = BlockReason.CONSENT_WITHDRAWN
    elif any(c.expires_on is not None and c.expires_on < today for c in consents):
        reason = BlockReason.CONSENT_EXPIRED
    if asset.blocked_reason is not reason:
        asset.blocked_reason = reason
        asset.blocked_at = clock.now() if reason else None
        db.session.flush()
