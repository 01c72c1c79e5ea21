"""What the head office announced: recorded with its document, corrected, taken back; the estimate beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import Conflict, UserError
from humasflow.core.forms import RefusalForm
from humasflow.core.guards import requires
from humasflow.core.periods import Period, PeriodError, PeriodType, parse_period, period_of
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.forms.official import OTHER, OfficialForm
from humasflow.scoring.models import OfficialResult, ScoreScheme
from humasflow.scoring.queries.official import list_history, newest_about
from humasflow.scoring.services.official import Announcement, Subject, record_official, take_back_official
from humasflow.scoring.standing.many import Wanted, work_out
from humasflow.scoring.views.asked import asked_number, asked_period, asked_scheme
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.kept_document import KeptDocument

COMPARED = 6  # periods
OFFERED = 24  # periods to choose from


@dataclass(frozen=True)
class Beside:
    """A period's estimate, what was announced, and by how much they differ; ranks by component's label."""

    period: Period
    estimate: Decimal | None
    official: OfficialResult | None
    ranks: tuple[tuple[str, OfficialResult], ...]
    is_closed: bool
    rounding: RoundingRule

    @property
    def difference(self) -> Decimal | None:
        """Announced − estimated; None while one of them is missing."""
        if self.estimate is None or self.official is None or self.official.value is None:
            return None
        return self.official.value - self.estimate


@blueprint.get("/capaian/resmi")
@requires(Permission.SCORE_READ)
def official() -> Any:
    """The announced results, the estimate beside them over periods, and the form."""
    office = acting_office(current_user)
    before = _corrected(office)
    if before is not None:
        before = newest_about(before)  # what was corrected meanwhile is corrected from there
    scheme = _scheme_of(office, before)
    form = _form(office, scheme, fresh=True, before=before)
    if before is not None:
        _fill(form, before)
    return _page(office, scheme, form, before=before)


@blueprint.post("/capaian/resmi")
@requires(Permission.SCORE_MEASURE)
def save_official() -> Any:
    """Record an announced result, or correct one."""
    office = acting_office(current_user)
    before = _corrected(office)
    scheme = _scheme_of(office, before)
    form = _form(office, scheme, before=before)
    file = KeptDocument(office.id, present=before.asset_id if before is not None else None)
    status = 422
    if form.validate_on_submit() and not file.error and _is_known(scheme, form, before):
        subject = _subject(scheme, form, before)
        try:
            made = _record(office, subject, form, file.id, before)
        except Conflict as conflict:
            form.form_errors = [*form.form_errors, conflict.message]
            status = conflict.status
            before = newest_about(
                _about(office, subject)
            )  # now they have it before them, with what they typed
        except UserError as error:
            form.fail(form.value, error.message)
            status = error.status
        else:
            flash(_("Hasil resmi dicatat.") if made else _("Tidak ada yang berubah."), "success")
            return redirect(
                url_for("scoring.official", skema=scheme.id if scheme is not None else None), code=303
            )
    return _page(office, scheme, form, before=before, file=file), status


def _scheme_of(office: Unit, before: OfficialResult | None) -> ScoreScheme | None:
    """A correction stays with the scheme that the result is of, also with none; else the one that is asked for."""
    if before is None:
        return asked_scheme(office)
    return None if before.scheme_id is None else queries.get_scheme(office.id, before.scheme_id)


def _record(
    office: Unit, subject: Subject, form: OfficialForm, asset_id: int | None, before: OfficialResult | None
) -> OfficialResult | None:
    assert form.value.data is not None and form.announced_on.data is not None  # noqa: S101, PT018 - the form asked
    said = Announcement(
        form.value.data, form.announced_on.data, form.document.data or "", out_of=form.out_of.data, asset_id=asset_id,
        note=form.note.data or "",
    )  # fmt: skip
    stands = before is not None and before.value is not None  # what was taken back is recorded anew
    shown = before.id if before is not None and stands else 0
    return record_official(office, subject, said, actor=current_user, shown=shown)


def _is_known(scheme: ScoreScheme | None, form: OfficialForm, before: OfficialResult | None) -> bool:
    """Whether the rules of the chosen period have the component; else the form says so beside it."""
    key = form.component.data
    if before is not None or scheme is None or not key or key == OTHER:
        return True
    period = parse_period(form.period.data)
    version = queries.version_at(scheme, period.end)
    if version is not None and any(c.key == key for c in version.components):
        return True
    form.fail(form.component, _("Komponen ini tidak ada di skema pada %(period)s.", period=period.label))
    return False


def _subject(scheme: ScoreScheme | None, form: OfficialForm, before: OfficialResult | None) -> Subject:
    """A correction is about what was recorded; about something else is another result."""
    if before is not None:
        return Subject(scheme, parse_period(before.period), before.kind, before.component_key, before.label)
    other = form.component.data == OTHER
    return Subject(
        scheme, parse_period(form.period.data), ResultKind(form.kind.data),
        component_key="" if other else form.component.data or "", label=form.label.data or "" if other else "",
    )  # fmt: skip


def _about(office: Unit, subject: Subject) -> OfficialResult:
    """What names the subject among the rows."""
    return OfficialResult(
        office_id=office.id, scheme_id=subject.scheme.id if subject.scheme is not None else None,
        component_key=subject.component_key, label=subject.label.strip(), kind=subject.kind, period=subject.period.key,
    )  # fmt: skip


def _corrected(office: Unit) -> OfficialResult | None:
    """The result that ``?koreksi=`` names."""
    wanted = asked_number("koreksi")
    return None if wanted is None else queries.get_official(office.id, wanted)


def _form(
    office: Unit, scheme: ScoreScheme | None, *, fresh: bool = False, before: OfficialResult | None = None
) -> OfficialForm:
    """``before``: what is corrected; its period is offered too, however old it is, and its component."""
    form = OfficialForm(formdata=None) if fresh else OfficialForm()
    type_ = scheme.period_type if scheme is not None else PeriodType.QUARTER
    newest = period_of(type_, today_at(office))
    periods = [newest.shift(-n) for n in range(OFFERED)]
    components = list(_labels(scheme).items())
    offered = [p.key for p in periods]
    if before is not None and before.period not in offered:
        offered.append(before.period)
    form.offer(
        periods=[(key, _period_label(key)) for key in offered], components=components, today=today_at(office)
    )
    if fresh:
        form.announced_on.data = today_at(office)
        form.kind.data, form.component.data = ResultKind.SCORE.value, "" if components else OTHER
        # What is announced is usually the period that has just ended.
        wanted = asked_period(office, scheme).key if request.args.get("periode") else periods[1].key
        form.period.data = wanted if wanted in offered else periods[1].key
    return form


def _fill(form: OfficialForm, before: OfficialResult) -> None:
    form.period.data, form.kind.data = before.period, before.kind.value
    form.component.data = OTHER if before.label else before.component_key
    form.label.data, form.value.data, form.out_of.data = before.label, before.value, before.out_of
    form.announced_on.data, form.document.data = before.announced_on, before.document
    form.note.data = before.note


def _page(
    office: Unit, scheme: ScoreScheme | None, form: OfficialForm, *, before: OfficialResult | None = None,
    file: KeptDocument | None = None, refusal: RefusalForm | None = None,
) -> str:  # fmt: skip
    rows, following = queries.list_official(
        office.id, scheme.id if scheme is not None else None, cursor=asked_number("setelah")
    )
    labels = _labels(scheme)
    return render_template(
        "scoring/official.html", scheme=scheme, schemes=queries.list_schemes(office.id, with_inactive=True),
        rows=rows, following=following, form=form, labels=labels, before=before, file=file,
        kept=file.id if file is not None else (before.asset_id if before is not None else None),
        history=list_history(before) if before is not None else [], period_label=_period_label,
        compared=_compared(office, scheme, labels) if scheme is not None else [], kinds=ResultKind,
        may_write=current_user.can(Permission.SCORE_MEASURE, office.id), refusal=refusal or RefusalForm(formdata=None),
    )  # fmt: skip


def _labels(scheme: ScoreScheme | None) -> dict[str, str]:
    """Components by key, as the newest version that has them calls them; those of earlier rules come last."""
    found: dict[str, str] = {}
    for version in reversed(queries.active_versions(scheme) if scheme is not None else []):
        for component in version.components:
            found.setdefault(component.key, component.label)
    return found


def _period_label(key: str) -> str:
    try:
        return parse_period(key).label
    except PeriodError:
        return key


def _compared(office: Unit, scheme: ScoreScheme, labels: dict[str, str]) -> list[Beside]:
    """The last periods, the newest first, in a fixed number of statements."""
    newest = period_of(scheme.period_type, today_at(office))
    ruled = [
        Wanted(office, scheme.id, version, period)
        for n in range(COMPARED)
        if (version := queries.version_at(scheme, (period := newest.shift(-n)).end)) is not None
    ]
    keys = [wanted.period.key for wanted in ruled]
    scores = queries.official_over(office.id, scheme.id, keys)
    ranks = queries.official_over(office.id, scheme.id, keys, kind=ResultKind.RANK)
    found = []
    for result in work_out(ruled):
        period = result.wanted.period
        found.append(
            Beside(
                period, result.total.value, scores.get(period.key, {}).get(""),
                tuple((labels.get(k, k) or _("Nilai akhir"), r) for k, r in ranks.get(period.key, {}).items()),
                result.close is not None, result.total.rounding,
            )
        )  # fmt: skip
    return found


@blueprint.post("/capaian/resmi/<int:result_id>/cabut")
@requires(Permission.SCORE_MEASURE)
def take_back_result(result_id: int) -> Any:
    """Take back what should not have been recorded."""
    office = acting_office(current_user)
    result = queries.get_official(office.id, result_id)
    refusal = RefusalForm()
    if not refusal.validate_on_submit():
        scheme = _scheme_of(office, result)
        form = _form(office, scheme, fresh=True, before=result)
        _fill(form, result)
        return _page(office, scheme, form, before=result, refusal=refusal), 422
    taken = take_back_official(result, actor=current_user, reason=refusal.reason.data or "")
    flash(
        _("Hasil resmi dicabut; catatannya tetap ada.") if taken else _("Tidak ada yang berubah."), "success"
    )
    return redirect(url_for("scoring.official", skema=result.scheme_id), code=303)
