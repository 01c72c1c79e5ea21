"""Free slots where a publication gets its time, what is missing said on the pages, and what stands there without any."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.audit.models import AuditEntry
from humasflow.calendar.pace import offer_slots
from humasflow.calendar.pace.noticing import get_shortage
from humasflow.channels import services as channels
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import PeriodType
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.services.moving import current_or_new
from humasflow.stories.enums import StoryState
from tests.calendar.pacing import NINE, NOW, planned, slots, target
from tests.conftest import QueryCount
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
BrowserOf = Callable[[Any], Browser]
QUARTER = "/kalender/?tampilan=triwulan&hari=2026-11-11"


def offered(world: World, post: Post) -> list[str]:
    offer = offer_slots(post, world.office, clock.now())
    return [at.strftime("%d %H:%MZ") for at in offer.times]


def opened(editor: Browser, post: Post) -> tuple[Page, dict[str, str], str]:
    """The page that gives a post its time, its form as a browser would send it, and where to."""
    page = editor.get(f"/kalender/pindahkan?item=publikasi:{post.id}:")
    (form,) = page.soup.select("main form:has([name=day])")
    return page, form_with(page, "day"), str(form["action"])


# Where a publication gets its time


def test_the_next_free_slots_leave_out_the_posts_own_time_and_what_it_takes(world: World, at: At) -> None:
    slots(world, (2, NINE), (2, time(10)), (4, NINE), gap=120)
    with at(NOW):
        post = planned(
            world, "2026-10-14T02:30:00Z"
        )  # 09.30: between two slots, and in the way of both but for itself
        assert offered(world, post) == ["14 02:00Z", "14 03:00Z", "16 02:00Z"]
        planned(world, "2026-10-16T02:30:00Z")
        assert offered(world, post) == ["14 02:00Z", "14 03:00Z", "21 02:00Z"]
        standing = planned(world, "2026-10-23T02:00:00Z")
        assert "23 02:00Z" not in offered(world, standing)


def test_no_slot_is_offered_before_the_embargo_ends_and_the_end_itself_is_one(world: World, at: At) -> None:
    slots(world, (2, NINE), (4, NINE))
    with at(NOW):
        post = planned(world)
        post.story.embargo_until = datetime(2026, 10, 16, 2, tzinfo=UTC)
        db.session.commit()
        assert offered(world, post)[0] == "16 02:00Z"
        post.story.embargo_until += timedelta(seconds=1)
        assert offered(world, post)[0] == "21 02:00Z"


@pytest.mark.parametrize("how", ["story", "delivery", "removed"])
def test_what_no_longer_goes_out_takes_no_slot(world: World, at: At, how: str) -> None:
    slots(world, (2, NINE), (4, NINE), gap=120)
    with at(NOW):
        post = planned(world)
        standing = planned(world, "2026-10-14T02:00:00Z")
        assert offered(world, post)[0] == "16 02:00Z"
        if how == "story":
            standing.story.state = StoryState.CANCELLED
        elif how == "removed":
            standing.removed_at = clock.now()
        else:
            current_or_new(standing).state = DeliveryState.CANCELLED
        db.session.flush()
        assert offered(world, post)[0] == "14 02:00Z"


@pytest.mark.parametrize(
    "page", ["/kalender/pindahkan?item=publikasi:{}", "/kalender/pindahkan?item=publikasi:{}:"]
)
def test_one_button_gives_the_post_the_next_free_slot(
    world: World, at: At, browser_of: BrowserOf, page: str
) -> None:
    slots(world, (2, NINE), (4, NINE))
    with at(NOW):
        post = planned(world, title="Menunggu waktu")
        editor = browser_of(world.editor)
        shown, form, action = opened(editor, post)
        buttons = shown.soup.select("button[name=slot]")
        assert [b["value"] for b in buttons] == ["2026-10-14 09:00", "2026-10-16 09:00", "2026-10-21 09:00"]
        assert buttons[0].text.strip() == "Rab 14 Okt, 09.00"
        # Enter in a field presses the first button of the form: that is saving what was typed, not a slot.
        first = shown.soup.select("form:has(button[name=slot]) button")[0]
        assert first.get("name") != "slot"
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
        editor.post(action, form | {"day": "", "slot": "2026-10-16 09:00"})
        db.session.expire_all()
        assert post.scheduled_at == datetime(2026, 10, 16, 2, tzinfo=UTC)
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == (before or 0) + 1


def test_a_slot_that_was_taken_meanwhile_is_asked_about(world: World, at: At, browser_of: BrowserOf) -> None:
    slots(world, (2, NINE))
    with at(NOW):
        post = planned(world)
        editor = browser_of(world.editor)
        form = form_with(editor.get(f"/kalender/pindahkan?item=publikasi:{post.id}"), "day")
        planned(world, "2026-10-14T02:00:00Z", title="Lebih dahulu")
        page = editor.post(
            f"/kalender/pindahkan?item=publikasi:{post.id}", form | {"slot": "2026-10-14 09:00"}, status=409
        )
        assert "Lebih dahulu" in page.main
        kept = form_with(page, "day")
        assert (kept["day"], kept["time"]) == ("2026-10-14", "09:00")
        assert db.session.get_one(Post, post.id).scheduled_at is None


@pytest.mark.parametrize("slot", ["kapan-kapan", "2026-10-14", "2026-13-45 09:00", "2026-10-14 99:99", " "])
def test_a_slot_that_is_no_time_is_not_understood_as_one(
    world: World, at: At, browser_of: BrowserOf, slot: str
) -> None:
    with at(NOW):
        post = planned(world)
        editor = browser_of(world.editor)
        form = form_with(editor.get(f"/kalender/pindahkan?item=publikasi:{post.id}"), "day")
        page = editor.post(
            f"/kalender/pindahkan?item=publikasi:{post.id}", form | {"slot": slot, "day": ""}, status=422
        )
        assert "Pilih tanggalnya" in page.main
        assert db.session.get_one(Post, post.id).scheduled_at is None


def test_a_channel_without_slots_or_with_all_of_them_taken_says_so(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    with at(NOW):
        post = planned(world)
        page = browser_of(world.editor).get(f"/kalender/pindahkan?item=publikasi:{post.id}")
        assert "belum punya slot tayang" in page.main
        slots(world, (2, NINE), gap=1440)
        for week in range(14):
            planned(world, (datetime(2026, 10, 14, 3, tzinfo=UTC) + timedelta(weeks=week)).isoformat())
        page = browser_of(world.editor).get(f"/kalender/pindahkan?item=publikasi:{post.id}")
        assert "Semua slot kanal ini terisi" in page.main


# Above the month


def test_the_month_has_a_line_of_its_own_for_what_it_lacks(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    slots(world, quota=2)
    with at(NOW):
        editor = browser_of(world.editor)
        month = editor.get("/kalender/?tampilan=bulan&hari=2026-11-11")
        holder = month.soup.select_one("[data-gaps]")
        assert holder is not None
        assert holder.select('a[href^="/kalender/?tampilan=triwulan"]')
        line = editor.client.get(str(holder["data-gaps"])).get_data(as_text=True)
        assert "Instagram Kantor kosong pekan ke-5 sampai ke-10; butuh 12 lagi." in line
        assert 'href="/kalender/?tampilan=triwulan&amp;hari=2026-11-11"' in line
        narrowed = editor.get(f"/kalender/?tampilan=bulan&pilar={world.pillar.id}")
        assert narrowed.soup.select_one("[data-gaps]") is None


def test_the_line_names_two_and_counts_the_rest(world: World, at: At) -> None:
    with at(NOW):
        for account, quota in ((world.instagram, 1), (world.facebook, 3), (world.x, 2)):
            channels.set_slots(account, actor=None, slots=[], min_gap_minutes=60, weekly_quota=quota)
        db.session.commit()
        month = (datetime(2026, 11, 1).date(), datetime(2026, 11, 30).date())
        found = get_shortage(world.as_(world.editor), world.office, *month)
        assert [r.account.id for r in found.named] == [world.facebook.id, world.x.id]
        assert found.more == 1
        # The weeks that touch November, whatever October and December lack: 26 October is in the fifth, 30 November
        # begins the tenth.
        assert (found.named[0].missing, found.named[0].sentence) == (
            18, f"{world.facebook.name} kosong pekan ke-5 sampai ke-10; butuh 18 lagi",
        )  # fmt: skip
        for week in range(6):
            for day in range(3):
                planned(
                    world, f"{date(2026, 10, 27 + day) + timedelta(weeks=week)}T02:00:00Z", account="facebook"
                )
        found = get_shortage(world.as_(world.editor), world.office, *month)
        assert [(r.account.id, r.missing) for r in found.rows] == [(world.x.id, 12), (world.instagram.id, 6)]
        only = get_shortage(world.as_(world.editor), world.office, *month, account_ids=[world.instagram.id])
        assert [r.account.id for r in only.rows] == [world.instagram.id]
    with at("2026-12-10T01:00:00Z"):
        # October's and November's weeks are over; what the quarter still lacks is no longer theirs to fill.
        assert get_shortage(world.as_(world.editor), world.office, *month).rows == ()


def test_the_line_is_empty_where_nothing_is_asked_and_costs_no_more_for_many(
    world: World, at: At, browser_of: BrowserOf, statements: QueryCount
) -> None:
    with at(NOW):
        contributor = browser_of(world.contributor)
        assert (
            contributor.client.get("/kalender/kekurangan").get_data(as_text=True).strip().endswith("<p></p>")
        )
        target(world, instagram=26)
        counts = []
        for posts in (0, 6):
            for n in range(posts):
                planned(world, f"2026-10-{20 + n}T02:00:00Z")
            db.session.expire_all()
            statements.reset()
            assert contributor.client.get("/kalender/kekurangan").status_code == 200
            counts.append(len(statements))
        assert counts[0] == counts[1]


# The quarter


@pytest.mark.parametrize("address", ["/kalender/?tampilan=triwulan&hari=2026-11-11"])
def test_the_page_says_each_cell_in_number_and_word_and_leads_to_its_week(
    world: World, at: At, browser_of: Callable[[Any], Browser], address: str
) -> None:
    slots(world, (2, NINE), quota=2)
    with at(NOW):
        planned(world, "2026-10-20T02:00:00Z")
        waiting = planned(world, title="Menunggu waktu")
        page = browser_of(world.editor).get(address)
        assert page.h1 == "Triwulan IV 2026"
        cells = page.soup.select("table.heat tbody tr")[2].select("td a")
        assert len(cells) == 13
        assert [c.select_one(".heat__word").text for c in cells[2:5]] == ["kosong", "kurang 1", "kosong"]  # type: ignore[union-attr]
        assert cells[3].select_one("b").text == "1/2"  # type: ignore[union-attr]
        assert cells[3]["href"] == f"/kalender/?tampilan=pekan&hari=2026-10-19&kanal={world.instagram.id}"
        # The present week opens on today, which an address leaves out.
        assert cells[2]["href"] == f"/kalender/?tampilan=pekan&kanal={world.instagram.id}"
        assert "butuh 25 lagi untuk 26" in page.main
        assert f"/kalender/pindahkan?item=publikasi:{waiting.id}&amp;hari=2026-10-14&amp;jam=09:00" in str(
            page.soup
        )
        reader = browser_of(world.contributor).get(address)
        assert "butuh 25 lagi untuk 26" in reader.main
        assert "Menunggu waktu" not in reader.main


def test_a_quarter_without_quotas_says_where_they_come_from(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    with at(NOW):
        page = browser_of(world.admin).get(QUARTER)
        assert "Belum ada kuota" in page.main
        hrefs = {a["href"] for a in page.soup.select("main a")}
        assert {"/pengaturan/kanal"} <= hrefs
        assert any("periode=2026-TW4" in str(h) for h in hrefs)
        reader = browser_of(world.contributor).get(QUARTER)
        assert "Belum ada kuota" in reader.main
        assert not reader.soup.select('main a[href^="/pengaturan"]')
        assert "Semua kuota terpenuhi" not in reader.main


def test_targets_of_months_are_found_elsewhere_and_not_asked_for_here(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    monthly = make_scheme(world, name="Bulanan")
    monthly.period_type = PeriodType.MONTH
    db.session.commit()
    with at(NOW):
        page = browser_of(world.admin).get(QUARTER)
        assert "Bulanan (per bulan)" in page.main and "Isi kuota sepekan" in page.main
        hrefs = [str(a["href"]) for a in page.soup.select("main a")]
        assert f"/capaian/?skema={monthly.id}" in hrefs
        assert not any("/pengaturan/sasaran" in href for href in hrefs), "months do not fill a quarter"
        reader = browser_of(world.contributor).get(QUARTER)
        assert "Bulanan (per bulan)" in reader.main and not reader.soup.select('main a[href^="/capaian"]')
        quarterly = make_scheme(world)
        db.session.commit()
        hrefs = [str(a["href"]) for a in browser_of(world.admin).get(QUARTER).soup.select("main a")]
        assert f"/pengaturan/sasaran?periode=2026-TW4&skema={quarterly.id}" in hrefs


def test_a_target_that_no_account_in_use_can_fill_is_said(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    target(world, instagram=5)
    with at(NOW):
        said = "Belum ada akun kanal aktif untuk sasaran"
        assert said not in browser_of(world.admin).get(QUARTER).main
        world.instagram.is_active = world.facebook.is_active = False
        db.session.commit()
        assert f"{said} Instagram," in browser_of(world.admin).get(QUARTER).main


def test_an_idea_leads_to_the_day_and_the_account_of_its_gap_and_stands_out_there(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    slots(world, (2, NINE), quota=1)
    with at(NOW):
        idea = send_pitch(
            actor=world.as_(world.contributor),
            office_id=world.office.id,
            content=PitchContent("Lelang & tertib"),
        )
        db.session.commit()
        editor = browser_of(world.editor)
        link = editor.get(QUARTER).soup.select_one(f'a[href*="usulan={idea.id}"]')
        assert link is not None
        page = editor.get(str(link["href"]))
        form = form_with(page, "day")
        assert (form["day"], form["time"], form["account_id"]) == (
            "2026-10-14",
            "09:00",
            str(world.instagram.id),
        )
        chosen = page.soup.select_one(".add__chosen")
        assert chosen is not None and "Lelang & tertib" in chosen.text


def test_a_quota_of_none_is_said_and_weeks_gone_look_gone(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    slots(world, quota=0)
    with at(NOW):
        page = browser_of(world.editor).get(QUARTER)
        heads = [h.get_text(" ", strip=True) for h in page.soup.select("table.heat tbody th")]
        assert any("0 dari 0" in h and "kuota 0 sepekan" in h for h in heads)
        row = page.soup.select("table.heat tbody tr")[2]
        assert ["gone" in str(c["class"]) for c in row.select("td")] == [True] * 2 + [False] * 11


def test_who_manages_channels_is_led_to_the_missing_slots(
    world: World, at: At, browser_of: BrowserOf
) -> None:
    slots(world, quota=2)
    with at(NOW):
        page = browser_of(world.editor).get(QUARTER)
        assert "belum punya slot tayang" in page.main
        slots(world, (2, NINE), quota=2)
        page = browser_of(world.editor).get(QUARTER)
        assert "slot kosong berikutnya 14 Okt 2026 09.00 WIB" in page.main


def test_the_accounts_say_their_slots_and_quotas_in_words(world: World, browser_of: BrowserOf) -> None:
    slots(world, (0, NINE), (2, NINE), (4, NINE), quota=3)
    page = browser_of(world.admin).get("/pengaturan/kanal")
    assert "slot Sen Rab Jum 09.00" in page.main
    assert "kuota 3 sepekan" in page.main
