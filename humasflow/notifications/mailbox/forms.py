"""The form of an office's mailbox."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, PasswordField, StringField
from wtforms.validators import ValidationError

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    MaxLength,
    Optional,
    WholeNumberField,
    required,
)
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.forms import HostName, one_line


class PlainName:
    """A name that IMAP carries as it is."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it holds something else."""
        text = field.data or ""
        if not text.isascii() or not text.isprintable():
            raise ValidationError(_("Tulis nama folder seperti di server surel, tanpa huruf beraksen."))


class MailboxForm(BaseForm):
    """Server, sign-in, folder, and whether mails become pitches. The stored password is never sent to the browser."""

    host = StringField(
        _l("Server surel masuk (IMAP)"),
        [Filled(), MaxLength(200), HostName()],
        render_kw={"autocomplete": "off"},
    )
    security = ChoiceField(_l("Pengamanan sambungan"), default=MailSecurity.TLS.value)
    port = WholeNumberField(_l("Port"), [required()], minimum=1, maximum=65535, default=993)
    username = StringField(_l("Nama pengguna"), [Filled(), MaxLength(200)], render_kw={"autocomplete": "off"})
    password = PasswordField(_l("Kata sandi"), [MaxLength(500)], render_kw={"autocomplete": "new-password"})
    folder = StringField(
        _l("Folder"), [Filled(), MaxLength(200), PlainName()], filters=[one_line], default="INBOX"
    )
    takes_pitches = BooleanField(_l("Surel dari orang kantor menjadi usulan"))
    trusted_server = StringField(
        _l("Server yang memeriksa pengirim"),
        [MaxLength(200)],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )
    row_version = IntegerField(validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.security.choices = [(s.value, s.label) for s in MailSecurity]
