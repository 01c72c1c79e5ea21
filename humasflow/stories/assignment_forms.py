"""Forms about a task: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from humasflow.core.forms import BaseForm, Filled, MaxLength


class DeclineForm(BaseForm):
    """Why not."""

    reason = TextAreaField(
        _l("Mengapa?"),
        [Filled(_l("Tuliskan alasannya, supaya redaktur tahu apa yang perlu diatur.")), MaxLength(1000)],
    )


class CancelTaskForm(BaseForm):
    """Why it is not needed any longer."""

    reason = TextAreaField(
        _l("Mengapa?"), [Filled(_l("Tuliskan alasannya; yang ditugaskan akan membacanya.")), MaxLength(1000)]
    )


class DoneForm(BaseForm):
    """What was handed over, or where it lies."""

    note = StringField(_l("Catatan penyerahan"), [MaxLength(300)])
