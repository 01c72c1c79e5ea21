"""A scheme and targets for tests: the weights of the website scheme, social counts shown and not summed."""

from decimal import Decimal

from sqlalchemy import delete, select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import LedgerEntry, Point, ScoreCount, ScoreScheme
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from tests.factories.world import World

SPECS = [
    ComponentSpec("Berita Utama", Decimal(10), content_types=["berita_utama"], channel_kinds=["website_own"]),
    ComponentSpec(
        "Berita Terbaru", Decimal(60), content_types=["berita_terbaru"], channel_kinds=["website_own"]
    ),
    ComponentSpec("Artikel", Decimal(20), content_types=["artikel"], channel_kinds=["website_own"]),
    ComponentSpec(
        "Profil Kantor", Decimal(10), content_types=["pembaruan_profil"], channel_kinds=["website_own"]
    ),
    ComponentSpec("Facebook", Decimal(0), channel_kinds=["facebook"]),
    ComponentSpec("Instagram", Decimal(0), channel_kinds=["instagram"]),
]


def make_scheme(world: World, *, since: str = "2020-TW1", name: str = "Skema Uji") -> ScoreScheme:
    """The scheme, in effect from a quarter on."""
    scheme = create_scheme(world.office.id, actor=world.admin, name=name)
    create_scheme_version(scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse(since))
    return scheme


def set_targets(scheme: ScoreScheme, world: World, quarter: str, **values: int) -> None:
    """``berita_terbaru=60``: targets by component key, with underscores for hyphens."""
    for key, value in values.items():
        set_target(
            scheme, actor=world.admin, component_key=key.replace("_", "-"), period=Quarter.parse(quarter),
            value=Decimal(value), letter="ND-1/2026",
        )  # fmt: skip


def forget_lines(delivery: Delivery) -> None:
    """As if a publication had never been scored: its lines go, and the sums are made again from what is left."""
    db.session.execute(delete(LedgerEntry).where(LedgerEntry.delivery_id == delivery.id))
    db.session.execute(delete(ScoreCount).where(ScoreCount.office_id == delivery.office_id))
    db.session.expire_all()
    left = db.session.execute(
        select(LedgerEntry, Point.state)
        .join(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .where(LedgerEntry.office_id == delivery.office_id)
    ).all()
    for line, state in left:
        adding_up.apply([line], state)
