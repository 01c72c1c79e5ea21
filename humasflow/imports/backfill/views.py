"""Pages: where past posts are fetched from, what was found, and what became of it."""

from datetime import time
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local
from humasflow.core.permissions import Permission
from humasflow.imports.backfill import categories, queries, services
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState, Source
from humasflow.imports.backfill.forms import DateForm, RecordForm, SourceForm
from humasflow.imports.backfill.models import BackfillRun
from humasflow.imports.backfill.services.starting import SourceProblem
from humasflow.media.services import storage
from humasflow.outbox.queries import is_worker_alive
from humasflow.planning.queries import list_content_types

blueprint = Blueprint("backfill", __name__, url_prefix="/pengaturan/impor/situs")


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """An export file is larger than what other forms may send; before anything reads the form."""
    if endpoint == "backfill.start" and request.method == "POST":
        request.max_content_length = 2 * (current_app.config["MAX_CONTENT_LENGTH"] or 0) + 65_536


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def start() -> Any:
    """The runs so far, and a form to begin another."""
    office = acting_office(current_user)
    form = SourceForm()
    if form.validate_on_submit():
        try:
            run = _begin(form)
            flash(
                _("Pengambilan dimulai. Halaman ini boleh ditutup; pekerjaannya berjalan terus."), "success"
            )
            return redirect(url_for("backfill.show", backfill_run_id=run.id), code=303)
        except SourceProblem as problem:
            form.fail(form.file if problem.field == "file" else form.address, problem.message)
    runs = queries.list_runs(office.id)
    return render_template(
        "imports/backfill/start.html", form=form, runs=runs, counts=queries.count_many([r.id for r in runs]),
        office=office, Item=ItemState,
    ), 422 if form.errors else 200  # fmt: skip


def _begin(form: SourceForm) -> BackfillRun:
    office, source = acting_office(current_user), Source(form.source.data)
    other = bool(form.other_types.data)
    if source is not Source.WXR:
        if not form.address.data:
            raise SourceProblem("address", _("Isi alamatnya."))
        return services.start_from_address(
            office, actor=current_user, source=source, address=form.address.data, other_types=other
        )
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise SourceProblem("file", _("Pilih berkas ekspornya."))
    with storage().temporary() as path:
        with unit_of_work.let_go():
            sent.save(path)
        return services.start_from_file(
            acting_office(current_user),
            actor=current_user,
            filename=sent.filename,
            path=path,
            other_types=other,
        )


@blueprint.get("/<int:backfill_run_id>")
@requires(Permission.IMPORT_RUN)
def show(backfill_run_id: int) -> Any:
    """What was found or recorded. ``bagian``: only how far it is, for a page that waits for it."""
    run = _run(backfill_run_id)
    if "bagian" in request.args:
        return render_template("imports/backfill/_progress.html", **_told(run))
    return _page(run, RecordForm())


def _run(run_id: int) -> BackfillRun:
    return queries.get_run(current_user, acting_office(current_user).id, run_id)


def _told(run: BackfillRun) -> dict[str, Any]:
    return {
        "run": run, "counts": queries.count_states(run.id), "pictures": queries.count_pictures(run.id),
        "State": RunState, "Item": ItemState, "Picture": PictureState, "worker_runs": is_worker_alive(),
        "office": acting_office(current_user),
    }  # fmt: skip


def _page(run: BackfillRun, form: RecordForm, problem: str = "", date_form: DateForm | None = None) -> str:
    office = acting_office(current_user)
    types = list_content_types(office.id)
    rows = []
    if run.state is RunState.READY:
        known = categories.remembered(office.id)
        for number, row in enumerate(queries.count_categories(run.id)):
            typed = request.form.get(f"jenis-{number}")
            proposed = categories.guess(row.category, types, known)
            rows.append((number, row, typed if typed is not None else str(proposed or 0)))
    wanted = request.args.get("keadaan", "")
    state = ItemState(wanted) if wanted in {s.value for s in ItemState} else None
    items, following = queries.list_items(
        run.id, state=state, after=request.args.get("setelah", type=row_number)
    )
    return render_template(
        "imports/backfill/run.html", form=form, problem=problem, types=types, categories=rows, items=items,
        following=following, state=state, span=queries.span_of(run.id), outlets=queries.list_outlets(office.id),
        offers_portal=queries.portal_is_missing(office.id), date_form=date_form or DateForm(formdata=None),
        type_names={t.id: t.label for t in list_content_types(office.id, with_inactive=True)}, **_told(run),
    )  # fmt: skip


@blueprint.post("/<int:backfill_run_id>/catat")
@requires(Permission.IMPORT_RUN)
def record(backfill_run_id: int) -> Any:
    """Record what was found, by the choices of the preview."""
    run, office, form = _run(backfill_run_id), acting_office(current_user), RecordForm()
    if not form.validate_on_submit():
        return _page(run, form), 422
    if run.state is RunState.READY:
        try:
            choices = services.read_choices(
                run, office, typed=request.form, account=form.account.data or "", since=form.since.data,
                until=form.until.data, with_pictures=bool(form.with_pictures.data),
            )  # fmt: skip
            services.begin_applying(
                run,
                office,
                choices,
                actor=current_user,
                row_version=request.form.get("row_version", type=row_number),
            )
        except UserError as error:
            if error.status not in (UserError.status, Conflict.status):
                raise
            db.session.rollback()
            return _page(_run(backfill_run_id), form, error.message), error.status
    return redirect(url_for("backfill.show", backfill_run_id=backfill_run_id), code=303)


@blueprint.post("/<int:backfill_run_id>/kiriman/<int:backfill_item_id>/tanggal")
@requires(Permission.IMPORT_RUN)
def date_item(backfill_run_id: int, backfill_item_id: int) -> Any:
    """Say when a post went live of which its source did not."""
    run, form = _run(backfill_run_id), DateForm()
    item = queries.get_item(run, backfill_item_id)
    if not form.validate_on_submit() or form.day.data is None:
        return _page(run, RecordForm(formdata=None), date_form=form), 422
    moment = from_local(form.day.data, form.at.data or time(12), acting_office(current_user).zone_name)
    services.date_item(run, item, moment, actor=current_user)
    flash(_("Tanggal tayang tersimpan; berita ini ikut dicatat."), "success")
    return redirect(
        url_for("backfill.show", backfill_run_id=backfill_run_id, keadaan=ItemState.REFUSED.value), code=303
    )


@blueprint.post("/<int:backfill_run_id>/lanjutkan")
@requires(Permission.IMPORT_RUN)
def go_on(backfill_run_id: int) -> Any:
    """Go on where it stopped."""
    services.continue_run(_run(backfill_run_id), actor=current_user)
    return redirect(url_for("backfill.show", backfill_run_id=backfill_run_id), code=303)


@blueprint.post("/<int:backfill_run_id>/batalkan")
@requires(Permission.IMPORT_RUN)
def undo(backfill_run_id: int) -> Any:
    """Take back everything that this run recorded."""
    services.begin_undoing(_run(backfill_run_id), actor=current_user)
    return redirect(url_for("backfill.show", backfill_run_id=backfill_run_id), code=303)


@blueprint.post("/<int:backfill_run_id>/buang")
@requires(Permission.IMPORT_RUN)
def drop(backfill_run_id: int) -> Any:
    """Throw away what was read and not recorded."""
    services.drop_run(_run(backfill_run_id), actor=current_user)
    flash(_("Hasil pengambilan dibuang. Tidak ada yang dicatat."), "success")
    return redirect(url_for("backfill.start"), code=303)
