"""The first start: the wizard, who may open it, the sample office and its end."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import RoleGrant, User, UserSession
from humasflow.accounts.services.invitations import WeakPassword
from humasflow.approvals.models import ApprovalChain
from humasflow.audit import queries as audit
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Role
from humasflow.orgs import queries as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.setup import services
from humasflow.setup.services import AdminWanted, OfficeWanted
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]
GOOD = "perahu kertas di selokan"
FILLED = {
    "office_name": "KPKNL Uji Coba", "short_name": "KPKNL Uji", "office_kind": "service", "timezone": "Asia/Makassar",
    "name": "Siti Rahma", "email": "Siti.Rahma@Kantor.example", "password": GOOD, "again": GOOD,
}  # fmt: skip


def fill(browser: Browser, *, status: int = 303, url: str = "/siapkan", **typed: str) -> Page:
    form = wizard_form(browser.get(url))
    return browser.post("/siapkan", form | FILLED | typed, status=status)


def wizard_form(page: Page) -> dict[str, str]:
    form = page.soup.select_one("form[action='/siapkan']")
    assert form is not None
    found = {
        str(i["name"]): str(i.get("value", ""))
        for i in form.select("input[name]:not([type=radio], [type=checkbox])")
    }
    return found | {"sections": form.select_one("textarea").get_text()}  # type: ignore[union-attr]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    "url", ["/", "/masuk", "/profil", "/siapkan/langkah-berikut", "/pengaturan/pengguna", "/tak-ada"]
)
def test_with_nobody_to_sign_in_as_every_page_leads_to_the_wizard(
    empty_database: None, browser: Browser, url: str
) -> None:
    assert browser.get(url, status=303).location == "/siapkan"


def test_health_and_the_language_switch_answer_before_set_up(empty_database: None, browser: Browser) -> None:
    assert browser.client.get("/healthz").status_code == 200
    browser.post("/bahasa", {"language": "en"}, headers={"Referer": "http://localhost/siapkan"})
    page = browser.get("/siapkan")
    assert page.soup.html["lang"] == "en"  # type: ignore[index]


def test_the_wizard_makes_an_office_that_can_work(empty_database: None, browser: Browser) -> None:
    page = fill(browser, parent_name="Kanwil Uji", sections="Seksi Satu\n\n  Seksi   Dua \n")
    shown = browser.follow(page)
    assert shown.h1 == "Kantor siap, apa berikutnya?"
    assert shown.soup.select_one("ol.list a")["href"] == "/pengaturan/pengguna/baru"  # type: ignore[index]

    office = orgs.get_office_by_slug("kpknl-uji")
    assert (office.name, office.zone_label, office.office_kind) == (
        "KPKNL Uji Coba",
        "WITA",
        OfficeKind.SERVICE,
    )
    parent = db.session.get_one(Unit, office.parent_id)
    assert (parent.name, parent.office_kind, parent.timezone) == (
        "Kanwil Uji",
        OfficeKind.REGIONAL,
        "Asia/Makassar",
    )
    assert [s.name for s in orgs.list_sections(office.id)] == ["Seksi Dua", "Seksi Satu"]
    assert len(planning.list_content_types(office.id)) == 12
    assert [a.kind.code for a in channels.list_accounts(office.id)] == ["website_own"]
    chain = db.session.scalars(select(ApprovalChain)).one()
    assert (chain.content_type_id, [a.scope.value for s in chain.steps for a in s.askees]) == (
        None,
        ["office"],
    )
    user = accounts.get_user_by_email("siti.rahma@kantor.example")
    assert user is not None
    principal = accounts.load_principal(user)
    assert [h.role for h in principal.held] == [Role.ADMIN]
    assert principal.office is office
    assert audit.check_chain(office.id) == []
    assert GOOD not in (user.password_hash or "")
    other = Browser(browser.app)
    form = other.get("/masuk").form("/masuk")
    assert other.post("/masuk", form | {"email": user.email, "password": GOOD}).location == "/"


def test_ticked_channels_are_accounts_to_post_to_by_hand(empty_database: None, browser: Browser) -> None:
    page = browser.get("/siapkan")
    boxes = [box["value"] for box in page.soup.select("form[action='/siapkan'] input[name=channels]")]
    assert "instagram" in boxes and "website_own" not in boxes, "the newsroom comes with every office"
    form = wizard_form(page) | FILLED
    browser.post("/siapkan", form | {"channels": ["facebook", "instagram"]}, status=303)
    office = orgs.get_office_by_slug("kpknl-uji")
    assert [(a.kind.code, a.name, a.adapter) for a in channels.list_accounts(office.id)] == [
        ("website_own", "Situs berita kantor", "web"), ("facebook", "Facebook", "manual"),
        ("instagram", "Instagram", "manual"),
    ]  # fmt: skip


def test_a_channel_that_nobody_offers_is_refused(empty_database: None, browser: Browser) -> None:
    form = wizard_form(browser.get("/siapkan")) | FILLED
    page = browser.post("/siapkan", form | {"channels": ["friendster"]}, status=422)
    assert "Pilihan ini tidak tersedia. Pilih salah satu dari daftar." in page.main
    assert count(Unit) == 0


def test_sections_are_suggested_and_may_be_none(empty_database: None, browser: Browser) -> None:
    assert "Seksi Pelayanan Lelang" in wizard_form(browser.get("/siapkan"))["sections"]
    fill(browser, sections="")
    assert count(Unit) == 1


def test_a_missing_zone_is_asked_for_in_words(empty_database: None, browser: Browser) -> None:
    form = wizard_form(browser.get("/siapkan")) | FILLED
    del form["timezone"]
    page = browser.post("/siapkan", form, status=422)
    assert page.main.count("Pilih zona waktu kantor: WIB, WITA, atau WIT.") == 2  # also beside it
    assert wizard_form(page)["office_name"] == "KPKNL Uji Coba"
    assert wizard_form(page)["password"] == ""
    assert count(User) == count(Unit) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"timezone": "Asia/Tokyo"}, ["Pilihan ini tidak tersedia"]),
        ({"office_name": " "}, ["Tulis nama kantor."]),
        ({"office_name": "k" * 5000}, ["Paling panjang 200 karakter; sekarang 5000."]),
        ({"office_kind": "kerajaan"}, ["Pilihan ini tidak tersedia"]),
        ({"sections": "Umum\numum\n" + "s" * 201}, ["tertulis dua kali", "Seksi ke-3 terlalu panjang"]),
        ({"sections": "\n".join(f"Seksi {n}" for n in range(61))}, ["Paling banyak 60 seksi"]),
        ({"email": "siti"}, ["Alamat surel ini belum lengkap"]),
        (
            {"password": "pendek", "again": "lain"},
            ["paling sedikit 12 karakter", "Kedua kata sandi belum sama"],
        ),
        ({"password": "rahmasitirahma", "again": "rahmasitirahma"}, ["mudah ditebak"]),
        ({"password": "1" * 12, "again": "1" * 12}, ["mudah ditebak"]),
    ],
)
def test_what_cannot_be_set_up_says_why_and_leaves_nothing(
    empty_database: None, browser: Browser, wrong: dict[str, str], says: list[str]
) -> None:
    page = fill(browser, status=422, **wrong)
    for sentence in says:
        assert sentence in page.main
    assert count(User) == count(Unit) == 0


def test_a_double_click_makes_one_office(empty_database: None, browser: Browser) -> None:
    form = wizard_form(browser.get("/siapkan")) | FILLED
    first, second = browser.post("/siapkan", form), browser.post("/siapkan", form)
    assert first.location == second.location == "/siapkan/langkah-berikut"
    assert (count(User), orgs.count_offices()) == (1, 1)


def test_of_two_who_finish_together_one_wins_and_the_other_signs_in(empty_database: None, app: Flask) -> None:
    one, other = Browser(app), Browser(app)
    forms = [wizard_form(b.get("/siapkan")) | FILLED for b in (one, other)]
    one.post("/siapkan", forms[0])
    late = other.post("/siapkan", forms[1] | {"office_name": "Kantor Kedua", "email": "dua@kantor.example"})
    assert late.location == "/masuk"
    assert "Kantor sudah disiapkan. Silakan masuk." in other.follow(late).text
    assert (count(User), orgs.count_offices()) == (1, 1)


def test_after_set_up_the_wizard_is_gone(browser: Browser, browser_of: BrowserOf, world: World) -> None:
    for method in (browser.get, browser.post):
        assert method("/siapkan", status=303).location == "/masuk"
    assert browser.post("/siapkan/kantor-contoh").location == "/masuk"
    assert browser_of(world.editor).get("/siapkan", status=303).location == "/"
    browser_of(world.editor).get("/siapkan/langkah-berikut", status=403)


AWAY = [
    {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}},
    {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    {"headers": {"Forwarded": "for=127.0.0.1"}},
    {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1.0"}},
]


@pytest.mark.parametrize("away", AWAY)
def test_from_elsewhere_the_wizard_wants_the_link(
    empty_database: None, browser: Browser, app: Flask, away: dict[str, Any]
) -> None:
    page = browser.get("/siapkan", status=403, **away)
    assert "setup-link" in page.main
    for key in ("tebakan", "99999999999.0", "9999999999", "９９.x", "." * 40):
        browser.get(f"/siapkan?kunci={key}", status=403, **away)
    browser.post("/siapkan", dict(FILLED), status=403, **away)
    browser.post("/siapkan/kantor-contoh", status=403, **away)
    assert count(User) == 0


def test_the_link_of_the_command_opens_it_once_and_for_a_day(
    empty_database: None, browser: Browser, app: Flask, at: Any
) -> None:
    said = app.test_cli_runner().invoke(args=["setup-link"])
    assert said.exit_code == 0
    link = said.stdout.strip().removeprefix("http://localhost")
    assert link.startswith("/siapkan?kunci=")
    away: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
    with at((clock.now() + timedelta(hours=24, minutes=1)).isoformat()):
        browser.get(link, status=403, **away)
    form = wizard_form(browser.get(link, **away))
    browser.post("/siapkan", form | FILLED, **away)
    assert Browser(app).get(link, status=303, **away).location == "/masuk"
    said = app.test_cli_runner().invoke(args=["setup-link"])
    assert said.exit_code == 1
    assert "set up already" in said.output


def test_the_key_of_another_installation_opens_nothing(
    empty_database: None, browser: Browser, app: Flask
) -> None:
    app.config["SECRETS"] = ["milik-orang-lain"]
    with app.test_request_context():
        key = services.make_link_key()
    app.config["SECRETS"] = ["uji-coba-rahasia"]
    browser.get(f"/siapkan?kunci={key}", status=403, environ_base={"REMOTE_ADDR": "192.0.2.9"})


@pytest.fixture
def sample_office(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """In place of the builder: what it was asked."""
    asked = SimpleNamespace(today=None, seed=None, wiped_by=None)

    def create(today: date, *, seed: int) -> None:
        asked.today, asked.seed = today, seed
        user = services.people.create_user(
            actor=None, office_id=0, name="Orang Contoh", email="contoh@kantor-contoh.example", is_sample=True
        )
        office = services.orgs.create_office(
            actor=None, name="Kantor Contoh", short_name="Kantor Contoh", office_kind=OfficeKind.SERVICE,
            timezone="Asia/Jakarta", is_sample=True,
        )  # fmt: skip
        services.people.grant_role(user, office, Role.ADMIN, actor=user)

    def wipe(actor: Any) -> None:
        asked.wiped_by = actor.id
        for model in (RoleGrant, UserSession, User):
            db.session.execute(delete(model))

    module = ModuleType("humasflow.setup.sample_office")
    module.create_sample_office, module.wipe_sample_office = create, wipe  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "humasflow.setup.sample_office", module)
    return asked


def test_the_sample_office_from_first_page_to_wiped(
    empty_database: None, browser: Browser, sample_office: SimpleNamespace, at: Any
) -> None:
    with at("2026-11-21T18:30:00Z"):  # already the 22nd in Jakarta
        page = browser.post("/siapkan/kantor-contoh", browser.get("/siapkan").form("/siapkan/kantor-contoh"))
        assert sample_office.today == date(2026, 11, 22)
        sign_in = browser.follow(page)
        browser.post("/masuk/contoh", sign_in.form("/masuk/contoh"))
        assert "Ini kantor contoh" in browser.get("/").text
        wipe = browser.get(browser.get("/").link("Hapus kantor contoh"))
        assert "tidak dapat dibatalkan" in wipe.main
        form = wipe.form("/siapkan/hapus-contoh")
        assert (
            "persis seperti tertulis"
            in browser.post("/siapkan/hapus-contoh", form | {"typed": "ya"}, status=422).main
        )
        assert sample_office.wiped_by is None
        again = browser.post("/siapkan/hapus-contoh", form | {"typed": "kantor contoh"})
        assert again.location == "/siapkan"
        assert sample_office.wiped_by
        assert "sudah dihapus" in browser.follow(again).text
        # Also in a process that remembers that somebody existed.
        assert Browser(browser.app).get("/masuk", status=303).location == "/siapkan"


def test_building_the_sample_twice_is_refused(
    empty_database: None, browser: Browser, sample_office: SimpleNamespace
) -> None:
    form = browser.get("/siapkan").form("/siapkan/kantor-contoh")
    browser.post("/siapkan/kantor-contoh", form)
    browser.post("/siapkan/kantor-contoh", form)
    late = browser.post("/siapkan/kantor-contoh", form | {"form_token": "lain"})
    assert late.location == "/masuk"
    assert count(User) == 1


def test_a_real_office_cannot_be_wiped(
    browser_of: BrowserOf, world: World, sample_office: SimpleNamespace
) -> None:
    admin = browser_of(world.admin)
    admin.get("/siapkan/hapus-contoh", status=404)
    admin.post("/siapkan/hapus-contoh", {"typed": world.office.short_name}, status=404)
    assert sample_office.wiped_by is None


def test_only_its_admin_wipes_the_sample(
    browser_of: BrowserOf, world: World, sample_office: SimpleNamespace
) -> None:
    world.office.is_sample = True
    db.session.commit()
    browser_of(world.editor).get("/siapkan/hapus-contoh", status=403)
    browser_of(world.editor).post("/siapkan/hapus-contoh", {"typed": "Kantor Uji"}, status=403)
    browser_of(world.admin).get("/siapkan/hapus-contoh")


@pytest.mark.db
class TestServices:
    """The same rules without a browser, on both databases."""

    office = OfficeWanted(
        "Kantor A", "Kantor A", OfficeKind.CENTRAL, "Asia/Jayapura", "Kementerian", ("Satu", "Dua")
    )
    admin = AdminWanted("Siti Rahma", "siti@kantor.example", GOOD)

    @pytest.fixture(autouse=True)
    def _start(self, empty_database: None, in_request: None) -> None:
        """An empty database, and a request for the language."""

    def test_all_of_it_or_nothing(self) -> None:
        user = services.set_up(self.office, self.admin)
        assert accounts.load_principal(user).office is not None
        assert [(o.name, o.timezone) for o in orgs.list_offices()] == [
            ("Kementerian", "Asia/Jakarta"), ("Kantor A", "Asia/Jayapura"),
        ]  # fmt: skip
        with pytest.raises(services.AlreadySetUp):
            services.set_up(self.office, self.admin)
        with pytest.raises(services.AlreadySetUp):
            services.start_sample()

    def test_a_weak_password_and_a_bad_zone_are_refused_here_too(self) -> None:
        with pytest.raises(WeakPassword) as weak:
            services.set_up(self.office, AdminWanted("Siti", "siti@kantor.example", "pendek"))
        assert [r.code for r in weak.value.reasons] == ["short"]
        db.session.rollback()
        with pytest.raises(UserError):
            services.set_up(OfficeWanted("A", "A", OfficeKind.OTHER, "UTC"), self.admin)

    def test_two_at_once_make_one_office(self, app: Flask) -> None:
        """The second waits for the first one's transaction and then finds it done."""
        db.session.rollback()
        start = Barrier(2)

        def finish(number: int) -> bool:
            with app.app_context(), app.test_request_context():
                start.wait()
                try:
                    services.set_up(
                        self.office, AdminWanted("Siti Rahma", f"siti{number}@kantor.example", GOOD)
                    )
                    db.session.commit()
                except services.AlreadySetUp:
                    db.session.rollback()
                    return False
                return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(finish, (1, 2))) == [False, True]
        assert (count(User), orgs.count_offices()) == (1, 2)
