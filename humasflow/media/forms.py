"""Uploading and describing."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import StringField, TextAreaField

from humasflow.core.forms import BaseForm, MaxLength

ACCEPTED = "image/jpeg,image/png,image/webp,image/gif"  # what the file picker offers; the bytes decide


class UploadForm(BaseForm):
    """Several photos at once."""

    photos = MultipleFileField(_l("Foto"))


class DescribeForm(BaseForm):
    """What a reader, and somebody who cannot see it, should know about a picture."""

    credit = StringField(_l("Kredit foto"), [MaxLength(120)])
    alt_text = TextAreaField(_l("Teks alternatif"), [MaxLength(1000)])
    caption = TextAreaField(_l("Keterangan"), [MaxLength(2000)])
