"""A scheme in its first quarter, looked at in April: what the tests of closing and of what hangs on it begin with."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from humasflow.core.db import db
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.verification import verify_point
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
ALL = dict.fromkeys(
    ("unverified", "disputed", "link_gone", "unknown", "failed", "manual_due", "not_out", "targets", "measurements"),
    "Diketahui.",
)  # fmt: skip
"""An answer to every question that a close may ask."""


@pytest.fixture(autouse=True)
def in_april(at: Callable[[str], AbstractContextManager[None]], in_request: None) -> Iterator[None]:
    with at("2026-04-02T02:00Z"):
        yield


@pytest.fixture
def scheme(world: World) -> ScoreScheme:
    """A scheme with targets, one verified and one unverified publication in the first quarter."""
    made = make_scheme(world, since="2025-TW4")
    set_targets(made, world, "2026-TW1", berita_utama=3, berita_terbaru=60, artikel=3, profil_kantor=1)
    verify_point(live_post(world, title="Terbukti"), actor=world.as_(world.lead))
    live_post(world, title="Menunggu")
    db.session.commit()
    return made
