"""The post editor in the browser: the channel's rules beside the text, on the server and while somebody writes."""

from collections.abc import Callable
from typing import Any

from humasflow.core.db import db
from humasflow.posts import queries
from humasflow.posts.models import Post
from humasflow.stories.enums import StoryState
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def fields(page: Page) -> dict[str, Any]:
    return page.form("/publikasi/")


def problems(page: Page) -> list[str]:
    return [" ".join(li.get_text(" ").split()) for li in page.soup.select("[data-problem-list] li")]


def test_accounts_without_a_post_are_offered(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    desk.post(world, story)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}/publikasi/baru")
    offered = [a["href"] for a in page.soup.select("main li .btn")]
    assert len(offered) == 3
    assert "Sudah dibuat" in page.main
    again = browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.facebook.id}", status=302)
    assert again.location.endswith("/sunting")


def test_a_post_starts_from_the_story(world: World, browser_of: BrowserOf) -> None:
    made = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(made),), commit=True)
    browser = browser_of(world.editor)
    facebook = browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.facebook.id}")
    text = fields(facebook)["text"].strip()
    assert text.startswith(desk.text().title)
    assert "Peserta dari 30 satuan kerja." in text
    assert text.endswith("Narasi: Redaktur Satu / Foto: Dokumentasi kantor")
    assert fields(facebook)[f"use-{made.id}"] == "1"
    assert fields(facebook)[f"alt-{made.id}"] == "Peserta duduk di aula"
    assert fields(facebook)["content_type_id"] == str(world.social.id)
    x = fields(browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.x.id}"))
    assert len(x["text"].strip()) <= 280
    web = fields(browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.web.id}"))
    assert (web["text"].strip(), web["content_type_id"]) == ("", str(world.news.id))


def test_saving_and_changing(world: World, browser_of: BrowserOf) -> None:
    made = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(made),), commit=True)
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.facebook.id}")
    url = f"/naskah/{story.id}/publikasi/baru"
    answer = browser.post(url, fields(page) | {"text": "Halo", f"alt-{made.id}": "Lain di sini"})
    assert answer.location.endswith(f"/naskah/{story.id}#publikasi")
    post = db.session.query(Post).one()
    version = queries.get_current_version(post)
    assert (version.text, [p.alt_text for p in version.pictures]) == ("Halo", ["Lain di sini"])
    form = fields(browser.get(f"/publikasi/{post.id}/sunting"))
    form.pop(f"use-{made.id}")
    browser.post(f"/publikasi/{post.id}/sunting", form | {"text": "Halo lagi"})
    version = queries.get_current_version(db.session.get_one(Post, post.id))
    assert (version.number, version.text, version.pictures) == (2, "Halo lagi", [])


def test_everything_wrong_is_listed_at_once_and_saving_still_works(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.instagram.id}"))
    browser.post(f"/naskah/{story.id}/publikasi/baru", form | {"text": "a" * 2300})
    post = db.session.query(Post).one()
    page = browser.get(f"/publikasi/{post.id}/sunting")
    assert problems(page) == [
        "Teks untuk Instagram Kantor paling panjang 2.200 karakter; sekarang 2.300. Kurangi 100.",
        "Instagram Kantor memerlukan paling sedikit 1 foto atau video.",
    ]
    area = page.soup.select_one("textarea[name=text]")
    assert area is not None
    assert (area["data-counter"], area["data-limit"]) == ("chars", "2200")


def test_the_answer_while_writing_has_the_same_sentences(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.x.id}")
    form = fields(page) | {"text": "a" * 300}
    form.pop("form_token")
    told = browser.client.post("/publikasi/periksa", data=form).json
    saved = browser.post(f"/naskah/{story.id}/publikasi/baru", fields(page) | {"text": "a" * 300})
    post = db.session.query(Post).one()
    assert [p["message"] for p in told["problems"]] == problems(browser.get(f"/publikasi/{post.id}/sunting"))
    assert (told["limit"], told["problems"][0]["blocks"]) == (280, True)
    assert saved.status == 303


