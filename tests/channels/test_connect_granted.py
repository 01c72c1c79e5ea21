"""Through a platform's own page and back: begun by one person for one account, used once, soon over."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.channels import services as channels
from humasflow.channels.adapters.base import AccountInfo, Grant, Outlet
from humasflow.channels.adapters.errors import AuthRevoked, Forbidden, Transient
from humasflow.channels.adapters.variant import AppKeys
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.models import AppKey, Authorization, Connection
from humasflow.channels.connections.queries import find_app_key, get_connection_of
from humasflow.channels.connections.services.access import account_of
from humasflow.channels.connections.services.app_keys import save_app_key
from humasflow.channels.connections.services.granting import forget_old
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import decrypt, hash_token
from tests.channels.fakes import CANARY, Channel, channel
from tests.channels.test_connect_typed import portal
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser, Page

__all__ = ["channel"]
pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
BACK = "/pengaturan/kanal/sambungan/kembali"


def keys_of(world: World, provider: AppProvider = AppProvider.META) -> AppKey:
    """The office's app keys. Commits."""
    made = save_app_key(
        world.office.id, provider, actor=world.as_(world.admin), client_id="nomor-aplikasi",
        client_secret=f"{CANARY}-aplikasi",
    )  # fmt: skip
    db.session.commit()
    return made


@pytest.fixture
def keyed(world: World, in_request: None) -> None:
    """The office has app keys with Meta."""
    keys_of(world)


def set_out(browser: Browser, account: ChannelAccount) -> str:
    """From the account to the platform's page: the address that the person is sent to."""
    url = f"/pengaturan/kanal/{account.id}/sambungkan"
    page = browser.post(f"{url}/masuk", browser.get(url).form("/masuk"), status=200)
    link = page.soup.select_one("a#lanjut")
    assert link is not None
    address = str(link["href"])
    refresh = page.soup.select_one('meta[http-equiv="refresh"]')
    assert refresh is not None and str(refresh["content"]) == f"0; url={address}"
    assert "no-store" in page.response.headers["Cache-Control"]
    return address


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def come_back(browser: Browser, state: str, *, status: int = 303, **more: str) -> Page:
    query = "&".join(f"{k}={v}" for k, v in {"state": state, "code": "kode-1", **more}.items())
    return browser.get(f"{BACK}?{query}", status=status)


