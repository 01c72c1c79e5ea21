"""What stands in a text besides words: pictures of the library, people of the office, facts of the genre."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from humasflow.accounts.services import people
from humasflow.core.db import db
from humasflow.core.html import figure_assets
from humasflow.core.permissions import Role
from humasflow.media.models import Asset
from humasflow.newsroom.queries import find_public_picture, get_newsroom
from humasflow.planning.enums import ContentTemplate
from humasflow.planning.models import ContentType
from humasflow.publishing.snapshots import newsroom_path, take_snapshot
from humasflow.stories import queries, services
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories import desk, newsroom
from tests.factories.world import World
from tests.stories.test_editor import photo
from tests.support.forms import form_with
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def figure(asset: Any) -> str:
    return f'<figure data-asset="{asset.id}"></figure>'


# The start page


def test_every_kind_is_a_card_with_one_line_and_opens_with_its_skeleton(
    world: World, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.editor)
    page = browser.get("/naskah/baru?jenis=klarifikasi_hoaks")
    cards = page.soup.select(".kind")
    types = {t.code: t for t in db.session.query(ContentType).filter_by(office_id=world.office.id)}
    assert len(cards) == len(types)
    assert len({c.small.get_text() for c in cards}) == len(cards)  # type: ignore[union-attr]
    chosen = page.soup.select_one(".kind input[checked]")
    assert chosen is not None
    assert chosen["value"] == str(types["klarifikasi_hoaks"].id)
    form = page.form("/naskah/baru") | {
        "title": "Uang palsu",
        "content_type_id": types["klarifikasi_hoaks"].id,
    }
    editor = browser.follow(browser.post("/naskah/baru", form))
    assert "<h2>Faktanya</h2>" in form_with(editor, "body")["body"]
    assert queries.get_current_version(db.session.query(Story).one()).writer_credit == "Redaktur Satu"


@pytest.mark.parametrize(
    ("code", "asked", "not_asked"),
    [
        ("berita_terbaru", {"place", "agenda"}, {"dateline", "contact", "claim"}),
        ("siaran_pers", {"dateline", "contact"}, {"claim"}),
        ("pengumuman", {"contact"}, {"dateline", "claim"}),
        ("klarifikasi_hoaks", {"claim", "claim_source", "fact_source"}, {"dateline", "contact"}),
    ],
)
def test_the_facts_that_are_asked_follow_the_genre(
    world: World, browser_of: BrowserOf, code: str, asked: set[str], not_asked: set[str]
) -> None:
    kind = db.session.query(ContentType).filter_by(office_id=world.office.id, code=code).one()
    story = services.create_story(
        actor=world.as_(world.editor), office_id=world.office.id, content=desk.text(), content_type_id=kind.id
    )
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}/sunting")

    def is_shown(name: str) -> bool:
        field = page.soup.find(attrs={"name": name})
        assert field is not None
        return field.find_parent(attrs={"hidden": True}) is None

    assert all(is_shown(name) for name in asked)
    assert not any(is_shown(name) for name in not_asked)


def test_what_is_filled_in_stays_in_sight_when_the_genre_changes(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, claim="Bunga nol persen", commit=True)
    page = browser_of(world.editor).get(f"/naskah/{story.id}/sunting")
    assert page.soup.find(attrs={"name": "claim"}).find_parent(attrs={"hidden": True}) is None  # type: ignore[union-attr]


def test_every_fact_is_saved_and_shown(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser, url = browser_of(world.editor), f"/naskah/{story.id}/sunting"
    typed = {
        "kicker": "SIARAN PERS Nomor 3", "agenda": "Sosialisasi aset", "dateline": "MAKASSAR, 21 November 2026",
        "contact": "Andi, 0411 123", "claim": "Lelang gratis", "claim_source": "WhatsApp", "fact_source": "PMK 213/2020",
        "editor_credit": "Citra",
    }  # fmt: skip
    shown = browser.follow(browser.post(url, form_with(browser.get(url), "title") | typed))
    for words in typed.values():
        assert words in shown.main
    strong = shown.soup.select_one(".prose p > strong.dateline")
    assert strong is not None
    assert strong.get_text() == "MAKASSAR, 21 November 2026 –"
    assert "Andi, 0411 123" in browser.get(f"/naskah/{story.id}/versi/2").main


# Pictures in the text


@pytest.mark.db
def test_a_picture_in_the_text_joins_the_pictures_of_the_version(world: World, browser_of: BrowserOf) -> None:
    inside = desk.asset(world, credit="Humas", alt_text="Gedung")
    story = desk.story(world, commit=True)
    browser, url = browser_of(world.editor), f"/naskah/{story.id}/sunting"
    browser.post(url, form_with(browser.get(url), "title") | {"body": f"<p>a</p>{figure(inside)}<p>b</p>"})
    version = queries.get_current_version(db.session.get_one(Story, story.id))
    assert [(p.asset_id, p.credit, p.alt_text, p.in_text) for p in version.pictures] == [
        (inside.id, "Humas", "Gedung", True)
    ]
    shown = browser.get(f"/naskah/{story.id}")
    image = shown.soup.select_one(".prose figure img")
    assert image is not None
    assert (image["src"], image["alt"]) == (f"/media/{inside.id}/medium", "Gedung")
    assert "Foto: Humas" in shown.main
    assert (
        len(shown.soup.select(f"article img[src*='/media/{inside.id}/']")) == 1
    )  # not a second time beside the text


@pytest.mark.db
def test_a_picture_of_another_office_leaves_the_text(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    stranger, own = desk.asset(other_world), desk.asset(world)
    story = desk.story(world, body_html=f"<p>a</p>{figure(stranger)}{figure(own)}")
    version = queries.get_current_version(story)
    assert figure_assets(queries.get_body(version.id)) == [own.id]
    assert [p.asset_id for p in version.pictures] == [own.id]


def test_the_words_typed_in_the_row_win_over_the_library(world: World) -> None:
    inside = desk.asset(world, credit="Lama")
    story = desk.story(world, body_html=figure(inside), pictures=(desk.picture(inside, credit="Baru"),))
    (picture,) = queries.get_current_version(story).pictures
    assert (picture.credit, picture.in_text) == ("Baru", True)


@pytest.mark.db
def test_readers_get_the_pictures_of_the_text_and_nobody_elses(world: World, browser_of: BrowserOf) -> None:
    inside, beside, hidden = (
        newsroom.picture(world),
        newsroom.picture(world, colour="#aa3344"),
        newsroom.picture(world, colour="#22aa44"),
    )
    made = newsroom.publish(
        world, pictures=(newsroom.shown(beside),),
        body_html=f'<p>Kata <span data-mention-user="{world.editor.id}">@Redaktur Satu</span></p>{figure(inside)}',
    )  # fmt: skip
    site = get_newsroom(world.office.slug or "")
    assert find_public_picture(site, inside.id) is not None
    assert find_public_picture(site, hidden.id) is None
    page = browser_of(world.editor).get(newsroom_path(world.office, made.post_id, made.title))
    image = page.soup.select_one(".prose figure img")
    assert image is not None
    assert f"/gambar/{inside.id}/" in str(image["src"])
    assert not page.soup.select(f".gallery img[src*='/gambar/{inside.id}/']")
    assert "Kata Redaktur Satu" in page.main
    assert "data-mention" not in page.html
    assert "mention" not in str(made.payload)
    feed = browser_of(world.editor).client.get(f"/berita/{world.office.slug}/feed.json").json
    content = feed["items"][0]["content_html"]
    assert f'src="http://localhost/berita/{world.office.slug}/gambar/{inside.id}/medium"' in content


def test_readers_see_the_genre(world: World, browser_of: BrowserOf) -> None:
    made = newsroom.publish(
        world, kicker="HOAKS", claim="Lelang gratis", claim_source="WhatsApp", fact_source="PMK 213", contact="Andi, 0411",
        dateline="MAKASSAR, 21 November 2026", editor_credit="Citra",
    )  # fmt: skip
    page = browser_of(world.editor).get(newsroom_path(world.office, made.post_id, made.title))
    assert page.soup.select_one(".story__kicker").get_text() == "HOAKS"  # type: ignore[union-attr]
    verdict = page.soup.select_one(".verdict").get_text(" ")  # type: ignore[union-attr]
    for words in (
        "Lelang gratis",
        "Beredar di: WhatsApp",
        "Sumber fakta: PMK 213",
        "Tiga puluh satuan kerja belajar",
    ):
        assert words in verdict
    assert "Andi, 0411" in page.soup.select_one(".contact").get_text()  # type: ignore[union-attr]
    assert page.soup.select_one(".prose .dateline") is not None
    assert "Narasi: Redaktur Satu / Editor: Citra" in page.main


@pytest.mark.db
def test_the_credit_line_follows_the_offices_pattern(world: World) -> None:
    world.news.credit_template = "Teks: {penulis} · Humas / Foto: {foto}"
    made = newsroom.post(world, pictures=(newsroom.shown(newsroom.picture(world)),))
    assert take_snapshot(made).payload["credit_line"] == "Teks: Redaktur Satu · Humas / Foto: Fotografer Satu"


# What the editor asks for


@pytest.mark.db
def test_the_library_is_searched_and_paged(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    for n in range(20):
        desk.asset(world, name=f"lelang-{n}.jpg", alt_text="Palu" if n % 2 else "")
    desk.asset(world, name="rapat.jpg")
    at = f"/naskah/{desk.story(world, commit=True).id}/pustaka"
    client = browser_of(world.editor).client
    first = client.get(at).json
    assert len(first["items"]) == 18
    rest = client.get(at, query_string={"setelah": first["next"]}).json
    assert len(rest["items"]) == 3
    assert rest["next"] is None
    assert len({i["id"] for i in first["items"] + rest["items"]}) == 21
    assert [i["name"] for i in client.get(f"{at}?q=rapat").json["items"]] == ["rapat.jpg"]
    one = client.get(f"{at}/{first['items'][0]['id']}").json
    assert f'name="alt-{one["picture"]["id"]}"' in one["row"]


def test_the_library_of_another_office_stays_closed(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    stranger = desk.asset(other_world)
    at = f"/naskah/{desk.story(world, commit=True).id}/pustaka"
    client = browser_of(world.editor).client
    assert client.get(at).json["items"] == []
    assert client.get(f"{at}/{stranger.id}").status_code == 404
    browser_of(world.contributor).get(at, status=403)


@pytest.mark.db
def test_people_are_found_by_name_and_position(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    world.other_editor.is_active = False
    at = f"/naskah/{desk.story(world, commit=True).id}/orang"
    client = browser_of(world.editor).client
    found = client.get(f"{at}?q=penyetuju").json["items"]
    assert [(p["name"], p["position"]) for p in found] == [
        ("Penyetuju Kantor", "Kepala Seksi Hukum dan Informasi"), ("Penyetuju Seksi", "Kepala Seksi Pelayanan Lelang"),
    ]  # fmt: skip
    assert client.get(f"{at}?q=Redaktur").json["items"][0]["id"] == world.editor.id
    assert len(client.get(f"{at}?q=redaktur").json["items"]) == 1  # not who left, not another office's
    browser_of(world.contributor).get(at, status=403)


def test_who_works_in_two_offices_is_offered_what_belongs_to_the_story(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    """Whichever of them they act in."""
    people.grant_role(
        world.editor,
        other_world.office,
        Role.EDITOR,
        actor=None,
        position_title="",
        valid_from=date(2019, 1, 1),
    )
    here, there = desk.asset(world, name="sini.jpg"), desk.asset(other_world, name="sana.jpg")
    story, foreign = desk.story(world), desk.story(other_world, commit=True)
    client = browser_of(world.editor).client
    for made, own in ((story, here), (foreign, there)):
        at = f"/naskah/{made.id}"
        assert [i["id"] for i in client.get(f"{at}/pustaka").json["items"]] == [own.id]
        assert client.get(f"{at}/pustaka/{own.id}").status_code == 200
        found = client.get(f"{at}/orang?q=penyetuju kantor").json["items"]
        assert found[0]["id"] == (world if made is story else other_world).approver.id
        sent = client.post(f"{at}/foto", data={"photos": [photo()]}, headers={"Accept": "application/json"})
        (received,) = sent.json["pictures"]
        assert db.session.get_one(Asset, received["id"]).office_id == made.office_id


def test_the_genres_are_seeded(world: World) -> None:
    kinds = {t.code: t for t in db.session.query(ContentType).filter_by(office_id=world.office.id)}
    assert kinds["siaran_pers"].template is ContentTemplate.PRESS_RELEASE
    assert kinds["klarifikasi_hoaks"].template is ContentTemplate.HOAX
    assert kinds["berita_utama"].template is ContentTemplate.ARTICLE
    assert kinds["artikel"].body_template.startswith("<p></p><h2>")


def test_a_picture_that_is_taken_off_leaves_the_text_too(world: World, browser_of: BrowserOf) -> None:
    """Otherwise it would come back with the words of the library."""
    made, stays = desk.asset(world), desk.asset(world)
    both = (desk.picture(made, credit="Kredit sendiri"), desk.picture(stays))
    story = desk.story(
        world,
        body_html=f"<p>Sebelum</p>{figure(made)}{figure(stays)}<p>Sesudah</p>",
        pictures=both,
        commit=True,
    )
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/sunting"
    form = browser.get(url).form("/sunting") | {
        "picture": [str(made.id), str(stays.id)], f"drop-{made.id}": "1",
    }  # fmt: skip
    browser.post(url, form)
    current = queries.get_current_version(db.session.get_one(Story, story.id))
    assert [p.asset_id for p in current.pictures] == [stays.id]
    assert queries.get_body(current.id) == f"<p>Sebelum</p>{figure(stays)}<p>Sesudah</p>"


def test_an_earlier_version_is_shown_with_its_pictures_people_and_dateline(
    world: World, browser_of: BrowserOf
) -> None:
    made, beside = desk.asset(world), desk.asset(world)
    body = f"<p>Hadir kemarin.</p>{figure(made)}<table><tbody><tr><td>Satu</td></tr></tbody></table>"
    pictures = (desk.picture(made, caption="Suasana"), desk.picture(beside, caption="Di luar teks"))
    story = desk.story(
        world, body_html=body, pictures=pictures, dateline="MAKASSAR, 21 November 2026", commit=True
    )
    shown = browser_of(world.editor).get(f"/naskah/{story.id}/versi/1").soup.select_one("article.panel")
    assert shown is not None
    text = shown.select_one(".prose")
    assert text is not None
    assert text.select_one(f'figure img[src*="/media/{made.id}/"]')
    assert text.select_one("[role=region] table")
    assert "MAKASSAR, 21 November 2026" in text.get_text()
    assert len(shown.select(f'img[src*="/media/{made.id}/"]')) == 1
    assert len(shown.select(f'img[src*="/media/{beside.id}/"]')) == 1
