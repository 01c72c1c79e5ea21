"""How one request travels: planned before anything is resolved, resolved once, sent to the very address that was
checked, ended by one deadline. Used by :mod:`humasflow.core.outbound` and by the proxy for other programs' traffic.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from humasflow.core.outbound_addresses import is_public
from humasflow.core.outbound_faults import Fault, FetchFailed
from humasflow.core.urls import is_http_url

PIECE = 16 * 1024  # bytes given to the network at a time
PORTS = frozenset({80, 443, 8080, 8443})  # not a tool for looking around on other people's machines


@dataclass
class Progress:
    """Whether the first byte of the request itself (the handshake is none) was given to the network."""

    has_begun: bool = False


@dataclass(frozen=True)
class Plan:
    """One request: where to, and whether that may be a machine of our own network."""

    url: httpx.URL
    host: str
    port: int
    may_be_private: bool
    progress: Progress = field(default_factory=Progress)

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.url.scheme, self.host, self.port


def plan_request(url: str, allowed: Collection[str]) -> Plan:
    """Check an address before anything is resolved. ``allowed``: machines of our own network that may be asked, as
    "name" or "name:port". Raises FetchFailed.
    """
    if not is_http_url(url):
        raise FetchFailed(Fault.ADDRESS)
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise FetchFailed(Fault.ADDRESS) from None
    host = parsed.raw_host.decode("ascii").strip("[]").rstrip(".").lower()
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    may_be_private = host in allowed or f"{host}:{port}" in allowed
    if port not in PORTS and not may_be_private:
        raise FetchFailed(Fault.ADDRESS)
    return Plan(parsed, host, port, may_be_private)


class Backend(httpcore.NetworkBackend):
    """Connects to the checked address of the planned host and to nothing else. The name stays in ``Host`` and in the
    TLS handshake, because only the socket learns of the address.
    """

    def __init__(self, plan: Plan, deadline: float) -> None:
        self._plan, self._deadline, self._inner = plan, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, connect: in this order, with one answer of the resolver."""
        addresses = resolve(self._plan, time_left(self._deadline, timeout))
        failed: Exception | None = None
        for address in addresses[:4]:
            try:
                stream = self._inner.connect_tcp(address, port, timeout=time_left(self._deadline, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return Stream(stream, self._deadline, self._plan.progress)
        raise failed or httpcore.ConnectError("no address")

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Never."""
        raise httpcore.UnsupportedProtocol("no sockets of this machine")


class Stream(httpcore.NetworkStream):
    """A connection that ends with the deadline, however often a byte comes in."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, progress: Progress) -> None:
        self._inner, self._deadline, self._progress = inner, deadline, progress

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout=time_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces: a timeout is of one of them, and a large body that goes up slowly would outlast the deadline.
        for start in range(0, len(buffer), PIECE):
            left = time_left(self._deadline, timeout)
            self._progress.has_begun = True
            self._inner.write(buffer[start : start + PIECE], timeout=left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, time_left(self._deadline, timeout))
        return Stream(secured, self._deadline, self._progress)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """httpx over our own backend."""

    def __init__(self, backend: Backend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )  # fmt: skip
        return httpx.Response(
            answer.status, headers=answer.headers, stream=Body(answer), extensions=dict(answer.extensions)
        )

    def close(self) -> None:
        self._pool.close()


class Body(httpx.SyncByteStream):
    """What comes in, piece by piece."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def time_left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if timeout is None else min(left, timeout)


def resolve(plan: Plan, seconds: float) -> list[str]:
    """The addresses to try, the resolver's order kept. A resolver that hangs is left behind. Raises FetchFailed."""
    answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(plan.host, plan.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answers.put(None)
            return
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))

    threading.Thread(target=ask, daemon=True, name="outbound-resolver").start()
    try:
        addresses = answers.get(timeout=seconds)
    except queue.Empty:
        raise FetchFailed(Fault.TOO_SLOW, plan.host) from None
    if not addresses:
        raise FetchFailed(Fault.UNKNOWN_HOST, plan.host)
    if plan.may_be_private:
        return addresses
    public = [a for a in addresses if is_public(a)]
    if not public:
        raise FetchFailed(Fault.PRIVATE, plan.host)
    return public
