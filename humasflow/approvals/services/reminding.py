"""What waits is called to mind, by the office's figures or by hand; what waits too long is passed on.

Each reminder is a row under a constraint before anybody is told, so that a job that runs twice, or two at once, tells
once; and the reminders a stopped worker missed are not made up for all at once.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require_here
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import policy, queries
from humasflow.approvals.asking import asked
from humasflow.approvals.enums import EscalateTo, PackageState, ReminderKind
from humasflow.approvals.events import ReviewEscalated, ReviewReminded
from humasflow.approvals.models import ApprovalSettings, Package, Reminder
from humasflow.approvals.policy.reminding import QUIET
from humasflow.approvals.services.guests import ask_guests_of_step
from humasflow.approvals.services.locking import lock_package
from humasflow.approvals.services.recording import record
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, TooMany
from humasflow.core.events import emit
from humasflow.core.permissions import Permission, Role
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office

MOST_REMINDERS = 3  # of one step by itself: after that it is the escalation's turn


def remind(package: Package, *, actor: Principal) -> Reminder:
    """Call the waiting step to mind now, at most once in four hours whoever asks. A guest whom the chain asks gets a
    new link, because nobody knows the address of the earlier one any more. Raises Refused, TooMany. Emits
    ReviewReminded, GuestAsked. Flushes.
    """
    require_here(actor, package.office_id)
    package = lock_package(package)
    reasons = policy.reasons_not_to_remind(actor, package)
    soon = next((r for r in reasons if r.code == "too_soon"), None)
    if soon is not None:
        raise TooMany(soon.message, retry_after=int(QUIET.total_seconds()))
    if reasons:
        raise Refused(reasons)
    number = 1 + (
        db.session.scalar(
            select(func.max(Reminder.number)).where(
                Reminder.package_id == package.id, Reminder.position == package.step,
                Reminder.kind == ReminderKind.BY_HAND,
            )
        )
        or 0
    )  # fmt: skip
    reminder_id = _note(package, ReminderKind.BY_HAND, number, sent_by=actor.id)
    if reminder_id is None:
        raise LookupError(f"reminder {number} of package {package.id} exists although the package is locked")
    ask_guests_of_step(package, again=True)
    _record_reminder(package, actor=actor.user, number=number)
    emit(
        ReviewReminded(
            package_id=package.id, story_id=package.story_id, reminder_id=reminder_id, actor_id=actor.id
        )
    )
    return db.session.get_one(Reminder, reminder_id)


def list_due() -> list[int]:
    """The waiting packages of the offices that are at work now and want reminders or escalations."""
    found: list[int] = []
    for settings in db.session.scalars(
        select(ApprovalSettings)
        .where((ApprovalSettings.remind_hours > 0) | (ApprovalSettings.escalate_hours > 0))
        .order_by(ApprovalSettings.office_id)
    ):
        # Only while people are at work: a worker that was away does not write to anybody on a Sunday.
        if queries.ageing_of(get_office(settings.office_id)).working.covers(clock.now()):
            found += db.session.scalars(
                select(Package.id)
                .where(Package.office_id == settings.office_id, Package.state == PackageState.PENDING)
                .order_by(Package.step_since, Package.id)
            )
    return found


def remind_if_due(package_id: int) -> int:
    """Remind and escalate what is due on one package, which is locked first, as everybody does who decides on it.
    Returns how much was told. Emits ReviewReminded, ReviewEscalated, GuestAsked. Flushes.
    """
    package = lock_package(db.session.get_one(Package, package_id))
    settings = queries.get_settings(package.office_id)
    if package.state is not PackageState.PENDING or settings is None:
        return 0
    office = get_office(package.office_id)
    ageing = queries.ageing_of(office)
    waited, told = ageing.waited(package.step_since), 0
    if ageing.escalate and waited >= ageing.escalate:
        told += _escalate(package, office, settings.escalate_to)
    due = min(int(waited / ageing.remind), MOST_REMINDERS) if ageing.remind else 0
    return told + (_remind(package, due) if due else 0)


def _remind(package: Package, number: int) -> bool:
    """The newest reminder that is due; earlier ones that were missed are left out."""
    reminder_id = _note(package, ReminderKind.AUTOMATIC, number)
    if reminder_id is None:
        return False
    ask_guests_of_step(package, again=True)
    _record_reminder(package, actor=None, number=number)
    emit(
        ReviewReminded(
            package_id=package.id, story_id=package.story_id, reminder_id=reminder_id, actor_id=None
        )
    )
    return True


def _escalate(package: Package, office: Unit, to: EscalateTo) -> bool:
    """Once for a step."""
    reminder_id = _note(package, ReminderKind.ESCALATION, 1, to=to)
    if reminder_id is None:
        return False
    people = _people(package, office, to)
    record(
        AuditAction.REVIEW_ESCALATED, package, actor=None, position=package.step, to=to.value,
        label=", ".join(u.name for u in people),
    )  # fmt: skip
    emit(
        ReviewEscalated(
            package_id=package.id, story_id=package.story_id, reminder_id=reminder_id,
            user_ids=tuple(u.id for u in people), may_decide=to is EscalateTo.OFFICE,
        )
    )  # fmt: skip
    return True


def _people(package: Package, office: Unit, to: EscalateTo) -> Sequence[User]:
    """Whom the office names; its lead when that is nobody, and its admins (who can appoint an acting head) at last."""
    if to is EscalateTo.NEXT_STEP:
        roster = policy.roster_of(package, office)
        barred = policy.barred_from(package, office, roster)
        ids = {
            i
            for s in package.seats
            if s.position == package.step + 1
            for i in asked(s, package.story.section_id, roster, barred=barred)
        }
        found = db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)).all()
        if found:
            return found
    if to is EscalateTo.OFFICE and (deciders := queries.list_deciders(package)):
        return deciders
    leads = list_people_with(Permission.STORY_READ, office, roles=[Role.LEAD])
    return leads or list_people_with(Permission.ACCOUNT_MANAGE, office)


def _note(
    package: Package,
    kind: ReminderKind,
    number: int,
    *,
    to: EscalateTo | None = None,
    sent_by: int | None = None,
) -> int | None:
    """Write the reminder down; None when it stands there already."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    found: int | None = db.session.scalar(
        insert(Reminder)
        .values(
            package_id=package.id, position=package.step, kind=kind, number=number, to=to, sent_by=sent_by,
            sent_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["package_id", "position", "kind", "number"])
        .returning(Reminder.id)
    )  # fmt: skip
    return found


def _record_reminder(package: Package, *, actor: User | None, number: int) -> None:
    step = policy.current_step(package)
    record(
        AuditAction.REVIEW_REMINDED, package, actor=actor, position=package.step, number=number,
        label=step.label if step else "",
    )  # fmt: skip
