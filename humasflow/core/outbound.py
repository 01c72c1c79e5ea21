"""The one way out: every request to another server goes through :func:`fetch` or, where each answer counts, also a
refusal, through :func:`exchange`.

Addresses come from people, so a server asked for may be one that only we can reach (server-side request forgery), may
lead there by a redirect or by a name that means something else a second later, may answer without end, a byte a minute
or with a compressed bomb. So: names are resolved here, once, and the connection goes to the very address that was
checked; each redirect is planned anew; time and size have hard limits; nothing is read from the environment.

What an address carries after its host may be a secret: neither a log line nor a message shows it.
"""

import logging
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin

import httpcore
import httpx
import structlog
from flask import current_app

from humasflow.core.outbound_addresses import is_public
from humasflow.core.outbound_faults import Fault, FetchFailed
from humasflow.core.outbound_transport import Backend, Plan, Transport, plan_request

__all__ = ["Answer", "Fault", "FetchFailed", "Limits", "exchange", "fetch", "is_public"]

log = structlog.get_logger(__name__)

# Both would print whole addresses.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

MAX_REDIRECTS = 3
USER_AGENT = "humasflow"
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
    """What came back. From ``fetch`` a success (2xx) or "not modified" (304), from ``exchange`` any status. ``url`` is
    where it was found in the end.
    """

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
    at, plan = url, plan_request(url, allowed)
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
        onward = plan_request(following, allowed)
        if onward.origin != plan.origin:
            sent = {}
        at, plan = following, onward
    raise FetchFailed(Fault.REDIRECTS, plan.host)


def exchange(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | Iterable[bytes] | None = None,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """One request, one answer, whatever its status: for programs that talk to a program. Follows no redirect.

    ``content`` in pieces needs a ``Content-Length`` among the ``headers``. Needs an application context; must not run
    while a transaction holds the database. Raises FetchFailed; its ``sent`` tells whether the other side may have
    read the request, which is what decides if it may be made again.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.total
    plan = plan_request(url, frozenset(current_app.config.get("OUTBOUND_PRIVATE_HOSTS", ())))
    try:
        return _unmoved(
            _ask(plan, method, headers or {}, content, limits, deadline, tls or _authorities()), plan
        )
    except FetchFailed as failed:
        failed.sent = plan.progress.has_begun
        log.info("outbound request failed", host=plan.host, fault=failed.fault.value, sent=failed.sent)
        raise


def _unmoved(answer: Answer, plan: Plan) -> Answer:
    # Without an address it is none: resumable uploads say "go on" with a bare 308.
    if answer.status in _REDIRECTS and answer.headers.get("location"):
        raise FetchFailed(Fault.REDIRECTS, plan.host, status_code=answer.status)
    return answer


def _judged(answer: Answer, host: str) -> Answer:
    if 200 <= answer.status < 300 or answer.status == 304:
        return answer
    fault = {401: Fault.DENIED, 403: Fault.DENIED, 404: Fault.GONE, 410: Fault.GONE}.get(
        answer.status, Fault.STATUS
    )
    failed = FetchFailed(fault, host, status_code=answer.status)
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        failed.retry_after = int(asked[:9])
    raise failed


def _ask(
    plan: Plan, method: str, headers: Mapping[str, str], content: bytes | Iterable[bytes] | None, limits: Limits,
    deadline: float, tls: ssl.SSLContext,
) -> Answer:  # fmt: skip
    """One request, one connection. Raises FetchFailed."""
    transport = Transport(Backend(plan, deadline), tls)
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
