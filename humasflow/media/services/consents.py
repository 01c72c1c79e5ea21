"""Consent of people who can be recognised, and what follows when it ends.

A consent ends with its last day (on the office's calendar) or when it is withdrawn. Then the file is blocked from new
use and a task is due within 72 hours: take it down wherever it is shown. Nothing is deleted by itself: somebody looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.versions import expect_version
from humasflow.media import queries, usage
from humasflow.media.enums import BlockReason, ConsentKind, TakedownState
from humasflow.media.events import TakedownClosed, TakedownOpened, TakedownOverdue
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.policy import can_describe, can_take_down, reasons_not_to_add
from humasflow.media.services.following import block_by_consents, mark_child_everywhere, pass_on
from humasflow.media.usage import UseKind
from humasflow.orgs.queries import get_office

TAKEN_DOWN_WITHIN = timedelta(hours=72)
REMINDED_EVERY = timedelta(hours=24)
MAX_PEOPLE = 60  # in one file; a crowd in which nobody stands out needs no consent
_CLOSED = {
    TakedownState.DONE: AuditAction.TAKEDOWN_DONE,
    TakedownState.LIFTED: AuditAction.TAKEDOWN_LIFTED,
    TakedownState.REPLACED: AuditAction.TAKEDOWN_REPLACED,
}


class ConsentRefused(UserError):
    """What was filled in does not fit. ``field`` names the part of :class:`ConsentContent`, empty for the whole."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


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


def record_consent(asset: Asset, content: ConsentContent, *, actor: Principal) -> Consent:
    """Write down that somebody agreed to be shown. A document becomes visible only to those who may edit files.

    Raises :class:`ConsentRefused` where one part does not fit.
    """
    _may(actor, asset)
    _check_dates(asset.office_id, content.given_on, content.expires_on)
    person = content.person.strip()
    if not person or len(person) > 200:
        raise ConsentRefused("person", _("Tuliskan siapa orangnya, paling panjang 200 karakter."))
    if len(content.note) > 2000:
        raise ConsentRefused("note", _("Catatan paling panjang 2.000 karakter."))
    if asset.is_restricted:
        raise ConsentRefused("", _("Berkas ini sendiri bukti izin, jadi tidak memerlukan izin."))
    if len(queries.list_consents(asset.id)) >= MAX_PEOPLE:
        raise ConsentRefused(
            "",
            _("Sudah %(n)s orang tercatat. Untuk kerumunan, izin perorangan tidak diperlukan.", n=MAX_PEOPLE),
        )
    if content.document_id is not None:
        _restrict(queries.get_listed_asset(actor, content.document_id), asset, actor)
    consent = Consent(
        office_id=asset.office_id, asset_id=asset.id, person=person, kind=content.kind,
        document_id=content.document_id, given_on=content.given_on, expires_on=content.expires_on,
        note=content.note.strip(), recorded_by=actor.id, recorded_at=clock.now(),
    )  # fmt: skip
    if content.kind is ConsentKind.GUARDIAN:
        mark_child_everywhere(asset, actor)
    db.session.add(consent)
    _record(AuditAction.CONSENT_RECORDED, consent, actor)
    pass_on(asset, consent)
    return consent


def renew_consent(
    consent: Consent,
    *,
    actor: Principal,
    given_on: date,
    expires_on: date | None,
    row_version: int | None = None,
) -> None:
    """The person agreed again. Lifts the block and the tasks that this consent's end had caused, for copies that other
    offices were handed as well.
    """
    asset = db.session.get_one(Asset, consent.asset_id)
    _may(actor, asset)
    expect_version(consent, row_version)
    _check_dates(asset.office_id, given_on, expires_on)
    withdrawn_at = consent.withdrawn_at
    _renew(consent, asset, actor, given_on, expires_on, _("Izin diperpanjang."))
    for copy, picture, giver in _copies(consent):
        # Whom the person told otherwise, there, is not overruled from here.
        if copy.withdrawn_at is None or copy.withdrawn_at == withdrawn_at:
            _renew(
                copy, picture, None, given_on, expires_on, _("Izin diperpanjang di %(office)s.", office=giver)
            )


def withdraw_consent(
    consent: Consent, *, actor: Principal, note: str, row_version: int | None = None
) -> None:
    """The person no longer agrees. Blocks the file from new use and asks for it to be taken down, at once.

    A task that is open since the consent expired makes way for this one, which keeps the earlier time limit. Offices
    that were handed a copy of the file are asked the same, each by a task of its own.
    """
    asset = db.session.get_one(Asset, consent.asset_id)
    _may(actor, asset)
    expect_version(consent, row_version)
    if consent.withdrawn_at is not None:
        return
    now = clock.now()
    _withdraw(consent, asset, actor, now, note.strip()[:2000])
    for copy, picture, giver in _copies(consent):
        if copy.withdrawn_at is None:
            _withdraw(copy, picture, None, now, _("Izin dicabut di %(office)s.", office=giver))


def detach_document(consent: Consent, *, actor: Principal, row_version: int | None = None) -> None:
    """The file was no proof of this consent. Back in the library for everybody once no consent rests on it."""
    _may(actor, db.session.get_one(Asset, consent.asset_id))
    expect_version(consent, row_version)
    document = consent.document
    if document is None:
        return
    if not can_describe(actor, document):
        raise NotAllowed(_("Bukti izin dilepas oleh redaktur atau pengunggahnya."))
    consent.document = None
    _record(AuditAction.CONSENT_DOCUMENT_DETACHED, consent, actor, document=document.filename)
    if not queries.is_document(document.id):
        document.is_restricted = False
        _record_of_file(AuditAction.ASSET_UNRESTRICTED, document, actor)


