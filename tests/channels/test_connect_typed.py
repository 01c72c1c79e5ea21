"""Connecting with what a person types: tried first, stored sealed, shown never again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import policy, queries
from humasflow.channels import services as channels
from humasflow.channels.adapters.base import AccountInfo, Grant, Quota
from humasflow.channels.adapters.errors import AdapterError, AuthRevoked, Forbidden, Transient, Unsupported
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionMade
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.policy import identity_of, make_identity
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services.access import account_of
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import UrlVerdict, get_platform
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.services.moving import current_or_new
from tests.channels.fakes import CANARY, Channel, channel
from tests.factories import desk
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser, Page

__all__ = ["channel"]
pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
PASSWORD = f"{CANARY}-sandi"


def portal(world: World, code: str = "website_portal", **named: Any) -> ChannelAccount:
    """An account of a kind that is connected by typing. Commits."""
    kind = next(k for k in queries.list_kinds(world.office.id) if k.code == code)
    made = channels.create_account(world.office.id, actor=None, kind=kind, name=f"Akun {code}", **named)
    db.session.commit()
    return made


def address(account: ChannelAccount) -> str:
    return f"/pengaturan/kanal/{account.id}/sambungkan"


def connect(browser: Browser, account: ChannelAccount, *, status: int = 303, **typed: str) -> Page:
    """Open the page, fill the form in, send it."""
    url = address(account)
    known = {"host": "https://portal.kantor.example", "username": "humas", "password": PASSWORD}
    return browser.post(url, form_with(browser.get(url), "username") | known | typed, status=status)


def connection(account: ChannelAccount) -> Connection:
    found = get_connection_of(account.id)
    assert found is not None
    return found


def test_a_portal_is_connected_and_publishes_by_itself_from_then_on(
    app: Flask, world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    heard: list[ConnectionMade] = []
    events._handlers[ConnectionMade].append(heard.append)
    account = portal(world, url="https://portal.kantor.example/berita")
    admin = browser_of(world.admin)
    assert (
        form_with(admin.get(address(account)), "username")["host"] == "https://portal.kantor.example/berita"
    )
    page = admin.follow(connect(admin, account))
    assert channel.names() == ["sign_in", "verify", "quota"]
    given = channel.last("sign_in")
    assert (given.host, given.settings["username"], given.secrets) == (
        "https://portal.kantor.example", "humas", {"password": PASSWORD},
    )  # fmt: skip
    found = get_connection_of(account.id)
    assert found is not None and found.state is ConnectionState.CONNECTED
    assert (found.name, found.handle, found.quota_used, found.quota_total) == (
        "Kantor Uji",
        "kantoruji",
        3,
        25,
    )
    assert PASSWORD not in found.secrets and found.secrets
    assert account_of(account).secrets == {"password": PASSWORD}
    assert account_of(account).host == "https://portal.kantor.example"
    assert queries.get_account(world.office.id, account.id).adapter == "wordpress"
    assert "Tersambung" in page.main and "Kantor Uji" in page.main and "22 dari 25" in page.main
    assert [e.account_id for e in heard] == [account.id]
    entry = audit.list_timeline(("channel_account", account.id))[0]
    assert (entry.action, entry.actor_id) == (AuditAction.CHANNEL_CONNECTED, world.admin.id)
    assert CANARY not in json.dumps(entry.detail)


REFUSALS: list[tuple[AdapterError, str, str]] = [
    (AuthRevoked("401"), "tidak menerima nama pengguna", "Salin lagi kata sandi aplikasinya"),
    (Forbidden("publish_posts"), "belum boleh menayangkan", "peran Editor"),
    (Forbidden("application_passwords_off"), "mematikan kata sandi aplikasi", "Minta pengelola portal"),
    (Transient("unknown_host"), "tidak ditemukan di internet", "Periksa ejaan"),
    (Transient("tls"), "Sertifikat keamanan", "sertifikat yang sah"),
    (Transient("redirects"), "mengalihkan ke alamat lain", "salin alamat yang akhirnya tampil"),
    (Transient("private"), "jaringan dalam", "internet umum"),
    (Transient("too_slow"), "terlalu lama menjawab", "Coba lagi"),
    (Transient("too_large"), "terlalu besar", "Pastikan alamatnya"),
    (Transient("a success that says nothing"), "halaman web biasa", "REST API"),
    (Transient("status 503"), "sedang bermasalah", "Coba lagi"),
    (Unsupported("not_wordpress"), "tidak ditemukan WordPress", "salin alamat halaman depannya"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "what", "then"), REFUSALS, ids=lambda v: str(v)[:30])
def test_what_does_not_work_is_said_in_words_and_nothing_is_stored(
    world: World, browser_of: BrowserOf, channel: Channel, error: AdapterError, what: str, then: str
) -> None:
    account = portal(world)
    channel.answers["sign_in"] = error
    page = connect(browser_of(world.admin), account, status=422, username="humas-kantor")
    assert what in page.main and then in page.main
    assert get_connection_of(account.id) is None
    assert account.adapter == "manual"
    kept = form_with(page, "username")
    assert (kept["username"], kept["host"], kept["password"]) == (
        "humas-kantor",
        "https://portal.kantor.example",
        "",
    )
    assert CANARY not in page.html


@pytest.mark.parametrize("method", ["sign_in", "verify"])
def test_the_canary_is_on_no_page_in_no_log_and_no_record(
    app: Flask,
    world: World,
    browser_of: BrowserOf,
    channel: Channel,
    capfd: pytest.CaptureFixture[str],
    method: str,
) -> None:
    """Even where an adapter repeats what it was given."""
    account, admin = portal(world), browser_of(world.admin)
    for error in (AuthRevoked(PASSWORD), Forbidden(PASSWORD), Transient(PASSWORD), Unsupported(PASSWORD)):
        channel.answers[method] = error
        assert CANARY not in connect(admin, account, status=422).html
    channel.answers[method] = RuntimeError("a fault of ours")
    with pytest.raises(RuntimeError):
        connect(admin, account, status=500)
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    for entry in audit.list_timeline(("channel_account", account.id)):
        assert CANARY not in json.dumps(entry.detail)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"host": "", "password": ""}, "Bagian ini perlu diisi"),
        ({"host": "bukan alamat"}, "Tulis alamat lengkap"),
        ({"host": "http://portal.kantor.example"}, "Pakai alamat https"),
        ({"host": "javascript:alert(1)"}, "Tulis alamat lengkap"),
        ({"username": "x" * 301}, "Paling panjang 300"),
        ({"password": "x" * 1001}, "Paling panjang 1000"),
    ],
)
def test_what_cannot_be_is_not_sent(
    world: World, browser_of: BrowserOf, channel: Channel, typed: dict[str, str], message: str
) -> None:
    page = connect(browser_of(world.admin), portal(world), status=422, **typed)
    assert message in page.main
    assert channel.asked == []


def test_addresses_are_taken_as_people_paste_them(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world), browser_of(world.admin)
    connect(admin, account, host="portal.kantor.example/wp-admin/profile.php?x=1")
    assert channel.last("sign_in").host == "https://portal.kantor.example"


def test_a_machine_of_ones_own_may_be_asked_without_https(
    app: Flask, world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    app.config["OUTBOUND_PRIVATE_HOSTS"] = ("portal.lan:8080",)
    connect(browser_of(world.admin), portal(world), host="http://portal.lan:8080/")
    assert channel.last("sign_in").host == "http://portal.lan:8080"


def test_connecting_anew_keeps_what_was_not_typed(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world), browser_of(world.admin)
    channel.answers["sign_in"] = lambda a: Grant({**a.secrets, "refresh_token": f"{CANARY}-segar"})
    connect(admin, account)
    page = admin.get(address(account))
    assert CANARY not in page.html and "Sudah tersimpan" in page.main
    channel.answers["sign_in"] = lambda a: Grant({**a.secrets, "refresh_token": ""})
    connect(admin, account, password="")
    assert channel.last("sign_in").secrets == {"password": PASSWORD}
    assert account_of(account).secrets == {"password": PASSWORD, "refresh_token": f"{CANARY}-segar"}


def test_a_kept_password_goes_nowhere_else(world: World, browser_of: BrowserOf, channel: Channel) -> None:
    """Otherwise whoever may change the address could have it sent to a server of theirs."""
    account, admin = portal(world), browser_of(world.admin)
    connect(admin, account)
    asked = len(channel.asked)
    page = connect(admin, account, status=422, host="https://jahat.example", password="")
    assert "tulis lagi yang rahasia ini" in page.main
    assert len(channel.asked) == asked


def test_somebody_else_than_before_has_to_be_meant(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world), browser_of(world.admin)
    connect(admin, account)
    channel.answers["verify"] = AccountInfo("Akun Pribadi", "pribadi")
    page = connect(admin, account, status=422)
    assert "akun yang berbeda" in page.main and "@pribadi" in page.main and "@kantoruji" in page.main
    assert connection(account).handle == "kantoruji"
    connect(admin, account, accepts_other="y")
    assert connection(account).handle == "pribadi"


def test_whoever_changes_the_identity_is_told_what_may_be_there_in_the_old_name(
    world: World, browser_of: BrowserOf, channel: Channel, in_request: None
) -> None:
    """Afterwards nobody can be asked any more whether it arrived."""
    account, admin = portal(world), browser_of(world.admin)
    connect(admin, account)
    made = desk.post(world, desk.story(world, title="Lelang terkirim"))
    made.account_id = account.id
    db.session.flush()
    db.session.expire(made)
    current_or_new(made).state = DeliveryState.COMMITTING
    db.session.commit()
    channel.answers["verify"] = AccountInfo("Akun Pribadi", "pribadi")
    page = connect(admin, account, status=422)
    assert "sudah dikirim atas nama @kantoruji" in page.main and "Lelang terkirim" in page.main
    channel.answers["verify"] = AccountInfo("Kantor Uji", "kantoruji")
    connect(admin, account)


def test_two_accounts_of_the_office_are_never_one_on_the_channel(
    world: World, other_world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    """Each story made for both would stand there twice."""
    admin = browser_of(world.admin)
    first = portal(world)
    connect(admin, first)
    first.name = "Portal Kanwil"
    second = portal(world)
    page = connect(admin, second, status=422)
    assert (
        "@kantoruji sudah tersambung di akun kanal Portal Kanwil" in page.main
        and "tayang dua kali" in page.main
    )
    assert get_connection_of(second.id) is None and second.adapter == "manual"
    assert "Portal Kanwil" in connect(admin, second, status=422, accepts_other="y").main, "no tick helps"
    connect(admin, first)  # the same one anew is no second one
    connect(browser_of(other_world.admin), portal(other_world))
    admin.post(f"/pengaturan/kanal/{first.id}/putuskan")
    connect(admin, second)


def test_another_name_than_the_account_carries_has_to_be_meant(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account = portal(world, "bluesky", handle="kantor.bsky.social")
    admin, url = browser_of(world.admin), address(account)
    typed = {"handle": "@Pribadi.bsky.social", "password": PASSWORD}
    channel.answers["verify"] = AccountInfo("Pribadi", "pribadi.bsky.social")
    page = admin.post(url, form_with(admin.get(url), "handle") | typed, status=422)
    assert "@kantor.bsky.social" in page.main
    assert channel.last("sign_in").handle == "pribadi.bsky.social"
    assert channel.last("sign_in").host == "https://bsky.social"
    channel.answers["verify"] = AccountInfo("Kantor", "kantor.bsky.social")
    admin.post(url, form_with(admin.get(url), "handle") | typed | {"handle": "kantor.bsky.social"})


def test_the_tick_stays_while_the_secret_is_typed_again(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world, url="https://lama.example"), browser_of(world.admin)
    page = connect(admin, account, status=422)
    assert "tulis lagi sebelum mengirim" in page.main
    page = connect(admin, account, status=422, accepts_other="y", password="")
    assert 'name="accepts_other"' in page.html and "Ya, ganti akunnya" in page.main


def test_an_account_that_becomes_another_portal_carries_its_address(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    """What was published before stays the other's: the identities differ, also on two sites of one server."""
    account, admin = portal(world, url="https://lama.example"), browser_of(world.admin)
    channel.answers["verify"] = AccountInfo("Kantor", "humas", "https://baru.example/a")
    new = "https://baru.example/a"
    page = connect(admin, account, status=422, host=new)
    assert "https://lama.example" in page.main and "baru.example/a" in page.main
    assert get_connection_of(account.id) is None
    connect(admin, account, accepts_other="y", host=new)
    before = identity_of(connection(account))
    assert queries.get_account(world.office.id, account.id).url == "https://baru.example/a"
    connect(admin, account, status=422, host="https://baru.example/b")
    assert identity_of(connection(account)) == before
    channel.answers["verify"] = AccountInfo("Kantor", "humas", "https://baru.example/b")
    connect(admin, account, accepts_other="y", host="https://baru.example/b")
    db.session.expire_all()
    assert identity_of(connection(account)) != before
    assert queries.get_account(world.office.id, account.id).url == "https://baru.example/b"


