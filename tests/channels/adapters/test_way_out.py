"""What adapters of large files need of the way out: "go on" answers, and bodies in pieces."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.outbox import lease
from humasflow.outbox.lease import Lease
from tests.support.contract import parts_of


class Storage(BaseHTTPRequestHandler):
    """Answers 308 to a piece, with an address only where the path says so; keeps what came."""

    got: list[tuple[str, str, bytes]] = []

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(308)
        self.send_header("Range", "bytes=0-262143")
        if self.path == "/moved":
            self.send_header("Location", "https://jahat.example/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers["Content-Type"], body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_everything_that_a_page_asks_has_one_deadline(storage: str) -> None:
    with reaching.within(30):
        assert (
            reaching.send("POST", f"{storage}/a", content=b"x", headers={"Content-Type": "a/b"}).status == 200
        )
    with reaching.within(0), pytest.raises(NotReached, match="too_slow"):
        reaching.send("POST", f"{storage}/b", content=b"x", headers={"Content-Type": "a/b"})
    assert reaching.send("POST", f"{storage}/a", content=b"x", headers={"Content-Type": "a/b"}).status == 200


@pytest.fixture
def storage(app) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], f"127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def test_go_on_is_an_answer_and_a_redirect_is_none(storage):
    answer = reaching.send(
        "PUT", f"{storage}/session", content=b"v" * 262144, headers={"Content-Length": "262144"}
    )
    assert (answer.status, answer.headers["range"]) == (308, "bytes=0-262143")
    with pytest.raises(AnswerLost, match="redirects"):
        reaching.send("PUT", f"{storage}/moved", content=b"", headers={"Content-Length": "0"})


def test_a_form_arrives_whole_though_it_was_sent_in_pieces(storage):
    pieces = [bytes([number]) * 70_000 for number in range(5)]
    part = FilePart("video", "a.mp4", "video/mp4", 350_000, lambda: iter(pieces))
    body, headers = multipart({"caption": "Lelang 👍"}, [part])

    assert reaching.send("POST", f"{storage}/bot1:a/sendVideo", content=body, headers=headers).is_ok
    parts = parts_of(Storage.got[-1][2], Storage.got[-1][1])
    assert parts["video"][2] == b"".join(pieces)
    assert parts["caption"][2].decode() == "Lelang 👍"


SIZE = 3_000_000  # bytes
PART = 50_000


class Slowly(BaseHTTPRequestHandler):
    """Reads three megabytes in about a second; notes who holds the lease meanwhile."""

    kept: list[bool] = []

    def setup(self) -> None:
        # A small window, so that what is not read is not taken either.
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        super().setup()

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left > 0:
            got = self.rfile.read(min(PART, left))
            if not got:
                return
            left -= len(got)
            time.sleep(0.02)
            self.kept.append(bool(lease._kept_alive))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def slow_storage(app) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slowly)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], f"127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def sent_in_pieces(size: int) -> tuple[Iterator[bytes], dict[str, str]]:
    return iter([b"v" * PART] * (size // PART)), {"Content-Length": str(size), "Content-Type": "video/mp4"}


def test_a_large_upload_has_the_time_that_its_size_needs_and_keeps_its_lease(app, slow_storage, monkeypatch):
    app.config["OUTBOX_LEASE"] = timedelta(seconds=1)  # 0.3 seconds for any call
    with lease.held(Lease(1, "token")):
        content, headers = sent_in_pieces(SIZE)
        assert reaching.send("POST", slow_storage, content=content, headers=headers).is_ok
        assert all(Slowly.kept) and len(Slowly.kept) >= SIZE // PART
        assert not lease._kept_alive
        monkeypatch.setattr(reaching, "SLOWEST", 100_000_000)
        content, headers = sent_in_pieces(SIZE)
        with pytest.raises(AnswerLost, match="too_slow"):
            reaching.send("POST", slow_storage, content=content, headers=headers)


def test_the_deadline_holds_though_everything_was_given_away_at_once(app, slow_storage, monkeypatch):
    """A body that is one piece goes out slowly too; the time-out of a single write says nothing of them all."""
    app.config["OUTBOX_LEASE"] = timedelta(seconds=1)
    monkeypatch.setattr(reaching, "SLOWEST", 100_000_000)
    begun = time.monotonic()
    with pytest.raises(AnswerLost, match="too_slow"):
        reaching.send("POST", slow_storage, content=b"v" * 20_000_000, headers={"Content-Type": "video/mp4"})
    assert time.monotonic() - begun < 2


def test_a_server_that_takes_nothing_is_given_up_long_before_the_upload_could_end(app, monkeypatch):
    """However large the upload is: silence is not slowness."""
    app.config["OUTBOX_LEASE"] = timedelta(seconds=1)
    monkeypatch.setattr(reaching, "SLOWEST", 4_000_000)
    assert reaching.call_timeout(50_000_000) > 12
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], f"127.0.0.1:{port}")
        begun = time.monotonic()
        content, headers = sent_in_pieces(50_000_000)
        with pytest.raises(AnswerLost, match="too_slow"):
            reaching.send("POST", f"http://127.0.0.1:{port}", content=content, headers=headers)
        assert time.monotonic() - begun < 5


def test_time_grows_with_the_size_up_to_a_quarter_of_an_hour(app):
    assert reaching.call_timeout() == reaching.call_timeout(reaching.CARRIED_ANYWAY) == 27.0
    assert reaching.call_timeout(50_000_000) == 27.0 + 400
    assert reaching.call_timeout(5_000_000_000) == reaching.LONGEST
