"""The page of targets: every part saved and read back, refusals beside their cells, who may see and change what."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.services import people
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.core.permissions import Role
from humasflow.orgs import services as orgs
from humasflow.scoring.enums import ComponentKind, Polarity, TargetScope
from humasflow.scoring.models import PeriodClose, ScoreScheme, Target
from humasflow.scoring.services.targets import set_target
from tests.conftest import QueryCount
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.scoring.test_targets import close
from tests.support.forms import form_with
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
URL = "/pengaturan/sasaran?periode=2026-TW1"
NEWS = "value-berita-terbaru"


@pytest.fixture
def scheme(world: World, in_request: None) -> ScoreScheme:
    """In use since 2020, with one target of the first quarter of 2026."""
    made = make_scheme(world)
    set_targets(made, world, "2026-TW1", berita_terbaru=60)
    db.session.commit()
    return made


def of_scope(
    scheme: ScoreScheme, scope: TargetScope, scope_id: int, value: int, world: World, **more: Any
) -> None:
    given: dict[str, Any] = {
        "component_key": "berita-terbaru",
        "period": Quarter(2026, 1),
        "letter": "ND-1",
    } | more
    set_target(scheme, actor=world.admin, value=Decimal(value), scope=scope, scope_id=scope_id, **given)
    db.session.commit()


def values() -> list[tuple[str, int]]:
    db.session.expire_all()
    return [(t.component_key, int(t.value)) for t in db.session.scalars(select(Target).order_by(Target.id))]


def test_an_office_sets_revises_and_takes_back(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.admin)
    page = browser.get(URL)
    assert page.h1 == "Sasaran Triwulan I 2026"
    assert page.form()[NEWS] == "60"
    refused = browser.post(URL, page.form() | {NEWS: "45", "letter": "ND-2"}, status=422)
    assert "Tulis alasan perubahannya" in refused.main
    done = browser.follow(browser.post(URL, refused.form() | {"reason": "Surat revisi"}))
    assert done.form()[NEWS] == "45"
    back = browser.follow(browser.post(URL, done.form() | {NEWS: "", "reason": "Dicabut"}))
    assert back.form()[NEWS] == ""
    history = browser.get(URL + "&bagian=riwayat")
    for words in ("ditarik", "Dicabut", "Surat revisi", "ND-2", "sebelumnya 60", world.admin.name):
        assert words in history.main


@pytest.mark.parametrize(
    ("typed", "says"),
    [("enam puluh", "bukan bilangan bulat"), ("-5", "kurang dari nol"), ("0", "nol tidak dapat dihitung"),
     ("1,5", "bilangan bulat"), ("12.5", "bukan bilangan bulat"), ("1e3", "bukan bilangan bulat"), ("٣", "bukan bilangan bulat")],
)  # fmt: skip
def test_a_bad_number_is_told_beside_its_cell_and_nothing_is_lost(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, typed: str, says: str
) -> None:
    browser = browser_of(world.admin)
    data = browser.get(URL).form() | {
        "value-artikel": typed, "value-berita-utama": "3", "letter": "ND-7", "reason": "Baru",
    }  # fmt: skip
    page = browser.post(URL, data, status=422)
    field = page.soup.select_one("#value-artikel")
    assert field is not None and field["aria-invalid"] == "true"
    error = page.soup.select_one("#value-artikel-error")
    assert error is not None and says in error.get_text()
    kept = page.form()
    assert (kept["value-artikel"], kept["value-berita-utama"], kept["letter"], kept["reason"]) == (
        typed, "3", "ND-7", "Baru",
    )  # fmt: skip
    assert values() == [("berita-terbaru", 60)]
    browser.post(URL, kept | {"value-artikel": "1.250"})
    assert sorted(values()) == [("artikel", 1250), ("berita-terbaru", 60), ("berita-utama", 3)]


def test_every_problem_is_told_at_once(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    page = browser.post(
        URL, browser.get(URL).form() | {NEWS: "45", "value-artikel": "x", "letter": ""}, status=422
    )
    for words in ("bukan bilangan bulat", "Tulis nomor surat", "Tulis alasan perubahannya"):
        assert words in page.main


def test_sections_add_up_beside_the_office(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    address = URL + "&bagian=seksi"
    page = browser.get(address)
    first, second = f"{NEWS}-s{world.section.id}", f"{NEWS}-s{world.other_section.id}"
    done = browser.follow(browser.post(address, page.form() | {first: "30", second: "25", "letter": "ND-1"}))
    assert done.form()[first] == "30"
    assert "Seksi berjumlah" in done.main and "55 dari 60" in done.main and "5 belum dibagi" in done.main
    even = browser.follow(
        browser.post(address, done.form() | {second: "30", "letter": "ND-2", "reason": "Genap"})
    )
    assert "60 dari 60" in even.main and "pas" in even.main


def test_persons_one_by_one_with_a_search(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    address = URL + "&bagian=orang&q=kontributor"
    page = browser.get(address)
    field = f"{NEWS}-o{world.contributor.id}"
    fields = form_with(page, "letter")
    assert field in fields and f"{NEWS}-o{world.editor.id}" not in fields
    done = browser.follow(browser.post(address, fields | {field: "6", "letter": "ND-1"}))
    assert form_with(done, "letter")[field] == "6"
    wrong = browser.post(address, form_with(done, "letter") | {field: "enam"}, status=422)
    assert form_with(wrong, "letter")[field] == "enam"


def test_a_person_has_publications_to_reach_whatever_they_bring(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    """A person's page counts publications, so a target in points would compare two different things."""
    for component in scheme.versions[0].components:
        component.kind, component.parameters = ComponentKind.POINTS, {"points": {"*|*": "2.5"}}
    db.session.commit()
    browser = browser_of(world.admin)
    assert "poin" in browser.get(URL + "&bagian=seksi").soup.select("thead")[0].text
    address = URL + "&bagian=orang&q=kontributor"
    page = browser.get(address)
    head = page.soup.select("thead")[0].text
    assert "publikasi" in head and "poin" not in head
    field = f"{NEWS}-o{world.contributor.id}"
    half = browser.post(address, form_with(page, "letter") | {field: "2,5", "letter": "ND-1"}, status=422)
    assert "Isi dengan bilangan bulat" in half.main and form_with(half, "letter")[field] == "2,5"


