"""A link to the calendar in browsers: made in the office, read by somebody without an account, on a phone, by anybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import glance

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def test_a_link_is_made_and_read_signed_out_on_any_screen(open_as: Open) -> None:
    editor = open_as("editor")
    editor.goto("/kalender/bagikan?tampilan=bulan")
    editor.get_by_label("Nama tautan").fill("Rencana tayang untuk pimpinan")
    editor.get_by_role("button", name="Buat tautan").click()
    address = editor.get_by_label("Alamat").input_value()
    assert glance(editor, "made") == []
    for width, dark in ((1280, False), (1280, True), (360, True)):
        visitor = open_as(None, width=width, dark=dark)
        visitor.goto(address)
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Rencana tayang untuk pimpinan")
        assert glance(visitor, f"shared {width} {dark}") == []
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.get_by_role("button", name="Cabut").first.click()
    editor.wait_for_load_state()
    visitor = open_as(None)
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Tautan ini tidak dapat dibuka")
