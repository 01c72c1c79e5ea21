"""Confirming and questioning publications: one at a time, as a list, and what was questioned."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import acting_office
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Reason
from humasflow.core.guards import requires
from humasflow.core.periods import parse_period
from humasflow.core.permissions import Permission
from humasflow.core.urls import safe_local_target
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.queries import get_content_type
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import get_delivery, get_payload
from humasflow.scoring import queries
from humasflow.scoring.earning import earned_by
from humasflow.scoring.forms.verification import DisputeForm, ReverseForm
from humasflow.scoring.proof import proofs_of
from humasflow.scoring.services import verifying_many
from humasflow.scoring.services.reconsidering import (
    recount_point,
    reverse_point,
    undo_decision,
    undoable,
)
from humasflow.scoring.services.verification import (
    dispute_point,
    verify_point,
    why_not_dispute,
    why_not_verify,
)
from humasflow.scoring.views.asked import asked_number, asked_period, asked_scheme
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.trace import trace_page

NAMED = 3  # publications left out that a message names


@blueprint.get("/capaian/verifikasi")
@requires(Permission.EVIDENCE_VERIFY)
def verification() -> str:
    """What is live and waits for somebody to confirm it; ``?tampilan=daftar`` and ``dipertanyakan`` for the lists."""
    office = acting_office(current_user)
    show = {"daftar": _list, "dipertanyakan": _disputed}.get(request.args.get("tampilan", ""), _one)
    return show(office, _queue(office))


def _queue(office: Unit) -> queries.Queue:
    """What waits and matters for a score; with ``?periode=`` (and ``?skema=``) only what counts in that period, with
    ``?hitung=tidak`` what no component counts.
    """
    scheme = asked_scheme(office) if request.args.get("periode") else None
    if scheme is not None:
        within = queries.Narrowed(scheme.id, asked_period(office, scheme).key)
        return queries.Queue(office.id, current_user.id, within)
    queue = queries.queue_of(office, current_user.id)
    return replace(queue, counted=False) if queue.counted and request.args.get("hitung") == "tidak" else queue


def _common(office: Unit, queue: queries.Queue, *, waiting: int | None = None) -> dict[str, Any]:
    within, apart = queue.within, queue.counted is False
    everything = replace(queue, counted=None)  # a question is answered, whatever it is about
    uncounted = queries.count_unverified(replace(queue, counted=False)) if queue.counted else 0
    return {
        "waiting": queries.count_unverified(queue) if waiting is None else waiting,
        "disputed_count": queries.count_disputed(everything), "frozen": queries.count_frozen(everything),
        "decided": _decided(office), "together": _together(), "within": parse_period(within.period) if within else None,
        "apart": apart, "uncounted": uncounted,
        "keep": {"periode": within.period, "skema": within.scheme_id} if within
        else {"hitung": "tidak"} if apart else {},
    }  # fmt: skip


def _decided(office: Unit) -> Any:
    """What the person has just decided, while it can be taken back: ``?putusan=`` names the publication."""
    number = asked_number("putusan")
    delivery = db.session.get(Delivery, number) if number else None
    if delivery is None or delivery.office_id != office.id:
        return None
    event = undoable(current_user, delivery)
    return event and (delivery, event)


def _together() -> list[int]:
    """The same for what was confirmed together: ``?bersama=`` names the decisions, separated by commas."""
    asked = _numbers(request.args.get("bersama", "").split(","))
    if not 0 < len(asked) <= verifying_many.AT_ONCE:
        return []
    return [event.id for event in verifying_many.undoable_together(asked, actor=current_user)]


def _numbers(texts: Iterable[str]) -> list[int]:
    """Ids among what was sent; what is none is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _one(office: Unit, queue: queries.Queue) -> str:
    place = queries.place_of(queue, asked_number("di"))
    if place is None:
        return render_template("scoring/verification.html", place=None, **_common(office, queue, waiting=0))
    delivery = db.session.get_one(
        Delivery, place.delivery_id, options=[joinedload(Delivery.account), joinedload(Delivery.post)]
    )
    newest = queries.newest_events_of([delivery.id]).get(delivery.id)
    return render_template(
        "scoring/verification.html",
        place=place, delivery=delivery, where=get_office(delivery.office_id), payload=get_payload(delivery.id),
        proof=proofs_of([delivery.id])[delivery.id], earned=earned_by(delivery), seen=newest.id if newest else "",
        content_type=get_content_type(delivery.office_id, delivery.content_type_id),
        reasons=why_not_verify(current_user, delivery), reasons_to_leave=why_not_dispute(current_user, delivery),
        dispute_form=DisputeForm(formdata=None), **_common(office, queue, waiting=place.total),
    )  # fmt: skip


