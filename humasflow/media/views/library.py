"""Browsing the library, sending pictures with a plain form, and describing many files at once."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.headers import CSP
from humasflow.core.permissions import Permission
from humasflow.media import queries, services, usage
from humasflow.media.enums import AssetKind
from humasflow.media.forms import DescribeManyForm, UploadForm
from humasflow.media.models import Asset
from humasflow.media.policy import can_take_down, sees_whole_library
from humasflow.media.queries import LibraryFilter
from humasflow.media.services import MAX_FILES, Refusal
from humasflow.media.views.blueprint import blueprint

PER_PAGE = 24
MAX_MARKED = 100
# Videos are shown, and their poster is drawn from the file in the browser before it is sent.
MEDIA_CSP = f"{CSP}; media-src 'self' blob:"
_SWITCHES = {
    "belum-lengkap": "incomplete", "tanpa-kredit": "lacks_credit", "tanpa-alt": "lacks_alt_text",
    "izin-berakhir": "consent_ending", "tidak-boleh": "blocked", "belum-dipakai": "unused",
}  # fmt: skip


@blueprint.get("/")
@requires(Permission.MEDIA_UPLOAD, Permission.STORY_READ)
def library() -> Any:
    """The grid."""
    return _library(UploadForm())


def read_filter() -> tuple[LibraryFilter, dict[str, str]]:
    """What the address asks for, and the same again as arguments for links."""
    shown = request.args.get("tampil", "")
    kind = request.args.get("jenis", "")
    uploader = request.args.get("pengunggah", type=row_number)
    q = trimmed(request.args.get("q", ""))[:100]
    switches = {_SWITCHES[shown]: True} if shown in _SWITCHES else {}
    wanted = LibraryFilter(
        kind=AssetKind(kind) if kind in set(AssetKind) else None, uploader_id=uploader, q=q, **switches
    )
    given = {
        "tampil": shown if switches else "",
        "jenis": wanted.kind or "",
        "pengunggah": uploader or "",
        "q": q,
    }
    return wanted, {key: str(value) for key, value in given.items() if value}


def _library(form: UploadForm, kept: Sequence[Asset] = (), refusals: Sequence[Refusal] = ()) -> Any:
    office = acting_office(current_user)
    wanted, args = read_filter()
    today = today_at(office)
    page = queries.browse(
        current_user, office.id, wanted, today=today, cursor=request.args.get("setelah"), size=PER_PAGE
    )
    ids = [asset.id for asset in page.items]
    whole = sees_whole_library(current_user, office.id)
    body = render_template(
        "media/library.html", page=page, counts=queries.count_library(current_user, office.id), form=form,
        wanted=wanted, args=args, kept=kept, refusals=refusals, whole=whole, max_files=MAX_FILES, kinds=AssetKind,
        standings=queries.standings(ids, today), uses=usage.count_uses(ids),
        uploaders=queries.list_uploaders(office.id) if whole else [],
        takedowns=queries.count_open_takedowns(current_user, office.id)
        if can_take_down(current_user, office.id) else 0,
        limits={kind.value: services.max_bytes(kind) // (1024 * 1024) for kind in AssetKind},
    )  # fmt: skip
    return body, 200, {"Content-Security-Policy": MEDIA_CSP}


@blueprint.post("/unggah")
@requires(Permission.MEDIA_UPLOAD)
def upload() -> Any:
    """Keep the good files; name each refused one with its reason."""
    form = UploadForm()
    uploads = services.uploads_from(form.photos.data)
    if not uploads:
        form.fail(form.photos, _("Pilih dahulu foto yang akan diunggah."))
        return _library(form)[0], 422
    office = acting_office(current_user)
    kept, refusals = services.receive(uploads, actor=current_user, office_id=office.id, limit=MAX_FILES)
    if refusals:
        unit_of_work.keep()
        return _library(form, kept, refusals)[0], 422
    flash(ngettext("%(num)s foto sudah tersimpan.", "%(num)s foto sudah tersimpan.", len(kept)), "success")
    if len(kept) == 1:
        return redirect(url_for("media.detail", asset_id=kept[0].id), code=303)
    return redirect(url_for("media.library"), code=303)


@blueprint.route("/keterangan-massal", methods=["GET", "POST"])
@requires(Permission.MEDIA_UPLOAD, Permission.STORY_READ)
def describe_many() -> Any:
    """One credit and one caption for the files that were marked in the grid."""
    marked = _marked()
    form = DescribeManyForm()
    if not marked:
        flash(_("Tandai dahulu berkas yang akan diberi keterangan."), "warning")
        return redirect(url_for("media.library"), code=303)
    if not form.validate_on_submit():
        return render_template("media/describe_many.html", form=form, marked=marked), (
            422 if form.is_submitted() else 200
        )
    if not (form.credit.data or form.caption.data):
        form.fail(form.credit, _("Isi kredit atau keterangannya."))
        return render_template("media/describe_many.html", form=form, marked=marked), 422
    changed, left = services.describe_many(
        marked, actor=current_user, credit=form.credit.data or "", caption=form.caption.data or "",
        overwrite=bool(form.overwrite.data),
    )  # fmt: skip
    flash(
        ngettext("%(num)s berkas diberi keterangan.", "%(num)s berkas diberi keterangan.", len(changed))
        + (
            " " + _("%(n)s tidak diubah karena sudah terisi atau bukan milik Anda.", n=len(left))
            if left
            else ""
        ),
        "success",
    )
    return redirect(url_for("media.library"), code=303)


def _marked() -> Sequence[Asset]:
    """The files named in the address or the form that the person may see; others are left out in silence."""
    ids = request.values.getlist("file", type=row_number)[:MAX_MARKED]
    return queries.list_marked(current_user, acting_office(current_user).id, ids)
