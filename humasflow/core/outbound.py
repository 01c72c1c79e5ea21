"""The one way out: every request that the product makes to another server goes through :func:`fetch`.

Addresses come from people, so a server asked for may be one that only we can reach (server-side request forgery), may
lead there by a redirect or by a name that means something else a second later, may answer without end, a byte a minute
or with a compressed bomb. So: names are resolved here, once, and the connection goes to the very address that was
checked; each redirect is planned anew; time and size have hard limits; nothing is read from the environment.

What an address carries after its host may be a secret: neither a log line nor a message shows it.
"""

import logging
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx
import structlog
from flask import current_app

from humasflow.core.outbound_addresses import is_public
from humasflow.core.outbound_faults import Fault, FetchFailed
from humasflow.core.urls import is_http_url

__all__ = ["Answer", "Fault", "FetchFailed", "Limits", "fetch", "is_public"]

log = structlog.get_logger(__name__)

# Both would print whole addresses.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

MAX_REDIRECTS = 3
USER_AGENT = "humasflow"
PORTS = frozenset({80, 443, 8080, 8443})  # not a tool for looking around on other people's machines
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, seconds between two pieces of an answer, seconds for everything with redirects, and bytes
    of the answer after unpacking.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    size: int = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What came back: a success (2xx) or "not modified" (304). ``url`` is where it was found in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = field(repr=False)


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Ask another server. Needs an application context; must not run while a transaction holds the database.

    A GET follows at most MAX_REDIRECTS redirects, none from https to http; ``headers`` go to the first origin only.
    ``tls`` None: the bundled list of authorities. Raises FetchFailed.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.total
    allowed = frozenset(current_app.config.get("OUTBOUND_PRIVATE_HOSTS", ()))
    sent = dict(headers or {})
    at, plan = url, _plan(url, allowed)
    for _hop in range(MAX_REDIRECTS + 1):
        try:
            answer = _ask(plan, method, sent, content, limits, deadline, tls or _authorities())
        except FetchFailed as failed:
            log.info("outbound request failed", host=plan.host, fault=failed.fault.value)
            raise
        if answer.status not in _REDIRECTS:
            return _judged(answer, plan.host)
        target = answer.headers.get("location", "")
        if method != "GET" or not target:
            raise FetchFailed(Fault.REDIRECTS, plan.host)
        following = urljoin(at, target)
        if at.lower().startswith("https:") and following.lower().startswith("http:"):
            raise FetchFailed(Fault.REDIRECTS, plan.host)
        onward = _plan(following, allowed)
        if onward.origin != plan.origin:
            sent = {}
        at, plan = following, onward
    raise FetchFailed(Fault.REDIRECTS, plan.host)


def _judged(answer: Answer, host: str) -> Answer:
    if 200 <= answer.status < 300 or answer.status == 304:
        return answer
    fault = {401: Fault.DENIED, 403: Fault.DENIED, 404: Fault.GONE, 410: Fault.GONE}.get(
        answer.status, Fault.STATUS
    )
    raise FetchFailed(fault, host, status_code=answer.status)


@dataclass(frozen=True)
class _Plan:
    """One request: where to, and whether that may be a machine of our own network."""

    url: httpx.URL
    host: str
    port: int
    may_be_private: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.url.scheme, self.host, self.port


def _plan(url: str, allowed: Collection[str]) -> _Plan:
    """Check an address before anything is resolved. Raises FetchFailed."""
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
    return _Plan(parsed, host, port, may_be_private)


def _ask(
    plan: _Plan, method: str, headers: Mapping[str, str], content: bytes | None, limits: Limits, deadline: float,
    tls: ssl.SSLContext,
) -> Answer:  # fmt: skip
    """One request, one connection. Raises FetchFailed."""
    transport = _Transport(_Backend(plan, deadline), tls)
    timeout = httpx.Timeout(limits.read, connect=limits.connect)
    told = {"User-Agent": USER_AGENT, "Accept": "*/*"} | dict(headers) | {"Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(
                transport=transport, trust_env=False, follow_redirects=False, timeout=timeout
            ) as client,
            client.stream(method, plan.url, headers=told, content=content) as response,
        ):
            kept = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code in _REDIRECTS or response.status_code == 304:
                return Answer(response.status_code, kept, b"", str(plan.url))
            body = _read(response.iter_raw(_CHUNK), kept, limits.size, deadline, plan.host)
            return Answer(response.status_code, kept, body, str(plan.url))
    except (httpcore.TimeoutException, TimeoutError):
        raise FetchFailed(Fault.TOO_SLOW, plan.host) from None
    except httpcore.ConnectError as error:
        fault = Fault.TLS if _is_about_tls(error) else Fault.UNREACHABLE
        raise FetchFailed(fault, plan.host) from None
    except (httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, UnicodeError, zlib.error):
        raise FetchFailed(Fault.ANSWER, plan.host) from None
    except (httpcore.NetworkError, OSError):
        raise FetchFailed(Fault.UNREACHABLE, plan.host) from None


def _is_about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _read(
    chunks: Iterable[bytes], headers: Mapping[str, str], size: int, deadline: float, host: str
) -> bytes:
    """The body, unpacked as it comes in, so that neither it nor what it came as is much larger than ``size``."""
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise FetchFailed(Fault.ANSWER, host)
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:19]) > size:
        raise FetchFailed(Fault.TOO_LARGE, host)
    unpacker = zlib.decompressobj(wbits=47) if coding not in {"", "identity"} else None  # zlib or gzip header
    body, received = bytearray(), 0
    for chunk in chunks:
        if time.monotonic() > deadline:
            raise FetchFailed(Fault.TOO_SLOW, host)
        received += len(chunk)
        body += chunk if unpacker is None else unpacker.decompress(chunk, size + 1 - len(body))
        # What is packed may go on for ever and come to nothing.
        is_large = received > size + _CHUNK or len(body) > size
        if is_large or (unpacker is not None and unpacker.unconsumed_tail):
            raise FetchFailed(Fault.TOO_LARGE, host)
        # Something after the end: half of an answer is none.
        if unpacker is not None and unpacker.unused_data:
            raise FetchFailed(Fault.ANSWER, host)
    if unpacker is not None and not unpacker.eof:
        raise FetchFailed(Fault.ANSWER, host)
    return bytes(body)


@cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Backend(httpcore.NetworkBackend):
    """Connects to the checked address of the planned host and to nothing else. The name stays in ``Host`` and in the
    TLS handshake, because only the socket learns of the address.
    """

    def __init__(self, plan: _Plan, deadline: float) -> None:
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
        addresses = _resolve(self._plan, _left(self._deadline, timeout))
        failed: Exception | None = None
        for address in addresses[:4]:
            try:
                stream = self._inner.connect_tcp(address, port, timeout=_left(self._deadline, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Stream(stream, self._deadline)
        raise failed or httpcore.ConnectError("no address")

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Never."""
        raise httpcore.UnsupportedProtocol("no sockets of this machine")


class _Stream(httpcore.NetworkStream):
    """A connection that ends with the deadline, however often a byte comes in."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout=_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout=_left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """httpx over our own backend."""

    def __init__(self, backend: _Backend, tls: ssl.SSLContext) -> None:
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
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=dict(answer.extensions)
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """What comes in, piece by piece."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if timeout is None else min(left, timeout)


def _resolve(plan: _Plan, seconds: float) -> list[str]:
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
