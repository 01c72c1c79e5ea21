"""A channel of our own on 127.0.0.1: a real HTTP server that keeps what it was given, and the adapter that speaks to it.

What is published is a line of a file, on the disk before the answer leaves, so a server or a client that is killed takes
nothing back. It protects nobody from sending twice, unless an ``Idempotency-Key`` comes along: two posts of one
reference are two lines.

    python -m tests.support.loopback FILE [PORT]        prints its port, serves until it is told to stop
"""

import hashlib
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Limits,
    Metric,
    Pending,
    Problem,
    Quota,
    Ready,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.errors import AuthExpired, Forbidden, Invalid, RateLimited, Transient
from humasflow.channels.adapters.http import (
    Http,
    HttpAnswer,
    body_or_transient,
    body_or_unknown,
    irreversible,
    json_body,
    repeatable,
)
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, Job, Variant

TOKEN = "kunci-loopback"


class Ledger:
    """What is on the channel: one line of JSON a post, durable before anybody hears of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def posts(self) -> list[dict[str, Any]]:
        """Everything published, in order. Another process may be writing; half a line is not there yet."""
        if not self.path.exists():
            return []
        return [
            json.loads(line) for line in self.path.read_text().splitlines(keepends=True) if line[-1] == "\n"
        ]

    def add(self, ref: str, text: str, key: str = "") -> dict[str, Any]:
        """Publish. With a key that was used before: what was published then."""
        with self._lock:
            known = self.posts()
            for post in known:
                if key and post["key"] == key:
                    return post
            made = {"id": f"p{len(known) + 1}", "ref": ref, "text": text, "key": key}
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, (json.dumps(made) + "\n").encode())
            os.fsync(handle)
            os.close(handle)
            return made

    def refs(self) -> Counter[str]:
        """How often each reference stands there."""
        return Counter(post["ref"] for post in self.posts())

    def find(self, ref: str) -> list[dict[str, Any]]:
        """The posts of a reference."""
        return [post for post in self.posts() if post["ref"] == ref]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, ledger: Ledger, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.ledger = ledger
        self.slow: Mapping[str, float] = {}  # seconds by method and path, before the request is acted on


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """A medium, or a post."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        self._pause()
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._answer(401, {"error": "token"})
        if self.path == "/media":
            return self._answer(202, {"id": f"m-{body['ref']}", "ready": False})
        if self.path == "/posts":
            made = self.server.ledger.add(body["ref"], body["text"], self.headers.get("Idempotency-Key", ""))
            return self._answer(201, self._shown(made))
        return self._answer(404, {})

    def do_GET(self) -> None:
        """A medium's state, the posts of a reference, or a public page."""
        self._pause()
        parts = urlsplit(self.path)
        if parts.path.startswith("/media/"):
            return self._answer(200, {"id": parts.path.rpartition("/")[2], "ready": True})
        if parts.path == "/posts":
            found = self.server.ledger.find(parse_qs(parts.query)["ref"][0])
            return self._answer(200, {"posts": [self._shown(post) for post in found]})
        known = {f"/p/{post['id']}" for post in self.server.ledger.posts()}
        return self._answer(200 if parts.path in known else 404, {"page": parts.path})

    def _shown(self, post: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": post["id"], "ref": post["ref"], "url": f"http://{self.headers['Host']}/p/{post['id']}"}

    def _pause(self) -> None:
        time.sleep(self.server.slow.get(f"{self.command} {urlsplit(self.path).path}", 0))

    def _answer(self, status: int, body: Mapping[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


class LoopbackServer:
    """The server in a thread of this process: ``with LoopbackServer(path) as server: server.port``."""

    def __init__(self, path: Path, port: int = 0) -> None:
        self.ledger = Ledger(path)
        self._server = _Server(self.ledger, port)
        self.port = self._server.server_address[1]

    def __enter__(self) -> "LoopbackServer":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def slow(self, **seconds: float) -> Iterator[None]:
        """``slow(**{"POST /posts": 0.5})``: that much later."""
        self._server.slow = seconds
        try:
            yield
        finally:
            self._server.slow = {}


class LoopbackAdapter:
    """Two steps and the call. ``account.settings["base"]`` says where the server is."""

    def __init__(self, http: Http, caps: Caps | None = None) -> None:
        self._http = http
        self._caps = caps or CAPS

    key = "loopback"

    @property
    def caps(self) -> Caps:
        """What it can do, unless the test wants something else."""
        return self._caps

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the account's limits."""
        return validate_variant(variant, limits, self.caps)

    def verify(self, account: Account) -> AccountInfo:
        """Always usable."""
        return AccountInfo(name="loopback")

    def refresh(self, account: Account) -> Tokens | None:
        """The one token it has."""
        return Tokens(TOKEN, None, None)

    def quota(self, account: Account) -> Quota | None:
        """None."""
        return None

    def prepare(self, job: Job) -> Ready | Pending:
        """The medium is made; the server works on it."""
        if "media" in job.prepare_state:
            return Ready(job.prepare_state)
        made = body_or_transient(
            self._checked(repeatable(lambda: self._post(job, "/media", {"ref": job.idempotency_key}))), "id"
        )
        return Pending({"media": made["id"]}, poll=True)

    def poll(self, job: Job) -> Ready | Pending | Done:
        """Whether the medium is ready."""
        answer = repeatable(lambda: self._get(job, f"/media/{job.prepare_state['media']}"))
        found = body_or_transient(self._checked(answer), "ready")
        return Ready(job.prepare_state) if found["ready"] else Pending(job.prepare_state, 1, poll=True)

    def commit(self, job: Job) -> Receipt | Pending:
        """The post."""
        wanted = {"ref": job.idempotency_key, "text": compose_text(job.variant)}
        answer = self._checked(irreversible(lambda: self._post(job, "/posts", wanted)))
        return _receipt(body_or_unknown(answer, "id", "url"), answer.body)

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """By its reference, which is compared."""
        answer = repeatable(lambda: self._get(job, f"/posts?ref={job.idempotency_key}"))
        posts = body_or_transient(self._checked(answer), "posts")["posts"]
        ours = [post for post in posts if post["ref"] == job.idempotency_key]
        return _receipt(ours[0], answer.body) if ours else Absent()

    def update(self, job: Job) -> Receipt:
        """Not here."""
        raise Invalid("no edits")

    def retract(self, job: Job) -> None:
        """Not here."""
        raise Invalid("no removal")

    def permalink(self, receipt: Receipt) -> str | None:
        """As the receipt says."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: object) -> tuple[Metric, ...]:
        """None."""
        return ()

    def _checked(self, answer: HttpAnswer) -> HttpAnswer:
        match answer.status:
            case 401:
                raise AuthExpired("status 401")
            case 403:
                raise Forbidden("status 403")
            case 429:
                raise RateLimited("status 429")
            case status if status >= 500:
                raise Transient(f"status {status}")
            case status if status >= 400:
                raise Invalid(f"status {status}")
        return answer

    def _post(self, job: Job, path: str, values: Mapping[str, Any]) -> HttpAnswer:
        content, headers = json_body(values)
        if self.caps.idempotent:
            headers["Idempotency-Key"] = job.idempotency_key
        return self._http("POST", self._base(job) + path, headers=headers | _auth(job), content=content)

    def _get(self, job: Job, path: str) -> HttpAnswer:
        return self._http("GET", self._base(job) + path, headers=_auth(job))

    @staticmethod
    def _base(job: Job) -> str:
        return str(job.account.settings["base"])


CAPS = Caps(two_step=True, can_find=True, trusts_absence=True)


def _auth(job: Job) -> dict[str, str]:
    return {"Authorization": f"Bearer {job.account.secrets['access_token']}"}


def _receipt(post: Mapping[str, Any], body: bytes) -> Receipt:
    return Receipt(post["id"], post["url"], hashlib.sha256(body).hexdigest())


def main() -> None:
    """Serve."""
    server = LoopbackServer(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(server.port, flush=True)
    server._server.serve_forever(0.05)


if __name__ == "__main__":
    main()
