"""Taking a move back: another move, with its own entry in the record, asked for permission again and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.moving.asking import Ref
from humasflow.calendar.moving.loading import load
from humasflow.calendar.moving.meanwhile import find_meanwhile
from humasflow.calendar.moving.movable import Movable
from humasflow.calendar.moving.sealing import unseal
from humasflow.calendar.moving.services import Failed, MovedItem, Outcome, carry_out, refused
from humasflow.core.errors import Refused
from humasflow.planning.agenda.enums import Extent


def undo_move(text: str, *, actor: Principal) -> Outcome:
    """Put everything back where it stood, as far as it still stands where the move put it. What stands where it was
    already (pressed twice) is left alone and counts as done. Flushes. Raises BadSeal.
    """
    told = {_ref(one): one for one in unseal(actor, text)}
    known = load(actor, list(told))
    outcome = Outcome()
    for ref, one in told.items():
        movable = known.get(ref)
        if movable is None:
            outcome.failed.append(
                Failed(ref, _("Yang ini tidak ada (lagi) di kalender. Muat ulang kalendernya."))
            )
            continue
        before = movable.at
        problem = _back(movable, one, actor)
        if problem is not None:
            outcome.failed.append(problem)
        else:
            outcome.moved.append(MovedItem(ref, movable, before))
    return outcome


def look_back(text: str, *, actor: Principal) -> Outcome:
    """What the move was that this text takes back, as it stands now; without a way back where nothing stands any longer
    where it was put. Changes nothing. Raises BadSeal.
    """
    told = {_ref(one): one for one in unseal(actor, text)}
    known = load(actor, list(told), to_change=False)
    moved = [MovedItem(ref, known[ref], _instant(one["b"])) for ref, one in told.items() if ref in known]
    stands = any(item.movable.at == _instant(told[item.ref]["a"]) for item in moved)
    return Outcome(moved, undo=text if stands else None)


def _back(movable: Movable, one: Mapping[str, Any], actor: Principal) -> Failed | None:
    to, stood = _instant(one["b"]), _instant(one["a"])
    if movable.at == to:
        return None
    if movable.at != stood:
        meanwhile = find_meanwhile(movable, actor)
        said = meanwhile.said if meanwhile else _(
            "%(name)s sudah dipindahkan lagi, ke %(when)s, jadi tidak diurungkan.",
            name=movable.name, when=movable.when(movable.at),
        )  # fmt: skip
        return Failed(movable.ref, said, [said], movable, meanwhile)
    movable.recall(one)
    # What is against the person and the state is asked by the move itself.
    reasons = movable.reasons_of_time(to)
    if reasons:
        return refused(movable, Refused(reasons))
    return carry_out(movable, to, actor=actor, extent=Extent(one.get("e", Extent.ONE)))


def _ref(one: Mapping[str, Any]) -> Ref:
    return Ref(ItemKind(one["k"]), int(one["i"]), None, _instant(one.get("o")))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
