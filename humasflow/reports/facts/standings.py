"""The standing of the periods that are reported, with the very numbers of /capaian/."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.core.periods import Period, PeriodError, parse_period, period_of
from humasflow.orgs.models import Unit
from humasflow.reports.facts.reader import NOBODY, anyone_of
from humasflow.reports.facts.shapes import Adjustment, Cell, Component, Contribution, StandingFacts
from humasflow.reports.spans import Span
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import LedgerEntry, SchemeVersion, ScoreScheme
from humasflow.scoring.queries.closing import seen_of
from humasflow.scoring.standing import Standing, sentences, standing_of
from humasflow.scoring.standing.by_person import by_person
from humasflow.scoring.standing.by_section import by_section
from humasflow.scoring.standing.shortfall import explain
from humasflow.scoring.standing.tally import Cell as TallyCell
from humasflow.scoring.standing.trend import Trend, trend_of

MOST_WHOLE = 5  # periods shown in full; more than that are told by the trend
MOST_ADJUSTMENTS = 200


def scheme_for(office: Unit, span: Span, scheme_id: int | None = None) -> ScoreScheme | None:
    """The named scheme of the office, else the first in use that has rules at the end of the stretch and counts by its
    kind of period, else the first in use with rules then.
    """
    found = queries.list_schemes(office.id, with_inactive=scheme_id is not None)
    named = next((s for s in found if s.id == scheme_id), None)
    if named is not None:
        return named
    ruled = [s for s in found if s.is_active and queries.version_at(s, span.end)]
    period = span.period
    fitting = [s for s in ruled if period is not None and s.period_type is period.type]
    return next(iter(fitting or ruled), None)


def periods_in(scheme: ScoreScheme, span: Span) -> list[Period]:
    """The scheme's periods that lie wholly in the stretch, in the order of time; where none does, the one in which its
    last day lies.
    """
    try:
        period = period_of(scheme.period_type, span.start)
        if period.start < span.start:
            period = period.next()
        found = []
        while period.end <= span.end:
            found.append(period)
            period = period.next()
        return found or [period_of(scheme.period_type, span.end)]
    except PeriodError:
        return []


def standings_of(
    office: Unit, scheme: ScoreScheme, span: Span, *, with_people: bool = False
) -> tuple[StandingFacts, ...]:
    """The standing of each reported period; of very many the last. Without ``with_people`` nobody's part is named."""
    periods = periods_in(scheme, span)
    shown = periods if len(periods) <= MOST_WHOLE else periods[-1:]
    found = []
    for period in shown:
        standing = standing_of(office, scheme, period, viewer_id=NOBODY)
        if standing is not None:
            is_partial = period.start < span.start or period.end > span.end
            found.append(_facts(office, standing, is_partial=is_partial, with_people=with_people))
    return tuple(found)


def trend_until(office: Unit, scheme: ScoreScheme, span: Span) -> Trend | None:
    """What became of the scheme over the periods, None where there is only one."""
    periods = periods_in(scheme, span)
    if not periods:
        return None
    found = trend_of(office, scheme, periods[-1])
    return found if len(found.rows) > 1 else None


def _facts(office: Unit, standing: Standing, *, is_partial: bool, with_people: bool) -> StandingFacts:
    points = {line.key: line.points if line.is_summed else None for line in standing.total.lines}
    parts = by_section(office, standing.version, standing.period)
    official, close, total = standing.official, standing.close, standing.total
    return StandingFacts(
        standing=standing,
        period_label=standing.period.label,
        is_partial=is_partial,
        headline=sentences.headline(standing).text,
        total=total.value,
        subtotal=total.subtotal if total.value is None and total.counted_weight else None,
        places=total.rounding.places,
        band=total.band.label if total.band else "",
        official=official.value if official else None,
        official_document=official.document if official else "",
        components=tuple(
            Component(
                key=c.key, label=c.label, kind=c.kind.value, counts_posts=c.kind.counts_posts, weight=c.weight,
                target=c.target.value if c.target else None, target_upper=c.target.upper if c.target else None,
                letter=c.target.letter if c.target else "", verified=c.verified, unverified=c.unverified,
                disputed=c.disputed, gap=c.gap, value=c.result.value, points=points.get(c.key),
                official=c.official.value if c.official else None, says=sentences.say(c, standing),
            )
            for c in standing.components
        ),
        counted=tuple((c.key, c.label) for c in parts.components),
        sections=tuple(
            Contribution(row.section.name if row.section else _("Tanpa seksi dan penyesuaian"), _cells(row.cells))
            for row in parts.rows
        ),
        people=_people(office, standing) if with_people else (),
        explained=explain(standing, anyone_of(office)),
        adjustments=_adjustments(office, standing),
        closed="" if close is None else _(
            "Ditutup %(when)s oleh %(who)s", when=show_instant(close.closed_at, office.zone_name),
            who=close.closed_label,
        ),
        digest=close.digest if close is not None else "",
    )  # fmt: skip


def _cells(cells: Sequence[TallyCell]) -> tuple[Cell, ...]:
    return tuple(Cell(c.component.key, c.tally.verified, c.tally.unverified, c.wanted) for c in cells)


def _people(office: Unit, standing: Standing) -> tuple[Contribution, ...]:
    """Whoever had a part, by name: nobody is ranked."""
    found: list[Contribution] = []
    cursor: str | None = None
    while True:
        page = by_person(office, standing.version, standing.period, cursor=cursor)
        found += [
            Contribution(row.person.name, _cells([cell.count for cell in row.cells]))
            for row in page.rows
            if not row.is_empty
        ]
        if page.next is None:
            return tuple(found)
        cursor = page.next


def _adjustments(office: Unit, standing: Standing) -> tuple[Adjustment, ...]:
    """Lines that are booked in this period and speak of a closed one, or were written by hand; or speak of this one."""
    key = standing.period.key
    versions = select(SchemeVersion.id).where(SchemeVersion.scheme_id == standing.scheme.id)
    by_hand = and_(LedgerEntry.delivery_id.is_(None), LedgerEntry.measurement_id.is_(None))
    lines = db.session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.office_id == office.id, LedgerEntry.scheme_version_id.in_(versions),
            LedgerEntry.beneficiary == Beneficiary.OFFICE,
            or_(
                and_(LedgerEntry.period == key, or_(LedgerEntry.adjusts.is_not(None), by_hand)),
                LedgerEntry.adjusts == key,
            ),
        )
        .options(joinedload(LedgerEntry.delivery).lazyload("*"))
        .order_by(LedgerEntry.created_at, LedgerEntry.id)
        .limit(MOST_ADJUSTMENTS)
    ).all()  # fmt: skip
    seen = seen_of((line.delivery_id for line in lines if line.delivery_id), NOBODY)
    labels = {c.key: c.label for c in standing.version.components}
    return tuple(
        Adjustment(
            at=line.created_at, component=labels.get(line.component_key, line.component_key), quantity=line.quantity,
            adjusts=_label(line.adjusts), reason=line.reason,
            title=line.delivery.title if line.delivery is not None and line.delivery_id in seen else "",
        )
        for line in lines
    )  # fmt: skip


def _label(key: str | None) -> str:
    return "" if not key else parse_period(key).label
