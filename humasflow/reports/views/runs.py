"""Laporan: order one, watch it being made, download it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import NotFound, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import signed_in
from humasflow.orgs.models import Unit
from humasflow.reports import choices, queries, services
from humasflow.reports.enums import ReportFormat, ReportKind, SpanKind
from humasflow.reports.forms import OrderForm
from humasflow.reports.models import ReportRun
from humasflow.reports.policy import may_cancel, may_make
from humasflow.reports.problems import problems_of
from humasflow.reports.sending import send_report
from humasflow.reports.spans import Span
from humasflow.reports.views.blueprint import blueprint


@blueprint.get("/laporan/")
@signed_in
def index() -> Any:
    """The form, and what was made so far."""
    office = acting_office(current_user)
    return _page(office, _form(office, fresh=True))


@blueprint.post("/laporan/")
@signed_in
def order() -> Any:
    """Have a report made."""
    office = acting_office(current_user)
    form = _form(office)
    valid = form.validate()
    span, subject = form.chosen_span(), form.chosen_subject()
    if not valid or span is None or subject is None:
        return _page(office, form), 422
    formats = tuple(ReportFormat(value) for value in form.formats.data or ())
    try:
        run = services.request_run(
            office.id,
            actor=current_user,
            order=services.Order(
                kind=ReportKind.PACK if ReportFormat.ZIP in formats else ReportKind.REPORT,
                span=span, formats=formats, scope=subject[0], subject_id=subject[1],
                options={"language": form.language.data, "scheme_id": form.scheme.data},
            ),
        )  # fmt: skip
    except NotFound:
        raise
    except UserError as error:
        form.fail(form.formats, error.message)
        return _page(office, form), error.status
    return redirect(url_for("reports.run", report_id=run.id), code=303)


@blueprint.get("/laporan/<int:report_id>")
@signed_in
def run(report_id: int) -> Any:
    """One report: how far it is, and its files. ``?bagian=keadaan`` answers the part that refreshes itself."""
    found = queries.get_run(report_id, reader=current_user)
    part = trimmed(request.args.get("bagian", "")) == "keadaan"
    return render_template(
        "reports/_state.html" if part else "reports/run.html",
        run=found, span=_span(found), subject=_subject(found), may_change=may_cancel(current_user, found),
        problems=problems_of(found),
    )  # fmt: skip


@blueprint.get("/laporan/<int:report_id>/<report_format>")
@signed_in
def download(report_id: int, report_format: str) -> Any:
    """A finished file."""
    found = queries.get_run(report_id, reader=current_user)
    file = next((f for f in found.files if f.format.value == report_format), None)
    if file is None:
        raise NotFound
    return send_report(file)


@blueprint.post("/laporan/<int:report_id>/batal")
@signed_in
def cancel(report_id: int) -> Any:
    """Call it off."""
    found = queries.get_run(report_id, reader=current_user)
    services.cancel_run(found, actor=current_user)
    flash(_("Pembuatan laporan dibatalkan."), "success")
    return redirect(url_for("reports.index"), code=303)


@blueprint.post("/laporan/<int:report_id>/lagi")
@signed_in
def again(report_id: int) -> Any:
    """Make the same anew, with the numbers of now."""
    found = queries.get_run(report_id, reader=current_user)
    fresh = services.repeat_run(found, actor=current_user)
    return redirect(url_for("reports.run", report_id=fresh.id), code=303)


def _form(office: Unit, *, fresh: bool = False) -> OrderForm:
    form = OrderForm(formdata=None) if fresh else OrderForm()
    if fresh:
        form.jangka.data = trimmed(request.args.get("jangka", ""))
    kind, today = form.kind, today_at(office)
    form.jangka.data = kind.value
    able, form.unavailable = choices.formats_for(office, current_user)
    form.offer(
        periods=choices.periods_of(kind, today), subjects=choices.subjects_of(office, current_user),
        schemes=choices.schemes_of(office) if may_make(current_user, office.id) else [], formats=able,
    )  # fmt: skip
    if fresh:
        form.period.data = trimmed(request.args.get("periode", "")) or None
        form.about.data = trimmed(request.args.get("tentang", "")) or None
        form.day.data = today
        form.formats.data = [f.value for f in able[:1]]
        form.language.data = "id"
    return form


def _page(office: Unit, form: OrderForm) -> str:
    runs = queries.list_runs(office, reader=current_user, cursor=request.args.get("setelah"))
    names = queries.names_of_subjects(runs.items)
    return render_template(
        "reports/index.html",
        form=form, kinds=list(SpanKind), runs=runs,
        rows=[(r, _span(r), names.get((r.scope, r.subject_id or 0), "")) for r in runs.items],
        may_make=may_make(current_user, office.id), where=office,
    )  # fmt: skip


def _span(found: ReportRun) -> Span:
    return Span(found.span, found.start_on, found.end_on)


def _subject(found: ReportRun) -> str:
    return queries.names_of_subjects([found]).get((found.scope, found.subject_id or 0), "")
