"""What X takes for each call, as its price list said. Prices rot: they carry the month they were read."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Costs:
    """US dollars for one post, one post with a link, and one of the account's own posts read."""

    post: Decimal
    post_with_link: Decimal
    own_read: Decimal
    as_of: str
    source: str


COSTS = Costs(
    post=Decimal("0.015"),
    post_with_link=Decimal("0.200"),
    own_read=Decimal("0.001"),
    as_of="2026-08",
    source="docs.x.com/x-api/getting-started/pricing",
)
