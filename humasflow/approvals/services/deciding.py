"""A person agrees to exactly what was shown, or sends it back with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import policy
from humasflow.approvals.asking import asked, capacity_of
from humasflow.approvals.contents import content_of, is_unchanged
from humasflow.approvals.enums import PackageMove, Verdict
from humasflow.approvals.events import (
    PackageApproved,
    PackageReturned,
    PackageSeatApproved,
    PackageStepApproved,
)
from humasflow.approvals.models import Decision, Package, PackageSeat, PackageStep
from humasflow.approvals.seats import is_complete
from humasflow.approvals.services.locking import lock_package
from humasflow.approvals.services.recording import record
from humasflow.approvals.workflow import PACKAGE
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.guidelines.models import ChecklistItem
from humasflow.orgs.queries import get_office
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.services import move_story

REASON_LENGTH = 2000


class ReasonNeeded(UserError):
    """Sending back reaches the writer, who has to know why."""


@dataclass(frozen=True)
class Decider:
    """Who decides, as the record names them. Without an account ``actor`` is None and ``guest_name`` is set."""

    decided_as: str
    actor: Principal | None = None
    guest_name: str | None = None
    guest_id: int | None = None

    @property
    def id(self) -> int | None:
        """The user's id; None for a guest."""
        return self.actor.id if self.actor else None


def approve(
    package: Package, *, actor: Principal, digest: str, note: str = "", step: int | None = None
) -> Decision:
    """Agree on the current step to the content with this ``digest`` (what the page showed).

    ``step`` is the step the page showed; None skips that check. The agreement that completes the last step approves the
    package and, when it was in review, the story. Raises Conflict when the content or the decision is not what was
    shown (and says who decided), NotAllowed with all reasons when it is not this person's to decide, Refused while a
    blocking finding or an approver's required checklist item is open. Emits PackageSeatApproved, PackageStepApproved
    or PackageApproved.
    """
    require(actor, Permission.STORY_READ, package.office_id)
    package = open_package(package, digest=digest, step=step)
    seat, decider = _seat_of(actor, package)
    unanswered = content_of(package).guidance_for(actor).reasons_not_to_approve()
    if unanswered:
        raise Refused(unanswered)
    return agree(package, seat, decider, note=note)


def send_back(
    package: Package, *, actor: Principal, digest: str, reason: str, step: int | None = None
) -> Decision:
    """Send the package back; the reason reaches the writer. One who is asked is enough, whoever else is asked beside
    them. A story in review becomes a draft to be corrected; what was added to an approved story leaves the story as it
    is. Raises as :func:`approve`, and ReasonNeeded. Emits PackageReturned.
    """
    reason = checked_reason(reason)
    require(actor, Permission.STORY_READ, package.office_id)
    package = open_package(package, digest=digest, step=step)
    seat, decider = _seat_of(actor, package)
    return refuse(package, seat, decider, reason=reason)


def checked_reason(reason: str) -> str:
    """The trimmed reason. Raises ReasonNeeded, UserError."""
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya penulis tahu apa yang perlu diperbaiki."))
    if len(reason) > REASON_LENGTH:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=REASON_LENGTH, size=len(reason))
        )
    return reason


def open_package(package: Package, *, digest: str, step: int | None) -> Package:
    """The package, locked, when it still waits with exactly the content that was shown; raises Conflict otherwise."""
    package = lock_package(package)
    closed = policy.reason_closed(package)
    if closed is not None:
        raise Conflict(closed.message)
    if digest != package.digest or not is_unchanged(package) or not content_of(package).is_genuine:
        raise Conflict(policy.changed().message)
    if step is not None and step != package.step:
        raise Conflict(_moved_on(package, step))
    if policy.current_step(package) is None:
        raise LookupError(f"package {package.id} waits at step {package.step}, which it does not have")
    return package


def agree(
    package: Package,
    seat: PackageSeat,
    decider: Decider,
    *,
    note: str = "",
    confirmed: Sequence[ChecklistItem] = (),
) -> Decision:
    """Fill a seat of a package from :func:`open_package`; the caller made sure that the seat is theirs to fill.
    ``confirmed``: checklist items that were answered with the agreement itself, for the record.
    """
    decision = _decide(package, seat, Verdict.APPROVE, decider, reason=note)
    step = _step(package, seat.position)
    seats = [s for s in package.seats if s.position == step.position]
    filled = [(d.askee, d.seat) for d in policy.decisions_on(package, step.position)]
    if not is_complete(seats, filled, step.rule):
        _record(AuditAction.PACKAGE_SEAT_APPROVED, package, decision, decider, step, confirmed)
        emit(PackageSeatApproved(package_id=package.id, story_id=package.story_id, actor_id=decider.id))
        return decision
    if step.position < len(package.steps):
        package.step = step.position + 1
        package.step_since = decision.decided_at
        db.session.flush()
        _record(AuditAction.PACKAGE_STEP_APPROVED, package, decision, decider, step, confirmed)
        emit(PackageStepApproved(package_id=package.id, story_id=package.story_id, actor_id=decider.id))
        return decision
    package.state = PACKAGE.target(package.state, PackageMove.APPROVE)
    package.closed_at = package.approved_at = decision.decided_at
    db.session.flush()
    _record(AuditAction.PACKAGE_APPROVED, package, decision, decider, step, confirmed)
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.APPROVE, actor=decider.actor)
    emit(PackageApproved(package_id=package.id, story_id=package.story_id, actor_id=decider.id))
    return decision