def _list(office: Unit, queue: queries.Queue) -> str:
    page = queries.list_unverified(queue, cursor=request.args.get("setelah"))
    proofs = proofs_of(row.delivery_id for row in page)
    own = {
        row.delivery_id
        for row in page
        if office.four_eyes and current_user.id in proofs[row.delivery_id].recorded_by
    }
    return render_template(
        "scoring/verification_list.html",
        page=page, proofs=proofs, own=own,
        complete=[r for r in page if not proofs[r.delivery_id].lacks and r.delivery_id not in own],
        **_common(office, queue),
    )  # fmt: skip


def _disputed(office: Unit, queue: queries.Queue) -> str:
    page = queries.list_disputed(replace(queue, counted=None), cursor=request.args.get("setelah"))
    proofs = proofs_of(row.delivery_id for row in page)
    return render_template(
        "scoring/verification_disputed.html",
        page=page, events=queries.newest_events_of(row.delivery_id for row in page),
        proofs=proofs,
        own={i for i, p in proofs.items() if office.four_eyes and current_user.id in p.recorded_by},
        **_common(office, queue),
    )  # fmt: skip


def _back(delivery: Delivery) -> Any:
    target = safe_local_target(request.form.get("kembali"))
    return redirect(target or url_for("publishing.detail", post_id=delivery.post_id), code=303)


