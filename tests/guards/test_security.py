"""What somebody who means harm tries first: stolen and planted sessions, scripts in texts, ways out of the site."""

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import JSON, String, Text, cast, literal, select, text, update

from humasflow.accounts.models import User
from humasflow.accounts.services import sessions, staff
from humasflow.core import clock
from humasflow.core.db import Base, EnumText, ExactDecimal, db
from humasflow.core.guards import guard_of
from humasflow.core.permissions import Role
from humasflow.media.services import storage
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.notifications.services import notify
from tests.conftest import make_app
from tests.factories import desk, newsroom
from tests.factories.world import PASSWORD, World
from tests.guards.things import address, guarded_rules, mail_of, open_sessions, things_of
from tests.media.files import jpeg
from tests.support.forms import form_with
from tests.support.page import Browser, check_page

BrowserOf = Callable[[User], Browser]
ROLES = ("contributor", "editor", "approver", "lead", "admin")
NEW_PASSWORD = "empat kuda makan bakso"


# Sessions


def _signed_in(app: Flask, user: User, password: str = PASSWORD) -> Browser:
    browser = Browser(app)
    form = form_with(browser.get("/masuk"), "email") | {"email": user.email, "password": password}
    browser.post("/masuk", form)
    return browser


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("humasflow")
    return found.value if found else ""


def _with_cookie(app: Flask, value: str) -> Browser:
    browser = Browser(app)
    browser.client.set_cookie("humasflow", value, domain="localhost")
    return browser


def _is_out(browser: Browser) -> bool:
    browser._forget()
    answer = browser.client.get("/profil")
    return answer.status_code == 303 and answer.headers["Location"].startswith("/masuk")


def test_the_session_changes_at_every_sign_in(app: Flask, world: World) -> None:
    """A planted cookie is worth nothing afterwards, and signing in again ends the session before."""
    browser = Browser(app)
    browser.get("/masuk")
    planted = _cookie(browser)
    browser.post("/masuk", form_with(browser.get("/masuk"), "email") | {
        "email": world.editor.email, "password": PASSWORD,
    })  # fmt: skip
    first = _cookie(browser)
    assert first not in ("", planted)
    assert _is_out(_with_cookie(app, planted))
    assert not _is_out(_with_cookie(app, first))
    before = open_sessions(world.editor.id)
    token = form_with(browser.get("/profil"), "name")["csrf_token"]
    data = {"email": world.other_editor.email, "password": PASSWORD, "csrf_token": token}
    browser.post(
        "/masuk", data
    )  # a shared computer: the next person signs in without signing the first one out
    assert open_sessions(world.editor.id) == before - 1
    assert _is_out(_with_cookie(app, first))
    with browser.client.session_transaction() as session:
        assert world.other_editor.email not in json.dumps(dict(session)), "no personal data in the cookie"


def _sign_out(app: Flask, world: World, browser: Browser) -> None:
    browser.post("/keluar")


def _sign_out_everywhere(app: Flask, world: World, browser: Browser) -> None:
    _signed_in(app, world.editor).post("/profil/perangkat/keluar-semua")


def _change_password(app: Flask, world: World, browser: Browser) -> None:
    elsewhere = _signed_in(app, world.editor)
    form = form_with(elsewhere.get("/profil"), "old")
    words = {"old": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    elsewhere.post("/profil/kata-sandi", form | words)
    assert not _is_out(elsewhere), "who changed it stays"


def _disable(app: Flask, world: World, browser: Browser) -> None:
    with app.test_request_context():
        staff.set_active(world.editor, world.office, actor=world.as_(world.admin), active=False)
        db.session.commit()


def _new_link(app: Flask, world: World, browser: Browser) -> None:
    """A forgotten password: whoever found the old one is out once the new one is set."""
    with app.test_request_context():
        from humasflow.accounts.services import invitations

        token = invitations.invite(world.editor, actor=world.admin, office_id=world.office.id)
        db.session.commit()
    person = Browser(app)
    words = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    person.post(f"/undangan/{token}", form_with(person.get(f"/undangan/{token}"), "password") | words)
    Browser(app).get(f"/undangan/{token}", status=404)


@pytest.mark.parametrize("how", [_sign_out, _sign_out_everywhere, _change_password, _disable, _new_link])
def test_an_old_cookie_is_worth_nothing(
    app: Flask, world: World, how: Callable[[Flask, World, Browser], None]
) -> None:
    browser = _signed_in(app, world.editor)
    stolen = _cookie(browser)
    assert not _is_out(_with_cookie(app, stolen))
    how(app, world, browser)
    assert _is_out(_with_cookie(app, stolen)), "GET"
    thief = _with_cookie(app, stolen)
    thief._forget()
    assert thief.client.post("/usulan/kirim", data={"title": "x"}).headers["Location"].startswith("/masuk"), (
        "POST"
    )


def test_sessions_end_by_themselves(app: Flask, world: World) -> None:
    """Idle for 8 hours, or 7 days old however busy."""
    browser, start = _signed_in(app, world.editor), clock.now()
    with clock.moved_to(start + timedelta(hours=8, minutes=1)):
        assert _is_out(browser)
    busy = _signed_in(app, world.editor)
    for hours in range(6, 7 * 24, 6):
        with clock.moved_to(start + timedelta(hours=hours)):
            assert not _is_out(busy), hours
    with clock.moved_to(start + timedelta(days=7, minutes=1)):
        assert _is_out(busy)


def test_a_role_that_ends_ends_at_once(app: Flask, world: World) -> None:
    browser = _signed_in(app, world.editor)
    browser.get("/naskah/baru")
    world.editor.grants[0].valid_until = (clock.now() - timedelta(days=2)).date()
    db.session.commit()
    browser.get("/naskah/baru", status=403)


def test_the_database_does_not_hold_what_a_cookie_needs(app: Flask, world: World) -> None:
    """A stolen dump opens no session and no invitation."""
    principal = sessions.open_session(world.editor, device="uji")
    db.session.commit()
    everything = "".join(
        map(repr, (db.session.execute(select(t)).all() for t in Base.metadata.tables.values()))
    )
    assert principal.token not in everything
    assert PASSWORD not in everything
    assert open_sessions(world.editor.id) == 1


def test_cookies_are_closed_to_scripts_and_other_sites(app: Flask, world: World, tmp_path: Path) -> None:
    secure = make_app(
        app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-humasflow"
    )  # fmt: skip
    email = world.editor.email
    db.session.rollback()  # SQLite has one writer at a time
    for application, wanted in (
        (app, {"HttpOnly", "SameSite=Lax", "Path=/"}),
        (secure, {"Secure", "HttpOnly"}),
    ):
        client = application.test_client()
        base = "https://localhost" if application is secure else "http://localhost"
        page = client.get("/masuk", base_url=base)
        token = BeautifulSoup(page.data, "html5lib").find("input", attrs={"name": "csrf_token"})
        data = {"email": email, "password": PASSWORD, "csrf_token": token["value"] if token else ""}
        answers = [
            client.post("/masuk", data=data, base_url=base, headers={"Referer": f"{base}/masuk"}),
            client.post("/bahasa", data={"language": "id"}, base_url=base),
            client.post("/tema", data={"theme": "dark"}, base_url=base),
        ]
        found = [c for a in answers for c in a.headers.getlist("Set-Cookie")]
        assert len(found) >= 3
        for cookie in found:
            assert wanted <= {part.strip() for part in cookie.split(";")}, cookie
            assert "Domain=" not in cookie, cookie
    with secure.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_readers_get_no_cookie(app: Flask, world: World) -> None:
    newsroom.publish(world)
    slug = world.office.slug
    for path in ("", "feed.xml", "feed.json", "sitemap.xml", "sematan", "sematan/pasang", "tidak/ada"):
        assert not app.test_client().get(f"/berita/{slug}/{path}").headers.getlist("Set-Cookie"), path


# Headers

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "form-action": "'self'",
}  # fmt: skip


