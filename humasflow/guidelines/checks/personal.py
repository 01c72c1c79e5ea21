"""Numbers that identify a person or reach into a purse: NIK, NPWP, bank accounts, telephones.

A number is recognised by its structure and, where the structure says too little, by the words before it. What is
flagged is the number alone, so that setting one aside says nothing about another.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers
from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Options, Passage, Reading

_GAP: Final = r"[ .\u00a0\u2010-\u2013-]"
# Digits with single gaps, the widest that any number below may be.
_RUN: Final = re.compile(r"[0-9](?:[ .\u00a0\u2010-\u2013-]?[0-9]){7,}")
_NOT_IN_NUMBER: Final = rf"(?<![0-9])(?<![0-9]{_GAP})"
_NOT_LONGER: Final = rf"(?!{_GAP}?[0-9])"

_SIXTEEN: Final = re.compile(
    rf"{_NOT_IN_NUMBER}(?:[0-9]{{16}}|[0-9]{{4}}(?:{_GAP}[0-9]{{4}}){{3}}|[0-9]{{6}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4}}"
    rf"|[0-9]{{2}}(?:{_GAP}[0-9]{{2}}){{2}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4}}){_NOT_LONGER}"
)
_FIFTEEN: Final = re.compile(
    rf"{_NOT_IN_NUMBER}(?:[0-9]{{2}}\.?[0-9]{{3}}\.?[0-9]{{3}}\.[0-9][-.][0-9]{{3}}\.?[0-9]{{3}}|[0-9]{{15}}){_NOT_LONGER}"
)
_ACCOUNT: Final = re.compile(rf"{_NOT_IN_NUMBER}[0-9](?:[ .\u00a0-]?[0-9]){{7,19}}{_NOT_LONGER}")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_MONEY_BEFORE: Final = re.compile(r"(?:Rp|IDR|USD|US\$|\$)\.?\s?$", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(
    r"\s?(?:,-|rupiah|juta|miliar|triliun|ribu|persen|%|orang|meter|hektare|m2|km)", re.IGNORECASE
)

# Provinces of the population register: the first two digits of a NIK.
_PROVINCES: Final = frozenset(
    (
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    )
)

_NIK_WORDS: Final = re.compile(
    r"\b(?:NIK|KTP|KK|nomor induk kependudukan|kartu (?:keluarga|tanda penduduk))\b", re.IGNORECASE
)
_NPWP_WORDS: Final = re.compile(r"\b(?:NPWP|NPWPD|nomor pokok wajib pajak)\b", re.IGNORECASE)
_ACCOUNT_WORDS: Final = re.compile(
    r"\b(?:rekening|no\.? ?rek\b|norek|a\.?c\.?\s?no|virtual account|nomor va\b)", re.IGNORECASE
)
_BANK_WORDS: Final = re.compile(r"\b(?:bank|BCA|BRI|BNI|BTN|BSI|Mandiri|CIMB|Danamon|Permata)\b")
# Not inside another number or address, except the addresses that open a chat.
_PHONE_START: Final = re.compile(
    r"(?:(?<![0-9A-Za-z.,/-])|(?<=wa\.me/)|(?<=phone=))(?:\+|\(0|\(\+|0[1-9]|62[1-9])"
)
_PHONE: Final = re.compile(r"[+(]{0,2}[0-9][0-9 ().\u00a0\u2010-\u2013-]{6,22}[0-9]")
_DOCUMENT: Final = re.compile(r"\b(?:nomor|no\.|NIP|surat|lot|kode|ISBN|ISSN)\s*:?\s*$", re.IGNORECASE)
_PHONE_WORDS: Final = re.compile(
    r"\b(?:(?:meng)?hubungi|telepon|telp|tel\.|HP|handphone|ponsel|seluler|WA|WhatsApp|kontak|call center|hotline|"
    r"faks\w*)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"\n|[.!?]\s+(?=[A-Z“\"])")
_CLOSE: Final = 60  # characters before a number, in its sentence, in which a word says what it is


def _numbers(reading: Reading, shape: re.Pattern[str]) -> Iterator[tuple[Passage, re.Match[str]]]:
    """Numbers of a shape. The slow shapes are tried only where digits follow each other at all."""
    for passage in reading.public:
        for run in _RUN.finditer(passage.text):
            for match in shape.finditer(passage.text, run.start(), run.end()):
                yield passage, match


def digits_of(text: str) -> str:
    """The digits alone."""
    return "".join(c for c in text if c in "0123456789")


def _before(passage: Passage, start: int, reach: int = _CLOSE) -> str:
    """What stands before, in the same sentence."""
    return _SENTENCE.split(passage.text[max(0, start - reach) : start])[-1]


def _nearest(before: str, *words: re.Pattern[str]) -> int | None:
    """Which of the word groups stands nearest before the number; None when none does."""
    ends = [max((m.end() for m in pattern.finditer(before)), default=-1) for pattern in words]
    best = max(ends)
    return ends.index(best) if best >= 0 else None


def is_nik(digits: str) -> bool:
    """Whether 16 digits have the structure of a NIK: province, regency, district, day (women + 40), month, number."""
    if len(digits) != 16 or int(digits[:2]) not in _PROVINCES:
        return False
    regency, district, day, month = (int(digits[i : i + 2]) for i in (2, 4, 6, 8))
    return (
        1 <= regency <= 99
        and district >= 1
        and (1 <= day <= 31 or 41 <= day <= 71)
        and 1 <= month <= 12
        and digits[12:] != "0000"
    )


def national_ids(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """A NIK by its structure, or 16 digits that are called one."""
    for passage, match in _numbers(reading, _SIXTEEN):
        called = _nearest(_before(passage, match.start()), _NIK_WORDS, _NPWP_WORDS, _ACCOUNT_WORDS)
        if called == 0 or (called is None and is_nik(digits_of(match[0]))):
            message = _l(
                "Angka ini tampak seperti NIK. Data pribadi seseorang tidak ikut tayang; hapus atau samarkan."
            )
            yield passage.hit(match.start(), match.end(), message)


def tax_ids(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """An NPWP in its written form, or 15 or 16 digits that are called one."""
    for passage, match in (*_numbers(reading, _FIFTEEN), *_numbers(reading, _SIXTEEN)):
        called = _nearest(_before(passage, match.start()), _NPWP_WORDS, _NIK_WORDS, _ACCOUNT_WORDS)
        formatted = len(digits_of(match[0])) == 15 and "." in match[0]
        if called == 0 or (called is None and formatted):
            message = _l("Angka ini tampak seperti NPWP. Hapus atau samarkan sebelum tayang.")
            yield passage.hit(match.start(), match.end(), message)


def bank_accounts(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """8 to 20 digits soon after a word for an account; after the bare name of a bank 10 at least."""
    for passage, match in _numbers(reading, _ACCOUNT):
        digits, before = digits_of(match[0]), _before(passage, match.start())
        account = _ACCOUNT_WORDS.search(before) is not None
        called = _nearest(before, _BANK_WORDS, _ACCOUNT_WORDS, _NIK_WORDS, _NPWP_WORDS, _PHONE_WORDS)
        if called not in (0, 1) or (not account and len(digits) < 10):
            continue
        if _is_amount(passage, match) or (not account and _is_phone(match[0])):
            continue
        message = _l("Angka ini tampak seperti nomor rekening. Pastikan memang untuk umum, atau hapus.")
        yield passage.hit(match.start(), match.end(), message)


def _is_amount(passage: Passage, match: re.Match[str]) -> bool:
    """Money, or a count of something."""
    return bool(
        _MONEY_BEFORE.search(passage.text[max(0, match.start() - 6) : match.start()])
        or _MONEY_AFTER.match(passage.text, match.end())
        or _THOUSANDS.fullmatch(match[0])
    )


def phone_numbers(reading: Reading, house: House, _options: Options) -> Iterator[Hit]:
    """A telephone number that could be dialled, outside the contact of a press release. Numbers of the office stand in
    its glossary and are never flagged.
    """
    allowed = {n for word in house.glossary for n in _written(word)}
    for passage in reading.public:
        if passage.field == "contact":
            continue
        taken = -1
        for start in _PHONE_START.finditer(passage.text):
            if start.start() < taken:
                continue
            match = _PHONE.match(passage.text, start.start())
            if (
                match is None
                or _is_amount(passage, match)
                or _DOCUMENT.search(_before(passage, match.start(), 16))
            ):
                continue
            before = _before(passage, match.start())
            if _nearest(before, _PHONE_WORDS, _ACCOUNT_WORDS, _NIK_WORDS, _NPWP_WORDS) not in (None, 0):
                continue
            number = _dialled(match[0])
            if number is None:
                continue
            typed = number[0]
            taken = match.start() + len(typed)
            if not allowed.isdisjoint(_written(typed)):
                continue
            message = _l(
                "Angka ini tampak seperti nomor telepon. Nomor kantor dapat dicatat di kamus kantor; nomor pribadi "
                "dihapus."
            )
            yield passage.hit(match.start(), taken, message)


def _written(text: str) -> set[str]:
    """The digits of a number as typed and as dialled inside the country; none for what is too short to be one."""
    digits = digits_of(text)
    if len(digits) < 7:
        return set()
    number = _dialled(text)
    return {digits, f"0{number[1]}"} if number else {digits}


def _dialled(text: str) -> tuple[str, int] | None:
    """The part of a text that is a valid number, and its national number; shorter parts are tried at the gaps."""
    for candidate in _shorter(text):
        try:
            number = phonenumbers.parse(candidate if candidate[0] != "6" else f"+{candidate}", "ID")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return candidate, number.national_number or 0
    return None


def _shorter(text: str) -> Sequence[str]:
    """The text, and what is left of it when it is cut at its last gap, down to seven digits."""
    found = [text]
    while len(found) < 4:
        cut = max(found[-1].rfind(sign) for sign in " \u00a0(")
        rest = found[-1][: max(cut, 0)].rstrip(" .-()\u00a0")
        if len(digits_of(rest)) < 7:
            break
        found.append(rest)
    return found


def _is_phone(text: str) -> bool:
    return text.startswith(("0", "62")) and _dialled(text) is not None
