"""Handing mail to a real server: every way it can say no, hang up or fall silent."""

import socket
import threading
import time
from pathlib import Path

import pytest

from humasflow.notifications.enums import MailFault, MailSecurity
from humasflow.notifications.smtp import Envelope, SendFailed, Server, send
from tests.notifications.server import PASSWORD, USER, free_port, mail_server, make_certificate

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
    pytest.mark.filterwarnings("ignore:tls_context.verify_mode"),
]

CONTENT = b"Subject: Uji\r\nMessage-ID: <1@kantor.example>\r\n\r\nbaris\r\n.titik di depan\r\n"
MAIL = Envelope("humas@kantor.example", "orang@kantor.example", CONTENT)


def server(port: int, security: MailSecurity = MailSecurity.NONE, *, user: str = "", password: str = "",
           host: str = "127.0.0.1") -> Server:  # fmt: skip
    return Server(host, port, security, user, password, helo="kantor.example")


def fault_of(target: Server, *, step: float = 2.0, budget: float = 6.0) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        send(target, MAIL, step_timeout=step, budget=budget)
    return caught.value


def test_a_mail_arrives_byte_for_byte() -> None:
    with mail_server() as (box, port):
        send(server(port), MAIL, step_timeout=2, budget=6)
    assert box.seen == [CONTENT]


def test_sign_in_with_password() -> None:
    with mail_server(with_auth=True) as (box, port):
        send(server(port, user=USER, password=PASSWORD), MAIL, step_timeout=2, budget=6)
        wrong = fault_of(server(port, user=USER, password="bukan ini"))
        foreign = fault_of(server(port, user=USER, password="kata•sandi"))
        nobody = fault_of(server(port))
    assert len(box.messages) == 1
    assert wrong.fault is MailFault.PASSWORD
    assert wrong.code == 535
    assert foreign.fault is MailFault.PASSWORD
    assert nobody.fault is MailFault.SIGN_IN_WANTED


def test_a_server_without_sign_in_is_recognised() -> None:
    with mail_server() as (_box, port):
        assert fault_of(server(port, user=USER, password=PASSWORD)).fault is MailFault.NO_SIGN_IN


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_an_encrypted_connection_needs_a_certificate_that_fits(
    security: MailSecurity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trust = make_certificate(tmp_path)
    how = {"starttls": context} if security is MailSecurity.STARTTLS else {"tls": context}
    with mail_server(with_auth=security is MailSecurity.STARTTLS, **how) as (box, port):
        user, password = (USER, PASSWORD) if security is MailSecurity.STARTTLS else ("", "")
        target = server(port, security, user=user, password=password, host="localhost")
        assert fault_of(target).fault is MailFault.CERTIFICATE  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(trust))
        send(target, MAIL, step_timeout=2, budget=6)
        by_number = server(port, security, user=user, password=password)
        assert fault_of(by_number).fault is MailFault.CERTIFICATE  # for another name
    assert len(box.messages) == 1


def test_no_starttls_means_no_mail() -> None:
    with mail_server() as (box, port):
        assert fault_of(server(port, MailSecurity.STARTTLS)).fault is MailFault.NO_ENCRYPTION
    assert not box.messages


def test_tls_against_a_plain_server_and_nobody_at_all() -> None:
    with mail_server() as (_box, port):
        assert fault_of(server(port, MailSecurity.TLS)).fault is MailFault.NOT_A_MAIL_SERVER
    assert fault_of(server(free_port())).fault is MailFault.UNREACHABLE
    assert fault_of(server(25, host="tidak-ada.invalid")).fault is MailFault.UNKNOWN_HOST


def _listen(answer: bytes, *, hold: float = 0.0) -> tuple[socket.socket, int]:
    """Something that is no mail server: says one thing to one caller."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.sendall(answer)
            time.sleep(hold)

    threading.Thread(target=serve, daemon=True).start()
    return listener, listener.getsockname()[1]


def test_what_another_service_says_is_never_repeated() -> None:
    listener, port = _listen(b"-ERR rahasia di port ini\r\n")
    with listener:
        failed = fault_of(server(port))
    assert failed.fault is MailFault.NOT_A_MAIL_SERVER
    assert failed.said == ""
    assert "rahasia" not in str(failed)


def test_a_silent_server_is_left_after_the_step_time() -> None:
    listener, port = _listen(b"", hold=2)
    started = time.monotonic()
    with listener:
        assert fault_of(server(port), step=0.3).fault is MailFault.UNREACHABLE
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("what", "answer", "fault"),
    [
        ("on_sender", "550 5.7.1 bukan milik Anda", MailFault.SENDER_REFUSED),
        ("on_recipient", "550 5.1.1 tidak ada orang itu", MailFault.RECIPIENT_REFUSED),
        ("on_recipient", "450 4.2.0 nanti lagi", MailFault.BUSY),
        ("on_content", "554 5.7.1 dianggap spam", MailFault.CONTENT_REFUSED),
        ("on_content", "451 4.3.0 penuh", MailFault.BUSY),
        ("on_sender", "421 4.3.2 tutup", MailFault.BUSY),
    ],
)
def test_refusals_say_who_is_refused_and_what_the_server_said(
    what: str, answer: str, fault: MailFault
) -> None:
    with mail_server() as (box, port):
        setattr(box, what, answer)
        failed = fault_of(server(port))
    assert failed.fault is fault
    assert failed.code == int(answer[:3])
    assert failed.said == answer[4:]
    assert fault.is_permanent == answer.startswith("5")


@pytest.mark.parametrize(
    ("where", "fault", "arrived"),
    [
        ("sender", MailFault.CUT_OFF, 0),
        ("recipient", MailFault.CUT_OFF, 0),
        ("content", MailFault.UNCERTAIN, 1),
    ],
)
def test_a_connection_that_breaks(where: str, fault: MailFault, arrived: int) -> None:
    with mail_server() as (box, port):
        box.break_at = where
        assert fault_of(server(port)).fault is fault
    assert len(box.messages) == arrived


def test_too_slow_before_the_content_sends_nothing() -> None:
    with mail_server() as (box, port):
        assert fault_of(server(port), budget=0.0).fault is MailFault.BUSY
    assert not box.messages


def test_an_address_that_smtp_cannot_carry() -> None:
    mail = Envelope("humas@kantor.example", "surél@kantor.example", CONTENT)
    with mail_server() as (_box, port), pytest.raises(SendFailed) as caught:
        send(server(port), mail, step_timeout=2, budget=6)
    assert caught.value.fault is MailFault.RECIPIENT_REFUSED


def test_what_is_shown_of_an_answer_is_short_and_printable() -> None:
    with mail_server() as (box, port):
        box.on_recipient = "550 " + "x" * 400
        failed = fault_of(server(port))
    assert len(failed.said) == 200
