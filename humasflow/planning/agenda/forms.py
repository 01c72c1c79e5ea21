"""Forms of the agenda: shape and wording only."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
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
    WholeNumberField,
    int_or_none,
    required,
)
from humasflow.core.localtime import from_local, show_date, to_local
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import EventNeed, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import Occurrence
from humasflow.planning.agenda.recurrence import MAX_COUNT, MAX_INTERVAL, parse_rule
from humasflow.planning.agenda.repeating import Repeat, picked, rule_for, until_day
from humasflow.planning.agenda.services import EventContent
from humasflow.planning.campaigns.models import Campaign

NINE = time(9)  # when a new event begins unless somebody says otherwise
_HOUR = timedelta(hours=1)


class _Several(SelectMultipleField):
    """Check boxes; what was not offered is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What cannot even be a choice is refused in the same words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        offered = {choice[0] for choice in self.choices or ()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))


class ExtentForm(BaseForm):
    """How much of a repeating event it is about."""

    extent = RadioField(_l("Berlaku untuk"), [Optional()], default=Extent.ONE.value)
    row_version = IntegerField(validators=[Optional()])

    def offer_extents(self, *, repeats: bool) -> None:
        """An event that does not repeat is not asked about."""
        self.extent.choices = [(e.value, e.label) for e in Extent]
        if not repeats:
            del self.extent

    @property
    def chosen_extent(self) -> Extent:
        """All of an event that does not repeat."""
        return Extent(self.extent.data or Extent.ONE) if "extent" in self else Extent.ALL


class AddForm(BaseForm):
    """What the office adds to an event that another calendar keeps."""

    needs = _Several(_l("Yang perlu dibawa pulang humas"))
    section_id = ChoiceField(_l("Seksi"), [Optional()], coerce=int_or_none)
    campaign_id = ChoiceField(_l("Kampanye"), [Optional()], coerce=int_or_none)
    row_version = IntegerField(validators=[Optional()])

    def offer(
        self, sections: Sequence[Unit], campaigns: Sequence[Campaign], *, event: AgendaEvent | None = None
    ) -> None:
        """Fill the choices."""
        _offer_filing(self, sections, campaigns)

    def show(self, event: AgendaEvent) -> None:
        """Fill in the event as it stands."""
        self.needs.data, self.section_id.data = list(event.needs), event.section_id
        self.campaign_id.data, self.row_version.data = event.campaign_id, event.row_version

    @property
    def chosen_needs(self) -> list[EventNeed]:
        """What was ticked."""
        return [EventNeed(n) for n in self.needs.data or ()]


