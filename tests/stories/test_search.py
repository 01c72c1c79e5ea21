"""Search over the desk's stories: found by title, text and names, never wrong, never telling what is confidential."""

import os
import time
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select, text

from humasflow.core.db import db
from humasflow.core.fulltext.indexing import is_of_an_index
from humasflow.core.fulltext.words import MAX_TERMS, Term, parse_query
from humasflow.stories.enums import DeskOrder, StoryState
from humasflow.stories.models import Story, StorySearch
from humasflow.stories.models.search import create_search, drop_search, is_of_the_index
from humasflow.stories.queries import DeskFilter, list_board, list_desk
from humasflow.stories.search import finding, indexing
from humasflow.stories.services import save_version
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
ON_POSTGRES = os.environ.get("HUMASFLOW_TEST_DB") == "postgresql"


def found(world: World, q: str, **more: Any) -> list[str]:
    page = list_desk(world.as_(world.editor), world.office.id, DeskFilter(q=q, **more))
    return [row.title for row in page]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Lelang aset", [("lelang",), ("aset",)]),
        ('"sewa aset" BMN', [("sewa", "aset"), ("bmn",)]),
        ("“sewa aset”", [("sewa", "aset")]),
        ('unclosed "dua kata', [("unclosed",), ("dua", "kata")]),
        ("covid-19 kemenkeu.go.id", [("covid",), ("19",), ("kemenkeu",), ("go",), ("id",)]),
        (
            "AND OR NOT NEAR( a* ^b title:c",
            [("and",), ("or",), ("not",), ("near",), ("a",), ("b",), ("title",), ("c",)],
        ),
        ("a\x00b", [("a",), ("b",)]),
        ("100%", [("100",)]),
        ("lelang lelang", [("lelang",)]),
        ('"" * % _ \' ; -- ', []),
        ("", []),
    ],
)
def test_what_is_typed_becomes_words_and_phrases(typed: str, terms: list[tuple[str, ...]]) -> None:
    assert parse_query(typed) == tuple(Term(words) for words in terms)


def test_titles_texts_people_places_agenda_and_kicker_are_searched(world: World) -> None:
    desk.story(
        world, title="Lelang sukarela UMKM", kicker="Kabar Lelang", people="Siti Rahmawati, Kepala Seksi",
        place="Aula Ternate", agenda="Temu Pemangku Kepentingan", lead="Teras tentang kopi.",
        body_html="<p>Peserta menawar <strong>tenun</strong> khas Sumba.</p>",
    )  # fmt: skip
    desk.story(world, title="Serah terima gedung arsip")
    for q in ("sukarela", "kabar", "rahmawati", "ternate", "pemangku", "kopi", "tenun sumba", "SITI umkm"):
        assert found(world, q) == ["Lelang sukarela UMKM"], q
    assert found(world, "strong") == []
    assert found(world, "tenun arsip") == []


def test_every_word_may_be_the_beginning_of_one(world: World) -> None:
    desk.story(world, title="Sosialisasi pengelolaan aset", people="Wijayanti")
    for q in ("so", "sosi", "peng", "wijay", "sosial aset"):
        assert found(world, q) == ["Sosialisasi pengelolaan aset"], q


def test_a_phrase_stands_side_by_side(world: World) -> None:
    desk.story(world, title="Sewa aset negara", lead="")
    desk.story(world, title="Aset yang di sewa", lead="")
    assert found(world, '"sewa aset"') == ["Sewa aset negara"]
    assert len(found(world, "sewa aset")) == 2


@pytest.mark.skipif(not ON_POSTGRES, reason="stems are PostgreSQL's")
def test_stems_find_other_forms_of_a_word(world: World) -> None:
    desk.story(world, title="Menyerahkan sertipikat", body_html="<p>Barang dilelang terbuka.</p>")
    for q in ("penyerahan", "diserahkan", "pelelangan", "dilelangkan", "lelangnya"):
        assert found(world, q) == ["Menyerahkan sertipikat"], q


