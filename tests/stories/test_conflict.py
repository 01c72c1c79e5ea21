"""A stale save: three texts on one page, what is apart merged, what meets chosen, nothing overwritten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.stories import queries, services
from humasflow.stories.comparison.merging import Choice
from humasflow.stories.comparison.threeway import ORDER, merge_contents
from humasflow.stories.contents import PictureContent, StoryContent, pack, unpack
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.usefixtures("in_request")

BrowserOf = Callable[[Any], Browser]
BASE = "<p>Kantor melelang aset.</p><p>Acara di aula.</p><p>Peserta datang pagi.</p>"


def of(**changes: Any) -> StoryContent:
    return replace(desk.text(body_html=BASE), **changes)


def picture(ident: int, **words: str) -> PictureContent:
    return PictureContent(ident, **words)


# Contents


def test_what_only_one_changed_is_taken_from_them() -> None:
    three = merge_contents(
        of(), of(title="Judul saya", body_html=BASE.replace("aset.", "aset negara.")),
        of(place="Aula", event_date=date(2026, 11, 2), body_html=BASE.replace("pagi.", "sore.")),
    )  # fmt: skip
    assert three.to_choose == 0
    content = three.content({})
    assert (content.title, content.place, content.event_date) == ("Judul saya", "Aula", date(2026, 11, 2))
    assert content.body_html == BASE.replace("aset.", "aset negara.").replace("pagi.", "sore.")
    assert three.taken == ["Tanggal kegiatan", "Tempat", "Isi naskah"]


def test_what_both_changed_is_chosen() -> None:
    three = merge_contents(
        of(), of(title="Judul saya", body_html=BASE.replace("aula", "lapangan")),
        of(title="Judul dia", body_html=BASE.replace("aula", "gedung")),
    )  # fmt: skip
    assert [f.key for f in three.field_clashes] == ["title"]
    assert [p.key for p in three.passages] == ["isi-1"]
    assert three.to_choose == 2
    nobody = three.content({})
    assert nobody.title == "Judul saya"
    assert "lapangan" in nobody.body_html and "gedung" in nobody.body_html, "until somebody has chosen, both"
    theirs = three.content({"title": Choice.THEIRS, "isi-1": Choice.THEIRS})
    assert (theirs.title, theirs.body_html) == ("Judul dia", BASE.replace("aula", "gedung"))
    assert three.content({"isi-1": Choice.MINE}).body_html == BASE.replace("aula", "lapangan")


def test_running_text_of_a_fact_is_merged_by_words() -> None:
    lead = "Tiga puluh satuan kerja di wilayah ini belajar menyewakan aset milik negara."
    three = merge_contents(
        of(lead=lead), of(lead=lead.replace("Tiga puluh", "Empat puluh")), of(lead=lead.replace("negara.", "negara kemarin."))
    )  # fmt: skip
    assert three.to_choose == 0
    assert (
        three.content({}).lead
        == "Empat puluh satuan kerja di wilayah ini belajar menyewakan aset milik negara kemarin."
    )


def test_the_same_change_twice_is_no_clash() -> None:
    both = of(title="Sama", body_html=BASE.replace("aula", "gedung"), pictures=(picture(1),))
    three = merge_contents(of(), both, both)
    assert (three.to_choose, three.content({})) == (0, both)


def test_pictures_come_go_and_change_words() -> None:
    base = of(pictures=(picture(1), picture(2), picture(3, credit="A")))
    mine = of(pictures=(picture(1), picture(3, credit="B"), picture(4)))
    theirs = of(
        pictures=(picture(5), picture(1, caption="Baru"), picture(2), picture(3, credit="A", alt_text="Aula"))
    )
    three = merge_contents(base, mine, theirs)
    assert three.to_choose == 0
    assert three.content({}).pictures == (
        picture(5), picture(1, caption="Baru"), picture(3, credit="B", alt_text="Aula"), picture(4),
    )  # fmt: skip


def test_a_picture_taken_off_by_one_and_described_by_the_other_stays_until_somebody_says() -> None:
    base = of(pictures=(picture(1), picture(2)))
    three = merge_contents(
        base, of(pictures=(picture(1),)), of(pictures=(picture(1), picture(2, credit="Baru")))
    )
    assert [c.key for c in three.picture_clashes] == ["foto-2"]
    assert three.content({}).pictures == (picture(1), picture(2, credit="Baru"))
    assert three.content({"foto-2": Choice.MINE}).pictures == (picture(1),)


def test_two_credits_for_one_picture_are_chosen() -> None:
    three = merge_contents(
        of(pictures=(picture(1),)),
        of(pictures=(picture(1, credit="A"),)),
        of(pictures=(picture(1, credit="B"),)),
    )
    assert three.content({}).pictures == (picture(1, credit="A"),)
    assert three.content({"foto-1": Choice.THEIRS}).pictures == (picture(1, credit="B"),)


def test_the_order_of_who_moved_them_is_kept_and_two_orders_are_chosen() -> None:
    base = of(pictures=(picture(1), picture(2), picture(3)))
    turned = of(pictures=(picture(3), picture(2), picture(1)))
    assert merge_contents(base, base, turned).content({}).pictures == turned.pictures
    other = of(pictures=(picture(2), picture(1), picture(3)))
    three = merge_contents(base, turned, other)
    assert three.order_clash and three.content({}).pictures == turned.pictures
    assert three.content({ORDER: Choice.THEIRS}).pictures == other.pictures


def test_a_content_travels_through_a_form_and_is_cleaned_on_the_way_back() -> None:
    content = of(event_date=date(2026, 1, 2), pictures=(picture(1, credit="A"),))
    assert unpack(pack(content)) == content
    spoilt = pack(replace(content, body_html="<p onclick='x'>a<script>x</script></p>"))
    assert unpack(spoilt).body_html == "<p>a</p>"


# The page


def meet(
    world: World, browser_of: BrowserOf, mine: dict[str, Any], theirs: StoryContent, **begin: Any
) -> tuple[Story, Browser, Page]:
    """Two people open the editor; the other one saves first."""
    story = desk.story(world, body_html=BASE, commit=True, **begin)
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/{story.id}/sunting").form("/sunting") | mine
    services.save_version(story, actor=world.as_(world.other_editor), content=theirs)
    db.session.commit()
    return story, browser, browser.post(f"/naskah/{story.id}/sunting", form, status=409)


def whole(page: Page) -> dict[str, str]:
    """The editor's fields with those that stand outside it and belong to it."""
    form = page.form("/sunting")
    for field in page.soup.select("[form=story-form]"):
        if field.get("type") == "hidden" or field.has_attr("checked"):
            form[str(field["name"])] = str(field.get("value", ""))
    return form


