"""The filters of the desk as they stand in the address: read, changed one at a time, and told in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from humasflow.core import clock
from humasflow.core.converters import row_number
from humasflow.core.localtime import from_local, show_date, to_local
from humasflow.core.urls import safe_local_target
from humasflow.orgs.models import Unit
from humasflow.pages.desk.choices import Choices
from humasflow.pages.desk.facts import has_open_urgent, has_post_on
from humasflow.stories.enums import DeskOrder, DueWithin, StoryState
from humasflow.stories.queries import DeskFilter

MINE, NOBODY = "saya", "kosong"
ALL_STATES = "semua"
# Every word that may stand in the address, in the one order that makes two equal desks one address.
KEYS = (
    "q", "keadaan", "pemegang", "jenis", "pilar", "seksi", "kanal", "tenggat", "rahasia", "mendesak", "sejak", "sampai",
    "tampilan", "urut",
)  # fmt: skip
LIST, BOARD = "daftar", "papan"
_NOT_FILTERS = frozenset({"tampilan", "urut"})
_NUMBERS = ("jenis", "pilar", "seksi", "kanal")


@dataclass(frozen=True)
class FilterChip:
    """A filter that is on, and the desk without it."""

    text: str
    url: str


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for. ``args`` holds only words that mean something, in the order of :data:`KEYS`."""

    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_list(self) -> bool:
        """Board or list."""
        return self.args.get("tampilan") == LIST

    @property
    def order(self) -> DeskOrder | None:
        """What the list is sorted by, when the person chose it."""
        return DeskOrder(self.args["urut"]) if "urut" in self.args else None

    @property
    def q(self) -> str:
        """What is searched for."""
        return self.args.get("q", "")

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered."""
        return any(key not in _NOT_FILTERS for key in self.args)

    @property
    def query(self) -> str:
        """The address's query: equal for equal desks."""
        return urlencode(self.args)

    def with_(self, **changes: str | int | None) -> "Narrowing":
        """The same with something changed; None takes it away."""
        wanted = {**self.args, **{key: str(value) for key, value in changes.items() if value}}
        return replace(
            self, args={key: wanted[key] for key in KEYS if key in wanted and changes.get(key, "kept")}
        )

    def url(self, **changes: str | int | None) -> str:
        """The address of the same desk with something changed. The desk without anything says so: an address without
        a query opens the person's own view.
        """
        args: dict[str, Any] = dict(self.with_(**changes).args)
        return url_for("pages.desk", **(args or {"tampilan": BOARD}))

    def lane_url(self, lane: str, cursor: str) -> str:
        """More of a column, with the same filters."""
        args: dict[str, Any] = {k: value for k, value in self.args.items() if k not in _NOT_FILTERS}
        return url_for("pages.desk_lane", lane=lane, setelah=cursor, **args)


def desk_url(query: str) -> str:
    """The desk with a kept query. Without anything it says so, as :meth:`Narrowing.url`."""
    return f"{url_for('pages.desk')}?{query or f'tampilan={BOARD}'}"


def desk_back() -> str | None:
    """The desk that the person came from, as ``kembali`` in the form or the address says; None without."""
    asked = request.values.get("kembali", "")
    target = safe_local_target(asked) if asked else None
    return target.partition("#")[0] if target and target.startswith(url_for("pages.desk")) else None


def read_narrowing(args: Mapping[str, str]) -> Narrowing:
    """From the words of an address; what means nothing is left out, never refused."""
    found: dict[str, str] = {}
    for key in KEYS:
        value = _read(key, str(args.get(key, "")).replace("\x00", " ").strip())
        if value:
            found[key] = value
    return Narrowing(found)


def _read(key: str, value: str) -> str:
    if key == "q":
        return value[:200]
    if key in _NUMBERS or (key == "pemegang" and value not in (MINE, NOBODY)):
        return _number(value)
    known: dict[str, tuple[str, ...]] = {
        "keadaan": (ALL_STATES, *StoryState), "pemegang": (MINE, NOBODY), "tenggat": tuple(DueWithin),
        "rahasia": ("1",), "mendesak": ("1",), "tampilan": (LIST,), "urut": tuple(DeskOrder),
    }  # fmt: skip
    if key in known:
        return value if value in known[key] else ""
    return value if _day(value) else ""


