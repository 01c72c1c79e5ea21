"""A guest agrees to exactly what the page showed, or sends it back."""

from collections.abc import Collection

from humasflow.approvals import policy
from humasflow.approvals.contents import content_of
from humasflow.approvals.enums import LinkState
from humasflow.approvals.models import Decision, GuestLink, GuestVisit, PackageSeat
from humasflow.approvals.services.deciding import Decider, agree, checked_reason, open_package, refuse
from humasflow.approvals.services.guests.visits import signature
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, Reason, Refused
from humasflow.guidelines.enums import Ticker
from humasflow.orgs.queries import get_office


def approve_as_guest(
    visit: GuestVisit, *, digest: str, step: int | None, confirmed: Collection[int] = ()
) -> Decision:
    """Agree; ``confirmed`` are the checklist items of approvers that the guest ticked on the page. Uses the link up.

    Raises Conflict when it is not what was shown or is decided already, NotAllowed, Refused. Emits as ``approve``.
    """
    link, seat, decider = _take(visit, digest, step)
    unanswered = unanswered_by_guest(link, confirmed)
    if unanswered:
        raise Refused(unanswered)
    return _close(link, agree(link.package, seat, decider))


def send_back_as_guest(visit: GuestVisit, *, digest: str, step: int | None, reason: str) -> Decision:
    """Send back with a reason. Uses the link up. Raises as :func:`approve_as_guest`, and ReasonNeeded."""
    reason = checked_reason(reason)
    link, seat, decider = _take(visit, digest, step)
    return _close(link, refuse(link.package, seat, decider, reason=reason))


def unanswered_by_guest(link: GuestLink, confirmed: Collection[int] = ()) -> list[Reason]:
    """What stands against agreeing: blocking findings, and required items that the guest has not confirmed."""
    guidance = content_of(link.package).guidance_for()
    answered = {
        f"item_{i.item.id}"
        for i in guidance.missing
        if i.item.ticker is Ticker.APPROVER and i.item.id in confirmed
    }
    return [r for r in guidance.reasons_not_to_approve() if r.code not in answered]


def _take(visit: GuestVisit, digest: str, step: int | None) -> tuple[GuestLink, PackageSeat, Decider]:
    """The locked package's seat for this visit. Raises Conflict, NotAllowed."""
    if visit.identified_at is None or visit.ended_at is not None or visit.expires_at <= clock.now():
        raise NotAllowed("")
    link = visit.link
    open_package(link.package, digest=digest, step=step)
    db.session.refresh(link)  # revoked or used while we waited for the lock
    seat = policy.seat_of(link)
    reasons = policy.reasons_guest_cannot_decide(link, get_office(link.office_id))
    if reasons or seat is None:
        taken = any(r.code in ("seat_taken", "link") for r in reasons)
        raise (Conflict if taken else NotAllowed)(" ".join(r.message for r in reasons))
    return link, seat, Decider(signature(link), guest_name=link.guest.name, guest_id=link.guest_id)


def _close(link: GuestLink, decision: Decision) -> Decision:
    link.state, link.closed_at, link.decision_id = LinkState.USED, clock.now(), decision.id
    db.session.flush()
    return decision
