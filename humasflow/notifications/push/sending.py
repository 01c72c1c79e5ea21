"""One message to the devices of a person: encrypted for each, signed, handed to the service its browser named.

A message may be sent twice by a worker that died in between: it carries a topic, under which a service keeps one
message only, and a tag, under which a device shows one only.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlsplit

import http_ece
import structlog
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from py_vapid import Vapid02

from humasflow.core import clock, outbound
from humasflow.core.db import db
from humasflow.core.outbound_faults import Fault, FetchFailed
from humasflow.core.secrets import decrypt
from humasflow.notifications.models import MailSettings
from humasflow.notifications.push import queries, services
from humasflow.notifications.push.models import PushDevice
from humasflow.outbox.handling import RetryLater

log = structlog.get_logger(__name__)

KEEP: Final = 24 * 3600  # seconds that a service keeps it for a device that is off
SIGNED_FOR: Final = 12 * 3600  # seconds; a service accepts at most a day
GONE: Final = frozenset({404, 410})
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
NEVER: Final = frozenset({"", Fault.PRIVATE.value, Fault.ADDRESS.value})  # asking again changes nothing
LIMITS: Final = outbound.Limits(connect=5, read=10, total=15, size=20_000)
MOST_TEXT: Final = 300  # characters; a service carries 4 KB


@dataclass(frozen=True)
class Message:
    """What a device shows. ``tag`` names the fact; ``url`` is a path of this installation."""

    title: str
    body: str
    url: str
    tag: str
    lang: str = "id"


@dataclass(frozen=True)
class _Call:
    device_id: int
    address: str
    headers: dict[str, str]
    content: bytes


def send_push(user_id: int, office_id: int, message: Message, *, is_pressing: bool = False) -> int:
    """Send to every device of a person. Commits, before the first call too. Returns how many services took it.

    Devices that no longer exist are forgotten. Raises RetryLater when a service is out of order and none took it.
    """
    devices = queries.list_devices(user_id)
    calls = _prepare(devices, office_id, message, is_pressing=is_pressing)
    db.session.commit()
    taken, busy = 0, ""
    for call in calls:
        problem = _send(call)
        taken += not problem
        busy = busy or (problem if _may_pass(problem) else "")
        _note(call.device_id, problem)
    if busy and not taken:
        raise RetryLater(f"push service: {busy}")
    return taken


def _prepare(
    devices: Sequence[PushDevice], office_id: int, message: Message, *, is_pressing: bool
) -> list[_Call]:
    if not devices:
        return []
    content = json.dumps(
        {**asdict(message), "body": message.body[:MOST_TEXT], "title": message.title[:MOST_TEXT]}
    )
    key, contact, calls = services.signer(), _contact(office_id), []
    topic = base64.urlsafe_b64encode(hashlib.sha256(message.tag.encode()).digest()[:24]).decode()
    for device in devices:
        address = decrypt(device.address)
        sealed = http_ece.encrypt(
            content.encode(), private_key=ec.generate_private_key(ec.SECP256R1(), default_backend()),
            dh=_bytes(device.p256dh), auth_secret=_bytes(device.auth), version="aes128gcm",
        )  # fmt: skip
        headers = {
            "Content-Type": "application/octet-stream", "Content-Encoding": "aes128gcm", "TTL": str(KEEP),
            "Urgency": "high" if is_pressing else "normal", "Topic": topic,
            "Authorization": _authorization(key, address, contact),
        }  # fmt: skip
        calls.append(_Call(device.id, address, headers, sealed))
    return calls


def _authorization(key: Vapid02, address: str, contact: str) -> str:
    parts = urlsplit(address)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}", "exp": int(clock.now().timestamp()) + SIGNED_FOR, "sub": contact,
    }  # fmt: skip
    return str(key.sign(claims)["Authorization"])


def _contact(office_id: int) -> str:
    """Whom a service may write to about us: it is required, and need not exist."""
    public = str(current_app.config["PUBLIC_URL"])
    settings = db.session.get(MailSettings, office_id)
    if settings is not None:
        return f"mailto:{settings.from_address}"
    return public if public.startswith("https://") else "mailto:admin@localhost.localdomain"


def _send(call: _Call) -> str:
    """What was wrong: a fault, ``status 410``, or nothing."""
    try:
        answer = outbound.exchange(
            call.address, method="POST", headers=call.headers, content=call.content, limits=LIMITS
        )
    except FetchFailed as failed:
        return failed.fault.value
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"


def _may_pass(problem: str) -> bool:
    status = problem.removeprefix("status ")
    return int(status) in LATER if status.isdigit() else problem not in NEVER


def _note(device_id: int, problem: str) -> None:
    """What became of it, on the device as it is now: it may have been removed meanwhile. Commits."""
    device = db.session.get(PushDevice, device_id)
    if device is not None:
        status = problem.removeprefix("status ")
        if status.isdigit() and int(status) in GONE:
            db.session.delete(device)
        else:
            device.problem = problem
            device.reached_at = device.reached_at if problem else clock.now()
    if problem:
        log.info("push not taken", device=device_id, problem=problem)
    db.session.commit()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
