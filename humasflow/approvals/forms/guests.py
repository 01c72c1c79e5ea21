"""Guests: their data, how long links are good for, and asking one."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField, TelField

from humasflow.approvals.models import GuestApprover, PackageSeat
from humasflow.approvals.services import GuestContent
from humasflow.approvals.services.guests.register import LEAST_HOURS, MOST_HOURS, NAME_LENGTH
from humasflow.approvals.wording import seat_words
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    EmailShape,
    Filled,
    MaxLength,
    WholeNumberField,
    required,
)


class GuestForm(BaseForm):
    """Somebody without an account."""

    name = StringField(_l("Nama"), [Filled(_l("Isi namanya.")), MaxLength(NAME_LENGTH)])
    position_title = StringField(_l("Jabatan"), [Filled(_l("Isi jabatannya.")), MaxLength(NAME_LENGTH)])
    email = EmailField(_l("Alamat surel"), [Filled(_l("Isi alamat surelnya.")), EmailShape()])
    phone = TelField(_l("Nomor WhatsApp"), [MaxLength(30)])
    is_active = BooleanField(_l("Penyetuju tamu ini dipakai"), default=True)

    def __init__(self, guest: GuestApprover | None, **kwargs: Any) -> None:
        names = ("name", "position_title", "email", "phone", "is_active")
        super().__init__(data={n: getattr(guest, n) for n in names} if guest else {}, **kwargs)

    def content(self) -> GuestContent:
        """As the service takes it."""
        return GuestContent(
            self.name.data or "", self.position_title.data or "", self.email.data or "", self.phone.data or ""
        )


class LinkHoursForm(BaseForm):
    """How long new links are good for."""

    hours = WholeNumberField(
        _l("Tautan berlaku (jam)"), [required(_l("Isi berapa jam tautan berlaku."))], minimum=LEAST_HOURS,
        maximum=MOST_HOURS,
    )  # fmt: skip

    def __init__(self, hours: int, **kwargs: Any) -> None:
        super().__init__(data={"hours": hours}, **kwargs)


class AskGuestForm(BaseForm):
    """Whom, and in whose place when several are asked."""

    guest = ChoiceField(_l("Penyetuju tamu"), [required(_l("Pilih penyetuju tamunya."))])
    seat = ChoiceField(_l("Memutuskan bagian"))

    def __init__(self, guests: Sequence[GuestApprover], seats: Sequence[PackageSeat], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.guest.choices = [("", _("Pilih orangnya")), *((str(g.id), g.capacity) for g in guests)]
        self.seat.choices = [(f"{s.askee}:{s.seat}", seat_words(s)) for s in seats]
        if len(seats) > 1:
            self.seat.choices.insert(0, ("", _("Bagian tamu itu sendiri, atau satu-satunya yang terbuka")))

    def place(self) -> tuple[int | None, int | None]:
        """Askee and seat, where one was chosen."""
        askee, _colon, seat = (self.seat.data or "").partition(":")
        return (int(askee), int(seat)) if askee else (None, None)
