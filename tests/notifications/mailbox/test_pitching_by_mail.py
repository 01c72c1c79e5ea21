"""A mail to the office's address becomes a pitch: whose, when, with what, and when not."""

import base64
import re
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.models import MailboxSettings
from humasflow.notifications.mailbox.services import prune, taking
from humasflow.notifications.mailbox.services.taking import Found
from humasflow.outbox import runner
from humasflow.pitches.models import Pitch
from tests.factories.world import World
from tests.media.files import jpeg
from tests.notifications.mailbox.letters import TRUSTED, letter, read, taken, use_mailbox
from tests.notifications.mailbox.server import Mailbox
from tests.notifications.server import Box
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
WHO = "contributor@kantor-uji.example"


@pytest.fixture
def desk(world: World, box: Box, mailbox: Mailbox) -> Mailbox:
    """The office takes pitches by mail, and trusts its server's word."""
    use_mailbox(world, mailbox, takes_pitches=True, trusted_server=TRUSTED)
    return mailbox


def pitches() -> list[Pitch]:
    db.session.rollback()
    return db.session.query(Pitch).order_by(Pitch.id).all()


def outcomes() -> list[Outcome]:
    return [t.outcome for t in taken()]


def words(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_genuine_mail_becomes_a_pitch_and_is_answered_with_a_link(
    world: World, desk: Mailbox, box: Box
) -> None:
    mail = letter(WHO, genuine=True, subject="Re: Fwd: Lelang UMKM laku semua")
    desk.put(mail.as_bytes())
    assert read(world) == 1
    (pitch,) = pitches()
    assert (pitch.title, pitch.author_id, pitch.office_id) == (
        "Lelang UMKM laku semua", world.contributor.id, world.office.id,
    )  # fmt: skip
    assert pitch.section_id == world.section.id
    assert pitch.what == "Kemarin di aula, 12 peserta."
    (row,) = taken()
    assert (row.outcome, row.pitch_id, row.user_id) == (Outcome.PITCH, pitch.id, world.contributor.id)
    runner.run_due()
    answer = next(m for m in box.messages if m["To"] == WHO)
    assert answer["In-Reply-To"] == mail["Message-ID"]
    assert answer["List-Unsubscribe"] is None, "an answer is needed mail"
    assert f"http://localhost/usulan/{pitch.id}" in words(answer)
    assert "Seen" in desk.flags()[0]


def test_attachments_go_into_the_library_and_refused_ones_are_named(
    world: World, desk: Mailbox, box: Box
) -> None:
    mail = letter(WHO, genuine=True)
    mail.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="aula.jpg")
    mail.add_attachment(b"MZ" + b"\0" * 500, maintype="image", subtype="jpeg", filename="foto.jpg.exe")
    mail.add_attachment(
        b"<svg onload='alert(1)'/>", maintype="image", subtype="svg+xml", filename="gambar.svg"
    )
    desk.put(mail.as_bytes())
    read(world)
    (pitch,) = pitches()
    (photo,) = pitch.photos
    assert photo.asset.filename == "aula.jpg"
    assert photo.asset.uploaded_by == world.contributor.id
    runner.run_due()
    answer = words(next(m for m in box.messages if m["To"] == WHO))
    assert "1 lampiran disimpan" in answer
    assert "foto.jpg.exe:" in answer
    assert "gambar.svg:" in answer
    assert "gambar.svg:" in taken()[0].detail


def test_a_thousand_attachments(world: World, desk: Mailbox, box: Box) -> None:
    mail = letter(WHO, genuine=True)
    for number in range(1000):
        mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=f"{number}.bin")
    desk.put(mail.as_bytes())
    read(world)
    assert len(pitches()) == 1
    assert "980 lampiran lagi tidak diolah." in taken()[0].detail
    assert db.session.query(Asset).count() == 0


def test_without_the_servers_word_the_sender_is_asked_first(
    world: World, desk: Mailbox, box: Box, app: Flask
) -> None:
    desk.put(letter(WHO).as_bytes())
    read(world)
    assert (pitches(), outcomes()) == ([], [Outcome.WAITING])
    runner.run_due()
    (asked,) = box.messages
    found = re.search(r"http://localhost(/surel/usulan/\S+)", words(asked))
    assert found
    browser = Browser(app)
    page = browser.get(found[1])
    assert "Lelang UMKM laku semua" in page.main
    assert outcomes() == [Outcome.WAITING], "a GET changes nothing"
    browser.post(found[1], page.form(found[1]))
    assert outcomes() == [Outcome.CONFIRMED]
    browser.post(found[1], page.form(found[1]))
    runner.run_due()
    (pitch,) = pitches()
    assert (pitch.title, pitch.author_id) == ("Lelang UMKM laku semua", world.contributor.id)
    assert outcomes() == [Outcome.PITCH]
    assert "Terima kasih" in browser.get(found[1]).main
    runner.run_due()
    assert sum(m["To"] == WHO for m in box.messages) == 2, "the question, and the answer"


