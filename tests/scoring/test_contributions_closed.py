"""Who and what brought a closed period its numbers stays as it was signed, whatever becomes of a publication later."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.outbox.runner import run_due
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.queries.contributions import Dimension, page_of_parts, publications_of_people
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.schemes import create_scheme_version
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing.by_person import by_person
from humasflow.scoring.standing.by_pillar import by_part
from humasflow.scoring.standing.by_section import by_section
from humasflow.stories.models import Story
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, make_scheme
from tests.factories.world import World
from tests.scoring.test_contributions import made_by
from tests.scoring.test_random_histories import Yes
from tests.scoring.test_standing_facts import WEEKLY, facts, news, scheme_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
TW1, TW2 = Quarter.parse("2026-TW1"), Quarter.parse("2026-TW2")
At = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _in_may(at: At) -> Iterator[None]:
    with at("2026-05-04T02:00Z"):
        yield


def test_what_is_withdrawn_later_stays_with_its_pillar_and_its_people(world: World) -> None:
    scheme = make_scheme(world)
    version = scheme.versions[0]
    delivery = live_post(world)
    db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    made_by(world, delivery, section=world.section.id, penulis=world.contributor.id)
    verify_point(delivery, actor=world.as_(world.lead))

    def of_pillar(period: Quarter) -> list[Decimal]:
        parts = by_part(world.office, version, period, Dimension.PILLAR)
        return [row.cell("berita-terbaru").tally.verified for row in parts.rows if row.id == world.pillar.id]

    def of_person(period: Quarter) -> list[tuple[str, int]]:
        found = publications_of_people(world.office.id, scheme.id, period.key, [world.contributor.id])
        return [(row.state.value, row.number) for row in found]

    def listed(period: Quarter) -> int:
        page = page_of_parts(
            world.office.id, scheme.id, period.key, world.contributor.id, reader_id=world.lead.id
        )
        return len(page.items)

    before = of_pillar(TW1), of_person(TW1), listed(TW1)
    assert before == ([Decimal(1)], [("verified", 1)], 1)
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
    retract(delivery, actor=world.as_(world.editor), reason="Data keliru")
    assert (of_pillar(TW1), of_person(TW1), listed(TW1)) == before
    assert (of_pillar(TW2), of_person(TW2)) == ([Decimal(-1)], [("verified", -1)])


def test_what_is_found_late_counts_where_it_is_booked_also_under_newer_rules(world: World) -> None:
    """Its line is of the version of its own date; the open period has another one by now."""
    scheme = make_scheme(world)
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
    create_scheme_version(scheme, actor=world.admin, components=SPECS, effective_from=TW2)
    run_due()
    late = live_post(world)
    db.session.get_one(Story, late.story_id).pillar_id = world.pillar.id
    made_by(world, late, section=world.section.id, penulis=world.contributor.id)
    version = queries.version_at(scheme, TW2.end)
    assert version is not None and version.number == 2

    sections = by_section(world.office, version, TW2)
    of_section = {row.section.id: row for row in sections.rows if row.section}
    assert sections.office.cell("berita-terbaru").tally.live == 1
    assert of_section[world.section.id].cell("berita-terbaru").tally.live == 1
    pillars = by_part(world.office, version, TW2, Dimension.PILLAR)
    assert [row.cell("berita-terbaru").tally.live for row in pillars.rows] == [1]
    people = by_person(world.office, version, TW2, q="kontributor satu")
    cell = next(c for c in people.rows[0].cells if c.count.component.key == "berita-terbaru")
    assert (cell.count.tally.live, cell.share.live) == (1, Decimal("0.8"))
    parts = page_of_parts(world.office.id, scheme.id, TW2.key, world.contributor.id, reader_id=world.lead.id)
    assert [p.roles for p in parts.items] == [(("writer", Decimal(80)),)]


def test_a_week_over_two_quarters_loses_a_withdrawn_post_once(world: World) -> None:
    scheme = scheme_of(world, news(kind=ComponentKind.CADENCE, parameters=WEEKLY))
    early, late = (live_post(world, at=f"{day}T03:00Z") for day in ("2026-03-30", "2026-04-02"))
    for delivery in (early, late):
        verify_point(delivery, actor=world.as_(world.lead))

    assert facts(world, scheme, TW2)["berita"].counts[0] == 2
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
    retract(early, actor=world.as_(world.editor), reason="Data keliru")
    assert facts(world, scheme, TW2)["berita"].counts[0] == 1
