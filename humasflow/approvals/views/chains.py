"""Pengaturan › Persetujuan: who is asked, by default and for each content type."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import queries, services
from humasflow.approvals.forms import INHERIT, NONE, ChainForm
from humasflow.approvals.services.chains import ChainRefused
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.planning import queries as planning
from humasflow.planning.models import ContentType
from humasflow.stories.edit_fields import EditField
from humasflow.stories.edit_policy import edit_rules


@blueprint.get("/pengaturan/persetujuan")
@requires(Permission.OFFICE_MANAGE)
def chains() -> str:
    """Every chain with whom it would ask today, the groups, and the office's rules."""
    office = acting_office(current_user)
    every = queries.preview_chains(office)
    rules = edit_rules(office.id)
    return render_template(
        "approvals/chains.html", default=every.get(None), own=every, told=queries.told,
        types=planning.list_content_types(office.id), in_flight=queries.count_in_flight(office.id),
        groups=queries.list_groups(office.id, with_inactive=True), uses=queries.count_uses(office.id),
        bulk={i: c.allows_bulk for i, c in queries.list_chains(office.id).items()},
        unmarked=[p.label for p in EditField if p not in rules.marked], ageing=queries.ageing_of(office),
        patience=queries.get_settings(office.id),
    )  # fmt: skip


@blueprint.route("/pengaturan/persetujuan/bawaan", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def default_chain() -> Any:
    """The office's default."""
    return _edit(None)


@blueprint.route("/pengaturan/persetujuan/jenis/<int:content_type_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def type_chain(content_type_id: int) -> Any:
    """A content type's own chain."""
    return _edit(planning.get_content_type(acting_office(current_user).id, content_type_id))


def _edit(content_type: ContentType | None) -> Any:
    office = acting_office(current_user)
    type_id = content_type.id if content_type else None
    chain = queries.get_chain(office.id, type_id)
    people = list_people_with(Permission.STORY_APPROVE, office)
    form = ChainForm(
        chain, people, queries.list_groups(office.id), is_default=content_type is None,
        guests=queries.list_guests(office.id),
    )  # fmt: skip

    def page(problem: str = "") -> str:
        return render_template(
            "approvals/chain.html", form=form, content_type=content_type, chain=chain, problem=problem, where=office,
            asked=queries.preview_scopes(office), in_flight=queries.count_in_flight(office.id), people=people,
            readback=queries.told(queries.preview_steps(office, chain.steps, None)) if chain else "",
        )  # fmt: skip

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    steps = [] if form.mode.data in (NONE, INHERIT) else form.steps()
    if steps is None:
        return page(), 422
    try:
        if form.mode.data == INHERIT and type_id is not None:
            services.use_office_default(office.id, type_id, actor=current_user)
        else:
            services.set_chain(
                office.id, type_id, actor=current_user, steps=steps, allows_bulk=bool(steps and form.allows_bulk.data),
                row_version=request.form.get("row_version", type=row_number),
            )  # fmt: skip
    except Conflict as conflict:
        return page(conflict.message), 409
    except ChainRefused as refused:
        return page(refused.message), 422
    flash(_("Alur persetujuan tersimpan. Paket yang sedang menunggu tetap memakai alur lamanya."), "success")
    return redirect(url_for("approvals.chains"), code=303)
