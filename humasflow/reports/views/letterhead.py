"""Kop surat: the lines, the logo, who signs, and what stands below a press release."""

from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media.sending import ASK_AGAIN, send_rendition
from humasflow.media.services.receiving import Upload
from humasflow.reports import queries, services
from humasflow.reports.forms import LetterheadForm
from humasflow.reports.models import Letterhead
from humasflow.reports.views.blueprint import blueprint


@blueprint.route("/pengaturan/kop-surat", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def letterhead() -> Any:
    """Fill it in beside a picture of it that follows what is typed."""
    office = current_user.office
    found = queries.get_letterhead(office.id)
    form = LetterheadForm(obj=found)
    form.offer()
    if not form.validate_on_submit():
        return _page(form, found), 422 if form.errors else 200
    sent = request.files.get("logo")
    logo = Upload(sent.filename, cast(BinaryIO, sent.stream)) if sent is not None and sent.filename else None
    try:
        services.save_letterhead(
            office, form.content, actor=current_user, logo=logo, without_logo=bool(form.without_logo.data),
            row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict:
        found = queries.get_letterhead(office.id)
        form.row_version.data = found.row_version if found else None
        return _page(form, found, saved_meanwhile=True), 409
    except UserError as error:
        form.fail(form.logo, error.message)
        return _page(form, found), 422
    flash(_("Kop surat tersimpan. Laporan berikutnya memakainya."), "success")
    return redirect(url_for("reports.letterhead"), code=303)


@blueprint.get("/pengaturan/kop-surat/logo")
@requires(Permission.OFFICE_MANAGE)
def logo() -> Any:
    """The picture that stands on the letterhead."""
    found = queries.get_letterhead(current_user.office.id)
    if found is None or found.logo is None:
        raise NotFound
    return send_rendition(found.logo, "thumb", cache=ASK_AGAIN)


def _page(form: LetterheadForm, found: Letterhead | None, *, saved_meanwhile: bool = False) -> str:
    return render_template(
        "reports/letterhead.html",
        form=form,
        found=found,
        unit=current_user.office,
        saved_meanwhile=saved_meanwhile,
    )
