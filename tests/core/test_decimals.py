"""Numbers are written as Babel writes them, whether it was asked or not."""

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale, format_decimal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.core.decimals import write

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-2000, max_value=2000, places=4)


@pytest.mark.parametrize("language", ["id", "en"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # nothing is written to it
@given(value=NUMBERS | st.integers(-(10**9), 10**9), least=st.integers(0, 3), more=st.integers(0, 4))
def test_it_is_what_babel_writes(
    app: Flask, language: str, value: Decimal | int, least: int, more: int
) -> None:
    decimals = "0" * least + "#" * more
    with app.test_request_context(), force_locale(language):
        expected = format_decimal(value, format="#,##0" + ("." + decimals if decimals else ""))
        assert write(value, least=least, most=least + more) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("66.70"), "66,7"), (Decimal("1E+2"), "100"), (Decimal("999.9999999"), "1.000"), (1234, "1.234"),
        (Decimal("-0.5"), "-0,5"), (0, "0"), (Decimal("0.00"), "0"),
    ],
)  # fmt: skip
def test_odd_ones(app: Flask, value: Decimal | int, said: str) -> None:
    with app.test_request_context(), force_locale("id"):
        assert write(value) == said
