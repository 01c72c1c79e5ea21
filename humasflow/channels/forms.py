"""Forms about channel accounts and limits: shape and wording only."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from humasflow.channels.slots import Slot, UnreadableSlots, parse_slots
from humasflow.core.forms import (
    BaseForm,
    ChoiceField,
    Filled,
    MaxLength,
    Optional,
    WholeNumberField,
    int_or_none,
    required,
)
from humasflow.core.rendering import number
from humasflow.core.urls import is_http_url

# How late a post may still go out by itself, in minutes.
GRACES = (0, 30, 60, 120, 360, 720, 1440)
PREFIX = "limit_"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_RATIO = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,4})?)\s*[:/×x]\s*([0-9]{1,5}(?:[.,][0-9]{1,4})?)")
_MEGABYTES = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
MEGABYTE = 1_000_000
KNOWN_RATIOS = {
    "9:16": 563, "2:3": 667, "3:4": 750, "4:5": 800, "1:1": 1000, "5:4": 1250, "4:3": 1333, "3:2": 1500, "16:9": 1778,
}  # fmt: skip


def without_at(value: Any) -> Any:
    """People write ``@kantor``; what is kept is ``kantor``."""
    return value.lstrip("@").strip() if isinstance(value, str) else value


class WebAddress:
    """An absolute http(s) address, or nothing."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it is something else."""
        if field.data and not is_http_url(field.data):
            raise ValidationError(_("Tulis alamat lengkap, contohnya https://www.instagram.com/kantor."))


class MonthText:
    """A month as it is written with limits: 2026-04."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it is something else."""
        if not _MONTH.fullmatch(field.data or ""):
            raise ValidationError(_("Tulis tahun dan bulan, contohnya 2026-04."))


