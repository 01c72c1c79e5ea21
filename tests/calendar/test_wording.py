"""The texts that are pasted into WhatsApp: exact, by the office's clock, and nothing in them that is not for all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest

from humasflow.accounts.models import User
from humasflow.calendar.wording import agenda_text, list_week, week_text
from humasflow.core import whatsapp
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.planning.agenda.enums import EventState as S
from humasflow.planning.days.queries import list_days
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryState
from tests.conftest import QueryCount
from tests.factories.world import World, build_world
from tests.publishing.desk import NewsDesk
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
BrowserOf = Callable[[User], Browser]
DAY = date(2026, 11, 2)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Occ:
    """As the agenda gives it."""

    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool = False
    place: str = ""
    needs: tuple[str, ...] = ()
    state: S = S.CONFIRMED
    reason: str = ""
    is_private: bool = False


def test_the_days_agenda_word_by_word(world: World, at: At) -> None:
    with at("2026-11-02T01:00Z"):
        text = agenda_text(
            world.office, DAY,
            [
                Occ("Lelang *eksekusi*\nKPKNL", utc("2026-11-02T06:00Z"), utc("2026-11-02T08:30Z"), state=S.CANCELLED,
                    reason="Pemohon mundur"),
                Occ("Rapat koordinasi", utc("2026-11-02T02:00Z"), utc("2026-11-02T04:00Z"), place="Aula lantai 2",
                    needs=("news", "photo")),
                Occ("Kunjungan kerja", utc("2026-11-02T09:00Z"), utc("2026-11-02T17:00Z"), state=S.TENTATIVE),
                Occ("Pameran UMKM", utc("2026-11-01T17:00Z"), utc("2026-11-03T17:00Z"), all_day=True,
                    place="Lapangan Karebosi", needs=("video",)),
            ],
        )  # fmt: skip
    assert text == (
        "*Agenda hari ini*\n"
        "Kantor Uji\n"
        "Senin, 2 November 2026\n"
        "\n"
        "Sepanjang hari: Pameran UMKM\n"
        "Tempat: Lapangan Karebosi\n"
        "Humas: Video\n"
        "\n"
        "09.00–11.00 WIB Rapat koordinasi\n"
        "Tempat: Aula lantai 2\n"
        "Humas: Foto, Berita\n"
        "\n"
        "13.00–15.30 WIB Lelang *eksekusi* KPKNL\n"
        "DIBATALKAN: Pemohon mundur\n"
        "\n"
        "16.00–24.00 WIB Kunjungan kerja\n"
        "Belum pasti"
    )


def test_a_day_without_agenda_and_another_day_say_so(world: World, at: At) -> None:
    with at("2026-11-02T01:00Z"):
        assert agenda_text(world.office, DAY, []).endswith("\n\nTidak ada agenda.")
        assert agenda_text(world.office, date(2026, 11, 4), []).startswith("*Agenda*\nKantor Uji\nRabu, 4")


def test_hours_over_midnight_are_told_for_the_day(world: World, at: At) -> None:
    night = Occ("Siaga", utc("2026-11-01T13:00Z"), utc("2026-11-02T18:00Z"))
    with at("2026-11-02T01:00Z"):
        told = [agenda_text(world.office, DAY + timedelta(days=n), [night]) for n in (0, 1)]
    assert "\nlanjutan–01.00 WIB (keesokan harinya) Siaga" in told[0].replace("\n\n", "\n")
    assert "\nlanjutan–01.00 WIB Siaga" in told[1].replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (DAY, "20.00 – 4 November 12.00 WIB"),
        (date(2026, 11, 3), "lanjutan–12.00 WIB (keesokan harinya)"),
        (date(2026, 11, 4), "lanjutan–12.00 WIB"),
    ],
)
def test_three_days_are_told_for_each_of_them(world: World, at: At, day: date, hours: str) -> None:
    fair = Occ("Pameran", utc("2026-11-02T13:00Z"), utc("2026-11-04T05:00Z"))
    with at("2026-11-02T01:00Z"):
        assert agenda_text(world.office, day, [fair]).endswith(f"\n\n{hours} Pameran")


def test_midnight_is_the_end_of_its_day(world: World, at: At) -> None:
    until = Occ("Bazar", utc("2026-11-02T02:00Z"), utc("2026-11-03T17:00Z"))
    instant = Occ("Tutup loket", utc("2026-11-01T17:00Z"), utc("2026-11-01T17:00Z"))
    with at("2026-11-02T01:00Z"):
        text = agenda_text(world.office, DAY, [until, instant])
    assert "09.00–24.00 WIB (keesokan harinya) Bazar" in text
    assert "00.00–00.00 WIB Tutup loket" in text


@pytest.mark.parametrize(
    ("zone", "hours", "today"),
    [("Asia/Jakarta", "22.30–23.00 WIB", "Minggu, 1 November 2026"),
     ("Asia/Makassar", "23.30–24.00 WITA", "Minggu, 1 November 2026"),
     ("Asia/Jayapura", "00.30–01.00 WIT", "Senin, 2 November 2026")],
)  # fmt: skip
def test_the_office_says_which_day_and_hour_it_is(
    empty_database: None, in_request: None, at: At, zone: str, hours: str, today: str
) -> None:
    with at("2026-11-01T15:30Z"):
        office = build_world(timezone=zone).office
        day = to_local(utc("2026-11-01T15:30Z"), zone).date()
        text = agenda_text(office, day, [Occ("Siaga", utc("2026-11-01T15:30Z"), utc("2026-11-01T16:00Z"))])
    assert text == f"*Agenda hari ini*\nKantor Uji\n{today}\n\n{hours} Siaga"


# The week


@pytest.fixture
def news(world: World, in_request: None) -> NewsDesk:
    return NewsDesk(world)


def test_the_weeks_schedule_word_by_word(news: NewsDesk, world: World, at: At) -> None:
    with at("2026-11-02T01:00Z"):
        story, (web, _other) = news.going_out("web", "facebook", at=utc("2026-11-04T02:00Z"))
        news.schedule(web, utc("2026-11-02T01:00Z"))
        news.work()
        # 23.30 on Sunday is of this week, half past midnight on Monday of the next.
        _late, (sunday,) = news.going_out("facebook", at=utc("2026-11-08T16:30Z"), approved=False)
        news.going_out("facebook", at=utc("2026-11-08T17:30Z"))
        text = week_text(world.office, DAY)
        assert text == (
            "*Jadwal tayang pekan ini*\n"
            "Kantor Uji\n"
            "2 November 2026 – 8 November 2026 (WIB)\n"
            "\n"
            "Senin, 2 November\n"
            f"08.00 Situs berita: {story.title} (tayang)\n"
            "\n"
            "Rabu, 4 November\n"
            f"09.00 Facebook Kantor: {story.title}\n"
            "\n"
            "Minggu, 8 November\n"
            f"23.30 Facebook Kantor: {sunday.story.title} (draf)"
        )
        assert week_text(world.office, date(2026, 11, 9)).startswith(
            "*Jadwal tayang pekan depan*\nKantor Uji\n9 November"
        )
        assert week_text(world.office, date(2026, 11, 16)).endswith("\n\nBelum ada yang dijadwalkan.")


def test_a_story_on_several_channels_is_one_line(news: NewsDesk, world: World, at: At) -> None:
    with at("2026-11-02T01:00Z"):
        story, (web, _other) = news.going_out("web", "facebook", at=utc("2026-11-02T03:00Z"))
        assert f"\n10.00 Situs berita, 10.00 Facebook Kantor: {story.title}" in week_text(world.office, DAY)
        news.schedule(web, utc("2026-11-02T01:00Z"))
        news.work()
        told = f"\n08.00 Situs berita (tayang), 10.00 Facebook Kantor: {story.title}"
        assert week_text(world.office, DAY).endswith(told)


def test_nothing_confidential_and_nothing_under_embargo_is_pasted(
    news: NewsDesk, world: World, at: At
) -> None:
    with at("2026-11-02T01:00Z"):
        secret, _p = news.going_out("facebook", at=utc("2026-11-04T02:00Z"))
        assert secret.title in week_text(world.office, DAY)
        stories.make_confidential(secret, actor=news.editor, reader_ids=[world.editor.id])
        db.session.commit()
        assert week_text(world.office, DAY).endswith("Belum ada yang dijadwalkan."), (
            "also for who may read it"
        )
        off, _p = news.going_out("facebook", at=utc("2026-11-04T02:00Z"))
        off.state = StoryState.CANCELLED
        db.session.commit()
        assert not list_week(world.office, DAY)
        held, _p = news.going_out("facebook", at=utc("2026-11-05T02:00Z"))
        stories.set_embargo(held, actor=news.editor, until=utc("2026-11-05T01:00Z"))
        assert not list_week(world.office, DAY)
    with at("2026-11-05T01:00Z"):
        assert [c.title for c, _state in list_week(world.office, DAY)] == [held.title]


def test_the_week_is_read_with_as_many_statements_for_many_posts(
    news: NewsDesk, world: World, at: At, statements: QueryCount
) -> None:
    with at("2026-11-02T01:00Z"):
        news.going_out("facebook", at=utc("2026-11-04T02:00Z"))
        office = world.office
        db.session.refresh(office)
        statements.reset()
        assert len(list_week(office, DAY)) == 1
        one = len(statements)
        for _n in range(2):
            news.going_out("facebook", at=utc("2026-11-05T02:00Z"))
        db.session.refresh(office)
        statements.reset()
        assert len(list_week(office, DAY)) == 3
        assert one == len(statements) <= 5


# The page, and what is around the texts


def test_tomorrow_and_next_week_are_called_so_and_a_holiday_stands_above(world: World, at: At) -> None:
    with at("2027-03-09T01:00Z"):
        eid = date(2027, 3, 10)
        text = agenda_text(world.office, eid, [], list_days(world.office.id, eid, date(2027, 3, 11))[eid])
        assert text == (
            "*Agenda besok*\nKantor Uji\nRabu, 10 Maret 2027\nHari Raya Idul Fitri (perkiraan)\n\nTidak ada agenda."
        )
        assert week_text(world.office, date(2027, 3, 15)).startswith("*Jadwal tayang pekan depan*\n")
        heroes = date(2027, 11, 10)
        marks = list_days(world.office.id, heroes, date(2027, 11, 11))[heroes]
        assert "\nHari Pahlawan (perlu dipastikan)\n" in agenda_text(world.office, heroes, [], marks)


def test_a_text_too_long_for_a_link_is_copied(
    world: World, browser_of: BrowserOf, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "LINK_LENGTH", 20)
    with at("2026-11-02T01:00Z"):
        page = browser_of(world.contributor).get("/kalender/teks")
    assert not page.soup.select("main a[href^='https://wa.me/']")
    assert page.main.count("Teksnya terlalu panjang untuk tombol WhatsApp.") == 2
    assert len(page.soup.select("main pre")) == 2


def test_the_page_offers_today_tomorrow_this_week_and_the_next(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at("2026-11-02T01:00Z"):
        reader = browser_of(world.contributor)
        page = reader.get("/kalender/teks")
        assert "*Agenda hari ini*" in page.main and "*Jadwal tayang pekan ini*" in page.main
        assert [a["href"] for a in page.soup.select("main .tabs a")] == [
            "/kalender/teks?hari=2026-11-02&pekan=2026-11-02", "/kalender/teks?hari=2026-11-03&pekan=2026-11-02",
            "/kalender/teks?hari=2026-11-02&pekan=2026-11-02", "/kalender/teks?hari=2026-11-02&pekan=2026-11-09",
        ]  # fmt: skip
        page = reader.get("/kalender/teks?hari=2026-11-03&pekan=2026-11-12")
        assert "*Agenda besok*" in page.main and "*Jadwal tayang pekan depan*" in page.main
        links = [str(a["href"]) for a in page.soup.select("main a[href^='https://wa.me/']")]
        texts = [pre.get_text() for pre in page.soup.select("main pre")]
        assert [unquote(link.partition("text=")[2]) for link in links] == texts
        for bad in ("hari=x", "hari=1900-01-01&pekan=9999-12-31", "pekan=%00"):
            assert "*Agenda hari ini*" in reader.get(f"/kalender/teks?{bad}").main


def test_what_its_own_calendar_keeps_to_itself_is_in_no_group(world: World, at: At) -> None:
    with at("2026-11-02T01:00Z"):
        hours = utc("2026-11-02T02:00Z"), utc("2026-11-02T03:00Z")
        text = agenda_text(world.office, DAY, [Occ("Rapat", *hours), Occ("Cuti", *hours, is_private=True)])
        assert "Rapat" in text and "Cuti" not in text
