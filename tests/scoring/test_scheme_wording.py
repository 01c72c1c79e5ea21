"""Rules read back in plain sentences, and two versions beside each other."""

from decimal import Decimal

import pytest

from humasflow.core.periods import PeriodType
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.comparison import compare_versions
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity, VersionState
from humasflow.scoring.models import Component, SchemeVersion, Target
from humasflow.scoring.naming import Names
from humasflow.scoring.wording import describe, describe_rules, describe_selection, kind_hint

pytestmark = pytest.mark.usefixtures("in_request")
NAMES = Names(
    types={"berita_terbaru": "Berita terbaru", "reels": "Reels"},
    kinds={"facebook": "Facebook"},
    pillars={3: "Lelang"},
)


def component(**changes) -> Component:
    plain = {
        "key": "k", "label": "Berita Terbaru", "kind": ComponentKind.COUNT_RATIO, "weight": Decimal(60),
        "cap": Decimal(100), "polarity": Polarity.MAXIMISE, "partial_credit": True, "parameters": {},
        "content_types": ["berita_terbaru"], "channel_kinds": [], "account_ids": [], "pillar_ids": [],
        "campaign_ids": [], "section_ids": [], "counts_reposts": False, "counts_unverified": False,
    }  # fmt: skip
    return Component(**(plain | changes))


def target(value, upper=None) -> Target:
    return Target(value=Decimal(value), upper=None if upper is None else Decimal(upper), is_withdrawn=False)


def said(item: Component, goal: Target | None = None, per: PeriodType = PeriodType.QUARTER) -> str:
    return describe(item, goal, per, names=NAMES)


def test_the_sentence_of_the_design():
    assert said(component(), target(60)) == (
        "Berita Terbaru: 60% dari nilai; 60 berita per triwulan; lebih dari target tidak menambah"
    )


@pytest.mark.parametrize(
    ("changes", "goal", "words"),
    [
        ({"weight": Decimal("12.5")}, target(60), "12,5% dari nilai"),
        ({"weight": Decimal(0)}, target(60), "ditampilkan, tidak dijumlahkan"),
        ({}, None, "target belum ditetapkan"),
        ({"cap": None}, target(60), "lebih dari target terus menambah"),
        ({"cap": Decimal(120)}, target(60), "paling tinggi 120%"),
        ({"partial_credit": False}, target(60), "kurang dari target tidak bernilai"),
        ({"polarity": Polarity.MINIMISE}, target(10), "makin kecil makin baik; lebih baik dari target tidak menambah"),
        ({"polarity": Polarity.MINIMISE, "cap": None, "partial_credit": False}, target(10), "lebih baik dari target terus menambah; tidak bernilai sampai target terpenuhi"),
        ({"polarity": Polarity.STABILISE}, target(80, 90), "di atas rentang tidak menambah"),
        ({"polarity": Polarity.STABILISE, "cap": None}, target(80, 90), "di atas rentang terus menambah"),
        ({"kind": ComponentKind.RANK, "parameters": {"formula": "target"}}, target(20), "atau lebih baik; lebih baik dari target tidak menambah"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"reels|*": "5"}, "plain": True}}, None, "langsung menjadi nilai; paling tinggi 100%"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"*|*": "1"}}}, None, "poin tiap publikasi 1;"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"reels|facebook": "5", "reels|*": "2", "*|facebook": "3", "*|x": "1"}}}, None,
         "reels di Facebook 5, reels di kanal lain 2, jenis lain di Facebook 3, jenis lain di x 1"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"reels|facebook": "5", "*|x": "1"}}}, None, "semua jenis konten di x 1"),
        ({"parameters": {"maximum": "80"}}, target(60), "paling banyak dapat dicapai 80"),
        ({"polarity": Polarity.STABILISE}, target(80, 90), "80 sampai 90 berita per triwulan"),
        ({"polarity": Polarity.MINIMISE}, target(10), "paling banyak 10 berita per triwulan"),
        ({"content_types": ["reels"]}, target(4), "4 reels per triwulan"),
        ({"content_types": []}, target(4), "4 publikasi per triwulan"),
        ({"kind": ComponentKind.CADENCE, "parameters": {"unit": "week", "minimum": 2}}, None, "paling sedikit 2 publikasi tiap pekan"),
        ({"kind": ComponentKind.CADENCE, "parameters": {"unit": "day", "minimum": 1, "weekdays": [0, 2]}}, None, "tiap hari Senin, Rabu"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"reels|facebook": "5", "*|*": "1"}}}, target(100), "poin reels di Facebook 5, selebihnya 1; 100 poin per triwulan"),
        ({"kind": ComponentKind.POINTS, "parameters": {"points": {"reels|*": "5"}, "plain": True}}, None, "jumlah poin langsung menjadi nilai"),
        ({"kind": ComponentKind.CHECKLIST, "parameters": {"items": [{"key": "a", "label": "A"}], "maximum": "2"}}, None, "1 butir bernilai 0, 1, atau 2, dibagi 2"),
        ({"kind": ComponentKind.RUBRIC, "parameters": {"aspects": ["Foto"]}}, None, "rata-rata nilai para penilai, 0 sampai 100; dilihat dari Foto"),
        ({"kind": ComponentKind.RATE, "parameters": {"formula": "by_followers", "requires_all": True}}, target(3), "interaksi ÷ pengikut); semua angkanya harus diketahui; target 3%"),
        ({"kind": ComponentKind.GROWTH, "parameters": {"what": "pengikut Instagram"}}, target(20), "pertumbuhan pengikut Instagram dibandingkan dengan periode sebelumnya; target 20%"),
        ({"kind": ComponentKind.RANK, "parameters": {"formula": "behind"}}, None, "(N − peringkat + 1) ÷ N"),
        ({"kind": ComponentKind.RANK, "parameters": {"formula": "target"}}, target(20), "peringkat ke-20 atau lebih baik"),
        ({"kind": ComponentKind.GATE, "weight": Decimal(0), "parameters": {"question": "Terdaftar?"}}, None, "syarat wajib; “Terdaftar?”; bila tidak terpenuhi, tidak ada nilai"),
        ({"kind": ComponentKind.POINTS, "parameters": {}}, None, "belum lengkap: Tulis paling sedikit satu poin"),
    ],
)  # fmt: skip
def test_every_kind_and_every_switch_is_said(changes, goal, words):
    assert words in said(component(**changes), goal)


