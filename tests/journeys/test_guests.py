"""Somebody without an account decides on a phone: the link from the mail, the code from the mail, the decision."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals import services
from humasflow.approvals.models import Package
from humasflow.approvals.services import GuestContent
from humasflow.core.db import Base, db
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailSettings
from humasflow.outbox.runner import run_due
from tests.approvals.desk import Desk
from tests.conftest import make_app
from tests.factories.world import PASSWORD, build_world
from tests.journeys.looking import sideways, violations
from tests.notifications.server import Box, mail_server
from tests.support.served import serve_on_loopback

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]


@dataclass
class Served:
    """An office with a package to submit, a guest, and a mail server."""

    app: Flask
    url: str
    box: Box
    editor: str
    story_id: int

    def work(self) -> None:
        """The worker's turn: mails go out."""
        with self.app.app_context():
            run_due()
            db.session.commit()
            db.session.remove()

    def letter(self, word: str, to: str = "rahmi") -> str:
        """The text of the newest mail to the guest, or to somebody else, with this word in its subject."""
        self.work()
        found = [m for m in self.box.messages if word in str(m["Subject"]) and to in str(m["To"])]
        part = found[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    app = make_app(
        f"sqlite:///{tmp_path / 'guests.db'}", tmp_path, SERVER_NAME=None, PROPAGATE_EXCEPTIONS=None
    )
    http = serve_on_loopback(app)
    app.config["PUBLIC_URL"] = url = f"http://127.0.0.1:{http.server_port}"
    with mail_server() as (box, port):
        with app.app_context(), app.test_request_context():
            Base.metadata.create_all(db.engine)
            world = build_world()
            desk = Desk(world)
            db.session.add(
                MailSettings(
                    office_id=world.office.id, host="127.0.0.1", port=port, security=MailSecurity.NONE,
                    from_address="humas@kantor.example", from_name="Humas",
                )
            )  # fmt: skip
            services.add_guest(
                world.office.id, actor=desk.as_(world.admin),
                content=GuestContent("Rahmi Tamu", "Kepala Kantor Wilayah", "rahmi@kanwil.example", "081234567890"),
            )  # fmt: skip
            story = desk.ready("web", "facebook")
            db.session.commit()
            found = Served(app, url, box, world.editor.email, story.id)
            db.session.remove()
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield found
        http.shutdown()
        thread.join()
    with app.app_context():
        db.engine.dispose()


def _submit_and_ask(editor: Page, served: Served) -> str:
    """The editor submits and passes the step to the guest; the address that the page shows once."""
    editor.goto(f"{served.url}/masuk")
    editor.fill("input[type=email]", served.editor)
    editor.fill("input[type=password]", PASSWORD)
    editor.locator("main form button.primary").first.click()
    editor.wait_for_url("**/")
    editor.goto(f"{served.url}/naskah/{served.story_id}/ajukan")
    editor.locator("form[action$='/ajukan'] button.primary").click()
    editor.wait_for_url(lambda u: "/ajukan" not in u)
    editor.goto(f"{served.url}/persetujuan/")
    editor.locator("main a[href^='/persetujuan/']").first.click()
    editor.get_by_role("link", name=re.compile("Minta lewat tautan")).click()
    editor.get_by_label("Penyetuju tamu").select_option(label="Rahmi Tamu, Kepala Kantor Wilayah")
    editor.get_by_role("button", name="Buat dan kirim tautan").click()
    shown = editor.locator("#tautan-baru").inner_text()
    assert not violations(editor)
    return shown


def _phone(chromium: Chromium, *, dark: bool, scripts: bool) -> Page:
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, color_scheme="dark" if dark else "light", locale="id-ID",
        java_script_enabled=scripts, reduced_motion="reduce",
    )  # fmt: skip
    return context.new_page()


def _identify(phone: Page, served: Served, url: str, *, look: bool) -> None:
    phone.goto(url)
    assert "Sosialisasi pemanfaatan aset" in phone.inner_text("main")
    assert not look or (not violations(phone) and sideways(phone) == 0)
    phone.get_by_role("button", name="Kirim kode").click()
    phone.wait_for_url("**/tamu/kode")
    assert not look or (not violations(phone) and sideways(phone) == 0)
    code = re.search(r"^(\d{6})\s*$", served.letter("Kode untuk"), re.MULTILINE)
    assert code
    phone.get_by_label("Kode dari surel").fill(code[1])
    phone.get_by_role("button", name="Buka dan baca").click()
    phone.wait_for_url("**/tamu/baca")
    assert not look or (violations(phone) == [] and sideways(phone) == 0)


