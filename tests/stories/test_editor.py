"""The editor in the browser: nothing typed is lost, whatever happens."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World
from tests.media.files import jpeg
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def fields(page: Page) -> dict[str, Any]:
    """The editor's form as the browser would send it."""
    return page.form("/naskah/")


def photo(data: bytes | None = None, name: str = "rapat.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data or jpeg(640, 480)), filename=name, content_type="image/jpeg")


def only_story() -> Story:
    return db.session.query(Story).order_by(Story.id.desc()).first()  # type: ignore[return-value]


def begin(browser: Browser, world: World, title: str = "Judul saja") -> str:
    """A new story as the start page makes it; the address of its editor."""
    form = fields(browser.get("/naskah/baru")) | {"title": title, "content_type_id": world.news.id}
    return browser.post("/naskah/baru", form).location


def test_a_title_is_enough_to_begin(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    editor = browser.get(begin(browser, world))
    story = only_story()
    assert (story.title, story.state) == ("Judul saja", StoryState.DRAFT)
    assert "Naskah tersimpan sebagai draf." in editor.text
    assert editor.h1 == "Sunting naskah"
    assert fields(editor)["writer_credit"] == "Redaktur Satu"


def test_a_plain_text_becomes_paragraphs_and_html_is_cleaned(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    url = begin(browser, world)
    browser.post(url, fields(browser.get(url)) | {"body": "Satu <b>kata\n\nDua & tiga"})
    assert (
        queries.get_body(only_story().current_version_id or 0)
        == "<p>Satu &lt;b&gt;kata</p><p>Dua &amp; tiga</p>"
    )
    browser.post(url, fields(browser.get(url)) | {"body": "<p>Satu <script>x</script><b>kata</b></p>"})
    assert queries.get_body(only_story().current_version_id or 0) == "<p>Satu <strong>kata</strong></p>"


def test_a_title_of_5000_characters_comes_back_whole_with_a_message(
    world: World, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.editor)
    url = begin(browser, world)
    form = fields(browser.get(url)) | {"body": "Isi yang sudah diketik"}
    page = browser.post(url, form | {"title": "x" * 5000}, status=422)
    assert "Paling panjang 200 karakter; sekarang 5000." in page.main
    assert fields(page)["title"] == "x" * 5000
    assert fields(page)["body"].strip() == "Isi yang sudah diketik"
    assert only_story().title == "Judul saja"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "Beri naskah ini judul."),
        ({"event_date": "31-02-2026"}, "Tanggal “31-02-2026” tidak ada di kalender. Contoh: 21-11-2026."),
        ({"source": "agency"}, "Sebutkan asal rilis atau kiriman ini"),
        ({"content_type_id": "999999"}, "Pilihan ini tidak tersedia."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    world: World, browser_of: BrowserOf, typed: dict[str, str], sentence: str
) -> None:
    browser = browser_of(world.editor)
    url = begin(browser, world)
    page = browser.post(url, fields(browser.get(url)) | {"goal": "Tujuan"} | typed, status=422)
    assert sentence in page.main
    assert fields(page)["goal"].strip() == "Tujuan"
    assert len(desk.versions(only_story())) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "Beri naskah ini judul, atau pilih dokumen Word."),
        ({"content_type_id": ""}, "Pilih jenis kontennya."),
        ({"content_type_id": "999999"}, "Pilihan ini tidak tersedia."),
        ({"title": "x" * 201}, "Paling panjang 200 karakter; sekarang 201."),
    ],
)
def test_what_is_wrong_on_the_start_page_is_said(
    world: World, browser_of: BrowserOf, typed: dict[str, str], sentence: str
) -> None:
    browser = browser_of(world.editor)
    form = fields(browser.get("/naskah/baru")) | {"title": "Judul", "content_type_id": world.headline.id}
    page = browser.post("/naskah/baru", form | typed, status=422)
    assert sentence in page.main
    assert db.session.query(Story).count() == 0


