"""Whether a request was made on the very machine the product runs on.

The set-up wizard and the sign-ins of a sample office open without any secret for such a request only. Every sign of a
proxy in between counts against it, because behind a proxy everybody seems to come from this machine.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, current_app

# What proxies add. Their presence is enough, whatever they say.
_FORWARDING = frozenset({
    "forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "x-original-url", "cf-connecting-ip",
    "true-client-ip",
})  # fmt: skip


def _is_loopback_address(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_loopback_host(host: str) -> bool:
    """A name or address that means "this machine" in a browser; a port is ignored."""
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or _is_loopback_address(name)


def _is_served_to_others() -> bool:
    """Whether the installation says itself that people reach it from elsewhere."""
    public = current_app.config["PUBLIC_URL"]
    return bool(current_app.config["TRUSTED_PROXIES"]) or (
        bool(public) and not _is_loopback_host(urlsplit(public).netloc)
    )


def _came_through_a_proxy(request: Request) -> bool:
    # The default of many a proxy is to speak HTTP/1.0 and to add nothing at all; no browser has done so for decades.
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return True
    names = (name.lower() for name, _value in request.headers)
    return any(name in _FORWARDING or name.startswith("x-forwarded") for name in names)


def is_local_request(request: Request) -> bool:
    """Whether both ends are this machine and nothing stood in between."""
    if _is_served_to_others() or _came_through_a_proxy(request):
        return False
    origin = request.headers.get("Origin", "")
    try:
        # A name of the attacker's that points at 127.0.0.1 (DNS rebinding) stops here.
        here = _is_loopback_host(request.host)
        from_here = origin in ("", "null") or _is_loopback_host(urlsplit(origin).netloc)
    except ValueError:
        return False
    return here and from_here and _is_loopback_address(request.remote_addr or "")
