"""Three texts into one: what only one side changed is taken, what both changed is asked, and nothing is lost."""

from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from humasflow.stories.comparison.blocks import read_blocks, write_blocks
from humasflow.stories.comparison.merging import (
    Choice,
    body_of,
    clashes_of,
    merge_bodies,
    merge_texts,
    merge_value,
)
from tests.stories.test_comparison_rendered import bodies

pytestmark = pytest.mark.usefixtures("in_request")


def normal(html: str) -> str:
    return write_blocks(read_blocks(html))


def of(*paragraphs: str) -> str:
    return "".join(f"<p>{p}</p>" for p in paragraphs)


def merged(base: str, mine: str, theirs: str) -> str:
    parts = merge_bodies(base, mine, theirs)
    assert clashes_of(parts) == []
    return body_of(parts, [])


# What every merge has to keep


@settings(max_examples=300, deadline=None)
@given(base=bodies, side=bodies)
def test_what_only_one_side_changed_is_taken_whole(base: str, side: str) -> None:
    assert merged(base, base, side) == normal(side)
    assert merged(base, side, base) == normal(side)
    assert merged(base, side, side) == normal(side)


@settings(max_examples=300, deadline=None)
@given(base=bodies, mine=bodies, theirs=bodies)
def test_the_order_of_the_sides_makes_no_difference(base: str, mine: str, theirs: str) -> None:
    one, other = merge_bodies(base, mine, theirs), merge_bodies(base, theirs, mine)
    clashes, turned = clashes_of(one), clashes_of(other)
    assert [(c.base, c.mine, c.theirs) for c in clashes] == [(c.base, c.theirs, c.mine) for c in turned]
    assert body_of(one, [Choice.MINE] * len(clashes)) == body_of(other, [Choice.THEIRS] * len(clashes))


edits = st.lists(st.sampled_from(["", "keep", "keep", "drop", "change", "more"]), min_size=12, max_size=12)


@settings(max_examples=300, deadline=None)
@given(mine=edits, theirs=edits)
def test_edits_that_are_apart_are_both_applied(mine: Sequence[str], theirs: Sequence[str]) -> None:
    base = [f"Paragraf nomor {n} tentang hal ke{n}." for n in range(12)]

    def made(plan: Sequence[str], who: str) -> list[list[str]]:
        results = {"drop": [], "change": ["{0} Diubah {1}."], "more": ["{0}", "Tambahan {1} pada {2}."]}
        return [
            [t.format(text, who, n) for t in results.get(step, ["{0}"])]
            for n, (text, step) in enumerate(zip(base, plan, strict=True))
        ]

    def touched(plan: Sequence[str]) -> set[int]:
        return {n for n, step in enumerate(plan) if step in ("drop", "change", "more")}

    a, b = touched(mine), touched(theirs)
    assume(not any(n + d in b for n in a for d in (-1, 0, 1)))
    ours, others = made(mine, "saya"), made(theirs, "lain")
    wanted = [ours[n] if n in a else others[n] for n in range(12)]
    got = merged(of(*base), of(*chain(*ours)), of(*chain(*others)))
    assert got == of(*chain(*wanted))


words = st.lists(st.sampled_from(["aset", "kantor", "lelang", "dan", ".", "30"]), max_size=12).map(" ".join)


def test_whose_change_is_whose_makes_no_difference() -> None:
    """Two changes at one place, near a third: found by the law below."""
    base = "aset kantor aset kantor kantor aset"
    one = "aset aset aset aset aset kantor aset kantor kantor aset kantor"
    other = "aset aset aset aset aset kantor aset kantor aset kantor aset kantor"
    assert merge_texts(base, one, other) == merge_texts(base, other, one)


@settings(max_examples=300, deadline=None)
@given(base=words, mine=words, theirs=words)
def test_short_texts_follow_the_same_laws(base: str, mine: str, theirs: str) -> None:
    assert merge_texts(base, base, theirs) == theirs
    assert merge_texts(base, mine, base) == mine
    assert merge_texts(base, mine, mine) == mine
    assert merge_texts(base, mine, theirs) == merge_texts(base, theirs, mine)


@settings(max_examples=200, deadline=None)
@given(base=bodies, mine=bodies, theirs=bodies)
def test_choosing_both_loses_no_word_of_either(base: str, mine: str, theirs: str) -> None:
    """A word is gone only where one side took it out and the other left it alone."""
    parts = merge_bodies(base, mine, theirs)
    kept = {w for b in read_blocks(body_of(parts, [])) for w in b.words}
    known = {w for b in read_blocks(base) for w in b.words}
    for side in (mine, theirs):
        assert {w for b in read_blocks(side) for w in b.words} - known <= kept


# In particular