@pytest.mark.parametrize("per", list(PeriodType))
def test_the_period_of_the_scheme_is_named(per):
    assert per.adverb in said(component(), target(60), per)


def test_what_counts_is_said_with_the_office_s_own_names():
    counted = describe_selection(
        component(channel_kinds=["facebook"], pillar_ids=[3], counts_reposts=True, counts_unverified=True),
        NAMES,
    )

    assert counted.startswith("Menghitung berita terbaru di Facebook. Pilar: Lelang.")
    assert "Tayang ulang" in counted and "sebelum diverifikasi" in counted
    assert describe_selection(component(kind=ComponentKind.RANK), NAMES) == ""


def test_what_is_judged_is_said_like_what_counts():
    rubric = component(
        kind=ComponentKind.RUBRIC, channel_kinds=["facebook"], pillar_ids=[3], counts_reposts=True
    )
    assert describe_selection(rubric, NAMES) == (
        "Menilai berita terbaru di Facebook. Pilar: Lelang. Tayang ulang dengan tautan baru ikut dinilai."
    )
    everything = component(kind=ComponentKind.RUBRIC, content_types=[])
    assert describe_selection(everything, NAMES) == "Menilai semua jenis konten di semua kanal."


def version(*components: Component, **changes) -> SchemeVersion:
    plain = {
        "number": 1, "state": VersionState.ACTIVE, "rounding": RoundingRule.HALF_UP_2, "total_cap": None,
        "consolidation": Consolidation.AVERAGE, "conversion": {}, "bands": [],
    }  # fmt: skip
    return SchemeVersion(components=list(components), **(plain | changes))


def test_the_rules_around_are_named_too():
    sentences = " ".join(
        describe_rules(
            version(
                total_cap=Decimal(120), consolidation=Consolidation.LAST, rounding=RoundingRule.DOWN_2,
                bands=[{"lower": "0", "label": "Cukup"}, {"lower": "89.5", "label": "Baik"}],
                conversion={"segments": [{"lower": "0"}, {"lower": "100", "is_unknown": True, "known": {"100": "109"}}]},
            ),
            PeriodType.MONTH,
        )
    )  # fmt: skip

    for words in ("per bulan", "paling tinggi 120", "sisanya dipotong", "diambil yang terakhir diketahui",
                  "Baik mulai 89,5; Cukup mulai 0", "Bagian mulai 100 belum lengkap"):  # fmt: skip
        assert words in sentences