MASTODON = {"instance": "https://sosial.example", "account_id": "123"}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("mastodon", {"host": "https://SOSIAL.example/", **MASTODON}, "123", "a"), ("mastodon", MASTODON, "", "b"), True),
        (("mastodon", MASTODON, "", "a"), ("mastodon", {**MASTODON, "instance": "https://b.example"}, "", "a"), False),
        (("bluesky", {"did": "did:plc:1", "host": "https://a.example"}, "", "a"),
         ("bluesky", {"did": "did:plc:1", "host": "https://b.example"}, "", "b"), True),
        (("bluesky", {"did": "did:plc:1"}, "", "a"), ("bluesky", {"did": "did:plc:2"}, "", "a"), False),
        (("wordpress", {"host": "https://a.example/x/y", "rest_root": "https://a.example/x/wp-json/", "user_id": 3}, "", "a"),
         ("wordpress", {"host": "https://a.example", "rest_root": "https://a.example/x/?rest_route=/", "user_id": 3}, "", "a"), True),
        (("telegram", {"chat": "@a", "chat_id": -1001}, "", "a"), ("telegram", {"chat": "@b", "chat_id": -1001}, "", "b"), True),
        (("telegram", {"chat_id": -1001}, "", "a"), ("telegram", {"chat_id": -1002}, "", "a"), False),
        (("facebook", {}, "UCa", "a"), ("facebook", {}, "UCA", "a"), False),
        (("x", {}, "", "@Kantor"), ("x", {}, "", "kantor"), True),
        (("facebook", {}, "1", "a"), ("instagram", {}, "1", "a"), False),
    ],
)  # fmt: skip
def test_who_is_the_same(one: tuple[Any, ...], other: tuple[Any, ...], is_same: bool) -> None:
    """Whichever way in was taken, and under whatever name."""
    a, b = (make_identity(key, known, external_id=id_, name=name) for key, known, id_, name in (one, other))
    assert (a == b) is is_same


