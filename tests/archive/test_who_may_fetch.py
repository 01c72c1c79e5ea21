"""An archive with the offices below is for who may export each of them, and every fetching stands in the record."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.services import people
from humasflow.archive import services
from humasflow.archive.models import ArchiveRun
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[Any], Browser]
URL = "/pengaturan/arsip"


def made(world: World, *, with_below: bool = False) -> ArchiveRun:
    run = services.request_run(
        world.office, actor=world.as_(world.admin), password=PASSWORD, with_below=with_below
    )
    db.session.commit()
    services.make_run(str(run.id))
    return db.session.get_one(ArchiveRun, run.id)


@pytest.fixture
def with_an_office_below(world: World) -> World:
    """Its admin is the admin above; the editor is an admin above only."""
    below = orgs.create_office(
        actor=None, name="Kantor Bawah", short_name="Bawah", office_kind=OfficeKind.SERVICE,
        timezone="Asia/Jakarta", parent=world.office, slug="kantor-bawah",
    )  # fmt: skip
    people.grant_role(world.admin, below, Role.ADMIN, actor=None)
    people.grant_role(world.editor, world.office, Role.ADMIN, actor=None)
    db.session.commit()
    return world


def test_an_admin_above_gets_nothing_of_the_offices_below(
    with_an_office_below: World, browser_of: BrowserOf, in_request: None
) -> None:
    world = with_an_office_below
    run = made(world, with_below=True)
    his, hers = browser_of(world.admin), browser_of(world.editor)
    assert run.sha256 in his.get(URL).text
    his.client.get(f"{URL}/{run.id}/unduh").close()
    assert run.sha256 not in hers.get(URL).text
    hers.get(f"{URL}/{run.id}/unduh", status=404)
    hers.post(f"{URL}/{run.id}/hapus", hers.get(URL).form("arsip"), status=404)


def test_who_asks_for_the_office_alone_gets_it_while_more_is_being_made(
    with_an_office_below: World, in_request: None
) -> None:
    world = with_an_office_below
    more = services.request_run(
        world.office, actor=world.as_(world.admin), password=PASSWORD, with_below=True
    )
    alone = services.request_run(world.office, actor=world.as_(world.editor), password=PASSWORD)
    again = services.request_run(world.office, actor=world.as_(world.admin), password=PASSWORD)
    assert (more.with_below, alone.with_below, again.id) == (True, False, alone.id)


@pytest.mark.parametrize("asked", ["bytes=1-", "bytes=-{most}"])
def test_no_way_of_asking_for_it_stays_out_of_the_record(
    world: World, browser_of: BrowserOf, in_request: None, asked: str
) -> None:
    run = made(world)
    browser = browser_of(world.admin)
    for _again in range(2):
        part = browser.client.get(f"{URL}/{run.id}/unduh", headers={"Range": asked.format(most=run.size - 1)})
        assert len(part.data) == run.size - 1
        part.close()
    fetched = db.session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.action == AuditAction.ARCHIVE_FETCHED)
    ).all()
    assert fetched[:1] == [world.admin.id]
    assert len(fetched) == (
        1 if asked == "bytes=1-" else 2
    )  # the rest, asked for again, is the same fetching
