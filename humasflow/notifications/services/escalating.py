"""What is late or not ready in time and is still nobody's news: passed on once at each stage, and called off when done.

Late tasks go to the editors a day after their time and to the lead after three; a publication whose story is not
approved goes to the editors and to whom it waits for, so many hours before its time and again at a quarter of them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import Absence, User
from humasflow.approvals import policy as approval_policy
from humasflow.approvals import queries as approvals
from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission, Role
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.routing.queries import AWAY
from humasflow.notifications.services.notices import notify, settle
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_offices
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import PostState
from humasflow.stories import queries as stories
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.services.reminding import WORKED_ON

EDITORS_AFTER: Final = timedelta(days=1)
LEAD_AFTER: Final = timedelta(days=3)
OVER: Final = timedelta(days=14)  # what is later than that stands in the lists, and calls nobody any more
USUAL_UNREADY_HOURS: Final = 24
QUARTER: Final = 4
MOST: Final = 300  # of an office in one look
NOT_APPROVED: Final = frozenset({PostState.DRAFT, PostState.IN_REVIEW})


def escalate_late_tasks() -> int:
    """Tell of tasks that stay late, while their office is at work. Returns how many people were told. Flushes."""
    now, told = clock.now(), 0
    for office in list_offices():
        if not approvals.ageing_of(office).working.covers(now):
            continue
        late = _late_tasks(office, now)
        known = _known_keys(K.TASK_ESCALATED, "assignment", [task.id for task in late])
        for task in late:
            for stage, after in enumerate((EDITORS_AFTER, LEAD_AFTER), 1):
                key = f"assignment:{task.id}:escalated:{_stamp(task.due_at)}:{stage}"
                if task.due_at is not None and now - task.due_at >= after and key not in known:
                    people = _editors(office) if stage == 1 else _leads(office)
                    told += _tell_late(task, [u for u in people if u.id != task.person_id], office, key, now)
    return told


def _late_tasks(office: Unit, now: datetime) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .join(Story, Story.id == Assignment.story_id)
        .where(
            Assignment.office_id == office.id, is_open(), Story.state.in_(WORKED_ON),
            Assignment.due_at <= now - EDITORS_AFTER, Assignment.due_at > now - OVER,
        )
        .options(joinedload(Assignment.story), joinedload(Assignment.person))
        .order_by(Assignment.due_at, Assignment.id)
        .limit(MOST)
    ).all()  # fmt: skip


def _tell_late(task: Assignment, people: Iterable[User], office: Unit, key: str, now: datetime) -> int:
    days = (now - task.due_at).days if task.due_at else 0
    told = 0
    for locale, users in _by_locale(_present(people, office)):
        with force_locale(locale):
            told += len(
                notify(
                    users, K.TASK_ESCALATED, office_id=office.id, subject=("assignment", task.id), key=key,
                    title=f"{task.story.title} ({task.role.label})", actor_name=task.person.name,
                    reason=ngettext("%(num)s hari", "%(num)s hari", days), story_id=task.story_id,
                )
            )  # fmt: skip
    return told


def remind_of_unready() -> int:
    """Tell of publications that are planned soon and not approved, and call off what was said of those that are ready
    or moved. Returns how many people were told. Flushes.
    """
    now, told = clock.now(), 0
    for office in list_offices():
        settings = approvals.get_settings(office.id)
        ahead = timedelta(hours=settings.unready_hours if settings is not None else USUAL_UNREADY_HOURS)
        unready = _unready(office, now, ahead) if ahead else []
        _call_off(office, {post.id for post in unready})
        known = _known_keys(K.POST_UNREADY, "post", [post.id for post in unready])
        for post in unready:
            stage = 2 if post.scheduled_at is not None and post.scheduled_at - now <= ahead / QUARTER else 1
            key = f"post:{post.id}:unready:{_stamp(post.scheduled_at)}:{stage}"
            if key not in known:
                told += _tell_unready(post, office, key)
    return told


def _unready(office: Unit, now: datetime, ahead: timedelta) -> list[Post]:
    found = db.session.scalars(
        select(Post)
        .join(Story, Story.id == Post.story_id)
        .where(
            Post.office_id == office.id, Post.removed_at.is_(None), Post.scheduled_at > now,
            Post.scheduled_at <= now + ahead, Story.state.in_(WORKED_ON),
        )
        .options(joinedload(Post.story), joinedload(Post.account))
        .order_by(Post.scheduled_at, Post.id)
        .limit(MOST)
    ).all()  # fmt: skip
    states = publishing.states_of(found) if found else {}
    return [post for post in found if states[post.id] in NOT_APPROVED]


def _tell_unready(post: Post, office: Unit, key: str) -> int:
    package_id = approval_policy.pending_package_id(post.story_id)
    asked = approvals.list_deciders(db.session.get_one(Package, package_id)) if package_id is not None else []
    people = _present([*_editors(office), *asked], office)
    told = 0
    for locale, users in _by_locale(people):
        with force_locale(locale):
            says = _says(post, office, waits=package_id is not None)
            told += len(
                notify(
                    users, K.POST_UNREADY, office_id=office.id, subject=("post", post.id), key=key,
                    title=f"{post.story.title} ({post.account.name})", reason=says, says=says,
                    story_id=post.story_id, deadline=post.scheduled_at,
                )
            )  # fmt: skip
    return told


def _says(post: Post, office: Unit, *, waits: bool) -> str:
    when = show_instant(post.scheduled_at, office.zone_name) if post.scheduled_at else ""
    if waits:
        return _("%(when)s, masih menunggu keputusan", when=when)
    version, story_version = posts.get_current_version(post), stories.get_current_version(post.story)
    body = stories.get_body(story_version.id)
    # Without words or without a picture where the channel needs them: the channel's own rules say what is missing.
    if any(p.blocks for p in post_policy.problems_of(post, version, story_version, body)):
        return _("%(when)s, teks atau gambarnya belum lengkap", when=when)
    return _("%(when)s, belum diajukan", when=when)


def _call_off(office: Unit, unready: Collection[int]) -> None:
    """What was said of a publication that is approved, moved, called off or out asks for nothing any more."""
    asked = db.session.scalars(
        select(Notification.subject_id)
        .where(
            Notification.office_id == office.id, Notification.kind == K.POST_UNREADY,
            Notification.subject_type == "post", Notification.settled_at.is_(None),
            Notification.created_at > clock.now() - OVER,
        )
        .distinct()
    ).all()  # fmt: skip
    for post_id in sorted(set(asked) - set(unready)):
        settle([K.POST_UNREADY], ("post", post_id))


# Whom


def _editors(office: Unit) -> Sequence[User]:
    return accounts.list_people_with(Permission.STORY_WRITE, office)


def _leads(office: Unit) -> Sequence[User]:
    """Who leads today, acting heads included; where nobody does, who can appoint somebody."""
    leads = accounts.list_people_with(Permission.STORY_READ, office, roles=[Role.LEAD])
    return leads or accounts.list_people_with(Permission.ACCOUNT_MANAGE, office)


def _present(people: Iterable[User], office: Unit) -> list[User]:
    """Those at work today; all of them where nobody is, so that it does not go unheard."""
    every = {u.id: u for u in people}
    today = accounts.today_at(office)
    away = exists().where(
        Absence.user_id == User.id,
        Absence.starts_on <= today,
        Absence.ends_on >= today,
        Absence.kind.in_(AWAY),
    )
    gone = set(db.session.scalars(select(User.id).where(User.id.in_(every), away))) if every else set()
    return [u for u in every.values() if u.id not in gone] or list(every.values())


def _by_locale(people: Iterable[User]) -> list[tuple[str, list[User]]]:
    found: dict[str, list[User]] = {}
    for user in people:
        found.setdefault(user.locale, []).append(user)
    return sorted(found.items())


def _known_keys(kind: K, subject_type: str, ids: Collection[int]) -> set[str]:
    """What was told already about these. One statement."""
    if not ids:
        return set()
    return set(
        db.session.scalars(
            select(Notification.key)
            .where(
                Notification.subject_type == subject_type, Notification.subject_id.in_(ids),
                Notification.kind == kind,
            )
            .distinct()
        )
    )  # fmt: skip


def _stamp(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0
