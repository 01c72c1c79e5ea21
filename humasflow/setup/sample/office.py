"""The sample office itself: sections, pillars, channel accounts and the scheme it is scored by."""

from datetime import date
from decimal import Decimal

from humasflow.core.periods import OfficeZone, Quarter
from humasflow.setup.sample.model import (
    SampleAccount,
    SampleComponent,
    SampleOffice,
    SampleOfficial,
    SamplePillar,
    SampleSection,
    SampleTarget,
)
from humasflow.setup.sample.worktime import workday_after, workday_before

NAME = "Kantor Pelayanan Kekayaan Negara Contoh"
SHORT_NAME = "KPKN Contoh"
HANDLE = "kpkncontoh"

WEB, PORTAL, FACEBOOK, INSTAGRAM, X = "web", "portal", "facebook", "instagram", "x"

# Working days that kantor pusat takes to announce the result of a quarter.
ANNOUNCED_AFTER_WORKDAYS = 12

SECTIONS = (
    SampleSection("umum", "Subbagian Umum", "Umum", "Kepala Subbagian Umum"),
    SampleSection(
        "pkn", "Seksi Pengelolaan Kekayaan Negara", "PKN", "Kepala Seksi Pengelolaan Kekayaan Negara"
    ),
    SampleSection("penilaian", "Seksi Pelayanan Penilaian", "Penilaian", "Kepala Seksi Pelayanan Penilaian"),
    SampleSection("piutang", "Seksi Piutang Negara", "Piutang", "Kepala Seksi Piutang Negara"),
    SampleSection("lelang", "Seksi Pelayanan Lelang", "Lelang", "Kepala Seksi Pelayanan Lelang"),
    SampleSection("hi", "Seksi Hukum dan Informasi", "HI", "Kepala Seksi Hukum dan Informasi"),
    SampleSection("ki", "Seksi Kepatuhan Internal", "KI", "Kepala Seksi Kepatuhan Internal"),
)

PILLARS = (
    SamplePillar("lelang", "Lelang", "Lelang yang terbuka, mudah diikuti, dan bebas penipuan."),
    SamplePillar("bmn", "Pengelolaan BMN", "Aset negara yang tertib, aman, dan bermanfaat."),
    SamplePillar("piutang", "Piutang", "Pengurusan piutang negara yang adil dan manusiawi."),
    SamplePillar("penilaian", "Penilaian", "Nilai wajar yang dapat dipertanggungjawabkan."),
    SamplePillar("integritas", "Integritas", "Layanan bersih tanpa biaya tambahan."),
    SamplePillar("layanan", "Layanan publik", "Layanan yang dekat, cepat, dan ramah."),
)

ACCOUNTS = (
    SampleAccount(WEB, "website_own", "Situs berita kantor", "", "", "", is_manual=False, assignee=None),
    SampleAccount(
        PORTAL,
        "website_portal",
        "Portal kantor pusat",
        "",
        "https://portal-pusat.example/kpkn-contoh",
        "portal-pusat.example",
        is_manual=True,
        assignee="redaktur-1",
    ),
    SampleAccount(
        FACEBOOK,
        "facebook",
        "Facebook",
        HANDLE,
        f"https://facebook.example/{HANDLE}",
        "facebook.example",
        is_manual=True,
        assignee="redaktur-2",
    ),
    SampleAccount(
        INSTAGRAM,
        "instagram",
        "Instagram",
        HANDLE,
        f"https://instagram.example/{HANDLE}",
        "instagram.example",
        is_manual=True,
        assignee="redaktur-2",
    ),
    SampleAccount(
        X,
        "x",
        "X",
        HANDLE,
        f"https://x.example/{HANDLE}",
        "x.example",
        is_manual=True,
        assignee="redaktur-1",
    ),
)

OFFICE = SampleOffice(
    name=NAME,
    short_name=SHORT_NAME,
    slug="kantor-contoh",
    kind="Kantor pelayanan",
    zone=OfficeZone.WIB,
    address="Jalan Contoh Nomor 1, Kota Contoh",
    email="humas@kantor-contoh.example",
    description="Melayani pengelolaan barang milik negara, penilaian, piutang negara, dan lelang.",
    sections=SECTIONS,
    pillars=PILLARS,
    accounts=ACCOUNTS,
)

COMPONENTS = (
    SampleComponent("berita-utama", "Berita Utama", Decimal(10), ("berita_utama",), (WEB,)),
    SampleComponent("berita-terbaru", "Berita Terbaru", Decimal(60), ("berita_terbaru",), (WEB,)),
    SampleComponent("artikel", "Artikel", Decimal(20), ("artikel",), (WEB,)),
    SampleComponent("profil-kantor", "Profil Kantor", Decimal(10), ("pembaruan_profil",), (WEB,)),
    SampleComponent("facebook", "Facebook", Decimal(0), (), (FACEBOOK,)),
    SampleComponent("instagram", "Instagram", Decimal(0), (), (INSTAGRAM,)),
)

TARGET_COUNTS = {
    "berita-utama": 3,
    "berita-terbaru": 45,
    "artikel": 3,
    "profil-kantor": 1,
    "facebook": 26,
    "instagram": 26,
}


def build_targets(quarters: tuple[Quarter, ...]) -> tuple[SampleTarget, ...]:
    """Every component's target in every quarter. A year's letter is issued in the December before it."""
    return tuple(
        SampleTarget(
            component.key,
            quarter,
            TARGET_COUNTS[component.key],
            f"ND-12/KPKN.01/{quarter.year}",
            workday_before(date(quarter.year - 1, 12, 20)),
        )
        for quarter in quarters
        for component in COMPONENTS
    )


def build_officials(past: tuple[Quarter, ...], today: date) -> tuple[SampleOfficial, ...]:
    """Results that kantor pusat has announced by yesterday for the three past quarters, oldest first.

    The first differs a little from what the office counts itself: one news item was not recognised.
    """
    scores = (Decimal("86.67"), Decimal("100.00"), Decimal("93.33"))
    ranks = (("Peringkat Facebook", (39, 27, 19)), ("Peringkat Instagram", (87, 58, 41)))
    results: list[SampleOfficial] = []
    for index, quarter in enumerate(past):
        announced = workday_after(quarter.end, ANNOUNCED_AFTER_WORKDAYS)
        if announced >= today:
            continue
        document = f"PENG-{7 + index * 9}/KP.02/{announced.year}"
        results.append(
            SampleOfficial(quarter, "Nilai situs web", scores[index], None, None, announced, document)
        )
        results += [
            SampleOfficial(quarter, name, None, places[index], 108, announced, document)
            for name, places in ranks
        ]
    return tuple(results)
