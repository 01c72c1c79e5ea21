"""Forms about who sees a story and when it may go out, and about what readers are told afterwards."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.core.forms import BaseForm, LocalDateField, LocalTimeField, MaxLength, required
from humasflow.stories.enums import ChangeKind
from humasflow.stories.services.changes import NOTE_LENGTH, ORDER_LENGTH, ChangeContent


class ReadersForm(BaseForm):
    """Everybody of the office, or named people only."""

    mode = RadioField(
        _l("Siapa yang dapat membaca"),
        choices=[
            SelectChoice("office", _l("Semua yang membaca naskah kantor")),
            SelectChoice("named", _l("Hanya orang yang disebut di bawah ini, sampai tayang")),
        ],
    )
    readers = SelectMultipleField(_l("Orang yang dapat membaca"), coerce=int)


class EmbargoForm(BaseForm):
    """Until when, on the office's clock."""

    day = LocalDateField(_l("Tanggal"), [required(_l("Pilih tanggalnya."))])
    time = LocalTimeField(_l("Jam"), [required(_l("Isi jamnya."))])


class ChangeForm(BaseForm):
    """What goes with a correction: what readers are told, and by whose order it is made."""

    kind = RadioField(
        _l("Jenis perubahan"),
        choices=[
            SelectChoice(ChangeKind.CORRECTION.value, _l("Ralat: ada yang keliru")),
            SelectChoice(ChangeKind.UPDATE.value, _l("Pembaruan: ada kabar lanjutan")),
        ],
        default=ChangeKind.CORRECTION.value,
    )
    public_note = TextAreaField(
        _l("Catatan untuk pembaca"), [required(_l("Tuliskan apa yang berubah.")), MaxLength(NOTE_LENGTH)]
    )
    ordered_by = StringField(_l("Atas perintah atau permintaan"), [MaxLength(ORDER_LENGTH)])

    def content(self) -> ChangeContent:
        """As the services take it."""
        return ChangeContent(
            ChangeKind(self.kind.data), self.public_note.data or "", self.ordered_by.data or ""
        )


class WithdrawForm(BaseForm):
    """Why a story is taken down, and what stands in its place."""

    reason = TextAreaField(_l("Alasan"), [required(_l("Tuliskan alasannya.")), MaxLength(1000)])
    public_note = TextAreaField(_l("Penjelasan untuk pembaca"), [MaxLength(NOTE_LENGTH)])
    ordered_by = StringField(_l("Atas perintah atau permintaan"), [MaxLength(ORDER_LENGTH)])
