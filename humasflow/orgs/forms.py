"""Forms about an office and its sections: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, Optional, required
from humasflow.core.localtime import ZONE_LABELS
from humasflow.orgs.enums import OfficeKind


class OfficeForm(BaseForm):
    """An office as its admin sets it."""

    name = StringField(_l("Nama kantor"), [Filled(_l("Tulis nama kantor.")), MaxLength(200)])
    short_name = StringField(_l("Nama singkat"), [Filled(_l("Tulis nama singkat kantor.")), MaxLength(60)])
    office_kind = ChoiceField(_l("Jenis kantor"), [required(_l("Pilih jenis kantor."))])
    timezone = ChoiceField(
        _l("Zona waktu"), [required(_l("Pilih zona waktu kantor: WIB, WITA, atau WIT."))],
        choices=[SelectChoice(name, label) for name, label in ZONE_LABELS.items()],
    )  # fmt: skip
    four_eyes = BooleanField(_l("Penulis tidak menyetujui naskahnya sendiri"))
    row_version = IntegerField(validators=[Optional()])

    def offer(self) -> None:
        """Word the choices in the reader's language."""
        self.office_kind.choices = [SelectChoice(k.value, k.label) for k in OfficeKind]


class SectionForm(BaseForm):
    """A section: its name and how lists call it."""

    name = StringField(_l("Nama seksi"), [Filled(_l("Tulis nama seksi.")), MaxLength(200)])
    short_name = StringField(_l("Nama singkat"), [MaxLength(60)])
    row_version = IntegerField(validators=[Optional()])
