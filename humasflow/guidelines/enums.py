"""Rules, how much a finding weighs, and who ticks an item."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Severity(StrEnum):
    """How much a finding weighs. Only ``block`` keeps a text from being submitted."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SEVERITIES[self])

    @property
    def rank(self) -> int:
        """The heaviest first: 0 blocks."""
        return _RANKS[self]


_SEVERITIES = {Severity.INFO: _l("Saran"), Severity.WARN: _l("Peringatan"), Severity.BLOCK: _l("Penghalang")}
_RANKS = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


class RuleLevel(StrEnum):
    """What an office makes of a rule: off, or the severity of its findings."""

    OFF = "off"
    INFO = "info"
    WARN = "warn"
    BLOCK = "block"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LEVELS[self])

    @property
    def severity(self) -> Severity | None:
        """None when the rule is off."""
        return None if self is RuleLevel.OFF else Severity(self.value)


_LEVELS = {
    RuleLevel.OFF: _l("Tidak diperiksa"),
    RuleLevel.INFO: _l("Saran"),
    RuleLevel.WARN: _l("Peringatan"),
    RuleLevel.BLOCK: _l("Menghalangi pengajuan"),
}


class RuleCode(StrEnum):
    """Every automatic check. What each asks, why and by which source stands in ``checks/catalogue.py``."""

    NIK = "nik"
    NPWP = "npwp"
    BANK_ACCOUNT = "bank_account"
    PHONE = "phone"
    CHILD_FACE = "child_face"
    CONSENT = "consent"
    EXCLUDED_INFORMATION = "excluded_information"
    QUOTE_UNNAMED = "quote_unnamed"
    DATELINE = "dateline"
    HEADLINE_LENGTH = "headline_length"
    FIVE_W = "five_w"
    PHOTO_CREDIT = "photo_credit"
    ALTERNATIVE_TEXT = "alternative_text"
    CHANNEL_LIMIT = "channel_limit"
    ACRONYM = "acronym"
    DOUBLED_WORD = "doubled_word"
    DI_KE = "di_ke"
    SPELLING = "spelling"

    @property
    def label(self) -> str:
        """The rule's name for people."""
        return str(_RULES[self])


_RULES = {
    RuleCode.NIK: _l("Nomor induk kependudukan (NIK)"),
    RuleCode.NPWP: _l("Nomor pokok wajib pajak (NPWP)"),
    RuleCode.BANK_ACCOUNT: _l("Nomor rekening"),
    RuleCode.PHONE: _l("Nomor telepon"),
    RuleCode.CHILD_FACE: _l("Wajah anak"),
    RuleCode.CONSENT: _l("Izin orang dalam foto"),
    RuleCode.EXCLUDED_INFORMATION: _l("Pernyataan informasi yang dikecualikan"),
    RuleCode.QUOTE_UNNAMED: _l("Narasumber kutipan"),
    RuleCode.DATELINE: _l("Tempat dan tanggal siaran pers"),
    RuleCode.HEADLINE_LENGTH: _l("Panjang judul"),
    RuleCode.FIVE_W: _l("Unsur 5W+1H"),
    RuleCode.PHOTO_CREDIT: _l("Kredit foto"),
    RuleCode.ALTERNATIVE_TEXT: _l("Teks alternatif"),
    RuleCode.CHANNEL_LIMIT: _l("Batas kanal"),
    RuleCode.ACRONYM: _l("Kepanjangan singkatan"),
    RuleCode.DOUBLED_WORD: _l("Kata berulang"),
    RuleCode.DI_KE: _l("Penulisan di dan ke"),
    RuleCode.SPELLING: _l("Ejaan baku"),
}


class ItemLevel(StrEnum):
    """Whether a story can be submitted without the item."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ITEM_LEVELS[self])


_ITEM_LEVELS = {ItemLevel.REQUIRED: _l("Wajib"), ItemLevel.RECOMMENDED: _l("Dianjurkan")}


class Ticker(StrEnum):
    """Who may tick an item: a group by permission, or whoever holds a production role on the story."""

    WRITER = "writer"
    APPROVER = "approver"
    ROLE = "role"

    @property
    def label(self) -> str:
        """For people."""
        return str(_TICKERS[self])


_TICKERS = {
    Ticker.WRITER: _l("Redaktur"),
    Ticker.APPROVER: _l("Penyetuju"),
    Ticker.ROLE: _l("Yang ditugasi"),
}


class Consent(StrEnum):
    """Whether the people who can be recognised in a picture agreed to its use."""

    NOT_NEEDED = "not_needed"
    GIVEN = "given"
    MISSING = "missing"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """For people."""
        return str(_CONSENTS[self])


_CONSENTS = {
    Consent.NOT_NEEDED: _l("Tidak diperlukan"),
    Consent.GIVEN: _l("Ada izin"),
    Consent.MISSING: _l("Belum ada izin"),
    Consent.EXPIRED: _l("Izin berakhir"),
}


class Question(StrEnum):
    """What a report answers."""

    WHAT = "what"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW = "how"

    @property
    def label(self) -> str:
        """For people."""
        return str(_QUESTIONS[self])


_QUESTIONS = {
    Question.WHAT: _l("apa"),
    Question.WHO: _l("siapa"),
    Question.WHEN: _l("kapan"),
    Question.WHERE: _l("di mana"),
    Question.WHY: _l("mengapa"),
    Question.HOW: _l("bagaimana"),
}
