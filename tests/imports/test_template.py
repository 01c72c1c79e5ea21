"""The template of each kind: filled in and uploaded, it is understood as it is."""

import io
import zipfile

import openpyxl
import pytest

from humasflow.imports import queries
from humasflow.imports.guessing import guess_mapping
from humasflow.imports.kinds.registry import get_kind, kinds
from humasflow.imports.template import make_template
from tests.factories.imports import checked, load
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
ROWS = {
    "publications": ["3/1/2020 09.00", "WIB", "Website", "Berita terbaru", "Lelang tertib", "https://kantor.example/1"],
    "targets": ["Contoh", "Artikel", "Website", "Artikel", "100", "3", "2020-TW1", "ND-1", ""],
    "users": ["Rina", "rina@kantor.example", "198001312005011001", "Redaktur", "", "0812 3456 7890", ""],
    "units": ["Seksi Baru", "Baru", ""],
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(ROWS))
def test_filled_in_it_is_imported(world: World, code: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template(get_kind(code), world.office)))
    sheet = book["Isian"]
    for place, text in enumerate(ROWS[code], start=1):
        sheet.cell(2, place).value = text
    target = io.BytesIO()
    book.save(target)
    # The guide has more lines; the sheet to fill in is the one that is read.
    told = load(world.office, world.as_(world.admin), target.getvalue(), code)
    assert (told.added, told.refused) == (1, {})


def test_every_kind_has_one_with_drop_downs_and_no_formula(world: World) -> None:
    for kind in kinds().values():
        data = make_template(kind, world.office)
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Isian"]
        assert [c.value for c in sheet[1]] == [c.headings[0] for c in kind.columns]
        assert len(sheet.data_validations.dataValidation) == sum(
            bool(c) for c in kind.choices(world.office).values()
        )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert not any(b"<f>" in archive.read(n) for n in archive.namelist() if "worksheets" in n)


def test_a_word_of_the_office_that_looks_like_a_formula_stays_a_text(world: World) -> None:
    world.news.label = '=HYPERLINK("https://jahat.example")'
    data = make_template(get_kind("publications"), world.office)
    words = openpyxl.load_workbook(io.BytesIO(data))["Pilihan"]
    cells = [c for row in words.iter_rows() for c in row if str(c.value).startswith("=HYPERLINK")]
    assert [c.data_type for c in cells] == ["s"] or all(c.data_type != "f" for c in cells)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet3.xml")


def test_a_mapping_is_guessed_from_memory_then_headings_then_cells(world: World) -> None:
    kind = get_kind("publications")
    rows = [["-", "3/1/2020", "Artikel", "Website", "https://a.example/1", "Satu"]] * 5
    choices = kind.choices(world.office)
    guessed = guess_mapping(
        kind.columns, ["No", "?", "Macam", "Di mana", "Alamatnya", "Judul konten"], rows, choices, {}
    )
    assert guessed == {"judul": 5, "tanggal_tayang": 1, "jenis": 2, "kanal": 3, "url": 4}
    told = {"judul konten": "", "no": "judul"}
    guessed = guess_mapping(
        kind.columns, ["No", "?", "Macam", "Di mana", "Alamatnya", "Judul konten"], rows, choices, told
    )
    assert guessed["judul"] == 0


def test_a_page_of_rows_costs_the_same_whatever_the_length(world: World) -> None:
    head = "tanggal_tayang,zona,kanal,jenis,judul,url"
    rows = [f"31-02-2020,WIB,website,artikel,Judul {n},https://kantor.example/{n}" for n in range(130)]
    batch = checked(world, "\n".join([head, *rows]).encode())
    seen, after = [], 0
    while after is not None:
        page, after = queries.list_rows(batch, wanted="perlu-diperbaiki", after=after)
        assert len(page) <= queries.ROWS_SHOWN
        seen += [r.line for r in page]
    assert seen == list(range(2, 132))
