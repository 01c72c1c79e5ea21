"""What stands on the calendar of a test: campaigns, events, two stories that filters tell apart."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning import services as planning
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.campaigns.models import Campaign
from humasflow.stories.models import Story
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task
from tests.support.page import Browser, Page

At = Callable[[str], AbstractContextManager[None]]
Open = Callable[[Any], Browser]
NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB
PLANNED = datetime(2026, 10, 16, 7, 30, tzinfo=UTC)  # Friday, 14.30 WIB


def campaign(world: World, name: str = "Bulan Lelang") -> Campaign:
    made = Campaign(
        office_id=world.office.id, name=name, starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 20),
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def event(world: World, **more: Any) -> AgendaEvent:
    values = {
        "office_id": world.office.id, "uid": "satu@uji", "title": "Serah terima aset", "place": "Aula",
        "starts_at": datetime(2026, 10, 15, 2, tzinfo=UTC), "ends_at": datetime(2026, 10, 15, 4, tzinfo=UTC),
        "zone": "Asia/Jakarta", "created_at": clock.now(), "updated_at": clock.now(), **more,
    }  # fmt: skip
    made = AgendaEvent(**values)
    db.session.add(made)
    db.session.commit()
    return made


def titles(page: Page, kind: str = "") -> list[str]:
    chosen = f'[data-kind="{kind}"]' if kind else ""
    return [" ".join(e.get_text(" ").split()) for e in page.soup.select(f"#calendar .ev{chosen}")]


def both(desk: NewsDesk, world: World) -> tuple[Story, Story]:
    """Two stories with a publication and a task each, and two events, alike but for what a filter asks."""
    one, _posts = desk.going_out("web", at=PLANNED)
    other, _posts = desk.going_out("facebook", at=PLANNED, approved=False)
    own = campaign(world)
    pillar = planning.create_pillar(world.office.id, actor=None, name="Aset")
    mine, theirs = db.session.get_one(Story, one.id), db.session.get_one(Story, other.id)
    mine.pillar_id, theirs.pillar_id = world.pillar.id, pillar.id
    mine.section_id, theirs.section_id = world.section.id, world.other_section.id
    mine.campaign_id, theirs.campaign_id = own.id, None
    mine.owner_id, theirs.owner_id = world.editor.id, world.other_editor.id
    mine.title, theirs.title = "Lelang sepeda motor", "Penilaian gedung arsip"
    for number, story in enumerate((mine, theirs)):
        task(
            world,
            story,
            due=PLANNED - timedelta(hours=1),
            to=(world.contributor, world.other_contributor)[number],
        )
        event(world, uid=f"{number}@uji", title=f"Liputan {story.title}", campaign_id=story.campaign_id,
              section_id=story.section_id, starts_at=PLANNED - timedelta(hours=3), ends_at=PLANNED)  # fmt: skip
    db.session.commit()
    return mine, theirs
