"""Mail that comes back: whose it was, what it means for the address, and that nobody can forge it."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications import queries, services
from humasflow.notifications.composing import Letter
from humasflow.notifications.enums import MailState, NoticeKind
from humasflow.notifications.mailbox.enums import MailboxFault, Outcome
from humasflow.notifications.mailbox.models import MailboxSettings
from humasflow.notifications.mailbox.services import reading
from humasflow.notifications.models import MailHold, Notification
from humasflow.notifications.services.holding import follow_people, is_held, release
from humasflow.notifications.services.mailing import queue_mail
from humasflow.outbox import runner
from tests.factories.world import World
from tests.notifications.conftest import use_server
from tests.notifications.mailbox.letters import read, report, sent, taken, use_mailbox
from tests.notifications.mailbox.server import Mailbox
from tests.notifications.server import Box

pytestmark = pytest.mark.db
ADDRESS = "editor@kantor-uji.example"


def mail_to(world: World, key: str = "a", to: str = ADDRESS) -> str:
    """A mail that went out; its Message-ID."""
    settings = queries.get_mail_settings(world.office.id)
    assert settings is not None
    mail = queue_mail(
        settings,
        to=to,
        user_id=world.editor.id,
        key=f"uji:{key}",
        letter=Letter("Perihal", "isi", "<p>isi</p>"),
    )
    message_id = mail.message_id
    db.session.commit()
    runner.run_due()
    return message_id


def test_a_bounce_marks_the_mail_holds_the_address_and_tells_the_admins_once(
    world: World, box: Box, mailbox: Mailbox
) -> None:
    use_mailbox(world, mailbox)
    first, second = mail_to(world, "a"), mail_to(world, "b")
    mailbox.put(report(first, ADDRESS), report(second, ADDRESS))
    assert read(world) == 2
    assert [m.state for m in sent()] == [MailState.BOUNCED, MailState.BOUNCED]
    line = queries.list_mails(world.office.id)[0]
    assert line.problem.startswith("Alamat ini tidak ada atau tidak dapat menerima surel lagi.")
    assert "550 5.1.1 User unknown" in line.problem
    assert line.person == world.editor.name
    assert [t.outcome for t in taken()] == [Outcome.BOUNCE, Outcome.BOUNCE]
    told = db.session.query(Notification).filter_by(kind=NoticeKind.ADDRESS_BOUNCED).all()
    assert [n.user_id for n in told] == [world.admin.id]
    assert ADDRESS in queries.Notice(1, told[0].kind, told[0].params, told[0].created_at, None).sentence
    assert all("Seen" in flags for flags in mailbox.flags())


def test_further_mail_waits_until_an_admin_says_try_again(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS))
    read(world)
    mail_to(world, "b")
    assert len(box.messages) == 1, "held, not sent"
    line = queries.list_mails(world.office.id)[0]
    assert (line.state, line.problem) == (
        MailState.HELD, "Tidak dikirim karena surel ke alamat ini pernah terpental.",
    )  # fmt: skip
    hold = db.session.query(MailHold).one()
    release(world.office, hold.id, actor=world.as_(world.admin))
    release(world.office, hold.id, actor=world.as_(world.admin))
    db.session.commit()
    runner.run_due()
    assert len(box.messages) == 2
    assert sent()[1].state is MailState.SENT
    mail_to(world, "c")
    assert len(box.messages) == 3


def test_a_new_address_gets_what_waited(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS))
    read(world)
    mail_to(world, "b")
    assert follow_people() == 0
    world.editor.email = "baru@kantor-uji.example"
    db.session.commit()
    assert follow_people() == 1
    db.session.commit()
    runner.run_due()
    assert box.messages[-1]["To"] == "baru@kantor-uji.example"


def test_what_waited_for_a_week_is_no_news_any_more(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS))
    read(world)
    mail_to(world, "b")
    sent()[1].created_at = clock.now() - timedelta(days=8)
    db.session.commit()
    release(world.office, db.session.query(MailHold).one().id, actor=world.as_(world.admin))
    db.session.commit()
    runner.run_due()
    assert len(box.messages) == 1
    assert sent()[1].state is MailState.FAILED


@pytest.mark.parametrize(
    ("action", "status", "state", "words", "held"),
    [
        ("delayed", "4.4.1", MailState.SENT, "masih mencoba", False),
        ("failed", "5.2.2", MailState.BOUNCED, "penuh", False),
        ("failed", "4.4.7", MailState.BOUNCED, "menolak", False),
        ("failed", "5.7.1", MailState.BOUNCED, "menolak", False),
        ("failed", "5.1.10", MailState.BOUNCED, "tidak ada", True),
        ("delivered", "2.0.0", MailState.SENT, "", False),
    ],
)
def test_not_every_report_is_about_the_address(
    world: World,
    box: Box,
    mailbox: Mailbox,
    action: str,
    status: str,
    state: MailState,
    words: str,
    held: bool,
) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS, action=action, status=status, said="smtp; kata server"))
    read(world)
    (mail,) = sent()
    assert mail.state is state
    assert words in queries.explain(mail.error)
    assert is_held(world.office.id, ADDRESS) is held


def test_an_address_that_our_own_server_does_not_know_is_held_too(world: World, box: Box) -> None:
    box.on_recipient = "550 5.1.1 tidak dikenal"
    mail_to(world)
    assert is_held(world.office.id, ADDRESS)
    box.on_recipient = "550 5.7.1 tidak boleh"
    mail_to(world, "b", to="lain@kantor-uji.example")
    assert not is_held(world.office.id, "lain@kantor-uji.example")


def test_a_forged_bounce_touches_no_other_office(
    world: World, other_world: World, box: Box, post_office: tuple[Box, int], mailbox: Mailbox
) -> None:
    use_server(other_world, post_office[1])
    theirs = queries.get_mail_settings(other_world.office.id)
    assert theirs is not None
    mail = queue_mail(
        theirs, to="x@lain.example", user_id=None, key="lain", letter=Letter("P", "i", "<p>i</p>")
    )
    message_id = mail.message_id
    db.session.commit()
    runner.run_due()
    use_mailbox(world, mailbox)
    mailbox.put(report(message_id, "x@lain.example"), report("<ditebak@kantor-uji.example>", ADDRESS))
    assert read(world) == 2
    assert [t.outcome for t in taken()] == [Outcome.FOREIGN_BOUNCE, Outcome.FOREIGN_BOUNCE]
    assert [m.state for m in sent()] == [MailState.SENT]
    assert not is_held(other_world.office.id, "x@lain.example")
    assert all("Seen" not in flags for flags in mailbox.flags()), "somebody else may have to read it"


def test_what_was_forwarded_and_lost_says_nothing_bad_of_the_address(
    world: World, box: Box, mailbox: Mailbox
) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), "pribadi@lain.example"))
    read(world)
    assert sent()[0].state is MailState.BOUNCED
    assert not is_held(world.office.id, ADDRESS)


def test_a_server_that_reports_in_words(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    message_id = mail_to(world)
    old = EmailMessage()
    old["From"], old["To"] = "MAILER-DAEMON@qmail.example", "humas@kantor-uji.example"
    old["Subject"], old["Message-ID"] = "failure notice", "<q1@qmail.example>"
    old.set_content(
        f"Hi. This is the qmail-send program.\n\n<{ADDRESS}>:\n550 5.1.1 no such user here\n\n"
        f"--- Below this line is a copy of the message.\n\nTo: {ADDRESS}\nMessage-ID: {message_id}\n\nisi\n"
    )
    mailbox.put(old.as_bytes())
    read(world)
    assert sent()[0].state is MailState.BOUNCED
    assert is_held(world.office.id, ADDRESS)


def test_nothing_is_read_twice_also_when_the_server_numbers_anew(
    world: World, box: Box, mailbox: Mailbox
) -> None:
    use_mailbox(world, mailbox)
    message_id = mail_to(world)
    mailbox.put(report(message_id, ADDRESS))
    assert (read(world), read(world)) == (1, 0)
    release(world.office, db.session.query(MailHold).one().id, actor=world.as_(world.admin))
    settings = db.session.get(MailboxSettings, world.office.id)
    assert settings is not None
    db.session.commit()
    settings.uid_validity = taken()[0].uid_validity + 1  # it comes back to the numbers it had
    db.session.commit()
    assert read(world) == 0
    taken()[0].uid_validity = settings.uid_validity = 7  # it has other numbers now
    db.session.commit()
    assert read(world) == 1, "looked at again"
    assert not is_held(world.office.id, ADDRESS), "and nothing happens a second time"


def test_two_workers_take_one_mail_once(
    world: World, box: Box, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS))
    take = reading.take
    results = []

    def twice(found: object) -> object:
        results.extend([take(found), take(found)])  # type: ignore[arg-type]
        return results[0]

    monkeypatch.setattr(reading, "take", twice)
    read(world)
    assert results == [Outcome.BOUNCE, None]
    assert len(taken()) == 1


def test_what_lay_in_the_mailbox_before_is_left_alone(world: World, box: Box, mailbox: Mailbox) -> None:
    mailbox.put(report(mail_to(world), ADDRESS))
    use_mailbox(world, mailbox)
    assert read(world) == 0
    assert sent()[0].state is MailState.SENT


def test_a_mailbox_that_is_away_says_so_and_loses_nothing(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(report(mail_to(world), ADDRESS))
    settings = db.session.get(MailboxSettings, world.office.id)
    assert settings is not None
    settings.port = 1
    db.session.commit()
    assert read(world) == 0
    assert settings.fault is MailboxFault.UNREACHABLE
    settings.port = mailbox.port
    db.session.commit()
    assert read(world) == 1
    db.session.refresh(settings)
    assert settings.fault is None


def test_a_test_mail_goes_to_a_held_address_too(world: World, box: Box) -> None:
    db.session.add(
        MailHold(
            office_id=world.office.id, address=world.admin.email, fault="bounced_address", since=clock.now()
        )
    )
    services.queue_test(world.office, actor=world.as_(world.admin))
    db.session.commit()
    runner.run_due()
    assert len(box.messages) == 1