def test_an_identity_fits_into_its_column() -> None:
    known = [
        make_identity("x", {"host": f"https://a.example/{'p' * 500}{n}"}, external_id="1", name="")
        for n in "ab"
    ]
    assert known[0] != known[1] and all(len(text) <= 400 for text in known)


@pytest.mark.parametrize(("carried", "is_same"), [("kantor", True), ("kantor@b.example", False)])
def test_one_name_on_two_servers_is_two(
    world: World, browser_of: BrowserOf, channel: Channel, carried: str, is_same: bool
) -> None:
    account, admin = portal(world, "mastodon", handle=carried), browser_of(world.admin)
    channel.answers["verify"] = AccountInfo("Kantor", "kantor@a.example", settings=MASTODON)
    typed = {"host": "a.example", "access_token": f"{CANARY}-token"}
    known = form_with(admin.get(address(account)), "access_token")
    admin.post(address(account), known | typed, status=303 if is_same else 422)
    assert (get_connection_of(account.id) is not None) is is_same


def test_a_link_of_an_account_that_carries_its_server_is_its_own() -> None:
    link = "https://sosial.example/@kantor/123"
    said = get_platform("mastodon").check_url(link, handle="kantor@sosial.example", host="sosial.example")
    assert said is UrlVerdict.BELONGS


