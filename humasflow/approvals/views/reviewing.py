"""Reading a package and deciding on it. Opening the page decides nothing; a decision is a form sent by a person."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.approvals import policy, queries, services
from humasflow.approvals.asking_text import ask_for_decision
from humasflow.approvals.forms import DecideForm, ObjectForm, ReturnForm
from humasflow.approvals.models import Package
from humasflow.approvals.presenting import read_package, step_lines
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.errors import Conflict, Refused
from humasflow.core.guards import signed_in
from humasflow.core.narrow import also_narrow
from humasflow.core.offline import keep_offline
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office


def _is_this_package(good_for: str, arguments: Mapping[str, Any]) -> bool:
    return good_for == services.good_for(arguments["package_id"])


@blueprint.get("/persetujuan/<int:package_id>")
@signed_in
@also_narrow(_is_this_package)
@keep_offline(tells_stories=True)
def review(package_id: int) -> Any:
    """The package as this person has to read it."""
    return page_of(queries.get_package(current_user, package_id))


def page_of(
    package: Package,
    *,
    form: ReturnForm | None = None,
    objecting: ObjectForm | None = None,
    problem: str = "",
) -> str:
    """The review page, with what was typed and what stood against it."""
    reasons = policy.reasons_not_to_decide(current_user, package)
    reading = read_package(
        package, current_user.id, since_approval=request.args.get("sejak") == "persetujuan"
    )
    office = get_office(package.office_id)
    ageing = queries.ageing_of(office)
    release = queries.get_release_of(package.id)
    return render_template(
        "approvals/review.html", package=package, reading=reading, where=office, reasons=reasons, problem=problem,
        guidance=reading.content.guidance_for(current_user),
        form=form or ReturnForm(formdata=None), step=policy.current_step(package), lines=step_lines(package),
        deciders=queries.list_deciders(package), opened=queries.openings_of(package),
        newer=queries.get_newer_for(current_user, package),
        can_recall=not policy.reasons_not_to_recall(current_user, package),
        earlier=[p for p in queries.list_packages_of(package.story_id) if p.id != package.id],
        reminders=queries.list_reminders(package), remind_reasons=policy.reasons_not_to_remind(current_user, package),
        waited=queries.in_words(ageing.waited(package.step_since), ageing.working.day_length),
        ask=ask_for_decision(package, current_user, office),
        band=ageing.band(package.step_since), release=release, objecting=objecting or ObjectForm(formdata=None),
        can_clear=release is not None and policy.can_clear(current_user, release),
        by_hand=policy.waits_for_a_hand(package), clear_reasons=policy.clear_reasons(current_user, release),
        can_release=package.state.value == "pending"
        and current_user.can(Permission.STORY_PUBLISH_URGENTLY, package.office_id),
    )  # fmt: skip


@blueprint.post("/persetujuan/<int:package_id>/dibuka")
@signed_in
@also_narrow(_is_this_package)
def package_opened(package_id: int) -> Any:
    """The page was shown to the person who is asked: a script says so, because a GET changes nothing."""
    services.record_opened(queries.get_package(current_user, package_id), actor=current_user)
    return "", 204


@blueprint.post("/persetujuan/<int:package_id>/setujui")
@signed_in
@also_narrow(_is_this_package)
def approve(package_id: int) -> Any:
    """Agree to exactly what the page showed."""
    package = queries.get_package(current_user, package_id)
    form = DecideForm()
    try:
        services.approve(package, actor=current_user, digest=form.digest.data or "", step=form.step.data)
    except (Conflict, Refused) as conflict:
        return page_of(queries.get_package(current_user, package_id), problem=conflict.message), 409
    if policy.current_step(package) is None:
        flash(_("Disetujui. Yang boleh tayang adalah persis yang Anda baca."), "success")
    elif policy.decisions_on(package, package.step):
        flash(_("Persetujuan Anda tercatat. Langkah ini masih menunggu pihak lain."), "success")
    else:
        flash(_("Langkah ini Anda setujui. Langkah berikutnya sudah diberi tahu."), "success")
    return _onward(package_id)


@blueprint.post("/persetujuan/<int:package_id>/kembalikan")
@signed_in
@also_narrow(_is_this_package)
def send_back(package_id: int) -> Any:
    """Send back with a reason; what was typed is never lost."""
    package = queries.get_package(current_user, package_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return page_of(package, form=form), 422
    try:
        services.send_back(
            package, actor=current_user, digest=form.digest.data or "", reason=form.reason.data or "",
            step=form.step.data,
        )  # fmt: skip
    except Conflict as conflict:
        return page_of(
            queries.get_package(current_user, package_id), form=form, problem=conflict.message
        ), 409
    flash(_("Dikembalikan. Alasan Anda sudah diteruskan kepada penulis."), "success")
    return _onward(package_id)


def _onward(package_id: int) -> Any:
    """To what waits next; whoever came with a code sees what became of the one thing it opened."""
    if current_user.good_for:
        return redirect(url_for("approvals.review", package_id=package_id), code=303)
    return redirect(url_for("approvals.inbox"), code=303)


@blueprint.post("/persetujuan/<int:package_id>/tarik")
@signed_in
def recall(package_id: int) -> Any:
    """Take it back before it is decided."""
    package = queries.get_package(current_user, package_id)
    services.recall(package, actor=current_user)
    flash(_("Pengajuan ditarik kembali. Naskah dapat disunting lagi."), "success")
    return redirect(url_for("pages.story", story_id=package.story_id), code=303)


@blueprint.post("/persetujuan/<int:package_id>/ingatkan")
@signed_in
def remind(package_id: int) -> Any:
    """Call it to mind now."""
    package = queries.get_package(current_user, package_id)
    services.remind(package, actor=current_user)
    flash(_("Penyetuju diingatkan sekarang."), "success")
    return redirect(url_for("approvals.review", package_id=package.id), code=303)
