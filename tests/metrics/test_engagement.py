"""Keterlibatan: rates with their formula, what stood out, when; formulas never mixed; a dash where nobody knows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.metrics import summary
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries import Chosen, each_measured, list_most_read, rates_of
from humasflow.metrics.services import count_reader
from humasflow.metrics.views.asked import bounds
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryReader
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db
Open = Callable[[Any], Browser]
PAGE = "/keterlibatan/?periode=2026-TW1"
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def told(delivery: Delivery, **numbers: int) -> Delivery:
    db.session.add(
        MetricSnapshot(
            office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id,
            captured_at=datetime(2026, 3, 30, tzinfo=UTC), source="manual", named=dict(numbers), **numbers,
        )
    )  # fmt: skip
    db.session.commit()
    return delivery


def test_the_page_says_the_formula_the_unknown_and_the_dash(world: World, browser_of: Open) -> None:
    told(live_post(world), likes=9, reach=100)
    live_post(world)
    db.session.commit()
    main = browser_of(world.editor).get(PAGE).main
    assert "9%" in main
    assert RateFormula.BY_REACH.label in main
    assert "belum diketahui: komentar, dibagikan, disimpan" in main
    assert "Angka 1 di antaranya belum diketahui" in main
    assert "bukan nol" in main
    assert "sudah ditutup tetap" in main
    assert "—" in main


def test_one_formula_at_a_time_and_the_first_that_can_be_computed(world: World, browser_of: Open) -> None:
    told(live_post(world), likes=9, followers=100)
    editor = browser_of(world.editor)
    assert (
        RateFormula.BY_FOLLOWERS.label
        in editor.get(PAGE).soup.select_one("#posts-title").find_parent("section").text
    )
    asked = editor.get(PAGE + "&rumus=by_reach")
    figure = asked.soup.find("section", {"aria-labelledby": "rate-title"})
    assert RateFormula.BY_REACH.label in figure.text
    assert RateFormula.BY_FOLLOWERS.label not in figure.text


def summed(world: World, formula: RateFormula = RateFormula.BY_REACH) -> summary.Summary:
    posts = each_measured(world.office.id, (START, END), Chosen(), formula)
    return summary.summarise(posts, formula, world.office.zone_name)


def test_the_best_and_the_least_of_each_pillar(world: World, browser_of: Open) -> None:
    posts = [told(live_post(world), likes=n, reach=100) for n in (5, 9, 1)]
    for delivery in posts[:2]:
        db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    db.session.commit()
    found = {p.pillar_id: p for p in summed(world).pillars}
    named, without = found[world.pillar.id], found[None]
    assert named.best.delivery_id == posts[1].id
    assert named.least is not None
    assert named.least.delivery_id == posts[0].id
    assert named.rate.value == Fraction(14, 200)
    assert without.least is None
    section = browser_of(world.editor).get(PAGE).soup.select_one("#best-title").find_parent("section")
    assert [h.text.split()[-1] for h in section.select("h3")] == ["7%", "1%"]
    assert section.select_one("h3").text.startswith(world.pillar.name)
    rows = [row.get_text(" ", strip=True) for row in section.select(".best__post")]
    assert [posts[n].title in row for n, row in zip((1, 0, 2), rows, strict=True)] == [True] * 3


def test_of_equal_rates_the_newer_one_is_named(world: World, in_request: None) -> None:
    days = (3, 5, 4)
    _old, new, _between = (
        told(live_post(world, at=f"2026-02-0{n}T02:00Z"), likes=n, reach=n * 10) for n in days
    )
    (found,) = summed(world).pillars
    assert (found.best.delivery_id, found.least) == (new.id, None)
    least = told(live_post(world, at="2026-01-01T02:00Z"), likes=0, reach=7)
    newer = told(live_post(world, at="2026-01-02T02:00Z"), likes=0, reach=9)
    (found,) = summed(world).pillars
    assert found.least is not None
    assert (found.best.delivery_id, found.least.delivery_id) == (new.id, newer.id)
    assert least.id < newer.id


def test_hours_are_those_of_the_office(world: World, in_request: None) -> None:
    told(live_post(world, at="2026-02-10T23:30Z"), likes=4, reach=100)  # Wednesday 06.30 WIB
    told(live_post(world, at="2026-02-10T02:00Z"), likes=1, reach=100)  # Tuesday 09.00 WIB
    cells = summed(world).hours
    wednesday, tuesday = cells[2][2], cells[1][3]
    assert (wednesday.number, wednesday.rate.value, wednesday.tone) == (1, Fraction(4, 100), 4)
    assert (tuesday.number, tuesday.tone) == (1, 1)
    assert sum(c.number for row in cells for c in row) == 2


def test_hours_without_anything_before_and_after_are_left_out(world: World, browser_of: Open) -> None:
    told(live_post(world, at="2026-02-10T23:30Z"), likes=4, reach=100)  # Wednesday 06.30 WIB
    told(live_post(world, at="2026-02-09T08:00Z"), likes=1, reach=100)  # Monday 15.00 WIB
    table = browser_of(world.editor).get(PAGE).soup.select_one("table.hours")
    assert [head.text for head in table.select("thead th")] == ["06–09", "09–12", "12–15", "15–18"]
    monday, _tuesday, wednesday = table.select("tbody tr")[:3]
    assert ["1%" in cell.text for cell in monday.select("td")] == [False, False, False, True]
    assert ["4%" in cell.text for cell in wednesday.select("td")] == [True, False, False, False]


def test_the_trend_and_the_own_mean_go_by_the_office_s_calendar(world: World, in_request: None) -> None:
    told(live_post(world, at="2025-12-31T18:00Z"), likes=3, reach=100)  # 1 January in WIB
    told(live_post(world, at="2025-11-01T00:00Z"), likes=7, reach=100)
    told(live_post(world, at="2025-08-01T00:00Z"), likes=1, reach=100)
    periods = [Quarter.parse(k) for k in ("2025-TW2", "2025-TW3", "2025-TW4", "2026-TW1")]
    spans = [bounds(period, world.office) for period in periods]
    rates = rates_of(world.office.id, spans, Chosen(), RateFormula.BY_REACH)
    assert [r.value for r in rates] == [None, Fraction(1, 100), Fraction(7, 100), Fraction(3, 100)]
    assert summary.trailing_mean(rates[:-1]) == Fraction(4, 100)
    assert summary.trailing_mean(rates[:1]) is None
    assert rates_of(world.office.id, [], Chosen(), RateFormula.BY_REACH) == []


def test_every_length_of_a_period_can_be_chosen(world: World, browser_of: Open, at: Any) -> None:
    with at("2026-02-10T03:00Z"):
        for address in ("/keterlibatan/", "/keterlibatan/pembaca"):
            page = browser_of(world.editor).get(f"{address}?periode=2026-TW1")
            offered = [option["value"] for option in page.soup.select("#f-periode option")]
            assert offered == ["2026-W07", "2026-M02", "2026-TW1", "2026-S1", "2026"]
            for key in offered:
                browser_of(world.editor).get(f"{address}?periode={key}")


def test_filters_and_pages(world: World, browser_of: Open) -> None:
    told(live_post(world, title="Di situs"), likes=1, reach=10)
    told(live_post(world, account=world.facebook, title="Di Facebook"), likes=1, reach=10)
    editor = browser_of(world.editor)
    only = editor.get(f"{PAGE}&akun={world.facebook.id}").main
    assert "Di Facebook" in only
    assert "Di situs" not in only
    assert "Belum ada publikasi di sini" in editor.get(f"{PAGE}&pilar={world.pillar.id}").main
    assert "Di situs" in editor.get(f"{PAGE}&akun=x&jenis=tidak-ada&setelah=rusak").main
    for key in ("2026-M02", "2026", "2026-W07"):
        editor.get(f"/keterlibatan/?periode={key}")
    editor.get("/keterlibatan/?periode=2026-TW9", status=404)
    for n in range(31):
        live_post(world, at=f"2026-01-{n % 28 + 1:02d}T03:00Z")
    db.session.commit()
    first = editor.get(PAGE)
    assert "Di situs" in first.main
    after = editor.get(first.soup.select_one("a[href*=setelah]")["href"])
    assert "Di situs" not in after.main
    assert len(after.soup.select("table.eng tbody tr")) == 3


def test_the_number_of_statements_is_fixed(world: World, browser_of: Open, statements: QueryCount) -> None:
    editor = browser_of(world.editor)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            told(live_post(world), likes=2, reach=10)
            count_reader(live_post(world).story_id, date(2026, 2, 10))
        db.session.commit()
        for address in (PAGE, "/keterlibatan/pembaca?periode=2026-TW1"):
            editor.get(address)
            statements.reset()
            editor.get(address)
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


def test_another_office_is_not_seen(world: World, other_world: World, browser_of: Open) -> None:
    told(live_post(other_world, title="Punya kantor lain"), likes=9, reach=10)
    count_reader((foreign := live_post(other_world, title="Punya kantor lain")).story_id, date(2026, 2, 10))
    db.session.commit()
    editor = browser_of(world.editor)
    assert "Punya kantor lain" not in editor.get(PAGE).main
    assert "Belum ada pembaca" in editor.get("/keterlibatan/pembaca?periode=2026-TW1").main
    editor.get(f"/keterlibatan/pembaca/{foreign.story_id}", status=404)
    browser_of(world.contributor).get(PAGE, status=403)


# Readers of the portal


def test_readers_by_day_and_by_story(world: World, browser_of: Open, at: Any) -> None:
    one, two = live_post(world, title="Banyak dibaca"), live_post(world, title="Sedikit dibaca")
    count_reader(one.story_id, date(2026, 2, 10), readers=40)
    count_reader(one.story_id, date(2026, 3, 10), readers=3)
    count_reader(two.story_id, date(2026, 2, 10), readers=2)
    count_reader(two.story_id, date(2026, 4, 1), readers=100)
    db.session.commit()
    with at("2026-04-02T03:00Z"):
        editor = browser_of(world.editor)
        page = editor.get("/keterlibatan/pembaca?periode=2026-TW1")
        assert "45 pembaca" in page.main
        assert page.main.index("Banyak dibaca") < page.main.index("Sedikit dibaca")
        story = editor.get(f"/keterlibatan/pembaca/{one.story_id}")
        assert "43 pembaca seluruhnya" in story.main
        assert "40 terbanyak sehari" in story.main
        assert "Belum ada pembaca" in editor.get(f"/keterlibatan/pembaca/{live_post(world).story_id}").main


def test_the_most_read_hides_the_title_of_a_confidential_story(world: World, browser_of: Open) -> None:
    secret = live_post(world, title="Rencana yang dirahasiakan")
    story = db.session.get_one(Story, secret.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    count_reader(secret.story_id, date(2026, 2, 10), readers=5)
    db.session.commit()

    def seen_by(user: Any) -> tuple[str, bool]:
        quarter = Quarter.parse("2026-TW1")
        (row,) = list_most_read(world.office.id, quarter.start, quarter.end, reader_id=user.id, limit=5)
        return row.title, row.is_seen

    address = "/keterlibatan/pembaca?periode=2026-TW1"
    page = browser_of(world.editor).get(address)
    assert seen_by(world.editor) == ("Naskah rahasia", False)
    assert "Naskah rahasia" in page.main
    assert "dirahasiakan" not in page.html
    assert not page.soup.select("main .list a")
    db.session.add(StoryReader(story_id=story.id, user_id=world.editor.id, added_at=clock.now()))
    db.session.commit()
    assert seen_by(world.editor) == (story.title, True)
    assert "dirahasiakan" in browser_of(world.editor).get(address).main


def test_readers_stand_beside_the_publication(world: World, browser_of: Open) -> None:
    one = live_post(world)
    count_reader(one.story_id, date(2026, 2, 10), readers=12)
    db.session.commit()
    assert "12 pembaca" in browser_of(world.editor).get(f"/publikasi/{one.post_id}").main
