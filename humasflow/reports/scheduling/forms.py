"""The form of a schedule: shape and wording only."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from humasflow.accounts.models import User
from humasflow.core.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    EmailShape,
    Filled,
    MaxLength,
    WholeNumberField,
    int_or_none,
)
from humasflow.orgs.models import Unit
from humasflow.reports.enums import ReportFormat, ReportScope
from humasflow.reports.scheduling.enums import Rhythm
from humasflow.reports.scheduling.models import ReportSchedule
from humasflow.reports.scheduling.rhythm import LAST_DAY
from humasflow.reports.scheduling.services import ScheduleContent
from humasflow.reports.scheduling.services.saving import TITLE_LENGTH

WEEKDAYS = (_l("Senin"), _l("Selasa"), _l("Rabu"), _l("Kamis"), _l("Jumat"), _l("Sabtu"), _l("Minggu"))
_SEPARATORS = re.compile(r"[\s,;]+")
_MAIL_LIMIT = 4000


class TicksField(CheckboxesField):
    """Check boxes whose refusal is in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A value that cannot even be one of the choices is refused in the same words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse values that were not offered."""
        known = {choice[0] for choice in self.choices or ()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))


class ScheduleForm(BaseForm):
    """What is reported, how often, and who gets it."""

    title = StringField(_l("Nama jadwal"), [Filled(_l("Beri nama jadwal ini.")), MaxLength(TITLE_LENGTH)])
    about = ChoiceField(_l("Tentang"), default="office")
    formats = TicksField(_l("Bentuk berkas"), default=[ReportFormat.PDF.value])
    rhythm = ChoiceField(_l("Seberapa sering"), default=Rhythm.QUARTERLY.value)
    weekday = ChoiceField(_l("Bila mingguan: setiap hari"), coerce=int_or_none, default=1)
    month_day = WholeNumberField(
        _l("Bila bulanan: tanggal"), minimum=1, maximum=LAST_DAY[Rhythm.MONTHLY], default=1
    )
    after = WholeNumberField(
        _l("Bila triwulanan: hari ke- sesudah triwulan berakhir"),
        minimum=1, maximum=LAST_DAY[Rhythm.QUARTERLY], default=5,
    )  # fmt: skip
    hour = ChoiceField(_l("Pukul"), coerce=int_or_none, default=7)
    people = TicksField(_l("Penerima di kantor"), coerce=int)
    addresses = TextAreaField(_l("Alamat surel di luar kantor"), [MaxLength(_MAIL_LIMIT)])
    confirms = BooleanField(
        _l("Saya, admin kantor, membolehkan laporan ini dikirim ke alamat di luar kantor")
    )
    row_version = HiddenField()

    def offer(self, *, sections: Sequence[Unit], people: Sequence[User], readers: Sequence[User]) -> None:
        """Fill the lists. ``readers``: who may receive; ``people``: about whom a report can be."""
        choices: dict[str, list[tuple[str, str]]] = {str(_("Kantor")): [("office", str(_("Seluruh kantor")))]}
        if sections:
            choices[str(_("Seksi"))] = [(f"section:{s.id}", s.name) for s in sections]
        if people:
            choices[str(_("Pegawai"))] = [(f"person:{p.id}", p.name) for p in people]
        self.about.choices = choices
        self.formats.choices = [(form.value, form.label) for form in ReportFormat]
        self.rhythm.choices = [(one.value, one.label) for one in Rhythm]
        self.weekday.choices = [(number, str(name)) for number, name in enumerate(WEEKDAYS, start=1)]
        self.hour.choices = [(hour, f"{hour:02}.00") for hour in range(24)]
        self.people.choices = [(person.id, f"{person.name} ({person.email})") for person in readers]

    def show(self, schedule: ReportSchedule) -> None:
        """Fill the form with what is stored."""
        self.title.data = schedule.title
        self.about.data = (
            "office" if schedule.subject_id is None else f"{schedule.scope.value}:{schedule.subject_id}"
        )
        self.formats.data = list(schedule.formats)
        self.rhythm.data = schedule.rhythm.value
        day_field = self._day_field(schedule.rhythm)
        if day_field is not None:
            day_field.data = schedule.day
        self.hour.data = schedule.hour
        self.people.data = [one.user_id for one in schedule.recipients if one.user_id]
        self.addresses.data = "\n".join(one.address for one in schedule.recipients if one.address)
        self.row_version.data = str(schedule.row_version)

    @property
    def expected_version(self) -> int | None:
        """The version it was opened with; one that is no number fits none."""
        text = str(self.row_version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def content(self) -> ScheduleContent:
        """What was decided. Call it after validation."""
        kind, _colon, number = (self.about.data or "office").partition(":")
        rhythm = Rhythm(self.rhythm.data)
        day_field = self._day_field(rhythm)
        return ScheduleContent(
            title=" ".join((self.title.data or "").split()), scope=ReportScope(kind),
            subject_id=int(number) if number else None,
            formats=tuple(form for form in ReportFormat if form.value in (self.formats.data or ())), rhythm=rhythm,
            day=1 if day_field is None else day_field.data or 0, hour=7 if self.hour.data is None else self.hour.data,
            user_ids=tuple(self.people.data or ()), addresses=tuple(self.listed),
            confirms="confirms" in self and bool(self.confirms.data),
        )  # fmt: skip

    @property
    def listed(self) -> list[str]:
        """The addresses, in lower case, each once."""
        found = (one.lower() for one in _SEPARATORS.split(self.addresses.data or "") if one)
        return list(dict.fromkeys(found))

    def validate_addresses(self, field: Any) -> None:
        """Each of them looks like one."""
        for one in self.listed:
            if len(one) > 254 or not EmailShape.pattern.match(one) or not one.isascii():
                self.fail(field, _("“%(text)s” bukan alamat surel yang lengkap.", text=one[:60]))

    def place(self, name: str) -> Any:
        """The field that the service's answer about ``name`` belongs to."""
        fields = {"user_ids": self.people, "subject_id": self.about, "scope": self.about}
        if name == "day":
            return self._day_field(Rhythm(self.rhythm.data)) or self.rhythm
        return fields.get(name) or getattr(self, name, self.title)

    def _day_field(self, rhythm: Rhythm) -> Any:
        return {
            Rhythm.WEEKLY: self.weekday, Rhythm.MONTHLY: self.month_day, Rhythm.QUARTERLY: self.after,
        }.get(rhythm)  # fmt: skip
