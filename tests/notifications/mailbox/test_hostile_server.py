"""A mail server that says more than it was asked for, and the secret in the question to a sender."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest

from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications.enums import MailSecurity, MailState
from humasflow.notifications.mailbox import imap
from humasflow.notifications.mailbox.enums import MailboxFault
from humasflow.notifications.models import MailMessage
from humasflow.outbox import runner
from tests.factories.world import World
from tests.notifications.mailbox.letters import letter, read, use_mailbox
from tests.notifications.mailbox.server import PASSWORD, USER, Mailbox
from tests.notifications.server import Box

MOST = 400 * 1024 * 1024  # bytes that the server below would give


class Flood:
    """Signs anybody in, and answers FETCH with ``answer`` again and again. ``given``: bytes that went out."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.given = answer, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            connection, _address = self.listener.accept()
            connection.sendall(b"* OK IMAP4rev1\r\n")
            with connection, connection.makefile("rb") as lines:
                for line in lines:
                    tag, command = line.split()[:2]
                    if command == b"UID":
                        while self.given < MOST:
                            connection.sendall(self.answer)
                            self.given += len(self.answer)
                    if command == b"CAPABILITY":
                        connection.sendall(b"* CAPABILITY IMAP4rev1\r\n")
                    connection.sendall(tag + b" OK ya\r\n")


@pytest.fixture(params=["one endless text", "answers without end"])
def flood(request: pytest.FixtureRequest) -> Iterator[Flood]:
    piece = b"x" * 65_536
    if request.param == "one endless text":
        server = Flood(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % MOST + piece * 16)
    else:
        server = Flood(b"* 1 FETCH (UID 1 BODY[] {65536}\r\n" + piece + b")\r\n")
    yield server
    server.listener.close()


def test_no_more_is_taken_than_was_asked_for(flood: Flood) -> None:
    box = imap.Box("127.0.0.1", flood.port, MailSecurity.NONE, USER, PASSWORD)
    with pytest.raises(imap.ReadFailed) as caught, imap.opened(box, timeout=10) as reader:
        reader.content(1, 1000)
    assert caught.value.fault is MailboxFault.CUT_OFF
    assert flood.given < 2 * imap.ANSWER_BYTES


@pytest.mark.db
def test_the_link_to_a_sender_lies_nowhere_readable(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox, takes_pitches=True)
    mailbox.put(letter("contributor@kantor-uji.example").as_bytes())
    read(world)
    question = db.session.query(MailMessage).one()
    assert "/surel/usulan/" not in question.text + question.html
    assert re.search(r"/surel/usulan/\S+", decrypt(question.text))
    runner.run_due()
    db.session.refresh(question)
    assert (question.state, question.text, question.html) == (MailState.SENT, "", "")
