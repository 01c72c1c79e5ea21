"""What people type about a publication."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from humasflow.core.forms import BaseForm, Filled, LocalDateField, LocalTimeField, MaxLength, required


class MarkLiveForm(BaseForm):
    """Tandai tayang. Date and time are on the office's clock."""

    url = StringField(
        _l("Tautan unggahan"), [Filled(_l("Tempel tautan unggahannya di sini.")), MaxLength(1000)]
    )
    confirmed = BooleanField(_l("Tautan ini benar, catat saja"))
    published_on = LocalDateField(_l("Tanggal tayang"), [required(_l("Isi tanggal tayangnya."))])
    published_time = LocalTimeField(_l("Jam tayang"), [required(_l("Isi jam tayangnya."))])
    note = TextAreaField(_l("Catatan"), [MaxLength(1000)])


class EvidenceForm(BaseForm):
    """A further row of evidence."""

    url = StringField(
        _l("Tautan unggahan"), [Filled(_l("Tempel tautan unggahannya di sini.")), MaxLength(1000)]
    )
    confirmed = BooleanField(_l("Tautan ini benar, catat saja"))
    note = TextAreaField(_l("Catatan"), [MaxLength(1000)])


class CorrectedForm(BaseForm):
    """A live post was corrected on its channel. ``version``: of the story, which the person had before them."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    note = TextAreaField(_l("Catatan"), [MaxLength(1000)])


class RemovedForm(BaseForm):
    """A post that was to come down is gone from its channel."""

    note = TextAreaField(_l("Catatan"), [MaxLength(1000)])


class CancelForm(BaseForm):
    """Why a publication does not come. Needed once it came due; the service says so."""

    reason = TextAreaField(_l("Alasan"), [MaxLength(1000)])


class RetractForm(BaseForm):
    """Why a live publication is taken down, and whether a person has removed it where only people can."""

    reason = TextAreaField(_l("Alasan"), [Filled(_l("Tuliskan alasannya.")), MaxLength(1000)])
    removed_by_hand = BooleanField(_l("Unggahannya sudah saya hapus di kanal"))
