"""Many publications from before at once: the same rows and the same record as one after the other
(:mod:`humasflow.publishing.services.past`), without asking anything for each of them. For lists of tens of thousands.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db, insert_many, table_of
from humasflow.core.events import emit
from humasflow.core.urls import canonical_url
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.posts.services.past import PastPost, add_past_posts
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import PastPublicationsRecorded
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.services.past import PastStory, add_past_stories

AT_ONCE = 500  # as many as one call takes: locks and memory stay small, and the statements long


class Past(NamedTuple):
    """One publication: where and as what it went out, its title, its address, when (UTC)."""

    account: ChannelAccount
    content_type: ContentType
    title: str
    url: str
    published_at: datetime


class Recorded(NamedTuple):
    """``is_new``: recorded by this call; otherwise its address was known, in the office or earlier in the list."""

    delivery_id: int
    is_new: bool


def record_past_publications(
    wanted: Sequence[Past], *, actor: audit.Actor | None, office: Unit, document: str = ""
) -> list[Recorded]:
    """Record those whose address the office does not have yet, with their evidence. In the order given. Flushes; emits
    PastPublicationsRecorded. Raises NotHttpUrl before anything is written, ValueError for more than AT_ONCE.
    """
    if len(wanted) > AT_ONCE:
        raise ValueError(f"at most {AT_ONCE} at once")
    addresses = [canonical_url(w.url) for w in wanted]
    audit.await_turn([office.id])  # of two lists with the same addresses the second finds those of the first
    known = find_recorded(office.id, addresses)
    fresh: dict[str, Past] = {}
    for address, past in zip(addresses, wanted, strict=True):
        if address not in known:
            fresh.setdefault(address, past)
    made = _write(fresh, actor=actor, office=office, document=document) if fresh else {}
    first: set[str] = set()
    told: list[Recorded] = []
    for address in addresses:
        is_new = address in made and address not in first
        first.add(address)
        told.append(Recorded(made[address] if address in made else known[address], is_new))
    if made:
        emit(PastPublicationsRecorded(office_id=office.id, delivery_ids=tuple(made.values())))
    return told


def find_recorded(office_id: int, addresses: Sequence[str]) -> dict[str, int]:
    """The deliveries of the office at these canonical addresses: the first live one, else the first that was taken
    down. One statement.
    """
    rows = db.session.execute(
        select(Delivery.canonical_url, Delivery.state, Delivery.id)
        .where(
            Delivery.office_id == office_id, Delivery.canonical_url.in_(set(addresses)),
            Delivery.state.in_((S.PUBLISHED, S.RETRACTED)),
        )
    ).all()  # fmt: skip
    found: dict[str, int] = {}
    for address, _state, delivery_id in sorted(rows, key=lambda row: (row[1] is not S.PUBLISHED, row[2])):
        found.setdefault(str(address), delivery_id)
    return found


def _write(
    fresh: dict[str, Past], *, actor: audit.Actor | None, office: Unit, document: str
) -> dict[str, int]:
    """The new deliveries' ids by canonical address."""
    items = list(fresh.values())
    stories = add_past_stories(
        office.id, [PastStory(p.title, p.content_type.id, p.published_at) for p in items]
    )
    posts = add_past_posts(
        office.id,
        [
            PastPost(s.story_id, p.account, p.content_type.id, p.published_at)
            for s, p in zip(stories, items, strict=True)
        ],
    )
    rows = [
        {
            "office_id": office.id, "post_id": post.post_id, "account_id": past.account.id,
            "story_id": story.story_id, "content_type_id": past.content_type.id,
            "post_version_id": post.version_id, "story_version_id": story.version_id, "state": S.PUBLISHED,
            "title": past.title.strip(), "payload": None, "idempotency_key": f"post:{post.post_id}:1",
            "permalink": past.url.strip(), "canonical_url": address, "published_at": past.published_at,
            "created_at": past.published_at, "updated_at": past.published_at, "row_version": 1,
        }
        for address, past, story, post in zip(fresh, items, stories, posts, strict=True)
    ]  # fmt: skip
    ids = insert_many(Delivery, rows)
    now = clock.now()
    evidence = [
        {
            "delivery_id": id_, "url": row["permalink"], "canonical_url": row["canonical_url"],
            "published_at": row["published_at"], "captured_at": now, "captured_by": actor.id if actor else None,
            "document": document[:200],
        }
        for id_, row in zip(ids, rows, strict=True)
    ]  # fmt: skip
    db.session.execute(insert(table_of(Evidence)), evidence)
    acts: list[audit.Act] = []
    for id_, past, story, post in zip(ids, items, stories, posts, strict=True):
        context, subject = ("story", story.story_id), ("post", post.post_id)
        detail = {"label": past.account.name, "delivery": id_, "url": past.url.strip()}
        acts += [
            audit.Act(AuditAction.STORY_CREATED, context, None, detail={"version": 1}),
            audit.Act(AuditAction.POST_CREATED, subject, None, context, detail={"label": past.account.name}),
            audit.Act(
                AuditAction.PAST_PUBLICATION_RECORDED, subject, actor, context,
                detail=detail | ({"document": document} if document else {}),
            ),
        ]  # fmt: skip
    audit.record_many(acts, office_id=office.id)
    return dict(zip(fresh, ids, strict=True))
