"""A scheme with every kind that is measured, for tests of measurements, closing and official results."""

from decimal import Decimal

from humasflow.core.periods import Period, Quarter
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from tests.factories.world import World

TW1 = Quarter.parse("2026-TW1")
TW2 = Quarter.parse("2026-TW2")

SPECS = [
    ComponentSpec("Berita", Decimal(50), content_types=["berita_terbaru"], channel_kinds=["website_own"]),
    ComponentSpec(
        "Profil",
        Decimal(20),
        kind=ComponentKind.CHECKLIST,
        parameters={"items": [{"key": "alamat", "label": "Alamat"}, {"key": "layanan", "label": "Layanan"}]},
    ),
    ComponentSpec("Mutu", Decimal(10), kind=ComponentKind.RUBRIC, parameters={"aspects": ["Gambar", "Teks"]}),
    ComponentSpec(
        "Keterlibatan", Decimal(5), kind=ComponentKind.RATE, parameters={"formula": "by_followers"}
    ),
    ComponentSpec(
        "Pengikut", Decimal(5), kind=ComponentKind.GROWTH, parameters={"what": "pengikut Instagram"}
    ),
    ComponentSpec("Peringkat", Decimal(10), kind=ComponentKind.RANK, parameters={"formula": "behind"}),
    ComponentSpec(
        "Terdaftar", Decimal(0), kind=ComponentKind.GATE, parameters={"question": "Apakah akunnya terdaftar?"}
    ),
]


def make_measured_scheme(world: World, *, since: Period = TW1, name: str = "Skema Lengkap") -> ScoreScheme:
    """The scheme, in effect from a period on."""
    scheme = create_scheme(world.office.id, actor=world.admin, name=name)
    create_scheme_version(scheme, actor=world.admin, components=SPECS, effective_from=since)
    return scheme
