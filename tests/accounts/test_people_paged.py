"""A large office: its people come a page at a time, each of them once, the active first."""

import pytest

from humasflow.accounts import queries
from humasflow.accounts.models import User
from humasflow.core.db import db
from tests.factories.world import World

pytestmark = pytest.mark.db


def test_the_pages_together_are_the_whole_list(world: World) -> None:
    whole = list(queries.list_people(world.office))
    whole[0].is_active = False
    whole[1].name = whole[2].name.upper()  # two of one name: the page may end between them
    db.session.flush()
    whole = list(queries.list_people(world.office))
    assert not whole[-1].is_active
    cursor: str | None = None
    read: list[User] = []
    for _ in range(len(whole) + 1):
        page = queries.page_of_people(world.office, cursor=cursor, size=1)
        read += page.items
        cursor = page.next
        if cursor is None:
            break
    assert read == whole


def test_a_damaged_cursor_starts_from_the_top(world: World) -> None:
    whole = list(queries.list_people(world.office))
    assert list(queries.page_of_people(world.office, cursor="x²")) == whole
    assert queries.page_of_people(world.office, cursor=None, size=len(whole)).next is None
