"""Forms of the room: shape and wording only."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)

from humasflow.core.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    EmailShape,
    LocalDateField,
    MaxLength,
    Optional,
    int_or_none,
)
from humasflow.core.periods import PeriodError, parse_period
from humasflow.reports.enums import ReportFormat, ReportScope, SpanKind
from humasflow.reports.services.letterheads import LetterheadContent
from humasflow.reports.spans import TYPES, Span

Offered = Sequence[tuple[str, str]]


class OrderForm(BaseForm):
    """A report: of which period, about whom, as what. ``jangka`` is chosen before, by a link."""

    jangka = HiddenField()
    period = ChoiceField(_l("Periode"), [Optional()], validate_choice=False)
    day = LocalDateField(_l("Tanggal"), [Optional()])
    start = LocalDateField(_l("Dari tanggal"), [Optional()])
    until = LocalDateField(_l("Sampai tanggal"), [Optional()])
    about = SelectField(_l("Tentang"), validate_choice=False)
    scheme = ChoiceField(_l("Skema penilaian"), [Optional()], coerce=int_or_none)
    formats = CheckboxesField(_l("Bentuk berkas"))
    language = ChoiceField(_l("Bahasa laporan"))
    unavailable: Sequence[str] = ()  # why some files cannot be made here

    def offer(
        self,
        *,
        periods: Offered,
        subjects: Mapping[str, Offered],
        schemes: Offered,
        formats: Sequence[ReportFormat],
    ) -> None:
        """Fill in what can be chosen."""
        self.period.choices = list(periods)
        self.about.choices = {group: list(rows) for group, rows in subjects.items()}
        self.scheme.choices = [("", _("Yang sesuai dengan periodenya")), *schemes]
        self.formats.choices = [(f.value, f.label) for f in formats]
        self.language.choices = [("id", _("Indonesia")), ("en", _("Inggris"))]

    @property
    def kind(self) -> SpanKind:
        """How long the stretch is; a quarter where the form does not say."""
        try:
            return SpanKind(self.jangka.data or "")
        except ValueError:
            return SpanKind.QUARTER

    def chosen_span(self) -> Span | None:
        """The stretch, or None with a message beside the field that needs mending."""
        kind = self.kind
        if kind in TYPES:
            try:
                found = parse_period(self.period.data or "", TYPES[kind])
            except PeriodError:
                self.fail(self.period, _("Pilih periode dari daftar."))
                return None
            return Span(kind, found.start, found.end)
        if kind is SpanKind.DAY:
            return self._day_of(self.day)
        first, last = self._day_of(self.start), self._day_of(self.until)
        if first is None or last is None:
            return None
        if last.end < first.start:
            self.fail(self.until, _("Tanggal akhir mendahului tanggal awal."))
            return None
        return Span(kind, first.start, last.end)

    def _day_of(self, field: LocalDateField) -> Span | None:
        day: date | None = field.data
        if day is None:
            if not field.errors:
                self.fail(field, _("Isi tanggalnya."))
            return None
        return Span(SpanKind.DAY, day, day)

    def chosen_subject(self) -> tuple[ReportScope, int | None] | None:
        """About whom; None with a message beside the field."""
        word, _colon, number = (self.about.data or "").partition(":")
        try:
            scope = ReportScope(word)
        except ValueError:
            scope = None
        if scope is ReportScope.OFFICE and not number:
            return scope, None
        if scope is not None and number.isascii() and number.isdigit() and len(number) < 19:
            return scope, int(number)
        self.fail(self.about, _("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))
        return None


class LetterheadForm(BaseForm):
    """Kop surat and what stands below letters."""

    ministry = StringField(_l("Kementerian atau lembaga"), [MaxLength(160)])
    directorate = StringField(_l("Direktorat jenderal"), [MaxLength(160)])
    region = StringField(_l("Kantor wilayah"), [MaxLength(160)])
    office_line = StringField(_l("Nama kantor pada kop"), [MaxLength(160)])
    address = StringField(_l("Alamat"), [MaxLength(300)])
    phone = StringField(_l("Telepon dan faksimile"), [MaxLength(80)])
    email = StringField(_l("Surel"), [MaxLength(120), EmailShape()])
    site = StringField(_l("Laman"), [MaxLength(120)])
    city = StringField(_l("Kota tempat surat ditandatangani"), [MaxLength(80)])
    rule = ChoiceField(_l("Garis di bawah kop"))
    logo = FileField(_l("Logo"))
    without_logo = BooleanField(_l("Hapus logo yang sekarang"))
    signer_name = StringField(_l("Nama penanda tangan"), [MaxLength(120)])
    signer_title = StringField(_l("Jabatan penanda tangan"), [MaxLength(160)])
    signer_number = StringField(_l("NIP penanda tangan"), [MaxLength(30)])
    contact = StringField(_l("Narahubung siaran pers"), [MaxLength(300)])
    boilerplate = TextAreaField(_l("Tentang kantor (di bawah siaran pers)"), [MaxLength(1000)])
    row_version = IntegerField(validators=[Optional()])

    def offer(self) -> None:
        """Word the choices in the reader's language."""
        self.rule.choices = [("double", _("Ganda")), ("single", _("Tunggal")), ("none", _("Tanpa garis"))]

    @property
    def content(self) -> LetterheadContent:
        """What was filled in."""
        return LetterheadContent(**{f.name: self[f.name].data or "" for f in fields(LetterheadContent)})
