"""A forward proxy on loopback for one program at a time (a browser that draws a page), so that a page cannot make it
reach what :mod:`humasflow.core.outbound` would not: each host is planned by the same rules, resolved here, once, and
connected to at the very address that was checked.

It lives as long as one drawing. Time, bytes and connections are bounded for all of them together; when one of these is
used up, everything that is open ends. What goes over TLS is passed on unread.
"""

import contextlib
import re
import select
import socket
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from humasflow.core.outbound_faults import FetchFailed
from humasflow.core.outbound_transport import plan_request, resolve

CONNECTIONS = 64
_HEAD = 65_536
_PIECE = 65_536
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Between the program and us only (RFC 9110, 7.6.1).
_OURS = frozenset({"proxy-connection", "proxy-authorization", "connection", "keep-alive", "te", "upgrade"})


@dataclass(frozen=True)
class Budget:
    """For everything that goes through one proxy: seconds, and bytes in both directions."""

    seconds: float = 30.0
    size: int = 40_000_000
    connect: float = 5.0


class _Refused(Exception):
    """The request goes no further. ``status`` is told to the program."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class OutboundProxy:
    """Listens on a free port of loopback between ``with`` and its end. ``allowed`` as for ``plan_request``."""

    def __init__(self, *, allowed: Collection[str] = (), budget: Budget | None = None) -> None:
        self._allowed, self._budget = frozenset(allowed), budget or Budget()
        self._deadline = 0.0
        self._left = self._budget.size
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False
        self._listener: socket.socket | None = None
        self.reached: set[str] = set()  # names of the hosts that a connection was made to

    def __enter__(self) -> "OutboundProxy":
        """Begin to listen."""
        self._deadline = time.monotonic() + self._budget.seconds
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS)
        threading.Thread(
            target=self._accept, args=(self._listener,), daemon=True, name="outbound-proxy"
        ).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End everything that is still open."""
        with self._guard:
            self._closed = True
            ending = [*self._open, *([self._listener] if self._listener is not None else [])]
        for each in ending:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def address(self) -> str:
        """``http://127.0.0.1:<port>``. Raises LookupError before it listens."""
        if self._listener is None:
            raise LookupError("the proxy does not listen yet")
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _peer = listener.accept()
            except OSError:  # closed
                return
            if not self._places.acquire(blocking=False):
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True, name="outbound-proxied").start()

    @contextlib.contextmanager
    def _kept(self, end: socket.socket) -> Iterator[socket.socket]:
        """While it is open, the end of the proxy ends it too."""
        with self._guard:
            if self._closed:
                end.close()
                raise OSError("the proxy has ended")
            self._open.add(end)
        try:
            yield end
        finally:
            with self._guard:
                self._open.discard(end)
            end.close()

    def _serve(self, client: socket.socket) -> None:
        try:
            with self._kept(client):
                client.settimeout(self._remaining())
                try:
                    self._pass_on(client)
                except _Refused as refused:
                    client.sendall(
                        f"HTTP/1.1 {refused.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
                    )
        except OSError:
            return  # one side went away, or time is up: the program sees a connection that ended
        finally:
            self._places.release()

    def _pass_on(self, client: socket.socket) -> None:
        """One request of the program: a tunnel (CONNECT), or a request that is sent on with its own connection."""
        head, rest = self._read_head(client)
        method, target, headers = _parsed(head)
        if method == "CONNECT":
            with self._kept(self._reach(f"https://{target}/", needs_port=True)) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._send(server, rest)
                self._carry(client, server, from_client=None)
            return
        if not target.lower().startswith("http://"):
            raise _Refused("400 Bad Request")
        length = _length_of(headers)
        with self._kept(self._reach(target)) as server:
            self._send(server, _head_onward(method, target, headers))
            self._send(server, rest[:length])
            self._carry(client, server, from_client=length - len(rest[:length]))

    def _reach(self, url: str, *, needs_port: bool = False) -> socket.socket:
        """Plan, resolve, check and connect, in this order."""
        try:
            if needs_port and urlsplit(url).port is None:
                raise _Refused("400 Bad Request")
            plan = plan_request(url, self._allowed)
            addresses = resolve(plan, min(self._budget.connect, self._remaining()))
        except (FetchFailed, ValueError):
            raise _Refused("403 Forbidden") from None
        for address in addresses[:4]:
            try:
                found = socket.create_connection(
                    (address, plan.port), timeout=min(self._budget.connect, self._remaining())
                )
            except OSError:
                continue
            self.reached.add(plan.host)
            return found
        raise _Refused("502 Bad Gateway")

    def _read_head(self, client: socket.socket) -> tuple[bytes, bytes]:
        found = b""
        while b"\r\n\r\n" not in found:
            piece = client.recv(_PIECE)
            if not piece or len(found) > _HEAD:
                raise _Refused("400 Bad Request")
            self._spend(len(piece))
            found += piece
        head, _, rest = found.partition(b"\r\n\r\n")
        return head, rest

    def _carry(self, client: socket.socket, server: socket.socket, *, from_client: int | None) -> None:
        """Bytes both ways until one side ends. ``from_client``: how many more the program may send; None: any."""
        waiting = [server] if from_client == 0 else [client, server]
        while waiting:
            ready, _w, _x = select.select(waiting, [], [], self._remaining())
            for end in ready:
                limit = _PIECE if end is server or from_client is None else min(_PIECE, from_client)
                piece = end.recv(limit)
                if not piece:
                    return
                self._send(client if end is server else server, piece)
                if end is client and from_client is not None:
                    from_client -= len(piece)
                    if from_client == 0:
                        waiting = [server]

    def _send(self, end: socket.socket, piece: bytes) -> None:
        self._spend(len(piece))
        end.settimeout(self._remaining())
        end.sendall(piece)

    def _spend(self, size: int) -> None:
        with self._guard:
            self._left -= size
            if self._left < 0:
                raise OSError("too much")

    def _remaining(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        return left


def _parsed(head: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    """Method, target and headers. Raises _Refused for what is not a request."""
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or not parts[2].startswith("HTTP/1."):
        raise _Refused("400 Bad Request")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or "\n" in value or "\r" in value or "\0" in value:
            raise _Refused("400 Bad Request")
        headers.append((name, value.strip()))
    return parts[0], parts[1], headers


def _length_of(headers: list[tuple[str, str]]) -> int:
    lengths = {value for name, value in headers if name.lower() == "content-length"}
    if any(name.lower() == "transfer-encoding" for name, _value in headers):
        raise _Refused("411 Length Required")
    if not lengths:
        return 0
    told = lengths.pop()
    if lengths or not (told.isascii() and told.isdigit() and len(told) < 12):
        raise _Refused("400 Bad Request")
    return int(told)


def _head_onward(method: str, target: str, headers: list[tuple[str, str]]) -> bytes:
    """The request as the server is to read it: its own path, its own name, and no second request after it."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if re.search(r"[\x00-\x20\x7f]", path):
        raise _Refused("400 Bad Request")
    kept = [(n, v) for n, v in headers if n.lower() not in _OURS and n.lower() != "host"]
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in kept]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