def test_sending_the_form_twice_makes_one_story(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    form = fields(browser.get("/naskah/baru")) | {"title": "Sekali saja", "content_type_id": world.news.id}
    first, second = browser.post("/naskah/baru", form), browser.post("/naskah/baru", form)
    assert first.location == second.location
    assert db.session.query(Story).count() == 1


def test_the_next_version_with_its_reason(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.other_editor)
    form = fields(browser.get(f"/naskah/{story.id}/sunting"))
    assert form["body"].strip() == desk.BODY
    answer = browser.post(
        f"/naskah/{story.id}/sunting", form | {"title": "Lebih pendek", "note": "Judul dipendekkan"}
    )
    assert "Versi 2 tersimpan." in browser.follow(answer).text
    assert [(v.number, v.note) for v in desk.versions(story)] == [
        (2, "Judul dipendekkan"),
        (1, ""),
    ]
    form = fields(browser.get(f"/naskah/{story.id}/sunting"))
    assert "tidak ada versi baru" in browser.follow(browser.post(f"/naskah/{story.id}/sunting", form)).text


def test_saving_an_approved_story_says_before_that_the_approval_falls(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, state=StoryState.APPROVED, commit=True)
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}/sunting")
    assert "Persetujuannya gugur dan naskah kembali menjadi draf" in page.main
    assert "Simpan dan gugurkan persetujuan" in page.main
    browser.post(f"/naskah/{story.id}/sunting", fields(page) | {"lead": "Teras lain."})
    assert db.session.get_one(Story, story.id).state is StoryState.DRAFT


def test_a_story_in_review_is_locked_and_what_was_typed_stays(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(f"/naskah/{story.id}/sunting"))
    desk.bring_to(db.session.get_one(Story, story.id), StoryState.IN_REVIEW)
    db.session.commit()
    page = browser.post(f"/naskah/{story.id}/sunting", form | {"lead": "Sudah saya ketik"}, status=409)
    assert "Tarik kembali pengajuannya bila perlu diubah." in page.main
    assert fields(page)["lead"].strip() == "Sudah saya ketik"
    locked = browser.get(f"/naskah/{story.id}/sunting")
    assert "belum dapat disunting" in locked.h1
    assert not locked.soup.select("main textarea")


def test_two_people_saving_get_both_texts_and_nothing_is_overwritten(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, commit=True)
    mine, theirs = browser_of(world.editor), browser_of(world.other_editor)
    url = f"/naskah/{story.id}/sunting"
    opened = fields(mine.get(url))
    theirs.post(url, fields(theirs.get(url)) | {"body": desk.BODY.replace("30 satuan", "32 satuan")})
    page = mine.post(
        url, opened | {"body": desk.BODY.replace("30 satuan", "45 satuan"), "place": "Aula"}, status=409
    )

    assert page.h1 == "Dua tulisan digabung"
    assert "Redaktur Dua menyimpan versi 2" in page.main
    assert [d.get_text() for d in page.soup.select(".clash ins")] == [
        "[ditambahkan: 45]",
        "[ditambahkan: 32]",
    ]
    assert "32 satuan kerja" in fields(page)["body"]
    assert "45 satuan kerja" in fields(page)["body"]
    versions = desk.versions(story)
    assert len(versions) == 2
    assert "32 satuan" in queries.get_body(versions[0].id)

    # The page's own form saves on top, knowingly.
    mine.post(url, fields(page))
    newest = desk.versions(story)[0]
    assert (newest.number, newest.place) == (3, "Aula")
    assert "45 satuan" in queries.get_body(newest.id)


