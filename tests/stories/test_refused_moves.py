"""A move of a story that is refused: the page says why and loses nothing."""

from collections.abc import Callable
from typing import Any

from humasflow.core.db import db
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def test_a_refused_move_gives_back_what_was_typed(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    url, long = f"/naskah/{story.id}/gerak", "Acara batal. " * 100
    form = browser.get(f"/naskah/{story.id}").form("gerak") | {"move": "cancel", "reason": long}
    page = browser.post(url, form, status=422)
    assert "Paling panjang 1000 karakter" in page.main
    assert long.strip() in page.form("gerak")["reason"]
    browser.follow(browser.post(url, page.form("gerak") | {"reason": "Acara batal"}))
    late = browser.post(url, form | {"reason": "Sekali lagi", "form_token": "lain"}, status=409)
    assert "Sekali lagi" in late.form("gerak")["reason"]
    assert db.session.get_one(Story, story.id).state is StoryState.CANCELLED
