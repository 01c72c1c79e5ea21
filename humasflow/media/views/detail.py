"""One file's page: what it shows, where it is used, who agreed, and everything that can be set about it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.audit import queries as audit
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import signed_in
from humasflow.core.negotiation import wants_json
from humasflow.media import queries, services, usage
from humasflow.media.enums import Ratio
from humasflow.media.forms import ConsentForm, DescribeForm, FocusForm
from humasflow.media.models import Asset
from humasflow.media.policy import can_describe, can_take_down, cautions, reasons_not_to_use
from humasflow.media.views.blueprint import blueprint
from humasflow.media.views.library import MEDIA_CSP
from humasflow.orgs import queries as orgs


@blueprint.route("/<int:asset_id>/keterangan", methods=["GET", "POST"])
@signed_in
def detail(asset_id: int) -> Any:
    """The page, and saving the credit, the alternative text and the caption."""
    asset = queries.get_listed_asset(current_user, asset_id)
    form = DescribeForm(obj=asset)
    if not form.validate_on_submit():
        return show(asset, describing=form, status=422 if form.is_submitted() else 200)
    try:
        services.describe_asset(
            asset, actor=current_user, credit=form.credit.data or "", alt_text=form.alt_text.data or "",
            caption=form.caption.data or "", row_version=request.form.get("row_version", type=row_number),
        )  # fmt: skip
    except Conflict:
        return show(asset, describing=form, both=True, status=409)
    flash(_("Keterangan tersimpan."), "success")
    return _back(asset.id)


@blueprint.post("/<int:asset_id>/titik-fokus")
@signed_in
def focus(asset_id: int) -> Any:
    """Where crops are made around."""
    asset = queries.get_listed_asset(current_user, asset_id)
    form = FocusForm()
    if not form.validate_on_submit():
        return show(asset, focusing=form, status=422)
    services.set_focus(
        asset, actor=current_user, x=(form.focal_x.data or 0) * 10, y=(form.focal_y.data or 0) * 10,
        row_version=request.form.get("row_version", type=row_number),
    )  # fmt: skip
    flash(_("Titik fokus tersimpan. Semua potongan mengikutinya."), "success")
    return _back(asset.id, "potongan")


@blueprint.post("/<int:asset_id>/fakta/hapus")
@signed_in
def forget_facts(asset_id: int) -> Any:
    """Delete what the camera wrote."""
    asset = queries.get_listed_asset(current_user, asset_id)
    services.forget_facts(asset, actor=current_user)
    flash(_("Waktu, tempat, dan perangkatnya sudah dihapus."), "success")
    return _back(asset.id)


@blueprint.post("/<int:asset_id>/anak")
@signed_in
def child(asset_id: int) -> Any:
    """Whether a child can be recognised, and whether faces were blurred."""
    asset = queries.get_listed_asset(current_user, asset_id)
    services.mark_child(
        asset, actor=current_user, shows_child="ada" in request.form.getlist("anak"),
        row_version=request.form.get("row_version", type=row_number),
    )  # fmt: skip
    if asset.shows_child:
        services.confirm_blurred(
            asset, actor=current_user, blurred="ya" in request.form.getlist("disamarkan")
        )
    flash(_("Keterangan tentang anak tersimpan."), "success")
    return _back(asset.id, "anak")


@blueprint.post("/<int:asset_id>/sampul")
@signed_in
def poster(asset_id: int) -> Any:
    """The picture that stands for a video; sent by the page that uploaded it, or chosen by a person."""
    asset = queries.get_listed_asset(current_user, asset_id)
    scripted = wants_json()
    uploads = services.uploads_from(request.files.getlist("poster"))
    if not uploads:
        raise UserError(_("Pilih dahulu gambar sampulnya."))
    services.set_poster(asset, uploads[0], actor=current_user, only_if_missing=scripted)
    if scripted:
        return {"thumb": url_for("media.rendition", asset_id=asset.id, size="thumb")}
    flash(_("Gambar sampul terpasang."), "success")
    return _back(asset.id)


@blueprint.post("/<int:asset_id>/pakai-yang-lain")
@signed_in
def put_aside(asset_id: int) -> Any:
    """Use the one that the library has already."""
    asset = queries.get_listed_asset(current_user, asset_id)
    same = request.form.get("file", type=row_number)
    other = services.put_aside(asset, actor=current_user, same_as_id=same or 0)
    flash(_("Pustaka kini memakai berkas ini. Berkas yang satunya disisihkan, tidak dihapus."), "success")
    return _back(other.id)


@blueprint.post("/<int:asset_id>/kembalikan")
@signed_in
def take_back(asset_id: int) -> Any:
    """Back into the library."""
    asset = queries.get_listed_asset(current_user, asset_id)
    services.take_back(asset, actor=current_user)
    flash(_("Berkas ini kembali ke pustaka."), "success")
    return _back(asset.id)


def show(
    asset: Asset,
    *,
    describing: DescribeForm | None = None,
    focusing: FocusForm | None = None,
    permitting: ConsentForm | None = None,
    both: bool = False,
    status: int = 200,
) -> Any:
    """The page with a form that has to be mended. ``both``: somebody saved meanwhile, so both texts stand there."""
    editable = can_describe(current_user, asset)
    where = orgs.get_office(asset.office_id)
    today = accounts.today_at(where)
    if focusing is None:
        focusing = FocusForm(
            formdata=None, data={"focal_x": asset.focal_x // 10, "focal_y": asset.focal_y // 10}
        )
    if permitting is None:
        permitting = ConsentForm(formdata=None)
        offer(permitting, asset)
    consents = queries.list_consents(asset.id) if editable else []
    people = accounts.names_of(
        [asset.uploaded_by, asset.faces_blurred_by, *(c.recorded_by for c in consents)]
    )
    twin = queries.find_twin(current_user, asset.office_id, asset.source_sha256, but=asset.id)
    similar = [a for a in queries.list_similar(current_user, asset) if twin is None or a.id != twin.id]
    body = render_template(
        "media/detail.html", asset=asset, form=describing or DescribeForm(formdata=None, obj=asset), both=both,
        focusing=focusing, permitting=permitting, editable=editable, people=people,
        uploader=people.get(asset.uploaded_by or 0, ""), facts=queries.get_facts(current_user, asset),
        consents=consents, proofs={c.id for c in consents if c.document and can_describe(current_user, c.document)},
        standing=queries.standings([asset.id], today)[asset.id], today=today,
        uses=usage.list_uses(current_user, [asset.id])[asset.id], ratios=Ratio, twin=twin, similar=similar,
        instead=queries.get_asset(asset.office_id, asset.same_as_id) if asset.same_as_id else None,
        blocks=reasons_not_to_use(asset), cautions=cautions(asset),
        tasks=queries.list_takedowns_of(asset.id)
        if can_take_down(current_user, asset.office_id) else [],
        entries=audit.list_timeline(("asset", asset.id)) if editable else [],
        where=where,
    )  # fmt: skip
    return body, status, {"Content-Security-Policy": MEDIA_CSP}


def offer(form: ConsentForm, asset: Asset) -> None:
    """The choices: documents are PDF files and pictures that this person sent lately and that nothing shows."""
    documents = queries.list_documents(current_user, asset)
    form.offer(accounts.today_at(orgs.get_office(asset.office_id)), [(d.id, d.filename) for d in documents])


def _back(asset_id: int, part: str = "") -> Any:
    return redirect(url_for("media.detail", asset_id=asset_id, _anchor=part or None), code=303)
