"""Penyesuaian: a correction that a person writes, with a reason, in the period that is open."""

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import name_of, today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import Component, LedgerEntry, SchemeVersion, ScoreScheme
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.booking import closed_periods, hold_alone, next_sequence, open_period

ADJUSTABLE = frozenset({ComponentKind.COUNT_RATIO, ComponentKind.POINTS})
LARGEST = Decimal(100_000)
PLACES = 2
_SUBJECT = "adjust:"


def write_adjustment(
    scheme: ScoreScheme,
    component_key: str,
    *,
    actor: Principal,
    quantity: Decimal,
    reason: str,
    adjusts: Period | None,
    document: str = "",
    seen: int | None = None,
) -> LedgerEntry:
    """Add to what a component counts, or take away, in the open period; ``adjusts`` names the closed one it is about.

    ``quantity``: publications, or points where the component counts points; never 0. The line stands alone: it counts
    as verified. ``seen``: the newest adjustment that the person was shown (:func:`newest_adjustment`), 0 for none; a
    newer one may be the same correction, so it raises Conflict. Needs ``score:close``. Flushes. Raises NotAllowed,
    NotFound (another office), UserError.
    """
    require(actor, Permission.SCORE_CLOSE, scheme.office_id)
    if not reason.strip():
        raise UserError(_("Tulis alasannya, supaya penyesuaian ini dapat dijelaskan kelak."))
    hold_alone(scheme)  # nobody closes a period, and nobody adds the same number, meanwhile
    _ensure_seen(scheme, seen)
    office = get_office(scheme.office_id)
    closed = closed_periods(scheme.id)
    if adjusts is not None and adjusts.key not in closed:
        raise UserError(
            _(
                "%(period)s belum ditutup; perbaiki langsung publikasi atau pengukurannya.",
                period=adjusts.label,
            )
        )
    period = open_period(scheme, office, closed)
    version, component = _component(scheme, component_key, period)
    _check(component, quantity)
    subject = f"{_SUBJECT}{period.key}"
    line = LedgerEntry(
        office_id=scheme.office_id, scheme_version_id=version.id, component_key=component.key, delivery_id=None,
        subject_key=subject, beneficiary=Beneficiary.OFFICE, beneficiary_id=scheme.office_id, role="",
        share=Decimal(100), quantity=quantity, sequence=next_sequence(version.id, component.key, subject),
        deciding_date=today_at(office), period=period.key, adjusts=adjusts.key if adjusts else None,
        stands_alone=True, reason=_with_document(reason.strip(), document.strip()), actor_id=actor.id,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    adding_up.apply([line], PointState.VERIFIED)
    audit.record(
        AuditAction.ADJUSTMENT_WRITTEN, ("score_scheme", scheme.id), office_id=scheme.office_id, actor=actor,
        acting_as=actor.capacity_for(Permission.SCORE_CLOSE, scheme.office_id), label=component.label,
        component=component.key, quantity=f"{quantity:f}", period=period.key, adjusts=line.adjusts, reason=line.reason,
    )  # fmt: skip
    return line


def newest_adjustment(scheme: ScoreScheme) -> LedgerEntry | None:
    """The line that a person wrote last into any period of the scheme. One statement."""
    versions = select(SchemeVersion.id).where(SchemeVersion.scheme_id == scheme.id)
    return db.session.scalar(
        select(LedgerEntry)
        .where(
            LedgerEntry.office_id == scheme.office_id, LedgerEntry.scheme_version_id.in_(versions),
            LedgerEntry.subject_key.startswith(_SUBJECT, autoescape=True),
        )
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )  # fmt: skip


def _ensure_seen(scheme: ScoreScheme, seen: int | None) -> None:
    newest = newest_adjustment(scheme) if seen is not None else None
    if newest is None or newest.id == seen:
        return
    raise Conflict(_(
        "Selagi Anda mengisi, %(who)s mencatat penyesuaian %(n)s: %(reason)s. Periksa apakah maksudnya sama; "
        "bila tidak, catat lagi.",
        who=name_of(newest.actor_id) or _("humasflow"), n=_signed(newest.quantity), reason=newest.reason,
    ))  # fmt: skip


def _signed(quantity: Decimal) -> str:
    return ("+" if quantity > 0 else "−") + f"{abs(quantity).normalize():f}".replace(".", ",")


def _component(scheme: ScoreScheme, key: str, period: Period) -> tuple[SchemeVersion, Component]:
    version = queries.version_at(scheme, period.end)
    for component in version.components if version else ():
        if version is not None and component.key == key:
            return version, component
    raise UserError(_("Komponen ini tidak ada di skema pada %(period)s.", period=period.label))


def _check(component: Component, quantity: Decimal) -> None:
    if component.kind not in ADJUSTABLE:
        raise UserError(
            _(
                "“%(label)s” tidak dijumlahkan dari publikasi, jadi tidak disesuaikan dengan angka. "
                "Buka kembali periodenya untuk membetulkannya.",
                label=component.label,
            )
        )
    if not quantity.is_finite() or quantity == 0 or abs(quantity) > LARGEST:
        raise UserError(
            _("Penyesuaian berupa angka selain 0, misalnya 1 atau -2, paling besar 100.000 ke arah mana pun.")
        )
    if component.kind is ComponentKind.COUNT_RATIO and quantity != quantity.to_integral_value():
        raise UserError(_("Yang disesuaikan adalah jumlah publikasi, jadi angkanya bulat."))
    if quantity != round(quantity, PLACES):
        raise UserError(_("Tulis paling banyak dua angka di belakang koma."))


def _with_document(reason: str, document: str) -> str:
    return f"{reason} ({document})" if document else reason
