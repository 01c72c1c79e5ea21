"""The office's bot against a stand-in of the Bot API on loopback that answers as Telegram documents it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.notifications import reaching
from humasflow.notifications.routing.enums import NoticeChannel
from humasflow.notifications.telegram import bot as talking
from humasflow.notifications.telegram import queries, services
from humasflow.notifications.telegram.enums import BotFault, MessageState
from humasflow.notifications.telegram.models import TelegramChat, TelegramMessage
from humasflow.outbox.handling import RetryLater
from tests.factories.world import World

pytestmark = pytest.mark.db
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
CHAT = 7_000_000_001


class Telegram:
    """What a bot meets: updates to hear, messages said, refusals by method."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.number = 100
        self.said: list[dict[str, Any]] = []
        self.refusals: dict[str, tuple[int, str]] = {}
        self.asked: list[str] = []
        telegram = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                values = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                method = self.path.rpartition("/")[2]
                telegram.asked.append(method)
                status, answer = telegram.answer(method, values)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port

    def answer(self, method: str, values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method in self.refusals:
            status, words = self.refusals[method]
            return status, {"ok": False, "error_code": status, "description": words}
        if method == "getMe":
            return 200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "kabar_bot"}}
        if method == "getUpdates":
            self.updates = [u for u in self.updates if u["update_id"] >= values.get("offset", 0)]
            return 200, {"ok": True, "result": self.updates[: values["limit"]]}
        self.said.append(values)
        return 200, {"ok": True, "result": {"message_id": len(self.said)}}

    def write(self, text: str, *, chat: int = CHAT, kind: str = "private") -> None:
        self.number += 1
        self.updates.append(
            {"update_id": self.number, "message": {"chat": {"id": chat, "type": kind}, "text": text}}
        )

    def membership(self, status: str) -> None:
        self.number += 1
        member = {"chat": {"id": CHAT, "type": "private"}, "new_chat_member": {"status": status}}
        self.updates.append({"update_id": self.number, "my_chat_member": member})


@pytest.fixture
def telegram(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
    made = Telegram()
    Thread(target=made.http.serve_forever, daemon=True).start()
    app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], f"127.0.0.1:{made.port}")
    monkeypatch.setattr(talking, "API", f"http://127.0.0.1:{made.port}")
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def running(world: World, in_request: None, telegram: Telegram) -> Telegram:
    """The office has a bot that works."""
    services.save_bot(world.office, TOKEN, actor=world.as_(world.admin))
    db.session.commit()
    talking.check_bot(str(world.office.id))
    return telegram


def reached(world: World) -> set[int]:
    return set(db.session.scalars(queries.reachable(world.office.id)))


def linked(world: World, telegram: Telegram) -> TelegramChat:
    code = services.invite(world.as_(world.editor))
    db.session.commit()
    telegram.write(f"/start {code}")
    talking.listen()
    found = queries.get_chat(world.office.id, world.editor.id)
    assert found is not None
    return found


def say_all() -> None:
    for message_id in db.session.scalars(select(TelegramMessage.id).order_by(TelegramMessage.id)).all():
        talking.say(str(message_id))


def test_a_token_is_kept_encrypted_and_proved(world: World, running: Telegram) -> None:
    bot = queries.get_bot(world.office.id)
    assert bot is not None and bot.username == "kabar_bot" and bot.fault is None
    assert TOKEN not in bot.token_encrypted
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()
    assert TOKEN not in json.dumps([e.detail for e in entries])


@pytest.mark.parametrize("token", ["", "abc", "123:short", "123456789:" + "A" * 35 + "/getMe"])
def test_what_is_no_token_is_refused_before_anybody_is_asked(
    world: World, in_request: None, telegram: Telegram, token: str
) -> None:
    with pytest.raises(UserError):
        services.save_bot(world.office, token, actor=world.as_(world.admin))
    assert telegram.asked == []


