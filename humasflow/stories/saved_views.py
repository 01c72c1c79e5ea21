"""Keeping views of a page, for the pages above that have them: the desk and the calendar. The form, what is done with
it, and what the person is told. Where it is said stays with each page.
"""

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, StringField

from humasflow.core.converters import row_number
from humasflow.core.forms import BaseForm, Filled, MaxLength
from humasflow.core.permissions import Permission
from humasflow.stories.enums import ViewPlace
from humasflow.stories.models import DeskView
from humasflow.stories.queries import desk_views
from humasflow.stories.services import desk_views as services

LONGEST_QUERY = 2000  # characters of a query that are read; the service says how many are kept


class ViewForm(BaseForm):
    """A name, and for whom."""

    name = StringField(
        _l("Nama tampilan"), [Filled(_l("Beri nama, misalnya “Tenggat pekan ini”.")), MaxLength(60)]
    )
    is_shared = BooleanField(_l("Bagikan kepada seluruh kantor"))
    is_default = BooleanField(_l("Jadikan tampilan awal saya"))


def keep(place: ViewPlace, form: ViewForm, *, office_id: int, query: str) -> bool:
    """Keep the page as it stands, when the form was sent. What is wrong is said beside the field. Flushes."""
    if not (form.is_submitted() and form.validate()):
        return False
    try:
        view = services.save_view(
            actor=current_user, office_id=office_id, name=form.name.data or "", query=query,
            is_shared=form.is_shared.data, is_default=form.is_default.data, place=place,
        )  # fmt: skip
    except services.ViewRefused as refused:
        form.fail(form.name, refused.message)
        return False
    flash(_("Tampilan “%(name)s” tersimpan.", name=view.name), "success")
    return True


def change(view: DeskView, form: ViewForm) -> bool:
    """Rename, share, keep to oneself, begin with it. What is wrong is said beside the field. Flushes."""
    if not form.validate():
        return False
    try:
        services.change_view(
            view, actor=current_user, name=form.name.data or "", is_shared=form.is_shared.data,
            row_version=request.form.get("row_version", type=row_number),
        )  # fmt: skip
    except services.ViewRefused as refused:
        form.fail(form.name, refused.message)
        return False
    services.set_default(view, actor=current_user, wanted=form.is_default.data)
    flash(_("Tampilan “%(name)s” tersimpan.", name=view.name), "success")
    return True


def begin(place: ViewPlace, view_id: int) -> None:
    """Begin with this view, also with one that somebody else shares, or with nothing in particular. Flushes."""
    view = desk_views.get_view(current_user, view_id, place)
    wanted = request.form.get("mau") == "1"
    services.set_default(view, actor=current_user, wanted=wanted)
    words = {
        (ViewPlace.DESK, True): _("Meja redaksi kini dibuka dengan “%(name)s”.", name=view.name),
        (ViewPlace.DESK, False): _("Meja redaksi kini dibuka apa adanya."),
        (ViewPlace.CALENDAR, True): _("Kalender kini dibuka dengan “%(name)s”.", name=view.name),
        (ViewPlace.CALENDAR, False): _("Kalender kini dibuka apa adanya."),
    }
    flash(words[place, wanted], "success")


def remove(place: ViewPlace, view_id: int) -> None:
    """Take it away; :func:`just_removed` lets the next page offer to take that back. Flushes."""
    services.remove_view(desk_views.get_view(current_user, view_id, place), actor=current_user)


def restore(place: ViewPlace, view_id: int) -> None:
    """Urungkan. Flushes."""
    view = desk_views.get_view(current_user, view_id, place)
    services.restore_view(view, actor=current_user)
    flash(_("Tampilan “%(name)s” kembali.", name=view.name), "success")


def just_removed(place: ViewPlace) -> DeskView | None:
    """The view that the address says was just removed, to be taken back."""
    view_id = request.args.get("dihapus", type=row_number)
    view = desk_views.find_own(current_user.id, view_id, place) if view_id is not None else None
    return view if view is not None and view.removed_at is not None else None


def page_of(place: ViewPlace, form: ViewForm, failed: tuple[int, ViewForm] | None = None) -> dict[str, Any]:
    """What ``components/saved_views.html`` draws. ``failed``: the view that could not be changed, with the form as it
    was sent.
    """
    return {
        "form": form, "removed": just_removed(place), "can_share": current_user.can(Permission.STORY_WRITE),
        "failed_id": failed[0] if failed else None, "failed": failed[1] if failed else None,
    }  # fmt: skip
