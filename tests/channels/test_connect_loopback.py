"""The way in tried for real, over sockets: servers that refuse, lie, never end, or are somebody else."""

import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.channels import reaching
from humasflow.channels.connections.queries import get_connection_of
from tests.channels.fakes import CANARY
from tests.channels.test_connect_typed import address, portal
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
PASSWORD = f"{CANARY}-sandi"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Answers as the test says, and notes which passwords came in."""

    daemon_threads = True
    answer: Answer
    seen: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """We hung up on it; that is what is tested."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(f"{self.path} {self.headers.get('Authorization', '')}")
        self.server.answer(self)

    do_POST = do_GET  # noqa: N815 (the server looks for these names)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def html(handler: BaseHTTPRequestHandler) -> None:
    say(handler, 200, b"<html><h1>Selamat datang</h1></html>", "text/html")


def wrong_password(handler: BaseHTTPRequestHandler) -> None:
    if "users/me" in handler.path:
        return say(
            handler, 401, b'{"code":"rest_not_logged_in","message":"Anda belum masuk","data":{"status":401}}'
        )
    index = {
        "name": "Portal", "url": "http://x", "namespaces": ["wp/v2"], "routes": {"/wp/v2/posts": {}},
        "authentication": {"application-passwords": {"endpoints": {"authorization": "http://x/wp-admin"}}},
    }  # fmt: skip
    return say(handler, 200, json.dumps(index).encode())


def error_in_200(handler: BaseHTTPRequestHandler) -> None:
    say(handler, 200, b'{"code":"rest_disabled","message":"REST API ditutup","data":{"status":403}}')


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65_536)
    except OSError:
        return


def silent(handler: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(8)


def three_gigabytes(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(3 * 1024**3))
    handler.end_headers()
    handler.wfile.write(b"{")


def to_a_private_address(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/latest/meta-data/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.seen, made.answer = [], html
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def allowed(app: Flask, server: Server) -> str:
    """The address of the server, which this installation may ask; a call may take a second and a half."""
    from datetime import timedelta

    app.config["OUTBOX_LEASE"] = timedelta(seconds=5)
    app.config["OUTBOUND_PRIVATE_HOSTS"] = (f"127.0.0.1:{server.server_port}",)
    reaching.adapters.cache_clear()
    return f"http://127.0.0.1:{server.server_port}"


def try_to_connect(world: World, browser: Browser, host: str) -> Page:
    account = portal(world)
    account_id, url = account.id, address(account)
    typed = {"host": host, "username": "humas", "password": PASSWORD}
    page = browser.post(url, form_with(browser.get(url), "username") | typed, status=422)
    assert get_connection_of(account_id) is None
    assert CANARY not in page.html
    assert form_with(page, "username")["username"] == "humas"
    return page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (html, ("tidak ditemukan WordPress", "halaman web biasa")),
        (wrong_password, ("tidak menerima nama pengguna",)),
        (error_in_200, ("tidak ditemukan WordPress", "menutup REST API")),
        (endless, ("terlalu besar", "terlalu lama", "tidak ditemukan WordPress")),
        (silent, ("terlalu lama",)),
        (three_gigabytes, ("terlalu besar", "tidak ditemukan WordPress")),
        (to_a_private_address, ("mengalihkan ke alamat lain",)),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_server_that_is_not_what_it_should_be(
    world: World, browser_of: BrowserOf, server: Server, allowed: str, answer: Answer, words: tuple[str, ...],
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server.answer = answer
    page = try_to_connect(world, browser_of(world.admin), allowed)
    assert any(w in page.main for w in words), page.main[:900]
    assert not any("169.254" in line for line in server.seen)
    out, err = capfd.readouterr()
    assert CANARY not in out + err


def test_a_machine_of_our_own_network_is_not_asked(
    world: World, browser_of: BrowserOf, server: Server
) -> None:
    reaching.adapters.cache_clear()
    page = try_to_connect(world, browser_of(world.admin), f"https://127.0.0.1:{server.server_port}")
    assert "tidak dibuka" in page.main or "bukan alamat web" in page.main
    assert server.seen == []


def test_a_name_that_does_not_exist_is_named(world: World, browser_of: BrowserOf) -> None:
    reaching.adapters.cache_clear()
    page = try_to_connect(world, browser_of(world.admin), "https://tidak-ada.invalid")
    assert "tidak ditemukan di internet" in page.main


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    app: Flask, world: World, browser_of: BrowserOf, server: Server, allowed: str, tmp_path: Path
) -> None:
    key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
            "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    page = try_to_connect(world, browser_of(world.admin), allowed.replace("http://", "https://"))
    assert "Sertifikat keamanan" in page.main
    assert server.seen == []
