"""Shorthands for tests about pitches."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.media import services as media
from humasflow.media.models import Asset
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import PitchContent, send_pitch
from tests.factories.world import World
from tests.media.files import jpeg


def pitched(
    world: World, title: str = "Lelang UMKM laku semua", *, by: User | None = None, **known: Any
) -> Pitch:
    """A pitch in the pool, committed."""
    photo_ids = known.pop("photo_ids", ())
    pitch = send_pitch(
        actor=world.as_(by or world.contributor), office_id=world.office.id, content=PitchContent(title, **known),
        photo_ids=photo_ids,
    )  # fmt: skip
    db.session.commit()
    return pitch


def photo_of(world: World, user: User, *, width: int = 320, name: str = "foto.jpg") -> Asset:
    """A photo that a person uploaded, committed."""
    upload = media.Upload(name, io.BytesIO(jpeg(width=width)))
    (asset,), refused = media.receive([upload], actor=world.as_(user), office_id=world.office.id)
    assert not refused
    db.session.commit()
    return asset


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    """A file field of the test client."""
    return io.BytesIO(data), name


def storage(data: bytes, name: str) -> FileStorage:
    """A file as a form receives it."""
    return FileStorage(io.BytesIO(data), filename=name)