def _seen(what: str = "dilihat") -> int | None:
    """The newest event, or with ``bukti`` the newest evidence, that the person had before them."""
    value = request.form.get(what, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _decide(delivery: Delivery, decide: Callable[[], object], said: str) -> Any:
    """Decide, say so and go on; where somebody else was faster, nothing is written and the person looks again."""
    try:
        decide()
    except Conflict as conflict:
        flash(conflict.message, "warning")
        return redirect(url_for("scoring.publication_trace", delivery_id=delivery.id), code=303)
    return _said(delivery, said)


def _said(delivery: Delivery, said: str) -> Any:
    # The page it leads to offers to take it back, and says what was decided there.
    if "putusan=" not in request.form.get("kembali", ""):
        flash(said, "success")
    return _back(delivery)


def _give_reason(
    delivery: Delivery, form: DisputeForm | ReverseForm, decide: Callable[[str], object], said: str
) -> Any:
    """The same with a reason. What cannot be taken as it is comes back on the page of the publication, with what was
    typed and what stands there now.
    """
    if delivery.published_at is None:
        raise NotFound
    onward = safe_local_target(request.form.get("kembali")) or ""
    if not form.validate_on_submit():
        return trace_page(delivery, reasoned=form, onward=onward), 422
    try:
        decide(form.reason.data or "")
    except Conflict as conflict:
        form.fail(form.reason, conflict.message)
        return trace_page(delivery, reasoned=form, onward=onward), 409
    return _said(delivery, said)


@blueprint.post("/capaian/verifikasi/<int:delivery_id>")
@requires(Permission.EVIDENCE_VERIFY)
def verify(delivery_id: int) -> Any:
    """Confirm a publication."""
    delivery = get_delivery(current_user, delivery_id)
    return _decide(
        delivery, lambda: verify_point(delivery, actor=current_user, seen=_seen(), proof=_seen("bukti")),
        _("Terverifikasi: %(title)s", title=delivery.title),
    )  # fmt: skip


@blueprint.post("/capaian/verifikasi/<int:delivery_id>/pertanyakan")
@requires(Permission.EVIDENCE_VERIFY)
def dispute(delivery_id: int) -> Any:
    """Question a publication with a reason."""
    delivery = get_delivery(current_user, delivery_id)
    return _give_reason(
        delivery, DisputeForm(),
        lambda reason: dispute_point(delivery, actor=current_user, reason=reason, seen=_seen()),
        _("Dicatat sebagai dipertanyakan: %(title)s", title=delivery.title),
    )  # fmt: skip


@blueprint.post("/capaian/verifikasi/<int:delivery_id>/balik")
@requires(Permission.EVIDENCE_VERIFY)
def reverse(delivery_id: int) -> Any:
    """Decide that what was questioned does not count."""
    delivery = get_delivery(current_user, delivery_id)
    return _give_reason(
        delivery, ReverseForm(),
        lambda reason: reverse_point(delivery, actor=current_user, reason=reason, seen=_seen()),
        _("Tidak dihitung lagi: %(title)s", title=delivery.title),
    )  # fmt: skip


@blueprint.post("/capaian/verifikasi/<int:delivery_id>/hitung-lagi")
@requires(Permission.EVIDENCE_VERIFY)
def recount(delivery_id: int) -> Any:
    """Decide that a live publication counts after all."""
    delivery = get_delivery(current_user, delivery_id)
    return _decide(
        delivery, lambda: recount_point(delivery, actor=current_user),
        _("Dihitung lagi dan menunggu verifikasi: %(title)s", title=delivery.title),
    )  # fmt: skip


@blueprint.post("/capaian/verifikasi/<int:delivery_id>/urungkan")
@requires(Permission.EVIDENCE_VERIFY)
def undo(delivery_id: int) -> Any:
    """Take back one's own newest decision."""
    delivery = get_delivery(current_user, delivery_id)
    return _decide(
        delivery, lambda: undo_decision(delivery, actor=current_user),
        _("Diurungkan: %(title)s", title=delivery.title),
    )  # fmt: skip


@blueprint.post("/capaian/verifikasi/banyak")
@requires(Permission.EVIDENCE_VERIFY)
def verify_many() -> Any:
    """Confirm all that were ticked and whose evidence is complete."""
    sent = request.form.getlist("pilih")
    chosen = _numbers(sent)
    if len(chosen) < len(sent):
        raise NotFound
    outcome = verifying_many.verify_many(chosen, actor=current_user)
    n = len(outcome.verified)
    back = _list_again()
    said = [ngettext("%(num)s publikasi diverifikasi.", "%(num)s publikasi diverifikasi.", n)]
    if n and urlsplit(back).path == url_for("scoring.verification"):
        # The page it leads to says so itself, and offers to take it back.
        back += ("&" if "?" in back else "?") + "bersama=" + ",".join(str(id_) for id_ in outcome.decisions)
        said = []
    if outcome.left_out:
        said.append(_left_out([(delivery.title, reasons) for delivery, reasons in outcome.left_out]))
    if said:
        flash(" ".join(said), "success" if n else "warning")
    return redirect(back, code=303)


@blueprint.post("/capaian/verifikasi/banyak/urungkan")
@requires(Permission.EVIDENCE_VERIFY)
def undo_many() -> Any:
    """Take back what was confirmed together."""
    sent = request.form.get("bersama", "").split(",")
    decisions = _numbers(sent)
    if len(decisions) < len(sent):
        raise NotFound
    taken = verifying_many.undo_many(decisions, actor=current_user)
    n = len(taken.undone)
    said = [
        ngettext("Verifikasi %(num)s publikasi diurungkan.", "Verifikasi %(num)s publikasi diurungkan.", n)
    ]
    if not n:
        said = [] if taken.left else [_("Tidak ada lagi yang dapat diurungkan.")]
    if taken.left:
        said.append(_left_as_it_is(taken.left))
    flash(" ".join(said), "success" if n else "warning")
    return redirect(_list_again(), code=303)


def _list_again() -> str:
    return safe_local_target(request.form.get("kembali")) or url_for(
        "scoring.verification", tampilan="daftar"
    )


Left = Sequence[tuple[str, Sequence[Reason]]]


def _left_out(left: Left) -> str:
    """How many were left out, why (the commonest reason first), and the first of them by name."""
    return _("%(n)s dilewati (%(why)s): %(names)s", n=len(left), **_why_and_which(left))


def _left_as_it_is(left: Left) -> str:
    """The same about what was not taken back."""
    return _("%(n)s dibiarkan (%(why)s): %(names)s", n=len(left), **_why_and_which(left))


def _why_and_which(left: Left) -> dict[str, str]:
    why = Counter(str(reason).rstrip(".") for _title, reasons in left for reason in reasons)
    names = ", ".join(f"“{title}”" for title, _reasons in left[:NAMED])
    return {
        "why": "; ".join(text for text, _times in why.most_common()),
        "names": names + ("…" if len(left) > NAMED else "."),
    }
