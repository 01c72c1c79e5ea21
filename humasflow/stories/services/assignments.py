"""Asking people to do something for a story: offered, passed on to somebody else, changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.core.versions import expect_version
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.planning.production_roles import queries as production_roles
from humasflow.stories.assignment_policy import reasons_not_to_change, reasons_not_to_replace
from humasflow.stories.enums import OPEN_ASSIGNMENT, AssignmentMove, AssignmentState
from humasflow.stories.events import AssignmentDueChanged, AssignmentMoved, AssignmentOffered
from humasflow.stories.models import Assignment, Story
from humasflow.stories.policy import reasons_not_to_assign
from humasflow.stories.queries import assignments as queries
from humasflow.stories.services.confidentiality import name_reader
from humasflow.stories.workflow import ASSIGNMENT

FURTHEST_DUE = timedelta(days=3 * 366)
SOON = timedelta(days=1)  # how long before the due time a person is reminded


class DuePassed(UserError):
    """The due time is over already, or so far away that it must be a slip."""


def assign(
    story: Story,
    *,
    actor: Principal,
    person_id: int,
    role_id: int,
    due_at: datetime | None = None,
    brief: str = "",
) -> Assignment:
    """Ask a person of the story's office to do something for it. One's own task is accepted at once. Flushes.

    Raises Refused, NotFound (a role of another office), :class:`DuePassed`, UserError.
    """
    lock(story)
    reasons = reasons_not_to_assign(actor, story)
    if reasons:
        raise Refused(reasons)
    role = production_roles.get_production_role(story.office_id, role_id)
    if not role.is_active:
        raise UserError(_("Peran “%(role)s” tidak dipakai lagi. Pilih peran lain.", role=role.label))
    return _offer(
        story, actor=actor, person_id=person_id, role_id=role.id, due_at=due_at, brief=brief, replaces=None,
    )  # fmt: skip


def assign_several(
    story: Story,
    *,
    actor: Principal,
    person_ids: Iterable[int],
    role_id: int,
    due_at: datetime | None = None,
    brief: str = "",
) -> list[Assignment]:
    """The same task for several people: for all of them or, when one cannot be asked, for none. Raises like
    :func:`assign`. Flushes.
    """
    with db.session.begin_nested():
        return [
            assign(
                story, actor=actor, person_id=person_id, role_id=role_id, due_at=due_at, brief=brief
            )
            for person_id in person_ids
        ]  # fmt: skip


def reassign(
    assignment: Assignment,
    *,
    actor: Principal,
    person_id: int,
    due_at: datetime | None = None,
    brief: str | None = None,
    reason: str = "",
) -> Assignment:
    """Ask somebody else instead. The old task stays as its own trail: replaced, or declined as it was. Flushes.

    ``brief`` None keeps the old one. Raises Refused, :class:`DuePassed`, UserError.
    """
    story = assignment.story
    lock(story)
    lock(assignment)
    successor = queries.get_successor(assignment)
    reasons = reasons_not_to_replace(actor, assignment, successor=successor.person.name if successor else "")
    reasons += reasons_not_to_assign(actor, story)
    if reasons:
        raise Refused(reasons)
    if person_id == assignment.person_id:
        raise UserError(_("Tugas ini memang untuk %(name)s. Pilih orang lain.", name=assignment.person.name))
    before = assignment.state
    if before in OPEN_ASSIGNMENT:
        assignment.state = ASSIGNMENT.target(before, AssignmentMove.REPLACE)
        assignment.state_since = assignment.updated_at = clock.now()
    assignment.end_reason = reason.strip()
    db.session.flush()
    made = _offer(
        story, actor=actor, person_id=person_id, role_id=assignment.role_id, due_at=due_at,
        brief=assignment.brief if brief is None else brief, replaces=assignment,
    )  # fmt: skip
    audit.record(
        AuditAction.ASSIGNMENT_REPLACED, ("assignment", assignment.id), office_id=story.office_id, actor=actor,
        context=("story", story.id), label=_("%(old)s kepada %(new)s", old=described(assignment), new=made.person.name),
        successor=made.id, **({"reason": reason.strip()} if reason.strip() else {}),
    )  # fmt: skip
    emit(
        AssignmentMoved(
            assignment_id=assignment.id, story_id=story.id, move=AssignmentMove.REPLACE, before=before,
            after=assignment.state, actor_id=actor.id, reason=reason.strip(),
        )
    )  # fmt: skip
    return made


def change_assignment(
    assignment: Assignment,
    *,
    actor: Principal,
    due_at: datetime | None,
    brief: str,
    row_version: int | None = None,
) -> bool:
    """Another due time or another brief; whether anything changed. Raises Refused, Conflict, :class:`DuePassed`."""
    lock(assignment)
    reasons = reasons_not_to_change(actor, assignment)
    if reasons:
        raise Refused(reasons)
    expect_version(assignment, row_version)
    before = assignment.due_at
    if (before, assignment.brief) == (due_at, brief.strip()):
        return False
    office = orgs.get_office(assignment.office_id)
    if due_at != before:
        check_due(due_at)
        assignment.due_at = due_at
        assignment.soon_told = told_already(due_at)
    assignment.brief, assignment.updated_at = brief.strip(), clock.now()
    db.session.flush()
    due = show_instant(due_at, office.zone_name) if due_at else _("tanpa tenggat")
    dated: dict[str, Any] = {"row_version": assignment.row_version} if due_at != before else {}
    audit.record(
        AuditAction.ASSIGNMENT_CHANGED, ("assignment", assignment.id), office_id=assignment.office_id,
        actor=actor, context=("story", assignment.story_id),
        label=f"{described(assignment)}, {due}" if due_at != before else described(assignment),
        due_at=due_at.isoformat() if due_at else None,
        **dated,
    )  # fmt: skip
    if due_at != before:
        emit(
            AssignmentDueChanged(
                assignment_id=assignment.id, story_id=assignment.story_id, before=before, after=due_at,
                actor_id=actor.id,
            )
        )  # fmt: skip
    return True


def check_due(due_at: datetime | None) -> None:
    """Raise :class:`DuePassed` for a time that is over, or more than three years away."""
    now = clock.now()
    if due_at is not None and due_at <= now:
        raise DuePassed(_("Tenggat ini sudah lewat. Pilih waktu sesudah sekarang."))
    if due_at is not None and due_at > now + FURTHEST_DUE:
        raise DuePassed(_("Tenggat ini lebih dari tiga tahun lagi. Periksa tahunnya."))


def described(assignment: Assignment) -> str:
    """``Fotografer, Nama``: how the record names a task."""
    return f"{assignment.role.label}, {assignment.person.name}"


def told_already(due_at: datetime | None) -> datetime | None:
    """Who is told of a due time less than a day ahead needs no reminder a day ahead."""
    return due_at if due_at is not None and due_at - clock.now() <= SOON else None


def _offer(
    story: Story,
    *,
    actor: Principal,
    person_id: int,
    role_id: int,
    due_at: datetime | None,
    brief: str,
    replaces: Assignment | None,
) -> Assignment:
    office = orgs.get_office(story.office_id)
    person = _person(office, person_id)
    _check_free(story, person, role_id)
    check_due(due_at)
    now = clock.now()
    own = person.id == actor.id
    made = Assignment(
        office_id=story.office_id, story_id=story.id, role_id=role_id, person_id=person.id,
        state=AssignmentState.ACCEPTED if own else ASSIGNMENT.initial, state_since=now, due_at=due_at,
        brief=brief.strip(), opened_at=now if own else None, accepted_at=now if own else None,
        replaces_id=replaces.id if replaces else None, soon_told=told_already(due_at), created_by=actor.id,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    name_reader(story, person.id, actor=actor)
    audit.record(
        AuditAction.ASSIGNMENT_OFFERED, ("assignment", made.id), office_id=story.office_id, actor=actor,
        context=("story", story.id),
        label=described(made) + (f", {show_instant(due_at, office.zone_name)}" if due_at else ""),
        person_id=person.id, role_id=role_id, due_at=due_at.isoformat() if due_at else None,
    )  # fmt: skip
    emit(AssignmentOffered(assignment_id=made.id, story_id=story.id, actor_id=actor.id))
    return made


def _person(office: Unit, person_id: int) -> User:
    found = db.session.scalar(
        select(User).where(User.id == person_id, User.id.in_(accounts.people_ids_of(office)))
    )
    if found is None:
        raise UserError(_("Orang ini tidak (lagi) bertugas di kantor ini. Pilih orang lain."))
    return found


def _check_free(story: Story, person: User, role_id: int) -> None:
    same = db.session.scalar(
        select(Assignment)
        .where(
            Assignment.story_id == story.id, Assignment.person_id == person.id, Assignment.role_id == role_id,
            queries.is_open(),
        )
        .limit(1)
    )  # fmt: skip
    if same is not None:
        raise UserError(
            _(
                "%(name)s sudah bertugas sebagai %(role)s pada naskah ini.",
                name=person.name,
                role=same.role.label,
            )
        )
