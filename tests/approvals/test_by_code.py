"""Deciding with a one-time code: who gets one, what it opens, and everything it does not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.accounts.models import SignInCode, User, UserSession
from humasflow.accounts.services import codes
from humasflow.accounts.services.codes import WrongCode
from humasflow.approvals import services
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import TooMany
from humasflow.notifications.models import MailMessage
from tests.approvals.desk import Desk
from tests.approvals.guests import mails, with_mail
from tests.guards.things import NOBODY, address, guarded_rules, things_of
from tests.support.forms import form_with
from tests.support.page import Browser

pytestmark = pytest.mark.db
HERE = "198.51.100.7"


@pytest.fixture
def waiting(desk: Desk) -> Package:
    """A package that waits for the approver, in an office that can send mail. Committed."""
    with_mail(desk)
    package = desk.submit(desk.ready("web", "facebook"))
    db.session.commit()
    return package


def ask(package: Package, user: User | str, *, at: str = HERE) -> None:
    services.ask_code(package.id, user if isinstance(user, str) else user.email, address=at)
    db.session.commit()


def digits() -> str:
    found = re.search(r"^(\d{6})$", mails("decision-code")[-1], re.MULTILINE)
    assert found
    return found[1]


def enter(package: Package, user: User, typed: str) -> Any:
    return services.enter_with_code(package.id, user.email, typed, address=HERE, device="Chrome · Android")


def test_who_is_to_decide_gets_a_sealed_mail_with_the_code_and_nothing_of_the_text(
    desk: Desk, waiting: Package
) -> None:
    ask(waiting, f" {desk.world.approver.email.upper()} ")
    mail = db.session.scalars(select(MailMessage).where(MailMessage.key.like("decision-code:%"))).one()
    letter = mails("decision-code")[0]
    assert mail.to_address == desk.world.approver.email and mail.sealed
    assert digits() not in mail.subject
    assert waiting.story.title not in letter and "satuan kerja" not in letter
    kept = db.session.scalars(select(SignInCode)).one()
    assert digits() not in kept.code_hash


@pytest.mark.parametrize("who", ["editor", "contributor", "lead", "tidak.ada@kantor.example"])
def test_nobody_else_gets_one(desk: Desk, waiting: Package, who: str) -> None:
    ask(waiting, getattr(desk.world, who, who))
    assert db.session.scalar(select(func.count()).select_from(SignInCode)) == 0
    assert mails("decision-code") == []


def test_what_is_decided_or_does_not_exist_sends_nothing(desk: Desk, waiting: Package) -> None:
    services.ask_code(waiting.id + 999, desk.world.approver.email, address=HERE)
    desk.approve(waiting)
    ask(waiting, desk.world.approver)
    assert mails("decision-code") == []


def test_the_code_opens_one_session_once(desk: Desk, waiting: Package) -> None:
    ask(waiting, desk.world.approver)
    code = digits()
    principal = enter(waiting, desk.world.approver, f" {code[:3]} {code[3:]} ")
    assert principal.good_for == f"package:{waiting.id}"
    row = db.session.get_one(UserSession, principal.session_id)
    assert row.expires_at - row.created_at <= timedelta(minutes=30)
    with pytest.raises(WrongCode):
        enter(waiting, desk.world.approver, code)


def test_tries_run_out_and_the_code_lapses(desk: Desk, waiting: Package) -> None:
    ask(waiting, desk.world.approver)
    code = digits()
    with clock.moved_to(clock.now() + codes.LIFE + timedelta(seconds=1)), pytest.raises(WrongCode):
        enter(waiting, desk.world.approver, code)
    wrong = "000000" if code != "000000" else "111111"
    for _turn in range(codes.MOST_ATTEMPTS):
        with pytest.raises(WrongCode):
            enter(waiting, desk.world.approver, wrong)
    with pytest.raises(WrongCode):
        enter(waiting, desk.world.approver, code)


def test_a_code_is_good_for_its_own_package_and_person(desk: Desk, waiting: Package) -> None:
    other = desk.submit(desk.ready("web"))
    db.session.commit()
    ask(waiting, desk.world.approver)
    for package, user in ((other, desk.world.approver), (waiting, desk.world.editor)):
        with pytest.raises(WrongCode):
            enter(package, user, digits())
    assert enter(waiting, desk.world.approver, digits()).good_for == f"package:{waiting.id}"


def test_another_one_within_the_minute_is_not_sent_and_a_later_one_voids_it(
    desk: Desk, waiting: Package
) -> None:
    ask(waiting, desk.world.approver)
    first = digits()
    ask(waiting, desk.world.approver)
    assert len(mails("decision-code")) == 1
    with clock.moved_to(clock.now() + codes.AGAIN_AFTER):
        ask(waiting, desk.world.approver)
        assert len(mails("decision-code")) == 2
        if digits() != first:
            with pytest.raises(WrongCode):
                enter(waiting, desk.world.approver, first)
        enter(waiting, desk.world.approver, digits())


def test_asking_and_typing_are_limited(desk: Desk, waiting: Package) -> None:
    for _turn in range(codes.PER_EMAIL):
        ask(waiting, desk.world.approver)
    with pytest.raises(TooMany):
        ask(waiting, desk.world.approver)
    nobody = "orang@kantor.example"
    for _turn in range(codes.TRIES_PER_ADDRESS):
        with pytest.raises(WrongCode):
            services.enter_with_code(waiting.id, nobody, "123456", address=HERE, device="x")
    with pytest.raises(TooMany):
        services.enter_with_code(waiting.id, nobody, "123456", address=HERE, device="x")


def test_an_office_without_mail_sends_nothing_and_says_the_same(desk: Desk) -> None:
    package = desk.submit(desk.ready("web"))
    db.session.commit()
    ask(package, desk.world.approver)
    assert mails("decision-code") == []


# In the browser


def _typing(browser: Browser, package: Package, email: str) -> Any:
    page = browser.get(f"/persetujuan/{package.id}/kode")
    answer = browser.post(f"/persetujuan/{package.id}/kode", form_with(page, "email") | {"email": email})
    assert answer.status == 303
    return browser.get(answer.location)


def test_whoever_asks_reads_the_same(desk: Desk, waiting: Package, browser: Browser) -> None:
    """For somebody who is to decide, somebody who is not, nobody at all, and a package that is not there."""
    seen = set()
    for number, package_id in ((1, waiting.id), (2, waiting.id), (3, waiting.id + 999)):
        email = [desk.world.approver.email, desk.world.editor.email, "entah@siapa.example"][number - 1]
        path = f"/persetujuan/{package_id}/kode"
        asked = browser.post(path, form_with(browser.get(path), "email") | {"email": email})
        page = browser.get(asked.location)
        said = page.main.replace(email, "X").replace(str(package_id), "N")
        seen.add((asked.status, re.sub(r'value="[^"]+"', "", said)))
    assert len(seen) == 1


def test_from_the_mail_to_the_decision(desk: Desk, waiting: Package, browser: Browser) -> None:
    link = f"/persetujuan/{waiting.id}"
    sign_in = browser.get(browser.get(link, status=303).location)
    assert f'href="{link}/kode"' in sign_in.html
    page = _typing(browser, waiting, desk.world.approver.email)
    answer = browser.post(f"{link}/kode/ketik", form_with(page, "code") | {"code": digits()})
    assert answer.location == link
    review = browser.get(link)
    assert "Peserta 30 satuan kerja" in review.main
    decided = browser.post(f"{link}/setujui", form_with(review, "digest"))
    assert decided.location == link
    db.session.expire_all()
    assert db.session.get_one(Package, waiting.id).state is PackageState.APPROVED
    assert "Disetujui" in browser.get(link).main


@pytest.fixture
def narrow(desk: Desk, waiting: Package, browser: Browser) -> Browser:
    """A browser that came with a code."""
    page = _typing(browser, waiting, desk.world.approver.email)
    answer = browser.post(
        f"/persetujuan/{waiting.id}/kode/ketik", form_with(page, "code") | {"code": digits()}
    )
    assert answer.status == 303
    return browser


def test_every_other_address_stays_closed(app: Flask, desk: Desk, waiting: Package, narrow: Browser) -> None:
    """All of the product's addresses, with things of the office that the person may otherwise see."""
    things = things_of(desk.world) | {"package_id": waiting.id}
    open_ones = {"approvals.review", "approvals.approve", "approvals.send_back", "approvals.package_opened"}
    for rule in guarded_rules(app):
        if rule.endpoint in open_ones:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            narrow._forget()
            answer = narrow.client.open(address(app, rule, things), method=method)
            assert answer.status_code in (303, 401), f"{method} {rule.endpoint}: {answer.status_code}"
            assert "/masuk" in answer.headers.get("Location", "/masuk"), rule.endpoint


