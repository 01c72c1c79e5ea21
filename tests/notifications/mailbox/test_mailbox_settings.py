"""The office's mailbox on its page: kept, tried out, let go; what came in and what is held, for admins."""

from collections.abc import Callable
from pathlib import Path

import pytest

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox import imap
from humasflow.notifications.mailbox.enums import MailboxFault, Outcome
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.models import MailHold
from humasflow.outbox import runner
from tests.factories.world import World
from tests.notifications.mailbox.letters import use_mailbox
from tests.notifications.mailbox.server import PASSWORD, USER, Mailbox
from tests.notifications.server import free_port, mail_server
from tests.support.forms import form_with, send
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
URL = "/pengaturan/surel/kotak-masuk"
FILLED = {
    "host": "IMAP.Kantor.go.id", "port": "993", "security": "tls", "username": "humas", "password": "rahasia besar",
    "folder": "INBOX", "trusted_server": "mx.kantor.go.id",
}  # fmt: skip


def stored(world: World) -> MailboxSettings:
    found = db.session.get(MailboxSettings, world.office.id, populate_existing=True)
    assert found is not None
    return found


@pytest.mark.db
def test_the_password_is_encrypted_and_stays_with_its_server(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, URL, "host", FILLED)
    kept = stored(world)
    assert (kept.host, kept.takes_pitches, decrypt(kept.password_encrypted)) == (
        "imap.kantor.go.id", False, "rahasia besar",
    )  # fmt: skip
    page = admin.get(URL)
    assert "rahasia besar" not in page.html
    assert kept.password_encrypted not in page.html
    moved = send(admin, URL, "host", {"host": "imap.penyerang.example", "password": ""}, status=422)
    assert "ketik kata sandinya sekali lagi" in moved.main
    send(admin, URL, "host", {"takes_pitches": "y", "password": ""})
    assert stored(world).takes_pitches
    entry = audit.list_timeline(("mailbox_settings", world.office.id))[0]
    assert "rahasia" not in str(entry.detail)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": "imaps://imap.kantor.go.id"}, "nama servernya saja"),
        ({"port": "70000"}, "dari 1 sampai 65535"),
        ({"username": ""}, "perlu diisi"),
        ({"password": ""}, "perlu diisi"),
        ({"folder": ""}, "perlu diisi"),
        ({"folder": "Kotak é"}, "tanpa huruf beraksen"),
        ({"security": "rahasia"}, "tidak tersedia"),
    ],
)
def test_bad_input_is_named_and_keeps_the_rest(
    world: World, browser_of: BrowserOf, changes: dict[str, str], message: str
) -> None:
    page = send(browser_of(world.admin), URL, "host", FILLED | changes, status=422)
    assert message in page.main
    assert form_with(page, "host")["trusted_server"] == "mx.kantor.go.id"
    assert db.session.get(MailboxSettings, world.office.id) is None


def test_two_admins_at_once_see_both(world: World, browser_of: BrowserOf) -> None:
    first, second = browser_of(world.admin), browser_of(world.admin)
    send(first, URL, "host", FILLED)
    opened = form_with(first.get(URL), "host")
    send(second, URL, "host", {"folder": "Laporan", "password": ""})
    page = first.post(URL, opened | {"username": "lain"}, status=409)
    assert "Admin lain baru saja mengubah" in page.main
    assert form_with(page, "host")["username"] == "lain"


def test_the_test_shows_what_came_of_it(
    world: World, browser_of: BrowserOf, mailbox: Mailbox, in_request: None
) -> None:
    admin = browser_of(world.admin)
    right = FILLED | {"host": "127.0.0.1", "port": str(mailbox.port), "security": "none", "username": USER}
    send(admin, URL, "host", right | {"password": "salah"})
    assert "sedang dibuka" in admin.get(URL).main
    runner.run_due()
    assert MailboxFault.PASSWORD.label in admin.get(URL).main
    send(admin, URL, "host", {"password": PASSWORD})
    opened = form_with(admin.get(URL), "host")
    runner.run_due()
    assert "Kotak masuk dapat dibuka" in admin.client.get(URL + "/uji").get_data(as_text=True)
    send(admin, URL, "host", {}, to=URL + "/uji")
    admin.post(URL, opened | {"folder": "Tidak Ada"}), "the result did not make the open form stale"
    runner.run_due()
    assert MailboxFault.NO_FOLDER.label in admin.get(URL).main


