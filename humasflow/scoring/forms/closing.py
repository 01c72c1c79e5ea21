"""Forms about closing a period, opening it again, and adjusting what was closed."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, NumberField, required


class SignForm(BaseForm):
    """The signature under a period. The answers are in ``answer-<code>`` fields."""

    agreed = BooleanField(
        _l("Saya sudah memeriksa daftar di atas dan menandatangani hasil ini."),
        [InputRequired(_l("Centang pernyataan ini untuk menandatangani."))],
    )
    password = PasswordField(_l("Kata sandi Anda"))


class ReopenForm(BaseForm):
    """Why a signed period is opened again."""

    reason = TextAreaField(_l("Alasan membuka kembali"), [Filled(_l("Tuliskan alasannya.")), MaxLength(1000)])


class AdjustmentForm(BaseForm):
    """A correction of what was closed, booked in the open period."""

    component = ChoiceField(_l("Komponen"), [required()])
    adjusts = ChoiceField(_l("Untuk periode"))
    quantity = NumberField(_l("Tambah atau kurangi"), [required()])
    reason = TextAreaField(_l("Alasan"), [Filled(_l("Tuliskan alasannya.")), MaxLength(1000)])
    document = StringField(_l("Nomor surat atau dokumen"), [MaxLength(200)])

    def offer(self, *, components: list[tuple[str, str]], closed: list[tuple[str, str]]) -> None:
        """Fill the choices of this moment: what can be adjusted, and the closed periods it may be about."""
        self.component.choices = [SelectChoice(key, label) for key, label in components]
        offered = [*closed, ("", _("Bukan tentang periode yang ditutup"))]
        self.adjusts.choices = [SelectChoice(key, label) for key, label in offered]
