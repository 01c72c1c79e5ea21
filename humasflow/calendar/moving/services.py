"""Moving one thing or many: everything is checked first, then asked about, then moved, each with its own result."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.calendar.moving.asking import Ref, Where
from humasflow.calendar.moving.loading import load
from humasflow.calendar.moving.meanwhile import Meanwhile, find_meanwhile
from humasflow.calendar.moving.movable import Movable
from humasflow.calendar.moving.occasions import MovableEvent
from humasflow.calendar.moving.sealing import seal
from humasflow.calendar.moving.warning import Caution, Landing, digest_of, find_cautions
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.planning.agenda.enums import Extent


@dataclass(frozen=True)
class Failed:
    """What stayed where it was, and why. ``movable``: as it stands, None where there is no such thing (any longer)."""

    ref: Ref
    message: str
    reasons: Sequence[str] = ()
    movable: Movable | None = None
    meanwhile: Meanwhile | None = None


@dataclass(frozen=True)
class MovedItem:
    """What moved, as it stands now. ``ref``: as it was asked for. ``before`` None: it was in the tray."""

    ref: Ref
    movable: Movable
    before: datetime | None

    @property
    def said(self) -> str:
        """What became of it, in a sentence."""
        return self.movable.said(self.before)

    @property
    def has_moved(self) -> bool:
        """Not when it stood there already."""
        return self.movable.at != self.before


@dataclass
class Outcome:
    """What became of each. ``undo``: the signed text that takes it all back, None where there is nothing to."""

    moved: list[MovedItem] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    undo: str | None = None

    @property
    def message(self) -> str:
        """All of it in a sentence or two."""
        if len(self.moved) == 1 and not self.failed:
            return self.moved[0].said
        if not self.moved:
            return self.failed[0].message if len(self.failed) == 1 else _not_moved(len(self.failed))
        text = _("%(n)s dipindahkan.", n=sum(item.has_moved for item in self.moved))
        waiting = sum(getattr(i.movable, "waits_for_approval", False) for i in self.moved if i.movable.at)
        if waiting:
            text += " " + _("%(n)s belum disetujui: tidak akan tayang sebelum disetujui.", n=waiting)
        return f"{text} {_not_moved(len(self.failed))}" if self.failed else text


def _not_moved(count: int) -> str:
    return _("%(n)s tidak dapat dipindahkan.", n=count)


class NeedsDecision(Exception):
    """Nothing was moved yet: the person decides first. Not an error, so nothing of it is shown as one. ``failed``: what
    would stay whatever is decided. ``answer``: what says yes to exactly this.
    """

    def __init__(self, cautions: Sequence[Caution], failed: Sequence[Failed], answer: str) -> None:
        super().__init__(" ".join(c.text for c in cautions))
        self.cautions = tuple(cautions)
        self.failed = tuple(failed)
        self.answer = answer


def move_items(
    refs: Sequence[Ref],
    where: Where,
    *,
    actor: Principal,
    decided: bool | str = False,
    known: dict[Ref, Movable] | None = None,
) -> Outcome:
    """Move what can be moved; the rest stays and says why. ``decided``: True asks nothing, a text asks nothing that it
    is the answer to. ``known``: what was loaded to be changed already.

    Flushes. Raises :class:`NeedsDecision`, before anything is moved, when there is something to think about.
    """
    plan, failed = _plan(refs, where, actor, load(actor, refs) if known is None else known)
    order = {ref: n for n, ref in enumerate(refs)}
    agreed = decided is True
    if not agreed and (cautions := find_cautions(actor, plan, where.extent)):
        # Nobody is asked to decide about what is refused anyway.
        plan, refusals = _allowed(plan, actor)
        failed += refusals
        if refusals:
            cautions = find_cautions(actor, plan, where.extent)
        answer = digest_of(cautions, plan)
        agreed = bool(cautions) and decided == answer
        if cautions and not agreed:
            raise NeedsDecision(cautions, sorted(failed, key=lambda f: order[f.ref]), answer)
    outcome = Outcome(failed=failed)
    memory = []
    for movable, to in plan:
        before = movable.at
        problem = carry_out(movable, to, actor=actor, extent=where.extent, drop=agreed)
        if problem is not None:
            outcome.failed.append(problem)
            continue
        outcome.moved.append(MovedItem(movable.ref, movable, before))
        if can_go_back(movable, before):
            memory.append(remembered(movable, before))
    outcome.failed.sort(key=lambda failed: order[failed.ref])
    if memory:
        outcome.undo = seal(actor, memory)
    return outcome


def carry_out(
    movable: Movable, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False
) -> Failed | None:
    """Move one; what fails leaves nothing behind. ``drop``: also where something set by itself is lost."""
    if movable.stays(to):
        return None
    movable.was_undoable = movable.is_undoable
    try:
        with db.session.begin_nested():
            movable.move(to, actor=actor, extent=extent, drop=drop)
    except UserError as error:
        return refused(movable, error)
    return None


def refused(movable: Movable, error: UserError) -> Failed:
    """An error as the result of one thing."""
    reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
    return Failed(movable.ref, error.message, reasons, movable)


def can_go_back(movable: Movable, before: datetime | None) -> bool:
    """Whether there is anything to undo, and a time to go back to that is not over."""
    if movable.at == before or not movable.was_undoable:
        return False
    return before is None or not movable.needs_future or before > clock.now()


def remembered(movable: Movable, before: datetime | None) -> dict[str, Any]:
    """What an undo has to know."""
    after = movable.at
    return {
        **movable.memory(), "b": before.isoformat() if before else None, "a": after.isoformat() if after else None,
    }  # fmt: skip


def _plan(
    refs: Sequence[Ref], where: Where, actor: Principal, known: dict[Ref, Movable]
) -> tuple[list[Landing], list[Failed]]:
    plan: list[Landing] = []
    failed: list[Failed] = []
    several = _named_twice(known.values()) if where.extent is not Extent.ONE else set()
    for ref in refs:
        movable = known.get(ref)
        if movable is None:
            failed.append(Failed(ref, _("Yang ini tidak ada (lagi) di kalender. Muat ulang kalendernya.")))
            continue
        problem = _against(movable, where, actor, several)
        if isinstance(problem, Failed):
            failed.append(problem)
        else:
            plan.append((movable, problem[0]))
    return plan, failed


def _allowed(plan: list[Landing], actor: Principal) -> tuple[list[Landing], list[Failed]]:
    allowed, failed = [], []
    for movable, to in plan:
        reasons = movable.reasons(actor, to)
        if reasons:
            failed.append(refused(movable, Refused(reasons)))
        else:
            allowed.append((movable, to))
    return allowed, failed


def _against(
    movable: Movable, where: Where, actor: Principal, several: set[int]
) -> Failed | tuple[datetime | None]:
    try:
        to = movable.landing(where)
    except UserError as error:
        return refused(movable, error)
    if isinstance(movable, MovableEvent) and movable.event.id in several:
        said = _("%(name)s dipilih lebih dari sekali. Pilih satu saja, atau pindahkan “Yang ini saja”.",
                 name=movable.name)  # fmt: skip
        return Failed(movable.ref, said, [said], movable)
    # What is against the person and the state is asked by the move itself; here only along with something else.
    if not movable.stays(to) and movable.reasons_of_time(to):
        return refused(movable, Refused(movable.reasons(actor, to)))
    if movable.is_stale and not movable.stays(to):
        meanwhile = find_meanwhile(movable, actor)
        if meanwhile is not None:
            return Failed(movable.ref, meanwhile.said, [meanwhile.said], movable, meanwhile)
    return (to,)


def _named_twice(every: Any) -> set[int]:
    ids = [m.event.id for m in every if isinstance(m, MovableEvent)]
    return {i for i in ids if ids.count(i) > 1}
