"""The form of a day: shape and wording only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField

from humasflow.core.forms import BaseForm, Filled, LocalDateField, MaxLength, Optional, required
from humasflow.planning.days.models import SpecialDay
from humasflow.planning.days.services import NAME_LENGTH, DayContent


class DayForm(BaseForm):
    """A name, a date, the last one if it takes several, and whether it comes back every year."""

    name = StringField(_l("Nama hari"), [Filled(_l("Tulis nama harinya.")), MaxLength(NAME_LENGTH)])
    on = LocalDateField(_l("Tanggal"), [required(_l("Pilih tanggalnya."))])
    until = LocalDateField(_l("Hari terakhir"), [Optional()])
    yearly = BooleanField(_l("Berulang tiap tahun"))
    row_version = IntegerField(validators=[Optional()])

    @property
    def content(self) -> DayContent:
        """What was typed, once the form is valid."""
        on = self.on.data
        if on is None:
            raise ValueError("the form was not valid")
        lasts = (self.until.data - on).days + 1 if self.until.data is not None else 1
        return DayContent(
            self.name.data or "", on.month, on.day, None if self.yearly.data else on.year, lasts
        )


def next_date(row: SpecialDay, today: date) -> date:
    """Where the day stands, or next begins if it comes every year: 29 February waits for a leap year."""
    if row.year is not None:
        return date(row.year, row.month, row.day)
    for year in range(today.year, today.year + 9):
        try:
            day = date(year, row.month, row.day)
        except ValueError:
            continue
        if day >= today:
            return day
    raise ValueError(f"special day {row.id} never comes")
