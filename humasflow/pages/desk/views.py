"""The board, more of one column, and the list."""

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import NotFound
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.pages.context import handed_over_count
from humasflow.pages.desk import lanes as looks
from humasflow.pages.desk.bulk import actions_of
from humasflow.pages.desk.choices import Choices, list_choices
from humasflow.pages.desk.facts import facts_of
from humasflow.pages.desk.narrowing import (
    ALL_STATES,
    Narrowing,
    board_filter,
    chips_of,
    desk_url,
    filter_of,
    read_narrowing,
)
from humasflow.posts import queries as posts
from humasflow.stories import queries as stories
from humasflow.stories.enums import DeskOrder, DueWithin, Lane, StoryState
from humasflow.stories.search import finding


@blueprint.get("/naskah/")
@requires(Permission.STORY_READ)
def desk() -> Any:
    """The board, or the list; an address without a query opens the view that the person begins with."""
    choices = list_choices(acting_office(current_user), current_user.id)
    if not request.args:
        begin = next((view for view in choices.views if view.is_default), None)
        if begin is not None:
            return redirect(desk_url(begin.query))
    narrowing = read_narrowing(request.args)
    shared = _shared(narrowing, choices)
    return _list(narrowing, shared) if narrowing.as_list else _board(narrowing, shared)


def _shared(narrowing: Narrowing, choices: Choices) -> dict[str, Any]:
    return {
        "narrowing": narrowing, "choices": choices, "chips": chips_of(narrowing, choices), "saved": choices.views,
        "states": list(StoryState), "orders": list(DeskOrder), "dues": list(DueWithin), "ALL_STATES": ALL_STATES,
        "actions": actions_of(current_user), "looks": looks, "desk_url": desk_url,
        "handed": handed_over_count(),
    }  # fmt: skip


def _board(narrowing: Narrowing, shared: dict[str, Any]) -> str:
    office = acting_office(current_user)
    wanted = board_filter(filter_of(narrowing, office, current_user.id))
    lanes = stories.list_board(current_user, office.id, wanted, scheduled=posts.has_scheduled_post())
    facts = facts_of(row.id for found in lanes.values() for row in found.rows)
    describing = looks.Describing(office)
    columns = describing.columns(lanes, facts)
    pressing = stories.count_pressing(
        current_user, office.id, wanted, now=describing.now, slow_since=describing.now - looks.LONG_WAIT
    )
    return render_template(
        "pages/desk/board.html", columns=columns, lead=looks.lead_of(columns, pressing),
        filled=any(c.total for c in columns), **shared,
    )  # fmt: skip


@blueprint.get("/naskah/kolom/<string:lane>")
@requires(Permission.STORY_READ)
def desk_lane(lane: str) -> str:
    """More of one column. The board's script takes the cards out of this page; without it, this is the page."""
    known = next((one for one in Lane if one.value == lane), None)
    if known is None:
        raise NotFound
    office = acting_office(current_user)
    narrowing = read_narrowing(request.args)
    page = stories.list_lane(
        current_user, office.id, board_filter(filter_of(narrowing, office, current_user.id)), known,
        scheduled=posts.has_scheduled_post(), cursor=request.args.get("setelah"),
    )  # fmt: skip
    describing = looks.Describing(office)
    facts = facts_of(row.id for row in page)
    cards = [describing.card(row, facts) for row in page]
    column = looks.Column(known, cards, len(cards), page.next)
    return render_template(
        "pages/desk/lane.html",
        column=column,
        narrowing=narrowing,
        looks=looks,
        actions=actions_of(current_user),
    )


def _list(narrowing: Narrowing, shared: dict[str, Any]) -> str:
    office = acting_office(current_user)
    wanted = filter_of(narrowing, office, current_user.id)
    page = stories.list_desk(
        current_user, office.id, wanted, order=narrowing.order, cursor=request.args.get("setelah")
    )
    facts = facts_of(row.id for row in page)
    describing = looks.Describing(office)
    return render_template(
        "pages/desk/list.html", cards=[describing.card(row, facts) for row in page], page=page,
        excerpts=finding.excerpts(narrowing.q, (row.id for row in page)), lead=_lead(narrowing), **shared,
    )  # fmt: skip


def _lead(narrowing: Narrowing) -> str:
    if narrowing.order is not None:
        return _("Urut: %(order)s.", order=narrowing.order.label)
    if narrowing.q:
        return _("Yang cocok pada judul di atas, lalu yang terakhir diubah.")
    return _("Yang terakhir diubah di atas.")
