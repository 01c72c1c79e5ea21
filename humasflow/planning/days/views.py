"""The days that the calendar marks, for the office's admin."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.planning.days import queries, services
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.forms import DayForm, next_date
from humasflow.planning.days.models import SpecialDay
from humasflow.planning.offering import DuplicateName

blueprint = Blueprint("days", __name__, url_prefix="/pengaturan/hari")
AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Shown:
    """A row with its date in words."""

    row: SpecialDay
    when: str


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def index() -> Any:
    """Everything that is marked, and a form to add a day."""
    office = acting_office(current_user)
    form = DayForm()
    if form.validate_on_submit():
        try:
            made = services.create_day(office.id, actor=current_user, content=form.content)
        except services.ImpossibleDate as error:
            form.fail(form.on, error.message)
        except services.ImpossibleEnd as error:
            form.fail(form.until, error.message)
        except DuplicateName as error:
            form.fail(form.name, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=made.name), "success")
            return redirect(url_for("days.index"), code=303)
    rows = [Shown(row, _when(row)) for row in queries.list_special_days(office.id)]
    today = today_at(office)
    ahead = queries.list_days(office.id, today, today + AHEAD)
    page = render_template(
        "planning/days/index.html", form=form,
        own=[s for s in rows if s.row.is_active and s.row.kind is DayKind.OFFICE],
        national=[s for s in rows if s.row.is_active and s.row.kind is DayKind.NATIONAL],
        inactive=[s for s in rows if not s.row.is_active],
        pawukon=queries.get_day_settings(office.id).shows_pawukon,
        closed=[(day, m) for day, marks in ahead.items() for m in marks if m.is_closed],
        holy=[(day, m) for day, marks in ahead.items() for m in marks if m.kind is DayKind.PAWUKON],
        undecreed=queries.last_decreed_year() + 1,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/<int:day_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def edit(day_id: int) -> Any:
    """Rename a day or put it on another date."""
    office = acting_office(current_user)
    row = queries.get_special_day(office.id, day_id)
    first = next_date(row, today_at(office))
    form = DayForm(
        name=row.name, on=first, until=first + timedelta(days=row.lasts - 1) if row.lasts > 1 else None,
        yearly=row.year is None, row_version=row.row_version,
    )  # fmt: skip
    if not form.validate_on_submit():
        return _editing(form, row), 422 if form.errors else 200
    try:
        services.change_day(row, actor=current_user, content=form.content, row_version=form.row_version.data)
    except Conflict:
        form.row_version.data = row.row_version
        return _editing(form, row, stands=f"{row.name} ({_when(row)})"), 409
    except services.ImpossibleDate as error:
        form.fail(form.on, error.message)
        return _editing(form, row), 422
    except services.ImpossibleEnd as error:
        form.fail(form.until, error.message)
        return _editing(form, row), 422
    except DuplicateName as error:
        form.fail(form.name, error.message)
        return _editing(form, row), 422
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("days.index"), code=303)


def _editing(form: DayForm, row: SpecialDay, *, stands: str = "") -> str:
    return render_template("planning/days/edit.html", form=form, row=row, stands=stands)


@blueprint.post("/<int:day_id>/<any(nonaktifkan, aktifkan, pastikan):what>")
@requires(Permission.OFFICE_MANAGE)
def arrange(day_id: int, what: str) -> Any:
    """Take a day off the calendar, put it back, or say that its date was looked up."""
    row = queries.get_special_day(acting_office(current_user).id, day_id)
    if what == "pastikan":
        services.confirm_day(row, actor=current_user)
        flash(_("Tanggal %(name)s sudah dipastikan.", name=row.name), "success")
    else:
        services.switch_day(row, actor=current_user, is_active=what == "aktifkan")
        said = (
            _("%(name)s tampil di kalender.")
            if row.is_active
            else _("%(name)s tidak tampil lagi di kalender.")
        )
        flash(said % {"name": row.name}, "success")
    return redirect(url_for("days.index"), code=303)


@blueprint.post("/pawukon")
@requires(Permission.OFFICE_MANAGE)
def pawukon() -> Any:
    """Show the days of the Pawukon (``tampil=ya``) or not (``tampil=tidak``)."""
    wanted = request.form.get("tampil", "")
    if wanted not in ("ya", "tidak"):
        raise UserError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))
    services.show_pawukon(acting_office(current_user).id, actor=current_user, shows=wanted == "ya")
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("days.index"), code=303)


def _when(row: SpecialDay) -> str:
    """``4 Mei, tiap tahun``, ``4 Mei 2027`` or ``30 Desember 2026 – 2 Januari 2027``."""
    first = date(row.year or 2024, row.month, row.day)
    style = "d MMMM" if row.year is None else "d MMMM yyyy"
    said = show_date(first, style=style)
    if row.lasts > 1:
        said += f" – {show_date(first + timedelta(days=row.lasts - 1), style=style)}"
    return _("%(day)s, tiap tahun", day=said) if row.year is None else said
