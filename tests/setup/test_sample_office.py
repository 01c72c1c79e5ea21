"""The sample office as a whole: four quarters with known results, work in progress, and nothing left after wiping."""

from datetime import date

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.approvals.models import Package
from humasflow.audit.queries import check_chain
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import slots_of
from humasflow.core.db import Base, db
from humasflow.core.periods import Quarter
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.pages.campaigns.progress import progress_of
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.campaigns.enums import OfferState, Stage
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.queries import count_open_offers, list_campaigns, list_offers_of
from humasflow.publishing.models import Delivery
from humasflow.scoring.recomputation import differences
from humasflow.scoring.standing import get_standing
from humasflow.setup.sample_office import create_sample_office, wipe_sample_office
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.queries.handovers import count_waiting
from tests.factories.world import World
from tests.setup.sample_approvals import assert_several_are_asked_and_something_was_urgent
from tests.setup.sample_tasks import assert_tasks_in_every_state

pytestmark = pytest.mark.db
TODAY = date(2026, 11, 20)


def count(statement: object) -> int:
    return int(db.session.scalar(select(func.count()).select_from(statement)) or 0)  # type: ignore[arg-type]


def assert_its_calendar_is_lively(office: Unit) -> None:
    """Campaigns, agenda, slots, and what offices above and below sent and answered."""
    campaigns = db.session.scalars(select(Campaign).where(Campaign.office_id == office.id)).all()
    stages = [list_campaigns(office.id, stage=stage, today=TODAY).items for stage in Stage]
    assert all(stages)
    running = next(c for c in stages[0] if c.target)
    progress = progress_of(campaigns)[running.id]
    assert progress.verified
    assert progress.unverified
    assert progress.scheduled
    assert {o.state for o in list_offers_of(running)} == {
        OfferState.ADOPTED, OfferState.DECLINED, OfferState.OFFERED,
    }  # fmt: skip
    assert any(c.adopted_from_id for c in campaigns)
    assert count_open_offers(office.id) == 1
    assert count_waiting(office.id) == 2
    events = db.session.scalars(select(AgendaEvent).where(AgendaEvent.office_id == office.id)).all()
    assert [e.title for e in events if e.rule] == ["Apel pagi"]
    assert {e.state for e in events} >= {EventState.CANCELLED, EventState.POSTPONED}
    assert (
        count(select(Story).where(Story.office_id == office.id, Story.event_id.is_not(None)).subquery()) == 1
    )
    accounts = db.session.scalars(
        select(ChannelAccount.id).where(ChannelAccount.office_id == office.id)
    ).all()
    assert len([slots for slots in slots_of(accounts).values() if slots]) == 4


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

        assert_its_calendar_is_lively(office)
        assert_tasks_in_every_state(office)
        assert_several_are_asked_and_something_was_urgent(office)
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
