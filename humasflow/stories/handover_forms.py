"""Forms about what goes between offices: shape and wording only."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, int_or_none
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType, Pillar


class HandOverForm(BaseForm):
    """To which offices, and a word with it."""

    office_ids = SelectMultipleField(
        _l("Kantor tujuan"), coerce=int, widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )  # fmt: skip
    everyone = BooleanField(_l("Semua kantor di bawah"))
    note = TextAreaField(_l("Pesan"), [MaxLength(300)])

    def offer(self, above: Sequence[Unit], below: Sequence[Unit]) -> None:
        """Fill the choices: the offices on the way up, then those below."""
        self.above, self.below = {o.id for o in above}, {o.id for o in below}
        self.office_ids.choices = [(o.id, o.name) for o in (*above, *below)]

    def chosen(self) -> list[int]:
        """The offices by number, each once."""
        ticked = self.office_ids.data or []
        return list(dict.fromkeys([*ticked, *(sorted(self.below) if self.everyone.data else ())]))


class TakeForm(BaseForm):
    """Where the new story is filed."""

    content_type_id = ChoiceField(
        _l("Jenis konten"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    section_id = ChoiceField(_l("Seksi"), coerce=int_or_none)
    pillar_id = ChoiceField(_l("Pilar konten"), coerce=int_or_none)

    def offer(
        self, types: Sequence[ContentType], sections: Sequence[Unit], pillars: Sequence[Pillar]
    ) -> None:
        """Fill the choices."""
        self.content_type_id.choices = [(t.id, t.label) for t in types]
        self.section_id.choices = [("", _("Tanpa seksi")), *((s.id, s.name) for s in sections)]
        self.pillar_id.choices = [("", _("Tanpa pilar")), *((p.id, p.name) for p in pillars)]


class ReleaseForm(BaseForm):
    """A release from another agency: typed, pasted, or a Word file."""

    agency = StringField(
        _l("Instansi pengirim"), [Filled(_l("Sebutkan instansi pengirimnya.")), MaxLength(110)]
    )
    letter = StringField(_l("Nomor surat"), [MaxLength(70)])
    content_type_id = ChoiceField(
        _l("Jenis konten"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    title = StringField(_l("Judul"), [MaxLength(200)])
    body = TextAreaField(_l("Isi rilis"), [MaxLength(600_000)])
    document = FileField(_l("Dokumen Word (.docx)"))

    def offer(self, types: Sequence[ContentType]) -> None:
        """Fill the choices."""
        self.content_type_id.choices = [(t.id, t.label) for t in types]

    @property
    def file(self) -> Any:
        """The Word file; None when none was chosen."""
        return self.document.data if self.document.data and self.document.data.filename else None

    def validate(self, extra_validators: Any = None) -> bool:
        """A title and a text are needed unless a file brings them."""
        fine = bool(super().validate(extra_validators))
        if not self.file and not self.title.data:
            self.fail(self.title, _("Beri rilis ini judul, atau pilih dokumen Word."))
            fine = False
        if not self.file and not self.body.data:
            self.fail(self.body, _("Tempel isi rilisnya, atau pilih dokumen Word."))
            fine = False
        return fine
