"""A preview shows word for word what goes out, coloured and folded as the platform does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters.variant import MediaItem, Variant
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.posts.previewing import LAYOUTS, ChannelPreview, fold_at, runs_of


def account(platform: str) -> ChannelAccount:
    kind = ChannelKind(
        code=platform, label=platform, icon="share", adapter="manual", counter="chars", limits={}, hosts=[]
    )
    return ChannelAccount(name="Kantor Uji", handle="@kantoruji", adapter="manual", limits={}, kind=kind)


def preview(platform: str, text: str = "Halo", **values: object) -> ChannelPreview:
    return ChannelPreview(account(platform), Variant(title="Judul", text=text, **values))  # type: ignore[arg-type]


WORDS = "Baca https://a.go.id/x#isi tentang #Lelang oleh @kantor.uji, a@b.go.id"


@pytest.mark.parametrize(
    ("layout", "coloured"),
    [
        ("x", ["https://a.go.id/x#isi", "#Lelang", "@kantor.uji"]),
        ("instagram", ["#Lelang", "@kantor.uji"]),
        ("facebook", ["https://a.go.id/x#isi", "#Lelang"]),
        ("bluesky", ["https://a.go.id/x#isi", "#Lelang"]),
        ("whatsapp", ["https://a.go.id/x#isi"]),
        ("newsroom", ["https://a.go.id/x#isi"]),
    ],
)
def test_what_is_coloured_where(layout: str, coloured: list[str]) -> None:
    found = runs_of(WORDS, layout)
    assert [run.text for run in found if run.kind != "text"] == coloured
    assert "".join(run.text for run in found) == WORDS


def test_mentions_with_a_server_and_marks_of_whatsapp() -> None:
    assert [r.text for r in runs_of("oleh @kantor@sosial.go.id!", "mastodon") if r.kind == "mention"] == [
        "@kantor@sosial.go.id"
    ]
    found = runs_of("*Lelang* _dibuka_ ~besok~ 2*3*4 a_b_c", "whatsapp")
    assert [(r.kind, r.text) for r in found if r.kind != "text"] == [
        ("bold", "Lelang"), ("italic", "dibuka"), ("strike", "besok"),
    ]  # fmt: skip


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
    st.sampled_from(sorted(set(LAYOUTS.values()) - {"whatsapp"})),
)
def test_the_runs_joined_are_the_text(text: str, layout: str) -> None:
    assert "".join(run.text for run in runs_of(text, layout)) == text


@given(st.text(max_size=400), st.integers(10, 200), st.integers(1, 5))
def test_a_fold_loses_nothing_and_keeps_its_bounds(text: str, chars: int, lines: int) -> None:
    at = fold_at(text, chars, lines)
    assert 0 <= at <= len(text)
    if at < len(text):
        assert at <= chars or text.count("\n", 0, at) < lines
        assert text[at:].strip()


def test_a_long_caption_folds_at_a_word() -> None:
    shown = preview("instagram", "kata " * 60)
    assert len("".join(r.text for r in shown.head)) <= 125
    assert ("".join(r.text for r in shown.head) + "".join(r.text for r in shown.rest)) == shown.text
    assert preview("x", "kata " * 60).rest == []


def test_link_and_hashtags_stand_where_they_will() -> None:
    shown = preview("x", link="https://a.go.id", hashtags=("Lelang",))
    assert shown.text == "Halo\n\nhttps://a.go.id\n\n#Lelang"
    assert shown.card is not None
    assert (shown.card.host, shown.card.title) == ("a.go.id", "Judul")


def test_a_card_is_drawn_only_where_the_platform_does_and_no_picture_is() -> None:
    pictures = (MediaItem(1),)
    assert preview("x", link="https://a.go.id", media=pictures).card is None
    assert preview("instagram", link="https://a.go.id").card is None
    assert preview("facebook", "Lihat https://b.go.id/2").card is not None
    assert preview("facebook", link="javascript:alert(1)").card is None


def test_no_more_pictures_than_the_platform_shows_side_by_side() -> None:
    shown = preview("facebook", media=tuple(MediaItem(n) for n in range(7)))
    assert (len(shown.shown), shown.hidden) == (4, 3)


def test_an_account_without_a_name_to_shorten_has_a_mark() -> None:
    made = account("x")
    made.name, made.handle = "🎉", ""
    shown = ChannelPreview(made, Variant(text="Halo"))
    assert (shown.initials, shown.handle) == ("·", "")


def test_right_to_left_stays_whole() -> None:
    words = "مزاد علني #مزاد https://a.go.id"
    assert "".join(r.text for r in runs_of(words, "x")) == words
    assert ("tag", "#مزاد") in [(r.kind, r.text) for r in runs_of(words, "x")]
