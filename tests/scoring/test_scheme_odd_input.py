"""The builder with odd input: what is wrong is said beside it, nothing typed or chosen is lost, nothing silent counts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.planning.queries import list_content_types
from humasflow.scoring import queries
from humasflow.scoring.calculation import GateFacts
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.forms.components import MAX_POINTS
from humasflow.scoring.forms.schemes import MAX_ROWS
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.services import schemes
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.schemes import ComponentSpec, RulesSpec
from tests.factories.offices import put_below
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
pytestmark = pytest.mark.usefixtures("in_request")


def draft_of(world: World, *specs: ComponentSpec, name: str = "Skema uji") -> SchemeVersion:
    scheme = schemes.create_scheme(world.office.id, actor=world.admin, name=name)
    draft = schemes.start_draft(scheme, actor=world.admin, components=list(specs))
    db.session.commit()
    return draft


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world)
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/komponen?jenis=points"
    page = browser.get(url)
    wrong = browser.post(
        url, page.form() | {"label": "Poin", "weight": "seratus", "points-0-points": "-1"}, status=422
    )
    fine = {"label": "Poin", "weight": "33,33333", "points-0-points": "0,001"}
    too_fine = browser.post(url, page.form() | fine, status=422)
    assert "Bobot memakai paling banyak 4 angka" in too_fine.main
    assert "Poin memakai paling banyak 2 angka" in too_fine.main
    assert "“seratus” bukan angka" in wrong.main and "Poin tidak boleh negatif." in wrong.main
    assert wrong.form()["weight"] == "seratus" and wrong.form()["points-0-points"] == "-1"
    twice = browser.post(
        url, page.form() | {"label": "Poin", "points-0-points": "1", "points-1-points": "2"}, status=422
    )
    assert "cukup satu baris" in twice.main
    browser.get(f"/pengaturan/skema/konsep/{draft.id}/komponen?jenis=tebakan", status=404)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"segments-0-lower": "0"}, "Tulis nilai awal, kenaikan, atau satu titik"),
        ({"segments-0-lower": "100", "segments-0-known_at": "100"}, "Isi titik capaian dan nilainya"),
        ({"segments-0-lower": "100", "segments-0-base": "1", "segments-0-known": "109"}, "Isi titik capaian dan nilainya"),
        ({"segments-0-lower": "0", "segments-0-numerator": "1", "segments-0-denominator": "0"}, "Pembagi tidak boleh nol"),
    ],
)  # fmt: skip
def test_a_piece_of_a_conversion_that_says_nothing_is_no_zero(
    world: World, browser_of: BrowserOf, typed: dict[str, str], words: str
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(100)))
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/aturan"
    refused = browser.post(url, browser.get(url).form() | typed, status=422)
    assert words in refused.main
    assert {name: refused.form()[name] for name in typed} == typed
    db.session.expire_all()
    assert queries.get_scheme_version(world.office.id, draft.id).conversion == {}


def test_what_the_office_does_not_have_stays_chosen(world: World, browser_of: BrowserOf) -> None:
    """A box that is not shown would be lost with the next save, and no box means all."""
    off = next(t for t in list_content_types(world.office.id) if t.code == "artikel")
    off.is_active = False
    draft = draft_of(
        world,
        ComponentSpec("Dari atas", Decimal(50), content_types=["jurnal_kanwil"], channel_kinds=["radio_kanwil"]),
        ComponentSpec(
            "Poin", Decimal(50), kind=ComponentKind.POINTS,
            parameters={"points": {"artikel|instagram": "2", "jurnal_kanwil|*": "3"}},
        ),
    )  # fmt: skip
    browser = browser_of(world.admin)
    for key in ("dari-atas", "poin"):
        url = f"/pengaturan/skema/konsep/{draft.id}/komponen/{key}"
        page = browser.get(url)
        assert "jurnal_kanwil (belum ada di kantor ini)" in page.main
        browser.post(url, page.form() | {"weight": "40"})
    db.session.expire_all()
    above, points = queries.get_scheme_version(world.office.id, draft.id).components
    assert (above.content_types, above.channel_kinds) == (["jurnal_kanwil"], ["radio_kanwil"])
    assert points.parameters["points"] == {"artikel|instagram": "2", "jurnal_kanwil|*": "3"}
    assert (above.weight, points.weight) == (40, 40)


def test_long_tables_open_and_stay_whole(world: World, browser_of: BrowserOf) -> None:
    table = {f"jenis_{n}|kanal_{n}": str(n + 1) for n in range(MAX_POINTS)}
    draft = draft_of(
        world, ComponentSpec("Poin", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": table})
    )
    rules = RulesSpec(bands=[{"lower": str(n), "label": f"Predikat {n}"} for n in range(MAX_ROWS)])
    schemes.save_rules(draft, rules, actor=world.admin)
    db.session.commit()
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    for path in ("komponen/poin", "aturan"):
        browser.post(f"{base}/{path}", browser.get(f"{base}/{path}").form())
    db.session.expire_all()
    kept = queries.get_scheme_version(world.office.id, draft.id)
    assert kept.components[0].parameters["points"] == table and len(kept.bands) == MAX_ROWS


def test_a_button_of_a_page_that_is_out_of_date_takes_nothing_away(
    world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(50)), ComponentSpec("B", Decimal(50)))
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    page = browser.get(base)
    schemes.save_weights(draft, {"a": Decimal(60)}, actor=world.as_(world.lead))
    db.session.commit()
    browser.post(f"{base}/buang", page.form("buang"), status=409)
    browser.post(f"{base}/komponen/a/hapus", page.form("komponen/a/hapus"), status=409)
    db.session.expire_all()
    kept = queries.get_scheme_version(world.office.id, draft.id)
    assert [(c.key, c.weight) for c in kept.components] == [("a", 60), ("b", 50)]


def test_who_comes_second_sees_what_stands_now_and_keeps_what_they_typed(
    world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(50)))
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    component, rules = browser.get(f"{base}/komponen/a"), browser.get(f"{base}/aturan")
    schemes.save_component(
        draft,
        ComponentSpec("A", Decimal(70), channel_kinds=["facebook"]),
        key="a",
        actor=world.as_(world.lead),
    )
    schemes.save_rules(draft, RulesSpec(total_cap=Decimal(110)), actor=world.as_(world.lead))
    db.session.commit()
    told = browser.post(f"{base}/komponen/a", component.form() | {"weight": "60"}, status=409)
    assert "70% dari nilai" in told.main and "di Facebook" in told.main
    assert told.form()["weight"] == "60"
    told = browser.post(f"{base}/aturan", rules.form() | {"total_cap": "120"}, status=409)
    assert "Nilai akhir paling tinggi 110." in told.main and told.form()["total_cap"] == "120"


def test_rows_are_added_without_saving_and_what_was_typed_stays(world: World, browser_of: BrowserOf) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(100)))
    browser = browser_of(world.admin)
    base = f"/pengaturan/skema/konsep/{draft.id}"
    for path, typed, last in (
        ("komponen?jenis=points", {"label": "Poin", "points-0-points": "2,5"}, "points-14-points"),
        ("aturan", {"bands-0-label": "Baik"}, "bands-11-label"),
    ):
        page = browser.get(f"{base}/{path}")
        longer = browser.post(f"{base}/{path}", page.form() | typed | {"more": "1"}, status=200)
        assert {name: longer.form()[name] for name in typed} == typed
        assert longer.form()[last] == ""
    db.session.expire_all()
    kept = queries.get_scheme_version(world.office.id, draft.id)
    assert [c.key for c in kept.components] == ["a"] and kept.bands == []


def test_rows_have_an_end(world: World, browser_of: BrowserOf) -> None:
    table = {f"jenis_{n}|*": "1" for n in range(MAX_POINTS - 5)}
    draft = draft_of(
        world, ComponentSpec("P", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": table})
    )
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/komponen/p"
    longest = browser.post(url, browser.get(url).form() | {"more": "1"}, status=200)
    assert f"points-{MAX_POINTS - 1}-points" in longest.form()
    assert (
        browser.post(url, longest.form() | {"more": "1"}, status=200).form().keys() == longest.form().keys()
    )


def test_a_component_that_was_taken_out_meanwhile_keeps_what_was_typed(
    world: World, browser_of: BrowserOf
) -> None:
    draft = draft_of(world, ComponentSpec("A", Decimal(50)), ComponentSpec("B", Decimal(50)))
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/komponen/a"
    page = browser.get(url)
    schemes.remove_component(draft, "a", actor=world.as_(world.lead))
    db.session.commit()
    told = browser.post(url, page.form() | {"label": "A panjang", "weight": "40"}, status=409)
    assert "Orang lain baru saja mengubah konsep ini" in told.main
    assert (told.form()["label"], told.form()["weight"]) == ("A panjang", "40")
    browser.post(url, told.form())
    db.session.expire_all()
    kept = queries.get_scheme_version(world.office.id, draft.id)
    assert [(c.label, c.weight) for c in kept.components] == [("B", Decimal(50)), ("A panjang", Decimal(40))]
    browser.get(url, status=404)


def test_what_a_draft_was_told_to_complete_is_no_reason_for_the_rules(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    put_below(world, other_world)
    origin = make_scheme(other_world, name="Skema Kanwil")
    above = schemes.start_draft(
        origin, actor=other_world.admin,
        components=[ComponentSpec("Pilar", Decimal(100), pillar_ids=[other_world.pillar.id])],
    )  # fmt: skip
    schemes.activate_version(above, actor=other_world.admin, effective_from=Quarter(2021, 1))
    draft = schemes.take_over(world.office, origin, actor=world.as_(world.admin))
    db.session.commit()
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/berlakukan"
    step = browser.get(url)
    assert "Pilih lagi akun" in step.main and step.form()["note"] == ""
    browser.post(url, step.form())
    db.session.expire_all()
    assert queries.get_scheme_version(world.office.id, draft.id).note == ""


def test_a_trial_says_why_there_is_no_total(world: World, browser_of: BrowserOf, at: Any) -> None:
    """Never a 0 that nobody earned: no target yet, a piece of the conversion that is silent, a gate that is shut."""
    draft = draft_of(world, ComponentSpec("A", Decimal(100)))
    live_post(world, at="2026-02-10T02:00Z")
    db.session.commit()
    browser = browser_of(world.admin)
    url = f"/pengaturan/skema/konsep/{draft.id}/coba?periode=2026-TW1&semua=1"
    with at("2026-03-20T02:00Z"):
        page = browser.get(url)
        assert "belum dapat dihitung" in page.main and "dari bobot 0" not in page.main
        silent = {"segments": [{"lower": "0", "is_unknown": True, "known": {"100": "109"}}]}
        schemes.save_rules(draft, RulesSpec(conversion=silent), actor=world.as_(world.admin))
        db.session.commit()
        assert "tabel konversi belum memberi nilai" in browser.get(f"{url}&sasaran-a-value=2").main
        assert "109,00" in browser.get(f"{url}&sasaran-a-value=1").main
        schemes.save_component(
            draft,
            ComponentSpec("Terdaftar", Decimal(0), kind=ComponentKind.GATE),
            actor=world.as_(world.admin),
        )
        schemes.activate_version(draft, actor=world.as_(world.admin), effective_from=Quarter(2026, 1))
        record_measurement(
            draft.scheme, "terdaftar", Quarter(2026, 1), actor=world.as_(world.lead), facts=GateFacts(False, "Belum."),
            basis=Basis(note="Dilihat."),
        )  # fmt: skip
        again = schemes.start_draft(draft.scheme, actor=world.as_(world.admin))
        db.session.commit()
        shut = browser.get(
            f"/pengaturan/skema/konsep/{again.id}/coba?periode=2026-TW1&semua=1&sasaran-a-value=1"
        )
        assert shut.main.count("tidak ada nilai: syarat wajib belum terpenuhi") == 2
