"""Forms about people: shape and wording only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from humasflow.accounts import nips, phones
from humasflow.accounts.enums import AbsenceKind, Acting, Role
from humasflow.accounts.models import User
from humasflow.accounts.services import passwords
from humasflow.accounts.services.staff import RoleWanted
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    EmailShape,
    Filled,
    LocalDateField,
    MaxLength,
    Optional,
    int_or_none,
    required,
)
from humasflow.core.urls import safe_local_target
from humasflow.orgs.models import Unit


class NewPassword:
    """Refuses a weak password with every reason at once. ``name`` and ``email`` must not be most of it."""

    def __call__(self, form: Any, field: Field) -> None:
        """Put each reason beside the field."""
        found = passwords.weaknesses(field.data or "", name=form.owner_name(), email=form.owner_email())
        if found:
            field.errors = [*field.errors, *(r.message for r in found[:-1])]
            raise ValidationError(found[-1].message)


class SameAs:
    """Typed twice, the same."""

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when the two differ."""
        if field.data != form[self.other].data:
            raise ValidationError(_("Kedua kata sandi belum sama. Ketik ulang keduanya."))


class Nip:
    """A civil servant's number, in whichever way it was spaced."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise for what is none."""
        if nips.to_nip(field.data or "") is None:
            raise ValidationError(nips.wrong())


class SignInForm(BaseForm):
    """Address and password."""

    email = EmailField(_l("Alamat surel"), [Filled(_l("Tulis alamat surel Anda."))])
    password = PasswordField(_l("Kata sandi"), [required(_l("Tulis kata sandi Anda."))])
    next = HiddenField()

    def target(self) -> str:
        """Where to go afterwards: a page of ours or home."""
        return safe_local_target(self.next.data) or "/"


