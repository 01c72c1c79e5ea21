"""Going out: only where one may, only so long, only so much, and without telling a log."""

import datetime as dt
import gzip
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from humasflow.core import outbound
from humasflow.core.outbound import Fault, FetchFailed, Limits, fetch, is_public

Serve = Callable[..., str]


class Server:
    """A raw server on loopback: what it says is said byte by byte, as no library would."""

    def __init__(self, say: Callable[[socket.socket, str], None], tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self._say, self._tls, self._open = say, tls, True
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while self._open:
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(4096)
                self.asked.append(head.decode("latin-1"))
                self._say(connection, head.decode("latin-1"))
        except OSError:
            return

    def close(self) -> None:
        self._open = False
        self._socket.close()


@pytest.fixture
def serve(app: Flask, in_request: None) -> Iterator[Callable[..., Server]]:
    opened: list[Server] = []

    def start(say: Any, *, allowed: bool = True, tls: ssl.SSLContext | None = None) -> Server:
        if isinstance(say, bytes):
            words = say

            def speak(connection: socket.socket, head: str) -> None:
                connection.sendall(words)

            say = speak
        server = Server(say, tls)
        opened.append(server)
        if allowed:
            app.config["OUTBOUND_PRIVATE_HOSTS"] = (
                *app.config["OUTBOUND_PRIVATE_HOSTS"],
                f"127.0.0.1:{server.port}",
                f"localhost:{server.port}",
            )
        return server

    yield start
    for server in opened:
        server.close()


def answer(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def at(server: Server, path: str = "/agenda.ics") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def refused(url: str, **more: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetch(url, **more)
    assert caught.value.message
    return caught.value


def test_an_answer_comes_back_whole(serve: Serve) -> None:
    server: Any = serve(answer(b"halo", headers='ETag: "a"\r\n'))
    got = fetch(at(server), headers={"If-None-Match": '"z"'})
    assert (got.status, got.body, got.headers["etag"]) == (200, b"halo", '"a"')
    asked = server.asked[0].lower()
    assert f"host: 127.0.0.1:{server.port}" in asked and 'if-none-match: "z"' in asked
    assert "cookie" not in asked


def test_not_modified_is_an_answer(serve: Serve) -> None:
    assert fetch(at(serve(b"HTTP/1.1 304 Not Modified\r\n\r\n"))).status == 304  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "fault", "passes"),
    [
        ("401 No", Fault.DENIED, False), ("403 No", Fault.DENIED, False), ("404 No", Fault.GONE, False),
        ("410 No", Fault.GONE, False), ("429 Slow", Fault.STATUS, True), ("503 Busy", Fault.STATUS, True),
    ],
)  # fmt: skip
def test_refusals_are_told_apart(serve: Any, status: str, fault: Fault, passes: bool) -> None:
    failed = refused(at(serve(answer(b"", status=status))))
    assert (failed.fault, failed.may_pass, failed.status_code) == (fault, passes, int(status[:3]))


# Addresses that lead, or look as if they led, to ourselves, our network or a cloud's metadata.
INWARD = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.000.000.001/", "http://0/",
    "http://0.0.0.0/", "http://localhost/", "http://LOCALHOST./", "http://[::1]/", "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001::1]/", "http://[fe80::1]/", "http://[fc00::1]/",
    "http://[fd12:3456::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://10.0.0.1/", "http://10.255.255.255/",
    "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/", "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://203.0.113.9/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1:80@127.0.0.1/",
    "https://contoh.go.id@127.0.0.1/", "http://127.0.0.1\\@contoh.go.id/", "http:// 127.0.0.1/", "http://127.0.0.1%2f/",
    "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/", "http://",
    "http:///agenda.ics", "//127.0.0.1/", "javascript:alert(1)", "http://127.0.0.1:22/", "http://127.0.0.1:6379/",
    "http://contoh.go.id:25/", "http://127.0.0.1:99999/", "http://127.0.0.1\r\nHost: x/", "",
]  # fmt: skip