def refuse(package: Package, seat: PackageSeat, decider: Decider, *, reason: str) -> Decision:
    """Send a package from :func:`open_package` back, with a reason from :func:`checked_reason`."""
    decision = _decide(package, seat, Verdict.RETURN, decider, reason=reason)
    package.state = PACKAGE.target(package.state, PackageMove.RETURN)
    package.closed_at = decision.decided_at
    db.session.flush()
    _record(AuditAction.PACKAGE_RETURNED, package, decision, decider, _step(package, seat.position))
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.RETURN, actor=decider.actor, reason=reason)
    emit(
        PackageReturned(package_id=package.id, story_id=package.story_id, actor_id=decider.id, reason=reason)
    )
    return decision


def _seat_of(actor: Principal, package: Package) -> tuple[PackageSeat, Decider]:
    """The seat that this person fills, and how they sign. Raises NotAllowed, Conflict."""
    office = get_office(package.office_id)
    roster = policy.roster_of(package, office)
    reasons = policy.reasons_not_to_decide(actor, package)
    seat = policy.my_seat(actor.id, package, office, roster)
    if reasons or seat is None:
        _say_who_was_quicker(actor, package)
        raise NotAllowed(" ".join(r.message for r in reasons))
    section_id = package.story.section_id
    capacity = capacity_of(
        seat, actor.id, actor.name, section_id, roster, label=_step(package, seat.position).label,
        widened=policy.is_widened(package),
    )  # fmt: skip
    return seat, Decider(capacity[:300], actor)


def _say_who_was_quicker(actor: Principal, package: Package) -> None:
    """Somebody else answered for the group or the section meanwhile, while the step still waits for others."""
    decisions = policy.decisions_on(package, package.step)
    if any(d.approver_id == actor.id for d in decisions):
        return
    roster = policy.roster_of(package, get_office(package.office_id))
    seats = {(s.askee, s.seat): s for s in package.seats if s.position == package.step}
    for decision in decisions:
        seat = seats.get((decision.askee, decision.seat))
        if seat is not None and actor.id in asked(seat, package.story.section_id, roster):
            raise Conflict(
                _(
                    "Bagian ini baru saja disetujui oleh %(who)s. Langkahnya masih menunggu pihak lain.",
                    who=decision.decided_as,
                )
            )


def _step(package: Package, position: int) -> PackageStep:
    return next(s for s in package.steps if s.position == position)


def _moved_on(package: Package, step: int) -> str:
    earlier = policy.decisions_on(package, step)
    return _(
        "Langkah %(n)s baru saja disetujui oleh %(who)s. Sekarang langkah %(now)s; muat ulang untuk melihatnya.",
        n=step, who=earlier[-1].decided_as if earlier else "", now=package.step,
    )  # fmt: skip


def _decide(
    package: Package, seat: PackageSeat, verdict: Verdict, decider: Decider, *, reason: str
) -> Decision:
    decision = Decision(
        package_id=package.id, position=seat.position, askee=seat.askee, seat=seat.seat, approver_id=decider.id,
        guest_name=decider.guest_name, guest_id=decider.guest_id, decided_as=decider.decided_as, verdict=verdict,
        reason=reason.strip()[:REASON_LENGTH], digest=package.digest, decided_at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(decision)
            db.session.flush()
    except IntegrityError as error:
        # The lock above makes this unreachable; the constraint is what guarantees it all the same.
        db.session.refresh(package)
        closed = policy.reason_closed(package)
        raise Conflict(closed.message if closed else _moved_on(package, seat.position)) from error
    db.session.expire(package, ["decisions"])
    return decision


def _record(
    action: AuditAction,
    package: Package,
    decision: Decision,
    decider: Decider,
    step: PackageStep,
    confirmed: Sequence[ChecklistItem] = (),
) -> None:
    detail: dict[str, Any] = {"reason": decision.reason} if decision.reason else {}
    if decider.guest_id is not None:
        detail["guest"] = decider.guest_id
    if confirmed:
        # The words as they were: items are reworded later.
        detail |= {"items": [i.id for i in confirmed], "confirmed": "; ".join(i.text for i in confirmed)}
    record(
        action, package, actor=decider.actor, acting_as=decision.decided_as, digest=decision.digest, step=step.label,
        position=decision.position, steps=len(package.steps), **detail,
    )  # fmt: skip