class AcceptInvitationForm(BaseForm):
    """A first password (or a forgotten one's successor)."""

    password = PasswordField(_l("Kata sandi baru"), [required(_l("Tulis kata sandi baru.")), NewPassword()])
    again = PasswordField(
        _l("Ulangi kata sandi baru"), [required(_l("Ulangi kata sandi baru.")), SameAs("password")]
    )

    def __init__(self, *, name: str, email: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._owner = (name, email)

    def owner_name(self) -> str:
        """Whose password it is."""
        return self._owner[0]

    def owner_email(self) -> str:
        """Whose password it is."""
        return self._owner[1]


class ChangePasswordForm(AcceptInvitationForm):
    """The old one proves who is sitting there."""

    old = PasswordField(_l("Kata sandi saat ini"), [required(_l("Tulis kata sandi saat ini."))])


class ProfileForm(BaseForm):
    """What people set for themselves."""

    name = StringField(_l("Nama"), [Filled(_l("Tulis nama Anda.")), MaxLength(120)])
    locale = ChoiceField(
        _l("Bahasa"), choices=[SelectChoice("id", "Bahasa Indonesia"), SelectChoice("en", "English")]
    )
    theme = ChoiceField(
        _l("Tampilan"),
        choices=[
            SelectChoice("auto", _l("Ikuti perangkat")),
            SelectChoice("light", _l("Terang")),
            SelectChoice("dark", _l("Gelap")),
        ],
    )
    wants_email = BooleanField(_l("Kirimi saya pemberitahuan lewat surel"))
    shortcuts = BooleanField(_l("Pakai pintasan papan ketik"))
    phone = StringField(_l("Nomor WhatsApp"), [Optional(), MaxLength(40)])
    nip = StringField(_l("NIP"), [Optional(), Nip()])

    def validate_phone(self, field: Field) -> None:
        """A number there is, in whichever way it was typed."""
        if phones.to_e164(field.data or "") is None:
            raise ValidationError(_("Nomor ini tidak dikenal. Contoh: 0812 3456 7890."))


class PersonForm(BaseForm):
    """Name and address."""

    name = StringField(_l("Nama lengkap"), [Filled(_l("Tulis nama lengkap.")), MaxLength(120)])
    email = EmailField(_l("Alamat surel"), [Filled(_l("Tulis alamat surel.")), EmailShape()])
    nip = StringField(_l("NIP"), [Optional(), Nip()])
    row_version = IntegerField(validators=[Optional()])


class RoleForm(BaseForm):
    """A role, where it is held, in which capacity and for how long."""

    role = ChoiceField(_l("Peran"), [required(_l("Pilih peran."))])
    unit_id = ChoiceField(_l("Bertugas di"), [required(_l("Pilih kantor atau seksi."))], coerce=int)
    position_title = StringField(_l("Jabatan"), [MaxLength(120)])
    acting = ChoiceField(_l("Memegang jabatan sebagai"), default=Acting.NONE.value)
    valid_from = LocalDateField(_l("Mulai tanggal"), [Optional()])
    valid_until = LocalDateField(_l("Sampai tanggal"), [Optional()])

    def offer(self, units: Sequence[Unit]) -> None:
        """Fill the choices, worded in the reader's language; ``units`` is the office and then its sections."""
        self.unit_id.choices = [SelectChoice(u.id, u.name) for u in units]
        self.role.choices = [SelectChoice(r.value, r.label) for r in Role]
        self.acting.choices = [
            SelectChoice(Acting.NONE.value, _("Pejabat definitif")),
            SelectChoice(Acting.PLH.value, _("Plh. (pelaksana harian)")),
            SelectChoice(Acting.PLT.value, _("Plt. (pelaksana tugas)")),
        ]

    def wanted(self, units: Sequence[Unit]) -> RoleWanted:
        """What was asked for; call after validation."""
        return RoleWanted(
            role=Role(self.role.data), unit=next(u for u in units if u.id == self.unit_id.data),
            position_title=self.position_title.data or "", acting=Acting(self.acting.data),
            valid_from=self.valid_from.data, valid_until=self.valid_until.data,
        )  # fmt: skip

    def validate_position_title(self, field: Field) -> None:
        """Somebody acts for a position: it has to be named."""
        if self.acting.data in (Acting.PLH.value, Acting.PLT.value) and not field.data:
            raise ValidationError(
                _("Tulis jabatan yang digantikan, contohnya Kepala Seksi Pelayanan Lelang.")
            )

    def validate_valid_until(self, field: Field) -> None:
        """The two dates in order."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Tanggal berakhir tidak boleh sebelum tanggal mulai."))


class NewPersonForm(PersonForm, RoleForm):
    """A person with a first role."""


class AbsenceForm(BaseForm):
    """From when to when, why, and a note that colleagues do not see."""

    user_id = ChoiceField(_l("Siapa"), [Optional()], coerce=int_or_none)
    kind = ChoiceField(_l("Alasan"), [required(_l("Pilih alasannya."))], default=AbsenceKind.LEAVE.value)
    starts_on = LocalDateField(_l("Hari pertama"), [required(_l("Isi hari pertamanya."))])
    ends_on = LocalDateField(_l("Hari terakhir"), [Optional()])
    note = TextAreaField(_l("Catatan"), [MaxLength(500)])
    row_version = IntegerField(validators=[Optional()])

    def offer(self, people: Sequence[User] = ()) -> None:
        """Fill the choices; without people it is about oneself."""
        self.kind.choices = [SelectChoice(k.value, k.label) for k in AbsenceKind]
        self.user_id.choices = [
            SelectChoice("", _("Pilih orang")),
            *(SelectChoice(p.id, p.name) for p in people),
        ]
        if not people:
            del self.user_id

    def days(self) -> tuple[date, date]:
        """The first and the last day; call after validation."""
        if self.starts_on.data is None:
            raise ValueError("the form was not validated")
        return self.starts_on.data, self.ends_on.data or self.starts_on.data

    def validate_ends_on(self, field: Field) -> None:
        """The two dates in order; one day only when the last is left empty."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Hari terakhir lebih awal daripada hari pertama."))
