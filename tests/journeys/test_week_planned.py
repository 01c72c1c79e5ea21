"""A week of ten posts on two channels is planned within three minutes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.calendar_ahead import Ahead, cell
from tests.journeys.conftest import Server
from tests.journeys.steps import count_steps, seconds, write_down

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
WEEK = (
    "Jadwal lelang pekan ini", "Loket buka sampai pukul 16.00", "Kenali risalah lelang", "Kunjungan mahasiswa hukum",
    "Infografis hasil lelang",
)  # fmt: skip


def test_ten_posts_in_three_minutes(open_as: Open, server: Server) -> None:
    ahead = Ahead(server)
    monday = next(n for n, day in enumerate(ahead.later) if day.weekday() == 0 and n + 4 < len(ahead.later))
    days = ahead.later[monday : monday + 5]
    page = open_as("editor")
    ahead.open(page, day=days[0])
    count_steps(page)
    ahead.open(page, day=days[0])
    quick = page.locator("#quick")
    for account in (1, 2):  # by channel: the one chosen last stays chosen
        for day, title in zip(days, WEEK, strict=True):
            box = cell(page, day).bounding_box()
            assert box is not None
            cell(page, day).click(
                position={"x": 60, "y": box["height"] - 5}
            )  # below what stands there already
            field = quick.get_by_label("Judul naskah baru")
            expect(field).to_be_focused()
            chosen = quick.get_by_label("Kanal")
            if day == days[0]:
                chosen.select_option(index=account)
                field.focus()
            field.press_sequentially(f"{title} {account}")
            page.keyboard.press("Enter")
            expect(cell(page, day).get_by_text(f"{title} {account}")).to_be_visible()
    done = write_down("plan a week of ten posts", page)
    assert done["clicks"] <= 12, done
    assert done["fields"] <= 12, done
    assert seconds(done) <= 180, done