def _check_headers(answer: Any, what: str, *, framed: bool = False) -> None:
    assert answer.headers.get("X-Content-Type-Options") == "nosniff", what
    # The address of a guest's or a shared page is a secret: no other site, and not ours either, learns it.
    guests = what == "sharing.shown" or (
        what.startswith("approvals.guest_") and what != "approvals.guest_links"
    )
    referrer = "no-referrer" if guests else "same-origin"
    assert answer.headers.get("Referrer-Policy") == referrer, what
    parts = (p.strip().partition(" ") for p in answer.headers.get("Content-Security-Policy", "").split(";"))
    policy = {name: value for name, _space, value in parts}
    if "sandbox" in policy:  # a file as it was stored or made: nothing runs in it, wherever it comes from
        assert policy["default-src"] == "'none'" and policy["sandbox"] == "", what
        return
    wanted = POLICY | ({"frame-ancestors": "*", "form-action": "'none'"} if framed else {})
    assert {k: policy.get(k) for k in wanted} == wanted, f"{what}: {policy}"
    assert "unsafe" not in str(policy), what
    for leak in ("Server", "X-Powered-By"):
        assert "python" not in answer.headers.get(leak, "").lower(), what


def test_headers_on_every_answer(app: Flask, world: World, browser_of: BrowserOf) -> None:
    """Every GET address as an editor and an admin, and everything that is open to the world."""
    things = things_of(world) | {
        "key": "berita-utama", "token": "x", "code": "berita_terbaru", "title_slug": "x", "filename": "css/app.css",
        "cursor": "awal",
    }  # fmt: skip
    for user in (world.editor, world.admin, None):
        browser = browser_of(user) if user else Browser(app)
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            browser._forget()
            answer = browser.client.get(address(app, rule, things), buffered=True)
            assert answer.status_code < 500, rule.endpoint
            _check_headers(
                answer, rule.endpoint, framed=rule.endpoint == "newsroom.embed" and answer.status_code == 200
            )
            public = guard_of(app, rule.endpoint)
            if public is not None and public.kind != "public" and answer.mimetype == "text/html":
                assert "private" in answer.headers["Cache-Control"], rule.endpoint


def test_headers_on_errors(app: Flask, world: World, browser_of: BrowserOf) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    browser = browser_of(world.contributor)
    for status, answer in (
        (404, browser.client.get("/tidak-ada")), (404, browser.client.get("/static/tidak-ada.css")),
        (403, browser.client.get("/pengaturan/pengguna")), (400, browser.client.post("/usulan/kirim")),
        (413, browser.client.post("/usulan/kirim", data={"photos": (io.BytesIO(b"x" * 20_000), "a.jpg")})),
        (405, browser.client.delete("/usulan/kirim")), (308, browser.client.get("/usulan")),
        (303, Browser(app).get("/profil", status=303).response),
    ):  # fmt: skip
        assert answer.status_code == status
        _check_headers(answer, str(status))


def test_headers_on_static_files_as_they_are_served_for_real(
    app: Flask, world: World, tmp_path: Path
) -> None:
    """Outside of tests WhiteNoise answers for ``/static/`` before the application is asked."""
    real = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=False)
    client = real.test_client()
    for name in ("css/app.css", "js/app.js", "icons/sprite.svg"):
        answer = client.get(f"/static/{name}", buffered=True)
        assert answer.status_code == 200, name
        _check_headers(answer, name)
    with real.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_https_is_remembered(app: Flask, world: World) -> None:
    answer = app.test_client().get("/masuk", base_url="https://localhost")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in app.test_client().get("/masuk").headers