def test_every_way_a_server_can_be_the_wrong_one(mailbox: Mailbox, tmp_path: Path) -> None:
    def fault(port: int, security: MailSecurity = MailSecurity.NONE, host: str = "127.0.0.1") -> MailboxFault:
        with (
            pytest.raises(imap.ReadFailed) as caught,
            imap.opened(imap.Box(host, port, security, USER, PASSWORD), timeout=3),
        ):
            pass
        return caught.value.fault

    assert fault(free_port()) is MailboxFault.UNREACHABLE
    assert fault(143, host="tidak-ada.invalid") is MailboxFault.UNKNOWN_HOST
    assert fault(mailbox.port, MailSecurity.STARTTLS) is MailboxFault.NO_ENCRYPTION
    assert fault(mailbox.port, MailSecurity.TLS) is MailboxFault.NOT_A_MAILBOX
    with mail_server() as (_box, port):
        assert fault(port) is MailboxFault.NOT_A_MAILBOX


def test_letting_go_keeps_the_list_and_touches_no_mail(
    world: World, browser_of: BrowserOf, mailbox: Mailbox, in_request: None
) -> None:
    use_mailbox(world, mailbox)
    mailbox.put(b"From: a@b.example\r\nSubject: Apa\r\n\r\nisi\r\n")
    admin = browser_of(world.admin)
    admin.post(URL + "/lepas", admin.get(URL).form("lepas"))
    assert db.session.get(MailboxSettings, world.office.id) is None
    assert len(mailbox.flags()) == 1


def test_only_those_who_manage_the_office(world: World, other_world: World, browser_of: BrowserOf) -> None:
    for user in (world.editor, world.contributor, world.lead, world.approver):
        for url in (URL, "/pengaturan/surel/masuk"):
            browser_of(user).get(url, status=403)
    hold = MailHold(
        office_id=world.office.id, address="a@b.example", fault="bounced_address", since=clock.now()
    )
    db.session.add(hold)
    db.session.commit()
    browser_of(other_world.admin).post(f"/pengaturan/surel/alamat/{hold.id}/coba-lagi", status=404)
    db.session.refresh(hold)
    assert hold.released_at is None


def test_a_held_address_is_seen_with_the_person_and_can_be_tried_again(
    world: World, browser_of: BrowserOf
) -> None:
    db.session.add(
        MailHold(
            office_id=world.office.id, address=world.editor.email, fault="bounced_address 5.1.1 550 tidak ada",
            since=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    admin = browser_of(world.admin)
    assert "Surel terpental" in admin.get("/pengaturan/pengguna").main
    person = admin.get(f"/pengaturan/pengguna/{world.editor.id}")
    assert f"Surel ke {world.editor.email} terpental" in person.main
    page = admin.get("/pengaturan/surel")
    assert world.editor.name in page.main
    admin.post(_action(page), page.form("coba-lagi"))
    assert "Surel terpental" not in admin.get("/pengaturan/pengguna").main


def _action(page: Page) -> str:
    found = page.soup.select_one("form[action$='coba-lagi']")
    assert found is not None
    return str(found["action"])


def test_a_long_list_is_paged_and_narrowed(world: World, browser_of: BrowserOf) -> None:
    for number in range(1, 71):
        db.session.add(
            IncomingMail(
                office_id=world.office.id, box=1, uid_validity=1, uid=number, message_id=f"<{number}@x.example>", size=1,
                from_address="a" * 60 + "@contoh.example", subject="Perihal yang panjang sekali " * 8,
                outcome=Outcome.UNKNOWN_SENDER if number % 2 else Outcome.AUTOMATIC, seen_at=clock.now(),
            )
        )  # fmt: skip
    db.session.commit()
    admin = browser_of(world.admin)
    page = admin.get("/pengaturan/surel/masuk")
    assert len(page.soup.select("tbody tr")) == 30
    following = page.soup.select_one("a[rel=next]")
    assert following is not None
    assert len(admin.get(str(following["href"])).soup.select("tbody tr")) == 30
    only = admin.get("/pengaturan/surel/masuk?hasil=automatic")
    assert "Pengirim tidak dikenal" not in only.soup.select_one("tbody").get_text()  # type: ignore[union-attr]
    assert admin.get("/pengaturan/surel/masuk?hasil=karangan").soup.select("tbody tr")
