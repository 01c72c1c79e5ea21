"""Mail through a real postfix and a real dovecot: headers intact, a report for who is unknown, a pitch and its answer."""

import imaplib
import smtplib
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from humasflow.core.db import db
from humasflow.notifications import queries, services
from humasflow.notifications.composing import Letter
from humasflow.notifications.enums import MailFault, MailState
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.services.reading import read_mailbox
from humasflow.notifications.services.holding import is_held
from humasflow.notifications.services.mailing import queue_mail
from humasflow.outbox import runner
from humasflow.pitches.models import Pitch
from tests.factories.world import World
from tests.notifications.conftest import use_server
from tests.notifications.mailbox.letters import letter, sent, taken, use_mailbox
from tests.notifications.mailbox.server import Mailbox
from tests.servers.mail.server import DOMAIN, PASSWORD, USER, MailServers, mail_servers_running


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_servers_running() as running:
        yield running


@pytest.fixture
def office(world: World, in_request: None, servers: MailServers) -> World:
    """It sends through postfix, and reads with dovecot what lies in its mailbox from now on."""
    use_server(world, servers.smtp_port, from_address=USER)
    use_mailbox(world, Mailbox(servers.imap_port), username=USER, password=PASSWORD)
    return world


def eventually(found: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.3)


def inbox(servers: MailServers) -> list[EmailMessage]:
    with imaplib.IMAP4("127.0.0.1", servers.imap_port, timeout=20) as imap:
        imap.login(USER, PASSWORD)
        imap.select("INBOX", readonly=True)
        _state, numbers = imap.search(None, "ALL")
        raw = [imap.fetch(n.decode(), "(BODY.PEEK[])")[1][0][1] for n in numbers[0].split()]
    return [message_from_bytes(r, policy=policy.default) for r in raw]


def test_headers_arrive_as_they_were_sent(office: World, servers: MailServers) -> None:
    office.editor.email = USER  # the one mailbox that there is
    services.notify(
        [office.editor], K.REVIEW_RETURNED, office_id=office.office.id, subject=("story", 7), key="a",
        title="Lelang UMKM: laku 100 % – “semua”", actor_name="Penyetuju", story_id=7,
    )  # fmt: skip
    db.session.commit()
    runner.run_due()
    (mail,) = sent()
    eventually(lambda: any(m["Message-ID"] == mail.message_id for m in inbox(servers)))
    message = next(m for m in inbox(servers) if m["Message-ID"] == mail.message_id)
    assert message["Subject"] == "Perlu koreksi: Lelang UMKM: laku 100 % – “semua”"
    assert message["References"] == message["In-Reply-To"] == f"<story-7@{DOMAIN}>"
    assert message["List-Unsubscribe"] == f"<{mail.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == mail.text


@pytest.mark.parametrize("to", [f"tidak.ada@{DOMAIN}", "siapa@luar-negeri.example"])
def test_a_report_of_a_real_server_is_understood(office: World, servers: MailServers, to: str) -> None:
    settings = queries.get_mail_settings(office.office.id)
    assert settings is not None
    queue_mail(settings, to=to, user_id=None, key="uji", letter=Letter("Perihal", "isi\n", "<p>isi</p>"))
    db.session.commit()
    runner.run_due()
    assert sent()[0].state is MailState.SENT, "postfix took it"
    eventually(lambda: read_mailbox(office.office.id) > 0)
    (mail,) = sent()
    assert mail.state is MailState.BOUNCED
    assert mail.error.startswith(MailFault.BOUNCED_ADDRESS.value), mail.error
    assert is_held(office.office.id, to)
    assert [t.outcome for t in taken()] == [Outcome.BOUNCE]


def test_a_mail_becomes_a_pitch_and_loops_do_not(office: World, servers: MailServers) -> None:
    use_mailbox(office, Mailbox(servers.imap_port), username=USER, password=PASSWORD, takes_pitches=True,
                trusted_server=f"mx.{DOMAIN}")  # fmt: skip
    mail = letter(office.contributor.email, genuine=True)
    del mail["Authentication-Results"]
    mail["Authentication-Results"] = f"mx.{DOMAIN}; dmarc=pass header.from={DOMAIN}"
    loop = letter(office.contributor.email, subject="Saya sedang cuti", Auto_Submitted="auto-replied")
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=20) as smtp:
        for one in (mail, loop):
            smtp.send_message(one, "a@lain.example", [USER])
    count = 0

    def both() -> bool:
        nonlocal count
        count += read_mailbox(office.office.id)
        return count == 2

    eventually(both)
    assert sorted(t.outcome for t in taken()) == [Outcome.AUTOMATIC, Outcome.PITCH]
    assert [p.title for p in db.session.query(Pitch)] == ["Lelang UMKM laku semua"]


def test_40_mb_are_refused_by_their_size_alone(office: World, servers: MailServers) -> None:
    use_mailbox(office, Mailbox(servers.imap_port), username=USER, password=PASSWORD, takes_pitches=True)
    mail = letter(office.contributor.email, subject="Film")
    mail.add_attachment(b"\0" * (30 * 1024 * 1024), maintype="video", subtype="mp4", filename="film.mp4")
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=60) as smtp:
        smtp.send_message(mail, "a@lain.example", [USER])
    eventually(lambda: read_mailbox(office.office.id) > 0, 60)
    (row,) = taken()
    assert row.outcome is Outcome.TOO_LARGE
    assert row.size > 40_000_000