# Other sites

ELSEWHERE = (
    "https://jahat.example/", "//jahat.example/", "///jahat.example", "/\\jahat.example", "\\\\jahat.example",
    "/%2Fjahat.example", "/%5Cjahat.example", "/.//jahat.example", "http:jahat.example", "https:/jahat.example",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "/\t/jahat.example", "/\n/jahat.example",
    " //jahat.example", "https://localhost@jahat.example/", "https://localhost.jahat.example/", "jahat.example",
    "/x\r\nLocation: https://jahat.example", "\x00//jahat.example", "%00//jahat.example", "http://[", "x" * 5000,
)  # fmt: skip


def _stays_here(location: str) -> bool:
    parts = urlsplit(location)
    here = (not parts.scheme and not parts.netloc) or parts.netloc == "localhost"
    return (
        here
        and "jahat" not in parts.netloc
        and not location.startswith(("//", "/\\"))
        and "\n" not in location
    )


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_way_leads_to_another_site(app: Flask, world: World, target: str) -> None:
    delivery = things_of(world)["delivery_id"]
    browser = Browser(app)
    form = form_with(browser.get("/masuk?next=" + quote(target)), "email")
    answers = [
        browser.post("/masuk", form | {"email": world.lead.email, "password": PASSWORD, "next": target})
    ]
    answers.append(browser.get("/masuk?next=" + quote(target), status=303))  # signed in already
    for url, data in (
        ("/bahasa", {"language": "id", "next": target}), ("/tema", {"theme": "dark", "next": target}),
        (f"/capaian/verifikasi/{delivery}", {"kembali": target}),
    ):  # fmt: skip
        answers.append(browser.post(url, data))
    if "\n" not in target and "\x00" not in target:
        for url, data in (("/bahasa", {"language": "id"}), ("/tema", {"theme": "dark"})):
            answers.append(browser.post(url, data, headers={"Referer": target}))
    for answer in answers:
        assert _stays_here(answer.location), f"{target!r} → {answer.location!r}"
    anonymous = Browser(app).get("/profil?x=" + quote(target), status=303)
    assert anonymous.location.startswith("/masuk?next=")


def test_a_made_up_host_gets_into_no_address(app: Flask, world: World, browser_of: BrowserOf) -> None:
    """Links that leave the page (invitations, feeds, canonical addresses, mail) use the configured address."""
    app.config["SERVER_NAME"] = None
    app.config["PUBLIC_URL"] = "https://humas.kantor.example"
    delivery = newsroom.publish(world)
    mail_of(world)
    evil = {"Host": "jahat.example", "X-Forwarded-Host": "jahat.example", "X-Forwarded-Proto": "https"}
    slug = world.office.slug
    reader = app.test_client()
    for path in (
        "",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
        "sematan",
        "sematan/pasang",
        f"{delivery.post_id}",
    ):
        answer = reader.get(
            f"/berita/{slug}/{path}", headers=evil, follow_redirects=path.isdigit(), buffered=True
        )
        assert b"jahat.example" not in answer.data, path
        assert _stays_here(answer.headers.get("Location", "/")), path
    assert b"jahat.example" not in reader.get("/robots.txt", headers=evil).data
    admin = browser_of(world.admin)
    admin._forget()
    person = f"/pengaturan/pengguna/{world.other_editor.id}"
    token = form_with(admin.get(person), "email")["csrf_token"]
    admin._forget()
    # A browser would send the cookie to the true host only; here it goes along.
    admin.client.set_cookie("humasflow", _cookie(admin), domain="jahat.example")
    sent = admin.client.post(f"{person}/undang", headers=evil, data={"csrf_token": token})
    assert sent.headers["Location"] == person
    answered = admin.client.get_cookie("humasflow", domain="jahat.example")
    assert answered is not None
    admin.client.set_cookie("humasflow", answered.value, domain="localhost")
    page = admin.get(person)
    assert "https://humas.kantor.example/undangan/" in page.html
    assert "jahat.example" not in page.html
    letters = db.session.scalars(select(MailMessage)).all()
    assert letters
    assert all("jahat.example" not in m.text + m.html for m in letters)


def test_unknown_hosts_are_turned_away_where_hosts_are_set(app: Flask, world: World) -> None:
    app.config["SERVER_NAME"] = None
    app.config["TRUSTED_HOSTS"] = ["humas.kantor.example"]
    client = app.test_client()
    assert client.get("/masuk", headers={"Host": "jahat.example"}).status_code == 400
    assert client.get("/masuk", headers={"Host": "humas.kantor.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "jahat.example"}, {"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 x"}, {"Origin": "https://jahat.example"},
    ],
)  # fmt: skip
def test_the_wizard_opens_on_this_machine_only(
    app: Flask, empty_database: None, headers: dict[str, str]
) -> None:
    app.config["SERVER_NAME"] = app.config["TRUSTED_HOSTS"] = None
    client = app.test_client()
    assert client.get("/siapkan").status_code == 200
    assert client.get("/siapkan", headers=headers).status_code == 403
    assert client.post("/siapkan/kantor-contoh", headers=headers).status_code == 403
    assert client.get("/siapkan", environ_base={"REMOTE_ADDR": "10.0.0.5"}).status_code == 403


