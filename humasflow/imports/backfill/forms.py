"""Where to read, what to record, and a date that a source did not tell."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.core.forms import BaseForm, LocalDateField, LocalTimeField, MaxLength, Optional, required
from humasflow.imports.backfill.enums import Source


class _SourceField(RadioField):
    """One of the sources; the refusal of anything else is in our words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse values that were not offered."""
        if self.data not in {s.value for s in Source}:
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))


class SourceForm(BaseForm):
    """A site, a feed or an export file."""

    source = _SourceField(_l("Dari mana?"), default=Source.WORDPRESS.value)
    address = StringField(_l("Alamat situs atau umpan"), [MaxLength(2000)])
    file = FileField(_l("Berkas ekspor WordPress (.xml)"))
    other_types = BooleanField(
        _l("Ambil juga jenis tulisan lain di WordPress, misalnya pengumuman atau agenda")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source.choices = [SelectChoice(s.value, s.label) for s in Source]


class RecordForm(BaseForm):
    """What is recorded. The categories are fields of the page itself."""

    account = StringField(_l("Akun kanal"), [required(_l("Pilih akun kanalnya."))])
    since = LocalDateField(_l("Tayang mulai"), [Optional()])
    until = LocalDateField(_l("Tayang sampai"), [Optional()])
    with_pictures = BooleanField(_l("Ambil juga gambar utamanya"))


class DateForm(BaseForm):
    """When a post went live, on the office's clock."""

    day = LocalDateField(_l("Tanggal tayang"), [required(_l("Isi tanggal tayangnya."))])
    at = LocalTimeField(_l("Jam"), [Optional()])
