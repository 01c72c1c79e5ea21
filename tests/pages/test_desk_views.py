"""Saved views: kept, found again, shared, begun with, removed and taken back; and the filters as chips."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed
from humasflow.stories.models import DeskDefault, DeskView
from humasflow.stories.queries.desk_views import list_views
from humasflow.stories.services import desk_views as services
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def saved(world: World, user: Any, name: str = "Tenggat", **more: Any) -> DeskView:
    values: dict[str, Any] = {"query": "tenggat=minggu-ini", "is_shared": False} | more
    return services.save_view(actor=world.as_(user), office_id=world.office.id, name=name, **values)


def tabs(page: Page) -> dict[str, bool]:
    return {
        a.get_text(strip=True): a.get("aria-current") == "page" for a in page.soup.select(".desk-tabs > a")
    }


def test_a_view_is_kept_from_the_desk_and_found_as_a_tab(world: World, browser_of: BrowserOf) -> None:
    desk.story(world, title="Lelang", commit=True)
    browser = browser_of(world.editor)
    page = browser.get("/naskah/?tampilan=daftar&pemegang=saya&urut=tenggat")
    form_page = browser.get(page.link("Simpan tampilan ini"))
    done = browser.post("/naskah/tampilan", form_page.form("/naskah/tampilan") | {"name": "  Milik   saya "})
    assert done.location == "/naskah/?pemegang=saya&tampilan=daftar&urut=tenggat"
    kept = browser.follow(done)
    assert tabs(kept)["Milik saya"]
    assert "Simpan tampilan ini" not in kept.main
    other = browser.get("/naskah/?pemegang=saya")
    assert not tabs(other)["Milik saya"]
    assert "Milik saya" not in tabs(browser_of(world.other_editor).get("/naskah/"))


def test_the_desk_opens_with_ones_own_view(world: World, browser_of: BrowserOf) -> None:
    view = saved(world, world.editor, query="tampilan=daftar")
    db.session.commit()
    browser = browser_of(world.editor)
    browser.get("/naskah/")
    browser.post(f"/naskah/tampilan/{view.id}/awal", {"mau": "1"})
    assert browser.get("/naskah/", status=302).location == "/naskah/?tampilan=daftar"
    browser.get("/naskah/?tampilan=papan")
    browser.post(f"/naskah/tampilan/{view.id}/awal", {"mau": "0"})
    browser.get("/naskah/")


def test_shared_views_are_everybodys_to_use_and_their_owners_to_change(
    world: World, browser_of: BrowserOf
) -> None:
    view = saved(world, world.editor, "Untuk semua", is_shared=True)
    db.session.commit()
    browser = browser_of(world.approver)
    assert any("Untuk semua" in t for t in tabs(browser.get("/naskah/")))
    browser.post(f"/naskah/tampilan/{view.id}/awal", {"mau": "1"})
    browser.get("/naskah/", status=302)
    form = browser.get("/naskah/tampilan?q=a").form("/naskah/tampilan")
    browser.post(f"/naskah/tampilan/{view.id}", form | {"name": "Milikku", "form_token": ""}, status=403)
    browser.post(f"/naskah/tampilan/{view.id}/hapus", status=403)
    owner = browser_of(world.editor)
    form = owner.get("/naskah/tampilan").form(f"/naskah/tampilan/{view.id}")
    form.pop("is_shared")
    owner.post(f"/naskah/tampilan/{view.id}", form | {"name": "Milikku"})
    browser.get("/naskah/")
    browser.post(f"/naskah/tampilan/{view.id}/awal", {"mau": "1"}, status=404)


def test_renaming_and_removing_with_undo(world: World, browser_of: BrowserOf) -> None:
    view = saved(world, world.editor)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/naskah/tampilan")
    fields = page.form(f"/naskah/tampilan/{view.id}") | {"name": "Nama baru"}
    browser.post(f"/naskah/tampilan/{view.id}", fields)
    assert view.name == "Nama baru"
    browser.post(f"/naskah/tampilan/{view.id}", fields | {"form_token": "", "name": "Basi"}, status=409)
    gone = browser.follow(browser.post(f"/naskah/tampilan/{view.id}/hapus"))
    assert "Nama baru” dihapus" in gone.main
    assert "Nama baru" not in tabs(browser.get("/naskah/"))
    browser.post(f"/naskah/tampilan/{view.id}/hapus")
    browser.post(f"/naskah/tampilan/{view.id}/pulihkan")
    assert "Nama baru" in tabs(browser.get("/naskah/"))


def test_a_name_is_needed_once_and_short(world: World, browser_of: BrowserOf) -> None:
    saved(world, world.editor, "Ada")
    db.session.commit()
    browser = browser_of(world.editor)
    for name, said in (("", "Beri nama"), ("Ada", "sudah punya tampilan"), ("x" * 61, "Paling panjang")):
        form = browser.get("/naskah/tampilan?q=lelang").form("/naskah/tampilan")
        refused = browser.post("/naskah/tampilan", form | {"name": name}, status=422)
        assert said in refused.main
        assert "Cari: lelang" in refused.main, "what was to be saved is still there"


def test_a_refused_new_name_stays_in_its_field(world: World, browser_of: BrowserOf) -> None:
    saved(world, world.editor, "Ada")
    view = saved(world, world.editor, "Lain", query="q=lelang")
    db.session.commit()
    browser = browser_of(world.editor)
    where = f"/naskah/tampilan/{view.id}"
    fields = browser.get("/naskah/tampilan").form(where) | {"form_token": "", "is_shared": "y"}
    for name, said in (("Ada", "sudah punya tampilan"), ("x" * 61, "Paling panjang")):
        page = browser.post(where, fields | {"name": name}, status=422)
        field = page.soup.select_one(f"#nama-{view.id}")
        assert field is not None
        assert (field["value"], field["aria-invalid"]) == (name, "true")
        assert said in page.soup.select_one(f"#{field['aria-describedby']}").get_text()  # type: ignore[union-attr]
        assert field.find_parent("details").has_attr("open")  # type: ignore[union-attr]
        assert page.soup.select_one(f"#bersama-{view.id}").has_attr("checked")  # type: ignore[union-attr]
        assert len(page.soup.select("details[open] #nama-" + str(view.id))) == 1
        assert not page.soup.select("details[open] [aria-invalid]:not(#nama-" + str(view.id) + ")")


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_taking_back_asks_for_the_limit_too(world: World) -> None:
    gone = saved(world, world.editor, "Dihapus dahulu")
    services.remove_view(gone, actor=world.as_(world.editor))
    for n in range(services.MAX_VIEWS):
        saved(world, world.editor, f"Tampilan {n}")
    with pytest.raises(services.ViewRefused):
        services.restore_view(gone, actor=world.as_(world.editor))
    assert gone.removed_at is not None


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_what_a_person_keeps_is_written_one_after_the_other(world: World, statements: Any) -> None:
    """Two first posts at once: the second waits for the person's own row, and then finds what the first wrote."""
    view = saved(world, world.editor, "Ada")
    for act in (
        lambda: saved(world, world.editor),
        lambda: services.set_default(view, actor=world.as_(world.editor), wanted=True),
    ):
        statements.reset()
        act()
        locks = [n for n, s in enumerate(statements.statements) if s.startswith("SELECT app_user.id")]
        asked = [n for n, s in enumerate(statements.statements) if "FROM desk_" in s]
        assert locks[0] < asked[0]
        if db.engine.dialect.name == "postgresql":
            assert "FOR NO KEY UPDATE" in statements.statements[locks[0]]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_thirty_are_enough(world: World) -> None:
    for n in range(services.MAX_VIEWS):
        saved(world, world.editor, f"Tampilan {n}")
    with pytest.raises(services.ViewRefused):
        saved(world, world.editor, "Satu lagi")
    saved(world, world.other_editor, "Milik orang lain")
    assert len(list_views(world.editor.id, world.office.id)) == services.MAX_VIEWS


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_sharing_is_for_editors_and_ends_for_everybody(world: World, other_world: World) -> None:
    with pytest.raises(NotAllowed):
        saved(world, world.approver, is_shared=True)
    view = saved(world, world.editor, is_shared=True)
    services.set_default(view, actor=world.as_(world.lead), wanted=True)
    assert not list_views(other_world.editor.id, other_world.office.id)
    with pytest.raises(Conflict):
        services.change_view(view, actor=world.as_(world.editor), name="x", is_shared=True, row_version=99)
    services.change_view(view, actor=world.as_(world.editor), name="Tenggat", is_shared=False)
    assert db.session.scalars(select(DeskDefault)).all() == []
    assert not list_views(world.lead.id, world.office.id)


