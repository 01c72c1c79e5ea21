"""Dates and numbers as people write them."""

import pytest

from humasflow.imports.values import read_clock, read_moment, read_number, read_zone


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31/12/20", "2020-12-31 12:00"), ("31-12-2020", "2020-12-31 12:00"), ("31.12.2020", "2020-12-31 12:00"),
        ("31 Des 2020", "2020-12-31 12:00"), ("31-Des-20", "2020-12-31 12:00"), ("31des2020", "2020-12-31 12:00"),
        ("31 Desember 2020 pukul 08.30", "2020-12-31 08:30"),
        ("Kamis, 31 Desember 2020 pukul 08.30 WIB", "2020-12-31 08:30"), ("1 Agt 21, 10.00", "2021-08-01 10:00"),
        ("Jum'at 1 Mei 2020", "2020-05-01 12:00"), ("2020-12-31", "2020-12-31 12:00"),
        ("2020-12-31T08:30:00", "2020-12-31 08:30"), ("2020-12-31 08:30:00.000", "2020-12-31 08:30"),
        ("3/1/2020 09.00", "2020-01-03 09:00"), ("31 December 2020 8:30 PM", "2020-12-31 20:30"),
        ("44196", "2020-12-31 12:00"), ("44196,354167", "2020-12-31 08:30"), ("44196.5", "2020-12-31 12:00"),
        ("31-02-2020", None), ("12/31/2020", None), ("kemarin", None), ("", None), ("0", None), ("2020", None),
        ("1" * 300, None), ("31/12/2020 25.00", None), ("3/1/202", None),
        ("31-12-1020", None), ("0020-12-31", None), ("1/1/1970", "1970-01-01 12:00"), ("25568", None),
    ],
)  # fmt: skip
def test_dates(text: str, moment: str | None) -> None:
    found = read_moment(text)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == moment


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", "60"), ("1.250", "1250"), ("1.250,5", "1250.5"), ("12,5", "12.5"), ("60%", "60"), ("60.0", "60.0"),
        ("Rp 1.000.000", "1000000"), ("1,234.5", "1234.5"), ("-3", "-3"), ("tiga", None), ("", None), ("1e9", None),
        ("NaN", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str | None) -> None:
    found = read_number(text)
    assert (str(found) if found is not None else None) == number


def test_clocks_and_zones() -> None:
    assert [str(read_clock(t)) for t in ("09:30", "pukul 9.30 WIB", "0,3958333", "25.00", "pagi")] == [
        "09:30:00", "09:30:00", "09:30:00", "None", "None",
    ]  # fmt: skip
    told = (
        "pukul 9",
        "9",
        "09.30-11.00 WIB",
        "7 malam",
        "1 siang",
        "12 malam",
        "9 am",
        "12 pm",
        "9.3",
        "pukul",
        "99",
    )
    assert [str(read_clock(t)) for t in told] == [
        "09:00:00", "09:00:00", "09:30:00", "19:00:00", "13:00:00", "00:00:00", "09:00:00", "12:00:00", "None", "None",
        "None",
    ]  # fmt: skip
    assert [read_zone(t) for t in ("3 Januari 2020 pukul 09.00 WITA", "3/1/2020")] == ["WITA", ""]
