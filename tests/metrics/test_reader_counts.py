"""Reader counts: one number a story and local day."""

from datetime import date

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.metrics.models import ReaderCount
from humasflow.metrics.queries import readers_of
from humasflow.metrics.services import count_reader
from tests.factories import desk

DAY = date(2026, 3, 31)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def test_readers_add_up_by_day_and_over_all_days(world):
    one, two, unread = (desk.story(world, title=f"Naskah {n}") for n in range(3))
    for day in (DAY, DAY, date(2026, 4, 1)):
        count_reader(one.id, day)
    count_reader(two.id, DAY, readers=40)
    count_reader(two.id, DAY)
    assert readers_of([one.id, two.id, unread.id]) == {one.id: 3, two.id: 41, unread.id: 0}
    rows = db.session.execute(
        select(ReaderCount.readers).where(ReaderCount.story_id == one.id).order_by(ReaderCount.local_date)
    )
    assert [n for (n,) in rows] == [2, 1]


def test_it_takes_one_statement_whatever_the_number(world, statements):
    stories = [desk.story(world).id for _ in range(3)]
    for ids in (stories[:1], stories):
        statements.reset()
        readers_of(iter(ids))
        assert len(statements) == 1
    statements.reset()
    assert readers_of([]) == {}
    assert len(statements) == 0


def test_a_count_never_shrinks(world):
    made = desk.story(world)
    with pytest.raises(ValueError, match="only grows"):
        count_reader(made.id, DAY, readers=-1)
