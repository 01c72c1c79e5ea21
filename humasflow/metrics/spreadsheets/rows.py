"""What the cells of a file say of which publication. Pure but for the words of its findings."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from humasflow.channels.adapters.base import METRICS
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.metrics.numbers import NotANumber, read_number
from humasflow.metrics.spreadsheets.cells import Cell, Unreadable

# Headings as offices and channels write them, in both languages; compared without case and punctuation.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("ID", "no publikasi", "publication id"),  # not "nomor", which counts the rows of most sheets
    "url": ("Tautan", "url", "link", "alamat", "permalink", "post url", "post link", "permanent link"),
    "likes": ("Suka", "likes", "like", "reactions", "reaksi", "post likes"),
    "comments": ("Komentar", "comments", "comment", "replies", "balasan"),
    "shares": ("Dibagikan", "shares", "share", "bagikan", "reposts", "retweets"),
    "saves": ("Disimpan", "saves", "save", "saved", "simpan", "bookmarks"),
    "clicks": ("Klik", "clicks", "link clicks", "klik tautan"),
    "views": ("Tayangan", "views", "view", "plays", "ditonton", "penayangan", "video views"),
    "reach": ("Jangkauan", "reach", "post reach", "accounts reached", "akun yang dijangkau"),
    "impressions": ("Impresi", "impressions", "impression"),
    "followers": ("Pengikut", "followers", "follower", "subscribers", "pelanggan"),
}
LOOK_FOR_HEADINGS: Final = 10
"""Rows: a title, a date or a note may stand above the headings."""
LONGEST_HEADING: Final = 80
MAX_ROWS: Final = 2_000
"""Publications in one file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps a row from being taken: its line, the column by its heading ("" for the whole row), and why."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A row that can be taken: its line, the publication, and the numbers that it has."""

    line: int
    delivery_id: int
    numbers: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was understood. ``columns``: our names with the headings found; ``empty``: rows without a number."""

    columns: Mapping[str, str]
    rows: Sequence[Read]
    findings: Sequence[Finding]
    empty: int


def read_sheet(
    cells: Sequence[Sequence[Cell]], by_url: Mapping[str, int], ids: Mapping[int, str | None]
) -> Sheet:
    """The numbers in a table. ``by_url``: publications by canonical address; ``ids``: those that may be named by
    number, with their address. A row is taken whole or not at all, and not where its ID and its address name different
    publications. Raises Unreadable where no heading fits, and for more than :data:`MAX_ROWS` rows.
    """
    found = find_headings(cells)
    if found is None:
        raise Unreadable(_unknown_headings())
    start, places = found
    if sum(any(str(cell).strip() for cell in row) for row in cells[start + 1 :]) > MAX_ROWS:
        raise Unreadable(
            _("Paling banyak %(n)s publikasi dalam satu berkas, tanpa menghitung judul kolom.", n=MAX_ROWS)
        )
    headings = {name: str(cells[start][place]) for name, place in places.items()}
    rows: list[Read] = []
    findings: list[Finding] = []
    seen: dict[int, int] = {}
    empty = 0
    for line, row in enumerate(cells[start + 1 :], start=start + 2):
        numbers, wrong = _numbers(row, places, headings, line)
        if not wrong and all(value is None for value in numbers.values()):
            empty += any(str(c).strip() for c in row)
            continue
        ident = _publication(row, places, by_url, ids)
        if ident is None:
            wrong.append(Finding(line, "", _("Publikasinya tidak ditemukan. Periksa ID atau tautannya.")))
        elif ident in seen:
            wrong.append(Finding(line, "", _("Publikasi ini sudah ada pada baris %(n)s.", n=seen[ident])))
        if wrong or ident is None:
            findings += wrong
            continue
        seen[ident] = line
        rows.append(Read(line, ident, numbers))
    return Sheet(headings, rows, findings, empty)


def find_headings(cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    """Which row the headings are, and the column of each of our names: the first row that names a publication and a
    number; None where there is none.
    """
    for number, row in enumerate(cells[:LOOK_FOR_HEADINGS]):
        places = places_of(row)
        if ("id" in places or "url" in places) and any(name in places for name in METRICS):
            return number, places
    return None


def places_of(row: Sequence[Cell]) -> dict[str, int]:
    """Which column of a heading row is which of our names; the first one that fits."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if name := _our_name(str(cell)):
            found.setdefault(name, place)
    return found


def _our_name(heading: str) -> str | None:
    """Our name for a heading in any case, with any spaces and signs: ``Jumlah Suka (Likes)``, ``POST_URL``, ``Reach*``.
    An address is none, whatever words are in it.
    """
    if len(heading) > LONGEST_HEADING or "://" in heading:
        return None
    outside = re.sub(r"\(.*?\)|\[.*?\]", " ", heading)
    inside = re.findall(r"[(\[](.*?)[)\]]", heading)
    for part in (heading, outside, *re.split(r"[/|]", outside), *inside):
        words = _plain(part)
        if name := _NAMES.get(words) or _NAMES.get(_COUNTED.sub("", words)):
            return name
    return None


def _unknown_headings() -> str:
    return _(
        "Judul kolomnya tidak dikenali. Perlu kolom ID atau Tautan, dan sedikitnya satu kolom angka: %(names)s.",
        names=", ".join(HEADINGS[name][0] for name in METRICS),
    )


def _numbers(
    row: Sequence[Cell], places: Mapping[str, int], headings: Mapping[str, str], line: int
) -> tuple[dict[str, int | None], list[Finding]]:
    numbers: dict[str, int | None] = {}
    wrong: list[Finding] = []
    for name in METRICS:
        place = places.get(name)
        if place is None or place >= len(row):
            continue
        cell = row[place]
        try:
            # A number with a fraction is one in the file; written out, 1.234 would look like 1234.
            numbers[name] = read_number(cell if isinstance(cell, str) else f"{cell:.4f}".replace(".", ","))
        except NotANumber as error:
            wrong.append(Finding(line, headings[name], str(error)))
    return numbers, wrong


def _publication(
    row: Sequence[Cell], places: Mapping[str, int], by_url: Mapping[str, int], ids: Mapping[int, str | None]
) -> int | None:
    def cell(name: str) -> str:
        place = places.get(name)
        return str(row[place]).strip() if place is not None and place < len(row) else ""

    number, typed = cell("id"), cell("url")
    try:
        address = canonical_url(typed) if typed else None
    except NotHttpUrl:
        return None
    if not number:
        return by_url.get(address) if address else None
    if not (number.isascii() and number.isdigit() and len(number) < 19) or int(number) not in ids:
        return None
    own = ids[int(number)]
    return None if address and own and address != own else int(number)


def _plain(heading: str) -> str:
    """Small letters and digits with single spaces between; letters of any width, ``postUrl`` as two words."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading))
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


_COUNTED: Final = re.compile(r"^(?:(?:jumlah|jml|banyaknya|total|number of|count of) )+")
_NAMES: Final = {_plain(alias): name for name, aliases in HEADINGS.items() for alias in aliases}
