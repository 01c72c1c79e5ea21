"""Measurements: what nobody's publication tells, entered by hand, with its history."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.core.forms import RefusalForm
from humasflow.core.guards import requires
from humasflow.core.localtime import zone
from humasflow.core.periods import Period, parse_period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import CalculationError, read_parameters
from humasflow.scoring.calculation.parameters import Parameters
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.forms.measurements import MeasurementForm, form_for
from humasflow.scoring.measured import MEASURED, WrongFacts, in_words
from humasflow.scoring.models import Component, Measurement, PeriodClose, SchemeVersion, ScoreScheme
from humasflow.scoring.naming import names_in
from humasflow.scoring.queries.judged import JudgedPost, Judging, judged_post, list_judged_posts
from humasflow.scoring.queries.measurements import in_force
from humasflow.scoring.services.measuring import (
    Basis,
    component_at,
    record_measurement,
    take_back_measurement,
)
from humasflow.scoring.standing import standing_of
from humasflow.scoring.views.asked import asked_number, asked_period, asked_scheme, neighbour
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.kept_document import KeptDocument
from humasflow.scoring.wording import describe_selection


@dataclass(frozen=True)
class Asked:
    """What the address names, and whether it may be written."""

    office: Unit
    scheme: ScoreScheme
    period: Period
    close: PeriodClose | None

    @property
    def may_write(self) -> bool:
        """Whether this person may enter something now."""
        return (
            self.close is None
            and today_at(self.office) >= self.period.start
            and current_user.can(Permission.SCORE_MEASURE, self.office.id)
        )

    def here(self) -> dict[str, Any]:
        """The arguments that keep scheme and period."""
        return {"periode": self.period.key, "skema": self.scheme.id}


@dataclass(frozen=True)
class Subject:
    """What is measured: a component of the period's rules; with ``post`` one publication of it. ``before`` is the entry
    that is in force.
    """

    asked: Asked
    version: SchemeVersion
    component: Component
    post: JudgedPost | None
    before: Measurement | None

    @property
    def post_id(self) -> int | None:
        """Of the publication."""
        return self.post.post_id if self.post is not None else None

    @property
    def may_write(self) -> bool:
        """Whether something may be entered: not about a publication that is no longer among those judged."""
        return self.asked.may_write and (self.post is None or self.post.may_be_marked)


def _asked() -> Asked | None:
    office = acting_office(current_user)
    scheme = asked_scheme(office)
    return None if scheme is None else _asked_of(office, scheme, asked_period(office, scheme))


def _asked_of(office: Unit, scheme: ScoreScheme, period: Period) -> Asked:
    return Asked(office, scheme, period, queries.closes_in_force(scheme.id, [period.key]).get(period.key))


@blueprint.get("/capaian/pengukuran")
@requires(Permission.SCORE_READ)
def measurements() -> Any:
    """The measured components of a period: what is in force, and what is still missing."""
    asked = _asked()
    standing = standing_of(asked.office, asked.scheme, asked.period) if asked is not None else None
    if asked is None:
        return render_template("scoring/measurements.html", asked=None, standing=None, rows=[])
    return render_template(
        "scoring/measurements.html", asked=asked, standing=standing,
        rows=[row for row in standing.components if row.kind in MEASURED] if standing is not None else [],
        found=queries.measurements_of(asked.office.id, asked.scheme.id, asked.period.key), in_words=in_words,
        schemes=queries.list_schemes(asked.office.id, with_inactive=True),
        before=neighbour(asked.period, -1), after=neighbour(asked.period, 1),
    )  # fmt: skip


@blueprint.get("/capaian/pengukuran/<key>")
@requires(Permission.SCORE_READ)
def measure(key: str) -> Any:
    """One measured component of a period: the form, what is in force, and the history."""
    subject = _subject(key)
    form = _form(subject)
    if form is not None:
        form.fill(subject.before, today_at(subject.asked.office))
    return _page(subject, form)


@blueprint.post("/capaian/pengukuran/<key>")
@requires(Permission.SCORE_MEASURE)
def save_measure(key: str) -> Any:
    """Enter what was measured."""
    subject = _subject(key)
    form = _form(subject)
    if form is None:
        raise UserError(_("Aturan komponen ini belum lengkap. Mintalah admin melengkapi skemanya."))
    before = subject.before
    file = KeptDocument(subject.asked.office.id, present=before.asset_id if before is not None else None)
    shown = _shown()
    status = 422
    if form.validate_on_submit() and not file.error:
        try:
            made = _record(subject, form, file)
        except WrongFacts as wrong:
            form.fail(form[form.numbers[0]], wrong.message)
        except UserError as error:
            reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
            form.form_errors = [*form.form_errors, *reasons]
            status = error.status
            subject = _subject(key)  # it is no longer what it was
            if isinstance(error, Conflict):  # now they have that entry before them
                shown = subject.before.id if subject.before is not None else 0
        else:
            flash(_("Pengukuran dicatat.") if made else _("Tidak ada yang berubah."), "success")
            return redirect(_after(subject), code=303)
    return _page(subject, form, file=file, shown=shown), status


def _record(subject: Subject, form: MeasurementForm, file: KeptDocument) -> Measurement | None:
    if subject.post is not None and not subject.post.may_be_marked:
        raise Refused([Reason("not_judged", _("Publikasi ini tidak lagi termasuk yang dinilai."))])
    return record_measurement(
        subject.asked.scheme, subject.component.key, subject.asked.period, actor=current_user, facts=form.facts,
        basis=Basis(form.note.data or "", form.document.data or "", file.id, form.measured_on.data),
        post_id=subject.post_id, shown=_shown(),
    )  # fmt: skip


def _after(subject: Subject) -> str:
    if subject.post is not None:
        return url_for("scoring.measure", key=subject.component.key, **subject.asked.here())
    return url_for("scoring.measurements", **subject.asked.here())


def _shown() -> int | None:
    """Which entry the person had before them, as the form says."""
    sent = request.form.get("shown", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else None


def _subject(key: str) -> Subject:
    asked = _asked()
    if asked is None:
        raise NotFound
    return _subject_of(asked, key, asked_number("publikasi"))


def _subject_of(asked: Asked, key: str, post_id: int | None) -> Subject:
    version, component = component_at(asked.scheme, key, asked.period)
    post = None
    if post_id is not None and component.kind is ComponentKind.RUBRIC:
        post = judged_post(_judging(asked, version, component), post_id)
    found = in_force(
        asked.office.id, asked.scheme.id, component.key, asked.period.key, post.post_id if post is not None else None
    )  # fmt: skip
    return Subject(asked, version, component, post, found if found is not None and found.facts else None)


def _judging(asked: Asked, version: SchemeVersion, component: Component) -> Judging:
    bounds = asked.period.utc_bounds(zone(asked.office.zone_name))
    return Judging(asked.office.id, component, version, asked.period.key, bounds, current_user.id)


def _form(subject: Subject) -> MeasurementForm | None:
    try:
        form = form_for(subject.component)
    except CalculationError:
        return None
    form.within(subject.asked.period, today_at(subject.asked.office))
    return form


def _parameters(component: Component) -> Parameters | None:
    try:
        return read_parameters(component.kind, component.parameters)
    except CalculationError:
        return None


def _page(
    subject: Subject, form: MeasurementForm | None, *, file: KeptDocument | None = None, shown: int | None = None,
    refusal: RefusalForm | None = None,
) -> str:  # fmt: skip
    """``shown``: the entry that the person had before them when they sent the form."""
    asked, component, before = subject.asked, subject.component, subject.before
    per_post = component.kind is ComponentKind.RUBRIC and subject.post is None
    return render_template(
        "scoring/measure.html", asked=asked, component=component, post=subject.post, before=before, form=form,
        file=file, kept=file.id if file is not None else (before.asset_id if before is not None else None),
        shown=shown if shown is not None else (before.id if before is not None else 0),
        may_write=subject.may_write, not_begun=today_at(asked.office) < asked.period.start,
        parameters=_parameters(component), in_words=in_words, kinds=ComponentKind,
        history=queries.list_measurements(
            asked.office.id, asked.scheme.id, component.key, asked.period.key, subject.post_id
        ),
        posts=list_judged_posts(
            _judging(asked, subject.version, component), cursor=request.args.get("setelah")
        ) if per_post else None,
        selection=describe_selection(component, names_in(asked.office.id, [subject.version]), whole=True)
        if per_post else "",
        refusal=refusal or RefusalForm(formdata=None),
    )  # fmt: skip


@blueprint.post("/capaian/pengukuran/<int:measurement_id>/cabut")
@requires(Permission.SCORE_MEASURE)
def take_back_measure(measurement_id: int) -> Any:
    """Take an entry back."""
    office = acting_office(current_user)
    found = queries.get_measurement(office.id, measurement_id)
    asked = _asked_of(office, queries.get_scheme(office.id, found.scheme_id), parse_period(found.period))
    refusal = RefusalForm()
    if not refusal.validate_on_submit():
        subject = _subject_of(asked, found.component_key, found.post_id)
        form = _form(subject)
        if form is not None:
            form.process(formdata=None)  # what was sent is the reason, not a measurement
            form.fill(subject.before, today_at(office))
        return _page(subject, form, refusal=refusal), 422
    taken = take_back_measurement(found, actor=current_user, reason=refusal.reason.data or "")
    flash(
        _("Pengukuran dicabut; catatannya tetap ada.") if taken else _("Tidak ada yang berubah."), "success"
    )
    return redirect(url_for("scoring.measure", key=found.component_key, **asked.here()), code=303)
