"""Forms about confirming and questioning publications."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from humasflow.core.forms import BaseForm, Filled, MaxLength


class DisputeForm(BaseForm):
    """Why a publication is questioned."""

    reason = TextAreaField(
        _l("Apa yang dipertanyakan?"),
        [Filled(_l("Tulis alasannya, supaya pencatat tahu apa yang perlu diperbaiki.")), MaxLength(1000)],
    )


class ReverseForm(BaseForm):
    """Why what was questioned does not count."""

    reason = TextAreaField(
        _l("Mengapa tidak dihitung?"),
        [Filled(_l("Tulis mengapa publikasi ini tidak dihitung, supaya pembuatnya tahu.")), MaxLength(1000)],
    )
