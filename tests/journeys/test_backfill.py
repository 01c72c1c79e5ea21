"""An editor brings the posts of the office's old site: address, look, record; at the end they are publications."""

import threading

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.backfill.enums import RunState
from humasflow.imports.backfill.models import BackfillRun
from humasflow.outbox.runner import run_due
from tests.imports.backfill.portal import portal_running
from tests.journeys.conftest import Open, Server
from tests.journeys.looking import AXE

pytestmark = pytest.mark.journey


def worker_until(app: Flask, state: RunState) -> None:
    """What the worker process does, until the newest run is in this state."""
    for _turn in range(60):
        with app.app_context(), app.test_request_context():
            run_due()
            db.session.commit()
            run = db.session.scalars(select(BackfillRun).order_by(BackfillRun.id.desc()).limit(1)).one()
            done = run.state is state
            db.session.remove()
        if done:
            return
        threading.Event().wait(0.3)
    raise AssertionError(f"never {state.value}")


def test_the_old_site_becomes_publications(server: Server, open_as: Open, tmp_path) -> None:
    with portal_running() as portal:
        server.app.config["OUTBOUND_PRIVATE_HOSTS"] = (f"127.0.0.1:{portal.port}",)
        for number in range(1, 121):
            portal.add(number, category=("Berita", "Siaran Pers", "")[number % 3])
        portal.add(121, date=None, date_gmt=None, title={"rendered": "Kiriman yang lupa diberi tanggal " * 5})
        page = open_as("editor")
        page.goto("/impor/")
        page.get_by_role("link", name="Berita lampau dari situs").click()
        page.get_by_label("Alamat situs atau umpan").fill(portal.url)
        page.get_by_role("button", name="Baca beritanya").click()
        expect(page.get_by_text("Sedang dibaca").first).to_be_visible()

        worker_until(server.app, RunState.READY)
        # The page notices by itself and shows what was found.
        expect(page.get_by_role("button", name="Catat paling banyak 120 berita")).to_be_visible()
        assert page.get_by_label("Jenis konten untuk kategori Siaran Pers").locator(
            "option:checked"
        ).inner_text() == ("Siaran pers")
        page.evaluate(AXE)
        for width, name in ((1280, "lebar"), (360, "sempit")):
            page.set_viewport_size({"width": width, "height": 760})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
            assert [v["id"] for v in found["violations"]] == []
            page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 760})

        page.get_by_role("link", name="Tidak dapat dicatat").click()
        page.get_by_label("Tanggal tayang: Kiriman yang lupa").fill("2026-01-07")
        page.get_by_role("button", name="Isi tanggal").click()
        page.get_by_role("button", name="Catat paling banyak 121 berita").click()
        expect(page.get_by_text("Sedang dicatat").first).to_be_visible()
        worker_until(server.app, RunState.DONE)
        expect(page.get_by_text("121 berita dicatat")).to_be_visible()
        page.screenshot(path=tmp_path / "selesai.png", full_page=True)

        # The same site once more: nothing is left to record.
        page.goto("/pengaturan/impor/situs/")
        page.get_by_label("Alamat situs atau umpan").fill(portal.url)
        page.get_by_role("button", name="Baca beritanya").click()
        worker_until(server.app, RunState.READY)
        expect(page.get_by_text("Tidak ada yang perlu dicatat")).to_be_visible()
        page.goto("/pengaturan/impor/situs/")
        page.screenshot(path=tmp_path / "mulai.png", full_page=True)
