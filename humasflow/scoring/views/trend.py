"""The scheme over the periods: estimate beside official result, the difference, and the year as one number."""

from flask import render_template, request
from flask_babel import gettext as _

from humasflow.core.charts import LOOKS, Label, LineChart, Series, line_chart
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.scoring.calculation.results import FULL_MARKS
from humasflow.scoring.standing.trend import Ranks, Trend, TrendRow, trend_of
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.contributions import asked, frame


@blueprint.get("/capaian/tren")
@requires(Permission.SCORE_READ)
def trend() -> str:
    """Up to twelve periods until the asked one, of the total or with ``?komponen=`` of one component."""
    wanted = asked()
    if wanted.scheme is None or wanted.version is None:
        return render_template("scoring/trend.html", **frame(wanted), found=None)
    found = trend_of(
        wanted.office, wanted.scheme, wanted.period, component_key=request.args.get("komponen", "")
    )
    return render_template(
        "scoring/trend.html",
        **frame(wanted),
        found=found,
        chart=_chart(found),
        rank_charts=_rank_charts(found),
    )


def labels_of(rows: tuple[TrendRow, ...]) -> list[Label]:
    """``TW I`` under each value, and the year below it where it changes."""
    labels: list[Label] = []
    shown = ""
    for row in rows:
        text, _space, year = row.period.short_label.rpartition(" ")
        if not row.is_over:
            now = _("berjalan") if row.has_begun else _("belum mulai")
            labels.append(Label(text or year, now, row.period.label, still_grows=True))
            continue
        if not text:  # a year is its own name
            labels.append(Label(year, full=row.period.label))
            continue
        labels.append(Label(text, "" if year == shown else year, row.period.label))
        shown = year
    return labels


def _chart(found: Trend) -> LineChart:
    rows = found.rows
    return line_chart(
        [
            Series(_("Estimasi"), [row.estimate for row in rows]),
            Series(_("Nilai resmi"), [row.official.value if row.official else None for row in rows]),
        ],
        labels_of(rows),
        title=_("%(what)s per periode", what=found.component.label if found.component else _("Nilai")),
        holds=(0, FULL_MARKS),
        marks={
            i: _("skema versi %(n)s", n=row.version.number)
            for i, row in enumerate(rows)
            if row.is_new_version and i
        },
    )


def _rank_charts(found: Trend) -> list[LineChart]:
    """As many lines in a chart as can be told apart."""
    groups = [found.ranks[i : i + len(LOOKS)] for i in range(0, len(found.ranks), len(LOOKS))]
    return [
        line_chart(
            [Series(_rank_name(ranks), ranks.values) for ranks in group],
            labels_of(found.rows),
            title=_("Peringkat resmi"),
            places=0,
            best_low=True,
        )
        for group in groups
    ]


def _rank_name(ranks: Ranks) -> str:
    return _("%(name)s, dari %(n)s", name=ranks.name, n=ranks.out_of) if ranks.out_of else ranks.name