def test_only_who_manages_the_office_sets_the_bot(world: World, in_request: None) -> None:
    with pytest.raises(NotAllowed):
        services.save_bot(world.office, TOKEN, actor=world.as_(world.editor))
    with pytest.raises(NotAllowed):
        services.remove_bot(world.office, actor=world.as_(world.editor))


@pytest.mark.parametrize(
    ("method", "refusal", "fault"),
    [
        ("getMe", (401, "Unauthorized"), BotFault.TOKEN),
        ("getUpdates", (409, "Conflict: terminated by other getUpdates request"), BotFault.ELSEWHERE),
    ],
)
def test_why_a_bot_does_not_work_is_said(
    world: World, in_request: None, telegram: Telegram, method: str, refusal: tuple[int, str], fault: BotFault
) -> None:
    telegram.refusals[method] = refusal
    services.save_bot(world.office, TOKEN, actor=world.as_(world.admin))
    db.session.commit()
    talking.check_bot(str(world.office.id))
    bot = queries.get_bot(world.office.id)
    assert bot is not None and bot.fault is fault and bot.username == ""


def test_whoever_sends_the_code_is_linked_once(world: World, running: Telegram) -> None:
    code = services.invite(world.as_(world.editor))
    db.session.commit()
    running.write(f"/start {code}")
    assert talking.listen() == 1
    assert reached(world) == {world.editor.id}
    running.write(f"/start {code}", chat=CHAT + 1)  # forwarded
    services.invite(world.as_(world.approver))  # keeps the bot listening
    db.session.commit()
    talking.listen()
    say_all()
    chat = queries.get_chat(world.office.id, world.editor.id)
    assert chat is not None and chat.chat_id == CHAT
    assert [s["chat_id"] for s in running.said] == [CHAT, CHAT + 1]
    assert "kedaluwarsa" in running.said[1]["text"]


def test_a_code_lapses_and_a_new_one_voids_the_one_before(world: World, running: Telegram) -> None:
    first = services.invite(world.as_(world.editor))
    second = services.invite(world.as_(world.editor))
    assert services.link(world.office.id, first, CHAT) is None
    with clock.moved_to(clock.now() + services.VALID + timedelta(seconds=1)):
        assert services.link(world.office.id, second, CHAT) is None
    assert services.link(world.office.id + 1000, second, CHAT) is None, "another office's bot"


def test_nothing_is_heard_twice(world: World, running: Telegram) -> None:
    linked(world, running)
    running.write("/start salah")
    with clock.moved_to(clock.now() + queries.HEAR_EVERY):
        talking.listen()
        talking.listen()
    assert len(db.session.scalars(select(TelegramMessage)).all()) == 2


def test_codes_that_are_void_are_not_answered_without_end(world: World, running: Telegram) -> None:
    for number in range(talking.ANSWERS + 5):
        running.write(f"/start salah{number}")
    with clock.moved_to(clock.now() + queries.HEAR_EVERY):
        assert talking.listen() == talking.ANSWERS + 5
        assert len(db.session.scalars(select(TelegramMessage)).all()) == talking.ANSWERS
        linked(world, running)  # the right one is heard all the same
    assert len(db.session.scalars(select(TelegramMessage)).all()) == talking.ANSWERS + 1


def test_a_group_is_not_a_person(world: World, running: Telegram) -> None:
    code = services.invite(world.as_(world.editor))
    db.session.commit()
    running.write(f"/start {code}", kind="group")
    talking.listen()
    assert queries.get_chat(world.office.id, world.editor.id) is None


def test_stopping_from_either_side(world: World, running: Telegram) -> None:
    linked(world, running)
    running.write("/berhenti")
    with clock.moved_to(clock.now() + queries.HEAR_EVERY):
        talking.listen()
    assert queries.get_chat(world.office.id, world.editor.id) is None
    services.unlink(linked(world, running), actor=world.as_(world.editor))
    assert reached(world) == set()


