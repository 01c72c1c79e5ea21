"""What a person types of the numbers they see on the channel."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from humasflow.channels.adapters.base import METRICS
from humasflow.core.forms import (
    BaseForm,
    LocalDateField,
    LocalTimeField,
    MaxLength,
    WholeNumberField,
    required,
)
from humasflow.metrics.wording import NAMES

LARGEST = 999_999_999_999


def _number(name: str) -> Any:
    return WholeNumberField(NAMES[name], [Optional()], minimum=0, maximum=LARGEST)


class NumbersForm(BaseForm):
    """Every number may stay empty: what is not seen is unknown. Date and time are on the office's clock."""

    likes = _number("likes")
    comments = _number("comments")
    shares = _number("shares")
    saves = _number("saves")
    clicks = _number("clicks")
    views = _number("views")
    reach = _number("reach")
    impressions = _number("impressions")
    followers = _number("followers")
    seen_on = LocalDateField(_l("Tanggal dilihat"), [required(_l("Isi tanggal Anda melihatnya."))])
    seen_time = LocalTimeField(_l("Jam dilihat"), [required(_l("Isi jam Anda melihatnya."))])

    def numbers(self) -> dict[str, int | None]:
        """By the names of METRICS."""
        return {name: self[name].data for name in METRICS}


class GridForm(BaseForm):
    """When the numbers of a grid were read, and a place to paste; the cells stand beside it by their own names."""

    seen_on = LocalDateField(_l("Tanggal dilihat"), [required(_l("Isi tanggal Anda melihatnya."))])
    seen_time = LocalTimeField(_l("Jam dilihat"), [required(_l("Isi jam Anda melihatnya."))])
    tempelan = TextAreaField(_l("Tempelan dari lembar kerja"), [Optional(), MaxLength(200_000)])


class FileForm(BaseForm):
    """A spreadsheet with numbers."""

    file = FileField(_l("Berkas lembar kerja"), [FileRequired(_l("Pilih berkasnya."))])


class KeepForm(BaseForm):
    """When the numbers of a spreadsheet were read; the rows that were found stand in ``rows``."""

    seen_on = LocalDateField(_l("Tanggal dilihat"), [required(_l("Isi tanggal Anda melihatnya."))])
    seen_time = LocalTimeField(_l("Jam dilihat"), [required(_l("Isi jam Anda melihatnya."))])
    rows = HiddenField()
