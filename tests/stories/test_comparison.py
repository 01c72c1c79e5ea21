"""What differs is marked word by word, and nothing gets lost between the marks."""

from hypothesis import given
from hypothesis import strategies as st

from humasflow.stories.comparison import LONGEST_COMPARED, Mark, compare_texts, compare_words

words = st.text(alphabet="abc dé\n", max_size=60)


def _side(pieces: list[list[object]], without: Mark) -> list[str]:
    return ["".join(p.text for p in paragraph if p.mark is not without) for paragraph in pieces]  # type: ignore[attr-defined]


@given(old=words, new=words)
def test_without_the_deletions_it_is_the_new_text(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert "".join(p.text for p in pieces if p.mark is not Mark.DELETED) == new
    if "".join(old.split()) != "".join(new.split()):
        assert any(p.mark is not Mark.SAME for p in pieces)


@given(old=words, new=words)
def test_paragraphs_on_both_sides_are_whole(old: str, new: str) -> None:
    found = compare_texts(old, new)
    wanted = [line.strip() for line in new.split("\n") if line.strip()]
    assert [side for side in _side(found, Mark.DELETED) if side.strip()] == wanted  # type: ignore[arg-type]


def test_one_changed_word_is_one_mark() -> None:
    pieces = compare_words("Peserta dari 30 satuan kerja.", "Peserta dari 32 satuan kerja.")
    assert [(p.mark, p.text.strip()) for p in pieces] == [
        (Mark.SAME, "Peserta dari"), (Mark.DELETED, "30"), (Mark.INSERTED, "32"), (Mark.SAME, "satuan kerja."),
    ]  # fmt: skip


def test_a_new_paragraph_does_not_shift_the_others() -> None:
    found = compare_texts(
        "Satu dua tiga.\n\nEmpat lima enam.", "Satu dua tiga.\n\nYang baru di sini.\n\nEmpat lima enam."
    )
    assert [[p.mark for p in paragraph] for paragraph in found] == [[Mark.SAME], [Mark.INSERTED], [Mark.SAME]]


def test_what_has_nothing_in_common_reads_old_then_new() -> None:
    found = compare_texts("Aula lantai 2", "Ruang arsip")
    assert [[(p.mark, p.text) for p in paragraph] for paragraph in found] == [
        [(Mark.DELETED, "Aula lantai 2")], [(Mark.INSERTED, "Ruang arsip")],
    ]  # fmt: skip


def test_a_hostile_length_is_shown_as_replaced() -> None:
    pieces = compare_words("a " * (LONGEST_COMPARED + 1), "b " * 10)
    assert [p.mark for p in pieces] == [Mark.DELETED, Mark.INSERTED]
