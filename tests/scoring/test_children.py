"""The offices below one, by the scheme they took over: fixed statements, closed ones as signed, no people."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.models import PeriodClose, ScoreScheme, Target
from humasflow.scoring.services.schemes import create_scheme_version
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing import children as module
from humasflow.scoring.standing import frozen, get_standing
from humasflow.scoring.standing.children import Children, children_of
from tests.conftest import QueryCount
from tests.factories.offices import put_below
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
TW1 = Quarter.parse("2026-TW1")


@pytest.fixture
def scheme(world: World, other_world: World, in_request: None) -> ScoreScheme:
    """The parent's scheme, which the office below took over; one verified there and one not."""
    made = make_scheme(world)
    put_below(other_world, world)
    below = make_scheme(other_world, name="Skema Kantor Lain")
    below.origin_id = made.id
    set_targets(below, other_world, "2026-TW1", berita_utama=1, berita_terbaru=2, artikel=1, profil_kantor=1)
    verify_point(live_post(other_world), actor=other_world.as_(other_world.lead))
    live_post(other_world)
    db.session.flush()
    return made


def _read(world: World, scheme: ScoreScheme) -> Children:
    version = queries.version_at(scheme, TW1.end)
    assert version is not None
    return children_of(world.office, scheme, version, TW1)


def _office(parent: Unit, n: int) -> Unit:
    made = orgs.create_office(
        actor=None, name=f"Kantor {n}", short_name=f"Kantor {n}", office_kind=OfficeKind.SERVICE,
        timezone="Asia/Jakarta", slug=f"kantor-{n}",
    )  # fmt: skip
    made.parent_id = parent.id
    made.path = f"{parent.path}{made.id}/"
    db.session.flush()
    return made


@pytest.mark.db
def test_an_office_below_counts_by_its_own_copy_of_the_scheme(
    world: World, other_world: World, scheme: ScoreScheme
) -> None:
    found = _read(world, scheme)
    (row,) = found.rows.items
    assert row.office.id == other_world.office.id and row.result is not None
    cell = row.result.components["berita-terbaru"]
    assert cell.tally.verified == 1 and cell.tally.unverified == 1 and cell.target == 2
    standing = get_standing(other_world.office, TW1)
    assert standing is not None and standing.total.value == 30
    assert row.result.total == standing.total
    assert not row.differs


@pytest.mark.db
def test_changed_rules_are_said_and_others_schemes_left_out(
    world: World, other_world: World, scheme: ScoreScheme
) -> None:
    below = queries.list_schemes(other_world.office.id)[0]
    changed = [*SPECS]
    changed[0], changed[1] = replace(SPECS[0], weight=Decimal(20)), replace(SPECS[1], weight=Decimal(50))
    create_scheme_version(below, actor=other_world.admin, components=changed, effective_from=TW1)
    assert _read(world, scheme).rows.items[0].differs
    below.origin_id = None
    db.session.flush()
    (row,) = _read(world, scheme).without
    assert row.office.id == other_world.office.id


@pytest.mark.db
def test_a_scheme_handed_down_twice_is_the_same_scheme(
    world: World, other_world: World, scheme: ScoreScheme
) -> None:
    """Two offices that took theirs from one above both, or one from the other, are one family."""
    top = _office(world.office, 1)
    above = ScoreScheme(office_id=top.id, name="Skema Pusat")
    db.session.add(above)
    db.session.flush()
    scheme.origin_id = above.id
    assert _read(world, scheme).with_result
    queries.list_schemes(other_world.office.id)[0].origin_id = above.id
    db.session.flush()
    assert [r.office.id for r in _read(world, scheme).with_result] == [other_world.office.id]


