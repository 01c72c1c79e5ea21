"""The allow-list of a text, its stored form, what readers get of it, and its plain text."""

import random

import pytest

from humasflow.core.html import (
    body_from_form,
    clean_html,
    figure_assets,
    mentioned_users,
    reading_minutes,
    rendered_body,
    text_from_html,
    without_figures,
    without_mentions,
    word_count,
)
from tests.support.hostile import faults, payloads


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("<b class=x>Tebal</b> <I>miring</I>", "<strong>Tebal</strong> <em>miring</em>"),
        ("<h1>Satu</h1><h5>Lima</h5>", "<h2>Satu</h2><h3>Lima</h3>"),
        ('<a href="https://a.example/x?y=1&z=2" title="Lihat" onclick="x()">a</a>',
         '<a href="https://a.example/x?y=1&amp;z=2" title="Lihat" rel="noopener noreferrer">a</a>'),
        ('<a href="//jahat.example">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="tel:+62411123">a</a>', '<a href="tel:+62411123" rel="noopener noreferrer">a</a>'),
        ('<a href="\x01javascript:alert(1)">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<p style="color:red" class="MsoNormal">a</p>', "<p>a</p>"),
        ('<table style="min-width:50px"><colgroup><col></colgroup><tr><td colspan="2" rowspan="0">a</td></tr></table>',
         '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
        ("<table><thead><tr><th>a</th></tr></thead></table>", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
        ("<p>a\x00b</p>", "<p>ab</p>"),
    ],
)  # fmt: skip
def test_what_is_kept(typed: str, stored: str) -> None:
    assert clean_html(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<figure data-asset="12"><img src="https://jahat.example/x.png" onerror="x()"><figcaption>k</figcaption></figure>',
         '<figure data-asset="12"></figure>'),
        ('<figure data-asset="1 onload=x"><img src=x></figure><p>a</p>', "<p>a</p>"),
        ("<figure><figcaption>Kata</figcaption></figure>", "<p>Kata</p>"),
        ('<figure data-asset="3"><p>Tidak hilang</p></figure>', '<figure data-asset="3"></figure><p>Tidak hilang</p>'),
        ('<figure data-asset="0"></figure>', ""),
        ('<p>a<figure data-asset="5"></figure>b</p>', '<p>a</p><figure data-asset="5"></figure>b<p></p>'),
        ('<p><span class="mention" data-mention-user="5">@Budi</span></p>',
         '<p><span data-mention-user="5" class="mention">@Budi</span></p>'),
        ('<p><span data-mention-user="x">@Budi</span></p>', "<p>@Budi</p>"),
        ('<p><span data-mention-user="1"><span data-mention-user="2">@B</span></span></p>',
         '<p><span data-mention-user="1" class="mention">@B</span></p>'),
    ],
)  # fmt: skip
def test_pictures_and_people_have_one_stored_form(typed: str, stored: str) -> None:
    assert clean_html(typed) == stored
    assert clean_html(stored) == stored


def test_no_payload_survives_and_cleaning_twice_is_cleaning_once() -> None:
    assert len(payloads()) > 4500
    for number, payload in enumerate(payloads()):
        context = ("div", "td", "template")[number % 3]
        for typed in (
            payload,
            f'<p title="{payload}">{payload}</p>',
            f"<table><tr><td>{payload}",
            f"<figure data-asset='{payload}'>",
        ):
            cleaned = clean_html(typed)
            assert clean_html(cleaned) == cleaned, payload
            assert not list(faults(cleaned, contexts=(context,))), payload


def test_random_pieces_put_together() -> None:
    """Payloads cut and glued at random, with our own markup between: mutation finds what a list does not."""
    rng = random.Random(20261121)
    own = ['<figure data-asset="7">', "</figure>", '<span data-mention-user="3" class="mention">', "</span>", "<table>", "<td>",
           "</table>", "<figcaption>", "<svg>", "<math>", "<style>", "<!--", "-->", "<![CDATA[", '"', "'", "&lt;", "<p>"]  # fmt: skip
    known = payloads()
    for _ in range(2500):
        pieces = []
        for _piece in range(rng.randrange(2, 7)):
            text = rng.choice(known)
            cut = rng.randrange(len(text) + 1)
            pieces += [text[:cut] if rng.random() < 0.5 else text[cut:], rng.choice(own)]
        cleaned = clean_html("".join(pieces))
        assert clean_html(cleaned) == cleaned
        assert not list(faults(cleaned)), "".join(pieces)
        assert not list(faults(body_from_form("".join(pieces))))


def test_a_text_is_shown_with_its_pictures_and_without_mentions() -> None:
    body = (
        '<p>Kata <span data-mention-user="5" class="mention">@Budi</span>.</p><figure data-asset="2"></figure>'
        "<table><tbody><tr><th><p>A</p></th></tr><tr><th><p>B</p></th></tr></tbody></table>"
    )
    shown = rendered_body(
        body, lambda asset_id: f"<figure>{asset_id}</figure>", table_label="Tabel", dateline="MKS & Co"
    )
    assert shown == (
        '<p><strong class="dateline" data-not-text>MKS &amp; Co –</strong> Kata Budi.</p><figure>2</figure>'
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Tabel"><table><tbody><tr><th scope="col"><p>A</p></th>'
        '</tr><tr><th scope="row"><p>B</p></th></tr></tbody></table></div>'
    )
    assert "@Budi" in rendered_body(body, lambda _i: "", mentions=True)
    assert figure_assets(body) == [2]
    assert mentioned_users(body) == [5]
    assert "data-mention" not in without_mentions(body)
    assert "figure" not in without_figures(body, {2})


@pytest.mark.parametrize(
    ("html", "text", "words"),
    [
        ("<ul><li><p>satu dua</p></li><li><p>tiga</p></li></ul>", "• satu dua\n• tiga", 3),
        ("<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>", "a | b", 2),
        (
            '<p>Kata <span data-mention-user="5" class="mention">@Budi Utomo</span>.</p>',
            "Kata Budi Utomo.",
            3,
        ),
        ('<p>a</p><figure data-asset="2"></figure><p>b</p>', "a\n\nb", 2),
        ("", "", 0),
    ],
)
def test_plain_text_and_its_words(html: str, text: str, words: int) -> None:
    assert text_from_html(html) == text
    assert word_count(html) == words


def test_reading_time() -> None:
    assert [reading_minutes(n) for n in (0, 50, 200, 500, 20_000)] == [1, 1, 1, 2, 100]
