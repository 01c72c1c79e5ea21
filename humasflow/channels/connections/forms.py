"""Forms about connections: shape and wording only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from humasflow.core.forms import BaseForm, Filled, MaxLength
from humasflow.core.urls import is_http_url

Text = Any


@dataclass(frozen=True)
class Asked:
    """One thing that a person types to connect. ``leads``: a stored secret is sent to the place that it names."""

    name: str
    label: Text
    hint: Text
    is_secret: bool = False
    is_address: bool = False
    leads: bool = False
    default: str = ""
    placeholder: str = ""
    pattern: re.Pattern[str] | None = None
    mistaken: Text = ""


_TOKEN: Final = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{20,100}")
_CHAT: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-100[0-9]{5,20}")
_HANDLE: Final = re.compile(r"(?=.{3,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+")

# By connector; the names are those that the adapters read (see adapters.base.SigningIn).
ASKED: dict[str, tuple[Asked, ...]] = {
    "wordpress": (
        Asked(
            "host",
            _l("Alamat portal"),
            _l("Halaman depan portal, contohnya https://portal.kantor.go.id."),
            is_address=True,
            leads=True,
            placeholder="https://",
        ),
        Asked(
            "username", _l("Nama pengguna"), _l("Nama untuk masuk dasbor, bukan nama yang tampil di tulisan.")
        ),
        Asked(
            "password",
            _l("Kata sandi aplikasi"),
            _l("Enam kelompok empat huruf, contohnya abcd efgh ijkl mnop qrst uvwx."),
            is_secret=True,
        ),
    ),
    "bluesky": (
        Asked(
            "handle",
            _l("Nama akun"),
            _l("Lengkap dengan bagian sesudah titik, contohnya kantor.bsky.social. Tanpa tanda @."),
            pattern=_HANDLE,
            mistaken=_l("Tulis lengkap, contohnya kantor.bsky.social."),
        ),
        Asked(
            "password",
            _l("Kata sandi aplikasi"),
            _l("Empat kelompok empat huruf, contohnya abcd-efgh-ijkl-mnop."),
            is_secret=True,
        ),
        Asked(
            "host",
            _l("Server"),
            _l("Biarkan seperti ini, kecuali kantor memakai server sendiri."),
            is_address=True,
            leads=True,
            default="https://bsky.social",
        ),
    ),
    "mastodon": (
        Asked(
            "host",
            _l("Alamat server"),
            _l("Contohnya https://mastodon.social."),
            is_address=True,
            leads=True,
            placeholder="https://",
        ),
        Asked(
            "access_token",
            _l("Token akses"),
            _l("Dari Preferensi → Pengembangan di server, sesudah membuat aplikasi."),
            is_secret=True,
        ),
    ),
    "telegram": (
        Asked(
            "token",
            _l("Token bot"),
            _l("Dari BotFather, contohnya 123456789:AAE…"),
            is_secret=True,
            pattern=_TOKEN,
            mistaken=_l(
                "Token bot berbentuk angka, titik dua, lalu huruf acak. Salin seluruhnya dari BotFather."
            ),
        ),
        Asked(
            "chat",
            _l("Kanal"),
            _l("Contohnya @kantorkita; kanal tertutup: nomor yang diawali -100."),
            leads=True,
            placeholder="@",
            pattern=_CHAT,
            mistaken=_l("Tulis @namakanal, atau nomor yang diawali -100."),
        ),
    ),
}


class Address:
    """The address of a server. A password is sent there, so it has to be https, but for machines that whoever runs
    this installation has named as their own.
    """

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it is something else."""
        if not field.data:
            return
        if not is_http_url(field.data):
            raise ValidationError(_("Tulis alamat lengkap, contohnya https://portal.kantor.go.id."))
        parts = urlsplit(field.data)
        own = current_app.config.get("OUTBOUND_PRIVATE_HOSTS", ())
        if parts.scheme != "https" and parts.hostname not in own and parts.netloc.lower() not in own:
            raise ValidationError(
                _("Pakai alamat https. Kata sandi tidak dikirim lewat sambungan tanpa enkripsi.")
            )


def tidy_address(value: Any) -> Any:
    """What people paste: without a scheme, with a slash at the end, from the middle of a dashboard."""
    if not isinstance(value, str) or not value.strip():
        return value
    text = value.strip()
    if "://" not in text:
        text = f"https://{text}"
    text = re.sub(r"/wp-(admin|login\.php|json)(/.*|\?.*)?$", "", text)
    return text.split("#")[0].split("?")[0].rstrip("/")


def tidy_chat(value: Any) -> Any:
    """``https://t.me/kantor`` and ``kantor`` are ``@kantor``."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"^(?:https?://)?(?:t\.me|telegram\.me)/(?:s/)?", "", value.strip()).strip("/")
    return f"@{text}" if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", text) else text


def tidy_handle(value: Any) -> Any:
    """``@Kantor.bsky.social`` is ``kantor.bsky.social``."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"^https://bsky\.app/profile/", "", value.strip())
    # Bluesky's own pages put an invisible mark of direction before a name that is copied there.
    return re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text).lstrip("@").strip("/").lower()


