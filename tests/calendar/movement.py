"""Short ways to move things on the calendar, and to what there is to move."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from humasflow.accounts.models import User
from humasflow.audit.enums import AuditAction as A
from humasflow.audit.queries import list_timeline
from humasflow.calendar import moving
from humasflow.calendar.enums import ItemKind as K
from humasflow.calendar.moving import NeedsDecision, Outcome, Ref, Where
from humasflow.core.localtime import from_local
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.services import create_event
from humasflow.planning.agenda.services.contents import EventContent
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.services import CampaignContent, create_campaign
from humasflow.posts.models import Post
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.support.page import Browser

At = Callable[[str], AbstractContextManager[None]]
NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB, 10.00 WIT
WIB = "Asia/Jakarta"


def at_office(day: int, clock_time: time = time(9), month: int = 11, zone: str = WIB) -> datetime:
    return from_local(date(2026, month, day), clock_time, zone)


def ref_of(thing: Any, occurrence: datetime | None = None) -> Ref:
    kinds = {"Post": K.POST, "Assignment": K.DEADLINE, "AgendaEvent": K.EVENT, "Campaign": K.CAMPAIGN}
    return Ref(kinds[type(thing).__name__], thing.id, thing.row_version, occurrence)


def move(world: World, *things: Any, who: User | None = None, decided: bool = True, **where: Any) -> Outcome:
    """Move things (or refs) as the editor, all questions answered."""
    refs = [thing if isinstance(thing, Ref) else ref_of(thing) for thing in things]
    return moving.move_items(refs, Where(**where), actor=world.as_(who or world.editor), decided=decided)


def undo(world: World, outcome: Outcome, who: User | None = None) -> Outcome:
    assert outcome.undo is not None
    return moving.undo_move(outcome.undo, actor=world.as_(who or world.editor))


def asked(world: World, *things: Any, **where: Any) -> list[str]:
    """What a person is asked to think about first."""
    refs = [thing if isinstance(thing, Ref) else ref_of(thing) for thing in things]
    try:
        moving.move_items(refs, Where(**where), actor=world.as_(world.editor))
    except NeedsDecision as needed:
        return [c.text for c in needed.cautions]
    return []


def reasons(outcome: Outcome) -> str:
    assert not outcome.moved
    return " ".join(r for f in outcome.failed for r in f.reasons or (f.message,))


def actions(subject: tuple[str, int]) -> list[A]:
    return [e.action for e in reversed(list_timeline(subject))]


def scheduled(
    desk: NewsDesk, day: int, clock_time: time = time(9), account: str = "web", **more: Any
) -> Post:
    _story, (post,) = desk.going_out(
        account, at=at_office(day, clock_time, zone=desk.world.office.zone_name), **more
    )
    return post


def event(world: World, day: int = 4, clock_time: time = time(9), **more: Any) -> AgendaEvent:
    starts = at_office(day, clock_time, zone=world.office.zone_name)
    values = {"title": "Rapat koordinasi", "starts_at": starts, "ends_at": starts + hours(2)} | more
    return create_event(
        actor=world.as_(world.editor), office_id=world.office.id, content=EventContent(**values)
    )


def campaign(world: World, first: int = 1, last: int = 30, **more: Any) -> Campaign:
    values = {
        "name": "Bulan Lelang", "goal": "Warga tahu", "audience": "Warga", "starts_on": date(2026, 11, first),
        "ends_on": date(2026, 11, last),
    }  # fmt: skip
    return create_campaign(
        actor=world.as_(world.editor), office_id=world.office.id, content=CampaignContent(**(values | more))
    )


CHRISTMAS = date(2026, 12, 25)


# In the browser

Open = Callable[[Any], Browser]
MOVE, UNDO, PAGE = "/kalender/pindah", "/kalender/pindah/urungkan", "/kalender/pindahkan"


def drop(browser: Browser, items: Any, to: str = MOVE, **more: str) -> Any:
    """What the script sends."""
    browser._forget()
    data: dict[str, Any] = {**more} if items is None else {"item": items, **more}
    return browser.client.post(to, data=data, headers={"Accept": "application/json"})


def key(thing: Any, occurrence: datetime | None = None) -> str:
    return str(ref_of(thing, occurrence))


def page_of(*things: Any) -> str:
    """The twin's address for some things."""
    return f"{PAGE}?{urlencode({'item': [t if isinstance(t, str) else key(t) for t in things]}, doseq=True)}"
