"""What a person took out of the count stays out, whoever confirms or questions it afterwards."""

import pytest

from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.publishing.enums import LinkState
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.open_questions import _links_gone, _points
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import rescore_delivery
from humasflow.scoring.services.reconsidering import recount_point, reverse_point
from humasflow.scoring.services.verification import confirm, dispute_point, verify_point
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def test_it_is_neither_verified_nor_questioned_until_it_counts_again(world: World) -> None:
    scheme = make_scheme(world)
    delivery, lead = live_post(world), world.as_(world.lead)
    dispute_point(delivery, actor=lead, reason="Ganda")
    reverse_point(delivery, actor=lead, reason="Sama dengan siaran pers")
    with pytest.raises(Refused, match="tidak dihitung"):
        verify_point(delivery, actor=lead)
    with pytest.raises(Refused, match="tidak dihitung"):
        dispute_point(delivery, actor=lead, reason="Lagi")
    assert confirm(delivery, actor=lead, label="Impor") is None, "an import does not overrule a person"
    assert queries.point_state_of([delivery.id])[delivery.id] is PointState.REVERSED
    assert list(differences()) == []

    period = (
        db.session.query(LedgerEntry)
        .filter_by(delivery_id=delivery.id)
        .order_by(LedgerEntry.id)
        .limit(1)
        .one()
        .period
    )
    delivery.link_state = LinkState.GONE
    db.session.flush()
    assert _links_gone(world.office.id, scheme.id, period) == 0, (
        "nothing is left to ask before the period closes"
    )

    recount_point(delivery, actor=lead)
    assert _links_gone(world.office.id, scheme.id, period) == 1
    verify_point(delivery, actor=lead)
    assert queries.point_state_of([delivery.id])[delivery.id] is PointState.VERIFIED
    assert list(differences()) == []


def test_what_counts_for_nothing_any_more_is_not_asked_about(world: World) -> None:
    """Its type changed to one that no component counts: live and unverified, with every line taken back."""
    scheme = make_scheme(world)
    delivery = live_post(world)
    period = db.session.query(LedgerEntry).filter_by(delivery_id=delivery.id).first()
    assert period is not None
    key = period.period
    assert _points(world.office.id, scheme.id, key)[PointState.LIVE_UNVERIFIED] == 1
    delivery.content_type_id = world.social.id
    db.session.flush()
    rescore_delivery(delivery, actor=None, reason="Jenisnya berubah")
    assert queries.point_state_of([delivery.id])[delivery.id] is not PointState.REVERSED
    assert _points(world.office.id, scheme.id, key)[PointState.LIVE_UNVERIFIED] == 0
