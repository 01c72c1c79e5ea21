"""Letting something out unapproved because it is urgent, and agreeing to it afterwards."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.approvals import policy, queries, services
from humasflow.approvals.contents import content_of, content_to_submit
from humasflow.approvals.forms import ClearForm, ObjectForm, UrgentForm
from humasflow.approvals.models import Package, UrgentRelease
from humasflow.approvals.presenting import previews_of
from humasflow.approvals.services.urgent import ReasonTooShort
from humasflow.approvals.views.blueprint import blueprint
from humasflow.approvals.views.reviewing import page_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.stories import queries as stories
from humasflow.stories.models import Story


@blueprint.route("/naskah/<int:story_id>/terbitkan-mendesak", methods=["GET", "POST"])
@requires(Permission.STORY_PUBLISH_URGENTLY)
def release(story_id: int) -> Any:
    """What would go out, what that means, and why it cannot wait."""
    story = stories.get_story(current_user, story_id)
    form = UrgentForm()
    if not form.validate_on_submit():
        return _page(story, form), 422 if form.is_submitted() else 200
    try:
        with db.session.begin_nested():  # whatever stops it halfway, the page shows what stood before
            services.release_urgently(
                story, actor=current_user, digest=form.digest.data or "", reason=form.reason.data or "",
                at_once=bool(form.at_once.data),
            )  # fmt: skip
    except ReasonTooShort as short:
        form.fail(form.reason, short.message)
        return _page(story, form), 422
    except Refused as refused:
        return _page(story, form, problem=" ".join(r.message for r in refused.reasons)), 409
    except UserError as error:
        if error.status not in (409, 422):
            raise
        return _page(story, form, problem=error.message), error.status
    flash(_("Diterbitkan tanpa persetujuan. Penyetuju diminta mengesahkannya sesudah tayang."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _page(story: Story, form: UrgentForm, *, problem: str = "") -> str:
    pending_id = policy.pending_package_id(story.id)
    pending = db.session.get_one(Package, pending_id) if pending_id is not None else None
    content = content_of(pending) if pending is not None else content_to_submit(story)
    office = get_office(story.office_id)
    until = story.embargo_until
    steps = queries.steps_for(story.office_id, story.content_type_id) if pending is None else pending.steps
    return render_template(
        "approvals/release.html", story=story, content=content, previews=previews_of(content), form=form, where=office,
        pending=pending, problem=problem, embargo=until if until is not None and until > clock.now() else None,
        can_schedule=current_user.can(Permission.POST_SCHEDULE, story.office_id),
        reasons=policy.reasons_not_to_release(current_user, content, pending=pending, has_steps=bool(steps)),
    )  # fmt: skip


def _release_of(package_id: int) -> tuple[Package, UrgentRelease]:
    package = queries.get_package(current_user, package_id)
    found = queries.get_release_of(package.id)
    if found is None:
        raise NotFound
    return package, found


@blueprint.post("/persetujuan/<int:package_id>/sahkan")
@signed_in
def clear(package_id: int) -> Any:
    """Agree afterwards to exactly what went out."""
    package, found = _release_of(package_id)
    form = ClearForm()
    try:
        services.clear_urgent(found, actor=current_user, digest=form.digest.data or "")
    except (Conflict, Refused) as late:
        return page_of(package, problem=late.message), 409
    flash(_("Disahkan. Tanda “mendesak” dihapus dari naskah ini."), "success")
    return redirect(url_for("approvals.inbox"), code=303)


@blueprint.post("/persetujuan/<int:package_id>/keberatan")
@signed_in
def object_to(package_id: int) -> Any:
    """Say that it should not have gone out."""
    package, found = _release_of(package_id)
    form = ObjectForm()
    if not form.validate_on_submit():
        return page_of(package, objecting=form), 422
    try:
        services.object_to_urgent(
            found, actor=current_user, digest=form.digest.data or "", reason=form.reason.data or ""
        )
    except (Conflict, Refused) as late:
        return page_of(package, objecting=form, problem=late.message), 409
    except UserError as error:
        form.fail(form.reason, error.message)
        return page_of(package, objecting=form), 422
    flash(_("Keberatan Anda tercatat. Yang menerbitkan diminta menurunkannya."), "success")
    return redirect(url_for("approvals.inbox"), code=303)
