"""The form of one component: what all kinds share, and what each kind asks besides."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from humasflow.core.forms import BaseForm, CheckboxesField, ChoiceField, Filled, MaxLength, NumberField
from humasflow.core.slugs import slugify
from humasflow.metrics.enums import RateFormula
from humasflow.scoring.calculation.parameters import POINT_PLACES, CadenceUnit, RankFormula
from humasflow.scoring.completeness import exact_text, problem_of_weight
from humasflow.scoring.enums import ComponentKind, Polarity
from humasflow.scoring.forms.schemes import cap_choices, number_or_none
from humasflow.scoring.models import Component
from humasflow.scoring.services.schemes import ComponentSpec
from humasflow.scoring.wording import weekday_name

ANY = "*"
SPARE = 3
SELECTIONS = ("content_types", "channel_kinds", "account_ids", "pillar_ids", "campaign_ids", "section_ids")
MAX_POINTS = 200
MAX_ITEMS = 200
ITEM_LENGTH = 200


class PointsRow(Form):
    """Points of one pair. A row without points is left out."""

    content_type = ChoiceField(_l("Jenis konten"), default=ANY)
    channel_kind = ChoiceField(_l("Kanal"), default=ANY)
    points = NumberField(_l("Poin"))

    def validate_points(self, field: Any) -> None:
        """Never negative, and no finer than the ledger keeps."""
        if field.data is not None and field.data < 0:
            raise ValidationError(_("Poin tidak boleh negatif."))
        if field.data is not None and field.data != round(field.data, POINT_PLACES):
            raise ValidationError(_("Poin memakai paling banyak 2 angka di belakang koma."))


class ComponentForm(BaseForm):
    """A component of any kind; the page shows the parts of its kind only."""

    kind = HiddenField()
    row_version = HiddenField()
    label = StringField(_l("Nama komponen"), [Filled(), MaxLength(80)])
    weight = NumberField(_l("Bobot (persen)"))
    cap = ChoiceField(_l("Batas nilai komponen"), default="100")
    polarity = ChoiceField(_l("Arah penilaian"), default=Polarity.MAXIMISE.value)
    partial_credit = BooleanField(_l("Capaian sebagian ikut dinilai"))
    content_types = CheckboxesField(_l("Jenis konten"))
    channel_kinds = CheckboxesField(_l("Kanal"))
    account_ids = CheckboxesField(_l("Akun"), coerce=int)
    pillar_ids = CheckboxesField(_l("Pilar"), coerce=int)
    campaign_ids = CheckboxesField(_l("Kampanye"), coerce=int)
    section_ids = CheckboxesField(_l("Seksi pemilik naskah"), coerce=int)
    counts_unverified = BooleanField(_l("Hitung sejak tayang, tanpa menunggu verifikasi"))
    counts_reposts = BooleanField(_l("Tayang ulang ikut dihitung"))

    maximum = NumberField(_l("Yang paling banyak dapat dicapai"))
    points = FieldList(FormField(PointsRow), max_entries=MAX_POINTS)
    plain = BooleanField(_l("Jumlah poin langsung menjadi nilai, tanpa sasaran"))
    unit = ChoiceField(_l("Yang dilihat"), default=CadenceUnit.WEEK.value)
    minimum = NumberField(_l("Paling sedikit"))
    weekdays = CheckboxesField(_l("Hanya pada hari"), coerce=int)
    items = TextAreaField(_l("Butir yang diperiksa, satu baris satu butir"))
    most = NumberField(_l("Jumlah nilai paling tinggi"))
    aspects = TextAreaField(_l("Aspek yang dilihat penilai, satu baris satu aspek"))
    formula = ChoiceField(_l("Rumus"), default=RateFormula.BY_REACH.value)
    requires_all = BooleanField(_l("Semua angka interaksi harus diketahui"))
    what = StringField(_l("Yang tumbuh"), [MaxLength(80)])
    rank_formula = ChoiceField(_l("Cara peringkat menjadi nilai"), default=RankFormula.BEHIND.value)
    question = StringField(_l("Syaratnya, sebagai pertanyaan ya atau tidak"), [MaxLength(200)])

    def offer(
        self, choices: dict[str, list[tuple[Any, str]]], component: Component | None, kind: ComponentKind
    ) -> None:
        """Fill the choices: ``choices`` by field name."""
        if kind is ComponentKind.RUBRIC:
            self.counts_reposts.label.text = _("Tayang ulang ikut dinilai")
        self.cap.choices = cap_choices(component.cap if component else None)
        self.polarity.choices = [(p.value, p.label) for p in Polarity]
        for name, options in choices.items():
            field: Any = self[name]
            field.choices = options
        self.unit.choices = [
            (CadenceUnit.WEEK.value, _("tiap pekan")),
            (CadenceUnit.DAY.value, _("tiap hari")),
        ]
        self.weekdays.choices = [(day, weekday_name(day)) for day in range(7)]
        self.formula.choices = [(f.value, f.label) for f in RateFormula]
        self.rank_formula.choices = [
            (
                RankFormula.BEHIND.value,
                _("(N − peringkat + 1) ÷ N: makin banyak yang di bawah, makin tinggi"),
            ),
            (RankFormula.TARGET.value, _("dibandingkan dengan peringkat yang disasar")),
        ]
        for row in self.points:
            row.form.content_type.choices = [(ANY, _("jenis lain (semua)")), *choices["content_types"]]
            row.form.channel_kind.choices = [(ANY, _("kanal lain (semua)")), *choices["channel_kinds"]]

    def validate_weight(self, field: Any) -> None:
        """A share of the total."""
        problem = "" if field.data is None else problem_of_weight(field.data)
        if problem:
            raise ValidationError(problem)

    def validate_items(self, field: Any) -> None:
        """A list that a person can go through."""
        lines = _lines(field.data)
        if len(lines) > MAX_ITEMS or any(len(line) > ITEM_LENGTH for line in lines):
            raise ValidationError(
                _("Paling banyak %(n)s butir, masing-masing paling panjang %(size)s karakter.",
                  n=MAX_ITEMS, size=ITEM_LENGTH)
            )  # fmt: skip

    def validate_points(self, field: Any) -> None:
        """Errors of the rows are told beside them; a pair stands once."""
        if any(f.errors for row in field for f in row.form):
            raise ValidationError(_("Ada baris poin yang belum benar."))
        pairs = [(r.form.content_type.data, r.form.channel_kind.data) for r in _with_points(field)]
        if len(set(pairs)) < len(pairs):
            raise ValidationError(_("Satu pasangan jenis dan kanal cukup satu baris."))

    def spec(self, kind: ComponentKind, key: str) -> ComponentSpec:
        """The form as a component of ``kind``."""
        return ComponentSpec(
            key=key, kind=kind, label=self.label.data or "", weight=self.weight.data or Decimal(0),
            cap=number_or_none(self.cap.data), polarity=Polarity(self.polarity.data),
            partial_credit=bool(self.partial_credit.data), parameters=self._parameters(kind),
            content_types=self.content_types.data or [], channel_kinds=self.channel_kinds.data or [],
            account_ids=self.account_ids.data or [], pillar_ids=self.pillar_ids.data or [],
            campaign_ids=self.campaign_ids.data or [], section_ids=self.section_ids.data or [],
            counts_reposts=bool(self.counts_reposts.data), counts_unverified=bool(self.counts_unverified.data),
        )  # fmt: skip

    def _parameters(self, kind: ComponentKind) -> dict[str, Any]:
        found: dict[str, Any] = {}
        match kind:
            case ComponentKind.COUNT_RATIO:
                found = {"maximum": _text(self.maximum.data)}
            case ComponentKind.POINTS:
                table = {
                    f"{row.form.content_type.data}|{row.form.channel_kind.data}": _text(row.form.points.data)
                    for row in _with_points(self.points)
                }
                found = {"points": table, "plain": bool(self.plain.data)}
            case ComponentKind.CADENCE:
                found = {
                    "unit": self.unit.data, "minimum": _text(self.minimum.data) or "1",
                    "weekdays": sorted(self.weekdays.data or []),
                }  # fmt: skip
            case ComponentKind.CHECKLIST:
                found = {"items": _items(self.items.data), "maximum": _text(self.most.data)}
            case ComponentKind.RUBRIC:
                found = {"aspects": _lines(self.aspects.data)}
            case ComponentKind.RATE:
                found = {"formula": self.formula.data, "requires_all": bool(self.requires_all.data)}
            case ComponentKind.GROWTH:
                found = {"what": self.what.data or ""}
            case ComponentKind.RANK:
                found = {"formula": self.rank_formula.data}
            case ComponentKind.GATE:
                found = {"question": self.question.data or ""}
        return {name: value for name, value in found.items() if value is not None}


def component_data(component: Component | None, kind: ComponentKind) -> dict[str, Any]:
    """A component as the data of :class:`ComponentForm`; parameters of another kind stay out."""
    if component is None:
        return {
            "kind": kind.value, "cap": "100", "partial_credit": True, "minimum": Decimal(2), "weight": None,
            "points": [{} for _n in range(SPARE + 2)],
        }  # fmt: skip
    stored = component.parameters if component.kind is kind else {}
    formula = stored.get("formula")
    return {
        "kind": kind.value, "label": component.label, "weight": component.weight,
        "cap": "" if component.cap is None else exact_text(component.cap),
        "polarity": component.polarity.value, "partial_credit": component.partial_credit,
        "content_types": component.content_types, "channel_kinds": component.channel_kinds,
        "account_ids": component.account_ids, "pillar_ids": component.pillar_ids,
        "campaign_ids": component.campaign_ids, "section_ids": component.section_ids,
        "counts_unverified": component.counts_unverified, "counts_reposts": component.counts_reposts,
        "maximum": _number(stored.get("maximum")), "most": _number(stored.get("maximum")),
        "points": [*_point_rows(stored), *({} for _n in range(SPARE))][:MAX_POINTS],
        "plain": stored.get("plain", False),
        "unit": stored.get("unit", CadenceUnit.WEEK.value), "minimum": _number(stored.get("minimum", 2)),
        "weekdays": stored.get("weekdays", []),
        "items": "\n".join(str(item["label"]) for item in stored.get("items", ())),
        "aspects": "\n".join(str(aspect) for aspect in stored.get("aspects", ())),
        "formula": formula if kind is ComponentKind.RATE and formula else RateFormula.BY_REACH.value,
        "rank_formula": formula if kind is ComponentKind.RANK and formula else RankFormula.BEHIND.value,
        "requires_all": stored.get("requires_all", False), "what": stored.get("what", ""),
        "question": stored.get("question", ""),
    }  # fmt: skip


def judged_like(counting: Sequence[Component]) -> dict[str, list[Any]]:
    """What a new rubric begins with, as data of :class:`ComponentForm`: what the components beside it count, all of
    them together. A person sees it and may choose otherwise.
    """
    found: dict[str, list[Any]] = {}
    for name in SELECTIONS:
        lists = [getattr(c, name) for c in counting if c.kind.counts_posts]
        together = list(dict.fromkeys(value for chosen in lists for value in chosen))
        found[name] = together if all(lists) else []  # one of them takes all
    return found


def _point_rows(stored: Any) -> list[dict[str, Any]]:
    rows = []
    for pair, points in dict(stored.get("points", {})).items():
        content_type, _mark, channel_kind = str(pair).partition("|")
        rows.append({"content_type": content_type, "channel_kind": channel_kind, "points": _number(points)})
    return rows


def _with_points(rows: Any) -> list[Any]:
    return [row for row in rows if row.form.points.data is not None]


def _items(text: str | None) -> list[dict[str, str]]:
    """Items keep the key of their words, so that marks of a period follow an item whose place changed."""
    found: dict[str, str] = {}
    for line in _lines(text):
        key, base, number = (
            slugify(line, limit=50, fallback="butir"),
            slugify(line, limit=50, fallback="butir"),
            2,
        )
        while key in found:
            key, number = f"{base}-{number}", number + 1
        found[key] = line
    return [{"key": key, "label": label} for key, label in found.items()]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else exact_text(number)


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
