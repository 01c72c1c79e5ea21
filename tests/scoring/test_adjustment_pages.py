"""Adjusting what was closed, in the browser."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.scoring.models import LedgerEntry, ScoreScheme
from humasflow.scoring.queries.closing import list_closed_periods
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.schemes import create_scheme_version
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories.measured import SPECS as MEASURED
from tests.factories.measured import TW1, TW2, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.scoring.first_quarter import ALL, BrowserOf, in_april, scheme

__all__ = ["in_april", "scheme"]

PAGE = "/capaian/penutupan/2026-TW1"


def test_an_adjustment_is_written_and_listed(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    live_post(world, title="Ketemu belakangan")
    db.session.commit()
    browser = browser_of(world.lead)
    page = browser.get(browser.get(PAGE).link("Penyesuaian"))
    assert page.form("/capaian/penyesuaian")["adjusts"] == "2026-TW1"
    assert "Ketemu belakangan" in page.main, "what was found late is listed too"
    form = page.form("/capaian/penyesuaian") | {
        "component": "berita-terbaru",
        "reason": "Tidak terhitung",
        "document": "ND-9",
    }
    for wrong in ("", " ", "0", "enam", "1,5"):
        refused = browser.post("/capaian/penyesuaian", form | {"quantity": wrong}, status=422)
        assert refused.form("/capaian/penyesuaian")["reason"] == "Tidak terhitung"
        form |= {"form_token": refused.form("/capaian/penyesuaian")["form_token"]}
    browser.post("/capaian/penyesuaian", form | {"quantity": "-2"})
    done = browser.get("/capaian/penyesuaian")
    assert "−2" in done.main and "Tidak terhitung (ND-9)" in done.main and "Ketua Tim" in done.main
    assert "tentang Triwulan I 2026" in done.main
    reader = browser_of(world.editor).get("/capaian/penyesuaian")
    assert "Tidak terhitung" in reader.main and not reader.soup.select("main [name=quantity]")
    browser_of(world.editor).post("/capaian/penyesuaian", form, status=403)


def test_of_two_who_correct_the_same_the_second_is_told_first(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    url = "/capaian/penyesuaian"
    browser = browser_of(world.lead)
    typed = {"component": "berita-terbaru", "quantity": "2", "reason": "Dua berita tidak terhitung"}
    first = browser.get(f"{url}?untuk=2026-TW1").form(url) | typed
    second = browser.get(f"{url}?untuk=2026-TW1").form(url) | typed | {"reason": "Dua berita tercecer"}
    browser.post(url, first)
    told = browser.post(url, second, status=409)
    assert "Ketua Tim mencatat penyesuaian +2: Dua berita tidak terhitung" in told.main
    lines = (
        select(LedgerEntry.reason)
        .where(LedgerEntry.subject_key.startswith("adjust:"))
        .order_by(LedgerEntry.id)
    )
    assert db.session.scalars(lines).all() == ["Dua berita tidak terhitung"]
    kept = told.form(url)
    assert {name: kept[name] for name in ("quantity", "reason")} == {
        "quantity": "2",
        "reason": "Dua berita tercecer",
    }
    wrong = browser.post(url, kept | {"quantity": "nol"}, status=422).form(url)
    assert wrong["seen"] == kept["seen"], "what the person has been told of is not forgotten"
    browser.post(url, wrong | {"quantity": "2"})
    assert len(db.session.scalars(lines).all()) == 2


def test_what_cannot_be_adjusted_is_named_with_what_helps(world: World, browser_of: BrowserOf) -> None:
    made = make_measured_scheme(world)
    keep = [spec for spec in MEASURED if spec.label != "Berita"]
    close_period(made, TW1, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    browser = browser_of(world.lead)
    page = browser.get("/capaian/penyesuaian")
    assert "tidak ditambah atau dikurangi di sini: Profil, Mutu" in page.main
    assert page.soup.select("main [name=quantity]")
    create_scheme_version(
        made, actor=world.admin, effective_from=TW2,
        components=[replace(keep[0], weight=keep[0].weight + 50), *keep[1:]],
    )  # fmt: skip
    db.session.commit()
    page = browser.get("/capaian/penyesuaian")
    assert "Tidak ada yang dapat disesuaikan" in page.main and not page.soup.select("main [name=quantity]")
    assert "Tidak ada lagi dalam aturan Triwulan II 2026: Berita." in page.main
    assert "dibuka kembali" in page.main


def test_an_old_close_is_offered_when_it_is_named(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for period in (Quarter.parse("2025-TW4"), TW1):
        close_period(scheme, period, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    monkeypatch.setattr(
        "humasflow.scoring.views.adjustments.list_closed_periods",
        lambda id_: list_closed_periods(id_, limit=1),
    )
    browser = browser_of(world.lead)
    assert "2025-TW4" not in str(browser.get("/capaian/penyesuaian").soup.select("[name=adjusts]")[0])
    form = browser.get("/capaian/penyesuaian?untuk=2025-TW4").form("/capaian/penyesuaian")
    assert form["adjusts"] == "2025-TW4"
    browser.get("/capaian/penyesuaian?untuk=2019-TW4")
    typed = {"component": "berita-terbaru", "quantity": "1", "reason": "Tertinggal"}
    browser.post("/capaian/penyesuaian", form | typed)
    line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.reason == "Tertinggal")).one()
    assert line.adjusts == "2025-TW4"


def test_a_confidential_title_is_not_in_the_list(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    delivery = live_post(world, title="Mutasi pejabat")
    story = db.session.get_one(Story, delivery.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.commit()
    page = browser_of(world.editor).get("/capaian/penyesuaian")
    assert "Naskah rahasia" in page.main and "Mutasi" not in page.main
