"""What a change of content does to what was agreed."""

from humasflow.approvals import queries
from humasflow.approvals.coverage import IN_FORCE
from humasflow.approvals.events import PackageStepApproved, PackageSubmitted
from humasflow.approvals.models import Package
from humasflow.approvals.services import keeping, urgent, voiding
from humasflow.approvals.services.guests import ask_guests_of_step
from humasflow.core.db import db
from humasflow.posts.events import PostRemoved, PostVersionSaved
from humasflow.posts.models import Post
from humasflow.stories.enums import GONE, StoryMove, StoryState
from humasflow.stories.events import StoriesMoved, StoryCorrectionReworded, StoryMoved, StoryVersionSaved

# Where somebody can be asked about a story: in review, or about posts added later.
_ASKED_IN = IN_FORCE - {StoryState.ARCHIVED} | {StoryState.IN_REVIEW}


def on_story_version_saved(event: StoryVersionSaved) -> None:
    """Every agreement was about the text before; it holds on where nothing marked changed."""
    keeping.keep_story(event.story_id, event.version_id, actor_id=event.actor_id)
    voiding.void_stale(event.story_id, actor_id=event.actor_id)


def on_correction_reworded(event: StoryCorrectionReworded) -> None:
    """A package that waits was asked about with the note to readers before."""
    voiding.void_waiting(event.story_id, actor_id=event.actor_id)


def on_post_version_saved(event: PostVersionSaved) -> None:
    """The agreement on this post was about its text before; it holds on where nothing marked changed. A package that
    waits with the old text falls.
    """
    post = db.session.get_one(Post, event.post_id)
    previous = voiding.version_before(post.id, event.version_id)
    if previous is None:
        return  # a new post: nothing was agreed about it, and nothing that was agreed changes
    if not keeping.keep_post(post, event.version_id, previous, actor_id=event.actor_id):
        voiding.note_lost_cover(post, previous, actor_id=event.actor_id)
    voiding.void_stale(post.story_id, actor_id=event.actor_id)


def on_post_removed(event: PostRemoved) -> None:
    """A package that waits would let out less than was shown."""
    post = db.session.get_one(Post, event.post_id)
    voiding.void_stale(post.story_id, actor_id=event.actor_id)


def on_step_asked(event: PackageSubmitted | PackageStepApproved) -> None:
    """A step that asks somebody without an account sends them their link."""
    ask_guests_of_step(db.session.get_one(Package, event.package_id))


def on_story_moved(event: StoryMoved) -> None:
    """A story that was put aside, taken back or withdrawn waits for nobody."""
    if event.after not in _ASKED_IN:
        voiding.void_waiting(event.story_id, actor_id=event.actor_id, recalled=event.move is StoryMove.RECALL)
    if event.after in GONE:
        urgent.close_withdrawn(event.story_id, actor_id=event.actor_id)


def on_stories_moved(event: StoriesMoved) -> None:
    """The same for those among many that anybody was asked about."""
    concerned = queries.with_packages(m.story_id for m in event.moved)
    for moved in event.moved:
        if moved.story_id in concerned:
            on_story_moved(moved)


HANDLERS = [
    (PackageSubmitted, on_step_asked),
    (PackageStepApproved, on_step_asked),
    (StoryVersionSaved, on_story_version_saved),
    (StoryCorrectionReworded, on_correction_reworded),
    (PostVersionSaved, on_post_version_saved),
    (PostRemoved, on_post_removed),
    (StoryMoved, on_story_moved),
    (StoriesMoved, on_stories_moved),
]
