"""One publication, many ways to write its address: it is recorded and counted once."""

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.recomputation import differences
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

SAME = [
    "https://www.djkn.example.go.id/berita/1",
    "https://djkn.example.go.id/berita/1/",
    "http://m.djkn.example.go.id/berita/1?utm_source=wa&utm_medium=sosial",
    "https://mobile.djkn.example.go.id/berita//1?fbclid=abc#komentar",
    "HTTPS://DJKN.EXAMPLE.GO.ID:443/berita/./1?igsh=xyz",
    "djkn.example.go.id/berita/1?gclid=1&_ga=2",
]
SAME_ON_FACEBOOK = [
    "https://www.facebook.com/kantoruji/posts/123?mibextid=abc",
    "https://m.facebook.com/KantorUji/posts/123/",
    "https://id-id.facebook.com/kantoruji/posts/123?__cft__[0]=AZ&__tn__=R",
]


@pytest.mark.parametrize("urls", [SAME, SAME_ON_FACEBOOK])
def test_the_same_address_in_other_clothes_counts_once(world: World, urls: list[str]) -> None:
    make_scheme(world)
    account = world.facebook if urls is SAME_ON_FACEBOOK else world.web
    made = {live_post(world, account=account, url=url).id for url in urls}
    assert len(made) == 1, "recorded once"
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 1
    assert list(differences()) == []


def test_another_address_is_another_publication(world: World) -> None:
    make_scheme(world)
    for url in ("https://djkn.example.go.id/berita/1", "https://djkn.example.go.id/berita/1?halaman=2"):
        live_post(world, url=url)
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 2
    assert list(differences()) == []
