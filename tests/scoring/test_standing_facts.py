"""The facts of a period as the calculation gets them: counts, points, cadences by whole weeks, measurements."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Month, PeriodType, Week, parse_period
from humasflow.scoring.calculation import (
    CadenceFacts,
    ChecklistFacts,
    CountFacts,
    GateFacts,
    GrowthFacts,
    PointsFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
)
from humasflow.scoring.calculation.parameters import CadenceParameters, CadenceUnit
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Measurement
from humasflow.scoring.services.adjusting import write_adjustment
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing import get_standing
from humasflow.scoring.standing.facts import facts_of_period, gather
from humasflow.scoring.standing.units import stretches
from tests.conftest import QueryCount
from tests.factories.measured import make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.standings import TW1, news, scheme_of, version_of
from tests.factories.world import World

pytestmark = pytest.mark.db

WEEKLY = {"unit": "week", "minimum": 2}


def facts(world: World, scheme: Any, period: Any = TW1) -> Any:
    return facts_of_period(world.office, version_of(scheme), period)


def test_only_what_is_verified_counts_and_the_rest_stands_beside_it(world: World) -> None:
    scheme = scheme_of(world, news())
    verify_point(live_post(world), actor=world.as_(world.lead))
    live_post(world)
    dispute_point(live_post(world), actor=world.as_(world.lead), reason="Tautan mati")
    gathered = gather(world.office, version_of(scheme), TW1)
    assert gathered.facts() == {"berita": CountFacts(Decimal(1))}
    assert gathered.facts(live=True) == {"berita": CountFacts(Decimal(2))}


def test_a_component_may_count_what_nobody_verified_yet(world: World) -> None:
    scheme = scheme_of(world, news(counts_unverified=True))
    live_post(world)
    assert facts(world, scheme) == {"berita": CountFacts(Decimal(1))}


def test_points_come_from_the_table_of_types_and_channels(world: World) -> None:
    spec = news(kind=ComponentKind.POINTS, parameters={"points": {"berita_terbaru|website_own": "2.5"}})
    scheme = scheme_of(world, spec)
    for _n in range(3):
        verify_point(live_post(world), actor=world.as_(world.lead))
    assert facts(world, scheme) == {"berita": PointsFacts(Decimal("7.5"))}


def test_an_adjustment_below_nothing_is_nothing(world: World, at: Any) -> None:
    scheme = scheme_of(world, news())
    with at("2026-02-11T02:00Z"):
        write_adjustment(
            scheme, "berita", actor=world.as_(world.lead), quantity=Decimal(-3), reason="Terhitung dua kali",
            adjusts=None,
        )  # fmt: skip
        assert facts(world, scheme) == {"berita": CountFacts(Decimal(0))}


def test_a_week_belongs_whole_to_the_period_of_its_thursday() -> None:
    rules = CadenceParameters(CadenceUnit.WEEK, 1)
    weeks = [stretches(rules, TW1.shift(n)) for n in (0, 1)]
    assert (weeks[0][0].start, weeks[0][-1].end) == (date(2025, 12, 29), date(2026, 3, 29))
    assert weeks[1][0].start == date(2026, 3, 30), "31 March lies in the first week of the second quarter"
    assert len(weeks[0]) == 13
    months = [len(stretches(rules, Month(2026, n))) for n in range(1, 13)]
    assert sum(months) == 53, "every week of the year once: 2026 has 53"
    assert len(stretches(rules, Week(2026, 7))) == 1


def test_weekdays_narrow_a_cadence() -> None:
    days = stretches(CadenceParameters(CadenceUnit.DAY, 1, (2,)), Month(2026, 2))
    assert [d.start.day for d in days] == [4, 11, 18, 25]
    weeks = stretches(CadenceParameters(CadenceUnit.WEEK, 1, (0, 4)), Month(2026, 2))
    assert [day.weekday() for day in weeks[0].days] == [0, 4]


def test_a_cadence_counts_weeks_that_are_over_or_have_their_minimum(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(kind=ComponentKind.CADENCE, parameters=WEEKLY))
    for day in ("2026-02-02", "2026-02-08", "2026-02-09", "2026-02-10"):
        verify_point(live_post(world, at=f"{day}T03:00Z"), actor=world.as_(world.lead))
    with at("2026-02-09T04:00Z"):  # Monday of the second of these weeks: it has its two already
        found = facts(world, scheme)["berita"]
        assert isinstance(found, CadenceFacts)
        assert found.counts == (0, 0, 0, 0, 0, 2, 2)
    with at("2026-02-16T04:00Z"):
        running = facts(world, scheme)["berita"]
        assert running.counts == (0, 0, 0, 0, 0, 2, 2), (
            "the week that has just begun is not held against anybody"
        )


def test_a_week_over_the_end_of_a_quarter_finds_all_its_posts(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(kind=ComponentKind.CADENCE, parameters=WEEKLY))
    for day in ("2026-03-30", "2026-04-02"):  # one is booked in each quarter
        verify_point(live_post(world, at=f"{day}T03:00Z"), actor=world.as_(world.lead))
    with at("2026-04-07T03:00Z"):
        assert facts(world, scheme, TW1.next())["berita"].counts == (2,)
        assert facts(world, scheme, TW1)["berita"].counts == (0,) * 13


def test_the_local_date_decides_the_day_of_a_cadence(world: World, at: Any) -> None:
    daily = {"unit": "day", "minimum": 1}
    scheme = scheme_of(
        world, news(kind=ComponentKind.CADENCE, parameters=daily), since=Week(2026, 7),
        period_type=PeriodType.WEEK,
    )  # fmt: skip
    verify_point(live_post(world, at="2026-02-09T17:30Z"), actor=world.as_(world.lead))  # 00.30 on the 10th
    with at("2026-02-10T18:00Z"):
        found = facts(world, scheme, parse_period("2026-W07"))["berita"]
        assert found.counts == (0, 1)


def test_a_retracted_post_leaves_its_week(world: World, at: Any) -> None:
    from humasflow.publishing.services import retract

    scheme = scheme_of(world, news(kind=ComponentKind.CADENCE, parameters={"unit": "week", "minimum": 1}))
    delivery = live_post(world, at="2026-02-03T03:00Z")
    verify_point(delivery, actor=world.as_(world.lead))
    with at("2026-02-09T04:00Z"):
        assert facts(world, scheme)["berita"].counts[-1] == 1
        retract(delivery, actor=world.as_(world.editor), reason="Data keliru")
        assert facts(world, scheme)["berita"].counts[-1] == 0


def measured(world: World, scheme: Any, key: str, kind: ComponentKind, facts_: dict[str, Any]) -> None:
    row = Measurement(
        office_id=world.office.id, scheme_id=scheme.id, component_key=key, kind=kind, period="2026-TW1",
        facts=facts_, measured_on=date(2026, 2, 1), recorded_at=world.office.created_at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


def test_measurements_become_the_facts_of_their_kind(world: World) -> None:
    scheme = make_measured_scheme(world)
    empty = facts(world, scheme)
    assert {key for key, value in empty.items() if value is not None} == {"berita"}
    measured(world, scheme, "profil", ComponentKind.CHECKLIST, {"marks": {"alamat": 2, "layanan": 1}})
    measured(world, scheme, "mutu", ComponentKind.RUBRIC, {"mark": "80"})
    measured(world, scheme, "mutu", ComponentKind.RUBRIC, {"mark": "85.5"})
    measured(world, scheme, "keterlibatan", ComponentKind.RATE, {"numerator": "30", "denominator": "1000"})
    measured(world, scheme, "pengikut", ComponentKind.GROWTH, {"previous": "100", "current": "120"})
    measured(world, scheme, "peringkat", ComponentKind.RANK, {"position": 19, "out_of": 104})
    measured(world, scheme, "terdaftar", ComponentKind.GATE, {"passed": False, "why": "Belum terdaftar"})
    found = facts(world, scheme)
    assert found["profil"] == ChecklistFacts({"alamat": 2, "layanan": 1})
    assert found["mutu"] == RubricFacts((Decimal(80), Decimal("85.5")))
    assert found["keterlibatan"] == RateFacts(Decimal(30), Decimal(1000))
    assert found["pengikut"] == GrowthFacts(Decimal(100), Decimal(120))
    assert found["peringkat"] == RankFacts(19, 104)
    assert found["terdaftar"] == GateFacts(False, "Belum terdaftar")
    standing = get_standing(world.office, TW1)
    assert standing is not None and standing.total.failed_gates == ("terdaftar",)
    assert standing.total.value is None


def test_three_publications_ask_as_much_as_one(world: World, statements: QueryCount) -> None:
    scheme = scheme_of(
        world, news(weight=60), news("Ajek", 40, kind=ComponentKind.CADENCE, parameters=WEEKLY)
    )
    live_post(world)
    counts = []
    for _n in range(2):
        db.session.expire_all()
        statements.reset()
        assert get_standing(world.office, TW1, scheme_id=scheme.id) is not None
        counts.append(len(statements))
        live_post(world)
        live_post(world)
    assert counts[0] == counts[1]
