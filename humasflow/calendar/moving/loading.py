"""Reading what is to be moved: one statement for each kind (two for agenda), however much of it. What is to change is
locked kind by kind, from what others hang on to what hangs on others, and within a kind in the order of the numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, contains_eager

from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.moving.asking import Ref
from humasflow.calendar.moving.hanging import lock_hanging
from humasflow.calendar.moving.kinds import MovableCampaign, MovableDeadline, MovablePost
from humasflow.calendar.moving.movable import Movable
from humasflow.calendar.moving.occasions import MovableEvent
from humasflow.calendar.queries.rows import APPROVED, PENDING, approval_now
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrences
from humasflow.planning.campaigns.models import Campaign
from humasflow.posts.models import Post
from humasflow.publishing.models import Delivery
from humasflow.stories.assignment_policy import can_see_assignment
from humasflow.stories.enums import OPEN_ASSIGNMENT
from humasflow.stories.models import Assignment, Story
from humasflow.stories.visibility import visible_to

T = TypeVar("T", bound=Select[*tuple[Any, ...]])


def load(actor: Principal, refs: Sequence[Ref], *, to_change: bool = True) -> dict[Ref, Movable]:
    """What the actor may know of, by what it was asked as; the rest is missing.

    ``to_change``: wait for whoever is changing any of it, see what they did, and keep it until the transaction ends.
    """
    by_kind = {kind: sorted((r for r in refs if r.kind is kind), key=lambda r: r.id) for kind in _LOADERS}
    found: dict[Ref, Movable] = {}
    for kind, loader in _LOADERS.items():
        if wanted := by_kind[kind]:
            found |= {m.ref: m for m in loader(actor, wanted, to_change)}
            if kind is ItemKind.EVENT and to_change:
                lock_hanging(
                    [r.id for r in wanted], task_ids=[r.id for r in by_kind[ItemKind.DEADLINE]],
                    post_ids=[r.id for r in by_kind[ItemKind.POST]],
                )  # fmt: skip
    return {ref: found[ref] for ref in refs if ref in found}


def _locked(statement: T, of: Any, to_change: bool) -> T:
    # What the session knew from before the wait is not what it is now.
    if not to_change:
        return statement
    return statement.with_for_update(of=of).execution_options(populate_existing=True)


def _posts(actor: Principal, refs: Sequence[Ref], to_change: bool) -> Iterable[Movable]:
    statement = (
        select(Post, Delivery, approval_now())
        .join(Post.story)
        .join(Post.account)
        .outerjoin(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(Post.id.in_([r.id for r in refs]), Post.removed_at.is_(None), visible_to(actor.id))
        .options(contains_eager(Post.story), contains_eager(Post.account))
        .order_by(Post.id)
    )
    known = {
        post.id: (post, delivery, approval)
        for post, delivery, approval in db.session.execute(_locked(statement, Post, to_change))
        if actor.can(Permission.STORY_READ, post.office_id)
    }
    for ref in refs:
        if ref.id in known:
            post, delivery, approval = known[ref.id]
            yield MovablePost(
                ref, get_office(post.office_id), post, delivery, approval == APPROVED, approval == PENDING,
                (post.story, post.account),
            )  # fmt: skip


def _deadlines(actor: Principal, refs: Sequence[Ref], to_change: bool) -> Iterable[Movable]:
    """Each task with those of the same story that are open and due at the same time."""
    named = aliased(Assignment, name="named")
    statement = (
        select(named.id, Assignment)
        .select_from(named)
        .join(
            Assignment,
            and_(
                Assignment.story_id == named.story_id,
                or_(
                    Assignment.id == named.id,
                    and_(
                        Assignment.due_at == named.due_at, Assignment.state.in_(sorted(OPEN_ASSIGNMENT))
                    ),
                ),
            ),
        )
        .join(Story, Story.id == Assignment.story_id)
        .where(named.id.in_([r.id for r in refs]))
        .options(contains_eager(Assignment.story))
        .order_by(Assignment.id)
    )  # fmt: skip
    groups: dict[int, list[Assignment]] = {}
    for named_id, task in db.session.execute(_locked(statement, Assignment, to_change)):
        groups.setdefault(named_id, []).append(task)
    for ref in refs:
        tasks = groups.get(ref.id, [])
        if tasks and can_see_assignment(actor, next(t for t in tasks if t.id == ref.id)):
            yield MovableDeadline(ref, get_office(tasks[0].office_id), tasks, [t.story for t in tasks])


def _events(actor: Principal, refs: Sequence[Ref], to_change: bool) -> Iterable[Movable]:
    statement = (
        select(AgendaEvent)
        .where(AgendaEvent.id.in_([r.id for r in refs]), AgendaEvent.removed_at.is_(None))
        .order_by(AgendaEvent.id)
    )
    known = {
        e.id: e
        for e in db.session.scalars(_locked(statement, AgendaEvent, to_change))
        if actor.can(Permission.CALENDAR_READ, e.office_id)
    }
    named = [(ref, known[ref.id]) for ref in refs if ref.id in known]
    every = get_occurrences([(event, ref.occurrence) for ref, event in named])
    for (ref, event), shown in zip(named, every, strict=True):
        if shown is not None:
            yield MovableEvent(ref, get_office(event.office_id), event, shown)


def _campaigns(actor: Principal, refs: Sequence[Ref], to_change: bool) -> Iterable[Movable]:
    statement = select(Campaign).where(Campaign.id.in_([r.id for r in refs])).order_by(Campaign.id)
    known = {
        c.id: c
        for c in db.session.scalars(_locked(statement, Campaign, to_change))
        if actor.can(Permission.CALENDAR_READ, c.office_id)
    }
    for ref in refs:
        if ref.id in known:
            yield MovableCampaign(ref, get_office(known[ref.id].office_id), known[ref.id])


# In the order in which whatever moves them locks: an event takes its stories' tasks and publications along.
_LOADERS: dict[ItemKind, Callable[[Principal, Sequence[Ref], bool], Iterable[Movable]]] = {
    ItemKind.CAMPAIGN: _campaigns,
    ItemKind.EVENT: _events,
    ItemKind.DEADLINE: _deadlines,
    ItemKind.POST: _posts,
}