_TIDY = {"chat": tidy_chat, "handle": tidy_handle}


class SecretField(PasswordField):
    """A secret. What was typed is never printed into the page again."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.render_kw = {"autocomplete": "off", "spellcheck": "false", **(self.render_kw or {})}


class _Shaped:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def __call__(self, form: Any, field: Field) -> None:
        pattern = self.asked.pattern
        if field.data and pattern is not None and not pattern.fullmatch(field.data):
            raise ValidationError(str(self.asked.mistaken))


class _SecretOrKept:
    """A secret may stay empty where one is kept, as long as it goes to the place it was given for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def __call__(self, form: Any, field: Field) -> None:
        if field.data:
            return
        field.errors = []
        if self.asked.name not in form.kept:
            raise StopValidation(_("Bagian ini perlu diisi."))
        moved = [
            a for a in form.asked if a.leads and (form[a.name].data or "") != str(form.stored.get(a.name, ""))
        ]
        if moved:
            raise StopValidation(
                _(
                    "%(field)s berubah, jadi tulis lagi yang rahasia ini untuk tujuan yang baru.",
                    field=moved[0].label,
                )
            )
        raise StopValidation


class TypedForm(BaseForm):
    """What a person types to connect an account; its fields come from :data:`ASKED`."""

    asked: tuple[Asked, ...] = ()
    accepts_other = BooleanField(_l("Ya, ganti akunnya"))

    def __init__(
        self, *, stored: Mapping[str, Any] | None = None, kept: Iterable[str] = (), **named: Any
    ) -> None:
        self.stored, self.kept = dict(stored or {}), frozenset(kept)
        known = {a.name: self.stored.get(a.name) or a.default for a in self.asked if not a.is_secret}
        super().__init__(**{**known, **named})

    @property
    def typed_settings(self) -> dict[str, str]:
        """What is no secret."""
        return {a.name: self[a.name].data or "" for a in self.asked if not a.is_secret}

    def typed_secrets(self, kept: Mapping[str, str]) -> dict[str, str]:
        """What is one; where nothing was typed, what is kept."""
        return {a.name: self[a.name].data or kept.get(a.name, "") for a in self.asked if a.is_secret}


def typed_form(connector: str) -> type[TypedForm]:
    """The form of a kind of channel."""
    asked = ASKED[connector]
    return type("ConnectForm", (TypedForm,), {"asked": asked, **{a.name: _field(a) for a in asked}})


def _field(asked: Asked) -> Any:
    shared: dict[str, Any] = {"render_kw": {"placeholder": asked.placeholder} if asked.placeholder else {}}
    if asked.is_secret:
        return SecretField(asked.label, [_SecretOrKept(asked), MaxLength(1000), _Shaped(asked)], **shared)
    tidy = [tidy_address] if asked.is_address else [_TIDY[asked.name]] if asked.name in _TIDY else []
    checks = [Filled(), MaxLength(300), *([Address()] if asked.is_address else []), _Shaped(asked)]
    shared["render_kw"] |= {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
    if asked.is_address:
        shared["render_kw"] |= {"inputmode": "url"}
    return StringField(asked.label, checks, filters=tidy, **shared)


class ServerForm(BaseForm):
    """On which server the account is, where there are many."""

    server = StringField(
        _l("Alamat server"),
        [Filled(_l("Tulis alamat servernya.")), MaxLength(300), Address()],
        filters=[tidy_address],
        render_kw={
            "placeholder": "mastodon.social",
            "inputmode": "url",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


class ChooseForm(BaseForm):
    """Which of the things that a grant opened is this account."""

    outlet = RadioField(
        _l("Yang disambungkan"), [InputRequired(_l("Pilih salah satu."))], coerce=int, validate_choice=False
    )
    accepts_other = BooleanField(_l("Ya, ganti akunnya"))

    offered = 0

    def offer(self, names: Sequence[str]) -> None:
        """What there is; the only one is chosen already."""
        self.offered = len(names)
        self.outlet.choices = list(enumerate(names))
        if self.outlet.data is None and len(names) == 1:
            self.outlet.data = 0

    def validate_outlet(self, field: Field) -> None:
        """Only what was offered."""
        if field.data not in range(self.offered):
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))


class PauseForm(BaseForm):
    """Why an account rests."""

    reason = TextAreaField(_l("Alasan"), [Filled(_l("Tuliskan alasannya.")), MaxLength(300)])


class AppKeyForm(BaseForm):
    """The office's own registration with a platform."""

    client_id = StringField(
        _l("Nomor aplikasi"),
        [Filled(_l("Tulis nomor aplikasinya.")), MaxLength(300)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    client_secret = SecretField(_l("Kunci rahasia"), [Optional(), MaxLength(1000)])
    row_version = IntegerField(validators=[Optional()])