def test_a_link_ends_and_a_made_up_one_leads_nowhere(
    world: World, desk: Mailbox, box: Box, app: Flask
) -> None:
    desk.put(letter(WHO).as_bytes())
    read(world)
    runner.run_due()
    found = re.search(r"http://localhost(/surel/usulan/\S+)", words(box.messages[0]))
    assert found
    taken()[0].expires_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    browser = Browser(app)
    assert "tidak berlaku" in browser.get(found[1], status=404).main
    assert "tidak berlaku" in browser.get("/surel/usulan/karangan", status=404).main
    prune()
    db.session.commit()
    assert outcomes() == [Outcome.EXPIRED]


def test_a_confirmed_mail_that_is_gone_says_so(world: World, desk: Mailbox, box: Box, app: Flask) -> None:
    desk.put(letter(WHO).as_bytes())
    read(world)
    runner.run_due()
    found = re.search(r"http://localhost(/surel/usulan/\S+)", words(box.messages[0]))
    assert found
    there = desk.connect()
    there.store("1", "+FLAGS", r"(\Deleted)")
    there.expunge()
    there.logout()
    browser = Browser(app)
    browser.post(found[1], browser.get(found[1]).form(found[1]))
    runner.run_due()
    assert (pitches(), outcomes()) == ([], [Outcome.GONE])


@pytest.mark.parametrize(
    "results",
    [
        "mx.penyerang.example; dmarc=pass header.from=kantor-uji.example",
        f"{TRUSTED}; dmarc=fail header.from=kantor-uji.example",
        f"{TRUSTED}; spf=pass smtp.mailfrom=lain.example",
        f"{TRUSTED}; spf=pass smtp.mailfrom=penyerang@kantor-uji.example",
        f"{TRUSTED}; dkim=pass header.d=lain.example",
        f"{TRUSTED}; dkim=pass (header.d=kantor-uji.example) header.d=lain.example",
        f"{TRUSTED}.penyerang.example; dmarc=pass header.from=kantor-uji.example",
        f"({TRUSTED}; dmarc=pass header.from=kantor-uji.example",
        "",
    ],
)
def test_who_is_not_vouched_for_is_asked(world: World, desk: Mailbox, results: str) -> None:
    mail = letter(WHO)
    if results:
        mail["Authentication-Results"] = results
    # What an attacker writes stands below what the last server wrote.
    forged = mail.as_bytes() if results else b"X-Apa: saja\r\n" + mail.as_bytes()
    desk.put(forged)
    read(world)
    assert (pitches(), outcomes()) == ([], [Outcome.WAITING])


def test_a_forged_result_below_that_of_our_server_does_not_count(world: World, desk: Mailbox) -> None:
    genuine = letter(WHO, genuine=True).as_bytes()
    desk.put(
        f"Authentication-Results: {TRUSTED}; dmarc=fail header.from=kantor-uji.example\r\n".encode() + genuine
    )
    read(world)
    assert outcomes() == [Outcome.WAITING]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Precedence": "auto_reply"}, {"X_Loop": "apa saja"},
        {"List_Id": "<milis.kantor-uji.example>"}, {"Return_Path": "<>"}, {"Precedence": "List"}, {"X_Autoreply": "yes"},
        {"Auto_Submitted": "Auto-Notified; owner-email=a@b.example"}, {"X_Autorespond": "Saya cuti"},
    ],
)  # fmt: skip
def test_what_a_program_wrote_is_never_answered(
    world: World, desk: Mailbox, box: Box, headers: dict[str, str]
) -> None:
    desk.put(letter(WHO, genuine=True, **headers).as_bytes())
    read(world)
    runner.run_due()
    assert (pitches(), outcomes(), box.messages) == ([], [Outcome.AUTOMATIC], [])


def test_a_header_that_says_a_person_wrote_it_changes_nothing(world: World, desk: Mailbox) -> None:
    desk.put(letter(WHO, genuine=True, Auto_Submitted="no", Precedence="normal").as_bytes())
    read(world)
    assert (len(pitches()), outcomes()) == (1, [Outcome.PITCH])


def test_our_own_mail_coming_back_is_no_pitch(world: World, desk: Mailbox, box: Box) -> None:
    desk.put(letter("humas@kantor-uji.example", genuine=True).as_bytes())
    desk.put(letter("Humas@Kantor-Uji.EXAMPLE", genuine=True, number=2).as_bytes())
    read(world)
    assert outcomes() == [Outcome.AUTOMATIC] * 2


