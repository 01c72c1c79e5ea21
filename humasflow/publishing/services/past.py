"""Publications from before: an old list that is imported, and the history of the sample office."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.core.urls import canonical_url
from humasflow.media.models import Asset
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent, create_post
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import PostPublished, PostRetyped
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_by_hand
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.moving import current_or_new, lock_delivery, record
from humasflow.publishing.services.scheduling import sync_job
from humasflow.publishing.snapshots import base_url, fill, newsroom_path, take_snapshot
from humasflow.stories.enums import StoryState
from humasflow.stories.services import StoryContent, create_story


def record_past_publication(
    *,
    actor: audit.Actor | None,
    office: Unit,
    account: ChannelAccount,
    content_type: ContentType,
    title: str,
    url: str,
    published_at: datetime,
    document: str = "",
) -> tuple[Delivery, bool]:
    """Record something that went out before this product knew of it: story, post, live delivery, evidence.

    ``document`` names the list that vouches for it. Repeating it changes nothing: an address is recorded once in an
    office. Returns the delivery and whether it is new. Flushes; emits PostPublished. Raises NotHttpUrl, UserError.
    """
    canonical = canonical_url(url)
    known = queries.find_published(office.id, canonical) or _find_retracted(office.id, canonical)
    if known is not None:
        return known, False
    story = create_story(
        actor=None, office_id=office.id, content=StoryContent(title=title), content_type_id=content_type.id
    )
    # Not a move: the story begins its life here as what it has long been. Nobody submitted or approved it here, and
    # the record must not say so.
    story.state, story.state_since = StoryState.PUBLISHED, published_at
    story.created_at = story.updated_at = published_at
    post = create_post(
        story, actor=None, account_id=account.id, content_type_id=content_type.id, content=PostContent()
    )
    delivery = current_or_new(post)
    delivery.post_version_id, delivery.story_version_id = post.current_version_id, story.current_version_id
    delivery.permalink, delivery.canonical_url = url.strip(), canonical
    _set_live(delivery, published_at)
    add_row(
        delivery, url=url.strip(), published_at=published_at, captured_by=actor.id if actor else None,
        document=document[:200],
    )  # fmt: skip
    record(
        AuditAction.PAST_PUBLICATION_RECORDED,
        delivery,
        actor=actor,
        url=url.strip(),
        document=document or None,
    )
    _tell(delivery)
    return delivery, True


def retype_past_publication(
    delivery: Delivery, content_type: ContentType, *, actor: audit.Actor | None, document: str = ""
) -> bool:
    """Correct what a list said of a publication: it counts as another content type from now on. Whether it did.

    Only what came from a list is corrected by one; of a post that went out here, the product knows the type itself.
    Safe to repeat. Flushes; emits PostRetyped.
    """
    lock_delivery(delivery)
    if delivery.content_type_id == content_type.id or not is_from_list(delivery):
        return False
    delivery.content_type_id = delivery.post.content_type_id = content_type.id
    delivery.post.story.content_type_id = content_type.id
    db.session.flush()
    reason = _("Jenisnya dibetulkan menjadi %(type)s.", type=content_type.label)
    if document:
        reason = f"{reason} ({document})"
    record(
        AuditAction.POST_REFILED, delivery, actor=actor, content_type=content_type.label, reason=reason
    )  # fmt: skip
    emit(
        PostRetyped(
            delivery_id=delivery.id,
            post_id=delivery.post_id,
            actor_id=actor.id if actor else None,
            reason=reason,
        )
    )
    return True


def is_from_list(delivery: Delivery) -> bool:
    """Whether all that is known of a live post came from a list: nothing of it was prepared or sent here."""
    return delivery.state is S.PUBLISHED and delivery.payload_sha256 is None


def backfill_published(
    post: Post,
    *,
    published_at: datetime,
    url: str | None = None,
    captured_by: audit.Actor | None = None,
    screenshot_asset: Asset | None = None,
) -> Delivery:
    """Make an approved post live at an instant of the past, with evidence; the newsroom's address is its own.

    For histories that are built, not lived (the sample office). Flushes; emits PostPublished.
    """
    delivery = current_or_new(post)
    fill(delivery, take_snapshot(post))
    if url is None:
        if is_by_hand(post.account):
            raise ValueError("a post that goes by hand needs its address")
        office = db.session.get_one(Unit, post.office_id)
        url = base_url() + newsroom_path(office, post.id, delivery.title)
        delivery.external_id = str(post.id)
        delivery.committing_at = published_at
    delivery.permalink, delivery.canonical_url = url, canonical_url(url)
    if is_by_hand(post.account):
        delivery.assignee_id = post.account.assignee_id
    _set_live(delivery, published_at)
    add_row(
        delivery, url=url, published_at=published_at, captured_by=captured_by.id if captured_by else None,
        screenshot=screenshot_asset,
    )  # fmt: skip
    record(AuditAction.DELIVERY_PUBLISHED, delivery, actor=captured_by, url=url)
    sync_job(post)
    _tell(delivery)
    return delivery


def _set_live(delivery: Delivery, published_at: datetime) -> None:
    """A delivery that begins its life here as live; see above for why this is no move. Its post had that time: without
    one it would stand among those that wait for a time, and an imported list has thousands.
    """
    delivery.state, delivery.published_at = S.PUBLISHED, published_at
    if delivery.post.scheduled_at is None:
        delivery.post.scheduled_at = published_at
    delivery.created_at = delivery.updated_at = published_at
    db.session.flush()


def _tell(delivery: Delivery) -> None:
    """At once, in the same transaction: here is no receipt that could be lost."""
    emit(PostPublished(delivery_id=delivery.id, post_id=delivery.post_id, story_id=delivery.story_id))


def _find_retracted(office_id: int, canonical: str) -> Delivery | None:
    """An address that was recorded and taken down since is known too: importing the list again adds nothing."""
    return db.session.scalar(
        select(Delivery)
        .where(
            Delivery.office_id == office_id,
            Delivery.canonical_url == canonical,
            Delivery.state == S.RETRACTED,
        )
        .limit(1)
    )
