"""Confirming many publications at once: those whose evidence is complete. What is left out is named with why. What was
confirmed together is taken back together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.errors import NotFound, Reason, Refused, UserError
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import get_delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import PointEvent
from humasflow.scoring.proof import proofs_of
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.reconsidering import UNDONE_WITHIN, undo_decision
from humasflow.scoring.services.verification import verify_point, why_not_verify

AT_ONCE: Final = 100


@dataclass(frozen=True)
class Outcome:
    """What became of each: confirmed, or left out with every reason. ``decisions``: ids of the events that confirmed
    them, with which they can be taken back.
    """

    verified: tuple[Delivery, ...]
    left_out: tuple[tuple[Delivery, tuple[Reason, ...]], ...]
    decisions: tuple[int, ...] = ()


@dataclass(frozen=True)
class TakenBack:
    """What became of decisions that were made together: taken back, or left as it is now, by title with every reason.
    What the person took back or decided again already is in neither.
    """

    undone: tuple[Delivery, ...]
    left: tuple[tuple[str, tuple[Reason, ...]], ...]


def verify_many(delivery_ids: Sequence[int], *, actor: Principal) -> Outcome:
    """Confirm those of the publications whose address was seen, whose picture is on the disk, and which this person may
    confirm. Safe to repeat. Raises NotFound for one that the person may not see, UserError for none or too many.
    """
    wanted = sorted(set(delivery_ids))
    if not wanted:
        raise UserError(_("Tandai paling sedikit satu publikasi."))
    _ensure_few(wanted)
    deliveries = [get_delivery(actor, delivery_id) for delivery_id in wanted]
    hold_many(wanted)
    states, proofs = queries.point_state_of(wanted), proofs_of(wanted)
    verified: list[Delivery] = []
    decisions: list[int] = []
    left_out: list[tuple[Delivery, tuple[Reason, ...]]] = []
    for delivery in deliveries:
        reasons = [*proofs[delivery.id].lacks, *why_not_verify(actor, delivery)]
        if states.get(delivery.id) is not PointState.LIVE_UNVERIFIED:
            reasons.append(Reason("decided", _("sudah diputuskan")))
        if reasons:
            left_out.append((delivery, tuple(reasons)))
            continue
        event = verify_point(delivery, actor=actor, note=_("Diverifikasi bersama: buktinya lengkap."))
        if event is not None:
            verified.append(delivery)
            decisions.append(event.id)
    return Outcome(tuple(verified), tuple(left_out), tuple(decisions))


def undoable_together(decisions: Iterable[int], *, actor: Principal) -> list[PointEvent]:
    """Of these verifications of one's own those that can still be taken back: nothing came after them, and they are
    fresh. Two statements.
    """
    mine = queries.verifications_by(actor.id, decisions)
    newest = queries.newest_events_of(event.delivery_id for event in mine)
    now = clock.now()
    return [e for e in mine if newest[e.delivery_id].id == e.id and now - e.at <= UNDONE_WITHIN]


def undo_many(decisions: Sequence[int], *, actor: Principal) -> TakenBack:
    """Urungkan: take back, in one act, what :func:`verify_many` confirmed, within the time that a single decision has.
    ``decisions``: the ids of its events. What somebody else decided meanwhile stays as it is and is named. Safe to
    repeat. Raises NotFound for what is no verification by this person, UserError for too many. Flushes.
    """
    wanted = sorted(set(decisions))
    _ensure_few(wanted)
    events = queries.verifications_by(actor.id, wanted)
    if not wanted or len(events) < len(wanted):
        raise NotFound
    hold_many([event.delivery_id for event in events])
    newest = queries.newest_events_of(event.delivery_id for event in events)
    undone: list[Delivery] = []
    left: list[tuple[str, tuple[Reason, ...]]] = []
    for event in events:
        now = newest[event.delivery_id]
        if now.id != event.id and now.actor_id == actor.id:
            continue  # taken back already, or decided anew: a second press asks for nothing more
        delivery = _seen(actor, event.delivery_id)
        if delivery is None:
            left.append((_("Naskah rahasia"), (Reason("hidden", _("tidak lagi terbuka bagi Anda")),)))
        elif now.id != event.id:
            left.append((delivery.title, (_decided_by(now),)))
        elif reasons := _undo(delivery, actor):
            left.append((delivery.title, reasons))
        else:
            undone.append(delivery)
    return TakenBack(tuple(undone), tuple(left))


def _seen(actor: Principal, delivery_id: int) -> Delivery | None:
    try:
        return get_delivery(actor, delivery_id)
    except NotFound:
        return None


def _undo(delivery: Delivery, actor: Principal) -> tuple[Reason, ...]:
    """Take one back, or say why not; nothing is written about it then."""
    try:
        undo_decision(delivery, actor=actor)
    except Refused as refused:
        return tuple(refused.reasons)
    return ()


def _decided_by(event: PointEvent) -> Reason:
    return Reason("decided", _("sudah diputuskan %(who)s", who=event.actor_label or _("humasflow")))


def _ensure_few(wanted: Sequence[int]) -> None:
    if len(wanted) > AT_ONCE:
        raise UserError(_("Paling banyak %(n)s publikasi sekali jalan.", n=AT_ONCE))
