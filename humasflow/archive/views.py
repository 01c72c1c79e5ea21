"""Pengaturan, Arsip kantor: ask for it, watch it being made, fetch it, remove it."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.archive import queries, services, storage
from humasflow.archive.enums import ArchiveState
from humasflow.archive.forms import RequestForm
from humasflow.archive.versions import schema_revision
from humasflow.core import unit_of_work
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media.sending import ASK_AGAIN, safe

blueprint = Blueprint("archive", __name__)


@blueprint.get("/pengaturan/arsip")
@requires(Permission.OFFICE_EXPORT)
def index() -> Any:
    """What was made so far. ``?bagian=daftar`` answers the part that refreshes itself."""
    return _page(RequestForm(formdata=None))


@blueprint.post("/pengaturan/arsip")
@requires(Permission.OFFICE_EXPORT)
def order() -> Any:
    """Have an archive made."""
    form = RequestForm()
    if not form.validate():
        return _page(form), 422
    unit_of_work.keep()  # the count of tries outlives the refusal
    try:
        services.request_run(
            acting_office(current_user), actor=current_user, password=form.password.data or "",
            with_below=form.with_below.data,
        )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        form.fail(form.password, error.message)
        return _page(form), error.status
    flash(_("Arsip sedang dibuat. Kami beri tahu bila sudah siap."), "success")
    return redirect(url_for("archive.index"), code=303)


@blueprint.get("/pengaturan/arsip/<int:archive_id>/unduh")
@requires(Permission.OFFICE_EXPORT)
def download(archive_id: int) -> Any:
    """The file, in pieces where a weak network asks for them. That somebody fetched it is recorded."""
    run = queries.get_run(archive_id, reader=current_user)
    path = storage.path_of(run.id)
    if run.state is not ArchiveState.READY:
        raise NotFound
    if not path.is_file():
        current_app.logger.error("archive file is missing", extra={"archive": run.id})
        raise NotFound
    name, digest = run.name, run.sha256
    if not (_goes_on() and queries.was_fetched_by(run, current_user.id)):
        with unit_of_work.own_transaction():
            services.note_download(queries.get_run(archive_id, reader=current_user), actor=current_user)
    response = send_file(
        path,
        mimetype="application/zip",
        as_attachment=True,
        download_name=name,
        conditional=True,
        etag=digest,
    )
    return safe(response, ASK_AGAIN, foreign=True)


def _goes_on() -> bool:
    """Whether what is asked for is the rest of a file after a break, which is the same fetching."""
    asked = request.range
    first = asked.ranges[0][0] if asked is not None and asked.units == "bytes" else 0
    return first > 0  # what is counted from the end may be all of it


@blueprint.post("/pengaturan/arsip/<int:archive_id>/hapus")
@requires(Permission.OFFICE_EXPORT)
def remove(archive_id: int) -> Any:
    """Remove the file now, or call off what is being made."""
    run = queries.get_run(archive_id, reader=current_user)
    services.remove_run(run, actor=current_user)
    flash(_("Berkas arsip dihapus dari server."), "success")
    return redirect(url_for("archive.index"), code=303)


def _page(form: RequestForm) -> str:
    office = acting_office(current_user)
    part = trimmed(request.args.get("bagian", "")) == "daftar"
    return render_template(
        "archive/_runs.html" if part else "archive/index.html",
        form=form, runs=queries.list_runs(office, reader=current_user), where=office, revision=schema_revision(),
        below=queries.offices_below(office, reader=current_user),
        asks_password=current_user.user.password_hash is not None,
    )  # fmt: skip
