"""What people change about themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.accounts import queries
from humasflow.accounts.models import UserSession
from humasflow.accounts.services import profile, sessions
from humasflow.accounts.services.devices import describe_device
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]
NEW = "hujan reda sebelum magrib"


def last_action(user_id: int) -> tuple[AuditAction, dict[str, Any]]:
    entry = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == "user", AuditEntry.subject_id == user_id)
        .order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    return entry.action, entry.detail


def test_a_person_changes_their_profile(browser_of: BrowserOf, world: World) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/profil").form("/profil")
    assert form["name"] == "Redaktur Satu"
    form.pop("wants_email")
    page = browser.post("/profil", form | {"name": " Redaktur Kesatu ", "locale": "en", "theme": "dark"})
    shown = browser.follow(page)
    user = world.editor
    assert (user.name, user.locale, user.theme, user.wants_email) == ("Redaktur Kesatu", "en", "dark", False)
    assert shown.soup.html is not None
    assert (shown.soup.html["lang"], shown.soup.html["data-theme"]) == ("en", "dark")
    assert last_action(user.id) == (
        AuditAction.PROFILE_CHANGED, {"fields": ["name", "locale", "theme", "wants_email"]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "  "}, "Tulis nama Anda."),
        ({"name": "n" * 121}, "Paling panjang 120 karakter; sekarang 121."),
        ({"locale": "fr"}, "Pilihan ini tidak tersedia."),
        ({"theme": "neon"}, "Pilihan ini tidak tersedia."),
    ],
)
def test_a_profile_that_cannot_be_saved_says_why(
    browser_of: BrowserOf, world: World, wrong: dict[str, str], says: str
) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/profil").form("/profil")
    assert says in browser.post("/profil", form | wrong, status=422).main
    assert world.editor.name == "Redaktur Satu"


def test_a_new_password_signs_every_other_device_out(browser_of: BrowserOf, world: World, app: Flask) -> None:
    here, there = browser_of(world.editor), browser_of(world.editor)
    old_cookie = here.client.get_cookie("humasflow")
    assert old_cookie is not None
    form = here.get("/profil").form("/profil/kata-sandi")
    here.post("/profil/kata-sandi", form | {"old": PASSWORD, "password": NEW, "again": NEW})
    here.get("/profil")
    there.get("/profil", status=303)
    stolen = Browser(app)
    stolen.client.set_cookie("humasflow", old_cookie.value)
    stolen.get("/profil", status=303)
    for password, status in ((NEW, 303), (PASSWORD, 422)):
        visitor = Browser(app)
        form = visitor.get("/masuk").form("/masuk") | {"email": world.editor.email, "password": password}
        visitor.post("/masuk", form, status=status)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"old": "bukan ini"}, ["Kata sandi saat ini belum cocok"]),
        ({"password": "pendek", "again": "pendek"}, ["paling sedikit 12 karakter"]),
        ({"password": "aaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaa"}, ["mudah ditebak"]),
        ({"password": "redaktursatu1", "again": "redaktursatu1"}, ["mudah ditebak"]),
        ({"again": "lain lagi yang ini"}, ["Kedua kata sandi belum sama"]),
        ({"old": ""}, ["Tulis kata sandi saat ini."]),
        (
            {"password": "pendek", "again": "beda"},
            ["paling sedikit 12 karakter", "Kedua kata sandi belum sama"],
        ),
    ],
)
def test_a_password_that_is_refused(
    browser_of: BrowserOf, world: World, typed: dict[str, str], says: list[str]
) -> None:
    browser, before = browser_of(world.editor), world.editor.password_hash
    form = browser.get("/profil").form("/profil/kata-sandi")
    page = browser.post(
        "/profil/kata-sandi", form | {"old": PASSWORD, "password": NEW, "again": NEW} | typed, status=422
    )
    for sentence in says:
        assert sentence in page.main
    assert world.editor.password_hash == before


def test_an_open_browser_is_no_place_to_guess_the_password(browser_of: BrowserOf, world: World) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/profil").form("/profil/kata-sandi")
    guess = form | {"old": "tebakan", "password": NEW, "again": NEW}
    for _try in range(10):
        browser.post("/profil/kata-sandi", guess, status=422)
    browser.post("/profil/kata-sandi", guess | {"old": PASSWORD}, status=429)


def test_a_device_is_listed_and_signed_out_from_another(browser_of: BrowserOf, world: World) -> None:
    here, there = browser_of(world.editor), browser_of(world.editor)
    page = here.get("/profil")
    assert page.main.count("Perangkat ini") == 1
    other = page.form("/profil/perangkat/")
    action = page.soup.select_one("form[action*='/profil/perangkat/'][action$='/keluar']")
    assert action is not None
    here.post(str(action["action"]), other)
    there.get("/profil", status=303)
    here.get("/profil")


@pytest.mark.db
def test_nobody_ends_another_persons_session(in_request: None, world: World) -> None:
    theirs = sessions.open_session(world.approver, device="uji")
    mine = sessions.open_session(world.editor, device="uji")
    assert theirs.session_id
    with pytest.raises(NotFound):
        sessions.revoke_session(mine, theirs.session_id)
    row = db.session.get_one(UserSession, theirs.session_id)
    assert row.revoked_at is None
    assert mine.session_id
    sessions.revoke_session(mine, mine.session_id)
    assert queries.list_sessions(world.editor.id) == []


def test_signing_out_everywhere_ends_this_device_too(browser_of: BrowserOf, world: World) -> None:
    here, there = browser_of(world.editor), browser_of(world.editor)
    page = here.post("/profil/perangkat/keluar-semua", here.get("/profil").form("keluar-semua"))
    assert "semua perangkat" in here.follow(page).text
    here.get("/profil", status=303)
    there.get("/profil", status=303)
    assert last_action(world.editor.id) == (AuditAction.SESSIONS_REVOKED, {"sessions": 2})


def test_language_and_theme_before_signing_in(browser: Browser) -> None:
    page = browser.get("/masuk?next=/profil")
    form = page.form("/bahasa")
    assert form["language"] == "en"
    back = browser.post("/bahasa", form, headers={"Referer": "http://localhost/masuk?next=/profil"})
    assert back.location == "/masuk?next=/profil"
    browser.post("/tema", {"theme": "dark"})
    html = browser.get("/masuk").soup.html
    assert html is not None
    assert (html["lang"], html["data-theme"]) == ("en", "dark")


def test_language_and_theme_of_somebody_signed_in_follow_them(browser_of: BrowserOf, world: World) -> None:
    browser = browser_of(world.editor)
    browser.post("/bahasa", {"language": "en"})
    browser.post("/tema", {"theme": "light"})
    assert (world.editor.locale, world.editor.theme) == ("en", "light")
    assert browser_of(world.editor).get("/profil").soup.html["lang"] == "en"  # type: ignore[index]


@pytest.mark.parametrize("url", ["/bahasa", "/tema"])
def test_the_switches_lead_only_to_pages_of_ours(browser: Browser, url: str) -> None:
    choice = {"language": "en", "theme": "dark"}
    for referer in ("https://jahat.example/masuk", "http://localhost//jahat.example", "http://[", ""):
        assert browser.post(url, choice, headers={"Referer": referer}).location == "/"
    assert browser.post(url, choice | {"next": "//jahat.example"}).location == "/"
    # A page that came back from a POST has no GET of its own.
    assert (
        browser.post(url, choice, headers={"Referer": "http://localhost/profil/kata-sandi"}).location == "/"
    )
    browser.post(url, {"language": "xx", "theme": "xx"}, status=400)


def test_acting_in_another_office_needs_a_role_there(
    browser_of: BrowserOf, world: World, other_world: World
) -> None:
    browser = browser_of(world.editor)
    browser.post("/kantor-aktif", {"office_id": other_world.office.id}, status=404)
    browser.post("/kantor-aktif", {"office_id": "x"}, status=400)
    assert browser.post("/kantor-aktif", {"office_id": world.office.id}).location == "/"


@pytest.mark.db
def test_saving_without_a_change_leaves_no_trace(in_request: None, world: World) -> None:
    before = last_action(world.editor.id)
    assert profile.change_profile(world.as_(world.editor), name=world.editor.name, theme="auto") == []
    assert last_action(world.editor.id) == before


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(agent: str, name: str) -> None:
    assert describe_device(agent) == name
