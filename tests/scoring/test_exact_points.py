"""Points divided between those who made a publication stay exact to the last digit, on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.publishing.services import past
from humasflow.scoring.calculation import CalculationError, read_parameters
from humasflow.scoring.enums import Beneficiary, ComponentKind
from humasflow.scoring.models import ScoreCount
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment
from tests.factories.publications import live_post
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def stored(points: str) -> dict[str, object]:
    return {"points": {"*|*": points}}


def test_points_are_no_finer_than_what_a_share_of_them_can_be_kept_as() -> None:
    """A third of a point with three decimals needs seven; PostgreSQL keeps six and would cut in silence."""
    with pytest.raises(CalculationError, match="2 angka di belakang koma"):
        read_parameters(ComponentKind.POINTS, stored("0.125"))
    read_parameters(ComponentKind.POINTS, stored("0.13"))


def test_parts_of_points_add_up_to_the_points(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "emit", lambda _event: None)
    scheme = create_scheme(world.office.id, actor=world.admin, name="Poin")
    create_scheme_version(
        scheme, actor=world.admin, effective_from=Quarter.parse("2026-TW1"),
        components=[
            ComponentSpec("Poin", Decimal(100), key="poin", kind=ComponentKind.POINTS, parameters=stored("0.13"))
        ],
    )  # fmt: skip
    role = db.session.scalars(
        select(ProductionRole).where(
            ProductionRole.office_id == world.office.id, ProductionRole.code == "fotografer"
        )
    ).one()
    for _n in range(7):
        delivery = live_post(world)
        for person in (world.editor, world.contributor, world.other_editor):
            db.session.add(Assignment(
                office_id=world.office.id, story_id=delivery.story_id, role_id=role.id, person_id=person.id,
                state=AssignmentState.DONE, state_since=clock.now(), created_by=world.editor.id,
                created_at=clock.now(), updated_at=clock.now(),
            ))  # fmt: skip
        db.session.flush()
        score_delivery(delivery)
    db.session.commit()
    sums: dict[bool, Decimal] = {}
    for row in db.session.scalars(select(ScoreCount)):
        is_office = row.beneficiary is Beneficiary.OFFICE
        sums[is_office] = sums.get(is_office, Decimal(0)) + row.quantity
    assert sums == {True: Decimal("0.91"), False: Decimal("0.91")}
    assert list(differences()) == []
