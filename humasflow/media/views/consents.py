"""Consents of the people in a file."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.converters import row_number
from humasflow.core.errors import UserError
from humasflow.core.guards import signed_in
from humasflow.media import queries, services
from humasflow.media.enums import ConsentKind
from humasflow.media.forms import ConsentForm, NoteForm, RenewForm
from humasflow.media.services.consents import ConsentContent, ConsentRefused
from humasflow.media.views.blueprint import blueprint
from humasflow.media.views.detail import offer, show


@blueprint.post("/<int:asset_id>/izin")
@signed_in
def add_consent(asset_id: int) -> Any:
    """Write down that somebody agreed."""
    asset = queries.get_listed_asset(current_user, asset_id)
    form = ConsentForm()
    offer(form, asset)
    if not form.validate_on_submit() or form.given_on.data is None:
        return show(asset, permitting=form, status=422)
    content = ConsentContent(
        person=form.person.data or "", kind=ConsentKind(form.kind.data), given_on=form.given_on.data,
        expires_on=form.expires_on.data, note=form.note.data or "", document_id=form.document_id.data,
    )  # fmt: skip
    try:
        services.record_consent(asset, content, actor=current_user)
    except ConsentRefused as error:
        if error.field:
            form.fail(form[error.field], error.message)
        else:
            form.form_errors = [*form.form_errors, error.message]
        return show(asset, permitting=form, status=422)
    flash(_("Izin tercatat."), "success")
    return _back(asset.id)


@blueprint.post("/izin/<int:consent_id>/perpanjang")
@signed_in
def renew_consent(consent_id: int) -> Any:
    """The person agreed again."""
    consent = queries.get_consent(current_user, consent_id)
    form = RenewForm()
    if not form.validate_on_submit() or form.given_on.data is None:
        raise UserError(" ".join(str(m) for messages in form.errors.values() for m in messages))
    services.renew_consent(
        consent, actor=current_user, given_on=form.given_on.data, expires_on=form.expires_on.data,
        row_version=request.form.get("row_version", type=row_number),
    )  # fmt: skip
    flash(_("Izin diperpanjang."), "success")
    return _back(consent.asset_id)


@blueprint.post("/izin/<int:consent_id>/cabut")
@signed_in
def withdraw_consent(consent_id: int) -> Any:
    """The person no longer agrees."""
    consent = queries.get_consent(current_user, consent_id)
    form = NoteForm()
    if not form.validate_on_submit():
        raise UserError(_("Tuliskan siapa yang mencabut izin dan bagaimana disampaikannya."))
    services.withdraw_consent(
        consent, actor=current_user, note=form.note.data or "",
        row_version=request.form.get("row_version", type=row_number),
    )  # fmt: skip
    flash(
        _("Pencabutan tercatat. Berkas ini tidak boleh dipakai lagi dan perlu diturunkan dalam 72 jam."),
        "success",
    )
    return _back(consent.asset_id)


@blueprint.post("/izin/<int:consent_id>/lepas-bukti")
@signed_in
def detach_document(consent_id: int) -> Any:
    """The wrong file was chosen as its proof."""
    consent = queries.get_consent(current_user, consent_id)
    services.detach_document(
        consent, actor=current_user, row_version=request.form.get("row_version", type=row_number)
    )
    flash(_("Bukti izin dilepas."), "success")
    return _back(consent.asset_id)


def _back(asset_id: int) -> Any:
    return redirect(url_for("media.detail", asset_id=asset_id, _anchor="izin"), code=303)