@pytest.mark.parametrize(("dark", "scripts"), [(True, True), (False, False)])
def test_a_guest_sends_back_on_a_phone_and_the_writer_reads_why(
    served: Served, chromium: Chromium, dark: bool, scripts: bool, tmp_path: Path
) -> None:
    editor = chromium.new_context(locale="id-ID", reduced_motion="reduce").new_page()
    shown = _submit_and_ask(editor, served)
    letter = served.letter("Perlu persetujuan Anda")
    assert shown in letter
    phone = _phone(chromium, dark=dark, scripts=scripts)
    _identify(phone, served, shown, look=scripts)
    assert "Peserta 30 satuan kerja" in phone.inner_text("main")
    phone.get_by_label("Apa yang perlu diperbaiki?").fill("Sebutkan nama narasumbernya")
    phone.get_by_role("button", name="Kembalikan dengan alasan").click()
    phone.get_by_role("heading", name="Terima kasih, keputusan Anda tercatat").wait_for()
    editor.goto(f"{served.url}/naskah/{served.story_id}")
    assert "Sebutkan nama narasumbernya" in editor.inner_text("main")
    assert "Rahmi Tamu, Kepala Kantor Wilayah" in editor.inner_text("main")


def test_a_guest_agrees_on_a_phone(served: Served, chromium: Chromium) -> None:
    editor = chromium.new_context(locale="id-ID", reduced_motion="reduce").new_page()
    shown = _submit_and_ask(editor, served)
    phone = _phone(chromium, dark=False, scripts=True)
    _identify(phone, served, shown, look=True)
    phone.get_by_role("button", name="Setujui versi 1").click()
    phone.get_by_role("heading", name="Terima kasih, keputusan Anda tercatat").wait_for()
    phone.goto(shown)
    assert "Terima kasih" in phone.inner_text("h1")
    editor.goto(f"{served.url}/naskah/{served.story_id}")
    assert "Disetujui" in editor.inner_text("main")


# Somebody with an account, on a phone that is not signed in


def _submit_only(chromium: Chromium, served: Served) -> str:
    editor = chromium.new_context(locale="id-ID", reduced_motion="reduce").new_page()
    editor.goto(f"{served.url}/masuk")
    editor.fill("input[type=email]", served.editor)
    editor.fill("input[type=password]", PASSWORD)
    editor.locator("main form button.primary").first.click()
    editor.wait_for_url("**/")
    editor.goto(f"{served.url}/naskah/{served.story_id}/ajukan")
    editor.locator("form[action$='/ajukan'] button.primary").click()
    editor.wait_for_url(lambda u: "/ajukan" not in u)
    with served.app.app_context():
        package_id = db.session.scalars(select(Package.id)).one()
        db.session.remove()
    return f"{served.url}/persetujuan/{package_id}"


def _approver(served: Served) -> str:
    with served.app.app_context():
        found = db.session.scalars(select(User.email).where(User.email.startswith("approver@"))).one()
        db.session.remove()
    return found


def _phone_of_ours(chromium: Chromium) -> Page:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", color_scheme="dark", reduced_motion="reduce"
    )
    return context.new_page()


def test_a_section_head_decides_with_a_code(served: Served, chromium: Chromium) -> None:
    link = _submit_only(chromium, served)
    phone = _phone_of_ours(chromium)
    phone.goto(link)
    phone.get_by_role("link", name="Putuskan dengan kode dari surel").click()
    assert violations(phone) == [] and sideways(phone) == 0
    phone.get_by_label("Alamat surel").fill(_approver(served))
    phone.get_by_role("button", name="Kirim kode").click()
    phone.wait_for_url("**/ketik")
    assert violations(phone) == [] and sideways(phone) == 0
    code = re.search(r"^(\d{6})\s*$", served.letter("Kode untuk memutuskan", to="approver@"), re.MULTILINE)
    assert code
    phone.get_by_label("Kode dari surel").fill(code[1])
    phone.get_by_role("button", name="Buka dan baca").click()
    phone.wait_for_url(link)
    assert violations(phone) == [] and sideways(phone) == 0
    expect(phone.locator("main")).to_contain_text("Peserta 30 satuan kerja")
    phone.get_by_role("button", name=re.compile("^Setujui")).first.click()
    confirm = phone.get_by_role("dialog").get_by_role("button", name=re.compile("^Setujui|^Ya"))
    if confirm.count():
        confirm.first.click()
    expect(phone.locator("main")).to_contain_text("Disetujui")
    phone.goto(f"{served.url}/naskah/")
    expect(phone.get_by_role("heading", name="Masuk")).to_be_visible()
