"""The product's worker and posthole, an emulator of Instagram's publishing that keeps tokens, containers and posts.

It is milder than Instagram: a container is ready at once and may be published again, pictures are not fetched, and
nothing but containers can be read back. So what is tried here is the way to the one call, and that it is made once.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.errors import AuthExpired
from humasflow.channels.adapters.registry import make_adapters
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services.access import account_of, sealed
from humasflow.core import clock
from humasflow.core.db import db
from tests.servers.office import Office
from tests.servers.programs import Program, cache_folder, ensure_venv, free_port
from tests.support.faulty import Asked, Fault, FaultProxy, scripted

USER = "178414000000001"
GRAPH = "https://graph.facebook.com"


@dataclass(frozen=True)
class Posthole:
    port: int
    kept: Path

    def token(self) -> str:
        """As a person gets one: through the sign-in page and back with a code."""
        base, back = f"http://127.0.0.1:{self.port}", "https://humas.example/kembali"
        chosen = {"account_id": USER, "redirect_uri": back, "state": "s"}
        brought = httpx.post(f"{base}/oauth/authorize", data=chosen, trust_env=False).headers["location"]
        code = {"code": parse_qs(urlsplit(brought).query)["code"][0]}
        return str(
            httpx.post(f"{base}/oauth/access_token", data=code, trust_env=False).json()["access_token"]
        )

    def posts(self, caption: str) -> list[tuple[str, str, str]]:
        """Status, number and picture of the containers with a caption that begins so, from what the emulator keeps."""
        with sqlite3.connect(self.kept) as kept:
            question = "SELECT status, platform_post_id, media_url FROM posts WHERE caption LIKE ?"
            return kept.execute(question, (f"{caption}%",)).fetchall()


@pytest.fixture(scope="session")
def posthole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posthole]:
    venv, port = ensure_venv("posthole", "posthole==0.6.0", at_least=(3, 12)), free_port()
    kept = tmp_path_factory.mktemp("posthole") / "instagram.db"
    env = {"POSTHOLE_PORT": str(port), "POSTHOLE_DATABASE_URL": str(kept)}
    argv = [str(venv / "bin/posthole")]
    with Program("posthole-instagram", argv, env=env, cwd=cache_folder("logs")) as running:
        running.wait_for_port(port)
        yield Posthole(port, kept)


@pytest.fixture
def proxy(app, posthole, reachable, monkeypatch) -> Iterator[FaultProxy]:
    """What the product says to Meta goes to the emulator, by way of a proxy that can break it."""
    app.config["PUBLIC_URL"] = "https://humas.kantor.go.id"
    app.config["ASK_AGAIN_AFTER"] = timedelta()
    with FaultProxy("127.0.0.1", posthole.port) as between:
        reachable(between.port)

        def way_out(method: str, url: str, **request):
            return reaching.send(method, url.replace(GRAPH, f"http://127.0.0.1:{between.port}", 1), **request)

        made = make_adapters(way_out)
        monkeypatch.setattr(reaching, "adapters", lambda: made)
        yield between


def connected(office: Office, token: str):
    """An account as it is after Facebook Login, which the emulator does not speak."""
    account = office.account("instagram")
    now = clock.now()
    db.session.add(
        Connection(
            office_id=account.office_id, account_id=account.id, adapter="instagram", state=ConnectionState.CONNECTED,
            secrets=sealed({"access_token": token}), settings={"user_id": USER, "page_id": "1001"}, external_id=USER,
            name="Test Studio", handle="test_studio", connected_at=now,
        )
    )  # fmt: skip
    account.adapter = "instagram"
    db.session.commit()
    return account


def publishing(asked: Asked) -> bool:
    return asked.method == "POST" and "/media_publish" in asked.path


def creating(asked: Asked) -> bool:
    return asked.method == "POST" and "/media?" in asked.path


def go(office: Office, post, proxy: FaultProxy) -> str:
    """The worker, for hours; a try comes later than the one before."""
    for hours in range(8):
        with clock.moved_to(clock.now() + timedelta(hours=hours * 0.5)):
            if office.publish(post) == "published":
                break
    return office.state(post)


def test_a_picture_goes_out_once(office: Office, posthole: Posthole, proxy: FaultProxy):
    post = office.due(connected(office, posthole.token()), words="Lelang perdana 👨‍👩‍👧‍👦 #BMN", pictures=1)

    assert go(office, post, proxy) == "published"

    ((status, number, picture),) = posthole.posts("Lelang perdana")
    assert status == "published" and office.delivery(post).external_id == number
    assert picture.startswith("https://humas.kantor.go.id/m/") and picture.endswith(".jpg")
    assert len([a for a in proxy.asked if publishing(a)]) == 1


def test_a_dead_token_waits_for_a_person(office: Office, posthole: Posthole, proxy: FaultProxy):
    account = connected(office, "mati")
    post = office.due(account, words="Token mati", pictures=1)

    assert go(office, post, proxy) == "needs_reauth"

    assert posthole.posts("Token mati") == []
    assert get_connection_of(account.id).state is ConnectionState.NEEDS_REAUTH
    asked = account_of(account)
    db.session.commit()
    with pytest.raises(AuthExpired):
        reaching.get_adapter("instagram").verify(asked)


@pytest.mark.parametrize(
    "fault",
    [Fault.DROP, Fault.CUT, Fault.RESET, Fault.TOO_MANY, Fault.BROKEN, Fault.BAD_GATEWAY, Fault.GARBAGE],
)
def test_a_container_that_is_lost_is_made_again(office: Office, posthole: Posthole, proxy: FaultProxy, fault):
    words = f"Wadah {fault.name}"
    post = office.due(connected(office, posthole.token()), words=words, pictures=1)
    proxy.plan = scripted(fault, only=creating)

    assert go(office, post, proxy) == "published"

    found = posthole.posts(words)
    assert [status for status, _number, _picture in found].count("published") == 1
    assert fault in [a.fault for a in proxy.asked]


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE])
def test_a_lost_answer_is_never_followed_by_a_second_call(
    office: Office, posthole: Posthole, proxy: FaultProxy, fault
):
    words = f"Jawaban {fault.name}"
    post = office.due(connected(office, posthole.token()), words=words, pictures=1)
    proxy.plan = scripted(fault, only=publishing)

    # The emulator cannot be asked for its posts, so nobody knows; and as long as nobody knows, nothing is sent.
    assert go(office, post, proxy) != "published"

    assert [status for status, _number, _picture in posthole.posts(words)] == ["published"]
    assert len([a for a in proxy.asked if publishing(a)]) == 1


def test_a_limit_on_the_call_itself_is_waited_for(office: Office, posthole: Posthole, proxy: FaultProxy):
    post = office.due(connected(office, posthole.token()), words="Batas", pictures=1)
    proxy.plan = scripted(Fault.TOO_MANY, only=publishing)

    assert go(office, post, proxy) == "published"

    assert [status for status, _number, _picture in posthole.posts("Batas")] == ["published"]
