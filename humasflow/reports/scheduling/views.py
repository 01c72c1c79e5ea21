"""The office's schedules: listed, made, changed, paused, sent at once, with what they brought."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.models import User
from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import list_people
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.notifications.queries import get_mail_settings
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections
from humasflow.reports.scheduling import policy, queries, services
from humasflow.reports.scheduling.forms import WEEKDAYS, ScheduleForm
from humasflow.reports.scheduling.services.saving import Unfit, receivers

blueprint = Blueprint("report_schedules", __name__, url_prefix="/laporan/jadwal")


@blueprint.get("")
@requires(Permission.REPORT_MAKE)
def index() -> Any:
    """All of the office's, the next due first."""
    office = acting_office(current_user)
    found = queries.list_schedules(office.id)
    return render_template(
        "reports/schedules/index.html", schedules=found, latest=queries.latest_deliveries([one.id for one in found]),
        where=office, weekdays=WEEKDAYS, has_mail=get_mail_settings(office.id) is not None,
    )  # fmt: skip


@blueprint.route("/baru", methods=["GET", "POST"])
@requires(Permission.REPORT_MAKE)
def create() -> Any:
    """Begin one."""
    office = acting_office(current_user)
    form = _form(office)
    if form.validate_on_submit():
        try:
            made = services.create_schedule(office.id, actor=current_user, content=form.content())
        except UserError as error:
            _fail(form, error)
        else:
            flash(_("Jadwal “%(title)s” tersimpan.", title=made.title), "success")
            return redirect(url_for("report_schedules.edit", report_schedule_id=made.id), code=303)
    return _show(form, office), 422 if form.errors else 200


@blueprint.route("/<int:report_schedule_id>", methods=["GET", "POST"])
@requires(Permission.REPORT_MAKE)
def edit(report_schedule_id: int) -> Any:
    """Change one, and read what it brought."""
    office = acting_office(current_user)
    schedule = queries.get_schedule(office.id, report_schedule_id)
    form = _form(office)
    more: dict[str, Any] = {"schedule": schedule, "deliveries": queries.list_deliveries(schedule)}
    status = 200
    if form.validate_on_submit():
        try:
            services.save_schedule(
                schedule, actor=current_user, content=form.content(), row_version=form.expected_version
            )
        except Conflict:  # what was typed stays; what stands now is shown beside it
            form.row_version.data, status = str(schedule.row_version), 409
            more["saved_meanwhile"] = True
        except UserError as error:
            _fail(form, error)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".edit", report_schedule_id=schedule.id), code=303)
    elif request.method == "GET":
        form.show(schedule)
    return _show(form, office, **more), 422 if form.errors else status


_SAID = {
    "jeda": lambda: _("Jadwal dijeda. Tidak ada yang dikirim sampai dilanjutkan."),
    "lanjut": lambda: _("Jadwal berjalan lagi."),
    "hapus": lambda: _("Jadwal dihapus. Riwayatnya tetap ada di catatan kantor."),
    "kirim": lambda: _("Laporan sedang dibuat dan akan dikirim sesudah jadi."),
}
_ACTS = {
    "jeda": services.pause_schedule,
    "lanjut": services.resume_schedule,
    "hapus": services.remove_schedule,
    "kirim": services.ask_now,
}


@blueprint.post("/<int:report_schedule_id>/<any(jeda, lanjut, hapus, kirim):what>")
@requires(Permission.REPORT_MAKE)
def act(report_schedule_id: int, what: str) -> Any:
    """Pause, go on, remove, or send the last finished period now."""
    schedule = queries.get_schedule(acting_office(current_user).id, report_schedule_id)
    _ACTS[what](schedule, actor=current_user)
    flash(_SAID[what](), "success")
    if what == "hapus":
        return redirect(url_for(".index"), code=303)
    return redirect(url_for(".edit", report_schedule_id=schedule.id), code=303)


@blueprint.post("/<int:report_schedule_id>/penerima/<int:report_recipient_id>/bolehkan")
@requires(Permission.OFFICE_MANAGE)
def confirm(report_schedule_id: int, report_recipient_id: int) -> Any:
    """An admin lets it go to an address outside the office."""
    schedule = queries.get_schedule(acting_office(current_user).id, report_schedule_id)
    recipient = queries.get_recipient(schedule, report_recipient_id)
    services.confirm_address(recipient, schedule, actor=current_user)
    flash(_("Laporan boleh dikirim ke %(address)s.", address=recipient.address or ""), "success")
    return redirect(url_for(".edit", report_schedule_id=schedule.id), code=303)


def _form(office: Unit) -> ScheduleForm:
    form = ScheduleForm()
    form.offer(
        sections=list_sections(office.id),
        people=_about(office),
        readers=receivers(office.id),
    )
    if not policy.may_confirm(current_user, office.id):
        del form.confirms
    return form


def _about(office: Unit) -> list[User]:
    """About whom a person's report can be: oneself, and everybody for those who may read what each of them brought."""
    if current_user.can(Permission.CONTRIBUTION_READ, office.id):
        return [person for person in list_people(office) if person.is_active]
    return [current_user.user]


def _fail(form: ScheduleForm, error: UserError) -> None:
    form.fail(form.place(error.field) if isinstance(error, Unfit) else form.title, error.message)


def _show(form: ScheduleForm, office: Unit, **more: Any) -> str:
    return render_template(
        "reports/schedules/edit.html", form=form, where=office, weekdays=WEEKDAYS,
        may_confirm=policy.may_confirm(current_user, office.id), has_mail=get_mail_settings(office.id) is not None,
        **more,
    )  # fmt: skip
