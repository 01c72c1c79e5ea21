"""A quarter from its rules to its signature, through the pages: activate, publish, verify, close, adjust."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from humasflow.core.db import db
from humasflow.outbox.runner import run_due
from tests.factories.standings import planned
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.journey


@pytest.fixture
def as_(browser_of: Callable[[Any], Browser], world: World) -> Callable[[str], Browser]:
    return lambda name: browser_of(getattr(world, name))


def work() -> None:
    """What the worker's tick does, until nothing is due."""
    while run_due():
        pass
    db.session.rollback()


def decide(browser: Browser, page: Page, path: str, **fields: str) -> Page:
    """Send the first form whose action ends like ``path``, and follow."""
    for form in page.soup.find_all("form"):
        action = str(form.get("action") or "")
        if re.search(path, action.partition("?")[0]):
            return browser.follow(browser.post(action, page.form(action) | fields))
    raise AssertionError(f"no form to {path} on “{page.h1}”")


def test_activate_publish_verify_close_adjust(
    app: Flask, world: World, as_: Callable[[str], Browser], at: Any, in_request: None
) -> None:
    with at("2026-07-06T02:00Z"):
        # Admin: the preset becomes a draft, is tried, and takes effect.
        admin = as_("admin")
        new = admin.get("/pengaturan/skema/baru")
        begun = admin.post(
            "/pengaturan/skema/baru", new.form() | {"start": "djkn_situs", "legal_basis": "ND-1/2026"}
        )
        draft = admin.follow(begun)
        assert "Konsep sudah lengkap" in draft.main
        assert "Berita Terbaru" in admin.get(draft.link("Coba pada publikasi nyata")).main
        activate = draft.link("Berlakukan")
        chosen = admin.get(activate).form() | {"effective_from": "2026-TW3"}
        targets = admin.follow(admin.post(activate, chosen))
        work()

        # … which leads to its targets, with the letter they come from; the scheme reads itself back.
        numbers = {"berita-utama": "1", "berita-terbaru": "2", "artikel": "1", "profil-kantor": "1"}
        form = targets.form("sasaran")
        filled = {f"value-{key}": number for key, number in numbers.items()}
        assert filled.keys() <= form.keys()
        saved = admin.post("/pengaturan/sasaran?periode=2026-TW3", form | filled | {"letter": "ND-2/2026"})
        admin.follow(saved)
        scheme = admin.get(admin.get("/pengaturan/skema").link("Baca selengkapnya"))
        print(scheme.main)
        assert "Berita Terbaru: 60% dari nilai; 2 " in scheme.main

        # Two approved stories have their times.
        for title, due in (("Lelang tertib", "2026-07-08T02:00Z"), ("Aset tercatat", "2026-07-08T02:05Z")):
            planned(world, title, agree=True, due=due)
        db.session.commit()

    with at("2026-07-08T02:06Z"):
        work()
        lead = as_("lead")
        standing = lead.get("/capaian/?periode=2026-TW3")
        assert "2 belum diverifikasi" in standing.main

        # Ketua tim: verifies one, questions the other with a reason, and confirms it after all.
        queue = lead.get("/capaian/verifikasi")
        after = decide(lead, queue, r"/capaian/verifikasi/\d+$")
        after = decide(lead, after, r"/pertanyakan$", reason="Tautannya belum saya temukan.")
        assert "1 terverifikasi" in lead.get("/capaian/?periode=2026-TW3").main
        disputed = lead.get("/capaian/verifikasi?tampilan=dipertanyakan")
        decide(lead, disputed, r"/capaian/verifikasi/\d+$")
        standing = lead.get("/capaian/?periode=2026-TW3")
        assert "2 terverifikasi" in standing.main
        assert "60,00" in standing.main

    with at("2026-10-05T02:00Z"):
        # The quarter is over: the checklist names what was never there, and asks for an answer and a signature.
        lead = as_("lead")
        page = lead.get("/capaian/penutupan/2026-TW3")
        assert "0 dari 9" in page.main
        assert "60,00" in page.main
        refused = lead.post("/capaian/penutupan/2026-TW3", page.form("penutupan"), status=422)
        assert "Tutup Triwulan III 2026" in refused.main
        signed = decide(lead, page, "/penutupan/2026-TW3$", agreed="y", password=PASSWORD)
        assert "Cocok dengan buku nilai saat ini" in signed.main
        digest = signed.soup.select_one("p.digest")
        assert digest is not None
        assert re.fullmatch(r"[0-9a-f]{64}", digest.get_text(strip=True))

    with at("2026-10-06T02:00Z"):
        # One of the two is withdrawn afterwards: the signed number stays, the open quarter carries the correction.
        lead = as_("lead")
        listed = lead.get(lead.get("/capaian/?periode=2026-TW3").link("2 terverifikasi"))
        editor = as_("editor")
        publication = editor.get(listed.link("Lelang tertib"))
        decide(editor, publication, "turunkan", reason="Data di dalamnya keliru.")
        work()
        assert "60,00" in lead.get("/capaian/?periode=2026-TW3").main
        assert "Cocok dengan buku nilai saat ini" in lead.get("/capaian/penutupan/2026-TW3").main
        adjustments = lead.get("/capaian/penyesuaian")
        assert "Lelang tertib" in adjustments.main
        assert "tentang Triwulan III 2026" in adjustments.main

        # Ketua tim: what the office could not have known is added by hand, with its reason.
        form = adjustments.form("penyesuaian")
        written = form | {
            "component": "artikel",
            "adjusts": "2026-TW3",
            "quantity": "1",
            "reason": "ND-9: terlewat.",
        }
        noted = lead.follow(lead.post("/capaian/penyesuaian", written))
        assert "ND-9: terlewat." in noted.main
        assert "60,00" in lead.get("/capaian/?periode=2026-TW3").main
        assert "1 terverifikasi" in lead.get("/capaian/?periode=2026-TW4").main

    verified = app.test_cli_runner().invoke(args=["scoring", "verify"])
    assert verified.exit_code == 0, verified.output
