"""The form that takes a list."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField

from humasflow.core.forms import BaseForm, MaxLength


class PublicationListForm(BaseForm):
    """A CSV file, who vouches for it, and what to do about bad rows."""

    file = FileField(_l("File CSV"), [FileRequired(_l("Pilih file CSV-nya."))])
    vouched = BooleanField(
        _l("Saya sudah mencocokkan daftar ini; catat sebagai terverifikasi atas nama saya")
    )
    document = StringField(_l("Dokumen dasar"), [MaxLength(200)])
    all_or_nothing = BooleanField(_l("Jangan catat apa pun bila ada baris yang perlu diperbaiki"))
