"""Whom a step asks today. Roles hold for spans of dates, so the answer is worked out each time, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlalchemy import select

from humasflow.accounts.enums import Acting
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.queries import today_at
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import ApprovalGroup, GroupMember
from humasflow.core.db import db
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.models import Unit

APPROVING_ROLES = tuple(r for r in Role if Permission.STORY_APPROVE in ROLE_PERMISSIONS[r])


class Askee(Protocol):
    """Somebody a step asks: an askee of a chain, or its seat in a package."""

    @property
    def scope(self) -> StepScope:
        """Whom it stands for."""

    @property
    def user_id(self) -> int | None:
        """The person, when it is one."""

    @property
    def group_id(self) -> int | None:
        """The group, when it is one."""


@dataclass(frozen=True)
class Approver:
    """A role of somebody who may approve today. ``section_id`` is None when it is held in the office itself."""

    user_id: int
    unit_id: int
    section_id: int | None
    title: str
    acting: Acting

    @property
    def capacity(self) -> str:
        """``Plh. Kepala Seksi Lelang``, or the bare title."""
        return f"{self.acting.prefix} {self.title}".strip()


@dataclass(frozen=True)
class Roster:
    """Everybody of an office who may approve today, and what is needed to know for whom they stand."""

    approvers: tuple[Approver, ...]
    # The positions (unit, title) that people hold for good, or held last: somebody may be acting in them.
    positions: Mapping[int, frozenset[tuple[int, str]]] = field(default_factory=dict)
    groups: Mapping[int, frozenset[int]] = field(default_factory=dict)  # members by group

    def standing_in_for(self, user_ids: Collection[int]) -> list[Approver]:
        """Acting heads (Plh., Plt.) in the positions of these people."""
        held = frozenset().union(*(self.positions.get(i, frozenset()) for i in user_ids))
        return [
            a
            for a in self.approvers
            if a.acting is not Acting.NONE
            and (a.unit_id, _same(a.title)) in held
            and a.user_id not in user_ids
        ]


def load_roster(office: Unit, *, group_ids: Iterable[int | None] = ()) -> Roster:
    """Who may approve in an office today, by the office's own date. One statement, two when groups are asked for."""
    today = today_at(office)
    rows = db.session.execute(
        select(RoleGrant, User.is_active)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(
            Unit.office_id == office.id,
            RoleGrant.role.in_(APPROVING_ROLES),
            RoleGrant.valid_from <= today,
        )
        .order_by(User.name, User.id, RoleGrant.unit_id, RoleGrant.id)
    ).all()
    approvers = tuple(
        Approver(
            g.user_id, g.unit_id, g.unit_id if g.unit_id != office.id else None, g.position_title, g.acting
        )
        for g, is_active in rows
        if is_active and g.in_force(today)
    )
    return Roster(approvers, _positions([g for g, _active in rows], today), _members(office.id, group_ids))


def _positions(grants: Sequence[RoleGrant], today: date) -> dict[int, frozenset[tuple[int, str]]]:
    """A person whose role ended keeps the last position: its new holder may be acting (Plt.) until one is appointed."""
    by_user: dict[int, list[RoleGrant]] = {}
    for grant in grants:
        if grant.acting is Acting.NONE and grant.position_title.strip():
            by_user.setdefault(grant.user_id, []).append(grant)
    found = {}
    for user_id, held in by_user.items():
        now = [g for g in held if g.in_force(today)]
        kept = now or [max(held, key=lambda g: (g.valid_until or date.max, g.id))]
        found[user_id] = frozenset((g.unit_id, _same(g.position_title)) for g in kept)
    return found


def _members(office_id: int, group_ids: Iterable[int | None]) -> dict[int, frozenset[int]]:
    wanted = {i for i in group_ids if i is not None}
    if not wanted:
        return {}
    found: dict[int, set[int]] = {}
    for group_id, user_id in db.session.execute(
        select(GroupMember.group_id, GroupMember.user_id)
        .join(ApprovalGroup, GroupMember.group_id == ApprovalGroup.id)
        .where(ApprovalGroup.office_id == office_id, GroupMember.group_id.in_(wanted))
    ):
        found.setdefault(group_id, set()).add(user_id)
    return {group_id: frozenset(users) for group_id, users in found.items()}


def _same(title: str) -> str:
    """Titles are typed by people: case and spaces make no other position."""
    return " ".join(title.casefold().split())


def roles_asked(
    askee: Askee,
    section_id: int | None,
    roster: Roster,
    *,
    barred: frozenset[int] = frozenset(),
    widened: bool = False,
) -> list[Approver]:
    """The roles in which somebody may answer for an askee today, without the people ``barred`` (four eyes).

    A named person or a member of a group may be replaced by who acts in their position. A section without anybody who
    could decide today must not hold a story for ever: it falls back to the office's own approvers. ``widened``: the
    step waited too long, and the office lets its own approvers decide in place.
    """
    named = _named(askee, roster)
    standing_in = roster.standing_in_for(named)
    free = [a for a in roster.approvers if a.user_id not in barred]
    of_office = [a for a in free if a.section_id is None]
    if named:
        # Somebody named answers in their own position; who acts for them only in theirs.
        found = [a for a in free if a.user_id in named or a in standing_in]
    elif askee.scope is StepScope.SECTION and section_id is not None:
        found = [a for a in free if a.section_id == section_id] or of_office
    else:
        found = [] if askee.scope in (StepScope.GROUP, StepScope.GUEST) else of_office
    return [*found, *(a for a in of_office if a not in found)] if widened else found


def _named(askee: Askee, roster: Roster) -> frozenset[int]:
    if askee.user_id is not None:
        return frozenset({askee.user_id})
    return roster.groups.get(askee.group_id, frozenset()) if askee.group_id is not None else frozenset()


def asked(
    askee: Askee,
    section_id: int | None,
    roster: Roster,
    *,
    barred: frozenset[int] = frozenset(),
    widened: bool = False,
) -> tuple[int, ...]:
    """The ids of the people an askee stands for today, by name. See :func:`roles_asked`."""
    found = {a.user_id for a in roles_asked(askee, section_id, roster, barred=barred, widened=widened)}
    return tuple(dict.fromkeys(a.user_id for a in roster.approvers if a.user_id in found))


def capacity_of(
    askee: Askee,
    user_id: int,
    name: str,
    section_id: int | None,
    roster: Roster,
    *,
    label: str,
    widened: bool = False,
) -> str:
    """How a decision is signed: ``Plh. Kepala Seksi Lelang, Nama``; the bare name without a title.

    Of several roles the one that the askee asks for counts: a section head who is also acting in the office signs as
    the one the step is about, told by its ``label`` when both fit.
    """
    mine = [a for a in roles_asked(askee, section_id, roster, widened=widened) if a.user_id == user_id]
    mine.sort(key=lambda a: (_same(a.title) != _same(label), a.acting is not Acting.NONE, not a.title))
    title = mine[0].capacity if mine else ""
    return f"{title}, {name}" if title else name
