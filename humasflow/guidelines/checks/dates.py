"""Dates and times as reports name them."""

import re
from typing import Final

MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
MONTH: Final = "|".join(MONTHS)

# A day somebody could look up, or one that the day of publication makes clear.
WHEN: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:\s*[-–]\s*\d{{1,2}})?\s+(?:{MONTH})\b|\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\b"
    rf"|(?:{MONTH})\s+\d{{4}}|(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)\b"
    r"|hari ini|kemarin|besok|lusa|tadi (?:pagi|siang|sore|malam)|(?:pekan|minggu|bulan|tahun) (?:ini|lalu|depan)"
    r"|pukul \d|sepanjang (?:tahun|bulan|\d)|(?:tahun|semester|triwulan|kuartal) [\dIVX]+)",
    re.IGNORECASE,
)
