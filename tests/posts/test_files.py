"""Videos and PDF files in posts: offered where the channel takes them, judged as what they are."""

from collections.abc import Callable
from typing import Any

import pytest

from humasflow.channels.adapters.variant import MediaKind
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import list_kinds
from humasflow.channels.services import create_account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.media.enums import AssetKind, BlockReason
from humasflow.media.models import Asset
from humasflow.posts import queries
from humasflow.posts.forms import chosen_ids
from humasflow.posts.models import Post
from humasflow.posts.policy import kinds_of, media_of, problems_of
from humasflow.posts.services import PostPictureContent
from humasflow.publishing.snapshots import take_snapshot
from humasflow.stories import queries as stories
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]
pytestmark = pytest.mark.db


def film(
    world: World, *, size: int = 5_000_000, seconds: int = 40, poster: bool = True, **other: Any
) -> Asset:
    made = desk.asset(world, name=other.pop("name", "rapat.mp4"))
    made.kind, made.size, made.duration_ms = AssetKind.VIDEO, size, seconds * 1000
    made.original_key = made.original_key.replace("asli.jpg", "asli.mp4")
    if not poster:
        made.thumb_key = made.medium_key = ""
    for name, value in other.items():
        setattr(made, name, value)
    db.session.flush()
    return made


def paper(world: World) -> Asset:
    made = desk.asset(world, name="siaran.pdf")
    made.kind, made.page_count = AssetKind.PDF, 3
    made.original_key = made.original_key.replace("asli.jpg", "asli.pdf")
    db.session.flush()
    return made


def account(world: World, platform: str, *, connected: bool) -> ChannelAccount:
    kind = next(k for k in list_kinds(world.office.id) if k.code == platform)
    made = create_account(
        world.office.id, actor=None, kind=kind, name=f"{kind.label} Uji", handle="uji", assignee_id=None
    )
    if connected:
        made.adapter = platform
    db.session.flush()
    return made


def told(post: Post) -> list[str]:
    version = stories.get_current_version(post.story)
    found = problems_of(post, queries.get_current_version(post), version, stories.get_body(version.id))
    return [p.message for p in found if p.blocks]


def post_with(world: World, outlet: ChannelAccount, *assets: Asset, text: str = "Halo") -> Post:
    from humasflow.posts import services

    pictures = tuple(PostPictureContent(a.id, "Isi foto" if a.is_image else "") for a in assets)
    return services.create_post(
        desk.story(world), actor=world.as_(world.editor), account_id=outlet.id, content_type_id=world.social.id,
        content=services.PostContent(text=text, pictures=pictures),
    )  # fmt: skip


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("platform", ["youtube", "tiktok"])
def test_a_film_makes_a_post_of_a_connected_film_channel_fit(world: World, platform: str) -> None:
    outlet = account(world, platform, connected=True)
    assert kinds_of(outlet) == {MediaKind.VIDEO}
    shown = film(world)
    post = post_with(world, outlet, shown)
    assert told(post) == []
    (item,) = media_of(queries.get_current_version(post))
    assert (item.kind, item.mime, item.size, item.duration) == (MediaKind.VIDEO, "video/mp4", 5_000_000, 40.0)
    (sent,) = take_snapshot(post).payload["pictures"]
    assert (sent["kind"], sent["mime"], sent["size"], sent["duration"]) == (
        "video",
        "video/mp4",
        5_000_000,
        40.0,
    )


@pytest.mark.usefixtures("in_request")
def test_without_a_film_the_channel_asks_for_a_film(world: World) -> None:
    outlet = account(world, "youtube", connected=True)
    assert told(post_with(world, outlet)) == ["YouTube Uji memerlukan paling sedikit 1 video."]


@pytest.mark.usefixtures("in_request")
def test_a_film_too_large_is_named_with_both_numbers(world: World) -> None:
    outlet = account(world, "telegram", connected=True)
    post = post_with(world, outlet, film(world, size=100_000_000))
    assert any("100" in message and "50" in message for message in told(post)), told(post)


