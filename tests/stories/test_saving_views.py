"""What the open editor and the server say to each other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.enums import BlockReason
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.usefixtures("in_request")

BrowserOf = Callable[[Any], Browser]
TAB = "a" * 24
JSON = {"Accept": "application/json"}


def opened(browser: Browser, story: Story) -> dict[str, Any]:
    """The editor's form."""
    return browser.get(f"/naskah/{story.id}/sunting").form("/sunting") | {"tab": TAB, "langkah": "1"}


def send(browser: Browser, story: Story, form: dict[str, Any], *, status: int = 200, **changes: Any) -> Any:
    """As the script sends it: without the token that the button needs."""
    form = {name: value for name, value in form.items() if name != "form_token"}
    page = browser.post(f"/naskah/{story.id}/simpan-otomatis", form | changes, status=status, headers=JSON)
    return page.response.get_json()


def test_an_autosave_and_its_answer(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    with clock.moved_to(clock.now().replace(hour=7, minute=3)):
        told = send(browser, story, form, title="Diketik", body="<p>Satu <b>dua</b></p>")
    assert (told["number"], told["at"]) == (2, "14.03")
    assert told["stamp"] == queries.edit_stamp(db.session.get_one(Story, story.id)) != form["stamp"]
    assert queries.get_body(queries.get_current_version(story).id) == "<p>Satu <strong>dua</strong></p>"


def test_the_form_token_is_not_used_up(world: World, browser_of: BrowserOf) -> None:
    """The page's own save comes later with the same token."""
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    stamp = send(browser, story, form, title="Diketik")["stamp"]
    browser.post(
        f"/naskah/{story.id}/sunting",
        form | {"title": "Diketik lalu disimpan", "stamp": stamp, "note": "Selesai"},
    )
    versions = desk.versions(story)
    assert next((v.number, v.title, v.note) for v in versions) == (2, "Diketik lalu disimpan", "Selesai")


def test_saving_by_hand_after_a_lost_answer_is_no_conflict(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    send(browser, story, form, title="Diketik")
    browser.post(f"/naskah/{story.id}/sunting", form | {"title": "Disimpan"})
    assert queries.get_current_version(db.session.get_one(Story, story.id)).title == "Disimpan"


def test_somebody_saved_meanwhile(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    services.save_version(story, actor=world.as_(world.other_editor), content=desk.text(title="Punya dia"))
    db.session.commit()
    told = send(browser, story, form, title="Punya saya", status=409)
    assert (told["code"], told["who"], told["number"], told["own"]) == ("stale", "Redaktur Dua", 2, False)
    assert queries.get_current_version(db.session.get_one(Story, story.id)).title == "Punya dia"


@pytest.mark.parametrize(
    ("state", "code"), [(StoryState.APPROVED, "voids_approval"), (StoryState.IN_REVIEW, "state_in_review")]
)
def test_what_is_approved_or_locked_is_not_saved_by_itself(
    world: World, browser_of: BrowserOf, state: StoryState, code: str
) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    desk.bring_to(story, state)
    db.session.commit()
    assert send(browser, story, form, title="Lain", status=409)["code"] == code


def test_the_page_of_an_approved_story_says_that_it_saves_by_hand(
    world: World, browser_of: BrowserOf
) -> None:
    drafted, approved = (
        desk.story(world, commit=True),
        desk.story(world, state=StoryState.APPROVED, commit=True),
    )
    browser = browser_of(world.editor)
    for story, by_itself in ((drafted, True), (approved, False)):
        box = browser.get(f"/naskah/{story.id}/sunting").soup.select_one("[data-saving]")
        assert box is not None and bool(box["data-autosave"]) is by_itself
        assert "sampai Anda menekan tombol simpan" in box["data-say-by-hand"]


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": "x" * 201}, {"source": "agency", "source_note": ""}]
)
def test_what_cannot_stand_is_said_and_nothing_is_saved(
    world: World, browser_of: BrowserOf, changes: dict[str, str]
) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    told = send(browser, story, opened(browser, story), status=422, **changes)
    assert told["code"] == "invalid" and told["error"]
    assert queries.count_versions(story.id) == 1


def test_an_expired_sign_in_is_said_to_the_script(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    with clock.moved_to(clock.now() + timedelta(hours=9)):
        told = send(browser, story, form, title="Lama", status=401)
        assert told["error"] == "Sesi Anda sudah berakhir."
        assert browser.get(f"/naskah/{story.id}/tanda", status=401, headers=JSON).status == 401
        browser.sign_in(world.editor)
        pulse = browser.get(f"/naskah/{story.id}/tanda", headers=JSON).response.get_json()
        assert pulse["user"] == world.editor.id and pulse["csrf"]
        assert send(browser, story, form, title="Lama")["number"] == 2


def test_signing_in_again_ends_on_a_page_that_sends_back(world: World, browser_of: BrowserOf) -> None:
    page = browser_of(world.editor).get("/naskah/tersambung")
    assert "menunggu di jendela sebelumnya" in page.text


def test_another_persons_page_is_not_theirs(world: World, other_world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    stranger = browser_of(other_world.editor)
    for path in ("tanda", "baris-foto?id=1"):
        stranger.get(f"/naskah/{story.id}/{path}", status=404, headers=JSON)
    for path in ("simpan-otomatis", "banding-simpanan", "hadir", "gabung"):
        stranger.post(f"/naskah/{story.id}/{path}", {"tab": TAB}, status=404, headers=JSON)


def test_rows_for_pictures_that_a_kept_text_names(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    mine, stranger = desk.asset(world, credit="Humas"), desk.asset(other_world)
    story = desk.story(world, commit=True)
    page = browser_of(world.editor).get(
        f"/naskah/{story.id}/baris-foto?id={mine.id}&id={stranger.id}&id=x", headers=JSON
    )
    rows = page.response.get_json()["rows"]
    assert f'name="credit-{mine.id}"' in rows and f"credit-{stranger.id}" not in rows


def test_a_kept_text_is_compared_with_what_stands(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story) | {
        "title": "Judul <b>lain</b>",
        "body": "<p>Satu dua tiga</p><script>x</script>",
    }
    told = browser.post(
        f"/naskah/{story.id}/banding-simpanan", form, status=200, headers=JSON
    ).response.get_json()
    assert "<ins>" in told["html"] and "<script>" not in told["html"] and "&lt;b&gt;" in told["html"]
    assert queries.count_versions(story.id) == 1


def test_with_csrf_on_a_stale_token_is_said_to_the_script(
    world: World, browser_of: BrowserOf, app: Any
) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    form = opened(browser, story)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    send(browser, story, form | {"csrf_token": "rusak"}, title="Lain", status=400)
    token = browser.get(f"/naskah/{story.id}/tanda", headers=JSON).response.get_json()["csrf"]
    assert send(browser, story, form | {"csrf_token": token}, title="Lain")["number"] == 2


def test_a_file_that_may_not_be_used_does_not_end_saving_by_itself(
    world: World, browser_of: BrowserOf
) -> None:
    """What is refused for good stops the open editor; this ends when the picture is taken off."""
    asset = desk.asset(world)
    story = desk.story(world, commit=True)
    asset.blocked_reason = BlockReason.CONSENT_WITHDRAWN
    db.session.commit()
    browser = browser_of(world.editor)
    form = opened(browser, story)
    told = send(browser, story, form, status=422, title="Diketik", picture=str(asset.id))
    assert told["error"]
    assert queries.count_versions(story.id) == 1
    assert send(browser, story, form, title="Diketik")["number"] == 2
