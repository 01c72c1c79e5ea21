"""Mail settings as an admin fills them in, and the test mail."""

from collections.abc import Callable

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications import queries
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.outbox import runner
from tests.factories.world import World
from tests.notifications.conftest import use_server
from tests.notifications.server import PASSWORD, USER, Box, mail_server
from tests.support.forms import form_with, send
from tests.support.page import Browser

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

BrowserOf = Callable[[User], Browser]
URL = "/pengaturan/surel"
FILLED = {
    "host": "SMTP.Kantor.go.id", "port": "587", "security": "starttls", "username": "humas@kantor.go.id",
    "password": "rahasia besar", "from_address": "humas@kantor.go.id", "from_name": "Humas",
}  # fmt: skip


def stored(world: World) -> MailSettings:
    found = db.session.get(MailSettings, world.office.id, populate_existing=True)
    assert found is not None
    return found


@pytest.mark.db
def test_the_password_is_encrypted_and_never_comes_back(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, URL, "host", FILLED)
    settings = stored(world)
    assert settings.host == "smtp.kantor.go.id"
    assert "rahasia" not in settings.password_encrypted
    assert decrypt(settings.password_encrypted) == "rahasia besar"
    page = admin.get(URL)
    assert "rahasia besar" not in page.html
    assert settings.password_encrypted not in page.html
    send(admin, URL, "host", {"from_name": "Humas Kantor", "password": ""})
    assert decrypt(stored(world).password_encrypted) == "rahasia besar", "blank keeps it"
    entry = audit.list_timeline(("mail_settings", world.office.id))[0]
    assert entry.action is AuditAction.MAIL_SETTINGS_CHANGED
    assert entry.detail["host"] == "smtp.kantor.go.id"
    assert "rahasia" not in str(entry.detail)


def test_a_stored_password_is_not_sent_to_another_server(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, URL, "host", FILLED)
    page = send(admin, URL, "host", {"host": "smtp.penyerang.example", "password": ""}, status=422)
    assert "ketik kata sandinya sekali lagi" in page.main
    assert stored(world).host == "smtp.kantor.go.id"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": "https://smtp.kantor.go.id"}, "nama servernya saja"),
        ({"host": ""}, "perlu diisi"),
        ({"port": "99999"}, "dari 1 sampai 65535"),
        ({"port": "lima"}, "dari 1 sampai 65535"),
        ({"port": ""}, "perlu diisi"),
        ({"security": "rahasia"}, "tidak tersedia"),
        ({"from_address": "humas"}, "belum lengkap"),
        ({"from_address": "a..b@kantor.go.id"}, "tidak dapat dipakai sebagai pengirim"),
        ({"from_name": "x" * 121}, "Paling panjang 120"),
    ],
)
def test_bad_input_is_named_and_keeps_the_rest(
    world: World, browser_of: BrowserOf, changes: dict[str, str], message: str
) -> None:
    admin = browser_of(world.admin)
    page = send(admin, URL, "host", FILLED | changes, status=422)
    assert message in page.main
    kept = form_with(page, "host")
    assert kept["username"] == FILLED["username"]
    assert kept["password"] == ""
    assert queries.get_mail_settings(world.office.id) is None


def test_two_admins_at_once_see_both(world: World, browser_of: BrowserOf) -> None:
    first, second = browser_of(world.admin), browser_of(world.admin)
    send(first, URL, "host", FILLED)
    opened = form_with(first.get(URL), "host")
    send(second, URL, "host", {"from_name": "Humas Satu"})
    page = first.post(URL, opened | {"from_address": "berita@kantor.go.id"}, status=409)
    assert "Admin lain baru saja mengubah" in page.main
    assert form_with(page, "host")["from_address"] == "berita@kantor.go.id"
    first.post(URL, form_with(page, "host"))
    assert stored(world).from_address == "berita@kantor.go.id"


