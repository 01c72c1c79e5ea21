"""A phone without a network: what was seen is there, what is handed in waits and arrives once."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.pitches.models import Pitch
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
UNTIL = """async ask => {
  const until = Date.now() + 60_000;
  while (!(await eval(ask)())) {
    if (Date.now() > until) throw new Error(`never: ${ask}`);
    await new Promise(done => setTimeout(done, 100));
  }
}"""


def until(page: Page, ask: str) -> None:
    """Wait for what a script answers later: a condition of ``wait_for_function`` cannot."""
    page.evaluate(UNTIL.replace("eval(ask)", ask), ask)


def prepared(open_as: Callable[..., Page], role: str, *pages: str) -> Page:
    page = open_as(role, width=360, keeps_pages=True)
    for path in pages:
        until(page, f"(() => caches.match('{path}', {{cacheName: 'humasflow-pages'}}))")
    until(page, "(() => caches.match('/luring'))")
    return page


def picture(number: int) -> dict[str, Any]:
    target = io.BytesIO()
    Image.effect_noise((900, 700), 60 + number).convert("RGB").save(target, "JPEG", quality=92)
    return {"name": f"foto-{number}.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def pitches_called(server: Server, title: str) -> list[Pitch]:
    with server.app.app_context():
        found = list(db.session.scalars(select(Pitch).where(Pitch.title == title)))
        for one in found:
            assert len(one.photos) >= 0
        db.session.expunge_all()
        db.session.remove()
    return found


def test_pitch_form_and_tasks_open_without_a_network_and_nothing_else_does(
    open_as: Callable[..., Page],
) -> None:
    page = prepared(open_as, "contributor", "/usulan/kirim", "/tugas")
    page.context.set_offline(True)
    page.goto("/tugas")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tugas saya")
    expect(page.get_by_text("Ini yang terakhir Anda lihat")).to_be_visible()
    page.goto("/usulan/kirim")
    expect(page.locator("[name=title]")).to_be_visible()
    page.goto("/kalender/")
    expect(page.get_by_role("heading", name="Tidak ada sambungan")).to_be_visible()
    page.get_by_role("link", name="Tugas saya").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tugas saya")
    page.context.set_offline(False)
    page.get_by_role("button", name="Muat ulang").click()
    expect(page.get_by_text("Ini yang terakhir Anda lihat")).to_be_hidden()


def test_approver_reads_the_package_again_and_nothing_is_decided_by_it(open_as: Callable[..., Page]) -> None:
    page = prepared(open_as, "approver", "/tugas", "/persetujuan/")
    page.goto("/persetujuan/")
    package = page.locator("main a[href^='/persetujuan/']").first.get_attribute("href") or ""
    page.goto(package)
    title = page.get_by_role("heading", level=1).inner_text()
    until(page, f"(() => caches.match('{package}', {{cacheName: 'humasflow-pages'}}))")
    page.context.set_offline(True)
    page.goto(package)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name="Setujui").first.click()
    expect(page.get_by_role("heading", name="Tidak ada sambungan")).to_be_visible()
    page.context.set_offline(False)
    page.goto(package)
    expect(page.get_by_role("button", name="Setujui").first).to_be_visible()


def test_nothing_stays_after_signing_out(open_as: Callable[..., Page]) -> None:
    page = prepared(open_as, "contributor", "/usulan/kirim", "/tugas")
    page.locator("summary[aria-label='Akun saya']").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk")
    until(page, "(() => caches.has('humasflow-pages').then(has => !has))")


def test_a_pitch_with_photos_waits_for_the_network_and_arrives_once(
    open_as: Callable[..., Page], server: Server
) -> None:
    page = prepared(open_as, "contributor", "/usulan/kirim", "/tugas")
    page.context.set_offline(True)
    page.goto("/usulan/kirim")
    title = "Warga antre sejak subuh tanpa sinyal"
    page.locator("[name=title]").fill(title)
    page.locator("#photos").set_input_files([picture(1), picture(2)])
    expect(page.locator("[data-previews] img")).to_have_count(2)
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_role("heading", name="Tersimpan di perangkat ini")).to_be_focused()
    assert pitches_called(server, title) == []
    page.goto("/tugas")
    expect(page.get_by_text(f"“{title}”")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_text(f"Usulan “{title}” terkirim.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-waiting-note]")).to_be_hidden()
    (pitch,) = pitches_called(server, title)
    page.goto(f"/usulan/{pitch.id}")
    expect(page.locator("main img[src*='/media/']")).to_have_count(2)
    page.goto("/usulan/kirim")
    expect(page.get_by_text("masih tersimpan")).to_be_hidden()


def test_an_answer_that_was_lost_makes_no_second_pitch(open_as: Callable[..., Page], server: Server) -> None:
    page = prepared(open_as, "contributor", "/usulan/kirim", "/tugas")
    page.goto("/usulan/kirim")
    title = "Jawabannya hilang di jalan"
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.context.route("**/usulan/kirim", lose)
    page.locator("[name=title]").fill(title)
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_role("heading", name="Tersimpan di perangkat ini")).to_be_visible()
    assert lost == [201]
    page.goto("/tugas")
    expect(page.get_by_text(f"Usulan “{title}” terkirim.")).to_be_visible(timeout=60_000)
    assert len(pitches_called(server, title)) == 1


def test_what_the_server_refuses_comes_back_into_the_form(
    open_as: Callable[..., Page], server: Server
) -> None:
    page = prepared(open_as, "contributor", "/usulan/kirim", "/tugas")
    page.context.set_offline(True)
    page.goto("/usulan/kirim")
    page.locator("[name=title]").fill("x" * 20)
    page.evaluate("document.querySelector('[name=title]').removeAttribute('maxlength')")
    page.locator("[name=title]").fill("Terlalu panjang " * 40)
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_role("heading", name="Tersimpan di perangkat ini")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/tugas")
    expect(page.get_by_role("link", name="Perbaiki isinya")).to_be_visible(timeout=60_000)
    with server.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Pitch))
        db.session.remove()
    page.get_by_role("link", name="Perbaiki isinya").click()
    page.wait_for_url("**/usulan/kirim")
    page.get_by_role("link", name="Perbaiki isinya").click()
    expect(page.locator("[name=title]")).to_have_value("Terlalu panjang " * 40)
    page.locator("[name=title]").fill("Cukup pendek")
    page.get_by_role("button", name="Kirim usulan").click()
    page.wait_for_url(re.compile(r"/usulan/[0-9]+$"))
    with server.app.app_context():
        after = db.session.scalar(select(func.count()).select_from(Pitch))
        db.session.remove()
    assert (before or 0) + 1 == after
