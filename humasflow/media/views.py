"""The media library and the pictures themselves."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, NotFound
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.media import queries, services
from humasflow.media.forms import DescribeForm, UploadForm
from humasflow.media.models import Asset
from humasflow.media.policy import can_describe, sees_whole_library
from humasflow.media.services import MAX_FILES, Refusal

blueprint = Blueprint("media", __name__, url_prefix="/media")

PER_PAGE = 24
FOREVER = "private, max-age=31536000, immutable"  # the bytes behind an address never change
_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}


@blueprint.get("/")
@requires(Permission.MEDIA_UPLOAD, Permission.STORY_READ)
def library() -> Any:
    """The grid."""
    return _library(UploadForm())


def _library(form: UploadForm, kept: Sequence[Asset] = (), refusals: Sequence[Refusal] = ()) -> str:
    office = acting_office(current_user)
    q = trimmed(request.args.get("q", ""))[:100]
    incomplete = request.args.get("tampil") == "belum-lengkap"
    page = queries.list_library(
        current_user, office.id, incomplete=incomplete, q=q, cursor=request.args.get("setelah"), size=PER_PAGE
    )
    return render_template(
        "media/library.html", page=page, counts=queries.count_library(current_user, office.id), form=form, q=q,
        incomplete=incomplete, kept=kept, refusals=refusals, whole=sees_whole_library(current_user, office.id),
        max_files=MAX_FILES,
    )  # fmt: skip


@blueprint.post("/unggah")
@requires(Permission.MEDIA_UPLOAD)
def upload() -> Any:
    """Keep the good files; name each refused one with its reason."""
    form = UploadForm()
    uploads = services.uploads_from(form.photos.data)
    if not uploads:
        form.fail(form.photos, _("Pilih dahulu foto yang akan diunggah."))
        return _library(form), 422
    office = acting_office(current_user)
    kept, refusals = services.receive(uploads, actor=current_user, office_id=office.id, limit=MAX_FILES)
    if refusals:
        unit_of_work.keep()
        return _library(form, kept, refusals), 422
    flash(ngettext("%(num)s foto sudah tersimpan.", "%(num)s foto sudah tersimpan.", len(kept)), "success")
    if len(kept) == 1:
        return redirect(url_for("media.detail", asset_id=kept[0].id), code=303)
    return redirect(url_for("media.library"), code=303)


@blueprint.route("/<int:asset_id>/keterangan", methods=["GET", "POST"])
@signed_in
def detail(asset_id: int) -> Any:
    """One picture large, with its credit, alternative text and caption."""
    asset = queries.get_listed_asset(current_user, asset_id)
    form = DescribeForm(obj=asset)
    if not form.validate_on_submit():
        return _detail(asset, form), 422 if form.is_submitted() else 200
    try:
        services.describe_asset(
            asset, actor=current_user, credit=form.credit.data or "", alt_text=form.alt_text.data or "",
            caption=form.caption.data or "", row_version=request.form.get("row_version", type=row_number),
        )  # fmt: skip
    except Conflict:
        return _detail(asset, form, both=True), 409
    flash(_("Keterangan foto tersimpan."), "success")
    return redirect(url_for("media.detail", asset_id=asset.id), code=303)


def _detail(asset: Asset, form: DescribeForm, *, both: bool = False) -> str:
    """``both``: somebody saved meanwhile, so what stands there is shown beside what was typed."""
    return render_template(
        "media/detail.html", asset=asset, form=form, both=both, editable=can_describe(current_user, asset),
        uploader=accounts.names_of([asset.uploaded_by]).get(asset.uploaded_by or 0, ""),
    )  # fmt: skip


@blueprint.get("/<int:asset_id>/<any(thumb, medium, original):size>")
@signed_in
def rendition(asset_id: int, size: str) -> Any:
    """The picture in one of its three sizes. Always newly encoded by us, so it is safe to show as it is."""
    asset = queries.get_viewable_asset(current_user, asset_id)
    key: str = getattr(asset, f"{size}_key")
    suffix = key.rpartition(".")[2]
    path = services.storage().path(key)
    if not path.is_file():
        current_app.logger.error("picture file is missing", extra={"asset": asset_id, "key": key})
        raise NotFound
    response = send_file(
        path, mimetype=_TYPES[suffix], conditional=True, etag=key.rpartition("/")[2],
        download_name=f"foto-{asset_id}-{size}.{suffix}",
    )  # fmt: skip
    response.headers["Cache-Control"] = FOREVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
