"""Full addresses, as they are printed in feeds, in meta tags and in what is shared."""

from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from flask import current_app, request, url_for


class Located(Protocol):
    """A story, as far as its address is concerned."""

    @property
    def post_id(self) -> int:
        """Of the post."""

    @property
    def title_slug(self) -> str:
        """The readable end."""


def base_url() -> str:
    """Where readers reach this installation: the setting, else the way this request came in."""
    return str(current_app.config["PUBLIC_URL"]) or request.host_url


def own_origins() -> set[str]:
    """Scheme and host of our own pages, as browsers write them in ``Origin``."""
    return {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (base_url(), request.host_url)}


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    return urljoin(base_url(), url_for(endpoint, **values))


def article_path(slug: str, story: Located) -> str:
    """The canonical path of a story on the newsroom with this slug."""
    return url_for("newsroom.article", slug=slug, post_id=story.post_id, title_slug=story.title_slug)


def article_url(slug: str, story: Located) -> str:
    """The canonical address of a story."""
    return urljoin(base_url(), article_path(slug, story))