def test_another_package_stays_closed(desk: Desk, waiting: Package, narrow: Browser) -> None:
    other = desk.submit(desk.ready("web"))
    db.session.commit()
    assert narrow.get(f"/persetujuan/{other.id}", status=303).location.startswith("/masuk")
    answer = narrow.post(f"/persetujuan/{other.id}/setujui", {"digest": other.digest, "step": "1"})
    assert answer.location.startswith("/masuk")
    assert narrow.get(f"/persetujuan/{NOBODY}", status=303).location.startswith("/masuk")
    db.session.expire_all()
    assert db.session.get_one(Package, other.id).state is PackageState.PENDING


def test_whoever_looks_decides_nothing(desk: Desk, waiting: Package, app: Flask) -> None:
    """Programs that open every link of a mail, and press what needs no token."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    client = app.test_client()
    for path in (f"/persetujuan/{waiting.id}", f"/persetujuan/{waiting.id}/kode"):
        for _turn in range(5):
            assert client.get(path).status_code < 400
            assert client.head(path).status_code < 400
    for path in ("setujui", "kembalikan", "kode", "kode/ketik"):
        assert client.post(
            f"/persetujuan/{waiting.id}/{path}", data={"email": desk.world.approver.email}
        ).status_code in (303, 400)
    db.session.expire_all()
    assert db.session.get_one(Package, waiting.id).state is PackageState.PENDING
    assert mails("decision-code") == []


def test_what_was_changed_meanwhile_is_not_approved(desk: Desk, waiting: Package, narrow: Browser) -> None:
    review = narrow.get(f"/persetujuan/{waiting.id}")
    typed = form_with(review, "digest")
    services.recall(db.session.get_one(Package, waiting.id), actor=desk.editor)
    db.session.commit()
    answer = narrow.post(f"/persetujuan/{waiting.id}/setujui", typed, status=409)
    assert answer.status == 409
    db.session.expire_all()
    assert db.session.get_one(Package, waiting.id).state is PackageState.RECALLED


def test_signing_in_wholly_replaces_it(
    desk: Desk, waiting: Package, narrow: Browser, browser_of: Callable[[User], Browser]
) -> None:
    page = narrow.get(f"/masuk?next=/persetujuan/{waiting.id}")
    assert page.status == 200
    whole = browser_of(desk.world.approver)
    assert whole.get(f"/persetujuan/{waiting.id}/kode", status=303).location == f"/persetujuan/{waiting.id}"
