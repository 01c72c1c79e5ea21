"""Ordering a report, calling one off, having one made again."""

from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import require_of_office
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.machines import IllegalMove
from humasflow.orgs.queries import get_office, get_section
from humasflow.outbox import services as outbox
from humasflow.reports import queries
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, RunMove, RunState
from humasflow.reports.makers import missing
from humasflow.reports.models import ReportRun
from humasflow.reports.policy import may_cancel, may_name_people, require_ordering
from humasflow.reports.spans import LONGEST, Span
from humasflow.reports.workflow import RUN
from humasflow.scoring.queries import get_scheme

JOB: Final = "reports.make"
TRIES: Final = 3
MOST_OPEN: Final = 5  # a person at a time


@dataclass(frozen=True)
class Order:
    """What somebody wants made. ``options``: ``scheme_id``, ``language``, ``title``; see :class:`ReportRun`."""

    kind: ReportKind
    span: Span
    formats: tuple[ReportFormat, ...]
    scope: ReportScope = ReportScope.OFFICE
    subject_id: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


def request_run(office_id: int, *, actor: Principal, order: Order) -> ReportRun:
    """Order a report; the worker makes it. The same order while one is being made is that one. Flushes.

    Raises UserError with a sentence for what cannot be made, NotAllowed, and NotFound for a foreign section or person.
    """
    require_ordering(actor, office_id, order.kind, order.scope, order.subject_id)
    _check(office_id, order)
    is_pack = ReportFormat.ZIP in order.formats  # which takes in the others, as far as they can be made here
    formats = [f.value for f in ReportFormat if f in order.formats or (is_pack and not missing(f))]
    options = {key: value for key, value in order.options.items() if value}
    open_ones = queries.list_open_of(actor.id, office_id)
    for run in open_ones:
        if _same(run, order, formats, options):
            return run
    if len(open_ones) >= MOST_OPEN:
        raise UserError(
            _("Masih ada %(n)s laporan Anda yang sedang dibuat. Tunggu salah satunya selesai.", n=MOST_OPEN)
        )
    run = ReportRun(
        office_id=office_id, kind=order.kind, scope=order.scope, subject_id=order.subject_id, span=order.span.kind,
        start_on=order.span.start, end_on=order.span.end, formats=formats, options=options,
        names_people=order.scope is not ReportScope.PERSON and may_name_people(actor, office_id),
        state=RUN.initial, requested_by=actor.id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    outbox.enqueue(JOB, run.id, office_id=office_id, key=job_key(run.id), max_attempts=TRIES)
    audit.record(
        AuditAction.REPORT_REQUESTED, ("report", run.id), office_id=office_id, actor=actor, kind=run.kind.value,
        scope=run.scope.value, about=run.subject_id, start=str(run.start_on), end=str(run.end_on), formats=formats,
    )  # fmt: skip
    return run


def job_key(run_id: int) -> str:
    """One job a run."""
    return f"report:{run_id}"


def cancel_run(run: ReportRun, *, actor: Principal) -> ReportRun:
    """Call a run off; one that is being made stops at its next step. Flushes. Raises Conflict when it is over."""
    _require_cancelling(run, actor)
    lock(run)
    try:
        run.state = RUN.target(run.state, RunMove.CANCEL)
    except IllegalMove as error:
        raise Conflict(_("Laporan ini sudah selesai, jadi tidak dapat dibatalkan.")) from error
    run.finished_at = clock.now()
    db.session.flush()
    audit.record(AuditAction.REPORT_CANCELLED, ("report", run.id), office_id=run.office_id, actor=actor)
    return run


def repeat_run(run: ReportRun, *, actor: Principal) -> ReportRun:
    """Order the same report anew, with the numbers of now. Flushes."""
    _require_cancelling(run, actor)
    if run.state.is_open:
        raise Conflict(_("Laporan ini masih dibuat."))
    return request_run(
        run.office_id,
        actor=actor,
        order=Order(
            kind=run.kind, span=Span(run.span, run.start_on, run.end_on), formats=tuple(run.wanted), scope=run.scope,
            subject_id=run.subject_id, options=dict(run.options),
        ),
    )  # fmt: skip


def _require_cancelling(run: ReportRun, actor: Principal) -> None:
    if not may_cancel(actor, run):
        raise NotFound


def _same(run: ReportRun, order: Order, formats: list[str], options: dict[str, Any]) -> bool:
    return (
        run.state in (RunState.QUEUED, RunState.MAKING) and run.kind is order.kind and run.scope is order.scope
        and run.subject_id == order.subject_id and (run.start_on, run.end_on) == (order.span.start, order.span.end)
        and run.formats == formats and run.options == options
    )  # fmt: skip


def _check(office_id: int, order: Order) -> None:
    if not order.formats:
        raise UserError(_("Pilih paling sedikit satu bentuk berkas."))
    if (order.scope is ReportScope.OFFICE) != (order.subject_id is None):
        raise UserError(_("Pilih seksi atau pegawai yang dilaporkan."))
    if order.span.end < order.span.start:
        raise UserError(_("Tanggal akhir mendahului tanggal awal."))
    if (order.span.end - order.span.start).days >= LONGEST:
        raise UserError(_("Paling lama tiga tahun dalam satu laporan."))
    if order.scope is ReportScope.SECTION:
        get_section(office_id, order.subject_id or 0)
    elif order.scope is ReportScope.PERSON:
        require_of_office(get_office(office_id), order.subject_id or 0)
    if order.options.get("scheme_id"):
        get_scheme(office_id, order.options["scheme_id"])
    for format_ in order.formats:
        why = missing(format_)
        if why:
            raise UserError(why)
