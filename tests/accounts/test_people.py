"""People and roles, as the admin of an office manages them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from humasflow.accounts import queries
from humasflow.accounts.enums import Acting, Role
from humasflow.accounts.events import UserInvited
from humasflow.accounts.models import Invitation, User
from humasflow.accounts.services import invitations, people, sessions, staff
from humasflow.accounts.services.staff import RoleWanted
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]
GOOD = "perahu kertas di selokan"


def actions(user: User) -> list[AuditAction]:
    return list(
        db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_type == "user", AuditEntry.subject_id == user.id)
            .order_by(AuditEntry.id)
        )
    )


def form_at(page: Page, action: str) -> dict[str, str]:
    """The fields of the form with exactly this address (others on the page begin with it)."""
    form = page.soup.select_one(f"form[action='{action}']")
    assert form is not None
    return {str(i["name"]): str(i.get("value", "")) for i in form.select("input[name]")}


def add(browser: Browser, world: World, *, status: int = 303, **typed: str) -> Page:
    page = browser.get("/pengaturan/pengguna/baru")
    form = page.form("/baru") | {
        "name": "Rina Baru", "email": "rina@kantor-uji.example", "role": "approver",
        "unit_id": str(world.section.id), "position_title": "Kepala Seksi Pelayanan Lelang", "acting": "plh",
        "valid_from": "2020-01-01", "valid_until": "31-12-2090",
    }  # fmt: skip
    return browser.post("/pengaturan/pengguna/baru", form | typed, status=status)


def get_user(email: str) -> User:
    user = queries.get_user_by_email(email)
    assert user is not None
    return user


def test_a_person_is_added_invited_and_comes_in(
    browser_of: BrowserOf, browser: Browser, world: World
) -> None:
    admin = browser_of(world.admin)
    page = admin.follow(add(admin, world))
    user = get_user("rina@kantor-uji.example")
    grant = queries.grants_in(world.office, user)[0]
    assert (grant.role, grant.capacity) == (Role.APPROVER, "Plh. Kepala Seksi Pelayanan Lelang")
    assert (grant.valid_from, grant.valid_until) == (date(2020, 1, 1), date(2090, 12, 31))
    field = page.soup.select_one("#invitation-link")
    assert field is not None
    link = str(field["value"])
    assert link.startswith("http://localhost/undangan/")
    assert "wa.me" in page.html
    # Shown once: a look over the shoulder later finds nothing.
    assert "/undangan/" not in admin.get(f"/pengaturan/pengguna/{user.id}").html
    assert "Belum menerima undangan" in admin.get("/pengaturan/pengguna").main

    welcome = browser.get(link)
    assert welcome.h1 == "Selamat datang, Rina Baru"
    assert welcome.soup.select_one("input[name=username][autocomplete=username]")["value"] == user.email  # type: ignore[index]
    done = browser.post(link, welcome.form() | {"password": GOOD, "again": GOOD})
    assert done.location == "/"
    assert "Rina Baru" in browser.get("/profil").text
    assert "sudah dipakai atau kedaluwarsa" in browser.get(link, status=404).main
    assert AuditAction.USER_INVITED in actions(user)
    assert actions(user)[-3:-1] == [AuditAction.PASSWORD_CHANGED, AuditAction.SESSIONS_REVOKED]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "Tulis nama lengkap."),
        ({"name": "n" * 5000}, "Paling panjang 120 karakter; sekarang 5000."),
        ({"email": "rina"}, "Alamat surel ini belum lengkap"),
        ({"email": "REDAKTUR"}, "Alamat surel ini belum lengkap"),
        ({"email": "Editor@Kantor-Uji.example"}, "sudah dipakai pengguna lain"),
        ({"role": ""}, "Pilih peran."),
        ({"role": "raja"}, "Pilihan ini tidak tersedia"),
        ({"position_title": ""}, "Tulis jabatan yang digantikan"),
        ({"valid_until": "31-02-2090"}, "tidak ada di kalender"),
        ({"valid_until": "2019-12-31"}, "tidak boleh sebelum tanggal mulai"),
    ],
)
def test_a_person_that_cannot_be_added(
    browser_of: BrowserOf, world: World, typed: dict[str, str], says: str
) -> None:
    page = add(browser_of(world.admin), world, **typed, status=422)
    assert says in page.main
    assert page.form("/baru")["position_title"] == typed.get(
        "position_title", "Kepala Seksi Pelayanan Lelang"
    )
    assert db.session.scalars(select(User).where(User.name == "Rina Baru")).all() == []


def test_a_section_of_another_office_is_not_offered(
    browser_of: BrowserOf, world: World, other_world: World
) -> None:
    page = add(browser_of(world.admin), world, unit_id=str(other_world.section.id), status=422)
    assert "Pilihan ini tidak tersedia" in page.main


def test_sending_the_form_twice_adds_one_person(browser_of: BrowserOf, world: World) -> None:
    admin = browser_of(world.admin)
    form = admin.get("/pengaturan/pengguna/baru").form("/baru") | {
        "name": "Rina Baru", "email": "rina@kantor-uji.example", "role": "editor", "unit_id": str(world.office.id),
    }  # fmt: skip
    first = admin.post("/pengaturan/pengguna/baru", form)
    second = admin.post("/pengaturan/pengguna/baru", form)
    assert first.location == second.location


@pytest.mark.parametrize("who", ["contributor", "editor", "approver", "lead"])
def test_only_the_admin_gets_there(browser_of: BrowserOf, world: World, who: str) -> None:
    browser = browser_of(getattr(world, who))
    path = f"/pengaturan/pengguna/{world.editor.id}"
    for url in ("/pengaturan/pengguna", "/pengaturan/pengguna/baru", path, f"{path}/peran"):
        browser.get(url, status=403)
    for url in (f"{path}/undang", f"{path}/nonaktifkan", f"{path}/aktifkan", f"{path}/peran"):
        browser.post(url, status=403)


def test_another_offices_people_do_not_exist(browser_of: BrowserOf, world: World, other_world: World) -> None:
    admin, stranger = browser_of(world.admin), other_world.editor
    grant = queries.grants_in(other_world.office, queries.get_person(other_world.office, stranger.id))[0]
    path = f"/pengaturan/pengguna/{stranger.id}"
    for url in (path, f"{path}/peran"):
        admin.get(url, status=404)
    tries = [
        (path, {"name": "Diubah", "email": "diubah@kantor-uji.example"}),
        (f"{path}/peran", {"role": "admin", "unit_id": str(world.office.id)}),
        (f"{path}/peran/{grant.id}/akhiri", {}), (f"{path}/undang", {}), (f"{path}/nonaktifkan", {}),
        # Our own person, but the other office's role.
        (f"/pengaturan/pengguna/{world.editor.id}/peran/{grant.id}/akhiri", {}),
    ]  # fmt: skip
    for url, form in tries:
        admin.post(url, form, status=404)
    assert stranger.is_active
    assert stranger.name == "Redaktur Satu"
    assert grant.valid_until is None
    assert "kantor-lain" not in admin.get("/pengaturan/pengguna").html


def test_the_list_searches_and_keeps_the_inactive_below(browser_of: BrowserOf, world: World) -> None:
    people.set_active(world.other_editor, actor=world.admin, office=world.office, active=False)
    db.session.commit()
    admin = browser_of(world.admin)
    page = admin.get("/pengaturan/pengguna")
    assert page.main.index("Penyetuju Kantor") < page.main.index("Nonaktif") < page.main.index("Redaktur Dua")
    found = admin.get("/pengaturan/pengguna?q=pelayanan+lelang").main
    assert "Penyetuju Seksi" in found
    assert "Redaktur Satu" not in found
    assert "Redaktur Dua" in admin.get("/pengaturan/pengguna?q=OTHER.EDITOR@").main
    assert "Tidak ada yang cocok" in admin.get("/pengaturan/pengguna?q=%25").main


def test_the_list_costs_the_same_whatever_its_length(
    browser_of: BrowserOf, world: World, statements: Any
) -> None:
    admin = browser_of(world.admin)
    counts = []
    for q, expected in (("penyetuju.kantor@", 0), ("approver@", 2), ("", 8)):
        statements.reset()
        page = admin.get(f"/pengaturan/pengguna?q={q}")
        assert len(page.soup.select("ul.list > li")) == expected
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 10


def test_name_and_address_are_corrected_and_a_stale_save_shows_both(
    browser_of: BrowserOf, world: World
) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/pengguna/{world.editor.id}"
    stale = form_at(admin.get(url), url)
    admin.post(url, form_at(admin.get(url), url) | {"name": "Redaktur Pertama"})
    page = admin.post(url, stale | {"name": "Redaktur Utama"}, status=409)
    assert "Redaktur Pertama" in page.main  # what is stored
    assert form_at(page, url)["name"] == "Redaktur Utama"  # what was typed
    admin.post(url, form_at(page, url))
    assert world.editor.name == "Redaktur Utama"


def test_roles_are_added_and_ended(browser_of: BrowserOf, world: World) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/pengguna/{world.editor.id}"
    role = {
        "role": "approver",
        "unit_id": str(world.other_section.id),
        "position_title": "Kasi HI",
        "acting": "plt",
    }
    form = admin.get(f"{url}/peran").form("/peran") | role
    page = admin.follow(admin.post(f"{url}/peran", form))
    assert "Plt. Kasi HI" in page.main
    again = admin.get(f"{url}/peran").form("/peran") | role
    assert "sudah ada pada tanggal itu" in admin.post(f"{url}/peran", again, status=422).main
    end = page.soup.select("form[action$='/akhiri']")[-1]
    admin.post(str(end["action"]), page.form(str(end["action"])))
    assert "Berakhir" in admin.get(url).main
    assert not world.as_(world.editor).has_role(Role.APPROVER, world.office.id)
    assert actions(world.editor)[-2:] == [AuditAction.ROLE_GRANTED, AuditAction.ROLE_ENDED]


def test_the_last_admin_stays(browser_of: BrowserOf, world: World) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/pengguna/{world.admin.id}"
    page = admin.get(url)
    end = page.soup.select_one("form[action$='/akhiri']")
    assert end is not None
    said = admin.follow(admin.post(str(end["action"]), page.form("akhiri")))
    assert "paling sedikit satu admin lain" in said.text
    assert "Tunjuk admin itu lebih dahulu" in said.text
    assert world.as_(world.admin).has_role(Role.ADMIN, world.office.id)


@pytest.mark.db
def test_an_admin_who_cannot_come_in_or_leaves_by_a_date_does_not_count(
    in_request: None, world: World
) -> None:
    own = queries.list_grants(world.admin, world.office)[0]
    acting = people.grant_role(
        world.lead, world.office, Role.ADMIN, actor=world.admin, position_title="Kasubbag Umum", acting=Acting.PLH,
        valid_until=date(2090, 1, 1),
    )  # fmt: skip
    invited = people.create_user(
        actor=world.admin, office_id=world.office.id, name="Belum Masuk", email="b@x.example"
    )
    people.grant_role(invited, world.office, Role.ADMIN, actor=world.admin)
    with pytest.raises(people.LastAdmin):
        people.end_role(own, actor=world.admin, office=world.office)
    with pytest.raises(people.LastAdmin):
        people.set_active(world.admin, actor=world.lead, office=world.office, active=False)
    people.end_role(acting, actor=world.admin, office=world.office)
    invited.password_hash = world.admin.password_hash
    people.end_role(own, actor=world.admin, office=world.office)


def test_disabling_ends_the_sessions_and_enabling_lets_in_again(browser_of: BrowserOf, world: World) -> None:
    admin, editor = browser_of(world.admin), browser_of(world.editor)
    credentials = {"email": world.editor.email, "password": PASSWORD}
    url = f"/pengaturan/pengguna/{world.editor.id}"
    page = admin.get(url)
    admin.post(f"{url}/nonaktifkan", page.form("nonaktifkan"))
    editor.get("/profil", status=303)
    said = editor.post("/masuk", editor.get("/masuk").form("/masuk") | credentials, status=422)
    assert "belum cocok" in said.main
    page = admin.get(url)
    assert "Nonaktif" in page.main
    admin.post(f"{url}/aktifkan", page.form("aktifkan"))
    editor.post("/masuk", editor.get("/masuk").form("/masuk") | credentials)
    assert [a for a in actions(world.editor) if "abled" in a] == [
        AuditAction.USER_DISABLED,
        AuditAction.USER_ENABLED,
    ]


def test_an_acting_head_signs_in_and_reads_either_language(browser_of: BrowserOf, world: World) -> None:
    """The capacity is read while the person is being loaded, before anybody's language is known."""
    people.grant_role(
        world.contributor, world.section, Role.APPROVER, actor=world.admin, position_title="Kepala Seksi Pelayanan",
        acting=Acting.PLH,
    )  # fmt: skip
    db.session.commit()
    browser = browser_of(world.contributor)
    assert "Plh. Kepala Seksi Pelayanan" in browser.get("/profil").main
    browser.post("/bahasa", {"language": "en"})
    assert "Plh. Kepala Seksi Pelayanan" in browser.get("/profil").main


