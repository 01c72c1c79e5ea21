"""Whom a step asks today. Roles hold for spans of dates, so the answer is worked out each time, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import or_, select

from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.queries import today_at
from humasflow.approvals.enums import StepScope
from humasflow.core.db import db
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.models import Unit

APPROVING_ROLES = tuple(r for r in Role if Permission.STORY_APPROVE in ROLE_PERMISSIONS[r])


class Step(Protocol):
    """A step of a chain, or its copy in a package."""

    @property
    def scope(self) -> StepScope:
        """Whom it asks."""

    @property
    def user_id(self) -> int | None:
        """The person, when it asks for one."""


@dataclass(frozen=True)
class Approver:
    """Somebody who may approve today. ``section_id`` is None when the role is held in the office itself."""

    user_id: int
    section_id: int | None


def list_approvers(office: Unit) -> tuple[Approver, ...]:
    """Who may approve in an office today, by the office's own date, with where the role is held. One statement."""
    today = today_at(office)
    rows = db.session.execute(
        select(RoleGrant.user_id, Unit.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(
            Unit.office_id == office.id,
            RoleGrant.role.in_(APPROVING_ROLES),
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= today),
            User.is_active.is_(True),
        )
        .order_by(User.name, User.id, Unit.id)
    )
    return tuple(Approver(user_id, unit_id if unit_id != office.id else None) for user_id, unit_id in rows)


def asked(
    step: Step, section_id: int | None, approvers: Iterable[Approver], *, barred: frozenset[int] = frozenset()
) -> tuple[int, ...]:
    """The ids of the people a step asks, without those ``barred`` (four eyes), in the order of ``approvers``.

    A section without anybody who could decide today must not hold a story for ever: its step falls back to the
    office's own approvers.
    """
    free = [a for a in approvers if a.user_id not in barred]
    if step.scope is StepScope.PERSON:
        found = [a for a in free if a.user_id == step.user_id]
    else:
        found = [a for a in free if a.section_id is None]
        if step.scope is StepScope.SECTION and section_id is not None:
            found = [a for a in free if a.section_id == section_id] or found
    return tuple(dict.fromkeys(a.user_id for a in found))
