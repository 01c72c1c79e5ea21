"""What a channel has against a post, in the sentences that editors and approvers read."""

import ast
from pathlib import Path

import pytest

from humasflow.channels import adapters
from humasflow.channels.adapters.base import Field, Problem, ProblemCode, Severity
from humasflow.channels.adapters.variant import Variant
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import list_kinds
from humasflow.channels.services import create_account
from humasflow.core.db import db
from humasflow.planning.queries import list_content_types
from humasflow.posts import queries
from humasflow.posts.models import Post
from humasflow.posts.policy import (
    PostProblem,
    problems_in,
    problems_of,
    reasons_not_ready,
    summary_of,
    uses_story_body,
    variant_of,
)
from humasflow.posts.services import PostPictureContent
from humasflow.posts.wording import SENTENCES, sentence
from humasflow.stories import queries as stories
from tests.factories import desk
from tests.factories.world import World

pytestmark = pytest.mark.usefixtures("in_request")


def problems(post: Post) -> list[PostProblem]:
    version = stories.get_current_version(post.story)
    return problems_of(post, queries.get_current_version(post), version, stories.get_body(version.id))


def told(post: Post) -> list[str]:
    return [p.message for p in problems(post)]


def test_instagram_lists_everything_at_once(world: World) -> None:
    words = "a" * 2190 + " #satu #dua #tiga #empat #lima #enam"
    assert told(desk.post(world, desk.story(world), "instagram", words)) == [
        "Teks untuk Instagram Kantor paling panjang 2.200 karakter; sekarang 2.226. Kurangi 26.",
        "Tagar di Instagram Kantor paling banyak 5; sekarang 6.",
        "Instagram Kantor memerlukan paling sedikit 1 foto atau video.",
    ]


def test_x_counts_its_own_way(world: World) -> None:
    """A link costs 23, an emoji 2: 250 + 1 + 23 + 1 + 2 = 277."""
    link = "https://contoh.go.id/" + "berita/" * 20
    story = desk.story(world)
    assert told(desk.post(world, story, "x", f"{'a' * 250} {link} 🎉")) == []
    long = desk.post(world, desk.story(world), "x", f"{'a' * 260} {link} 🎉")
    assert told(long) == ["Teks untuk X Kantor paling panjang 280 karakter; sekarang 287. Kurangi 7."]


def test_x_takes_four_pictures(world: World) -> None:
    pictures = tuple(PostPictureContent(desk.asset(world).id, "Isi foto") for _n in range(5))
    post = desk.post(world, desk.story(world), "x", "Halo", pictures=pictures)
    assert told(post) == ["X Kantor menerima paling banyak 4 foto; sekarang 5."]


def test_facebook_takes_long_texts_and_wants_some(world: World) -> None:
    assert told(desk.post(world, desk.story(world), "facebook", "a" * 63206)) == []
    assert told(desk.post(world, desk.story(world), "facebook", "a" * 63207)) == [
        "Teks untuk Facebook Kantor paling panjang 63.206 karakter; sekarang 63.207. Kurangi 1."
    ]
    assert told(desk.post(world, desk.story(world), "facebook", "")) == [
        "Teks untuk Facebook Kantor masih kosong."
    ]


def test_a_bad_link_is_named_with_an_example(world: World) -> None:
    post = desk.post(world, desk.story(world), "facebook", "Halo", link="javascript:alert(1)")
    assert "Tautan ini belum lengkap, contohnya https://contoh.go.id/berita." in told(post)


def test_a_missing_alternative_text_stops_the_website_and_only_warns_elsewhere(world: World) -> None:
    picture = (PostPictureContent(desk.asset(world).id),)
    story = desk.story(world)
    words = "Foto ke-1 belum punya teks alternatif, yaitu isi foto bagi yang tidak melihatnya."
    web = problems(desk.post(world, story, "web", "", pictures=picture))
    facebook = problems(desk.post(world, story, "facebook", "Halo", pictures=picture))
    assert [(p.message, p.blocks) for p in web] == [(words, True)]
    assert [(p.message, p.blocks) for p in facebook] == [(words, False)]
    assert [r.code for r in reasons_not_ready(web)] == ["post_alt_text"]
    assert reasons_not_ready(facebook) == []


def test_the_website_shows_the_storys_body_and_the_text_is_its_summary(world: World) -> None:
    story = desk.story(world)
    post = desk.post(world, story, "web", "")
    version, body = stories.get_current_version(story), stories.get_body(story.current_version_id or 0)
    assert uses_story_body(post.account)
    assert variant_of(post, queries.get_current_version(post), version, body).text == body
    assert summary_of(queries.get_current_version(post), version) == version.lead
    assert told(post) == []
    assert told(desk.post(world, desk.story(world, body_html=""), "web", "Ringkasan")) == [
        "Teks untuk Situs berita masih kosong."
    ]


