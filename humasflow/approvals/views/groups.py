"""Pengaturan › Persetujuan › Grup: named groups of approvers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import queries, services
from humasflow.approvals.forms import GroupForm
from humasflow.approvals.models import ApprovalGroup
from humasflow.approvals.services.groups import GroupRefused
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.route("/pengaturan/persetujuan/grup/baru", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def new_group() -> Any:
    """Begin a group."""
    return _edit(None)


@blueprint.route("/pengaturan/persetujuan/grup/<int:group_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def group(group_id: int) -> Any:
    """Change a group."""
    return _edit(queries.get_group(acting_office(current_user).id, group_id))


def _edit(found: ApprovalGroup | None) -> Any:
    office = acting_office(current_user)
    form = GroupForm(found, list_people_with(Permission.STORY_APPROVE, office))

    def page(problem: str = "") -> str:
        uses = queries.count_uses(office.id).get(found.id, 0) if found else 0
        return render_template("approvals/group.html", form=form, group=found, uses=uses, problem=problem)

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    members = form.members.data or []
    try:
        if found is None:
            services.create_group(
                office.id, actor=current_user, name=form.name.data or "", member_ids=members
            )
        else:
            services.change_group(
                found, actor=current_user, name=form.name.data or "", member_ids=members,
                is_active=bool(form.is_active.data), row_version=request.form.get("row_version", type=row_number),
            )  # fmt: skip
    except Conflict as conflict:
        return page(conflict.message), 409
    except GroupRefused as refused:
        form.fail(form[refused.field], refused.message)
        return page(), 422
    flash(_("Grup tersimpan."), "success")
    return redirect(url_for("approvals.chains", _anchor="grup"), code=303)
