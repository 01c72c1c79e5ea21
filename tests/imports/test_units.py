"""Sections from a list: parents first whatever their order, no circles, and back from the leaves up."""

import pytest
from sqlalchemy import select

from humasflow.accounts.services.people import grant_role
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.imports.models import ImportRow
from humasflow.imports.services.at_once import work
from humasflow.imports.services.checking import fix_cells
from humasflow.imports.services.undoing import begin_undoing
from humasflow.orgs.models import Unit
from tests.factories.imports import Told, checked, load
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
HEAD = "Unit Kerja;Kode;Induk\n"
TREE = "Subseksi Lelang I;L1;Lelang Baru\nSeksi Lelang Baru;Lelang Baru;\nSubsub;;L1\n"


def units(world: World, text: str) -> Told:
    return load(world.office, world.as_(world.admin), (HEAD + text).encode(), "units")


def get(name: str) -> Unit:
    db.session.expire_all()
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def undo(world: World, told: Told) -> dict[int, str]:
    begin_undoing(told.batch, actor=world.as_(world.admin))
    work(told.batch)
    rows = db.session.query(ImportRow).filter_by(batch_id=told.batch.id, is_undone=False)
    return {r.line: r.reason for r in rows if r.reason}


def test_parents_come_first_in_any_order(world: World) -> None:
    told = units(world, TREE)
    assert (told.added, told.refused) == (3, {})
    top, child, last = get("Seksi Lelang Baru"), get("Subseksi Lelang I"), get("Subsub")
    assert (top.parent_id, child.parent_id, last.parent_id) == (world.office.id, top.id, child.id)
    assert last.path == f"{world.office.path}{top.id}/{child.id}/{last.id}/"
    assert (last.office_id, child.short_name) == (world.office.id, "L1")
    assert units(world, TREE).known == 3
    assert undo(world, told) == {}
    assert not any(get(n).is_active for n in ("Seksi Lelang Baru", "Subseksi Lelang I", "Subsub"))
    again = units(world, TREE)
    assert again.changed == 3 and get("Subsub").is_active


def test_circles_and_missing_parents_are_told_at_each_row(world: World) -> None:
    told = units(world, "A;;B\nB;;A\nSendiri;;Sendiri\nC;;A\nD;;Awan\n=1;;\nE;X;\nF;X;\n")
    assert all("berputar" in told.refused[line] for line in (2, 3, 4))
    assert "tidak ada di kantor" in told.refused[6]
    assert "rumus" in told.refused[7] and "baris 8" in told.refused[9]
    assert "induk “a” tidak ada" in told.refused[5]
    assert (told.added, len(told.refused)) == (1, 7)


def test_mending_one_row_mends_those_that_name_it(world: World) -> None:
    batch = checked(world, (HEAD + "Anak;;Bapa\nBapak;;\n").encode(), "units", world.admin)
    first, second = db.session.query(ImportRow).filter(ImportRow.line > 1).order_by(ImportRow.line)
    assert (first.is_bad, second.is_bad) == (True, False)
    fix_cells(batch, second, {"nama": "Bapa"}, actor=world.as_(world.admin))
    db.session.refresh(first)
    assert not first.is_bad


def test_what_is_used_stays_with_what_stands_above_it(world: World) -> None:
    told = units(world, TREE)
    grant_role(world.editor, get("Subseksi Lelang I"), Role.EDITOR, actor=None)
    db.session.commit()
    assert undo(world, told) == {
        2: "sudah dipakai: ada orang atau naskah di seksi ini", 3: "masih ada seksi di bawahnya",
    }  # fmt: skip
    assert not get("Subsub").is_active


def test_a_short_name_is_corrected_and_goes_back(world: World) -> None:
    told = units(world, "Seksi Pelayanan Lelang;PL;\n")
    assert told.changed == 1 and world.section.short_name == "PL"
    assert undo(world, told) == {}
    db.session.refresh(world.section)
    assert world.section.short_name == "Seksi Pelayanan Lelang"
