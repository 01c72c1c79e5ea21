"""A proxy between the product and a server that does to a request what networks and servers do: it comes late, its answer
is lost after it was acted on, is cut in the middle, or is an error; or nobody is there at all.

    with FaultProxy("127.0.0.1", server.port, plan=scripted(Fault.DROP)) as proxy:
        ... talk to http://127.0.0.1:{proxy.port} ...
    proxy.asked        what came, and what was done to it

It speaks plain HTTP/1.1, one request a connection, and understands nothing of what it carries.
"""

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 64 * 1024 * 1024


class Fault(StrEnum):
    """What is done to a request."""

    NONE = "none"
    DELAY = "delay"  # acted on and answered, both late
    DROP = "drop"  # acted on; the connection ends without an answer
    CUT = "cut"  # acted on; the answer ends in the middle of its body
    RESET = "reset"  # read, not acted on; the connection is reset
    TOO_MANY = "429"  # not acted on
    BROKEN = "500"  # not acted on
    BAD_GATEWAY = "502"  # not acted on
    BROKEN_AFTER = "500 after"  # acted on, and answered as if not
    GARBAGE = "garbage"  # acted on; a page of HTML with status 200


@dataclass(frozen=True)
class Asked:
    """One request, as far as a plan may care: the how-manieth it is (from 0), its method and its path."""

    number: int
    method: str
    path: str
    fault: Fault = Fault.NONE


Plan = Callable[[Asked], Fault]


def scripted(*faults: Fault, only: Callable[[Asked], bool] | None = None) -> Plan:
    """These faults in order, one for each request that ``only`` lets through; then none."""
    left = list(faults)

    def plan(asked: Asked) -> Fault:
        if not left or (only is not None and not only(asked)):
            return Fault.NONE
        return left.pop(0)

    return plan


def at_random(seed: int, share: float, faults: Sequence[Fault] = tuple(Fault)[1:]) -> Plan:
    """Any of the faults for that share of the requests; the same for the same seed and the same requests."""
    dice = random.Random(seed)
    return lambda _asked: dice.choice(faults) if dice.random() < share else Fault.NONE


def posting(path: str) -> Callable[[Asked], bool]:
    """Only POSTs to paths that begin so."""
    return lambda asked: asked.method == "POST" and asked.path.startswith(path)


class FaultProxy:
    """Listens on a free port of 127.0.0.1. ``seconds``: how late what is delayed comes. Both it and the plan may be changed."""

    def __init__(
        self,
        upstream_host: str,
        upstream_port: int,
        *,
        plan: Plan | None = None,
        seconds: float = 0.5,
        port: int = 0,
    ) -> None:
        self.plan: Plan = plan or scripted()
        self.asked: list[Asked] = []
        self._upstream = (upstream_host, upstream_port)
        self.seconds = seconds
        self._lock = threading.Condition()
        self._at_work = 0
        self._listener = self._listen(port)
        self.port: int = self._listener.getsockname()[1]

    @staticmethod
    def _listen(port: int) -> socket.socket:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen(64)
        return made

    def __enter__(self) -> "FaultProxy":
        self._start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.close()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Within it, nobody listens: connections are refused."""
        # A thread that waits in accept() holds the socket open; shutting it down wakes it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        try:
            yield
        finally:
            self._listener = self._listen(self.port)
            self._start()

    def _start(self) -> None:
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._work, args=(client,), daemon=True).start()

    def wait_until_idle(self, seconds: float = 10) -> None:
        """Until every request that came has reached the server or never will: for tests that move the clock, because
        what is late is late by a real clock.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: not self._at_work, seconds):
                raise TimeoutError("a request is still on its way")

    def _work(self, client: socket.socket) -> None:
        with self._lock:
            self._at_work += 1
        try:
            self._handle(client)
        finally:
            with self._lock:
                self._at_work -= 1
                self._lock.notify_all()

    def _handle(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(60)
            request = _read_message(client)
            if not request:
                return
            fault = self._judge(request)
            if fault is Fault.RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if fault is Fault.DELAY:
                time.sleep(self.seconds)
            if fault in (Fault.TOO_MANY, Fault.BROKEN, Fault.BAD_GATEWAY):
                client.sendall(_plain(fault.value, '{"error":"fault"}'))
                return
            answer = self._forward(request)
            match fault:
                case Fault.DROP:
                    return
                case Fault.CUT:
                    client.sendall(answer[: max(len(answer) - 7, len(answer) // 2)])
                case Fault.BROKEN_AFTER:
                    client.sendall(_plain("500", '{"error":"fault"}'))
                case Fault.GARBAGE:
                    client.sendall(_plain("200", "<html><body>Please sign in to the network</body></html>"))
                case _:
                    client.sendall(answer)

    def _judge(self, request: bytes) -> Fault:
        method, path, _rest = request.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        with self._lock:
            asked = Asked(len(self.asked), method, path)
            fault = self.plan(asked)
            self.asked.append(Asked(asked.number, method, path, fault))
        return fault

    def _forward(self, request: bytes) -> bytes:
        head, gap, body = request.partition(b"\r\n\r\n")
        # The server closes after its answer, so that its end is known without understanding it.
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(self._upstream, timeout=60) as upstream:
            upstream.sendall(b"\r\n".join([*lines, b"Connection: close"]) + gap + body)
            found = bytearray()
            while piece := upstream.recv(65_536):
                found += piece
            return bytes(found)


def _read_message(client: socket.socket) -> bytes:
    """One whole request: its head, and as much body as it announces (or all chunks)."""
    found = bytearray()
    while b"\r\n\r\n" not in found:
        piece = client.recv(65_536)
        if not piece:
            return b""
        found += piece
    head = bytes(found).partition(b"\r\n\r\n")[0].lower()
    announced = next((line[15:] for line in head.split(b"\r\n") if line.startswith(b"content-length:")), b"0")
    whole = len(head) + 4 + min(int(announced), LONGEST)
    chunked = b"transfer-encoding: chunked" in head
    while len(found) < whole or (chunked and not found.endswith(b"0\r\n\r\n")):
        piece = client.recv(65_536)
        if not piece:
            return b""
        found += piece
    return bytes(found)


def _plain(status: str, body: str) -> bytes:
    kind = "text/html" if body.startswith("<") else "application/json"
    return (
        f"HTTP/1.1 {status} Fault\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()
