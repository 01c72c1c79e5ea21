"""The scheme over the periods: estimate beside official, the year as one number, nothing mixed that differs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import PeriodType, Quarter, period_of
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, Consolidation, ResultKind
from humasflow.scoring.models import Measurement, OfficialResult, PeriodClose, ScoreScheme, Target
from humasflow.scoring.services.schemes import create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing import frozen, get_standing
from humasflow.scoring.standing.many import Wanted, work_out
from humasflow.scoring.standing.trend import trend_of
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
DAYS = {"2026-TW1": "2026-02-10T02:00Z", "2026-TW2": "2026-05-10T02:00Z", "2026-TW3": "2026-08-10T02:00Z"}


@pytest.fixture
def scheme(
    world: World, in_request: None, at: Callable[[str], AbstractContextManager[None]]
) -> Iterator[ScoreScheme]:
    """Targets over three quarters; one of two Berita Terbaru is there in the first, both in the second."""
    with at("2026-08-20T02:00Z"):
        made = make_scheme(world, since="2025-TW4")
        for key in DAYS:
            set_targets(made, world, key, berita_utama=1, berita_terbaru=2, artikel=1, profil_kantor=1)
        for key, number in (("2026-TW1", 1), ("2026-TW2", 2)):
            for _n in range(number):
                verify_point(live_post(world, at=DAYS[key]), actor=world.as_(world.lead))
        live_post(world, at=DAYS["2026-TW3"])
        db.session.flush()
        yield made


def _announce(scheme: ScoreScheme, period: str, value: int | None, **more: object) -> OfficialResult:
    made = OfficialResult(
        office_id=scheme.office_id, scheme_id=scheme.id, period=period,
        value=None if value is None else Decimal(value), announced_on=date(2026, 8, 1), document="ND-9",
        recorded_at=clock.now(), **({"kind": ResultKind.SCORE} | more),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _revise(scheme: ScoreScheme, period: str, value: int) -> None:
    db.session.add(
        Target(
            office_id=scheme.office_id, scheme_id=scheme.id, component_key="berita-terbaru", period=period,
            value=Decimal(value), letter="ND-2/2026", set_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


def _until(key: str = "2026-TW3") -> Quarter:
    return Quarter.parse(key)


@pytest.mark.db
def test_estimates_stand_beside_official_results(world: World, scheme: ScoreScheme) -> None:
    first = _announce(scheme, "2026-TW1", 67)
    _announce(scheme, "2026-TW2", 55)
    _announce(scheme, "2026-TW1", 30, supersedes_id=first.id)

    found = trend_of(world.office, scheme, _until())

    assert [r.period.key for r in found.rows] == ["2025-TW4", "2026-TW1", "2026-TW2", "2026-TW3"]
    assert [r.estimate for r in found.rows] == [
        None,
        30,
        60,
        0,
    ]  # without targets there is no total, never a zero
    assert [r.difference for r in found.rows] == [None, 0, -5, None]
    assert [r.is_over for r in found.rows] == [True, True, True, False]


@pytest.mark.db
def test_a_year_is_made_of_periods_that_are_over(world: World, scheme: ScoreScheme) -> None:
    _announce(scheme, "2026-TW1", 80)
    year = trend_of(world.office, scheme, _until()).year
    assert year is not None
    assert (year.label, year.rule) == ("2026", Consolidation.AVERAGE)
    assert year.estimate == 45 and year.number == 2
    assert year.official == 80 and year.officials == 1  # an unannounced quarter is no zero


@pytest.mark.db
@pytest.mark.parametrize(
    ("rule", "estimate"), [(Consolidation.SUM, 90), (Consolidation.LAST, 60), (Consolidation.AVERAGE, 45)]
)
def test_a_year_follows_the_rule_of_the_version(
    world: World, scheme: ScoreScheme, rule: Consolidation, estimate: int
) -> None:
    scheme.versions[-1].consolidation = rule
    year = trend_of(world.office, scheme, _until()).year
    assert year is not None and year.estimate == estimate


@pytest.mark.db
def test_many_at_once_are_what_each_standing_is(world: World, scheme: ScoreScheme) -> None:
    """The one thing that must not drift: the trend and the standing evaluate the same."""
    version = queries.version_at(scheme, _until().end)
    assert version is not None
    wanted = [Wanted(world.office, scheme.id, version, Quarter.parse(key)) for key in DAYS]
    for result in work_out(wanted):
        standing = get_standing(world.office, result.wanted.period)
        assert standing is not None
        assert result.total.exact_subtotal == standing.total.exact_subtotal
        assert result.total.missing == standing.total.missing
        for row in standing.components:
            mine = result.components[row.key]
            assert mine.result == row.result
            assert (mine.tally.verified, mine.tally.unverified) == (row.verified, row.unverified)


@pytest.mark.db
def test_cadence_and_measurements_are_the_same_too(world: World, scheme: ScoreScheme) -> None:
    components = {c.key: c for c in scheme.versions[-1].components}
    components["berita-terbaru"].kind = ComponentKind.CADENCE
    components["berita-terbaru"].parameters = {"unit": "week", "minimum": 1}
    components["artikel"].kind = ComponentKind.RUBRIC
    db.session.add(
        Measurement(
            office_id=scheme.office_id, scheme_id=scheme.id, component_key="artikel", kind=ComponentKind.RUBRIC,
            period="2026-TW2", facts={"mark": "77.5"}, measured_on=date(2026, 6, 1), recorded_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    version = scheme.versions[-1]
    wanted = [Wanted(world.office, scheme.id, version, Quarter.parse(key)) for key in DAYS]
    for result in work_out(wanted):
        standing = get_standing(world.office, result.wanted.period)
        assert standing is not None
        assert {k: s.result for k, s in result.components.items()} == {
            row.key: row.result for row in standing.components
        }
    assert work_out(wanted)[1].components["artikel"].result.value == Decimal("77.5")


@pytest.mark.db
def test_a_closed_period_is_as_it_was_signed(world: World, scheme: ScoreScheme) -> None:
    standing = get_standing(world.office, _until("2026-TW1"))
    assert standing is not None
    db.session.add(
        PeriodClose(
            office_id=scheme.office_id, scheme_id=scheme.id, scheme_version_id=standing.version.id,
            period="2026-TW1", closed_at=clock.now(), answers={}, lines=1, digest="0" * 64,
            result=frozen.to_json(standing),
        )
    )  # fmt: skip
    for period in ("2026-TW1", "2026-TW2"):
        _revise(scheme, period, 4)
    rows = {r.period.key: r for r in trend_of(world.office, scheme, _until()).rows}
    assert rows["2026-TW1"].is_closed and rows["2026-TW1"].estimate == 30
    assert not rows["2026-TW2"].is_closed and rows["2026-TW2"].estimate == 30


@pytest.mark.db
def test_versions_are_marked_and_other_formulas_left_out(world: World, scheme: ScoreScheme) -> None:
    create_scheme_version(
        scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse("2026-TW2")
    )
    db.session.flush()
    found = trend_of(world.office, scheme, _until(), component_key="berita-terbaru")
    assert [r.is_new_version for r in found.rows] == [False, False, True, False]
    assert all(r.is_comparable for r in found.rows)
    newest = max(scheme.versions, key=lambda v: v.number)
    rated = next(c for c in newest.components if c.key == "berita-terbaru")
    rated.kind = ComponentKind.RANK
    rated.parameters = {"formula": "behind"}
    found = trend_of(world.office, scheme, _until(), component_key="berita-terbaru")
    assert [r.period.key for r in found.left_out] == ["2025-TW4", "2026-TW1"]
    assert all(r.estimate is None for r in found.left_out)


@pytest.mark.db
def test_announced_ranks_come_with_what_was_ranked(world: World, scheme: ScoreScheme) -> None:
    for period, facebook, instagram in (("2026-TW1", 39, 87), ("2026-TW2", 19, 41)):
        _announce(scheme, period, facebook, kind=ResultKind.RANK, label="Facebook", out_of=108)
        _announce(scheme, period, instagram, kind=ResultKind.RANK, label="Instagram")
    ranks = trend_of(world.office, scheme, _until()).ranks
    assert [(r.name, r.values, r.out_of) for r in ranks] == [
        ("Facebook", (None, 39, 19, None), 108),
        ("Instagram", (None, 87, 41, None), None),
    ]


@pytest.mark.db
def test_two_ranked_things_of_one_name_are_two_lines(world: World, scheme: ScoreScheme) -> None:
    """The scheme has a component Facebook; somebody wrote the name of another list in full."""
    _announce(scheme, "2026-TW1", 39, kind=ResultKind.RANK, component_key="facebook")
    _announce(scheme, "2026-TW1", 3, kind=ResultKind.RANK, label="Facebook")
    ranks = trend_of(world.office, scheme, _until()).ranks
    assert sorted((r.name, r.values[1]) for r in ranks) == [("Facebook", 3), ("Facebook", 39)]


@pytest.mark.db
def test_the_usual_formula_is_the_same_whether_written_or_not(world: World, scheme: ScoreScheme) -> None:
    old = next(c for c in scheme.versions[0].components if c.key == "artikel")
    old.kind, old.parameters = ComponentKind.RANK, {}
    create_scheme_version(
        scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse("2026-TW2")
    )
    new = next(c for c in scheme.versions[-1].components if c.key == "artikel")
    new.kind, new.parameters = ComponentKind.RANK, {"formula": "behind"}
    db.session.flush()
    assert not trend_of(world.office, scheme, _until(), component_key="artikel").left_out
    new.parameters = {"formula": "target"}
    db.session.flush()
    left = trend_of(world.office, scheme, _until(), component_key="artikel").left_out
    assert [row.period.key for row in left] == ["2025-TW4", "2026-TW1"]


def test_the_page_says_what_changed_and_never_merges(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    _announce(scheme, "2026-TW2", 55)
    _announce(scheme, "2026-TW1", 39, kind=ResultKind.RANK, label="Facebook")
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/tren?periode=2026-TW2")
    assert page.h1 == "Tren capaian sampai Triwulan II 2026"
    assert "Triwulan II 2026: 60,00 , naik 30,00 dari Triwulan I 2026" in page.main
    assert "-5,00" in page.main and "Peringkat resmi" in page.main
    one = browser_of(world.lead).get("/capaian/tren?periode=2026-TW2&komponen=berita-terbaru")
    assert "Berita Terbaru" in one.main and "Peringkat resmi" not in one.main
    browser_of(world.lead).get("/capaian/tren?periode=2019-TW1")
    browser_of(world.contributor).get("/capaian/tren", status=403)


def test_what_has_not_begun_is_not_said_to_be_under_way(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/tren?periode=2027-TW1")
    states = {
        row.select("td")[0].text: row.select("td")[4].text for row in page.soup.select("table.table tbody tr")
    }
    assert "Belum mulai" in states["Triwulan I 2027"] and "Belum mulai" in states["Triwulan IV 2026"]
    assert "Berjalan" in states["Triwulan III 2026"]
    assert "Triwulan III 2026 masih berjalan: 0,00 sejauh ini." in page.main
    line = page.soup.select_one(".chart__plot .chart__line--a")
    assert line is not None and len(line.select("svg")) == 3  # two quarters that are over, and this one
    assert len(line.find_all("line", recursive=False)) == 1  # joined are only the two that are over
    under = [text.text for text in page.soup.select(".chart__label")]
    assert under.count("berjalan") == 1 and under.count("belum mulai") == 2


def test_an_office_without_a_scheme_is_told_so(world: World, browser_of: BrowserOf) -> None:
    assert "Belum ada skema penilaian" in browser_of(world.lead).get("/capaian/tren").main


def test_the_page_takes_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, statements: QueryCount
) -> None:
    db.session.commit()
    browser = browser_of(world.lead)
    browser.get("/capaian/tren?periode=2025-TW4")
    statements.reset()
    browser.get("/capaian/tren?periode=2025-TW4")
    few = len(statements)
    statements.reset()
    browser.get("/capaian/tren?periode=2026-TW3")
    assert len(statements) == few


@pytest.mark.parametrize("type_", PeriodType)
def test_every_type_of_period_has_its_trend(
    world: World,
    browser_of: BrowserOf,
    in_request: None,
    at: Callable[[str], AbstractContextManager[None]],
    type_: PeriodType,
) -> None:
    """Also where a year has 53 weeks: at most twelve are drawn, and the year is made of all that are over."""
    with at("2026-12-31T02:00Z"):
        made = create_scheme(world.office.id, actor=world.admin, name="Lain", period_type=type_)
        first = period_of(type_, date(2026, 1, 15))
        create_scheme_version(made, actor=world.admin, components=SPECS, effective_from=first)
        live_post(world, at="2026-12-30T02:00Z")
        last = period_of(type_, date(2026, 12, 31))
        for key in ("berita-utama", "berita-terbaru", "artikel", "profil-kantor"):
            set_target(
                made, actor=world.admin, component_key=key, period=last, value=Decimal(2), letter="ND-1/2026"
            )
        db.session.commit()
        found = trend_of(world.office, made, last)
        expected = {"week": 12, "month": 12, "quarter": 4, "semester": 2, "year": 1}[type_.value]
        assert len(found.rows) == expected and (found.year is None) is (type_ is PeriodType.YEAR)
        browser = browser_of(world.lead)
        for path in ("tren", "seksi", "pilar", "orang", "saya", "unit"):
            page = browser.get(f"/capaian/{path}?skema={made.id}")
            assert found.rows[-1].period.label in str(page.h1), path
        drawn = browser.get(f"/capaian/tren?skema={made.id}").soup.select(".chart__label")
        assert "berjalan" in [text.text for text in drawn]
