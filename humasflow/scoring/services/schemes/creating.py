"""Naming schemes, giving one its rules in a single step, and putting one aside."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import Period, PeriodType
from humasflow.core.versions import expect_version
from humasflow.outbox import services as outbox
from humasflow.scoring import queries
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.services.schemes.activating import RESCORE, activate_version
from humasflow.scoring.services.schemes.drafting import add_component, new_version
from humasflow.scoring.services.schemes.specs import ComponentSpec, RulesSpec


def create_scheme(
    office_id: int,
    *,
    actor: audit.Actor | None,
    name: str,
    issuer: str = "",
    legal_basis: str = "",
    period_type: PeriodType = PeriodType.QUARTER,
    preset: str = "",
    origin_id: int | None = None,
) -> ScoreScheme:
    """Name a scheme, where it comes from and how long it counts; its rules follow with the first version. Flushes."""
    _refuse_taken(office_id, name)
    scheme = ScoreScheme(
        office_id=office_id, name=name, issuer=issuer, legal_basis=legal_basis, period_type=period_type,
        preset=preset, origin_id=origin_id, is_active=True, versions=[],
    )  # fmt: skip
    db.session.add(scheme)
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", scheme.id), office_id=office_id, actor=actor, label=name,
        period_type=period_type.value, preset=preset, origin_id=origin_id,
    )  # fmt: skip
    return scheme


def describe_scheme(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor,
    name: str,
    issuer: str,
    legal_basis: str,
    row_version: int | None = None,
) -> None:
    """Change what a scheme is called and where it comes from; its rules stay. Raises Conflict when somebody else just
    did. Flushes.
    """
    expect_version(scheme, row_version)
    before = {"name": scheme.name, "issuer": scheme.issuer, "legal_basis": scheme.legal_basis}
    after = {"name": name, "issuer": issuer, "legal_basis": legal_basis}
    if before == after:
        return
    if name != scheme.name:
        _refuse_taken(scheme.office_id, name)
    scheme.name, scheme.issuer, scheme.legal_basis = name, issuer, legal_basis
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", scheme.id), office_id=scheme.office_id, actor=actor,
        label=name, before=before, after=after,
    )  # fmt: skip


def _refuse_taken(office_id: int, name: str) -> None:
    taken = db.session.scalar(
        select(ScoreScheme.id).where(ScoreScheme.office_id == office_id, ScoreScheme.name == name)
    )
    if taken is not None:
        raise UserError(_("Skema “%(name)s” sudah ada.", name=name))


def create_scheme_version(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor | None,
    components: Sequence[ComponentSpec],
    effective_from: Period,
    note: str = "",
    rules: RulesSpec | None = None,
) -> SchemeVersion:
    """Give a scheme its rules from a period on, in one step: for imports and the sample office. Raises SchemeRefused
    with every reason at once. Flushes.
    """
    with db.session.begin_nested():  # a refused version leaves nothing behind
        version = new_version(scheme, actor=actor, rules=rules or RulesSpec(), note=note)
        for spec in components:
            add_component(version, spec)
        activate_version(version, actor=actor, effective_from=effective_from, note=note)
    return version


def set_active(scheme: ScoreScheme, *, actor: audit.Actor, active: bool) -> None:
    """Use a scheme, or put it aside; its lines stay. Safe to repeat. Flushes."""
    if scheme.is_active is active:
        return
    scheme.is_active = active
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", scheme.id), office_id=scheme.office_id, actor=actor,
        label=scheme.name, is_active=active,
    )  # fmt: skip
    if active:  # what went live while it was put aside is scored now
        _score(scheme)


def score_again(office_id: int) -> None:
    """Have everything live scored by the schemes in use: of an office that was read from elsewhere the jobs are not
    there, and one of them may have been this. What is scored already stays as it is. Flushes.
    """
    for scheme in queries.list_schemes(office_id):
        _score(scheme)


def _score(scheme: ScoreScheme) -> None:
    """From its first version on."""
    first = min(queries.active_versions(scheme), key=lambda v: (v.effective_from, v.number), default=None)
    if first is not None:
        outbox.enqueue(RESCORE, first.id, office_id=scheme.office_id)
