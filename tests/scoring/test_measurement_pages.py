"""Measurements in the browser: every kind, the marks of publications, and what is wrong beside its field."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.calculation import RankFacts, RubricFacts
from humasflow.scoring.models import Measurement
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories.measured import TW1, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.scoring.first_quarter import ALL, BrowserOf, in_april

__all__ = ["in_april"]

JUDGED = "/capaian/pengukuran/mutu?periode=2026-TW1"


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("profil", {"item_0": "2", "item_1": "1"}, "75,00"),
        ("mutu", {"mark": "87,5", "note": "Gambar jelas."}, "87,50"),
        ("peringkat", {"position": "19", "out_of": "87"}, "79,31"),
        ("terdaftar", {"passed": "ya"}, "100,00"),
        ("pengikut", {"previous": "1.200.000", "current": "1.260.000"}, "belum ada sasaran"),
        ("keterlibatan", {"numerator": "30", "denominator": "1.000"}, "belum ada sasaran"),
    ],
)
def test_every_kind_is_entered_on_its_own_page(
    world: World, browser_of: BrowserOf, key: str, typed: dict[str, str], shown: str
) -> None:
    make_measured_scheme(world)
    db.session.commit()
    browser = browser_of(world.editor)
    url = f"/capaian/pengukuran/{key}?periode=2026-TW1"
    action = f"/capaian/pengukuran/{key}"
    missing = browser.post(url, browser.get(url).form(action) | {"document": "ND-3"}, status=422)
    assert missing.form(action)["document"] == "ND-3"
    browser.post(url, missing.form(action) | typed)
    page = browser.get("/capaian/pengukuran?periode=2026-TW1")
    row = next(li for li in page.soup.select("main .list li") if f"/{key}?" in str(li.select("a")[0]["href"]))
    assert shown in row.text
    again = browser.get(url)
    filled = again.form(action)
    assert {name: filled[name].replace(".", "") for name in typed} == {
        name: value.replace(".", "") for name, value in typed.items()
    }
    assert "ND-3" in again.main
    stale = browser.post(url, filled | {"shown": "0", "document": "ND-4"}, status=409)
    assert "Ada isian lain" in stale.main


def test_marks_for_single_publications(world: World, other_world: World, browser_of: BrowserOf) -> None:
    make_measured_scheme(world)
    post, foreign = live_post(world, title="Dinilai"), live_post(other_world)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(JUDGED)
    one = browser.get(page.link("Dinilai"))
    action = str(one.soup.select("form[enctype]")[0]["action"])
    browser.post(action, one.form("/capaian/pengukuran/mutu") | {"mark": "90", "note": "Rapi."})
    assert db.session.scalars(select(Measurement)).one().post_id == post.post_id
    assert "90" in browser.get(JUDGED).main
    browser.get(f"{JUDGED}&publikasi={foreign.post_id}", status=404)


def judged(world: World, delivery: Delivery, mark: int = 90) -> Measurement:
    """The mark of one publication."""
    scheme = queries.list_schemes(world.office.id)[0]
    made = record_measurement(
        scheme, "mutu", TW1, actor=world.as_(world.lead), facts=RubricFacts((Decimal(mark),)),
        basis=Basis(note="Rapi."), post_id=delivery.post_id,
    )  # fmt: skip
    assert made is not None
    db.session.commit()
    return made


def test_only_what_the_component_chooses_is_judged(world: World, browser_of: BrowserOf) -> None:
    """A rubric of the website judges what is on the website, whatever the components beside it count."""
    scheme = make_measured_scheme(world)
    rubric = next(c for c in scheme.versions[0].components if c.key == "mutu")
    live_post(world, title="Di situs web")
    elsewhere = live_post(world, title="Ke Facebook", account=world.facebook)
    live_post(world, title="Jenis lain", content_type=world.headline)
    db.session.commit()
    browser = browser_of(world.editor)
    everything = browser.get(JUDGED)
    assert "Menilai semua jenis konten di semua kanal." in everything.main
    for title in ("Di situs web", "Ke Facebook", "Jenis lain"):
        assert title in everything.main
    judged(world, elsewhere)
    opened_before = browser.get(f"{JUDGED}&publikasi={elsewhere.post_id}").form("/capaian/pengukuran/mutu")
    rubric.channel_kinds = ["website_own"]  # the rules of the next version
    db.session.commit()
    page = browser.get(JUDGED)
    assert "Menilai semua jenis konten di Situs" in page.main and "Jenis lain" in page.main
    row = next(li for li in page.soup.select("main .list li") if "Ke Facebook" in li.text)
    assert "di luar yang dinilai" in row.text, "its mark is still in the mean"
    there = browser.get(f"{JUDGED}&publikasi={elsewhere.post_id}")
    assert "di luar yang dinilai komponen ini" in there.main and not there.soup.select("main [name=mark]")
    late = browser.post(
        f"{JUDGED}&publikasi={elsewhere.post_id}",
        opened_before | {"mark": "50", "note": "Terlambat"},
        status=409,
    )
    assert "tidak lagi termasuk yang dinilai" in late.main and "Terlambat" in late.main
    rubric.content_types = ["berita_terbaru"]
    db.session.commit()
    narrow = browser.get(JUDGED)
    assert "Di situs web" in narrow.main and "Jenis lain" not in narrow.main


def test_the_mark_of_what_was_taken_down_can_be_taken_back(world: World, browser_of: BrowserOf) -> None:
    """It is still in the mean, so it has to be found."""
    make_measured_scheme(world)
    gone, stays = live_post(world, title="Diturunkan"), live_post(world, title="Tetap")
    judged(world, gone, 20)
    judged(world, stays, 90)
    browser = browser_of(world.editor)
    opened_before = browser.get(f"{JUDGED}&publikasi={gone.post_id}").form("/capaian/pengukuran/mutu")
    retract(gone, actor=world.as_(world.editor), reason="Keliru")
    db.session.commit()
    page = browser.get(JUDGED)
    row = next(li for li in page.soup.select("main .list li") if "Diturunkan" in li.text)
    assert "tidak tayang lagi" in row.text and "20" in row.text
    one = browser.get(page.link("Diturunkan"))
    assert "sudah tidak tayang" in one.main and not one.soup.select("main [name=mark]")
    refused = browser.post(
        f"{JUDGED}&publikasi={gone.post_id}",
        opened_before | {"mark": "50", "note": "Catatan baru"},
        status=409,
    )
    assert "tidak lagi termasuk yang dinilai" in refused.main and "Catatan baru" in refused.main
    form = one.soup.select("form[action*=cabut]")[0]
    browser.post(str(form["action"]), one.form("cabut") | {"reason": "Sudah diturunkan"})
    assert "Diturunkan" not in browser.get(JUDGED).main
    assert [m.post_id for m in queries.measurements_of(world.office.id, 1, "2026-TW1")["mutu"]] == [
        stays.post_id
    ]


def test_a_confidential_title_is_not_among_those_judged(world: World, browser_of: BrowserOf) -> None:
    """Out on one channel and waiting on another, a story is still closed to who is not named for it."""
    make_measured_scheme(world)
    delivery = live_post(world, title="Mutasi pejabat")
    story = db.session.get_one(Story, delivery.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(JUDGED)
    assert "Mutasi" not in page.main and "Naskah rahasia" in page.main
    one = browser.get(f"{JUDGED}&publikasi={delivery.post_id}")
    assert "Mutasi" not in one.main and "kantor-uji.example/berita" not in str(one.soup.select("main")[0])


def test_what_is_wrong_stands_beside_the_field_it_is_about(world: World, browser_of: BrowserOf) -> None:
    make_measured_scheme(world)
    db.session.commit()
    browser = browser_of(world.editor)
    form = browser.get(JUDGED).form("/capaian/pengukuran/mutu") | {"mark": "80", "note": "Baik."}
    for day, says in (("2026-05-01", "belum tiba"), ("2025-12-31", "mendahului Triwulan I 2026")):
        page = browser.post(JUDGED, form | {"measured_on": day}, status=422)
        assert says in page.soup.select("#measured_on-error-1")[0].text
        assert not page.soup.select("#note-error-1")
        form |= {"form_token": page.form("/capaian/pengukuran/mutu")["form_token"]}
    page = browser.post(JUDGED, form | {"note": " "}, status=422)
    assert "Tulis catatan singkat" in page.soup.select("#note-error-1")[0].text


def test_after_another_entry_one_look_is_enough(world: World, browser_of: BrowserOf) -> None:
    scheme = make_measured_scheme(world)
    db.session.commit()
    url, action = "/capaian/pengukuran/peringkat?periode=2026-TW1", "/capaian/pengukuran/peringkat"
    browser = browser_of(world.editor)
    form = browser.get(url).form(action) | {"position": "12", "out_of": "87"}
    record_measurement(scheme, "peringkat", TW1, actor=world.as_(world.lead), facts=RankFacts(39, 87))
    db.session.commit()
    page = browser.post(url, form, status=409)
    assert "Ada isian lain" in page.main and "39" in page.main and page.form(action)["position"] == "12"
    browser.post(url, page.form(action))
    (newest,) = queries.measurements_of(world.office.id, scheme.id, "2026-TW1")["peringkat"]
    assert newest.facts["position"] == 12


def test_a_reason_to_take_back_that_is_too_long_says_so_and_stays(
    world: World, browser_of: BrowserOf
) -> None:
    scheme = make_measured_scheme(world)
    record_measurement(scheme, "peringkat", TW1, actor=world.as_(world.lead), facts=RankFacts(39, 87))
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/capaian/pengukuran/peringkat?periode=2026-TW1")
    action = str(page.soup.select("form[action*=cabut]")[0]["action"])
    long = browser.post(action, page.form("cabut") | {"reason": "a" * 301}, status=422)
    assert "Paling panjang 300 karakter" in long.main and long.form("cabut")["reason"] == "a" * 301
    assert long.soup.select("details[open] form[action*=cabut]")
    assert long.form("/capaian/pengukuran/peringkat?")["position"] == "39", "the other form is as it was"


def test_a_period_to_come_says_when_it_can_be_filled(world: World, browser_of: BrowserOf) -> None:
    make_measured_scheme(world)
    db.session.commit()
    page = browser_of(world.editor).get("/capaian/pengukuran/peringkat?periode=2026-TW4")
    assert "belum dimulai" in page.main and "1 Okt 2026" in page.main
    assert not page.soup.select("main [name=position]")


def test_a_closed_period_is_read_only_and_names_the_adjustment(world: World, browser_of: BrowserOf) -> None:
    scheme = make_measured_scheme(world)
    lead = world.as_(world.lead)
    record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39, 87))
    db.session.commit()
    browser = browser_of(world.editor)
    opened_before = browser.get("/capaian/pengukuran/peringkat?periode=2026-TW1").form("peringkat")
    close_period(scheme, TW1, actor=lead, answers=ALL)
    db.session.commit()
    page = browser.get("/capaian/pengukuran/peringkat?periode=2026-TW1")
    assert "sudah ditutup" in page.main and not page.soup.select("main [name=position]")
    assert "/capaian/penyesuaian" in page.link("Tulis penyesuaian")
    late = browser.post(
        "/capaian/pengukuran/peringkat?periode=2026-TW1",
        opened_before | {"position": "1", "note": "Catatan saya"}, status=409,
    )  # fmt: skip
    assert "Isian Anda belum tersimpan" in late.main and "Catatan saya" in late.main
