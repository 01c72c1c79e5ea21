"""What the signed-in layout shows on every page: where one can go, and how much waits there.

Templates get two functions; nothing is asked of the database until a layout calls them, so the public pages, errors
and files cost nothing. A page that has read a number already leaves it in :func:`known`, and it is not read again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals import queries as approvals
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import queries as notifications
from humasflow.pages.blueprint import blueprint
from humasflow.pitches import queries as pitches
from humasflow.publishing import queries as publishing
from humasflow.stories.queries import assignments, handovers

TABS_ON_A_PHONE = 4
# Whoever holds one of these has something to set.
MANAGING = (
    Permission.ACCOUNT_MANAGE,
    Permission.CHANNEL_MANAGE,
    Permission.IMPORT_RUN,
    Permission.JOB_READ,
    Permission.OFFICE_MANAGE,
    Permission.SCORE_MANAGE,
)


@dataclass(frozen=True)
class NavPart:
    """A page beside others of one place."""

    label: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True)
class NavItem:
    """A place to go. ``tab``: also in the bar at the bottom of a phone. ``count``: how much waits there.

    ``parts``: the place's own pages, told only while one is in it.
    """

    key: str
    label: str
    url: str
    icon: str
    current: bool
    count: int
    tab: bool
    parts: tuple[NavPart, ...] = ()


@dataclass(frozen=True)
class _Part:
    label: str
    endpoint: str
    prefix: str
    needs: tuple[Permission, ...]
    count: Callable[[Principal], int] | None = None


@dataclass(frozen=True)
class _Place:
    key: str
    label: str
    endpoint: str
    icon: str
    prefix: str
    needs: tuple[Permission, ...]
    count: Callable[[Principal], int] | None = None
    parts: tuple[_Part, ...] = ()
    unless: Permission | None = None  # whoever has this finds the same in another place

    def is_open_to(self, person: Principal) -> bool:
        """Whether the person finds it in the menu."""
        if self.unless is not None and person.can(self.unless):
            return False
        return any(person.can(n) for n in self.needs)

    def holds(self, path: str) -> bool:
        """Whether an address lies in this place."""
        return path.startswith((self.prefix, *(p.prefix for p in self.parts)))


def _count_approvals(person: Principal) -> int:
    return approvals.count_waiting_for(person) if person.can(Permission.STORY_APPROVE) else 0


def _count_pool(person: Principal) -> int:
    return pitches.count_new(person.office.id) if person.office and person.can(Permission.PITCH_TRIAGE) else 0


def _count_handed_over(person: Principal) -> int:
    if "handovers" not in known():
        known()["handovers"] = handovers.count_waiting(person.office.id) if person.office else 0
    return known()["handovers"]


def _count_manual(person: Principal) -> int:
    return publishing.count_manual_due(person)


def _count_tasks(person: Principal) -> int:
    """Asked together with what else every page shows: the bell's number, and what other offices handed over."""
    if person.office is None:
        return 0
    asked = {"tasks": assignments.open_of(person.id, person.office.id)}
    if "unread" not in known():
        asked["unread"] = notifications.unread_of(person.id)
    if person.can(Permission.STORY_READ):
        asked["handovers"] = handovers.waiting_in(person.office.id)
    row = db.session.execute(select(*(s.scalar_subquery().label(key) for key, s in asked.items()))).one()
    known().update({key: int(count) for key, count in row._asdict().items()})
    return known()["tasks"]


_PLACES = (
    _Place("tasks", _l("Tugas"), "pages.tasks", "flag", "/tugas", (Permission.PITCH_CREATE,), _count_tasks),
    _Place(
        "pitches",
        _l("Usulan"),
        "pitches.mine",
        "idea",
        "/usulan/",
        (Permission.PITCH_CREATE, Permission.PITCH_TRIAGE),
        _count_pool,
    ),
    _Place(
        "desk",
        _l("Meja redaksi"),
        "pages.desk",
        "desk",
        "/naskah/",
        (Permission.STORY_READ,),
        parts=(
            _Part(_l("Naskah"), "pages.desk", "/naskah/", (Permission.STORY_READ,)),
            _Part(
                _l("Kiriman kantor lain"),
                "stories.handovers_in",
                "/naskah/kiriman",
                (Permission.STORY_READ,),
                _count_handed_over,
            ),
        ),
    ),
    _Place(
        "approvals",
        _l("Persetujuan"),
        "approvals.inbox",
        "eye",
        "/persetujuan/",
        (Permission.STORY_APPROVE,),
        _count_approvals,
    ),
    _Place(
        "calendar",
        _l("Kalender"),
        "calendar.month",
        "calendar",
        "/kalender/",
        (Permission.CALENDAR_READ,),
        parts=(
            _Part(_l("Kalender"), "calendar.month", "/kalender/", (Permission.CALENDAR_READ,)),
            _Part(_l("Agenda"), "agenda.index", "/agenda/", (Permission.CALENDAR_READ,)),
            _Part(_l("Kampanye"), "pages.campaigns", "/kampanye/", (Permission.CALENDAR_READ,)),
            _Part(_l("Rapat redaksi"), "meetings.index", "/rapat/", (Permission.STORY_READ,)),
        ),
    ),
    _Place(
        "publishing",
        _l("Publikasi"),
        "publishing.index",
        "send",
        "/publikasi/",
        (Permission.STORY_READ, Permission.EVIDENCE_RECORD),
        _count_manual,
    ),
    _Place("standing", _l("Capaian"), "scoring.standing", "target", "/capaian/", (Permission.SCORE_READ,)),
    _Place(
        "contribution",
        _l("Kontribusi saya"),
        "scoring.my_contribution",
        "target",
        "/capaian/",
        (Permission.PITCH_CREATE,),
        unless=Permission.SCORE_READ,
    ),
    _Place("reports", _l("Laporan"), "reports.index", "doc", "/laporan/", (Permission.REPORT_MAKE,)),
    _Place(
        "media",
        _l("Media"),
        "media.library",
        "image",
        "/media/",
        (Permission.MEDIA_UPLOAD, Permission.STORY_READ),
    ),
    _Place("settings", _l("Pengaturan"), "pages.settings", "gear", "/pengaturan/", MANAGING),
)


