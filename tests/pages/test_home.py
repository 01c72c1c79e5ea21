"""Beranda: what each person is to do now, and nothing that is not theirs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.accounts.models import RoleGrant, User
from humasflow.approvals import services as approvals
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.periods import Quarter
from humasflow.pages.wording import greeting, headline, number_word
from humasflow.pitches import services as pitches
from humasflow.pitches.enums import PitchMove
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme, Target
from tests.approvals.desk import Desk
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.notifications.test_handlers import delivery_of
from tests.pitches.ideas import pitched
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
At = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def desk(world: World, in_request: None) -> Desk:
    return Desk(world)


def sections(page: Page) -> list[str]:
    """The headings of the parts, in order."""
    return [" ".join(h.get_text(" ").split()) for h in page.soup.select("main h2")]


def returned(desk: Desk, reason: str = "Angkanya tidak cocok") -> None:
    package = desk.submit(desk.ready("facebook"))
    approvals.send_back(package, actor=desk.approver, digest=package.digest, reason=reason)
    db.session.commit()


def put(desk: Desk, state: DeliveryState, *, error: str = "", assignee: User | None = None) -> Post:
    story = desk.ready("facebook")
    post = db.session.scalars(select(Post).where(Post.story_id == story.id)).one()
    post.scheduled_at = clock.now()
    made = delivery_of(post, state, error=error)
    made.assignee_id = assignee.id if assignee else None
    db.session.commit()
    return post


def test_nothing_to_do_says_so_and_an_empty_office_teaches(world: World, browser_of: BrowserOf) -> None:
    page = browser_of(world.contributor).get("/")
    assert page.h1 == "Tidak ada yang menunggu Anda."
    assert page.link("Kirim usulan") == "/usulan/kirim"
    assert "Belum ada usulan" in page.main
    assert "Tidak ada publikasi yang dijadwalkan atau tayang hari ini." in page.main


def test_a_contributor_sees_what_became_of_the_own_pitches(desk: Desk, browser_of: BrowserOf) -> None:
    world = desk.world
    rejected = pitched(world, "Senam pagi")
    pitches.move_pitch(rejected, PitchMove.REJECT, actor=desk.editor, reason="Sudah diberitakan pekan lalu")
    accepted = pitched(world, "Lelang UMKM")
    pitches.accept_pitch(accepted, actor=desk.editor, content_type_id=world.news.id)
    pitched(world, "Bukan milik saya", by=world.other_contributor)
    page = browser_of(world.contributor).get("/")
    assert "Senam pagi" in page.main
    assert "Sudah diberitakan pekan lalu" in page.main
    assert "Ditolak" in page.main
    assert "Lelang UMKM" in page.main
    assert "Bukan milik saya" not in page.main
    assert sections(page) == ["Usulan saya", "Hari ini"]


def test_an_approver_is_answered_in_the_heading(desk: Desk, browser_of: BrowserOf) -> None:
    for _n in range(2):
        desk.submit(desk.ready("web", "x"), note="Mohon dibaca hari ini")
    db.session.commit()
    page = browser_of(desk.world.approver).get("/")
    assert page.h1 == "Dua hal menunggu keputusan Anda."
    assert sections(page)[0] == "Perlu keputusan Anda"
    assert "dari Redaktur Satu" in page.main
    assert "Mohon dibaca hari ini" in page.main
    assert page.link("Baca").startswith("/persetujuan/")
    assert "Perlu keputusan Anda" not in browser_of(desk.world.editor).get("/").main, (
        "the submitter does not decide"
    )


def test_an_editor_sees_returns_troubles_uploads_and_new_pitches_in_that_order_of_urgency(
    desk: Desk, browser_of: BrowserOf
) -> None:
    world = desk.world
    returned(desk)
    put(desk, DeliveryState.FAILED, error="Foto ditolak kanal.")
    put(desk, DeliveryState.MANUAL_DUE, assignee=world.editor)
    put(desk, DeliveryState.MANUAL_DUE, assignee=world.other_editor)
    pitched(world, "Lelang UMKM")
    page = browser_of(world.editor).get("/")
    assert page.h1 == (
        "Empat hal menunggu Anda: 1 unggahan, 1 koreksi, 1 publikasi bermasalah, dan 1 usulan baru."
    )
    wanted = [
        "Saatnya diunggah",
        "Dikembalikan kepada Anda",
        "Belum tayang sebagaimana mestinya",
        "1 usulan baru",
        "Hari ini",
    ]
    assert sections(page)[: len(wanted)] == wanted
    assert "Angkanya tidak cocok" in page.main
    assert "Foto ditolak kanal." in page.main
    assert page.link("Perbaiki").endswith("/sunting")
    other = browser_of(world.other_editor).get("/")
    assert "Dikembalikan kepada Anda" not in other.main, "returned to the other one"


def test_today_shows_what_will_not_go_out_as_things_stand(desk: Desk, browser_of: BrowserOf) -> None:
    story = desk.ready("facebook", "x")
    first, second = db.session.scalars(select(Post).where(Post.story_id == story.id).order_by(Post.id)).all()
    local_noon = to_local(clock.now(), "Asia/Jakarta").replace(hour=12, minute=0)
    first.scheduled_at = second.scheduled_at = local_noon
    package = desk.submit(story)
    db.session.commit()
    assert browser_of(desk.world.editor).get("/").main.count("belum disetujui, tidak akan tayang") == 2
    desk.approve(package)
    db.session.commit()
    page = browser_of(desk.world.editor).get("/")
    assert "belum disetujui" not in page.main
    assert page.main.count("Terjadwal") == 2
    assert "12.00 WIB" in page.main


def test_today_is_the_offices_own_day(desk: Desk, browser_of: BrowserOf, at: At) -> None:
    # 23.30 WIB on 31 March is still 31 March here, although it is April in UTC+9.
    post = put(desk, DeliveryState.PUBLISHED)
    delivery = delivery_behind(post)
    delivery.published_at = datetime.fromisoformat("2026-03-31T16:30:00+00:00")
    delivery.permalink = "https://www.facebook.com/kantoruji/posts/1"
    post.scheduled_at = None
    db.session.commit()
    with at("2026-03-31T16:45Z"):
        page = browser_of(desk.world.editor).get("/")
        assert "Tayang" in page.main
        assert "23.30 WIB" in page.main
        assert "Selasa, 31 Maret 2026" in page.main
    with at("2026-03-31T17:15Z"):
        assert "Tidak ada publikasi yang dijadwalkan" in browser_of(desk.world.editor).get("/").main


def delivery_behind(post: Post) -> Delivery:
    return db.session.scalars(select(Delivery).where(Delivery.post_id == post.id)).one()


def scheme(world: World, target: int) -> None:
    """A scheme of one component, "Berita terbaru", with a target in the present quarter."""
    local = to_local(clock.now(), "Asia/Jakarta").date()
    quarter = Quarter.from_local_date(local)
    made = ScoreScheme(office_id=world.office.id, name="Skema uji", issuer="", legal_basis="", is_active=True)
    version = SchemeVersion(
        number=1, effective_from=date(2020, 1, 1), note="", created_at=clock.now(),
        components=[
            Component(
                key="berita", label="Berita Terbaru", weight=Decimal(100), cap=Decimal(100), partial_credit=True,
                content_types=["berita_terbaru"], channel_kinds=[], position=0,
            )
        ],
    )  # fmt: skip
    made.versions = [version]
    db.session.add(made)
    db.session.flush()
    db.session.add(
        Target(
            office_id=world.office.id, scheme_id=made.id, component_key="berita", period=quarter.key,
            value=Decimal(target), letter="ND-1", reason="", set_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()


def test_the_lead_sees_what_the_quarter_lacks(world: World, browser_of: BrowserOf, in_request: None) -> None:
    scheme(world, 24)
    page = browser_of(world.lead).get("/")
    assert "Kurang 24 Berita Terbaru" in page.main, "in the words of the standing's own page"
    assert "0 / 24" in page.main
    assert "tiap pekan" in page.main
    assert page.soup.select(".strip svg[role=img]")
    assert "Kurang 24" not in browser_of(world.contributor).get("/").main


def test_the_lead_sees_where_the_work_is_stuck(desk: Desk, browser_of: BrowserOf) -> None:
    desk.submit(desk.ready("web"))
    db.session.commit()
    page = browser_of(desk.world.lead).get("/")
    assert "Menunggu keputusan orang lain" in page.main
    assert "menunggu Penyetuju Kantor" in page.main
    assert page.h1 == "Tidak ada yang menunggu Anda."
    assert "orang lain" not in browser_of(desk.world.editor).get("/").main


def test_an_admin_without_a_scheme_is_shown_where_to_begin(world: World, browser_of: BrowserOf) -> None:
    assert "Isi skema penilaian" in browser_of(world.admin).get("/").main
    assert "Isi skema penilaian" not in browser_of(world.editor).get("/").main


def test_somebody_without_a_role_is_told_what_to_do(world: World, browser_of: BrowserOf) -> None:
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == world.contributor.id)):
        grant.valid_until = date(2020, 1, 1)
    db.session.commit()
    page = browser_of(world.contributor).get("/")
    assert "Mintalah admin kantor" in page.main


def test_other_offices_do_not_show(desk: Desk, other_world: World, browser_of: BrowserOf) -> None:
    put(desk, DeliveryState.FAILED, error="Foto ditolak kanal.")
    returned(desk)
    page = browser_of(other_world.editor).get("/")
    assert page.h1 == "Tidak ada yang menunggu Anda."
    assert "Sosialisasi" not in page.main


@pytest.mark.parametrize(
    ("role", "limit"), [("contributor", 14), ("editor", 28), ("approver", 29), ("lead", 32), ("admin", 32)]
)
def test_the_page_costs_the_same_with_one_and_with_three_of_everything(
    desk: Desk, browser_of: BrowserOf, statements: QueryCount, role: str, limit: int
) -> None:
    world = desk.world
    scheme(world, 5)

    def add() -> None:
        returned(desk)
        desk.submit(desk.ready("web", "facebook"))
        put(desk, DeliveryState.FAILED)
        put(desk, DeliveryState.MANUAL_DUE, assignee=world.editor)
        put(desk, DeliveryState.PUBLISHED)
        story = desk.ready("facebook")
        db.session.scalars(select(Post).where(Post.story_id == story.id)).one().scheduled_at = clock.now()
        accepted = pitched(world, "Lelang")
        pitches.accept_pitch(accepted, actor=desk.editor, content_type_id=world.news.id)
        pitched(world, "Senam")
        db.session.commit()

    add()
    browser = browser_of(getattr(world, role))
    browser.get("/")
    statements.reset()
    browser.get("/")
    one = len(statements)
    add()
    add()
    statements.reset()
    browser.get("/")
    assert len(statements) == one
    assert one <= limit, "\n".join(statements.statements)


@pytest.mark.parametrize(
    ("hour", "words"), [(5, "Selamat pagi"), (11, "Selamat siang"), (16, "Selamat sore"), (21, "Selamat malam"),
                        (2, "Selamat malam")]
)  # fmt: skip
def test_the_greeting_follows_the_wall_clock(in_request: None, hour: int, words: str) -> None:
    assert greeting(datetime(2026, 11, 21, hour)) == words


def test_numbers_and_lists_read_like_a_sentence(in_request: None) -> None:
    def say(**numbers: int) -> str:
        nothing = {"decisions": 0, "uploads": 0, "returned": 0, "trouble": 0, "new_pitches": 0}
        return headline(**nothing | numbers)

    assert say(decisions=1) == "Satu hal menunggu keputusan Anda."
    assert say(uploads=3) == "Tiga publikasi menunggu Anda unggah."
    assert say(new_pitches=12) == "12 usulan baru menunggu dibaca."
    assert say(decisions=2, returned=1) == "Tiga hal menunggu Anda: 2 keputusan dan 1 koreksi."
    assert number_word(10) == "Sepuluh"
    assert number_word(11) == "11"
