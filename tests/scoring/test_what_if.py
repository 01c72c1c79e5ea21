"""What if: planned posts ticked or dropped and made-up numbers, computed by the same rules; nothing is written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.scoring.calculation import GateFacts
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import LedgerEntry, ScoreCount
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.schemes import ComponentSpec
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing import Standing, get_standing
from humasflow.scoring.standing.what_if import choices, suppose, usual
from tests.factories.measured import make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.standings import TW1, WITHIN, aim, news, planned, scheme_of
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[object], Browser]


@pytest.fixture
def plan(world: World, at: Any) -> dict[str, int]:
    """Four are asked for, one is verified; one is scheduled, one in review, one being written. Their posts by name."""
    aim(world, scheme_of(world, news()), "berita", 4)
    with at(WITHIN):
        verify_point(live_post(world), actor=world.as_(world.lead))
        made = {
            "scheduled": planned(world, "Terjadwal", agree=True, due="2026-02-20T02:00Z")[1].id,
            "review": planned(world, "Direviu", submit=True)[1].id,
            "writing": planned(world, "Ditulis")[1].id,
        }
    db.session.commit()
    return made


def standing_of(world: World) -> Standing:
    found = get_standing(world.office, TW1)
    assert found is not None
    return found


@pytest.mark.db
def test_the_usual_choice_is_the_projection(world: World, plan: dict[str, int], at: Any) -> None:
    with at(WITHIN):
        standing = standing_of(world)
        posts = choices(standing)
        assert [p.post_id for p in posts] == list(plan.values())
        answer = suppose(standing, usual(posts))
    assert answer.then == standing.projected_total
    assert (str(answer.now.value), str(answer.then.value), str(answer.gain)) == ("25.00", "75.00", "50.00")


@pytest.mark.db
def test_ticking_dropping_and_adding_move_the_total(world: World, plan: dict[str, int], at: Any) -> None:
    with at(WITHIN):
        standing = standing_of(world)
        totals = [
            str(suppose(standing, ticked, extra).then.value)
            for ticked, extra in (
                ((), {}),
                ((plan["writing"],), {}),
                (plan.values(), {}),
                (plan.values(), {"berita": Decimal(9)}),
                ((10**12,), {"tidak-ada": Decimal(5)}),
            )
        ]
    assert totals == ["25.00", "50.00", "100.00", "100.00", "25.00"]


@pytest.mark.db
def test_a_cadence_is_looked_at_as_on_the_last_day(world: World, at: Any) -> None:
    scheme_of(world, news(kind=ComponentKind.CADENCE, parameters={"unit": "week", "minimum": 1}))
    with at(WITHIN):
        live_post(world, at="2026-02-03T03:00Z")
        _story, post = planned(world, "Terjadwal", agree=True, due="2026-02-20T02:00Z")
        answer = suppose(standing_of(world), (post.id,))
        nothing = suppose(standing_of(world), ())
    assert str(answer.then.value) == "15.38"  # 2 of 13 weeks
    assert (str(answer.now.value), str(answer.gain)) == ("7.69", "7.69"), (
        "the same weeks without the planned one"
    )
    assert nothing.now == nothing.then and not any(row.changes for row in nothing.rows)


def rows() -> list[int]:
    return [
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (LedgerEntry, ScoreCount, AuditEntry)
    ]


def test_the_page_computes_and_writes_nothing(
    world: World, plan: dict[str, int], browser_of: BrowserOf, at: Any
) -> None:
    with at(WITHIN):
        browser = browser_of(world.lead)
        before = rows()
        page = browser.get("/capaian/andai?periode=2026-TW1")
        ticked = {i["value"] for i in page.soup.select("input[name=pos][checked]")}
        assert ticked == {str(plan["scheduled"]), str(plan["review"])}
        assert "75,00" in page.main
        query = f"periode=2026-TW1&lihat=1&pos={plan['writing']}&tambah-berita=1"
        assert "75,00" in browser.get(f"/capaian/andai?{query}").main
        nothing = browser.get("/capaian/andai?periode=2026-TW1&lihat=1")
        assert nothing.soup.select_one("[data-what-if-part=total] b").text == "25,00"  # type: ignore[union-attr]
        assert rows() == before


@pytest.mark.parametrize("text", ["-1", "1,5", "banyak", "1e9", "999999999999", "１"])
def test_a_number_that_is_none_is_said_beside_it_and_kept(
    world: World, plan: dict[str, int], browser_of: BrowserOf, at: Any, text: str
) -> None:
    with at(WITHIN):
        page = browser_of(world.lead).get(f"/capaian/andai?periode=2026-TW1&lihat=1&tambah-berita={text}")
    assert "bilangan bulat" in page.main
    field = page.soup.select_one("#tambah-berita")
    assert field is not None and field["value"] == text and field["aria-invalid"] == "true"
    assert [said(page, field, n) for n in (0, 1)] == [
        "publikasi",
        "Isi dengan bilangan bulat 0–99.999, contohnya 3.",
    ]


def said(page: Page, field: Any, number: int) -> str:
    """What is said beside a field, one of what it is described by."""
    found = page.soup.select_one(f"#{field['aria-describedby'].split()[number]}")
    assert found is not None
    return " ".join(found.text.split())


def points(world: World, *entries: str) -> None:
    """A component of points with these entries, news first; ten points are asked for."""
    table = {
        f"{kind}|website_own": n for kind, n in zip(("berita_terbaru", "berita_utama"), entries, strict=False)
    }
    spec = ComponentSpec("Poin", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": table})
    aim(world, scheme_of(world, spec), "poin", 10)
    db.session.commit()


@pytest.mark.parametrize(
    ("typed", "total"), [("2,5", "25,00"), ("0,25", "2,50"), ("7", "70,00"), (" 2,50 ", "25,00")]
)
def test_points_are_supposed_as_what_publications_bring(
    world: World, browser_of: BrowserOf, at: Any, typed: str, total: str
) -> None:
    points(world, "2.50", "0.25")
    with at(WITHIN):
        page = browser_of(world.lead).get("/capaian/andai", query_string={"lihat": "1", "tambah-poin": typed})
    field = page.soup.select_one("#tambah-poin")
    assert field is not None and field["inputmode"] == "decimal" and field["value"] == typed.strip()
    assert "aria-invalid" not in field.attrs and said(page, field, 0) == "poin"
    assert page.soup.select_one("[data-what-if-part=total] b").text == total  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("entries", "typed", "words"),
    [
        (["2.5", "1"], "0,25", "paling banyak 1 angka di belakang koma"),
        (["2.5"], "-1", "0–99.999"),
        (["2.5"], "100.000", "0–99.999"),
        (["2.5"], "dua", "contohnya 2,5"),
        (["2", "10"], "2,5", "bilangan bulat"),
    ],
)
def test_points_that_no_publication_can_bring_are_refused(
    world: World, browser_of: BrowserOf, at: Any, entries: list[str], typed: str, words: str
) -> None:
    points(world, *entries)
    with at(WITHIN):
        page = browser_of(world.lead).get("/capaian/andai", query_string={"lihat": "1", "tambah-poin": typed})
    field = page.soup.select_one("#tambah-poin")
    assert field is not None and field["aria-invalid"] == "true" and field["value"] == typed
    assert words in said(page, field, 1)


def test_a_gate_that_is_shut_is_said(world: World, browser_of: BrowserOf, at: Any) -> None:
    with at(WITHIN):
        record_measurement(
            make_measured_scheme(world), "terdaftar", TW1, actor=world.as_(world.lead),
            facts=GateFacts(passed=False, why="Belum terdaftar."), basis=Basis(note="Surat belum terbit."),
        )  # fmt: skip
        db.session.commit()
        page = browser_of(world.lead).get("/capaian/andai?periode=2026-TW1")
    assert "Tanpa syarat wajib" in page.soup.select_one("[data-what-if-part=total]").text  # type: ignore[union-attr]


def test_after_the_period_there_is_nothing_to_suppose(
    world: World, plan: dict[str, int], browser_of: BrowserOf, at: Any
) -> None:
    with at("2026-04-02T02:00Z"):
        assert "sudah berakhir" in browser_of(world.lead).get("/capaian/andai?periode=2026-TW1").main


def test_who_may_not_see_the_standing_may_not_suppose(world: World, browser_of: BrowserOf) -> None:
    browser_of(world.contributor).get("/capaian/andai", status=403)


def test_without_a_scheme_the_page_says_so(world: World, browser_of: BrowserOf) -> None:
    assert "Belum ada skema" in browser_of(world.lead).get("/capaian/andai").main
