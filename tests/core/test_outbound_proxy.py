"""The proxy through which a browser draws a page: where it leads to, and how much."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from humasflow.core import outbound_proxy
from humasflow.core.outbound_proxy import Budget, OutboundProxy
from tests.core.test_outbound import Server, answer

Say = Callable[[socket.socket, str], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Say | bytes], Server]]:
    opened: list[Server] = []

    def start(say: Say | bytes) -> Server:
        if isinstance(say, bytes):
            words = say
            server = Server(lambda connection, _head: connection.sendall(words))
        else:
            server = Server(say)
        opened.append(server)
        return server

    yield start
    for server in opened:
        server.close()


def ask(proxy: OutboundProxy, request: str | bytes, *, then: bytes = b"") -> bytes:
    """What a program hears that says this to the proxy."""
    port = int(proxy.address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode("latin-1") if isinstance(request, str) else request)
        heard = b""
        if then:
            while b"\r\n\r\n" not in heard:
                heard += connection.recv(4096)
            connection.sendall(then)
        try:
            while piece := connection.recv(65_536):
                heard += piece
        except ConnectionResetError:
            pass
        return heard


def get(url: str, *headers: str) -> str:
    return "\r\n".join([f"GET {url} HTTP/1.1", "Host: ditulis-oleh-program", *headers, "", ""])


def test_a_page_comes_through(serve: Any) -> None:
    server = serve(answer(b"halo"))
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        heard = ask(proxy, get(f"http://{here}/a?b=1", "Proxy-Connection: keep-alive", "Accept: */*"))
        assert heard.endswith(b"\r\n\r\nhalo")
        assert proxy.reached == {"127.0.0.1"}
    (asked,) = server.asked
    assert asked.startswith(f"GET /a?b=1 HTTP/1.1\r\nHost: {here}\r\nConnection: close\r\n")
    assert "proxy-connection" not in asked.lower() and "Accept: */*" in asked


def test_a_tunnel_carries_what_it_does_not_read(serve: Any) -> None:
    def echo(connection: socket.socket, head: str) -> None:
        connection.sendall(b"kembali: " + head.encode())

    server = serve(echo)
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        heard = ask(proxy, f"CONNECT {here} HTTP/1.1\r\nHost: {here}\r\n\r\n", then=b"rahasia\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 200 ") and heard.endswith(b"kembali: rahasia\r\n\r\n")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8080", "localhost:443", "10.0.0.5:443", "169.254.169.254:80", "[::1]:443", "192.168.1.1:8443",
     "[::ffff:127.0.0.1]:443", "0:80", "127.1:443", "8.8.8.8:22", "contoh.go.id:25"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["CONNECT", "GET"])
def test_nothing_leads_inside(host: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **named: Any) -> Any:
        raise AssertionError("something was connected to")

    with OutboundProxy() as proxy:
        request = f"CONNECT {host} HTTP/1.1\r\n\r\n" if way == "CONNECT" else get(f"http://{host}/")
        connect = socket.create_connection
        heard = []

        def only_to_the_proxy(address: Any, *args: Any, **named: Any) -> Any:
            return connect(address, *args, **named) if str(address[1]) in proxy.address else never()

        monkeypatch.setattr(outbound_proxy.socket, "create_connection", only_to_the_proxy)
        heard.append(ask(proxy, request))
        assert heard == [b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
        assert proxy.reached == set()


def test_a_name_that_means_us_is_refused_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def told(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    with OutboundProxy() as proxy:
        port = int(proxy.address.rsplit(":", 1)[1])
        connection = socket.socket()
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"CONNECT jahat.example:443 HTTP/1.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 403 ")
        connection.close()
    assert asked == ["jahat.example"]


def test_a_redirect_leads_nowhere_by_itself(serve: Any) -> None:
    """The program follows it, and asks again: then it is refused like any other."""
    server = serve(answer(b"", status="302 Found", headers="Location: http://169.254.169.254/\r\n"))
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        assert b"302 Found" in ask(proxy, get(f"http://{here}/"))
        assert ask(proxy, get("http://169.254.169.254/")).startswith(b"HTTP/1.1 403 ")
    assert len(server.asked) == 1


def test_one_request_a_connection(serve: Any) -> None:
    """A second one, smuggled behind the first, is not passed on."""
    server = serve(answer(b"halo"))
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        ask(proxy, get(f"http://{here}/satu") + get(f"http://{here}/dua"))
    assert [a.split(" ")[1] for a in server.asked] == ["/satu"]


def test_what_is_sent_along_arrives_whole(serve: Any) -> None:
    got: list[bytes] = []

    def take(connection: socket.socket, head: str) -> None:
        body = head.encode("latin-1").partition(b"\r\n\r\n")[2]
        while len(body) < 300_000:
            body += connection.recv(65_536)
        got.append(body)
        connection.sendall(answer(b"terima"))

    server = serve(take)
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        head = f"POST http://{here}/ HTTP/1.1\r\nContent-Length: 300000\r\n\r\n"
        assert ask(proxy, head.encode() + b"x" * 300_000).endswith(b"terima")
    assert got == [b"x" * 300_000]


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\n\r\n", "halo\r\n\r\n", "GET https://contoh.go.id/ HTTP/1.1\r\n\r\n",
        "CONNECT contoh.go.id HTTP/1.1\r\n\r\n", "GET http://contoh.go.id/ SPDY/3\r\n\r\n",
        "GET http://contoh.go.id/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET http://contoh.go.id/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET http://contoh.go.id/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET http://contoh.go.id/ HTTP/1.1\r\nbukan kepala\r\n\r\n", "CONNECT a@127.0.0.1:443 HTTP/1.1\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(request_: str) -> None:
    with OutboundProxy() as proxy:
        assert ask(proxy, request_).split(b" ")[1] in (b"400", b"403", b"411")
        assert proxy.reached == set()


def test_an_answer_without_end_ends(serve: Any) -> None:
    def endless(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    server = serve(endless)
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here], budget=Budget(size=1_000_000)) as proxy:
        assert len(ask(proxy, get(f"http://{here}/"))) <= 1_000_000


def test_a_byte_a_minute_ends(serve: Any) -> None:
    def slow(connection: socket.socket, head: str) -> None:
        time.sleep(5)

    server = serve(slow)
    here = f"127.0.0.1:{server.port}"
    begun = time.monotonic()
    with OutboundProxy(allowed=[here], budget=Budget(seconds=0.5)) as proxy:
        ask(proxy, get(f"http://{here}/"))
    assert time.monotonic() - begun < 3


def test_its_end_ends_what_is_open(serve: Any) -> None:
    held = threading.Event()
    server = serve(lambda connection, head: held.wait(5) and None)
    here = f"127.0.0.1:{server.port}"
    with OutboundProxy(allowed=[here]) as proxy:
        port = int(proxy.address.rsplit(":", 1)[1])
        connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        connection.sendall(get(f"http://{here}/").encode())
        time.sleep(0.1)
    assert connection.recv(10) == b""
    connection.close()
    held.set()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)
