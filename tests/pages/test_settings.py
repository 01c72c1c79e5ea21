"""The index of settings: each person sees what they may change, and every link works for them."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]


def test_an_admin_reaches_everything_by_what_it_affects(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    page = admin.get("/pengaturan/")
    assert [h.get_text() for h in page.soup.select("main h2")] == [
        "Kantor dan orang", "Naskah dan persetujuan", "Kanal dan penyampaian", "Penilaian", "Di balik layar",
    ]  # fmt: skip
    links = [a["href"] for a in page.soup.select(".tile")]
    assert len(links) == 24
    for link in links:
        admin.get(link)


def test_an_editor_sees_only_what_an_editor_may_open(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    links = [a["href"] for a in editor.get("/pengaturan/").soup.select(".tile")]
    assert links == ["/impor/"]
    editor.get(links[0])


@pytest.mark.parametrize("role", ["contributor", "approver", "lead"])
def test_who_manages_nothing_has_no_settings(world: World, browser_of: BrowserOf, role: str) -> None:
    browser_of(getattr(world, role)).get("/pengaturan/", status=403)


def test_stopped_jobs_are_pointed_out(world: World, browser_of: BrowserOf) -> None:
    job = outbox.enqueue("uji.berhenti", 1, office_id=world.office.id)
    job.state = JobState.DEAD
    db.session.commit()
    assert "1 perlu dilihat" in browser_of(world.admin).get("/pengaturan/").main