def test_other_sites_cannot_count_readers(app: Flask, world: World) -> None:
    """The one form without a token looks at where it comes from."""
    url = f"/berita/{world.office.slug}/{newsroom.publish(world).post_id}/dibaca"
    agent = {"User-Agent": "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"}
    for headers in (
        {"Origin": "https://jahat.example"}, {"Origin": "null"}, {}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"},
    ):  # fmt: skip
        assert app.test_client().post(url, headers=agent | headers).status_code == 403, headers
    assert app.test_client().post(url, headers=agent | {"Sec-Fetch-Site": "same-origin"}).status_code == 204


# Scripts in texts. Every element of ours carries the mark, so that one that became real is found whatever it is.

PAYLOADS = (
    "<script data-canary>alert(1)</script>", "<ScRiPt data-canary src=//jahat.example></sCrIpT>",
    "<img data-canary src=x onerror=alert(1)>", "<svg data-canary onload=alert(1)>", "<svg/onload=alert(1)//data-canary",
    '"><img data-canary src=x onerror=alert(1)>', "'><img data-canary src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" data-canary="', "' onfocus='alert(1)' autofocus data-canary='",
    "</title><script data-canary>alert(1)</script>", "</textarea><script data-canary>alert(1)</script>",
    "</script><script data-canary>alert(1)</script>", "</style><script data-canary>alert(1)</script>",
    "</template><img data-canary src=x onerror=alert(1)>", "--><script data-canary>alert(1)</script>",
    "]]><script data-canary>alert(1)</script>", '<a data-canary href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>', '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="vbscript:msgbox(1)">x</a>',
    "<iframe data-canary srcdoc='<script>alert(1)</script>'></iframe>", "<object data-canary data=javascript:alert(1)>",
    "<embed data-canary src=javascript:alert(1)>", "<base data-canary href=https://jahat.example/>",
    "<meta data-canary http-equiv=refresh content='0;url=https://jahat.example'>",
    "<form data-canary action=https://jahat.example><input name=password></form>",
    "<link data-canary rel=stylesheet href=https://jahat.example/x.css>", "<style data-canary>*{color:red}</style>",
    "<p data-canary style='background:url(javascript:alert(1))'>x</p>", "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<details data-canary open ontoggle=alert(1)>", "<video data-canary><source onerror=alert(1)></video>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}", "%(title)s %s {0} {title}", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<noscript><p title=\"</noscript><img data-canary src=x onerror=alert(1)>\">",
    "<svg><style><img data-canary src=x onerror=alert(1)></style></svg>",
    "\u202e<script data-canary>\u2028alert(1)</script>", "＜script＞alert(1)＜/script＞",
)  # fmt: skip
ALL = " ".join(PAYLOADS)
DEEP = bool(os.environ.get("HUMASFLOW_TEST_DEEP"))
_URLS = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "srcset", "content")


def check_inert(html: str, where: str) -> None:
    """Nothing that was typed has become an element, an event handler or an address that runs."""
    # Read as browsers read it. What lies in a template is not in the tree until a script puts it there, so it is opened.
    tree = LexborHTMLParser(re.sub(r"<(/?)template\b", r"<\1div", html, flags=re.IGNORECASE)).root
    assert tree is not None, where
    for element in tree.traverse():
        tag, given = str(element.tag), element.attributes
        told = f"{where}: <{tag} {given}>"
        assert "data-canary" not in given, told
        assert tag not in ("iframe", "object", "embed", "base", "math", "noscript", "style"), told
        if tag == "script":
            own = given.get("type") in ("application/json", "application/ld+json")
            assert own or (given.get("src") or "").startswith("/static/"), told
        for attribute, value in given.items():
            name = attribute.rpartition(":")[2].lower()
            assert not name.startswith("on") and name != "style", told
            if name in _URLS:
                plain = re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029]", "", value or "").lower()
                assert not plain.startswith(("javascript:", "vbscript:", "data:text")), told
                assert not re.match(r"(https?:)?//jahat", plain), told


@pytest.mark.parametrize("html", [
    "<b data-canary>x</b>", "<template><b data-canary>x</b></template>", "<p onclick=x>y", "<svg><use onload=x></svg>",
    "<a href=' java\tscript:x'>y</a>", "<svg><a xlink:href='javascript:x'>y</a></svg>", "<script>x</script>", "<p style=x>y",
    "<script src='//jahat.example/x'></script>", "<iframe>", "<base href='/'>", "<img src='https://jahat.example/x'>",
])  # fmt: skip
def test_what_would_run_is_seen(html: str) -> None:
    check_inert(
        "<p>&lt;b data-canary&gt; onclick=x javascript:x</p><script src='/static/x.js'></script>", "a text"
    )
    with pytest.raises(AssertionError):
        check_inert(html, "a page")


# Columns that no person writes: keys, hashes, names of things in the code. Addresses are checked when they come in.
_NOT_TYPED = re.compile(
    r"(^|_)(hash|key|token|digest|sha256|slug|path|code|timezone|zone|rule|adapter|counter|icon|locale|theme|kind|type|period|quarter|"
    r"look|part|crop|url|link|permalink|href|email|address|ref|thread|id|colour|error|fault|version|encrypted|result|as_of)$"
)


def _infect() -> int:
    """Put every payload into every text of the whole database, however it might get there."""
    done = 0
    for name in ("story_version", "story_body", "story_picture"):  # sealed against exactly this
        db.session.execute(text(f"DROP TRIGGER {name}_sealed"))
    for table in Base.metadata.tables.values():
        for column in table.columns:
            kind = column.type
            if isinstance(kind, EnumText | ExactDecimal) or column.primary_key or column.foreign_keys:
                continue
            if _NOT_TYPED.search(column.name) or table.name in (
                "form_submission",
                "rate_window",
                "audit_head",
                "job",
            ):
                continue
            if isinstance(kind, String | Text):
                number = cast(next(iter(table.primary_key.columns)), String)  # some names must differ
                flood = update(table).values({column.name: literal(ALL) + number})
                db.session.execute(flood, execution_options={"only_unsealed": True})
                done += 1
            elif isinstance(kind, JSON) and column.name in ("params", "detail", "payload"):
                for row in db.session.execute(select(*table.primary_key.columns, column)).all():
                    where = [c == v for c, v in zip(table.primary_key.columns, row[:-1], strict=True)]
                    db.session.execute(update(table).where(*where).values({column.name: _poisoned(row[-1])}))
                done += 1
    db.session.commit()
    return done


