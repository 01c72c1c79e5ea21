"""The report as a PDF: one page template for the office and its sections, one for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from flask import current_app
from flask_babel import gettext as _

from humasflow.core.charts import Label, LineChart, Series, line_chart
from humasflow.core.db import db
from humasflow.core.localtime import show_date, show_instant, show_time
from humasflow.reports import queries
from humasflow.reports.enums import ReportScope
from humasflow.reports.facts import Publication, ReportFacts, Signer
from humasflow.reports.makers import Progress
from humasflow.reports.models import ReportRun
from humasflow.reports.pdf.heading import files_of, heading_of
from humasflow.reports.pdf.rendering import missing, render_pdf
from humasflow.scoring.calculation.results import FULL_MARKS

__all__ = ["make", "missing", "page_of"]

_STEPS = 10
MOST_LISTED: Final = 6_000  # what is laid out within half a minute; a workbook holds them all
MOST_EXPLAINED: Final = 1_500  # with their sections or makers


@dataclass(frozen=True, slots=True)
class Line:
    """A publication in the list, each cell one short text: thousands of them are laid out, and each cell and each line
    of it costs time.
    """

    number: int
    title: str
    url: str
    below: str
    where: str
    state: str


def make(facts: ReportFacts, run: ReportRun, out: Path, progress: Progress) -> None:
    """Write the PDF. Raises CannotRender, StorageFull."""
    heading = heading_of(queries.get_letterhead(run.office_id))
    progress(1, _STEPS, _("Menyusun halaman"))
    page = page_of(facts, heading)
    db.session.rollback()  # nothing is held open while the pages are drawn
    progress(3, _STEPS, _("Menggambar halaman PDF"))
    seconds = 0

    def waiting() -> None:
        nonlocal seconds
        seconds += 1
        if seconds % 3 == 0:
            progress(min(3 + seconds // 3, _STEPS - 1), _STEPS, _("Menggambar halaman PDF"))

    render_pdf(page, out, files=files_of(heading), waiting=waiting)


def page_of(facts: ReportFacts, heading: object) -> str:
    """The HTML of a report, in its language."""
    person = facts.scope is ReportScope.PERSON
    template = current_app.jinja_env.get_template(f"reports/pdf/{'person' if person else 'report'}.html")
    when = show_instant(facts.made_at, facts.zone_name)
    return template.render(
        facts=facts,
        head=heading,
        publications=_lines(facts),
        most=MOST_LISTED,
        chart=_chart(facts),
        standing_label=facts.person.period_label if facts.person else "",
        employee=Signer(facts.person.name, facts.person.position, number=facts.person.number)
        if facts.person
        else None,
        foot=f"{facts.title}, {facts.period_label} · {facts.office_short_name}",
        made=_(
            "Dibuat dengan humasflow pada %(when)s atas permintaan %(who)s. Angka dalam laporan ini adalah keadaan "
            "pada saat itu dan sama dengan halaman Capaian.",
            when=when, who=facts.requester,
        ),
    )  # fmt: skip


def _lines(facts: ReportFacts) -> Iterator[Line]:
    """As many as a PDF bears."""
    return (_line(facts, p) for p in islice(facts.publications(), MOST_LISTED))


def _line(facts: ReportFacts, p: Publication) -> Line:
    if p.parts:
        below = ", ".join(part.role for part in p.parts)
    elif facts.activity.total > MOST_EXPLAINED:
        below = ""
    else:
        below = p.section if facts.scope is ReportScope.OFFICE else p.makers
    day = show_date(p.published_at, facts.zone_name, style="dd/MM/yy")
    when = f"{day} {show_time(p.published_at, facts.zone_name)}"
    proof = _("bukti lengkap") if p.is_proven else p.evidence
    return Line(
        p.number, p.title, p.url, f" · {below}" if below else "", f"{when} {p.account}",
        f"{proof}, {p.state.label.lower()}" if p.state else proof,
    )  # fmt: skip


def _chart(facts: ReportFacts) -> LineChart | None:
    """The estimate beside the official result, over the periods."""
    if facts.trend is None:
        return None
    rows = facts.trend.rows
    if sum(row.estimate is not None for row in rows) + sum(row.official is not None for row in rows) < 2:
        return None
    labels = [
        Label(
            row.period.short_label if len(rows) <= 6 else row.period.short_label.rpartition(" ")[0] or row.period.key,
            "" if row.is_over else _("berjalan"), row.period.label, still_grows=not row.is_over,
        )
        for row in rows
    ]  # fmt: skip
    return line_chart(
        [
            Series(_("Estimasi"), [row.estimate for row in rows]),
            Series(_("Nilai resmi"), [row.official.value if row.official else None for row in rows]),
        ],
        labels,
        title=_("Nilai per periode"),
        holds=(0, FULL_MARKS),
    )
