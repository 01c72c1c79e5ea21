"""Short ways to posting times, planned posts and targets, for the tests of the pace."""

from datetime import UTC, datetime, time
from typing import Any

from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.scoring.models import ScoreScheme
from tests.factories import desk as factory
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World

NINE = time(9)
Q4 = Quarter(2026, 4)
NOW = "2026-10-14T01:00:00Z"  # Wednesday of week 3 (12–18 Oct), 08.00 WIB


def slots(world: World, *times: tuple[int, time], gap: int = 60, quota: int | None = None) -> ChannelAccount:
    """Instagram's slots. Commits."""
    channels.set_slots(
        world.instagram, actor=None, slots=times, min_gap_minutes=gap, weekly_quota=quota, row_version=None
    )
    db.session.commit()
    return world.instagram


def planned(world: World, at: str | None = None, account: str = "instagram", **story: Any) -> Post:
    """A post of a new story, with a time or without. Commits."""
    post = factory.post(world, factory.story(world, **story), account)
    if at:
        posts.schedule_post(
            post, actor=world.as_(world.editor), due_at=datetime.fromisoformat(at).astimezone(UTC)
        )
    db.session.commit()
    return post


def target(world: World, **values: int) -> ScoreScheme:
    """Targets of the fourth quarter of 2026. Commits."""
    scheme = make_scheme(world)
    set_targets(scheme, world, Q4.key, **values)
    db.session.commit()
    return scheme
