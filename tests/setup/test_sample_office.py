"""The sample office as a whole: four quarters with known results, work in progress, and nothing left after wiping."""

from datetime import date

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.approvals.models import Package
from humasflow.audit.queries import check_chain
from humasflow.core.db import Base, db
from humasflow.core.periods import Quarter
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.publishing.models import Delivery
from humasflow.scoring.recomputation import differences
from humasflow.scoring.standing import get_standing
from humasflow.setup.sample_office import create_sample_office, wipe_sample_office
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories.world import World

pytestmark = pytest.mark.db
TODAY = date(2026, 11, 20)


def count(statement: object) -> int:
    return int(db.session.scalar(select(func.count()).select_from(statement)) or 0)  # type: ignore[arg-type]


def test_it_is_whole_and_leaves_nothing_behind(world: World, in_request: None, at: object) -> None:
    before = {t.name: count(t) for t in Base.metadata.sorted_tables}
    with at("2026-11-20T02:00Z"):  # type: ignore[operator]
        office = create_sample_office(TODAY, seed=11)
        db.session.commit()
        quarters = [Quarter.parse(k) for k in ("2026-TW1", "2026-TW2", "2026-TW3")]
        totals = [get_standing(office, q) for q in quarters]
        assert [str(s.total.value) for s in totals if s] == ["88.00", "100.00", "93.33"]
        now = get_standing(office, Quarter.parse("2026-TW4"))
        assert now is not None
        assert any(c.unverified for c in now.components)
        assert any(c.scheduled for c in now.components)
        assert any(c.review for c in now.components)

        mine = select(Pitch.state, func.count()).where(Pitch.office_id == office.id).group_by(Pitch.state)
        pitches = {row[0]: row[1] for row in db.session.execute(mine)}
        assert pitches[PitchState.NEW] == 5
        assert pitches[PitchState.PARKED] == 1
        assert pitches[PitchState.REJECTED] == 1
        states = set(db.session.scalars(select(Story.state).where(Story.office_id == office.id)))
        assert states >= {StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.APPROVED, StoryState.PUBLISHED}
        assert count(select(Package).where(Package.office_id == office.id).subquery()) > 200
        emails = db.session.scalars(select(User.email).where(User.is_sample.is_(True))).all()
        assert all(e.endswith(".example") for e in emails)
        assert list(differences()) == []
        assert check_chain(office.id) == []
        assert any(storage().root.rglob("*.jpg"))

        wipe_sample_office(world.admin)
        db.session.commit()
    after = {t.name: count(t) for t in Base.metadata.sorted_tables}
    # Only the installation's own record knows: one entry and, the first time, its chain's head.
    assert {k: n - before[k] for k, n in after.items() if n != before[k]} == {
        "audit_entry": 1,
        "audit_head": 1,
    }
    assert db.session.scalar(select(Unit.id).where(Unit.is_sample.is_(True))) is None
    assert count(select(Delivery).subquery()) == 0
