"""Forms about measurements: one for each kind, with what every measurement rests on."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.core.forms import (
    BaseForm,
    Filled,
    LocalDateField,
    MaxLength,
    NumberField,
    WholeNumberField,
    required,
)
from humasflow.core.periods import Period
from humasflow.scoring.calculation import (
    ChecklistFacts,
    Facts,
    GateFacts,
    GrowthFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
    read_parameters,
)
from humasflow.scoring.calculation.parameters import ChecklistParameters
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component, Measurement

MOST = 10**12 - 1
ITEM = "item_"


class MeasurementForm(BaseForm):
    """What every measurement rests on. The numbers of its kind stand before it."""

    numbers: tuple[str, ...] = ()  # names of the fields of the kind, in order
    period: Period
    today: date

    measured_on = LocalDateField(_l("Tanggal pengukuran"), [required()])
    document = StringField(_l("Nomor atau nama dokumen"), [MaxLength(200)])
    note = TextAreaField(_l("Catatan"), [MaxLength(2000)])

    def within(self, period: Period, today: date) -> None:
        """The period that is measured, and the day on which somebody does so."""
        self.period, self.today = period, today

    def validate_measured_on(self, field: Any) -> None:
        """Beside the date, what is wrong with it."""
        if field.data is None:
            return
        if field.data > self.today:
            raise ValidationError(_("Tanggal pengukuran belum tiba."))
        if field.data < self.period.start:
            raise ValidationError(
                _(
                    "Tanggal pengukuran mendahului %(period)s. Periksa lagi tanggalnya.",
                    period=self.period.label,
                )
            )

    @property
    def facts(self) -> Facts:
        """What was typed, as facts of the kind."""
        raise NotImplementedError

    def show(self, stored: dict[str, Any]) -> None:
        """Put stored facts into the fields."""
        raise NotImplementedError

    def fill(self, before: Measurement | None, today: date) -> None:
        """The form as it is first seen: what is in force, or empty with today's date."""
        self.measured_on.data = today
        if before is not None and before.facts:
            self.show(before.facts)
            self.document.data, self.note.data = before.document, before.note
            self.measured_on.data = before.measured_on


class RubricForm(MeasurementForm):
    """A reviewer's mark."""

    numbers = ("mark",)
    mark = NumberField(_l("Nilai, 0 sampai 100"), [required()])
    note = TextAreaField(
        _l("Catatan"),
        [Filled(_l("Tulis catatan singkat: apa yang membuat nilainya begitu.")), MaxLength(2000)],
    )

    @property
    def facts(self) -> Facts:
        """The mark."""
        return RubricFacts((self.mark.data if self.mark.data is not None else Decimal(-1),))

    def show(self, stored: dict[str, Any]) -> None:
        """The mark that is in force."""
        self.mark.data = Decimal(stored["mark"])


class RateForm(MeasurementForm):
    """A rate as its two numbers."""

    numbers = ("numerator", "denominator")
    numerator = WholeNumberField(
        _l("Jumlah interaksi (suka, komentar, bagikan, simpan)"), [required()], minimum=0, maximum=MOST
    )
    denominator = WholeNumberField(_l("Pembagi"), [required()], minimum=1, maximum=MOST)

    @property
    def facts(self) -> Facts:
        """The two numbers."""
        return RateFacts(self.numerator.data, self.denominator.data)

    def show(self, stored: dict[str, Any]) -> None:
        """The numbers that are in force."""
        self.numerator.data = int(Decimal(stored["numerator"]))
        self.denominator.data = int(Decimal(stored["denominator"]))


class GrowthForm(MeasurementForm):
    """The number at the end of the period before, and at the end of this one."""

    numbers = ("previous", "current")
    previous = WholeNumberField(_l("Akhir periode lalu"), [required()], minimum=1, maximum=MOST)
    current = WholeNumberField(_l("Akhir periode ini"), [required()], minimum=0, maximum=MOST)

    @property
    def facts(self) -> Facts:
        """The two numbers."""
        return GrowthFacts(self.previous.data, self.current.data)

    def show(self, stored: dict[str, Any]) -> None:
        """The numbers that are in force."""
        self.previous.data = int(Decimal(stored["previous"]))
        self.current.data = int(Decimal(stored["current"]))


class RankForm(MeasurementForm):
    """A place among so many."""

    numbers = ("position", "out_of")
    position = WholeNumberField(_l("Peringkat"), [required()], minimum=1, maximum=1_000_000)
    out_of = WholeNumberField(_l("Dari berapa kantor"), minimum=1, maximum=1_000_000)

    @property
    def facts(self) -> Facts:
        """The place."""
        return RankFacts(self.position.data, self.out_of.data)

    def show(self, stored: dict[str, Any]) -> None:
        """The place that is in force."""
        self.position.data, self.out_of.data = stored["position"], stored.get("out_of")


class GateForm(MeasurementForm):
    """Yes or no, and why not."""

    numbers = ("passed", "why")
    passed = RadioField(
        _l("Terpenuhi?"),
        [required()],
        choices=[SelectChoice("ya", _l("Ya, sudah terpenuhi")), SelectChoice("belum", _l("Belum"))],
    )
    why = StringField(_l("Bila belum, apa yang kurang?"), [MaxLength(300)])

    @property
    def facts(self) -> Facts:
        """The answer."""
        return GateFacts(self.passed.data == "ya", "" if self.passed.data == "ya" else self.why.data or "")

    def show(self, stored: dict[str, Any]) -> None:
        """The answer that is in force."""
        self.passed.data, self.why.data = ("ya" if stored["passed"] else "belum"), stored.get("why", "")


class ChecklistForm(MeasurementForm):
    """A mark for each item; those without one are not looked at yet. Its fields come from the component."""

    keys: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        """The marks that were given."""
        given = {key: self[f"{ITEM}{n}"].data for n, key in enumerate(self.keys)}
        return ChecklistFacts({key: int(mark) for key, mark in given.items() if mark in ("0", "1", "2")})

    def show(self, stored: dict[str, Any]) -> None:
        """The marks that are in force."""
        for n, key in enumerate(self.keys):
            mark = stored["marks"].get(key)
            self[f"{ITEM}{n}"].data = "" if mark is None else str(mark)


_FORMS: dict[ComponentKind, type[MeasurementForm]] = {
    ComponentKind.RUBRIC: RubricForm,
    ComponentKind.RATE: RateForm,
    ComponentKind.GROWTH: GrowthForm,
    ComponentKind.RANK: RankForm,
    ComponentKind.GATE: GateForm,
}


def form_for(component: Component) -> MeasurementForm:
    """The form of a measured component. Raises CalculationError for parameters that make no sense."""
    if component.kind is not ComponentKind.CHECKLIST:
        return _FORMS[component.kind]()
    parameters = read_parameters(component.kind, component.parameters)
    items = parameters.items if isinstance(parameters, ChecklistParameters) else {}
    marks = [
        SelectChoice("2", _("2 (lengkap)")),
        SelectChoice("1", _("1 (sebagian)")),
        SelectChoice("0", _("0 (belum ada)")),
        SelectChoice("", _("Belum dinilai")),
    ]
    fields: dict[str, Any] = {
        f"{ITEM}{n}": RadioField(label, choices=marks, default="") for n, label in enumerate(items.values())
    }
    made = type(
        "ChecklistFormOfComponent",
        (ChecklistForm,),
        {"numbers": tuple(fields), "keys": tuple(items), **fields},
    )
    form = made()
    assert isinstance(form, MeasurementForm)  # noqa: S101 - made from one above
    return form
