"""What changed, word by word."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.approvals.diffing import DELETED, INSERTED, Piece, diff_paragraphs, diff_words, readable

WORDS = ["aset", "kantor", "dan", "30", "32", ".", "\n", "<b>", "&"]
words = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@settings(max_examples=300)
@given(words | st.text(max_size=60), words | st.text(max_size=60))
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = diff_words(old, new)
    assert "".join(p.text for p in pieces if p.kind != INSERTED) == old
    assert "".join(p.text for p in pieces if p.kind != DELETED) == new


def test_a_number_is_marked_and_nothing_else() -> None:
    assert diff_words("Peserta 30 satuan kerja.", "Peserta 32 satuan kerja.") == (
        Piece("same", "Peserta "), Piece("del", "30"), Piece("ins", "32"), Piece("same", " satuan kerja."),
    )  # fmt: skip


def test_neighbouring_changes_are_one() -> None:
    assert diff_words("hari Senin pagi", "hari Selasa sore") == (
        Piece("same", "hari "), Piece("del", "Senin pagi"), Piece("ins", "Selasa sore"),
    )  # fmt: skip


def test_unchanged_paragraphs_are_counted_not_shown() -> None:
    found = diff_paragraphs(
        "Satu.\n\nDua.\n\nTiga lama sekali.", "Satu.\n\nDua.\n\nTiga baru sekali.\n\nEmpat."
    )
    assert [p.skipped for p in found] == [2, 0, 0]
    assert found[1].pieces[1:3] == (Piece("del", "lama"), Piece("ins", "baru"))
    assert found[2].pieces == (Piece("ins", "Empat."),)
    assert diff_paragraphs("Sama.", "Sama.") == ()


def test_unrelated_paragraphs_stand_one_after_the_other() -> None:
    found = diff_paragraphs("Acara dibuka kepala kantor.", "Materi tersedia di laman layanan publik.")
    assert [p.pieces[0].kind for p in found] == ["del", "ins"]


def test_the_address_of_a_link_is_content() -> None:
    old = readable('<p>Unduh <a href="https://a.example/1" rel="x">di sini</a>.</p>')
    new = readable('<p>Unduh <a href="https://a.example/2" rel="x">di sini</a>.</p>')
    assert "https://a.example/1" in old
    assert diff_paragraphs(old, new)


def test_a_very_long_text_of_few_words_is_compared_in_reasonable_time() -> None:
    started = time.monotonic()
    diff_words("dan " * 20_000, "dan " * 19_000 + "atau " * 1_000)
    assert time.monotonic() - started < 5