def test_what_means_nothing_in_the_address_is_left_out(world: World, browser_of: BrowserOf) -> None:
    desk.story(world, title="Lelang", commit=True)
    browser = browser_of(world.editor)
    page = browser.get(
        "/naskah/?jenis=abc&tenggat=kemarin&sejak=2026-13-40&keadaan=x&urut=y&kanal=-1&rahasia=ya&q=%00"
    )
    assert not page.soup.select(".filter-chip")
    assert "Lelang" in page.main


def test_every_filter_is_a_chip_that_takes_itself_away(world: World, browser_of: BrowserOf) -> None:
    desk.story(world, title="Lelang", commit=True)
    browser = browser_of(world.editor)
    wanted = {
        "q": "lelang", "keadaan": "draft", "pemegang": str(world.editor.id), "jenis": str(world.news.id),
        "pilar": str(world.pillar.id), "seksi": str(world.section.id), "kanal": str(world.web.id),
        "tenggat": "terlambat", "rahasia": "1", "mendesak": "1", "sejak": "2020-01-01", "sampai": "2099-12-31",
    }  # fmt: skip
    query = "&".join(f"{k}={v}" for k, v in wanted.items())
    page = browser.get(f"/naskah/?tampilan=daftar&{query}")
    chips = page.soup.select(".desk-chips .filter-chip:not(.filter-chip--clear):not(.filter-chip--keep)")
    assert len(chips) == len(wanted)
    for key, chip in zip(wanted, chips, strict=True):
        assert f"{key}=" not in str(chip["href"]).partition("?")[2].replace("tampilan=", ""), key
        assert all(f"{k}=" in str(chip["href"]) for k in wanted if k != key)
    words = page.soup.select_one(".desk-chips").get_text(" ")  # type: ignore[union-attr]
    for part in (
        "Redaktur Satu",
        "Lelang",
        "Seksi Pelayanan Lelang",
        "Situs berita",
        "Terlambat",
        "Rahasia",
        "mendesak",
    ):
        assert part in words
    assert browser.get(page.link("Bersihkan")).soup.select(".list__title")


def test_a_confidential_story_is_on_no_strangers_desk(world: World, browser_of: BrowserOf) -> None:
    from humasflow.core import clock
    from humasflow.stories.models import StoryReader

    secret = desk.story(world, title="Mutasi pejabat")
    secret.is_confidential = True
    db.session.add(
        StoryReader(story_id=secret.id, user_id=world.editor.id, added_by=None, added_at=clock.now())
    )
    db.session.commit()
    urls = ["/naskah/", "/naskah/?tampilan=daftar", "/naskah/?q=mutasi", "/naskah/?tampilan=daftar&q=mutasi",
            "/naskah/kolom/draft", f"/naskah/massal?tindakan=tunda&id={secret.id}"]  # fmt: skip
    for url in urls:
        assert "Mutasi pejabat" in browser_of(world.editor).get(url).main, url
        assert "Mutasi" not in browser_of(world.other_editor).get(url).main, url
    browser_of(world.other_editor).get(f"/naskah/{secret.id}/pindah", status=404)
