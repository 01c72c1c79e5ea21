"""Signing in and out, and the life of a session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.accounts.models import UserSession
from humasflow.accounts.services import invitations, people, sessions
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import TooMany
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def fill(browser: Browser, email: str, password: str, *, url: str = "/masuk", status: int = 303) -> Page:
    form = browser.get(url).form("/masuk") | {"email": email, "password": password}
    return browser.post("/masuk", form, status=status)


def test_a_person_signs_in_and_reaches_the_page_they_wanted(browser: Browser, world: World) -> None:
    asked = browser.get("/profil?dari=surel", status=303)
    assert asked.location.endswith("/masuk?next=/profil?dari%3Dsurel")
    page = fill(browser, world.editor.email.upper() + " ", PASSWORD, url=asked.location)
    assert page.location == "/profil?dari=surel"
    assert browser.get("/profil").h1 == "Profil"


def test_unknown_and_wrong_are_told_apart_by_nothing(browser: Browser, world: World) -> None:
    people.set_active(world.lead, actor=world.admin, office=world.office, active=False)
    db.session.commit()
    said = {
        fill(browser, email, password, status=422).soup.select_one(".field__error").get_text()  # type: ignore[union-attr]
        for email, password in (
            (world.editor.email, "sandi yang keliru"),
            ("tidak.ada@kantor-uji.example", PASSWORD),
            (world.lead.email, PASSWORD),
        )
    }
    assert said == {"Alamat surel atau kata sandi belum cocok. Periksa lagi keduanya."}


def test_what_was_typed_stays_except_the_password(browser: Browser, world: World) -> None:
    page = fill(browser, world.editor.email, "sandi yang keliru", status=422)
    form = page.form("/masuk")
    assert (form["email"], form["password"]) == (world.editor.email, "")


def test_password_managers_know_the_fields(browser: Browser) -> None:
    soup = browser.get("/masuk").soup
    kinds = {i.get("name"): i.get("autocomplete") for i in soup.select("form[action='/masuk'] input")}
    assert kinds["email"] == "username"
    assert kinds["password"] == "current-password"
    assert soup.select_one("[data-toggle-password='#password']")


@pytest.mark.db
def test_at_most_ten_guesses_pass_and_then_not_even_the_right_one(in_request: None, world: World) -> None:
    passed = 0
    for _try in range(14):
        try:
            sessions.sign_in(world.editor.email, "tebakan", address="192.0.2.1", device="")
        except sessions.WrongCredentials:
            passed += 1
        except TooMany:
            break
    assert passed == 10
    with pytest.raises(TooMany) as refused:
        sessions.sign_in(world.editor.email, PASSWORD, address="198.51.100.7", device="")
    assert refused.value.retry_after > 0


@pytest.mark.db
def test_guessing_across_accounts_from_one_address_is_stopped_too(in_request: None) -> None:
    passed = 0
    for number in range(80):
        try:
            sessions.sign_in(f"orang{number}@kantor-uji.example", "tebakan", address="192.0.2.1", device="")
        except sessions.WrongCredentials:
            passed += 1
        except TooMany:
            break
    assert passed == 60


def test_the_count_of_guesses_outlives_each_refusal(browser: Browser, world: World) -> None:
    for _try in range(10):
        fill(browser, world.editor.email, "tebakan", status=422)
    page = fill(browser, world.editor.email, PASSWORD, status=429)
    assert "coba lagi dalam 15 menit" in page.main
    assert int(page.response.headers["Retry-After"]) == 900
    browser.get("/profil", status=303)


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/", "//jahat.example", "/\\jahat.example", "javascript:alert(1)", "/%2F/jahat.example",
        "http:jahat.example", "\t//jahat.example",
    ],
)  # fmt: skip
def test_signing_in_never_leads_off_the_site(browser: Browser, world: World, target: str) -> None:
    form = browser.get("/masuk", query_string={"next": target}).form("/masuk")
    page = browser.post("/masuk", form | {"email": world.editor.email, "password": PASSWORD, "next": target})
    assert page.location == "/"


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("humasflow")
    return cookie.value if cookie else ""


def test_a_planted_session_does_not_survive_signing_in(browser: Browser, world: World) -> None:
    browser.get("/masuk")
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "known to somebody else"
    before = cookie_of(browser)
    fill(browser, world.editor.email, PASSWORD)
    assert cookie_of(browser) != before
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known to somebody else"


def test_coming_in_as_somebody_else_closes_the_session_before(
    browser: Browser, world: World, app: Flask, in_request: None
) -> None:
    token = invitations.invite(world.approver, actor=world.admin, office_id=world.office.id)
    db.session.commit()
    fill(browser, world.editor.email, PASSWORD)
    first = cookie_of(browser)
    url, new = f"/undangan/{token}", "perahu kertas di selokan"
    browser.post(url, browser.get(url).form(url) | {"password": new, "again": new})
    assert world.approver.name in browser.get("/profil").text
    old = Browser(app)
    old.client.set_cookie("humasflow", first)
    assert old.get("/profil", status=303).location.startswith("/masuk")


def test_the_cookie_is_for_http_only_and_names_nobody(browser: Browser, world: World) -> None:
    page = fill(browser, world.editor.email, PASSWORD)
    header = next(h for h in page.response.headers.getlist("Set-Cookie") if h.startswith("humasflow="))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    token = db.session.scalars(select(UserSession.token_hash)).one()
    with browser.client.session_transaction() as session:
        assert session["_user_id"] != token  # only the hash is stored
        assert str(world.editor.id) != session["_user_id"]


def test_signing_out_ends_the_session_on_the_server(browser: Browser, world: World, app: Flask) -> None:
    fill(browser, world.editor.email, PASSWORD)
    kept = cookie_of(browser)
    assert browser.post("/keluar").location == "/masuk"
    thief = Browser(app)
    thief.client.set_cookie("humasflow", kept)
    thief.get("/profil", status=303)
    assert browser.get("/keluar", status=405)


def test_an_idle_session_and_an_old_one_end(browser_of: BrowserOf, world: World, at: Any) -> None:
    browser = browser_of(world.editor)
    browser.get("/profil")
    with at((clock.now() + timedelta(hours=8, minutes=1)).isoformat()):
        browser.get("/profil", status=303)
    for hours in range(7, 7 * 24, 7):
        with at((clock.now() + timedelta(hours=hours)).isoformat()):
            browser.get("/profil")
    with at((clock.now() + timedelta(days=7, minutes=1)).isoformat()):
        browser.get("/profil", status=303)


def test_somebody_switched_off_is_out_at_once(browser_of: BrowserOf, world: World) -> None:
    browser = browser_of(world.editor)
    browser.get("/profil")
    people.set_active(world.editor, actor=world.admin, office=world.office, active=False)
    db.session.commit()
    browser.get("/profil", status=303)


def test_a_form_sent_after_the_session_ended_says_that_the_text_is_kept(
    browser_of: BrowserOf, world: World
) -> None:
    browser = browser_of(world.editor)
    sessions.revoke_sessions(world.editor, actor=world.admin, office_id=world.office.id)
    db.session.commit()
    page = browser.post("/profil", {"name": "Baru"}, headers={"Referer": "http://localhost/profil?tab=1"})
    assert page.location == "/masuk?next=/profil?tab%3D1"
    assert "masih tersimpan di peramban ini" in browser.follow(page).text


def test_somebody_signed_in_is_not_asked_again(browser_of: BrowserOf, world: World) -> None:
    assert browser_of(world.editor).get("/masuk?next=/profil", status=303).location == "/profil"


@pytest.mark.db
def test_every_way_in_and_out_is_on_record(in_request: None, world: World) -> None:
    principal = sessions.sign_in(world.editor.email, PASSWORD, address="192.0.2.1", device="Firefox · Linux")
    sessions.close_session(principal)
    found = db.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_type == "user", AuditEntry.subject_id == world.editor.id)
        .order_by(AuditEntry.id.desc())
        .limit(2)
    ).all()
    assert found == [AuditAction.SIGNED_OUT, AuditAction.SIGNED_IN]


def test_buttons_of_a_sample_office_are_absent_in_a_real_one(browser: Browser, world: World) -> None:
    assert "contoh" not in browser.get("/masuk").main.lower()
    browser.post("/masuk/contoh", {"role": "admin"}, status=404)


class TestSample:
    """The sign-in buttons of a sample office."""

    @pytest.fixture(autouse=True)
    def sample(self, world: World) -> None:
        world.office.is_sample = True
        for user in (
            world.editor,
            world.other_editor,
            world.contributor,
            world.approver,
            world.lead,
            world.admin,
        ):
            user.is_sample, user.password_hash = True, None
        db.session.commit()

    def test_one_button_for_each_role_and_never_a_password(self, browser: Browser, world: World) -> None:
        page = browser.get("/masuk")
        roles = [i["value"] for i in page.soup.select("input[name=role]")]
        assert roles == ["contributor", "editor", "approver", "lead", "admin"]
        assert world.editor.name in page.main
        assert world.other_editor.name not in page.main
        assert browser.post("/masuk/contoh", page.form("/masuk/contoh") | {"role": "editor"}).location == "/"
        assert world.editor.name in browser.get("/profil").text

    def test_a_real_person_in_it_has_no_button(self, browser: Browser, world: World) -> None:
        world.admin.is_sample = False
        db.session.commit()
        assert world.admin.name not in browser.get("/masuk").main
        browser.post("/masuk/contoh", {"role": "admin"}, status=404)

    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}},
            {"headers": {"X-Forwarded-For": "127.0.0.1"}},
            {"headers": {"X-Forwarded-Host": "localhost"}},
            {"headers": {"Forwarded": "for=127.0.0.1"}},
            {"headers": {"Via": "1.1 proxy"}},
            {"headers": {"X-Real-IP": "127.0.0.1"}},
            {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1.0"}},
            {"headers": {"Host": "humas.kantor.example"}},
            {"headers": {"Host": "localhost.jahat.example"}},
            {"headers": {"Origin": "https://humas.kantor.example"}},
        ],
    )
    def test_only_on_this_machine(self, browser: Browser, app: Flask, elsewhere: dict[str, Any]) -> None:
        app.config["SERVER_NAME"] = None  # otherwise a foreign Host is refused before anybody looks at it
        assert not browser.get("/masuk", **elsewhere).soup.select("input[name=role]")
        browser.post("/masuk/contoh", {"role": "admin"}, status=404, **elsewhere)

    def test_also_by_the_other_names_of_this_machine(self, browser: Browser, app: Flask) -> None:
        app.config["SERVER_NAME"] = None
        for host, address in (
            ("127.0.0.1:8000", "127.0.0.1"),
            ("[::1]:8000", "::1"),
            ("localhost", "::ffff:127.0.0.1"),
        ):
            here: dict[str, Any] = {"headers": {"Host": host}, "environ_base": {"REMOTE_ADDR": address}}
            assert browser.get("/masuk", **here).soup.select("input[name=role]"), host

    def test_not_where_the_installation_is_served_to_others(self, browser: Browser, app: Flask) -> None:
        app.config["PUBLIC_URL"] = "https://humas.kantor.example"
        assert not browser.get("/masuk").soup.select("input[name=role]")
        app.config["PUBLIC_URL"], app.config["TRUSTED_PROXIES"] = "", 1
        assert not browser.get("/masuk").soup.select("input[name=role]")

    def test_they_have_no_password_to_change(self, browser: Browser) -> None:
        browser.post("/masuk/contoh", {"role": "editor"})
        assert not browser.get("/profil").soup.select("input[name=old]")
        tokens = browser.get("/profil").form("/profil")
        new = {
            "old": "apa saja boleh",
            "password": "kalimat sandi baru sekali",
            "again": "kalimat sandi baru sekali",
        }
        said = browser.post("/profil/kata-sandi", tokens | new, status=422)
        assert "tidak memakai kata sandi" in said.main


@pytest.mark.db
def test_two_at_the_same_device_are_two_sessions(in_request: None, world: World) -> None:
    sessions.open_session(world.editor, device="uji")
    sessions.open_session(world.editor, device="uji")
    count = db.session.scalar(select(func.count()).select_from(UserSession))
    assert count == 2


def test_a_page_that_changes_nothing_brings_no_cookie_back(browser: Browser, world: World) -> None:
    """A slow answer with the old cookie would undo what a faster one has just written: a flash, a link shown once."""
    fill(browser, world.editor.email, PASSWORD)
    browser.get("/profil")  # the first page of a session leaves its CSRF token there
    for address in ("/profil", "/", "/static/css/app.css"):
        with browser.client.get(address) as answer:
            assert not [h for h in answer.headers.getlist("Set-Cookie") if h.startswith("humasflow=")], (
                address
            )
