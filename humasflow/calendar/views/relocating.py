"""Pindahkan ke…: the twin of dragging without dragging, for one thing or many, with the way back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar import moving
from humasflow.calendar.forms import MoveForm
from humasflow.calendar.moving import BadAsk, Caution, Failed, Movable, NeedsDecision, Outcome, Ref
from humasflow.calendar.moving.asking import read_clock, read_day
from humasflow.calendar.moving.kinds import MovablePost
from humasflow.calendar.moving.movable import TRAY_TIME
from humasflow.calendar.moving.occasions import MovableEvent
from humasflow.calendar.pace import SlotOffer
from humasflow.calendar.views.blueprint import blueprint
from humasflow.calendar.views.moving import MOVERS, calendar_at
from humasflow.calendar.views.slot_choice import offer_for, picked_slot
from humasflow.core.errors import NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import to_local
from humasflow.publishing import policy as publishing_policy

# What a form that was sent twice remembers of its first answer is cut off there.
LONGEST_ADDRESS: Final = 480


@dataclass(frozen=True)
class Said:
    """What a person is told instead of a move: what to think about, what stays, and the answer that says yes."""

    cautions: Sequence[Caution] = ()
    failed: Sequence[Failed] = ()
    answer: str = ""

    @property
    def status(self) -> int:
        """Of the page that says it, after a form was sent."""
        return 409 if self.cautions or any(f.meanwhile for f in self.failed) else 422


@blueprint.route("/kalender/pindahkan", methods=["GET", "POST"])
@requires(*MOVERS)
def relocate() -> Any:
    """Move one thing or many (``item``); ``hari`` and ``jam`` propose where to. With ``urungkan`` (the text that takes
    a move back): what was moved.
    """
    if request.method == "GET" and "urungkan" in request.args:
        return _done(request.args["urungkan"])
    try:
        refs = moving.read_refs([*request.values.getlist("item"), *request.args.getlist("pilih")])
    except BadAsk as error:
        flash(error.message, "error")
        return redirect(url_for("calendar.month"), code=303)
    known = moving.load(current_user, refs, to_change=request.method == "POST")
    if not known:
        raise NotFound
    form = MoveForm()
    if not form.is_submitted():
        _propose(form, list(known.values()))
        return _page(
            form, [replace(ref, row_version=m.thing.row_version) for ref, m in known.items()], refs, known
        )
    outcome, said = _try(form, refs, known)
    if outcome is not None:
        return _moved(outcome)
    # Only what somebody else did and this page says is seen by this; the rest stays as the person knew it.
    told = {f.ref for f in said.failed if f.meanwhile}
    seen = [replace(ref, row_version=m.thing.row_version) if ref in told else ref for ref, m in known.items()]
    return _page(form, seen, refs, known, said), said.status


def _try(form: MoveForm, refs: Sequence[Ref], known: dict[Ref, Movable]) -> tuple[Outcome | None, Said]:
    """What became of it, if anything moved; else what to say."""
    slot = picked_slot()
    if slot is not None:
        form.take(slot)
    if not form.validate():
        return None, Said()
    try:
        where = slot or form.where()
        decided = request.form.get("tetap", "")
        outcome = moving.move_items(refs, where, actor=current_user, decided=decided, known=known)
    except NeedsDecision as asked:
        return None, Said(asked.cautions, asked.failed, asked.answer)
    except BadAsk as error:
        form.fail(form.field_of(error.part), error.message)
        return None, Said()
    return (outcome, Said()) if outcome.moved else (None, Said((), outcome.failed))


def _moved(outcome: Outcome) -> Any:
    """On to a page of its own, so that a form sent twice leads there as well; of a large move the result at once."""
    stand = [i.movable for i in outcome.moved]
    if not outcome.failed and outcome.undo is None:
        flash(outcome.message, "success")
        return redirect(calendar_at(stand), code=303)
    address = url_for("calendar.relocate", urungkan=outcome.undo)
    if outcome.failed or len(address) > LONGEST_ADDRESS:
        return _result(outcome)
    return redirect(address, code=303)


def _done(text: str) -> Any:
    try:
        outcome = moving.look_back(text, actor=current_user)
    except UserError as error:
        flash(error.message, "error")
        return redirect(url_for("calendar.month"), code=303)
    if not outcome.moved:
        raise NotFound
    return _result(outcome)


def _result(outcome: Outcome) -> str:
    back = calendar_at([i.movable for i in outcome.moved])
    return render_template("calendar/move_done.html", outcome=outcome, back=back)


def _page(
    form: MoveForm, seen: Sequence[Ref], asked: Sequence[Ref], known: dict[Ref, Movable], said: Said = Said()
) -> str:
    """``seen``: what the form names when it is sent."""
    things = list(known.values())
    alone = things[0] if len(things) == 1 else None
    post = alone.post if isinstance(alone, MovablePost) else None
    return render_template(
        "calendar/move.html", form=form, things=things, said=said, refs=seen, missing=len(asked) - len(known),
        repeats=any(isinstance(m, MovableEvent) and m.shown.repeats for m in things),
        releases=all(isinstance(m, MovablePost) and m.at for m in things),
        waiting=[m for m in things if isinstance(m, MovablePost) and m.waits_for_approval],
        timeless=all(not m.has_clock for m in things), back=calendar_at(things), where=_where(things),
        post=post, by_hand=post is not None and publishing_policy.is_by_hand(post.account),
        reasons=alone.reasons_of_person(current_user) if alone is not None and not said.failed else [],
        slots=_slots_of(alone),
    )  # fmt: skip


def _where(things: Sequence[Movable]) -> Any:
    """Whose clock the form is filled in by."""
    offices = {m.office.id: m.office for m in things}
    return next(iter(offices.values())) if len(offices) == 1 else acting_office(current_user)


def _slots_of(alone: Movable | None) -> SlotOffer | None:
    """Free posting times for one publication; several each have their own, on their own pages."""
    return offer_for(alone.post, alone.office) if isinstance(alone, MovablePost) else None


def _propose(form: MoveForm, known: Sequence[Movable]) -> None:
    """What was clicked (for work that is to be done, a day to come), else where the one thing stands, else today."""
    today = today_at(_where(known))
    alone = known[0] if len(known) == 1 else None
    stands = to_local(alone.at, alone.zone) if alone is not None and alone.at is not None else None
    asked = _asked_day()
    if asked is not None and any(m.needs_future for m in known):
        asked = max(asked, today)
    form.day.data = asked or (stands.date() if stands else today)
    form.time.data = _asked_clock()
    if form.time.data is None and alone is not None and alone.has_clock:
        form.time.data = stands.time() if stands else TRAY_TIME


def _asked_day() -> date | None:
    try:
        return read_day(request.args.get("hari", ""))
    except BadAsk:
        return None


def _asked_clock() -> time | None:
    try:
        return read_clock(request.args.get("jam", ""))
    except BadAsk:
        return None


__all__ = ["relocate"]
