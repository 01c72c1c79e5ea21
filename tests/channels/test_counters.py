"""Lengths in the platforms' own units, links and hashtags. The weighted examples follow the count X publishes."""

import itertools
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters.base import Counter
from humasflow.channels.adapters.counters import as_hashtag, count, find_hashtags, find_links

TEXTS = st.text(
    st.sampled_from(list("ab Z09.,#@&/-_:é日👍🏽\u200d\ufe0f\n")) | st.characters(exclude_categories=["Cs"])
)
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Lelang hari ini", 15),
        ("Lélang", 6),
        ("Le\u0301lang", 6),  # composed before counting
        ("“Aset” – negara…", 17),  # typographic quotes and dash are light, the ellipsis is not
        ("拍卖", 4),
        ("👍", 2),
        ("👍🏽", 2),
        (FAMILY, 2),
        ("🇮🇩", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("❤\ufe0e", 4),  # asked for as text: two heavy characters
        ("© 2026", 6),
        ("©️", 2),
        ("12#*", 4),
        ("Simak https://kantor-contoh.example.id/berita/14021-judul-yang-panjang-sekali-sampai-habis.", 30),
        ("Simak kantor.go.id", 29),
        ("Simak 👉kantor.go.id/berita", 31),
        ("Hari ini.Besok", 14),  # "besok" is no top-level domain
        ("surat ke humas@kantor.go.id", 27),
        ("a https://a.id https://b.id", 49),
    ],
)
def test_the_weighted_length(text, length):
    assert count(text, Counter.WEIGHTED) == length


@pytest.mark.parametrize(
    ("text", "lengths"),
    # weighted, graphemes, utf16, bytes, chars, chars with emoji as bytes
    [
        ("Aset", (4, 4, 4, 4, 4, 4)),
        ("é", (1, 1, 1, 2, 1, 1)),
        (FAMILY, (2, 1, 11, 25, 7, 25)),
        ("👍🏽!", (3, 2, 5, 9, 3, 9)),
        ("日本", (4, 2, 2, 6, 2, 2)),
        ("ก็", (2, 1, 2, 6, 2, 2)),
        ("\r\n", (2, 1, 2, 2, 2, 2)),
    ],
)
def test_each_counter_on_the_same_text(text, lengths):
    assert tuple(count(text, counter) for counter in Counter) == lengths


def test_where_every_link_costs_the_same():
    text = "Simak https://kantor.go.id/berita/14021-judul-panjang-sekali"

    assert count(text, Counter.GRAPHEMES, url_length=23) == 29
    assert count(text, Counter.GRAPHEMES) == 60
    # Without https:// it is text for the servers that count this way.
    assert count("kantor.go.id", Counter.GRAPHEMES, url_length=23) == 12
    assert count("https://a.id", Counter.WEIGHTED, url_length=99) == 23


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Baca di https://kantor.go.id/berita/1.", ["https://kantor.go.id/berita/1"]),
        ("(https://id.wikipedia.org/wiki/Aset_(negara))", ["https://id.wikipedia.org/wiki/Aset_(negara)"]),
        ("“www.kantor.go.id”, ya", ["www.kantor.go.id"]),
        ("kunjungi kantor.go.id.Terima kasih", ["kantor.go.id"]),
        ("https://a.id/?x=1&y=2, lalu b.co.id/c", ["https://a.id/?x=1&y=2", "b.co.id/c"]),
        ("HTTPS://KANTOR.GO.ID/A", ["HTTPS://KANTOR.GO.ID/A"]),
        ("https://sub_domain.kantor.id https://kantor_salah.id", ["https://sub_domain.kantor.id"]),
        ("https://müller.example.de:8080/x", ["https://müller.example.de:8080/x"]),
        ("twitter.comこれは", ["twitter.com"]),
        ("https://" + "a" * 64 + ".id", []),
        ("Rp1.000.000,00 pukul 09.30 s.d. 10.00", []),
        ("a@kantor.go.id @kantor.id #kantor.id $kantor.id", []),
        ("http://kantor https:// .id", []),
    ],
)
def test_links_in_a_text(text, links):
    assert [span.value for span in find_links(text)] == links


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#LelangDJKN #lelang_2026, #HUTRI80!", ["#LelangDJKN", "#lelang_2026", "#HUTRI80"]),
        ('(#Aset) "#Negara" #BMN.', ["#Aset", "#Negara", "#BMN"]),
        ("#anak-anak #Jum'at", ["#anak", "#Jum"]),
        ("Nomor #1 dan No.#12", []),
        ("#17Agustus", ["#17Agustus"]),
        ("aset#negara &#39; &#x27;", []),
        ("https://a.id/#bagian #tag", ["#tag"]),
        ("📢️#lelang ✨#aset", ["#lelang", "#aset"]),
        ("##ganda #", ["#ganda"]),
        ("#satu#dua", []),
        ("＃lebar #日本語 #éclair", ["＃lebar", "#日本語", "#éclair"]),
        ("#️⃣ bukan", []),
        ("Ikuti #KemenkeuTepercaya\n#BeritaBaik", ["#KemenkeuTepercaya", "#BeritaBaik"]),
    ],
)
def test_hashtags_in_a_text(text, tags):
    assert [span.value for span in find_hashtags(text)] == tags


def test_a_tag_is_typed_with_or_without_its_sign():
    assert as_hashtag("lelang") == as_hashtag(" #lelang ") == as_hashtag("##lelang") == "#lelang"


@given(TEXTS)
def test_spans_are_where_they_say_in_order_and_apart(text):
    for spans in (find_links(text), find_hashtags(text)):
        assert all(text[span.start : span.end] == span.value for span in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(TEXTS)
def test_the_counters_keep_their_order(text):
    normal = unicodedata.normalize("NFC", text)

    assert count(normal, Counter.GRAPHEMES) <= count(normal, Counter.CHARS) <= count(normal, Counter.UTF16)
    assert count(normal, Counter.UTF16) <= count(normal, Counter.BYTES)
    assert (
        count(normal, Counter.CHARS)
        <= count(normal, Counter.CHARS_EMOJI_BYTES)
        <= count(normal, Counter.BYTES)
    )


@given(TEXTS)
def test_the_weighted_length_does_not_depend_on_the_normal_form(text):
    lengths = {count(unicodedata.normalize(form, text), Counter.WEIGHTED) for form in ("NFC", "NFD")}
    assert lengths == {count(text, Counter.WEIGHTED)}


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="."), max_size=300))
def test_plain_ascii_without_a_dot_weighs_its_length(text):
    assert count(text, Counter.WEIGHTED) == len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "ab.",
        "com.",
        "a-",
        "a_.",
        "http://",
        "http://a.",
        "x.com/(",
        "x.com/.",
        "x.com?!",
        "#",
        "#1",
        "👍\u200d",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    text = piece * (60_000 // len(piece))
    started = time.process_time()

    find_hashtags(text)
    count(text, Counter.WEIGHTED)

    assert time.process_time() - started < 3  # a quadratic reading takes the better part of a minute