def test_checking_stores_nothing_and_knows_no_other_office(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    story, strange = desk.story(world), desk.story(other_world, commit=True)
    browser = browser_of(world.editor)
    asked = {"naskah": story.id, "akun": world.x.id, "text": "Halo", "content_type_id": world.social.id}
    assert browser.client.post("/publikasi/periksa", data=asked).status_code == 200
    assert db.session.query(Post).count() == 0
    assert browser.client.post("/publikasi/periksa", data=asked | {"naskah": strange.id}).status_code == 404
    assert (
        browser.client.post("/publikasi/periksa", data=asked | {"akun": other_world.x.id}).status_code == 404
    )


def test_a_second_post_on_the_same_account_keeps_the_text(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(f"/naskah/{story.id}/publikasi/baru?akun={world.x.id}"))
    desk.post(world, story, "x")
    db.session.commit()
    page = browser.post(f"/naskah/{story.id}/publikasi/baru", form | {"text": "Yang saya tulis"}, status=409)
    assert "sudah punya publikasi di X Kantor" in page.main
    assert fields(page)["text"].strip() == "Yang saya tulis"


def test_a_stale_save_shows_both_texts(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    db.session.commit()
    mine, theirs = browser_of(world.editor), browser_of(world.other_editor)
    url = f"/publikasi/{post.id}/sunting"
    opened = fields(mine.get(url))
    theirs.post(url, fields(theirs.get(url)) | {"text": "Sosialisasi aset negara. #BMN"})
    page = mine.post(url, opened | {"text": "Sosialisasi aset daerah. #BMN"}, status=409)
    assert "Tidak ada yang tertimpa." in page.main
    assert "Sosialisasi aset negara. #BMN" in page.main
    assert fields(page)["text"].strip() == "Sosialisasi aset daerah. #BMN"
    assert [m.get_text() for m in page.soup.select(".diff del, .diff ins")] == [
        "[dihapus: negara]",
        "[ditambahkan: daerah]",
    ]
    assert [h.get_text() for h in page.soup.select(".diff h3")] == ["Teks"]
    assert (
        queries.get_current_version(db.session.get_one(Post, post.id)).text == "Sosialisasi aset negara. #BMN"
    )
    mine.post(url, fields(page))
    assert queries.get_current_version(db.session.get_one(Post, post.id)).number == 3


def test_removing(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    db.session.commit()
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/{story.id}").form(f"/publikasi/{post.id}/hapus")
    page = browser.follow(browser.post(f"/publikasi/{post.id}/hapus", form))
    assert "Publikasi untuk Facebook Kantor dihapus." in page.text
    browser.get(f"/publikasi/{post.id}/sunting", status=404)


def test_a_closed_story_offers_no_new_post(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, state=StoryState.CANCELLED, commit=True)
    page = browser_of(world.editor).get(f"/naskah/{story.id}/publikasi/baru")
    assert "Naskahnya berstatus “Dibatalkan”" in page.main
    assert not page.soup.select("main li .btn")


def test_other_offices_and_roles(world: World, other_world: World, browser_of: BrowserOf) -> None:
    strange = desk.story(other_world)
    post = desk.post(other_world, strange)
    own = desk.post(world, desk.story(world))
    db.session.commit()
    browser = browser_of(world.editor)
    browser.get(f"/naskah/{strange.id}/publikasi/baru", status=404)
    browser.get(f"/publikasi/{post.id}/sunting", status=404)
    browser.post(f"/publikasi/{post.id}/hapus", {}, status=404)
    browser.get(f"/naskah/{own.story_id}/publikasi/baru?akun={other_world.x.id}", status=404)
    browser_of(world.approver).get(f"/publikasi/{own.id}/sunting", status=403)
