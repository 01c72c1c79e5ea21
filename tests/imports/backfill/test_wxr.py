"""Export files of WordPress: a real one, large ones, broken ones and hostile ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.imports.backfill.enums import ItemState, RunState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services import start_from_file
from humasflow.imports.backfill.services.starting import SourceProblem
from humasflow.imports.backfill.sources import wxr
from humasflow.media.services import storage
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
REAL = Path(__file__).parent / "data" / "export.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    "<wp:wxr_version>1.2</wp:wxr_version>"
)


def post(number: int, kind: str = "post", **more: str) -> str:
    said = {
        "status": "publish",
        "post_date": "2020-01-01 08:00:00",
        "post_date_gmt": "2020-01-01 01:00:00",
    } | more
    inner = "".join(f"<wp:{k}>{v}</wp:{k}>" for k, v in said.items())
    return (
        f"<item><title>Berita {number}</title><link>https://p.example/{number}</link><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_type>{kind}</wp:post_type>{inner}</item>"
    )


def wxr_of(*posts: str) -> bytes:
    return (HEAD + "".join(posts) + "</channel></rss>").encode()


def bring(world: World, data: bytes, **more: bool) -> BackfillRun:
    with storage().temporary() as path:
        path.write_bytes(data)
        return start_from_file(
            world.office, actor=world.as_(world.editor), filename="ekspor.xml", path=path, **more
        )


def items(run: BackfillRun) -> list[BackfillItem]:
    return list(
        db.session.scalars(
            select(BackfillItem).where(BackfillItem.run_id == run.id).order_by(BackfillItem.id)
        )
    )


def test_a_real_export(world, work):
    run = bring(world, REAL.read_bytes())
    key = run.file_key
    work()
    db.session.expire_all()
    assert (run.state, run.problem, run.file_key) == (RunState.READY, "", "")
    assert not storage().exists(key)
    found = {i.title: i for i in items(run)}
    assert set(found) == {
        "Lelang & “aset” laku",
        "Siaran pers akhir tahun",
    }  # the draft is not public
    first = found["Lelang & “aset” laku"]
    assert first.published_at == datetime(2021, 3, 1, 0, 0, tzinfo=UTC)  # the site's clock is WITA
    assert (first.category, first.excerpt) == ("Berita", "Ringkasan.")
    assert first.picture_url.endswith("/lelang.png")


def test_many_are_taken_in_pieces_and_a_second_reading_goes_on(world, work, monkeypatch):
    monkeypatch.setattr(wxr, "AT_ONCE", 100)
    data = wxr_of(*(post(n) for n in range(1_050)), post(9_000, "page"), post(9_001, "produk"))
    run = bring(world, data)
    run.cursor = {"done": 200}  # as after a power cut
    work()
    db.session.expire_all()
    assert run.state is RunState.READY
    assert db.session.scalar(select(func.count(BackfillItem.id)).where(BackfillItem.run_id == run.id)) == 850


def test_other_kinds_when_asked_for(world, work):
    run = bring(
        world, wxr_of(post(1), post(2, "produk"), post(3, "page"), post(4, "wp_block")), other_types=True
    )
    work()
    assert [i.category for i in items(run)] == ["", "[produk]"]


def test_times_without_gmt_are_on_the_clock_of_the_office(world, work):
    run = bring(world, wxr_of(post(1, post_date_gmt="0000-00-00 00:00:00")))
    work()
    assert items(run)[0].published_at == datetime(2020, 1, 1, 1, tzinfo=UTC)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel>&b;</channel></rss>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>"""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (BOMB, "demi keamanan"),
        (OUTSIDE, "demi keamanan"),
        (wxr_of(post(1))[:-40], "rusak atau terpotong"),
        (
            b"<?xml version='1.0'?><rss><channel><title>Umpan biasa</title></channel></rss>",
            "bukan berkas ekspor",
        ),
        (b"<?xml version='1.0' encoding='x-none'?><rss><channel/></rss>", "rusak atau terpotong"),
    ],
)
def test_files_that_cannot_be_read(world, work, data, says):
    run = bring(world, data)
    work()
    db.session.expire_all()
    assert says in run.problem
    assert items(run) == []


def test_what_is_no_xml_is_refused_at_once(world, monkeypatch):
    with pytest.raises(SourceProblem, match="bukan berkas ekspor"):
        bring(world, b"PK\x03\x04 zip")
    monkeypatch.setattr(wxr, "MAX_BYTES", 100)
    with pytest.raises(SourceProblem, match="lebih dari 200 MB"):
        bring(world, wxr_of(post(1)))


def test_states_of_one_run_do_not_leak(world, work):
    first, second = bring(world, wxr_of(post(1))), bring(world, wxr_of(post(1)))
    assert (
        first.file_key == second.file_key
    )  # the same file; the first one that is read leaves it to the other
    work()
    db.session.expire_all()
    assert [r.state for r in (first, second)] == [RunState.READY] * 2
    assert [i.state for r in (first, second) for i in items(r)] == [ItemState.FOUND] * 2
