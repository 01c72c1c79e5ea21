"""Checklists, rules and the glossary as an admin sets them."""

from collections.abc import Callable

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.guidelines import queries, services
from humasflow.guidelines.enums import ItemLevel, RuleCode, RuleLevel, Ticker
from humasflow.guidelines.models import ChecklistItem, GlossaryWord, RuleSetting
from humasflow.guidelines.services import ItemContent
from humasflow.guidelines.services.checklists import MAX_ITEMS
from tests.conftest import QueryCount
from tests.factories import guidelines as make
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
HOME = "/pengaturan/pedoman"


@pytest.mark.db
def test_an_admin_writes_a_checklist(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    url = f"{HOME}/daftar-periksa/{world.news.id}"
    send(
        admin, url, "asked_of",
        {"text": " Kutipan disetujui ", "help": "Tanya narasumber", "level": "required", "asked_of": "approver", "asked_again": "y"},
    )  # fmt: skip
    (made,) = queries.list_items_for(world.office.id, world.news.id)
    assert (made.text, made.level, made.ticker, made.asked_again) == (
        "Kutipan disetujui", ItemLevel.REQUIRED, Ticker.APPROVER, True,
    )  # fmt: skip
    assert queries.list_items_for(world.office.id, world.social.id) == []

    edit = f"{HOME}/butir/{made.id}"
    typed = form_with(admin.get(edit), "asked_of")
    assert typed["asked_of"] == "approver" and typed["asked_again"]
    del typed["asked_again"]
    admin.post(edit, typed | {"text": "Kutipan sudah disetujui", "level": "recommended"})
    assert (made.text, made.level, made.asked_again) == (
        "Kutipan sudah disetujui",
        ItemLevel.RECOMMENDED,
        False,
    )

    admin.post(f"{HOME}/butir/{made.id}/nonaktifkan")
    assert queries.list_items_for(world.office.id, world.news.id) == []
    assert "Tidak ditanyakan lagi" in admin.get(url).main
    admin.post(f"{HOME}/butir/{made.id}/aktifkan")
    assert db.session.get_one(ChecklistItem, made.id).is_active
    acts = [e.action for e in audit.list_timeline(("checklist_item", made.id))]
    assert acts.count(AuditAction.CHECKLIST_ITEM_CHANGED) == 3 and AuditAction.CHECKLIST_ITEM_CREATED in acts


@pytest.mark.db
def test_an_item_is_asked_of_a_production_role(app: Flask, world: World, browser_of: BrowserOf) -> None:
    from humasflow.planning.production_roles import queries as roles

    role = roles.list_production_roles(world.office.id)[0]
    send(
        browser_of(world.admin), f"{HOME}/daftar-periksa", "asked_of",
        {"text": "Semua wajah diberi nama", "asked_of": f"role:{role.id}"},
    )  # fmt: skip
    (made,) = queries.list_items_for(world.office.id, world.social.id)
    assert (made.ticker, made.production_role_id, made.asked_of) == (Ticker.ROLE, role.id, role.label)


@pytest.mark.db
def test_items_are_put_in_order(world: World, browser_of: BrowserOf) -> None:
    made = [make.item(world, text) for text in ("Satu", "Dua", "Tiga")]
    db.session.commit()
    admin = browser_of(world.admin)
    admin.post(f"{HOME}/butir/{made[2].id}/naik")
    admin.post(f"{HOME}/butir/{made[0].id}/turun")
    admin.post(f"{HOME}/butir/{made[2].id}/naik")
    assert [i.text for i in queries.list_items(world.office.id)] == ["Tiga", "Satu", "Dua"]


@pytest.mark.db
def test_a_full_list_takes_no_item_back(world: World, in_request: None) -> None:
    actor = world.as_(world.admin)
    retired = make.item(world, "Yang lama")
    services.switch_item(retired, actor=actor, is_active=False)
    for n in range(MAX_ITEMS):
        make.item(world, f"Butir {n}")
    with pytest.raises(UserError, match=str(MAX_ITEMS)):
        services.switch_item(retired, actor=actor, is_active=True)
    assert not retired.is_active


def test_the_same_thing_is_not_asked_twice_and_what_was_typed_stays(
    world: World, browser_of: BrowserOf
) -> None:
    make.item(world, "Angka dicocokkan")
    db.session.commit()
    page = send(
        browser_of(world.admin),
        f"{HOME}/daftar-periksa",
        "asked_of",
        {"text": "ANGKA DICOCOKKAN"},
        status=422,
    )
    assert "sudah ada" in page.main and form_with(page, "asked_of")["text"] == "ANGKA DICOCOKKAN"
    page = send(browser_of(world.admin), f"{HOME}/daftar-periksa", "asked_of", {"text": "  "}, status=422)
    assert "Tulis apa yang diperiksa." in page.main


@pytest.mark.db
def test_two_admins_at_once_see_both_versions(world: World, browser_of: BrowserOf) -> None:
    item = make.item(world)
    db.session.commit()
    first, second = browser_of(world.admin), browser_of(world.admin)
    url = f"{HOME}/butir/{item.id}"
    opened = form_with(first.get(url), "asked_of")
    send(second, url, "asked_of", {"text": "Nama dicocokkan"})
    page = first.post(url, opened | {"text": "Tanggal dicocokkan"}, status=409)
    assert "Nama dicocokkan" in page.main
    first.post(url, form_with(page, "asked_of"))
    assert db.session.get_one(ChecklistItem, item.id).text == "Tanggal dicocokkan"


@pytest.mark.db
def test_an_office_sets_a_rule_and_takes_it_back(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    url = f"{HOME}/aturan/headline_length"
    send(admin, url, "level", {"level": "block", "least": "10", "most": "70"})
    row = queries.get_rule(world.office.id, "headline_length")
    assert row.level is RuleLevel.BLOCK and row.options == {"min": 10, "max": 70}
    house = queries.get_house(world.office.id)
    assert make.found(title="J" * 71, code=RuleCode.HEADLINE_LENGTH, house=house)
    assert "Menghalangi pengajuan" in admin.get(HOME).main

    page = send(admin, url, "level", {"level": "warn", "least": "90", "most": "70"}, status=422)
    assert "lebih kecil" in page.main
    assert (
        "antara"
        in send(admin, url, "level", {"level": "warn", "least": "x", "most": "9000"}, status=422).main
    )

    made = queries.get_rule(world.office.id, "headline_length").setting
    assert made is not None
    made_id = made.id
    admin.post(f"{url}/bawaan")
    assert db.session.query(RuleSetting).count() == 0
    told = [e.detail for e in audit.list_timeline(("rule_setting", made_id))]
    assert [d["level"] for d in told if d.get("reset")] == ["warn"]
    assert any(d["level"] == "block" and d["options"] == {"min": 10, "max": 70} for d in told)


@pytest.mark.db
def test_a_rule_is_switched_off_and_narrowed_to_content_types(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, f"{HOME}/aturan/di_ke", "level", {"level": "off"})
    house = queries.get_house(world.office.id)
    assert make.found("Surat di tulis.", code=RuleCode.DI_KE, house=house) == []
    send(
        admin, f"{HOME}/aturan/excluded_information", "level",
        {"level": "block", "content_types": ["pengumuman", "siaran_pers"]},
    )  # fmt: skip
    house = queries.get_house(world.office.id)
    assert make.found("Isi.", content_type="pengumuman", code=RuleCode.EXCLUDED_INFORMATION, house=house)
    assert not make.found("Isi.", content_type="artikel", code=RuleCode.EXCLUDED_INFORMATION, house=house)
    page = admin.get(f"{HOME}/aturan/excluded_information")
    assert {o["value"] for o in page.soup.select("input[name=content_types][checked]")} == {
        "pengumuman",
        "siaran_pers",
    }


@pytest.mark.db
def test_a_rule_changed_meanwhile_is_not_overwritten(world: World, in_request: None) -> None:
    change = {"actor": world.as_(world.admin), "options": None}
    services.change_rule(world.office.id, RuleCode.NIK, level=RuleLevel.WARN, row_version=0, **change)
    with pytest.raises(Conflict):
        services.change_rule(world.office.id, RuleCode.NIK, level=RuleLevel.OFF, row_version=0, **change)
    assert queries.get_rule(world.office.id, "nik").level is RuleLevel.WARN


@pytest.mark.db
def test_many_words_are_pasted_found_and_taken_out(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    admin = browser_of(world.admin)
    lines = "\r\n".join(
        [f"istilah{n:04d}" for n in range(1000)]
        + ["KPKNL = Kantor Pelayanan Kekayaan Negara dan Lelang", "", " kpknl "]
    )
    send(admin, f"{HOME}/kamus", "words", {"words": lines})
    assert queries.count_words(world.office.id) == 1001
    house = queries.get_house(world.office.id)
    assert house.allows("Istilah0999") and house.allows("KPKNL")

    page = admin.get(f"{HOME}/kamus?q=pelayanan kekayaan")
    assert "KPKNL" in page.main and "istilah0001" not in page.main
    (kept,) = queries.list_words(world.office.id, q="kpknl")[0]
    assert kept.meaning.startswith("Kantor Pelayanan")

    seen, after, pages = set(), "", 0
    while after is not None:
        words, after = queries.list_words(world.office.id, after=after)
        seen |= {w.word for w in words}
        pages += 1
    assert len(seen) == 1001 and pages == 6
    statements.reset()
    admin.get(f"{HOME}/kamus")
    many = len(statements)

    admin.post(
        f"{HOME}/kamus/hapus", {"word": [str(w.id) for w in queries.list_words(world.office.id)[0][:150]]}
    )
    assert queries.count_words(world.office.id) == 851
    db.session.query(GlossaryWord).filter(GlossaryWord.id != kept.id).delete()
    db.session.commit()
    statements.reset()
    admin.get(f"{HOME}/kamus")
    assert len(statements) == many


@pytest.mark.db
def test_a_word_that_is_too_long_is_given_back(world: World, browser_of: BrowserOf) -> None:
    too_long = ["x" * 81 + " = kata panjang", f"KPKNL = {'arti ' * 50}ujung", "ΐ" * 60]
    page = send(
        browser_of(world.admin),
        f"{HOME}/kamus",
        "words",
        {"words": "\n".join([too_long[0], "BMN; barang milik negara", *too_long[1:]])},
        status=200,
    )
    assert "terlalu panjang" in page.main
    assert [w.word for w in queries.list_words(world.office.id)[0]] == ["BMN"]
    assert form_with(page, "words")["words"].split("\n") == too_long


@pytest.mark.db
def test_a_new_meaning_replaces_the_old(world: World, in_request: None) -> None:
    actor = world.as_(world.admin)
    services.add_words(world.office.id, "BMN", actor=actor)
    result = services.add_words(world.office.id, "bmn\tBarang Milik Negara", actor=actor)
    assert (result.added, result.explained, result.known) == (0, 1, 0)
    again = services.add_words(world.office.id, "bmn\tBarang Milik Negara\nDJKN", actor=actor)
    assert (again.added, again.explained, again.known) == (1, 0, 1)
    assert queries.list_words(world.office.id)[0][0].meaning == "Barang Milik Negara"
    with pytest.raises(UserError):
        services.add_words(world.office.id, "\n".join(map(str, range(2001))), actor=actor)


def test_the_admin_hears_what_came_of_a_paste(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, f"{HOME}/kamus", "words", {"words": "BMN = Milik negara\nKPKNL"})
    sent = send(admin, f"{HOME}/kamus", "words", {"words": "BMN = Barang milik negara\nKPKNL\nDJKN"})
    assert "1 kata ditambahkan. 1 arti diganti. 1 sudah ada." in admin.follow(sent).text


def test_another_offices_things_do_not_exist_here(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    item = make.item(other_world)
    services.add_words(other_world.office.id, "RAHASIA", actor=other_world.as_(other_world.admin))
    make.rule(other_world, RuleCode.DI_KE, RuleLevel.OFF)
    db.session.commit()
    admin = browser_of(world.admin)
    admin.get(f"{HOME}/butir/{item.id}", status=404)
    admin.post(f"{HOME}/butir/{item.id}/nonaktifkan", status=404)
    admin.get(f"{HOME}/daftar-periksa/{other_world.news.id}", status=404)
    assert "RAHASIA" not in admin.get(f"{HOME}/kamus").main
    word = queries.list_words(other_world.office.id)[0][0]
    admin.post(f"{HOME}/kamus/hapus", {"word": str(word.id)})
    assert queries.count_words(other_world.office.id) == 1
    assert queries.get_rule(world.office.id, "di_ke").level is RuleLevel.WARN
    admin.get(f"{HOME}/aturan/tidak-ada", status=404)
    with pytest.raises(NotFound):
        services.create_item(
            world.office.id, actor=None, content=ItemContent("X"), content_type_id=other_world.news.id
        )


@pytest.mark.parametrize("path", ["", "/daftar-periksa", "/aturan/nik", "/kamus"])
def test_others_may_not(world: World, browser_of: BrowserOf, path: str) -> None:
    for user in (world.editor, world.approver, world.lead):
        browser_of(user).get(HOME + path, status=403)


def test_lists_cost_the_same_with_one_and_with_more(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    admin = browser_of(world.admin)
    make.item(world, "Satu")
    db.session.commit()
    costs = []
    for texts in ((), ("Dua", "Tiga", "Empat")):
        for text in texts:
            make.item(world, text)
        db.session.commit()
        for url in (HOME, f"{HOME}/daftar-periksa"):
            admin.get(url)
            statements.reset()
            admin.get(url)
            costs.append(len(statements))
    assert costs[:2] == costs[2:]


@pytest.mark.db
def test_a_new_office_begins_with_checklists(world: World, in_request: None) -> None:
    services.seed_guidelines(world.office.id)
    items = queries.list_items(world.office.id)
    assert len(items) >= 8
    assert all(i.level is ItemLevel.RECOMMENDED for i in items if i.content_type_id is None)
    assert any(i.level is ItemLevel.REQUIRED for i in items)
    assert db.session.query(RuleSetting).count() == 0
