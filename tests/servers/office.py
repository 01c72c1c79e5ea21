"""An office whose accounts are on real servers: connected on the page, published to by the worker."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from humasflow.accounts.models import User
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.stories import services as stories
from tests.factories import desk as stories_made
from tests.factories import newsroom
from tests.publishing.desk import NewsDesk
from tests.support.forms import form_with
from tests.support.page import Browser, Page

COLOURS = ("#336699", "#993333", "#339966", "#996633")


class Office(NewsDesk):
    """The desk, with a person who connects channels."""

    def __init__(self, world: Any, browser_of: Callable[[User], Browser]) -> None:
        super().__init__(world)
        self._browser_of = browser_of

    def account(self, code: str, **named: Any) -> ChannelAccount:
        """An account of a kind, posted to by hand so far. Commits."""
        kind = next(k for k in channel_queries.list_kinds(self.world.office.id) if k.code == code)
        name = f"{kind.label} {secrets.token_hex(3)}"
        made = channels.create_account(self.world.office.id, actor=None, kind=kind, name=name, **named)
        db.session.commit()
        return made

    def connect(self, account: ChannelAccount, *, status: int = 303, **typed: str) -> Page:
        """The admin fills in the page. Other than 303: it was refused, and this is the page that says why."""
        browser = self._browser_of(self.world.admin)
        url = f"/pengaturan/kanal/{account.id}/sambungkan"
        page = browser.post(url, form_with(browser.get(url), "host") | typed, status=status)
        db.session.expire_all()
        return page

    def portal(self, server: Any, *, role: str = "editor", port: int | None = None) -> ChannelAccount:
        """A portal that is connected, as one of its people; ``port``: by way of a proxy. Commits."""
        account, person = self.account("website_portal"), server.people[role]
        host = f"http://127.0.0.1:{port or server.port}"
        self.connect(account, host=host, username=person["name"], password=person["password"])
        return account

    def bluesky(self, server: Any, *, label: str = "", port: int | None = None) -> ChannelAccount:
        """A Bluesky account that is connected by an app password with this label. Commits."""
        account = self.account("bluesky")
        password = server.app_password(label or secrets.token_hex(6))
        host = f"http://127.0.0.1:{port}" if port else server.url
        self.connect(account, host=host, handle=server.people["humas"]["handle"], password=password)
        if port:  # the server told its own address
            found = get_connection_of(account.id)
            assert found is not None
            found.settings = found.settings | {"pds": host}
            db.session.commit()
        return account

    def mastodon(self, server: Any, *, port: int | None = None) -> ChannelAccount:
        """A Mastodon account that is connected by a pasted token; ``port``: by way of a proxy. Commits."""
        account = self.account("mastodon")
        self.connect(account, host=f"http://127.0.0.1:{port or server.port}", access_token=server.token)
        return account

    def due(
        self,
        account: ChannelAccount,
        *,
        words: str = "Lelang perdana 👨‍👩‍👧‍👦 #BMN",
        pictures: int = 2,
        width: int = 1600,
        **story: Any,
    ) -> Post:
        """An approved post on the account, due now, with pictures of its own. Commits."""
        shown = tuple(
            newsroom.shown(
                newsroom.picture(self.world, colour=COLOURS[n], width=width, height=width * 9 // 16),
                alt_text=f"Juru lelang {n}",
            )
            for n in range(pictures)
        )
        of_story = tuple(stories.PictureContent(p.asset_id, p.credit, p.alt_text, "") for p in shown)
        made = stories_made.story(self.world, pictures=of_story, **story)
        is_portal = account.kind.code == "website_portal"
        post = posts.create_post(
            made, actor=self.editor, account_id=account.id,
            content_type_id=(self.world.news if is_portal else self.world.social).id,
            content=PostContent("" if is_portal else words, pictures=shown, hashtags=("lelang",)),
        )  # fmt: skip
        self.approve(self.submit(made))
        self.schedule(post, clock.now())
        db.session.commit()
        return post

    def long_ago(self, account: ChannelAccount) -> None:
        """As if it had been connected long ago: right after connecting, a refusal may be of what let us in before.
        Commits.
        """
        found = get_connection_of(account.id)
        assert found is not None
        found.connected_at -= timedelta(days=1)
        db.session.commit()

    def publish_in_time(self, post: Post) -> str:
        """Let the worker go on, later each time: what came to nothing is not tried again at once. The post's state."""
        now = clock.now()
        for minutes in range(0, 100, 10):
            with clock.moved_to(now + timedelta(minutes=minutes)):
                if self.publish(post) in ("published", "failed"):
                    break
        return self.state(post)

    def publish(self, post: Post, *, most: int = 20) -> str:
        """Let the worker go on until nothing is due. The post's state."""
        for _round in range(most):
            if not self.work():
                break
        return self.state(post)
