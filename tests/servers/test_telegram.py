"""The Telegram adapter and an emulator of the Bot API. It knows texts only, no channels and no rights: what can be seen
here is that a message appears once, reads as it was written, changes, and goes away.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.errors import OutcomeUnknown
from humasflow.channels.adapters.telegram import TelegramAdapter
from humasflow.channels.adapters.variant import Account, Action, Job, Variant
from tests.servers.npm import ensure_npm
from tests.servers.programs import Program, find_program, free_port
from tests.support.faulty import Fault, FaultProxy, scripted

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
ACCOUNT = Account(
    7, "telegram", settings={"chat_id": -1001234567890, "username": "kantor"}, secrets={"token": TOKEN}
)
WORDS = "Lelang <b>perdana</b> & 👨‍👩‍👧‍👦 _aset_"


@pytest.fixture(scope="session")
def emulator() -> Iterator[int]:
    """The port on which it listens."""
    folder, port = ensure_npm("telegram-test-api", "telegram-test-api@4.2.1"), free_port()
    start = f"const S = require('telegram-test-api'); new (S.default || S)({{port: {port}}}).start()"
    with Program("telegram", [find_program("node", package="nodejs"), "-e", start], cwd=folder) as running:
        running.wait_for_port(port)
        yield port


def messages(port: int) -> list[dict]:
    """What the bot wrote, as a person's program would fetch it."""
    told = httpx.post(
        f"http://127.0.0.1:{port}/getUpdatesHistory", json={"token": TOKEN}, trust_env=False
    ).json()
    return [one["message"] for one in told["result"]]


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "k", "account": ACCOUNT,
        "variant": Variant(text=WORDS, link="https://kantor.go.id/1"), "created_at": NOW, "now": NOW, "committing_at": NOW,
    }  # fmt: skip
    return Job(**(found | changes))


def test_a_message_appears_once_changes_and_goes(app, emulator, reachable):
    reachable(emulator)
    adapter = TelegramAdapter(reaching.send, f"http://127.0.0.1:{emulator}")
    before = len(messages(emulator))
    receipt = adapter.commit(job())

    assert [one["text"] for one in messages(emulator)[before:]] == [f"{WORDS}\n\nhttps://kantor.go.id/1"]
    assert receipt.permalink == f"https://t.me/kantor/{receipt.external_id}"
    adapter.update(job(external_id=receipt.external_id, variant=Variant(text="Ralat")))
    assert messages(emulator)[-1]["text"] == "Ralat"
    adapter.retract(job(external_id=receipt.external_id))
    assert len(messages(emulator)) == before


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE])
def test_a_lost_answer_is_never_sent_again(app, emulator, reachable, caplog, fault):
    with FaultProxy("127.0.0.1", emulator, plan=scripted(fault)) as proxy:
        reachable(proxy.port)
        adapter = TelegramAdapter(reaching.send, f"http://127.0.0.1:{proxy.port}")
        before = len(messages(emulator))
        with pytest.raises(OutcomeUnknown) as lost:
            adapter.commit(job())
        assert len(messages(emulator)) == before + 1
    assert TOKEN not in caplog.text + repr(lost.value) + json.dumps([str(r.args) for r in caplog.records])