def test_the_name_the_page_and_the_limits_of_the_channel_are_taken_over(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world, "mastodon"), browser_of(world.admin)
    channel.answers["verify"] = AccountInfo(
        "Kantor",
        "kantor@mastodon.example",
        "https://mastodon.example/@kantor",
        settings={"instance": "https://mastodon.example", "account_id": "123"},
        limits={"text": 1000, "media_max": 4, "bukan": 1},
    )
    url = address(account)
    typed = {"host": "mastodon.example", "access_token": f"{CANARY}-token"}
    admin.post(url, form_with(admin.get(url), "access_token") | typed)
    found = queries.get_account(world.office.id, account.id)
    assert (found.handle, found.url, found.adapter) == (
        "kantor",
        "https://mastodon.example/@kantor",
        "mastodon",
    )
    assert found.limits == {"text": 1000}, "only what differs"
    assert policy.limits_of(found).text == 1000
    found.limits = {"text": 400}
    db.session.commit()
    admin.post(url, form_with(admin.get(url), "access_token") | typed)
    assert found.limits == {"text": 400}, "what the office has narrowed stays"


@pytest.mark.parametrize(
    ("typed", "ok"),
    [
        ({"chat": "https://t.me/kantoruji"}, True), ({"chat": "kantoruji"}, True), ({"chat": "-1001234567890"}, True),
        ({"chat": "kantor uji"}, False), ({"token": "abc"}, False),
    ],
)  # fmt: skip
def test_telegram_takes_a_channel_in_every_spelling(
    world: World, browser_of: BrowserOf, channel: Channel, typed: dict[str, str], ok: bool
) -> None:
    account, admin = portal(world, "telegram"), browser_of(world.admin)
    url, token = address(account), "123456789:" + "A" * 35
    page = admin.post(
        url, form_with(admin.get(url), "token") | {"token": token, "chat": "@kantoruji"} | typed, status=303 if ok else 422
    )  # fmt: skip
    if ok:
        assert channel.last("sign_in").settings["chat"] in ("@kantoruji", "-1001234567890")
    else:
        assert token not in page.html


