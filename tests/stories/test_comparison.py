"""What differs is marked word by word, and nothing gets lost between the marks."""

import time
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.stories.comparison import (
    LONGEST_COMPARED,
    LOOK_AHEAD,
    Mark,
    Paragraph,
    Piece,
    compare_contents,
    compare_parts,
    compare_texts,
    compare_words,
    differs_in_form_only,
    picture_words,
    readable,
)
from humasflow.stories.contents import PictureContent, StoryContent
from humasflow.stories.enums import StorySource

TOKENS = ["aset", "kantor", "dan", "30", "32", ".", "\n", "\n\n", "<b>", "&"]
words = st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join) | st.text(max_size=60)


def same(text: str) -> Piece:
    return Piece(Mark.SAME, text)


def gone(text: str) -> Piece:
    return Piece(Mark.DELETED, text)


def come(text: str) -> Piece:
    return Piece(Mark.INSERTED, text)


def shown(old: str, new: str) -> list[list[Piece] | int]:
    """The paragraphs as pieces; a number for those left out."""
    return [p.skipped or list(p.pieces) for p in compare_texts(old, new)]


def paragraphs_of(found: list[Paragraph], without: Mark) -> list[str]:
    sides = ["".join(p.text for p in paragraph.pieces if p.mark is not without) for paragraph in found]
    return [side for side in sides if side]


# Words


@settings(max_examples=300)
@given(old=words, new=words)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert "".join(p.text for p in pieces if p.mark is not Mark.INSERTED) == old
    assert "".join(p.text for p in pieces if p.mark is not Mark.DELETED) == new
    assert any(p.mark is not Mark.SAME for p in pieces) == (old != new)
    assert all(p.text for p in pieces)


def test_a_number_is_marked_and_nothing_else() -> None:
    assert compare_words("Peserta dari 30 satuan kerja.", "Peserta dari 32 satuan kerja.") == [
        same("Peserta dari "), gone("30"), come("32"), same(" satuan kerja."),
    ]  # fmt: skip
    assert compare_words("Peserta 30.", "Peserta 30!") == [same("Peserta 30"), gone("."), come("!")]


def test_neighbouring_changes_are_one() -> None:
    assert compare_words("hari Senin pagi", "hari Selasa sore") == [
        same("hari "), gone("Senin pagi"), come("Selasa sore"),
    ]  # fmt: skip


def test_a_blank_alone_is_not_marked_as_put_in() -> None:
    assert compare_words("satu dua", " ") == [gone("satu"), same(" "), gone("dua")]


def test_markup_stays_text() -> None:
    assert compare_words("<b>", "<b> & <i>")[0] == same("<b>")


def test_a_hostile_length_is_shown_as_replaced() -> None:
    pieces = compare_words("a " * LONGEST_COMPARED, "b " * 10)
    assert [p.mark for p in pieces[:2]] == [Mark.DELETED, Mark.INSERTED]
    assert "".join(p.text for p in pieces if p.mark is not Mark.DELETED) == "b " * 10


def test_one_word_in_a_very_long_text_is_still_one_mark() -> None:
    long = "kata " * LONGEST_COMPARED
    assert compare_words(f"{long}satu {long}", f"{long}dua {long}") == [
        same(long), gone("satu"), come("dua"), same(f" {long}"),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [3_000, 20_000])
