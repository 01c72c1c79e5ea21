"""Shape and wording of the forms about schemes, targets and verification."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength


class NumberField(Field):
    """An exact number as people write it: ``12``, ``12,5``, ``1.250``. Empty is None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that names the problem."""
        text = valuelist[0].strip() if valuelist else ""
        self.data: Decimal | None = None
        if not text:
            return
        plain = re.sub(r"[.\s](?=\d{3}(\D|$))", "", text).replace(",", ".")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValueError(_("“%(text)s” bukan angka. Contoh: 60 atau 12,5.", text=text[:20])) from None
        if not number.is_finite() or abs(number) > 1_000_000:
            raise ValueError(_("Angka ini terlalu besar."))
        self.data = number


class CheckboxesField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ComponentForm(Form):
    """One row of a scheme. A row without a name is left out."""

    key = HiddenField()
    label = StringField(_l("Nama komponen"), [MaxLength(80)])
    weight = NumberField(_l("Bobot (persen)"))
    content_types = CheckboxesField(_l("Jenis konten yang dihitung"))
    channel_kinds = CheckboxesField(_l("Kanal yang dihitung"))
    counts_reposts = BooleanField(_l("Tayang ulang ikut dihitung"))


class SchemeForm(BaseForm):
    """A scheme with its components; saving makes a new version."""

    name = StringField(_l("Nama skema"), [Filled(), MaxLength(120)])
    issuer = StringField(_l("Penerbit"), [MaxLength(120)])
    legal_basis = StringField(_l("Dasar (surat atau peraturan)"), [MaxLength(200)])
    effective_from = ChoiceField(_l("Berlaku mulai"))
    note = StringField(_l("Alasan perubahan"), [MaxLength(300)])
    components = FieldList(FormField(ComponentForm), min_entries=1, max_entries=30)

    def offer(
        self, *, quarters: list[tuple[str, str]], types: list[tuple[str, str]], kinds: list[tuple[str, str]]
    ) -> None:
        """Fill the choices."""
        self.effective_from.choices = quarters
        for row in self.components:
            row.form.content_types.choices = types
            row.form.channel_kinds.choices = kinds

    @property
    def filled(self) -> list[Any]:
        """The rows that have a name."""
        return [row.form for row in self.components if (row.form.label.data or "").strip()]

    def validate_components(self, field: Any) -> None:
        """Each named row needs a weight."""
        for row in self.filled:
            if row.weight.data is None and not row.weight.errors:
                row.weight.errors = [_("Isi bobotnya; 0 bila hanya ditampilkan.")]
                raise ValidationError(_("Ada komponen yang belum berbobot."))


class TargetsForm(BaseForm):
    """Letter and reason shared by the targets of a quarter; the numbers are in ``value-<component>`` fields."""

    letter = StringField(_l("Nomor surat atau dokumen dasar"), [Filled(), MaxLength(200)])
    reason = StringField(_l("Alasan, bila mengubah sasaran yang sudah ditetapkan"), [MaxLength(300)])


class DisputeForm(BaseForm):
    """Why a publication is questioned."""

    reason = TextAreaField(_l("Apa yang dipertanyakan?"), [Filled(), MaxLength(1000)])


class VerifyForm(BaseForm):
    """An optional note with a confirmation."""

    note = StringField(_l("Catatan"), [MaxLength(300)])
