"""Schemes and targets. A scheme's rules change by a new version; a target by a further row with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import Quarter
from humasflow.core.slugs import slugify
from humasflow.outbox import services as outbox
from humasflow.scoring import queries
from humasflow.scoring.calculation import RoundingRule, SchemeWeightError, check_weights
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme, Target

RESCORE = "scoring.rescore"


class SchemeRefused(UserError):
    """The scheme does not add up; the message says how."""


@dataclass(frozen=True)
class ComponentSpec:
    """What a component of a new version should be. ``key`` empty: a new component, named after its label."""

    label: str
    weight: Decimal
    key: str = ""
    content_types: Sequence[str] = ()
    channel_kinds: Sequence[str] = ()
    cap: Decimal = Decimal(100)
    partial_credit: bool = True
    counts_reposts: bool = False


def create_scheme(
    office_id: int, *, actor: audit.Actor | None, name: str, issuer: str = "", legal_basis: str = ""
) -> ScoreScheme:
    """Name a scheme and where it comes from; its rules follow with the first version."""
    taken = db.session.scalar(
        select(ScoreScheme.id).where(ScoreScheme.office_id == office_id, ScoreScheme.name == name)
    )
    if taken is not None:
        raise UserError(_("Skema “%(name)s” sudah ada.", name=name))
    scheme = ScoreScheme(
        office_id=office_id, name=name, issuer=issuer, legal_basis=legal_basis, is_active=True, versions=[]
    )
    db.session.add(scheme)
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", scheme.id), office_id=office_id, actor=actor, label=name
    )
    return scheme


def create_scheme_version(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor | None,
    components: Sequence[ComponentSpec],
    effective_from: Quarter,
    note: str = "",
) -> SchemeVersion:
    """Give a scheme its rules from a quarter on. Weights must sum to 100; the sum is told when they do not.

    What is already live from that quarter on is scored again under the new rules by a job; older quarters and the
    lines under earlier versions stay as they are.
    """
    _check(components)
    number = max((v.number for v in scheme.versions), default=0) + 1
    version = SchemeVersion(
        scheme_id=scheme.id,
        number=number,
        effective_from=effective_from.start,
        rounding=RoundingRule.HALF_UP_2,
        note=note,
        created_by=actor.id if actor else None,
        created_at=clock.now(),
    )
    scheme.versions.append(version)
    db.session.flush()
    used: set[str] = set()
    for position, spec in enumerate(components):
        key = spec.key or slugify(spec.label, limit=50, fallback="komponen")
        while key in used:
            key = f"{key}-2"
        used.add(key)
        version.components.append(
            Component(
                version_id=version.id,
                key=key,
                label=spec.label,
                kind=ComponentKind.COUNT_RATIO,
                weight=spec.weight,
                cap=spec.cap,
                partial_credit=spec.partial_credit,
                content_types=list(spec.content_types),
                channel_kinds=list(spec.channel_kinds),
                counts_reposts=spec.counts_reposts,
                position=position,
            )
        )
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED,
        ("score_scheme", scheme.id),
        office_id=scheme.office_id,
        actor=actor,
        label=scheme.name,
        version=number,
        effective_from=effective_from.key,
        components=[{"label": c.label, "weight": str(c.weight)} for c in components],
        reason=note,
    )
    outbox.enqueue(RESCORE, version.id, office_id=scheme.office_id, key=f"{RESCORE}:{version.id}")
    return version


def _check(components: Sequence[ComponentSpec]) -> None:
    if not components:
        raise SchemeRefused(_("Skema perlu paling sedikit satu komponen."))
    labels = [c.label.casefold() for c in components]
    if len(set(labels)) < len(labels):
        raise SchemeRefused(_("Dua komponen memakai nama yang sama. Bedakan namanya."))
    if any(c.weight < 0 or c.weight > 100 for c in components):
        raise SchemeRefused(_("Bobot tiap komponen antara 0 dan 100."))
    try:
        check_weights([c.weight for c in components])
    except SchemeWeightError as error:
        raise SchemeRefused(
            _(
                "Jumlah bobot sekarang %(total)s, seharusnya 100.",
                total=f"{error.total.normalize():f}".replace(".", ","),
            )
        ) from error


def set_active(scheme: ScoreScheme, *, actor: audit.Actor, active: bool) -> None:
    """Use a scheme, or stop using it; its lines stay."""
    scheme.is_active = active
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED,
        ("score_scheme", scheme.id),
        office_id=scheme.office_id,
        actor=actor,
        label=scheme.name,
        is_active=active,
    )
    if active and scheme.versions:
        version = scheme.versions[-1]
        outbox.enqueue(RESCORE, version.id, office_id=scheme.office_id)


def set_target(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor | None,
    component_key: str,
    quarter: Quarter,
    value: Decimal,
    letter: str,
    reason: str = "",
) -> Target | None:
    """Set what a component should reach in a quarter, and the letter it comes from. None when nothing changed.

    Changing a target that is already set needs a reason.
    """
    version = queries.version_at(scheme, quarter.end) or (scheme.versions[0] if scheme.versions else None)
    if version is None or component_key not in {c.key for c in version.components}:
        raise UserError(_("Komponen ini tidak ada di skema pada triwulan itu."))
    if value < 0 or value != value.to_integral_value():
        raise UserError(_("Sasaran berupa bilangan bulat mulai dari 0."))
    if not letter.strip():
        raise UserError(_("Tulis nomor surat atau dokumen dasar sasaran ini."))
    current = queries.targets_of(scheme.office_id, scheme.id, quarter.key).get(component_key)
    if current is not None and current.value == value and current.letter == letter:
        return None
    if current is not None and not reason.strip():
        raise UserError(_("Sasaran ini sudah ditetapkan. Tulis alasan perubahannya."))
    target = Target(
        office_id=scheme.office_id,
        scheme_id=scheme.id,
        component_key=component_key,
        quarter=quarter.key,
        value=value,
        letter=letter,
        reason=reason,
        set_by=actor.id if actor else None,
        set_at=clock.now(),
    )
    db.session.add(target)
    db.session.flush()
    audit.record(
        AuditAction.TARGET_SET,
        ("score_scheme", scheme.id),
        office_id=scheme.office_id,
        actor=actor,
        component=component_key,
        quarter=quarter.key,
        value=str(value),
        letter=letter,
        reason=reason,
        before=str(current.value) if current else None,
    )
    return target
