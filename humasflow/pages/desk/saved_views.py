"""Saved views: kept from the desk as it stands, and looked after on a page of their own."""

from typing import Any
from urllib.parse import parse_qsl

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.pages.desk.choices import list_choices
from humasflow.pages.desk.narrowing import chips_of, desk_url, read_narrowing
from humasflow.stories import saved_views
from humasflow.stories.enums import ViewPlace
from humasflow.stories.queries import desk_views

_HERE = ViewPlace.DESK


@blueprint.route("/naskah/tampilan", methods=["GET", "POST"])
@requires(Permission.STORY_READ)
def desk_views_page() -> Any:
    """All views of this person; a form to keep the desk as it stood (GET with its query, or POST)."""
    query, form = _query(), saved_views.ViewForm()
    if saved_views.keep(_HERE, form, office_id=acting_office(current_user).id, query=query):
        return redirect(desk_url(query), code=303)
    return _page(form, query), 422 if form.is_submitted() else 200


def _query() -> str:
    """The filters to keep: as the hidden field says, or as the address does."""
    given = request.form.get("query")
    args = dict(parse_qsl(given[: saved_views.LONGEST_QUERY])) if given is not None else request.args
    return read_narrowing(args).query


def _page(
    form: saved_views.ViewForm, query: str, failed: tuple[int, saved_views.ViewForm] | None = None
) -> str:
    office = acting_office(current_user)
    narrowing = read_narrowing(dict(parse_qsl(query)))
    choices = list_choices(office, current_user.id)
    saved = desk_views.list_views(current_user.id, office.id, _HERE)
    told = {v.id: chips_of(read_narrowing(dict(parse_qsl(v.query))), choices) for v in saved}
    return render_template(
        "pages/desk/views.html", query=query, narrowing=narrowing, chips=chips_of(narrowing, choices), saved=saved,
        told=told, desk_url=desk_url, **saved_views.page_of(_HERE, form, failed),
    )  # fmt: skip


@blueprint.post("/naskah/tampilan/<int:view_id>")
@requires(Permission.STORY_READ)
def desk_view(view_id: int) -> Any:
    """Rename, share, keep to oneself."""
    view = desk_views.get_view(current_user, view_id, _HERE)
    form = saved_views.ViewForm()
    if saved_views.change(view, form):
        return redirect(url_for("pages.desk_views_page"), code=303)
    return _page(saved_views.ViewForm(formdata=None), "", failed=(view.id, form)), 422


@blueprint.post("/naskah/tampilan/<int:view_id>/awal")
@requires(Permission.STORY_READ)
def desk_view_default(view_id: int) -> Any:
    """Begin with this view, also with one that somebody else shares, or with nothing in particular."""
    saved_views.begin(_HERE, view_id)
    return redirect(url_for("pages.desk_views_page"), code=303)


@blueprint.post("/naskah/tampilan/<int:view_id>/hapus")
@requires(Permission.STORY_READ)
def desk_view_remove(view_id: int) -> Any:
    """Take it away; the next page offers to take that back."""
    saved_views.remove(_HERE, view_id)
    return redirect(url_for("pages.desk_views_page", dihapus=view_id), code=303)


@blueprint.post("/naskah/tampilan/<int:view_id>/pulihkan")
@requires(Permission.STORY_READ)
def desk_view_restore(view_id: int) -> Any:
    """Urungkan."""
    saved_views.restore(_HERE, view_id)
    return redirect(url_for("pages.desk_views_page"), code=303)
