"""An office's rules for notices, and how a person wants to be told."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import clock
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission, Role
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.reaching import channels
from humasflow.notifications.routing import queries, services
from humasflow.notifications.routing.enums import DeliveryState, NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.forms import HabitsForm, read_rules, read_wishes
from humasflow.notifications.routing.shown import Wishing, grid_of, wishes_of

blueprint = Blueprint("routing", __name__)

SHOWN_FOR = timedelta(days=7)


def _role() -> Role:
    asked = request.values.get("peran", "")
    return Role(asked) if asked in set(Role) else Role.EDITOR


@blueprint.route("/pengaturan/pemberitahuan", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def rules() -> Any:
    """Which role is told what, by which way and how soon."""
    office, role = acting_office(current_user), _role()
    if request.method == "GET":
        return _rules_page(role)
    wanted: dict[tuple[NoticeKind, NoticeChannel], NoticeMode] = {}
    try:
        wanted = read_rules(request.form, grid_of(queries.list_rules(office.id), role, channels()))
        count = services.change_rules(
            office, role, wanted, actor=current_user, stamp=request.form.get("stamp", "")
        )
    except Conflict as error:
        return _rules_page(role, wanted, error.message), 409
    except UserError as error:
        return _rules_page(role, wanted, error.message), 422
    if count:
        flash(ngettext("%(num)s pilihan berubah.", "%(num)s pilihan berubah.", count), "success")
    else:
        flash(_("Tidak ada yang berubah."))
    return redirect(url_for("routing.rules", peran=role.value), code=303)


def _rules_page(
    role: Role,
    wanted: dict[tuple[NoticeKind, NoticeChannel], NoticeMode] | None = None,
    problem: str = "",
) -> str:
    office = acting_office(current_user)
    found = queries.list_rules(office.id)
    counts = queries.count_deliveries(office.id, clock.now() - SHOWN_FOR)
    return render_template(
        "notifications/routing/rules.html",
        grid=grid_of(found, role, channels(), wanted),
        roles=list(Role),
        stamp=services.stamp_of(found, role),
        problem=problem,
        has_mail=queries.has_mail(office.id),
        counts=[
            (channel, [(state, counts.get((channel, state), 0)) for state in DeliveryState])
            for channel in channels()
            if any(counted is channel for counted, _state in counts)
        ],
    )


@blueprint.post("/pengaturan/pemberitahuan/baku")
@requires(Permission.OFFICE_MANAGE)
def reset() -> Any:
    """Everything as usual again for a role."""
    role = _role()
    if services.reset_rules(acting_office(current_user), role, actor=current_user):
        flash(_("Aturan %(role)s kembali seperti semula.", role=role.label), "success")
    return redirect(url_for("routing.rules", peran=role.value), code=303)


@blueprint.route("/akun/pemberitahuan", methods=["GET", "POST"])
@signed_in
def preferences() -> Any:
    """By which ways one wants to hear of what, when not, and when the digest comes."""
    form = HabitsForm.of(queries.get_habits(current_user.id))
    rows = _wishes({**queries.list_wishes(current_user.id)})
    if not form.is_submitted():
        return _preferences_page(form, rows)
    try:
        wishes = read_wishes(request.form, rows)
    except UserError as error:
        return _preferences_page(form, rows, error.message), 422
    if not form.validate():
        return _preferences_page(form, _wishes({**queries.list_wishes(current_user.id), **wishes})), 422
    services.change_preferences(current_user, wishes, form.habits)
    flash(_("Pilihan Anda tersimpan."), "success")
    return redirect(url_for("routing.preferences"), code=303)


def _wishes(chosen: dict[tuple[NoticeTopic, NoticeChannel], NoticeMode | None]) -> list[Wishing]:
    office = current_user.office
    if office is None:
        return wishes_of((), {}, (NoticeChannel.IN_APP,), chosen)
    reached = queries.reached_by(office.id, current_user.id)
    if queries.has_mail(office.id) and current_user.user.wants_email:
        reached.add(NoticeChannel.MAIL)
    offered = [c for c in NoticeChannel if c is NoticeChannel.IN_APP or c in reached]
    roles = [h.role for h in current_user.held if h.office_id == office.id]
    return wishes_of(roles, queries.list_rules(office.id), offered, chosen)


def _preferences_page(form: HabitsForm, rows: list[Wishing], problem: str = "") -> str:
    office = current_user.office
    further = [c for c in channels() if c not in (NoticeChannel.IN_APP, NoticeChannel.MAIL)]
    return render_template(
        "notifications/routing/preferences.html",
        form=form,
        rows=rows,
        problem=problem,
        has_mail=office is not None and queries.has_mail(office.id),
        further=further,
        gets_week=current_user.can(Permission.SCORE_CLOSE),
    )
