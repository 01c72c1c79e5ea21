"""Short ways to something that is live."""

from datetime import UTC, datetime

from humasflow.channels.models import ChannelAccount
from humasflow.planning.models import ContentType
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import record_past_publication
from tests.factories.world import World

_number = iter(range(1, 1_000_000))


def live_post(
    world: World,
    *,
    account: ChannelAccount | None = None,
    content_type: ContentType | None = None,
    at: str = "2026-02-10T02:00Z",
    url: str = "",
    title: str = "Lelang aset berjalan tertib",
) -> Delivery:
    """A publication with an address and evidence, as if recorded from a list. It writes its ledger lines at once."""
    n = next(_number)
    delivery, _created = record_past_publication(
        actor=None, office=world.office, account=account or world.web, content_type=content_type or world.news,
        title=f"{title} {n}", url=url or f"https://kantor-uji.example/berita/{n}",
        published_at=datetime.fromisoformat(at).astimezone(UTC),
    )  # fmt: skip
    return delivery