def test_title_hits_come_first_then_what_was_changed_last(world: World) -> None:
    in_body = desk.story(world, title="Kabar pagi", body_html="<p>lelang</p>")
    older = desk.story(world, title="Lelang pertama")
    newer = desk.story(world, title="Lelang kedua")
    last = desk.story(world, title="Kabar sore", body_html="<p>lelang</p>")
    for n, story in enumerate((in_body, older, newer, last)):
        story.updated_at = story.updated_at.replace(microsecond=n + 1)
    db.session.flush()
    assert found(world, "lelang") == ["Lelang kedua", "Lelang pertama", "Kabar sore", "Kabar pagi"]


def test_pages_of_hits_neither_skip_nor_repeat(world: World) -> None:
    for n in range(9):
        desk.story(world, title=f"Lelang {n}" if n % 2 else f"Kabar {n}", body_html="<p>lelang</p>")
    actor = world.as_(world.editor)
    for size in (1, 2, 4, 5, 8, 9, 20):
        seen: list[str] = []
        cursor = None
        for _page in range(20):
            page = list_desk(actor, world.office.id, DeskFilter(q="lelang"), cursor=cursor, size=size)
            seen += [row.title for row in page]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 9, size
        assert all(t.startswith("Lelang") for t in seen[:4])


def test_the_index_follows_every_version(world: World) -> None:
    story = desk.story(world, title="Judul lama", body_html="<p>kelinci</p>")
    assert found(world, "kelinci") == ["Judul lama"]
    save_version(
        story, actor=world.as_(world.editor), content=desk.text(title="Judul baru", body_html="<p>kancil</p>")
    )
    assert found(world, "kelinci") == []
    assert found(world, "kancil baru") == ["Judul baru"]
    assert db.session.scalar(select(func.count()).select_from(StorySearch)) == 1


def test_a_version_that_fails_leaves_the_index_as_it_was(world: World) -> None:
    desk.story(world, title="Pertama", commit=True)
    savepoint = db.session.begin_nested()
    desk.story(world, title="Kedua yang batal")
    assert found(world, "batal") == ["Kedua yang batal"]
    savepoint.rollback()
    assert found(world, "batal") == []
    assert found(world, "pertama") == ["Pertama"]


def test_reindex_brings_back_what_was_lost(app: Flask, world: World) -> None:
    for n in range(3):
        desk.story(world, title=f"Naskah {n}")
    db.session.execute(text("DELETE FROM story_search"))
    db.session.commit()
    assert found(world, "naskah") == []
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["stories", "reindex"])
    assert "3 stories" in result.output
    assert len(found(world, "naskah")) == 3
    assert len(list(indexing.rebuild())) == 1
    assert len(found(world, "naskah")) == 3


def test_an_excerpt_shows_the_passage_with_the_words_marked_and_nothing_live(world: World) -> None:
    body = (
        "<p>"
        + "Pembuka. " * 60
        + "Panitia &lt;script&gt;alert(1)&lt;/script&gt; menutup tender &amp; lelang.</p>"
    )
    story = desk.story(world, title="Berita", body_html=body)
    passage = finding.excerpts("tender", [story.id])[story.id]
    assert "<mark>tender</mark>" in passage
    assert "<script" not in passage
    assert "&lt;script&gt;" in passage or "script" not in passage
    assert len(passage) < 600
    assert finding.excerpts("berita", [story.id]) == {}, "the title alone has it"


def test_the_marks_themselves_cannot_be_typed(world: World) -> None:
    story = desk.story(world, title="Berita", body_html="<p>\ue000jahat\ue001 tender</p>")
    assert str(finding.excerpts("tender", [story.id])[story.id]).count("<mark>") == 1


