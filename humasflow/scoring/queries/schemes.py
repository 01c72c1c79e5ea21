"""Reading schemes."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_offices_above
from humasflow.scoring.enums import VersionState
from humasflow.scoring.models import (
    Component,
    Measurement,
    OfficialResult,
    PeriodClose,
    SchemeVersion,
    ScoreScheme,
    Target,
)


def list_schemes(office_id: int, *, with_inactive: bool = False) -> Sequence[ScoreScheme]:
    """Schemes of an office with all versions and components, oldest first. Two statements."""
    statement = (
        select(ScoreScheme)
        .where(ScoreScheme.office_id == office_id)
        .options(selectinload(ScoreScheme.versions).joinedload(SchemeVersion.components))
        .order_by(ScoreScheme.id)
    )
    if not with_inactive:
        statement = statement.where(ScoreScheme.is_active.is_(True))
    return db.session.scalars(statement).all()


def get_scheme(office_id: int, scheme_id: int) -> ScoreScheme:
    """One of this office, or "not found"."""
    found = db.session.scalar(
        select(ScoreScheme)
        .where(ScoreScheme.id == scheme_id, ScoreScheme.office_id == office_id)
        .options(selectinload(ScoreScheme.versions).selectinload(SchemeVersion.components))
    )
    if found is None:
        raise NotFound
    return found


def version_at(scheme: ScoreScheme, day: date) -> SchemeVersion | None:
    """The version in effect on a local date: the newest that has begun; None before the first. Drafts never are."""
    begun = [v for v in scheme.versions if v.state is VersionState.ACTIVE and v.effective_from <= day]
    return max(begun, key=lambda v: (v.effective_from, v.number), default=None)


def has_rules(office_id: int, day: date) -> bool:
    """Whether any scheme in use of the office has rules in effect on a local date. One statement."""
    found = (
        select(SchemeVersion.id)
        .join(SchemeVersion.scheme)
        .where(
            ScoreScheme.office_id == office_id, ScoreScheme.is_active.is_(True),
            SchemeVersion.state == VersionState.ACTIVE, SchemeVersion.effective_from <= day,
        )
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(found) is not None


def active_versions(scheme: ScoreScheme) -> list[SchemeVersion]:
    """The versions that count, or counted, in the order in which they were made."""
    return [v for v in scheme.versions if v.state is VersionState.ACTIVE]


def newest_version(scheme: ScoreScheme) -> SchemeVersion | None:
    """The rules that begin last; None while the scheme has a draft only."""
    return max(active_versions(scheme), key=lambda v: (v.effective_from, v.number), default=None)


def draft_of(scheme: ScoreScheme) -> SchemeVersion | None:
    """The draft of a scheme, as the database has it now: there is one at most."""
    return db.session.scalar(
        select(SchemeVersion)
        .where(SchemeVersion.scheme_id == scheme.id, SchemeVersion.state == VersionState.DRAFT)
        .order_by(SchemeVersion.number)
        .limit(1)
    )


def get_scheme_version(office_id: int, version_id: int) -> SchemeVersion:
    """One of this office with its scheme, or "not found"."""
    found = db.session.scalar(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(SchemeVersion.id == version_id, ScoreScheme.office_id == office_id)
        .options(
            selectinload(SchemeVersion.components),
            contains_eager(SchemeVersion.scheme)
            .selectinload(ScoreScheme.versions)
            .selectinload(SchemeVersion.components),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_schemes_above(office: Unit) -> Sequence[ScoreScheme]:
    """Schemes in use of the offices above that count already, the nearest office first: what may be taken over."""
    above = [unit.id for unit in list_offices_above(office)]
    if not above:
        return []
    rows = db.session.scalars(
        select(ScoreScheme)
        .where(
            ScoreScheme.office_id.in_(above), ScoreScheme.is_active.is_(True),
            ScoreScheme.versions.any(SchemeVersion.state == VersionState.ACTIVE),
        )
        .options(selectinload(ScoreScheme.versions).selectinload(SchemeVersion.components))
    )  # fmt: skip
    return sorted(rows, key=lambda scheme: (above.index(scheme.office_id), scheme.id))


def scheme_is_used(scheme_id: int) -> bool:
    """Whether anything was written for a scheme that its rules' going would orphan."""
    return any(
        db.session.scalar(select(model.id).where(model.scheme_id == scheme_id).limit(1)) is not None
        for model in (Target, Measurement, PeriodClose, OfficialResult)
    ) or bool(db.session.scalar(select(ScoreScheme.id).where(ScoreScheme.origin_id == scheme_id).limit(1)))


def list_component_keys(scheme: ScoreScheme) -> list[Component]:
    """The components of the newest rules, in order; of the draft while there is nothing else."""
    version = newest_version(scheme) or (scheme.versions[-1] if scheme.versions else None)
    return list(version.components) if version else []