def known() -> dict[str, int]:
    """Counts that this request knows already, by the key of the place (``unread`` for the bell)."""
    counts: dict[str, int] = g.setdefault("nav_counts", {})
    return counts


def unread_count() -> int:
    """How many notices the person has not read; one statement a request."""
    if not current_user.is_authenticated or current_user.good_for:
        return 0
    if "unread" not in known():
        known()["unread"] = notifications.count_unread(current_user.id)
    return known()["unread"]


def nav() -> list[NavItem]:
    """The places this person may go, in the order of the work. Computed once a request."""
    if "nav" not in g:
        is_whole = current_user.is_authenticated and not current_user.good_for
        g.nav = _nav(current_user) if is_whole else []
    items: list[NavItem] = g.nav
    return items


def places_of(person: Principal) -> list[tuple[str, str, str, str]]:
    """Every place the person finds in the menu, and the places within: label, where it lies, endpoint, icon. Nothing is
    counted.
    """
    found = [(str(_l("Beranda")), "", "pages.home", "home")]
    for place in (p for p in _PLACES if p.is_open_to(person)):
        found.append((str(place.label), "", _endpoint(place, person), place.icon))
        found += [
            (str(p.label), str(place.label), p.endpoint, place.icon)
            for p in place.parts
            if p.endpoint != place.endpoint and any(person.can(n) for n in p.needs)
        ]
    return found


def _endpoint(place: _Place, person: Principal) -> str:
    if place.key == "pitches" and person.can(Permission.PITCH_TRIAGE):
        return "pitches.pool"
    return place.endpoint


def _nav(person: Principal) -> list[NavItem]:
    path = request.path
    items = [NavItem("home", str(_l("Beranda")), url_for("pages.home"), "home", path == "/", 0, True)]
    open_to = [p for p in _PLACES if p.is_open_to(person)]
    tabs = _tabs(person, {p.key for p in open_to})
    for place in open_to:
        if place.count is not None and place.key not in known():
            known()[place.key] = place.count(person)
        items.append(
            NavItem(
                key=place.key,
                label=str(place.label),
                url=url_for(_endpoint(place, person)),
                icon=place.icon,
                current=place.holds(path),
                count=known().get(place.key, 0),
                tab=place.key in tabs,
                parts=_parts(place, person, path) if place.holds(path) else (),
            )
        )
    return items


def _parts(place: _Place, person: Principal, path: str) -> tuple[NavPart, ...]:
    open_to = [p for p in place.parts if any(person.can(n) for n in p.needs)]
    if len(open_to) < 2:
        return ()
    here = max((p for p in open_to if path.startswith(p.prefix)), key=lambda p: len(p.prefix), default=None)
    return tuple(
        NavPart(str(p.label), url_for(p.endpoint), p is here, p.count(person) if p.count else 0)
        for p in open_to
    )


def _tabs(person: Principal, open_to: set[str]) -> set[str]:
    """What a phone shows beside Beranda: what the person's work is about comes first."""
    work = [
        ("approvals", person.can(Permission.STORY_APPROVE)),
        ("pitches", person.can(Permission.PITCH_TRIAGE) or not person.can(Permission.STORY_READ)),
        ("tasks", not person.can(Permission.STORY_READ)),
        ("desk", person.can(Permission.STORY_WRITE)),
        ("publishing", person.can(Permission.EVIDENCE_RECORD)),
        ("settings", person.can(Permission.OFFICE_MANAGE)),
    ]
    by_work = [key for key, applies in work if applies]
    order = [*by_work, "standing", "calendar", "desk", "media", "pitches", "tasks", "settings"]
    return set([key for key in dict.fromkeys(order) if key in open_to][: TABS_ON_A_PHONE - 1])


def handed_over_count() -> int:
    """How many stories of other offices wait for this one's answer; read together with the rest of the menu."""
    nav()
    return known().get("handovers", 0)


@blueprint.app_context_processor
def _functions() -> dict[str, Any]:
    return {"nav": nav, "unread_count": unread_count}