def _poisoned(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _poisoned(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_poisoned(v) for v in value]
    return ALL if isinstance(value, str) and not _NOT_TYPED.search(name) and name != "state" else value


@pytest.fixture
def infected(app: Flask, world: World, tmp_path: Path) -> dict[str, Any]:
    """An office in which every text is hostile, with SQLite's length limits (none) in our favour."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("columns of PostgreSQL are shorter than the payloads; what is rendered is the same")
    things = things_of(world)
    assert _infect() > 40
    return things


def _places(app: Flask, things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for rule in guarded_rules(app):
        if "GET" in (rule.methods or ()):
            yield rule.endpoint, address(app, rule, things)
            if "post_id" in rule.arguments:
                yield rule.endpoint, address(app, rule, things | {"post_id": things["live_post_id"]})
                yield rule.endpoint, address(app, rule, things | {"post_id": things["public_post_id"]})
    for url in (
        "/naskah/?tampilan=daftar",
        "/naskah/?q=script",
        "/usulan/kolam?keadaan=accepted",
        "/kalender/?bulan=2026-11",
    ):
        yield url, url
    yield "q", "/naskah/?q=" + quote(ALL)
    yield "q", "/media/?q=" + quote(ALL)
    yield "q", "/usulan/kolam?q=" + quote(ALL)
    yield "q", "/pengaturan/pengguna?q=" + quote(ALL)
    for pages, names in _ASKED:
        for page in pages.split():
            for name in names.split():
                yield name, f"{page}{'&' if '?' in page else '?'}{name}={quote(PAYLOADS[5])}"


# Pages, and what their addresses may ask for.
_ASKED = (
    (
        "/capaian/ /publikasi/",
        "tw periode keadaan skema setelah kanal jenis bulan hari next kunci",
    ),
    ("/capaian/andai?lihat=1", "periode skema pos tambah-berita-terbaru"),
    ("/capaian/verifikasi", "tampilan di putusan setelah"),
    ("/capaian/komponen/berita-terbaru", "periode skema keadaan seksi pilar orang setelah"),
    ("/capaian/penutupan/2026-TW1/terbuka", "skema soal setelah"),
    (
        "/capaian/penutupan /capaian/penutupan/2026-TW1 /capaian/penyesuaian /capaian/resmi /capaian/pengukuran",
        "periode skema sampai untuk koreksi setelah",
    ),
    (
        "/capaian/seksi /capaian/pilar /capaian/orang /capaian/saya /capaian/tren /capaian/unit",
        "periode skema komponen menurut q setelah",
    ),
    ("/laporan/ /laporan/jadwal", "jangka periode tentang setelah bagian"),
    ("/pemberitahuan/", "hanya tentang setelah"),
    ("/pengaturan/surel/masuk", "hasil setelah"),
    ("/pengaturan/arsip", "bagian"),
    (
        "/keterlibatan/ /keterlibatan/isi /keterlibatan/unggah /keterlibatan/pembaca",
        "periode akun pilar jenis rumus setelah hal",
    ),
)


@pytest.mark.parametrize("name", ROLES)
def test_hostile_texts_stay_texts(app: Flask, world: World, infected: dict[str, Any], name: str) -> None:
    """Every page with every text in the database hostile; of every role in the long battery, else the roles take turns."""
    browser = Browser(app).sign_in(getattr(world, name))
    seen = 0
    for turn, (endpoint, url) in enumerate(_places(app, infected)):
        if not DEEP and (turn + ROLES.index(name)) % 2:
            continue
        browser._forget()
        answer = browser.client.get(url, buffered=True)
        assert answer.status_code < 500, f"{endpoint} {url}"
        if answer.mimetype == "text/html" and answer.status_code < 300:
            check_inert(answer.get_data(as_text=True), f"{name} {endpoint}")
            seen += "canary" in answer.get_data(as_text=True)
    assert seen > 8, "the payloads must be on the pages, as text"


def test_hostile_texts_stay_texts_for_readers(app: Flask, world: World, infected: dict[str, Any]) -> None:
    home, reader = f"/berita/{infected['slug']}/", app.test_client()
    for path in (
        "",
        "jenis/berita_terbaru",
        "sematan",
        "sematan/pasang",
        f"{infected['public_post_id']}",
        "9/" + quote(ALL),
    ):
        answer = reader.get(home + path, follow_redirects=True)
        assert answer.status_code in (200, 404), path
        check_inert(answer.get_data(as_text=True), path)
    feed = ET.fromstring(reader.get(home + "feed.xml").data)
    contents = feed.findall(".//{*}content")
    assert contents
    for content in contents:
        check_inert(content.text or "", "atom")
    items = json.loads(reader.get(home + "feed.json").data)["items"]
    assert items
    for item in items:
        check_inert(item["content_html"], "json feed")
        assert item["url"].startswith("http://localhost/berita/")
    ET.fromstring(reader.get(home + "sitemap.xml").data)


def test_hostile_texts_stay_texts_in_mail(app: Flask, world: World) -> None:
    mail_of(world)
    db.session.execute(update(MailSettings).values(from_name=PAYLOADS[0]))
    for n, payload in enumerate(PAYLOADS):
        notify(
            [world.editor], NoticeKind.REVIEW_RETURNED, office_id=world.office.id, subject=("story", 7), key=f"k{n}",
            title=payload + "\r\nBcc: korban@jahat.example", actor_name=payload, reason=payload, story_id=7,
        )  # fmt: skip
    db.session.commit()
    letters = [m for m in db.session.scalars(select(MailMessage)) if m.key and "uji:" not in m.key]
    assert len(letters) == len(PAYLOADS)
    for letter in letters:
        check_inert(letter.html, letter.subject)
        assert "\n" not in letter.subject
        assert "\r" not in letter.subject


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_typed_into_forms(world: World, browser_of: BrowserOf, payload: str) -> None:
    """The way people take: typed, saved, shown; and shown again in a form that is refused."""
    browser = browser_of(world.editor)
    editor = f"/naskah/{desk.story(world, commit=True).id}/sunting"
    data = form_with(browser.get(editor), "title") | {
        "title": payload[:200], "lead": payload, "body": f"<p>{payload}</p>{payload}", "goal": payload, "place": payload,
        "writer_credit": payload[:120], "content_type_id": str(world.news.id),
    }  # fmt: skip
    refused = browser.post(editor, data | {"event_date": payload}, status=422)
    check_inert(refused.html, "refused form")
    page = browser.follow(browser.post(editor, data))
    check_inert(page.html, "story")
    from humasflow.stories.models import StoryBody

    body = db.session.scalars(select(StoryBody.html).order_by(StoryBody.version_id.desc())).first() or ""
    check_inert(body, "stored body")
    for url in ("/naskah/", "/naskah/?tampilan=daftar", "/"):
        check_inert(browser.get(url).html, url)


def test_hostile_file_names(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/media/").form("/media/unggah")
    for n, name in enumerate(
        [*PAYLOADS[:12], "../../../etc/passwd", "..\\..\\x.jpg", "a\x00.jpg", "x" * 5000 + ".jpg", "CON", "."]
    ):
        for data, token in ((jpeg(300 + n), f"baik-{n}"), (b"bukan foto", f"buruk-{n}")):
            browser._forget()
            sent = form | {"photos": (io.BytesIO(data), name), "form_token": token}
            answer = browser.client.post("/media/unggah", data=sent)
            assert answer.status_code in (303, 422), (name, answer.status_code)
            check_inert(answer.get_data(as_text=True), name)
    check_inert(browser.get("/media/").html, "library")
    root = storage().root.resolve()
    written = [p for p in root.parent.rglob("*") if p.is_file() and p.suffix in (".jpg", ".webp")]
    assert written
    assert all(
        p.resolve().is_relative_to(root) and re.fullmatch(r"[0-9a-f]+\.(jpg|webp)", p.name) for p in written
    )


# Ways out of the folders


@pytest.mark.parametrize(
    "path",
    [
        "../config.py", "..%2fconfig.py", "%2e%2e/config.py", "..%5cconfig.py", "css/../../../config.py", "/etc/passwd",
        "%2fetc%2fpasswd", "....//....//config.py", "css/app.css%00.py", "..;/config.py",
    ],
)  # fmt: skip
@pytest.mark.parametrize("testing", [True, False], ids=["flask", "whitenoise"])
def test_static_files_lead_nowhere_else(
    app: Flask, world: World, tmp_path: Path, path: str, testing: bool
) -> None:
    application = make_app(
        app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=testing, PROPAGATE_EXCEPTIONS=False
    )
    answer = application.test_client().get(f"/static/{path}", buffered=True)
    assert answer.status_code in (301, 302, 308, 400, 404), answer.status_code
    assert b"ConfigurationError" not in answer.data
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.parametrize(
    "key", ["../x.jpg", "/etc/passwd", "a/../../x.jpg", "..\\x.jpg", "", ".", "a\x00b.jpg", "%2e%2e/x.jpg"]
)
def test_media_keys_lead_nowhere_else(app: Flask, world: World, key: str) -> None:
    try:
        path = storage().path(key)
    except ValueError:
        return
    assert path.resolve().is_relative_to(storage().root.resolve())
    assert not path.is_file()


@pytest.mark.parametrize(
    "size", ["..", "%2e%2e", "thumb%00", "thumb.svg", "thumb/../original", "THUMB", "x" * 3000]
)
def test_picture_sizes_are_the_three(app: Flask, world: World, browser_of: BrowserOf, size: str) -> None:
    asset = things_of(world)["asset_id"]
    browser = browser_of(world.editor)
    assert browser.client.get(f"/media/{asset}/{size}", buffered=True).status_code in (404, 308)
    assert browser.client.get(
        f"/berita/{world.office.slug}/gambar/{asset}/{size}", buffered=True
    ).status_code in (404, 308)


# Garbage in addresses

NUMBERS = (0, 2**31, 2**63 - 1, 2**63, 10**30, int("9" * 4299))
GARBAGE = (
    "", "²", "٣", "-1", "abc", "\x00", "a\x00b", "9" * 30, "9" * 5000, "x" * 20_000, "~", "1~", "~1", "1~" + "9" * 30,
    "9" * 30 + "~1", "-99999999999999999~1", "nan~1", "1~2~3", "0000-TW1", "9999-TW4", "2026-TW5", "2026-TW²", "2026-13",
    "0001-01-01", "9999-12-31", "31-02-2026", "' OR 1=1 --", "%", "%_%", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)  # fmt: skip
QUERY = (
    "setelah", "tw", "q", "skema", "keadaan", "kanal", "jenis", "seksi", "pilar", "bulan", "hari", "tampil", "hanya", "akun",
    "milik", "jumlah", "tema", "next", "kunci", "tampilan", "orang", "kampanye", "cari", "saat", "jam", "pekan", "item", "pilih",
    "hasil", "judul", "query", "urungkan", "mulai", "butuh", "liputan", "bagian", "dari", "contoh", "versi", "lama", "baru",
)  # fmt: skip


@pytest.mark.db
@pytest.mark.parametrize("name", ["editor", "admin"])
def test_numbers_beyond_every_column(app: Flask, world: World, name: str) -> None:
    """Not found, whatever the size; on SQLite and on PostgreSQL."""
    things = things_of(world) | {"key": "x", "token": "x", "code": "x", "cursor": "x", "title_slug": "x"}
    browser, principal = Browser(app).sign_in(getattr(world, name)), world.as_(getattr(world, name))
    for rule in app.url_map.iter_rules():
        guard = guard_of(app, rule.endpoint)
        refused = guard and guard.permissions and not any(principal.can(p) for p in guard.permissions)
        for argument in (a for a in rule.arguments if a.endswith("_id") or a == "number"):
            marked = address(app, rule, things | {argument: 1_234_567_890})
            for number in NUMBERS:
                url = marked.replace("1234567890", str(number) if number < 10**4000 else "9" * 4299)
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    browser._forget()
                    status = browser.client.open(url, method=method, buffered=True).status_code
                    # 405: the address is read by one function and written by another; neither takes the number.
                    wanted = (404, 405, 403) if refused or rule.endpoint == "newsroom.read" else (404, 405)
                    assert status in wanted, f"{method} {url[:80]}: {status}"


def _ask(browser: Browser, url: str, query: dict[str, str]) -> int:
    browser._forget()
    path, _mark, own = url.partition("?")
    given = [*parse_qsl(own), *query.items()]
    status = browser.client.get(path, query_string=urlencode(given), buffered=True).status_code
    db.session.rollback()
    return status


def _lists(things: dict[str, Any], name: str) -> list[str]:
    slug = things["slug"]
    if name == "admin":
        return [
            "/pengaturan/pengguna",
            "/pengaturan/sasaran",
            "/pengaturan/sasaran?bagian=orang",
            "/pengaturan/sasaran?bagian=riwayat",
            "/pengaturan/sasaran/salin",
            "/pengaturan/pembagian",
            "/pengaturan/skema",
            "/pengaturan/pekerjaan",
            "/pengaturan/surel",
            "/pengaturan/surel/kotak-masuk",
            "/pengaturan/surel/masuk",
            "/pengaturan/pemberitahuan",
            "/pengaturan/kop-surat",
        ]
    if name == "lead":
        return ["/capaian/orang", "/capaian/unit", "/minggu-ini", f"/capaian/orang/{things['user_id']}"]
    if name == "reader":
        return [
            f"/berita/{slug}/",
            f"/berita/{slug}/feed.xml",
            f"/berita/{slug}/feed.json",
            f"/berita/{slug}/sematan",
            "/masuk",
        ]
    return [
        "/", "/cari", "/cari?q=lelang", "/cari?hanya=hasil", "/usulan/", "/usulan/kolam", "/naskah/", "/publikasi/", "/kalender/", "/media/", "/capaian/",
        "/capaian/komponen/berita-utama", "/capaian/verifikasi", "/capaian/seksi", "/capaian/pilar",
        "/capaian/saya", "/capaian/tren", "/capaian/andai", "/capaian/penutupan",
        "/capaian/penutupan/2026-TW1", "/capaian/penyesuaian", "/capaian/resmi", "/capaian/pengukuran", "/persetujuan/", "/pemberitahuan/", "/akun/pemberitahuan", "/hari-ini", "/laporan/",
        "/kalender/harian", "/kalender/teks", "/kalender/tambah", "/kalender/kekurangan", "/kalender/tampilan",
        "/kalender/bagikan", "/agenda/", "/agenda/baru", f"/agenda/{things['event_id']}", "/agenda/pengulangan",
        f"/kalender/liput/{things['event_id']}", "/kampanye/", "/kampanye/tawaran", "/rapat/", "/naskah/kiriman",
        f"/kalender/pindahkan?item=publikasi:{things['post_id']}", f"/naskah/{things['story_id']}/publikasi/baru",
    ]  # fmt: skip


@pytest.mark.db
@pytest.mark.parametrize("name", ["editor", "admin", "lead", "reader"])
def test_garbage_in_a_query(app: Flask, world: World, name: str) -> None:
    """A damaged cursor, filter or quarter gives the plain page or "not found", never a crash; on both databases."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TESTING"] = False
    things = things_of(world)
    browser = Browser(app) if name == "reader" else Browser(app).sign_in(getattr(world, name))
    bad = set()
    for page, url in enumerate(_lists(things, name)):
        for turn, value in enumerate(GARBAGE):
            # The quarter is looked at first and may answer "not found" for all the others, so it goes by itself.
            queries = [{a: value for a in QUERY if a != "tw"}, {"tw": value}, {"periode": value}]
            for query in queries if DEEP else [queries[(page + turn) % 3]]:
                if _ask(browser, url, query) not in (200, 302, 303, 400, 404):
                    bad.add((url, value[:20]))
    assert bad == set()


