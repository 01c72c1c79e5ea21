"""What went out unapproved: flagged until another person agrees to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.approvals import policy
from humasflow.approvals.enums import UrgentState
from humasflow.approvals.models import Package, UrgentRelease
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

FLAGGED = tuple(s for s in UrgentState if s.is_flagged)


def is_flagged() -> ColumnElement[bool]:
    """A condition on Story, or a column beside it: something of it went out unapproved and nobody cleared it yet."""
    return (
        exists().where(UrgentRelease.story_id == Story.id, UrgentRelease.state.in_(FLAGGED)).correlate(Story)
    )


def urgent_flags(story_ids: Iterable[int]) -> set[int]:
    """Of these stories those that went out unapproved and that nobody cleared yet. One statement."""
    wanted = set(story_ids)
    if not wanted:
        return set()
    return set(
        db.session.scalars(
            select(UrgentRelease.story_id).where(
                UrgentRelease.story_id.in_(wanted), UrgentRelease.state.in_(FLAGGED)
            )
        )
    )


def list_releases_of(story_id: int) -> Sequence[UrgentRelease]:
    """Every urgent release of a story, newest first, with its package. One statement."""
    return db.session.scalars(
        select(UrgentRelease)
        .where(UrgentRelease.story_id == story_id)
        .options(joinedload(UrgentRelease.releaser))
        .order_by(UrgentRelease.id.desc())
    ).all()


def get_release_of(package_id: int) -> UrgentRelease | None:
    """The urgent release of a package, if it had one."""
    return db.session.scalar(
        select(UrgentRelease)
        .where(UrgentRelease.package_id == package_id)
        .options(joinedload(UrgentRelease.releaser), joinedload(UrgentRelease.package))
    )


@dataclass(frozen=True)
class UrgentRow:
    """Something that went out unapproved, as the inbox shows it."""

    package_id: int
    story_id: int
    title: str
    state: UrgentState
    reason: str
    released_as: str
    released_at: datetime
    objection: str
    objected_as: str
    is_mine: bool  # this person may clear it
    asked_names: tuple[str, ...]


def list_flagged(actor: Principal) -> list[UrgentRow]:
    """What is flagged in the office the person acts in, oldest first; first what they may clear themselves. A constant
    number of statements.
    """
    if actor.office is None or not actor.can(Permission.STORY_READ):
        return []
    releases = db.session.scalars(
        select(UrgentRelease)
        .join(Story, UrgentRelease.story_id == Story.id)
        .where(
            UrgentRelease.office_id == actor.office.id, UrgentRelease.state.in_(FLAGGED), visible_to(actor.id)
        )
        .options(
            joinedload(UrgentRelease.package).joinedload(Package.story),
            joinedload(UrgentRelease.package).selectinload(Package.seats),
        )
        .order_by(UrgentRelease.released_at, UrgentRelease.id)
    ).all()
    if not releases:
        return []
    people = policy.clearers(releases, actor.office)
    names = accounts.names_of(i for found in people.values() for i in found)
    rows = [
        _row(r, actor.id in people[r.id], [names[i] for i in people[r.id] if i in names]) for r in releases
    ]
    return sorted(rows, key=lambda r: not r.is_mine)


def _row(release: UrgentRelease, is_mine: bool, names: Iterable[str]) -> UrgentRow:
    return UrgentRow(
        package_id=release.package_id, story_id=release.story_id, title=release.package.story.title,
        state=release.state, reason=release.reason, released_as=release.released_as, released_at=release.released_at,
        objection=release.objection, objected_as=release.objected_as, is_mine=is_mine,
        asked_names=tuple(sorted(names)),
    )  # fmt: skip


def count_flagged_for(actor: Principal) -> int:
    """How many this person may clear in the office they act in."""
    if not actor.can(Permission.STORY_APPROVE):
        return 0
    return sum(row.is_mine for row in list_flagged(actor))
