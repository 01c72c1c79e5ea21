"""A real IMAP server on loopback (pymap), and mails put into it by a connection of its own."""

import imaplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.notifications.server import free_port

USER, PASSWORD = "humas", "rahasia kotak"


class Mailbox:
    """One person's mailbox on a running server."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self) -> imaplib.IMAP4:
        """Signed in, with the inbox open."""
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            imap.login(USER, PASSWORD)
            imap.select("INBOX")
        except (OSError, imaplib.IMAP4.error):
            imap.shutdown()
            raise
        return imap

    def put(self, *mails: bytes) -> None:
        """They have just come in."""
        with self.connect() as imap:
            for mail in mails:
                state, said = imap.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)
                assert state == "OK", said

    def flags(self) -> list[str]:
        """The flags of every mail, in order."""
        with self.connect() as imap:
            _state, found = imap.fetch("1:*", "(FLAGS)")
        return [f.decode() if isinstance(f, bytes) else str(f) for f in found if f]


@contextmanager
def mailbox_server() -> Iterator[Mailbox]:
    """A running server with one empty mailbox."""
    port = free_port()
    program = Path(sys.executable).with_name("pymap")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                str(program), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve",
                "--no-service", "admin", "dict", "--demo-user", USER, "--demo-password", PASSWORD,
            ],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            box = Mailbox(port)
            _wait(box, process)
            yield box
        finally:
            process.terminate()
            process.wait(10)


def _wait(box: Mailbox, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, imaplib.IMAP4.error):
            box.connect().logout()
            return
        time.sleep(0.1)
    raise RuntimeError("pymap did not start")
