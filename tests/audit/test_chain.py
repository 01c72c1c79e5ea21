"""The record: any edit, removal, swap, truncation or insertion is found."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.audit.queries import check_chain
from humasflow.audit.services import record
from humasflow.core.db import db
from tests.factories.world import World

pytestmark = pytest.mark.db


def entries(world: World) -> list[AuditEntry]:
    mine = select(AuditEntry).where(AuditEntry.office_id == world.office.id).order_by(AuditEntry.seq)
    return list(db.session.scalars(mine))


def edit(world: World, entry: AuditEntry) -> None:
    db.session.execute(update(AuditEntry).where(AuditEntry.id == entry.id).values(actor_label="Orang lain"))


def remove(world: World, entry: AuditEntry) -> None:
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == entry.id))


def rehash(world: World, entry: AuditEntry) -> None:
    """Edit and make the entry's own hash fit: the next link still tells."""
    entry.actor_label = "Orang lain"
    entry.hash = entry.computed_hash()


def swap(world: World, entry: AuditEntry) -> None:
    other = next(e for e in entries(world) if e.seq == entry.seq + 1)
    entry.action, other.action = other.action, AuditAction.SAMPLE_WIPED


def truncate(world: World, entry: AuditEntry) -> None:
    db.session.execute(
        delete(AuditEntry).where(AuditEntry.office_id == entry.office_id, AuditEntry.seq >= entry.seq)
    )


def insert(world: World, entry: AuditEntry) -> None:
    made_up = record(AuditAction.SIGNED_IN, ("user", 1), office_id=world.office.id, actor=None)
    made_up.previous_hash = entry.hash


@pytest.mark.parametrize("harm", [edit, remove, rehash, swap, truncate, insert])
@pytest.mark.parametrize("position", [0, 3, 7])
def test_harm_is_found(world: World, harm: Callable[[World, AuditEntry], None], position: int) -> None:
    assert check_chain(world.office.id) == []
    harm(world, entries(world)[position])
    db.session.flush()
    db.session.expire_all()
    assert check_chain(world.office.id) != []


def test_offices_have_chains_of_their_own(world: World, other_world: World) -> None:
    edit(world, entries(world)[0])
    db.session.flush()
    db.session.expire_all()
    assert check_chain(world.office.id) != []
    assert check_chain(other_world.office.id) == []


def test_the_command_tells(app: object, world: World) -> None:
    runner = app.test_cli_runner()  # type: ignore[attr-defined]
    assert runner.invoke(args=["audit", "check"]).exit_code == 0
    edit(world, entries(world)[2])
    db.session.commit()
    answer = runner.invoke(args=["audit", "check"])
    assert answer.exit_code == 1
    assert f"office {world.office.id}" in answer.output
