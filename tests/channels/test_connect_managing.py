"""Testing, pausing, ending a connection; what the list and the account's page say of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals import services as approvals
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import AccountInfo, Quota, Tokens
from humasflow.channels.adapters.errors import AdapterError, AuthExpired, AuthRevoked, Forbidden, Transient
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import AccountPaused, AccountResumed
from humasflow.channels.connections.models import AppKey, Authorization, Connection
from humasflow.channels.connections.policy import Look
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services.access import account_of, sealed
from humasflow.channels.connections.wording.lateness import late_note
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.secrets import decrypt, encrypt
from humasflow.pages import account_usage
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.services.moving import current_or_new
from humasflow.stories.models import Story
from tests.channels.fakes import CANARY, Channel, channel
from tests.channels.test_connect_tokens import OLD, connected, now_of
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

__all__ = ["channel"]
pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
LIST = "/pengaturan/kanal"


def press_test(browser: Browser, account_id: int) -> Page:
    """Press "Uji sambungan", and read."""
    url = f"{LIST}/{account_id}"
    return browser.follow(browser.post(f"{url}/uji", browser.get(url).form("/uji")))


def heard(kind: type) -> list[Any]:
    said: list[Any] = []
    events._handlers[kind].append(said.append)
    return said


# Uji sambungan


def test_a_test_reads_a_true_answer(world: World, browser_of: BrowserOf, channel: Channel) -> None:
    connected(world.facebook, life=None)
    channel.answers["verify"] = AccountInfo(
        "Kantor Wilayah",
        "kanwil",
        expires_at=clock.now() + timedelta(days=40),
        settings={"id": 7},
        warnings=("private_only",),
    )
    channel.answers["quota"] = Quota(10, 50, None)
    page = press_test(browser_of(world.admin), world.facebook.id)
    assert "Sambungan Facebook Kantor berfungsi" in page.text
    for words in (
        "Kantor Wilayah",
        "@kanwil",
        "39 hari lagi",
        "40 dari 50",
        "hanya terlihat oleh pemilik akun",
        "Diuji kurang dari semenit lalu",
    ):
        assert words in page.main, words
    assert channel.names() == ["verify", "quota"]
    assert channel.last("verify").secrets == OLD
    assert now_of(world.facebook.id).settings == {"id": 7}


ANSWERS: list[tuple[AdapterError, ConnectionState, str]] = [
    (AuthRevoked("190"), ConnectionState.NEEDS_REAUTH, "tidak lagi menerima"),
    (Forbidden("1"), ConnectionState.NEEDS_REAUTH, "tidak berwenang"),
    (Transient("tls"), ConnectionState.CONNECTED, "Sertifikat keamanan"),
    (Transient("private"), ConnectionState.CONNECTED, "jaringan dalam"),
    (Transient("redirects"), ConnectionState.CONNECTED, "mengalihkan ke alamat lain"),
    (Transient("unknown_host"), ConnectionState.CONNECTED, "tidak ditemukan"),
    (Transient("too_slow"), ConnectionState.CONNECTED, "terlalu lama"),
    (Transient("too_large"), ConnectionState.CONNECTED, "terlalu besar"),
    (Transient("a success that says nothing"), ConnectionState.CONNECTED, "tidak dapat dibaca"),
    (Transient(f"GET /me?token={OLD['access_token']}"), ConnectionState.CONNECTED, "sedang bermasalah"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "state", "words"), ANSWERS, ids=lambda v: str(v)[:25])
def test_what_is_wrong_is_said_with_what_to_do(
    world: World,
    browser_of: BrowserOf,
    channel: Channel,
    error: AdapterError,
    state: ConnectionState,
    words: str,
) -> None:
    connected(world.facebook)
    channel.answers["verify"] = error
    admin = browser_of(world.admin)
    page = press_test(admin, world.facebook.id)
    assert "belum berfungsi" in page.text and words in page.main
    assert now_of(world.facebook.id).state is state
    listed = admin.get(LIST)
    assert words in listed.main and CANARY not in listed.html + page.html
    assert ("Sambungkan ulang" in page.main) and ("Perlu disambungkan ulang" in listed.main) is (
        state is ConnectionState.NEEDS_REAUTH
    )
    for entry in audit.list_timeline(("channel_account", world.facebook.id)):
        assert CANARY not in json.dumps(entry.detail)


def test_a_token_that_has_ended_is_renewed_first(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    connected(world.facebook)
    new = f"{CANARY}-baru"
    channel.answers["refresh"] = Tokens(new, None, clock.now() + timedelta(hours=2))

    def by_token(account: Any) -> AccountInfo:
        if account.secrets["access_token"] != new:
            raise AuthExpired("190")
        return AccountInfo("Kantor Uji", "kantoruji")

    channel.answers["verify"] = by_token
    page = press_test(browser_of(world.admin), world.facebook.id)
    assert "berfungsi" in page.text and channel.names() == ["verify", "refresh", "verify", "quota"]


def test_a_token_that_has_ended_for_good_asks_for_a_person(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    connected(world.facebook)
    channel.answers["verify"] = AuthExpired("190")
    page = press_test(browser_of(world.admin), world.facebook.id)
    assert "Izin dari kanal sudah habis" in page.main
    assert now_of(world.facebook.id).state is ConnectionState.NEEDS_REAUTH


def test_a_good_answer_mends_what_was_broken(world: World, browser_of: BrowserOf, channel: Channel) -> None:
    connected(world.facebook, error_code="auth_revoked").state = ConnectionState.NEEDS_REAUTH
    db.session.commit()
    page = press_test(browser_of(world.admin), world.facebook.id)
    assert "Tersambung" in page.main
    assert now_of(world.facebook.id).state is ConnectionState.CONNECTED


def test_what_is_not_connected_cannot_be_tested(
    world: World, other_world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    for account in (world.facebook, world.web, other_world.facebook):
        admin.post(f"{LIST}/{account.id}/uji", status=404)
    admin.get(f"{LIST}/{world.facebook.id}/putuskan", status=404)


# Pausing


def test_an_account_rests_with_a_reason_that_others_read(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    paused, resumed = heard(AccountPaused), heard(AccountResumed)
    admin, url = browser_of(world.admin), f"{LIST}/{world.facebook.id}/jeda"
    assert "Tuliskan alasannya" in admin.post(url, admin.get(url).form(), status=422).main
    page = admin.follow(admin.post(url, admin.get(url).form() | {"reason": "Menunggu arahan kanwil"}))
    assert (
        "sedang dijeda" in page.main and "Menunggu arahan kanwil" in page.main and "Admin Kantor" in page.main
    )
    assert "Menunggu arahan kanwil" in admin.get(LIST).main
    admin.post(url, admin.get(url).form() | {"reason": "Lagi"})
    assert world.facebook.pause_reason == "Menunggu arahan kanwil"
    admin.post(f"{LIST}/{world.facebook.id}/lanjutkan", page.form("/lanjutkan"))
    assert (world.facebook.paused_at, world.facebook.pause_reason) == (None, "")
    admin.post(f"{LIST}/{world.facebook.id}/lanjutkan", page.form("/lanjutkan") | {"form_token": "lain"})
    assert paused == [AccountPaused(world.facebook.id, world.admin.id)]
    assert resumed == [AccountResumed(world.facebook.id, world.admin.id)]
    actions = [e.action for e in audit.list_timeline(("channel_account", world.facebook.id))]
    assert actions[:2] == [AuditAction.CHANNEL_ACCOUNT_RESUMED, AuditAction.CHANNEL_ACCOUNT_PAUSED]


# Ending


def scheduled(world: World, title: str) -> Story:
    """A post with a time on the Facebook account. Commits."""
    story = desk.story(world, title=title)
    made = desk.post(world, story)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approvals.approve(package, actor=world.as_(world.approver), digest=package.digest)
    posts.schedule_post(made, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=1))
    db.session.commit()
    return story


def test_what_waits_is_named_before_a_connection_ends(
    world: World, browser_of: BrowserOf, channel: Channel, in_request: None
) -> None:
    connected(world.facebook)
    scheduled(world, "Lelang serentak")
    hidden = scheduled(world, "Rencana tertutup")
    hidden.is_confidential = True
    db.session.commit()
    page = browser_of(world.admin).get(f"{LIST}/{world.facebook.id}/putuskan")
    assert "2 publikasi belum tayang" in page.main and "Lelang serentak" in page.main
    assert "Rencana tertutup" not in page.html and "Naskah rahasia" in page.main


def in_state(story: Story, state: S) -> None:
    """The story's one post is on its way, and so far."""
    post = db.session.scalars(select(Post).where(Post.story_id == story.id)).one()
    current_or_new(post).state = state
    db.session.commit()


