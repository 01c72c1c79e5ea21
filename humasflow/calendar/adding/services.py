"""A story begun on a day of the calendar: all of it or nothing. Flushes and never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.calendar.adding.times import at_time, check_day, suggest_due, suggest_time
from humasflow.channels import queries as channels
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import accept_pitch
from humasflow.planning import queries as planning
from humasflow.planning.models import ContentType
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.policy import usual_content_type
from humasflow.posts.suggesting import suggest_content
from humasflow.stories import queries as stories
from humasflow.stories.contents import StoryContent
from humasflow.stories.models import Assignment, Story, StoryVersion
from humasflow.stories.services import create_story
from humasflow.stories.services.assignments import assign

WRITER = "penulis"


class NoRole(UserError):
    """The office has no production role under which a due time could stand."""


@dataclass(frozen=True)
class Place:
    """Where on the calendar, and filed under what. ``account_id`` None: no channel yet; ``clock_time`` None: the next
    free posting time of the day. ``content_type_id`` None: the first that the office offers.
    """

    day: date
    clock_time: time | None = None
    account_id: int | None = None
    content_type_id: int | None = None
    section_id: int | None = None
    pillar_id: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True)
class Added:
    """What stands on the calendar now: the post, or without a channel the due time of who added it."""

    story: Story
    at: datetime
    post: Post | None = None
    task: Assignment | None = None


def add_story(office: Unit, title: str, place: Place, *, actor: Principal) -> Added:
    """Begin a story with this title, planned on a day. Needs ``story:write``, with a channel ``post:write`` and
    ``post:schedule``. Raises DayOver, NotAllowed, Refused, NotFound, NoRole, UserError.
    """
    require(actor, Permission.STORY_WRITE, office.id)
    check_day(office, place.day)
    kind_id = _content_type(office, place)
    with db.session.begin_nested():
        story = create_story(
            actor=actor, office_id=office.id, content_type_id=kind_id, section_id=place.section_id,
            pillar_id=place.pillar_id, campaign_id=place.campaign_id,
            content=StoryContent(title=title, writer_credit=actor.name[:120]),
        )  # fmt: skip
        return _put(story, place, office, actor=actor)


def add_from_pitch(pitch: Pitch, place: Place, *, actor: Principal, row_version: int | None = None) -> Added:
    """Accept a pitch of the pool as a story that is planned on a day. Needs ``pitch:triage`` besides what
    :func:`add_story` needs. The section is the pitch's own unless another is given. ``row_version``: of the pitch as it
    was read; raises Conflict when somebody changed it since.
    """
    office = get_office(pitch.office_id)
    check_day(office, place.day)
    kind_id = _content_type(office, place)
    section_id = place.section_id if place.section_id is not None else pitch.section_id
    with db.session.begin_nested():
        story = accept_pitch(
            pitch, actor=actor, content_type_id=kind_id, section_id=section_id, pillar_id=place.pillar_id,
            campaign_id=place.campaign_id, row_version=row_version,
        )  # fmt: skip
        return _put(story, place, office, actor=actor)


def _content_type(office: Unit, place: Place) -> int:
    if place.content_type_id is not None:
        return planning.get_content_type(office.id, place.content_type_id).id
    offered = planning.list_content_types(office.id)
    if not offered:
        raise UserError(_("Kantor ini belum punya jenis konten. Admin menambahkannya di Pengaturan."))
    return offered[0].id


def _put(story: Story, place: Place, office: Unit, *, actor: Principal) -> Added:
    if place.account_id is None:
        return _as_due_time(story, place, office, actor=actor)
    source = source_of(story)
    post, at = put_on_account(source, office, place.account_id, place.day, place.clock_time, actor=actor)
    return Added(story, at, post=post)


@dataclass(frozen=True)
class Source:
    """What posts of a story begin with, read once for all of them."""

    story: Story
    version: StoryVersion
    body_html: str
    types: Sequence[ContentType]


def source_of(story: Story) -> Source:
    """Its text as it stands. Four statements."""
    version = stories.get_current_version(story)
    types = planning.list_content_types(story.office_id)
    return Source(story, version, stories.get_body(version.id), types)


def put_on_account(
    source: Source, office: Unit, account_id: int, day: date, clock_time: time | None, *, actor: Principal
) -> tuple[Post, datetime]:
    """A post of the story on the account, at that time of that day; without one at a free time of it. Flushes."""
    post = begin_post(source, account_id, actor=actor)
    at = (
        at_time(office, day, clock_time)
        if clock_time is not None
        else suggest_time(post.account, office, day)
    )
    posts.schedule_post(post, actor=actor, due_at=at)
    return post, at


def begin_post(source: Source, account_id: int, *, actor: Principal) -> Post:
    """A post of the story on the account that has no time yet, with as much of its text as fits. Flushes."""
    story = source.story
    account = channels.get_account(story.office_id, account_id)
    pattern = story.content_type.credit_template
    content = suggest_content(account, source.version, source.body_html, credits=pattern)
    kind = usual_content_type(account, story.content_type, source.types)
    return posts.create_post(
        story, actor=actor, account_id=account.id, content_type_id=kind.id, content=content
    )  # fmt: skip


def _as_due_time(story: Story, place: Place, office: Unit, *, actor: Principal) -> Added:
    """Nobody knows yet where it goes out: it stands on its day as the due time of who began it."""
    if place.clock_time is not None:
        at = at_time(office, place.day, place.clock_time)
    else:
        at = suggest_due(office, place.day)
    task = assign(story, actor=actor, person_id=actor.id, role_id=writing_role(office).id, due_at=at)
    return Added(story, at, task=task)


def writing_role(office: Unit) -> ProductionRole:
    """Under which a due time stands: the writer's, else the first that the office has. Raises NoRole."""
    roles = list_production_roles(office.id)
    if not roles and channels.list_accounts(office.id):
        raise NoRole(
            _("Pilih kanalnya: tanpa kanal, tenggatnya perlu peran produksi, dan kantor ini belum punya.")
        )
    if not roles:
        raise NoRole(
            _("Kantor ini belum punya kanal maupun peran produksi. Admin menambahkannya di Pengaturan.")
        )
    return next((r for r in roles if r.code == WRITER), roles[0])
