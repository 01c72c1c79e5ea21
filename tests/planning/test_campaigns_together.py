"""Two people at one campaign at once, each in a session of their own, on both databases."""

import threading

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.planning.campaigns import queries, services
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.planning.campaigns.services import CampaignRefused
from tests.approvals.test_together import at_once, by
from tests.conftest import ON_POSTGRES
from tests.factories.offices import put_below
from tests.planning.test_campaigns import SAID, made

pytestmark = pytest.mark.db


@pytest.fixture
def below(app, world, other_world):
    put_below(other_world, world)
    db.session.commit()
    return other_world


@pytest.fixture
def meeting(monkeypatch):
    """On PostgreSQL both stand before the lock, having read what is there. SQLite has one writer at a time anyway."""
    barrier, waits = threading.Barrier(2), services.lock

    def met(thing):
        if ON_POSTGRES and threading.current_thread() not in seen | {threading.main_thread()}:
            seen.add(threading.current_thread())
            barrier.wait(30)
        waits(thing)

    seen: set[threading.Thread] = set()
    monkeypatch.setattr(services, "lock", met)


def offered(app, world, below):
    with app.test_request_context():
        campaign = made(world)
        (offer,) = services.offer_campaign(
            campaign, actor=world.as_(world.editor), office_ids=[below.office.id]
        )
        db.session.commit()
        return campaign.id, offer.id


def test_of_two_who_adopt_one_does(app, world, below, meeting):
    _campaign_id, offer_id = offered(app, world, below)
    people = below.editor.id, below.other_editor.id
    db.session.remove()

    def adopting(actor):
        offer, _origin = queries.get_offer_to(actor, offer_id)
        return services.adopt_offer(offer, actor=actor, content=SAID).id

    answers = at_once(*(by(app, person, adopting) for person in people))
    assert sorted(type(a).__name__ for a in answers) == ["Refused", "int"], answers
    taken_over = db.session.scalars(select(Campaign).where(Campaign.adopted_from_id.is_not(None))).all()
    assert [c.id for c in taken_over] == [db.session.get_one(CampaignOffer, offer_id).adopted_id]


def test_switching_off_while_somebody_adopts_ends_well_for_both(app, world, below, meeting):
    campaign_id, offer_id = offered(app, world, below)
    people = world.editor.id, below.editor.id
    db.session.remove()

    def switching(actor):
        services.switch_campaign(db.session.get_one(Campaign, campaign_id), actor=actor, is_active=False)

    def adopting(actor):
        offer, _origin = queries.get_offer_to(actor, offer_id, answering=True)
        services.adopt_offer(offer, actor=actor, content=SAID)

    off, adopted = at_once(by(app, people[0], switching), by(app, people[1], adopting))
    assert off is None
    assert not db.session.get_one(Campaign, campaign_id).is_active
    state = db.session.get_one(CampaignOffer, offer_id).state
    expected = OfferState.WITHDRAWN if isinstance(adopted, Refused) else OfferState.ADOPTED
    assert (state, isinstance(adopted, Exception)) == (expected, state is OfferState.WITHDRAWN), adopted


def test_of_two_of_one_name_one_is_refused_in_words(app, world, monkeypatch):
    """Both looked before either was written down."""
    looked, people = threading.Barrier(2), (world.editor.id, world.other_editor.id)
    office_id, check = world.office.id, services._checked

    def checked(*args, **named):
        answer = check(*args, **named)
        if ON_POSTGRES:
            looked.wait(30)
        return answer

    monkeypatch.setattr(services, "_checked", checked)
    db.session.remove()
    answers = at_once(
        *(
            by(app, who, lambda actor: services.create_campaign(actor=actor, office_id=office_id, content=SAID).id)
            for who in people
        )
    )  # fmt: skip
    (refused,) = [a for a in answers if isinstance(a, Exception)]
    assert isinstance(refused, CampaignRefused), refused
    assert refused.part == "name"
    assert len(db.session.scalars(select(Campaign)).all()) == 1
