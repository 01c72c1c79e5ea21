"""What is asked when an event is covered; who does what is in rows beside it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    Optional,
    int_or_none,
    required,
)
from humasflow.core.localtime import from_local, to_local
from humasflow.orgs.models import Unit

END_OF_DAY = time(16)


class CoverForm(BaseForm):
    """The story, and until when what is wanted."""

    title = StringField(_l("Judul naskah"), [Filled(_l("Judul naskah perlu diisi.")), MaxLength(200)])
    content_type_id = ChoiceField(
        _l("Jenis konten"), [required(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    pillar_id = ChoiceField(_l("Pilar"), [Optional()], coerce=int_or_none)
    due_day = LocalDateField(_l("Tenggat"), [Optional()])
    due_time = LocalTimeField(_l("Jam"), [Optional()])
    brief = TextAreaField(_l("Yang diharapkan"), [MaxLength(4000)])

    def offer(self, types: Sequence[Any], pillars: Sequence[Any]) -> None:
        """What the office has in use."""
        self.content_type_id.choices = [SelectChoice(t.id, t.label) for t in types]
        self.pillar_id.choices = [
            SelectChoice("", _("Tanpa pilar")),
            *[SelectChoice(p.id, p.name) for p in pillars],
        ]

    def due_at(self, office: Unit) -> datetime | None:
        """The instant in UTC; None without a day. Call after validation."""
        if self.due_day.data is None:
            return None
        return from_local(self.due_day.data, self.due_time.data or END_OF_DAY, office.zone_name)

    def show_due(self, at: datetime | None, office: Unit) -> None:
        """Fill the two fields from an instant."""
        if at is not None:
            local = to_local(at, office.zone_name)
            self.due_day.data = local.date()
            self.due_time.data = local.time().replace(second=0, microsecond=0)

    def validate_due_time(self, _field: Any) -> None:
        """A time belongs to a day."""
        if self.due_time.data is not None and self.due_day.data is None and not self.due_day.errors:
            raise ValidationError(_("Isi juga tanggalnya, atau kosongkan jamnya."))