def test_a_channel_that_does_not_tell_its_quota_is_connected_all_the_same(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account = portal(world)
    channel.answers["quota"] = Transient("status 500")
    connect(browser_of(world.admin), account)
    found = get_connection_of(account.id)
    assert found is not None and found.quota_total is None


def test_the_page_says_what_is_not_proven_and_what_does_not_exist(
    world: World, other_world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    assert "Belum diuji terhadap layanan aslinya" in admin.get(address(world.facebook)).main
    assert "Belum diuji" not in admin.get(address(world.instagram)).main
    admin.get(address(world.web), status=404)
    admin.post(address(world.web), status=404)
    admin.get(address(other_world.facebook), status=404)
    admin.post(address(other_world.facebook), status=404)
    for user in (world.editor, world.contributor, world.lead, world.approver):
        browser_of(user).get(address(world.facebook), status=403)


def test_the_same_form_twice_connects_once(world: World, browser_of: BrowserOf, channel: Channel) -> None:
    account, admin = portal(world), browser_of(world.admin)
    url = address(account)
    data = form_with(admin.get(url), "username") | {
        "host": "https://portal.kantor.example", "username": "humas", "password": PASSWORD,
    }  # fmt: skip
    first = admin.post(url, data)
    second = admin.post(url, data)
    assert first.location == second.location
    assert channel.names().count("sign_in") == 1


def test_what_the_channel_says_of_its_end_is_kept(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, now = portal(world), clock.now()
    channel.answers["sign_in"] = lambda a: Grant(
        a.secrets, now + timedelta(days=60), now + timedelta(days=90)
    )
    channel.answers["quota"] = Quota(25, 25, now + timedelta(hours=5))
    admin = browser_of(world.admin)
    page = admin.follow(connect(admin, account))
    assert "59 hari lagi" in page.main and "0 dari 25" in page.main
    assert "sisa jatah 0" in admin.get("/pengaturan/kanal").main
