"""An admin takes the office out in the browser; an empty installation reads it through the wizard."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.archive import services, storage
from humasflow.archive.enums import ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.services import storage as media
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from tests.archive.round_trip import empty_installation, export
from tests.factories.newsroom import picture
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[Any], Browser]
URL = "/pengaturan/arsip"
GOOD = "perahu kertas di selokan"


def ordered(browser: Browser) -> ArchiveRun:
    page = browser.get(URL)
    browser.post(URL, page.form("arsip") | {"password": PASSWORD}, status=303)
    return db.session.scalars(select(ArchiveRun).order_by(ArchiveRun.id.desc())).first()  # type: ignore[return-value]


def test_an_admin_fetches_the_office(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    run = ordered(browser)
    assert run.state is ArchiveState.QUEUED
    assert "menunggu" in browser.get(URL).text
    services.make_run(str(run.id))
    run = db.session.get_one(ArchiveRun, run.id)
    assert run.state is ArchiveState.READY, run.error
    page = browser.get(URL)
    assert run.sha256 in page.text
    answer = browser.client.get(f"{URL}/{run.id}/unduh")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(run.name)
    assert hashlib.sha256(answer.data).hexdigest() == run.sha256
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        told = dict(line.split("  ", 1)[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(told) == set(archive.namelist()) - {"SHA256SUMS"}
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in told.items())
        assert world.editor.email in archive.read("csv/orang.csv").decode("utf-8-sig")
        assert world.office.name in archive.read("BACA-SAYA.txt").decode()
    part = browser.client.get(f"{URL}/{run.id}/unduh", headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.data == answer.data[100:200]
    part.close()
    answer.close()
    fetched = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == AuditAction.ARCHIVE_FETCHED)
    ).all()
    assert [entry.actor_id for entry in fetched] == [world.admin.id]  # going on is no second fetching
    told_to = db.session.scalars(
        select(Notification.user_id).where(Notification.kind == NoticeKind.ARCHIVE_READY)
    ).all()
    assert told_to == [world.admin.id]


def test_the_password_is_asked_again(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    page = browser.get(URL)
    refused = browser.post(URL, page.form("arsip") | {"password": "bukan ini"}, status=422)
    assert "belum cocok" in refused.text
    assert db.session.scalar(select(ArchiveRun)) is None


def test_one_at_a_time_and_only_for_those_who_may(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    assert ordered(browser).id == ordered(browser).id
    for other in (world.editor, world.lead, world.contributor):
        browser_of(other).get(URL, status=403)


def test_it_goes_when_its_time_is_over_or_somebody_says_so(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    for late in (False, True):
        run = ordered(browser)
        services.make_run(str(run.id))
        assert storage.path_of(run.id).is_file()
        if late:
            with clock.moved_to(clock.now() + timedelta(days=7, minutes=1)):
                assert services.expire_runs() == 1
        else:
            page = browser.get(URL)
            browser.post(f"{URL}/{run.id}/hapus", page.form(f"{run.id}/hapus"), status=303)
        assert not storage.path_of(run.id).exists()
        assert db.session.get_one(ArchiveRun, run.id).state is ArchiveState.REMOVED
        browser.get(f"{URL}/{run.id}/unduh", status=404)


def test_a_lost_picture_stops_nothing_and_is_told(world: World, browser_of: BrowserOf) -> None:
    asset = picture(world)
    db.session.commit()
    media().delete(asset.original_key)
    browser = browser_of(world.admin)
    run = ordered(browser)
    services.make_run(str(run.id))
    run = db.session.get_one(ArchiveRun, run.id)
    assert run.state is ArchiveState.READY, run.error
    assert run.missing == 1
    assert "1 berkas hilang" in browser.get(URL).text
    with zipfile.ZipFile(storage.path_of(run.id)) as archive:
        assert asset.original_key.rpartition("/")[2] in archive.read("BACA-SAYA.txt").decode()


def test_the_wizard_reads_it(world: World, tmp_path: Path, in_request: None) -> None:
    path = export(world.office, tmp_path / "kantor.zip")
    with empty_installation(tmp_path / "lain") as app:
        browser = Browser(app)
        wizard = browser.get("/siapkan")
        page = browser.get(wizard.link("Baca arsip"))
        broken = browser.post(
            "/siapkan/arsip", page.form("arsip") | {"file": (io.BytesIO(b"PK"), "x.zip")}, status=422
        )
        assert "rusak" in broken.text
        with path.open("rb") as file:
            answer = browser.post(
                "/siapkan/arsip", page.form("arsip") | {"file": (file, "kantor.zip")}, status=303
            )
        link = browser.get(answer.location)
        assert "Kantor Uji sudah dibaca kembali" in link.text
        browser.post(answer.location, link.form() | {"password": GOOD, "again": GOOD}, status=303)
        assert "Kantor Uji" in browser.get("/").text


def test_the_commands(app: Flask, world: World, tmp_path: Path) -> None:
    path = tmp_path / "kantor.zip"
    made = app.test_cli_runner().invoke(
        args=["archive", "export", "--office", world.office.slug or "", str(path)]
    )
    assert made.exit_code == 0, made.output
    assert hashlib.sha256(path.read_bytes()).hexdigest() in made.output
    again = app.test_cli_runner().invoke(args=["archive", "read", str(path)])
    assert again.exit_code == 1
    with empty_installation(tmp_path / "lain") as other:
        done = other.test_cli_runner().invoke(args=["archive", "read", str(path)])
        assert done.exit_code == 0, done.output
        assert "/undangan/" in done.output or "http" in done.output
