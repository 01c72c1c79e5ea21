"""Posting by hand: everything ready to copy, then where, when and a picture of the screen."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.core.guards import signed_in
from humasflow.core.localtime import from_local, to_local
from humasflow.core.permissions import Permission
from humasflow.core.unit_of_work import keep
from humasflow.core.whatsapp import link_to
from humasflow.orgs.queries import get_office
from humasflow.posts.models import Post
from humasflow.publishing import policy, queries, services
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.forms import EvidenceForm, MarkLiveForm
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.manual import (
    AlreadyRecorded,
    ConfirmationNeeded,
    NothingAdded,
    WrongAddress,
    WrongPicture,
    WrongTime,
)
from humasflow.publishing.views.blueprint import blueprint
from humasflow.publishing.views.detail import acts_of, left_to_people, show
from humasflow.publishing.views.shared import (
    Screenshot,
    get_post,
    kit_of,
    payload_of,
    platform_link,
)

REFUSALS = (
    WrongAddress, ConfirmationNeeded, AlreadyRecorded, WrongTime, WrongPicture, NothingAdded, Refused, Conflict,
)  # fmt: skip


def _may_post(actor: Principal, post: Post, delivery: Delivery | None) -> bool:
    mine = delivery is not None and delivery.assignee_id == actor.id
    return mine or actor.can(Permission.EVIDENCE_RECORD, post.office_id)


@dataclass
class _Answer:
    """What became of a sent form: ``saved``, or what to say about it."""

    screenshot: Screenshot
    saved: bool = False
    other_post_id: int | None = None
    doubt: bool = False


@blueprint.route("/publikasi/<int:post_id>/tandai-tayang", methods=["GET", "POST"])
@signed_in
def mark_live(post_id: int) -> Any:
    """For the person of the account, and for whoever may record any: copy, post, say where and when."""
    post = get_post(post_id)
    delivery = queries.get_current_delivery(post)
    if not _may_post(current_user, post, delivery):
        raise NotAllowed(_("Tugas ini untuk orang yang memegang kanalnya, atau untuk redaktur."))
    local = to_local(clock.now(), get_office(post.office_id).zone_name)
    form = MarkLiveForm(published_on=local.date(), published_time=local.time().replace(second=0))
    if not form.is_submitted():
        return _task_page(post, delivery, form)
    if delivery is None:
        raise NotFound
    if delivery.state is DeliveryState.PUBLISHED:  # a colleague was faster, or the back button
        flash(_("Publikasi ini sudah ditandai tayang."), "info")
        return redirect(_after(post), code=303)
    answer = _record(delivery, form)
    if answer.saved:
        flash(_("Tercatat tayang. Terima kasih."), "success")
        return redirect(_after(post), code=303)
    keep()  # the screenshot was received, and need not be chosen again
    return _task_page(post, delivery, form, answer), 422


def _record(delivery: Delivery, form: MarkLiveForm) -> _Answer:
    answer = _Answer(Screenshot(delivery.office_id))
    day, hour = form.published_on.data, form.published_time.data
    if not form.validate() or answer.screenshot.error or day is None or hour is None:
        return answer
    try:
        with db.session.begin_nested():
            services.record_manual(
                delivery, actor=current_user, url=form.url.data or "",
                published_at=from_local(day, hour, get_office(delivery.office_id).zone_name),
                screenshot=answer.screenshot.asset, note=form.note.data or "", confirmed=form.confirmed.data,
                shown=request.form.get("isi", ""),
            )  # fmt: skip
    except REFUSALS as error:
        _explain(form, error, answer)
    else:
        answer.saved = True
    return answer


def _task_page(
    post: Post, delivery: Delivery | None, form: MarkLiveForm, answer: _Answer | None = None
) -> str:
    payload = payload_of(post, delivery)
    kit = kit_of(post.account, payload) if payload else None
    state = delivery.state if delivery is not None else None
    return render_template(
        "publishing/mark_live.html", **left_to_people(delivery), post=post, delivery=delivery,
        acts=acts_of(post, delivery), by_hand=policy.is_by_hand(post.account), form=form, payload=payload, kit=kit,
        ready=state in (DeliveryState.MANUAL_DUE, DeliveryState.UNKNOWN), live=state is DeliveryState.PUBLISHED,
        unready=_why_not_ready(post, delivery), platform_url=platform_link(post.account), answer=answer,
        where=get_office(post.office_id), whatsapp=link_to(kit.text if kit else post.story.title),
    )  # fmt: skip


def _why_not_ready(post: Post, delivery: Delivery | None) -> list[Any]:
    if delivery is not None and delivery.state in (DeliveryState.MANUAL_DUE, DeliveryState.UNKNOWN):
        return []
    return list(policy.reasons_not_to_publish_now(current_user, post, delivery))


def _after(post: Post) -> str:
    if current_user.can(Permission.STORY_READ, post.office_id):
        return url_for("publishing.detail", post_id=post.id)
    return url_for("publishing.index")


def _explain(form: MarkLiveForm | EvidenceForm, error: UserError, answer: _Answer) -> None:
    """Put the service's answer beside the field it is about."""
    if isinstance(error, WrongTime) and isinstance(form, MarkLiveForm):
        form.fail(form.published_time, error.message)
    elif isinstance(error, NothingAdded):
        form.fail(form.note, error.message)
    elif isinstance(error, WrongPicture):
        answer.screenshot.error = error.message
    else:
        form.fail(form.url, error.message)
    answer.other_post_id = error.post_id if isinstance(error, AlreadyRecorded) else None
    answer.doubt = isinstance(error, ConfirmationNeeded)


@blueprint.post("/publikasi/<int:post_id>/bukti")
@signed_in
def add_evidence(post_id: int) -> Any:
    """A further row of evidence on a live publication."""
    post = get_post(post_id)
    delivery = queries.get_current_delivery(post)
    if delivery is None:
        raise NotFound
    reasons = policy.reasons_not_to_add_evidence(current_user, delivery)
    if reasons:
        raise Refused(reasons)
    form = EvidenceForm()
    answer = _Answer(Screenshot(post.office_id))
    if form.validate() and not answer.screenshot.error:
        try:
            with db.session.begin_nested():
                services.add_evidence(
                    delivery, actor=current_user, url=form.url.data or "", screenshot=answer.screenshot.asset,
                    note=form.note.data or "", confirmed=form.confirmed.data,
                )  # fmt: skip
        except REFUSALS as error:
            _explain(form, error, answer)
        else:
            flash(_("Bukti ditambahkan. Catatan sebelumnya tetap ada."), "success")
            return redirect(_after(post), code=303)
    keep()
    return show(post, evidence_form=form, answer=answer), 422
