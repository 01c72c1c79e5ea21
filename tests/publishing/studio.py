"""A film on its way through the product: sent to the library, put into a post by the composer, approved, due."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from humasflow.accounts.models import User
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from tests.factories import desk as made_by
from tests.media.films import mp4
from tests.media.sending import sent
from tests.publishing.desk import NewsDesk
from tests.support.page import Browser, _fields

BrowserOf = Callable[[User], Browser]
SIZE = 11 * 1024 * 1024  # two pieces at each of the channels that take films in pieces


_film = cache(lambda size: mp4(size=size))


class Studio:
    """An office with a film, and an account of its own to show it on."""

    def __init__(
        self, desk: NewsDesk, browser_of: BrowserOf, platform: str, *, handle: str = "kantor"
    ) -> None:
        self.desk, self.world, self.browser_of = desk, desk.world, browser_of
        kind = next(k for k in channel_queries.list_kinds(self.world.office.id) if k.code == platform)
        self.outlet: ChannelAccount = channels.create_account(
            self.world.office.id, actor=None, kind=kind, name=f"{kind.label} Film", handle=handle
        )
        db.session.commit()

    def film(self, size: int = SIZE) -> Asset:
        """Sent to the library as a person sends it, and taken apart and cleaned there."""
        return sent(self.world, self.world.editor, _film(size), "peresmian.mp4")

    def composed(self, film: Asset) -> Post:
        """An editor puts it into a post on the composer's page."""
        story = made_by.story(self.world, title="Peresmian gedung arsip", commit=True)
        address, card = f"/naskah/{story.id}/publikasi", f"a{self.outlet.id}-"
        browser = self.browser_of(self.world.editor)
        typed = _fields(browser.get(address).soup.select_one("form[data-composer]"))
        typed |= {
            "pakai": str(self.outlet.id), f"{card}use-{film.id}": "1", f"{card}mode": "own",
            f"{card}text": "Gedung arsip dibuka.",
        }  # fmt: skip
        browser.post(address, typed, status=303)
        db.session.expire_all()
        (post,) = posts.list_posts_of(story.id)
        return post

    def due(self, film: Asset) -> Post:
        """Approved, and due now."""
        post = self.composed(film)
        self.desk.approve(self.desk.submit(post.story))
        self.desk.schedule(post, clock.now())
        db.session.commit()
        return post

    def work(self, post: Post, *, over: timedelta = timedelta(hours=2)) -> str:
        """The worker, again and again for so long. The post's state."""
        begun, after = clock.now(), timedelta()
        while after <= over:
            with clock.moved_to(begun + after):
                self.desk.work()
                if self.desk.state(post) in ("published", "failed", "unknown"):
                    break
            after += max(timedelta(minutes=1), after / 4)
        return self.desk.state(post)


def digest(film: Asset) -> str:
    """Of the stored file, as it was when it left the library."""
    return hashlib.sha256(storage().path(film.original_key).read_bytes()).hexdigest()