def test_a_conflict_of_filing_alone_is_shown_too(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    mine, theirs = browser_of(world.editor), browser_of(world.other_editor)
    url = f"/naskah/{story.id}/sunting"
    opened = fields(mine.get(url))
    theirs.post(url, fields(theirs.get(url)) | {"content_type_id": world.headline.id})
    page = mine.post(url, opened | {"title": "Lain"}, status=409)
    assert "Sudah digabung sendiri dari tulisan itu: Jenis konten." in page.main
    assert db.session.get_one(Story, story.id).content_type_id == world.headline.id


# Pictures


def test_photos_come_with_the_form_and_are_described_there(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    url = begin(browser, world)
    page = browser.post(
        url,
        fields(browser.get(url)) | {"photos": [photo(), photo(jpeg(800, 600), "dua.jpg")], "aksi": "unggah"},
        status=422,
    )
    rows = page.soup.select("[data-picture]")
    assert len(rows) == 2
    assert len(desk.versions(only_story())) == 1
    assert db.session.query(Asset).count() == 2
    first, second = (int(row.select_one("[name=picture]")["value"]) for row in rows)  # type: ignore[index,arg-type]
    described = {
        "picture": [first, second], f"order-{first}": "2", f"order-{second}": "1",
        f"credit-{first}": "AS", f"alt-{first}": "Rapat di aula", f"caption-{first}": "Suasana rapat",
        f"credit-{second}": "AS", f"alt-{second}": "Peserta menulis",
    }  # fmt: skip
    browser.post(url, fields(page) | described)
    pictures = queries.get_current_version(only_story()).pictures
    assert [(p.asset_id, p.credit, p.alt_text, p.caption) for p in pictures] == [
        (second, "AS", "Peserta menulis", ""), (first, "AS", "Rapat di aula", "Suasana rapat"),
    ]  # fmt: skip


def test_a_photo_is_picked_from_the_library_and_taken_off_again(world: World, browser_of: BrowserOf) -> None:
    made = desk.asset(world, credit="Dok. kantor", alt_text="Gedung kantor")
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/sunting"
    browser.post(url, fields(browser.get(url)) | {"add": str(made.id)})
    (used,) = queries.get_current_version(db.session.get_one(Story, story.id)).pictures
    assert (used.asset_id, used.credit, used.alt_text) == (made.id, "Dok. kantor", "Gedung kantor")
    browser.post(url, fields(browser.get(url)) | {f"drop-{made.id}": "1"})
    assert queries.get_current_version(db.session.get_one(Story, story.id)).pictures == []


def test_a_wrong_file_is_named_and_the_good_ones_are_kept(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    url = begin(browser, world, "Campur")
    page = browser.post(
        url,
        fields(browser.get(url)) | {"photos": [photo(), photo(b"MZ" + bytes(400), "program.jpg")]},
        status=422,
    )
    assert "program.jpg:" in page.main
    assert len(page.soup.select("[data-picture]")) == 1
    assert fields(page)["title"] == "Campur"
    assert len(desk.versions(only_story())) == 1
    assert db.session.query(Asset).count() == 1


def test_photos_sent_while_writing_come_back_as_rows(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    answer = browser_of(world.editor).client.post(
        f"/naskah/{story.id}/foto",
        data={"photos": [photo(), photo(b"bukan foto", "catatan.jpg")]},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    made = db.session.query(Asset).one()
    assert f'name="alt-{made.id}"' in answer.json["rows"]
    assert [p["id"] for p in answer.json["pictures"]] == [made.id]
    assert [r.split(":")[0] for r in answer.json["refusals"]] == ["catatan.jpg"]


def test_another_offices_pictures_never_get_in(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    stranger = desk.asset(other_world)
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/sunting"
    browser.post(url, fields(browser.get(url)) | {"add": str(stranger.id)})
    assert queries.get_current_version(db.session.get_one(Story, story.id)).pictures == []


# Versions


def test_one_version_beside_the_one_before(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    services.save_version(
        story, actor=editor, content=desk.text(body_html=desk.BODY.replace("30", "32")), note="Jumlah"
    )
    db.session.commit()
    page = browser_of(world.approver).get(f"/naskah/{story.id}/versi/2")
    assert [t.get_text() for t in page.soup.select(".diff-changed del, .diff-changed ins")] == [
        "[dihapus: 30]",
        "[ditambahkan: 32]",
    ]
    assert "Jumlah" in page.main
    browser_of(world.approver).get(f"/naskah/{story.id}/versi/1")
    browser_of(world.approver).get(f"/naskah/{story.id}/versi/9", status=404)


def test_marked_text_is_shown_as_it_is_and_never_as_markup(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    services.save_version(story, actor=editor, content=desk.text(place="Aula <b>lama</b>"))
    services.save_version(story, actor=editor, content=desk.text(place="Aula <i>baru</i> & luas"))
    db.session.commit()
    page = browser_of(world.approver).get(f"/naskah/{story.id}/versi/3")
    assert not page.soup.select(".diff b, .diff i")
    assert page.soup.select(".diff del")
    shown = [p.get_text() for p in page.soup.select(".diff p")]
    assert all(words in "".join(shown) for words in ("lama", "baru", "<", ">", "& luas"))


def test_a_change_of_form_alone_can_be_seen(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    services.save_version(story, actor=editor, content=desk.text(body_html="<p>Rapat di aula.</p>"))
    services.save_version(story, actor=editor, content=desk.text(body_html="<h2>Rapat di aula.</h2>"))
    db.session.commit()
    page = browser_of(world.approver).get(f"/naskah/{story.id}/versi/3")
    assert page.soup.select(".diff-changed p del")
    assert page.soup.select(".diff-changed h2 ins")


def test_restoring_by_button(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    services.save_version(story, actor=world.as_(world.editor), content=desk.text(title="Keliru"))
    db.session.commit()
    browser = browser_of(world.editor)
    answer = browser.post(
        f"/naskah/{story.id}/versi/1/pulihkan", browser.get(f"/naskah/{story.id}/versi/1").form("pulihkan")
    )
    assert "Isi versi 1 kini menjadi versi 3." in browser.follow(answer).text
    assert db.session.get_one(Story, story.id).title == desk.text().title
    assert (
        not browser_of(world.approver)
        .get(f"/naskah/{story.id}/versi/1")
        .soup.select("form[action$=pulihkan]")
    )


# Moves


def test_cancelling_needs_a_reason(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/{story.id}").form("gerak") | {"move": "cancel"}
    refused = browser.post(f"/naskah/{story.id}/gerak", form, status=422)
    assert "Tuliskan alasannya" in refused.main
    page = browser.follow(browser.post(f"/naskah/{story.id}/gerak", form | {"reason": "Acara batal"}))
    assert "Naskah dibatalkan." in page.text
    assert "Acara batal" in page.main


@pytest.mark.parametrize("move", ["approve", "submit", "publish", "return", "void", "recall", "", "terbang"])
def test_moves_of_other_rooms_have_no_button_here(world: World, browser_of: BrowserOf, move: str) -> None:
    """Nobody approves a story by guessing a form's value."""
    story = desk.story(world, state=StoryState.IN_REVIEW, commit=True)
    browser_of(world.editor).post(f"/naskah/{story.id}/gerak", {"move": move, "reason": "x"}, status=404)
    assert db.session.get_one(Story, story.id).state is StoryState.IN_REVIEW


def test_handing_over_by_form(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = browser.get(f"/naskah/{story.id}").form("serahkan")
    page = browser.follow(
        browser.post(f"/naskah/{story.id}/serahkan", form | {"owner_id": world.other_editor.id})
    )
    assert "Naskah kini dipegang Redaktur Dua." in page.text
    browser.post(
        f"/naskah/{story.id}/serahkan",
        form | {"owner_id": world.contributor.id, "form_token": "b"},
        status=422,
    )


def test_other_offices_and_other_roles_stay_out(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(other_world, commit=True)
    browser = browser_of(world.editor)
    for url in (f"/naskah/{story.id}", f"/naskah/{story.id}/sunting", f"/naskah/{story.id}/versi/1"):
        browser.get(url, status=404)
    for url in ("sunting", "gerak", "serahkan", "versi/1/pulihkan"):
        browser.post(f"/naskah/{story.id}/{url}", {"move": "hold", "owner_id": "1"}, status=404)
    own = desk.story(world, commit=True)
    for user in (world.contributor, world.approver, world.lead):
        browser_of(user).get(f"/naskah/{own.id}/sunting", status=403)
        browser_of(user).get("/naskah/baru", status=403)
    browser_of(world.contributor).get(f"/naskah/{own.id}", status=404)
