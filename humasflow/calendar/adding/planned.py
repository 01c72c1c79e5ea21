"""A whole plan of a story at once: every channel it goes out on, who is in charge, what is to be known. All of it or
nothing. Flushes and never commits.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from humasflow.accounts.policy import Principal, require
from humasflow.calendar.adding.services import begin_post, put_on_account, source_of, writing_role
from humasflow.calendar.adding.times import at_time, check_day, suggest_due
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.stories.contents import StoryContent
from humasflow.stories.models import Assignment, CommentThread, Story
from humasflow.stories.services import create_story
from humasflow.stories.services.assignments import assign_several
from humasflow.stories.services.comments import begin_thread


@dataclass(frozen=True)
class StoryPlan:
    """``day`` None: its posts wait in the tray; ``clock_time`` None: a free posting time of the day. Without people a
    plan on a day that has no channel is the due time of who adds it. ``brief``: for who is in charge; without anybody
    it is the first comment.
    """

    title: str
    content_type_id: int
    account_ids: tuple[int, ...] = ()
    day: date | None = None
    clock_time: time | None = None
    section_id: int | None = None
    pillar_id: int | None = None
    person_ids: tuple[int, ...] = ()
    brief: str = ""
    writer_credit: str = ""


@dataclass(frozen=True)
class Planned:
    """What stands now."""

    story: Story
    posts: list[Post] = field(default_factory=list)
    tasks: list[Assignment] = field(default_factory=list)
    threads: list[CommentThread] = field(default_factory=list)


def add_plan(office: Unit, plan: StoryPlan, *, actor: Principal) -> Planned:
    """Begin a story as planned. Needs ``story:write``, with channels ``post:write``, on a day also ``post:schedule``.
    Raises DayOver, NotAllowed, Refused, NotFound, NoRole, UserError.
    """
    require(actor, Permission.STORY_WRITE, office.id)
    if plan.day is not None:
        check_day(office, plan.day)
    with db.session.begin_nested():
        story = create_story(
            actor=actor, office_id=office.id, content_type_id=plan.content_type_id, section_id=plan.section_id,
            pillar_id=plan.pillar_id, content=StoryContent(title=plan.title, writer_credit=plan.writer_credit[:120]),
        )  # fmt: skip
        return _fill(story, plan, office, actor=actor)


def extend_plan(story: Story, plan: StoryPlan, office: Unit, *, actor: Principal) -> Planned:
    """The plan's channels, people and brief for a story that there is already; how that is filed stays. Raises
    PostExists where it has one of the channels, and as :func:`add_plan`.
    """
    require(actor, Permission.STORY_WRITE, office.id)
    if plan.day is not None:
        check_day(office, plan.day)
    with db.session.begin_nested():
        return _fill(story, plan, office, actor=actor)


def _fill(story: Story, plan: StoryPlan, office: Unit, *, actor: Principal) -> Planned:
    made = Planned(story)
    times: list[datetime] = []
    if plan.account_ids:
        source = source_of(story)
        for account_id in plan.account_ids:
            if plan.day is None:
                made.posts.append(begin_post(source, account_id, actor=actor))
                continue
            post, at = put_on_account(source, office, account_id, plan.day, plan.clock_time, actor=actor)
            made.posts.append(post)
            times.append(at)
    people = plan.person_ids
    if plan.day is not None and not plan.account_ids:
        times.append(
            at_time(office, plan.day, plan.clock_time) if plan.clock_time else suggest_due(office, plan.day)
        )
        people = people or (actor.id,)
    if people:
        # The work is to be there when the first of them goes out.
        made.tasks.extend(
            assign_several(
                story, actor=actor, person_ids=people, role_id=writing_role(office).id, due_at=min(times, default=None),
                brief=plan.brief,
            )
        )  # fmt: skip
    elif plan.brief:
        made.threads.append(begin_thread(story, actor=actor, text=plan.brief))
    return made
