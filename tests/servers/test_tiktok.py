"""TikTok through the product, and its adapter alone, against posthole: an emulator that keeps tokens and publications.

It is milder than TikTok: it publishes what it was asked about, whole or not, and knows nothing of what an account may
post. That one question is answered here, with the example of TikTok's page.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Done, Pending, Ready, Receipt
from humasflow.channels.adapters.errors import AuthExpired, AuthRevoked, OutcomeUnknown, Transient
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.channels.adapters.tiktok import TikTokAdapter
from humasflow.channels.adapters.tiktok.upload import PIECE
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.services.app_keys import save_app_key
from humasflow.core.db import db
from tests.publishing.studio import Studio
from tests.servers.office import Office
from tests.servers.programs import Program, cache_folder, ensure_venv, free_port
from tests.support.faulty import Fault, FaultProxy, scripted
from tests.support.scripted import StoredFiles

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
APP = AppKeys("kunci", "sandi")
BACK = "https://humas.example/kembali"
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=2 * PIECE + 77, duration=30)
CREATOR = {
    "data": {
        "creator_avatar_url": "https://lf16-tt4d.tiktokcdn.com/obj/a.jpeg", "creator_username": "test_creator",
        "creator_nickname": "Test Creator", "max_video_post_duration_sec": 300, "comment_disabled": False,
        "duet_disabled": False, "stitch_disabled": True,
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    },
    "error": {"code": "ok", "message": "", "log_id": "202210112248442CB9319E1FB30C1073F3"},
}  # fmt: skip


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port on which it listens."""
    venv, port = ensure_venv("posthole", "posthole==0.6.0", at_least=(3, 12)), free_port()
    kept: Path = tmp_path_factory.mktemp("posthole") / "posthole.db"
    env = {"POSTHOLE_PORT": str(port), "POSTHOLE_DATABASE_URL": str(kept)}
    with Program(
        "posthole-tiktok", [str(venv / "bin/posthole")], env=env, cwd=cache_folder("logs")
    ) as running:
        running.wait_for_port(port)
        yield port


def way_out(method: str, url: str, **request) -> HttpAnswer:
    """The product's own; the question that the emulator does not know is answered with TikTok's example."""
    if "/creator_info/" in url:
        return HttpAnswer(200, {}, json.dumps(CREATOR).encode())
    return reaching.send(method, url, **request)


def adapter_at(port: int) -> TikTokAdapter:
    base = f"http://127.0.0.1:{port}"
    return TikTokAdapter(way_out, base, f"{base}/v2/auth/authorize/")


def granted(adapter: TikTokAdapter, port: int) -> Account:
    """Connect as a person does: through the sign-in page and back with a code."""
    address = adapter.authorize_url(APP, redirect_uri=BACK, state="s-1", challenge=None)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    page = httpx.get(address, trust_env=False)
    assert page.status_code == 200 and "Test Creator" in page.text
    chosen = {
        "account_id": "tt-7000000000000000001",
        "redirect_uri": asked["redirect_uri"],
        "state": asked["state"],
    }
    back = httpx.post(f"http://127.0.0.1:{port}/v2/auth/authorize/", data=chosen, trust_env=False)
    told = parse_qs(urlsplit(back.headers["location"]).query)
    assert told["state"] == ["s-1"]
    grant = adapter.exchange(APP, code=told["code"][0], redirect_uri=BACK, verifier=None)
    (outlet,) = adapter.outlets(APP, grant)
    assert (outlet.external_id, outlet.handle) == ("tt-7000000000000000001", "test_creator")
    with pytest.raises(AuthRevoked):  # a code is good for one time
        adapter.exchange(APP, code=told["code"][0], redirect_uri=BACK, verifier=None)
    return Account(7, "tiktok", outlet.handle, settings=outlet.settings, secrets=grant.secrets, app=APP)