def current(story: Story) -> Any:
    db.session.expire_all()
    return queries.get_current_version(db.session.get_one(Story, story.id))


def test_what_is_apart_is_merged_and_saved_by_one_more_click(world: World, browser_of: BrowserOf) -> None:
    story, browser, page = meet(
        world, browser_of, {"body": BASE.replace("aset.", "aset negara."), "goal": "Tujuan saya"},
        of(title="Judul dia", body_html=BASE.replace("pagi.", "sore.")),
    )  # fmt: skip
    assert "Redaktur Dua menyimpan versi 2" in page.text
    assert "Tidak ada yang berbenturan" in page.text
    assert current(story).title == "Judul dia", "nothing is saved yet, nothing overwritten"
    form = whole(page)
    assert (form["title"], form["goal"]) == ("Judul dia", "Tujuan saya")
    browser.post(f"/naskah/{story.id}/sunting", form)
    saved = current(story)
    assert (saved.number, saved.title, saved.goal) == (3, "Judul dia", "Tujuan saya")
    assert queries.get_body(saved.id) == BASE.replace("aset.", "aset negara.").replace("pagi.", "sore.")
    assert saved.note == "Gabungan tulisan Redaktur Satu dan Redaktur Dua (versi 2)"


def test_a_clash_shows_three_texts_and_three_choices(world: World, browser_of: BrowserOf) -> None:
    _story, _browser, page = meet(
        world, browser_of, {"body": BASE.replace("aula", "lapangan"), "title": "Judul saya"},
        of(title="Judul dia", body_html=BASE.replace("aula", "gedung")),
    )  # fmt: skip
    clashes = page.soup.select("fieldset.clash")
    assert [c.legend.get_text() for c in clashes] == ["Judul", "Isi naskah, bagian 1"]
    assert [h.get_text() for h in clashes[1].find_all("h3")] == ["Asal", "Milik Anda", "Milik Redaktur Dua"]
    assert "lapangan" in clashes[1].find_all("ins")[0].get_text()
    assert [r["value"] for r in clashes[1].find_all("input")] == ["mine", "theirs", "both"]
    assert [r["value"] for r in clashes[0].find_all("input")] == ["mine", "theirs"]


def test_choosing_works_without_scripts_and_keeps_what_was_mended_by_hand(
    world: World, browser_of: BrowserOf
) -> None:
    story, browser, page = meet(
        world,
        browser_of,
        {"body": BASE.replace("aula", "lapangan")},
        of(body_html=BASE.replace("aula", "gedung")),
    )
    form = whole(page)
    assert form["pilih-isi-1"] == "both"
    form["body"] = form["body"].replace("datang pagi", "datang pagi sekali")
    page = browser.post(f"/naskah/{story.id}/gabung", form | {"pilih-isi-1": "theirs"}, status=409)
    form = whole(page)
    assert form["body"] == BASE.replace("aula", "gedung").replace("datang pagi", "datang pagi sekali")
    assert form["pilih-isi-1"] == "theirs"
    page = browser.post(f"/naskah/{story.id}/gabung", form | {"pilih-isi-1": "mine"}, status=409)
    form = whole(page)
    assert form["body"] == BASE.replace("aula", "lapangan").replace("datang pagi", "datang pagi sekali")
    assert current(story).number == 2
    browser.post(f"/naskah/{story.id}/sunting", form)
    assert queries.get_body(current(story).id) == form["body"]


