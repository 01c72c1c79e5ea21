"""The builder in the browser: begin, build, try, activate, read back, compare, put aside."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.presets import list_presets
from humasflow.scoring.services import schemes
from humasflow.scoring.services.schemes import ComponentSpec
from tests.conftest import QueryCount
from tests.factories.offices import put_below
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
pytestmark = pytest.mark.usefixtures("in_request")
NEW = "/pengaturan/skema/baru"


def draft_of(world: World, *specs: ComponentSpec, name: str = "Skema uji") -> SchemeVersion:
    scheme = schemes.create_scheme(world.office.id, actor=world.admin, name=name)
    draft = schemes.start_draft(scheme, actor=world.admin, components=list(specs))
    db.session.commit()
    return draft


def test_a_preset_becomes_a_draft_that_is_tried_and_activated(
    world: World, browser_of: BrowserOf, at: Any
) -> None:
    live_post(world, at="2026-02-10T02:00Z")
    db.session.commit()
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.admin)
        page = browser.get(NEW)
        for preset in list_presets():
            assert preset.name in page.main and preset.source in page.main
        draft = browser.follow(browser.post(NEW, page.form() | {"start": "djkn_situs"}))
        assert draft.h1 == "Konsep Situs web DJKN"
        assert "Konsep sudah lengkap" in draft.main
        assert "60% dari nilai; lebih dari target tidak menambah" in draft.main
        trial = browser.get(
            draft.link("Coba pada publikasi nyata")
            + "?periode=2026-TW1&semua=1&sasaran-berita-terbaru-value=1"
        )
        assert "1 publikasi tayang" in trial.main
        assert "60,00 dari bobot 60" in trial.main  # one of one, the others have no target yet
        step = browser.get(draft.link("Berlakukan"))
        done = browser.post(
            draft.link("Berlakukan"), step.form() | {"effective_from": "2026-TW1", "note": "ND-3/2026"}
        )
        targets = browser.follow(done)
        assert targets.h1.startswith("Sasaran")  # counts are never bundled: the office is asked for them
        scheme = queries.list_schemes(world.office.id)[0]
        read = browser.get(f"/pengaturan/skema/{scheme.id}")
        assert "ND-3/2026" in read.main and "Bobot" not in read.h1


def test_a_preset_for_one_platform_asks_for_it(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    page = browser.get(NEW)
    refused = browser.post(NEW, page.form() | {"start": "djkn_media_sosial"}, status=422)
    assert "Pilih kanal yang dinilai." in refused.main
    made = browser.follow(
        browser.post(NEW, refused.form() | {"start": "djkn_media_sosial", "channel_kind": "instagram"})
    )
    assert made.h1 == "Konsep Media sosial DJKN: Instagram"
    assert "80% dari nilai" in made.main


def test_an_empty_beginning_needs_a_name_and_a_name_is_had_once(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    page = browser.get(NEW)
    refused = browser.post(NEW, page.form() | {"start": "kosong", "legal_basis": "ND-1"}, status=422)
    assert "Beri nama skemanya." in refused.main and refused.form()["legal_basis"] == "ND-1"
    made = browser.follow(
        browser.post(NEW, refused.form() | {"start": "kosong", "name": "Punya kami", "period_type": "month"})
    )
    assert "Belum ada komponen" in made.main and "Dihitung per bulan." in made.main
    again = browser.post(NEW, browser.get(NEW).form() | {"start": "kosong", "name": "Punya kami"}, status=422)
    assert "Skema “Punya kami” sudah ada." in again.main


def test_the_scheme_of_the_office_above_is_offered(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    put_below(world, other_world)
    origin = make_scheme(other_world, name="Skema Kanwil")
    db.session.commit()
    browser = browser_of(world.admin)
    page = browser.get(NEW)
    assert "Skema Kanwil" in page.main and other_world.office.name in page.main
    made = browser.follow(browser.post(NEW, page.form() | {"start": f"kantor-{origin.id}"}))
    assert made.h1 == "Konsep Skema Kanwil"
    above = browser_of(other_world.admin)
    page = above.get(NEW)
    refused = above.post(NEW, page.form() | {"start": f"kantor-{origin.id}"}, status=422)
    assert "Pilihan ini tidak tersedia." in refused.main


@pytest.mark.parametrize("kind", list(ComponentKind))
def test_every_kind_can_be_built_and_comes_back_as_it_was_typed(
    world: World, browser_of: BrowserOf, kind: ComponentKind
) -> None:
    draft = draft_of(world)
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    chooser = browser.get(f"{base}/komponen")
    form = browser.get(chooser.link(kind.label))
    typed = {
        ComponentKind.COUNT_RATIO: {"maximum": "100", "cap": "", "polarity": "stabilise"},
        ComponentKind.POINTS: {
            "points-0-points": "2,5",
            "points-1-content_type": "artikel",
            "points-1-points": "3",
        },
        ComponentKind.CADENCE: {"minimum": "3", "unit": "day", "weekdays": "0"},
        ComponentKind.CHECKLIST: {"items": "Nama pejabat\nAlamat kantor", "most": "4"},
        ComponentKind.RUBRIC: {
            "aspects": "Foto\nBahasa",
            "content_types": "artikel",
            "channel_kinds": "facebook",
            "counts_reposts": "y",
        },
        ComponentKind.RATE: {"formula": "by_followers", "requires_all": "y"},
        ComponentKind.GROWTH: {"what": "pengikut Instagram"},
        ComponentKind.RANK: {"rank_formula": "target"},
        ComponentKind.GATE: {"question": "Apakah akun terdaftar?"},
    }[kind]
    saved = browser.post(
        f"{base}/komponen?jenis={kind.value}", form.form() | {"label": "Bagian", "weight": "12,5"} | typed
    )
    assert "12,5% dari nilai" in browser.follow(saved).main
    again = browser.get(f"{base}/komponen/bagian").form()
    assert {name: again.get(name) for name in typed} == typed
    assert again["weight"] == "12,5" and again["kind"] == kind.value
    browser.post(f"{base}/komponen/bagian", again)  # saved unchanged: nothing is lost on the way
    assert {name: browser.get(f"{base}/komponen/bagian").form().get(name) for name in typed} == typed


def test_a_new_rubric_begins_with_what_is_counted_beside_it(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    browser = browser_of(world.admin)

    def chosen(field: str) -> list[str]:
        page = browser.get(f"{base}/komponen?jenis=rubric")
        assert "Publikasi yang dinilai" in page.main and "Tayang ulang ikut dinilai" in page.main
        return [str(box["value"]) for box in page.soup.select(f"input[name={field}][checked]")]

    assert chosen("channel_kinds") == []
    for spec in (
        ComponentSpec("Unggahan", Decimal(80), channel_kinds=["instagram"], pillar_ids=[world.pillar.id]),
        ComponentSpec("Video", Decimal(10), channel_kinds=["facebook"]),
        ComponentSpec("Peringkat", Decimal(0), kind=ComponentKind.RANK),
    ):
        schemes.save_component(draft, spec, actor=world.admin)
    db.session.commit()
    assert set(chosen("channel_kinds")) == {"instagram", "facebook"}
    assert chosen("pillar_ids") == [], "one of them takes every pillar"
    form = browser.get(f"{base}/komponen?jenis=rubric").form()
    browser.post(
        f"{base}/komponen?jenis=rubric",
        form | {"label": "Mutu", "weight": "10", "channel_kinds": "instagram"},
    )
    read = browser.get(base).main
    assert "Menilai semua jenis konten di Instagram." in read
    assert [c.channel_kinds for c in draft.components if c.key == "mutu"] == [["instagram"]]


def test_weights_are_saved_half_done_and_the_sum_stands_there(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(50)), ComponentSpec("B", Decimal(50)))
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}"
    page = browser.get(url)
    after = browser.follow(browser.post(url, page.form() | {"weight-a": "40"}))
    assert "Jumlah bobot sekarang 90, seharusnya 100." in after.main
    step = browser.get(f"{url}/berlakukan")
    assert "Belum dapat diberlakukan" in step.main and "sekarang 90" in step.main
    wrong = browser.post(url, after.form() | {"weight-a": "enam", "weight-b": "101"}, status=422)
    assert "“enam” bukan angka" in wrong.main and "antara 0 dan 100." in wrong.main
    assert wrong.form()["weight-a"] == "enam"
    stale = browser.post(
        url,
        wrong.form() | {"weight-a": "40", "weight-b": "60", "row_version": page.form()["row_version"]},
        status=409,
    )
    assert "Orang lain baru saja mengubah konsep ini" in stale.main and stale.form()["weight-b"] == "60"
    browser.post(url, stale.form())
    assert "Konsep sudah lengkap" in browser.get(url).main


def test_bands_and_a_conversion_are_built_and_refused_when_they_are_not_whole(
    world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(100)))
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/aturan"
    page = browser.get(url)
    wrong = browser.post(url, page.form() | {"bands-0-label": "Baik"}, status=422)
    assert "Tulis mulai nilai berapa" in wrong.main and wrong.form()["bands-0-label"] == "Baik"
    typed = {
        "bands-0-label": "Baik", "bands-0-lower": "80,5", "bands-1-label": "Cukup", "bands-1-lower": "0",
        "total_cap": "120", "rounding": "half_up_0", "consolidation": "sum", "round_first": "half_up_0",
        "segments-0-lower": "0", "segments-0-numerator": "49", "segments-0-denominator": "59",
        "segments-1-lower": "100", "segments-1-known_at": "100", "segments-1-known": "109", "when_maximum_met": "120",
    }  # fmt: skip
    after = browser.follow(browser.post(url, page.form() | typed))
    for words in (
        "Baik mulai 80,5; Cukup mulai 0",
        "Nilai akhir paling tinggi 120.",
        "dijumlahkan",
        "Bagian mulai 100 belum lengkap",
    ):
        assert words in after.main
    again = browser.get(url).form()
    browser.post(url, again)
    db.session.expire_all()
    conversion = queries.get_scheme_version(world.office.id, draft.id).conversion
    assert conversion["segments"][1] == {
        "lower": "100",
        "label": "",
        "is_unknown": True,
        "known": {"100": "109"},
    }
    assert conversion["segments"][0]["denominator"] == "59" and conversion["when_maximum_met"] == "120"


def test_a_target_that_is_tried_must_be_more_than_nothing(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(100)))
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/coba"
    for typed, words in (
        ("0", "Sasaran lebih dari nol."),
        ("-3", "Sasaran lebih dari nol."),
        ("banyak", "bukan angka"),
    ):
        page = browser.get(f"{url}?sasaran-a-value={typed}", status=422)
        assert words in page.main and page.form()["sasaran-a-value"] == typed


def test_a_draft_that_cannot_be_counted_yet_says_what_is_missing(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world, ComponentSpec("Poin", Decimal(100), kind=ComponentKind.POINTS))
    page = browser_of(world.admin).get(f"/pengaturan/skema/konsep/{draft.id}/coba")
    assert "Lengkapi dahulu" in page.main and "paling sedikit satu poin" in page.main


def test_the_scheme_is_read_back_with_its_targets_by_whoever_reads_the_standing(
    world: World, browser_of: BrowserOf, at: Any
) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=60)
    db.session.commit()
    with at("2026-02-10T02:00Z"):
        page = browser_of(world.lead).get(f"/pengaturan/skema/{scheme.id}")
    assert (
        "Berita Terbaru: 60% dari nilai; 60 berita per triwulan; lebih dari target tidak menambah"
        in page.main
    )
    assert not page.soup.select("main form[action*=konsep]")
    browser_of(world.lead).get("/pengaturan/skema", status=403)
    browser_of(world.contributor).get(f"/pengaturan/skema/{scheme.id}", status=403)


def test_versions_are_compared_and_a_draft_only_for_who_writes_it(
    world: World, browser_of: BrowserOf
) -> None:
    scheme = make_scheme(world)
    draft = schemes.start_draft(scheme, actor=world.admin)
    schemes.save_weights(draft, {"artikel": Decimal(30)}, actor=world.admin)
    db.session.commit()
    page = browser_of(world.admin).get(f"/pengaturan/skema/{scheme.id}/banding")
    assert page.h1 == "Versi 1 dan versi 2" and "20%" in page.main and "30%" in page.main
    browser_of(world.lead).get(f"/pengaturan/skema/{scheme.id}/banding", status=302)
    browser_of(world.admin).get(f"/pengaturan/skema/{scheme.id}/banding?lama=1&baru=9", status=404)


def test_a_component_is_moved_taken_out_and_the_draft_thrown_away(
    world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(50)), ComponentSpec("B", Decimal(50)))
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    tokens = browser.get(base).form()
    fields = {name: tokens[name] for name in ("csrf_token", "form_token")}
    browser.post(f"{base}/komponen/b/urut?arah=naik", fields)
    page = browser.get(base)
    assert [h.get_text(strip=True) for h in page.soup.select(".part h3 a")] == ["B", "A"]
    browser.post(f"{base}/komponen/a/hapus", page.form("hapus"))
    assert "Jumlah bobot sekarang 50" in browser.get(base).main
    gone = browser.follow(browser.post(f"{base}/buang", browser.get(base).form("buang")))
    assert "Belum ada skema" in gone.main
    browser.get(base, status=404)


def test_the_draft_of_another_office_is_not_found(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(other_world, ComponentSpec("A", Decimal(100)))
    browser = browser_of(world.admin)
    for path in ("", "/aturan", "/komponen", "/komponen/a", "/coba", "/berlakukan"):
        browser.get(f"/pengaturan/skema/konsep/{draft.id}{path}", status=404)


def test_an_active_version_opens_as_its_scheme(world: World, browser_of: BrowserOf) -> None:
    scheme = make_scheme(world)
    db.session.commit()
    page = browser_of(world.admin).get(f"/pengaturan/skema/konsep/{scheme.versions[0].id}", status=302)
    assert f"/pengaturan/skema/{scheme.id}?versi=1" in str(page.response.location)


def test_the_lists_take_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    browser = browser_of(world.admin)
    make_scheme(world, name="Satu")
    draft = draft_of(world, ComponentSpec("A", Decimal(10)))
    pages = ["/pengaturan/skema", f"/pengaturan/skema/konsep/{draft.id}"]

    def measure() -> list[int]:
        found = []
        for path in pages:
            browser.get(path)
            statements.reset()
            browser.get(path)
            found.append(len(statements))
        return found

    few = measure()
    for name in ("Dua", "Tiga"):
        make_scheme(world, name=name)
    for label in ("B", "C"):
        schemes.save_component(draft, ComponentSpec(label, Decimal(10)), actor=world.admin)
    db.session.commit()
    assert measure() == few
