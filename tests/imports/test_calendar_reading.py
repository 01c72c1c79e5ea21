"""How a row of a content calendar is read, whatever an office writes into it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from typing import Any

import pytest

from humasflow.channels import services as channels
from humasflow.channels.queries import list_kinds
from humasflow.imports.kinds.base import Severity
from humasflow.imports.kinds.calendar import KIND
from humasflow.imports.kinds.calendar.words import Progress, read_progress, split_channels, untitled
from humasflow.imports.kinds.registry import kinds_for
from tests.factories.world import World
from tests.imports.calendars import NOW, messages, understood

At = Callable[[str], AbstractContextManager[None]]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture(autouse=True)
def today(at: At) -> Any:
    with at(NOW):
        yield


@pytest.mark.parametrize(
    ("tanggal", "jam", "day", "hour"),
    [
        ("16/10/2026", "", date(2026, 10, 16), None),
        ("16-10-26", "09.30 WIB", date(2026, 10, 16), time(9, 30)),
        ("Jumat, 16 Oktober 2026", "pukul 9", date(2026, 10, 16), time(9)),
        ("16 Okt 2026 13.15", "", date(2026, 10, 16), time(13, 15)),
        ("2026-10-16", "14:05:00", date(2026, 10, 16), time(14, 5)),
        ("2026-10-16 00:00:00", "7 malam", date(2026, 10, 16), time(19)),
        ("46311", "0,39583", date(2026, 10, 16), time(9, 30)),
        ("16 Oktober 2026 pukul 9", "", date(2026, 10, 16), time(9)),
        ("16 Oktober 2026 pukul 9", "10.00-11.30 WIB", date(2026, 10, 16), time(10)),
        ("16/10/2026", "00.30 WITA", date(2026, 10, 15), time(23, 30)),
        ("TBD", "", None, None),
        ("", "", None, None),
    ],
)
def test_dates_and_times_as_offices_write_them(
    world: World, tanggal: str, jam: str, day: date | None, hour: time | None
) -> None:
    checked = understood(world, {"tanggal": tanggal, "jam": jam, "kanal": "Instagram"})
    assert checked.value is not None, checked.findings
    assert (checked.value.plan.day, checked.value.plan.clock_time) == (day, hour)


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"tanggal": "31-02-2026"}, "tanggal", "tanggal “31-02-2026” tidak ada di kalender"),
        ({"tanggal": "minggu kedua"}, "tanggal", "tanggal “minggu kedua” tidak ada di kalender"),
        ({"tanggal": "1/1/2062"}, "tanggal", "lebih dari tiga tahun lagi"),
        ({"tanggal": "16/10/2026", "jam": "siang"}, "jam", "jam “siang” tidak dikenal"),
        ({"judul": ""}, "judul", "judul kosong"),
        ({"judul": "x" * 201}, "judul", "lebih dari 200"),
        ({"judul": "=SUM(A1)"}, "judul", "seperti rumus"),
        ({"jenis": "Artikle"}, "jenis", "jenis “Artikle” tidak dikenal; maksudnya “Artikel”?"),
        ({"kanal": "Instagrm"}, "kanal", "kanal “Instagrm” tidak dikenal; maksudnya “Instagram"),
        ({"kanal": "Instagram, Koran"}, "kanal", "kanal “Koran” tidak dikenal"),
        ({"kanal": "YouTube"}, "kanal", "belum punya akun YouTube"),
        (
            {"pic": "Redaktor Satu"},
            "pic",
            "“Redaktor Satu” tidak bertugas di kantor ini; maksudnya “Redaktur Satu”?",
        ),
        ({"pic": "Kontributor"}, "pic", "“Kontributor” bisa berarti beberapa orang: Kontributor"),
        ({"pilar": "Lelangg"}, "pilar", "pilar “Lelangg” tidak dikenal; maksudnya “Lelang”?"),
        ({"seksi": "Seksi Pelayanan Lelan"}, "seksi", "maksudnya “Seksi Pelayanan Lelang”?"),
        ({"status": "Sudah tayang"}, "status", "Publikasi yang sudah tayang"),
        ({"status": "Batal"}, "status", "dibatalkan"),
        ({"tanggal": "1/9/2026", "status": "Done"}, "status", "Publikasi yang sudah tayang"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_column(
    world: World, cells: dict[str, str], column: str, says: str
) -> None:
    checked = understood(world, cells)
    assert checked.value is None
    assert list(messages(checked)) == [column]
    assert says in messages(checked)[column]


def test_everything_wrong_with_a_row_is_said_at_once(world: World) -> None:
    checked = understood(
        world,
        {
            "tanggal": "kemarin", "jam": "x", "judul": "", "jenis": "y", "kanal": "z", "pic": "q", "pilar": "w",
            "seksi": "v",
        },
    )  # fmt: skip
    assert list(messages(checked)) == ["judul", "tanggal", "jam", "kanal", "pic", "jenis", "pilar", "seksi"]


@pytest.mark.parametrize(
    ("text", "progress"),
    [
        ("", Progress.PLANNED), ("Ide", Progress.IDEA), ("bank ide", Progress.IDEA), ("Tayang", Progress.LIVE),
        ("SUDAH TAYANG ✅", Progress.LIVE), ("Siap tayang", Progress.PLANNED), ("belum tayang", Progress.PLANNED),
        ("sudah siap tayang", Progress.PLANNED), ("sudah tayang sesuai rencana", Progress.LIVE),
        ("Published", Progress.LIVE), ("sudah diposting", Progress.LIVE), ("proses desain", Progress.PLANNED),
        ("dibatalkan", Progress.CALLED_OFF), ("Selesai", Progress.MAYBE_LIVE), ("merah muda", Progress.UNKNOWN),
        ("terjadwal tayang", Progress.PLANNED), ("publikasi ditunda", Progress.PLANNED), ("blm tayang", Progress.PLANNED),
        ("sdh tayang", Progress.LIVE), ("tidak jadi tayang", Progress.CALLED_OFF), ("postponed", Progress.UNKNOWN),
    ],
)  # fmt: skip
def test_how_far_a_row_is(text: str, progress: Progress) -> None:
    assert read_progress(text) is progress


@pytest.mark.parametrize(
    "text", ["Instagram, FB", "ig/facebook", "Instagram + Facebook", "Instagram\nFacebook", "IG dan FB", "IG FB", "ig & fb"]
)  # fmt: skip
def test_channels_are_divided_as_people_divide_them(world: World, text: str) -> None:
    checked = understood(world, {"kanal": text})
    assert list(checked.value.plan.account_ids) == [world.instagram.id, world.facebook.id]


def test_a_label_with_commas_is_one_channel() -> None:
    words = ["media massa (radio, televisi, cetak, daring)", "x"]
    assert split_channels("Media massa (radio, televisi, cetak, daring)", words) == [
        "Media massa (radio, televisi, cetak, daring)"
    ]


def test_the_website_is_the_one_the_office_has(world: World) -> None:
    assert understood(world, {"kanal": "Website"}).value.plan.account_ids == (world.web.id,)
    assert understood(world, {"kanal": "situs berita"}).value.plan.account_ids == (world.web.id,)
    assert understood(world, {"kanal": "X Kantor"}).value.plan.account_ids == (world.x.id,)


def test_two_accounts_of_a_kind_are_named(world: World) -> None:
    kind = next(k for k in list_kinds(world.office.id) if k.code == "instagram")
    second = channels.create_account(
        world.office.id, actor=None, kind=kind, name="Instagram Layanan", handle="layanan"
    )
    said = messages(understood(world, {"kanal": "Instagram"}))["kanal"]
    assert "Instagram Kantor, Instagram Layanan" in said
    assert understood(world, {"kanal": "@layanan"}).value.plan.account_ids == (second.id,)


@pytest.mark.parametrize("pic", ["Redaktur Satu", "redaktur satu, S.E., M.M.", "editor@kantor-uji.example", "Pak Redaktur Satu"])  # fmt: skip
def test_people_are_found_by_name_and_address(world: World, pic: str) -> None:
    assert understood(world, {"pic": pic}).value.plan.person_ids == (world.editor.id,)


def test_several_people(world: World) -> None:
    checked = understood(world, {"pic": "Redaktur Satu, Kontributor Dua"})
    assert checked.value.plan.person_ids == (world.editor.id, world.other_contributor.id)
    names = ("Drs. Budi Santoso, S.E., M.M.", "Ir. H. Ahmad", "S. Budi", "Masrur", "Putri M.Si")
    assert [untitled(n) for n in names] == ["budi santoso", "ahmad", "s budi", "masrur", "putri"]


def test_what_is_over_is_a_warning_and_waits(world: World) -> None:
    for cells in ({"tanggal": "13/10/2026"}, {"tanggal": "14/10/2026", "jam": "07.00"}):
        checked = understood(world, cells | {"kanal": "Instagram"})
        assert "sudah lewat; naskahnya dibuat tanpa tanggal" in messages(checked, Severity.WARNING)["tanggal"]
        assert checked.value.plan.day is None
        assert "Tanggal semula" in checked.value.plan.brief
    assert understood(world, {"tanggal": "14/10/2026", "jam": "10.00"}).value.plan.day == date(2026, 10, 14)


def test_only_who_may_add_to_the_calendar_imports_one(world: World) -> None:
    assert "calendar" in [k.code for k in kinds_for(world.as_(world.editor), world.office.id)]
    for who in (world.contributor, world.approver):
        assert "calendar" not in [k.code for k in kinds_for(world.as_(who), world.office.id)]
    checked = understood(world, {"kanal": "Instagram", "tanggal": "16/10/2026"}, world.contributor)
    assert "belum mencakup pembuatan publikasi" in messages(checked)["kanal"]


def test_the_template_offers_what_the_office_has(world: World) -> None:
    offered = KIND.choices(world.office)
    assert "Instagram Kantor" in offered["kanal"]
    assert "Redaktur Satu" in offered["pic"]
    assert offered["pilar"] == ["Lelang"]
    assert set(offered) <= {c.key for c in KIND.columns}
