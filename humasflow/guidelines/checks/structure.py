"""The frame of a text: its headline, what it answers, and the head of a press release."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Manuscript, Options, Reading
from humasflow.guidelines.checks.dates import MONTH, MONTHS, WHEN
from humasflow.guidelines.checks.words import phrases, word_list
from humasflow.guidelines.enums import Question

# Headline


def headline_length(reading: Reading, _house: House, options: Options) -> Iterator[Hit]:
    """Longer or shorter than the office wants; counted in characters."""
    title = reading.manuscript.title
    size, least, most = len(title), int(options["min"]), int(options["max"])
    if size > most:
        message = _l(
            "Judul %(size)s karakter; paling panjang %(limit)s. Kurangi %(over)s.",
            size=size, limit=most, over=size - most,
        )  # fmt: skip
    elif 0 < size < least:
        message = _l(
            "Judul %(size)s karakter; paling pendek %(limit)s supaya pembaca tahu isinya.",
            size=size,
            limit=least,
        )
    else:
        return
    yield Hit("title", 0, size, message)


# What a report answers

_FEW_WORDS: Final = 12  # below this there is nothing to judge yet
_OPENING: Final = 4  # blocks of the body in which who, when and where are expected

_NAME: Final = re.compile(r"(?<=[^.!?“\"\s] )[A-Z][a-z'’]+(?: [A-Z][a-z'’.]+)+|\b[A-Z]{3,}\b")
_BODIES: Final = re.compile(
    r"\b(?:masyarakat|satuan kerja|satker|panitia|tim|kantor|kementerian|dinas|badan|perwakilan)\b",
    re.IGNORECASE,
)
_SOMEWHERE: Final = re.compile(
    r"\b(?:di|ke|dari)\s+(?:[A-Z]|aula|ruang|gedung|kantor|balai|lapangan|halaman|desa|kota|kabupaten|hotel|lokasi|"
    r"loket|kampus|sekolah|pasar|pusat)|\b(?:secara|melalui|lewat) (?:daring|virtual|zoom)\b|\bbertempat\b|\bdaring\b"
)
_WHY: Final = re.compile(
    r"\b(?:karena|sebab|agar|supaya|guna|untuk|demi|bertujuan|tujuan\w*|dalam rangka|sehingga|alasan\w*|mengingat|"
    r"lantaran|menindaklanjuti|sebagai (?:upaya|bentuk|wujud|tindak lanjut)|dilatarbelakangi|memperingati)\b",
    re.IGNORECASE,
)
_HOW: Final = re.compile(
    r"\b(?:dengan|melalui|secara|lewat|caranya|cara|langkah\w*|tahap\w*|mekanisme|prosedur|proses\w*|diawali|"
    r"dilanjutkan|menggunakan|berupa|terdiri|kemudian|selanjutnya|dibuka|ditutup|dimulai|metode)\b",
    re.IGNORECASE,
)
_PLAIN_WORD: Final = re.compile(r"\w{2,}")


def _asked(question: Question) -> Any:
    return {
        Question.WHAT: _l("Yang terjadi (apa) belum terbaca: lengkapi judul dan teras."),
        Question.WHO: _l("Pelakunya (siapa) belum disebut di awal teks atau pada isian tokoh."),
        Question.WHEN: _l("Waktunya (kapan) belum disebut di awal teks atau pada isian tanggal kegiatan."),
        Question.WHERE: _l("Tempatnya (di mana) belum disebut di awal teks atau pada isian tempat."),
        Question.WHY: _l("Alasan atau tujuannya (mengapa) belum terbaca di dalam teks."),
        Question.HOW: _l("Jalannya peristiwa (bagaimana) belum terbaca di dalam teks."),
    }[question]


def _names_somebody(text: str) -> bool:
    return any(shape.search(text) for shape in (phrases("people.txt"), _BODIES, _NAME))


def five_w(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """What, who, when, where, why and how: each that neither the facts nor the text answers.

    Heuristic on purpose and never heavier than the office makes it: who, when and where are looked for at the
    beginning, as a report puts them there; why and how anywhere.
    """
    m = reading.manuscript
    opening = " \n ".join([m.title, m.lead, m.dateline, *reading.blocks[:_OPENING]])
    everything = f"{m.lead}\n{reading.body}"
    if sum(1 for _word in _PLAIN_WORD.finditer(everything[:2000])) < _FEW_WORDS:
        return
    answers: dict[Question, Callable[[], Any]] = {
        Question.WHAT: lambda: m.title.strip() and (m.lead.strip() or reading.blocks),
        Question.WHO: lambda: m.people.strip() or _names_somebody(opening),
        Question.WHEN: lambda: m.event_date or WHEN.search(opening),
        Question.WHERE: lambda: m.place.strip() or m.dateline.strip() or _SOMEWHERE.search(opening),
        Question.WHY: lambda: _WHY.search(everything),
        Question.HOW: lambda: _HOW.search(everything),
    }
    for question, answered in answers.items():
        if not answered():
            yield Hit("lead", 0, 0, _asked(question), about=f"{question.value}:{m.lead}")


# The head of a press release

_PLACE: Final = r"[A-Z][A-Z .'’-]+[A-Z](?:\s\([A-Z .]+\))?"
_HEAD: Final = re.compile(rf"{_PLACE},\s\d{{1,2}}\s(?:{MONTH})\s\d{{4}}\s*[-–—]")
_FIELD: Final = re.compile(rf"{_PLACE},\s\d{{1,2}}\s(?:{MONTH})\s\d{{4}}\s*[-–—]?")
# What people write instead; the beginning that has to be mended.
_ALMOST: Final = re.compile(
    rf"[A-Z][\w .'’-]{{1,40}}?\s*,?\s*(?:\(\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\)"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}}\s(?:{MONTH})(?:\s\d{{4}})?)\s*[-–—:]?",
    re.IGNORECASE,
)


def dateline(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """A press release begins "MAKASSAR, 21 November 2026 –", in its own field or before the first sentence."""
    m = reading.manuscript
    own = _own(m)
    example = own or "MAKASSAR, 21 November 2026 –"
    typed = m.dateline.strip()
    if typed:
        if not _FIELD.fullmatch(typed):
            bare = own.removesuffix(" –") if own else None
            yield Hit("dateline", 0, len(m.dateline), _misshapen(example.removesuffix(" –")), suggestion=bare)
        return
    first = reading.blocks[0] if reading.blocks else ""
    if _HEAD.match(first):
        return
    almost = _ALMOST.match(first)
    if almost:
        yield Hit("body", 0, almost.end(), _misshapen(example), suggestion=own)
    else:
        message = _l("Siaran pers dimulai dengan tempat dan tanggal, contohnya “%(right)s”.", right=example)
        yield Hit("body", 0, 0, message, suggestion=own, about=first[:200] or "-")


def _misshapen(right: str) -> Any:
    return _l(
        "Tulis tempat dengan huruf kapital, tanggal lengkap, lalu tanda pisah, contohnya “%(right)s”.",
        right=right,
    )


def _own(m: Manuscript) -> str | None:
    """Made of the facts; None when they do not name a city ("Aula, Makassar", or a known one alone) and a day."""
    *building, last = (part.strip(" )") for part in re.split(r"[,(]", m.place))
    city = last.upper()
    is_city = bool(building) or last.casefold() in _cities()
    if m.event_date is None or not is_city or not re.fullmatch(_PLACE, city):
        return None
    return f"{city}, {m.event_date.day} {MONTHS[m.event_date.month - 1]} {m.event_date.year} –"


@cache
def _cities() -> frozenset[str]:
    return frozenset(name.casefold() for name in word_list("places-proper.txt"))
