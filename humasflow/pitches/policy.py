"""Who sees a pitch, who completes it, who decides; services, pages and buttons ask the same questions."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.models import Pitch
from humasflow.pitches.workflow import PITCH


def can_see(actor: Principal, pitch: Pitch) -> bool:
    """An own pitch always; everybody's with ``pitch:read-all`` in its office."""
    return pitch.author_id == actor.id or actor.can(Permission.PITCH_READ_ALL, pitch.office_id)


def reasons_not_to_edit(actor: Principal, pitch: Pitch, *, decider: str = "") -> list[Reason]:
    """Why the person cannot complete the pitch now. ``decider`` is the name of who decided about it."""
    reasons: list[Reason] = []
    if pitch.author_id != actor.id:
        reasons.append(Reason("not_author", _("Usulan dilengkapi oleh pengirimnya sendiri.")))
    if pitch.state is not PitchState.NEW:
        reasons.append(Reason("decided", decided_sentence(pitch, decider)))
    return reasons


def reasons_not_to_move(
    actor: Principal, pitch: Pitch, move: PitchMove, *, reason: str | None = None, decider: str = ""
) -> list[Reason]:
    """Every reason why the move is not possible now. ``reason`` None means: not asked yet (for showing buttons)."""
    reasons: list[Reason] = []
    if not actor.can(Permission.PITCH_TRIAGE, pitch.office_id):
        reasons.append(Reason("not_editor", _("Usulan diputuskan oleh redaktur.")))
    if not PITCH.allows(pitch.state, move):
        reasons.append(Reason("state", decided_sentence(pitch, decider)))
    if reason is not None and PITCH.needs_reason(move) and not reason.strip():
        reasons.append(Reason("needs_reason", _("Tuliskan alasannya, supaya pengusul tahu.")))
    return reasons


def moves_for(actor: Principal, pitch: Pitch) -> list[PitchMove]:
    """The moves that the person can make now, in the order of the table."""
    return [m for m in PitchMove if not reasons_not_to_move(actor, pitch, m)]


def decided_sentence(pitch: Pitch, decider: str) -> str:
    """What became of the pitch and through whom, for somebody who wanted to do something else with it."""
    who = decider or _("Redaktur")
    if pitch.state is PitchState.ACCEPTED:
        return _("%(who)s sudah menerima usulan ini menjadi naskah.", who=who)
    if pitch.state is PitchState.PARKED:
        return _("%(who)s sudah menyimpan usulan ini untuk nanti.", who=who)
    if pitch.state is PitchState.REJECTED:
        return _("%(who)s sudah menolak usulan ini dengan alasan: %(reason)s", who=who, reason=pitch.reason)
    return _("Usulan ini masih baru dan menunggu keputusan.")
