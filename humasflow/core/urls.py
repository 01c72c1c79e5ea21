"""Addresses: one canonical form for counting a publication once, and safety of a redirect target.

The canonical form is a *key*, not a link to show: it leaves out everything that differs between two copies of the
address of one publication (tracking parameters, mobile hosts, the handle in an X address, which X itself ignores).
The address as a person recorded it is kept beside it. Pure: nothing is fetched.
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

MAX_URL_LENGTH = 2048

_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "__cft__", "__tn__", "__xts__", "ga_")
# fmt: off
_TRACKING = {
    "_ga", "_gl", "_hsenc", "_hsmi", "dclid", "epik", "fbclid", "fb_action_ids", "fb_action_types",
    "fb_ref", "fb_source", "gad_source", "gbraid", "gclid", "gclsrc", "igsh", "igshid", "li_fat_id",
    "mc_cid", "mc_eid", "mibextid", "mkt_tok", "msclkid", "ref_src", "ref_url", "rdid", "s_cid",
    "share_app_id", "share_id", "share_link_id", "share_url", "sfnsn", "spm", "srsltid", "ttclid",
    "twclid", "wbraid", "yclid",
}
# fmt: on
_FRONT_HOSTS = ("www.", "m.", "mobile.", "web.")
# Second-level names under which Indonesian domains are registered: "web.go.id" is a site, "go.id" is not.
# fmt: off
_SHARED_SUFFIXES = {
    "ac.id", "biz.id", "co.id", "desa.id", "go.id", "kop.id", "mil.id", "my.id", "net.id", "or.id",
    "ponpes.id", "sch.id", "web.id",
}
# fmt: on
_DEFAULT_PORTS = {80, 443}
_CONTROL_OR_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_SCHEMELESS = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?([/?#].*)?")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"


class NotHttpUrl(ValueError):
    """The text is not the address of a web page."""


def is_http_url(url: str) -> bool:
    """Whether this is an absolute http(s) address that may be stored and linked.

    Refused: other schemes, white space or control characters, a name or password before the host (a classic
    disguise), a host that is none, more than MAX_URL_LENGTH characters.
    """
    return len(url) <= MAX_URL_LENGTH and _split(url) is not None


def host_of(url: str) -> str:
    """The host in lower case, ASCII form, as written (``www.`` kept). Raises NotHttpUrl."""
    parts = _split(url)
    if parts is None:
        raise NotHttpUrl(url[:80])
    return _ascii_host(parts)


def canonical_url(url: str) -> str:
    """The key under which one publication is counted once; applying it twice changes nothing.

    An address pasted without ``https://`` is accepted. Raises NotHttpUrl.
    """
    text = url.strip()
    if "://" not in text and _SCHEMELESS.fullmatch(text):
        text = f"https://{text}"
    parts = _split(text)
    if parts is None:
        raise NotHttpUrl(url[:80])
    host = _plain_host(_ascii_host(parts))
    port = parts.port
    path = _plain_path(parts.path)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking(name)
    ]
    if port is None or port in _DEFAULT_PORTS:
        host, path, query = _platform_form(host, path, query)
    else:
        host = f"{host}:{port}"
    tail = f"?{urlencode(sorted(query))}" if query else ""
    return f"https://{host}{path}{tail}"


def safe_local_target(next_url: str | None) -> str | None:
    """``next_url`` if following it stays on this site, otherwise None.

    Only a path of our own passes: one leading slash, no host, no backslash (browsers read it as a slash), no
    control character. The caller falls back to its own page.
    """
    if not next_url or len(next_url) > MAX_URL_LENGTH:
        return None
    if not next_url.startswith("/") or "\\" in next_url or _CONTROL_OR_SPACE.search(next_url):
        return None
    path = re.split(r"[?#]", next_url, maxsplit=1)[0]
    # "//host" is another site; "/.//host" and "/%2F/host" become it in one careless join further along.
    if "//" in _PERCENT.sub(lambda m: "/" if m[1].upper() in {"2F", "5C"} else m[0], path):
        return None
    try:
        parts = urlsplit(next_url)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else next_url


def _split(url: str) -> SplitResult | None:
    """The parts of a well-formed http(s) address, or None."""
    if _CONTROL_OR_SPACE.search(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number or too large
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return None
        _ascii_host(parts)
    except ValueError:
        return None
    return parts


def _ascii_host(parts: SplitResult) -> str:
    """Lower-case ASCII host; IPv6 in brackets. Raises ValueError (UnicodeError is one) for an impossible host."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError("not a host name")
    return host


