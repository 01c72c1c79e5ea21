"""People from a list: added and invited, completed, and taken back as long as they never came."""

import io

import pytest
from sqlalchemy import func, select

from humasflow.accounts import queries
from humasflow.accounts.models import Invitation, User
from humasflow.accounts.services import invitations, staff
from humasflow.accounts.services.staff import RoleWanted
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.models import ImportRow
from humasflow.imports.services.at_once import work
from humasflow.imports.services.undoing import begin_undoing
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailMessage, MailSettings
from tests.factories import desk
from tests.factories.imports import Told, load
from tests.factories.world import World
from tests.support.forms import form_with

pytestmark = [pytest.mark.db]
HEAD = "Nama Lengkap;NIP/NRP;Alamat surel;Peran;Unit Kerja;No. HP;Jabatan\n"
RINA = "Rina;19800131 200501 1 001;Rina@kantor-uji.example;Redaktur;Seksi Pelayanan Lelang;0812 3456 7890;Pranata\n"
BUDI = "Budi;;budi@kantor-uji.example;kontributor;;;\n"
LONG = "perahu kertas di selokan"


def people(world: World, text: str, **more: bool) -> Told:
    return load(world.office, world.as_(world.admin), (HEAD + text).encode(), "users", **more)


def get(email: str) -> User:
    db.session.expire_all()
    found = queries.get_user_by_email(email)
    assert found is not None
    return found


def undo(world: World, told: Told) -> dict[int, str]:
    begin_undoing(told.batch, actor=world.as_(world.admin))
    work(told.batch)
    rows = db.session.query(ImportRow).filter_by(batch_id=told.batch.id, is_undone=False)
    return {r.line: r.reason for r in rows if r.reason}


@pytest.mark.usefixtures("in_request")
def test_rows_become_people_with_an_invitation(world: World) -> None:
    told = people(world, RINA + BUDI)
    assert (told.added, told.refused) == (2, {})
    rina = get("rina@kantor-uji.example")
    assert (rina.name, rina.nip, rina.phone) == ("Rina", "198001312005011001", "+6281234567890")
    (grant,) = queries.grants_in(world.office, rina)
    assert (grant.role, grant.unit_id, grant.position_title) == (Role.EDITOR, world.section.id, "Pranata")
    (grant,) = queries.grants_in(world.office, get("budi@kantor-uji.example"))
    assert (grant.role, grant.unit_id) == (Role.CONTRIBUTOR, world.office.id)
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 2
    # Without mail settings nobody is written to, and the row says what remains to be done.
    assert db.session.scalar(select(func.count()).select_from(MailMessage)) == 0
    assert "buat tautan undangannya" in told.reasons[2]
    again = people(world, RINA + BUDI)
    assert (again.added, again.changed, again.known) == (0, 0, 2)
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 2


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("row", "says"),
    [
        (";;a@b.example;Redaktur;;;", "nama kosong"),
        ("=1+1;;a@b.example;Redaktur;;;", "seperti rumus"),
        ("A;;;Redaktur;;;", "alamat surel kosong"),
        ("A;;a-b.example;Redaktur;;;", "“a-b.example” belum lengkap"),
        ("A;123;a@b.example;Redaktur;;;", "18 angka"),
        ("A;;a@b.example;Kaisar;;;", "peran “Kaisar” tidak dikenal"),
        ("A;;a@b.example;Redaktur;Seksi Awan;;", "seksi “Seksi Awan” tidak dikenal"),
        ("A;;a@b.example;Redaktur;;12;", "nomor “12” tidak dikenal"),
        (f"{'a' * 121};;a@b.example;Redaktur;;;", "paling panjang 120"),
    ],
)
def test_what_is_wrong_is_said(world: World, row: str, says: str) -> None:
    told = people(world, f"{row}\n{BUDI}")
    assert says in told.refused[2]
    assert told.added == 1


@pytest.mark.usefixtures("in_request")
def test_nobody_is_twice(world: World, other_world: World) -> None:
    world.lead.nip = "197501312000031001"
    db.session.commit()
    told = people(
        world,
        RINA + "Lain;198001312005011001;lain@kantor-uji.example;Redaktur;;;\n"
        + "Ketua;197501312000031001;ketua@kantor-uji.example;Redaktur;;;\n"
        + f"Tamu;;{other_world.editor.email};Redaktur;;;\n" + RINA,
    )  # fmt: skip
    assert "juga tertulis pada baris 2" in told.refused[3]
    assert "sudah dipakai orang lain" in told.refused[4]
    assert "sudah dipakai pengguna lain" in told.refused[5]
    assert (told.added, told.outcomes[-1]) == (1, Outcome.SKIPPED)


