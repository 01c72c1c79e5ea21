"""Stories that are live on an office's newsroom, with real snapshots and real picture files."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.planning.models import ContentType
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent, PostPictureContent
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import current_or_new
from humasflow.publishing.snapshots import fill, newsroom_path, take_snapshot
from humasflow.stories import services as stories
from tests.factories import desk
from tests.factories.world import World

FIRST = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # Saturday, 09.00 WIB


def picture(world: World, *, colour: str = "#336699", width: int = 640, height: int = 400) -> Asset:
    """A picture with its three files."""
    keys = {}
    for size in ("original", "medium", "thumb"):
        data = io.BytesIO()
        image = Image.new("RGB", (width, height), colour)
        image.putpixel((0, 0), (len(size), 0, 0))  # three different files
        image.save(data, "WEBP")
        keys[f"{size}_key"] = storage().put(data.getvalue(), ".webp")
    digest = keys["original_key"].rpartition("/")[2].partition(".")[0]
    made = Asset(
        office_id=world.office.id, uploaded_by=world.editor.id, created_at=clock.now(), filename="foto.jpg",
        sha256=digest, source_sha256=digest, width=width, height=height, size=1000, colour=colour, credit="",
        alt_text="", caption="", **keys,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def shown(asset: Asset, *, alt_text: str = "Peserta di aula", credit: str = "Fotografer Satu") -> Any:
    """A picture of a post."""
    return PostPictureContent(asset.id, alt_text, credit)


def post(
    world: World, *, pictures: tuple[Any, ...] = (), captions: dict[int, str] | None = None,
    content_type: ContentType | None = None, link: str = "", **story: Any,
) -> Post:  # fmt: skip
    """A story's post on the newsroom, not out yet."""
    of_story = tuple(
        stories.PictureContent(p.asset_id, p.credit, p.alt_text, (captions or {}).get(p.asset_id, ""))
        for p in pictures
    )
    made = desk.story(world, pictures=of_story, **story)
    return posts.create_post(
        made, actor=world.as_(world.editor), account_id=world.web.id,
        content_type_id=(content_type or world.news).id, content=PostContent(link=link, pictures=pictures),
    )  # fmt: skip


def publish(world: World, *, published_at: datetime = FIRST, **content: Any) -> Delivery:
    """A live story. Commits."""
    made = current_or_new(post(world, **content))
    fill(made, take_snapshot(made.post))
    made.state, made.published_at = DeliveryState.PUBLISHED, published_at
    made.created_at = made.updated_at = published_at
    db.session.commit()
    return made


def publish_many(world: World, number: int, **content: Any) -> list[Delivery]:
    """Live stories an hour apart, oldest first, titled "Berita 1", "Berita 2"…"""
    return [
        publish(
            world, title=f"Berita {n}", published_at=FIRST + timedelta(hours=n), **content,
        )
        for n in range(1, number + 1)
    ]  # fmt: skip


def retract(delivery: Delivery, *, reason: str = "Alasan yang hanya untuk redaksi") -> None:
    """Take it down. Commits."""
    delivery.state, delivery.retracted_at, delivery.retract_reason = (
        DeliveryState.RETRACTED, FIRST + timedelta(days=1), reason,
    )  # fmt: skip
    db.session.commit()


def path(world: World, delivery: Delivery) -> str:
    """The canonical path of a live story."""
    return newsroom_path(world.office, delivery.post_id, delivery.title)
