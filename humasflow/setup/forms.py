"""The wizard's forms: shape and wording only."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, FileField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.accounts.services import passwords
from humasflow.channels.presets.loader import platforms
from humasflow.core.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    EmailShape,
    Filled,
    MaxLength,
    required,
)
from humasflow.core.localtime import ZONE_LABELS
from humasflow.orgs.enums import OfficeKind
from humasflow.setup.services import AdminWanted, OfficeWanted

MAX_SECTIONS = 60
# The newsroom comes with every office; the others need a name of their own.
ALWAYS_OR_LATER = frozenset({"website_own", "other"})
SUGGESTED_SECTIONS = (
    "Subbagian Umum",
    "Seksi Pengelolaan Kekayaan Negara",
    "Seksi Pelayanan Penilaian",
    "Seksi Piutang Negara",
    "Seksi Pelayanan Lelang",
    "Seksi Hukum dan Informasi",
    "Seksi Kepatuhan Internal",
)


class WizardForm(BaseForm):
    """The office and its first administrator."""

    office_name = StringField(_l("Nama kantor"), [Filled(_l("Tulis nama kantor.")), MaxLength(200)])
    short_name = StringField(_l("Nama singkat"), [Filled(_l("Tulis nama singkat kantor.")), MaxLength(60)])
    office_kind = ChoiceField(
        _l("Jenis kantor"), [required(_l("Pilih jenis kantor."))], default=OfficeKind.SERVICE.value
    )
    timezone = ChoiceField(
        _l("Zona waktu"), [required(_l("Pilih zona waktu kantor: WIB, WITA, atau WIT."))],
        choices=[SelectChoice(name, label) for name, label in ZONE_LABELS.items()],
    )  # fmt: skip
    parent_name = StringField(_l("Kantor di atasnya"), [MaxLength(200)])
    sections = TextAreaField(_l("Seksi"), default="\n".join(SUGGESTED_SECTIONS))
    channels = CheckboxesField(_l("Kanal yang dipakai kantor"))
    name = StringField(_l("Nama lengkap"), [Filled(_l("Tulis nama lengkap Anda.")), MaxLength(120)])
    email = EmailField(_l("Alamat surel"), [Filled(_l("Tulis alamat surel Anda.")), EmailShape()])
    password = PasswordField(_l("Kata sandi"), [required(_l("Tulis kata sandi."))])
    again = PasswordField(_l("Ulangi kata sandi"), [required(_l("Ulangi kata sandi."))])
    kunci = HiddenField()

    def offer(self) -> None:
        """Word the choices in the reader's language."""
        self.office_kind.choices = [SelectChoice(k.value, k.label) for k in OfficeKind]
        self.channels.choices = [
            SelectChoice(p.key, p.label) for p in platforms().values() if p.key not in ALWAYS_OR_LATER
        ]

    def section_names(self) -> list[str]:
        """One a line; empty lines and inner runs of space do not count."""
        lines = (self.sections.data or "").splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def office(self) -> OfficeWanted:
        """The office that was asked for; call after validation."""
        return OfficeWanted(
            name=self.office_name.data or "", short_name=self.short_name.data or "",
            office_kind=OfficeKind(self.office_kind.data), timezone=self.timezone.data,
            parent_name=self.parent_name.data or "", sections=self.section_names(),
            channels=self.channels.data or (),
        )  # fmt: skip

    def admin(self) -> AdminWanted:
        """The administrator that was asked for; call after validation."""
        return AdminWanted(
            name=self.name.data or "", email=self.email.data or "", password=self.password.data or ""
        )

    def validate_sections(self, field: Field) -> None:
        """Not too many, not too long, none twice; every problem names its line."""
        names, problems, seen = self.section_names(), [], set()
        if len(names) > MAX_SECTIONS:
            problems.append(_("Paling banyak %(n)s seksi untuk permulaan.", n=MAX_SECTIONS))
        for number, name in enumerate(names[:MAX_SECTIONS], start=1):
            if len(name) > 200:
                problems.append(_("Seksi ke-%(n)s terlalu panjang; paling panjang 200 karakter.", n=number))
            if name.casefold() in seen:
                problems.append(_("Seksi “%(name)s” tertulis dua kali.", name=name[:80]))
            seen.add(name.casefold())
        _refuse(field, problems)

    def validate_password(self, field: Field) -> None:
        """Every reason against it at once."""
        found = passwords.weaknesses(field.data or "", name=self.name.data or "", email=self.email.data or "")
        _refuse(field, [reason.message for reason in found])

    def validate_again(self, field: Field) -> None:
        """The same twice."""
        if field.data != self.password.data:
            raise ValidationError(_("Kedua kata sandi belum sama. Ketik ulang keduanya."))


class ArchiveForm(BaseForm):
    """The archive of an office, as a file."""

    file = FileField(_l("Berkas arsip (.zip)"), [required(_l("Pilih berkas arsipnya."))])
    kunci = HiddenField()


class WipeForm(BaseForm):
    """The name of the sample office, typed."""

    typed = StringField(
        _l("Nama singkat kantor contoh"), [Filled(_l("Ketik nama kantor contoh untuk melanjutkan."))]
    )


def _refuse(field: Any, problems: list[str]) -> None:
    if problems:
        field.errors = [*field.errors, *problems[:-1]]
        raise ValidationError(problems[-1])
