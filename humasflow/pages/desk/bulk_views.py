"""Selected stories: choosing what all of them get, doing it, and the answer for each."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from humasflow.accounts.policy import acting_office
from humasflow.core.converters import row_number
from humasflow.core.errors import NotFound
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    int_or_none,
    required,
)
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pages.blueprint import blueprint
from humasflow.pages.desk import bulk
from humasflow.pages.desk.choices import Choices, list_choices
from humasflow.pages.desk.narrowing import desk_back
from humasflow.pages.desk.reading import readings_of
from humasflow.pages.wording import hold_consequence
from humasflow.stories import queries as stories
from humasflow.stories.enums import BulkAction
from humasflow.stories.queries import desk_views

END_OF_WORK = time(16)


class AssignManyForm(BaseForm):
    """Who holds all of them from now on."""

    owner_id = ChoiceField(_l("Serahkan kepada"), [required(_l("Pilih orangnya."))], coerce=int_or_none)


class PillarManyForm(BaseForm):
    """The theme of all of them."""

    pillar_id = ChoiceField(_l("Pilar"), coerce=int_or_none)


class DueManyForm(BaseForm):
    """When the work on all of them is to be handed over; without a day, the deadlines are taken away."""

    day = LocalDateField(_l("Tanggal"))
    clock = LocalTimeField(_l("Jam"))

    def validate_clock(self, field: LocalTimeField) -> None:
        """A day has an hour too."""
        if self.day.data is not None and field.data is None:
            raise ValidationError(_("Tulis jamnya."))


class SendBackManyForm(BaseForm):
    """One reason for all of them."""

    reason = TextAreaField(
        _l("Alasan untuk semua yang dipilih"),
        [Filled(_l("Tuliskan alasannya, supaya penulis tahu apa yang perlu diperbaiki.")), MaxLength(2000)],
    )


def _form(action: BulkAction, choices: Choices) -> BaseForm:
    if action is BulkAction.ASSIGN:
        assign = AssignManyForm()
        assign.owner_id.choices = [("", _("Pilih orang")), *((c.id, c.name) for c in choices.of("person"))]
        return assign
    if action is BulkAction.PILLAR:
        pillar = PillarManyForm()
        pillar.pillar_id.choices = [("", _("Tanpa pilar")), *((c.id, c.name) for c in choices.of("pillar"))]
        return pillar
    if action is BulkAction.DUE:
        return DueManyForm(clock=END_OF_WORK)
    return SendBackManyForm() if action is BulkAction.SEND_BACK else BaseForm()


@blueprint.route("/naskah/massal", methods=["GET", "POST"])
@requires(Permission.STORY_READ)
def desk_bulk() -> Any:
    """Choosing what the selected stories get (GET, so that the page can be read again), and doing it."""
    office = acting_office(current_user)
    values = request.form if request.method == "POST" else request.args
    action = next((a for a in BulkAction if a.value == values.get("tindakan")), None)
    if action is None:
        raise NotFound
    chosen = list(dict.fromkeys(values.getlist("id", type=row_number)))
    bulk.refuse_too_many(action, len(chosen))
    form = _form(action, list_choices(office, current_user.id))
    if not (form.is_submitted() and form.validate()):
        return _page(action, chosen, form, office), 422 if form.is_submitted() else 200
    run_id = bulk.run(_wish(action, chosen, form, office), office, actor=current_user)
    return redirect(url_for("pages.desk_run", run_id=run_id, kembali=desk_back()), code=303)


def _wish(action: BulkAction, chosen: list[int], form: BaseForm, office: Unit) -> bulk.BulkWish:
    data: Mapping[str, Any] = form.data
    due = from_local(data["day"], data["clock"], office.zone_name) if data.get("day") else None
    return bulk.BulkWish(
        action, chosen, owner_id=data.get("owner_id"), pillar_id=data.get("pillar_id"), due_at=due,
        reason=data.get("reason") or "", shown=_shown(chosen),
    )  # fmt: skip


def _shown(chosen: list[int]) -> dict[int, bulk.Shown]:
    """The digest and step that stood beside each story on the page that was sent."""
    found = {}
    for story_id in chosen:
        digest = request.form.get(f"digest-{story_id}", "")[:64]
        if digest:
            step = request.form.get(f"langkah-{story_id}", type=row_number)
            found[story_id] = bulk.Shown(digest, step)
    return found


def _page(action: BulkAction, chosen: list[int], form: BaseForm, office: Unit) -> str:
    rows = stories.rows_of(current_user, office.id, chosen)
    shown = [rows[story_id] for story_id in chosen if story_id in rows]
    readings = (
        readings_of(
            [row.id for row in shown], office, actor=current_user, approving=action is BulkAction.APPROVE
        )
        if action in bulk.DECIDING
        else {}
    )
    ready = [row for row in shown if row.id not in readings or not readings[row.id].reasons]
    return render_template(
        "pages/desk/bulk.html", action=action, ready=ready, form=form, readings=readings, A=BulkAction,
        refused=[row for row in shown if row not in ready], where=office, back=desk_back(),
        consequence=hold_consequence(),
    )  # fmt: skip


@blueprint.get("/naskah/massal/<int:run_id>")
@requires(Permission.STORY_READ)
def desk_run(run_id: int) -> str:
    """What became of each."""
    run = desk_views.get_run(current_user, run_id)
    rows = stories.rows_of(current_user, run.office_id, (line["story_id"] for line in run.lines))
    return render_template(
        "pages/desk/bulk_done.html", run=run, rows=rows, back=desk_back(),
        done=sum(1 for line in run.lines if line["done"]),
    )  # fmt: skip
