"""An admin says who hears of what, a person says how, and the bell counts without a new page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey

Open = Callable[..., Page]


def test_an_admin_sets_a_topic_then_one_event_and_goes_back(open_as: Open) -> None:
    page = open_as("admin", width=360)
    page.goto("/pengaturan/")
    page.get_by_role("link", name="Aturan pemberitahuan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aturan pemberitahuan")
    page.get_by_role("link", name="Kontributor").click()
    topic = page.locator("#topik-comments")
    topic.get_by_label("Komentar dan usul perubahan, Surel").select_option(label="Langsung")
    page.get_by_role("button", name="Simpan aturan Kontributor").click()
    expect(page.get_by_text("5 pilihan berubah.")).to_be_visible()
    topic.get_by_text("6 peristiwa", exact=True).click()
    topic.get_by_label("… membalas komentar: …, Surel").select_option(label="Tidak")
    page.get_by_role("button", name="Simpan aturan Kontributor").click()
    expect(topic.get_by_label("Komentar dan usul perubahan, Surel")).to_have_value("")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Kembalikan aturan Kontributor").click()
    confirm = page.get_by_role("dialog").get_by_role("button").last
    if confirm.is_visible():
        confirm.click()
    expect(page.get_by_text("kembali seperti semula.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_person_chooses_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("editor", width=360, dark=True)
    page.goto("/pemberitahuan/")
    page.get_by_role("link", name="Cara saya dikabari").click()
    choice = page.get_by_label("Publikasi, Di aplikasi")
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(choice).to_have_value("off")
    page.get_by_label("Ringkasan harian dikirim pukul").fill("08:15")
    page.get_by_label("Ringkasan harian dikirim pukul").press("Enter")
    expect(page.get_by_text("Pilihan Anda tersimpan.")).to_be_visible()
    expect(page.get_by_label("Publikasi, Di aplikasi")).to_have_value("off")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Publikasi, Di aplikasi").select_option(value="")
    page.get_by_role("button", name="Simpan pilihan").click()
    expect(page.get_by_text("Pilihan Anda tersimpan.")).to_be_visible()


def test_the_bell_counts_while_the_page_stays_open(open_as: Open, server: Server) -> None:
    page = open_as("lead")
    page.clock.install()
    page.goto("/profil")
    bell = page.locator("[data-bell]")
    before = int("0" + "".join(c for c in bell.get_attribute("aria-label") or "" if c.isdigit()))
    email = page.locator("#username, .wrap-anywhere").first.text_content() or ""
    with server.app.app_context(), server.app.test_request_context():
        person = db.session.scalars(select(User).where(User.email == email.strip())).one()
        services.notify(
            [person], NoticeKind.POST_LIVE, office_id=server.office_id, subject=("post", 1), key="lonceng",
            title="Berita baru",
        )  # fmt: skip
        db.session.commit()
        person_id = person.id
        made = db.session.scalars(select(Notification.id).where(Notification.key == "lonceng")).one()
        db.session.remove()
    page.clock.run_for(31_000)
    expect(bell).to_have_attribute("aria-label", f"Pemberitahuan, {before + 1} belum dibaca")
    expect(page.locator("[data-bell-said]")).to_have_text(f"Pemberitahuan baru: {before + 1} belum dibaca.")
    assert page.title().startswith(f"({before + 1}) Profil")
    with server.app.app_context(), server.app.test_request_context():
        services.mark_read(person_id, made)
        db.session.commit()
        db.session.remove()
    page.clock.run_for(31_000)
    if before:
        expect(bell).to_have_attribute("aria-label", f"Pemberitahuan, {before} belum dibaca")
    else:
        expect(bell).to_have_attribute("aria-label", "Pemberitahuan")
        assert page.title().startswith("Profil")
