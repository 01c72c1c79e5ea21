"""Moving by dragging, as the page's script asks for it, and taking a move back."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.calendar import moving
from humasflow.calendar.moving import Failed, Movable, NeedsDecision, Outcome, Ref
from humasflow.calendar.views.blueprint import blueprint
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import show_time, to_local
from humasflow.core.negotiation import wants_json
from humasflow.core.permissions import Permission

# Whoever moves anything at all; each thing asks for its own.
MOVERS = (Permission.POST_SCHEDULE, Permission.STORY_WRITE, Permission.OFFICE_MANAGE)


@blueprint.post("/kalender/pindah")
@requires(*MOVERS)
def move() -> Any:
    """Move one thing or many. Answers JSON: what moved, what did not, and a signed text that takes it back; or 409 with
    what to think about first, or with what somebody else did meanwhile; or 422 with reasons.
    """
    try:
        outcome = moving.move_items(
            moving.read_refs(request.form.getlist("item")), moving.read_where(request.form),
            actor=current_user, decided=request.form.get("tetap", ""),
        )  # fmt: skip
    except NeedsDecision as asked:
        return {
            "warnings": [{"text": c.text} for c in asked.cautions], "answer": asked.answer,
            "message": _("Perlu dipastikan dahulu."), **_stayed(asked.failed),
        }, 409  # fmt: skip
    except UserError as error:
        return {"error": error.message, "reasons": [error.message]}, 422
    return _answer(outcome)


@blueprint.post("/kalender/pindah/urungkan")
@requires(*MOVERS)
def undo_move() -> Any:
    """Take a move back. Answers as moving does; without a script, leads to the calendar."""
    try:
        outcome = moving.undo_move(request.form.get("undo", ""), actor=current_user)
    except UserError as error:
        if wants_json():
            return {"error": error.message, "reasons": [error.message]}, 422
        raise
    message = _back_again(outcome)
    if wants_json():
        return _answer(outcome, message)
    flash(message, "info" if outcome.failed else "success")
    stand = [i.movable for i in outcome.moved] or [f.movable for f in outcome.failed if f.movable]
    return redirect(calendar_at(stand), code=303)


def _back_again(outcome: Outcome) -> str:
    if outcome.failed:
        return outcome.message
    if len(outcome.moved) == 1:
        movable = outcome.moved[0].movable
        if movable.at is None:
            return _("%(name)s kembali ke daftar yang belum dijadwalkan.", name=movable.name)
        return _("%(name)s kembali ke %(when)s.", name=movable.name, when=movable.when(movable.at))
    return _("%(n)s kembali ke tempat semula.", n=len(outcome.moved))


def _answer(outcome: Outcome, message: str = "") -> Any:
    stayed = _stayed(outcome.failed)
    if outcome.moved:
        items = [_item(i.ref, i.movable) for i in outcome.moved]
        return {
            **stayed, "message": message or outcome.message, "items": items + stayed.get("items", []),
            "undo": outcome.undo,
        }  # fmt: skip
    if outcome.failed and all(f.meanwhile for f in outcome.failed):
        return {"error": outcome.message, "current": _current(outcome.failed[0]), **stayed}, 409
    reasons = list(dict.fromkeys(reason for f in outcome.failed for reason in f.reasons or (f.message,)))
    return {"error": outcome.message, "reasons": reasons, **stayed}, 422


def _stayed(failed: Iterable[Failed]) -> dict[str, Any]:
    """What did not move and why; and, as ``items``, where that stands which somebody else moved meanwhile."""
    told: dict[str, Any] = {"failed": [_failed(f) for f in failed]}
    overtaken = [_item(f.ref, f.movable) for f in failed if f.meanwhile is not None and f.movable is not None]
    return told | ({"items": overtaken} if overtaken else {})


def _failed(failed: Failed) -> dict[str, Any]:
    return {
        "kind": failed.ref.kind.value, "id": failed.ref.id, "item": str(failed.ref), "message": failed.message,
        "title": failed.movable.title if failed.movable else "",
    }  # fmt: skip


def _current(failed: Failed) -> dict[str, Any]:
    movable, meanwhile = failed.movable, failed.meanwhile
    stands = _spot(movable) if movable is not None else {}
    return {
        "day": stands.get("day", ""), "clock": stands.get("clock", ""),
        "by": meanwhile.by if meanwhile else "",
        "at": meanwhile.at.replace(microsecond=0).isoformat() if meanwhile else "",
    }  # fmt: skip


def _spot(movable: Movable) -> dict[str, str]:
    at = movable.at
    if at is None:
        return {"day": "", "clock": "", "time": ""}
    local = to_local(at, movable.zone)
    has_clock = movable.has_clock
    return {
        "day": local.date().isoformat(), "clock": local.strftime("%H:%M") if has_clock else "",
        "time": show_time(at, movable.zone) if has_clock else "",
    }  # fmt: skip


def _item(ref: Ref, movable: Movable) -> dict[str, Any]:
    """One thing as it stands. ``item``: as the page called it; its number and occurrence may be others now."""
    state, label, tone, icon, state_icon = movable.look()
    return {
        "item": str(ref), "kind": movable.kind.value, "id": movable.subject[1],
        "occurrence": movable.occurrence.isoformat() if movable.occurrence else "",
        "row_version": movable.thing.row_version, **_spot(movable), "title": movable.title,
        "state": state, "label": label, "tone": tone, "icon": icon, "state_icon": state_icon,
    }  # fmt: skip


def calendar_at(movables: Iterable[Movable]) -> str:
    """The month in which the first of them stands."""
    day = next((m.day for m in movables if m.day is not None), None)
    return url_for("calendar.month", tampilan="bulan", hari=day.isoformat() if day else None)


__all__ = ["calendar_at", "move", "undo_move"]
