"""Siaran pers of a story: number, date and place are asked for, then it is downloaded."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from humasflow.core.errors import UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import signed_in
from humasflow.reports.names import plain
from humasflow.reports.pdf.rendering import missing
from humasflow.reports.release.docx import release_docx
from humasflow.reports.release.gathering import gather_release
from humasflow.reports.release.pdf import release_pdf
from humasflow.reports.sending import DOCX, send_document
from humasflow.reports.views.blueprint import blueprint

_LONGEST = 120


@blueprint.get("/laporan/siaran-pers/<int:story_id>")
@signed_in
def release(story_id: int) -> Any:
    """What stands in it, and the two buttons."""
    story, found = gather_release(story_id, reader=current_user, **_asked())
    return render_template("reports/release.html", story=story, release=found, without_pdf=missing())


@blueprint.get("/laporan/siaran-pers/<int:story_id>/berkas")
@signed_in
def release_file(story_id: int) -> Any:
    """The document: ``?bentuk=docx`` for Word, otherwise a PDF."""
    asked = _asked()
    story, found = gather_release(story_id, reader=current_user, **asked)
    name = f"siaran-pers-{plain(found.title) or story.id}"
    if trimmed(request.args.get("bentuk", "")) == "docx":
        return send_document(release_docx(found), f"{name}.docx", DOCX)
    try:
        return send_document(release_pdf(found), f"{name}.pdf", "application/pdf")
    except UserError as error:
        flash(error.message, "error")
        return redirect(url_for("reports.release", story_id=story_id), code=303)


def _asked() -> dict[str, Any]:
    """Number, date and place of the query; a date that is none is left out."""
    day: date | None
    try:
        day = date.fromisoformat(trimmed(request.args.get("tanggal", "")))
    except ValueError:
        day = None
    if day is not None and not 1990 <= day.year <= 2200:
        day = None
    return {
        "number": trimmed(request.args.get("nomor", ""))[:_LONGEST],
        "place": trimmed(request.args.get("tempat", ""))[:_LONGEST],
        "day": day,
    }
