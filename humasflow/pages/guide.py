"""The component guide: every macro with every state, for whoever builds pages. Not served in a running product."""

from datetime import date
from decimal import Decimal

from flask import abort, current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.core.charts import Bar, BarChart, Label, LineChart, Part, Series, bar_chart, line_chart
from humasflow.core.forms import BaseForm, ChoiceField, Filled, LocalDateField, LocalTimeField, MaxLength
from humasflow.core.guards import public
from humasflow.pages.blueprint import blueprint


class GuideForm(BaseForm):
    """One field of each kind."""

    title = StringField(_l("Apa yang terjadi?"), [Filled(), MaxLength(60)])
    story = TextAreaField(_l("Ceritakan singkat"))
    kind = ChoiceField(
        _l("Jenis konten"),
        choices=[SelectChoice("a", _l("Berita terbaru")), SelectChoice("b", _l("Artikel"))],
    )
    day = LocalDateField(_l("Tanggal"))
    clock = LocalTimeField(_l("Jam"))
    secret = PasswordField(_l("Kata sandi"))
    agreed = BooleanField(_l("Saya sudah memeriksa"))
    zone = RadioField(
        _l("Zona waktu"),
        choices=[SelectChoice("wib", "WIB"), SelectChoice("wita", "WITA"), SelectChoice("wit", "WIT")],
    )


@blueprint.get("/panduan-komponen")
@public
def components_guide() -> str:
    """In development and tests only."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    form = GuideForm(
        formdata=None, data={"title": "Lelang UMKM binaan laku semua", "day": date(2026, 11, 20)}
    )
    typed = MultiDict({"broken-title": "", "broken-day": "31-02-2026", "broken-kind": "z"})
    broken = GuideForm(formdata=typed, prefix="broken-", meta={"csrf": False})
    broken.validate()
    return render_template(
        "pages/components_guide.html", form=form, broken_form=broken, lines=_lines(), bars=_bars()
    )


def _lines() -> LineChart:
    return line_chart(
        [
            Series(_("Estimasi"), [67, None, Decimal("91.67"), 100]),
            Series(_("Nilai resmi"), [67, 88, 90, None]),
        ],
        [Label("TW I", "2026"), Label("TW II"), Label("TW III"), Label("TW IV")],
        title=_("Nilai per triwulan"),
        target=90,
        marks={2: _("Skema versi 2")},
    )


def _bars() -> BarChart:
    return bar_chart(
        [
            Bar(
                _("Seksi Pelayanan Lelang"),
                (
                    Part(12, "verified"),
                    Part(3, "unverified"),
                    Part(2, "scheduled"),
                    Part(1, "review"),
                    Part(1, "pitched"),
                ),
                target=20,
                url="#g-bagan",
            ),
            Bar(_("Seksi Hukum dan Informasi"), (Part(4, "verified"),), note=_("tanpa sasaran")),
        ],
        title=_("Publikasi per seksi"),
        whole=True,
    )
