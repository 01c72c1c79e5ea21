"""Saved views of the calendar: kept from the calendar as it stands, and looked after on a page of their own."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar import queries
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.views.blueprint import blueprint
from humasflow.calendar.views.framing import calendar_url, chips_of
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.stories import saved_views
from humasflow.stories.enums import ViewPlace
from humasflow.stories.queries import desk_views

_HERE = ViewPlace.CALENDAR


@blueprint.route("/kalender/tampilan", methods=["GET", "POST"])
@requires(Permission.CALENDAR_READ)
def views_page() -> Any:
    """All views of this person; a form to keep the calendar as it stood (GET with its query, or POST)."""
    query, form = _query(), saved_views.ViewForm()
    if saved_views.keep(_HERE, form, office_id=acting_office(current_user).id, query=query):
        return redirect(calendar_url(query), code=303)
    return _page(form, query), 422 if form.is_submitted() else 200


def _query() -> str:
    """What is to be kept: as the hidden field says, or as the address does. Empty: nothing is."""
    today = today_at(acting_office(current_user))
    given = request.form.get("query")
    if given is not None:
        return Narrowing.from_query(given[: saved_views.LONGEST_QUERY], today).kept
    return Narrowing.from_args(request.args, today).kept if "tampilan" in request.args else ""


def _page(
    form: saved_views.ViewForm, query: str, failed: tuple[int, saved_views.ViewForm] | None = None
) -> str:
    office = acting_office(current_user)
    today = today_at(office)
    narrowing = Narrowing.from_query(query, today)
    saved = desk_views.list_views(current_user.id, office.id, _HERE)
    kept = {v.id: Narrowing.from_query(v.query, today) for v in saved}
    choices = queries.list_choices(office, current_user.id, narrowing.span, [narrowing, *kept.values()])
    told = {ident: chips_of(one, choices) for ident, one in kept.items()}
    return render_template(
        "calendar/views.html", query=query, narrowing=narrowing, chips=chips_of(narrowing, choices), saved=saved,
        kept=kept, told=told, calendar_url=calendar_url, **saved_views.page_of(_HERE, form, failed),
    )  # fmt: skip


@blueprint.post("/kalender/tampilan/<int:view_id>")
@requires(Permission.CALENDAR_READ)
def change_view(view_id: int) -> Any:
    """Rename, share, keep to oneself."""
    view = desk_views.get_view(current_user, view_id, _HERE)
    form = saved_views.ViewForm()
    if saved_views.change(view, form):
        return redirect(url_for("calendar.views_page"), code=303)
    return _page(saved_views.ViewForm(formdata=None), "", failed=(view.id, form)), 422


@blueprint.post("/kalender/tampilan/<int:view_id>/awal")
@requires(Permission.CALENDAR_READ)
def default_view(view_id: int) -> Any:
    """Begin with this view, also with one that somebody else shares, or with nothing in particular."""
    saved_views.begin(_HERE, view_id)
    return redirect(url_for("calendar.views_page"), code=303)


@blueprint.post("/kalender/tampilan/<int:view_id>/hapus")
@requires(Permission.CALENDAR_READ)
def remove_view(view_id: int) -> Any:
    """Take it away; the next page offers to take that back."""
    saved_views.remove(_HERE, view_id)
    return redirect(url_for("calendar.views_page", dihapus=view_id), code=303)


@blueprint.post("/kalender/tampilan/<int:view_id>/pulihkan")
@requires(Permission.CALENDAR_READ)
def restore_view(view_id: int) -> Any:
    """Urungkan."""
    saved_views.restore(_HERE, view_id)
    return redirect(url_for("calendar.views_page"), code=303)