def test_what_we_answer_ends_here_whatever_sends_it_back(world: World, desk: Mailbox, box: Box) -> None:
    """A rule that redirects everything, one that sends it on under the person's own name, and one that answers."""
    desk.put(letter(WHO, genuine=True).as_bytes())
    read(world)
    runner.run_due()
    (ours,) = box.messages
    redirected = ours.as_bytes()
    kept = [line for line in redirected.split(b"\n") if not line.startswith((b"From:", b"Message-ID:"))]
    under_their_name = b"From: " + WHO.encode() + b"\nMessage-ID: <lain@ponsel.example>\n" + b"\n".join(kept)
    answered = letter(
        WHO, genuine=True, subject="Re: diterima", In_Reply_To=str(ours["Message-ID"])
    ).as_bytes()
    desk.put(redirected, under_their_name, answered)
    read(world)
    runner.run_due()
    assert outcomes() == [Outcome.PITCH, Outcome.AUTOMATIC, Outcome.AUTOMATIC, Outcome.REPLY]
    assert len(pitches()) == 1
    assert len(box.messages) == 2, "only the person who answered hears of it"


def test_an_unknown_sender_gets_no_answer_but_is_seen(
    world: World, other_world: World, desk: Mailbox, box: Box, browser_of: BrowserOf
) -> None:
    desk.put(
        letter("orang@luar.example", genuine=True).as_bytes(),
        letter(other_world.editor.email, genuine=True).as_bytes(),
        letter("a@b.example, " + WHO, genuine=True).as_bytes(),
    )
    read(world)
    runner.run_due()
    assert outcomes() == [Outcome.UNKNOWN_SENDER] * 3
    assert (pitches(), box.messages) == ([], [])
    page = browser_of(world.admin).get("/pengaturan/surel/masuk")
    assert "orang@luar.example" in page.main
    assert "Pengirim tidak dikenal" in page.main
    assert "orang@luar.example" not in browser_of(other_world.admin).get("/pengaturan/surel/masuk").main


def test_somebody_who_was_disabled_is_unknown(world: World, desk: Mailbox) -> None:
    world.contributor.is_active = False
    db.session.commit()
    desk.put(letter(WHO, genuine=True).as_bytes())
    read(world)
    assert outcomes() == [Outcome.UNKNOWN_SENDER]


def test_a_reply_to_our_mail_is_no_pitch_and_says_where_to_answer(
    world: World, desk: Mailbox, box: Box
) -> None:
    desk.put(letter(WHO, genuine=True, In_Reply_To="<story-7@kantor-uji.example>").as_bytes())
    read(world)
    runner.run_due()
    assert (pitches(), outcomes()) == ([], [Outcome.REPLY])
    assert "tidak dibaca" in words(box.messages[0])


