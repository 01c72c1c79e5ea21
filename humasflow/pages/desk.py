"""Meja redaksi: every story in work, by who has to act next. The same filters on the board and in the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import clock
from humasflow.core.converters import row_number
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.planning import queries as planning
from humasflow.posts import queries as posts
from humasflow.posts.queries import PostRow
from humasflow.stories import queries as stories
from humasflow.stories.enums import StoryState
from humasflow.stories.queries import RETURNED, SCHEDULED, DeskFilter, DeskRow

RECENT = 10
LONG_WAIT = timedelta(days=2)  # a review that takes longer is pointed out


@dataclass(frozen=True)
class Lane:
    """A column of the board: a projection of the state, with a colour and an icon beside its word."""

    key: str
    label: str
    tone: str
    icon: str
    rows: Sequence[DeskRow]
    total: int
    empty: str
    state: StoryState | None = None  # what its list view is narrowed to

    @property
    def hidden(self) -> int:
        """How many are not shown here."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Narrowing:
    """The filters of the address, and the address with one of them changed."""

    wanted: DeskFilter
    mine: bool
    as_list: bool
    state: StoryState | None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered."""
        return bool(
            self.wanted.q or self.mine or self.wanted.content_type_id or self.wanted.pillar_id or self.state
        )

    @property
    def args(self) -> dict[str, Any]:
        """As they stand in the address."""
        found = {
            "q": self.wanted.q, "milik": "saya" if self.mine else "", "jenis": self.wanted.content_type_id,
            "pilar": self.wanted.pillar_id, "tampilan": "daftar" if self.as_list else "",
            "keadaan": self.state.value if self.state else "",
        }  # fmt: skip
        return {key: value for key, value in found.items() if value}

    def url(self, **changes: Any) -> str:
        """The same desk with something changed; None takes a filter away."""
        args = {key: value for key, value in (self.args | changes).items() if value}
        return url_for("pages.desk", **args)


def _narrowing() -> Narrowing:
    args = request.args
    mine = args.get("milik") == "saya"
    state = next((s for s in StoryState if s.value == args.get("keadaan")), None)
    wanted = DeskFilter(
        q=args.get("q", "").replace("\x00", "").strip()[:100], owner_id=current_user.id if mine else None,
        content_type_id=args.get("jenis", type=row_number), pillar_id=args.get("pilar", type=row_number),
    )  # fmt: skip
    return Narrowing(wanted, mine, args.get("tampilan") == "daftar", state)


@blueprint.get("/naskah/")
@requires(Permission.STORY_READ)
def desk() -> str:
    """The board, or the list."""
    office = acting_office(current_user)
    narrowing = _narrowing()
    shared = {
        "narrowing": narrowing, "content_types": planning.list_content_types(office.id),
        "pillars": planning.list_pillars(office.id), "states": list(StoryState),
    }  # fmt: skip
    if narrowing.as_list:
        return _list(narrowing, shared)
    rows = stories.list_board(
        office.id, narrowing.wanted, scheduled=posts.has_scheduled_post(), recent=RECENT
    )
    lanes = _lanes(rows)
    shown = [row for lane in lanes for row in lane.rows]
    channels = posts.list_rows_of(row.id for row in shown)
    return render_template(
        "pages/desk.html", lanes=lanes, channels=channels, next_time=_next_times(channels), lead=_lead(lanes),
        long_wait=clock.now() - LONG_WAIT, **shared,
    )  # fmt: skip


def _list(narrowing: Narrowing, shared: Mapping[str, Any]) -> str:
    wanted = narrowing.wanted
    page = stories.list_desk(
        current_user, state=narrowing.state, owner_id=wanted.owner_id, q=wanted.q,
        content_type_id=wanted.content_type_id, pillar_id=wanted.pillar_id, cursor=request.args.get("setelah"),
    )  # fmt: skip
    channels = posts.list_rows_of(row.id for row in page)
    return render_template("pages/desk_list.html", page=page, channels=channels, **shared)


def _lanes(rows: Sequence[DeskRow]) -> list[Lane]:
    def lane(key: str, label: str, tone: str, icon: str, empty: str, state: StoryState | None = None) -> Lane:
        mine = [r for r in rows if r.lane == key]
        total = max([len(mine), *(r.lane_total for r in mine)])
        return Lane(key, label, tone, icon, mine, total, empty, state)

    held = lane("on_hold", _("Ditunda"), "park", "pause", "", StoryState.ON_HOLD)
    return [
        lane("draft", _("Draf"), "draft", "pen", _("Tidak ada draf."), StoryState.DRAFT),
        lane(RETURNED, _("Perlu koreksi"), "return", "back", _("Tidak ada yang dikembalikan."), StoryState.DRAFT),
        lane(
            "in_review", _("Menunggu reviu"), "review", "eye", _("Tidak ada yang menunggu reviu."),
            StoryState.IN_REVIEW,
        ),
        lane(
            "approved", _("Disetujui"), "approved", "check", _("Tidak ada yang menunggu dijadwalkan."),
            StoryState.APPROVED,
        ),
        lane(SCHEDULED, _("Terjadwal"), "sched", "clock", _("Belum ada yang dijadwalkan."), StoryState.APPROVED),
        lane("published", _("Tayang"), "live", "live", _("Belum ada yang tayang."), StoryState.PUBLISHED),
        *([held] if held.total else []),
    ]  # fmt: skip


def _next_times(channels: Mapping[int, Sequence[PostRow]]) -> dict[int, datetime]:
    """When each story goes out next: its earliest time that is still to come, else the latest one it had."""
    now = clock.now()
    found: dict[int, datetime] = {}
    for story_id, rows in channels.items():
        times = sorted(r.scheduled_at for r in rows if r.scheduled_at is not None)
        if times:
            found[story_id] = next((t for t in times if t >= now), times[-1])
    return found


def _lead(lanes: Sequence[Lane]) -> str:
    in_work = sum(lane.total for lane in lanes if lane.key not in ("published", "on_hold"))
    parts = [ngettext("%(num)s naskah dalam proses.", "%(num)s naskah dalam proses.", in_work)]
    by_key = {lane.key: lane for lane in lanes}
    if by_key[RETURNED].total:
        parts.append(_("%(n)s perlu koreksi.", n=by_key[RETURNED].total))
    since = clock.now() - LONG_WAIT
    late = sum(1 for row in by_key["in_review"].rows if row.state_since < since)
    if late:
        parts.append(_("%(n)s menunggu reviu lebih dari dua hari.", n=late))
    return " ".join(parts)