def test_nobody_switches_themselves_off(browser_of: BrowserOf, world: World) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/pengguna/{world.admin.id}"
    assert "/nonaktifkan" not in admin.get(url).html
    page = admin.post(f"{url}/nonaktifkan")
    assert "akun sendiri" in admin.follow(page).text
    assert world.admin.is_active


def test_a_new_link_replaces_the_old_one_and_ends_the_sessions_when_used(
    browser_of: BrowserOf, browser: Browser, world: World
) -> None:
    admin, editor = browser_of(world.admin), browser_of(world.editor)
    url = f"/pengaturan/pengguna/{world.editor.id}/undang"
    links = []
    for _time in range(2):
        page = admin.follow(admin.post(url))
        found = re.search(r"http://localhost(/undangan/[\w-]+)", page.html)
        assert found
        links.append(found[1])
    browser.get(links[0], status=404)
    editor.get("/profil")
    browser.post(links[1], browser.get(links[1]).form() | {"password": GOOD, "again": GOOD})
    editor.get("/profil", status=303)


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("pendek", "pendek", ["paling sedikit 12 karakter"]),
        ("redaktur satu!", "redaktur satu!", ["mudah ditebak"]),
        ("", "", ["Tulis kata sandi baru."]),
        (GOOD, GOOD + "x", ["Kedua kata sandi belum sama"]),
        ("x" * 257, "y", ["paling panjang 256 karakter", "Kedua kata sandi belum sama"]),
    ],
)
def test_a_weak_password_leaves_the_invitation_usable(
    browser: Browser, world: World, in_request: None, password: str, again: str, says: list[str]
) -> None:
    token = invitations.invite(world.editor, actor=world.admin, office_id=world.office.id)
    db.session.commit()
    url = f"/undangan/{token}"
    page = browser.post(url, browser.get(url).form() | {"password": password, "again": again}, status=422)
    for sentence in says:
        assert sentence in page.main
    browser.post(url, page.form() | {"password": GOOD, "again": GOOD})


