"""Cari di mana saja: finds every kind, title first, never what the person may not open, in a fixed number of statements."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from humasflow.accounts import finding
from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.fulltext import asking, indexing
from humasflow.pages.search.findable import ACTIONS
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.planning.agenda.services import EventContent, create_event
from humasflow.planning.campaigns.services import CampaignContent, create_campaign
from humasflow.stories.enums import StoryState
from humasflow.stories.models import StoryReader
from tests.conftest import QueryCount
from tests.factories import desk, publications
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]


def fill(world: World, word: str = "kelapa") -> None:
    """One of every kind with the word."""
    editor = world.as_(world.editor)
    desk.story(world, title=f"Naskah {word} muda")
    send_pitch(
        actor=world.as_(world.contributor),
        office_id=world.office.id,
        content=PitchContent(f"Usulan {word} tua"),
    )
    publications.live_post(
        world, title=f"Publikasi {word} kering", url="https://kantor-uji.example/berita/kering"
    )
    create_event(actor=editor, office_id=world.office.id, content=EventContent(
        f"Panen {word}", datetime(2030, 3, 1, 2, tzinfo=UTC), datetime(2030, 3, 1, 4, tzinfo=UTC), place="Aula",
    ))  # fmt: skip
    create_campaign(actor=editor, office_id=world.office.id, content=CampaignContent(
        f"Bulan {word}", "Tahu", "Warga", date(2030, 3, 1), date(2030, 3, 31),
    ))  # fmt: skip
    desk.asset(world, name=f"{word}.jpg", alt_text=f"Buah {word} di meja")
    db.session.commit()


def groups_of(page: Page) -> dict[str, list[str]]:
    """Titles by the key of their kind, as the page shows them."""
    return {
        part["aria-labelledby"].removeprefix("jenis-"): [
            t.get_text() for t in part.select(".find__title")
        ]
        for part in page.soup.select("main section[aria-labelledby^='jenis-']")
    }  # fmt: skip


def find(browser: Browser, q: str) -> dict[str, list[str]]:
    """What the page of the search shows."""
    return groups_of(browser.get("/cari", query_string={"q": q}))


def titles(world: World, user: User, q: str) -> list[str]:
    """Everything found by a person, without a page."""
    asked = finding.ask(world.as_(user), world.office, q)
    return [item.title for group in finding.search(asked, limit=8) for item in group.items]


def test_every_kind_is_found_and_leads_to_its_page(world: World, browser_of: BrowserOf) -> None:
    fill(world)
    browser = browser_of(world.editor)
    page = browser.get("/cari", query_string={"q": "kelapa"})
    found = groups_of(page)
    # Whoever records a past publication makes its story with it.
    assert set(found["stories"]) == {"Naskah kelapa muda", found["publications"][0]}
    assert found["pitches"] == ["Usulan kelapa tua"]
    assert found["publications"][0].startswith("Publikasi kelapa kering")
    assert found["events"] == ["Panen kelapa"]
    assert found["campaigns"] == ["Bulan kelapa"]
    assert found["media"] == ["Buah kelapa di meja"]
    assert list(found) == ["stories", "pitches", "publications", "events", "campaigns", "media"]
    for link in page.soup.select("main section a[href]"):
        assert browser.get(link["href"]).status == 200, link["href"]


def test_people_are_found_by_whoever_manages_accounts(world: World, browser_of: BrowserOf) -> None:
    db.session.commit()
    page = browser_of(world.admin).get("/cari", query_string={"q": "redaktur dua"})
    assert groups_of(page)["people"] == ["Redaktur Dua"]
    assert "people" not in find(browser_of(world.editor), "redaktur dua")
    assert "people" not in find(browser_of(world.contributor), "redaktur")


def test_actions_and_settings_are_those_that_open(app: Flask, world: World, browser_of: BrowserOf) -> None:
    db.session.commit()
    admin, contributor = browser_of(world.admin), browser_of(world.contributor)
    assert find(admin, "alur perse")["pages"] == ["Alur persetujuan"]
    assert "pages" not in find(contributor, "alur")
    assert find(contributor, "kirim usul")["actions"] == ["Kirim usulan"]
    assert "actions" not in find(contributor, "buat naskah")
    assert find(browser_of(world.editor), "buat naskah")["actions"] == ["Buat naskah"]
    assert find(browser_of(world.editor), "excel")["actions"] == ["Impor tabel"]
    assert find(browser_of(world.lead), "capaian triwulan")["actions"] == ["Capaian triwulan ini"]
    with app.test_request_context():
        offered = {
            name: [a.endpoint for a in ACTIONS if a.is_open_to(world.as_(getattr(world, name)))]
            for name in ("contributor", "editor", "approver", "lead", "admin")
        }
        addresses = {a.endpoint: app.url_map.bind("").build(a.endpoint) for a in ACTIONS}
    for name, endpoints in offered.items():
        browser = browser_of(getattr(world, name))
        for endpoint in endpoints:
            assert browser.get(addresses[endpoint]).status in (200, 302, 303), f"{name} {endpoint}"


def test_every_page_that_is_offered_opens(world: World, browser_of: BrowserOf) -> None:
    db.session.commit()
    for name in ("contributor", "editor", "approver", "lead", "admin"):
        browser = browser_of(getattr(world, name))
        for letter in "aknpsmu":
            page = browser.get("/cari", query_string={"q": letter})
            for link in page.soup.select("main section a[href]"):
                assert browser.get(link["href"]).status in (200, 302, 303), f"{name} {link['href']}"


def test_titles_come_first_then_what_was_changed_last(world: World, in_request: None) -> None:
    for n, (title, body) in enumerate(
        (("Kelapa lama", ""), ("Kabar pagi", "<p>kelapa</p>"), ("Kelapa baru", ""), ("Kabar sore", "<p>kelapa</p>"))
    ):  # fmt: skip
        made = desk.story(world, title=title, body_html=body or "<p>Lain</p>")
        made.updated_at = made.updated_at.replace(microsecond=n + 1)
    db.session.flush()
    assert titles(world, world.editor, "kelapa") == ["Kelapa baru", "Kelapa lama", "Kabar sore", "Kabar pagi"]


def test_an_old_title_is_found_behind_many_newer_texts(
    world: World, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.story(world, title="Kelapa pertama")
    for n in range(4):
        desk.story(world, title=f"Kabar {n}", body_html="<p>kelapa</p>")
    monkeypatch.setattr("humasflow.stories.findable.WINDOW", 2)
    monkeypatch.setattr("humasflow.stories.search.finding.NEAR", 2)
    assert titles(world, world.editor, "kelapa") == ["Kelapa pertama", "Kabar 3", "Kabar 2"]


def test_another_office_is_never_found(world: World, other_world: World, browser_of: BrowserOf) -> None:
    fill(other_world, "durian")
    for name in ("contributor", "editor", "lead", "admin"):
        browser = browser_of(getattr(world, name))
        for q in ("durian", "https://kantor-uji.example/berita/kering", "kantor-lain"):
            assert not {"stories", "pitches", "publications", "events", "campaigns", "media", "people"} & set(
                find(browser, q)
            ), (name, q)


def test_newer_hits_of_another_office_take_nobodys_place(
    world: World, other_world: World, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.story(world, title="Kelapa kita")
    for n in range(5):
        desk.story(other_world, title=f"Kelapa mereka {n}")
    monkeypatch.setattr("humasflow.stories.findable.WINDOW", 2)
    assert titles(world, world.editor, "kelapa") == ["Kelapa kita"]


# How many rows are read before an index is asked, and how many hits of it are taken before it is asked by blocks.
STAGES = {"near": (1_000, 2_000), "few": (2, 2_000), "blocks": (2, 2)}


def in_stages(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make PostgreSQL go as far as this stage for a handful of rows; nothing changes on SQLite."""
    near, few = STAGES[name]
    monkeypatch.setattr("humasflow.core.fulltext.asking.NEAR", near)
    monkeypatch.setattr("humasflow.stories.search.finding.NEAR", near)
    monkeypatch.setattr("humasflow.core.fulltext.asking.FEW", few)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_finds_the_same(
    world: World, other_world: World, in_request: None, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    in_stages(monkeypatch, stage)
    desk.story(world, title="Pisang lama", people="Siti Rahmawati")
    for n in range(4):
        desk.story(world, title=f"Kelapa {n}", body_html="<p>sewa tanah laut</p>")
        desk.asset(world, name=f"kelapa-{n}.jpg", alt_text=f"Buah kelapa {n}")
        desk.story(other_world, title=f"Kelapa mereka {n}", body_html="<p>pisang sewa</p>")
    secret = desk.story(world, title="Kelapa rahasia")
    secret.is_confidential = True
    desk.story(world, title="Tanah yang di sewa", body_html="<p>laut</p>")
    db.session.flush()
    coconuts = ["Kelapa 3", "Kelapa 2", "Kelapa 1", "Kelapa 0"]
    expected = {
        "kelapa": [*coconuts, *(f"Buah kelapa {n}" for n in (3, 2, 1, 0))],
        "kela": [*coconuts, *(f"Buah kelapa {n}" for n in (3, 2, 1, 0))],
        "kelapa sewa": coconuts,
        '"sewa tanah"': coconuts,
        "sewa tanah": ["Tanah yang di sewa", *coconuts],
        '"tanah sewa"': [],
        "pisang": ["Pisang lama"],
        "siti rahm": ["Pisang lama"],
        "mereka": [],
        "rahasia": [],
        "kelapa zzz": [],
    }
    assert {q: titles(world, world.editor, q) for q in expected} == expected
    assert titles(world, world.contributor, "kelapa") == []


def test_what_was_written_long_ago_is_found_block_by_block(
    world: World, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_stages(monkeypatch, "blocks")
    for n in range(3):
        desk.story(world, title=f"Kelapa {n}", body_html="<p>sewa tanah</p>")
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('story', 'id'), 100000)"))
    for n in range(3, 6):
        desk.story(world, title=f"Pisang {n}")
    assert titles(world, world.editor, "kelapa") == ["Kelapa 2", "Kelapa 1", "Kelapa 0"]
    assert titles(world, world.editor, '"sewa tanah"') == ["Kelapa 2", "Kelapa 1", "Kelapa 0"]
    assert titles(world, world.editor, "pisang") == ["Pisang 5", "Pisang 4", "Pisang 3"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_contributor_finds_their_own_and_their_tasks_in_every_stage(
    world: World, in_request: None, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    from tests.stories.tasks import task

    in_stages(monkeypatch, stage)
    mine = desk.story(world, title="Kelapa saya")
    mine.created_by = world.contributor.id
    given = desk.story(world, title="Kelapa bersama")
    task(world, given, to=world.contributor)
    for n in range(4):
        desk.story(world, title=f"Kelapa {n}")
    db.session.flush()
    assert titles(world, world.contributor, "kelapa") == ["Kelapa bersama", "Kelapa saya"]


@pytest.mark.parametrize(
    ("typed", "stage", "is_said"),
    [('"sewa tanah"', "blocks", True), ('"sewa tanah"', "near", False), ("sewa tanah", "blocks", False)],
)
def test_the_page_says_when_only_the_newest_were_looked_through(
    world: World,
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    stage: str,
    is_said: bool,
) -> None:
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite's index knows where words stand")
    in_stages(monkeypatch, stage)
    monkeypatch.setattr("humasflow.core.fulltext.asking.LOOKED_UP", 4)
    for n in range(4):
        desk.story(world, title=f"Kelapa {n}", body_html="<p>sewa tanah</p>")
    db.session.commit()
    page = browser_of(world.editor).get("/cari", query_string={"q": typed})
    assert len(groups_of(page)["stories"]) == 4
    assert ("Hanya naskah terbaru dengan kata-kata ini yang diperiksa." in page.main) is is_said


@pytest.mark.parametrize("part", ["", "hasil"])
def test_a_search_that_takes_too_long_is_given_up_with_a_sentence(
    world: World, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite is told nothing")
    db.session.commit()

    def sleeps(*_asked: object) -> list[finding.Found]:
        db.session.execute(text("SELECT pg_sleep(20)"))
        return []

    slow = finding.Source("slow", "Lambat", "search", 1, sleeps)
    monkeypatch.setattr("humasflow.accounts.finding._sources", [slow])
    monkeypatch.setitem(asking._SETTINGS, "statement_timeout", "200")
    answer = browser_of(world.editor).client.get("/cari", query_string={"q": "kelapa", "hanya": part})
    assert answer.status_code == 200
    page = Page(answer)
    assert "Pencarian ini memakan waktu terlalu lama" in page.html
    assert "Coba kata yang lebih khusus" in page.html


def test_a_search_is_given_a_limit_of_time(world: World, in_request: None) -> None:
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite is told nothing")
    titles(world, world.editor, "kelapa")
    assert db.session.scalar(text("SHOW statement_timeout")) == "3s"


def test_beginnings_are_found_however_many_words_have_them(
    world: World, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a list of the words that begin so, without one, and words with numbers, of which there is no list."""
    in_stages(monkeypatch, "few")
    for n in range(3):
        desk.story(world, title=f"Naskah {n}", body_html="<p>lain</p>")
    desk.story(world, title="Kelapa kelana", body_html="<p>kelas kode77 penyerahan</p>")
    desk.story(world, title="Naskah 3", body_html="<p>lain</p>")
    desk.story(world, title="Naskah 4", body_html="<p>lain</p>")
    db.session.flush()
    for most in (60, 1):
        monkeypatch.setattr("humasflow.stories.search.spelling.MOST", most)
        for q in (
            "kelap",
            "kela kod",
            "kod",
            "kode7",
            "kode77 kelan",
            '"kelapa kel"',
            "ke ko",
            "penyerahan kel",
            "kelas",
        ):
            assert "Kelapa kelana" in titles(world, world.editor, q), (most, q)
        assert titles(world, world.editor, '"kelana kelapa"') == []


def test_how_the_database_is_told_ends_with_the_transaction(world: World, in_request: None) -> None:
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite is told nothing")
    db.session.commit()
    titles(world, world.editor, "kelapa")
    assert db.session.scalar(text("SHOW enable_seqscan")) == "off"
    db.session.rollback()
    assert db.session.scalar(text("SHOW enable_seqscan")) == "on"


def test_a_contributor_finds_what_is_theirs(world: World, browser_of: BrowserOf) -> None:
    fill(world)
    own = browser_of(world.contributor)
    assert set(find(own, "kelapa")) == {"pitches", "events", "campaigns"}
    assert set(find(browser_of(world.other_contributor), "kelapa")) == {"events", "campaigns"}
    assert "Lihat semua" not in own.get("/cari", query_string={"q": "kelapa"}).main


def test_a_story_is_found_by_who_has_a_task_on_it(world: World, in_request: None) -> None:
    from tests.stories.tasks import task

    made = desk.story(world, title="Kelapa bersama")
    assert titles(world, world.contributor, "kelapa") == []
    task(world, made, to=world.contributor)
    db.session.flush()
    assert titles(world, world.contributor, "kelapa") == ["Kelapa bersama"]


def test_what_is_confidential_leaves_no_trace(world: World, browser_of: BrowserOf) -> None:
    shown = desk.picture(desk.asset(world, name="rahasia.jpg", alt_text="Foto kelapa rahasia"))
    secret = desk.story(world, title="Rahasia kelapa", state=StoryState.APPROVED, pictures=(shown,))
    secret.is_confidential = True
    db.session.add(
        StoryReader(story_id=secret.id, user_id=world.editor.id, added_by=None, added_at=secret.created_at)
    )
    db.session.commit()
    assert find(browser_of(world.editor), "rahasia kelapa")["stories"] == ["Rahasia kelapa"]
    for other in (world.other_editor, world.lead, world.admin, world.approver, world.contributor):
        browser = browser_of(other)
        page = browser.get("/cari", query_string={"q": "rahasia"})
        empty = browser.get("/cari", query_string={"q": "raxasia"})
        assert "stories" not in groups_of(page)
        assert "Rahasia kelapa" not in page.main
        assert page.main.replace("rahasia", "") == empty.main.replace("raxasia", ""), other.name


def test_a_publication_of_a_confidential_story_is_not_found(world: World, browser_of: BrowserOf) -> None:
    delivery = publications.live_post(world, title="Kelapa tayang", url="https://kantor-uji.example/berita/7")
    delivery.post.story.is_confidential = True
    delivery.post.story.state = StoryState.APPROVED
    db.session.commit()
    for q in ("kelapa tayang", "https://kantor-uji.example/berita/7"):
        assert find(browser_of(world.editor), q) == {}, q


def test_an_address_finds_its_publication(world: World, browser_of: BrowserOf) -> None:
    fill(world)
    found = find(browser_of(world.editor), "https://www.kantor-uji.example/berita/kering/?utm_source=wa")
    assert [t[:16] for t in found["publications"]] == ["Publikasi kelapa"]


@pytest.mark.parametrize(
    "typed",
    [
        "'", '"', '""', "%", "%%", "_", "*", "kel*", "AND", "OR NOT", "NEAR(kelapa", "title:kelapa", "kelapa AND",
        '"kelapa muda', "😀", "kelapa 😀", "x" * 200, "k" * 5000, "a", "a b c", "' OR 1=1 --", "\x00", "<script>", "http://",
        "https://[", "kelapa\u0301", "ＫＥＬＡＰＡ", "\\", "🇮🇩" * 90, "1", "()", "a-b", '"a" "b"', '"kelapa m"',
    ],
)  # fmt: skip
def test_whatever_is_typed_is_kept_and_never_an_error(
    world: World, browser_of: BrowserOf, typed: str
) -> None:
    fill(world)
    page = browser_of(world.editor).get("/cari", query_string={"q": f"  {typed} "})
    assert page.status == 200
    box = page.soup.select_one("main input[name=q]")
    assert box is not None
    assert box["value"] == typed.replace("\x00", "").strip()[:200]


def test_operators_are_plain_words(world: World, in_request: None) -> None:
    desk.story(world, title="Kelapa and durian")
    desk.story(world, title="Durian near pasar")
    assert titles(world, world.editor, "kelapa AND") == ["Kelapa and durian"]
    assert titles(world, world.editor, "NEAR") == ["Durian near pasar"]
    assert titles(world, world.editor, '"durian near"') == ["Durian near pasar"]
    assert titles(world, world.editor, "duri pas") == ["Durian near pasar"]


def test_one_letter_asks_for_more_and_still_offers_what_can_be_done(
    world: World, browser_of: BrowserOf
) -> None:
    fill(world)
    assert set(find(browser_of(world.editor), "k")) <= {"actions", "pages"}
    page = browser_of(world.editor).get("/cari", query_string={"q": "q"})
    assert "Ketik dua huruf atau lebih" in page.main
    assert "stories" not in groups_of(page)


def test_many_hits_are_capped_with_a_way_to_the_rest(world: World, browser_of: BrowserOf) -> None:
    for n in range(10):
        desk.story(world, title=f"Kelapa {n}", state=StoryState.ARCHIVED)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/cari", query_string={"q": "kelapa"})
    assert len(groups_of(page)["stories"]) == 8
    rest = browser.get(page.link("Lihat semua"))
    assert rest.status == 200
    assert rest.main.count("Kelapa ") >= 10


def test_the_dialog_gets_options_from_the_same_address(world: World, browser_of: BrowserOf) -> None:
    for n in range(7):
        desk.story(world, title=f"Kelapa <b>{n}</b>")
    db.session.commit()
    answer = browser_of(world.editor).client.get("/cari?hanya=hasil&q=kelapa")
    page = Page(answer)
    options = page.soup.select("[role=listbox] [role=group] > [role=option]")
    assert len(options) == 6  # five, and the way to the rest
    assert "Lihat semua" in options[-1].get_text()
    assert len({o["id"] for o in options}) == 6
    assert "<h1" not in page.html
    assert "<b>" not in page.html
    assert page.soup.select_one("[data-said]")["data-said"] == "5 hasil"  # type: ignore[index]


def test_an_empty_box_shows_what_one_had_in_hand(world: World, browser_of: BrowserOf) -> None:
    mine = desk.story(world, title="Yang saya pegang")
    mine.owner_id = world.editor.id
    theirs = desk.story(world, title="Yang ia pegang")
    theirs.owner_id = world.other_editor.id
    db.session.commit()
    page = browser_of(world.editor).get("/cari")
    assert groups_of(page)["stories"] == ["Yang saya pegang"]
    assert groups_of(page)["actions"][0] == "Buat naskah"
    assert "Cukup awal kata" in page.main
    assert list(groups_of(browser_of(world.contributor).get("/cari"))) == ["actions"]


def test_nothing_found_teaches(world: World, browser_of: BrowserOf) -> None:
    db.session.commit()
    page = browser_of(world.editor).get("/cari", query_string={"q": "zzzzz"})
    assert "Tidak ada yang cocok dengan “zzzzz”" in page.main
    assert "coba awal kata saja" in page.main


def test_the_number_of_statements_is_fixed(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    fill(world)
    browser = browser_of(world.admin)
    counts = []
    for more in range(2):
        browser.client.get("/cari?hanya=hasil&q=kelapa")
        statements.reset()
        browser.client.get("/cari?hanya=hasil&q=kelapa")
        counts.append(len(statements))
        for n in range(12 * (1 - more)):
            desk.story(world, title=f"Kelapa {n}")
            desk.asset(world, name=f"kelapa-{n}.jpg")
        db.session.commit()
    assert counts[0] == counts[1]
    # Seven kinds that are read, how PostgreSQL is to go about it and how words are spelt there, and what every request
    # reads of the person.
    assert counts[0] <= 9 + 5
    statements.reset()
    browser.client.get("/cari?hanya=hasil")
    assert len(statements) <= 2 + 5


def test_labels_are_english_for_who_reads_english(world: World, browser_of: BrowserOf) -> None:
    world.editor.locale = "en"
    fill(world)
    page = browser_of(world.editor).get("/cari", query_string={"q": "write story"})
    assert groups_of(page)["actions"] == [str(page.soup.select_one(".find__title").get_text())]  # type: ignore[union-attr]
    assert page.soup.html["lang"] == "en"  # type: ignore[index]


def test_the_index_follows_changes_and_survives_a_rebuilt_table(world: World, in_request: None) -> None:
    made = desk.asset(world, name="pisang.jpg")
    db.session.flush()
    assert titles(world, world.editor, "pisang") == ["pisang.jpg"]
    made.alt_text = "Kebun mangga"
    db.session.flush()
    assert titles(world, world.editor, "mangga") == ["Kebun mangga"]
    assert titles(world, world.editor, "pisang") == ["Kebun mangga"], "the name is still the file's"
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            connection.execute(text(f"DROP TRIGGER asset_fulltext_{name}"))
        indexing.mend(connection)
        made.alt_text = "Kebun salak"
        db.session.flush()
        assert titles(world, world.editor, "salak") == ["Kebun salak"]
        assert titles(world, world.editor, "mangga") == []


def test_it_is_for_who_is_signed_in(world: World, browser: Browser) -> None:
    db.session.commit()
    assert browser.client.get("/cari?q=kelapa").status_code == 303
