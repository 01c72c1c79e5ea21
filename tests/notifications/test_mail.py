"""Mail: what is written, when it goes out, and what becomes of it when it does not."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.accounts.events import UserInvited
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.notifications import queries, services
from humasflow.notifications.enums import MailState
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage
from humasflow.notifications.services import sending
from humasflow.notifications.services.mailing import helo_name
from humasflow.outbox import runner
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from tests.factories.world import World
from tests.notifications.server import Box

pytestmark = [pytest.mark.db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]

At = Callable[[str], AbstractContextManager[None]]


def tell(world: World, *, key: str = "a", title: str = "Lelang UMKM laku semua", reason: str = "",
         kind: K = K.REVIEW_RETURNED) -> None:  # fmt: skip
    services.notify(
        [world.editor], kind, office_id=world.office.id, subject=("story", 7), key=key, title=title,
        actor_name="Penyetuju Kantor", reason=reason, story_id=7,
    )  # fmt: skip
    db.session.commit()


def mails() -> list[MailMessage]:
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


def jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == queries.MAIL_JOB).order_by(Job.id)))


def test_a_mail_says_what_is_asked_and_leads_to_exactly_that_thing(world: World, box: Box) -> None:
    tell(world, reason="Alasan yang tidak untuk layar kunci")
    assert box.messages == [], "the outbox sends, not the request"
    assert runner.run_due() == 1
    (message,) = box.messages
    assert message["From"] == "Humas Kantor Uji <humas@kantor-uji.example>"
    assert message["To"] == "editor@kantor-uji.example"
    assert message["Subject"] == "Perlu koreksi: Lelang UMKM laku semua"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].startswith("<http://localhost/surel/berhenti/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = part.get_content()
        assert "Penyetuju Kantor mengembalikan naskah ini dengan catatan untuk Anda." in text
        assert "http://localhost/naskah/7" in text
        assert "layar kunci" not in text
        assert "style" not in text
    (mail,) = mails()
    assert mail.state is MailState.SENT
    assert mail.sent_at is not None
    assert message["Message-ID"] == mail.message_id


def test_all_mails_about_one_story_are_one_thread(world: World, box: Box) -> None:
    tell(world, key="a")
    tell(world, key="b", kind=K.REVIEW_APPROVED)
    runner.run_due()
    first, second = box.messages
    assert first["References"] == second["References"] == "<story-7@kantor-uji.example>"
    assert first["Message-ID"] != second["Message-ID"]


def test_the_same_news_is_mailed_once(world: World, box: Box) -> None:
    tell(world)
    tell(world)
    runner.run_due()
    assert len(box.messages) == 1


def test_no_mail_for_who_wants_none_for_sample_people_or_for_mere_news(world: World, box: Box) -> None:
    tell(world, key="news", kind=K.PITCH_NEW)
    world.editor.wants_email = False
    tell(world, key="no")
    world.editor.wants_email, world.editor.is_sample = True, True
    tell(world, key="sample")
    assert mails() == []


def test_an_office_without_settings_sends_nothing_and_loses_nothing(world: World, in_request: None) -> None:
    tell(world)
    assert mails() == []
    assert queries.count_unread(world.editor.id) == 1


def test_a_mail_speaks_the_language_of_its_reader(world: World, box: Box, app: Flask) -> None:
    world.editor.locale = "en"
    tell(world)
    assert '<html lang="en">' in mails()[0].html
    world.editor.locale = "id"


def test_a_title_cannot_forge_a_header_or_markup(world: World, box: Box) -> None:
    tell(world, title="Judul\r\nBcc: semua@kantor.example <b>tebal</b>")
    runner.run_due()
    (message,) = box.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Perlu koreksi: Judul Bcc: semua@kantor.example <b>tebal</b>"
    html = message.get_body(("html",))
    assert html is not None
    assert "<b>tebal" not in html.get_content()


def test_without_a_public_address_no_link_is_invented(world: World, box: Box, app: Flask) -> None:
    app.config["PUBLIC_URL"] = ""
    tell(world)
    runner.run_due()
    body = box.messages[0].get_body(("plain",))
    assert body is not None
    assert "http" not in body.get_content()
    assert "Buka humasflow, lalu lihat Pemberitahuan." in body.get_content()
    assert box.messages[0]["List-Unsubscribe"] is None


def test_a_busy_server_is_asked_again_later(world: World, box: Box, at: At) -> None:
    box.on_recipient = "451 4.7.1 coba lagi nanti"
    tell(world)
    runner.run_due()
    (mail,), (job,) = mails(), jobs()
    assert (mail.state, job.state) == (MailState.QUEUED, JobState.QUEUED)
    assert queries.explain(mail.error).endswith("Jawaban server: 451 4.7.1 coba lagi nanti")
    assert runner.run_due() == 0, "not at once"
    box.on_recipient = ""
    with at((clock.now() + timedelta(minutes=5)).isoformat()):
        assert runner.run_due() == 1
    assert mails()[0].state is MailState.SENT
    assert mails()[0].error == ""


def test_a_refused_recipient_is_final_visible_and_can_be_tried_again(world: World, box: Box) -> None:
    box.on_recipient = "550 5.1.1 tidak dikenal"
    tell(world)
    runner.run_due()
    (mail,), (job,) = mails(), jobs()
    assert (mail.state, job.state, job.attempts) == (MailState.FAILED, JobState.DEAD, 1)
    assert "menolak alamat penerima" in (job.error or "")
    (line,) = queries.list_mails(world.office.id)
    assert line.problem == "Server menolak alamat penerima. Jawaban server: 550 5.1.1 tidak dikenal"
    box.on_recipient = ""
    services.resend(world.office, mail.id, actor=world.as_(world.admin))
    db.session.commit()
    runner.run_due()
    assert mails()[0].state is MailState.SENT
    assert box.messages[0]["Message-ID"] == mail.message_id


def test_tries_end_and_the_last_one_says_so(world: World, box: Box) -> None:
    box.on_sender = "421 tutup"
    tell(world)
    for _n in range(10):
        for job in jobs():
            job.due_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
        runner.run_due(limit=1)
    (mail,), (job,) = mails(), jobs()
    assert (mail.state, job.state, job.attempts) == (MailState.FAILED, JobState.DEAD, 10)


def test_wrong_settings_are_tried_rarely_so_that_no_account_gets_locked(world: World, box: Box) -> None:
    settings = queries.get_mail_settings(world.office.id)
    assert settings is not None
    settings.username = "humas"
    tell(world)
    runner.run_due()
    (job,) = jobs()
    assert job.due_at - clock.now() > timedelta(minutes=50)
    assert "nama pengguna" in queries.explain(mails()[0].error)


def test_a_crash_after_the_server_took_it_sends_the_very_same_mail_again(
    world: World, box: Box, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(world)

    def die(_prepared: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_note_sent", die)
        with pytest.raises(KeyboardInterrupt):
            runner.run_due()
    db.session.rollback()
    (mail,) = mails()
    assert mail.state is MailState.QUEUED
    assert mail.sending_at is not None, "committed before the server was called"
    with at((clock.now() + timedelta(minutes=3)).isoformat()):  # the lease is over
        runner.run_due()
    first, second = box.seen
    assert first == second, "byte for byte, Message-ID included: the receiving side can tell"
    assert mails()[0].state is MailState.SENT


def test_a_server_that_swallows_mail_without_an_answer_is_left_after_three(world: World, box: Box) -> None:
    box.break_at = "content"
    tell(world)
    for _n in range(5):
        for job in jobs():
            job.due_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
        runner.run_due(limit=1)
    assert len(box.seen) == 3
    assert mails()[0].state is MailState.FAILED
    assert "mungkin sudah sampai" in queries.explain(mails()[0].error)


def test_no_transaction_is_open_while_the_server_is_called(
    world: World, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(world)
    seen: list[bool] = []
    original = sending.smtp.send

    def look(*args: object, **kwargs: object) -> None:
        seen.append(db.session().in_transaction())
        original(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(sending.smtp, "send", look)
    runner.run_due()
    assert seen == [False]


def test_an_invitation_carries_its_secret_link_and_forgets_it(world: World, box: Box) -> None:
    url = "http://localhost/undangan/rahasia-sekali"
    emit(UserInvited(user_id=world.contributor.id, office_id=world.office.id, url=url))
    db.session.commit()
    (mail,) = mails()
    assert "rahasia-sekali" not in mail.text + mail.html + mail.subject
    runner.run_due()
    body = box.messages[0].get_body(("plain",))
    assert body is not None
    assert url in body.get_content()
    (mail,) = mails()
    assert (mail.state, mail.text, mail.html) == (MailState.SENT, "", "")


def test_a_refused_invitation_forgets_its_link_too(world: World, box: Box) -> None:
    box.on_recipient = "550 tidak dikenal"
    emit(
        UserInvited(
            user_id=world.contributor.id, office_id=world.office.id, url="http://localhost/undangan/x"
        )
    )
    db.session.commit()
    runner.run_due()
    (mail,) = mails()
    assert (mail.state, mail.text) == (MailState.FAILED, "")
    assert not queries.list_mails(world.office.id)[0].can_be_resent
    with pytest.raises(Exception, match="undangan baru"):
        services.resend(world.office, mail.id, actor=world.as_(world.admin))


def test_a_lost_key_is_said_and_not_retried(world: World, box: Box, app: Flask) -> None:
    settings = queries.get_mail_settings(world.office.id)
    assert settings is not None
    settings.username, settings.password_encrypted = "humas", "bukan-sandi-kita"
    tell(world)
    runner.run_due()
    (mail,), (job,) = mails(), jobs()
    assert (mail.state, job.state) == (MailState.FAILED, JobState.DEAD)
    assert "Ketik ulang" in queries.explain(mail.error)


@pytest.mark.parametrize(
    ("public_url", "name"),
    [
        ("https://humas.kantor.go.id", "humas.kantor.go.id"),
        ("http://127.0.0.1:8000", "kantor-uji.example"),
        ("http://[::1]:8000", "kantor-uji.example"),
        ("http://localhost", "kantor-uji.example"),
        ("", "kantor-uji.example"),
    ],
)
def test_we_greet_with_a_name_never_with_a_bare_number(
    world: World, box: Box, app: Flask, public_url: str, name: str
) -> None:
    app.config["PUBLIC_URL"] = public_url
    settings = queries.get_mail_settings(world.office.id)
    assert settings is not None
    assert helo_name(settings) == name