def test_a_link_ends_after_a_week_and_for_somebody_switched_off(
    browser: Browser, world: World, in_request: None, at: Any
) -> None:
    token = invitations.invite(world.editor, actor=world.admin, office_id=world.office.id)
    db.session.commit()
    with at((clock.now() + timedelta(days=7, minutes=1)).isoformat()):
        browser.get(f"/undangan/{token}", status=404)
    browser.get(f"/undangan/{token}")
    people.set_active(world.editor, actor=world.admin, office=world.office, active=False)
    people.set_active(world.editor, actor=world.admin, office=world.office, active=True)
    db.session.commit()
    browser.get(f"/undangan/{token}", status=404)
    browser.get("/undangan/buatan-sendiri", status=404)


@pytest.mark.db
class TestServices:
    """The same rules without a browser, on both databases."""

    @pytest.fixture(autouse=True)
    def _request(self, in_request: None) -> None:
        """Words need a request's language."""

    def test_an_invitation_is_told_to_whoever_sends_mail(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[UserInvited] = []
        monkeypatch.setitem(events._handlers, UserInvited, [told.append])
        wanted = RoleWanted(Role.EDITOR, world.office)
        user, link = staff.add_person(
            world.office, actor=world.as_(world.admin), name="Rina", email="Rina@X.example", wanted=wanted
        )
        assert told == [UserInvited(user.id, world.office.id, link)]
        assert user.email == "rina@x.example"
        token = link.rsplit("/", 1)[1]
        assert token not in {i.token_hash for i in db.session.scalars(select(Invitation))}

    def test_the_permission_is_asked_in_the_office_itself(self, world: World, other_world: World) -> None:
        wanted = RoleWanted(Role.EDITOR, world.office)
        with pytest.raises(NotAllowed):
            staff.add_person(
                world.office, actor=world.as_(world.editor), name="R", email="r@x.example", wanted=wanted
            )
        with pytest.raises(NotFound):
            staff.add_role(
                world.editor, world.office, actor=other_world.as_(other_world.admin), wanted=wanted
            )
        with pytest.raises(NotFound):
            staff.set_active(other_world.editor, world.office, actor=world.as_(world.admin), active=False)
        elsewhere = RoleWanted(Role.EDITOR, other_world.section)
        with pytest.raises(UserError):
            staff.add_role(world.editor, world.office, actor=world.as_(world.admin), wanted=elsewhere)

    def test_an_account_that_serves_two_offices_is_not_taken_over(
        self, world: World, other_world: World
    ) -> None:
        people.grant_role(world.editor, other_world.office, Role.APPROVER, actor=other_world.admin)
        admin = world.as_(world.admin)
        with pytest.raises(Refused):
            staff.invite_again(world.editor, world.office, actor=admin)
        with pytest.raises(Refused):
            staff.set_active(world.editor, world.office, actor=admin, active=False)
        with pytest.raises(Refused):
            staff.change_person(
                world.editor,
                world.office,
                actor=admin,
                name="X",
                email="milik@admin.example",
                row_version=None,
            )
        own = queries.list_grants(world.editor, world.office)[0]
        staff.end_role(world.editor, own.id, world.office, actor=admin)
        assert world.editor.email == "editor@kantor-uji.example"

    def test_a_new_address_makes_the_old_link_useless(self, world: World) -> None:
        token = invitations.invite(world.editor, actor=world.admin, office_id=world.office.id)
        staff.change_person(
            world.editor, world.office, actor=world.as_(world.admin), name=world.editor.name,
            email="baru@kantor-uji.example", row_version=None,
        )  # fmt: skip
        with pytest.raises(NotFound):
            invitations.get_invited(token)

    def test_a_stale_save_is_refused(self, world: World) -> None:
        seen = world.editor.row_version
        admin = world.as_(world.admin)
        first = {"name": "Satu", "email": world.editor.email}
        staff.change_person(world.editor, world.office, actor=admin, row_version=seen, **first)  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            staff.change_person(world.editor, world.office, actor=admin, row_version=seen, **first)  # type: ignore[arg-type]

    def test_the_address_is_unique_even_when_two_type_it_at_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither saw the other's row before writing; the database's own answer is put into our words."""
        monkeypatch.setattr(queries, "get_user_by_email", lambda _email: None)
        with pytest.raises(people.EmailTaken):
            people.create_user(actor=None, office_id=world.office.id, name="Dua", email=world.editor.email)
        assert (
            db.session.scalar(select(User).where(User.name == "Dua")) is None
        )  # and the session still works

    def test_a_role_that_is_over_cannot_be_ended_again(self, world: World) -> None:
        grant = queries.list_grants(world.editor, world.office)[0]
        people.end_role(grant, actor=world.admin, office=world.office)
        with pytest.raises(UserError):
            people.end_role(grant, actor=world.admin, office=world.office)

    def test_a_link_is_used_once_even_by_two_at_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = invitations.invite(world.editor, actor=world.admin, office_id=world.office.id)
        invitations.accept(token, GOOD)
        monkeypatch.setattr(invitations, "get_invited", lambda _token: world.editor)
        with pytest.raises(NotFound):
            invitations.accept(token, "kalimat milik orang lain")
        with pytest.raises(sessions.WrongCredentials):
            sessions.sign_in(world.editor.email, "kalimat milik orang lain", address="", device="")

    def test_the_link_uses_the_configured_address_not_the_senders(self, world: World) -> None:
        with current_app.test_request_context(headers={"Host": "jahat.example"}):
            assert invitations.url_of("abc").startswith("http://localhost/")
