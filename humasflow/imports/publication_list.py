"""The columns of a publication list, and what one row says. Pure, except that messages are translated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from humasflow.core.localtime import ZONE_LABELS
from humasflow.core.urls import is_http_url
from humasflow.imports.tables import Row, looks_like_formula

COLUMNS: Mapping[str, Sequence[str]] = {
    "tanggal_tayang": ("tanggal_tayang", "tanggal", "waktu", "tgl", "tanggal dan waktu", "published"),
    "zona": ("zona", "zona waktu", "zone", "timezone"),
    "kanal": ("kanal", "media", "channel", "platform"),
    "jenis": ("jenis", "jenis konten", "kategori", "type"),
    "judul": ("judul", "judul berita", "title"),
    "url": ("url", "tautan", "link", "alamat"),
}
_ZONES = {label: name for name, label in ZONE_LABELS.items()}
_DATE = re.compile(
    r"(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})(?:[ T]+(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.]\d{2})?)?"
)


@dataclass(frozen=True)
class PastPublication:
    """One row, understood."""

    line: int
    published_at: datetime  # UTC
    channel: str
    content_type: str
    title: str
    url: str


def understand(row: Row, *, now: datetime) -> PastPublication | list[str]:
    """The publication a row describes, or every reason why it cannot be taken."""
    problems: list[str] = []
    cells = row.cells
    published_at = _instant(cells["tanggal_tayang"], cells["zona"], problems)
    if published_at is not None and published_at > now:
        problems.append(_("tanggal tayang ada di masa depan"))
    title = cells["judul"]
    if not title:
        problems.append(_("judul kosong"))
    elif looks_like_formula(title):
        problems.append(_("judul diawali “%(sign)s” seperti rumus", sign=title[0]))
    elif len(title) > 200:
        problems.append(_("judul lebih dari 200 karakter"))
    if not is_http_url(cells["url"]):
        problems.append(_("url kosong atau bukan alamat web"))
    problems += [_("%(column)s kosong", column=column) for column in ("kanal", "jenis") if not cells[column]]
    if problems or published_at is None:
        return problems
    return PastPublication(row.line, published_at, cells["kanal"], cells["jenis"], title, cells["url"])


def _instant(text: str, zone: str, problems: list[str]) -> datetime | None:
    name = _ZONES.get(zone.strip().upper())
    if name is None:
        problems.append(
            _("zona kosong; isi WIB, WITA, atau WIT")
            if not zone
            else _("zona “%(zone)s” bukan WIB, WITA, atau WIT", zone=zone[:20])
        )
    moment = _wall_clock(text)
    if moment is None:
        problems.append(
            _("tanggal “%(text)s” tidak ada di kalender", text=text[:30]) if text else _("tanggal kosong")
        )
    if name is None or moment is None:
        return None
    return moment.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)


def _wall_clock(text: str) -> datetime | None:
    """``2020-01-03 09:00``, ``03-01-2020 09.00`` or ``3/1/2020``; without a time, noon."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    a, b, c = match["a"], match["b"], match["c"]
    year, month, day = (a, b, c) if len(a) == 4 else (c, b, a)
    try:
        clock = time(int(match["h"]), int(match["m"])) if match["h"] else time(12)
        return datetime.combine(date(int(year), int(month), int(day)), clock)
    except ValueError:
        return None
