"""What a campaign's page counts: only what is sure to go out is scheduled, shares add up, audiences are told apart."""

from datetime import timedelta

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.pages.campaigns.progress import Progress, audiences_of, mix_of, progress_of, shares_of
from humasflow.planning import services as planning
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.stories import services as stories
from humasflow.stories.models import Story
from tests.approvals.desk import Desk
from tests.factories import desk
from tests.planning.test_campaigns import made

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def approved(world, campaign, *accounts):
    """Posts of an approved story of the campaign."""
    story, _package = Desk(world).approved(*accounts)
    story.campaign_id = campaign.id
    db.session.flush()
    return db.session.query(Post).filter_by(story_id=story.id).order_by(Post.id).all()


def came_due(post, state):
    now = clock.now()
    db.session.add(
        Delivery(
            office_id=post.office_id, post_id=post.id, account_id=post.account_id, story_id=post.story_id,
            content_type_id=post.content_type_id, generation=post.generation, state=state,
            idempotency_key=f"uji-{post.id}", created_at=now, updated_at=now,
            published_at=now if state is S.PUBLISHED else None,
        )
    )  # fmt: skip
    db.session.flush()


def schedule(world, post, **later):
    posts.schedule_post(post, actor=world.as_(world.editor), due_at=clock.now() + timedelta(**later))


def test_only_what_is_approved_is_scheduled(world):
    campaign = made(world, target=9)
    dated, undated = approved(world, campaign, "facebook", "x")
    schedule(world, dated, days=3)
    draft = desk.story(world)
    draft.campaign_id = campaign.id
    schedule(world, desk.post(world, draft), days=3)
    assert undated.scheduled_at is None
    counted = progress_of([campaign])[campaign.id]
    assert counted == Progress(scheduled=1, prepared=2, target=9)
    assert counted.missing == 8


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.QUEUED, Progress(scheduled=1)), (S.PREPARING, Progress(scheduled=1)), (S.COMMITTING, Progress(scheduled=1)),
        (S.MANUAL_DUE, Progress(scheduled=1)), (S.HELD, Progress(prepared=1)), (S.LATE, Progress(prepared=1)),
        (S.UNKNOWN, Progress(prepared=1)), (S.FAILED, Progress(failed=1)), (S.PUBLISHED, Progress(live=1)),
        (S.CANCELLED, Progress()), (S.RETRACTED, Progress()),
    ],
)  # fmt: skip
def test_where_a_publication_came_to_a_stop_it_is_not_scheduled(world, state, expected):
    campaign = made(world, target=None)
    (post,) = approved(world, campaign, "facebook")
    schedule(world, post, hours=1)
    came_due(post, state)
    assert progress_of([campaign])[campaign.id] == expected


def test_a_time_that_has_gone_by_is_no_plan_unless_an_embargo_holds_it(world):
    campaign = made(world, target=None)
    (post,) = approved(world, campaign, "facebook")
    schedule(world, post, hours=1)
    story = db.session.get_one(Story, post.story_id)
    with clock.moved_to(clock.now() + timedelta(hours=1, minutes=1)):
        assert progress_of([campaign])[campaign.id] == Progress(scheduled=1)  # it is being fetched
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert progress_of([campaign])[campaign.id] == Progress(prepared=1)
        stories.set_embargo(story, actor=world.as_(world.editor), until=clock.now() + timedelta(days=1))
        assert progress_of([campaign])[campaign.id] == Progress(scheduled=1)


def test_many_cost_what_one_costs(world, statements):
    campaign = made(world)
    costs = []
    for count in (1, 5):
        for _n in range(count):
            for post in approved(world, campaign, "facebook", "x"):
                schedule(world, post, days=3)
        db.session.expire_all()
        campaign_id = campaign.id
        statements.reset()
        assert progress_of([campaign])[campaign_id].scheduled >= 2 * count
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 6


@pytest.mark.parametrize(
    "counts", [[1] * 6, [1, 1, 1], [2, 1], [7, 0, 3, 5, 1, 1, 1], [1], list(range(1, 30))]
)
def test_shares_add_up(counts):
    shares = shares_of(dict(enumerate(counts)))
    assert sum(shares.values()) == 100
    assert all(abs(shares[i] - n * 100 / sum(counts)) < 1 for i, n in enumerate(counts))


def test_shares_of_nothing_are_nothing():
    assert shares_of({}) == {}
    assert shares_of({1: 0}) == {1: 0}


def test_the_mix_of_six_pillars_adds_up(world):
    campaign = made(world)
    for n in range(6):
        pillar = planning.create_pillar(world.office.id, actor=None, name=f"Pilar {n}")
        story = desk.story(world, title=f"Naskah {n}")
        story.campaign_id, story.pillar_id = campaign.id, pillar.id
    db.session.flush()
    assert sorted(line.percent for line in mix_of(campaign)) == [16, 16, 17, 17, 17, 17]


def test_what_does_not_say_for_whom_it_is_is_told_apart_however_many_audiences_there_are(world):
    campaign = made(world)
    audiences = [f"Khalayak {n}" for n in range(11) for _twice in range(2)] + [""]
    for n, audience in enumerate(audiences):
        desk.story(world, title=f"Naskah {n}", audience=audience).campaign_id = campaign.id
    db.session.flush()
    found = audiences_of(world.as_(world.editor), campaign)
    assert ([line.count for line in found.lines], found.others, found.unwritten) == ([2] * 8, 3, 1)