def _plain_host(host: str) -> str:
    """Without the names that only choose a front: ``www.``, ``m.``, ``mobile.``, ``web.``."""
    changed = True
    while changed:
        changed = False
        for front in _FRONT_HOSTS:
            rest = host.removeprefix(front)
            if rest != host and "." in rest and rest not in _SHARED_SUFFIXES and not rest[-1].isdigit():
                host, changed = rest, True
    return host


def _plain_path(path: str) -> str:
    """Percent-encoding normalised, dot segments resolved, repeated and trailing slashes removed; root is empty."""

    def normal(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    # A per cent sign that starts no escape is text and is escaped itself, otherwise a second pass would read it anew.
    escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    encoded = quote(_PERCENT.sub(normal, escaped), safe=_PATH_SAFE)
    segments: list[str] = []
    for segment in encoded.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return "".join(f"/{segment}" for segment in segments)


def _is_tracking(name: str) -> bool:
    lowered = name.lower()
    return lowered in _TRACKING or lowered.startswith(_TRACKING_PREFIXES)


# What is known of the platforms' own addresses. Each rule: hosts → one host, path and the parameters that matter.

Query = list[tuple[str, str]]

_FACEBOOK_KEYS = {"story_fbid", "id", "fbid", "v", "multi_permalinks"}
_FACEBOOK_FRONT = re.compile(r"(mbasic|touch|lite|free|[a-z]{2}-[a-z]{2})\.facebook\.com")
_FACEBOOK_NAMED = re.compile(r"/([^/]+)/(posts|videos|photos|reels)(/.*)?")
_INSTAGRAM_POST = re.compile(r"(?:/[^/]+)?/(?:p|reel|reels|tv)/([A-Za-z0-9_-]+)(?:/embed)?", re.ASCII)
_X_STATUS = re.compile(r"/(?:i/web|[A-Za-z0-9_]+)/status(?:es)?/([0-9]+)(?:/.*)?", re.ASCII)
_YOUTUBE_VIDEO = re.compile(r"/(?:shorts|live|embed|v)/([A-Za-z0-9_-]+)", re.ASCII)
_HANDLE_FIRST = re.compile(r"/@[^/]+")


def _platform_form(host: str, path: str, query: Query) -> tuple[str, str, Query]:
    if host in {"fb.com", "facebook.com"} or _FACEBOOK_FRONT.fullmatch(host):
        return _facebook(path, query)
    if host in {"instagram.com", "instagr.am"}:
        post = _INSTAGRAM_POST.fullmatch(path)
        return "instagram.com", f"/p/{post[1]}" if post else path, []
    if host in {"twitter.com", "x.com"}:
        status = _X_STATUS.fullmatch(path)
        return "x.com", f"/i/status/{status[1]}" if status else path.lower(), []
    if host in {"youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com"}:
        return _youtube(host, path, query)
    if host in {"threads.net", "threads.com"}:
        return "threads.com", _lower_handle(path), []
    if host == "tiktok.com":
        return host, _lower_handle(path), []
    if host in {"t.me", "telegram.me", "telegram.dog"}:
        return "t.me", re.sub(r"^/s(?=/)", "", path), []
    return host, path, query


def _facebook(path: str, query: Query) -> tuple[str, str, Query]:
    path = {"/story.php": "/permalink.php", "/photo": "/photo.php"}.get(path, path)
    named = _FACEBOOK_NAMED.fullmatch(path)
    if named:
        path = f"/{named[1].lower()}/{named[2]}{named[3] or ''}"
    return "facebook.com", path, [(name, value) for name, value in query if name in _FACEBOOK_KEYS]


def _youtube(host: str, path: str, query: Query) -> tuple[str, str, Query]:
    if host == "youtu.be" and re.fullmatch(r"/[A-Za-z0-9_-]+", path):
        return "youtube.com", "/watch", [("v", path[1:])]
    video = _YOUTUBE_VIDEO.fullmatch(path)
    if video:
        return "youtube.com", "/watch", [("v", video[1])]
    wanted = {"/watch": "v", "/playlist": "list", "/post": "lb"}.get(path)
    return "youtube.com", path, [(name, value) for name, value in query if name == wanted][:1]


def _lower_handle(path: str) -> str:
    return _HANDLE_FIRST.sub(lambda match: match[0].lower(), path, count=1)
