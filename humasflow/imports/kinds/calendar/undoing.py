"""Plans are taken back: what nobody touched since is called off, the rest stays and says why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.calendar.adding.planned import Planned
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.imports.kinds.base import Applied, Context
from humasflow.imports.kinds.calendar.known import stories_of
from humasflow.posts.models import Post
from humasflow.posts.services import remove_post
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import GONE, StoryMove
from humasflow.stories.models import Assignment, Comment, CommentThread, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.services import move_story
from humasflow.stories.services.bulk import lock_stories
from humasflow.stories.services.tasks import cancel_task


def to_undo(made: Planned, *, begun: bool) -> dict[str, Any]:
    """What taking it back compares. ``begun``: the story is this row's own."""
    return {
        "story": made.story.row_version if begun else None,
        "posts": {str(p.id): p.row_version for p in made.posts},
        "tasks": {str(t.id): _task_as(t) for t in made.tasks},
        "threads": [t.id for t in made.threads],
    }  # fmt: skip


@dataclass
class _Now:
    """What there is of the rows' stories now, in six statements."""

    stories: Mapping[int, Story]
    posts: Mapping[int, list[Post]]
    tasks: Mapping[int, list[Assignment]]
    open_tasks: set[int]
    delivered: set[int]
    comments: Mapping[int, Mapping[int, int]]  # story → thread → how many


def _read(ids: Iterable[int]) -> _Now:
    wanted = sorted(set(ids))
    # Everything is held before anything is recorded: who works on it now waits for the record, which is ours then.
    lock_stories(wanted)
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in db.session.scalars(
        select(Post)
        .where(Post.story_id.in_(wanted), Post.removed_at.is_(None))
        .order_by(Post.id)
        .with_for_update(of=Post)
        .execution_options(populate_existing=True)
    ):
        posts[post.story_id].append(post)
    tasks: dict[int, list[Assignment]] = defaultdict(list)
    for task in db.session.scalars(
        select(Assignment)
        .where(Assignment.story_id.in_(wanted), is_open())
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    ):
        tasks[task.story_id].append(task)
    comments: dict[int, dict[int, int]] = defaultdict(dict)
    counted = (
        select(CommentThread.story_id, CommentThread.id, func.count(Comment.id))
        .join(Comment, Comment.thread_id == CommentThread.id)
        .where(CommentThread.story_id.in_(wanted))
        .group_by(CommentThread.story_id, CommentThread.id)
    )
    for story_id, thread_id, count in db.session.execute(counted):
        comments[story_id][thread_id] = count
    every = [p.id for mine in posts.values() for p in mine]
    delivered = set(db.session.scalars(select(Delivery.post_id).where(Delivery.post_id.in_(every))))
    open_tasks = {t.id for mine in tasks.values() for t in mine}
    return _Now(stories_of(wanted), posts, tasks, open_tasks, delivered, comments)


def take_back(applied: Sequence[Applied], context: Context) -> dict[int, str]:
    """For each line that has to stay, why. Flushes."""
    now = _read(a.subject[1] for a in applied if a.subject)
    stays: dict[int, str] = {}
    for row in applied:
        story = now.stories.get(row.subject[1]) if row.subject else None
        if story is None or story.state in GONE:
            continue
        why = _touched(story, row.undo, now)
        if not why:
            why = _call_off(story, row.undo, now, context)
        if why:
            stays[row.line] = why
    return stays


def _touched(story: Story, undo: Mapping[str, Any], now: _Now) -> str:
    """What somebody did since; empty when nobody did anything."""
    begun = undo.get("story") is not None
    if begun and story.row_version != undo["story"]:
        return _("naskahnya sudah dikerjakan sejak diimpor")
    mine = undo.get("threads", [])
    if begun and any(thread not in mine or count > 1 for thread, count in now.comments[story.id].items()):
        return _("naskahnya sudah dibicarakan di komentar")
    return _touched_posts(story, undo.get("posts", {}), now, begun=begun) or _touched_tasks(
        story, undo.get("tasks", {}), now, begun=begun
    )


def _touched_posts(story: Story, made: Mapping[str, int], now: _Now, *, begun: bool) -> str:
    for post in now.posts[story.id]:
        if str(post.id) not in made:
            if begun:
                return _("naskahnya kini juga direncanakan di %(account)s", account=post.account.name)
        elif post.row_version != made[str(post.id)]:
            return _("rencananya di %(account)s sudah diubah", account=post.account.name)
        elif post.id in now.delivered:
            return _("publikasinya di %(account)s sudah dikerjakan", account=post.account.name)
    return ""


def _touched_tasks(story: Story, made: Mapping[str, Sequence[Any]], now: _Now, *, begun: bool) -> str:
    for task in now.tasks[story.id]:
        if str(task.id) not in made:
            if begun:
                return _("%(name)s kini bertugas pada naskah ini", name=task.person.name)
        elif _task_as(task) != made[str(task.id)]:
            return _("tugas %(name)s sudah dijawab atau diubah", name=task.person.name)
    if not {int(i) for i in made} <= now.open_tasks:
        return _("tugasnya sudah dijawab atau dialihkan")
    return ""


def _task_as(task: Assignment) -> list[Any]:
    """What a person changes of a task; that it was opened, or reminded of, is nobody's work."""
    return [task.state.value, task.due_at.isoformat() if task.due_at else None, task.brief]


def _call_off(story: Story, undo: Mapping[str, Any], now: _Now, context: Context) -> str:
    """Take away the posts and, with the story or each for itself, the tasks. Why not, where something is against it."""
    reason = _("Impornya dibatalkan.")
    mine = undo.get("posts", {})
    try:
        with db.session.begin_nested():
            for post in [p for p in now.posts[story.id] if str(p.id) in mine]:
                remove_post(post, actor=context.actor)
            if undo.get("story") is not None:
                move_story(story, StoryMove.CANCEL, actor=context.actor, reason=reason)
            else:
                for task in [t for t in now.tasks[story.id] if str(t.id) in undo.get("tasks", {})]:
                    cancel_task(task, actor=context.actor, reason=reason)
    except Refused as refused:
        return " ".join(map(str, refused.reasons))
    except UserError as error:
        return error.message
    now.posts[story.id][:] = [p for p in now.posts[story.id] if str(p.id) not in mine]
    now.tasks[story.id][:] = [t for t in now.tasks[story.id] if str(t.id) not in undo.get("tasks", {})]
    return ""
