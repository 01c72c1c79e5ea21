"""What can be said when something is put on a day. Only the title is required, and not even that with a pitch."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.calendar.adding.services import Place
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    Optional,
    int_or_none,
    required,
)


class AddForm(BaseForm):
    """A title, a day, and whatever is known already."""

    title = StringField(_l("Judul naskah"), [MaxLength(200)])
    day = LocalDateField(_l("Tanggal"), [required(_l("Pilih tanggalnya."))])
    time = LocalTimeField(_l("Jam"), [Optional()])
    account_id = ChoiceField(_l("Kanal"), [Optional()], coerce=int_or_none)
    content_type_id = ChoiceField(_l("Jenis konten"), [Optional()], coerce=int_or_none)
    pillar_id = ChoiceField(_l("Pilar"), [Optional()], coerce=int_or_none)
    campaign_id = ChoiceField(_l("Kampanye"), [Optional()], coerce=int_or_none)
    section_id = ChoiceField(_l("Seksi"), [Optional()], coerce=int_or_none)

    def offer(
        self,
        *,
        accounts: Sequence[Any],
        types: Sequence[Any],
        pillars: Sequence[Any],
        campaigns: Sequence[Any],
        sections: Sequence[Any],
    ) -> None:
        """What the office has in use."""
        self.account_id.choices = _choices(_("Belum ditentukan"), accounts, "name")
        self.content_type_id.choices = [SelectChoice(t.id, t.label) for t in types]
        self.pillar_id.choices = _choices(_("Tanpa pilar"), pillars, "name")
        self.campaign_id.choices = _choices(_("Tanpa kampanye"), campaigns, "name")
        self.section_id.choices = _choices(_("Tanpa seksi"), sections, "name")

    def begin_with(self, field: ChoiceField, wanted: Sequence[int]) -> None:
        """Choose the one that is wanted, or the only one there is; among several nothing is guessed."""
        offered = [value for value, *_rest in field.iter_choices() if value]
        known = [ident for ident in wanted if ident in offered] if wanted else offered
        field.data = known[0] if len(known) == 1 else None

    def place(self) -> Place:
        """Where it goes. Call after validation."""
        if self.day.data is None:
            raise ValueError("an invalid form has no place")
        return Place(
            day=self.day.data, clock_time=self.time.data, account_id=self.account_id.data,
            content_type_id=self.content_type_id.data, section_id=self.section_id.data,
            pillar_id=self.pillar_id.data, campaign_id=self.campaign_id.data,
        )  # fmt: skip


def _choices(nothing: str, offered: Sequence[Any], name: str) -> list[SelectChoice]:
    return [SelectChoice("", nothing), *[SelectChoice(o.id, getattr(o, name)) for o in offered]]
