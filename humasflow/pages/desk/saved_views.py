"""Saved views: kept from the desk as it stands, and looked after on a page of their own."""

from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, StringField

from humasflow.accounts.policy import acting_office
from humasflow.core.converters import row_number
from humasflow.core.forms import BaseForm, Filled, MaxLength
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.pages.desk.choices import list_choices
from humasflow.pages.desk.narrowing import chips_of, desk_url, read_narrowing
from humasflow.stories.queries import desk_views
from humasflow.stories.services import desk_views as services


class ViewForm(BaseForm):
    """A name, and for whom."""

    name = StringField(
        _l("Nama tampilan"), [Filled(_l("Beri nama, misalnya “Tenggat minggu ini”.")), MaxLength(60)]
    )
    is_shared = BooleanField(_l("Bagikan kepada seluruh kantor"))
    is_default = BooleanField(_l("Jadikan tampilan awal saya"))


@blueprint.route("/naskah/tampilan", methods=["GET", "POST"])
@requires(Permission.STORY_READ)
def desk_views_page() -> Any:
    """All views of this person; a form to keep the desk as it stood (GET with its query, or POST)."""
    office = acting_office(current_user)
    query = _query()
    form = ViewForm()
    if form.is_submitted() and form.validate():
        try:
            view = services.save_view(
                actor=current_user, office_id=office.id, name=form.name.data or "", query=query,
                is_shared=form.is_shared.data, is_default=form.is_default.data,
            )  # fmt: skip
        except services.ViewRefused as refused:
            form.fail(form.name, refused.message)
        else:
            flash(_("Tampilan “%(name)s” tersimpan.", name=view.name), "success")
            return redirect(desk_url(query), code=303)
    return _page(form, query), 422 if form.is_submitted() else 200


def _query() -> str:
    """The filters to keep: as the hidden field says, or as the address does."""
    given = request.form.get("query")
    args = dict(parse_qsl(given[:2000])) if given is not None else request.args
    return read_narrowing(args).query


def _page(form: ViewForm, query: str, *, failed: tuple[int, ViewForm] | None = None) -> str:
    """``failed``: the view that could not be changed, with the form as it was sent."""
    office = acting_office(current_user)
    narrowing = read_narrowing(dict(parse_qsl(query)))
    choices = list_choices(office, current_user.id)
    saved = desk_views.list_views(current_user.id, office.id)
    told = {v.id: chips_of(read_narrowing(dict(parse_qsl(v.query))), choices) for v in saved}
    return render_template(
        "pages/desk/views.html", form=form, narrowing=narrowing, chips=chips_of(narrowing, choices), saved=saved,
        told=told, query=query, can_share=current_user.can(Permission.STORY_WRITE), removed=_removed(),
        failed_id=failed[0] if failed else None, failed=failed[1] if failed else None, desk_url=desk_url,
    )  # fmt: skip


def _removed() -> Any:
    """The view that was just removed, to be taken back."""
    view_id = request.args.get("dihapus", type=row_number)
    if view_id is None:
        return None
    view = desk_views.find_own(current_user.id, view_id)
    return view if view is not None and view.removed_at is not None else None


@blueprint.post("/naskah/tampilan/<int:view_id>")
@requires(Permission.STORY_READ)
def desk_view(view_id: int) -> Any:
    """Rename, share, keep to oneself."""
    view = desk_views.get_view(current_user, view_id)
    form = ViewForm()
    if form.validate():
        try:
            services.change_view(
                view, actor=current_user, name=form.name.data or "", is_shared=form.is_shared.data,
                row_version=request.form.get("row_version", type=row_number),
            )  # fmt: skip
        except services.ViewRefused as refused:
            form.fail(form.name, refused.message)
        else:
            services.set_default(view, actor=current_user, wanted=form.is_default.data)
            flash(_("Tampilan “%(name)s” tersimpan.", name=view.name), "success")
            return redirect(url_for("pages.desk_views_page"), code=303)
    return _page(ViewForm(formdata=None), "", failed=(view.id, form)), 422


@blueprint.post("/naskah/tampilan/<int:view_id>/awal")
@requires(Permission.STORY_READ)
def desk_view_default(view_id: int) -> Any:
    """Begin with this view, also with one that somebody else shares, or with nothing in particular."""
    view = desk_views.get_view(current_user, view_id)
    wanted = request.form.get("mau") == "1"
    services.set_default(view, actor=current_user, wanted=wanted)
    flash(
        _("Meja redaksi kini dibuka dengan “%(name)s”.", name=view.name)
        if wanted
        else _("Meja redaksi kini dibuka apa adanya."),
        "success",
    )
    return redirect(url_for("pages.desk_views_page"), code=303)


@blueprint.post("/naskah/tampilan/<int:view_id>/hapus")
@requires(Permission.STORY_READ)
def desk_view_remove(view_id: int) -> Any:
    """Take it away; the next page offers to take that back."""
    view = desk_views.get_view(current_user, view_id)
    services.remove_view(view, actor=current_user)
    return redirect(url_for("pages.desk_views_page", dihapus=view.id), code=303)


@blueprint.post("/naskah/tampilan/<int:view_id>/pulihkan")
@requires(Permission.STORY_READ)
def desk_view_restore(view_id: int) -> Any:
    """Urungkan."""
    view = desk_views.get_view(current_user, view_id)
    services.restore_view(view, actor=current_user)
    flash(_("Tampilan “%(name)s” kembali.", name=view.name), "success")
    return redirect(url_for("pages.desk_views_page"), code=303)