def test_what_becomes_of_each_is_said_by_how_far_it_has_come(
    world: World, browser_of: BrowserOf, channel: Channel, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent becomes no task: nobody knows yet whether it is there."""
    connected(world.facebook)
    for title in ("Lelang satu", "Lelang dua", "Lelang tiga"):
        scheduled(world, title)
    in_state(scheduled(world, "Terkirim"), S.UNKNOWN)
    in_state(scheduled(world, "Tidak jadi"), S.FAILED)
    monkeypatch.setattr(account_usage, "MOST", 3)
    url = f"{LIST}/{world.facebook.id}"
    page = browser_of(world.admin).get(f"{url}/putuskan")
    sent, coming = (
        page.soup.select_one(f"section[aria-labelledby={name}]") for name in ("terkirim", "menunggu")
    )
    assert sent is not None and "1 sudah dikirim" in sent.text and "Terkirim" in sent.text
    assert coming is not None and "3 publikasi belum tayang" in coming.text and "Terkirim" not in coming.text
    assert "2 dari 3 disebut di sini" in coming.text, "what was sent is named first"
    monkeypatch.setattr(account_usage, "MOST", 50)
    page = browser_of(world.admin).get(f"{url}/putuskan")
    assert "1 gagal tayang" in page.main and "disebut di sini" not in page.main
    rest = browser_of(world.admin).get(f"{url}/jeda")
    assert "3 publikasi akan menunggu" in rest.main and "1 sudah dikirim" in rest.main
    assert "lebih dari 6 jam ditanyakan dahulu" in rest.main and "Tidak jadi" not in rest.main


def test_a_paused_account_that_has_to_be_connected_anew_shows_both(
    world: World, browser_of: BrowserOf, channel: Channel, in_request: None
) -> None:
    connected(world.facebook, error_code="auth_revoked").state = ConnectionState.NEEDS_REAUTH
    world.facebook.paused_at, world.facebook.pause_reason = clock.now(), "Menunggu arahan kanwil"
    db.session.commit()
    admin, url = browser_of(world.admin), f"{LIST}/{world.facebook.id}"
    for page in (admin.get(LIST), admin.get(url)):
        for words in (
            "Dijeda",
            "Perlu disambungkan ulang",
            "Sambungkan ulang",
            "Menunggu arahan",
            "tidak lagi menerima",
        ):
            assert words in page.main, words
    done = admin.follow(admin.post(f"{url}/lanjutkan", admin.get(url).form("/lanjutkan")))
    assert "belum ada yang tayang sebelum disambungkan ulang" in done.text
    note_mended(world)
    admin.post(f"{url}/jeda", admin.get(f"{url}/jeda").form() | {"reason": "Lagi"})
    done = admin.follow(admin.post(f"{url}/lanjutkan", admin.get(url).form("/lanjutkan")))
    assert "segera diproses" in done.text and "lebih dari 6 jam ditanyakan dahulu" in done.text


def note_mended(world: World) -> None:
    now_of(world.facebook.id).state = ConnectionState.CONNECTED
    db.session.commit()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "Yang sudah lewat waktunya"), (90, "lebih dari 90 menit"), (360, "lebih dari 6 jam")],
)
def test_lateness_is_said_in_the_accounts_own_measure(
    app: Flask, in_request: None, minutes: int, words: str
) -> None:
    assert words in late_note(minutes)


def test_ending_a_connection_forgets_every_secret(
    world: World, browser_of: BrowserOf, channel: Channel, in_request: None
) -> None:
    connected(world.facebook)
    admin, url = browser_of(world.admin), f"{LIST}/{world.facebook.id}/putuskan"
    page = admin.follow(admin.post(url, admin.get(url).form()))
    assert "Diunggah orang" in page.main and "Sambungkan" in page.main
    assert db.session.scalars(select(Connection)).all() == []
    assert (world.facebook.adapter, account_of(world.facebook).secrets) == ("manual", {})
    entry = audit.list_timeline(("channel_account", world.facebook.id))[0]
    assert entry.action is AuditAction.CHANNEL_DISCONNECTED and CANARY not in json.dumps(entry.detail)
    admin.post(url)  # twice is once
    assert (
        len(
            [
                e
                for e in audit.list_timeline(("channel_account", world.facebook.id))
                if e.action is entry.action
            ]
        )
        == 1
    )


# What people see


@pytest.mark.parametrize("member", list(Look))
def test_every_look_has_a_word_a_tone_and_an_icon(app: Flask, in_request: None, member: Look) -> None:
    assert member.label and member.tone and member.icon


def test_the_list_tells_how_each_account_is_doing_at_a_constant_cost(
    world: World, browser_of: BrowserOf, channel: Channel, statements: QueryCount
) -> None:
    admin = browser_of(world.admin)
    connected(
        world.facebook,
        life=timedelta(days=60),
        since=timedelta(days=55),
        succeeded_at=clock.now() - timedelta(hours=2),
    )
    admin.get(LIST)
    statements.reset()
    page = admin.get(LIST)
    before = len(statements)
    assert "Izin segera habis" in page.main and "4 hari lagi" in page.main and "2 jam" in page.main
    connected(world.instagram, quota_used=20, quota_total=25)
    connected(world.x, error_code="rate_limited")
    statements.reset()
    page = admin.get(LIST)
    assert len(statements) == before <= 11
    assert "sisa jatah 5" in page.main and "Kanal meminta jeda" in page.main
    assert CANARY not in page.html


def test_others_may_not(world: World, browser_of: BrowserOf, channel: Channel) -> None:
    connected(world.facebook)
    for user in (world.editor, world.contributor, world.lead, world.approver):
        browser = browser_of(user)
        for path in ("sambungkan", "jeda", "putuskan"):
            browser.get(f"{LIST}/{world.facebook.id}/{path}", status=403)
        for path in ("uji", "lanjutkan", "putuskan", "sambungkan/masuk"):
            browser.post(f"{LIST}/{world.facebook.id}/{path}", status=403)


# A key is replaced


def test_every_secret_is_put_under_the_new_key(
    app: Flask, world: World, channel: Channel, in_request: None
) -> None:
    connection = connected(world.facebook)
    now = clock.now()
    key = AppKey(
        office_id=world.office.id, provider="x", instance="", client_id="1", client_secret=encrypt(f"{CANARY}-app"),
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(key)
    db.session.flush()
    begun = Authorization(
        office_id=world.office.id, account_id=world.x.id, user_id=world.admin.id, app_key_id=key.id, state_hash="h",
        verifier=encrypt(f"{CANARY}-v"), outlets=encrypt(f"{CANARY}-o"), created_at=now, expires_at=now,
    )  # fmt: skip
    db.session.add(begun)
    db.session.commit()
    app.config["SECRETS"] = ["kunci-baru", *app.config["SECRETS"]]
    answer = app.test_cli_runner().invoke(args=["secrets", "rotate"])
    assert answer.exit_code == 0 and "4 secrets" in answer.output, answer.output
    app.config["SECRETS"] = ["kunci-baru"]
    db.session.expire_all()
    assert account_of(world.facebook).secrets == OLD
    assert decrypt(key.client_secret) == f"{CANARY}-app"
    assert (decrypt(begun.verifier), decrypt(begun.outlets)) == (f"{CANARY}-v", f"{CANARY}-o")
    assert sealed(OLD) != connection.secrets and get_connection_of(world.facebook.id) is not None
