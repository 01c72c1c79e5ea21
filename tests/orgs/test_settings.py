"""The office and its sections, as its admin sets them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.orgs import queries, services
from humasflow.orgs.enums import OfficeKind
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def last(subject: int) -> AuditEntry:
    found = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == "unit", AuditEntry.subject_id == subject)
        .order_by(AuditEntry.id.desc())
    ).first()
    assert found is not None
    return found


def test_the_office_is_changed_and_the_four_eyes_switch_is_on_record(
    browser_of: BrowserOf, world: World
) -> None:
    admin = browser_of(world.admin)
    page = admin.get("/pengaturan/kantor")
    assert "tidak dapat menyetujuinya" in page.main  # what the switch does, where it is switched
    form = page.form("/pengaturan/kantor")
    assert form.pop("four_eyes") == "y"
    typed = {
        "name": "Kantor Baru",
        "short_name": "KB",
        "office_kind": "regional",
        "timezone": "Asia/Makassar",
    }
    admin.follow(admin.post("/pengaturan/kantor", form | typed))
    office = world.office
    assert (office.name, office.short_name, office.office_kind) == ("Kantor Baru", "KB", OfficeKind.REGIONAL)
    assert (office.zone_label, office.four_eyes) == ("WITA", False)
    entry = last(office.id)
    assert entry.action is AuditAction.OFFICE_CHANGED
    assert (entry.detail["before"]["four_eyes"], entry.detail["after"]["four_eyes"]) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"timezone": ""}, "Pilih zona waktu kantor: WIB, WITA, atau WIT."),
        ({"timezone": "Europe/Paris"}, "Pilihan ini tidak tersedia"),
        ({"name": ""}, "Tulis nama kantor."),
        ({"name": "n" * 201}, "Paling panjang 200 karakter"),
        ({"office_kind": "kerajaan"}, "Pilihan ini tidak tersedia"),
    ],
)
def test_an_office_that_cannot_be_saved(
    browser_of: BrowserOf, world: World, wrong: dict[str, str], says: str
) -> None:
    admin = browser_of(world.admin)
    form = admin.get("/pengaturan/kantor").form("/pengaturan/kantor")
    assert says in admin.post("/pengaturan/kantor", form | wrong, status=422).main
    assert (world.office.name, world.office.timezone) == ("Kantor Uji", "Asia/Jakarta")


def test_a_stale_save_of_the_office_shows_both(browser_of: BrowserOf, world: World) -> None:
    admin = browser_of(world.admin)
    stale = admin.get("/pengaturan/kantor").form("/pengaturan/kantor")
    admin.post(
        "/pengaturan/kantor",
        admin.get("/pengaturan/kantor").form("/pengaturan/kantor") | {"name": "Nama Rekan"},
    )
    page = admin.post("/pengaturan/kantor", stale | {"name": "Nama Saya"}, status=409)
    assert "Nama Rekan" in page.main
    assert page.form("/pengaturan/kantor")["name"] == "Nama Saya"
    admin.post("/pengaturan/kantor", page.form("/pengaturan/kantor"))
    assert world.office.name == "Nama Saya"


def test_sections_are_added_renamed_closed_and_opened_again(browser_of: BrowserOf, world: World) -> None:
    admin = browser_of(world.admin)
    admin.post("/pengaturan/seksi", _add_form(admin) | {"name": "Seksi Penilaian", "short_name": "Penilaian"})
    section = next(s for s in queries.list_sections(world.office.id) if s.short_name == "Penilaian")
    url = f"/pengaturan/seksi/{section.id}"
    admin.post(url, admin.get(url).form(url) | {"name": "Seksi Pelayanan Penilaian"})
    assert section.name == "Seksi Pelayanan Penilaian"
    admin.post(f"{url}/tutup", admin.get("/pengaturan/seksi").form(f"{url}/tutup"))
    page = admin.get("/pengaturan/seksi")
    assert page.main.index("Sudah ditutup") < page.main.index("Seksi Pelayanan Penilaian")
    assert section not in queries.list_sections(world.office.id)
    admin.post(f"{url}/buka", page.form(f"{url}/buka"))
    assert section in queries.list_sections(world.office.id)
    assert last(section.id).detail["after"] == {"name": "Seksi Pelayanan Penilaian", "is_active": True}


def test_a_section_stands_right_after_the_one_above_it(browser_of: BrowserOf, world: World) -> None:
    above = services.create_section(world.office, actor=None, name="Bagian Umum")
    services.create_section(world.office, actor=None, name="Bagian Uang")
    services.create_section(world.office, actor=None, name="Arsip", parent=above)
    db.session.commit()
    page = browser_of(world.admin).get("/pengaturan/seksi")
    named = [a.get_text(strip=True) for a in page.soup.select("main .list__title")]
    assert named.index("Arsip") == named.index("Bagian Umum") + 1 > named.index("Bagian Uang")
    assert "Arsip di bawah Bagian Umum" in page.main


def _add_form(admin: Browser) -> dict[str, str]:
    soup = admin.get("/pengaturan/seksi").soup
    form = soup.select_one("section[aria-labelledby=baru] form")
    assert form is not None
    return {str(i["name"]): str(i.get("value", "")) for i in form.select("input[name]")}


def test_a_name_stands_once_among_open_sections(browser_of: BrowserOf, world: World) -> None:
    admin = browser_of(world.admin)
    page = admin.post("/pengaturan/seksi", _add_form(admin) | {"name": "seksi pelayanan LELANG"}, status=422)
    assert "sudah ada" in page.main
    url = f"/pengaturan/seksi/{world.section.id}"
    page = admin.post(url, admin.get(url).form(url) | {"name": world.other_section.name}, status=422)
    assert "sudah ada" in page.main
    # A closed one may be followed by another of its name, and then stays closed.
    admin.post(f"{url}/tutup")
    admin.post("/pengaturan/seksi", _add_form(admin) | {"name": "Seksi Pelayanan Lelang"})
    said = admin.follow(admin.post(f"{url}/buka"))
    assert "sudah ada" in said.text
    assert not world.section.is_active


def test_another_offices_sections_do_not_exist(
    browser_of: BrowserOf, world: World, other_world: World
) -> None:
    admin = browser_of(world.admin)
    url = f"/pengaturan/seksi/{other_world.section.id}"
    admin.get(url, status=404)
    for path, form in ((url, {"name": "Diubah"}), (f"{url}/tutup", {}), (f"{url}/buka", {})):
        admin.post(path, form, status=404)
    admin.get(f"/pengaturan/seksi/{other_world.office.id}", status=404)
    assert other_world.section.is_active


@pytest.mark.parametrize("who", ["contributor", "editor", "approver", "lead"])
def test_only_the_admin_gets_there(browser_of: BrowserOf, world: World, who: str) -> None:
    browser = browser_of(getattr(world, who))
    for url in ("/pengaturan/kantor", "/pengaturan/seksi", f"/pengaturan/seksi/{world.section.id}"):
        browser.get(url, status=403)
        browser.post(url, {"name": "Diubah"}, status=403)
    browser.post(f"/pengaturan/seksi/{world.section.id}/tutup", status=403)


@pytest.mark.db
def test_services_refuse_stale_saves_and_unknown_zones(in_request: None, world: World) -> None:
    keep = {"name": "A", "short_name": "A", "office_kind": OfficeKind.SERVICE, "four_eyes": True}
    seen = world.office.row_version
    services.change_office(
        world.office,
        actor=world.admin,
        timezone="Asia/Jayapura",
        row_version=seen,
        **keep,  # type: ignore[arg-type]
    )
    with pytest.raises(Conflict):
        services.change_office(
            world.office,
            actor=world.admin,
            timezone="Asia/Jakarta",
            row_version=seen,
            **keep,  # type: ignore[arg-type]
        )
    with pytest.raises(UserError, match="WIB, WITA, atau WIT"):
        services.change_office(
            world.office,
            actor=world.admin,
            timezone="Asia/Tokyo",
            row_version=None,
            **keep,  # type: ignore[arg-type]
        )
