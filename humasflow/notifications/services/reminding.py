"""What a person was asked to do on a channel by hand and has not recorded: they are reminded, then editors hear it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.services.notices import notify
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.models import BY_HAND, Delivery

# After so long whoever was asked, and after the second the editors as well.
STAGES: Final = (timedelta(hours=1), timedelta(days=1))
OVER: Final = timedelta(days=7)  # what is older stands in the lists, and calls nobody any more
MOST: Final = 500  # of each kind in one look


def remind_by_hand() -> int:
    """Remind of uploads, corrections and removals by hand: once after an hour, once after a day. Returns how many were
    told. The worker calls it every few minutes. Flushes.
    """
    now, told = clock.now(), 0
    for delivery in _list_waiting(now):
        for kind in _asked(delivery):
            since = _asked_at(delivery, kind)
            reached = sum(now - since >= stage for stage in STAGES)
            if reached and now - since < OVER:
                told += _remind(delivery, kind, since, reached)
    return told


def _list_waiting(now: datetime) -> list[Delivery]:
    """Deliveries that a person is to see to: two questions, each answered by an index."""
    of_today = (
        (Post.id == Delivery.post_id) & (Post.generation == Delivery.generation) & Post.removed_at.is_(None)
    )
    every: list[Delivery] = []
    for is_asked in (
        and_(Delivery.state == S.MANUAL_DUE, Delivery.updated_at > now - OVER),
        and_(
            Delivery.state == S.PUBLISHED,
            # Asked for any day of its life; few are, and since when says the notice.
            Delivery.id.in_(select(Delivery.id).where(text(BY_HAND)).correlate(None)),
        ),
    ):
        every += db.session.scalars(
            select(Delivery)
            .join(Post, of_today)
            .where(is_asked)
            .options(joinedload(Delivery.post).joinedload(Post.story), joinedload(Delivery.account))
            .order_by(Delivery.id.desc())
            .limit(MOST)
        )
    return every


def _asked(delivery: Delivery) -> Iterable[K]:
    if delivery.state is S.MANUAL_DUE:
        yield K.MANUAL_DUE
    if delivery.state is S.PUBLISHED and delivery.retract_state is FollowUp.BY_HAND:
        yield K.REMOVAL_DUE
    elif delivery.state is S.PUBLISHED and delivery.correct_state is FollowUp.BY_HAND:
        yield K.CORRECTION_DUE


def _asked_at(delivery: Delivery, kind: K) -> datetime:
    """When somebody was last asked; where nobody was, when the publication came to be so."""
    asked = db.session.scalar(
        select(func.max(Notification.created_at)).where(
            Notification.subject_type == "post",
            Notification.subject_id == delivery.post_id,
            Notification.kind == kind,
        )
    )
    return asked or delivery.updated_at


def _remind(delivery: Delivery, kind: K, since: datetime, stage: int) -> int:
    office = db.session.get_one(Unit, delivery.office_id)
    assignee = db.session.get(User, delivery.assignee_id) if delivery.assignee_id else None
    may = accounts.list_people_with(Permission.EVIDENCE_RECORD, office)
    people = [assignee] if assignee is not None and assignee.is_active else list(may)
    if stage == len(STAGES):
        people += accounts.list_people_with(Permission.DELIVERY_RESOLVE, office)
    told = 0
    by_locale: dict[str, dict[int, User]] = {}
    for person in people:
        by_locale.setdefault(person.locale, {})[person.id] = person
    for locale, users in by_locale.items():
        with force_locale(locale):
            says = _says(kind, stage)
            told += len(
                notify(
                    users.values(), K.MANUAL_LATE if kind is K.MANUAL_DUE else K.BY_HAND_LATE,
                    office_id=office.id, subject=("post", delivery.post_id),
                    key=f"delivery:{delivery.id}:{kind}:{since.isoformat()}:{stage}",
                    title=f"{delivery.post.story.title} ({delivery.account.name})", reason=says, says=says,
                    story_id=delivery.story_id,
                )
            )  # fmt: skip
    return told


def _says(kind: K, stage: int) -> str:
    if kind is K.MANUAL_DUE:
        return _("Sudah sehari menunggu.") if stage == len(STAGES) else _("Sudah lebih dari sejam menunggu.")
    if kind is K.REMOVAL_DUE:
        return _("Unggahannya diminta dihapus dari kanalnya.")
    return _("Ralatnya sudah disetujui, tetapi unggahannya belum tercatat dibetulkan.")