@pytest.mark.parametrize("url", INWARD)
def test_addresses_that_lead_inward_are_refused(
    app: Flask, in_request: None, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: Any, **named: Any) -> Any:
        raise AssertionError("something was connected to")

    monkeypatch.setattr(outbound.httpcore.SyncBackend, "connect_tcp", never)
    assert len(INWARD) > 40
    # UNKNOWN_HOST: some forms are a number for one resolver and a name without a meaning for another.
    assert refused(url).fault in {Fault.PRIVATE, Fault.ADDRESS, Fault.UNKNOWN_HOST}


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "103.10.20.30", "2606:4700:4700::1111", "2404:6800::1"]
)
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[int]:
    """The names of the internet say this, one answer after the other."""
    asked: list[int] = []

    def told(host: str, port: int, **_more: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    return asked


def test_a_name_that_means_our_own_network_is_refused(
    app: Flask, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, ["10.1.2.3", "127.0.0.1"])
    assert refused("http://jahat.example/").fault is Fault.PRIVATE


def test_the_connection_goes_to_the_very_address_that_was_checked(
    app: Flask, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means something else when asked a second time is asked once."""
    asked = resolver(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected: list[str] = []

    def note(self: Any, host: str, port: int, **_more: Any) -> Any:
        connected.append(host)
        raise outbound.httpcore.ConnectError("nobody there")

    monkeypatch.setattr(outbound.httpcore.SyncBackend, "connect_tcp", note)
    assert refused("http://berubah.example/").fault is Fault.UNREACHABLE
    assert connected == ["8.8.8.8"] and len(asked) == 1


def test_only_the_public_ones_of_several_addresses_are_tried(
    app: Flask, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, ["127.0.0.1", "8.8.8.8"])
    connected: list[str] = []

    def note(self: Any, host: str, port: int, **_more: Any) -> Any:
        connected.append(host)
        raise outbound.httpcore.ConnectError("nobody there")

    monkeypatch.setattr(outbound.httpcore.SyncBackend, "connect_tcp", note)
    refused("http://campur.example/")
    assert connected == ["8.8.8.8"]


def test_a_redirect_inward_is_refused(serve: Any) -> None:
    inner = serve(answer(b"rahasia"), allowed=False)
    outer = serve(answer(b"", status="302 Found", headers=f"Location: {at(inner)}\r\n"))
    assert refused(at(outer)).fault in {Fault.PRIVATE, Fault.ADDRESS}
    assert inner.asked == []
    metadata = serve(answer(b"", status="307 x", headers="Location: http://169.254.169.254/latest/\r\n"))
    assert refused(at(metadata)).fault is Fault.PRIVATE
    file = serve(answer(b"", status="301 x", headers="Location: file:///etc/passwd\r\n"))
    assert refused(at(file)).fault is Fault.ADDRESS


def test_three_redirects_are_followed_and_a_fourth_is_not(serve: Any) -> None:
    def hop(connection: socket.socket, head: str) -> None:
        left = int(head.split()[1].strip("/"))
        if left:
            connection.sendall(answer(b"", status="302 x", headers=f"Location: /{left - 1}\r\n"))
        else:
            connection.sendall(answer(b"sampai"))

    server = serve(hop)
    assert fetch(at(server, "/3")).body == b"sampai"
    assert refused(at(server, "/4")).fault is Fault.REDIRECTS


def test_headers_stay_with_the_first_origin(serve: Any) -> None:
    target = serve(answer(b"sampai"))
    first = serve(answer(b"", status="302 x", headers=f"Location: {at(target)}\r\nSet-Cookie: a=b\r\n"))
    fetch(at(first), headers={"Authorization": "Bearer rahasia"})
    assert "rahasia" in first.asked[0]
    assert "rahasia" not in target.asked[0] and "a=b" not in target.asked[0]


def test_an_answer_without_end_is_cut(serve: Any) -> None:
    def endless(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    assert refused(at(serve(endless)), limits=Limits(size=500_000)).fault is Fault.TOO_LARGE


def test_a_declared_size_is_believed_at_once(serve: Any) -> None:
    large = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    assert refused(at(large)).fault is Fault.TOO_LARGE


def test_a_compressed_bomb_is_cut(serve: Any) -> None:
    bomb = gzip.compress(b"\x00" * 50_000_000)
    server = serve(answer(bomb, headers="Content-Encoding: gzip\r\n"))
    assert refused(at(server)).fault is Fault.TOO_LARGE
    fine = serve(answer(gzip.compress(b"halo"), headers="Content-Encoding: gzip\r\n"))
    assert fetch(at(fine)).body == b"halo"
    odd = serve(answer(b"x", headers="Content-Encoding: br\r\n"))
    assert refused(at(odd)).fault is Fault.ANSWER
    broken = serve(answer(b"x", headers="Content-Encoding: gzip\r\n"))
    assert refused(at(broken)).fault is Fault.ANSWER


def test_what_comes_after_the_end_of_something_packed_is_not_collected(serve: Any) -> None:
    def endless(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"halo"))
        while True:
            connection.sendall(b"x" * 65536)

    assert refused(at(serve(endless))).fault is Fault.ANSWER
    twice = serve(
        answer(gzip.compress(b"halo") + gzip.compress(b"lagi"), headers="Content-Encoding: gzip\r\n")
    )
    assert refused(at(twice)).fault is Fault.ANSWER, "half of an answer is none"

    def empty_blocks(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n\x78\x01")
        while True:
            connection.sendall(b"\x00\x00\x00\xff\xff" * 13_000)

    assert refused(at(serve(empty_blocks)), limits=Limits(size=500_000)).fault is Fault.TOO_LARGE


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_byte_now_and_then_ends_with_the_time_for_everything(serve: Any, start: bytes) -> None:
    def drip(connection: socket.socket, head: str) -> None:
        connection.sendall(start)
        while True:
            time.sleep(0.05)
            connection.sendall(b"x" if start else b"")

    began = time.monotonic()
    assert refused(at(serve(drip)), limits=Limits(read=0.3, total=0.6)).fault is Fault.TOO_SLOW
    assert time.monotonic() - began < 3


def test_a_resolver_that_hangs_is_left_behind(
    app: Flask, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: free.wait(5) and [])
    assert refused("http://lambat.example/", limits=Limits(connect=0.2, total=0.3)).fault is Fault.TOO_SLOW
    free.set()


@pytest.mark.parametrize(
    "words", [b"bukan http\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b""]
)
def test_what_is_no_http_is_said_to_be_none(serve: Any, words: bytes) -> None:
    assert refused(at(serve(words))).fault is Fault.ANSWER


def test_proxies_of_the_environment_are_not_asked(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(answer(b"dari proksi"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert fetch(at(serve(answer(b"langsung")))).body == b"langsung"
    assert proxy.asked == []


def test_nothing_after_the_host_reaches_a_log(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(answer(b"", status="404 x"))
    failed = refused(at(server, "/rahasia-sekali.ics?kunci=rahasia-sekali"))
    fetch(at(serve(answer(b"ya")), "/rahasia-sekali.ics"))
    assert "rahasia-sekali" not in caplog.text + failed.message
    assert "rahasia-sekali" not in repr(fetch(at(serve(answer(b"rahasia-sekali")), "/rahasia-sekali")))


def certificate(tmp_path: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that is ``name``, and a client that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "kunci.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


def test_the_certificate_is_asked_for_the_name_and_not_for_the_address(serve: Any, tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path, "localhost")
    named: list[str | None] = []
    theirs.sni_callback = lambda _socket, name, _context: named.append(name)
    server = serve(answer(b"aman"), tls=theirs)
    assert fetch(f"https://localhost:{server.port}/", tls=ours).body == b"aman"
    assert named == ["localhost"]
    assert refused(f"https://127.0.0.1:{server.port}/", tls=ours).fault is Fault.TLS
    assert refused(f"https://localhost:{server.port}/").fault is Fault.TLS  # nobody vouches for it


def test_a_redirect_to_an_open_line_is_refused(serve: Any, tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path, "localhost")
    plain = serve(answer(b"terbuka"))
    server = serve(answer(b"", status="302 x", headers=f"Location: {at(plain)}\r\n"), tls=theirs)
    assert refused(f"https://localhost:{server.port}/", tls=ours).fault is Fault.REDIRECTS
    assert plain.asked == []