def test_confidential_stories_are_found_by_those_who_are_named_only(world: World) -> None:
    from humasflow.stories.models import StoryReader

    secret = desk.story(world, title="Rahasia besar")
    secret.is_confidential = True
    db.session.add(
        StoryReader(story_id=secret.id, user_id=world.editor.id, added_by=None, added_at=secret.created_at)
    )
    db.session.flush()
    assert found(world, "rahasia") == ["Rahasia besar"]
    for other in (world.other_editor, world.lead, world.admin):
        actor = world.as_(other)
        assert not list_desk(actor, world.office.id, DeskFilter(q="rahasia")).items
        assert not list_desk(actor, world.office.id, DeskFilter(q="rahasia"), order=DeskOrder.AGE).items
        board = list_board(actor, world.office.id, DeskFilter(q="rahasia"), scheduled=Story.id < 0)
        assert not any(lane.rows or lane.total for lane in board.values())


def test_other_offices_are_never_found(world: World, other_world: World) -> None:
    desk.story(other_world, title="Milik tetangga")
    assert found(world, "tetangga") == []


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(max_size=60), st.text(alphabet="\"'()*^:-+&|!<>~{}[]\\/%_;, \x00aßéİ١²\u0301", max_size=40)
    )
)
def test_no_query_is_ever_an_error(world: World, typed: str) -> None:
    assert len(parse_query(typed)) <= MAX_TERMS
    page = list_desk(world.as_(world.editor), world.office.id, DeskFilter(q=typed))
    finding.excerpts(typed, [row.id for row in page] or [1])


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 4000,
        "lelang " * 600,
        '"' * 4000,
        "'; DROP TABLE story; --",
        "a" * 399 + '"',
        "ﬁ Ⅻ 𝔘𝔫𝔦",
        "\ud83d\ude00 emoji",
    ],
)
def test_long_and_odd_queries_answer(world: World, typed: str) -> None:
    typed = typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    desk.story(world, title="Lelang")
    list_desk(world.as_(world.editor), world.office.id, DeskFilter(q=typed))
    list_board(world.as_(world.editor), world.office.id, DeskFilter(q=typed), scheduled=Story.id < 0)


def test_whatever_a_word_is_made_of_it_is_found_again(world: World) -> None:
    for word in ("façade", "Ünïcode", "Rp1.500.000", "e-katalog", "Jum'at", "PMK-115/2020", "naïve"):
        made = desk.story(world, title=f"Tentang {word} saja")
        assert made.title in found(world, word), word


def test_the_index_can_be_taken_away_and_made_again(world: World) -> None:
    desk.story(world, title="Lelang", commit=True)
    connection = db.session.connection()
    drop_search(connection)
    if ON_POSTGRES:
        connection.execute(text("ALTER TABLE story_search DROP COLUMN document"))
    else:
        for name in ("added", "removed", "changed"):
            connection.execute(text(f"DROP TRIGGER story_search_{name}"))
    create_search(connection)
    list(indexing.rebuild())
    assert found(world, "lelang") == ["Lelang"]


def test_what_belongs_to_the_index_is_known_by_name(app: Flask) -> None:
    inspector = inspect(db.engine)
    from humasflow.core.db import Base

    extra = set(inspector.get_table_names()) - set(Base.metadata.tables)
    assert all(is_of_the_index(name, "table") or is_of_an_index(name) for name in extra)
    columns = {c["name"] for c in inspector.get_columns("story_search")}
    unknown = columns - set(StorySearch.__table__.columns.keys())
    assert all(is_of_the_index(name, "column") for name in unknown)
    assert not is_of_the_index("story", "table")
    assert not is_of_the_index("story_search", "table")


def test_a_very_long_text_is_indexed(world: World) -> None:
    words = " ".join(f"kata{n}" for n in range(40_000))
    begun = time.perf_counter()
    story = desk.story(world, title="Panjang", body_html=f"<p>{words[:180_000]}</p>")
    assert time.perf_counter() - begun < 20
    assert found(world, "kata17") == [story.title]


def test_what_is_out_is_found_when_all_states_are_asked_for(world: World) -> None:
    desk.story(world, title="Lelang lama", state=StoryState.ARCHIVED)
    assert found(world, "lelang") == []
    assert found(world, "lelang", states=frozenset(StoryState)) == ["Lelang lama"]
