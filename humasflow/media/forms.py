"""Uploading, describing, permitting."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, StringField, TextAreaField

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    LocalDateField,
    MaxLength,
    WholeNumberField,
    required,
)
from humasflow.media.enums import ConsentKind


class UploadForm(BaseForm):
    """Several photos at once."""

    photos = MultipleFileField(_l("Foto"))


class DescribeForm(BaseForm):
    """What a reader, and somebody who cannot see it, should know about a picture."""

    credit = StringField(_l("Kredit"), [MaxLength(120)])
    alt_text = TextAreaField(_l("Teks alternatif"), [MaxLength(1000)])
    caption = TextAreaField(_l("Keterangan"), [MaxLength(2000)])


class DescribeManyForm(BaseForm):
    """One credit and one caption for several files."""

    credit = StringField(_l("Kredit"), [MaxLength(120)])
    caption = TextAreaField(_l("Keterangan"), [MaxLength(2000)])
    overwrite = BooleanField(_l("Ganti juga yang sudah terisi"))


class FocusForm(BaseForm):
    """The focal point, in per cent of the sides."""

    focal_x = WholeNumberField(_l("Dari kiri, persen"), [required()], minimum=0, maximum=100)
    focal_y = WholeNumberField(_l("Dari atas, persen"), [required()], minimum=0, maximum=100)


class ConsentForm(BaseForm):
    """One person who can be recognised."""

    person = StringField(_l("Siapa"), [Filled(), MaxLength(200)])
    kind = ChoiceField(_l("Bentuk izin"), [required()])
    given_on = LocalDateField(_l("Tanggal izin"), [required()])
    expires_on = LocalDateField(_l("Berlaku sampai"))
    document_id = ChoiceField(
        _l("Bukti izin"), coerce=lambda v: int(v) if v not in (None, "", "None") else None
    )
    note = TextAreaField(_l("Catatan"), [MaxLength(2000)])

    def offer(self, today: date, documents: list[tuple[int, str]]) -> None:
        """The choices of this moment."""
        self.kind.choices = [(k.value, k.label) for k in ConsentKind]
        self.document_id.choices = [("", str(_l("Belum ada"))), *documents]
        if not self.is_submitted():
            self.given_on.data = today


class RenewForm(BaseForm):
    """A consent given again."""

    given_on = LocalDateField(_l("Tanggal izin"), [required()])
    expires_on = LocalDateField(_l("Berlaku sampai"))


class NoteForm(BaseForm):
    """Why, or what was done."""

    note = TextAreaField(_l("Catatan"), [Filled(), MaxLength(2000)])