def _number(value: str) -> str:
    try:
        return str(row_number(value))
    except ValueError:
        return ""


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def filter_of(narrowing: Narrowing, office: Unit, user_id: int) -> DeskFilter:
    """The filters as the stories' queries take them; days are the office's own."""
    args = narrowing.args
    holder = args.get("pemegang", "")
    others = []
    if "kanal" in args:
        others.append(has_post_on(int(args["kanal"])))
    if "mendesak" in args:
        others.append(has_open_urgent())
    due_from, due_before = _due_bounds(args.get("tenggat"), office)
    since, until = _day(args.get("sejak", "")), _day(args.get("sampai", ""))

    def number(key: str) -> int | None:
        return int(args[key]) if key in args else None

    return DeskFilter(
        q=narrowing.q, states=_states(args.get("keadaan", "")),
        holder_id=user_id if holder == MINE else (int(holder) if holder.isdigit() else None),
        unheld=holder == NOBODY, content_type_id=number("jenis"), pillar_id=number("pilar"),
        section_id=number("seksi"), due_from=due_from, due_before=due_before, confidential="rahasia" in args,
        created_from=_start_of(since, office) if since else None,
        created_before=_start_of(until + timedelta(days=1), office) if until else None, others=tuple(others),
    )  # fmt: skip


def _states(value: str) -> frozenset[StoryState]:
    if value == ALL_STATES:
        return frozenset(StoryState)
    return frozenset({StoryState(value)}) if value else frozenset()


def board_filter(wanted: DeskFilter) -> DeskFilter:
    """The board is what is in work and what just came out, also when all states are asked for."""
    return replace(wanted, states=frozenset()) if wanted.states == frozenset(StoryState) else wanted


def _start_of(day: date, office: Unit) -> datetime:
    return from_local(day, time(), office.zone_name)


def _due_bounds(value: str | None, office: Unit) -> tuple[datetime | None, datetime | None]:
    if value is None:
        return None, None
    now = clock.now()
    if value == DueWithin.OVERDUE:
        return None, now
    today = to_local(now, office.zone_name).date()
    last = today if value == DueWithin.TODAY else today + timedelta(days=6 - today.weekday())
    return _start_of(today, office), _start_of(last + timedelta(days=1), office)


def chips_of(narrowing: Narrowing, choices: Choices) -> list[FilterChip]:
    """Every filter that is on, in words."""
    return [
        FilterChip(_told(key, value, choices), narrowing.url(**{key: None}))
        for key, value in narrowing.args.items()
        if key not in _NOT_FILTERS
    ]


def _told(key: str, value: str, choices: Choices) -> str:
    if key == "q":
        return _("Cari: %(words)s", words=value)
    if key == "keadaan":
        return _("Semua keadaan") if value == ALL_STATES else StoryState(value).label
    if key == "pemegang":
        if value == MINE:
            return _("Naskah saya")
        return (
            _("Belum ada pemegang")
            if value == NOBODY
            else _("Pemegang: %(name)s", name=choices.name("person", value))
        )
    if key == "tenggat":
        return _("Tenggat: %(when)s", when=DueWithin(value).label)
    if key in ("rahasia", "mendesak"):
        return _("Rahasia") if key == "rahasia" else _("Terbit mendesak")
    if key in ("sejak", "sampai"):
        day = show_date(date.fromisoformat(value))
        return _("Dibuat sejak %(day)s", day=day) if key == "sejak" else _("Dibuat sampai %(day)s", day=day)
    return _named(key, value, choices)


def _named(key: str, value: str, choices: Choices) -> str:
    kinds = {"jenis": "type", "pilar": "pillar", "seksi": "section", "kanal": "account"}
    words: dict[str, str] = {
        "jenis": _("Jenis: %(name)s", name=choices.name(kinds["jenis"], value)),
        "pilar": _("Pilar: %(name)s", name=choices.name(kinds["pilar"], value)),
        "seksi": _("Seksi: %(name)s", name=choices.name(kinds["seksi"], value)),
        "kanal": _("Kanal: %(name)s", name=choices.name(kinds["kanal"], value)),
    }
    return words[key]