def test_a_comparison_names_what_changed_and_nothing_else():
    old = version(component(), component(key="a", label="Artikel", weight=Decimal(40)))
    new = version(
        component(weight=Decimal(50), cap=Decimal(120)), component(key="n", label="Video", weight=Decimal(50)),
        total_cap=Decimal(110),
    )  # fmt: skip
    found = compare_versions(old, new, PeriodType.QUARTER, NAMES)

    assert [(d.label, d.aspect, d.before is None, d.after is None) for d in found] == [
        ("Berita Terbaru", "Bobot", False, False), ("Berita Terbaru", "Cara menilai", False, False),
        ("Video", "Komponen", True, False), ("Artikel", "Komponen", False, True),
        ("Seluruh skema", "Aturan", False, False),
    ]  # fmt: skip
    assert (found[0].before, found[0].after) == ("60%", "50%")
    assert compare_versions(old, old, PeriodType.QUARTER, NAMES) == []


POINTS = {f"jenis_{n}|*": "1" for n in range(6)}
ITEMS = [{"key": key, "label": f"Butir {key}"} for key in "abcdef"]


@pytest.mark.parametrize(
    ("before", "after", "aspect", "words"),
    [
        ({"kind": ComponentKind.POINTS, "parameters": {"points": POINTS}},
         {"kind": ComponentKind.POINTS, "parameters": {"points": POINTS | {"jenis_5|*": "9"}}}, "Cara menilai", "jenis 5 di semua kanal 9"),
        ({"content_types": list("abcdef")}, {"content_types": list("abcdeg")}, "Yang dihitung", "a, b, c, d, e, g"),
        ({"kind": ComponentKind.RUBRIC, "parameters": {"aspects": list("abcde")}},
         {"kind": ComponentKind.RUBRIC, "parameters": {"aspects": list("abcdf")}}, "Cara menilai", "a, b, c, d, f"),
        ({"kind": ComponentKind.CHECKLIST, "parameters": {"items": ITEMS}},
         {"kind": ComponentKind.CHECKLIST, "parameters": {"items": [*ITEMS[:5], {"key": "g", "label": "Butir g"}]}}, "Butir", "Butir g"),
        ({"kind": ComponentKind.RATE, "parameters": {}}, {"kind": ComponentKind.RATE, "parameters": {}, "channel_kinds": ["facebook"]},
         "Yang dihitung", "di Facebook"),
        ({"kind": ComponentKind.RUBRIC, "parameters": {}}, {"kind": ComponentKind.RUBRIC, "parameters": {}, "channel_kinds": ["facebook"]},
         "Publikasi yang dinilai", "di Facebook"),
        ({"parameters": {}}, {"parameters": {"maximum": "80"}}, "Cara menilai", "dapat dicapai 80"),
    ],
)  # fmt: skip
def test_no_difference_hides_behind_a_short_list(before, after, aspect, words):
    found = compare_versions(
        version(component(**before)), version(component(**after)), PeriodType.QUARTER, NAMES
    )

    assert [d.aspect for d in found] == [aspect]
    assert words in found[0].after and words not in found[0].before


def test_other_numbers_of_a_conversion_are_told_beside_another_rule():
    def ruled(base: str, **changes) -> SchemeVersion:
        table = {"segments": [{"lower": "0", "base": base, "numerator": "19", "denominator": "20.5"}]}
        return version(component(), conversion=table, **changes)

    found = compare_versions(ruled("50"), ruled("51", total_cap=Decimal(110)), PeriodType.QUARTER, NAMES)

    assert [d.aspect for d in found] == ["Aturan", "Tabel konversi"]
    assert (found[1].before, found[1].after) == (
        "mulai 0: 50 + 19 ÷ 20,5 × (c − 0)", "mulai 0: 51 + 19 ÷ 20,5 × (c − 0)",
    )  # fmt: skip


def test_a_long_list_is_whole_where_the_rules_are_read():
    points = component(kind=ComponentKind.POINTS, parameters={"points": POINTS})

    assert "+2" in describe(points, None, PeriodType.QUARTER)
    assert "jenis 5 di semua kanal 1" in describe(points, None, PeriodType.QUARTER, whole=True)


def test_every_kind_says_what_it_is_for():
    assert len({kind_hint(kind) for kind in ComponentKind}) == len(ComponentKind)