def test_a_film_goes_from_the_library_to_its_public_address(
    office: Office, emulator: int, reachable, browser_of, monkeypatch
):
    """Keys of the office's application, the sign-in page and back, the composer, an approval, the worker."""
    reachable(emulator)
    known = {**reaching.adapters(), "tiktok": adapter_at(emulator)}
    monkeypatch.setattr(reaching, "adapters", lambda: known)
    studio = Studio(office, browser_of, "tiktok", handle="test_creator")
    save_app_key(
        studio.world.office.id, AppProvider.TIKTOK, actor=studio.world.as_(studio.world.admin),
        client_id=APP.client_id, client_secret=APP.client_secret,
    )  # fmt: skip
    db.session.commit()

    admin, url = browser_of(studio.world.admin), f"/pengaturan/kanal/{studio.outlet.id}/sambungkan"
    sent_to = admin.post(f"{url}/masuk", admin.get(url).form("/masuk"), status=200).soup.select_one(
        "a#lanjut"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(str(sent_to["href"])).query).items()}
    chosen = {"account_id": "tt-7000000000000000001"} | {
        name: asked[name] for name in ("redirect_uri", "state")
    }
    back = httpx.post(f"http://127.0.0.1:{emulator}/v2/auth/authorize/", data=chosen, trust_env=False)
    brought = urlsplit(back.headers["location"])
    question = admin.follow(admin.get(f"{brought.path}?{brought.query}", status=303))
    done = admin.follow(admin.post(urlsplit(question.response.request.path).path, question.form()))
    assert "Tersambung" in done.main and "test_creator" in done.main

    post = studio.due(studio.film())
    assert studio.work(post) == "published"

    delivery = studio.desk.delivery(post)
    assert delivery.external_id.isdigit() and len(delivery.answer_sha256) == 64
    assert delivery.permalink == f"https://www.tiktok.com/@test_creator/video/{delivery.external_id}"


def job(account: Account, **changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "k", "account": account,
        "variant": Variant(text="Lelang perdana 👨‍👩‍👧‍👦", hashtags=("BMN",), media=(VIDEO,)), "created_at": NOW, "now": NOW,
        "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(found | changes))


def is_same(found: object, receipt: Receipt) -> bool:
    """The same publication; each answer has a number of its own, so their digests differ."""
    assert isinstance(found, Receipt) and found.answer_sha256 and receipt.answer_sha256
    return replace(found, answer_sha256=None) == replace(receipt, answer_sha256=None)


def prepared(adapter: TikTokAdapter, work: Job) -> Job:
    while not isinstance(step := adapter.prepare(work), Ready):
        work = replace(work, prepare_state=dict(step.state))
    return replace(work, prepare_state=dict(step.state), committing_at=NOW)


def test_from_the_sign_in_to_the_public_address(app, emulator, reachable):
    reachable(emulator)
    adapter = adapter_at(emulator)
    account = granted(adapter, emulator)
    work = prepared(adapter, job(account))
    going = adapter.commit(work)

    assert isinstance(going, Pending) and going.poll
    done = adapter.poll(replace(work, prepare_state=dict(going.state)))
    assert isinstance(done, Done) and done.receipt.external_id.isdigit()
    assert done.receipt.permalink == f"https://www.tiktok.com/@test_creator/video/{done.receipt.external_id}"
    assert is_same(adapter.find(work), done.receipt)  # asked again it is the same


def test_tokens_rotate_and_dead_ones_are_told_apart(app, emulator, reachable):
    reachable(emulator)
    adapter = adapter_at(emulator)
    account = granted(adapter, emulator)
    tokens = adapter.refresh(account)

    assert (
        tokens.access != account.secrets["access_token"]
        and tokens.refresh != account.secrets["refresh_token"]
    )
    renewed = replace(account, secrets={"access_token": tokens.access, "refresh_token": tokens.refresh})
    assert isinstance(prepared(adapter, job(renewed)), Job)
    with pytest.raises(AuthRevoked):
        adapter.refresh(replace(account, secrets={"refresh_token": "rft.bukan"}))
    opened = {"username": "test_creator"}
    with pytest.raises(AuthExpired):
        adapter.prepare(job(replace(account, secrets={"access_token": "act.bukan"}), prepare_state=opened))


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.RESET])
def test_a_lost_answer_to_the_last_piece_is_found_by_its_name(app, emulator, reachable, fault):
    last = {"count": 0}

    def the_last_piece(asked) -> bool:
        last["count"] += asked.method == "PUT"
        return asked.method == "PUT" and last["count"] == 2

    with FaultProxy("127.0.0.1", emulator, plan=scripted(fault, only=the_last_piece)) as proxy:
        reachable(emulator, proxy.port)
        adapter = adapter_at(proxy.port)
        work = prepared(adapter, job(granted(adapter, proxy.port)))
        with pytest.raises(OutcomeUnknown):
            adapter.commit(work)
        found = adapter.find(work)
        assert isinstance(found, Receipt) and is_same(adapter.find(work), found)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.BAD_GATEWAY, Fault.BROKEN, Fault.GARBAGE])
def test_a_fault_before_the_last_piece_is_repeated(app, emulator, reachable, fault):
    with FaultProxy("127.0.0.1", emulator) as proxy:
        reachable(emulator, proxy.port)
        adapter = adapter_at(proxy.port)
        account = granted(adapter, proxy.port)
        proxy.plan = scripted(fault)
        work = job(account, prepare_state={"username": "test_creator"})
        with pytest.raises(Transient):
            adapter.prepare(work)
        assert isinstance(adapter.commit(prepared(adapter, work)), Pending)
