"""Who hears of a correction that only a person can bring to a channel."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.publishing.events import CorrectionDue, PostCorrected, PostRetracted
from humasflow.publishing.models import Delivery


def on_correction_due(event: CorrectionDue) -> None:
    """The person who posts on the channel, or everybody who may record when nobody is named."""
    post = db.session.scalars(
        select(Post).where(Post.id == event.post_id).options(joinedload(Post.story), joinedload(Post.account))
    ).one()
    delivery = db.session.get_one(Delivery, event.delivery_id)
    person = db.session.get(User, event.assignee_id) if event.assignee_id else None
    office = db.session.get_one(Unit, post.office_id)
    people = [person] if person else accounts.list_people_with(Permission.EVIDENCE_RECORD, office)
    services.notify(
        people, K.CORRECTION_DUE, office_id=post.office_id, subject=("post", post.id),
        key=f"delivery:{delivery.id}:correct:{delivery.correcting_to_id}",
        title=f"{post.story.title} ({post.account.name})", story_id=post.story_id,
    )  # fmt: skip


def on_settled(event: PostCorrected | PostRetracted) -> None:
    """Nobody is asked any longer."""
    services.settle([K.CORRECTION_DUE], ("post", event.post_id))


HANDLERS = [
    (CorrectionDue, on_correction_due),
    (PostCorrected, on_settled),
    (PostRetracted, on_settled),
]