@pytest.mark.db
def test_garbage_in_paths(app: Flask, world: World, browser_of: BrowserOf) -> None:
    things_of(world)
    browser = browser_of(world.editor)
    for garbage in (
        "%00",
        "a%00b",
        "%ff%fe",
        "%c0%ae",
        "x" * 8000,
        "..",
        "%2e%2e",
        "%0d%0aX-A:%20b",
        "{{1337*7}}",
        "%25",
        "%E2%80%AE",
    ):
        for url in (
            f"/berita/{garbage}/", f"/berita/{world.office.slug}/jenis/{garbage}", f"/berita/{world.office.slug}/1/{garbage}",
            f"/berita/{world.office.slug}/sitemap-{garbage}.xml", f"/undangan/{garbage}", f"/capaian/{garbage}", f"/{garbage}",
        ):  # fmt: skip
            browser._forget()
            answer = browser.client.get(url, buffered=True)
            assert answer.status_code in (200, 301, 302, 303, 308, 400, 404), (
                f"{url[:60]}: {answer.status_code}"
            )
            assert "X-A" not in answer.headers
            assert b"9359" not in answer.data
            db.session.rollback()


@pytest.mark.db
def test_nul_characters_in_texts(world: World, browser_of: BrowserOf) -> None:
    """PostgreSQL takes none; they are dropped where they come in."""
    browser, text = browser_of(world.editor), "a\x00b"
    editor = f"/naskah/{desk.story(world, commit=True).id}/sunting"
    data = form_with(browser.get(editor), "title") | {
        "title": text, "lead": text, "body": f"<p>{text}</p>", "goal": text, "place": text, "people": text,
        "writer_credit": text, "source_note": text, "content_type_id": str(world.news.id),
    }  # fmt: skip
    assert browser.follow(browser.post(editor, data)).h1 == "ab"
    contributor = browser_of(world.contributor)
    pitch = contributor.get("/usulan/kirim").form() | {
        "title": text,
        "what": text,
        "place": text,
        "people": text,
    }
    assert contributor.follow(contributor.post("/usulan/kirim", pitch)).h1 == "ab"
    form = browser.get("/media/").form("/media/unggah")
    browser.post("/media/unggah", form | {"photos": (io.BytesIO(jpeg()), text + ".jpg")})
    browser.post("/profil", form_with(browser.get("/profil"), "name") | {"name": text})
    admin = browser_of(world.admin)
    for url, part in (
        ("/pengaturan/seksi", "name"),
        ("/pengaturan/pilar", "name"),
        ("/pengaturan/jenis-konten", "label"),
    ):
        admin.post(url, form_with(admin.get(url), part) | {part: text})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT", "AAAA"])
