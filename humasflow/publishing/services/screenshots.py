"""A picture of a public page as a reader sees it, drawn by a headless Chromium of the server where it has one.

The page's own scripts run, so the browser is a stranger in our network: a fresh profile each time, an environment
without our settings, every connection through :mod:`humasflow.core.outbound_proxy`, one limit of time for everything.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from humasflow.channels.reaching import call_timeout
from humasflow.core.outbound_proxy import Budget, OutboundProxy
from humasflow.core.urls import NotHttpUrl, host_of
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.looking import is_wall

log = structlog.get_logger(__name__)

PICTURE = "publishing.picture"
TRIES = 3
SIZE = (1280, 1600)  # pixels: the head of a page, its text and its picture
MAX_BYTES = 15_000_000
MAX_RECORD = 60_000_000  # bytes of the browser's own record of its requests
_ROOT = 0
_ENDING = 2.0  # seconds between the end of the network and the end of the browser
# Nothing besides the page: no updates, no first-run pages, no names asked past the proxy, no datagrams around it.
_QUIET = (
    "--headless=new", "--disable-gpu", "--hide-scrollbars", "--mute-audio", "--no-first-run", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-component-update", "--disable-breakpad",
    "--disable-background-networking", "--disable-client-side-phishing-detection", "--no-pings", "--disable-quic",
    "--disable-dev-shm-usage", "--deny-permission-prompts", "--lang=id-ID",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",  # what is on this machine goes through the proxy too, and is refused there
    "--virtual-time-budget=8000",  # milliseconds of the page's own clock; waiting for the network stops it
)  # fmt: skip


def ask_for_picture(delivery: Delivery) -> None:
    """Have the page of a live post drawn as it stands now, if the server can; by a job of its own, one at a time: a
    browser is large. Flushes.
    """
    if can_draw():
        outbox.enqueue(
            PICTURE, delivery.id, office_id=delivery.office_id, key=picture_key(delivery), max_attempts=TRIES,
            lane="pictures", priority=Priority.BACKGROUND,
        )  # fmt: skip


def picture_key(delivery: Delivery) -> str:
    """One job for everything that it has ever shown."""
    return f"picture:{delivery.id}:{(delivery.payload_sha256 or '')[:32]}"


def can_draw() -> bool:
    """Whether the server has a browser for it, and would run it behind its sandbox."""
    return browser_path() is not None


def browser_path() -> Path | None:
    """The browser named in the settings, if it is there and this process may start it."""
    named = current_app.config["CHROMIUM"]
    if not named or not os.access(named, os.X_OK):
        return None
    if os.geteuid() == _ROOT and not current_app.config["CHROMIUM_AS_ROOT"]:
        _say_why_not()
        return None
    return Path(named)


@cache
def _say_why_not() -> None:
    """Once a process."""
    log.warning("no page is drawn: as root the browser has no sandbox; run the worker as an ordinary user")


def draw(url: str, *, allowed: Collection[str] = ()) -> bytes | None:
    """The page as a PNG of SIZE; None where that cannot be had: no browser, too slow, too large, no answer but
    an error, a page for signing in.

    ``allowed``: hosts of our own network that it may ask, as "name" or "name:port". Takes up to :func:`call_timeout`
    seconds; must not run while a transaction holds the database. Never raises for what the page does.
    """
    browser = browser_path()
    if browser is None:
        return None
    try:
        host = host_of(url)
    except NotHttpUrl:
        return None
    seconds = call_timeout()
    with (
        tempfile.TemporaryDirectory(prefix="humasflow-drawing-", ignore_cleanup_errors=True) as folder,
        OutboundProxy(allowed=allowed, budget=Budget(seconds=seconds)) as proxy,
    ):
        target, record = Path(folder) / "page.png", Path(folder) / "requests.json"
        if not _run(_command(browser, url, target, record, proxy.address), folder, seconds + _ENDING):
            log.info("page not drawn", host=host)
            return None
        if not _shows(url, record):
            log.info("page not drawn", host=host, shown=False)
            return None
        return _read(target)


def _shows(url: str, record: Path) -> bool:
    """Whether what was drawn is the page. The browser draws its own page about a failed connection or a certificate,
    a server's page about a fault, and the page that a stranger is sent to for signing in, all alike; but it writes down
    what it asked for and how that was answered.
    """
    last, status = _last_page(record)
    return status == 200 and last is not None and not is_wall(last, url)


def _last_page(record: Path) -> tuple[str | None, int | None]:
    """Address and status of the document that stands in the window in the end; None: there is none, or no answer."""
    if not record.is_file() or record.stat().st_size > MAX_RECORD:
        return None, None
    try:
        told = json.loads(record.read_bytes())
        names = {number: name for name, number in told["constants"]["logEventTypes"].items()}
        events = [(names.get(e["type"], ""), e["source"]["id"], e.get("params", {})) for e in told["events"]]
    except (ValueError, KeyError, TypeError):  # cut off, or of a browser that writes it differently
        return None, None
    source: Any = None
    url: str | None = None
    status: int | None = None
    for name, ident, params in events:
        if name == "URL_REQUEST_START_JOB" and params.get("request_type") == "main frame":
            source, url, status = ident, str(params.get("url", "")), None
        elif name == "HTTP_TRANSACTION_READ_RESPONSE_HEADERS" and ident == source:
            status = _status_in(params)
    return url, status


def _status_in(params: dict[str, Any]) -> int | None:
    """Of "HTTP/1.1 200 OK", the first line of the headers."""
    first = next(iter(params.get("headers", ())), "")
    code = str(first).split(" ")[1:2]
    return int(code[0]) if code and code[0].isdigit() else None


def _command(browser: Path, url: str, target: Path, record: Path, proxy: str) -> list[str]:
    command = [
        str(browser), *_QUIET, f"--user-data-dir={target.parent / 'profile'}", f"--proxy-server={proxy}",
        f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={target}", f"--log-net-log={record}",
    ]  # fmt: skip
    if os.geteuid() == _ROOT:  # Chromium refuses to start otherwise
        command.append("--no-sandbox")
    return [*command, "--", url]


def _run(command: list[str], folder: str, seconds: float) -> bool:
    """Start it in a group of its own and end the whole group, however it went."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "TZ": "UTC"}
    try:
        process = subprocess.Popen(  # noqa: S603 - the browser of the settings; the address comes after "--"
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        log.warning("browser does not start", error=type(error).__name__)
        return False
    try:
        return process.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # the whole group may have gone by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(target: Path) -> bytes | None:
    if not target.is_file() or target.stat().st_size > MAX_BYTES:
        return None
    return target.read_bytes()
