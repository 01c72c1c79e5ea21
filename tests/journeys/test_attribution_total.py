"""What the parts of a publication add up to, on a phone: one line, its name at one end and the number at the other."""

import pytest

from tests.journeys.conftest import Open


@pytest.mark.parametrize("dark", [False, True])
def test_the_sum_is_one_line_on_a_phone(open_as: Open, dark: bool) -> None:
    page = open_as("admin", width=360, dark=dark)
    page.goto("/pengaturan/pembagian")
    row = page.locator(".credited tfoot tr")
    name, number = (row.locator(cell).bounding_box() for cell in ("th", "td"))
    whole, table = row.bounding_box(), page.locator(".credited").bounding_box()
    assert name and number and whole and table
    assert whole["width"] == pytest.approx(table["width"], abs=2), "as wide as the rows above it"
    assert abs(name["y"] - number["y"]) < 8 and name["x"] + name["width"] <= number["x"]
    assert number["x"] + number["width"] == pytest.approx(table["x"] + table["width"], abs=2)
