"""Impor: a table comes in, is matched, looked at, mended, written, and can be taken back."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from humasflow.accounts.policy import acting_office, require
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.localtime import to_local
from humasflow.core.periods import PeriodType, period_of
from humasflow.core.permissions import Permission
from humasflow.imports import queries
from humasflow.imports.enums import BatchState
from humasflow.imports.forms import ApplyForm, UploadForm
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.kinds.registry import get_kind, kinds, kinds_for, options_of
from humasflow.imports.models import ImportBatch
from humasflow.imports.reading.headings import LOOK_AT
from humasflow.imports.services import applying, checking, mapping, taking, undoing
from humasflow.imports.services.taking import OptionsProblem
from humasflow.imports.template import TYPE, make_template
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.outbox.queries import is_worker_alive

blueprint = Blueprint("imports", __name__, url_prefix="/impor")

SAMPLES = 3  # cells shown of a column


@blueprint.get("/")
@requires(Permission.IMPORT_RUN)
def index() -> Any:
    """What can be imported, and what was."""
    office = acting_office(current_user)
    batches = queries.list_batches(current_user, office.id)
    return render_template(
        "imports/index.html", office=office, kinds=kinds_for(current_user, office.id), batches=batches,
        labels={code: kind.label for code, kind in kinds().items()}, State=BatchState,
    )  # fmt: skip


@blueprint.route("/baru/<import_kind>", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def upload(import_kind: str) -> Any:
    """Take a file. What is wrong with it is said here where the first bytes tell, else where it is read."""
    office, kind = acting_office(current_user), get_kind(import_kind)
    require(current_user, kind.permission, office.id)
    form, problem = UploadForm(), ""
    answers = {o.key: str(trimmed(request.form.get(f"jawaban-{o.key}", ""))) for o in options_of(kind)}
    sent = form.file.data
    if form.validate_on_submit() and isinstance(sent, FileStorage):
        try:
            with storage().temporary() as path:
                with unit_of_work.let_go():
                    sent.save(path)
                    sent.close()  # the copy that the server made goes now, not some time later
                batch = taking.take_upload(
                    acting_office(current_user), kind, actor=current_user, filename=sent.filename or "",
                    path=path, options=answers,
                )  # fmt: skip
            return redirect(url_for("imports.show", import_batch_id=batch.id), code=303)
        except OptionsProblem as error:
            problem = error.message
        except UserError as error:
            if error.status != UserError.status:
                raise
            form.fail(form.file, error.message)
    return render_template(
        "imports/upload.html", form=form, kind=kind, options=options_of(kind), answers=answers, problem=problem,
        office=office,
    ), 422 if form.errors or problem else 200  # fmt: skip


@blueprint.get("/templat/<import_kind>.xlsx")
@requires(Permission.IMPORT_RUN)
def template(import_kind: str) -> Any:
    """The workbook to fill in, with the office's own words as drop-downs."""
    office, kind = acting_office(current_user), get_kind(import_kind)
    require(current_user, kind.permission, office.id)
    return send_file(
        io.BytesIO(make_template(kind, office)), mimetype=TYPE, as_attachment=True,
        download_name=f"templat-{kind.code}.xlsx", max_age=0,
    )  # fmt: skip


@blueprint.get("/<int:import_batch_id>")
@requires(Permission.IMPORT_RUN)
def show(import_batch_id: int) -> Any:
    """Where the import stands, and what is to be done. ``bagian``: only how far it is; ``ubah``: the columns again."""
    batch = _batch(import_batch_id)
    if "bagian" in request.args:
        return render_template("imports/_progress.html", **_told(batch))
    if batch.state is BatchState.TO_MAP or (batch.state is BatchState.CHECKED and "ubah" in request.args):
        return _mapping_page(batch, batch.mapping, batch.defaults)
    return _page(batch)


def _batch(batch_id: int) -> ImportBatch:
    return queries.get_batch(current_user, acting_office(current_user).id, batch_id)


