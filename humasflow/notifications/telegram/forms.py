"""The form that takes a bot's token."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from humasflow.core.forms import BaseForm, Filled, MaxLength


class BotForm(BaseForm):
    """A token; it is never sent back to the browser."""

    token = PasswordField(
        _l("Token dari BotFather"), [Filled(), MaxLength(120)], render_kw={"autocomplete": "off"}
    )
