"""Dates, times, numbers and periods as each language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from flask_babel import force_locale

from humasflow.core.charts.scale import show
from humasflow.core.decimals import write
from humasflow.core.localtime import show_date, show_instant, show_time
from humasflow.core.periods import Month, Quarter, Semester, Week, Year

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
MAKASSAR = "Asia/Makassar"


@pytest.mark.parametrize(
    ("language", "full", "short", "clock", "day"),
    [
        (
            "id", "Sabtu, 21 November 2026 09.00 WITA", "21 Nov 2026 09.00 WITA", "09.00", "Jumat, 1 Mei 2026",
        ),
        (
            "en", "Saturday, 21 November 2026 09:00 WITA", "21 Nov 2026 09:00 WITA", "09:00", "Friday, 1 May 2026",
        ),
    ],
)  # fmt: skip
def test_dates_and_times(app: Flask, language: str, full: str, short: str, clock: str, day: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert show_instant(AT, MAKASSAR, full=True) == full
        assert show_instant(AT, MAKASSAR) == short
        assert show_time(AT, MAKASSAR) == clock
        assert show_date(date(2026, 5, 1), style="EEEE, d MMMM yyyy") == day


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Asia/Jakarta", "23.30 WIB"), ("Asia/Makassar", "00.30 WITA"), ("Asia/Jayapura", "01.30 WIT")],
)
def test_each_zone_has_its_name(app: Flask, zone: str, said: str) -> None:
    with app.test_request_context(), force_locale("id"):
        assert show_time(datetime(2026, 3, 31, 16, 30, tzinfo=UTC), zone, with_zone=True) == said


@pytest.mark.parametrize(
    ("language", "grouped", "million", "share", "minutes"),
    [
        ("id", "1.234,5", "1.000.000", "91,67%", "2,5 menit"),
        ("en", "1,234.5", "1,000,000", "91.67%", "2.5 menit"),
    ],
)
def test_numbers(app: Flask, language: str, grouped: str, million: str, share: str, minutes: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert write(Decimal("1234.5")) == grouped
        assert write(10**6) == million
        assert show(Fraction(275, 3), unit="%") == share  # 10%, without a blank
        assert show(Fraction(5, 2), unit="menit") == minutes


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        (
            "id",
            [
                "Pekan ke-47 2026",
                "November 2026",
                "Triwulan III 2026",
                "TW III 2026",
                "Semester II 2026",
                "Tahun 2026",
            ],
        ),
        (
            "en",
            [
                "Week 47 of 2026",
                "November 2026",
                "Quarter III 2026",
                "Qtr III 2026",
                "Semester II 2026",
                "Year 2026",
            ],
        ),
    ],
)
def test_periods(app: Flask, language: str, labels: list[str]) -> None:
    quarter = Quarter(2026, 3)
    with app.test_request_context(), force_locale(language):
        said = [
            Week(2026, 47).label, Month(2026, 11).label, quarter.label, quarter.short_label, Semester(2026, 2).label,
            Year(2026).label,
        ]  # fmt: skip
    assert said == labels
