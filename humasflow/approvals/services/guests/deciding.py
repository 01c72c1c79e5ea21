"""A guest agrees to exactly what the page showed, or sends it back."""

from collections.abc import Collection

from humasflow.approvals import policy
from humasflow.approvals.contents import content_of
from humasflow.approvals.enums import LinkState
from humasflow.approvals.models import Decision, GuestLink, GuestVisit, PackageSeat
from humasflow.approvals.services.deciding import Decider, agree, checked_reason, open_package, refuse
from humasflow.approvals.services.guests.visits import signature
from humasflow.approvals.services.locking import lock_link
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, Reason, Refused
from humasflow.guidelines.enums import Ticker
from humasflow.orgs.queries import get_office
from humasflow.stories.guidance import Guidance, ItemLine


def approve_as_guest(
    visit: GuestVisit, *, digest: str, step: int | None, confirmed: Collection[int] = ()
) -> Decision:
    """Agree; ``confirmed`` are the checklist items of approvers that the guest ticked on the page. Uses the link up.

    Raises Conflict when it is not what was shown or is decided already, NotAllowed, Refused. Emits as ``approve``.
    """
    link, seat, decider = _take(visit, digest, step)
    guidance = content_of(link.package).guidance_for()
    unanswered = unanswered_by_guest(guidance, confirmed)
    if unanswered:
        raise Refused(unanswered)
    said = [i.item for i in asked_of_guest(guidance) if i.item.id in confirmed]
    return _close(link, agree(link.package, seat, decider, confirmed=said))


def send_back_as_guest(visit: GuestVisit, *, digest: str, step: int | None, reason: str) -> Decision:
    """Send back with a reason. Uses the link up. Raises as :func:`approve_as_guest`, and ReasonNeeded."""
    reason = checked_reason(reason)
    link, seat, decider = _take(visit, digest, step)
    return _close(link, refuse(link.package, seat, decider, reason=reason))


def asked_of_guest(guidance: Guidance) -> list[ItemLine]:
    """The required items of approvers that nobody ticked yet: the guest confirms them with the agreement."""
    return [i for i in guidance.missing if i.item.ticker is Ticker.APPROVER]


def unanswered_by_guest(guidance: Guidance, confirmed: Collection[int]) -> list[Reason]:
    """What stands against agreeing: blocking findings, and required items that the guest has not confirmed."""
    answered = {f"item_{i.item.id}" for i in asked_of_guest(guidance) if i.item.id in confirmed}
    return [r for r in guidance.reasons_not_to_approve() if r.code not in answered]


def _take(visit: GuestVisit, digest: str, step: int | None) -> tuple[GuestLink, PackageSeat, Decider]:
    """The locked package's seat for this visit. Raises Conflict, NotAllowed."""
    if visit.identified_at is None or visit.ended_at is not None or visit.expires_at <= clock.now():
        raise NotAllowed("")
    open_package(visit.link.package, digest=digest, step=step)
    link = lock_link(visit.link)  # revoked or used while we waited; before the record, as who identifies does
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
