"""Which things are pointed out as alike, and how that is explained."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.pitches.similarity import Described, Likeness, compare, most_alike, stem, tokens

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lelang UMKM binaan laku semua", "Lelang UMKM binaan laku"),
        ("Pelelangan kendaraan dinas", "Melelang kendaraan dinas"),
        ("Penilaian gedung arsip rampung", "Kantor menilai gedung arsip"),
        ("Sosialisasi e-Auction di Bangkalan", "SOSIALISASI E-AUCTION, BANGKALAN!"),
        ("Senam", "senam"),
    ],
)
def test_the_same_activity_in_other_words(one, other):
    match = compare(Described(one), Described(other))
    assert match is not None
    assert Likeness.TITLE in match.likenesses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lelang UMKM binaan", "Senam bersama pegawai"),
        ("Kegiatan yang dilakukan bersama", "Kegiatan itu sudah selesai"),  # nothing but stop words in common
        ("Lelang", "Lelang kendaraan dinas di Surabaya laku keras"),  # one word in common is a coincidence
        ("", ""),
        ("di ke dari", "di ke dari"),
    ],
)
def test_different_things_stay_apart(one, other):
    assert compare(Described(one), Described(other)) is None


def test_the_same_day_and_room_alone_are_not_alike():
    one = Described("Rapat pimpinan", happened_on=DAY, place="Aula lantai dua")
    other = Described("Donor darah", happened_on=DAY, place="Aula lantai dua")
    assert compare(one, other) is None


def test_date_and_place_strengthen_and_are_named():
    one = Described("Lelang UMKM binaan", happened_on=DAY, place="Aula kantor")
    other = Described("Pameran produk UMKM binaan", happened_on=DAY, place="aula kantor lt. 2")
    match = compare(one, other)
    assert match is not None
    assert match.likenesses == (Likeness.TITLE, Likeness.DATE, Likeness.PLACE)
    bare = compare(Described(one.title), Described(other.title))
    assert bare is None or bare.score < match.score


def test_another_week_counts_against():
    near = compare(
        Described("Senam pagi bersama pegawai", happened_on=DAY), Described("Senam pagi", happened_on=DAY)
    )
    far = compare(
        Described("Senam pagi bersama pegawai", happened_on=DAY),
        Described("Senam pagi", happened_on=date(2026, 10, 2)),
    )
    assert near is not None
    assert far is None or far.score < near.score


def test_alike_by_what_was_told():
    one = Described(
        "Kabar baik dari seksi kami", "Lelang kendaraan dinas laku tiga kali lipat dari harga limit"
    )
    other = Described("Kendaraan dinas laku", "Harga lelang kendaraan dinas tiga kali lipat limit")
    match = compare(one, other)
    assert match is not None
    assert match.likenesses[0] is Likeness.TEXT


@pytest.mark.usefixtures("in_request")
def test_the_explanation_reads_as_a_sentence():
    match = compare(Described("Lelang kapal", happened_on=DAY), Described("Lelang kapal", happened_on=DAY))
    assert match is not None
    assert match.explanation == "judul, tanggal"


def test_the_most_alike_come_first_and_are_few():
    others = [
        (n, Described(t))
        for n, t in enumerate(["Lelang kapal", "Lelang kapal nelayan", "Donor darah", "Kapal lelang"])
    ]
    found = most_alike(Described("Lelang kapal"), others, limit=2)
    assert [key for key, _match in found] == [3, 0]


def test_stems_meet():
    assert len({stem(w) for w in ("lelang", "melelang", "dilelang", "pelelangan", "dilelangkan")}) == 1
    assert tokens("Kegiatan di kantor pada 21 November") == {"kantor", "21", "november"}


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_compares_alike_both_ways(one, other):
    there, back = compare(Described(one), Described(other)), compare(Described(other), Described(one))
    assert (there is None) is (back is None)
    if there is not None and back is not None:
        assert there == back
        assert 0 < there.score <= 1