class EventForm(ExtentForm):
    """An event of the agenda."""

    title = StringField(_l("Nama agenda"), [Filled(_l("Tulis nama agendanya.")), MaxLength(200)])
    all_day = BooleanField(_l("Sepanjang hari"))
    starts_on = LocalDateField(_l("Hari"), [required(_l("Isi harinya."))])
    starts_time = LocalTimeField(_l("Mulai pukul"), [Optional()])
    ends_on = LocalDateField(_l("Sampai hari"), [Optional()])
    ends_time = LocalTimeField(_l("Selesai pukul"), [Optional()])
    place = StringField(_l("Tempat"), [MaxLength(200)])
    organizer = StringField(_l("Penyelenggara"), [MaxLength(200)])
    description = TextAreaField(_l("Keterangan"), [MaxLength(20_000)])
    needs = _Several(_l("Yang perlu dibawa pulang humas"))
    section_id = ChoiceField(_l("Seksi"), [Optional()], coerce=int_or_none)
    campaign_id = ChoiceField(_l("Kampanye"), [Optional()], coerce=int_or_none)
    repeat = ChoiceField(_l("Pengulangan"), [Optional()])
    interval = WholeNumberField(_l("Setiap berapa kali"), [Optional()], minimum=1, maximum=MAX_INTERVAL)
    weekdays = _Several(_l("Pada hari"), coerce=int)
    until_on = LocalDateField(_l("Sampai tanggal"), [Optional()])
    count = WholeNumberField(_l("Atau berapa kali"), [Optional()], minimum=1, maximum=MAX_COUNT)

    def offer(
        self, sections: Sequence[Unit], campaigns: Sequence[Campaign], *, event: AgendaEvent | None = None
    ) -> None:
        """Fill the choices. An event's own rule that the form has no words for can be kept."""
        self.offer_extents(repeats=event is not None and bool(event.rule))
        _offer_filing(self, sections, campaigns)
        self.weekdays.choices = [
            (n, show_date(date(2024, 1, 1) + timedelta(days=n), style="EEEE")) for n in range(7)
        ]
        kept = event is not None and event.rule != "" and _picked(event) is Repeat.KEPT
        self.repeat.choices = [SelectChoice(r.value, r.label) for r in Repeat if r is not Repeat.KEPT or kept]

    def show(self, event: AgendaEvent, shown: Occurrence) -> None:
        """Fill in an occurrence as it stands."""
        start, end = to_local(shown.starts_at, event.zone), to_local(shown.ends_at, event.zone)
        last = end.date() - timedelta(days=1) if event.all_day else end.date()
        self.title.data, self.place.data, self.all_day.data = shown.title, shown.place, event.all_day
        self.organizer.data, self.description.data = event.organizer, event.description
        self.starts_on.data, self.ends_on.data = start.date(), last if last != start.date() else None
        if not event.all_day:
            self.starts_time.data, self.ends_time.data = start.time(), end.time()
        self.needs.data = [n.value for n in shown.needs]
        self.section_id.data, self.campaign_id.data = event.section_id, event.campaign_id
        self.row_version.data = event.row_version
        if event.rule:
            rule = parse_rule(event.rule)
            self.repeat.data, self.interval.data = _picked(event).value, rule.interval
            self.weekdays.data = [d.day for d in rule.by_day if not d.nth]
            self.until_on.data, self.count.data = until_day(rule, event.zone), rule.count

    def validate_ends_on(self, _field: Any) -> None:
        """Hours that go on into another day end there at some hour."""
        is_timed = self.starts_time.data is not None and not self.all_day.data
        if (
            is_timed
            and self.ends_on.data not in (None, self.starts_on.data)
            and not any(self.ends_time.raw_data or ())
        ):
            raise ValidationError(_("Isi juga jam selesainya, atau kosongkan hari ini."))

    def validate_ends_time(self, _field: Any) -> None:
        """What ends at some hour begins at one."""
        if (
            self.ends_time.data is not None
            and not self.all_day.data
            and not any(self.starts_time.raw_data or ())
        ):
            raise ValidationError(_("Isi juga jam mulainya, atau kosongkan jam selesainya."))

    def content(self, zone: str, event: AgendaEvent | None = None) -> EventContent:
        """What was filled in, on the clock of the zone; call after validation. Without an end it takes an hour."""
        first = self.starts_on.data
        if first is None:
            raise ValueError("the form was not validated")
        all_day = bool(self.all_day.data) or self.starts_time.data is None
        last = self.ends_on.data or first
        if all_day:
            start, end = from_local(first, time(), zone), from_local(last + timedelta(days=1), time(), zone)
        else:
            start = from_local(first, self.starts_time.data or time(), zone)
            end = from_local(last, self.ends_time.data, zone) if self.ends_time.data else start + _HOUR
        return EventContent(
            title=self.title.data or "", starts_at=start, ends_at=end, all_day=all_day, place=self.place.data or "",
            description=self.description.data or "", organizer=self.organizer.data or "",
            rule=self._rule(first, zone, event), needs=[EventNeed(n) for n in self.needs.data or ()],
            section_id=self.section_id.data, campaign_id=self.campaign_id.data,
        )  # fmt: skip

    def _rule(self, first: date, zone: str, event: AgendaEvent | None) -> str:
        """The rule that was picked; the event's own where nothing about it was touched."""
        repeat = Repeat(self.repeat.data or "")
        if event is not None and event.rule and (repeat is Repeat.KEPT or self._untouched(event)):
            return event.rule
        return rule_for(
            repeat, first, interval=self.interval.data or 1, weekdays=tuple(sorted(self.weekdays.data or ())),
            until=self.until_on.data, count=self.count.data,
        )  # fmt: skip

    def _untouched(self, event: AgendaEvent) -> bool:
        rule = parse_rule(event.rule)
        days = sorted(d.day for d in rule.by_day if not d.nth)
        return (
            self.repeat.data == _picked(event).value
            and (self.interval.data or 1) == rule.interval
            and (sorted(self.weekdays.data or ()) == days or rule.freq != "WEEKLY")
            and self.until_on.data == until_day(rule, event.zone)
            and self.count.data == rule.count
        )


class SettleForm(ExtentForm):
    """Cancel, postpone, restore or remove."""

    reason = StringField(_l("Alasan"), [MaxLength(300)])
    starts_on = LocalDateField(_l("Hari baru"), [Optional()])
    starts_time = LocalTimeField(_l("Jam baru"), [Optional()])

    def new_start(self, shown: Occurrence) -> datetime | None:
        """The new time, at the old clock time unless another is given; None when no day is."""
        if self.starts_on.data is None:
            return None
        clock_time = self.starts_time.data or to_local(shown.starts_at, shown.zone).time()
        return from_local(self.starts_on.data, clock_time, shown.zone)


def _offer_filing(form: Any, sections: Sequence[Unit], campaigns: Sequence[Campaign]) -> None:
    form.needs.choices = [(n.value, n.label) for n in EventNeed]
    form.section_id.choices = [
        SelectChoice("", _("Seluruh kantor")), *(SelectChoice(s.id, s.name) for s in sections)
    ]  # fmt: skip
    form.campaign_id.choices = [
        SelectChoice("", _("Tanpa kampanye")), *(SelectChoice(c.id, c.name) for c in campaigns)
    ]  # fmt: skip


def _picked(event: AgendaEvent) -> Repeat:
    return picked(parse_rule(event.rule), to_local(event.starts_at, event.zone).date())