def test_an_office_without_any_number_is_no_zero(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    """It has the scheme and no target yet; another has it and its rules begin later."""
    for n, since in ((3, "2026-TW1"), (4, "2026-TW3")):
        copy = ScoreScheme(office_id=_office(world.office, n).id, name="Salinan", origin_id=scheme.id)
        db.session.add(copy)
        db.session.flush()
        create_scheme_version(copy, actor=world.admin, components=SPECS, effective_from=Quarter.parse(since))
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/unit?periode=2026-TW1")
    rows = {
        row.select_one("td").get_text(): row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")
    }
    assert "belum ada angka" in rows["Kantor 3"] and "sementara" not in rows["Kantor 3"]
    bars = {
        bar.select_one(".chart__name").get_text(strip=True): bar
        for bar in page.soup.select(".chart__row[class='chart__row']")
    }
    assert bars["Kantor Lain"].select_one(".chart__end").get_text() == "30,00"  # with the scheme's decimals
    assert bars["Kantor 3"].select_one(".chart__end").get_text() == "—"
    later = page.soup.select_one("[aria-labelledby=kelak]")
    assert later is not None and "Kantor 4" in later.text and "Kantor 3" not in later.text
    assert (
        page.soup.select_one("[aria-labelledby=tanpa]") is None
    )  # nobody is told to take over what they have


@pytest.mark.db
def test_a_closed_child_is_as_it_was_signed(world: World, other_world: World, scheme: ScoreScheme) -> None:
    standing = get_standing(other_world.office, TW1)
    assert standing is not None
    below = standing.scheme
    db.session.add(
        PeriodClose(
            office_id=below.office_id, scheme_id=below.id, scheme_version_id=standing.version.id, period=TW1.key,
            closed_at=clock.now(), answers={}, lines=1, digest="0" * 64, result=frozen.to_json(standing),
        )
    )  # fmt: skip
    db.session.add(
        Target(
            office_id=below.office_id, scheme_id=below.id, component_key="berita-terbaru", period=TW1.key,
            value=Decimal(50), letter="ND-2/2026", set_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    (row,) = _read(world, scheme).rows.items
    assert row.result is not None and row.result.close is not None
    assert row.result.total.value == 30 and row.result.components["berita-terbaru"].target == 2


def test_only_who_may_read_them_sees_the_offices_below(
    world: World, other_world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    _office(world.office, 7)
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/unit?periode=2026-TW1")
    assert page.h1 == "Capaian unit di bawah, Triwulan I 2026"
    assert "Kantor Lain" in page.main and "1 dari 2 kantor" in page.main
    assert "Belum memakai skema ini" in page.main and "Kantor 7" in page.main
    assert "Kontributor" not in page.main  # offices, never people
    browser_of(world.editor).get("/capaian/unit", status=403)
    above = browser_of(other_world.lead).get("/capaian/unit?periode=2026-TW1")
    assert "Belum ada kantor di bawah kantor ini" in above.main


def test_an_office_without_a_scheme_is_told_so(world: World, browser_of: BrowserOf) -> None:
    assert "Belum ada skema penilaian" in browser_of(world.lead).get("/capaian/unit").main


def test_the_page_takes_a_fixed_number_of_statements_and_comes_in_pages(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, statements: QueryCount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    db.session.commit()
    browser = browser_of(world.lead)
    browser.get("/capaian/unit?periode=2026-TW1")
    statements.reset()
    browser.get("/capaian/unit?periode=2026-TW1")
    few = len(statements)
    for n in range(2):
        copy = ScoreScheme(office_id=_office(world.office, n).id, name="Salinan", origin_id=scheme.id)
        db.session.add(copy)
        db.session.flush()
        create_scheme_version(copy, actor=world.admin, components=SPECS, effective_from=TW1)
    db.session.commit()
    statements.reset()
    page = browser.get("/capaian/unit?periode=2026-TW1")
    assert "3 dari 3 kantor" in page.main
    assert len(statements) == few
    monkeypatch.setattr(module, "SIZE", 2)
    first = browser.get("/capaian/unit?periode=2026-TW1")
    rest = browser.get(first.link("Muat berikutnya"))
    assert "2 dari 2 kantor" in first.main and "1 dari 1 kantor" in rest.main
