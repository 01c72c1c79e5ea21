"""Several publications at one address (a collab): one of them counts for each component, whatever becomes of the others."""

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past, retype_past_publication
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import score_delivery
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def counting() -> list[tuple[str, int]]:
    """Which publication counts for what."""
    rows = db.session.scalars(select(LedgerEntry).where(LedgerEntry.beneficiary == Beneficiary.OFFICE)).all()
    taken = {row.reverses_id for row in rows}
    return sorted(
        (row.component_key, row.delivery_id or 0)
        for row in rows
        if row.reverses_id is None and row.id not in taken
    )


def two(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[Delivery, Delivery]:
    make_scheme(world)
    first = live_post(world)
    with monkeypatch.context() as quiet:
        quiet.setattr(past, "emit", lambda _event: None)
        second = live_post(world)
    second.canonical_url = first.canonical_url
    db.session.flush()
    assert score_delivery(second) == [], "the address counts already"
    return first, second


def test_when_the_one_that_counts_becomes_another_type_the_other_counts_for_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two(world, monkeypatch)
    assert retype_past_publication(first, world.headline, actor=world.admin)
    assert counting() == [("berita-terbaru", second.id), ("berita-utama", first.id)]
    assert list(differences()) == []
    assert retype_past_publication(first, world.news, actor=world.admin)
    assert counting() == [("berita-terbaru", second.id)]
    assert list(differences()) == []
