"""Bringing agenda in from elsewhere: a file once, or a calendar that is followed."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import StringField

from humasflow.accounts.policy import acting_office
from humasflow.core.forms import BaseForm, Filled, MaxLength
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date, show_time
from humasflow.core.permissions import Permission
from humasflow.outbox.queries import is_worker_alive
from humasflow.planning.agenda import bringing, subscribing
from humasflow.planning.agenda.enums import EventState, FeedState, ImportState
from humasflow.planning.agenda.ics import MAX_BYTES, IcsRefused
from humasflow.planning.agenda.views.blueprint import blueprint


class ImportForm(BaseForm):
    """A calendar file."""

    file = FileField(_l("Berkas kalender (.ics)"))


class FollowForm(BaseForm):
    """A calendar that somebody else keeps."""

    name = StringField(_l("Nama"), [Filled(), MaxLength(80)])
    address = StringField(_l("Alamat kalender (.ics)"), [Filled(), MaxLength(2000)])


@blueprint.route("/impor", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def import_file() -> Any:
    """Choose a file; the next page tells what it would do."""
    office_id = acting_office(current_user).id
    form = ImportForm()
    if not form.validate_on_submit():
        return _import_page(form), 422 if form.is_submitted() else 200
    if not form.file.data:
        form.fail(form.file, _("Pilih berkas .ics-nya dahulu."))
        return _import_page(form), 422
    sent = form.file.data
    try:
        brought = bringing.bring_file(
            office_id, actor=current_user, filename=sent.filename or "", data=sent.stream.read(MAX_BYTES + 1)
        )
    except IcsRefused as refused:
        form.fail(form.file, refused.message)
        return _import_page(form), 422
    return redirect(url_for("agenda.brought", agenda_import_id=brought.id), code=303)


def _import_page(form: ImportForm) -> str:
    return render_template("planning/agenda/import.html", form=form)


@blueprint.get("/impor/<int:agenda_import_id>")
@requires(Permission.STORY_WRITE)
def brought(agenda_import_id: int) -> Any:
    """What taking the file would do, or did. ``bagian``: only that part, for a page that waits for it."""
    found = bringing.get_import(current_user, agenda_import_id)
    page = "_import_told.html" if "bagian" in request.args else "import_told.html"
    rows = [_shown(row) for row in found.told.get("rows", ())]
    return render_template(
        f"planning/agenda/{page}", brought=found, told=found.told, rows=rows, State=ImportState,
        worker_runs=is_worker_alive(),
    )  # fmt: skip


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview with its time in words and its state as one."""
    at = datetime.fromisoformat(row["starts_at"])
    day = show_date(at, row["zone"], style="EEE, d MMM yyyy")
    when = day if row["all_day"] else f"{day} {show_time(at, row['zone'], with_zone=True)}"
    return row | {"when": when, "state": EventState(row["state"])}


@blueprint.post("/impor/<int:agenda_import_id>/ambil")
@requires(Permission.STORY_WRITE)
def confirm_import(agenda_import_id: int) -> Any:
    """Take what was looked at."""
    found = bringing.get_import(current_user, agenda_import_id)
    bringing.confirm_import(found, actor=current_user, row_version=request.form.get("row_version", type=int))
    return redirect(url_for("agenda.brought", agenda_import_id=agenda_import_id), code=303)


@blueprint.post("/impor/<int:agenda_import_id>/batal")
@requires(Permission.STORY_WRITE)
def drop_import(agenda_import_id: int) -> Any:
    """Throw the file away."""
    bringing.drop_import(bringing.get_import(current_user, agenda_import_id), actor=current_user)
    flash(_("Impor dibatalkan. Agenda tidak berubah."), "success")
    return redirect(url_for("agenda.import_file"), code=303)


@blueprint.route("/langganan", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def followed() -> Any:
    """The calendars that the office follows, how the last look at each went, and a form to add one."""
    office = acting_office(current_user)
    form = FollowForm()
    if form.validate_on_submit():
        try:
            subscribing.add_feed(
                office.id, actor=current_user, name=form.name.data or "", address=form.address.data or ""
            )
        except subscribing.FeedRefused as refused:
            form.fail(form[refused.field], refused.message)
        else:
            flash(_("Kalender ditambahkan. Isinya muncul di agenda sebentar lagi."), "success")
            return redirect(url_for("agenda.followed"), code=303)
    page = render_template(
        "planning/agenda/followed.html",
        form=form,
        feeds=subscribing.list_feeds(office.id),
        where=office,
        State=FeedState,
        hours=int(subscribing.EVERY.total_seconds() // 3600),
        worker_runs=is_worker_alive(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/langganan/<int:agenda_feed_id>/baca")
@requires(Permission.STORY_WRITE)
def read_followed(agenda_feed_id: int) -> Any:
    """Look at it now."""
    subscribing.read_soon(subscribing.get_feed(current_user, agenda_feed_id))
    flash(_("Kalender sedang dibaca ulang."), "success")
    return redirect(url_for("agenda.followed"), code=303)


@blueprint.post("/langganan/<int:agenda_feed_id>/hentikan")
@requires(Permission.STORY_WRITE)
def stop_following(agenda_feed_id: int) -> Any:
    """Follow it no longer."""
    subscribing.remove_feed(subscribing.get_feed(current_user, agenda_feed_id), actor=current_user)
    flash(_("Kalender luar tidak diikuti lagi. Agendanya yang akan datang sudah dihapus."), "success")
    return redirect(url_for("agenda.followed"), code=303)
