"""The component guide: every macro with every state, for whoever builds pages. Not served in a running product."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace

from flask import abort, current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.approvals.enums import PackageState
from humasflow.core.charts import Bar, BarChart, Label, LineChart, Part, Series, bar_chart, line_chart
from humasflow.core.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    Filled,
    LocalDateField,
    LocalTimeField,
    MaxLength,
)
from humasflow.core.guards import public
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.pages.blueprint import blueprint
from humasflow.pitches.enums import PitchState
from humasflow.planning.campaigns.enums import OfferState
from humasflow.publishing.enums import PostState
from humasflow.scoring.enums import PointState
from humasflow.stories.enums import AssignmentState, HandoverState, StoryState


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
    # What single macros ask for by name.
    name = StringField(_l("Nama tampilan"), [MaxLength(60)])
    is_shared = BooleanField(_l("Bagikan kepada seluruh kantor"))
    is_default = BooleanField(_l("Jadikan tampilan awal saya"))
    kinds = CheckboxesField(
        _l("Jenis konten"),
        choices=[
            SelectChoice(str(n), label)
            for n, label in enumerate(
                (
                    _l("Berita terbaru"),
                    _l("Artikel"),
                    _l("Siaran pers"),
                    _l("Pengumuman"),
                    _l("Berita Utama"),
                    _l("Profil Kantor"),
                    "Reels",
                    "Story",
                    _l("Unggahan"),
                )
            )
        ],
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
        "pages/components_guide.html",
        form=form,
        broken_form=broken,
        more_form=GuideForm(formdata=None, prefix="more-", data={"kinds": ["1"]}),
        lines=_lines(),
        bars=_bars(),
        states=_STATES,
        views=_views(),
        removed=SimpleNamespace(id=1, name=_("Berita Terbaru")),
        can_share=True,
        failed=None,
        failed_id=None,
        pictures=_pictures(),
    )


# What each chip takes: every state there is.
_STATES: tuple[tuple[str, Iterable[StrEnum]], ...] = (
    ("story", tuple(StoryState)),
    ("pitch", tuple(PitchState)),
    ("post", tuple(PostState)),
    ("package", tuple(PackageState)),
    ("point", tuple(PointState)),
    ("assignment", tuple(AssignmentState)),
    ("answer", (*OfferState, HandoverState.TAKEN)),
)


def _views() -> list[SimpleNamespace]:
    """A saved view of one's own and one of somebody else's."""
    own = current_user.id if current_user.is_authenticated else 0
    return [
        SimpleNamespace(
            id=1,
            name=_("Berita Terbaru"),
            is_default=True,
            is_shared=True,
            owner_id=own,
            owner="",
            row_version=1,
        ),
        SimpleNamespace(
            id=2,
            name=_("Artikel"),
            is_default=False,
            is_shared=True,
            owner_id=-1,
            owner=_("Nama contoh"),
            row_version=1,
        ),
    ]


def _pictures() -> Sequence[Asset]:
    """One of the office's own, for who may see it."""
    if not current_user.is_authenticated:
        return ()
    return media.list_library(current_user, current_user.office.id, size=1).items


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