def test_two_people_in_different_paragraphs() -> None:
    base = of("Satu.", "Dua.", "Tiga.")
    assert merged(base, of("Satu, diubah.", "Dua.", "Tiga."), of("Satu.", "Dua.", "Tiga, diubah.")) == of(
        "Satu, diubah.", "Dua.", "Tiga, diubah."
    )


def test_two_people_in_neighbouring_paragraphs() -> None:
    base = of("Aset negara dilelang.", "Peserta datang pagi.")
    got = merged(
        base,
        of("Aset negara dilelang besok.", "Peserta datang pagi."),
        of("Aset negara dilelang.", "Peserta datang pagi sekali."),
    )
    assert got == of("Aset negara dilelang besok.", "Peserta datang pagi sekali.")


def test_two_people_in_one_paragraph_far_from_each_other() -> None:
    base = of("Kantor melelang tiga puluh aset milik negara pada hari Senin pagi di aula.")
    mine = base.replace("tiga puluh", "<strong>32</strong>")
    theirs = base.replace("Senin pagi", "Selasa siang")
    assert merged(base, mine, theirs) == of(
        "Kantor melelang <strong>32</strong> aset milik negara pada hari Selasa siang di aula."
    )


def test_the_same_words_are_a_clash_with_three_choices() -> None:
    base, mine, theirs = (
        of("Lelang hari Senin.", "Tetap."),
        of("Lelang hari Rabu.", "Tetap."),
        of("Lelang hari Kamis.", "Tetap."),
    )
    parts = merge_bodies(base, mine, theirs)
    assert len(clashes_of(parts)) == 1
    assert body_of(parts, [Choice.MINE]) == mine
    assert body_of(parts, [Choice.THEIRS]) == theirs
    assert body_of(parts, [Choice.BOTH]) == of("Lelang hari Rabu.", "Lelang hari Kamis.", "Tetap.")
    assert body_of(parts, []) == body_of(parts, [Choice.BOTH])


def test_words_next_to_each_other_are_not_put_together() -> None:
    base = of("Peserta lelang wajib membayar uang jaminan sebelum hari pelaksanaan lelang.")
    mine, theirs = base.replace("wajib", "tidak wajib"), base.replace("membayar", "menyetor")
    assert len(clashes_of(merge_bodies(base, mine, theirs))) == 1


def test_one_takes_out_what_the_other_rewrote() -> None:
    base, theirs = of("Satu.", "Dua kata.", "Tiga."), of("Satu.", "Dua kata lagi.", "Tiga.")
    parts = merge_bodies(base, of("Satu.", "Tiga."), theirs)
    assert len(clashes_of(parts)) == 1
    assert body_of(parts, []) == theirs, "nothing is lost while nobody has chosen"


def test_two_additions_at_the_same_place_are_a_clash() -> None:
    base = of("Satu.", "Dua.")
    parts = merge_bodies(base, of("Satu.", "Dari saya.", "Dua."), of("Satu.", "Dari dia.", "Dua."))
    assert len(clashes_of(parts)) == 1
    assert body_of(parts, []) == of("Satu.", "Dari saya.", "Dari dia.", "Dua.")


def test_an_addition_before_a_paragraph_that_the_other_changed() -> None:
    base = of("Satu.", "Dua kata saja.", "Tiga.")
    got = merged(
        base, of("Satu.", "Baru.", "Dua kata saja.", "Tiga."), of("Satu.", "Dua kata lagi.", "Tiga.")
    )
    assert got == of("Satu.", "Baru.", "Dua kata lagi.", "Tiga.")


def test_entries_of_one_list_merge_one_by_one() -> None:
    base = "<ul><li>aset satu</li><li>aset dua</li><li>aset tiga</li></ul>"
    mine = "<ul><li>aset dua</li><li>aset tiga</li></ul>"
    theirs = base.replace("aset tiga", "aset tiga puluh")
    assert merged(base, mine, theirs) == "<ul><li>aset dua</li><li>aset tiga puluh</li></ul>"


def test_rows_of_a_table_merge_cell_by_cell() -> None:
    def table(a: str, b: str) -> str:
        return (
            f"<table><tbody><tr><td><p>Aset kantor</p></td><td><p>{a}</p></td></tr>"
            f"<tr><td><p>Nilai limit</p></td><td><p>{b}</p></td></tr></tbody></table>"
        )

    assert merged(table("30", "5"), table("32", "5"), table("30", "6")) == table("32", "6")


def test_values_merge_when_one_side_left_them_alone() -> None:
    assert merge_value(1, 1, 2) == (True, 2)
    assert merge_value(1, 2, 1) == (True, 2)
    assert merge_value(1, 2, 2) == (True, 2)
    assert merge_value(1, 2, 3) == (False, 2)