@pytest.mark.usefixtures("in_request")
def test_a_film_needs_no_alternative_text_and_has_no_shape(world: World) -> None:
    shown = film(world)
    post = post_with(world, account(world, "instagram", connected=True), shown)
    assert told(post) == []
    with pytest.raises(UserError, match="Hanya foto"):
        desk.post(
            world, desk.story(world), "x", "Halo", pictures=(PostPictureContent(shown.id, "", "", "1x1"),)
        )


@pytest.mark.usefixtures("in_request")
def test_the_newsroom_shows_pictures_only(world: World) -> None:
    assert kinds_of(world.web) == {MediaKind.IMAGE}
    post = desk.post(world, desk.story(world), "web", "", pictures=(PostPictureContent(film(world).id),))
    assert f"{world.web.name} tidak menerima berkas ke-1." in told(post)


def test_files_named_by_a_form_are_read_whatever_card_they_stand_in() -> None:
    assert chosen_ids(["use-3", "a7-use-12", "p1-use-12", "p1-order-9", "reuse-4", "use-x", "a7-use-"]) == [
        3,
        12,
    ]


def fields(page: Page) -> dict[str, Any]:
    from tests.support.page import _fields

    return _fields(page.soup.select_one("form[data-composer]"))  # type: ignore[arg-type]


def test_a_film_of_the_library_is_put_into_a_post(world: World, browser_of: BrowserOf) -> None:
    outlet = account(world, "youtube", connected=True)
    shown, bare = film(world, name="peresmian.mp4"), film(world, name="tanpa-sampul.mp4", poster=False)
    film(world, name="terlarang.mp4", blocked_at=clock.now(), blocked_reason=BlockReason.CONSENT_WITHDRAWN)
    file = paper(world)
    story = desk.story(world, commit=True)
    address, card = f"/naskah/{story.id}/publikasi", f"a{outlet.id}-"
    browser = browser_of(world.editor)
    page = browser.get(address)
    typed = fields(page)
    boxes = {
        box["name"]
        for box in page.soup.select("#kartu-" + card.rstrip("-") + " [data-picture] [type=checkbox]")
    }
    assert boxes == {f"{card}use-{shown.id}", f"{card}use-{bare.id}"}
    assert not page.soup.select(f"[name='{card}alt-{shown.id}'], [name='{card}crop-{shown.id}']")
    assert not page.soup.select(f"[name='a{world.web.id}-use-{shown.id}']")
    typed |= {
        "pakai": str(outlet.id),
        f"{card}use-{shown.id}": "1",
        f"{card}mode": "own",
        f"{card}text": "Peresmian",
    }
    question = typed | {"naskah": str(story.id), "kartu": card.rstrip("-")}
    question.pop("form_token")  # asking is not sending
    asked = browser.client.post("/publikasi/periksa", data=question)
    answer = (asked.json or {})["cards"][card.rstrip("-")]
    assert answer["blocking"] == 0
    assert f"/media/{shown.id}/medium" in answer["preview"]
    for number in range(15):  # newer ones push it out of what is offered
        film(world, name=f"baru-{number}.mp4")
    db.session.commit()
    answered = browser.post(address, typed)
    assert answered.status == 303, answered.text
    post = db.session.query(Post).one()
    assert [p.asset_id for p in queries.get_current_version(post).pictures] == [shown.id]
    again = browser.get(f"/publikasi/{post.id}/sunting")
    assert again.soup.select_one(f"[name='use-{shown.id}'][checked]") is not None
    assert not again.soup.select(f"[name='use-{file.id}']")


@pytest.mark.usefixtures("in_request")
def test_a_film_of_the_wrong_kind_says_what_to_do(world: World) -> None:
    recorded = film(world)
    recorded.original_key = recorded.original_key.replace(".mp4", ".webm")
    db.session.flush()
    assert told(post_with(world, account(world, "instagram", connected=True), recorded)) == [
        "Berkas ke-1 adalah video WebM, yang tidak diterima Instagram Uji. Ubah dahulu menjadi MP4."
    ]
