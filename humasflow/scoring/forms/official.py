"""Forms about what the head office announced."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    LocalDateField,
    MaxLength,
    NumberField,
    WholeNumberField,
    required,
)
from humasflow.scoring.enums import ResultKind

OTHER = "*"  # among the components: something that none of them is


class OfficialForm(BaseForm):
    """One announced score or rank with its document."""

    period = ChoiceField(_l("Periode"), [required()])
    kind = ChoiceField(_l("Yang diumumkan"), [required()])
    component = ChoiceField(_l("Tentang"))
    label = StringField(_l("Nama lain, bila tidak ada di daftar"), [MaxLength(80)])
    value = NumberField(_l("Nilai atau peringkat"), [required()])
    out_of = WholeNumberField(_l("Dari berapa kantor"), minimum=1, maximum=1_000_000)
    announced_on = LocalDateField(_l("Tanggal diumumkan"), [required()])
    document = StringField(_l("Nomor atau nama dokumen"), [Filled(), MaxLength(200)])
    note = TextAreaField(_l("Catatan"), [MaxLength(1000)])

    today: date

    def offer(
        self, *, periods: list[tuple[str, str]], components: list[tuple[str, str]], today: date
    ) -> None:
        """Fill the choices of this moment. ``today``: the office's date."""
        self.today = today
        self.period.choices = [SelectChoice(key, label) for key, label in periods]
        self.kind.choices = [SelectChoice(kind.value, kind.label) for kind in ResultKind]
        total = [("", _("Nilai akhir"))] if components else []
        offered = [*total, *components, (OTHER, _("Yang lain"))]
        self.component.choices = [SelectChoice(key, label) for key, label in offered]

    def validate_value(self, field: Any) -> None:
        """Only blanks are no number."""
        if field.data is None:
            raise ValidationError(_("Bagian ini perlu diisi."))

    def validate_announced_on(self, field: Any) -> None:
        """What is announced was announced already."""
        if field.data is None:
            raise ValidationError(_("Bagian ini perlu diisi."))
        if field.data > self.today:
            raise ValidationError(_("Tanggal pengumuman belum tiba."))

    def validate_label(self, field: Any) -> None:
        """What is none of the components needs a name."""
        if self.component.data == OTHER and not field.data:
            raise ValidationError(_("Tulis apa yang dinilai atau diperingkatkan."))
