"""Tulis untuk semua kanal in the browser: cards, one save, conflicts that lose nothing, and what channels would say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.posts import queries
from humasflow.posts.models import BaseText, Post
from humasflow.posts.services import (
    PostContent,
    PostPictureContent,
    create_post,
    save_post_version,
    schedule_post,
)
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import current_or_new
from humasflow.stories.enums import StoryState
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def url(story: Any) -> str:
    return f"/naskah/{story.id}/publikasi"


def fields(page: Page) -> dict[str, Any]:
    for form in page.soup.select("form[data-composer]"):
        from tests.support.page import _fields

        return _fields(form)
    raise AssertionError("no composer")


def current(post_id: int) -> Any:
    return queries.get_current_version(db.session.get_one(Post, post_id))


def make_live(post: Post) -> Delivery:
    delivery = current_or_new(post)
    delivery.state, delivery.published_at = DeliveryState.PUBLISHED, clock.now()
    db.session.flush()
    return delivery


def test_the_base_starts_from_the_story_and_nothing_is_chosen(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    page = browser_of(world.editor).get(url(story))
    typed = fields(page)
    assert typed["dasar-text"].strip().startswith(desk.text().title)
    assert len(page.soup.select(".variant")) == 4
    assert [box.get("checked") for box in page.soup.select("[data-adds]")] == [None] * 4
    assert db.session.query(BaseText).count() == 0


def test_one_save_writes_the_base_and_every_chosen_account(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story)))
    x, facebook = f"a{world.x.id}-", f"a{world.facebook.id}-"
    form |= {
        "dasar-text": "Lelang dibuka.", "dasar-hashtags": "#Lelang", "dasar-link": "https://a.go.id",
        "pakai": [str(world.x.id), str(world.facebook.id)],
        f"{x}mode": "own", f"{x}text": "Versi X", f"{x}adds_utm": "y",
    }  # fmt: skip
    answer = browser.post(url(story), form)
    assert answer.location.endswith(url(story))
    made = {p.account_id: current(p.id) for p in db.session.query(Post).all()}
    assert set(made) == {world.x.id, world.facebook.id}
    assert (made[world.x.id].text, made[world.x.id].follows_base, made[world.x.id].adds_utm) == (
        "Versi X", False, True,
    )  # fmt: skip
    assert (made[world.facebook.id].text, made[world.facebook.id].hashtags) == ("Lelang dibuka.", ["Lelang"])
    page = browser.follow(answer)
    assert "Tersimpan: 2 publikasi." in page.text
    again = fields(page)
    again["dasar-text"] = "Lelang ditutup."
    browser.post(url(story), again)
    posts = {p.account_id: current(p.id) for p in db.session.query(Post).all()}
    assert (posts[world.facebook.id].text, posts[world.x.id].text) == ("Lelang ditutup.", "Versi X")
    assert facebook not in again  # its card is the post's now


def test_hidden_words_of_its_own_stop_nothing_while_it_follows_the_base(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story)))
    x = f"a{world.x.id}-"
    form |= {"pakai": str(world.x.id), f"{x}mode": "base", f"{x}hashtags": "#anak-anak"}
    assert browser.post(url(story), form).status == 303
    (post,) = db.session.query(Post).all()
    assert current(post.id).hashtags == []
    form = fields(browser.get(url(story))) | {f"p{post.id}-mode": "own", f"p{post.id}-hashtags": "#anak-anak"}
    answer = browser.post(url(story), form, status=422)
    assert "tidak dapat menjadi tagar" in answer.text


def test_a_first_comment_is_written_for_those_who_publish_by_hand(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, commit=True)
    page = browser_of(world.editor).get(url(story))
    assert world.facebook.adapter == "manual"
    assert page.soup.select_one(f'[name="a{world.facebook.id}-first_comment"]')
    assert not page.soup.select_one(f'[name="a{world.x.id}-first_comment"]')


def test_what_a_post_on_x_costs_is_said_where_it_is_written(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    assert "dolar AS" not in browser.get(url(story)).text, "by hand it costs nothing"
    world.x.adapter = "x"
    db.session.commit()
    for address in (url(story), f"/naskah/{story.id}/publikasi/baru?akun={world.x.id}"):
        page = browser.get(address)
        assert "0,015 dolar AS per unggahan, dan 0,20 bila memuat tautan (harga 08/2026)" in page.text


def test_what_is_live_in_the_archive_offers_no_button_that_refuses(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world)
    post = desk.post(world, story, "x", "Sudah tayang")
    make_live(post)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(f"/publikasi/{post.id}/sunting")
    assert "tidak dapat disunting lagi" in page.text
    assert page.soup.select_one("form[action$='/tayang-ulang']")
    desk.bring_to(story, StoryState.ARCHIVED)
    db.session.commit()
    page = browser.get(f"/publikasi/{post.id}/sunting")
    assert not page.soup.select_one("form[action$='/tayang-ulang']")
    assert "salin menjadi naskah baru" in page.text


def test_sent_twice_is_saved_once(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story))) | {"pakai": str(world.x.id)}
    browser.post(url(story), form)
    browser.post(url(story), form)
    (post,) = db.session.query(Post).all()
    assert current(post.id).number == 1


def test_a_conflict_shows_both_and_keeps_every_other_card(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    x, facebook = desk.post(world, story, "x", "Versi satu"), desk.post(world, story, "facebook", "Halo")
    db.session.commit()
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story)))
    save_post_version(x, actor=world.as_(world.other_editor), content=PostContent("Versi orang lain"))
    db.session.commit()
    form |= {f"p{x.id}-text": "Versi saya", f"p{facebook.id}-text": "Halo juga"}
    page = browser.post(url(story), form, status=409)
    assert "Tidak ada yang tertimpa." in page.main
    assert "Versi orang lain" in page.main
    kept = fields(page)
    assert (kept[f"p{x.id}-text"].strip(), kept[f"p{facebook.id}-text"].strip()) == (
        "Versi saya",
        "Halo juga",
    )
    assert (current(x.id).text, current(facebook.id).text) == ("Versi orang lain", "Halo")
    browser.post(url(story), kept)
    assert (current(x.id).text, current(facebook.id).text) == ("Versi saya", "Halo juga")


def test_two_people_on_the_base_text(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    mine, theirs = browser_of(world.editor), browser_of(world.other_editor)
    opened = fields(mine.get(url(story)))
    theirs.post(url(story), fields(theirs.get(url(story))) | {"dasar-text": "Teks mereka"})
    page = mine.post(url(story), opened | {"dasar-text": "Teks saya"}, status=409)
    assert "Orang lain menyimpan teks dasar saat Anda menulis." in page.main
    assert "Teks mereka" in page.main
    assert fields(page)["dasar-text"].strip() == "Teks saya"
    mine.post(url(story), fields(page))
    assert db.session.get_one(BaseText, story.id).text == "Teks saya"


def test_what_is_live_stays_and_is_named(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, state=StoryState.PUBLISHED)
    live = desk.post(world, story, "facebook", "Lama", follows_base=True)
    follower = desk.post(world, story, "x", "Lama", follows_base=True)
    make_live(live)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(url(story))
    assert f"p{live.id}-text" not in fields(page)
    answer = browser.post(url(story), fields(page) | {"dasar-text": "Baru"})
    page = browser.follow(answer)
    assert "Facebook Kantor tidak ikut berubah. Publikasi ini sudah tayang" in page.text
    assert "Masih memakai teks dasar yang lama." in page.main
    assert (current(live.id).text, current(follower.id).text) == ("Lama", "Baru")


def test_bad_input_is_told_beside_its_card_and_nothing_typed_is_lost(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world)
    x = desk.post(world, story, "x", "Halo")
    db.session.commit()
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story)))
    form |= {f"p{x.id}-text": "a\x00b", f"p{x.id}-hashtags": "#anak-anak", "dasar-text": "Dasar"}
    page = browser.post(url(story), form, status=422)
    assert "karakter tak terlihat (NUL)" in page.main
    assert "“anak-anak” tidak dapat menjadi tagar" in page.main
    assert (fields(page)[f"p{x.id}-text"].strip(), fields(page)["dasar-text"].strip()) == ("ab", "Dasar")
    assert current(x.id).text == "Halo"


def test_the_answers_while_writing_are_those_of_the_page(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    x, facebook = (
        desk.post(world, story, "x", "Halo"),
        desk.post(world, story, "facebook", "a", follows_base=True),
    )
    db.session.commit()
    browser = browser_of(world.editor)
    form = fields(browser.get(url(story)))
    form |= {
        f"p{x.id}-text": "a" * 281,
        "dasar-text": "Satu\r\ndua <b>",
        "kartu": [f"p{x.id}", f"p{facebook.id}"],
    }
    form.pop("form_token")
    cards = browser.client.post("/publikasi/periksa", data=form).json["cards"]
    assert set(cards) == {f"p{x.id}", f"p{facebook.id}"}
    told = cards[f"p{x.id}"]
    assert (told["size"], told["limit"], told["blocking"]) == (281, 280, 1)
    assert "Kurangi 1." in told["list"]
    # Line ends are one character, as they are stored; and nothing that was typed is markup.
    assert cards[f"p{facebook.id}"]["size"] == len("Satu\ndua <b>")
    assert "dua &lt;b&gt;" in cards[f"p{facebook.id}"]["preview"]
    assert current(x.id).text == "Halo"


def test_every_platform_has_its_own_look(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, pictures=(desk.picture(desk.asset(world)),))
    for kind in channel_queries.list_kinds(world.office.id):
        if kind.code not in ("website_own", "facebook", "instagram", "x"):
            channels.create_account(
                world.office.id, actor=None, kind=kind, name=f"Akun {kind.label} {'panjang ' * 5}"[:80],
                handle="@kantoruji", assignee_id=None,
            )  # fmt: skip
    db.session.commit()
    page = browser_of(world.editor).get(url(story))
    looks = {c for pv in page.soup.select(".pv") for c in pv["class"] if c.startswith("pv--")}
    assert looks == {
        f"pv--{name}"
        for name in (
            "newsroom", "facebook", "instagram", "x", "tiktok", "youtube", "threads", "mastodon", "bluesky",
            "telegram", "whatsapp", "generic",
        )
    }  # fmt: skip
    for preview in page.soup.select(".pv"):
        assert "belum tayang" in preview["aria-label"]


@pytest.mark.parametrize("with_posts", [False, True])
def test_twelve_accounts_cost_what_one_costs(
    world: World, browser_of: BrowserOf, statements: QueryCount, with_posts: bool
) -> None:
    """The page, and the answer while writing."""
    kind = next(k for k in channel_queries.list_kinds(world.office.id) if k.code == "facebook")
    made = desk.asset(world)
    outlets = [
        channels.create_account(
            world.office.id, actor=None, kind=kind, name=f"Akun {n}", handle="", assignee_id=None
        )
        for n in range(8)
    ]

    def ask(accounts: list[Any]) -> tuple[int, int]:
        story = desk.story(world, pictures=(desk.picture(made),))
        for account in accounts:
            content = PostContent(
                "Halo", "https://a.go.id", (PostPictureContent(made.id, "Isi"),), adds_utm=True
            )
            post = create_post(
                story, actor=world.as_(world.editor), account_id=account.id, content_type_id=world.social.id,
                content=content,
            )  # fmt: skip
            schedule_post(post, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=1))
        db.session.commit()
        browser = browser_of(world.editor)
        page = browser.get(url(story))
        db.session.expire_all()
        statements.reset()
        browser.get(url(story))
        shown = len(statements)
        form = fields(page) | {"kartu": [v["data-variant"] for v in page.soup.select(".variant")]}
        form.pop("form_token")
        db.session.expire_all()
        statements.reset()
        assert browser.client.post("/publikasi/periksa", data=form).status_code == 200
        return shown, len(statements)

    if with_posts:
        assert ask(outlets[:1]) == ask(outlets)
    else:
        few = ask([])
        for n in range(8, 16):
            channels.create_account(
                world.office.id, actor=None, kind=kind, name=f"Akun {n}", handle="", assignee_id=None
            )
        assert ask([]) == few


def test_publishing_again(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, state=StoryState.PUBLISHED)
    live = desk.post(world, story, words="Tips lelang")
    make_live(live)
    db.session.commit()
    browser = browser_of(world.editor)
    action = f"/publikasi/{live.id}/tayang-ulang"
    form = browser.get(f"/publikasi/{live.id}/sunting").form(action)
    answer = browser.post(action, form)
    again = db.session.query(Post).filter(Post.repost_of_id == live.id).one()
    assert answer.location.endswith(f"/publikasi/{again.id}/sunting")
    page = browser.follow(answer)
    assert page.form("/sunting")["text"].strip() == "Tips lelang"
    assert "Kata-katanya sama" not in page.main  # the first one has no time of its own here
    # A second click, and a second wish, open the one that waits.
    assert browser.post(action, form).location.endswith(f"/publikasi/{again.id}/sunting")
    form = browser.get(f"/publikasi/{live.id}/sunting").form(action)
    assert browser.post(action, form).location.endswith(f"/publikasi/{again.id}/sunting")
    assert db.session.query(Post).count() == 2
    story_page = browser.get(f"/naskah/{story.id}")
    assert story_page.main.count("Tayang ulang") == 1  # the post's mark; there is no button while one waits


def test_only_what_is_live_can_be_published_again(world: World, browser_of: BrowserOf) -> None:
    post = desk.post(world, desk.story(world))
    db.session.commit()
    browser_of(world.editor).post(f"/publikasi/{post.id}/tayang-ulang", {}, status=409)
    browser_of(world.approver).post(f"/publikasi/{post.id}/tayang-ulang", {}, status=403)


def test_the_same_words_are_told_before_submitting_with_the_other_post(
    world: World, browser_of: BrowserOf
) -> None:
    other = desk.post(world, desk.story(world, title="Lelang pekan lalu"), words="Lelang dibuka")
    schedule_post(other, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=3))
    story = desk.story(world)
    post = desk.post(world, story, words="LELANG dibuka!")
    db.session.commit()
    browser = browser_of(world.editor)
    for address in (f"/publikasi/{post.id}/sunting", url(story), f"/naskah/{story.id}/ajukan"):
        page = browser.get(address)
        assert "Kata-katanya sama dengan publikasi Facebook Kantor yang dijadwalkan" in page.main, address
        assert page.link("Lelang pekan lalu").endswith(f"/publikasi/{other.id}")


def test_other_offices_and_roles(world: World, other_world: World, browser_of: BrowserOf) -> None:
    strange = desk.story(other_world)
    own = desk.story(world)
    theirs = desk.post(other_world, strange)
    db.session.commit()
    browser = browser_of(world.editor)
    browser.get(url(strange), status=404)
    browser.post(url(strange), {}, status=404)
    browser.post(f"/publikasi/{theirs.id}/tayang-ulang", {}, status=404)
    browser_of(world.approver).get(url(own), status=403)


def test_a_closed_story_says_so_and_saves_nothing(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, state=StoryState.CANCELLED, commit=True)
    browser = browser_of(world.editor)
    page = browser.get(url(story))
    assert "Naskahnya berstatus “Dibatalkan”" in page.main
    browser.post(url(story), fields(page) | {"dasar-text": "Baru"}, status=409)
    assert db.session.query(BaseText).count() == 0


def test_words_for_a_card_that_changed_its_kind_are_shown_and_not_dropped(
    world: World, browser_of: BrowserOf
) -> None:
    """Made by somebody else, gone out, or taken away between opening and saving: 409, and the words are there."""
    story = desk.story(world, commit=True)
    x, facebook = f"a{world.x.id}-", f"a{world.facebook.id}-"
    mine = browser_of(world.editor)
    form = fields(mine.get(url(story)))
    form |= {"pakai": str(world.x.id), f"{x}mode": "own", f"{x}text": "Tulisan B"}
    made = desk.post(world, story, "x", "Tulisan A")
    db.session.commit()
    page = mine.post(url(story), form, status=409)
    assert "Tulisan B" in page.text
    assert current(made.id).text == "Tulisan A"
    key = f"p{made.id}-"
    for change in ("live", "removed"):
        form = fields(mine.get(url(story))) | {f"{key}text": f"Baru {change}", f"{key}mode": "own"}
        assert f"{facebook}text" in form
        if change == "live":
            delivery = make_live(made)
        else:
            made.removed_at = clock.now()
        db.session.commit()
        page = mine.post(url(story), form, status=409)
        assert f"Baru {change}" in page.text
        if change == "live":
            mine.post(url(story), fields(page))  # what has no card any more is not sent again
            db.session.delete(delivery)
            db.session.commit()


def test_they_are_shown_whatever_else_is_wrong_and_tags_and_alternative_texts_too(
    world: World, browser_of: BrowserOf
) -> None:
    picture = desk.asset(world).id
    story = desk.story(world, pictures=(desk.picture(db.session.get_one(Asset, picture)),), commit=True)
    post = desk.post(world, story, "x", "Tulisan A")
    db.session.commit()
    mine, key = browser_of(world.editor), f"p{post.id}-"
    opened = fields(mine.get(url(story))) | {f"{key}mode": "own"}
    make_live(post)
    db.session.commit()
    wrong = opened | {f"{key}text": "Tulisan B", "dasar-hashtags": "#anak-anak"}
    page = mine.post(url(story), wrong, status=422)
    assert "Tulisan B" in page.text
    page = mine.post(url(story), opened | {f"{key}hashtags": "lelangbmn"}, status=409)
    assert "#lelangbmn" in page.text
    alt = {f"{key}use-{picture}": "1", f"{key}alt-{picture}": "Juru lelang mengetuk palu"}
    assert "Juru lelang mengetuk palu" in mine.post(url(story), opened | alt, status=409).text
    mine.post(url(story), opened)  # nothing was written there, so nothing is lost
