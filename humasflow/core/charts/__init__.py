"""Charts drawn on the server: shapes and numbers are computed here, ``templates/components/charts.html`` draws them.

The contract, in full::

    from humasflow.core.charts import Bar, Label, Part, Series, bar_chart, line_chart

    chart = line_chart(
        [Series(_("Estimasi"), [67, None, Decimal("91.67")]), Series(_("Nilai resmi"), [67, 88, None])],
        [Label("TW I", "2026"), Label("TW II"), Label("TW III", still_grows=True)],  # one a value, in the order of time
        title=_("Nilai per triwulan"),       # read aloud, and the caption of the table
        target=100,                          # optional: a line across
        marks={1: _("Skema versi 2")},       # optional: something changed before this label
        unit="%", places=2,                  # how numbers are written, never how they are drawn
        whole=False, holds=(0,), best_low=False,
    )

    {% from "components/charts.html" import line_figure, bar_figure with context %}
    {{ line_figure(chart, "tren") }}         {# the id must be the page's own #}
    {% block head_extra %}<link rel="stylesheet" href="{{ static_url('css/charts.css') }}">{% endblock %}

    rows = [Bar(_("Seksi Lelang"), (Part(12, "verified"), Part(3, "unverified")), target=20, url=url_for(…), note="…")]
    {{ bar_figure(bar_chart(rows, title=_("Publikasi per seksi")), "seksi") }}

Rules that hold for each chart:

* Numbers are exact (int, Decimal, Fraction; a float is refused). ``None`` is "unknown": a gap in the line, a dash in
  the table, never a zero. Lines are not drawn across a gap.
* Series differ by colour, by marker and by dash (``LOOKS``, at most four); parts of a bar by colour and by pattern.
* Bars begin at zero; what is less than nothing (a correction) is written and not drawn. A line chart begins there too
  unless told otherwise. Axis ticks are round numbers that were computed exactly, in the reader's language.
* The width is that of the page: positions across are per cent, positions down are pixels, so that letters keep their
  size on a phone and on paper. No inline style, classes only.
* Each chart carries ``headings`` and ``rows``: the same numbers as a table, shown in a ``<details>`` under the picture,
  and a ``description`` for whoever has it read aloud.
* What must not be compared must not share a chart: formulas and schemes are never mixed (the caller's duty).
"""

from humasflow.core.charts.bars import TONES, Bar, BarChart, Part, bar_chart
from humasflow.core.charts.lines import LOOKS, Label, LineChart, Series, line_chart
from humasflow.core.charts.scale import Exact, Scale, show, ticks_between

__all__ = [
    "LOOKS",
    "TONES",
    "Bar",
    "BarChart",
    "Exact",
    "Label",
    "LineChart",
    "Part",
    "Scale",
    "Series",
    "bar_chart",
    "line_chart",
    "show",
    "ticks_between",
]
