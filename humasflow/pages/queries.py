"""What the home page reads, put together from the rooms' own lists: plain rows, a constant number of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.posts import queries as posts
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.queries import DeliveryRow
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.workflow import needs_correction

SHOWN = 12  # rows of one kind on the home page
NOT_APPROVED = frozenset({PostState.DRAFT, PostState.IN_REVIEW})


@dataclass(frozen=True)
class PostLine:
    """A post on the home page. ``at``: when it went out, else when it is planned; None without either."""

    post_id: int
    title: str
    account: str
    icon: str
    at: datetime | None
    state: PostState
    error: str = ""
    is_mine: bool = False
    permalink: str | None = None
    to_take_down: bool = False
    to_correct: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it can be seen on its channel."""
        return self.state is PostState.PUBLISHED

    @property
    def will_be_held(self) -> bool:
        """Whether it would not go out as things stand: nobody has agreed to it."""
        return self.state in NOT_APPROVED


@dataclass(frozen=True)
class OwnStory:
    """A story the person holds and can work on now."""

    story_id: int
    title: str
    returns: int
    reason: str
    since: datetime

    @property
    def is_returned(self) -> bool:
        """Sent back, and not submitted again since."""
        return needs_correction(StoryState.DRAFT, self.returns, self.reason)


def list_own_drafts(person: Principal, office_id: int) -> list[OwnStory]:
    """Drafts the person holds: what was returned first, then what waited longest. One statement."""
    rows = db.session.execute(
        select(Story.id, Story.title, Story.returns, Story.last_reason, Story.state_since)
        .where(Story.office_id == office_id, Story.owner_id == person.id, Story.state == StoryState.DRAFT)
        .order_by(Story.state_since, Story.id)
        .limit(50)
    ).all()
    return sorted((OwnStory(*row) for row in rows), key=lambda s: not s.is_returned)


def _line(row: DeliveryRow, person: Principal) -> PostLine:
    return PostLine(
        post_id=row.post_id, title=row.title, account=row.account_name, icon=row.icon,
        at=row.published_at or row.scheduled_at, state=row.shown, error=row.error,
        is_mine=row.assignee_id == person.id, permalink=row.permalink, to_take_down=row.to_take_down,
        to_correct=row.to_correct,
    )  # fmt: skip


def list_manual_due(person: Principal) -> list[PostLine]:
    """What the person is to post by hand now: their own first, then what is anybody's. One statement."""
    return sorted((_line(r, person) for r in publishing.list_manual_due(person)), key=lambda p: not p.is_mine)


def list_trouble(person: Principal, office_id: int) -> list[PostLine]:
    """Posts that did not go out, or should come down, and wait for somebody to decide. One statement."""
    rows = publishing.list_needing_a_hand(person, office_id)
    return [_line(r, person) for r in rows if r.state is not DeliveryState.MANUAL_DUE][:SHOWN]


def list_today(person: Principal, office_id: int, start: datetime, end: datetime) -> list[PostLine]:
    """What is planned for, or went out in, ``start`` ≤ time < ``end``, by time. At most six statements."""
    out = publishing.list_published(person, office_id, start=start, end=end, size=100)
    lines = {row.post_id: _line(row, person) for row in out.items}
    planned = posts.list_between(person, office_id, start, end)
    states = publishing.states_of(planned)
    for row in planned:
        if row.id not in lines and states[row.id] is not PostState.PUBLISHED:
            lines[row.id] = PostLine(
                row.id, row.story_title, row.account_name, row.icon, row.scheduled_at, states[row.id]
            )
    return sorted(lines.values(), key=lambda p: (p.at or start, p.post_id))
