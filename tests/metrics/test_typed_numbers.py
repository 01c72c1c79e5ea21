"""What people copy from channels and spreadsheets is one whole number, unknown, or refused with a reason."""

import pytest

from humasflow.metrics.numbers import NotANumber, read_number

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("12", 12), (" 1.234 ", 1234), ("1,234", 1234), ("1 234", 1234), ("1\u00a0234", 1234),
        ("1.234.567", 1234567), ("1,2 rb", 1200), ("1.2K", 1200), ("12rb", 12000), ("3 jt", 3_000_000),
        ("1,25 juta", 1_250_000), ("1,2 miliar", 1_200_000_000), ("120,00", 120), ("120.0", 120),
        ("1.234,00", 1234), ("1,234.00", 1234), ("12.345.678,0", 12_345_678),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, value: int) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "  ", "-", "—", "n/a", "?", "Tidak tersedia"])
def test_unknown_is_none_and_never_zero(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Rp1.234", "uang"), ("Rp 5", "uang"), ("3,5%", "persentase"), ("-3", "kurang dari nol"),
        ("1,2 M", "juta atau miliar"), ("1.234 rb", "dua cara"), ("1,234 jt", "dua cara"), ("3m", "juta atau miliar"), ("1,5", "bukan bilangan bulat"), ("1.23", "bukan bilangan bulat"), ("banyak", "bukan angka"),
        ("1.2345 rb", "bukan"), ("1,2345 rb", "bukan"), ("1e9", "bukan angka"), ("=1+1", "bukan angka"),
        ("12.34.56", "bukan"), ("9999999999999", "terlalu besar"), ("٣", "bukan angka"), ("9" * 400, "bukan"),
        ("1.234,5", "bukan bilangan bulat"), ("1,234.5", "bukan bilangan bulat"), ("1.23,00", "bukan"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_named(text: str, says: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_number(text)
    assert says in str(refused.value)
    assert text.strip()[:30] in str(refused.value)
