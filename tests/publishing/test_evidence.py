"""What the product itself vouches for: the address, the hashes, the page as a stranger sees it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from humasflow.channels.adapters.errors import Forbidden, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services import evidence, picturing
from humasflow.publishing.services.evidence import record_own_evidence
from humasflow.publishing.services.looking import Seen
from humasflow.publishing.services.screenshots import SIZE, can_draw, draw
from tests.core.test_outbound import Server, answer, serve
from tests.publishing.desk import NewsDesk, crash_at
from tests.publishing.scripted import Channel, connect, install

__all__ = ["serve"]
Serve = Callable[..., Server]


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel)
    return channel


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The public page is there; which addresses were looked at."""
    asked: list[str] = []

    def look(url: str) -> Seen:
        assert not db.session().in_transaction()
        asked.append(url)
        return Seen.THERE

    monkeypatch.setattr(evidence, "look_at", look)
    return asked


@pytest.fixture
def browser_there(app: Flask, tmp_path: Path) -> None:
    """A server with something that could draw."""
    app.config |= {"CHROMIUM": "/bin/true", "CHROMIUM_AS_ROOT": True}


def png(colour: str = "#224466") -> bytes:
    out = BytesIO()
    Image.new("RGB", SIZE, colour).save(out, "PNG")
    return out.getvalue()


def live(desk: NewsDesk) -> tuple[Post, Delivery]:
    connect(desk.world.x)
    _story, (post,) = desk.going_out("x")
    desk.work()
    return post, desk.delivery(post)


def rows(delivery: Delivery) -> list[Evidence]:
    return list(
        db.session.scalars(select(Evidence).where(Evidence.delivery_id == delivery.id).order_by(Evidence.id))
    )


def later(desk: NewsDesk, hours: float = 1) -> None:
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        desk.work()


@pytest.mark.db
def test_address_hashes_and_the_look(desk: NewsDesk, channel: Channel, seen: list[str]) -> None:
    _post, delivery = live(desk)
    (row,) = rows(delivery)
    assert row.url == delivery.permalink == "https://kanal.example/p/post-1-1"
    assert (row.canonical_url, row.captured_by) == (delivery.canonical_url, None)
    assert (row.payload_sha256, row.answer_sha256) == (delivery.payload_sha256, "a" * 64)
    assert delivery.confirmed_at is not None
    assert seen == [row.url]
    record_own_evidence(delivery.id)
    assert len(rows(delivery)) == 1


@pytest.mark.db
def test_a_page_that_does_not_answer_confirms_nothing_and_fails_nothing(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "look_at", lambda url: Seen.UNCLEAR)
    post, delivery = live(desk)
    assert (desk.state(post), delivery.confirmed_at, len(rows(delivery))) == ("published", None, 1)


@pytest.mark.db
def test_an_address_that_the_channel_tells_later_is_asked_for(
    desk: NewsDesk, channel: Channel, seen: list[str]
) -> None:
    channel.tells_address = False
    post, delivery = live(desk)
    assert (desk.state(post), delivery.permalink, rows(delivery)) == ("published", None, [])
    channel.fails("find", Transient("x"))
    later(desk, 1)
    assert delivery.permalink is None
    channel.tells_address = True
    later(desk, 2)
    assert delivery.permalink == "https://kanal.example/p/post-1-1"
    assert delivery.canonical_url == "https://kanal.example/p/post-1-1"
    assert len(rows(delivery)) == 1


@pytest.mark.db
def test_an_address_that_never_comes_stops_nothing(desk: NewsDesk, channel: Channel) -> None:
    channel.tells_address = False
    post, delivery = live(desk)
    for hour in range(1, 40, 2):
        later(desk, hour)
    assert (desk.state(post), rows(delivery)) == ("published", [])
    assert [j.state.value for j in desk.jobs("publishing.evidence")] == ["done"]
    assert channel.count("commit") == 1


@pytest.mark.db
def test_a_refusal_to_tell_it_is_left_to_a_person(desk: NewsDesk, channel: Channel) -> None:
    channel.tells_address = False
    channel.fails("find", Forbidden("x"))
    post, _delivery = live(desk)
    assert desk.state(post) == "published"
    assert [j.state.value for j in desk.jobs("publishing.evidence")] == ["done"]


