"""Past publications: the real list of an office, and everything that can be wrong with such a list."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import Quarter
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.services.at_once import work
from humasflow.imports.services.undoing import begin_undoing
from humasflow.outbox.runner import run_due
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.models import Component, LedgerEntry, Target
from humasflow.scoring.standing import get_standing
from tests.factories.imports import Told, load
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
DATA = Path(__file__).parent / "data"
LIST = (DATA / "publications-2020.csv").read_bytes()
TARGETS = (DATA / "targets-2020.csv").read_bytes()
HEAD = "tanggal_tayang,zona,kanal,jenis,judul,url\n"
GOOD = "2020-01-03 09:00,WIB,website,berita terbaru,Lelang berjalan tertib,https://kantor.example/berita/1\n"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["imports", *args])


def publications(world: World, data: bytes, **more: bool) -> Told:
    return load(world.office, world.as_(world.editor if more.get("verified") else world.admin), data, **more)


def targets(world: World, data: bytes) -> Told:
    return load(world.office, world.as_(world.admin), data, "targets", all_or_nothing=True)


def counts(world: World, quarter: str) -> dict[str, int]:
    standing = get_standing(world.office, Quarter.parse(quarter))
    assert standing is not None
    return {c.component.key: c.verified for c in standing.components}


def test_the_office_of_2020(app: Flask, world: World, tmp_path: Path) -> None:
    """Facebook 10 then 31, Instagram 0 then 26, website 67.00 then 100.00, as it was reported."""
    office = world.office.slug or ""
    assert (
        run(
            app, "targets", str(DATA / "targets-2020.csv"), "--office", office, "--by", world.admin.email
        ).exit_code
        == 0
    )
    first = run(
        app, "publications", str(DATA / "publications-2020.csv"), "--office", office,
        "--verified-by", world.editor.email, "--document", "ND-7/2020",
    )  # fmt: skip
    assert first.exit_code == 0, first.output
    assert "189 recorded, 0 known before, 0 refused" in first.output
    db.session.expire_all()
    for quarter, facebook, instagram, total in (("2020-TW1", 10, 0, "67.00"), ("2020-TW2", 31, 26, "100.00")):
        standing = get_standing(world.office, Quarter.parse(quarter))
        assert standing is not None
        assert str(standing.total.value) == total
        found = counts(world, quarter)
        assert (found["facebook"], found["instagram"]) == (facebook, instagram)
    assert counts(world, "2020-TW1")["berita-terbaru"] == 47


def test_a_second_run_adds_nothing(app: Flask, world: World) -> None:
    targets(world, TARGETS)
    first = publications(world, LIST)
    lines = db.session.scalar(select(func.count()).select_from(LedgerEntry))
    second = publications(world, LIST)
    assert (first.added, first.known) == (189, 0)
    assert (second.added, second.known) == (0, 189)
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == lines
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 189
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 189


def test_without_a_name_nothing_is_verified(world: World) -> None:
    targets(world, TARGETS)
    publications(world, LIST)
    standing = get_standing(world.office, Quarter.parse("2020-TW1"))
    assert standing is not None
    assert sum(c.verified for c in standing.components) == 0
    assert sum(c.unverified for c in standing.components) == 61
    assert str(standing.total.value) == "0.00"


def test_vouching_for_a_list_that_is_already_in(world: World) -> None:
    targets(world, TARGETS)
    publications(world, LIST)
    again = publications(world, LIST, verified=True)
    assert (again.added, again.known, again.changed) == (0, 0, 189)
    assert counts(world, "2020-TW2")["facebook"] == 31
    third = publications(world, LIST, verified=True)
    assert (third.changed, third.known) == (0, 189)


def test_a_scheme_made_later_counts_what_is_there(world: World) -> None:
    """The order of events does not matter: list first, scheme afterwards, the same numbers."""
    publications(world, LIST, verified=True)
    targets(world, TARGETS)
    db.session.commit()
    run_due()
    standing = get_standing(world.office, Quarter.parse("2020-TW2"))
    assert standing is not None
    assert str(standing.total.value) == "100.00"


BAD_ROWS = {
    "31-02-2020,WIB,website,artikel,Judul,https://a.example/1": "tidak ada di kalender",
    "2020-01-03 09:00,,website,artikel,Judul,https://a.example/1": "zona kosong",
    "2020-01-03 09:00,GMT,website,artikel,Judul,https://a.example/1": "bukan WIB, WITA, atau WIT",
    "2020-01-03 09:00,WIB,radio dua,artikel,Judul,https://a.example/1": "kanal “radio dua” tidak dikenal",
    "2020-01-03 09:00,WIB,website,puisi,Judul,https://a.example/1": "jenis “puisi” tidak dikenal",
    "2020-01-03 09:00,WIB,website,artikel,,https://a.example/1": "judul kosong",
    '2020-01-03 09:00,WIB,website,artikel,"=HYPERLINK(""x"")",https://a.example/1': "seperti rumus",
    "2020-01-03 09:00,WIB,website,artikel,Judul,javascript:alert(1)": "bukan alamat web",
    "2999-01-03 09:00,WIB,website,artikel,Judul,https://a.example/1": "masa depan",
}


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS.items())
def test_a_bad_row_is_named_and_the_good_ones_go_in(world: World, row: str, reason: str) -> None:
    result = publications(world, (HEAD + GOOD + row + "\n").encode())
    assert result.added == 1
    assert list(result.refused) == [3]
    assert reason in result.refused[3]


def test_all_or_nothing_leaves_nothing(world: World) -> None:
    bad = next(iter(BAD_ROWS))
    accounts = len(list_accounts(world.office.id))
    result = publications(world, (HEAD + GOOD + bad + "\n").encode(), all_or_nothing=True)
    assert result.batch.state is BatchState.CHECKED
    assert list(result.refused) == [3]
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert len(list_accounts(world.office.id)) == accounts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_common_encoding_and_separator(world: World, encoding: str, separator: str) -> None:
    text = (
        HEAD + "3/1/2020 09.00,WIT,Facebook,Unggahan,Pengabdian kafé,https://www.facebook.com/a/posts/1\n"
    ).replace(",", separator)
    result = publications(world, text.encode(encoding))
    assert result.outcomes == [Outcome.MADE]
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.title == "Pengabdian kafé"
    assert delivery.published_at is not None
    assert delivery.published_at.isoformat() == "2020-01-03T00:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "kosong"),
        (
            b"nama,tempat\nA,B\n",
            "Kolom ini tidak ditemukan: Tanggal tayang, Kanal, Jenis konten, Judul, Tautan",
        ),
        (b"PK\x03\x04rest-of-a-workbook", "tidak dapat dibaca sebagai lembar kerja"),
        (b"\x00\x01\x02\x03binary", "bukan teks"),
    ],
)
def test_a_file_that_is_no_list_says_so(world: World, data: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        publications(world, data)


def test_the_command_names_line_and_reason_and_fails(app: Flask, world: World, tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text(HEAD + GOOD + next(iter(BAD_ROWS)) + "\n")
    office = world.office.slug or ""
    answer = run(app, "publications", str(path), "--office", office, "--by", world.editor.email)
    assert answer.exit_code == 1
    assert "daftar.csv:3:" in answer.output
    assert "1 recorded" in answer.output
    assert run(app, "publications", str(path), "--office", "tidak-ada", "--by", "x").exit_code == 2
    refused = run(app, "publications", str(path), "--office", office, "--verified-by", world.editor.email)
    assert refused.exit_code == 1
    assert "dokumen" in refused.output


def test_the_same_address_in_another_form_counts_once(world: World) -> None:
    targets(world, TARGETS)
    rows = (
        "2020-01-03 09:00,WIB,website,artikel,Satu,https://kantor.example/a/?utm_source=wa\n"
        "2020-01-04 09:00,WIB,website,artikel,Satu lagi,http://www.kantor.example/a#atas\n"
    )
    result = publications(world, (HEAD + rows).encode())
    assert (result.added, result.known) == (1, 1)


BAD_TARGETS = {
    "Contoh,Artikel,website,artikel,100,0,2020-TW1,ND-1": "Sasaran nol",
    "Contoh,Artikel,website,artikel,100,-3,2020-TW1,ND-1": "sasaran harus berupa angka",
    "Contoh,Artikel,website,artikel,100,tiga,2020-TW1,ND-1": "sasaran harus berupa angka",
    "Contoh,Artikel,website,artikel,100,3,2020-M01,ND-1": "periode",
    "Contoh,Artikel,website,artikel,100,3,2020-TW1,": "dasar kosong",
}


@pytest.mark.parametrize("row", BAD_TARGETS)
def test_a_bad_target_names_its_line_and_nothing_is_kept(world: World, row: str) -> None:
    head = "skema,komponen,kanal,jenis,bobot,target_per_triwulan,periode,dasar"
    result = targets(world, f"{head}\n{row}\n".encode())
    assert BAD_TARGETS[row] in result.refused[2]
    assert db.session.scalar(select(func.count()).select_from(Target)) == 0


@pytest.mark.parametrize(
    ("written", "value"),
    [("60", "60"), ("1.250", "1250"), ("60.000", "60000"), ("60.0", "60"), ("60,0", "60")],
)
def test_a_target_is_read_as_people_write_it(world: World, written: str, value: str) -> None:
    head = "skema;komponen;kanal;jenis;bobot;target_per_triwulan;periode;dasar"
    row = f"Contoh;Artikel;website;artikel;100,000;{written};2020-TW1;ND-1"
    targets(world, f"{head}\n{row}\n".encode())
    target = db.session.scalars(select(Target)).one()
    assert str(target.value) == value
    assert [str(c.weight) for c in db.session.scalars(select(Component))] == ["100"]


def test_a_later_list_revises_a_target_where_it_says_why_and_undoing_brings_it_back(world: World) -> None:
    head, row = (
        "skema,komponen,kanal,jenis,bobot,target_per_triwulan,periode,dasar",
        "Contoh,Artikel,website,artikel,100",
    )
    targets(world, f"{head}\n{row},3,2020-TW1,ND-1\n".encode())
    refused = targets(world, f"{head}\n{row},2,2020-TW1,ND-2\n".encode()).refused
    assert "alasan" in refused[2]
    revised = f"{head},alasan\n{row},2,2020-TW1,ND-2,Surat revisi\n".encode()
    first = targets(world, revised)
    assert first.outcomes == [Outcome.CHANGED]
    assert targets(world, revised).outcomes == [Outcome.KNOWN]
    newest = db.session.scalars(select(Target).order_by(Target.id.desc())).first()
    assert newest is not None and (newest.value, newest.letter, newest.reason) == (2, "ND-2", "Surat revisi")
    begin_undoing(first.batch, actor=world.as_(world.admin))
    work(first.batch)
    newest = db.session.scalars(select(Target).order_by(Target.id.desc())).first()
    assert newest is not None and (newest.value, newest.letter) == (3, "ND-1")