def test_blocked_and_taken_back(world: World, running: Telegram) -> None:
    linked(world, running)
    for later, status, expected in ((1, "kicked", set()), (2, "member", {world.editor.id})):
        running.membership(status)
        with clock.moved_to(clock.now() + later * 2 * queries.HEAR_EVERY):
            talking.listen()
        db.session.commit()
        assert reached(world) == expected


def test_said_once_whatever_is_repeated(world: World, running: Telegram) -> None:
    for _turn in range(2):
        services.say(world.office.id, CHAT, "Menunggu Anda", key="notice:1")
    db.session.commit()
    say_all()
    say_all()
    assert [s["text"] for s in running.said] == ["Menunggu Anda"]
    assert db.session.scalars(select(TelegramMessage)).one().state is MessageState.SENT


def test_a_worker_that_died_with_it_in_its_hands(world: World, running: Telegram) -> None:
    """Telegram has no key for a message: what may have gone out is not sent again."""
    services.say(world.office.id, CHAT, "Menunggu Anda", key="notice:1")
    db.session.scalars(select(TelegramMessage)).one().sending_at = clock.now()
    db.session.commit()
    say_all()
    assert running.said == []
    assert db.session.scalars(select(TelegramMessage)).one().state is MessageState.UNCERTAIN


def test_too_fast_is_sent_later(world: World, running: Telegram) -> None:
    running.refusals["sendMessage"] = (429, "Too Many Requests: retry after 5")
    services.say(world.office.id, CHAT, "Menunggu Anda", key="notice:1")
    db.session.commit()
    with pytest.raises(RetryLater):
        say_all()
    running.refusals.clear()
    say_all()
    assert len(running.said) == 1


def test_a_blocked_bot_is_noticed_when_it_speaks(world: World, running: Telegram) -> None:
    linked(world, running)
    running.refusals["sendMessage"] = (403, "Forbidden: bot was blocked by the user")
    services.say(world.office.id, CHAT, "Menunggu Anda", key="notice:1")
    db.session.commit()
    say_all()
    assert reached(world) == set()


def test_another_bot_begins_with_nobody(world: World, running: Telegram) -> None:
    linked(world, running)
    services.remove_bot(world.office, actor=world.as_(world.admin))
    services.remove_bot(world.office, actor=world.as_(world.admin))
    db.session.commit()
    assert queries.get_chat(world.office.id, world.editor.id) is None
    with pytest.raises(NotFound):
        services.invite(world.as_(world.editor))


def test_chatter_is_answered_a_few_times_only(world: World, running: Telegram) -> None:
    for number in range(talking.ANSWERS + 4):
        running.write(f"halo {number}")
    with clock.moved_to(clock.now() + queries.HEAR_EVERY):
        talking.listen()
    db.session.commit()
    say_all()
    assert len(running.said) == talking.ANSWERS


@pytest.mark.parametrize(("token", "stay"), [(TOKEN[:-1] + "2", True), ("9" + TOKEN, False)])
def test_a_new_token_of_the_same_bot_keeps_who_is_linked(
    world: World, running: Telegram, token: str, stay: bool
) -> None:
    linked(world, running)
    services.save_bot(world.office, token, actor=world.as_(world.admin))
    assert (queries.get_chat(world.office.id, world.editor.id) is not None) is stay


def test_a_notice_is_said_once_with_its_link(world: World, running: Telegram) -> None:
    linked(world, running)
    message = reaching.Message(
        key="delivery:7", user_id=world.editor.id, office_id=world.office.id, office_name="Kantor", locale="id",
        heading="Kantor Uji", lines=("Menunggu persetujuan Anda: <b>Lelang</b>",), path="/persetujuan/3",
        is_pressing=False,
    )  # fmt: skip
    for _turn in range(2):
        reaching.REACHES[NoticeChannel.TELEGRAM].send(message)
    say_all()
    said = [s["text"] for s in running.said if "Lelang" in s["text"]]
    assert said == [
        "Kantor Uji\n\nMenunggu persetujuan Anda: <b>Lelang</b>\n\nhttp://localhost/persetujuan/3"
    ]
    assert all("parse_mode" not in s for s in running.said)
