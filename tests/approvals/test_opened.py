"""That somebody who is asked saw the package: of whom, when, and who learns it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.approvals import queries, services
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import Package, PackageOpening
from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import show_instant
from tests.approvals.desk import Desk, step
from tests.approvals.guests import mails, with_mail
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db
BrowserOf = Callable[[Any], Browser]


@pytest.fixture
def waiting(desk: Desk) -> Package:
    package = desk.submit(desk.ready("web"))
    db.session.commit()
    return package


def rows() -> list[PackageOpening]:
    db.session.expire_all()
    return list(db.session.scalars(select(PackageOpening)))


def told(page: Page) -> tuple[str, str]:
    """The address that the page's script tells, and its token; empty when there is nothing to tell."""
    found = page.soup.select_one("[data-opened]")
    assert (found is None) == (page.soup.select_one("script[src*='opened.js']") is None)
    return (str(found["data-opened"]), str(found["data-csrf"])) if found else ("", "")


def test_the_first_moment_is_kept(desk: Desk, waiting: Package) -> None:
    assert services.record_opened(waiting, actor=desk.approver) is True
    [first] = rows()
    assert (first.user_id, first.position) == (desk.world.approver.id, 1)
    at = first.opened_at
    with clock.moved_to(clock.now() + timedelta(hours=3)):
        assert services.record_opened(waiting, actor=desk.approver) is False
    [row] = rows()
    assert row.opened_at == at
    actions = [e.action.value for e in audit.list_timeline(("story", waiting.story_id))]
    assert actions.count("approvals.package.opened") == 1


def test_nobody_elses_visit_is_kept(desk: Desk, waiting: Package) -> None:
    for user in (desk.world.editor, desk.world.other_editor, desk.world.admin, desk.world.contributor):
        with pytest.raises(NotFound):
            services.record_opened(waiting, actor=desk.as_(user))
    desk.approve(waiting)
    with pytest.raises(NotFound):
        services.record_opened(waiting, actor=desk.approver)
    assert rows() == []


def test_each_step_has_its_own(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(
        step("Seksi", StepScope.PERSON, desk.world.approver.id), step("Kantor", StepScope.PERSON, second.id)
    )
    package = desk.submit(desk.ready("web"))
    services.record_opened(package, actor=desk.approver)
    with pytest.raises(NotFound):
        services.record_opened(package, actor=desk.as_(second))
    assert set(queries.openings_of(package)) == {desk.world.approver.id}
    desk.approve(package)
    assert queries.openings_of(package) == {}
    services.record_opened(package, actor=desk.as_(second))
    assert set(queries.openings_of(package)) == {second.id}


def test_the_page_tells_it_once_and_opening_it_changes_nothing(
    desk: Desk, waiting: Package, browser_of: BrowserOf
) -> None:
    link = f"/persetujuan/{waiting.id}"
    reader = browser_of(desk.world.approver)
    address, token = told(reader.get(link))
    assert address == f"{link}/dibuka" and token
    assert rows() == []  # a GET, by whomever
    asking = browser_of(desk.world.editor)
    page = asking.get(link)
    assert told(page) == ("", "") and f"{desk.world.approver.name} · belum dibuka" in page.main
    reader.get(link)
    assert reader.post(address, {"csrf_token": token}, status=204).status == 204
    [row] = rows()
    page = browser_of(desk.world.editor).get(link)
    when = show_instant(row.opened_at, desk.world.office)
    assert f"{desk.world.approver.name} · dibuka {when}" in page.main and "belum dibuka" not in page.main
    assert told(browser_of(desk.world.approver).get(link)) == ("", "")


def test_others_cannot_say_it(desk: Desk, waiting: Package, browser_of: BrowserOf) -> None:
    browser = browser_of(desk.world.editor)
    browser.get(f"/persetujuan/{waiting.id}")
    assert browser.post(f"/persetujuan/{waiting.id}/dibuka", {}, status=404).status == 404
    assert rows() == []


def test_whoever_came_with_a_code_says_it_too(desk: Desk, browser: Browser) -> None:
    with_mail(desk)
    package, other = desk.submit(desk.ready("web")), desk.submit(desk.ready("web"))
    db.session.commit()
    link = f"/persetujuan/{package.id}"
    asked = form_with(browser.get(f"{link}/kode"), "email") | {"email": desk.world.approver.email}
    page = browser.get(browser.post(f"{link}/kode", asked).location)
    found = re.search(r"^(\d{6})$", mails("decision-code")[-1], re.MULTILINE)
    assert found
    assert rows() == []  # neither the mail nor the code is the page
    browser.post(f"{link}/kode/ketik", form_with(page, "code") | {"code": found[1]})
    address, token = told(browser.get(link))
    browser.post(address, {"csrf_token": token}, status=204)
    assert [(r.package_id, r.user_id) for r in rows()] == [(package.id, desk.world.approver.id)]
    answer = browser.post(f"/persetujuan/{other.id}/dibuka", {"csrf_token": token})
    assert answer.location.startswith("/masuk") and len(rows()) == 1
