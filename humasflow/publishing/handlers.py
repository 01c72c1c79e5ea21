"""What a new time, an approval, or the fate of a story or of what it covers does to its publications."""

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals.events import PackageApproved, PackageReleased
from humasflow.channels.connections.events import AccountResumed, ConnectionMade
from humasflow.core.db import db
from humasflow.outbox.events import JobRevived
from humasflow.planning.agenda.events import AgendaCancelled, AgendaMoved
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts import queries as posts
from humasflow.posts.events import PostLockAsked, PostLocksAsked, PostRemoved, PostScheduled, PostUnscheduled
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.embargo import is_embargoed
from humasflow.publishing.enums import DeliveryMove, DeliveryState
from humasflow.publishing.events import PostPublished
from humasflow.publishing.policy import WAITS_FOR_CHANNEL, reasons_against_change
from humasflow.publishing.services import correcting, follow_ups, following, retraction, scheduling
from humasflow.publishing.services.discarding import discard_later
from humasflow.publishing.services.holding import hold
from humasflow.publishing.services.moving import move
from humasflow.stories.enums import GONE, StoryMove, StoryState
from humasflow.stories.events import StoriesMoved, StoryCorrectionReworded, StoryEmbargoChanged, StoryMoved
from humasflow.stories.models import Story
from humasflow.stories.queries import being_corrected as stories_being_corrected
from humasflow.stories.queries.coverage import list_concerned
from humasflow.stories.services import move_story
from humasflow.stories.services.covering import list_moves
from humasflow.stories.workflow import STORY

# States of a story in which what was approved may go out.
IN_FORCE = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})
# Begun, and nothing irreversible done yet.
_NOT_SENT = frozenset({DeliveryState.MANUAL_DUE, DeliveryState.PREPARING, DeliveryState.PREPARED})
# Stopped for want of something that a new time, or none, does not ask for.
_STOPPED = frozenset({DeliveryState.HELD, DeliveryState.LATE, DeliveryState.MANUAL_DUE, *WAITS_FOR_CHANNEL})


def on_lock_asked(event: PostLockAsked) -> None:
    """Say what a publication under way, live or ended has against a change of its post."""
    post = db.session.get_one(Post, event.post_id)
    delivery = queries.get_current_delivery(post, fresh=True)
    event.reasons.extend(reasons_against_change(delivery, event.change))


def on_locks_asked(event: PostLocksAsked) -> None:
    """The same of several posts; a delivery of an earlier generation has nothing against the next one."""
    wanted = select(Post.id, Post.generation).where(Post.id.in_(event.post_ids))
    newest = queries.latest_delivery_of(event.post_ids)
    corrected = stories_being_corrected(d.story_id for d in newest.values())
    for post_id, generation in db.session.execute(wanted).all():
        delivery = newest.get(post_id)
        current = delivery if delivery is not None and delivery.generation == generation else None
        against = reasons_against_change(
            current, event.change, corrected=current is not None and current.story_id in corrected
        )
        event.reasons.setdefault(post_id, []).extend(against)


def on_post_scheduled(event: PostScheduled) -> None:
    """The job follows the time, and what stood still may go out again."""
    post = db.session.get_one(Post, event.post_id)
    delivery = scheduling.reopen(post, queries.get_current_delivery(post, fresh=True))
    scheduling.sync_job_of(post, delivery)


def on_post_unscheduled(event: PostUnscheduled) -> None:
    """Without a time there is nothing to do, and nothing to hold."""
    post = db.session.get_one(Post, event.post_id)
    delivery = queries.get_current_delivery(post, fresh=True)
    if delivery is not None and delivery.state in _STOPPED:
        scheduling.requeue(delivery)
    scheduling.sync_job_of(post, delivery)


def on_embargo_changed(event: StoryEmbargoChanged) -> None:
    """What waits for its time waits for the end of the embargo as well; a request to upload is taken back, and so is
    what a channel is still preparing.
    """
    every = posts.list_posts_of(event.story_id)
    asked = queries.latest_delivery_of(p.id for p in every)
    for post in every:
        delivery = asked.get(post.id)
        if delivery is not None and delivery.state in _NOT_SENT and is_embargoed(post):
            scheduling.requeue(delivery)
            discard_later(delivery)
    scheduling.sync_story(event.story_id)


