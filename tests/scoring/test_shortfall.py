"""Why something is missing, with names and links; never more than the reader may know."""

from datetime import UTC, datetime
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.planning.models import AgendaEvent
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.services.moving import current_or_new
from humasflow.scoring.standing import get_standing
from humasflow.scoring.standing.sentences import headline
from humasflow.scoring.standing.shortfall import SHOWN, Explained, explain
from humasflow.scoring.standing.what_if import usual
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from tests.factories.publications import live_post
from tests.factories.standings import TW1, WITHIN, aim, news, planned, scheme_of
from tests.factories.world import World

pytestmark = pytest.mark.db


@pytest.fixture
def short(world: World) -> World:
    """Ten news are asked for."""
    aim(world, scheme_of(world, news()), "berita", 10)
    return world


def explained(world: World, reader: Any = None) -> Explained:
    reader = world.as_(reader or world.lead)
    standing = get_standing(world.office, TW1, viewer_id=reader.id)
    assert standing is not None
    found = explain(standing, reader)
    assert found is not None
    return found


def reasons(found: Explained) -> dict[str, list[str]]:
    (one,) = found.shortfalls
    return {reason.code: [item.title for item in reason.items] for reason in one.reasons}


def test_what_is_in_work_is_told_by_where_it_is(short: World, at: Any) -> None:
    with at(WITHIN):
        planned(short, "Terjadwal", agree=True, due="2026-02-20T02:00Z")
        planned(short, "Siap", agree=True)
        planned(short, "Direviu", submit=True)
        planned(short, "Ditulis")
        held, _post = planned(short, "Ditunda")
        stories.move_story(held, StoryMove.HOLD, actor=None, reason="")
        found = explained(short)
    assert reasons(found) == {
        "scheduled": ["Terjadwal"], "ready": ["Siap"], "review": ["Direviu"], "writing": ["Ditulis"],
        "held": ["Ditunda"],
    }  # fmt: skip
    assert found.shortfalls[0].unproposed == 5


def test_nothing_is_promised_of_what_stopped_or_was_put_off(short: World, at: Any) -> None:
    with at(WITHIN):
        planned(short, "Terjadwal", agree=True, due="2026-02-20T02:00Z")
        _story, failed = planned(short, "Gagal", agree=True, due="2026-02-20T03:00Z")
        current_or_new(failed).state = DeliveryState.FAILED
        held, _post = planned(short, "Ditunda", agree=True, due="2026-02-20T04:00Z")
        held.state = StoryState.ON_HOLD
        db.session.flush()
        standing = get_standing(short.office, TW1)
        assert standing is not None
        assert [p.title for p in standing.coming if p.bucket] == ["Terjadwal"]
        assert {p.title: p.stage for p in standing.coming}["Gagal"] == "stuck"
        assert any("1 sudah terjadwal" in clause for clause in headline(standing).clauses)
        assert len(usual(standing.coming)) == 1


def test_what_was_taken_off_and_planned_again_is_on_its_way(short: World, at: Any) -> None:
    with at(WITHIN):
        _story, post = planned(short, "Diulang", agree=True, due="2026-02-20T02:00Z")
        current_or_new(post).state = DeliveryState.RETRACTED
        db.session.flush()
        gone = get_standing(short.office, TW1)
        post.generation += 1
        db.session.flush()
        again = get_standing(short.office, TW1)
    assert gone is not None and again is not None
    assert [len(found.coming) for found in (gone, again)] == [0, 1]
    assert again.coming[0].bucket == "scheduled"


def test_a_review_names_with_whom_and_since_when(short: World, at: Any) -> None:
    with at(WITHIN):
        planned(short, "Direviu", submit=True)
    with at("2026-02-13T02:00Z"):
        (item,) = explained(short).shortfalls[0].reasons[0].items
    assert item.who == "Penyetuju Kantor"
    assert item.since is not None and item.since.isoformat().startswith("2026-02-11")


def test_a_review_that_waits_for_the_reader_names_them_too(short: World, at: Any) -> None:
    with at(WITHIN):
        planned(short, "Direviu", submit=True)
        (item,) = explained(short, short.approver).shortfalls[0].reasons[0].items
    assert item.who == "Penyetuju Kantor"


def test_of_many_reviews_the_first_are_named_with_whom_and_all_are_counted(short: World, at: Any) -> None:
    with at(WITHIN):
        for n in range(SHOWN + 2):
            planned(short, f"Direviu {n}", submit=True)
        (reason,) = explained(short).shortfalls[0].reasons
    assert (reason.code, reason.number) == ("review", SHOWN + 2)
    assert [item.who for item in reason.items] == ["Penyetuju Kantor"] * SHOWN


def test_what_covered_the_agenda_and_counts_for_nothing_short_is_counted(short: World, at: Any) -> None:
    event = AgendaEvent(
        office_id=short.office.id, uid="apel@uji", title="Apel pagi", zone="Asia/Jakarta", rule="",
        starts_at=datetime(2026, 2, 10, 1, tzinfo=UTC), ends_at=datetime(2026, 2, 10, 2, tzinfo=UTC),
        created_at=short.office.created_at, updated_at=short.office.created_at,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    covering = [
        live_post(short),  # news, which is short
        live_post(short, content_type=short.headline),
        live_post(short, content_type=short.headline, at="2026-04-10T02:00Z"),  # another period
    ]
    for delivery in covering:
        db.session.get_one(Story, delivery.story_id).event_id = event.id
    live_post(short, content_type=short.headline)  # not of the agenda
    db.session.flush()
    with at("2026-04-12T02:00Z"):
        assert explained(short).covered == 1


def test_what_was_called_off_is_told_with_its_reason(short: World, at: Any) -> None:
    with at(WITHIN):
        story, _post = planned(short, "Batal")
        stories.move_story(story, StoryMove.CANCEL, actor=None, reason="Acaranya batal")
        found = explained(short)
    (reason,) = found.shortfalls[0].reasons
    assert (reason.code, reason.items[0].why) == ("called_off", "Acaranya batal")
    assert found.shortfalls[0].unproposed == 10, "it will not come any more"


def test_a_confidential_story_is_counted_and_not_named(short: World, at: Any) -> None:
    with at(WITHIN):
        story, _post = planned(short, "Rahasia", submit=True)
        story.is_confidential = True
        db.session.flush()
        found = explained(short, short.lead)
    (item,) = found.shortfalls[0].reasons[0].items
    assert (item.title, item.why) == ("", "")


def test_nothing_missing_needs_no_reasons(world: World, at: Any) -> None:
    aim(world, scheme_of(world, news()), "berita", 1)
    live_post(world)
    with at(WITHIN):
        standing = get_standing(world.office, TW1)
        assert standing is not None and explain(standing, world.as_(world.lead)) is None


def test_only_what_counts_for_the_short_component_is_named(world: World, at: Any) -> None:
    scheme = scheme_of(world, news("Berita", 50), news("Lain", 50, account_ids=[999_999]))
    aim(world, scheme, "berita", 1)
    aim(world, scheme, "lain", 1)
    with at(WITHIN):
        planned(world, "Direviu", submit=True)
        found = explained(world)
    assert [len(s.reasons) for s in found.shortfalls] == [1, 0]
