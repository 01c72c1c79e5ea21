"""Forms about schemes: how one begins, the rules as a whole, a component of each kind."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, StringField
from wtforms.validators import ValidationError

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, NumberField
from humasflow.core.periods import PeriodType
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.completeness import exact_text, plain
from humasflow.scoring.enums import Consolidation
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.presets import Preset, get_preset, list_presets
from humasflow.scoring.services.schemes import RulesSpec

EMPTY = "kosong"
ABOVE = "kantor-"
CAPS = ("100", "110", "120")
SPARE = 2
MAX_ROWS = 30


def longer(rows: Any, by: int = 10) -> None:
    """Further empty rows at the end of a FieldList, as far as they fit."""
    most = rows.max_entries or 0
    for _n in range(min(by, most - len(rows))):
        rows.append_entry()


def cap_choices(current: Any = None) -> list[tuple[str, str]]:
    """100, 110, 120 or none; a value of its own that is there already stays offered."""
    known = [(cap, f"{cap}%") for cap in CAPS]
    own = "" if current is None else exact_text(current)
    if own and own not in CAPS:
        known.append((own, f"{plain(current)}%"))
    return [*known, ("", _("tanpa batas"))]


class StartField(RadioField):
    """Radio buttons whose refusal is in our words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if self.data not in {choice[0] for choice in self.iter_choices()}:
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))


class NewSchemeForm(BaseForm):
    """What a scheme begins with. A name may be left out where the beginning has one."""

    start = StartField(_l("Mulai dari"), default=EMPTY)
    channel_kind = ChoiceField(_l("Kanal"), default="")
    name = StringField(_l("Nama skema"), [MaxLength(120)])
    legal_basis = StringField(_l("Dasar (surat atau peraturan)"), [MaxLength(200)])
    issuer = StringField(_l("Penerbit"), [MaxLength(120)])
    period_type = ChoiceField(_l("Dihitung per"), default=PeriodType.QUARTER.value)

    def offer(self, kinds: list[tuple[str, str]], above: list[ScoreScheme]) -> None:
        """Fill the choices."""
        self.start.choices = [
            *((preset.code, preset.name) for preset in list_presets()),
            *((f"{ABOVE}{scheme.id}", scheme.name) for scheme in above),
            (EMPTY, _("Mulai dari kosong")),
        ]
        self.channel_kind.choices = [("", _("Pilih kanal")), *kinds]
        self.period_type.choices = [(t.value, t.label) for t in PeriodType]

    @property
    def preset(self) -> Preset | None:
        """The chosen preset, if it is one."""
        return get_preset(self.start.data or "")

    @property
    def origin_id(self) -> int | None:
        """The chosen scheme of an office above, if it is one."""
        value = (self.start.data or "").removeprefix(ABOVE)
        return int(value) if value != self.start.data and value.isdigit() else None

    def validate_name(self, field: Any) -> None:
        """What begins empty needs a name of its own."""
        if self.start.data == EMPTY and not (field.data or "").strip():
            raise ValidationError(_("Beri nama skemanya."))

    def validate_channel_kind(self, field: Any) -> None:
        """A preset for one platform needs to know which."""
        if self.preset is not None and self.preset.per_channel and not field.data:
            raise ValidationError(_("Pilih kanal yang dinilai."))


class DescribeSchemeForm(BaseForm):
    """What a scheme is called and where it comes from."""

    name = StringField(_l("Nama skema"), [Filled(), MaxLength(120)])
    issuer = StringField(_l("Penerbit"), [MaxLength(120)])
    legal_basis = StringField(_l("Dasar (surat atau peraturan)"), [MaxLength(200)])
    row_version = HiddenField()


class BandForm(Form):
    """One name with the value it begins at. A row without a name is left out."""

    label = StringField(_l("Predikat"), [MaxLength(40)])
    lower = NumberField(_l("Mulai nilai"))


class SegmentForm(Form):
    """One piece of a conversion: y = base + numerator ÷ denominator × (c − origin), from ``lower`` on.

    ``known_at`` and ``known``: the one point of a piece whose rule was never printed.
    """

    label = StringField(_l("Nama bagian"), [MaxLength(40)])
    lower = NumberField(_l("Mulai capaian (%)"))
    base = NumberField(_l("Nilai awal"))
    numerator = NumberField(_l("Naik sebesar"))
    denominator = NumberField(_l("tiap"))
    origin = NumberField(_l("dihitung dari"))
    known_at = NumberField(_l("Titik capaian"))
    known = NumberField(_l("bernilai"))


