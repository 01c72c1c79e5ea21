"""Charts: exact shapes, round ticks, gaps for what is unknown, a table twin with the same numbers."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.charts import (
    LOOKS,
    Bar,
    Label,
    Part,
    Scale,
    Series,
    bar_chart,
    line_chart,
    show,
    ticks_between,
)
from humasflow.core.charts.scale import place
from tests.support.page import Browser

LABELS = [Label("TW I", "2026"), Label("TW II"), Label("TW III")]


@pytest.fixture(autouse=True)
def _in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 92, [0, 25, 50, 75, 100]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 0, [0, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]),
        (-3, 17, [-5, 0, 5, 10, 15, 20]),
        (Decimal("0.001"), Decimal("0.009"), [Fraction(n, 1000) for n in (0, 2, 4, 6, 8, 10)]),
    ],
)
def test_ticks_are_round_and_exact(low: int, high: int, ticks: list[Fraction]) -> None:
    assert list(ticks_between(low, high)) == ticks


def test_what_is_counted_has_whole_ticks() -> None:
    assert list(ticks_between(0, 1, whole=True)) == [0, 1]
    assert list(ticks_between(0, 3, whole=True)) == [0, 1, 2, 3]
    assert list(ticks_between(0, 10, whole=True)) == [0, 5, 10]


@given(
    st.fractions(-(10**9), 10**9, max_denominator=10**6),
    st.fractions(-(10**9), 10**9, max_denominator=10**6),
    st.booleans(),
)
def test_ticks_hold_everything_and_stay_few(one: Fraction, other: Fraction, whole: bool) -> None:
    low, high = min(one, other), max(one, other)
    ticks = ticks_between(low, high, whole=whole)
    assert ticks[0] <= low and ticks[-1] >= high
    assert 2 <= len(ticks) <= 7
    assert len({b - a for a, b in itertools.pairwise(ticks)}) == 1
    assert not whole or all(t.denominator == 1 for t in ticks)


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        line_chart([Series("E", [67.0, None, 1])], LABELS, title="N")  # type: ignore[list-item]
    with pytest.raises(TypeError):
        bar_chart([Bar("A", (Part(0.5),))], title="N")  # type: ignore[arg-type]


def test_numbers_are_written_as_people_read_them() -> None:
    assert show(Decimal("1234.5")) == "1.234,5"
    assert show(Fraction(275, 3), unit="%") == "91,67%"
    assert show(Fraction(-1, 8), places=2) == "-0,13"  # a half goes away from zero
    assert show(Fraction(-1, 1000), places=2) == "0"
    assert show(None, unit="%") == "—"
    assert place(Fraction(2, 3)) == "0.667"
    assert place(Fraction(50)) == "50"


def test_what_is_unknown_is_a_gap_and_never_a_zero() -> None:
    chart = line_chart([Series("E", [67, None, 100])], LABELS, title="Nilai")
    line = chart.lines[0]
    assert len(line.dots) == 2 and not line.segments  # no line across the gap
    assert [row[1] for row in chart.rows] == ["67", "—", "100"]
    joined = line_chart([Series("E", [67, 80, 100])], LABELS, title="Nilai")
    assert len(joined.lines[0].segments) == 2
    assert chart.description == "E: 67 pada TW I 2026, 100 pada TW III."


def test_no_line_leads_to_what_still_grows() -> None:
    labels = [*LABELS[:2], replace(LABELS[2], still_grows=True)]
    chart = line_chart([Series("E", [67, 80, 10])], labels, title="Nilai")
    assert len(chart.lines[0].dots) == 3 and len(chart.lines[0].segments) == 1


def test_a_line_chart_begins_at_zero_and_keeps_its_places() -> None:
    chart = line_chart([Series("E", [90, 95, 100])], LABELS, title="Nilai")
    assert chart.ticks[0].text == "0" and chart.ticks[0].is_base
    assert Decimal(chart.lines[0].dots[2].y) == chart.plot_top
    near = line_chart([Series("E", [90, 95, 100])], LABELS, title="Nilai", holds=())
    assert near.ticks[0].text == "90"


def test_the_first_place_is_on_top() -> None:
    chart = line_chart([Series("FB", [39, 19, 1])], LABELS, title="Peringkat", best_low=True)
    heights = [Decimal(dot.y) for dot in chart.lines[0].dots]
    assert heights == sorted(heights, reverse=True)
    assert all(tick.text != "0" for tick in chart.ticks)


def test_last_numbers_do_not_stand_on_each_other() -> None:
    chart = line_chart(
        [Series("E", [67, 88, 90]), Series("R", [67, 88, 90]), Series("S", [1, 2, 90])], LABELS, title="N"
    )
    heights = sorted(Decimal(line.dots[-1].text_y) for line in chart.lines)
    assert all(b - a >= 15 for a, b in itertools.pairwise(heights))


def test_too_many_lines_and_missing_values_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        line_chart([Series(str(n), [1, 2, 3]) for n in range(len(LOOKS) + 1)], LABELS, title="N")
    with pytest.raises(ValueError, match="one value a label"):
        line_chart([Series("E", [1])], LABELS, title="N")
    with pytest.raises(ValueError, match="unknown tone"):
        bar_chart([Bar("A", (Part(1, "pink"),))], title="N")


def test_bars_share_one_scale_from_zero() -> None:
    chart = bar_chart(
        [
            Bar("A", (Part(3, "verified"), Part(2, "unverified")), target=8),
            Bar("B", (Part(4, "verified"),)),
        ],
        title="Publikasi",
        whole=True,
    )
    first = chart.bars[0]
    assert [(p.x, p.width, p.tone) for p in first.pieces] == [
        ("0", "37.5", "verified"),
        ("37.5", "25", "unverified"),
    ]
    assert first.target_x == "100" and first.number == "5 dari 8"
    assert chart.bars[1].pieces[0].width == "50" and chart.bars[1].target_x == ""
    assert chart.headings == ("", "terverifikasi", "tayang, belum diverifikasi", "Sasaran")
    assert chart.rows == (("A", "3", "2", "8"), ("B", "4", "—", "—"))
    assert first.says == "A: terverifikasi 3, tayang, belum diverifikasi 2; sasaran 8"


def test_what_is_less_than_nothing_is_written_and_not_drawn() -> None:
    chart = bar_chart([Bar("A", (Part(-2, "verified"), Part(3, "unverified")))], title="N")
    assert [(p.x, p.tone) for p in chart.bars[0].pieces] == [("0", "unverified")]
    assert chart.rows == (("A", "-2", "3"),) and chart.bars[0].number == "1"


def test_bars_without_any_number_are_named_too() -> None:
    chart = bar_chart([Bar("A", (), number="—")], title="N")
    html = render_template_string(
        '{% from "components/charts.html" import bar_figure with context %}{{ bar_figure(chart, "a") }}',
        chart=chart,
    )
    row = BeautifulSoup(html, "html5lib").select_one(".chart__row")
    assert row is not None and row.get_text(" ", strip=True) == "A —" and chart.bars[0].says == "A: —"


@pytest.mark.parametrize("n", [0, 1, 12])
def test_the_picture_has_a_twin_and_no_inline_style(n: int) -> None:
    labels = [Label(f"M{i}") for i in range(n)]
    lines = line_chart([Series("E", list(range(n)))], labels, title="Garis <b>", marks={3: "versi 2"})
    bars = bar_chart([Bar(f"<i>{i}", (Part(i, "review"),)) for i in range(n)], title="Batang")
    html = render_template_string(
        '{% from "components/charts.html" import line_figure, bar_figure with context %}'
        '{{ line_figure(lines, "a") }}{{ bar_figure(bars, "b") }}',
        lines=lines, bars=bars,
    )  # fmt: skip
    soup = BeautifulSoup(html, "html5lib")
    assert not soup.select("[style], style, script") and not soup.select("figure b:not(summary b), figure i")
    if n == 0:
        assert html.count("Belum ada angka untuk digambar.") == 2
        return
    assert len(soup.select("details table tbody tr")) == 2 * n
    assert soup.select_one("svg[role=img] title").text == "Garis <b>"  # type: ignore[union-attr]
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert len(soup.select(".chart__label--minor")) == (6 if n == 12 else 0)


def test_the_guide_shows_them(browser: Browser) -> None:
    page = browser.get("/panduan-komponen")
    assert page.soup.select("#g-bagan ~ div figure.chart, #g-bagan") and "Nilai per triwulan" in page.html


def test_a_scale_holds_nothing_too() -> None:
    assert Scale.over([]).ticks[0] == 0
