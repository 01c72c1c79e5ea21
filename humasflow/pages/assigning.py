"""Choosing who does what for a story, with everybody's work and absences beside the choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.accounts import absences
from humasflow.core import clock
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    Optional,
    int_or_none,
    required,
)
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, show_instant, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.pages.blueprint import blueprint
from humasflow.pages.task import late_for, publish_time, require_directed
from humasflow.planning.production_roles import queries as production_roles
from humasflow.stories import queries as stories
from humasflow.stories.models import Assignment, Story
from humasflow.stories.policy import reasons_not_to_assign
from humasflow.stories.queries import workload
from humasflow.stories.queries.workload import Candidate
from humasflow.stories.services import assignments as services

END_OF_DAY = time(16, 0)  # when a day is named without a time: within office hours
MOST = 20  # people at once


class DueForm(BaseForm):
    """Until when, on the office's clock, and what is wanted."""

    due_day = LocalDateField(_l("Tenggat"), [Optional()])
    due_time = LocalTimeField(_l("Jam"), [Optional()])
    brief = TextAreaField(_l("Yang diharapkan"), [MaxLength(4000)])
    row_version = IntegerField(validators=[Optional()])
    seen = HiddenField()  # the warnings that were shown and are agreed to

    def due_at(self, office: Unit) -> datetime | None:
        """The instant in UTC; None without a day. Call after validation."""
        if self.due_day.data is None:
            return None
        return from_local(self.due_day.data, self.due_time.data or END_OF_DAY, office.zone_name)

    def show_due(self, at: datetime | None, office: Unit) -> None:
        """Fill the two fields from an instant."""
        if at is not None:
            local = to_local(at, office.zone_name)
            self.due_day.data, self.due_time.data = (
                local.date(),
                local.time().replace(second=0, microsecond=0),
            )

    def validate_due_time(self, _field: Any) -> None:
        """A time belongs to a day."""
        if self.due_time.data is not None and self.due_day.data is None and not self.due_day.errors:
            raise ValidationError(_("Isi juga tanggalnya, atau kosongkan jamnya."))


class AssignForm(DueForm):
    """As what."""

    role_id = ChoiceField(_l("Sebagai"), [required(_l("Pilih perannya."))], coerce=int_or_none)

    def offer(self, roles: Sequence[Any]) -> None:
        """The office's production roles in use."""
        self.role_id.choices = [SelectChoice(r.id, r.label) for r in roles]


class ReplaceForm(DueForm):
    """Why somebody else does it."""

    reason = TextAreaField(_l("Alasan penggantian"), [MaxLength(1000)])


@dataclass
class Doubts:
    """What speaks against it without forbidding it. What was shown once and agreed to is not asked again."""

    found: dict[str, str] = field(default_factory=dict)

    def are_agreed(self, seen: str | None) -> bool:
        """Whether all of them were agreed to."""
        return request.form.get("tetap") == "1" and set(self.found) <= set((seen or "").split())

    @property
    def codes(self) -> str:
        """For the hidden field."""
        return " ".join(self.found)


def _doubts(
    office: Unit, due_at: datetime | None, publish_at: datetime | None, people: Mapping[int, str]
) -> Doubts:
    """About asking these people (names by id): away on the day the work is due, or, without a due time, today."""
    doubts = Doubts()
    day = to_local(due_at or clock.now(), office.zone_name).date()
    for user_id, gone in absences.list_away(people, day, day).items():
        name, away = people[user_id], gone[0].text
        doubts.found[f"away-{user_id}-{day if due_at else 'now'}"] = (
            _("%(name)s: %(away)s, termasuk hari tenggatnya.", name=name, away=away)
            if due_at
            else _("%(name)s: %(away)s.", name=name, away=away)
        )
    if due_at is not None and publish_at is not None and late_for(due_at, publish_at):
        doubts.found[f"late-{int(due_at.timestamp())}"] = _(
            "Tenggatnya sesudah jadwal tayang, %(when)s.", when=show_instant(publish_at, office.zone_name)
        )
    return doubts


