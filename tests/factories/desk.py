"""Stories, posts and pictures for tests, made through the rooms' own services."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryMove as M
from humasflow.stories.enums import StoryState as S
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.services import PictureContent, StoryContent
from tests.factories.world import World

BODY = "<p>Kantor menyelenggarakan sosialisasi pemanfaatan aset.</p><p>Peserta dari 30 satuan kerja.</p>"

# One way into each state, by the moves of the table.
PATHS: dict[S, tuple[M, ...]] = {
    S.DRAFT: (),
    S.IN_REVIEW: (M.SUBMIT,),
    S.APPROVED: (M.SUBMIT, M.APPROVE),
    S.PUBLISHED: (M.SUBMIT, M.APPROVE, M.PUBLISH),
    S.ARCHIVED: (M.SUBMIT, M.APPROVE, M.PUBLISH, M.ARCHIVE),
    S.ON_HOLD: (M.HOLD,),
    S.CANCELLED: (M.CANCEL,),
    S.WITHDRAWN: (M.SUBMIT, M.APPROVE, M.PUBLISH, M.WITHDRAW),
}


def text(**changes: Any) -> StoryContent:
    """A complete story."""
    values: dict[str, Any] = {
        "title": "Sosialisasi pemanfaatan aset bagi 30 satuan kerja",
        "lead": "Tiga puluh satuan kerja belajar menyewakan aset.",
        "body_html": BODY,
        "goal": "Satuan kerja memahami tata cara sewa",
        "audience": "Satuan kerja",
        "writer_credit": "Redaktur Satu",
    }
    return StoryContent(**values | changes)


def asset(world: World, *, name: str = "rapat.jpg", credit: str = "", alt_text: str = "") -> Asset:
    """A picture of the office as the library keeps it; its files do not exist."""
    count = len(db.session.query(Asset).all()) + 1
    made = Asset(
        office_id=world.office.id, uploaded_by=world.editor.id, created_at=clock.now(), filename=name,
        original_key=f"{count:02x}/asli.jpg", medium_key=f"{count:02x}/sedang.jpg", thumb_key=f"{count:02x}/kecil.jpg",
        sha256=f"{count:064x}", source_sha256=f"{count:064x}", width=1600, height=900, size=250_000,
        colour="#446688", credit=credit, alt_text=alt_text, caption="",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def picture(made: Asset, **changes: str) -> PictureContent:
    """A picture of a story."""
    values = {"credit": "Dokumentasi kantor", "alt_text": "Peserta duduk di aula", "caption": ""}
    return PictureContent(made.id, **values | changes)


def story(world: World, *, state: S = S.DRAFT, commit: bool = False, **changes: Any) -> Story:
    """A story of the editor in a state."""
    made = stories.create_story(
        actor=world.as_(world.editor), office_id=world.office.id, content=text(**changes),
        content_type_id=world.news.id, section_id=world.section.id, pillar_id=world.pillar.id,
    )  # fmt: skip
    bring_to(made, state)
    if commit:
        db.session.commit()
    return made


def versions(made: Story | int) -> Sequence[StoryVersion]:
    """Every version of a story, newest first."""
    story_id = made if isinstance(made, int) else made.id
    return db.session.scalars(
        select(StoryVersion).where(StoryVersion.story_id == story_id).order_by(StoryVersion.number.desc())
    ).all()


def bring_to(made: Story, state: S) -> None:
    """Move it as the product would."""
    for move in PATHS[state]:
        stories.move_story(made, move, actor=None, reason="Alasan uji")


def post(
    world: World,
    made: Story,
    account: str = "facebook",
    words: str = "Sosialisasi aset. #BMN",
    **content: Any,
) -> Post:
    """The story's post on one of the world's accounts."""
    outlet = getattr(world, account)
    kind = world.news if account == "web" else world.social
    return posts.create_post(
        made, actor=world.as_(world.editor), account_id=outlet.id, content_type_id=kind.id,
        content=PostContent(text=words, **content),
    )  # fmt: skip
