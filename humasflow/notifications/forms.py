"""The form of an office's mail settings."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, PasswordField, StringField
from wtforms.validators import ValidationError

from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    EmailShape,
    Filled,
    MaxLength,
    Optional,
    WholeNumberField,
    required,
)
from humasflow.notifications.enums import MailSecurity

_HOST = re.compile(
    r"(?=.{1,200}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def one_line(value: Any) -> Any:
    """A text that goes into a mail header stays on one line."""
    return " ".join(value.split()) if isinstance(value, str) else value


class HostName:
    """A server's name or IPv4 address: no scheme, no path, no port."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it is something else."""
        if not _HOST.fullmatch(field.data or ""):
            raise ValidationError(_("Tulis nama servernya saja, contohnya smtp.kantor.go.id."))


class SenderAddress:
    """An address that a mail header can carry as it is."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it cannot."""
        text = field.data or ""
        try:
            Address(addr_spec=text)
        except (MessageError, ValueError) as error:
            raise ValidationError(_("Alamat surel ini tidak dapat dipakai sebagai pengirim.")) from error
        if not text.isascii():
            raise ValidationError(_("Alamat surel ini tidak dapat dipakai sebagai pengirim."))


class MailSettingsForm(BaseForm):
    """Server, sign-in, sender. The stored password is never sent back to the browser."""

    host = StringField(
        _l("Server surel (SMTP)"), [Filled(), MaxLength(200), HostName()], render_kw={"autocomplete": "off"}
    )
    security = ChoiceField(_l("Pengamanan sambungan"))
    port = WholeNumberField(_l("Port"), [required()], minimum=1, maximum=65535, default=587)
    username = StringField(_l("Nama pengguna"), [MaxLength(200)], render_kw={"autocomplete": "off"})
    password = PasswordField(_l("Kata sandi"), [MaxLength(500)], render_kw={"autocomplete": "new-password"})
    from_address = StringField(
        _l("Alamat pengirim"), [Filled(), EmailShape(), SenderAddress()], render_kw={"inputmode": "email"}
    )
    from_name = StringField(_l("Nama pengirim"), [MaxLength(120)], filters=[one_line])
    row_version = IntegerField(validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.security.choices = [(s.value, s.label) for s in MailSecurity]