def test_a_film_is_attached_on_the_channel_itself(world: World) -> None:
    """Where a person publishes, a reel without its film is no reason to stop."""
    reels = next(t for t in list_content_types(world.office.id) if t.code == "reels")
    post = desk.post(world, desk.story(world), "instagram", "Halo")
    assert [p.blocks for p in problems(post)] == [True]
    post.content_type_id = reels.id
    db.session.flush()
    (only,) = problems(post)
    assert not only.blocks
    assert only.message.startswith("Pilih videonya di sini")


def test_the_offices_own_limit_wins(world: World) -> None:
    account = db.session.get_one(ChannelAccount, world.facebook.id)
    account.limits = {"text": 10}
    assert told(desk.post(world, desk.story(world), "facebook", "a" * 12)) == [
        "Teks untuk Facebook Kantor paling panjang 10 karakter; sekarang 12. Kurangi 2."
    ]


@pytest.mark.parametrize("code", ProblemCode)
@pytest.mark.parametrize("field", Field)
def test_every_sentence_reads_without_leftovers(field: Field, code: ProblemCode) -> None:
    """Also for pairs that no channel reports today: a new adapter is never without words."""
    for limit, actual in ((5, 9), (9, 5)):
        words = sentence(Problem(Severity.ERROR, field, code, limit, actual, 0, "<>"), "Kanal Uji")
        assert words.endswith((".", "berita."))
        assert "%(" not in words
        assert "None" not in words


def reported() -> set[tuple[str, str]]:
    """Every (field, code) that stands in one call in an adapter's source."""
    found = set()
    for path in Path(adapters.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            values = [*node.args, *(k.value for k in node.keywords)]
            names = {
                v.value.id: v.attr
                for v in values
                if isinstance(v, ast.Attribute) and isinstance(v.value, ast.Name)
            }
            if "Field" in names and "ProblemCode" in names:
                found.add((names["Field"], names["ProblemCode"]))
    return found


def test_every_pair_that_an_adapter_reports_has_a_sentence_of_its_own() -> None:
    pairs = {(Field[field], ProblemCode[code]) for field, code in reported()}
    assert len(pairs) >= 7
    assert pairs - set(SENTENCES) == set()


def test_shapes_sizes_and_lengths_are_told_in_peoples_units() -> None:
    def words(field: Field, code: ProblemCode, limit: int, actual: int) -> str:
        return sentence(Problem(Severity.ERROR, field, code, limit, actual, 1), "Instagram")

    assert words(Field.MEDIA, ProblemCode.WRONG_RATIO, 1910, 2400) == (
        "Foto ke-2 terlalu lebar untuk Instagram (2,40:1, paling lebar 1,91:1). Pilih bentuk lain."
    )
    assert "terlalu tinggi" in words(Field.MEDIA, ProblemCode.WRONG_RATIO, 800, 560)
    assert words(Field.MEDIA, ProblemCode.TOO_LARGE, 8_000_000, 104_857_600) == (
        "Berkas ke-2 104,9 MB; Instagram menerima paling besar 8,0 MB."
    )
    assert "paling lama 90 detik" in words(Field.MEDIA, ProblemCode.TOO_LONG_VIDEO, 90, 91)


# One character over, in every counter

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # 7 code points, 11 UTF-16 units, 25 bytes, one to the eye
COMBINED = "e\u0301"  # e with an accent, in two


@pytest.mark.parametrize(
    ("platform", "unit", "size"),
    [
        ("x", "a", 1), ("x", FAMILY, 2), ("x", COMBINED, 1), ("x", "日", 2), ("x", "ع", 1),
        ("bluesky", "a", 1), ("bluesky", FAMILY, 1), ("bluesky", COMBINED, 1), ("bluesky", "ع", 1),
        ("mastodon", FAMILY, 1),
        ("telegram", "a", 1), ("telegram", FAMILY, 11), ("telegram", "ع", 1),
        ("youtube", "a", 1), ("youtube", FAMILY, 25), ("youtube", COMBINED, 3), ("youtube", "ع", 2),
        ("threads", "a", 1), ("threads", FAMILY, 25), ("threads", COMBINED, 1),
        ("instagram", FAMILY, 7), ("instagram", COMBINED, 1), ("instagram", "ع", 1),
    ],
)  # fmt: skip
def test_exactly_as_long_as_the_channel_takes_and_one_over(
    world: World, platform: str, unit: str, size: int
) -> None:
    kind = next(k for k in list_kinds(world.office.id) if k.code == platform)
    account = create_account(
        world.office.id, actor=None, kind=kind, name="Kanal Uji", handle="", assignee_id=None
    )
    limit = 24 * size
    account.limits = {"text": limit}
    for words, over in ((unit * 24, 0), (unit * 24 + "a", 1)):
        problems = problems_in(Variant(title="Judul", text=words), account)
        told = [p.message for p in problems if p.field is Field.TEXT]
        wanted = [
            f"Teks untuk Kanal Uji paling panjang {limit} karakter; sekarang {limit + 1}. Kurangi 1."
        ] * over
        assert told == wanted, (platform, unit)
