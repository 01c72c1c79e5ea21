"""What waits on a channel account, for whoever is about to end its connection."""

from collections import Counter
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, and_, case, func, or_, select

from humasflow.accounts.policy import Principal
from humasflow.channels.connections.awaiting import Awaited, Source, Stage, Waiting
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import PostState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

MOST = 50  # are named; all of them are counted
_OVER = (S.PUBLISHED, S.CANCELLED, S.RETRACTED)
_STAGE = case(
    (Delivery.state.in_((S.COMMITTING, S.UNKNOWN)), Stage.SENT.value),
    (Delivery.state == S.FAILED, Stage.FAILED.value),
    else_=Stage.COMING.value,
)
_FIRST = case((Delivery.state.in_((S.COMMITTING, S.UNKNOWN)), 0), else_=1)


class Publications:
    """Posts with a time, and posts on their way."""

    def waiting_on(self, actor: Principal, account_id: int) -> Awaited:
        """Two statements. Of a confidential story, whoever is not named in it learns that there is one, and no more."""
        rows = db.session.execute(
            _of(
                select(
                    Post.id, Story.title, Post.office_id, Post.scheduled_at, Delivery.state, _STAGE,
                    visible_to(actor.id),
                ).join(Story, Story.id == Post.story_id),
                account_id,
            )
            .order_by(_FIRST, Post.scheduled_at.nulls_last(), Post.id)
            .limit(MOST)
        ).all()  # fmt: skip
        named = []
        for post_id, title, office_id, due_at, state, stage, is_visible in rows:
            may_open = bool(is_visible) and actor.can(Permission.STORY_READ, office_id)
            named.append(
                Waiting(
                    title if is_visible else _("Naskah rahasia"),
                    PostState.SCHEDULED.label if state in (None, S.QUEUED) else state.label,
                    due_at,
                    Stage(stage),
                    url_for("publishing.detail", post_id=post_id) if may_open else "",
                )
            )
        counted = db.session.execute(
            _of(select(_STAGE.label("stage"), func.count()).select_from(Post), account_id).group_by("stage")
        )
        return Awaited(named, Counter({Stage(stage): number for stage, number in counted}))


def _of(statement: Select[Any], account_id: int) -> Select[Any]:
    """What has a time or is on its way, on this account."""
    return statement.outerjoin(
        Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)
    ).where(
        Post.account_id == account_id,
        Post.removed_at.is_(None),
        or_(
            and_(Delivery.id.is_(None), Post.scheduled_at.is_not(None)),
            and_(Delivery.id.is_not(None), Delivery.state.not_in(_OVER)),
        ),
    )


SOURCES: list[Source] = [Publications()]
