"""A code for something that was replaced, decided, or taken away from the person meanwhile."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import RoleGrant, SignInCode, User, UserSession
from humasflow.accounts.services.codes import WrongCode
from humasflow.approvals import services
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from tests.approvals.desk import Desk
from tests.approvals.guests import mails, with_mail
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db
NEWER = "Ada pengajuan yang lebih baru untuk naskah ini, dan itu menunggu keputusan Anda."


@pytest.fixture
def waiting(desk: Desk) -> Package:
    with_mail(desk)
    package = desk.submit(desk.ready("web"))
    db.session.commit()
    return package


def ask(package: Package, user: User) -> str:
    """The digits that came by mail."""
    services.ask_code(package.id, user.email, address="198.51.100.7")
    db.session.commit()
    found = re.search(r"^(\d{6})$", mails("decision-code")[-1], re.MULTILINE)
    assert found
    return found[1]


def enter(package: Package, user: User, typed: str) -> Any:
    return services.enter_with_code(package.id, user.email, typed, address="198.51.100.7", device="Chrome")


def replaced(desk: Desk, package: Package) -> Package:
    """The same story, taken back, changed and submitted again."""
    services.recall(package, actor=desk.editor)
    desk.edit(package.story, title="Sosialisasi pemanfaatan aset, diperbaiki")
    newer = desk.submit(package.story)
    db.session.commit()
    assert package.state is PackageState.RECALLED
    return newer


def whole_sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(UserSession)) or 0


def refused(package: Package, user: User, typed: str) -> services.NotAskedAnyMore:
    before = whole_sessions()
    with pytest.raises(services.NotAskedAnyMore) as caught:
        enter(package, user, typed)
    assert whole_sessions() == before
    with pytest.raises(WrongCode):  # it was used up
        enter(package, user, typed)
    return caught.value


def test_decided_meanwhile(desk: Desk, waiting: Package) -> None:
    second = desk.second_approver()
    code = ask(waiting, desk.world.approver)
    desk.approve(waiting, by=desk.as_(second))
    said = refused(waiting, desk.world.approver, code)
    assert "sudah disetujui oleh" in said.message and second.name in said.message and said.newer_id is None


def test_deactivated_meanwhile(desk: Desk, waiting: Package) -> None:
    code = ask(waiting, desk.world.approver)
    desk.world.approver.is_active = False
    db.session.flush()
    with pytest.raises(WrongCode):  # a wrong one learns nothing
        enter(waiting, desk.world.approver, "000000" if code != "000000" else "111111")
    assert "tidak aktif lagi" in refused(waiting, desk.world.approver, code).message


def test_replaced_by_somebody_else_meanwhile(desk: Desk, waiting: Package) -> None:
    code = ask(waiting, desk.world.approver)
    second = desk.second_approver()
    seat = waiting.seats[0]
    seat.scope, seat.user_id, seat.group_id = "person", second.id, None  # type: ignore[assignment]
    db.session.flush()
    said = refused(waiting, desk.world.approver, code)
    assert f"menunggu keputusan {second.name}" in said.message


def test_the_role_is_over(desk: Desk, waiting: Package) -> None:
    code = ask(waiting, desk.world.approver)
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == desk.world.approver.id)):
        db.session.delete(grant)
    db.session.flush()
    assert (
        refused(waiting, desk.world.approver, code).message == "Permintaan ini tidak terbuka lagi bagi Anda."
    )


def test_confidential_to_them_meanwhile(desk: Desk, waiting: Package) -> None:
    code = ask(waiting, desk.world.approver)
    waiting.story.is_confidential = True
    db.session.flush()
    said = refused(waiting, desk.world.approver, code)
    assert said.message == "Permintaan ini tidak terbuka lagi bagi Anda." and said.newer_id is None


def test_replaced_before_the_code_was_typed(desk: Desk, waiting: Package) -> None:
    code = ask(waiting, desk.world.approver)
    newer = replaced(desk, waiting)
    said = refused(waiting, desk.world.approver, code)
    assert (said.message, said.newer_id) == (NEWER, newer.id)


def test_the_link_of_the_older_one_asks_for_the_newer(desk: Desk, waiting: Package) -> None:
    newer = replaced(desk, waiting)
    code = ask(waiting, desk.world.approver)
    assert db.session.scalars(select(SignInCode.good_for)).all() == [f"package:{newer.id}"]
    assert enter(waiting, desk.world.approver, code).good_for == f"package:{newer.id}"


def test_the_newer_one_is_for_whom_it_waits_only(desk: Desk, waiting: Package) -> None:
    replaced(desk, waiting)
    for user in (desk.world.editor, desk.world.other_editor, desk.world.contributor):
        services.ask_code(waiting.id, user.email, address="198.51.100.7")
    db.session.commit()
    assert mails("decision-code") == []


# In the browser


def code_page(browser: Browser, package: Package, email: str) -> Page:
    path = f"/persetujuan/{package.id}/kode"
    answer = browser.post(path, form_with(browser.get(path), "email") | {"email": email})
    return browser.get(answer.location)


def type_in(browser: Browser, package_id: int, page: Page, *, status: int = 303) -> Page:
    found = re.search(r"^(\d{6})$", mails("decision-code")[-1], re.MULTILINE)
    assert found
    path = f"/persetujuan/{package_id}/kode/ketik"
    return browser.post(path, form_with(page, "code") | {"code": found[1]}, status=status)


def test_typed_too_late_one_press_sends_the_next(desk: Desk, waiting: Package, browser: Browser) -> None:
    email = desk.world.approver.email
    page = code_page(browser, waiting, email)
    newer = replaced(desk, waiting)
    closed = type_in(browser, waiting.id, page, status=409)
    assert NEWER in closed.main and waiting.story.title not in closed.main
    db.session.expire_all()
    used = db.session.scalars(select(SignInCode)).one()
    assert used.used_at is not None  # kept, though nothing was opened
    assert browser.get(f"/persetujuan/{waiting.id}", status=303).location.startswith("/masuk")
    sent = browser.post(f"/persetujuan/{newer.id}/kode", closed.form(f"/persetujuan/{newer.id}/kode"))
    opened = type_in(browser, newer.id, browser.get(sent.location))
    assert opened.location == f"/persetujuan/{newer.id}"
    assert "diperbaiki" in browser.get(opened.location).main


def test_a_code_session_leads_on_and_opens_nothing_else(
    desk: Desk, waiting: Package, browser: Browser
) -> None:
    link = f"/persetujuan/{waiting.id}"
    type_in(browser, waiting.id, code_page(browser, waiting, desk.world.approver.email))
    review = browser.get(link)
    assert NEWER not in review.main
    typed = form_with(review, "digest")
    newer = replaced(desk, waiting)
    assert NEWER in browser.post(f"{link}/setujui", typed, status=409).main
    page = browser.get(link)
    assert NEWER in page.main and f"{link}/setujui" not in page.html
    assert browser.get(f"/persetujuan/{newer.id}", status=303).location.startswith("/masuk")
    sent = browser.post(f"/persetujuan/{newer.id}/kode", page.form(f"/persetujuan/{newer.id}/kode"))
    opened = type_in(browser, newer.id, browser.get(sent.location))
    assert "diperbaiki" in browser.get(opened.location).main
    assert browser.get(link, status=303).location.startswith("/masuk")  # the one before is over
    db.session.expire_all()
    assert {p.state for p in db.session.scalars(select(Package))} == {
        PackageState.RECALLED,
        PackageState.PENDING,
    }


def test_the_old_link_says_that_the_newer_one_opens(desk: Desk, waiting: Package, browser: Browser) -> None:
    newer = replaced(desk, waiting)
    opened = type_in(browser, waiting.id, code_page(browser, waiting, desk.world.approver.email))
    assert opened.location == f"/persetujuan/{newer.id}"
    assert "sudah digantikan pengajuan yang lebih baru" in browser.get(opened.location).text


def test_whoever_is_signed_in_goes_on_with_a_link(desk: Desk, waiting: Package, browser_of: Any) -> None:
    newer = replaced(desk, waiting)
    page = browser_of(desk.world.approver).get(f"/persetujuan/{waiting.id}")
    assert NEWER in page.main and page.link("Buka yang terbaru") == f"/persetujuan/{newer.id}"
    for user in (desk.world.editor, desk.world.other_editor):
        assert NEWER not in browser_of(user).get(f"/persetujuan/{waiting.id}").main


def test_a_code_that_lapsed_is_not_looked_at(desk: Desk, waiting: Package) -> None:
    ask(waiting, desk.world.approver)
    newer = replaced(desk, waiting)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        code = ask(waiting, desk.world.approver)
        assert enter(waiting, desk.world.approver, code).good_for == f"package:{newer.id}"
