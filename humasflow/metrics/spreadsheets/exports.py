"""Tables as the services themselves export them: Meta Business Suite, TikTok Studio and YouTube Studio, in English and
Indonesian. They are put into our own headings; every other table passes as it is. Pure.

The line of each row stays what it is in the file, so that findings name it: what is left out becomes an empty line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.metrics.spreadsheets.cells import Cell

LOOK_FOR_HEADINGS: Final = 10


@dataclass(frozen=True, slots=True)
class Export:
    """A service's table. ``known_by``: headings that all have to be there, each in any of its languages; ``columns``:
    our heading for each of theirs; what is not among them is left out, because it means something else there (new
    followers of one post are not the followers of an account).
    """

    name: str
    known_by: tuple[frozenset[str], ...]
    columns: Mapping[str, str]
    address: str = ""  # makes an address of what the column "url" has, where that is a bare id


def _any(*headings: str) -> frozenset[str]:
    return frozenset(headings)


EXPORTS: Final = (
    Export(
        "Meta Business Suite",
        (
            _any("post id", "id postingan", "id unggahan"),
            _any("permalink", "tautan permanen", "permalink postingan"),
            _any("publish time", "waktu penerbitan", "waktu publikasi", "waktu terbit"),
        ),
        {
            "permalink": "url", "tautan permanen": "url", "permalink postingan": "url",
            "likes": "likes", "reactions": "likes", "suka": "likes", "tanda suka": "likes", "reaksi": "likes",
            "comments": "comments", "komentar": "comments", "shares": "shares", "bagikan": "shares",
            "dibagikan": "shares", "jumlah dibagikan": "shares", "saves": "saves", "disimpan": "saves",
            "simpanan": "saves", "simpan": "saves", "total clicks": "clicks", "total klik": "clicks",
            "jumlah klik": "clicks", "views": "views", "tayangan": "views", "penayangan": "views", "reach": "reach",
            "jangkauan": "reach", "impressions": "impressions", "impresi": "impressions",
        },
    ),
    Export(
        "TikTok Studio",
        (
            _any("video link", "link video", "tautan video"),
            _any("video title", "judul video"),
            _any("total likes", "total suka", "total tanda suka", "jumlah suka"),
        ),
        {
            "video link": "url", "link video": "url", "tautan video": "url",
            "total likes": "likes", "total suka": "likes", "total tanda suka": "likes", "jumlah suka": "likes",
            "total comments": "comments", "total komentar": "comments", "jumlah komentar": "comments",
            "total shares": "shares", "total dibagikan": "shares", "total pembagian": "shares",
            "jumlah dibagikan": "shares", "total views": "views", "total tayangan": "views",
            "total penayangan": "views", "total tayangan video": "views", "jumlah penayangan": "views",
        },
    ),
    Export(
        "YouTube Studio",
        (
            _any("content", "konten", "video"),
            _any("video title", "judul video"),
            _any("video publish time", "waktu publikasi video", "waktu penayangan video", "waktu video dipublikasikan"),
        ),
        {
            "content": "url", "konten": "url", "video": "url",
            # "Tayangan" is how often the thumbnail was shown; who watched is "Penayangan".
            "views": "views", "penayangan": "views", "impressions": "impressions", "tayangan": "impressions",
            "impresi": "impressions", "likes": "likes", "suka": "likes", "comments added": "comments",
            "komentar ditambahkan": "comments", "komentar yang ditambahkan": "comments", "comments": "comments",
            "shares": "shares", "berbagi": "shares", "dibagikan": "shares", "unique viewers": "reach",
            "penonton unik": "reach",
        },
        address="https://www.youtube.com/watch?v={}",
    ),
)  # fmt: skip
_NUMBERS: Final = ("likes", "comments", "shares", "saves", "clicks", "views", "reach", "impressions")
_TOTAL: Final = frozenset({"total", "jumlah", "keseluruhan"})
_VIDEO_ID: Final = re.compile(r"[A-Za-z0-9_-]{11}")


def as_ours(cells: Sequence[Sequence[Cell]]) -> tuple[Sequence[Sequence[Cell]], str]:
    """The table with our headings, and the name of the service; the table itself and "" for any other.

    The row of totals is left out. Of a post that two accounts share, which stands there once for each, the row with
    the larger numbers stays.
    """
    for number, row in enumerate(cells[:LOOK_FOR_HEADINGS]):
        headings = [_plain(cell) for cell in row]
        for export in EXPORTS:
            if all(any(h in names for h in headings) for names in export.known_by):
                return _translated(cells, number, headings, export), export.name
    return cells, ""


def _translated(
    cells: Sequence[Sequence[Cell]], start: int, headings: Sequence[str], export: Export
) -> list[list[Cell]]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if ours := export.columns.get(heading):
            places.setdefault(ours, place)
    names = ["url", *(n for n in _NUMBERS if n in places)]
    rows: list[list[Cell]] = [[] for _line in cells[:start]]
    rows.append(list(names))
    best: dict[str, int] = {}
    for line, row in enumerate(cells[start + 1 :], start=start + 1):
        made = [row[places[n]] if n in places and places[n] < len(row) else "" for n in names]
        made[0] = _address(str(made[0]).strip(), export)
        rows.append(
            [] if _plain(row[0] if row else "") in _TOTAL or not any(str(c).strip() for c in made) else made
        )
        key = _key(str(made[0]))
        if not rows[-1] or key is None:
            continue
        other = best.get(key)
        if other is None or _weight(made) > _weight(rows[other]):
            if other is not None:
                rows[other] = []
            best[key] = line
        else:
            rows[-1] = []
    return rows


def _address(text: str, export: Export) -> str:
    if export.address and _VIDEO_ID.fullmatch(text):
        return export.address.format(text)
    return text


def _key(address: str) -> str | None:
    try:
        return canonical_url(address)
    except NotHttpUrl:
        return None


def _weight(row: Sequence[Cell]) -> int:
    """How much a row says: all its digits together, which compares two rows of one post."""
    return sum(int(re.sub(r"\D", "", str(c).removesuffix(".0")) or 0) for c in row[1:])


def _plain(cell: Cell) -> str:
    return re.sub(r"[^a-z0-9]+", " ", str(cell).lower()).strip()
