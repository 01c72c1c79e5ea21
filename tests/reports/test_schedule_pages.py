"""The pages of schedules, and a download that goes on where it stopped."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.reports.enums import ReportFormat, ReportScope, RunState
from humasflow.reports.models import ReportFile
from humasflow.reports.packing import Item, Problem, ProblemKind
from humasflow.reports.problems import keep_problems
from humasflow.reports.scheduling import services
from humasflow.reports.scheduling.enums import DeliveryState, Rhythm
from humasflow.reports.scheduling.models import ReportDelivery, ReportSchedule
from humasflow.reports.scheduling.services import ScheduleContent
from humasflow.reports.storage import FOLDERS
from tests.factories.world import World
from tests.reports.proofs import mail_settings
from tests.reports.test_report_files import run_of
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
BrowserOf = Callable[[Any], Browser]
TYPED = {
    "title": "Laporan triwulan untuk pimpinan", "about": "office", "formats": ["pdf", "xlsx"], "rhythm": "quarterly",
    "weekday": "1", "month_day": "1", "after": "5", "hour": "7", "addresses": "",
}  # fmt: skip


def schedule_in(world: World, number: int = 1, **changed: Any) -> ReportSchedule:
    values: dict[str, Any] = {
        "title": f"Jadwal {number}", "scope": ReportScope.OFFICE, "subject_id": None,
        "formats": (ReportFormat.PDF,), "rhythm": Rhythm.WEEKLY, "day": 3, "hour": 8, "user_ids": (world.lead.id,),
    } | changed  # fmt: skip
    made = services.create_schedule(
        world.office.id, actor=world.as_(world.lead), content=ScheduleContent(**values)
    )
    db.session.commit()
    return made


def test_made_changed_and_listed(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.lead)
    empty = browser.get("/laporan/jadwal")
    assert "Belum ada jadwal" in empty.main
    assert "Surel kantor belum diatur" in empty.main
    form = browser.get("/laporan/jadwal/baru").form()
    page = browser.follow(
        browser.post(
            "/laporan/jadwal/baru", form | TYPED | {"people": [str(world.lead.id), str(world.admin.id)]}
        )
    )
    assert page.h1 == "Laporan triwulan untuk pimpinan"
    assert "hari ke-5 sesudah triwulan pukul 07.00 WIB" in page.main
    schedule = db.session.scalars(select(ReportSchedule)).one()
    assert {one.user_id for one in schedule.recipients} == {world.lead.id, world.admin.id}
    url = f"/laporan/jadwal/{schedule.id}"
    shown = page.form()
    changed = {
        **shown,
        "rhythm": "weekly",
        "weekday": "3",
        "people": [str(world.lead.id)],
        "formats": ["zip"],
    }
    page = browser.follow(browser.post(url, changed))
    assert "setiap Rabu pukul 07.00 WIB" in page.main
    db.session.expire_all()
    assert schedule.formats == ["pdf", "xlsx", "zip"]  # a pack holds the reports
    listed = browser.get("/laporan/jadwal")
    assert "setiap Rabu pukul 07.00 WIB" in listed.main
    assert "1 penerima" in listed.main


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"title": "  "}, "Beri nama jadwal ini."),
        ({"people": []}, "Pilih sedikitnya satu penerima."),
        ({"formats": []}, "Pilih sedikitnya satu bentuk berkas."),
        ({"rhythm": "monthly", "month_day": "32"}, "Isi dengan bilangan bulat dari 1 sampai 31."),
        ({"rhythm": "hourly"}, "tidak tersedia"),
        ({"about": "section:999999"}, "tidak tersedia"),
        ({"hour": "24"}, "tidak tersedia"),
        ({"addresses": "bukan surel"}, "bukan alamat surel yang lengkap"),
        ({"formats": ["exe"]}, ""),
        ({"people": ["x"]}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed(
    world: World, browser_of: BrowserOf, typed: dict[str, Any], says: str
) -> None:
    browser = browser_of(world.lead)
    form = browser.get("/laporan/jadwal/baru").form()
    filled = form | TYPED | {"people": [str(world.lead.id)]} | typed
    page = browser.post("/laporan/jadwal/baru", filled, status=422)
    assert says in page.main
    assert page.form()["hour"] == filled["hour"] or "hour" in typed
    assert db.session.scalars(select(ReportSchedule)).all() == []


def test_a_stale_form_shows_both(world: World, browser_of: BrowserOf) -> None:
    schedule = schedule_in(world)
    url = f"/laporan/jadwal/{schedule.id}"
    browser = browser_of(world.lead)
    form = browser.get(url).form()
    other = browser_of(world.admin)
    other.follow(other.post(url, other.get(url).form() | {"title": "Nama dari orang lain"}))
    page = browser.post(url, {**form, "title": "Nama dari saya"}, status=409)
    assert "Nama dari orang lain" in page.main
    assert page.form()["title"] == "Nama dari saya"
    again = browser.follow(browser.post(url, page.form()))
    assert again.h1 == "Nama dari saya"


def test_history_acts_and_addresses_outside(world: World, browser_of: BrowserOf) -> None:
    mail_settings(world)
    schedule = schedule_in(world, addresses=("humas@kanwil.example",))
    url = f"/laporan/jadwal/{schedule.id}"
    lead, admin = browser_of(world.lead), browser_of(world.admin)
    page = lead.get(url)
    assert "menunggu admin kantor" in page.main
    assert "Bolehkan" not in page.main
    confirm = f"{url}/penerima/{next(one.id for one in schedule.recipients if one.address)}/bolehkan"
    lead.post(confirm, page.form(f"{url}/kirim"), status=403)
    page = admin.follow(admin.post(confirm, admin.get(url).form(confirm)))
    assert "dibolehkan Admin Kantor" in page.main
    page = lead.follow(lead.post(f"{url}/kirim", lead.get(url).form(f"{url}/kirim")))
    assert "Menunggu giliran" in page.main
    assert "diminta langsung" in page.main
    page = lead.follow(lead.post(f"{url}/jeda", page.form(f"{url}/jeda")))
    assert "Dijeda" in page.main
    page = lead.follow(lead.post(f"{url}/lanjut", page.form(f"{url}/lanjut")))
    assert "Berjalan" in page.main
    page = lead.follow(lead.post(f"{url}/hapus", page.form(f"{url}/hapus")))
    assert "Belum ada jadwal" in page.main
    lead.get(url, status=404)


def test_the_list_costs_the_same_with_one_and_with_three(
    world: World, browser_of: BrowserOf, statements: Any
) -> None:
    browser = browser_of(world.lead)
    costs = []
    for number in (1, 2, 3):
        schedule = schedule_in(world, number, addresses=("a@luar.example",))
        db.session.add(
            ReportDelivery(
                schedule_id=schedule.id, period="2026-W01", starts_on=clock.now().date(), ends_on=clock.now().date(),
                number=1, due_at=clock.now(), state=DeliveryState.SKIPPED, note="Terlewat", created_at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()
        browser.get("/laporan/jadwal")
        statements.reset()
        assert "Terlewat" in browser.get("/laporan/jadwal").main
        costs.append(len(statements))
    assert costs[0] == costs[2]


def test_people_without_the_permission_and_other_offices_see_nothing(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    schedule = schedule_in(world)
    browser_of(world.contributor).get("/laporan/jadwal", status=403)
    other = browser_of(other_world.lead)
    other.get(f"/laporan/jadwal/{schedule.id}", status=404)
    assert "Jadwal 1" not in other.get("/laporan/jadwal").main
    assert db.session.get_one(Unit, other_world.office.id).is_active


def test_a_download_goes_on_where_it_stopped(world: World, browser_of: BrowserOf) -> None:
    run = run_of(world, state=RunState.READY, expires_at=clock.now() + timedelta(days=14))
    path = FOLDERS.begin(run.id) / "2.zip"
    data = bytes(range(256)) * 1000
    path.write_bytes(data)
    db.session.add(
        ReportFile(
            run_id=run.id, format=ReportFormat.ZIP, name="paket-bukti.zip", media_type="application/zip",
            size=len(data), sha256=hashlib.sha256(data).hexdigest(), path=str(path.relative_to(FOLDERS.root())),
        )
    )  # fmt: skip
    db.session.commit()
    client = browser_of(world.lead).client
    url = f"/laporan/{run.id}/zip"
    with client.get(url) as whole:
        assert whole.data == data
        assert whole.headers["Accept-Ranges"] == "bytes"
        tag = whole.headers["ETag"]
    with client.get(url, headers={"Range": "bytes=200000-", "If-Range": tag}) as rest:
        assert rest.status_code == 206
        assert rest.data == data[200_000:]
    with client.get(url, headers={"Range": "bytes=200000-", "If-Range": '"lain"'}) as changed:
        assert changed.status_code == 200
        assert changed.data == data


def test_problems_of_a_pack_stand_on_its_page(world: World, browser_of: BrowserOf) -> None:
    run = run_of(world, state=RunState.READY, expires_at=clock.now() + timedelta(days=14))
    path = FOLDERS.begin(run.id) / "2.zip"
    item = Item(3, path, "f" * 64, None, "Instagram", "Lelang <b>tertib</b>")
    sentence = Problem(ProblemKind.MISSING, item, "bukti/x.png").sentence
    keep_problems(run, [sentence] * 25)
    page = browser_of(world.lead).get(f"/laporan/{run.id}")
    assert "25 berkas bukti bermasalah" in page.main
    assert "0003 Lelang <b>tertib</b>: berkasnya tidak ditemukan" in page.main
    assert "Selengkapnya ada di MASALAH.txt" in page.main