def test_unknown_methods(app: Flask, world: World, browser_of: BrowserOf, method: str) -> None:
    browser = browser_of(world.editor)
    for url in (
        "/",
        "/usulan/kirim",
        "/naskah/",
        "/masuk",
        "/static/css/app.css",
        f"/berita/{world.office.slug}/",
        "/tidak-ada",
    ):
        browser._forget()
        answer = browser.client.open(url, method=method, buffered=True)
        assert answer.status_code in (400, 404, 405), f"{method} {url}: {answer.status_code}"
        assert b"Traceback" not in answer.data


def test_posting_where_only_reading_is_possible(app: Flask, world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    for url in ("/", "/naskah/", "/kalender/", "/capaian/", "/publikasi/"):
        browser.post(url, {"a": "b"}, status=405)


# Errors


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_crash_shows_nothing_of_the_inside(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    """A page with a code to name; the cause only in the log; nothing half-written."""
    real = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=False, PROPAGATE_EXCEPTIONS=None)
    secret, contributor = "kata-rahasia-5f2c", world.contributor.id
    db.session.rollback()  # SQLite has one writer at a time

    def burst(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(f"SELECT * FROM app_user WHERE password = {secret} at {__file__}")

    with real.app_context():
        monkeypatch.setattr("humasflow.pitches.services.send_pitch", burst)
        browser = Browser(real).sign_in(db.session.get_one(User, contributor))
        form = browser.get("/usulan/kirim").form()
        browser._forget()
        answer = browser.client.post("/usulan/kirim", data=form | {"title": "x"}, headers={"Accept": accept})
        assert answer.status_code == 500
        body = answer.get_data(as_text=True)
        for inside in (
            secret,
            "Traceback",
            "RuntimeError",
            "SELECT",
            ".py",
            "site-packages",
            "sqlalchemy",
            str(tmp_path),
        ):
            assert inside not in body, inside
        _check_headers(answer, "500")
        assert re.search(r"kode", body, re.IGNORECASE)
        if accept == "text/html":
            from tests.support.page import Page

            check_page(Page(answer), path="500")
        monkeypatch.undo()
        assert browser.post("/usulan/kirim", form | {"title": "x"}).location, (
            "the same form can be sent again"
        )
        for engine in db.engines.values():
            engine.dispose()


def test_a_person_of_another_role_cannot_give_themselves_more(
    app: Flask, world: World, browser_of: BrowserOf
) -> None:
    """Fields that a form does not have are ignored; the admin's forms are the admin's."""
    for name in ("contributor", "editor", "approver", "lead"):
        browser = browser_of(getattr(world, name))
        extra = {
            "role": "admin",
            "is_active": "1",
            "email": "baru@jahat.example",
            "id": str(world.admin.id),
            "is_sample": "1",
        }
        browser.post("/profil", form_with(browser.get("/profil"), "name") | extra)
        user = db.session.get_one(User, getattr(world, name).id)
        assert user.email != "baru@jahat.example"
        assert {g.role for g in user.grants} == {Role(name)}
        browser.post(
            f"/pengaturan/pengguna/{user.id}/peran", {"role": "admin", "unit_id": world.office.id}, status=403
        )


def test_the_last_admin_cannot_be_locked_out(app: Flask, world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    person = f"/pengaturan/pengguna/{world.admin.id}"
    admin.post(f"{person}/nonaktifkan", form_with(admin.get("/pengaturan/seksi"), "name"))
    assert db.session.get_one(User, world.admin.id).is_active