@blueprint.route("/naskah/<int:story_id>/tugaskan", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def assign(story_id: int) -> Any:
    """Ask one or several people to do something for a story."""
    story = stories.get_story(current_user, story_id)
    office = orgs.get_office(story.office_id)
    roles = production_roles.list_production_roles(office.id)
    form = AssignForm()
    form.offer(roles)
    if request.method == "GET":
        form.role_id.data = request.args.get("peran", type=row_number) or (roles[0].id if roles else None)
        form.due_day.data = _day(request.args.get("tenggat"))
    picked = _picked()
    page = _Picker("pages/assign.html", office, form, story, picked, roles=roles)
    if request.method == "GET":
        return page.show()
    if not form.validate():
        return page.show(422)
    if not picked:
        return page.show(422, people_error=_("Pilih paling sedikit satu orang."))
    if len(picked) > MOST:
        return page.show(422, people_error=_("Paling banyak %(n)s orang sekaligus.", n=MOST))
    page.due_at = form.due_at(office)
    if not page.agreed():
        return page.show(422)
    try:
        services.assign_several(
            story, actor=current_user, person_ids=picked, role_id=form.role_id.data or 0, due_at=page.due_at,
            brief=form.brief.data or "",
        )  # fmt: skip
    except UserError as error:
        return page.refuse(error)
    flash(ngettext("%(num)s orang ditugaskan.", "%(num)s orang ditugaskan.", len(picked)), "success")
    return redirect(url_for("pages.story", story_id=story.id) + "#penugasan", code=303)


@blueprint.route("/tugas/<int:assignment_id>/ganti", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def replace(assignment_id: int) -> Any:
    """Ask somebody else instead."""
    found = require_directed(assignment_id)
    office = orgs.get_office(found.office_id)
    form = ReplaceForm()
    picked = _picked()[:1]
    page = _Picker("pages/replace.html", office, form, found.story, picked, task=found)
    if request.method == "GET":
        form.brief.data = found.brief
        form.show_due(found.due_at, office)
        page.due_at = found.due_at
        return page.show()
    if not form.validate():
        return page.show(422)
    if not picked:
        return page.show(422, people_error=_("Pilih siapa yang menggantikan."))
    page.due_at = form.due_at(office)
    if not page.agreed():
        return page.show(422)
    try:
        made = services.reassign(
            found, actor=current_user, person_id=picked[0], due_at=page.due_at, brief=form.brief.data or "",
            reason=form.reason.data or "",
        )  # fmt: skip
    except UserError as error:
        return page.refuse(error)
    flash(_("Tugas kini untuk %(name)s.", name=made.person.name), "success")
    return redirect(url_for("pages.story", story_id=found.story_id) + "#penugasan", code=303)


@blueprint.route("/tugas/<int:assignment_id>/ubah", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def change_task(assignment_id: int) -> Any:
    """Another due time, another brief."""
    found = require_directed(assignment_id)
    office = orgs.get_office(found.office_id)
    form = DueForm()
    publish_at = publish_time(found.story_id)

    def show(status: int = 200, reasons: Sequence[Any] = (), doubts: Doubts | None = None) -> Any:
        page = render_template(
            "pages/change_task.html", form=form, task=found, where=office, reasons=reasons,
            doubts=doubts or Doubts(), publish_at=publish_at,
        )  # fmt: skip
        return page, status

    if request.method == "GET":
        form.brief.data, form.row_version.data = found.brief, found.row_version
        form.show_due(found.due_at, office)
        return show()
    if not form.validate():
        return show(422)
    due_at = form.due_at(office)
    # A minute is what the form shows: an untouched field must not shift a stored time by seconds.
    if due_at and found.due_at and due_at == found.due_at.replace(second=0, microsecond=0):
        due_at = found.due_at
    person = {found.person_id: found.person.name} if due_at else {}
    doubts = _doubts(office, due_at, publish_at, person) if due_at != found.due_at else Doubts()
    if doubts.found and not doubts.are_agreed(form.seen.data):
        form.seen.data = doubts.codes
        return show(422, doubts=doubts)
    try:
        changed = services.change_assignment(
            found, actor=current_user, due_at=due_at, brief=form.brief.data or "",
            row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict as error:
        form.row_version.data = found.row_version
        return show(409, reasons=[error.message])
    except UserError as error:
        return show(error.status, reasons=error.reasons if isinstance(error, Refused) else [error.message])
    flash(_("Tugas diubah.") if changed else _("Tidak ada yang berubah."), "success")
    return redirect(url_for("pages.task", assignment_id=found.id), code=303)


@dataclass
class _Picker:
    """The page with the people: shown first, and again with what is missing."""

    template: str
    office: Unit
    form: Any
    story: Story
    picked: list[int]
    roles: Sequence[Any] = ()
    task: Assignment | None = None
    due_at: datetime | None = None
    doubts: Doubts = field(default_factory=Doubts)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Everybody who can be asked. Ask once the due time is known."""
        role_id = self.task.role_id if self.task else self.form.role_id.data
        due_at = self.due_at
        if due_at is None and not self.form.due_day.errors and not self.form.due_time.errors:
            due_at = self.form.due_at(self.office)
        found = workload.list_candidates(self.office, due_at=due_at, role_id=role_id, story_id=self.story.id)
        return [c for c in found if self.task is None or c.id != self.task.person_id]

    @cached_property
    def publish_at(self) -> datetime | None:
        """When the story goes out first."""
        return publish_time(self.story.id)

    def agreed(self) -> bool:
        """Whether nothing speaks against it, or what does was agreed to."""
        chosen = {c.id: c.name for c in self.candidates if c.id in self.picked}
        self.doubts = _doubts(self.office, self.due_at, self.publish_at, chosen)
        return not self.doubts.found or self.doubts.are_agreed(self.form.seen.data)

    def refuse(self, error: UserError) -> Any:
        """The service's answer on the page, with everything that was filled in."""
        reasons = error.reasons if isinstance(error, Refused) else [error.message]
        return self.show(error.status if error.status != 404 else 422, reasons=reasons)

    def show(self, status: int = 200, *, people_error: str = "", reasons: Sequence[Any] = ()) -> Any:
        """The page."""
        self.form.seen.data = self.doubts.codes
        if request.method == "GET":
            reasons = reasons_not_to_assign(current_user, self.story)
        page = render_template(
            self.template, form=self.form, story=self.story, where=self.office, people=self.candidates,
            picked=self.picked, roles=self.roles, task=self.task, doubts=self.doubts, reasons=reasons,
            people_error=people_error, publish_at=self.publish_at, zone=self.office.zone_label,
            today=to_local(clock.now(), self.office.zone_name).date(),
        )  # fmt: skip
        return page, status


def _picked() -> list[int]:
    """The people who were ticked, each once."""
    given = [v for v in request.values.getlist("orang") if v.isascii() and v.isdigit() and len(v) < 19]
    return list(dict.fromkeys(int(v) for v in given))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
