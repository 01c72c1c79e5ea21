"""Content types and pillars as an admin sets them."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.planning import queries
from humasflow.planning.models import ContentType, Pillar
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]


@pytest.mark.db
def test_an_admin_adds_renames_and_retires_a_content_type(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    sent = send(admin, "/pengaturan/jenis-konten", "label", {"label": " Siniar Humas "})
    page = admin.follow(sent)
    made = next(t for t in queries.list_content_types(world.office.id) if t.label == "Siniar Humas")
    assert made.code == "siniar_humas"
    assert made.on_newsroom

    edit = admin.get(page.link("Siniar Humas"))
    renamed = {k: v for k, v in form_with(edit, "row_version").items() if k != "on_newsroom"} | {
        "label": "Siniar"
    }
    admin.post(f"/pengaturan/jenis-konten/{made.id}", renamed)
    assert (made.label, made.on_newsroom, made.code) == ("Siniar", False, "siniar_humas")

    admin.post(f"/pengaturan/jenis-konten/{made.id}/nonaktifkan")
    assert made.id not in {t.id for t in queries.list_content_types(world.office.id)}
    assert "Tidak dipakai lagi Siniar" in admin.get("/pengaturan/jenis-konten").main
    admin.post(f"/pengaturan/jenis-konten/{made.id}/aktifkan")
    assert db.session.get_one(ContentType, made.id).is_active
    told = [
        e.detail for e in audit.list_timeline(("content_type", made.id))
        if e.action is AuditAction.CONTENT_TYPE_CHANGED
    ]  # fmt: skip
    assert [d["changed"] for d in reversed(told)] == [["label", "on_newsroom"], ["is_active"], ["is_active"]]
    assert told[-1]["on_newsroom"] is False and {d["label"] for d in told} == {"Siniar"}


@pytest.mark.db
def test_the_record_says_what_was_changed(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(
        admin, f"/pengaturan/jenis-konten/{world.news.id}", "row_version",
        {"template": "press_release", "credit_template": "Foto: {foto}", "body_template": "<p>Kerangka</p>"},
    )  # fmt: skip
    told = audit.list_timeline(("content_type", world.news.id))[0].detail
    assert set(told["changed"]) == {"template", "credit_template", "body_template"}
    assert (told["template"], told["credit_template"]) == ("press_release", "Foto: {foto}")
    assert "Kerangka" not in str(told)
    send(admin, f"/pengaturan/pilar/{world.pillar.id}", "row_version", {"description": "Lelang barang"})
    told = audit.list_timeline(("pillar", world.pillar.id))[0].detail
    assert (told["label"], told["changed"], told["description"]) == (
        world.pillar.name, ["description"], "Lelang barang",
    )  # fmt: skip
    # Saved as it was: there is nothing to tell.
    before = len(audit.list_timeline(("pillar", world.pillar.id)))
    send(admin, f"/pengaturan/pilar/{world.pillar.id}", "row_version", {})
    assert len(audit.list_timeline(("pillar", world.pillar.id))) == before


@pytest.mark.db
@pytest.mark.parametrize("path", ["jenis-konten", "pilar", "peran-produksi"])
def test_every_list_is_put_in_order(world: World, browser_of: BrowserOf, path: str) -> None:
    admin, url = browser_of(world.admin), f"/pengaturan/{path}"
    if path == "pilar":
        for name in ("Satu", "Dua"):
            send(admin, url, "name", {"name": name})

    def shown() -> list[str]:
        return [a.get_text() for a in admin.get(url).soup.select(".panel--flush .list__title")]

    before = shown()
    assert len(before) >= 3
    page = admin.get(url)
    last = str(page.soup.select(".panel--flush .list__title")[-1]["href"])
    sent = admin.post(f"{last}/naik", page.form(f"{last}/naik"))
    assert sent.location.endswith(url)
    assert shown() == [*before[:-2], before[-1], before[-2]]
    admin.post(f"{last}/turun")
    assert shown() == before
    admin.post(f"{last}/turun")  # the last one already
    assert shown() == before
    ends = admin.get(url).soup.select("button[disabled]")
    assert [b["aria-label"] for b in ends] == [f"Naikkan {before[0]}", f"Turunkan {before[-1]}"]


def test_a_name_that_exists_is_refused_and_what_was_typed_stays(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    page = send(admin, "/pengaturan/jenis-konten", "label", {"label": world.news.label.upper()}, status=422)
    assert "sudah ada" in page.main
    assert page.soup.find("input", id="label")["value"] == world.news.label.upper()
    page = send(admin, "/pengaturan/jenis-konten", "label", {"label": "   "}, status=422)
    assert "Tulis nama jenis konten." in page.main
    page = send(admin, "/pengaturan/pilar", "name", {"name": "p" * 81}, status=422)
    assert "Paling panjang 80 karakter" in page.main


def test_two_admins_at_once_see_both_versions(world: World, browser_of: BrowserOf) -> None:
    first, second = browser_of(world.admin), browser_of(world.admin)
    url = f"/pengaturan/pilar/{world.pillar.id}"
    opened = form_with(first.get(url), "row_version")
    send(second, url, "row_version", {"name": "Lelang Indonesia"})
    page = first.post(url, {**opened, "name": "Lelang dan Penilaian"}, status=409)
    assert "Lelang Indonesia" in page.main
    kept = form_with(page, "row_version")
    assert kept["name"] == "Lelang dan Penilaian"
    first.post(url, kept)
    assert db.session.get_one(Pillar, world.pillar.id).name == "Lelang dan Penilaian"


@pytest.mark.db
def test_a_pillar_is_added_and_switched_off(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(
        admin, "/pengaturan/pilar", "name", {"name": "Edukasi", "description": "Apa itu barang milik negara"}
    )
    made = next(p for p in queries.list_pillars(world.office.id) if p.name == "Edukasi")
    admin.post(f"/pengaturan/pilar/{made.id}/nonaktifkan")
    assert not db.session.get_one(Pillar, made.id).is_active
    assert "Edukasi" in admin.get("/pengaturan/pilar").main


def test_another_offices_things_do_not_exist_here(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    admin.get(f"/pengaturan/jenis-konten/{other_world.news.id}", status=404)
    admin.post(f"/pengaturan/jenis-konten/{other_world.news.id}/nonaktifkan", status=404)
    admin.get(f"/pengaturan/pilar/{other_world.pillar.id}", status=404)
    admin.post(f"/pengaturan/pilar/{other_world.pillar.id}/nonaktifkan", status=404)
    admin.post(f"/pengaturan/pilar/{other_world.pillar.id}/naik", status=404)
    admin.post(f"/pengaturan/lain/{world.pillar.id}/naik", status=404)
    assert db.session.get_one(ContentType, other_world.news.id).is_active


@pytest.mark.parametrize("path", ["/pengaturan/jenis-konten", "/pengaturan/pilar"])
def test_others_may_not(world: World, browser_of: BrowserOf, path: str) -> None:
    for user in (world.editor, world.contributor, world.lead):
        browser_of(user).get(path, status=403)


def test_lists_cost_the_same_with_one_and_with_more(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    admin = browser_of(world.admin)
    admin.get("/pengaturan/pilar")
    statements.reset()
    admin.get("/pengaturan/pilar")
    before = len(statements)
    for name in ("Satu", "Dua", "Tiga"):
        send(admin, "/pengaturan/pilar", "name", {"name": name})
    statements.reset()
    admin.get("/pengaturan/pilar")
    assert len(statements) == before
