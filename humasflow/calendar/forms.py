"""Giving what stands on the calendar another time."""

from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField

from humasflow.calendar.moving.asking import BadAsk, Where, check_day, read_where
from humasflow.core.forms import BaseForm, LocalDateField, LocalTimeField
from humasflow.planning.agenda.enums import Extent


class MoveForm(BaseForm):
    """Where to: a day, or so many days on from where each stands; a time, or each its own."""

    day = LocalDateField(_l("Tanggal"))
    time = LocalTimeField(_l("Jam"))
    shift = StringField(_l("Atau geser sekian hari"))
    extent = RadioField(_l("Agenda berulang: yang mana?"), default=Extent.ONE.value)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.extent.choices = [(e.value, e.label) for e in Extent]

    def take(self, where: Where) -> None:
        """Show what was chosen by a button instead of what stood in the fields."""
        self.day.data, self.time.data = where.day, where.clock

    def where(self) -> Where:
        """What was asked. Raises BadAsk."""
        if "release" in request.form:
            return Where()
        if self.shift.data:
            return replace(
                read_where({"shift": self.shift.data, "extent": self.extent.data}), clock=self.time.data
            )
        if self.day.data is None:
            raise BadAsk("day", _("Pilih tanggalnya."))
        return Where(check_day(self.day.data), self.time.data, None, Extent(self.extent.data))

    def field_of(self, part: str) -> Field:
        """The field that something is wrong with."""
        return getattr(self, part, self.day)