def _told(batch: ImportBatch) -> dict[str, Any]:
    kind, office = get_kind(batch.kind), acting_office(current_user)
    return {
        "batch": batch, "kind": kind, "counts": queries.count_rows(batch), "State": BatchState, "Outcome": Outcome,
        "worker_runs": is_worker_alive() if batch.state.is_working else True, "office": office,
        "standing_url": _standing_of(batch, office) if batch.state is BatchState.APPLIED else "",
    }  # fmt: skip


def _standing_of(batch: ImportBatch, office: Unit) -> str:
    """Where what was imported counts: in the period of the latest of it, of whatever length the scheme has them."""
    at = queries.newest_publication(batch)
    if at is None or office.timezone is None:
        return url_for("scoring.standing")
    month = period_of(PeriodType.MONTH, to_local(at, office.timezone).date())
    return url_for("scoring.standing", periode=month.key)


def _page(
    batch: ImportBatch, *, problem: str = "", typed: Mapping[str, str] | None = None, typed_row: int = 0
) -> str:
    told = _told(batch)
    asked = request.args.get("saring", "")
    wanted = asked if asked in queries.FILTERS else _first_filter(batch, told["counts"])
    if asked == "semua":
        wanted = ""
    rows, following = queries.list_rows(
        batch, wanted=wanted, after=request.args.get("setelah", type=row_number)
    )
    return render_template(
        "imports/batch.html", rows=[(r, checking.cells_of(batch, r), queries.findings_of(r)) for r in rows],
        following=following, wanted=wanted, problem=problem, typed=typed or {}, typed_row=typed_row,
        form=ApplyForm(formdata=None),
        choices=told["kind"].choices(told["office"]) if batch.state is BatchState.CHECKED else {}, **told,
    )  # fmt: skip


def _first_filter(batch: ImportBatch, counts: queries.Counts) -> str:
    if batch.state is BatchState.CHECKED and counts.bad:
        return "perlu-diperbaiki"
    return "ditolak" if counts.outcomes.get(Outcome.REFUSED) else ""


def _mapping_page(
    batch: ImportBatch, chosen: Mapping[str, int], defaults: Mapping[str, str], problem: str = "", column: str = ""
) -> str:  # fmt: skip
    kind, office = get_kind(batch.kind), acting_office(current_user)
    head = queries.head_of(batch, LOOK_AT)
    below = [cells for line, cells in head if line >= batch.first_line]
    samples = [
        [cells[place] for cells in below if place < len(cells) and cells[place]][:SAMPLES]
        for place in range(len(batch.headings))
    ]
    return render_template(
        "imports/mapping.html", batch=batch, kind=kind, chosen=chosen, defaults=defaults, samples=samples,
        head=head[:10], problem=problem, wrong=column, choices=kind.choices(office), office=office,
        State=BatchState, form=None,
    )  # fmt: skip


@blueprint.post("/<int:import_batch_id>/kolom")
@requires(Permission.IMPORT_RUN)
def match(import_batch_id: int) -> Any:
    """Say which column is which; every row is looked at then."""
    batch = _batch(import_batch_id)
    chosen: dict[str, int] = {}
    defaults: dict[str, str] = {}
    for column in get_kind(batch.kind).columns:
        place = request.form.get(f"kolom-{column.key}", "")
        if place.isascii() and place.isdigit() and len(place) < 4:
            chosen[column.key] = int(place)
        defaults[column.key] = str(trimmed(request.form.get(f"isi-{column.key}", "")))
    try:
        mapping.set_mapping(
            batch, chosen, defaults, actor=current_user, row_version=request.form.get("row_version", type=row_number)
        )  # fmt: skip
    except mapping.MappingProblem as error:
        db.session.rollback()
        return _mapping_page(_batch(import_batch_id), chosen, defaults, error.message, error.column), 422
    return _back(import_batch_id)


@blueprint.post("/<int:import_batch_id>/lembar")
@requires(Permission.IMPORT_RUN)
def choose_sheet(import_batch_id: int) -> Any:
    """Read another sheet."""
    batch = _batch(import_batch_id)
    return _do(batch, lambda: taking.choose_sheet(batch, request.form.get("sheet", ""), actor=current_user))