def open_takedowns() -> int:
    """A job: ask for what shows people whose consent ended. Safe to repeat. Returns how many tasks it opened."""
    opened = 0
    for office_id in db.session.scalars(
        select(Consent.office_id).distinct().order_by(Consent.office_id)
    ).all():
        for consent in queries.list_expired(office_id, today_at(get_office(office_id))):
            if _open(consent):
                opened += 1
                block_by_consents(db.session.get_one(Asset, consent.asset_id))
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


def _renew(
    consent: Consent,
    asset: Asset,
    actor: Principal | None,
    given_on: date,
    expires_on: date | None,
    note: str,
) -> None:
    consent.given_on, consent.expires_on = given_on, expires_on
    consent.withdrawn_at, consent.withdrawn_note = None, ""
    _record(AuditAction.CONSENT_RENEWED, consent, actor)
    for task in queries.list_takedowns_of(asset.id):
        if task.consent_id == consent.id:
            _close(task, TakedownState.LIFTED, actor, note)
    block_by_consents(asset)


def _withdraw(consent: Consent, asset: Asset, actor: Principal | None, at: datetime, note: str) -> None:
    consent.withdrawn_at, consent.withdrawn_note = at, note
    _record(AuditAction.CONSENT_WITHDRAWN, consent, actor, reason=note)
    replaced = [task for task in queries.list_takedowns_of(asset.id) if task.consent_id == consent.id]
    for task in replaced:
        _close(task, TakedownState.REPLACED, actor, _("Izin dicabut."))
    _open(consent, [task.due_at for task in replaced])
    block_by_consents(asset)


def _copies(consent: Consent) -> list[tuple[Consent, Asset, str]]:
    """The same person in files that other offices were handed, and copies of those, each with its file and the name of
    the office where the person was asked.
    """
    giver = get_office(consent.office_id).name
    found: list[tuple[Consent, Asset, str]] = []
    wanted = [consent.id]
    while wanted:
        rows = db.session.execute(
            select(Consent, Asset)
            .join(Asset, Asset.id == Consent.asset_id)
            .where(Consent.copied_from_id.in_(wanted))
            .order_by(Consent.id)
        ).all()
        found += [(copy, asset, giver) for copy, asset in rows]
        wanted = [copy.id for copy, _asset in rows]
    return found


def _may(actor: Principal, asset: Asset) -> None:
    if not can_describe(actor, asset):
        raise NotAllowed(_("Izin dicatat oleh redaktur atau pengunggah berkas ini."))


def _check_dates(office_id: int, given_on: date, expires_on: date | None) -> None:
    today = today_at(get_office(office_id))
    if given_on > today:
        raise ConsentRefused("given_on", _("Tanggal izin tidak boleh di masa depan."))
    if expires_on is not None and expires_on < today:
        raise ConsentRefused(
            "expires_on", _("Izin itu sudah berakhir. Isi tanggal akhir mulai hari ini, atau kosongkan.")
        )


def _restrict(document: Asset, asset: Asset, actor: Principal) -> None:
    """Only editors and its uploader see a document, so nothing that others open may show it."""
    if not can_describe(actor, document):
        raise NotAllowed(_("Bukti izin dipilih dari berkas yang boleh Anda sunting."))
    if document.office_id != asset.office_id or document.id == asset.id:
        raise ConsentRefused("document_id", _("Bukti izin harus berkas lain dari pustaka kantor ini."))
    uses = usage.list_uses(actor, [document.id])[document.id]
    if any(use.kind is not UseKind.CONSENT for use in uses):
        raise ConsentRefused(
            "document_id",
            _("Berkas itu dipakai di naskah atau publikasi, jadi tidak dapat menjadi bukti izin."),
        )
    if not document.is_restricted:
        document.is_restricted = True
        _record_of_file(AuditAction.ASSET_RESTRICTED, document, actor)


def _record_of_file(action: AuditAction, document: Asset, actor: Principal) -> None:
    db.session.flush()
    audit.record(action, ("asset", document.id), office_id=document.office_id, actor=actor)


def _record(action: AuditAction, consent: Consent, actor: Principal | None, **detail: Any) -> None:
    db.session.flush()
    audit.record(
        action, ("consent", consent.id), office_id=consent.office_id, actor=actor,
        context=("asset", consent.asset_id), label=consent.person, **detail,
    )  # fmt: skip


def _open(consent: Consent, limits: Sequence[datetime] = ()) -> bool:
    """One task for this end of the consent, ever. False when there is one. ``limits``: due no later than those."""
    now = clock.now()
    if consent.withdrawn_at is not None:
        reason, basis = BlockReason.CONSENT_WITHDRAWN, f"withdrawn {consent.withdrawn_at.isoformat()}"[:40]
    else:
        reason, basis = BlockReason.CONSENT_EXPIRED, f"{queries.EXPIRED}{consent.expires_on}"
    task = TakedownTask(
        office_id=consent.office_id, asset_id=consent.asset_id, consent_id=consent.id, basis=basis, reason=reason,
        state=TakedownState.OPEN, opened_at=now, due_at=min([now + TAKEN_DOWN_WITHIN, *limits]),
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


def _close(task: TakedownTask, state: TakedownState, actor: Principal | None, note: str) -> None:
    task.state, task.closed_at, task.note = state, clock.now(), note
    task.closed_by = actor.id if actor else None
    db.session.flush()
    audit.record(
        _CLOSED[state],
        ("takedown", task.id), office_id=task.office_id, actor=actor, context=("asset", task.asset_id), reason=note,
    )  # fmt: skip
    emit(TakedownClosed(task_id=task.id))