def on_post_removed(event: PostRemoved) -> None:
    """A removed post has no job, and waits for no channel; the sweeper and the lists leave it out."""
    post = db.session.get_one(Post, event.post_id)
    delivery = queries.get_current_delivery(post, fresh=True)
    if delivery is not None and delivery.state in WAITS_FOR_CHANNEL:
        move(delivery, DeliveryMove.CANCEL)
        discard_later(delivery)
    scheduling.sync_job(post)


def on_package_approved(event: PackageApproved | PackageReleased) -> None:
    """What was held for want of approval goes out, if it is not too late; the rest waits for its time. A correction
    reaches what is live.
    """
    scheduling.sync_story(event.story_id)
    correcting.begin_correction(event.story_id)


def on_story_moved(event: StoryMoved) -> None:
    """A cancelled or withdrawn story takes its publications along; one that lost its approval takes back requests."""
    if event.after in GONE:
        actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
        retraction.retract_story(event.story_id, actor=actor, reason=event.reason)
    elif event.before in IN_FORCE and event.after not in IN_FORCE:
        every = posts.list_posts_of(event.story_id)
        for delivery in queries.latest_delivery_of(p.id for p in every).values():
            if delivery.state is DeliveryState.MANUAL_DUE:
                hold(delivery)


def on_stories_moved(event: StoriesMoved) -> None:
    """The same for those among many that have more than what was taken down before."""
    concerned = scheduling.with_something_left(m.story_id for m in event.moved)
    for moved in event.moved:
        if moved.story_id in concerned:
            on_story_moved(moved)


def on_correction_reworded(event: StoryCorrectionReworded) -> None:
    """A correction that was given up takes along what was written for it on live posts."""
    correcting.end_rewriting(event.story_id, actor_id=event.actor_id)


def on_post_published(event: PostPublished) -> None:
    """A story is out when its first post is. Withdrawn while its post was being sent, it takes it down again; corrected
    meanwhile, it is corrected there.
    """
    story = db.session.get_one(Story, event.story_id)
    if story.state in GONE:
        retraction.retract_story(story.id, actor=None, reason=story.state.label)
    if STORY.allows(story.state, StoryMove.PUBLISH):
        move_story(story, StoryMove.PUBLISH, actor=None)
    correcting.catch_up(event.delivery_id)


def on_job_revived(event: JobRevived) -> None:
    """A post that failed because its job died waits again, as after "Coba lagi"."""
    if event.kind != scheduling.PUBLISH:
        return
    post = db.session.get(Post, int(event.ref))
    delivery = queries.get_current_delivery(post) if post is not None else None
    if delivery is not None and delivery.state is DeliveryState.FAILED:
        scheduling.requeue(delivery)


def on_follow_up_revived(event: JobRevived) -> None:
    """A correction, removal or comment that stopped halfway is waited for again."""
    follow_ups.take_up_again(event.kind, event.ref)


def on_account_back(event: ConnectionMade | AccountResumed) -> None:
    """What waited for the account goes out, if it is not too late."""
    scheduling.take_up(event.account_id)
    follow_ups.take_up_paused(event.account_id)


def on_agenda_moved(event: AgendaMoved) -> None:
    """What was to go out about it goes out as much earlier or later."""
    if event.keeps_plans:
        return
    found = db.session.get_one(AgendaEvent, event.event_id)
    actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    for story, before, after in list_moves(event, found):
        following.follow_event(story, found, by=after - before, actor=actor, reason=event.reason)


def on_agenda_cancelled(event: AgendaCancelled) -> None:
    """Nothing goes out by itself about what does not take place."""
    found = db.session.get_one(AgendaEvent, event.event_id)
    actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    for story, _covered in list_concerned(found, event.occurrence):
        following.follow_event(story, found, by=None, actor=actor, reason=event.reason)


HANDLERS = [
    (JobRevived, on_job_revived),
    (JobRevived, on_follow_up_revived),
    (PostLockAsked, on_lock_asked),
    (PostLocksAsked, on_locks_asked),
    (PostScheduled, on_post_scheduled),
    (PostUnscheduled, on_post_unscheduled),
    (PostRemoved, on_post_removed),
    (PackageApproved, on_package_approved),
    (PackageReleased, on_package_approved),  # unapproved, but let out because it is urgent
    (StoryEmbargoChanged, on_embargo_changed),
    (StoryMoved, on_story_moved),
    (StoriesMoved, on_stories_moved),
    (StoryCorrectionReworded, on_correction_reworded),
    (PostPublished, on_post_published),
    (ConnectionMade, on_account_back),
    (AccountResumed, on_account_back),
    (AgendaMoved, on_agenda_moved),
    (AgendaCancelled, on_agenda_cancelled),
]
