"""Liput: an event turns into a story and its tasks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.calendar.covering.forms import END_OF_DAY, CoverForm
from humasflow.calendar.covering.people import Picked, list_people
from humasflow.calendar.covering.services import Ask, CoveredAlready, cover, roles_for
from humasflow.calendar.views.blueprint import blueprint
from humasflow.core import clock
from humasflow.core.converters import row_number
from humasflow.core.errors import NotFound, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning import queries as planning
from humasflow.planning.agenda import queries as agenda
from humasflow.planning.agenda.enums import EventNeed
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import Occurrence
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.stories.models import Story
from humasflow.stories.queries.coverage import covered_of, list_covering
from humasflow.stories.visibility import is_visible

SPARE = 1  # rows for people beyond what the event asks for


@blueprint.route("/kalender/liput/<int:event_id>", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def cover_event(event_id: int) -> Any:
    """Begin a story about an event, or one occurrence of it (``saat``), and ask people for what it needs."""
    event = agenda.get_event(current_user, event_id)
    if not current_user.can(Permission.STORY_WRITE, event.office_id):
        raise NotFound
    once = agenda.get_occurrence(event, _named(request.args.get("saat")))
    office = get_office(event.office_id)
    form = CoverForm()
    form.offer(planning.list_content_types(office.id), planning.list_pillars(office.id))
    if request.method == "GET":
        form.title.data = once.title
        form.show_due(_suggested_due(once, office), office)
        return _page(event, once, office, form, _wanted(event, once))
    rows = _given()
    if not form.validate():
        return _page(event, once, office, form, rows), 422
    if any(role is None for role, person in rows if person is not None):
        return _page(
            event, once, office, form, rows, reasons=[_("Pilih peran bagi setiap orang yang ditugaskan.")]
        ), 422
    try:
        story = cover(
            event, once.occurrence, actor=current_user, content_type_id=form.content_type_id.data,
            title=form.title.data or "", due_at=form.due_at(office), brief=form.brief.data or "",
            pillar_id=form.pillar_id.data, again=request.form.get("lagi") == "1",
            asks=[Ask(role, person) for role, person in rows if role is not None and person is not None],
        )  # fmt: skip
    except UserError as error:
        reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
        twin = isinstance(error, CoveredAlready)
        page = _page(event, once, office, form, rows, reasons=[] if twin else reasons, asks_again=twin)
        return page, error.status if error.status != 404 else 422
    flash(_("Naskah dan tugasnya sudah dibuat dari agenda."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _suggested_due(once: Occurrence, office: Unit) -> datetime | None:
    """By the end of the day on which it ends; nothing where that is over."""
    if once.all_day:  # on the days of its own calendar
        last = to_local(once.ends_at - timedelta(microseconds=1), once.zone).date()
        due = from_local(last, END_OF_DAY, office.zone_name)
    else:
        last = to_local(once.ends_at, office.zone_name).date()
        due = max(from_local(last, END_OF_DAY, office.zone_name), once.ends_at)
    return due if due > clock.now() else None


def _named(text: str | None) -> datetime | None:
    """The occurrence that the address names; None: the first."""
    return agenda.parse_moment(text) if text else None


def _wanted(event: AgendaEvent, once: Occurrence) -> list[tuple[int | None, int | None]]:
    """A row for each need, with its role, and some to spare."""
    needed = [
        role.id if role else None for _need, role in roles_for(event.office_id, [n.value for n in once.needs])
    ]
    return [(role_id, None) for role_id in [*needed, *[None] * SPARE]]


def _given() -> list[tuple[int | None, int | None]]:
    """The rows as they were filled in: a role and a person each."""
    roles, people = request.form.getlist("peran")[:20], request.form.getlist("orang")[:20]
    return [(_number(role), _number(person)) for role, person in zip(roles, people, strict=False)]


def _number(text: str) -> int | None:
    try:
        return row_number(text)
    except ValueError:
        return None


def _page(
    event: AgendaEvent,
    once: Occurrence,
    office: Unit,
    form: CoverForm,
    rows: Sequence[tuple[int | None, int | None]],
    *,
    reasons: Sequence[str] = (),
    asks_again: bool = False,
) -> str:
    key = (event.id, once.occurrence if event.rule else None)
    people: list[Picked] = list_people(current_user, office, covered_of([key])[key])
    twins: list[Story] = [s for s in list_covering(event, key[1]) if is_visible(current_user.id, s)]
    return render_template(
        "calendar/cover.html", event=event, once=once, needs=[n for n in EventNeed if n in once.needs],
        moment=agenda.moment, where=office, form=form, rows=rows, twins=twins, reasons=reasons,
        free=[p for p in people if p.is_free], busy=[p for p in people if not p.is_free],
        roles=list_production_roles(office.id), asks_again=asks_again or bool(twins),
    )  # fmt: skip
