"""Devices on which a person is reached: switched on, reached, signed out, gone."""

import base64
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import select

from humasflow.accounts.services import sessions
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.secrets import encrypt
from humasflow.notifications import reaching
from humasflow.notifications.push import queries, services
from humasflow.notifications.push.models import PushDevice, PushKey
from humasflow.notifications.push.sending import Message, send_push
from humasflow.notifications.reaching import REACHES
from humasflow.notifications.routing.enums import NoticeChannel
from humasflow.outbox.handling import RetryLater
from tests.factories.world import World

pytestmark = pytest.mark.db
HELLO = Message(title="Kantor Uji", body="Menunggu persetujuan Anda: Lelang", url="/", tag="notice:1")


class Phone:
    """A browser's side: its keys, and what it can read."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)

    def subscription(self, address: str) -> services.Subscription:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return services.Subscription(address, _text(point), _text(self.secret))

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return json.loads(plain)


class PushService:
    """The service that a browser names, on loopback: takes messages, or answers with ``status``."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 201
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port


@pytest.fixture
def push_service(app: Any) -> Iterator[PushService]:
    made = PushService()
    Thread(target=made.http.serve_forever, daemon=True).start()
    app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], f"127.0.0.1:{made.port}")
    yield made
    made.http.shutdown()
    made.http.server_close()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def reached(world: World) -> set[int]:
    return set(db.session.scalars(queries.reachable(world.office.id)))


def signed_in(world: World, who: Any) -> Any:
    principal = sessions.open_session(who, device="Chrome · Android")
    db.session.commit()
    return principal


def reached_at(device: PushDevice, service: PushService) -> PushDevice:
    """The device's service is the one on loopback: only https addresses are taken, and this one has no certificate."""
    device.address = encrypt(f"http://127.0.0.1:{service.port}/penerima/1")
    db.session.commit()
    return device


def test_what_is_sent_can_be_read_by_that_device_only(
    world: World, in_request: None, push_service: PushService
) -> None:
    phone, person = Phone(), signed_in(world, world.editor)
    device = services.subscribe(person, phone.subscription("https://push.example/abc"), device="Chrome")
    reached_at(device, push_service)

    assert send_push(world.editor.id, world.office.id, HELLO, is_pressing=True) == 1

    headers, body = push_service.taken[0]
    assert phone.read(body)["body"] == HELLO.body and phone.read(body)["tag"] == "notice:1"
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "high")
    assert len(headers["topic"]) == 32 and int(headers["ttl"]) > 0
    assert HELLO.body.encode() not in body
    with pytest.raises(http_ece.ECEException):
        Phone().read(body)
    signed, key = (
        part.partition("=")[2] for part in headers["authorization"].removeprefix("vapid ").split(",")
    )
    assert key == db.session.get_one(PushKey, 1).public
    assert Vapid02.verify(f"vapid t={signed},k={key}")
    db.session.refresh(device)
    assert device.reached_at is not None and device.problem == ""


def test_the_address_is_kept_encrypted_and_the_act_recorded(world: World, in_request: None) -> None:
    address = "https://push.example/rahasia"
    device = services.subscribe(
        signed_in(world, world.editor), Phone().subscription(address), device="Firefox"
    )
    assert "rahasia" not in device.address
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None and entry.action == "notifications.push_device.added"
    assert address not in json.dumps(entry.detail)


def test_switched_on_twice_is_one_device_and_no_second_record(world: World, in_request: None) -> None:
    person, given = signed_in(world, world.editor), Phone().subscription("https://push.example/abc")
    first = services.subscribe(person, given, device="Chrome")
    again = services.subscribe(person, given, device="Chrome")
    assert first.id == again.id and len(queries.list_devices(world.editor.id)) == 1
    acts = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "notifications.push_device.added")
    ).all()
    assert len(acts) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"address": "http://push.example/abc"}, {"address": "https://push.example/" + "a" * 2000}, {"address": ""},
        {"p256dh": ""}, {"p256dh": _text(b"\x04" + b"\x01" * 64)}, {"p256dh": "'; drop"}, {"auth": "AAAA"},
        {"auth": "ñ"},
    ],
)  # fmt: skip
def test_what_no_browser_gives_out_is_refused(world: World, in_request: None, change: dict[str, str]) -> None:
    good = Phone().subscription("https://push.example/abc")
    given = services.Subscription(
        **({"address": good.address, "p256dh": good.p256dh, "auth": good.auth} | change)
    )
    with pytest.raises(UserError):
        services.subscribe(signed_in(world, world.editor), given, device="x")


