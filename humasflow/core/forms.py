"""Forms: the shared base and validators with wording in the product's own voice."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput


class BaseForm(FlaskForm):
    """Every form. Texts are trimmed; NUL characters never reach the database."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Trim what was typed, once, for all text fields; refuse in our own words."""

        def get_translations(self, form: Any) -> "_OwnWords":
            """WTForms knows no Indonesian."""
            return _OwnWords()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the trimming filter to text fields."""
            if issubclass(unbound_field.field_class, StringField | TextAreaField):
                unbound_field.kwargs["filters"] = [*unbound_field.kwargs.get("filters", ()), trimmed]
            return super().bind_field(form, unbound_field, options)

    def fail(self, field: Field, message: str) -> None:
        """Put a service's answer beside the field it is about."""
        field.errors = [*field.errors, message]


_REFUSED = _l("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")
_WORDS = {
    "This field is required.": _l("Bagian ini perlu diisi."),
    "Not a valid integer value.": _l("Isi dengan bilangan bulat, contohnya 60."),
    "Not a valid choice.": _REFUSED,
    "Invalid Choice: could not coerce.": _REFUSED,
    "Invalid choice(s): one or more data inputs could not be coerced.": _REFUSED,
    "'%(value)s' is not a valid choice for this field.": _REFUSED,
    "'%(value)s' are not valid choices for this field.": _REFUSED,
}


class _OwnWords:
    """What WTForms asks for the words of its own refusals: a field of ours says most of them itself."""

    def gettext(self, message: str) -> str:
        """In the reader's language."""
        return str(_WORDS.get(message, message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The same; our words do not count."""
        return self.gettext(singular if n == 1 else plural)


def trimmed(value: Any) -> Any:
    """Strip a text and drop NUL characters; other values pass."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def required(message: Any = None) -> InputRequired:
    """The field must be filled."""
    return InputRequired(message or _l("Bagian ini perlu diisi."))


class Filled:
    """Not only white space (``required`` accepts a blank)."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when nothing is left after trimming."""
        if not isinstance(field.data, str) or not field.data.strip():
            field.errors = []
            raise StopValidation(str(self.message or _("Bagian ini perlu diisi.")))


class MaxLength:
    """At most ``limit`` characters; says how many there are."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when longer."""
        size = len(field.data or "")
        if size > self.limit:
            raise ValidationError(
                _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=self.limit, size=size)
            )


class EmailShape:
    """Looks like an e-mail address. Whether it exists only a mail can tell."""

    pattern = re.compile(r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}$")

    def __call__(self, form: Any, field: Field) -> None:
        """Raise when it does not."""
        if field.data and (len(field.data) > 254 or not self.pattern.match(field.data)):
            raise ValidationError(_("Alamat surel ini belum lengkap, contohnya nama@kantor.go.id."))


class LocalDateField(DateField):
    """A date from the browser's picker, or typed as 21-11-2026 or 21/11/2026."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that names the problem."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        text = valuelist[0].strip()
        for pattern in self.strptime_format:
            try:
                parsed: date = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if 1990 <= parsed.year <= 2200:
                self.data = parsed
                return
        self.data = None
        raise ValueError(_("Tanggal “%(text)s” tidak ada di kalender. Contoh: 21-11-2026.", text=text[:40]))


class LocalTimeField(TimeField):
    """A clock time, 09:30 or 09.30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that names the problem."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        text = valuelist[0].strip().replace(".", ":")
        match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", text)
        if match and int(match[1]) < 24 and int(match[2]) < 60:
            self.data = time(int(match[1]), int(match[2]))
            return
        self.data = None
        raise ValueError(_("Jam “%(text)s” tidak dikenal. Contoh: 09.30.", text=valuelist[0][:20]))


class WholeNumberField(IntegerField):
    """A whole number within bounds, ``2.200`` and ``2200`` alike; empty means None."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, minimum: int, maximum: int, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.minimum, self.maximum = minimum, maximum
        self.render_kw = {"min": minimum, "max": maximum, "inputmode": "numeric", **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that names the bounds."""
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        digits = text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text
        if re.fullmatch(r"[0-9]{1,12}", digits) and self.minimum <= int(digits) <= self.maximum:
            self.data = int(digits)
            return
        self.data = None
        raise ValueError(
            _("Isi dengan bilangan bulat dari %(low)s sampai %(high)s.", low=self.minimum, high=self.maximum)
        )


class ChoiceField(SelectField):
    """A select whose refusal is in our words; ``coerce`` to int treats an empty choice as None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A value that cannot even be one of the choices is refused in the same words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse values that were not offered."""
        try:
            super().pre_validate(form)
        except (ValueError, ValidationError) as error:
            raise ValidationError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")) from error


def int_or_none(value: Any) -> int | None:
    """Coerce a select's value: empty means nothing chosen; anything else that is no number is refused."""
    if value in (None, "", "None"):
        return None
    return int(value)


__all__ = [
    "BaseForm", "ChoiceField", "EmailShape", "Filled", "LocalDateField", "LocalTimeField", "MaxLength", "Optional",
    "WholeNumberField", "int_or_none", "required", "trimmed",
]  # fmt: skip


class RefusalForm(BaseForm):
    """Why not: a reason that whoever asked reads."""

    reason = TextAreaField(_l("Alasan"), [Filled(_l("Tuliskan alasannya.")), MaxLength(300)])


class NumberField(Field):
    """An exact number as people write it: ``12``, ``12,5``, ``1.250``. Empty is None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse, with a message that names the problem."""
        text = valuelist[0].strip() if valuelist else ""
        self.data: Decimal | None = None
        if not text:
            return
        plain = re.sub(r"[.\s](?=\d{3}(\D|$))", "", text).replace(",", ".")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValueError(_("“%(text)s” bukan angka. Contoh: 60 atau 12,5.", text=text[:20])) from None
        if not number.is_finite() or abs(number) > 1_000_000:
            raise ValueError(_("Angka ini terlalu besar."))
        self.data = number


class CheckboxesField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
