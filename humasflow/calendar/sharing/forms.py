"""Sharing a view: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField

from humasflow.calendar.sharing.policy import LEAST_DAYS, MOST_DAYS, USUAL_DAYS
from humasflow.calendar.sharing.services import TITLE_LENGTH
from humasflow.core.forms import BaseForm, Filled, MaxLength, WholeNumberField, required


class ShareForm(BaseForm):
    """What it is called, how long it is good, and whether it moves on with the calendar."""

    title = StringField(
        _l("Nama tautan"),
        [Filled(_l("Beri nama tautannya, supaya mudah dikenali.")), MaxLength(TITLE_LENGTH)],
    )
    days = WholeNumberField(
        _l("Berlaku berapa hari"), [required(_l("Isi berapa hari tautan ini berlaku."))],
        minimum=LEAST_DAYS, maximum=MOST_DAYS, default=USUAL_DAYS,
    )  # fmt: skip
    follows_today = BooleanField(_l("Selalu menampilkan hari-hari berjalan"))
    query = HiddenField()
