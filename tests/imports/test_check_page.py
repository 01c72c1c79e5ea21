"""The page on which a table is looked at: as quick for a long one, and every row that is left out says why."""

import pytest

from humasflow.imports import queries
from tests.conftest import QueryCount
from tests.factories.imports import BAD, GOOD, HEAD, checked
from tests.factories.world import World

pytestmark = pytest.mark.db


def table(count: int, prefix: str) -> bytes:
    rows = [(BAD if n % 3 else GOOD).replace("berita/", f"{prefix}/{n}-") for n in range(count)]
    return "\n".join([HEAD, *rows, GOOD, GOOD]).encode()


def test_a_long_table_is_looked_at_with_as_many_statements_as_a_short_one(
    world: World, browser_of, statements: QueryCount
) -> None:
    numbers = []
    for count in (10, 300):
        batch = checked(world, table(count, f"t{count}"))
        editor = browser_of(world.editor)
        editor.get(f"/impor/{batch.id}")
        for shown in ("", "?saring=semua", "?saring=ganda", "?saring=perlu-diperbaiki"):
            statements.reset()
            editor.get(f"/impor/{batch.id}{shown}")
            numbers.append((shown, len(statements)))
    assert numbers[:4] == numbers[4:]


def test_a_row_that_repeats_another_names_it(world: World, browser_of, in_request) -> None:
    told = f"{HEAD}\n{GOOD}\n{BAD}\n{GOOD.replace('tertib', 'ramai')}\n{GOOD}\n".encode()
    batch = checked(world, told)
    rows, _next = queries.list_rows(batch, wanted="", after=None)
    assert {r.line: [m for _column, severity, m in queries.findings_of(r) if severity == "warning"] for r in rows} == {
        2: [], 3: [], 4: ["sama dengan baris 2; baris pertama yang dipakai"],
        5: ["sama dengan baris 2; baris pertama yang dipakai"],
    }  # fmt: skip
    page = browser_of(world.editor).get(f"/impor/{batch.id}?saring=ganda")
    assert "2 mengulang baris lain dan dilewati" in page.main
    assert [li.strong.text for li in page.soup.select("main ul.list > li")] == [
        "Baris 4, Lelang berjalan ramai", "Baris 5, Lelang berjalan tertib",
    ]  # fmt: skip
    assert page.main.count("sama dengan baris 2; baris pertama yang dipakai") == 2