class RatioField(Field):
    """The shape of a picture as people say it, ``4:5`` or ``1,91:1``; kept as width to height in thousandths."""

    widget = TextInput()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.render_kw = {"placeholder": "4:5", **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that shows the form."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        match = _RATIO.fullmatch(text)
        width, height = (float(part.replace(",", ".")) for part in match.groups()) if match else (0.0, 0.0)
        if not width or not height or not 100 <= round(width / height * 1000) <= 10_000:
            raise ValueError(_("Tulis lebar dan tinggi, contohnya 4:5 atau 1,91:1."))
        self.data = int(width / height * 1000 + 0.5)

    def _value(self) -> str:
        if isinstance(self.data, int):
            return show_ratio(self.data)
        return self.raw_data[0] if self.raw_data else ""


class MegabytesField(Field):
    """The size of a file in MB (a million bytes), ``512`` or ``1,5``; kept in bytes."""

    widget = TextInput()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.render_kw = {"inputmode": "decimal", **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that shows the form."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not _MEGABYTES.fullmatch(text):
            raise ValueError(_("Isi dengan ukuran dalam MB, contohnya 512 atau 1,5."))
        self.data = int(Decimal(text.replace(",", ".")) * MEGABYTE)

    def _value(self) -> str:
        if isinstance(self.data, int):
            return show_megabytes(self.data)
        return self.raw_data[0] if self.raw_data else ""


def show_ratio(thousandths: int) -> str:
    """``4:5`` where the shape has a name that people know, else ``1,91:1`` or ``1:10``."""
    for name, value in KNOWN_RATIOS.items():
        if value == thousandths:
            return name
    if 0 < thousandths < 1000 and 1000 % thousandths == 0:
        return f"1:{1000 // thousandths}"
    return f"{_decimal(Decimal(thousandths) / 1000)}:1"


def show_megabytes(size: int) -> str:
    """Bytes in MB, exactly."""
    return _decimal(Decimal(size) / MEGABYTE)


def _decimal(value: Decimal) -> str:
    """As people write it, without zeros that say nothing."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def show_limit(name: str, value: int) -> str:
    """A limit by name as people read it."""
    if name in ("ratio_min", "ratio_max"):
        return show_ratio(value)
    if name == "video_bytes":
        return f"{number(Decimal(value) / MEGABYTE, 0 if value >= MEGABYTE else 2)} MB"
    return _("%(n)s detik", n=number(value)) if name == "video_seconds" else str(number(value))


def _number(label: str, maximum: int = 1_000_000) -> WholeNumberField:
    return WholeNumberField(label, [Optional()], minimum=0, maximum=maximum)


class LimitsForm(BaseForm):
    """The limits that are checked while writing and before publishing. An empty one means none."""

    limit_text = _number(_l("Panjang teks"))
    limit_text_with_media = _number(_l("Panjang teks bila ada gambar"))
    limit_text_bytes = _number(_l("Ukuran teks dalam bita"))
    limit_title = _number(_l("Panjang judul"))
    limit_url_length = _number(_l("Hitungan tiap tautan"))
    limit_hashtags = _number(_l("Jumlah tagar"), 1000)
    limit_links = _number(_l("Jumlah tautan"), 1000)
    limit_media_min = _number(_l("Gambar paling sedikit"), 100)
    limit_media_max = _number(_l("Gambar paling banyak"), 100)
    limit_alt_text = _number(_l("Panjang teks alternatif"), 10_000)
    limit_first_comment = _number(_l("Panjang komentar pertama"))
    limit_ratio_min = RatioField(_l("Gambar paling tegak"))
    limit_ratio_max = RatioField(_l("Gambar paling lebar"))
    limit_video_bytes = MegabytesField(_l("Ukuran video (MB)"))
    limit_video_seconds = _number(_l("Lama video (detik)"), 100_000)

    @property
    def limit_fields(self) -> list[Field]:
        """The fields of limits, in order."""
        return [f for f in self if f.name.startswith(PREFIX)]

    def show_limits(self, values: Mapping[str, int | None]) -> None:
        """Fill the fields with these numbers."""
        for field in self.limit_fields:
            field.data = values.get(field.name.removeprefix(PREFIX))

    @property
    def filled_limits(self) -> dict[str, int | None]:
        """Every limit by name; None where the field was left empty."""
        return {f.name.removeprefix(PREFIX): f.data for f in self.limit_fields}

    def validate_limit_media_max(self, field: Field) -> None:
        """The range must not be empty."""
        least = self.limit_media_min.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(_("Tidak boleh kurang dari jumlah paling sedikit (%(n)s).", n=least))

    def validate_limit_ratio_max(self, field: Field) -> None:
        """The range must not be empty."""
        least = self.limit_ratio_min.data
        if isinstance(field.data, int) and isinstance(least, int) and field.data < least:
            raise ValidationError(_("Tidak boleh lebih tegak daripada %(ratio)s.", ratio=show_ratio(least)))


class KindForm(LimitsForm):
    """The office's limits for a kind of channel, with where they were read."""

    limits_as_of = StringField(
        _l("Dibaca pada"), [Filled(), MonthText()], render_kw={"placeholder": "2026-04"}
    )
    limits_source = StringField(_l("Sumber"), [Filled(_l("Tulis di mana batas ini dibaca.")), MaxLength(200)])
    row_version = IntegerField(validators=[Optional()])


class AccountForm(LimitsForm):
    """An account of the office on a channel."""

    name = StringField(_l("Nama akun"), [Filled(_l("Tulis nama akun.")), MaxLength(80)])
    handle = StringField(_l("Nama pengguna di kanal"), [MaxLength(120)], filters=[without_at])
    url = StringField(_l("Alamat"), [MaxLength(300), WebAddress()], render_kw={"inputmode": "url"})
    assignee_id = ChoiceField(_l("Yang mengunggah"), coerce=int_or_none, validators=[Optional()])
    grace_minutes = ChoiceField(_l("Bila terlambat tayang"), coerce=int)
    follows_story_approval = BooleanField(_l("Ikut persetujuan naskah"))
    is_active = BooleanField(_l("Dipakai"), default=True)
    row_version = IntegerField(validators=[Optional()])

    def offer(self, people: Sequence[tuple[int, str]], *, grace: int = 360) -> None:
        """The people who may post by hand, and the graces in words."""
        self.assignee_id.choices = [("", _("Siapa saja yang boleh mengunggah")), *people]
        self.grace_minutes.choices = [(m, grace_label(m)) for m in sorted({*GRACES, grace})]


class NewAccountForm(AccountForm):
    """A new account; its kind does not change later, since what was published counts by it."""

    kind_id = ChoiceField(_l("Jenis kanal"), [required(_l("Pilih jenis kanal."))], coerce=int_or_none)

    def offer_kinds(self, kinds: Sequence[tuple[int, str]]) -> None:
        """The kinds of the office."""
        self.kind_id.choices = [("", _("Pilih…")), *kinds]


class RhythmForm(BaseForm):
    """When an account likes to post, and how much."""

    slots = TextAreaField(_l("Slot tayang"), [MaxLength(600)])
    min_gap_minutes = WholeNumberField(
        _l("Jarak terdekat antarpublikasi, dalam menit"),
        [required(_l("Isi 0 bila boleh berdekatan."))], minimum=0, maximum=1440,
    )  # fmt: skip
    weekly_quota = WholeNumberField(_l("Kuota sepekan"), [Optional()], minimum=0, maximum=200)
    row_version = IntegerField(validators=[Optional()])

    def __init__(self, *args: Any, zone_label: str = "", **named: Any) -> None:
        self.zone_label = zone_label
        self.read: list[Slot] = []
        super().__init__(*args, **named)

    def validate_slots(self, field: Field) -> None:
        """Read the times; what is not understood is named."""
        try:
            self.read = parse_slots(field.data or "", zone_label=self.zone_label)
        except UnreadableSlots as error:
            raise ValidationError(error.message) from error


def grace_label(minutes: int) -> str:
    """How late a post may go out by itself, in words."""
    if minutes == 0:
        return _("Selalu tanyakan dahulu")
    if minutes % 60:
        return ngettext(
            "Tetap tayangkan sampai %(num)s menit sesudahnya",
            "Tetap tayangkan sampai %(num)s menit sesudahnya",
            minutes,
        )
    hours = minutes // 60
    return ngettext(
        "Tetap tayangkan sampai %(num)s jam sesudahnya",
        "Tetap tayangkan sampai %(num)s jam sesudahnya",
        hours,
    )
