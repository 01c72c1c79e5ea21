"""The standing in words and on its page: what is missing, how fast, what is planned and what that would make."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from humasflow.core.db import db
from humasflow.core.periods import Month, PeriodType
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import ComponentKind, Polarity, ResultKind, TargetScope
from humasflow.scoring.models import OfficialResult, ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, RulesSpec
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing import Standing, get_standing, sentences, standing_now
from humasflow.scoring.standing.needed import publications_needed
from humasflow.scoring.standing.sentences import joined, pace_in_words
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories.measured import make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.standings import TW1, WITHIN, aim, news, planned, scheme_of
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
PAGE = "/capaian/?periode=2026-TW1"


def standing_of(world: World, period: Any = TW1) -> Standing:
    found = get_standing(world.office, period)
    assert found is not None
    return found


def test_the_sentence_is_stressed_where_something_is_missing() -> None:
    said = sentences.Headline(
        "Kurang", ("4 Berita", "1 <Artikel>", "1 Profil"), ("2 sudah terjadwal", "perlu 3 per pekan")
    )
    assert said.text == "Kurang 4 Berita, 1 <Artikel>, dan 1 Profil; 2 sudah terjadwal; perlu 3 per pekan."
    assert [words for words, is_missing in said.pieces if is_missing] == list(said.missing)
    assert sentences.Headline("Semua sasaran sudah tercapai").text == "Semua sasaran sudah tercapai."


@pytest.mark.db
def test_one_publication_may_close_several_gaps(world: World, at: Any) -> None:
    scheme = scheme_of(
        world, news("Berita", 40), news("Lelang", 30, pillar_ids=[world.pillar.id]),
        ComponentSpec("Artikel", Decimal(30), content_types=["artikel"], channel_kinds=["website_own"]),
    )  # fmt: skip
    for key, target in (("berita", 8), ("lelang", 3), ("artikel", 2)):
        aim(world, scheme, key, target)
    with at(WITHIN):
        found = standing_of(world)
    assert publications_needed(found.short) == 10, "three of the eight news may be about the pillar"
    assert sentences.pace_of(found) == "perlu 2 per pekan"


def test_a_list_reads_as_people_write_it() -> None:
    assert [joined(list("abc")[:n]) for n in range(4)] == ["", "a", "a dan b", "a, b, dan c"]


@pytest.mark.parametrize(
    ("missing", "days", "said"),
    [
        (5, 21, "perlu 2 per pekan"),
        (1, 60, "perlu satu tiap 8 pekan"),
        (3, 5, "perlu 3 dalam 5 hari"),
        (3, 0, ""),
        (0, 30, ""),
    ],
)
def test_the_pace_in_words(missing: int, days: int, said: str) -> None:
    assert pace_in_words(Fraction(missing), days) == said


@pytest.mark.db
def test_the_first_sentence_says_what_is_missing_what_is_planned_and_the_pace(world: World, at: Any) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_utama=1, berita_terbaru=6, artikel=1, profil_kantor=1)
    with at("2026-03-10T02:00Z"):
        for _n in range(2):
            live_post(world)
        planned(world, "Terjadwal", agree=True, due="2026-03-20T02:00Z")
        said = sentences.headline(standing_of(world)).text
    assert said == (
        "Kurang 4 Berita Terbaru, 1 Artikel, 1 Berita Utama, dan 1 komponen lain; 1 sudah terjadwal; "
        "perlu 3 per pekan."
    )


@pytest.mark.db
def test_a_period_that_is_over_ends_with_what_it_lacked(world: World, at: Any) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 2)
    live_post(world)
    with at("2026-04-03T02:00Z"):
        assert sentences.headline(standing_of(world)).text == "Berakhir dengan kekurangan 1 Berita."


@pytest.mark.db
def test_everything_met_no_targets_and_not_begun(world: World, at: Any) -> None:
    scheme = scheme_of(world, news())
    with at(WITHIN):
        assert sentences.headline(standing_of(world)).text == "Sasaran Triwulan I 2026 belum ditetapkan."
        aim(world, scheme, "berita", 1)
        post = live_post(world)
        found = standing_of(world)
        assert (
            sentences.headline(found).text == "Semua sasaran tercapai bila yang sudah tayang terverifikasi."
        )
        assert sentences.say(found.components[0], found) == "tercapai bila yang tayang terverifikasi"
        verify_point(post, actor=world.as_(world.lead))
        found = standing_of(world)
        assert sentences.headline(found).text == "Semua sasaran sudah tercapai."
        assert sentences.say(found.components[0], found) == "tercapai"


@pytest.mark.db
def test_the_projection_says_what_it_stands_on(world: World, at: Any) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 4)
    with at(WITHIN):
        verify_point(live_post(world, at="2026-02-10T02:00Z"), actor=world.as_(world.lead))
        planned(world, "Terjadwal", agree=True, due="2026-02-20T02:00Z")
        planned(world, "Direviu", submit=True)
        planned(world, "Baru ditulis")
        found = standing_of(world)
        assert sentences.projection(found) == "1 terjadwal, 1 direviu atau siap → 75,00"
        row = found.components[0]
        assert [int(n) for n in (row.scheduled, row.review, row.writing)] == [1, 1, 1]
        assert (str(found.total.value), str(found.projected_total.value)) == ("25.00", "75.00")


@pytest.mark.db
def test_a_cadence_says_how_many_weeks_and_what_this_one_needs(world: World, at: Any) -> None:
    scheme_of(world, news("Ajek", kind=ComponentKind.CADENCE, parameters={"unit": "week", "minimum": 2}))
    posts = [live_post(world, at=f"{day}T03:00Z") for day in ("2026-02-02", "2026-02-03", "2026-02-10")]
    with at(WITHIN):
        found = standing_of(world)
    row = found.components[0]
    assert (row.units_met, row.units_counted, len(row.units)) == (1, 6, 13)
    assert "0 dari 6 pekan memenuhi, 1 lagi menunggu verifikasi" in sentences.say(row, found)
    assert "pekan ini perlu 1 lagi untuk Ajek" in sentences.headline(found).text
    assert row.units_verified == 0, "only what is verified is drawn as verified"
    with at(WITHIN):
        for post in posts[:2]:
            verify_point(post, actor=world.as_(world.lead))
        found = standing_of(world)
    row = found.components[0]
    assert (row.units_verified, row.units_settled) == (1, (1, 6))
    assert sentences.say(row, found).startswith("1 dari 6 pekan memenuhi; mulai")


@pytest.mark.db
def test_fewer_is_better_and_a_range_are_said_as_they_are(world: World, at: Any) -> None:
    scheme = scheme_of(
        world, news("Ralat", 50, polarity=Polarity.MINIMISE), news("Rentang", 50, polarity=Polarity.STABILISE)
    )
    aim(world, scheme, "ralat", 2)
    aim(world, scheme, "rentang", 1, upper=Decimal(2))
    for _n in range(3):
        live_post(world)
    with at(WITHIN):
        found = standing_of(world)
    assert sentences.say(found.components[0], found) == "3; sebaiknya tidak lebih dari 2"
    assert found.components[0].gap is None
    assert sentences.say(found.components[1], found) == "di atas rentang 1–2"
    assert sentences.headline(found).text == "Tidak ada publikasi yang kurang.", (
        "and yet not all is as it should be"
    )


@pytest.mark.db
def test_what_is_measured_is_told_and_what_is_not_yet_is_counted(world: World, at: Any) -> None:
    make_measured_scheme(world)
    with at(WITHIN):
        found = standing_of(world)
        assert "6 komponen belum diukur" in sentences.headline(found).text
        assert [sentences.say(c, found) for c in found.components][1] == "belum diukur"


@pytest.mark.db
def test_a_band_names_the_total(world: World) -> None:
    bands = [{"lower": "0", "label": "Kurang"}, {"lower": "60", "label": "Baik"}]
    scheme = scheme_of(world, news(), rules=RulesSpec(bands=bands))
    aim(world, scheme, "berita", 1)
    verify_point(live_post(world), actor=world.as_(world.lead))
    total = standing_of(world).total
    assert total.band is not None and total.band.label == "Baik"


@pytest.mark.db
def test_any_type_of_period_has_its_standing(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(), since=Month(2026, 1), period_type=PeriodType.MONTH)
    aim(world, scheme, "berita", 2, Month(2026, 2))
    live_post(world, at="2026-01-31T18:00Z")  # 1 February in Jakarta
    assert get_standing(world.office, TW1) is None
    with at(WITHIN):
        found = standing_now(world.office)
    assert found is not None and found.period == Month(2026, 2)
    assert [int(n or 0) for n in (found.components[0].live, found.components[0].gap)] == [1, 1]


@pytest.mark.db
def test_the_mix_stands_beside_the_total(world: World) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 4)
    aim(world, scheme, "berita", 2, scope=TargetScope.PILLAR, scope_id=world.pillar.id)
    live_post(world)
    (part,) = standing_of(world).components[0].mix
    assert (part.label, int(part.target), int(part.live)) == ("Lelang", 2, 0)


def about(world: World, *deliveries: Delivery) -> None:
    """The stories of publications, on the pillar of the mix."""
    for delivery in deliveries:
        db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    db.session.flush()


@pytest.mark.db
def test_the_mix_tells_the_verified_from_what_is_only_live(world: World) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 2, scope=TargetScope.PILLAR, scope_id=world.pillar.id)
    sure, waiting, asked = live_post(world), live_post(world), live_post(world)
    about(world, sure, waiting, asked)
    verify_point(sure, actor=world.as_(world.lead))
    dispute_point(asked, actor=world.as_(world.lead), reason="Judulnya lain.")
    (part,) = standing_of(world).components[0].mix
    assert (part.verified, part.unverified, part.live) == (1, 1, 2), "what is questioned is in neither"
    assert not part.is_reached(counts_unverified=False) and part.is_reached_live
    assert part.is_reached(counts_unverified=True)
    verify_point(waiting, actor=world.as_(world.lead))
    (part,) = standing_of(world).components[0].mix
    assert (part.verified, part.unverified) == (2, 0) and part.is_reached(counts_unverified=False)


# The page


def test_the_mix_is_read_with_both_states(world: World, browser_of: BrowserOf, at: Any) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 2, scope=TargetScope.PILLAR, scope_id=world.pillar.id)
    sure, waiting = live_post(world), live_post(world)
    about(world, sure, waiting)
    verify_point(sure, actor=world.as_(world.lead))
    db.session.commit()

    def shown() -> tuple[str, int]:
        with at(WITHIN):
            page = browser_of(world.lead).get(PAGE)
        (line,) = [p for p in page.soup.select(".std__row .meta") if "Di antaranya" in p.text]
        return " ".join(line.text.split()), len(line.select("svg"))

    assert shown() == (
        "Di antaranya: Lelang 1 dari 2 · 1 tayang belum diverifikasi · tercapai bila yang tayang terverifikasi",
        0,
    ), "never two of two before somebody looked"
    verify_point(waiting, actor=world.as_(world.lead))
    db.session.commit()
    assert shown() == ("Di antaranya: Lelang 2 dari 2", 1)


def test_less_than_nothing_is_drawn_as_nothing(app: Flask) -> None:
    with app.test_request_context():
        macros = app.jinja_env.get_template("components/progress.html").module
        drawn = BeautifulSoup(macros.bar(Decimal(-2), Decimal(3), 0, 0, 10, "Berita"), "html.parser")  # type: ignore[attr-defined]
    parts = drawn.select("rect[height='18']")
    assert [(part["x"], part["fill"][:6]) for part in parts] == [("0.000%", "url(#u")]


def test_points_that_are_missing_are_called_points(world: World, browser_of: BrowserOf, at: Any) -> None:
    spec = ComponentSpec(
        "Medsos", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": {"*|website_own": "2.5"}}
    )
    aim(world, scheme_of(world, spec), "medsos", 10)
    db.session.commit()
    with at(WITHIN):
        page = browser_of(world.lead).get(PAGE)
    assert "kurang 10 poin" in page.soup.select_one(".why h3").text  # type: ignore[union-attr]


def announced(world: World, scheme: ScoreScheme) -> None:
    db.session.add(
        OfficialResult(
            office_id=world.office.id, scheme_id=scheme.id, kind=ResultKind.SCORE, period="2026-TW1",
            value=Decimal("97.5"), announced_on=date(2026, 4, 20), document="S-12/KN/2026",
            recorded_at=world.office.created_at,
        )
    )  # fmt: skip


def test_the_page_shows_estimate_and_official_side_by_side(world: World, browser_of: BrowserOf) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 3)
    verify_point(live_post(world), actor=world.as_(world.lead))
    announced(world, scheme)
    db.session.commit()
    page = browser_of(world.lead).get(PAGE)
    assert "33,33" in page.main and "97,50" in page.main and "selisih +64,17" in page.main
    assert "S-12/KN/2026" in page.main
    assert "dua angka di belakang koma" in page.main, "the rounding rule is named"


def test_every_kind_of_component_has_its_row(world: World, browser_of: BrowserOf) -> None:
    make_measured_scheme(world)
    db.session.commit()
    page = browser_of(world.lead).get(PAGE)
    assert page.soup.select(".std__row") and len(page.soup.select(".std__row")) == 7
    assert "belum diukur" in page.main


def test_a_cadence_is_drawn_by_what_is_verified(world: World, browser_of: BrowserOf, at: Any) -> None:
    scheme_of(world, news("Ajek", kind=ComponentKind.CADENCE, parameters={"unit": "week", "minimum": 1}))
    verified = live_post(world, at="2026-02-02T03:00Z")
    live_post(world, at="2026-02-10T03:00Z")
    db.session.commit()
    with at(WITHIN):
        browser = browser_of(world.lead)
        drawn = [browser.get(PAGE).soup.select(".std__row .bar rect[width$='%']:not(.bar__frame)")]
        verify_point(verified, actor=world.as_(world.lead))
        db.session.commit()
        drawn.append(browser.get(PAGE).soup.select(".std__row .bar rect[width$='%']:not(.bar__frame)"))
    found = [[rect.get("class") or str(rect["fill"])[:6] for rect in every] for every in drawn]
    assert found == [["url(#u"], [["bar__v"], "url(#u"]]


def test_several_schemes_are_tabs_and_keep_their_own_period(
    world: World, browser_of: BrowserOf, at: Any
) -> None:
    scheme_of(world, news(), name="Triwulanan")
    monthly = scheme_of(world, news(), since=Month(2026, 1), period_type=PeriodType.MONTH, name="Bulanan")
    db.session.commit()
    with at(WITHIN):
        browser = browser_of(world.lead)
        page = browser.get("/capaian/")
        assert page.h1 == "Capaian Triwulan I 2026"
        other = browser.get(page.link("Bulanan"))
        assert other.h1 == "Capaian Februari 2026"
        assert browser.get(f"/capaian/?skema={monthly.id}&periode=2026-M01").h1 == "Capaian Januari 2026"


def test_what_is_no_period_is_not_found_and_the_ends_of_the_calendar_are_reached(
    world: World, browser_of: BrowserOf
) -> None:
    scheme_of(world, news())
    db.session.commit()
    browser = browser_of(world.lead)
    for key in ("2026-TW9", "kemarin", "2026-W60", "3000-TW1"):
        browser.get(f"/capaian/?periode={key}", status=404)
    assert browser.get("/capaian/?periode=2999-TW4").status == 200
    assert "Belum ada skema" in browser.get("/capaian/?periode=1970-TW1").main
    assert browser.get("/capaian/?tw=2026-TW1").h1 == "Capaian Triwulan I 2026", "old links lead on"


def test_another_offices_scheme_is_not_shown(
    world: World, other_world: World, browser_of: BrowserOf, in_request: None
) -> None:
    other = scheme_of(other_world, news(), name="Rahasia")
    db.session.commit()
    page = browser_of(world.lead).get(f"{PAGE}&skema={other.id}")
    assert "Rahasia" not in page.main


def test_the_page_asks_as_much_for_many_as_for_one(
    world: World, browser_of: BrowserOf, statements: QueryCount, at: Any
) -> None:
    scheme = scheme_of(world, news())
    aim(world, scheme, "berita", 60)
    with at(WITHIN):
        browser = browser_of(world.lead)
        counts = []
        for n in (1, 3, 3):
            for _i in range(n):
                live_post(world)
                planned(world, f"Direviu {n} {_i}", submit=True)
            db.session.commit()
            statements.reset()
            browser.get(PAGE)
            counts.append(len(statements))
    assert counts[1] == counts[2]


def test_what_points_are_worth_is_named(world: World, browser_of: BrowserOf, at: Any) -> None:
    spec = ComponentSpec(
        "Medsos", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": {"*|website_own": "2.5"}}
    )
    scheme = scheme_of(world, spec)
    aim(world, scheme, "medsos", 10)
    live_post(world)
    db.session.commit()
    with at(WITHIN):
        page = browser_of(world.lead).get(PAGE)
    assert "Kurang 7,5 poin Medsos" in page.soup.select_one(".say").text  # type: ignore[union-attr]
