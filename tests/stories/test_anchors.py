"""Where remarks stand: the plain text of a story, and passages followed from one text to the next."""

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.core.html import clean_html
from humasflow.stories.anchors import Anchor, anchor_at, find_quote, map_anchors, project_html, project_plain
from humasflow.stories.anchors.projection import plain_characters, seen_blocks
from humasflow.stories.enums import AnchorState

CASES = json.loads((Path(__file__).parent / "projections.json").read_text(encoding="utf-8"))

words = st.text(st.sampled_from("abcdeKlmn é🎉0123,."), min_size=1, max_size=8).filter(
    lambda w: bool(w.strip())
)
paragraphs = st.lists(words, min_size=1, max_size=12).map(lambda ws: " ".join(" ".join(ws).split()))
texts = st.lists(paragraphs, min_size=1, max_size=8).map("\n".join)


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a range of it that is not only blanks."""
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        start, end = 0, len(text)
    anchor = anchor_at(text, start, end)
    return text, anchor.start, anchor.end


# The plain text


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_plain_text_of_a_story(case: dict[str, str]) -> None:
    assert project_html(case["html"]) == case["text"]


@given(st.lists(st.one_of(
    st.sampled_from(["<p>", "</p>", "<li>", "</li>", "<br>", "<strong>", "</strong>", " ", "\n", "&amp;", "&nbsp;",
                     "&lt;", "<h2>", "</h2>", "<blockquote>", "</blockquote>", '<a href="https://a.b/?x>y">', "</a>",
                     '<span data-mention-user="5" class="mention">@', "</span>", '<figure data-asset="1"></figure>']),
    words,
), max_size=40).map("".join))  # fmt: skip
def test_every_character_knows_where_it_stands(source: str) -> None:
    """The quick way and the one with positions see the same text, and each position holds its character."""
    html = clean_html(source)
    for block, text in seen_blocks(html):
        characters = block.characters(html)
        assert "".join(c.text for c in characters) == text
        places = [r for c in characters for r in c.ranges]
        assert places == sorted(places)
        for character in characters:
            raw = html[slice(*character.ranges[0])]
            assert raw == character.text or raw[0] == "&" or character.text in " \n"


@given(st.text(st.sampled_from("ab é\n\t 🎉"), max_size=40))
def test_fields_without_html(source: str) -> None:
    assert "".join(c.text for c in plain_characters(source)) == project_plain(source)


# From one text to the next


@given(passages())
def test_equal_texts_change_nothing(passage: tuple[str, int, int]) -> None:
    text, start, end = passage
    anchor = anchor_at(text, start, end)
    assert anchor.quote == text[start:end]
    assert anchor.quote.strip() == anchor.quote
    assert map_anchors(text, text, [anchor]) == [anchor]


@settings(max_examples=300)
@given(passages(), texts)
def test_an_anchor_never_lies(passage: tuple[str, int, int], new: str) -> None:
    """Whatever the next text is: what is said to be held is there word for word, and what is not is flagged."""
    text, start, end = passage
    anchor = anchor_at(text, start, end)
    (mapped,) = map_anchors(text, new, [anchor])
    assert mapped.quote == anchor.quote
    assert 0 <= mapped.start <= mapped.end <= len(new)
    if mapped.state is AnchorState.HELD:
        assert new[mapped.start : mapped.end] == anchor.quote
    else:
        assert mapped.prefix == anchor.prefix and mapped.suffix == anchor.suffix
    if mapped.state is AnchorState.CHANGED:
        assert mapped.start < mapped.end


@settings(max_examples=300)
@given(st.lists(paragraphs, min_size=1, max_size=8), st.data())
def test_edits_to_other_passages_never_move_the_quoted_text(found: list[str], data: st.DataObject) -> None:
    """Paragraphs are put in, taken out and rewritten everywhere but where the remark stands."""
    lines = [f"{n}: {paragraph}" for n, paragraph in enumerate(found)]  # no two read the same
    text = "\n".join(lines)
    start = data.draw(st.integers(0, len(text) - 1))
    anchor = anchor_at(text, start, data.draw(st.integers(start + 1, len(text))))
    if not anchor.quote:
        anchor = anchor_at(text, 0, len(text))
    first, last = text.count("\n", 0, anchor.start), text.count("\n", 0, anchor.end)
    fresh = st.lists(paragraphs.map(lambda p: f"baru: {p}"), max_size=4)
    new_lines = data.draw(fresh)
    for n, line in enumerate(lines):
        fate = "kept" if first <= n <= last else data.draw(st.sampled_from(["kept", "gone", "rewritten"]))
        new_lines += [line] if fate == "kept" else [f"{line} lagi"] if fate == "rewritten" else []
        if not first <= n < last:
            new_lines += data.draw(fresh)
    new = "\n".join(new_lines)
    (mapped,) = map_anchors(text, new, [anchor])
    assert mapped.state is AnchorState.HELD
    assert mapped.start == new.index("\n".join(lines[first : last + 1])) + anchor.start - text.index(
        lines[first]
    )


@settings(max_examples=300)
@given(passages(), words, st.data())
def test_one_edit_in_the_same_paragraph(passage: tuple[str, int, int], put: str, data: st.DataObject) -> None:
    """A single change outside the passage leaves it exactly where it has to be, or at words that read the same."""
    text, start, end = passage
    if data.draw(st.booleans()):
        a = data.draw(st.integers(0, start))
        b = data.draw(st.integers(a, start))
    else:
        a = data.draw(st.integers(end, len(text)))
        b = data.draw(st.integers(a, len(text)))
    new = text[:a] + put + text[b:]
    (mapped,) = map_anchors(text, new, [anchor_at(text, start, end)])
    quote = text[start:end]
    places = re.findall(f"(?={re.escape(quote)})", new)  # those that overlap too
    if len(places) == 1 and mapped.state is AnchorState.HELD:
        assert mapped.start == new.index(quote)
    if len(quote.split()) > 2:
        assert mapped.state is not AnchorState.LOST


STORY = """Kantor menjual tiga aset negara lewat lelang pada Kamis.
Hasilnya Rp2,2 miliar dan disetor ke kas negara.
“Kami berterima kasih kepada peserta,” kata Kepala Kantor.
Lelang berikutnya digelar bulan depan di Semarang."""


def _at(quote: str, text: str = STORY) -> Anchor:
    assert text.count(quote) == 1
    return anchor_at(text, text.index(quote), text.index(quote) + len(quote))


def _one(text: str, anchor: Anchor, old: str = STORY) -> Anchor:
    return map_anchors(old, text, [anchor])[0]


def test_a_passage_follows_its_words_within_a_changed_paragraph() -> None:
    new = STORY.replace("Kantor menjual", "Pada pagi hari, kantor itu menjual").replace(
        "pada Kamis", "hari Kamis lalu"
    )
    mapped = _one(new, _at("tiga aset negara"))
    assert (mapped.state, new[mapped.start : mapped.end]) == (AnchorState.HELD, "tiga aset negara")


def test_a_rewritten_passage_is_flagged_and_its_place_is_known() -> None:
    new = STORY.replace("Rp2,2 miliar", "Rp2,4 miliar")
    mapped = _one(new, _at("Rp2,2 miliar"))
    assert mapped.state is AnchorState.CHANGED
    assert mapped.quote == "Rp2,2 miliar", "the words that were meant are kept"
    assert new[mapped.start : mapped.end] == "Rp2,4 miliar"


def test_a_passage_that_is_taken_out_finds_back_when_it_is_put_back() -> None:
    anchor = _at("“Kami berterima kasih kepada peserta,” kata Kepala Kantor.")
    without = "\n".join(line for line in STORY.split("\n") if "terima kasih" not in line)
    lost = _one(without, anchor)
    assert lost.state is AnchorState.LOST and lost.quote == anchor.quote
    still = map_anchors(without, without + " Sampai jumpa.", [lost])[0]
    assert still.state is AnchorState.LOST
    assert map_anchors(without, STORY, [lost])[0] == anchor


def test_a_lost_word_does_not_settle_on_another_one_like_it() -> None:
    anchor = anchor_at(STORY, STORY.index("lelang"), STORY.index("lelang") + 6)
    lost = _one(STORY.split("\n", 1)[1] + "\nDi tempat lain ada lelang kayu.", anchor)
    assert lost.state is AnchorState.LOST


def test_a_paragraph_that_moves_takes_its_remarks_along() -> None:
    lines = STORY.split("\n")
    new = "\n".join([lines[2], lines[3], lines[0], lines[1]])
    for quote in ("tiga aset negara", "disetor ke kas", "Kepala Kantor", "bulan depan"):
        mapped = _one(new, _at(quote))
        assert (mapped.state, new[mapped.start : mapped.end]) == (AnchorState.HELD, quote)


def test_a_paragraph_cut_in_two_and_joined_again() -> None:
    anchor = _at("disetor ke kas negara")
    two = STORY.replace(" dan disetor", "\nSemuanya disetor")
    mapped = _one(two, anchor)
    assert (mapped.state, two[mapped.start : mapped.end]) == (AnchorState.HELD, anchor.quote)
    assert map_anchors(two, STORY, [mapped])[0] == anchor


def test_a_passage_over_two_paragraphs() -> None:
    anchor = anchor_at(STORY, STORY.index("Kamis"), STORY.index("miliar"))
    new = "Semarang, 21 November.\n" + STORY
    mapped = _one(new, anchor)
    assert new[mapped.start : mapped.end] == anchor.quote and "\n" in anchor.quote
    changed = _one(STORY.replace("pada Kamis", "pada Jumat"), anchor)
    assert changed.state is AnchorState.CHANGED


def test_the_whole_of_a_short_field() -> None:
    old, new = "Lelang laku", "Lelang laku keras"
    mapped = map_anchors(old, new, [anchor_at(old, 0, len(old))])[0]
    assert (mapped.state, mapped.start, mapped.end) == (AnchorState.HELD, 0, len(old))


def test_looking_for_a_passage() -> None:
    text = "Pagi itu lelang dibuka.\nSore itu lelang ditutup."
    assert find_quote(text, "lelang", "Sore itu ", " ditutup.") == (33, 39)
    assert find_quote(text, "lelang", "Siang itu ", " dimulai.") is None
    assert find_quote(text, "", "", "") is None
    assert find_quote("aaaa", "a", "", "") is None, "two places and nothing that tells them apart"


def test_three_hundred_remarks_in_twenty_thousand_words_are_followed_at_once() -> None:
    """Under a tenth of a second, also when a word is put into every paragraph."""
    chance = random.Random(4)
    vocabulary = [
        "".join(chance.choice("abdegiklmnoprstu") for _ in range(chance.randint(2, 9))) for _ in range(3000)
    ]
    lines = [" ".join(chance.choice(vocabulary) for _ in range(50)) for _ in range(400)]
    old = "\n".join(lines)
    anchors = []
    for _ in range(300):
        start = chance.randrange(len(old) - 60)
        anchors.append(anchor_at(old, start, start + chance.randint(3, 60)))
    one = old.replace(lines[200], "Paragraf ini ditulis ulang sama sekali.")
    every = "\n".join(re.sub(" ", " baru ", line, count=chance.randint(1, 3)) for line in lines)
    html = "".join(f"<p>{line}</p>" for line in lines)
    for new in (one, every, "\n".join(["Kalimat baru di awal.", *lines])):
        best = min(_timed(lambda new=new: map_anchors(old, new, anchors)) for _ in range(3))
        floor = min(_timed(lambda: project_html(html)) for _ in range(3))
        # Beside what merely reading the text costs, for a machine that is busy with other things.
        assert best < max(0.1, 17 * floor), f"{best * 1000:.0f} ms, reading {floor * 1000:.0f} ms"
    held = [a for a in map_anchors(old, every, anchors) if a.state is AnchorState.HELD]
    assert len(held) > 250
    assert all(every[a.start : a.end] == a.quote for a in held)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
