"""Asking for a code, and typing it."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField

from humasflow.core.forms import BaseForm, Filled, MaxLength


class AskCodeForm(BaseForm):
    """To which address."""

    email = EmailField(_l("Alamat surel"), [Filled(_l("Tulis alamat surel Anda.")), MaxLength(254)])


class CodeForm(BaseForm):
    """The six digits."""

    code = StringField(
        _l("Kode dari surel"),
        [Filled(_l("Ketik kode enam angka dari surel.")), MaxLength(20)],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
