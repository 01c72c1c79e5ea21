"""A span of the calendar with everything that stands on it, as the reader may see it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import CalendarView, ItemKind
from humasflow.calendar.items import DAY_ICONS, LOOKS, TASK_LOOK, CampaignSpan, Choices, Day, Item, Note, Plan
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.policy import is_movable
from humasflow.calendar.queries import rows as reading
from humasflow.calendar.queries.occurrences import list_events
from humasflow.calendar.spans import Span
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.planning.days import queries as days
from humasflow.publishing.workflow import shown_state

_ORDER = {kind: n for n, kind in enumerate((ItemKind.EVENT, ItemKind.DEADLINE, ItemKind.POST))}
_WITHOUT_TRAY = frozenset({CalendarView.AGENDA, CalendarView.QUARTER})


def get_plan(
    actor: Principal, office: Unit, narrowing: Narrowing, choices: Choices, *, tray: bool = True
) -> Plan:
    """What the view shows. Publications and deadlines are one statement, the agenda and the days those of their
    rooms; the campaigns came with the choices. Without ``tray`` only what has a time.
    """
    span = narrowing.span
    between = span.instants(office.zone_name)
    reader = _Reader(actor, office, choices)
    rows = reading.list_rows(
        actor.id, office.id, narrowing, between,
        with_tray=tray and narrowing.view not in _WITHOUT_TRAY,
        deadlines=actor.can(Permission.STORY_READ, office.id),
    )  # fmt: skip
    items, waiting = reader.from_rows(rows, narrowing)
    size = reading.TRAY_SIZE
    if narrowing.shows(ItemKind.EVENT):
        items += list_events(office, narrowing, between, span, movable=reader.moves_tasks)
    items.sort(key=lambda i: (i.day, bool(i.clock), i.clock, _ORDER[i.kind], i.account_id or 0, i.id))
    notes = _notes(office, span) if narrowing.shows(ItemKind.DAY) else {}
    cells = {day: Day(day, notes.get(day, ())) for day in span.days()}
    for item in items:
        if item.day in cells:
            cells[item.day].items.append(item)
    return Plan(span, cells, _campaigns(narrowing, choices), waiting[:size], len(waiting) > size)


def _campaigns(narrowing: Narrowing, choices: Choices) -> list[CampaignSpan]:
    """Those of the span that the filters leave."""
    if not narrowing.shows(ItemKind.CAMPAIGN):
        return []
    wanted, text = set(narrowing.campaign_ids), narrowing.search.casefold()
    return [c for c in choices.campaigns if (not wanted or c.id in wanted) and text in c.name.casefold()]


def _notes(office: Unit, span: Span) -> dict[date, Sequence[Note]]:
    found = days.list_days(office.id, span.start, span.end)
    return {
        day: [
            Note(m.name, m.kind.label, m.is_closed, m.is_estimate, m.is_confirmed, DAY_ICONS[m.kind])
            for m in marks
        ]
        for day, marks in found.items()
    }


class _Reader:
    """Rows made items for one person at one office."""

    def __init__(self, actor: Principal, office: Unit, choices: Choices) -> None:
        self.zone = ZoneInfo(office.zone_name)
        self.moves_posts = actor.can(Permission.POST_SCHEDULE, office.id)
        self.moves_tasks = actor.can(Permission.STORY_WRITE, office.id)
        self.accounts = {c.id: (c.name, c.icon) for c in choices.every if c.kind == "account"}
        self.labels = {state: state.label for state in LOOKS}

    def from_rows(
        self, rows: Sequence[Row[*tuple[Any, ...]]], narrowing: Narrowing
    ) -> tuple[list[Item], list[Item]]:
        """Everything with a time, and the tray."""
        timed: list[Item] = []
        tray: list[Item] = []
        tasks: dict[tuple[int, datetime], Item] = {}
        wanted = set(narrowing.states)
        for row in rows:
            if row.kind == reading.DEADLINE:
                self._task(row, tasks)
                continue
            item = self._post(row)
            if wanted and item.post_state not in wanted:
                continue
            (tray if row.kind == reading.TRAY else timed).append(item)
        return [*timed, *tasks.values()], tray

    def _post(self, row: Row[*tuple[Any, ...]]) -> Item:
        state = shown_state(
            delivery=row.delivery, approved=row.approval == reading.APPROVED,
            pending=row.approval == reading.PENDING, scheduled=row.at is not None,
        )  # fmt: skip
        tone, icon = LOOKS[state]
        name, channel = self.accounts.get(row.account_id, ("", "send"))
        local = row.at.astimezone(self.zone) if row.at is not None else None
        return Item(
            ItemKind.POST, row.id, row.title, row.at, tone, channel, icon, self.labels[state], name,
            local.strftime("%H:%M") if local else "", "", local.date() if local else None, row.row_version,
            self.moves_posts and is_movable(state), row.account_id, row.section_id, row.story_id, "", state,
        )  # fmt: skip

    def _task(self, row: Row[*tuple[Any, ...]], tasks: dict[tuple[int, datetime], Item]) -> None:
        """One item for each story and time: named after everybody who hands over then, moved by its first task."""
        known = tasks.get((row.story_id, row.at))
        if known is None:
            local = row.at.astimezone(self.zone)
            tone, icon, state_icon = TASK_LOOK
            tasks[row.story_id, row.at] = Item(
                ItemKind.DEADLINE, row.id, row.title, row.at, tone, icon, state_icon, ItemKind.DEADLINE.label,
                row.who, local.strftime("%H:%M"), "", local.date(), row.row_version, self.moves_tasks,
                None, row.section_id, row.story_id,
            )  # fmt: skip
            return
        known.where = ", ".join(dict.fromkeys([*known.where.split(", "), row.who]))
        if row.id < known.id:
            known.id, known.row_version = row.id, row.row_version
