"""Rules about the frame of a text, its pictures and its posts; what an office sets; the order of what is found."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from humasflow.channels.adapters.base import Field
from humasflow.channels.adapters.variant import MediaItem
from humasflow.channels.presets.loader import get_platform
from humasflow.guidelines.checks.base import ChannelText, House, PictureFacts, RuleChoice
from humasflow.guidelines.checks.catalogue import CATALOGUE
from humasflow.guidelines.checks.outside import problems_of
from humasflow.guidelines.enums import Consent, RuleCode, RuleLevel, Severity
from tests.factories.guidelines import found

R = RuleCode


def set_to(code: R, severity: Severity | None, **options: object) -> House:
    return House({code: RuleChoice(severity, options)})


def test_every_rule_says_what_it_is_and_where_it_comes_from() -> None:
    assert set(CATALOGUE) == set(R)
    for rule in CATALOGUE.values():
        assert str(rule.explanation).endswith(".") and str(rule.explanation).count(".") <= 2
        assert len(str(rule.source)) > 8


def test_only_what_endangers_somebody_blocks_by_itself() -> None:
    blocking = {c for c, r in CATALOGUE.items() if r.level is RuleLevel.BLOCK}
    assert blocking == {R.NIK, R.NPWP, R.BANK_ACCOUNT, R.CHILD_FACE}
    assert CATALOGUE[R.EXCLUDED_INFORMATION].level is RuleLevel.OFF


@pytest.mark.parametrize(("size", "hits"), [(14, 1), (15, 0), (110, 0), (111, 1)])
def test_headline_length(size: int, hits: int) -> None:
    assert len(found(title="J" * size, code=R.HEADLINE_LENGTH)) == hits


def test_an_office_sets_its_own_threshold_and_weight() -> None:
    house = set_to(R.HEADLINE_LENGTH, Severity.BLOCK, min=5, max=20)
    (one,) = found(title="J" * 21, code=R.HEADLINE_LENGTH, house=house)
    assert one.severity is Severity.BLOCK and "20" in str(one.message) and one.quote == "J" * 21
    assert found(title="J" * 21, code=R.HEADLINE_LENGTH, house=set_to(R.HEADLINE_LENGTH, None)) == []


NEWS = "Kantor Wilayah menyelenggarakan pelatihan bagi tiga puluh satuan kerja"


def test_a_report_that_answers_everything_lacks_nothing() -> None:
    text = (
        f"{NEWS} di Makassar pada Senin, 3 Maret 2026, agar aset negara produktif, melalui simulasi lelang."
    )
    assert found(text, code=R.FIVE_W, content_type="berita_terbaru") == []


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        (f"{NEWS} agar produktif, melalui simulasi, di Makassar.", {}, ["kapan"]),
        (f"{NEWS} agar produktif, melalui simulasi, pada hari Senin.", {}, ["di mana"]),
        (f"{NEWS} di Makassar pada Senin, melalui simulasi.", {}, ["mengapa"]),
        (f"{NEWS} di Makassar pada Senin agar produktif.", {}, ["bagaimana"]),
        (f"{NEWS} agar produktif, melalui simulasi.", {"event_date": date(2026, 3, 3), "place": "Aula"}, []),
        (
            "hujan turun deras sekali sepanjang hari ini di Makassar, melalui celah atap, karena angin kencang sekali",
            {"title": "hujan deras sekali turun"}, ["siapa"],
        ),
    ],
)  # fmt: skip
def test_each_missing_answer_is_named(text: str, facts: dict[str, object], missing: list[str]) -> None:
    messages = [str(f.message) for f in found(text, code=R.FIVE_W, content_type="berita_terbaru", **facts)]
    assert len(messages) == len(missing)
    for word in missing:
        assert any(f"({word})" in m for m in messages)


def test_questions_are_not_asked_of_a_plain_post_or_an_empty_text() -> None:
    assert found(NEWS, code=R.FIVE_W, content_type="unggahan") == []
    assert found("", code=R.FIVE_W, content_type="berita_terbaru") == []


@pytest.mark.parametrize(
    "first",
    [
        "MAKASSAR, 21 November 2026 – Kantor membuka layanan.",
        "JAKARTA SELATAN, 1 Mei 2026 — Kantor membuka layanan.",
        "MAKASSAR (SULSEL), 21 November 2026 - Kantor membuka layanan.",
    ],
)
def test_a_press_release_that_begins_rightly(first: str) -> None:
    assert found(first, code=R.DATELINE, content_type="siaran_pers") == []


@pytest.mark.parametrize(
    ("first", "quote"),
    [
        ("Makassar, 21 November 2026 – Kantor membuka layanan.", "Makassar, 21 November 2026 –"),
        ("MAKASSAR (21/11) - Kantor membuka layanan.", "MAKASSAR (21/11) -"),
        ("MAKASSAR, 21/11/2026 – Kantor membuka layanan.", "MAKASSAR, 21/11/2026 –"),
        ("Kantor membuka layanan baru.", ""),
    ],
)
def test_a_press_release_that_does_not(first: str, quote: str) -> None:
    (one,) = found(
        first,
        code=R.DATELINE,
        content_type="siaran_pers",
        place="Aula kantor, Makassar",
        event_date=date(2026, 11, 21),
    )
    assert one.quote == quote and one.suggestion == "MAKASSAR, 21 November 2026 –"


def test_a_place_that_is_no_city_is_not_proposed() -> None:
    for place, day in (("Mal Pelayanan Publik", date(2026, 3, 3)), ("Makassar", None), ("", None)):
        (one,) = found("Kantor.", code=R.DATELINE, content_type="siaran_pers", place=place, event_date=day)
        assert one.suggestion is None
    (one,) = found(
        "K.", code=R.DATELINE, content_type="siaran_pers", place="Makassar", event_date=date(2026, 3, 3)
    )
    assert one.suggestion == "MAKASSAR, 3 Maret 2026 –"


def test_the_dateline_may_stand_in_its_own_field() -> None:
    assert (
        found("Kantor.", code=R.DATELINE, content_type="siaran_pers", dateline="MAKASSAR, 21 November 2026")
        == []
    )
    (one,) = found("Kantor.", code=R.DATELINE, content_type="siaran_pers", dateline="Makassar, kemarin")
    assert (one.field, one.quote) == ("dateline", "Makassar, kemarin")


QUOTE = "“Kami berharap layanan ini bermanfaat bagi semua,”"


@pytest.mark.parametrize(
    "paragraphs",
    [
        (f"{QUOTE} ujar Budi Santoso.",),
        (f"Kepala kantor mengatakan, {QUOTE} katanya.",),
        ("Siti Rahma menjelaskan sebagai berikut:", QUOTE),
        (f"{QUOTE} kata Siti Rahma.", f"{QUOTE} ujarnya menambahkan."),
        (QUOTE, "Demikian disampaikan Kepala Kantor, Siti Rahma, di Makassar."),
    ],
)
def test_a_quotation_with_a_speaker(paragraphs: tuple[str, ...]) -> None:
    assert found(*paragraphs, code=R.QUOTE_UNNAMED) == []


@pytest.mark.parametrize(
    "paragraphs",
    [
        (QUOTE,),
        (f"Acara ditutup. {QUOTE} Peserta pulang.",),
        ("Acara dibuka pukul 09.00.", f"{QUOTE} ujarnya."),
    ],
)
def test_a_quotation_without_one(paragraphs: tuple[str, ...]) -> None:
    (one,) = found(*paragraphs, code=R.QUOTE_UNNAMED)
    assert one.quote == QUOTE


def picture(**changes: object) -> PictureFacts:
    values = {"key": "aa", "name": "rapat.jpg", "alt_text": "Peserta duduk", "credit": "Humas"}
    return PictureFacts(**values | changes)  # type: ignore[arg-type]


def test_pictures() -> None:
    assert found(pictures=(picture(),)) == []
    codes = [f.code for f in found(pictures=(picture(alt_text="", credit=" ", shows_child=True),))]
    assert codes == [R.CHILD_FACE, R.PHOTO_CREDIT, R.ALTERNATIVE_TEXT]
    assert found(pictures=(picture(shows_child=True, faces_blurred=True),)) == []
    (one,) = found(pictures=(picture(alt_text="Rapat.JPG"),))
    assert (one.code, one.field, one.quote) == (R.ALTERNATIVE_TEXT, "alt:0", "Rapat.JPG")
    assert [f.code for f in found(pictures=(picture(consent=Consent.EXPIRED),))] == [R.CONSENT]
    assert [f.code for f in found(pictures=(picture(consent=Consent.MISSING),))] == [R.CONSENT]
    assert found(pictures=(picture(consent=Consent.GIVEN),)) == []


def test_a_caption_is_prose_and_its_picture_is_named() -> None:
    (one,) = found(pictures=(picture(), picture(name="kedua.jpg", caption="Warga di undang ke aula")))
    assert (one.field, one.where, one.quote) == ("caption:1", "kedua.jpg", "di undang")


def test_the_declaration_is_asked_only_where_the_office_wants_it() -> None:
    house = set_to(R.EXCLUDED_INFORMATION, Severity.BLOCK, content_types=["siaran_pers"])
    assert found("Isi.", code=R.EXCLUDED_INFORMATION, content_type="siaran_pers") == []
    assert found("Isi.", code=R.EXCLUDED_INFORMATION, content_type="pengumuman", house=house) == []
    (one,) = found("Isi.", code=R.EXCLUDED_INFORMATION, content_type="siaran_pers", house=house)
    assert one.severity is Severity.BLOCK
    assert (
        found("I.", code=R.EXCLUDED_INFORMATION, content_type="siaran_pers", house=house, is_declared=True)
        == []
    )


def test_the_declaration_is_asked_again_wherever_the_text_changes() -> None:
    house = set_to(R.EXCLUDED_INFORMATION, Severity.BLOCK, content_types=["siaran_pers"])

    def passage(*paragraphs: str, **changes: Any) -> str:
        (one,) = found(
            *paragraphs, code=R.EXCLUDED_INFORMATION, content_type="siaran_pers", house=house, **changes
        )
        return one.passage

    long = "Kata yang sama. " * 60
    assert passage(long) == passage(long)
    others = [
        passage(long + "Lampiran rahasia."), passage(long, lead="Teras"), passage(long, title="Judul lain"),
        passage(long, claim="Klaim"), passage(long, contact="Humas"),
    ]  # fmt: skip
    assert len({passage(long), *others}) == 6
    posts = (ChannelText("7", "Instagram Kantor", "instagram", text="Ringkas"),)
    assert passage(long, posts=posts) == passage(long)  # a post has findings of its own


def test_a_limit_set_aside_on_one_account_holds_on_that_account_alone() -> None:
    same = "kata " * 100
    posts = tuple(ChannelText(str(n), f"X {n}", "x", text=same) for n in (1, 2))
    first, second = found(posts=posts, code=R.CHANNEL_LIMIT)
    assert first.quote == second.quote and first.passage != second.passage
    shorter = (ChannelText("1", "X 1", "x", text=same[:-5]), posts[1])
    assert next(f.passage for f in found(posts=shorter, code=R.CHANNEL_LIMIT)) != first.passage


def test_the_contact_of_a_press_release_may_hold_a_telephone() -> None:
    assert found("Isi.", contact="Humas, 0812-3456-7890", code=R.PHONE) == []
    assert found("Hubungi 0812-3456-7890.", code=R.PHONE) != []


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("contact", {"contact": "{}"}),
        ("writer_credit", {"writer_credit": "{}"}),
        ("editor_credit", {"editor_credit": "{}"}),
        ("credit:1", {"pictures": (picture(), picture(credit="{}"))}),
        ("alt:0", {"pictures": (picture(alt_text="{}"),)}),
    ],
)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (R.NIK, "Budi, NIK 7371091212900001"),
        (R.NPWP, "Budi, 12.345.678.9-012.000"),
        (R.BANK_ACCOUNT, "Setor ke rekening 1234-01-000123-50-1"),
    ],
)
def test_whatever_goes_out_is_looked_through(field: str, facts: dict[str, Any], code: R, words: str) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return value.format(words)
        return tuple(replace(p, alt_text=filled(p.alt_text), credit=filled(p.credit)) for p in value)

    (one,) = found(code=code, **{name: filled(value) for name, value in facts.items()})
    assert (one.field, one.severity) == (field, Severity.BLOCK) and one.quote in words


def test_posts_are_read_too() -> None:
    post = ChannelText("7", "Instagram Kantor", "instagram", text="NIK 7371091212900001")
    (one,) = found(posts=(post,), code=R.NIK)
    assert (one.field, one.where, one.start) == ("post:7", "Instagram Kantor", 4)


def test_findings_come_heaviest_first_and_then_as_they_stand() -> None:
    every = found(
        "Analisa di tulis.",
        "NIK 7371091212900001.",
        title="Analisa yang yang panjang sekali",
        lead="Di tulis.",
    )
    assert [(f.severity.value, f.field) for f in every] == [
        ("block", "body"), ("warn", "title"), ("warn", "lead"), ("warn", "body"), ("info", "title"), ("info", "body"),
    ]  # fmt: skip


def test_what_two_rules_see_is_said_once() -> None:
    (one,) = found("Diantaranya ada tiga.")
    assert one.code is R.DI_KE
    # With the better rule off, the other still tells.
    (other,) = found("Diantaranya ada tiga.", house=set_to(R.DI_KE, None))
    assert other.code is R.SPELLING


# Channel limits, checked against the dated list of facts.

_FACTS = list(
    csv.DictReader((Path(__file__).parent / "platform-limits.csv").read_text(encoding="utf-8").splitlines())
)


def _post(platform: str, fact: str, amount: int) -> ChannelText:
    """A post that is exactly this much of a thing."""
    at = {"key": "1", "name": "Akun", "platform": platform}
    if fact in ("caption", "text", "video_caption", "description"):
        return ChannelText(**at, text="a" * amount)
    if fact in ("title", "photo_title"):
        return ChannelText(**at, text="isi", title="a" * amount)
    if fact == "hashtags":
        return ChannelText(**at, text=" ".join(f"#tag{i}x" for i in range(amount)))
    if fact == "links":
        return ChannelText(**at, text=" ".join(f"https://contoh.go.id/{i}" for i in range(amount)))
    assert fact == "alt_text"
    return ChannelText(**at, text="isi", media=(MediaItem(1, alt_text="a" * amount),))


@pytest.mark.parametrize(
    "fact", [f for f in _FACTS if f["field"] != "tags_total"], ids=lambda f: f"{f['platform']} {f['field']}"
)
def test_the_platforms_limits_are_the_listed_ones(fact: dict[str, str]) -> None:
    limit = int(fact["limit"])
    assert problems_of(_post(fact["platform"], fact["field"], limit)) == []
    (problem,) = problems_of(_post(fact["platform"], fact["field"], limit + 1))
    assert (problem.limit, problem.actual) == (limit, limit + 1)


def test_limits_that_are_no_texts_are_listed_too() -> None:
    listed = {(f.field, f.value) for f in get_platform("youtube").facts}
    assert ("tags_total", 500) in listed


@pytest.mark.parametrize(
    ("platform", "text", "actual"),
    [
        ("x", "👨‍👩‍👧" * 141, 282),  # an emoji counts two, however it is made
        ("x", "https://contoh.go.id/" + "a" * 200 + " " + "b" * 257, 281),  # a link counts 23
        ("x", "漢" * 141, 282),
        ("bluesky", "👨‍👩‍👧" * 301, 301),  # a family is one grapheme
        ("threads", "👍" * 126, 504),  # an emoji counts its bytes
        ("mastodon", "https://contoh.go.id/" + "a" * 300 + " " + "b" * 477, 501),
        ("youtube", "é" * 2501, 5002),
    ],
)
def test_texts_are_counted_as_the_platform_counts(platform: str, text: str, actual: int) -> None:
    (one,) = found(posts=(ChannelText("1", "Akun", platform, text=text),), code=R.CHANNEL_LIMIT)
    assert str(actual) in str(one.message) and one.field == "post:1"


def test_bluesky_also_counts_bytes() -> None:
    problems = problems_of(ChannelText("1", "Akun", "bluesky", text="👨‍👩‍👧" * 200))
    assert [(p.field, p.limit) for p in problems] == [(Field.TEXT, 3000)]


def test_a_post_on_the_newsroom_shows_the_story_and_has_no_limit() -> None:
    assert problems_of(ChannelText("1", "Situs", "website_own", text="a" * 100_000)) == []