@pytest.mark.db
def test_a_picture_of_the_page_is_kept_with_its_hash(
    desk: NewsDesk, channel: Channel, seen: list[str], browser_there: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "draw", lambda url, allowed: png())
    _post, delivery = live(desk)
    first, second = rows(delivery)
    assert (first.screenshot_id, first.file_sha256) == (None, None)
    assert second.screenshot is not None
    assert second.file_sha256 == second.screenshot.sha256
    assert (second.screenshot.width, second.screenshot.height) == SIZE
    assert "Tangkapan layar" in second.screenshot.alt_text
    assert second.captured_by is None
    picturing.take_picture(delivery.id)
    assert len(rows(delivery)) == 2


@pytest.mark.db
def test_a_page_may_talk_to_no_other_machine_of_our_network(
    app: Flask,
    desk: NewsDesk,
    channel: Channel,
    seen: list[str],
    browser_there: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list is of what we ask. A page runs scripts of strangers."""
    asked: list[set[str]] = []
    monkeypatch.setattr(picturing, "draw", lambda url, allowed: asked.append(allowed) or png())
    monkeypatch.setitem(app.config, "OUTBOUND_PRIVATE_HOSTS", ["portal.dalam", "kanal.example"])
    live(desk)
    assert asked == [{"kanal.example"}]


@pytest.mark.db
def test_a_page_that_cannot_be_drawn_is_left_to_people(
    desk: NewsDesk, channel: Channel, seen: list[str], browser_there: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(picturing, "draw", lambda url, allowed: tried.append(url))
    post, delivery = live(desk)
    for hour in range(1, 12):
        later(desk, hour)
    assert (desk.state(post), len(rows(delivery)), len(tried)) == ("published", 1, 3)
    assert [j.state.value for j in desk.jobs("publishing.picture")] == ["done"]


@pytest.mark.db
def test_a_picture_that_is_none_is_refused(
    desk: NewsDesk, channel: Channel, seen: list[str], browser_there: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "draw", lambda url, allowed: b"bukan gambar")
    post, delivery = live(desk)
    assert (desk.state(post), len(rows(delivery))) == ("published", 1)


@pytest.mark.db
def test_a_worker_that_stops_while_drawing_adds_one_picture(
    desk: NewsDesk, channel: Channel, seen: list[str], browser_there: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "draw", lambda url, allowed: png())
    with crash_at(monkeypatch, picturing, "add_row", after=True):
        _post, delivery = live(desk)
    later(desk)
    assert [r.screenshot_id is not None for r in rows(delivery)] == [False, True]


@pytest.mark.db
def test_without_a_browser_nobody_is_asked_for_one(desk: NewsDesk, channel: Channel, seen: list[str]) -> None:
    live(desk)
    assert desk.jobs("publishing.picture") == []


# With the real browser

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
with_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
PAGE = b"""<!doctype html><title>Uji</title><style>body{margin:0;background:#00c000}</style>
<div id=x></div><script>document.body.style.background='#0000ff';
fetch('http://127.0.0.1:%d/rahasia').then(()=>{document.body.style.background='#ff0000'}).catch(()=>{});
new Image().src='http://localhost:%d/rahasia';</script>"""


def colour_of(drawn: bytes) -> tuple[int, int, int]:
    with Image.open(BytesIO(drawn)) as image:
        assert image.size == SIZE
        found = image.convert("RGB").getpixel((640, 1200))
    assert isinstance(found, tuple)
    return int(found[0]), int(found[1]), int(found[2])


@with_browser
def test_the_page_is_drawn_with_its_scripts_and_reaches_nothing_inside(
    app: Flask, serve: Serve, in_request: None
) -> None:
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}
    inside = serve(answer(b"rahasia"), allowed=False)
    page = serve(answer(PAGE % (inside.port, inside.port), headers="Content-Type: text/html\r\n"))
    drawn = draw(f"http://127.0.0.1:{page.port}/p/1", allowed=[f"127.0.0.1:{page.port}"])
    assert drawn is not None
    assert colour_of(drawn) == (0, 0, 255), "scripts ran, and the machine inside did not answer"
    assert inside.asked == []


@with_browser
def test_a_redirect_inside_is_not_followed(app: Flask, serve: Serve, in_request: None) -> None:
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}
    inside = serve(answer(b"rahasia"), allowed=False)
    page = serve(
        answer(b"", status="302 Found", headers=f"Location: http://127.0.0.1:{inside.port}/rahasia\r\n")
    )
    draw(f"http://127.0.0.1:{page.port}/p/1", allowed=[f"127.0.0.1:{page.port}"])
    assert inside.asked == []


@with_browser
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/", "http://169.254.169.254/latest/", "file:///etc/passwd"]
)
def test_what_is_inside_is_not_drawn(app: Flask, in_request: None, url: str) -> None:
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}
    assert draw(url) is None


FAULT = b"<!doctype html><body style='background:#0000ff'>502"
MOVES_ON = b"<!doctype html><script>location.replace('/accounts/login/?next=p')</script>"


@with_browser
@pytest.mark.parametrize("fault", ["502", "404", "empty", "no tls", "sign in", "sign in by script"])
def test_a_page_about_something_else_is_no_evidence(
    app: Flask, serve: Serve, in_request: None, fault: str
) -> None:
    """All of them are drawn as readily as the post itself."""
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}
    html = "Content-Type: text/html\r\n"

    def send(connection: Any, head: str) -> None:
        if "/login" in head.split(" ")[1]:
            said = answer(FAULT, headers=html)
        elif fault.isdigit():
            said = answer(FAULT, status=f"{fault} Gangguan", headers=html)
        elif fault == "sign in":
            said = answer(b"", status="302 Found", headers="Location: /accounts/login/\r\n")
        elif fault == "sign in by script":
            said = answer(MOVES_ON, headers=html)
        else:
            return
        connection.sendall(said)

    page = serve(send)
    scheme = "https" if fault == "no tls" else "http"
    drawn = draw(f"{scheme}://127.0.0.1:{page.port}/p/1", allowed=[f"127.0.0.1:{page.port}"])
    assert drawn is None


@with_browser
def test_as_root_no_page_is_drawn_unless_somebody_wants_it(
    app: Flask, serve: Serve, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}
    assert can_draw()
    app.config["CHROMIUM_AS_ROOT"] = False
    assert not can_draw()
    page = serve(answer(FAULT))
    assert draw(f"http://127.0.0.1:{page.port}/", allowed=[f"127.0.0.1:{page.port}"]) is None
    assert page.asked == []


@with_browser
def test_a_page_without_end_is_given_up(
    app: Flask, serve: Serve, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from humasflow.publishing.services import screenshots

    monkeypatch.setattr(screenshots, "call_timeout", lambda: 1.0)
    monkeypatch.setattr(screenshots, "_ENDING", 0.5)
    app.config |= {"CHROMIUM": CHROMIUM, "CHROMIUM_AS_ROOT": True}

    def endless(connection: Any, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>")
        while True:
            connection.sendall(b"<p>x</p>" * 1000)

    page = serve(endless)
    assert draw(f"http://127.0.0.1:{page.port}/", allowed=[f"127.0.0.1:{page.port}"]) is None


def test_a_browser_that_does_not_start_is_no_error(app: Flask, in_request: None, tmp_path: Path) -> None:
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    app.config |= {"CHROMIUM": str(broken), "CHROMIUM_AS_ROOT": True}
    assert draw("https://contoh.go.id/p/1") is None
    app.config["CHROMIUM"] = str(tmp_path / "tidak-ada")
    assert draw("https://contoh.go.id/p/1") is None
    app.config["CHROMIUM"] = ""
    assert draw("https://contoh.go.id/p/1") is None


def test_the_browser_learns_nothing_of_our_settings(
    app: Flask, in_request: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    spy = tmp_path / "browser"
    spy.write_text(f"#!/bin/sh\nenv > {told}\n")
    spy.chmod(0o755)
    monkeypatch.setenv("HUMASFLOW_SECRETS", "sangat-rahasia")
    app.config |= {"CHROMIUM": str(spy), "CHROMIUM_AS_ROOT": True}
    assert draw("https://contoh.go.id/p/1") is None
    assert "rahasia" not in told.read_text()
    assert "HUMASFLOW" not in told.read_text()
