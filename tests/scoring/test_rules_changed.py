"""What comes to light after its period was closed counts in the open one, also when the rules changed in between."""

from decimal import Decimal

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Quarter, parse_period
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry, ScoreScheme
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import rescore_delivery
from humasflow.scoring.services.schemes import create_scheme_version
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing.facts import gather
from humasflow.scoring.standing.many import Wanted, work_out
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, make_scheme
from tests.factories.world import World
from tests.scoring.judging import close

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def counted(world: World, scheme: ScoreScheme, period_key: str) -> list[Decimal]:
    """What the pages say about the open period: the standing, many at once (trend, children), and the lines."""
    period = parse_period(period_key)
    version = queries.version_at(scheme, period.end)
    assert version is not None
    one = gather(world.office, version, period).counts.get("berita-terbaru", {})
    (many,) = work_out([Wanted(world.office, scheme.id, version, period)])
    behind = queries.Behind(world.office.id, scheme.id, "berita-terbaru", period.key)
    return [
        one.get(PointState.VERIFIED, Decimal(0)),
        many.components["berita-terbaru"].tally.verified,
        queries.count_lines(behind).get(PointState.VERIFIED, (0, Decimal(0)))[1],
    ]


def test_late_and_withdrawn_under_the_rules_before(world: World) -> None:
    scheme = make_scheme(world)
    known = live_post(world)
    verify_point(known, actor=world.as_(world.lead))
    close(scheme, "2026-TW1")
    create_scheme_version(
        scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse("2026-TW2")
    )
    verify_point(live_post(world), actor=world.as_(world.lead))
    late = db.session.query(LedgerEntry).filter_by(beneficiary="office", adjusts="2026-TW1").one()
    assert counted(world, scheme, late.period) == [Decimal(1)] * 3
    retract(known, actor=world.as_(world.editor), reason="Keliru")
    assert counted(world, scheme, late.period) == [Decimal(0)] * 3
    assert [d for d in differences() if "close 1" not in str(d)] == [], "the close itself was made by hand"


def test_rules_of_the_same_day_count_once(world: World) -> None:
    """The version whose place another takes has lines as well; they are taken back."""
    scheme = make_scheme(world)
    delivery = live_post(world)
    verify_point(delivery, actor=world.as_(world.lead))
    create_scheme_version(
        scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse("2026-TW1")
    )
    rescore_delivery(delivery, actor=None, reason="Aturan penilaian berubah.")
    assert counted(world, scheme, "2026-TW1") == [Decimal(1)] * 3
