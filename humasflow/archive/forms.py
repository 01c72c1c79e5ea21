"""Forms of the room: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField

from humasflow.core.forms import BaseForm, MaxLength


class RequestForm(BaseForm):
    """An archive: of what, and whether it is really this person who asks."""

    with_below = BooleanField(_l("Beserta kantor di bawahnya"))
    password = PasswordField(_l("Kata sandi Anda"), [MaxLength(256)])
