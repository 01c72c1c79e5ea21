"""Where a portal's REST API is, from whatever address a person had at hand.

People paste the address of the admin pages, of a story, of a site that lives in a folder, or a bare name. The password
is not sent while looking; it is sent only to where this ends: the same site, and never from https to http.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from humasflow.channels.adapters.errors import (
    AdapterError,
    Forbidden,
    Invalid,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import AnswerLost, Http, HttpAnswer, NotReached
from humasflow.channels.adapters.wordpress.refusals import code_of, refusal
from humasflow.core.urls import is_http_url

TIMEOUT: Final = 5.0  # seconds for one look
PATIENCE: Final = 20.0  # seconds for all of them
_LONGEST: Final = 3  # folders above a pasted address that are looked at
_INDEX_BYTES: Final = 4_000_000  # the index of a portal with many plugins names thousands of routes
_OWN_PATHS: Final = re.compile(
    r"/(?:wp-admin|wp-login\.php|wp-json|wp-content|wp-includes|xmlrpc\.php|index\.php)(?:/.*)?$",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"<([^<>\s]+)>\s*;\s*rel=[\"']?https://api\.w\.org/[\"']?")
_NEVER_PASSES: Final = frozenset({"redirects", "too_large", "answer"})
_THE_SAME_AGAIN: Final = frozenset({"too_slow", "too_large"})  # whatever else is asked of that server


@dataclass(frozen=True, slots=True)
class Root:
    """``url`` without a slash at its end; ``index`` is what the portal tells of itself there, empty where it tells
    nothing to people who are not signed in.
    """

    url: str
    index: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The portal's title."""
        return str(self.index.get("name") or "")

    @property
    def home(self) -> str:
        """The address of its front page; empty where it tells none."""
        home = str(self.index.get("home") or self.index.get("url") or "")
        return home if is_http_url(home) else ""

    @property
    def refuses_passwords(self) -> bool:
        """Whether it surely offers no passwords for applications: over plain http, or because a plugin forbids them."""
        offered = self.index.get("authentication")
        return bool(self.index) and not (isinstance(offered, dict) and "application-passwords" in offered)


def find_root(http: Http, address: str) -> Root:
    """Look for the REST API. Raises Invalid (no address), Unsupported (no WordPress, or one whose API is closed),
    Forbidden (something in front of it refuses), Transient (not reached: its detail is the reason).
    """
    sites = sites_of(address)
    if not sites:
        raise Invalid("address")
    search = _Search(http)
    for site in sites:
        found = search.at(site)
        if found is not None:
            return found
    raise search.why()


def sites_of(address: str) -> list[str]:
    """The addresses a portal may have, best first, without a slash at the end; empty when it is no address."""
    text = address.strip()
    if "://" not in text:
        text = f"https://{text.lstrip('/')}"
    if not is_http_url(text):
        return []
    parts = urlsplit(text)
    path = _OWN_PATHS.sub("", parts.path).rstrip("/")
    paths = list(_upwards(path))[:_LONGEST]
    hosts = [parts.netloc]
    if parts.port is None and not re.fullmatch(r"[0-9.]+|\[.*\]|localhost", parts.netloc):
        hosts.append(parts.netloc[4:] if parts.netloc.lower().startswith("www.") else f"www.{parts.netloc}")
    # A password in plain http is a last resort, and never where https was asked for.
    schemes = ["https"] if parts.scheme == "https" else ["https", "http"]
    if parts.port is not None:
        schemes = [parts.scheme]
    return [f"{scheme}://{host}{path}" for scheme in schemes for host in hosts for path in paths]


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
    yield ""


class _Search:
    """One search, with what went wrong on its way: the first reason is the one that a person can mend. A person is
    waiting, so it ends after a while, however many addresses are left.
    """

    def __init__(self, http: Http) -> None:
        self._http = http
        self._ends = monotonic() + PATIENCE
        self._useless: set[str] = set()  # origins that fail the same way whatever they are asked
        self._unreached: dict[str, str] = {}  # origin → reason
        self._lost: list[str] = []
        self._closed: AdapterError | None = None

    def at(self, site: str) -> Root | None:
        """The API of a site that may or may not be one."""
        origin = "://".join(urlsplit(site)[:2])
        if origin in self._useless:
            return None
        for url in (f"{site}/wp-json", f"{site}/?rest_route="):
            found = self._index(url, origin)
            if found is not None:
                return found
            if origin in self._useless:
                return None
        told = self._announced(site, origin)
        return self._index(told, origin) if told else None

    def why(self) -> AdapterError:
        """The reason for having found nothing."""
        if self._closed is not None:
            return self._closed
        passing = [reason for reason in self._lost if reason not in _NEVER_PASSES]
        if passing:
            return Transient(passing[0])
        if "redirects" in self._lost:
            return Transient("redirects")
        if self._unreached and not self._lost:
            return Transient(next(iter(self._unreached.values())))
        return Unsupported("not_wordpress")

    def _index(self, url: str, origin: str) -> Root | None:
        answer = self._ask("GET", f"{url}/", origin)
        if answer is None:
            return None
        if not answer.is_ok:
            if answer.status in {401, 403} and code_of(answer).startswith("rest_"):
                return Root(url)  # it is the API that says so: it is here, for members only
            self._note_refusal(answer)
            return None
        index = answer.object()
        spaces = index.get("namespaces")
        if not isinstance(spaces, list):
            self._lost.append("answer")
            return None
        if "wp/v2" not in spaces:
            self._closed = self._closed or Unsupported("rest_closed")
            return None
        return Root(url, index)

    def _note_refusal(self, answer: HttpAnswer) -> None:
        code, meant = code_of(answer), refusal(answer)
        # A portal that fails for a while, or is asked too often, has closed nothing.
        passes = isinstance(meant, Transient | RateLimited) and (answer.status >= 429 or bool(code))
        if code and code != "rest_no_route" and not passes:
            self._closed = self._closed or Forbidden(code)
        self._lost.append(f"status {answer.status}" if passes else "answer")

    def _announced(self, site: str, origin: str) -> str:
        """Where the front page says that the API is (a portal may have moved it)."""
        answer = self._ask("HEAD", f"{site}/", origin)
        link = _LINK.search(answer.headers.get("link", "")) if answer is not None else None
        if link is None or not _is_same_site(site, link[1]):
            return ""
        return link[1].rstrip("/")

    def _ask(self, method: str, url: str, origin: str) -> HttpAnswer | None:
        left = self._ends - monotonic()
        if left <= 0:
            self._useless.add(origin)
            self._lost.append("too_slow")
            return None
        try:
            return self._http(
                method, url, headers={"Accept": "application/json"}, timeout=min(TIMEOUT, left),
                max_bytes=_INDEX_BYTES,
            )  # fmt: skip
        except NotReached as never:
            self._unreached[origin] = never.reason
            self._useless.add(origin)
        except AnswerLost as lost:
            self._lost.append(lost.reason)
            if lost.reason in _THE_SAME_AGAIN:
                self._useless.add(origin)
        return None


def _is_same_site(site: str, told: str) -> bool:
    if not is_http_url(told):
        return False
    ours, theirs = urlsplit(site), urlsplit(told)
    if ours.scheme == "https" and theirs.scheme != "https":
        return False
    return ours.netloc.lower().removeprefix("www.") == theirs.netloc.lower().removeprefix("www.")
