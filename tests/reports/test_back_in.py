"""The report's workbook is a table that the import understands: the same publications come in, and none twice."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.imports.models import ImportBatch
from humasflow.planning.models import ContentType
from humasflow.publishing.models import Delivery
from humasflow.reports.facts import gather
from humasflow.reports.storage import FOLDERS
from humasflow.reports.xlsx import report as xlsx
from tests.factories.imports import Told, load
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.reports.proofs import three_of_a_quarter
from tests.reports.test_report_files import run_of, steps

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def recorded(office_id: int) -> list[tuple[object, ...]]:
    """What an office has published: address, moment to the minute, channel, type and title, in the order of time."""
    rows = db.session.execute(
        select(
            Delivery.canonical_url, Delivery.published_at, ChannelKind.label, ContentType.label, Delivery.title
        )
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .where(Delivery.office_id == office_id, Delivery.published_at.is_not(None))
        .order_by(Delivery.published_at, Delivery.id)
    )  # fmt: skip
    return [(a, at.replace(microsecond=0) if at else None, k, t, title) for a, at, k, t, title in rows]


@pytest.fixture
def workbook(world: World) -> bytes:
    """The report of a quarter with publications of several channels and types, one of them at midnight sharp on the
    office's clock and one in its last minute.
    """
    make_scheme(world)
    three_of_a_quarter(world)
    live_post(
        world,
        at="2026-03-06T17:00Z",
        title="Selamat hari raya",
        account=world.instagram,
        content_type=world.social,
    )
    live_post(world, at="2026-03-31T16:59:59Z", title="@djkn: menit “terakhir”; 1/2", account=world.facebook,
              content_type=world.social, url="https://www.facebook.com/djkn/posts/12345?ref=a&b=ä")  # fmt: skip
    live_post(world, at="2026-01-01T00:30Z", title="- Utama -", content_type=world.headline)
    db.session.commit()
    run = run_of(world)
    path = FOLDERS.begin(run.id) / "1.xlsx"
    with force_locale("id"):
        xlsx.make(gather(run), run, path, steps)
    return path.read_bytes()


def saved_by_libreoffice(data: bytes, folder: Path, how: str, suffix: str) -> bytes:
    """The same, opened and saved without a window."""
    source = folder / "laporan.xlsx"
    source.write_bytes(data)
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profil", "--convert-to", how,
         "--outdir", str(folder / "lagi"), str(source)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return (folder / "lagi" / f"laporan.{suffix}").read_bytes()


LIBREOFFICE = [
    pytest.mark.channels,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
Saved = Callable[[bytes, Path], bytes]


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param(lambda data, _folder: data, id="as it is"),
        pytest.param(
            lambda d, f: saved_by_libreoffice(d, f, "xlsx:Calc MS Excel 2007 XML", "xlsx"), id="xlsx again",
            marks=LIBREOFFICE,
        ),
        pytest.param(lambda d, f: saved_by_libreoffice(d, f, "ods", "ods"), id="ods", marks=LIBREOFFICE),
        pytest.param(
            lambda d, f: saved_by_libreoffice(d, f, "xls:MS Excel 97", "xls"), id="xls", marks=LIBREOFFICE
        ),
    ],
)  # fmt: skip
def test_an_empty_office_gets_the_same_publications(
    world: World, other_world: World, workbook: bytes, saved: Saved, tmp_path: Path
) -> None:
    wanted = recorded(world.office.id)
    assert (len(wanted), recorded(other_world.office.id)) == (6, [])
    told = load(other_world.office, other_world.as_(other_world.editor), saved(workbook, tmp_path))
    assert (told.refused, told.added, told.known) == ({}, 6, 0)
    assert recorded(other_world.office.id) == wanted
    batch = db.session.scalars(select(ImportBatch)).one()
    assert batch.sheet == "Publikasi", "not the sheet of evidence, which has titles and addresses too"
    asked = {"tanggal_tayang", "zona", "kanal", "jenis", "judul", "url"}
    assert {key: batch.headings[place] for key, place in batch.mapping.items()} == {key: key for key in asked}


def test_where_it_comes_from_every_row_is_known(world: World, workbook: bytes) -> None:
    before = recorded(world.office.id)
    told = load(world.office, world.as_(world.editor), workbook)
    assert (told.refused, told.added, told.changed, told.known) == ({}, 0, 0, 6)
    assert recorded(world.office.id) == before


def test_in_another_language_it_reads_back_too(world: World, other_world: World, workbook: bytes) -> None:
    """The headings of this sheet are keys; what the rest of the workbook is called does not matter."""
    run = run_of(world)
    path = FOLDERS.begin(run.id) / "2.xlsx"
    with force_locale("en"):
        xlsx.make(gather(run), run, path, steps)
    told: Told | Any = load(other_world.office, other_world.as_(other_world.editor), path.read_bytes())
    assert (told.refused, told.added) == ({}, 6)
