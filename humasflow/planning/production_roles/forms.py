"""The form of a production role: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField

from humasflow.core.forms import BaseForm, Filled, MaxLength, Optional


class ProductionRoleForm(BaseForm):
    """A role: its name, and what is expected of whoever has it."""

    label = StringField(_l("Nama peran"), [Filled(_l("Tulis nama peran.")), MaxLength(80)])
    hint = StringField(_l("Yang diharapkan"), [MaxLength(300)])
    row_version = IntegerField(validators=[Optional()])
