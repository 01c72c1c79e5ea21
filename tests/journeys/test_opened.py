"""That the one who is asked saw it is told by the page's script, once, and stands beside the name; and the older page
leads on to the newer one.
"""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from humasflow.accounts.queries import load_principal
from humasflow.approvals import services
from humasflow.approvals.models import Package, PackageOpening
from humasflow.core.db import db
from tests.journeys.conftest import Open, Server
from tests.journeys.looking import glance

pytestmark = pytest.mark.journey


def openings(server: Server, package_id: int) -> int:
    with server.app.app_context():
        found = db.session.scalar(
            select(func.count()).select_from(PackageOpening).where(PackageOpening.package_id == package_id)
        )
        db.session.remove()
    return found or 0


def submitted_again(server: Server, package_id: int) -> int:
    """Taken back and submitted once more, by whoever submitted it."""
    with server.app.app_context(), server.app.test_request_context():
        package = db.session.get_one(Package, package_id)
        actor = load_principal(package.submitter, office_id=server.office_id)
        services.recall(package, actor=actor)
        newer = services.submit_package(package.story, actor=actor).id
        db.session.commit()
        db.session.remove()
    return newer


def is_fine(page: Page) -> None:
    assert glance(page, page.url) == []


def test_opened_once_and_the_older_page_leads_on(server: Server, open_as: Open) -> None:
    reader = open_as("approver", width=360, dark=True)
    reader.goto("/persetujuan/")
    reader.locator("main a", has_text="Baca dan putuskan").first.click()
    reader.wait_for_url(re.compile(r"/persetujuan/\d+$"))
    package_id = int(reader.url.rsplit("/", 1)[1])
    reader.wait_for_load_state("networkidle")
    assert openings(server, package_id) == 1
    reader.reload()
    reader.wait_for_load_state("networkidle")
    assert openings(server, package_id) == 1
    asked = reader.locator("ul[aria-labelledby=diminta]")
    expect(asked).to_contain_text("dibuka")
    is_fine(reader)
    editor = open_as("editor")
    editor.goto(f"/persetujuan/{package_id}")
    expect(editor.locator("ul[aria-labelledby=diminta] li").first).to_contain_text("dibuka")
    newer = submitted_again(server, package_id)
    reader.reload()
    is_fine(reader)
    reader.get_by_role("link", name="Buka yang terbaru").click()
    reader.wait_for_url(f"**/persetujuan/{newer}")
