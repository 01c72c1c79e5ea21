"""A scheme and targets for tests: the weights of the website scheme, social counts shown and not summed."""

from decimal import Decimal

from humasflow.core.periods import Quarter
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version, set_target
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
            scheme, actor=world.admin, component_key=key.replace("_", "-"), quarter=Quarter.parse(quarter),
            value=Decimal(value), letter="ND-1/2026",
        )  # fmt: skip
