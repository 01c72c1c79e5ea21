"""The offices below, compared by the same scheme."""

from flask import render_template, request
from flask_babel import gettext as _

from humasflow.core.charts import Bar, BarChart, Part, bar_chart
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.scoring.calculation.results import FULL_MARKS
from humasflow.scoring.standing.children import Children, children_of
from humasflow.scoring.standing.sentences import amount
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.contributions import asked, frame


@blueprint.get("/capaian/unit")
@requires(Permission.CHILDREN_READ)
def children() -> str:
    """Each office below with its total and components; those without the scheme are named too."""
    wanted = asked()
    if wanted.scheme is None or wanted.version is None:
        return render_template("scoring/children.html", **frame(wanted), found=None)
    found = children_of(
        wanted.office, wanted.scheme, wanted.version, wanted.period, cursor=request.args.get("setelah")
    )
    return render_template("scoring/children.html", **frame(wanted), found=found, chart=_chart(found))


def _chart(found: Children) -> BarChart:
    """Totals as they stand; where one is not complete, what the other components bring so far."""
    bars = []
    part, complete = _("sementara, belum semua komponen punya angka"), _("estimasi nilai")
    for row in found.with_result:
        whole = row.value
        value = row.subtotal if whole is None else whole
        places = row.result.total.rounding.places if row.result else None
        bars.append(
            Bar(
                row.office.short_name,
                ()
                if value is None  # nothing is known: never a zero
                else (
                    Part(
                        value, "plain" if whole is not None else "other", part if whole is None else complete
                    ),
                ),
                number="—" if value is None else amount(value, places),
                note=_("aturannya disesuaikan") if row.differs else "",
            )
        )
    return bar_chart(bars, title=_("Nilai per unit"), heading=_("Unit"), highest=FULL_MARKS, table=False)
