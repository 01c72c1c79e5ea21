"""Where a story can be seen by everybody: for pages of lower rooms, which know the story but not its publications."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from humasflow.pages.blueprint import blueprint
from humasflow.posts import queries as posts
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState


@dataclass(frozen=True)
class LiveLink:
    """A publication that is live now."""

    account: str
    icon: str
    url: str
    at: datetime


def live_links(story_id: int) -> Sequence[LiveLink]:
    """The story's live publications, the first one first; two statements."""
    newest = publishing.latest_delivery_of(p.id for p in posts.list_posts_of(story_id))
    links = [
        LiveLink(d.account.name, d.account.kind.icon, d.permalink, d.published_at)
        for d in newest.values()
        if d.state is DeliveryState.PUBLISHED and d.permalink and d.published_at
    ]
    return sorted(links, key=lambda link: link.at)


@blueprint.app_context_processor
def _in_templates() -> dict[str, Callable[[int], Sequence[LiveLink]]]:
    return {"live_links": live_links}