def test_the_test_mail_arrives_and_the_page_says_so(world: World, box: Box, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    assert "Belum pernah diuji" in admin.get(URL).main
    opened = form_with(admin.get(URL), "host")
    send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
    waiting = admin.get(URL)
    assert "sedang dikirim ke admin@kantor-uji.example" in waiting.main
    assert waiting.soup.select("[data-refresh] [data-pending]")
    assert "sedang tidak berjalan" in waiting.main, "nobody has seen a worker"
    runner.run_due()
    assert box.messages[0]["To"] == "admin@kantor-uji.example"
    status = admin.client.get("/pengaturan/surel/uji").get_data(as_text=True)
    assert "Surel uji diterima server" in status
    assert "data-pending" not in status
    admin.post(URL, opened | {"from_name": "Humas"}), "the result did not make the open form stale"
    assert stored(world).tested_at is None, "what was tested is not what stands there now"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"on_recipient": "550 5.1.1 tidak dikenal"}, "Server menolak alamat penerima."),
        ({"on_sender": "550 5.7.1 bukan milik Anda"}, "Server menolak alamat pengirim."),
        ({"on_content": "451 4.3.0 penuh"}, "Server sedang sibuk"),
    ],
)
def test_a_refused_test_says_why_and_is_tried_once(
    world: World, box: Box, browser_of: BrowserOf, answer: dict[str, str], sentence: str
) -> None:
    for name, value in answer.items():
        setattr(box, name, value)
    admin = browser_of(world.admin)
    send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
    runner.run_due()
    page = admin.get(URL)
    assert "Surel uji belum berhasil dikirim" in page.main
    assert sentence in page.main
    assert runner.run_due() == 0


def test_a_wrong_password_nobody_there_and_a_wrong_name(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    admin = browser_of(world.admin)
    with mail_server(with_auth=True) as (_box, port):
        use_server(world, port, username=USER, password="salah")
        send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
        runner.run_due()
        assert "menolak nama pengguna atau kata sandi" in admin.get(URL).main
        use_server(world, port, username=USER, password=PASSWORD)
        send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
        runner.run_due()
        assert "Surel uji diterima server" in admin.get(URL).main
    use_server(world, port, security=MailSecurity.NONE)
    send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
    runner.run_due()
    assert "tidak dapat dihubungi" in admin.get(URL).main


def test_testing_without_settings_says_what_to_do_first(world: World, browser_of: BrowserOf) -> None:
    page = send(browser_of(world.admin), URL, "host", {}, to="/pengaturan/surel/uji", status=422)
    assert "Simpan dahulu pengaturan surel" in page.main


def test_a_failed_mail_is_on_the_page_and_can_be_sent_again(
    world: World, box: Box, browser_of: BrowserOf
) -> None:
    box.on_recipient = "550 tidak dikenal"
    admin = browser_of(world.admin)
    send(admin, URL, "host", {}, to="/pengaturan/surel/uji")
    runner.run_due()
    page = admin.get(URL)
    assert "Gagal terkirim" in page.main
    box.on_recipient = ""
    mail = db.session.query(MailMessage).one()
    admin.post(f"/pengaturan/surel/{mail.id}/kirim-ulang", page.form("kirim-ulang"))
    runner.run_due()
    assert len(box.messages) == 1
    assert "Terkirim" in admin.get(URL).main


def test_only_those_who_manage_the_office_and_only_their_own_mails(
    world: World, other_world: World, box: Box, browser_of: BrowserOf
) -> None:
    for user in (world.editor, world.contributor, world.lead, world.approver):
        browser_of(user).get(URL, status=403)
    box.on_recipient = "550 tidak dikenal"
    send(browser_of(world.admin), URL, "host", {}, to="/pengaturan/surel/uji")
    runner.run_due()
    mail = db.session.query(MailMessage).one()
    stranger = browser_of(other_world.admin)
    stranger.post(f"/pengaturan/surel/{mail.id}/kirim-ulang", status=404)
    assert "tidak dikenal" not in stranger.get(URL).main


def test_the_warning_about_links_goes_once_the_address_is_known(
    world: World, browser_of: BrowserOf, app: Flask
) -> None:
    admin = browser_of(world.admin)
    assert "tanpa tautan" not in admin.get(URL).main
    app.config["PUBLIC_URL"] = ""
    assert "Surel dikirim tanpa tautan" in admin.get(URL).main
