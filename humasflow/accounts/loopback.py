"""Whether a request was made on the very machine the product runs on.

The set-up wizard and the sign-ins of a sample office open without any secret for such a request only. Every sign of a
proxy in between counts against it, because behind a proxy everybody seems to come from this machine.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, current_app

# What proxies add. Their presence is enough, whatever they say.
_FORWARDING = (
    "Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Original-Host", "X-Original-Url", "Cf-Connecting-Ip",
    "True-Client-Ip",
)  # fmt: skip


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


def is_local_request(request: Request) -> bool:
    """Whether both ends are this machine and nothing stood in between."""
    if current_app.config["TRUSTED_PROXIES"]:
        return False  # the installation says itself that it is served to others
    public = current_app.config["PUBLIC_URL"]
    if public and not _is_loopback_host(urlsplit(public).netloc):
        return False
    # The default of many a proxy is to speak HTTP/1.0 and to add nothing at all; no browser has done so for decades.
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return False
    if any(name in request.headers for name in _FORWARDING):
        return False
    if any(name.lower().startswith("x-forwarded") for name in request.headers.keys()):  # noqa: SIM118  # not a dict
        return False
    try:
        if not _is_loopback_host(request.host):
            return False  # a name of the attacker's that points at 127.0.0.1 (DNS rebinding) stops here
        origin = request.headers.get("Origin", "")
        if origin and origin != "null" and not _is_loopback_host(urlsplit(origin).netloc):
            return False
    except ValueError:
        return False
    return _is_loopback_address(request.remote_addr or "")
