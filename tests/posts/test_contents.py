"""What a version holds: its digests, hashtags, words, and what is refused before it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.digests import canonical_digest
from humasflow.core.errors import UserError
from humasflow.posts.contents import (
    BaseContent,
    PostContent,
    PostPictureContent,
    check_words,
    cleaned,
    content_digest,
    following,
    refusal_of_tags,
    split_tags,
    words_digest,
)

pytestmark = pytest.mark.usefixtures("in_request")

PLAIN = PostContent("Halo", "https://a.go.id", (PostPictureContent(1, "Isi", "AS"),))


def test_a_content_that_uses_nothing_new_keeps_the_digest_that_was_approved() -> None:
    known = {
        "text": "Halo",
        "link": "https://a.go.id",
        "pictures": [{"sha256": "f" * 64, "alt": "Isi", "credit": "AS"}],
    }
    assert content_digest(PLAIN, ["f" * 64]) == canonical_digest(known)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Judul"},
        {"hashtags": ("Lelang",)},
        {"first_comment": "Selengkapnya di situs."},
        {"adds_utm": True},
        {"pictures": (PostPictureContent(1, "Isi", "AS", "4x5"),)},
    ],
    ids=lambda c: next(iter(c)),
)
def test_everything_that_goes_out_is_in_the_digest(changes: dict[str, object]) -> None:
    changed = PostContent(**{**PLAIN.__dict__, **changes})
    assert content_digest(changed, ["f" * 64]) != content_digest(PLAIN, ["f" * 64])


def test_that_it_follows_the_base_text_does_not_go_out() -> None:
    follower = PostContent(**{**PLAIN.__dict__, "follows_base": True})
    assert content_digest(follower, ["f" * 64]) == content_digest(PLAIN, ["f" * 64])


def test_following_takes_text_link_and_hashtags_and_keeps_the_rest() -> None:
    own = PostContent("Lama", "https://a.go.id", title="Judul", first_comment="Komentar", follows_base=True)
    base = BaseContent("Baru", "https://b.go.id", ("Lelang",))
    took = following(base, own)
    assert (took.text, took.link, took.hashtags) == ("Baru", "https://b.go.id", ("Lelang",))
    assert (took.title, took.first_comment) == ("Judul", "Komentar")
    variant = PostContent("Sendiri")
    assert following(base, variant) is variant


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("#Lelang #KPKN", ("Lelang", "KPKN")),
        ("lelang, kpkn;  melayani", ("lelang", "kpkn", "melayani")),
        ("#a1#b2", ("a1", "b2")),
        ("＃Lelang lelang #LELANG", ("Lelang",)),
        ("  #  ", ()),
        ("#مزاد #日本", ("مزاد", "日本")),
    ],
)
def test_hashtags_as_people_type_them(typed: str, tags: tuple[str, ...]) -> None:
    assert split_tags(typed) == tags


@pytest.mark.parametrize("tag", ["anak-anak", "2026", "dua.kata", "🎉", "a" * 101])
def test_what_a_platform_would_cut_is_no_hashtag(tag: str) -> None:
    assert "tidak dapat menjadi tagar" in refusal_of_tags([tag])
    with pytest.raises(UserError):
        check_words(PostContent("x", hashtags=(tag,)))


def test_line_ends_and_blanks_are_no_difference() -> None:
    typed = PostContent(" a\r\nb \r\n", " https://a.go.id ", hashtags=("#A", "a"), title=" Satu \n dua ")
    assert cleaned(typed) == PostContent("a\nb", "https://a.go.id", hashtags=("A",), title="Satu dua")


@pytest.mark.parametrize(
    "content",
    [
        PostContent("a\x00b"),
        PostContent("x", "https://a.go.id/\x00"),
        PostContent("x", title="\x00"),
        PostContent("x", first_comment="\x00"),
        PostContent("x", pictures=(PostPictureContent(1, "\x00"),)),
        PostContent("separuh emoji \ud83c"),
        BaseContent("a\x00b"),
    ],
    ids=range(7),
)
def test_a_nul_is_refused_with_a_clear_message(content: PostContent | BaseContent) -> None:
    with pytest.raises(UserError, match="karakter tak terlihat"):
        check_words(content)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lelang dibuka hari ini!", "lelang  dibuka\n\nhari ini"),
        ("Lelang dibuka. https://a.go.id/1", "Lelang dibuka. https://b.go.id/2"),
        ("LELANG “dibuka”", "lelang dibuka 🎉"),
        ("ｌｅｌａｎｇ dibuka", "lelang dibuka"),  # full-width letters say the same
    ],
)
def test_the_same_words_have_the_same_digest(one: str, other: str) -> None:
    assert words_digest(one) == words_digest(other) != ""


def test_other_words_have_another_and_no_words_none() -> None:
    assert words_digest("Lelang dibuka") != words_digest("Lelang ditutup")
    assert words_digest("Lelang dibuka") != words_digest("dibuka Lelang")
    assert words_digest("🎉 https://a.go.id") == words_digest("") == ""


@given(st.text(max_size=200))
def test_any_text_has_a_digest_that_its_cleaned_form_shares(text: str) -> None:
    assert words_digest(text) == words_digest(cleaned(PostContent(text)).text)
