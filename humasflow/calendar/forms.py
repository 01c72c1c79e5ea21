"""Giving a post a time."""

from flask_babel import lazy_gettext as _l

from humasflow.core.forms import BaseForm, LocalDateField, LocalTimeField, required


class ScheduleForm(BaseForm):
    """A day and a time on the office's clock."""

    day = LocalDateField(_l("Tanggal"), [required(_l("Pilih tanggalnya."))])
    time = LocalTimeField(_l("Jam"), [required(_l("Isi jamnya."))])
