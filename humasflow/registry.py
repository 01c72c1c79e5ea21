"""The one list of rooms, and what each offers under fixed names, so that a newcomer can guess where it is.

``views.blueprint`` (a Flask blueprint), ``commands.cli`` (a command group), ``handlers.HANDLERS`` (pairs of event
type and function), ``jobs.JOBS`` (job kind → function of the reference), ``jobs.TIMETABLE`` (name, seconds, function),
``media_usage.SOURCES`` (what can say where files are used), ``account_usage.SOURCES`` (what waits on an account),
``findable.SOURCES`` (what the search finds),
``publication_page.PANELS`` and ``QUESTIONS`` (what is shown on the page of a publication).
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from flask import Flask

from humasflow.accounts import finding
from humasflow.channels.connections import awaiting
from humasflow.core import events
from humasflow.media import usage
from humasflow.outbox import handling
from humasflow.publishing import panels

# From the ground up. Handlers of one event run in this order.
ROOMS = (
    "audit", "outbox", "orgs", "accounts", "planning", "media", "channels", "guidelines", "stories", "pitches", "posts",
    "approvals", "publishing", "metrics", "scoring", "calendar", "notifications", "newsroom", "imports", "reports",
    "archive", "pages", "setup",
)  # fmt: skip

# Parts of a room that offer pages, handlers or jobs of their own, after the rooms' own.
PARTS = (
    "channels.connections",
    "planning.agenda",
    "calendar.feeds",
    "planning.days",
    "calendar.meetings",
    "calendar.sharing",
    "notifications.mailbox",
    "notifications.routing",
    "notifications.push",
    "notifications.telegram",
    "notifications.briefs",
    "reports.scheduling",
    "imports.backfill",
    "setup.secrets",
    "pages.search",
)  # fmt: skip


@cache
def _modules(part: str) -> tuple[ModuleType, ...]:
    """The modules of this name that rooms have; which rooms have one is looked up on the disk once a process."""
    names = [f"humasflow.{room}.{part}" for room in (*ROOMS, *PARTS)]
    return tuple(import_module(name) for name in names if find_spec(name) is not None)


def _offers(part: str, name: str) -> Iterator[Any]:
    for module in _modules(part):
        offered = getattr(module, name, None)
        if offered is not None:
            yield offered


def load_models() -> None:
    """Import every model, so that the metadata is complete."""
    _modules("models")


def register(app: Flask) -> None:
    """Bind all rooms to an application."""
    load_models()
    for blueprint in _offers("views", "blueprint"):
        app.register_blueprint(blueprint)
    for group in _offers("commands", "cli"):
        app.cli.add_command(group)
    bind()


def bind() -> None:
    """Tell events, jobs and the use of files which functions the rooms offer for them."""
    events.bind([pair for handlers in _offers("handlers", "HANDLERS") for pair in handlers])
    usage.bind([source for sources in _offers("media_usage", "SOURCES") for source in sources])
    awaiting.bind([source for sources in _offers("account_usage", "SOURCES") for source in sources])
    finding.bind([source for sources in _offers("findable", "SOURCES") for source in sources])
    panels.bind(
        [panel for offered in _offers("publication_page", "PANELS") for panel in offered],
        [panel for offered in _offers("publication_page", "QUESTIONS") for panel in offered],
    )
    handling.bind(
        {kind: run for jobs in _offers("jobs", "JOBS") for kind, run in jobs.items()},
        timetable(),
        long=[name for names in _offers("jobs", "LONG") for name in names],
    )


def timetable() -> list[tuple[str, int, Callable[[], object]]]:
    """What the worker does by itself: name, every how many seconds, and the function."""
    return [entry for table in _offers("jobs", "TIMETABLE") for entry in table]