@pytest.mark.usefixtures("in_request")
def test_who_is_known_is_completed_and_gets_it_taken_back(world: World) -> None:
    row = f"Redaktur Kesatu;197501312000031001;{world.editor.email};Ketua tim;;;Ketua\n"
    told = people(world, row)
    assert (told.added, told.changed) == (0, 1)
    editor = get(world.editor.email)
    assert (editor.name, editor.nip, len(queries.list_grants(editor, world.office))) == (
        "Redaktur Kesatu", "197501312000031001", 2,
    )  # fmt: skip
    assert undo(world, told) == {}
    editor, today = get(world.editor.email), queries.today_at(world.office)
    assert (editor.name, editor.nip) == ("Redaktur Satu", "")
    assert [g.role for g in queries.list_grants(editor, world.office) if g.in_force(today)] == [Role.EDITOR]


@pytest.mark.usefixtures("in_request")
def test_who_never_came_goes_and_others_stay(world: World) -> None:
    siti = "Siti;;siti@kantor-uji.example;Admin;;;\n"
    told = people(world, RINA + BUDI + siti)
    invitations.set_password(get("budi@kantor-uji.example"), LONG)
    staff.add_role(
        get("siti@kantor-uji.example"), world.office, actor=world.as_(world.admin),
        wanted=RoleWanted(Role.EDITOR, world.section),
    )  # fmt: skip
    stays = undo(world, told)
    assert stays == {3: "sudah pernah masuk atau memakai undangannya", 4: "sudah diberi peran lain"}
    rina = get("rina@kantor-uji.example")
    assert (rina.is_active, rina.nip, rina.phone) == (False, "", "")
    assert not [g for g in rina.grants if g.in_force(queries.today_at(world.office))]
    assert get("budi@kantor-uji.example").is_active
    # The same list again brings back who was taken away.
    again = people(world, RINA)
    assert again.added == 1
    rina = get("rina@kantor-uji.example")
    assert (rina.is_active, rina.nip) == (True, "198001312005011001")
    assert undo(world, again) == {}
    assert not get("rina@kantor-uji.example").is_active


@pytest.mark.usefixtures("in_request")
def test_who_was_given_work_stays(world: World) -> None:
    told = people(world, BUDI)
    story = desk.story(world)
    story.owner_id = get("budi@kantor-uji.example").id
    db.session.commit()
    assert undo(world, told) == {2: "sudah tercatat dalam pekerjaan kantor"}


def test_from_the_upload_to_the_undo_on_the_pages(world, browser_of, finish, app, monkeypatch):
    admin = browser_of(world.admin)
    browser_of(world.editor).get("/impor/baru/users", status=403)
    db.session.add(
        MailSettings(
            office_id=world.office.id, host="mail.example", port=587, security=MailSecurity.STARTTLS,
            from_address="humas@kantor.example", from_name="Humas",
        )
    )  # fmt: skip
    db.session.commit()
    new = "/impor/baru/users"
    form = form_with(admin.get(new), "csrf_token")
    data = (HEAD.replace("Peran;", "") + RINA.replace("Redaktur;", "") + "X;1;y;;;\n").encode()
    admin.post(new, form | {"file": (io.BytesIO(data), "pegawai.csv")}, status=303)
    address = f"/impor/{finish().id}"
    page = admin.get(address)
    assert page.h1 == "Cocokkan kolomnya"
    admin.post(f"{address}/kolom", form_with(page, "row_version"), status=303)
    finish()
    page = admin.get(address)
    assert "2 baris: 1 siap diimpor, 1 perlu diperbaiki" in page.main
    assert queries.get_user_by_email("rina@kantor-uji.example") is None, "nothing before a person says so"
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://humas.example")
    admin.post(f"{address}/terapkan", page.form(f"{address}/terapkan"), status=303)
    finish()
    assert "1 dicatat" in admin.get(address).main
    rina = get("rina@kantor-uji.example")
    assert [g.role for g in rina.grants] == [Role.CONTRIBUTOR]
    (letter,) = db.session.scalars(select(MailMessage).where(MailMessage.user_id == rina.id))
    assert letter.to_address == rina.email
    assert "Belum menerima undangan" in admin.get(f"/pengaturan/pengguna/{rina.id}").main
    page = admin.get(address)
    admin.post(f"{address}/batalkan", form_with(page, "csrf_token"), status=303)
    finish()
    assert "1 baris dibatalkan" in admin.get(address).main
    assert not get("rina@kantor-uji.example").is_active
