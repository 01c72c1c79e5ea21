"""Guests of the office in tests, and the mails they get."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals import services
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import GuestApprover, Package
from humasflow.approvals.services import AskeeContent, GuestContent
from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailMessage, MailSettings
from tests.approvals.desk import Desk
from tests.support.page import Browser, Page, check_page

EMAIL = "rahmi.tamu@kanwil.example"


def with_mail(desk: Desk) -> None:
    """The office can send mail."""
    db.session.add(
        MailSettings(
            office_id=desk.world.office.id, host="surel.example", port=587, security=MailSecurity.STARTTLS,
            from_address="humas@kantor.example", from_name="Humas",
        )
    )  # fmt: skip
    db.session.flush()


def guest_of(
    desk: Desk, name: str = "Rahmi Tamu", email: str = EMAIL, phone: str = "0812 3456 7890"
) -> GuestApprover:
    admin: Principal = desk.as_(desk.world.admin)
    return services.add_guest(
        desk.world.office.id, actor=admin, content=GuestContent(name, "Kepala Kantor Wilayah", email, phone)
    )


def asks(guest: GuestApprover) -> AskeeContent:
    return AskeeContent(StepScope.GUEST, guest_id=guest.id)


def mails(kind: str) -> list[str]:
    """The texts of the sealed mails of one kind, oldest first."""
    found = db.session.scalars(
        select(MailMessage).where(MailMessage.key.like(f"{kind}:%")).order_by(MailMessage.id)
    )
    return [decrypt(m.text) for m in found]


def last_code() -> str:
    found = re.search(r"^(\d{6})$", mails("guest-code")[-1], re.MULTILINE)
    assert found
    return found[1]


def path_of(url: str) -> str:
    return url.replace("http://localhost", "")


class Visitor:
    """A browser without an account: presses buttons of the page it looks at."""

    def __init__(self, app: Flask, url: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.path = path_of(url)

    def get(self, path: str | None = None) -> Page:
        return self._page(lambda: self.client.get(path or self.path))

    @staticmethod
    def _page(ask: Callable[[], Any]) -> Page:
        Browser._forget()
        db.session.rollback()
        page = Page(ask())
        db.session.expire_all()
        if page.status not in (302, 303):
            check_page(page, path="/tamu")
        return page

    def press(self, page: Page, action: str, **typed: Any) -> Page:
        found = next(f for f in page.soup.find_all("form") if str(f["action"]).split("?")[0] == action)
        data = {
            i["name"]: i.get("value", "")
            for i in found.find_all("input")
            if i.get("name") and i.get("type") != "checkbox"
        }
        return self._page(lambda: self.client.post(action, data=data | typed))

    def ask(self) -> Page:
        """Press "Kirim kode" and look at the page that follows."""
        answer = self.press(self.get(), self.path)
        assert answer.status == 303, answer.main
        return self.get(answer.location)

    def enter(self) -> Page:
        """The code from the mail, and the page behind it."""
        answer = self.press(self.ask(), "/tamu/kode", kode=last_code())
        assert answer.status == 303, answer.main
        return self.get(answer.location)


def asked(desk: Desk, guest: GuestApprover | None = None) -> tuple[Package, str]:
    """A package that waits, and the address of a guest's link. Commits."""
    with_mail(desk)
    guest = guest or guest_of(desk)
    package = desk.submit(desk.ready("web", "facebook"))
    made = services.ask_guest(package, guest, actor=desk.editor)
    db.session.commit()
    return package, made.url
