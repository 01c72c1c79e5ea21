"""Forms about dividing a publication."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from humasflow.core.forms import BaseForm, LocalDateField, MaxLength, NumberField, required


class AttributionForm(BaseForm):
    """Per cent by part, from when on, and why."""

    pitcher = NumberField(_l("Pengusul"))
    writer = NumberField(_l("Penulis"))
    photographer = NumberField(_l("Fotografer"))
    editor = NumberField(_l("Editor"))
    section = NumberField(_l("Seksi pemilik naskah"))
    effective_from = LocalDateField(_l("Berlaku mulai"), [required()])
    note = StringField(_l("Catatan atau dasar"), [MaxLength(300)])