def test_40_mb_are_refused_with_an_answer_and_never_loaded(world: World, desk: Mailbox, box: Box) -> None:
    """A real one on a real server: what is read of it is its header."""
    line = b"a" * 76 + b"\r\n"
    desk.put(letter(WHO, genuine=True).as_bytes() + line * (40 * 1024 * 1024 // len(line) + 1))
    tracemalloc.start()
    read(world)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    runner.run_due()
    assert (outcomes(), pitches()) == ([Outcome.TOO_LARGE], [])
    assert most < 5 * 1024 * 1024, most
    assert "Surel ini 40 MB; paling besar 25 MB." in words(box.messages[0])


def test_answers_to_one_person_end(world: World, desk: Mailbox, box: Box) -> None:
    """Two programs that answer each other and hide it: five answers an hour, then silence."""
    for number in range(8):
        desk.put(letter(WHO, subject=f"Halo {number}", number=number).as_bytes())
    read(world)
    runner.run_due()
    assert len(box.messages) == 5
    assert outcomes() == [Outcome.WAITING] * 5 + [Outcome.TOO_MANY] * 3


def test_more_pitches_than_anybody_writes(
    world: World, desk: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "PITCHES_AN_HOUR", 2)
    desk.put(*(letter(WHO, genuine=True, subject=f"Kabar {n}", number=n).as_bytes() for n in range(3)))
    read(world)
    assert outcomes() == [Outcome.PITCH, Outcome.PITCH, Outcome.TOO_MANY]


def test_the_same_mail_by_two_ways_is_one_pitch(world: World, desk: Mailbox) -> None:
    mail = letter(WHO, genuine=True).as_bytes()
    desk.put(mail, mail)
    read(world)
    assert len(pitches()) == 1
    assert outcomes() == [Outcome.PITCH, Outcome.AUTOMATIC]


def test_html_with_scripts_becomes_plain_words(world: World, desk: Mailbox, browser_of: BrowserOf) -> None:
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{TRUSTED}; dmarc=pass header.from=kantor-uji.example"
    mail["From"], mail["Subject"] = WHO, "<script>alert(1)</script> Lelang"
    mail["Message-ID"] = "<h@ponsel.example>"
    mail.set_content(
        "<style>p{}</style><div>Satu</div><div>Dua <b onclick='x()'>tebal</b></div><script>alert('canary')</script>"
        "<img src=x onerror=alert(2)><a href='javascript:alert(3)'>tautan</a>", subtype="html",
    )  # fmt: skip
    desk.put(mail.as_bytes())
    read(world)
    (pitch,) = pitches()
    assert pitch.what.splitlines()[0] == "Satu"
    assert "Dua tebal" in pitch.what
    assert "canary" not in pitch.what
    assert "javascript" not in pitch.what
    page = browser_of(world.editor).get(f"/usulan/{pitch.id}")
    assert "<script>alert(1)" not in page.html


@pytest.mark.parametrize(("text", "title"), [("Baris pertama\nlagi\n", "Baris pertama"), ("  \n", "")])
def test_a_mail_without_a_subject(world: World, desk: Mailbox, box: Box, text: str, title: str) -> None:
    desk.put(letter(WHO, genuine=True, subject="", text=text).as_bytes())
    read(world)
    runner.run_due()
    if title:
        assert [p.title for p in pitches()] == [title]
    else:
        assert (pitches(), outcomes()) == ([], [Outcome.NO_TITLE])
        assert "baris perihal" in words(box.messages[0])


def test_off_by_default(world: World, box: Box, mailbox: Mailbox) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(letter(WHO, genuine=True).as_bytes())
    read(world)
    runner.run_due()
    assert (pitches(), outcomes(), box.messages) == ([], [Outcome.NOT_WANTED], [])


def _nested(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return f"From: {WHO}\r\nSubject: Bom\r\nMessage-ID: <bom{depth}@x.example>\r\n{head}\r\nisi".encode()


HOSTILE = {
    "nested": _nested(1000),
    "nested a little": _nested(40),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x",
    "nothing": b"",
    "no header": b"\r\n\r\nisi saja",
    "noise": bytes(range(256)) * 500,
    "wrong charset": b"From: " + WHO.encode() + b"\r\nSubject: =?tidak-ada?B?xx?=\r\n"
    b'Content-Type: text/plain; charset="tidak-ada"\r\n\r\n\xff\xfe apa',
    "broken base64": b"From: " + WHO.encode() + b"\r\nSubject: =?utf-8?B?a?=\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename*=x'y'%zz\r\n\r\n!!!",
    "a report of nothing": b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\n'
    b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--x--",
    "two authors": b"From: a@b.example\r\nFrom: " + WHO.encode() + b"\r\nSubject: Dua\r\n\r\nisi",
    "a header of a megabyte": b"Subject: " + b"a" * 1_000_000 + b"\r\n\r\nisi",
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_mail_stops_nothing(world: World, desk: Mailbox, what: str) -> None:
    settings = db.session.get(MailboxSettings, world.office.id)
    assert settings is not None
    assert settings.uid_validity is not None
    # Not through the server: some of these it cannot hold itself.
    for number, raw in enumerate(
        (HOSTILE[what], letter(WHO, genuine=True).as_bytes()), settings.last_uid + 1
    ):
        found = Found(world.office.id, settings.box, settings.uid_validity, number, len(raw), raw)
        db.session.rollback()
        assert taking.take(found) is not None
    assert [p.title for p in pitches()][-1] == "Lelang UMKM laku semua", "the next one is taken all the same"
    assert len(pitches()) == 1


def test_what_breaks_the_handling_is_noted_and_passed_over(
    world: World, desk: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(taking, "make_pitch", fails)
        desk.put(letter(WHO, genuine=True).as_bytes())
        assert read(world) == 1
    assert outcomes() == [Outcome.UNREADABLE]
    assert read(world) == 0


def test_a_name_in_another_alphabet(world: World, desk: Mailbox) -> None:
    raw = (
        f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=kantor-uji.example\r\n"
        f"From: {WHO}\r\nMessage-ID: <1252@x.example>\r\nSubject: =?iso-8859-1?Q?Caf=E9?= dibuka\r\n"
        'Content-Type: text/plain; charset="windows-1252"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    ).encode() + base64.b64encode("Harga €5".encode("cp1252"))
    desk.put(raw)
    read(world)
    (pitch,) = pitches()
    assert (pitch.title, pitch.what) == ("Café dibuka", "Harga €5")
