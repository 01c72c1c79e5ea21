"""An event turns into a story and its tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.localtime import to_local
from humasflow.orgs import queries as orgs
from humasflow.planning import queries as planning
from humasflow.planning.agenda.enums import EventNeed
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.stories import services as stories
from humasflow.stories.contents import StoryContent
from humasflow.stories.enums import OVER
from humasflow.stories.models import Story
from humasflow.stories.queries.coverage import Covered, covered_of, of_occurrence
from humasflow.stories.services import covering
from humasflow.stories.services.assignments import assign

# Which of the bundled production roles brings home what is needed, the likeliest first. An office that has none of
# them chooses itself.
ROLES = {
    EventNeed.PHOTO: ("photo", "fotografer"),
    EventNeed.VIDEO: ("video", "videografer"),
    EventNeed.NEWS: ("news", "peliput", "penulis"),
    EventNeed.CAPTION: ("caption", "admin_medsos", "penulis"),
}


class CoveredAlready(UserError):
    """A story in work covers the occurrence already."""

    def __init__(self, story_id: int, message: str) -> None:
        super().__init__(message)
        self.story_id = story_id


class OffEvent(UserError):
    """It does not take place."""


@dataclass(frozen=True)
class Ask:
    """Somebody who is asked for something."""

    role_id: int
    person_id: int


def roles_for(office_id: int, needs: Sequence[str]) -> list[tuple[EventNeed, ProductionRole | None]]:
    """For each need of an event the office's role for it, in the order of :class:`EventNeed`; None where the office
    has no such role (any more).
    """
    by_code = {r.code: r for r in list_production_roles(office_id)}
    return [
        (need, next((by_code[c] for c in ROLES[need] if c in by_code), None))
        for need in EventNeed
        if need.value in needs
    ]


def cover(
    event: AgendaEvent,
    occurrence: datetime | None,
    *,
    actor: Principal,
    content_type_id: int,
    title: str = "",
    asks: Sequence[Ask] = (),
    due_at: datetime | None = None,
    brief: str = "",
    pillar_id: int | None = None,
    again: bool = False,
) -> Story:
    """Begin a story about an occurrence, with its facts filled in, and ask these people: all of it or nothing.

    ``occurrence`` is the instant that the event's rule gives; without one the event does not repeat. ``again`` begins
    another story beside one that covers it already. Flushes. Raises NotAllowed, Refused, NotFound,
    :class:`CoveredAlready`, :class:`OffEvent`, DuePassed, UserError.
    """
    lock(event)  # two editors cannot both be the first
    occurrence = occurrence if event.rule else None
    found = covered_of([(event.id, occurrence)])[event.id, occurrence]
    if found.is_off:
        raise OffEvent(
            _("Agenda ini tidak berlangsung (%(state)s), jadi belum dapat diliput.", state=found.state.label)
        )
    if not again:
        _refuse_twin(event, occurrence)
    zone = orgs.get_office(event.office_id).zone_name
    kind = planning.get_content_type(event.office_id, content_type_id)
    with db.session.begin_nested():
        story = stories.create_story(
            actor=actor, office_id=event.office_id, content_type_id=kind.id, section_id=event.section_id,
            pillar_id=pillar_id, content=facts_of(found, title or found.title, kind.body_template, actor, zone),
        )  # fmt: skip
        covering.cover_event(story, event, occurrence, actor=actor)
        for ask in asks:
            assign(
                story, actor=actor, person_id=ask.person_id, role_id=ask.role_id, due_at=due_at, brief=brief
            )
    return story


def facts_of(found: Covered, title: str, body_html: str, actor: Principal, zone: str) -> StoryContent:
    """What the agenda knows, as the story's facts; an all-day event is on the day of its own calendar."""
    day = to_local(found.starts_at, found.zone if found.all_day else zone).date()
    return StoryContent(
        title=title[:200], body_html=body_html, writer_credit=actor.name[:120], agenda=found.title[:200],
        place=found.place[:200], event_date=day,
    )  # fmt: skip


def _refuse_twin(event: AgendaEvent, occurrence: datetime | None) -> None:
    twin = db.session.scalar(
        select(Story)
        .where(of_occurrence(event, occurrence), Story.state.not_in(sorted(OVER)))
        .order_by(Story.id)
        .limit(1)
    )
    if twin is not None:
        raise CoveredAlready(twin.id, _("Agenda ini sudah diliput oleh naskah lain."))