def test_there_and_back(
    app: Flask, world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin, account = browser_of(world.admin), world.facebook
    address = set_out(admin, account)
    asked = parse_qs(urlsplit(address).query)
    assert asked["client_id"] == ["nomor-aplikasi"]
    assert asked["redirect_uri"] == [f"http://localhost{BACK}"]
    begun = db.session.scalars(select(Authorization)).one()
    assert begun.state_hash == hash_token(state_of(address))
    verifier, key_id = decrypt(begun.verifier), begun.app_key_id
    assert len(verifier) >= 43 and verifier not in address and channel.asked == []
    page = admin.follow(come_back(admin, state_of(address)))
    exchanged = channel.last("exchange")
    assert (exchanged["code"], exchanged["to"]) == ("kode-1", f"http://localhost{BACK}")
    assert exchanged["verifier"] == verifier
    assert exchanged["app"].client_secret == f"{CANARY}-aplikasi"
    assert page.h1 == "Benar ini Facebook Kantor?" and CANARY not in page.html
    assert get_connection_of(account.id) is None, "nothing is stored before the person has said yes"
    assert CANARY not in db.session.scalars(select(Authorization)).one().outlets
    done = admin.follow(admin.post(urlsplit(page.response.request.path).path, page.form()))
    assert "Tersambung" in done.main
    found = get_connection_of(account.id)
    assert found is not None
    assert (found.external_id, found.app_key_id) == ("halaman-1", key_id)
    given = account_of(account)
    assert given.secrets == {"access_token": f"{CANARY}-halaman", "refresh_token": f"{CANARY}-segar"}
    assert given.app is not None and given.app.client_id == "nomor-aplikasi"
    assert account.adapter == "facebook"
    assert db.session.scalar(select(func.count()).select_from(Authorization)) == 0


def test_several_outlets_are_chosen_among(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    channel.answers["outlets"] = (
        Outlet("1", "Halaman Pribadi", "pribadi", "https://facebook.com/pribadi"),
        Outlet(
            "2",
            "Kantor Uji",
            "kantoruji",
            "https://facebook.com/kantoruji",
            {"access_token": f"{CANARY}-dua"},
            {"page": 2},
        ),
    )
    admin = browser_of(world.admin)
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    page = admin.follow(answer)
    assert page.h1.startswith("Yang mana") and "Halaman Pribadi" in page.main
    url, data = answer.location, page.form()
    assert "Pilih salah satu" in admin.post(url, data, status=422).main
    for wrong in ("7", "-1", "abc", ""):
        admin.post(url, data | {"outlet": wrong}, status=422)
    admin.post(url, data | {"outlet": "1"})
    given = account_of(world.facebook)
    assert given.secrets["access_token"] == f"{CANARY}-dua"
    assert given.settings == {"page": 2}


def test_what_another_account_uses_already_is_marked_and_refused(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    page = admin.follow(come_back(admin, state_of(set_out(admin, world.facebook))))
    admin.post(urlsplit(page.response.request.path).path, page.form())
    second = channels.create_account(
        world.office.id, actor=None, kind=world.facebook.kind, name="Facebook Layanan"
    )
    db.session.commit()
    channel.answers["outlets"] = (
        *channel.answers["outlets"], Outlet("halaman-2", "Layanan Uji", "layananuji"),
    )  # fmt: skip
    page = admin.follow(come_back(admin, state_of(set_out(admin, second))))
    used, free = page.soup.select("input[type=radio]")
    assert used.has_attr("disabled") and not free.has_attr("disabled")
    assert "Sudah tersambung di akun Facebook Kantor" in page.main
    url = urlsplit(page.response.request.path).path
    refused = admin.post(url, page.form() | {"outlet": "0"}, status=422)
    assert (
        "sudah tersambung di akun kanal Facebook Kantor" in refused.main
        and get_connection_of(second.id) is None
    )
    channel.answers["verify"] = AccountInfo("Layanan Uji", "layananuji")
    admin.post(url, page.form() | {"outlet": "1"})
    assert get_connection_of(second.id) is not None


def test_a_return_is_good_once(world: World, keyed: None, browser_of: BrowserOf, channel: Channel) -> None:
    admin = browser_of(world.admin)
    state = state_of(set_out(admin, world.facebook))
    come_back(admin, state)
    page = come_back(admin, state, status=409)
    assert "sudah dipakai" in page.main
    assert channel.names().count("exchange") == 1


def test_a_return_that_is_not_ours_is_refused(
    world: World, other_world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    state = state_of(set_out(admin, world.facebook))
    come_back(admin, "tebakan", status=409)
    admin.get(BACK, status=409)
    come_back(browser_of(other_world.admin), state, status=409)
    browser_of(world.editor).get(f"{BACK}?state={state}&code=1", status=403)
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        come_back(admin, state, status=409)
    assert channel.asked == []
    come_back(admin, state)


def test_another_admin_of_the_office_cannot_finish_it(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    from humasflow.accounts.services import people
    from humasflow.core.permissions import Role

    people.grant_role(
        world.lead,
        world.office,
        Role.ADMIN,
        actor=None,
        position_title="",
        valid_from=clock.now().date() - timedelta(days=2),
    )
    db.session.commit()
    admin, second = browser_of(world.admin), browser_of(world.lead)
    state = state_of(set_out(admin, world.facebook))
    come_back(second, state, status=409)
    answer = come_back(admin, state)
    second.get(answer.location, status=404)
    second.post(answer.location, status=404)
    admin.get(answer.location)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied", "code": ""}, "Izin tidak diberikan"),
        ({"error": "invalid_scope", "code": ""}, "belum diizinkan meminta"),
        ({"error": "redirect_uri_mismatch"}, "Alamat kembali"),
        ({"error": "server_error", "code": ""}, "sedang bermasalah"),
        ({"error": "<script>alert(1)</script>", "code": ""}, "tidak menyelesaikan"),
        ({"code": ""}, "tidak menyelesaikan"),
    ],
)
def test_what_the_platform_sends_back_instead_is_said_in_words(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel, query: dict[str, str], words: str
) -> None:
    admin = browser_of(world.admin)
    page = come_back(admin, state_of(set_out(admin, world.facebook)), status=200, **query)
    assert words in page.main and "Mulai lagi" in page.main
    assert "alert(1)" not in page.html
    assert channel.asked == [] and get_connection_of(world.facebook.id) is None


@pytest.mark.parametrize(
    ("method", "answer", "words"),
    [
        ("exchange", AuthRevoked("invalid_grant"), "tidak menerima"),
        ("exchange", Forbidden("invalid_client"), "kunci aplikasi kantor ditolak"),
        ("exchange", Transient("too_slow"), "terlalu lama"),
        ("outlets", (), "tidak membawa apa pun"),
    ],
)
def test_what_goes_wrong_on_the_way_is_said_and_nothing_is_stored(
    world: World,
    keyed: None,
    browser_of: BrowserOf,
    channel: Channel,
    method: str,
    answer: object,
    words: str,
) -> None:
    admin = browser_of(world.admin)
    channel.answers[method] = answer
    page = come_back(admin, state_of(set_out(admin, world.facebook)), status=200)
    assert words in page.main
    assert CANARY not in page.html
    assert get_connection_of(world.facebook.id) is None and world.facebook.adapter == "manual"


def test_a_refused_choice_can_be_tried_again(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    page = admin.follow(answer)
    channel.answers["verify"] = Transient("status 502")
    again = admin.post(answer.location, page.form(), status=422)
    assert "Belum tersambung" in again.main and CANARY not in again.html
    channel.answers["verify"] = AccountInfo("Kantor Uji", "kantoruji")
    admin.post(answer.location, again.form())
    assert get_connection_of(world.facebook.id) is not None


def test_a_choice_that_waited_too_long_is_over_and_forgotten(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        admin.get(answer.location, status=404)
        assert forget_old() == 1
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Authorization)) == 0


def test_connecting_anew_without_a_new_refresh_token_keeps_the_old_one(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    """Google gives it the first time only."""
    admin = browser_of(world.admin)
    for refresh in (f"{CANARY}-segar", "", None):
        secrets = {"access_token": f"{CANARY}-akses"} | (
            {} if refresh is None else {"refresh_token": refresh}
        )
        channel.answers["exchange"] = Grant(secrets)
        channel.answers["outlets"] = (Outlet("1", "Kantor Uji", "kantoruji"),)
        answer = come_back(admin, state_of(set_out(admin, world.facebook)))
        admin.post(answer.location, admin.follow(answer).form())
        assert account_of(world.facebook).secrets["refresh_token"] == f"{CANARY}-segar"


def test_the_grant_of_somebody_else_does_not_mix_with_the_old_one(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    admin.post(answer.location, admin.follow(answer).form())
    channel.answers["exchange"] = Grant({"access_token": "lain"})
    channel.answers["outlets"] = (Outlet("halaman-2", "Kantor Lain", "kantorlain"),)
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    page = admin.post(answer.location, admin.follow(answer).form(), status=422)
    assert "akun yang berbeda" in page.main
    admin.post(answer.location, page.form() | {"accepts_other": "y"})
    assert account_of(world.facebook).secrets == {"access_token": "lain"}


def test_without_app_keys_the_way_leads_to_them_first(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/kanal/{world.facebook.id}/sambungkan"
    page = admin.get(url)
    assert page.link("Isi kunci aplikasi") == "/pengaturan/kanal/aplikasi/meta"
    assert admin.post(f"{url}/masuk").location == "/pengaturan/kanal/aplikasi/meta"
    assert db.session.scalar(select(func.count()).select_from(Authorization)) == 0


def test_a_mastodon_server_hands_out_its_own_keys_once(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    account, admin = portal(world, "mastodon"), browser_of(world.admin)
    url = f"/pengaturan/kanal/{account.id}/sambungkan"
    channel.answers["outlets"] = (
        Outlet("9", "Kantor Uji", "kantoruji", "https://sosial.example/@kantoruji"),
    )
    for _ in range(2):
        page = admin.post(
            f"{url}/masuk", form_with(admin.get(url), "server") | {"server": "sosial.example/"}, status=200
        )
        address = page.link("Lanjut ke")
        assert address.startswith("https://sosial.example/izin")
        answer = come_back(admin, state_of(address))
        admin.post(answer.location, admin.follow(answer).form())
    assert channel.names().count("register_app") == 1
    key = find_app_key(world.office.id, AppProvider.MASTODON, "https://sosial.example")
    assert key is not None and CANARY not in key.client_secret
    assert account_of(account).host == "https://sosial.example"
    assert "sosial.example: Akun mastodon" in admin.get("/pengaturan/kanal/aplikasi").main


def test_a_server_that_forgot_the_app_is_asked_for_new_keys(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    """Also after a change of our own address, to which the old ones are bound."""
    account, admin = portal(world, "mastodon"), browser_of(world.admin)
    url = f"/pengaturan/kanal/{account.id}/sambungkan"

    def set_out_there() -> Page:
        typed = form_with(admin.get(url), "server") | {"server": "sosial.example/"}
        return admin.post(f"{url}/masuk", typed, status=200)

    set_out_there()
    channel.answers["register_app"] = AppKeys("nomor-baru", f"{CANARY}-baru")
    key = find_app_key(world.office.id, AppProvider.MASTODON, "https://sosial.example")
    assert key is not None
    key.updated_at = clock.now() - timedelta(minutes=16)
    db.session.commit()
    page = set_out_there()
    assert "client_id=nomor-baru" in page.link("Lanjut ke")
    key.client_secret = "tidak-terbuka"
    db.session.commit()
    set_out_there()
    assert channel.names().count("register_app") == 3


def test_app_keys_that_cannot_be_opened_lead_to_their_page(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    url = f"/pengaturan/kanal/{world.facebook.id}/sambungkan"
    form = admin.get(url).form("/masuk")
    state = state_of(set_out(admin, world.facebook))
    key = find_app_key(world.office.id, AppProvider.META)
    assert key is not None
    key.client_secret = "tidak-terbuka"
    db.session.commit()
    answer = admin.post(f"{url}/masuk", form)
    assert "Tulis lagi kunci rahasianya" in admin.follow(answer).html
    come_back(admin, state, status=409)


@pytest.mark.parametrize(
    ("server", "answer", "words"),
    [
        ("", None, "Tulis alamat servernya"), ("http://sosial.example", None, "Pakai alamat https"),
        ("bukan alamat", None, "Tulis alamat lengkap"),
        ("sosial.example", Transient("unknown_host"), "tidak ditemukan di internet"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_used_is_named(
    world: World, browser_of: BrowserOf, channel: Channel, server: str, answer: Exception | None, words: str
) -> None:
    account, admin = portal(world, "mastodon"), browser_of(world.admin)
    if answer is not None:
        channel.answers["register_app"] = answer
    url = f"/pengaturan/kanal/{account.id}/sambungkan"
    page = admin.post(f"{url}/masuk", form_with(admin.get(url), "server") | {"server": server}, status=422)
    assert words in page.main
    assert db.session.scalar(select(func.count()).select_from(AppKey)) == 0


# App keys


def test_app_keys_are_kept_sealed_replaced_and_never_shown(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    admin, url = browser_of(world.admin), "/pengaturan/kanal/aplikasi/meta"
    page = admin.get(url)
    assert f"http://localhost{BACK}" in page.main and "publish_posts" in page.main
    assert "Tulis kunci rahasianya" in admin.post(url, page.form() | {"client_id": "123"}, status=422).main
    admin.post(url, page.form() | {"client_id": "123", "client_secret": f"{CANARY}-satu"})
    key = find_app_key(world.office.id, AppProvider.META)
    assert key is not None and decrypt(key.client_secret) == f"{CANARY}-satu"
    page = admin.get(url)
    assert CANARY not in page.html and page.form()["client_id"] == "123"
    admin.post(url, page.form())
    assert decrypt(key.client_secret) == f"{CANARY}-satu", "an empty secret leaves the one that is kept"
    assert (
        "tulis kunci rahasianya juga"
        in admin.post(url, admin.get(url).form() | {"client_id": "9"}, status=422).main
    )
    admin.post(url, admin.get(url).form() | {"client_secret": f"{CANARY}-dua"})
    assert decrypt(key.client_secret) == f"{CANARY}-dua"
    assert CANARY not in admin.get("/pengaturan/kanal/aplikasi").html


def test_two_admins_at_once_on_app_keys(
    world: World, browser_of: BrowserOf, channel: Channel, keyed: None
) -> None:
    admin, url = browser_of(world.admin), "/pengaturan/kanal/aplikasi/meta"
    first = admin.get(url).form()
    admin.post(url, admin.get(url).form() | {"client_id": "baru", "client_secret": "x"})
    page = admin.post(url, first | {"client_id": "lama", "client_secret": f"{CANARY}-lama"}, status=409)
    assert "baru" in page.main and page.form()["client_id"] == "lama" and CANARY not in page.html


def test_app_keys_in_use_are_not_removed(
    world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    admin, url = browser_of(world.admin), "/pengaturan/kanal/aplikasi/meta"
    answer = come_back(admin, state_of(set_out(admin, world.facebook)))
    admin.post(answer.location, admin.follow(answer).form())
    assert "Hapus kunci" not in admin.get(url).main and "Facebook Kantor" in admin.get(url).main
    page = admin.post(f"{url}/hapus", status=422)
    assert "masih dipakai Facebook Kantor" in page.main
    db.session.delete(db.session.scalars(select(Connection)).one())
    db.session.commit()
    set_out(admin, world.facebook)  # a way that was begun with them goes with them
    admin.post(f"{url}/hapus", admin.get(url).form("/hapus"))
    assert find_app_key(world.office.id, AppProvider.META) is None
    admin.post(f"{url}/hapus", status=404)


def test_app_keys_of_another_office_do_not_exist_here(
    world: World, other_world: World, keyed: None, browser_of: BrowserOf, channel: Channel
) -> None:
    page = browser_of(other_world.admin).get("/pengaturan/kanal/aplikasi/meta")
    assert page.form()["client_id"] == "" and "nomor-aplikasi" not in page.html
    browser_of(other_world.admin).post("/pengaturan/kanal/aplikasi/meta/hapus", status=404)
    for user in (world.editor, world.lead, world.contributor):
        browser_of(user).get("/pengaturan/kanal/aplikasi", status=403)
    browser_of(world.admin).get("/pengaturan/kanal/aplikasi/mastodon", status=404)


def test_an_unproven_guide_names_every_provider(
    world: World, browser_of: BrowserOf, channel: Channel
) -> None:
    admin = browser_of(world.admin)
    for provider in AppProvider:
        if provider is AppProvider.MASTODON:
            continue
        page = admin.get(f"/pengaturan/kanal/aplikasi/{provider.value}")
        assert re.search(r"Salin (alamat|semua)", page.main) and len(page.soup.select(".guide > li")) >= 4
