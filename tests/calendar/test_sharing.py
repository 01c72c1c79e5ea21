"""Links to a view of the calendar: made, read by anybody, over in time."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.calendar.models import SharedView
from humasflow.calendar.sharing import queries, services, views
from humasflow.calendar.sharing.queries import LinkState, get_public_plan, get_view, state_of
from humasflow.calendar.sharing.services import MadeView
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts import services as posts
from humasflow.publishing.enums import DeliveryState
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories import desk as factory
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
At = Callable[[str], AbstractContextManager[None]]
NOW = "2026-11-17T02:00:00Z"
LATER = datetime(2026, 11, 20, 2, tzinfo=UTC)


def planned(world: World, title: str, *, account: str = "facebook", at: datetime = LATER) -> Story:
    story = factory.story(world, title=title)
    post = factory.post(world, story, account=account)
    posts.schedule_post(post, actor=world.as_(world.editor), due_at=at)
    db.session.commit()
    return story


def shared(world: World, query: str = "tampilan=daftar", **given: Any) -> MadeView:
    values = {"actor": world.as_(world.editor), "title": "Untuk pimpinan", "query": query, "days": 7, **given}
    made = services.share_view(world.office.id, **values)
    db.session.commit()
    return made


@pytest.mark.db
def test_a_link_is_made_kept_as_a_hash_and_recorded(world: World, in_request: None, at: At) -> None:
    with at(NOW):
        made = shared(world, "tampilan=bulan&kanal=1&ngawur=%00&hari=2026-12-01")
        assert len(made.token) >= 43
        assert made.token not in repr(made)
        assert made.token not in "".join(str(v) for v in vars(made.view).values())
        assert made.view.expires_at == made.view.created_at + timedelta(days=7)
        assert made.view.query == "tampilan=bulan&kanal=1&hari=2026-12-01"
        told = audit.list_timeline(("shared_view", made.view.id))
        assert [e.action for e in told] == [A.SHARED_VIEW_CREATED]
        assert made.token not in str(told[0].detail)


@pytest.mark.db
@pytest.mark.parametrize("days", [-1, 0, 91, 10**9])
def test_one_day_to_ninety(world: World, in_request: None, days: int) -> None:
    with pytest.raises(UserError):
        shared(world, days=days)
    for good in (1, 90):
        shared(world, days=good)
    for title in ("", " ", "x" * 121):
        with pytest.raises(UserError):
            shared(world, title=title)


@pytest.mark.db
def test_who_shares_and_who_revokes(world: World, other_world: World, in_request: None) -> None:
    for who in (world.contributor, world.lead, world.approver):
        with pytest.raises(NotAllowed):
            shared(world, actor=world.as_(who))
    with pytest.raises(NotFound):
        shared(world, actor=other_world.as_(other_world.editor))
    view = shared(world).view
    with pytest.raises(NotAllowed):
        services.revoke_view(view, actor=world.as_(world.other_editor))
    with pytest.raises(NotFound):
        services.revoke_view(view, actor=other_world.as_(other_world.admin))
    with pytest.raises(NotFound):
        get_view(other_world.office.id, view.id)
    services.revoke_view(view, actor=world.as_(world.admin))
    services.revoke_view(view, actor=world.as_(world.admin))
    actions = [e.action for e in audit.list_timeline(("shared_view", view.id))]
    assert actions.count(A.SHARED_VIEW_REVOKED) == 1
    assert state_of(view) is LinkState.REVOKED


@pytest.mark.db
def test_a_link_ends_with_the_role_of_its_owner(world: World, in_request: None) -> None:
    view = shared(world).view
    assert state_of(view) is LinkState.OPEN
    for grant in world.editor.grants:
        grant.valid_until = date(2020, 1, 1)
    db.session.flush()
    assert state_of(view) is LinkState.SUSPENDED
    assert [state for _view, state in queries.list_views(world.office)] == [LinkState.SUSPENDED]


def test_a_suspended_link_is_as_unknown_and_can_still_be_revoked(
    world: World, browser_of: BrowserOf, browser: Browser, app: Any, at: At
) -> None:
    with at(NOW), app.test_request_context():
        made = shared(world)
        for grant in db.session.get_one(User, world.editor.id).grants:
            grant.valid_until = date(2020, 1, 1)
        db.session.commit()
    with at(NOW):
        gone = browser.get(f"/bagikan/{made.token}", status=404)
        assert gone.main == browser.get("/bagikan/tidak-pernah-ada", status=404).main
        admin = browser_of(world.admin)
        page = admin.get("/kalender/bagikan")
        assert "pembuatnya tidak bertugas lagi" in page.main and "Dicabut" not in page.main
        admin.post(f"/kalender/bagikan/{made.view.id}/cabut", page.form("/cabut"))
        page = admin.get("/kalender/bagikan")
        assert "Dicabut" in page.main and "bertugas lagi" not in page.main
    with at(NOW), app.test_request_context():
        for grant in db.session.get_one(User, world.editor.id).grants:
            grant.valid_until = None
        db.session.commit()
        assert state_of(get_view(world.office.id, made.view.id)) is LinkState.REVOKED, "it does not revive"


@pytest.mark.db
def test_a_link_stays_on_its_days_or_moves_with_the_calendar(world: World, in_request: None, at: At) -> None:
    with at(NOW):
        fixed = shared(world, days=90).view
        moving = shared(world, follows_today=True, days=90).view
    with at("2026-12-05T02:00:00Z"):
        assert get_public_plan(fixed).narrowing.span.start == date(2026, 11, 1)
        assert get_public_plan(moving).narrowing.span.start == date(2026, 12, 1)


@pytest.mark.parametrize(
    "view", ["bulan", "pekan", "hari&hari=2026-11-20", "daftar", "kanal", "seksi", "triwulan"]
)
def test_anybody_reads_it_and_never_a_confidential_story(
    world: World, other_world: World, browser: Browser, app: Any, at: At, view: str
) -> None:
    with at(NOW), app.test_request_context():
        planned(world, "Boleh dibaca siapa pun")
        secret = planned(world, "Sangat rahasia")
        secret.is_confidential = True
        planned(other_world, "Milik kantor lain")
        made = shared(world, f"tampilan={view}")
    with at(NOW):
        page = browser.get(f"/bagikan/{made.token}")
        assert page.h1 == "Untuk pimpinan"
        assert "Boleh dibaca siapa pun" in page.main
        assert "rahasia" not in page.html and "Milik kantor lain" not in page.html
        assert not page.soup.select("main form, main a, main button"), "read-only"
        headers = page.response.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "noindex" in headers["X-Robots-Tag"] and headers["Referrer-Policy"] == "no-referrer"
        assert db.session.scalar(select(SharedView.opened_at)) is not None


def test_what_is_under_embargo_over_or_taken_down_stays_inside(
    world: World, browser: Browser, app: Any, at: At
) -> None:
    with at(NOW), app.test_request_context():
        planned(world, "Sudah boleh diketahui")
        held = planned(world, "Masih diembargo")
        stories.set_embargo(held, actor=world.as_(world.editor), until=LATER)
        planned(world, "Sudah dibatalkan").state = StoryState.CANCELLED
        made = shared(world, days=30)
        down = live_post(world, at="2026-11-17T01:00Z", title="Sudah diturunkan")
        down.state = DeliveryState.RETRACTED
        db.session.commit()
    with at(NOW):
        page = browser.get(f"/bagikan/{made.token}")
        assert "Sudah boleh diketahui" in page.main
        for title in ("Masih diembargo", "Sudah dibatalkan", "Sudah diturunkan"):
            assert title not in page.html
    with at("2026-11-20T02:00:00Z"):
        assert "Masih diembargo" in browser.get(f"/bagikan/{made.token}").main, "the embargo is over"


def test_a_page_holds_so_much_and_says_what_it_leaves_out(
    world: World, browser: Browser, app: Any, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    with at(NOW), app.test_request_context():
        for n in range(5):
            planned(world, f"Rencana {n}")
        made = shared(world)
    with at(NOW):
        page = browser.get(f"/bagikan/{made.token}")
    assert page.main.count("Rencana") == 2
    assert "3 rencana terakhir tidak muat" in page.main


@pytest.mark.db
def test_a_link_holds_only_so_many_filters(world: World, in_request: None) -> None:
    numbers = [f"{key}={10**9 + n}" for key in ("kanal", "pilar", "kampanye", "seksi") for n in range(20)]
    with pytest.raises(services.TooNarrow):
        shared(world, "&".join(numbers))
    assert len(shared(world, "&".join(numbers[:40])).view.query) <= services.QUERY_LENGTH


def test_many_links_of_many_people_cost_no_more_statements(
    world: World, browser_of: BrowserOf, app: Any, at: At, statements: QueryCount
) -> None:
    with at(NOW):
        admin = browser_of(world.admin)
        with app.test_request_context():
            shared(world)
        admin.get("/kalender/bagikan")
        statements.reset()
        admin.get("/kalender/bagikan")
        one = len(statements)
        with app.test_request_context():
            shared(world, actor=world.as_(world.other_editor))
            shared(world, actor=world.as_(world.admin))
        statements.reset()
        page = admin.get("/kalender/bagikan")
        assert len(statements) == one
        assert page.main.count("Untuk pimpinan") == 3


def test_the_filters_of_the_view_hold(world: World, browser: Browser, app: Any, at: At) -> None:
    with at(NOW), app.test_request_context():
        planned(world, "Di Facebook")
        planned(world, "Di Instagram", account="instagram")
        made = shared(world, f"tampilan=daftar&kanal={world.instagram.id}")
    with at(NOW):
        page = browser.get(f"/bagikan/{made.token}?kanal={world.facebook.id}")
    assert "Di Instagram" in page.main and "Di Facebook" not in page.main


def test_deadlines_and_who_has_them_stay_inside(world: World, browser: Browser, app: Any, at: At) -> None:
    from tests.stories.tasks import task

    with at(NOW), app.test_request_context():
        story = factory.story(world, title="Tenggat dalam tim")
        task(world, story, due=LATER)
        made = shared(world, "tampilan=daftar")
    with at(NOW):
        assert "Tenggat dalam tim" not in browser.get(f"/bagikan/{made.token}").html


def test_an_expired_link_says_so_and_a_revoked_one_is_as_unknown(
    world: World, browser: Browser, app: Any, at: At
) -> None:
    with at(NOW), app.test_request_context():
        old, gone = shared(world, days=1), shared(world)
        services.revoke_view(gone.view, actor=world.as_(world.editor))
        db.session.commit()
    with at("2026-11-18T02:05:00Z"):
        page = browser.get(f"/bagikan/{old.token}", status=410)
        assert "sudah berakhir" in page.h1 and "Mintalah tautan baru" in page.main
        assert page.response.headers["Cache-Control"] == "private, no-store"
        revoked = browser.get(f"/bagikan/{gone.token}", status=404)
        unknown = browser.get("/bagikan/tidak-pernah-ada", status=404)
        assert revoked.main == unknown.main


def test_guessing_and_hammering_are_slowed_down(world: World, browser: Browser, app: Any, at: At) -> None:
    with at(NOW), app.test_request_context():
        made = shared(world)
    with at(NOW):
        for n in range(20):
            browser.get(f"/bagikan/tebak-{n}", status=404)
        page = browser.get(f"/bagikan/{made.token}", status=429)
        assert page.response.headers["Retry-After"] == "60"
    with at("2026-11-17T02:01:00Z"):
        browser.get(f"/bagikan/{made.token}")


def tries(browser: Browser, token: str, status: int, most: int) -> int:
    """How many answers of this status there are before "too many"."""
    for n in range(most + 5):
        got = browser.client.get(f"/bagikan/{token}").status_code
        if got == 429:
            return n
        assert got == status
    raise AssertionError("never slowed down")


@pytest.mark.parametrize("kind", ["open", "expired", "revoked"])
def test_whatever_the_link_one_address_has_only_so_many_tries(
    world: World, browser: Browser, app: Any, at: At, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(views, "READINGS", 5)
    monkeypatch.setattr(views, "MISSES", 3)
    with at(NOW), app.test_request_context():
        made = shared(world, days=1)
        if kind == "revoked":
            services.revoke_view(made.view, actor=world.as_(world.editor))
        db.session.commit()
    status, allowed = {"open": (200, 5), "expired": (410, 5), "revoked": (404, 3)}[kind]
    with at("2026-11-18T02:05:00Z" if kind == "expired" else NOW):
        assert tries(browser, made.token, status, allowed) == allowed
        page = browser.get(f"/bagikan/{made.token}", status=429)
        assert f"Tunggu {page.response.headers['Retry-After']} detik" in page.main


def test_when_it_was_loaded_is_kept_to_the_hour_and_a_mere_question_is_none(
    world: World, browser: Browser, app: Any, at: At
) -> None:
    def opened_at() -> datetime | None:
        """To the minute."""
        db.session.rollback()
        found = db.session.scalar(select(SharedView.opened_at))
        return found.replace(second=0, microsecond=0) if found is not None else None

    with at(NOW), app.test_request_context():
        made = shared(world)
    first = datetime(2026, 11, 17, 2, tzinfo=UTC)
    with at(NOW):
        assert browser.client.head(f"/bagikan/{made.token}").status_code == 200
        assert opened_at() is None
        browser.get(f"/bagikan/{made.token}")
        assert opened_at() == first
    for later, noted in (("02:59:00", first), ("03:00:30", first + timedelta(hours=1))):
        with at(f"2026-11-17T{later}Z"):
            browser.get(f"/bagikan/{made.token}")
        assert opened_at() == noted


def test_a_date_in_doubt_says_so(world: World, browser: Browser, app: Any, at: At) -> None:
    with at(NOW), app.test_request_context():
        unsure = shared(world, "tampilan=hari&hari=2026-11-10")
        reckoned = shared(world, "tampilan=hari&hari=2027-03-10")
    with at(NOW):
        assert "Hari Pahlawan (perlu dipastikan)" in browser.get(f"/bagikan/{unsure.token}").main
        assert "Hari Raya Idul Fitri (perkiraan)" in browser.get(f"/bagikan/{reckoned.token}").main


def test_an_editor_shares_copies_once_and_revokes(
    world: World, browser_of: BrowserOf, browser: Browser, at: At
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        url = "/kalender/bagikan?tampilan=pekan&hari=2026-11-23"
        page = editor.get(url)
        assert "dengan saringan" not in page.main
        sent = form_with(page, "title") | {"title": "Rencana untuk pimpinan", "days": "30"}
        editor.post(url, sent | {"days": "91"}, status=422)
        made = editor.follow(editor.post(url, sent | {"form_token": "lain"}))
        address = str(made.soup.select_one("#tautan")["value"])  # type: ignore[index]
        assert re.fullmatch(r"http://localhost/bagikan/[\w-]{43}", address)
        whatsapp = made.soup.select_one("a[href^='https://wa.me/']")
        assert whatsapp is not None and address in unquote(str(whatsapp["href"]))
        assert editor.get("/kalender/bagikan").soup.select_one("#tautan") is None, "shown once"
        shown = browser.get(address.removeprefix("http://localhost"))
        assert "23 November 2026" in shown.main
        page = editor.get("/kalender/bagikan")
        assert "terakhir dimuat" in page.main
        view = db.session.scalars(select(SharedView)).one()
        editor.post(f"/kalender/bagikan/{view.id}/cabut", page.form("/cabut"))
        browser.get(address.removeprefix("http://localhost"), status=404)
        browser_of(world.contributor).get("/kalender/bagikan", status=403)
        others = browser_of(world.other_editor).get("/kalender/bagikan")
        assert "Rencana untuk pimpinan" in others.main and address not in others.html


@pytest.mark.db
def test_what_its_own_calendar_keeps_to_itself_is_on_no_shared_page(
    world: World, in_request: None, at: At
) -> None:
    with at(NOW):
        for title, is_private in (("Rapat umum", False), ("Pemeriksaan kesehatan", True)):
            db.session.add(
                AgendaEvent(
                    office_id=world.office.id, uid=title, title=title, starts_at=LATER, is_private=is_private,
                    ends_at=LATER + timedelta(hours=1), until_at=LATER + timedelta(hours=1), needs=[],
                    zone=world.office.zone_name, created_at=LATER, updated_at=LATER,
                )
            )  # fmt: skip
        db.session.commit()
        plan = get_public_plan(shared(world).view)
        shown = [work.title for _day, works in plan.days for work in works]
        assert shown == ["Rapat umum"]