def test_a_script_gets_the_fields(world: World, browser_of: BrowserOf) -> None:
    story, browser, page = meet(
        world, browser_of, {"title": "Judul saya", "pillar_id": ""}, of(title="Judul dia"),
    )  # fmt: skip
    told = browser.post(
        f"/naskah/{story.id}/gabung", whole(page) | {"pilih-title": "theirs"}, status=200,
        headers={"Accept": "application/json"},
    ).response.get_json()  # fmt: skip
    assert told["fields"]["title"] == "Judul dia"
    assert told["fields"]["pillar_id"] == ""
    assert told["chosen"] == "title=theirs"


def test_filing_is_merged_too(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/{story.id}/sunting").form("/sunting")
    services.save_version(
        story, actor=world.as_(world.other_editor), content=desk.text(title="Judul dia"),
        content_type_id=world.headline.id, section_id=world.section.id, pillar_id=world.pillar.id,
    )  # fmt: skip
    db.session.commit()
    page = browser.post(
        f"/naskah/{story.id}/sunting", form | {"section_id": str(world.other_section.id)}, status=409
    )
    form = whole(page)
    assert (form["content_type_id"], form["section_id"]) == (
        str(world.headline.id),
        str(world.other_section.id),
    )


def test_somebody_saves_once_more_while_one_chooses(world: World, browser_of: BrowserOf) -> None:
    story, browser, page = meet(world, browser_of, {"title": "Judul saya"}, of(title="Judul dia"))
    form = whole(page)
    services.save_version(
        db.session.get_one(Story, story.id),
        actor=world.as_(world.other_editor),
        content=of(title="Judul dia", place="Aula"),
    )
    db.session.commit()
    page = browser.post(f"/naskah/{story.id}/sunting", form, status=409)
    form = whole(page)
    assert (form["title"], form["place"]) == ("Judul saya", "Aula")
    browser.post(f"/naskah/{story.id}/sunting", form)
    assert (current(story).title, current(story).place, current(story).number) == ("Judul saya", "Aula", 4)


def test_a_form_that_does_not_know_what_it_was_opened_on_takes_nothing_out(
    world: World, browser_of: BrowserOf
) -> None:
    """Without a common beginning everything that differs is asked; a paragraph missing in mine is not "taken out"."""
    _story, _browser, page = meet(
        world, browser_of, {"stamp": "", "body": "<p>Kantor melelang aset.</p>"}, of(body_html=BASE)
    )
    assert "Acara di aula." in whole(page)["body"]


def test_a_page_that_came_back_broken_is_refused(world: World, browser_of: BrowserOf) -> None:
    story, browser, page = meet(world, browser_of, {"title": "Judul saya"}, of(title="Judul dia"))
    for broken in ("", "{", '{"title": 1}', "[]", '{"body_html": "x", "pictures": [[1]], "source": "x"}'):
        answer = browser.post(f"/naskah/{story.id}/gabung", whole(page) | {"diketik": broken}, status=422)
        assert "tidak utuh" in answer.text


def test_pictures_of_both_stand_on_the_page(world: World, browser_of: BrowserOf) -> None:
    one, two = desk.asset(world, name="satu.jpg"), desk.asset(world, name="dua.jpg")
    story, browser, page = meet(
        world, browser_of, {f"credit-{one.id}": "Kredit saya"},
        of(pictures=(desk.picture(one, credit="Kredit dia"), desk.picture(two))), pictures=(desk.picture(one),),
    )  # fmt: skip
    assert "Foto satu.jpg" in page.text
    rows = [i["value"] for i in page.soup.select("[data-picture] input[name=picture]")]
    assert rows == [str(one.id), str(two.id)]
    browser.post(f"/naskah/{story.id}/sunting", whole_with_pictures(page))
    assert [(p.asset_id, p.credit) for p in current(story).pictures] == [
        (one.id, "Kredit saya"),
        (two.id, "Dokumentasi kantor"),
    ]


def test_a_picture_that_i_took_off_and_they_described_says_that_it_stays(
    world: World, browser_of: BrowserOf
) -> None:
    one = desk.asset(world, name="satu.jpg")
    _story, _browser, page = meet(
        world, browser_of, {f"drop-{one.id}": "1"}, of(pictures=(desk.picture(one, credit="Kredit dia"),)),
        pictures=(desk.picture(one),),
    )  # fmt: skip
    (chosen,) = page.soup.select(f"input[name=pilih-foto-{one.id}][checked]")
    rows = [i["value"] for i in page.soup.select("[data-picture] input[name=picture]")]
    assert (chosen["value"], rows) == ("theirs", [str(one.id)])


def whole_with_pictures(page: Page) -> dict[str, Any]:
    return whole(page) | {
        "picture": [i["value"] for i in page.soup.select("[data-picture] input[name=picture]")]
    }