def test_the_mix_asks_for_pillars_and_kinds(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    address = URL + "&bagian=ragam"
    page = browser.get(address)
    pillar, kind = f"value-facebook-p{world.pillar.id}", f"value-facebook-j{world.social.id}"
    assert f"{NEWS}-j{world.news.id}" not in page.form(), "a component of one kind only has no mix of kinds"
    done = browser.follow(browser.post(address, page.form() | {pillar: "8", kind: "5", "letter": "ND-1"}))
    assert (done.form()[pillar], done.form()[kind]) == ("8", "5")


def test_a_range_has_two_ends(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    for component in scheme.versions[0].components:
        component.polarity = Polarity.STABILISE
    db.session.commit()
    browser = browser_of(world.admin)
    page = browser.get(URL)
    data = page.form() | {"value-artikel": "80", "upper-artikel": "70", "letter": "ND-1"}
    refused = browser.post(URL, data, status=422)
    assert "Batas atas tidak boleh lebih kecil" in refused.main
    done = browser.follow(browser.post(URL, refused.form() | {"upper-artikel": "90"}))
    assert (done.form()["value-artikel"], done.form()["upper-artikel"]) == ("80", "90")
    half = browser.post(URL, done.form() | {"value-artikel": "", "letter": "N", "reason": "R"}, status=422)
    assert "batas bawah" in half.main


def test_two_people_at_once(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    page = browser.get(URL)
    set_target(
        scheme, actor=world.admin, component_key="berita-terbaru", period=Quarter(2026, 1), value=Decimal(50),
        letter="ND-5", reason="Lebih dulu",
    )  # fmt: skip
    db.session.commit()
    told = browser.post(URL, page.form() | {NEWS: "70", "letter": "ND-6", "reason": "Naik"}, status=409)
    assert "menetapkan 50" in told.main and told.form()[NEWS] == "70"
    other = browser.post(
        URL, page.form() | {"form_token": told.form()["form_token"], "value-artikel": "3", "letter": "ND-6"}
    )
    assert other.status == 303, "what the person did not touch is no conflict"
    assert values()[-2:] == [("berita-terbaru", 50), ("artikel", 3)]
    again = browser.post(URL, told.form())
    assert again.status == 303


def test_what_a_person_did_not_touch_is_never_undone(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    set_targets(scheme, world, "2026-TW1", artikel=3)
    db.session.commit()
    browser = browser_of(world.admin)
    page = browser.get(URL)
    more: dict[str, Any] = {
        "actor": world.admin,
        "period": Quarter(2026, 1),
        "letter": "ND-5",
        "reason": "Revisi",
    }
    for key, value in (("berita-terbaru", 50), ("artikel", 9)):
        set_target(scheme, component_key=key, value=Decimal(value), **more)
    db.session.commit()
    told = browser.post(URL, page.form() | {NEWS: "70", "letter": "ND-6", "reason": "Naik"}, status=409)
    assert (told.form()[NEWS], told.form()["value-artikel"]) == ("70", "9")
    browser.post(URL, told.form(), status=303)
    assert values()[-1] == ("berita-terbaru", 70), "and the other one stays 9"


def test_a_refusal_does_not_hide_what_was_set_meanwhile(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.admin)
    refused = browser.post(URL, browser.get(URL).form() | {NEWS: "70", "letter": "ND-6"}, status=422)
    set_target(
        scheme, actor=world.admin, component_key="berita-terbaru", period=Quarter(2026, 1), value=Decimal(50),
        letter="ND-5", reason="Lebih dulu",
    )  # fmt: skip
    db.session.commit()
    told = browser.post(URL, refused.form() | {"reason": "Naik"}, status=409)
    assert "menetapkan 50" in told.main
    late = browser.post(URL, told.form() | {"letter": ""}, status=422)
    browser.post(URL, late.form() | {"letter": "ND-6"}, status=303)
    assert values()[-1] == ("berita-terbaru", 70)


def test_what_was_typed_for_a_section_that_is_gone_is_told(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.admin)
    address = URL + "&bagian=seksi"
    page = browser.get(address)
    kept, gone = f"{NEWS}-s{world.section.id}", f"{NEWS}-s{world.other_section.id}"
    world.other_section.is_active = False
    db.session.commit()
    told = browser.post(address, page.form() | {kept: "30", gone: "25", "letter": "ND-1"}, status=422)
    assert "belum disimpan: 25" in told.main and told.form()[kept] == "30"
    assert gone not in told.form() and values() == [("berita-terbaru", 60)]
    browser.post(address, told.form(), status=303)


def test_a_closed_period_is_only_read(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.admin)
    page = browser.get(URL)
    close(scheme, Quarter(2026, 1))
    db.session.commit()
    late = browser.post(URL, page.form() | {NEWS: "70", "letter": "ND-6", "reason": "Naik"}, status=422)
    assert "sudah ditutup" in late.main and late.form()[NEWS] == "70"
    shown = browser.get(URL)
    assert "sudah ditutup" in shown.main and not shown.soup.select(f"[name={NEWS}]")
    assert "60" in shown.main
    browser.get("/pengaturan/sasaran/salin?periode=2026-TW1", status=422)
    db.session.delete(db.session.scalars(select(PeriodClose)).one())
    db.session.commit()


def test_who_may_only_read_reads(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    of_scope(scheme, TargetScope.PERSON, world.contributor.id, 6, world)
    lead = browser_of(world.lead)
    page = lead.get(URL)
    assert "60" in page.main and not page.soup.select(f"[name={NEWS}]") and "Salin dari" not in page.main
    assert world.contributor.name in lead.get(URL + "&bagian=orang").main
    assert world.contributor.name in lead.get(URL + "&bagian=riwayat").main
    own = browser_of(world.admin).get(URL).form()
    token = form_with(lead.get("/profil"), "csrf_token")
    lead.post(URL, token | {NEWS: "1", "seen": own["seen"], "letter": "ND-1"}, status=403)
    lead.get("/pengaturan/sasaran/salin?periode=2026-TW2", status=403)
    browser_of(world.contributor).get(URL, status=403)
    assert [v for v in values() if v[1] == 1] == []


def test_the_targets_of_persons_are_for_those_who_may_see_them(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    of_scope(scheme, TargetScope.PERSON, world.contributor.id, 6, world)
    editor = browser_of(world.editor)
    assert "bagian=orang" not in editor.get(URL).html
    editor.get(URL + "&bagian=orang", status=403)
    assert world.contributor.name not in editor.get(URL + "&bagian=riwayat").main


def test_copying_from_the_last_period(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    of_scope(scheme, TargetScope.SECTION, world.section.id, 20, world)
    browser = browser_of(world.admin)
    into = "periode=2026-TW3"  # nothing was set in the second quarter
    page = browser.get(f"/pengaturan/sasaran?{into}")
    preview = browser.get(page.link("Salin dari TW I 2026"))
    assert "akan ditetapkan" in preview.main and world.section.name in preview.main
    assert len(values()) == 2, "looking changes nothing"
    address = f"/pengaturan/sasaran/salin?{into}"
    assert preview.soup.select("[name=scopes][checked]") != []
    refused = browser.post(address, preview.form() | {"letter": ""}, status=422)
    browser.post(address, refused.form() | {"letter": "ND-9", "scopes": ["office", "section"]})
    assert values()[2:] == [("berita-terbaru", 60), ("berita-terbaru", 20)]
    assert "sudah ditetapkan" in browser.get(address).main
    assert "Belum ada yang dapat disalin" in browser.get("/pengaturan/sasaran/salin?periode=2020-TW1").main


def test_another_offices_scheme_is_not_there(
    world: World, other_world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    theirs = make_scheme(other_world, name="Skema rahasia")
    set_targets(theirs, other_world, "2026-TW1", berita_terbaru=77)
    db.session.commit()
    page = browser_of(world.admin).get(f"{URL}&skema={theirs.id}")
    assert "77" not in page.main and "Skema rahasia" not in page.main


def test_without_a_scheme_the_next_step_is_named(world: World, browser_of: BrowserOf) -> None:
    assert "Susun skema" in browser_of(world.admin).get(URL).main
    assert "Susun skema" not in browser_of(world.lead).get(URL).main


@pytest.mark.parametrize("part", ["kantor", "seksi", "orang", "ragam", "riwayat", "salin"])
def test_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, statements: QueryCount, part: str
) -> None:
    address = "/pengaturan/sasaran/salin?periode=2026-TW2" if part == "salin" else f"{URL}&bagian={part}"
    everybody = (
        (TargetScope.SECTION, world.section.id), (TargetScope.PERSON, world.contributor.id),
        (TargetScope.PILLAR, world.pillar.id), (TargetScope.CONTENT_TYPE, world.social.id),
    )  # fmt: skip
    for scope, id_ in everybody:
        of_scope(scheme, scope, id_, 5, world, component_key="facebook")
    browser = browser_of(world.admin)
    browser.get(address)
    statements.reset()
    browser.get(address)
    few = len(statements)
    for number in range(3):
        section = orgs.create_section(world.office, actor=None, name=f"Seksi {number}")
        of_scope(scheme, TargetScope.SECTION, section.id, number + 1, world)
        user = people.create_user(
            actor=None, office_id=world.office.id, name=f"Kawan {number}", email=f"k{number}@uji.example"
        )
        people.grant_role(
            user, section, Role.CONTRIBUTOR, actor=None, valid_from=world.contributor.grants[0].valid_from
        )
        of_scope(scheme, TargetScope.PERSON, user.id, number + 1, world)
    statements.reset()
    browser.get(address)
    assert len(statements) == few
