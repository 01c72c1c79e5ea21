"""What a channel has against a post, in the sentences that editors and approvers read."""

import pytest

from humasflow.channels.adapters.base import Field, Problem, ProblemCode, Severity
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.planning.queries import list_content_types
from humasflow.posts import queries
from humasflow.posts.models import Post
from humasflow.posts.policy import (
    PostProblem,
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
        "Instagram Kantor memerlukan paling sedikit 1 foto.",
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
    """The product keeps pictures only: a reel without a picture is no reason to stop."""
    reels = next(t for t in list_content_types(world.office.id) if t.code == "reels")
    post = desk.post(world, desk.story(world), "instagram", "Halo")
    assert [p.blocks for p in problems(post)] == [True]
    post.content_type_id = reels.id
    db.session.flush()
    (only,) = problems(post)
    assert not only.blocks
    assert only.message.startswith("Siapkan videonya.")


def test_the_offices_own_limit_wins(world: World) -> None:
    account = db.session.get_one(ChannelAccount, world.facebook.id)
    account.limits = {"text": 10}
    assert told(desk.post(world, desk.story(world), "facebook", "a" * 12)) == [
        "Teks untuk Facebook Kantor paling panjang 10 karakter; sekarang 12. Kurangi 2."
    ]


@pytest.mark.parametrize(("field", "code"), sorted(SENTENCES))
def test_every_sentence_reads_without_leftovers(field: Field, code: ProblemCode) -> None:
    words = sentence(Problem(Severity.ERROR, field, code, 5, 9, 0, "<>"), "Kanal Uji")
    assert words.endswith((".", "berita."))
    assert "%(" not in words
    assert "None" not in words
