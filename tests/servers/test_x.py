"""Every request of the X adapter under a program that checks it against X's own OpenAPI description.

X's terms let nobody pass the description on, so it is not part of this repository. Put it somewhere (it is
``openapi.json`` of X's public documentation) and name it: ``HUMASFLOW_X_OPENAPI=/path/openapi.json make test-channels``.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Absent, Receipt
from humasflow.channels.adapters.errors import OutcomeUnknown
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.adapters.x import XAdapter
from tests.servers.npm import ensure_npm
from tests.servers.programs import Program, free_port
from tests.support.scripted import StoredFiles

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ACCOUNT = Account(
    7, "x", "kantor", settings={"user_id": "99", "username": "kantor"}, secrets={"access_token": "a"},
    app=AppKeys("kunci", "sandi"),
)  # fmt: skip
PICTURE = MediaItem(1, filename="a.jpg", mime="image/jpeg", alt_text="Juru lelang")
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=5_000_000)


@pytest.fixture(scope="session")
def prism() -> Iterator[int]:
    """The port on which it listens."""
    description = os.environ.get("HUMASFLOW_X_OPENAPI", "")
    if not description:
        pytest.skip("HUMASFLOW_X_OPENAPI names no description of X's interface")
    folder, port = ensure_npm("prism", "@stoplight/prism-cli@5.16.0"), free_port()
    program = [
        str(folder / "node_modules/.bin/prism"),
        "mock",
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
        description,
    ]
    with Program("prism", program) as running:
        running.wait_until(lambda: "is listening" in running.log.read_text(errors="replace"), seconds=120)
        yield port


class Checked:
    """The product's own way out; keeps what the description says about each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.faults: list[str] = []

    def __call__(self, method: str, url: str, **request) -> HttpAnswer:
        answer = reaching.send(method, url, **request)
        self.asked.append((method, url.partition("/2/")[2].partition("?")[0]))
        for fault in json.loads(answer.headers.get("sl-violations", "[]")):
            if fault["location"][0] == "request":
                self.faults.append(f"{method} {url}: {fault['message']}")
        return answer


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "k", "account": ACCOUNT,
        "variant": Variant(text="Lelang 👨‍👩‍👧‍👦", link="https://kantor.go.id/1", media=(PICTURE,)),
        "created_at": NOW, "now": NOW, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(found | changes))


def step_of(item: MediaItem, stage: str, sent: int = 0) -> dict:
    """A medium as it stands in the state. The mock's own ids are no numbers, so each step is begun from here."""
    expires = (NOW + timedelta(days=1)).isoformat()
    size = item.size or 9
    return {
        "asset": item.asset_id,
        "id": "123",
        "size": size,
        "sent": sent,
        "stage": stage,
        "expires_at": expires,
    }


def test_every_request_is_as_x_describes_it(app, prism, reachable):
    reachable(prism)
    checked = Checked()
    adapter = XAdapter(checked, f"http://127.0.0.1:{prism}")

    assert adapter.verify(ACCOUNT).name
    for item in (PICTURE, VIDEO):
        work = job(variant=Variant(text="a", media=(item,)))
        adapter.prepare(work)
        for stage in ("append", "finalize", "processing", "describe"):
            if stage != "describe" or item is PICTURE:
                adapter.prepare(replace(work, prepare_state={"media": [step_of(item, stage)]}))
    ready = job(prepare_state={"media": [step_of(PICTURE, "done")]}, committing_at=NOW)
    try:
        assert isinstance(adapter.commit(ready), Receipt)
    except OutcomeUnknown:
        assert checked.asked[-1] == ("POST", "tweets")  # the mock invented an id that is none
    assert isinstance(adapter.find(ready), Absent | Receipt)
    assert adapter.metrics(Receipt("123"), ACCOUNT, at=NOW)
    adapter.retract(job(external_id="123"))

    assert checked.faults == []
    assert {path for _method, path in checked.asked} == {
        "users/me", "media/upload/initialize", "media/upload/123/append", "media/upload/123/finalize", "media/upload",
        "media/metadata", "tweets", "users/99/tweets", "tweets/123",
    }  # fmt: skip


def test_a_wrong_request_would_be_seen(app, prism, reachable):
    reachable(prism)
    checked = Checked()
    checked("POST", f"http://127.0.0.1:{prism}/2/tweets", content=b'{"teks": 1}',
            headers={"Content-Type": "application/json", "Authorization": "Bearer a"})  # fmt: skip
    assert checked.faults