class RulesForm(BaseForm):
    """What holds for a version as a whole."""

    rounding = ChoiceField(_l("Pembulatan"))
    total_cap = ChoiceField(_l("Batas nilai akhir"))
    consolidation = ChoiceField(_l("Beberapa periode menjadi satu angka"))
    bands = FieldList(FormField(BandForm), max_entries=MAX_ROWS)
    round_first = ChoiceField(_l("Sebelum dikonversi, capaian dibulatkan"))
    when_maximum_met = NumberField(_l("Nilai bila sasaran setinggi yang dapat dicapai terpenuhi"))
    segments = FieldList(FormField(SegmentForm), max_entries=MAX_ROWS)
    row_version = HiddenField()

    def offer(self, version: SchemeVersion) -> None:
        """Fill the choices."""
        self.rounding.choices = [(rule.value, rule.label) for rule in RoundingRule]
        self.total_cap.choices = cap_choices(version.total_cap)
        self.consolidation.choices = [(c.value, c.label) for c in Consolidation]
        self.round_first.choices = [("", _("tidak dibulatkan")), *self.rounding.choices]

    def validate_bands(self, field: Any) -> None:
        """A named row needs the value it begins at."""
        self._complete(field, _("Tulis mulai nilai berapa predikat ini berlaku."))

    def validate_segments(self, field: Any) -> None:
        """A row with anything in it needs the value it begins at, and what it makes of it: a piece that says nothing
        would turn every total in it into 0.
        """
        self._complete(field, _("Tulis mulai capaian berapa bagian ini berlaku."))
        silent = [row for row in field if self._says_nothing(row.form)]  # all of them: each gets its message
        if silent:
            raise ValidationError(_("Ada baris yang belum lengkap."))

    @staticmethod
    def _says_nothing(row: Any) -> bool:
        if row.lower.data is None:
            return False
        pair = (row.known_at, row.known)
        half = (
            next((f for f in pair if f.data is None), None) if any(f.data is not None for f in pair) else None
        )
        if half is not None:
            half.errors = [_("Isi titik capaian dan nilainya, atau kosongkan keduanya.")]
        elif all(f.data is None for f in (row.base, row.numerator, *pair)):
            row.base.errors = [_("Tulis nilai awal, kenaikan, atau satu titik yang diketahui.")]
        elif row.denominator.data == 0:
            row.denominator.errors = [_("Pembagi tidak boleh nol.")]
        else:
            return False
        return True

    @staticmethod
    def _complete(field: Any, message: str) -> None:
        wrong = False
        for row in field:
            inner = row.form
            if any(f.errors for f in inner):
                wrong = True
            elif inner.lower.data is None and any(f.data not in (None, "") for f in inner):
                inner.lower.errors = [message]
                wrong = True
        if wrong:
            raise ValidationError(_("Ada baris yang belum lengkap."))

    def spec(self) -> RulesSpec:
        """The form as rules. Rows are put in the order of where they begin."""
        bands = [
            {"lower": _text(row.form.lower.data), "label": (row.form.label.data or "").strip()}
            for row in _by_lower(self.bands)
        ]
        segments = [_segment(row.form) for row in _by_lower(self.segments)]
        conversion: dict[str, Any] = {"segments": segments} if segments else {}
        if segments and self.round_first.data:
            conversion["round_first"] = self.round_first.data
        if segments and self.when_maximum_met.data is not None:
            conversion["when_maximum_met"] = _text(self.when_maximum_met.data)
        return RulesSpec(
            rounding=RoundingRule(self.rounding.data),
            total_cap=number_or_none(self.total_cap.data),
            consolidation=Consolidation(self.consolidation.data),
            conversion=conversion,
            bands=bands,
        )


def number_or_none(text: str | None) -> Any:
    """The value of a choice of caps: empty is none."""
    return Decimal(text) if text else None


def rules_data(version: SchemeVersion) -> dict[str, Any]:
    """A version as the data of :class:`RulesForm`, with rows to spare."""
    stored = version.conversion
    return {
        "rounding": version.rounding.value,
        "total_cap": "" if version.total_cap is None else exact_text(version.total_cap),
        "consolidation": version.consolidation.value,
        "bands": [*(_band_data(band) for band in version.bands), *({} for _n in range(SPARE))][:MAX_ROWS],
        "round_first": stored.get("round_first", ""),
        "when_maximum_met": _number(stored.get("when_maximum_met")),
        "segments": [*(_segment_data(s) for s in stored.get("segments", ())), *({} for _n in range(SPARE))][
            :MAX_ROWS
        ],
        "row_version": str(version.row_version),
    }


def _band_data(band: Any) -> dict[str, Any]:
    return {"label": band.get("label", ""), "lower": _number(band.get("lower"))}


def _segment_data(stored: Any) -> dict[str, Any]:
    known = next(iter(dict(stored.get("known", {})).items()), (None, None))
    return {
        "label": stored.get("label", ""),
        **{
            name: _number(stored.get(name))
            for name in ("lower", "base", "numerator", "denominator", "origin")
        },
        "known_at": _number(known[0]),
        "known": _number(known[1]),
    }


def _segment(form: Any) -> dict[str, Any]:
    stored: dict[str, Any] = {"lower": _text(form.lower.data), "label": (form.label.data or "").strip()}
    if form.known_at.data is not None and form.known.data is not None and form.base.data is None:
        return stored | {"is_unknown": True, "known": {_text(form.known_at.data): _text(form.known.data)}}
    for name in ("base", "numerator", "denominator", "origin"):
        value = getattr(form, name).data
        if value is not None:
            stored[name] = _text(value)
    return stored


def _by_lower(rows: Any) -> list[Any]:
    filled = [row for row in rows if row.form.lower.data is not None]
    return sorted(filled, key=lambda row: row.form.lower.data)


def _text(number: Any) -> str:
    return exact_text(number)


def _number(text: Any) -> Any:
    try:
        return None if text in (None, "") else Decimal(str(text))
    except InvalidOperation:
        return None


class GoalForm(Form):
    """A target that is only tried: nothing is saved."""

    value = NumberField(_l("Sasaran coba"))
    upper = NumberField(_l("sampai"))

    def validate_value(self, field: Any) -> None:
        """More than nothing."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("Sasaran lebih dari nol."))

    def validate_upper(self, field: Any) -> None:
        """A range ends where it begins or later."""
        if field.data is not None and (self.value.data is None or field.data < self.value.data):
            raise ValidationError(_("Ujung rentang tidak boleh di bawah awalnya."))


class ActivateForm(BaseForm):
    """From which period on the rules count."""

    effective_from = ChoiceField(_l("Berlaku mulai"))
    note = StringField(_l("Alasan atau surat dasarnya"), [MaxLength(300)])
    row_version = HiddenField()
