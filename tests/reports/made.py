"""What tests of reports need: a quarter with something in it, and a run that was made."""

from datetime import date

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.outbox.runner import run_due
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, SpanKind
from humasflow.reports.models import ReportRun
from humasflow.reports.services import Order, request_run
from humasflow.reports.spans import Span
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.verification import verify_point
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World

TW1 = Quarter.parse("2026-TW1")
QUARTER = Span(SpanKind.QUARTER, TW1.start, TW1.end)
NOW = "2026-03-20T02:00Z"


def quarter(world: World, *, verified: int = 2, unverified: int = 1) -> ScoreScheme:
    """Targets of the first quarter of 2026, and publications of February."""
    scheme = make_scheme(world, since="2025-TW4")
    set_targets(scheme, world, TW1.key, berita_utama=1, berita_terbaru=5, artikel=1, profil_kantor=1)
    for _n in range(verified):
        verify_point(live_post(world), actor=world.as_(world.lead))
    for _n in range(unverified):
        live_post(world)
    db.session.flush()
    return scheme


def order(
    world: World,
    who: User | None = None,
    *,
    span: Span = QUARTER,
    scope: ReportScope = ReportScope.OFFICE,
    subject_id: int | None = None,
    formats: tuple[ReportFormat, ...] = (ReportFormat.PDF,),
    **options: object,
) -> ReportRun:
    """An order as the form would place it; by the lead where nobody is named."""
    return request_run(
        world.office.id, actor=world.as_(who or world.lead),
        order=Order(
            kind=ReportKind.REPORT, span=span, formats=formats, scope=scope, subject_id=subject_id,
            options=dict(options),
        ),
    )  # fmt: skip


def made(world: World, who: User | None = None, **more: object) -> ReportRun:
    """The same, and made by the worker. Commits."""
    run = order(world, who, **more)  # type: ignore[arg-type]
    db.session.commit()
    run_due()
    db.session.refresh(run)
    return run


def days(first: date, last: date) -> Span:
    """A free stretch."""
    return Span(SpanKind.FREE, first, last)
