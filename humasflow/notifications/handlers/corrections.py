"""Who hears of a correction or a removal that only a person can bring to a channel."""

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
from humasflow.publishing.events import (
    CorrectionDue,
    LinkBack,
    PastPublicationsRetracted,
    PostCorrected,
    PostRetracted,
    RemovalDue,
)
from humasflow.publishing.models import Delivery

OF_A_GONE_POST = (K.CORRECTION_DUE, K.REMOVAL_DUE, K.BY_HAND_LATE, K.FOLLOW_UP_FAILED, K.POST_LINK_GONE)


def on_correction_due(event: CorrectionDue) -> None:
    """The person who posts on the channel, or everybody who may record when nobody is named; asked anew each time that
    it came to them, also with the same correction.
    """
    asked = db.session.get_one(Delivery, event.delivery_id)
    key = f"delivery:{asked.id}:correct:{asked.correcting_to_id}:{asked.row_version}"
    _ask(event, K.CORRECTION_DUE, key=key)


def on_removal_due(event: RemovalDue) -> None:
    """The same people; asked anew each time that its removal was asked for."""
    asked_at = db.session.get_one(Delivery, event.delivery_id).retract_asked_at
    _ask(
        event,
        K.REMOVAL_DUE,
        key=f"delivery:{event.delivery_id}:remove:{asked_at.isoformat() if asked_at else ''}",
    )


def _ask(event: CorrectionDue | RemovalDue, kind: K, *, key: str) -> None:
    post = db.session.scalars(
        select(Post).where(Post.id == event.post_id).options(joinedload(Post.story), joinedload(Post.account))
    ).one()
    person = db.session.get(User, event.assignee_id) if event.assignee_id else None
    office = db.session.get_one(Unit, post.office_id)
    may = accounts.list_people_with(Permission.EVIDENCE_RECORD, office)
    people = [person] if person is not None and person.is_active else may
    services.notify(
        people, kind, office_id=post.office_id, subject=("post", post.id), key=key,
        title=f"{post.story.title} ({post.account.name})", story_id=post.story_id,
    )  # fmt: skip


def on_settled(event: PostCorrected | PostRetracted) -> None:
    """Nobody is asked any longer."""
    kinds = OF_A_GONE_POST if isinstance(event, PostRetracted) else (K.CORRECTION_DUE, K.BY_HAND_LATE)
    services.settle(kinds, ("post", event.post_id))


def on_past_retracted(event: PastPublicationsRetracted) -> None:
    """The same of many."""
    services.settle_many(OF_A_GONE_POST, "post", [post_id for _delivery, post_id in event.posts])


def on_link_back(event: LinkBack) -> None:
    """That it was gone is nobody's question any longer."""
    services.settle((K.POST_LINK_GONE,), ("post", event.post_id))


HANDLERS = [
    (LinkBack, on_link_back),
    (CorrectionDue, on_correction_due),
    (RemovalDue, on_removal_due),
    (PostCorrected, on_settled),
    (PostRetracted, on_settled),
    (PastPublicationsRetracted, on_past_retracted),
]