def test_a_device_that_was_signed_out_shows_nothing(
    world: World, in_request: None, push_service: PushService
) -> None:
    person = signed_in(world, world.editor)
    device = services.subscribe(person, Phone().subscription("https://push.example/abc"), device="Chrome")
    reached_at(device, push_service)
    sessions.close_session(person)
    db.session.commit()
    assert reached(world) == set()
    assert send_push(world.editor.id, world.office.id, HELLO) == 0 and push_service.taken == []


def test_signing_in_again_reaches_it_again_but_not_for_somebody_else(world: World, in_request: None) -> None:
    given = Phone().subscription("https://push.example/abc")
    services.subscribe(signed_in(world, world.editor), given, device="Chrome")
    assert services.renew(signed_in(world, world.approver), given) is False
    later = signed_in(world, world.editor)
    assert services.renew(later, given) is True
    assert queries.list_devices(world.editor.id)[0].session_id == later.session_id


def test_what_was_removed_stays_removed(world: World, in_request: None) -> None:
    person, given = signed_in(world, world.editor), Phone().subscription("https://push.example/abc")
    device = services.subscribe(person, given, device="Chrome")
    with pytest.raises(NotFound):
        services.remove_device(signed_in(world, world.approver), device.id)
    services.remove_device(person, device.id)
    assert services.renew(person, given) is False
    assert queries.list_devices(world.editor.id) == []


def test_somebody_elses_browser_is_theirs_no_longer(world: World, in_request: None) -> None:
    given = Phone().subscription("https://push.example/abc")
    services.subscribe(signed_in(world, world.editor), given, device="Chrome")
    services.subscribe(signed_in(world, world.approver), given, device="Chrome")
    assert reached(world) == {world.approver.id}


def test_the_oldest_of_too_many_gives_way(world: World, in_request: None) -> None:
    person = signed_in(world, world.editor)
    for number in range(services.MOST_DEVICES + 2):
        services.subscribe(
            person, Phone().subscription(f"https://push.example/{number}"), device=f"ke-{number}"
        )
    names = [d.name for d in queries.list_devices(world.editor.id)]
    assert len(names) == services.MOST_DEVICES and "ke-0" not in names and "ke-1" not in names


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    world: World, in_request: None, push_service: PushService, status: int
) -> None:
    device = services.subscribe(
        signed_in(world, world.editor), Phone().subscription("https://push.example/a"), device="x"
    )
    reached_at(device, push_service)
    push_service.status = status
    assert send_push(world.editor.id, world.office.id, HELLO) == 0
    assert queries.list_devices(world.editor.id) == []


def test_a_service_out_of_order_is_asked_again_and_a_refusal_is_shown(
    world: World, in_request: None, push_service: PushService
) -> None:
    device = services.subscribe(
        signed_in(world, world.editor), Phone().subscription("https://push.example/a"), device="x"
    )
    reached_at(device, push_service)
    push_service.status = 503
    with pytest.raises(RetryLater):
        send_push(world.editor.id, world.office.id, HELLO)
    push_service.status = 403
    assert send_push(world.editor.id, world.office.id, HELLO) == 0
    db.session.refresh(device)
    assert device.problem == "status 403"


def test_an_address_inside_the_network_is_not_called(world: World, in_request: None) -> None:
    device = services.subscribe(
        signed_in(world, world.editor), Phone().subscription("https://10.0.0.1/x"), device="x"
    )
    db.session.commit()
    assert send_push(world.editor.id, world.office.id, HELLO) == 0
    db.session.refresh(device)
    assert device.problem == "private"


def test_devices_nobody_came_back_to_are_forgotten(world: World, in_request: None) -> None:
    person = signed_in(world, world.editor)
    services.subscribe(person, Phone().subscription("https://push.example/a"), device="x")
    sessions.close_session(person)
    assert services.forget_signed_out() == 0
    clock_was = clock.now()
    with clock.moved_to(clock_was + services.FORGOTTEN + timedelta(days=8)):
        assert services.forget_signed_out() == 1


def test_a_notice_goes_to_the_device(world: World, in_request: None, push_service: PushService) -> None:
    phone, person = Phone(), signed_in(world, world.editor)
    reached_at(
        services.subscribe(person, phone.subscription("https://push.example/abc"), device="Chrome"),
        push_service,
    )
    REACHES[NoticeChannel.PUSH].send(
        reaching.Message(
            key="delivery:7", user_id=world.editor.id, office_id=world.office.id, office_name="Kantor",
            locale="en", heading="Kantor", lines=("Satu", "Dua"), path="/pemberitahuan/", is_pressing=False,
        )
    )  # fmt: skip
    assert phone.read(push_service.taken[0][1]) == {
        "title": "Kantor", "body": "Satu\nDua", "url": "/pemberitahuan/", "tag": "delivery:7", "lang": "en",
    }  # fmt: skip