@blueprint.post("/<int:import_batch_id>/judul")
@requires(Permission.IMPORT_RUN)
def choose_heading(import_batch_id: int) -> Any:
    """The names of the columns stand in another line."""
    batch = _batch(import_batch_id)
    line = request.form.get("line", type=row_number) or 0
    return _do(batch, lambda: mapping.choose_heading(batch, line, actor=current_user))


@blueprint.post("/<int:import_batch_id>/baris/<int:import_row_id>")
@requires(Permission.IMPORT_RUN)
def fix(import_batch_id: int, import_row_id: int) -> Any:
    """Mend a row, or what a word means in all rows."""
    batch = _batch(import_batch_id)
    row = queries.get_row(batch, import_row_id)
    keys = {c.key for c in get_kind(batch.kind).columns}
    texts = {
        k.removeprefix("isi-"): str(trimmed(v))
        for k, v in request.form.items()
        if k.startswith("isi-") and k.removeprefix("isi-") in keys
    }
    before = checking.cells_of(batch, row)
    for key, meant in texts.items():
        word = before[key]
        if f"semua-{key}" in request.form and word and meant != word:
            checking.replace_word(batch, key, word, meant, actor=current_user)
            told = _(
                "“%(word)s” dibaca sebagai “%(meant)s” di semua baris.", word=word[:60], meant=meant[:60]
            )
            flash(told, "success")
            return _back(import_batch_id)
    is_good = checking.fix_cells(batch, row, texts, actor=current_user)
    line = row.line
    if not is_good:
        unit_of_work.keep()
        return _page(batch, typed=texts, typed_row=row.id), 422
    flash(_("Baris %(n)s sudah baik.", n=line), "success")
    return redirect(
        url_for("imports.show", import_batch_id=import_batch_id, saring=_asked_filter()), code=303
    )


def _asked_filter() -> str | None:
    asked = request.form.get("saring", "")
    return asked if asked in queries.FILTERS else None


@blueprint.post("/<int:import_batch_id>/terapkan")
@requires(Permission.IMPORT_RUN)
def apply(import_batch_id: int) -> Any:
    """Have the good rows written."""
    batch, form = _batch(import_batch_id), ApplyForm()
    if not form.validate_on_submit():
        abort(422)
    return _do(
        batch,
        lambda: applying.begin_applying(
            batch, actor=current_user, all_or_nothing=bool(form.all_or_nothing.data),
            row_version=request.form.get("row_version", type=row_number),
        ),
    )  # fmt: skip


@blueprint.post("/<int:import_batch_id>/lanjutkan")
@requires(Permission.IMPORT_RUN)
def go_on(import_batch_id: int) -> Any:
    """Go on where it stopped."""
    batch = _batch(import_batch_id)
    return _do(batch, lambda: taking.go_on(batch, actor=current_user))


@blueprint.post("/<int:import_batch_id>/batalkan")
@requires(Permission.IMPORT_RUN)
def undo(import_batch_id: int) -> Any:
    """Take back everything that this import made."""
    batch = _batch(import_batch_id)
    return _do(batch, lambda: undoing.begin_undoing(batch, actor=current_user))


@blueprint.post("/<int:import_batch_id>/buang")
@requires(Permission.IMPORT_RUN)
def drop(import_batch_id: int) -> Any:
    """Throw away what was read and not imported."""
    batch = _batch(import_batch_id)
    taking.discard(batch, actor=current_user)
    flash(_("Tabel dibuang. Tidak ada yang diimpor."), "success")
    return redirect(url_for("imports.index"), code=303)


def _do(batch: ImportBatch, act: Any) -> Any:
    """Do it and go back; a refusal is said on the page."""
    batch_id = batch.id
    try:
        act()
    except UserError as error:
        if error.status not in (UserError.status, Conflict.status):
            raise
        db.session.rollback()
        return _page(_batch(batch_id), problem=error.message), error.status
    return _back(batch_id)


def _back(batch_id: int) -> Any:
    return redirect(url_for("imports.show", import_batch_id=batch_id), code=303)
