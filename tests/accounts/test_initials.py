"""The two letters in the circle: of the name, not of the degrees around it."""

import pytest

from humasflow.accounts.models import initials_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Rina Sari", "RS"),
        ("Prof. Dr. Ir. Hj. Siti Nur Aminah, S.E., M.Si., Ak., CA", "SA"),
        ("Drs. Bagas Hermansyah", "BH"),
        ("Yohana", "Y"),
        ("Yosef N.", "YN"),
        ("Dr.", "D"),
        (", S.H.", "?"),
        ("", "?"),
    ],
)
def test_degrees_are_no_part_of_the_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters
