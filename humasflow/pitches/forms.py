"""Sending, completing and deciding: shape and wording only."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    int_or_none,
)
from humasflow.media.services import Refusal
from humasflow.orgs.models import Unit
from humasflow.pitches.services import PitchContent
from humasflow.planning.models import ContentType

QUICK_REASONS = (
    _l("Sudah ada naskah tentang kegiatan yang sama."),
    _l("Belum cukup bernilai berita untuk masyarakat."),
    _l("Fotonya belum cukup jelas untuk ditayangkan."),
    _l("Masih menunggu izin pimpinan atau pihak terkait."),
    _l("Kegiatannya sudah lama berlalu."),
)


def _quick_choices() -> list[tuple[str, str]]:
    return [(str(n), str(text)) for n, text in enumerate(QUICK_REASONS)]


class PitchForm(BaseForm):
    """An idea. Only the title is required."""

    title = StringField(
        _l("Apa yang terjadi?"),
        [Filled(_l("Tuliskan dahulu apa yang terjadi, cukup satu kalimat.")), MaxLength(200)],
    )
    what = TextAreaField(_l("Ceritakan singkat"), [MaxLength(10_000)])
    happened_on = LocalDateField(_l("Tanggal"), [Optional()])
    happened_at = LocalTimeField(_l("Jam"), [Optional()])
    place = StringField(_l("Tempat"), [MaxLength(200)])
    people = StringField(_l("Siapa saja yang terlibat"), [MaxLength(300)])
    photos = MultipleFileField(_l("Foto dari galeri"))
    camera = MultipleFileField(_l("Ambil foto sekarang"))

    def refuse_photos(self, refusals: Iterable[Refusal]) -> None:
        """Name each file that was not taken, with its reason, beside the field."""
        for refusal in refusals:
            self.fail(self.photos, _("“%(name)s”: %(why)s", name=refusal.filename, why=refusal.message))

    @property
    def content(self) -> PitchContent:
        """What was typed, once the form is valid."""
        return PitchContent(
            title=self.title.data or "", what=self.what.data or "", happened_on=self.happened_on.data,
            happened_at=self.happened_at.data, place=self.place.data or "", people=self.people.data or "",
        )  # fmt: skip


class AcceptForm(BaseForm):
    """A new story of a pitch."""

    title = StringField(_l("Judul naskah"), [Filled(), MaxLength(200)])
    content_type_id = ChoiceField(_l("Jenis konten"), coerce=int_or_none)
    section_id = ChoiceField(_l("Seksi"), coerce=int_or_none)

    def offer(self, content_types: Iterable[ContentType], sections: Iterable[Unit]) -> None:
        """Fill the lists."""
        self.content_type_id.choices = [(t.id, t.label) for t in content_types]
        self.section_id.choices = [("", _("Tanpa seksi")), *((s.id, s.short_name) for s in sections)]


class JoinForm(BaseForm):
    """An open story for the pitch to join. The list is shown by the page; which ones fit, the service knows."""

    story_id = RadioField(_l("Naskah"), coerce=int_or_none, validate_choice=False)

    def validate_story_id(self, field: RadioField) -> None:
        """One has to be chosen."""
        if field.data is None or not 0 < field.data < 2**63:
            field.errors = [_("Pilih naskah yang akan digabungi.")]  # in place of the library's own words


class ParkForm(BaseForm):
    """Keep it for later, with a note if there is something to say."""

    reason = TextAreaField(_l("Catatan untuk pengusul"), [MaxLength(1000)], id="park-reason")


class RejectForm(BaseForm):
    """Say no, and why. A frequent reason can be picked and added to."""

    quick = RadioField(_l("Alasan yang sering"), choices=_quick_choices, validate_choice=False)
    reason = TextAreaField(_l("Alasan dengan kata sendiri"), [MaxLength(1000)], id="reject-reason")

    @property
    def chosen_reason(self) -> str:
        """The picked reason, then what was typed."""
        picked = dict(_quick_choices()).get(self.quick.data or "", "")
        return f"{picked} {self.reason.data or ''}".strip()

    def validate_reason(self, field: TextAreaField) -> None:
        """Either way, there must be one."""
        if not self.chosen_reason:
            raise ValidationError(_("Pilih atau tuliskan alasannya, supaya pengusul tahu mengapa."))