def test_a_very_long_text_of_few_words_is_compared_in_reasonable_time(size: int) -> None:
    started = time.monotonic()
    compare_words("dan " * size + "lalu", "lalu " + "atau dan " * (size // 2))
    assert time.monotonic() - started < 5


# Paragraphs


@given(old=words, new=words)
def test_paragraphs_on_both_sides_are_whole(old: str, new: str) -> None:
    found = compare_texts(old, new)
    for text, without in ((old, Mark.INSERTED), (new, Mark.DELETED)):
        every = compare_texts("" if text.strip() else "x", text)
        wanted = paragraphs_of(every, Mark.DELETED)
        here = paragraphs_of(found, without)
        left_out = sum(p.skipped for p in found)
        if found:
            assert len(here) + left_out == len(wanted)
            assert [p for p in here if p not in wanted] == []


def test_unchanged_paragraphs_are_counted_not_shown() -> None:
    assert shown("Satu.\n\nDua.\n\nTiga lama sekali.", "Satu.\n\nDua.\n\nTiga baru sekali.\n\nEmpat.") == [
        2, [same("Tiga "), gone("lama"), come("baru"), same(" sekali.")], [come("Empat.")],
    ]  # fmt: skip


def test_equal_texts_have_no_differences() -> None:
    assert compare_texts("Sama.", "Sama.") == []
    assert compare_texts("Satu\r\n\r\nDua", "Satu\n\nDua\n") == [], "a browser's line breaks are no change"


def test_a_line_break_is_content() -> None:
    assert compare_texts("Satu\nDua", "Satu\n\nDua")
    assert compare_texts("Satu\nDua", "Satu Dua")


def test_a_new_paragraph_does_not_shift_the_others() -> None:
    assert shown(
        "Satu dua tiga.\n\nEmpat lima enam.", "Satu dua tiga.\n\nYang baru di sini.\n\nEmpat lima enam."
    ) == [1, [come("Yang baru di sini.")], 1]


def test_changed_paragraphs_are_matched_with_those_they_are_like() -> None:
    assert shown(
        "Rapat dihadiri 30 orang.\n\nMateri dapat diunduh.",
        "Sambutan kepala kantor.\n\nRapat dihadiri 32 orang.\n\nMateri boleh diunduh.",
    ) == [
        [come("Sambutan kepala kantor.")],
        [same("Rapat dihadiri "), gone("30"), come("32"), same(" orang.")],
        [same("Materi "), gone("dapat"), come("boleh"), same(" diunduh.")],
    ]


def test_what_has_nothing_in_common_reads_old_then_new() -> None:
    assert shown("Aula lantai 2", "Ruang arsip") == [[gone("Aula lantai 2")], [come("Ruang arsip")]]
    assert shown("Satu.\n\nDua.", "Tiga.\n\nEmpat.") == [
        [gone("Satu.")], [gone("Dua.")], [come("Tiga.")], [come("Empat.")],
    ]  # fmt: skip


def test_many_rewritten_paragraphs_are_compared_in_reasonable_time() -> None:
    started = time.monotonic()
    old = "\n\n".join(f"lama{n} " * 20 for n in range(100 * LOOK_AHEAD))
    compare_texts(old, old.replace("lama", "baru"))
    assert time.monotonic() - started < 5


# Parts


def test_only_the_parts_that_differ_are_listed() -> None:
    (found,) = compare_parts(("Judul", "Satu", "Satu"), ("Tempat", "", "Aula"))
    assert (found.label, list(found.paragraphs)) == ("Tempat", [Paragraph([come("Aula")])])


def test_every_fact_of_a_story_is_compared(app: Flask) -> None:
    old = StoryContent(title="Sosialisasi", source=StorySource.OWN)
    changes = {
        "title": "Rapat", "lead": "Teras.", "body_html": "<p>Isi.</p>", "source_note": "Biro Humas", "goal": "Paham",
        "audience": "Satuan kerja", "event_date": date(2026, 3, 2), "place": "Aula", "people": "Kepala Kantor",
        "writer_credit": "RN", "pictures": (PictureContent(1, "AS", "Rapat", "Suasana"),),
    }  # fmt: skip
    with app.test_request_context():
        for name, value in changes.items():
            assert len(compare_contents(old, replace(old, **{name: value}), {1: "satu.jpg"})) == 1, name
        every = compare_contents(old, replace(old, **changes), {1: "satu.jpg"})  # type: ignore[arg-type]
    assert len(every) == len(changes)
    assert [d.label for d in every][:4] == ["Judul", "Teras", "Isi naskah", "Foto"]


def test_a_picture_in_words(app: Flask) -> None:
    with app.test_request_context():
        found = picture_words("satu.jpg", alt_text="Rapat", credit="AS", caption="Suasana")
    assert found == "satu.jpg · Rapat · Suasana · Foto: AS"
    assert picture_words("satu.jpg", alt_text="", credit="") == "satu.jpg"


def test_the_address_of_a_link_is_content() -> None:
    old = readable('<p>Unduh <a href="https://a.example/1" rel="x">di sini</a>.</p>')
    new = readable('<p>Unduh <a href="https://a.example/2" rel="x">di sini</a>.</p>')
    assert "https://a.example/1" in old
    assert compare_texts(old, new)


def test_form_without_words() -> None:
    assert differs_in_form_only("<p>Rapat di aula.</p>", "<h2>Rapat di aula.</h2>")
    assert not differs_in_form_only("<p>Rapat.</p>", "<p>Rapat.</p>")
    assert not differs_in_form_only("<p>Rapat.</p>", "<p>Sidang.</p>")
