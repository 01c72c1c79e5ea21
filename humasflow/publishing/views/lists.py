"""The list of publications in three parts."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import clock
from humasflow.core.guards import signed_in
from humasflow.core.localtime import from_local, zone
from humasflow.core.periods import PeriodError, Quarter
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.outbox import queries as outbox
from humasflow.publishing import queries
from humasflow.publishing.narrowing import list_options
from humasflow.publishing.views.blueprint import blueprint
from humasflow.publishing.views.shared import MIDNIGHT

QUARTERS_OFFERED = 12


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _quarter() -> Quarter | None:
    try:
        return Quarter.parse(request.args.get("tw", ""))
    except PeriodError:
        return None


@blueprint.get("/publikasi/")
@signed_in
def index() -> Any:
    """What needs a hand, what is coming, what went out. Without ``story:read``: one's own manual tasks."""
    office = acting_office(current_user)
    if not current_user.can(Permission.STORY_READ):
        return render_template("publishing/tasks.html", tasks=queries.list_tasks(current_user))
    account_id, content_type_id, quarter = _number("kanal"), _number("jenis"), _quarter()
    start, end = _bounds(quarter, office)
    further = request.args.get("setelah")
    # The pages after the first carry on with what went out, and ask for nothing else.
    upcoming = [] if further else queries.list_upcoming(current_user, office.id, account_id=account_id)
    accounts, content_types = list_options(office.id)
    this_quarter = Quarter.from_utc(clock.now(), zone(office.zone_name))
    waiting = [] if further else queries.list_needing_a_hand(current_user, office.id, account_id=account_id)
    published = queries.list_published(
        current_user, office.id, account_id=account_id, content_type_id=content_type_id, start=start, end=end,
        cursor=further,
    )  # fmt: skip
    return render_template(
        "publishing/index.html", waiting=waiting, published=published,
        upcoming=upcoming, states=queries.states_of(upcoming), further=further, accounts=accounts,
        content_types=content_types, quarters=[this_quarter.shift(-n) for n in range(QUARTERS_OFFERED)],
        chosen={"kanal": account_id, "jenis": content_type_id, "tw": quarter.key if quarter else ""},
        worker_alive=not upcoming or outbox.is_worker_alive(),
    )  # fmt: skip


def _bounds(quarter: Quarter | None, office: Unit) -> tuple[Any, Any]:
    if quarter is None:
        return None, None
    following = quarter.next()
    return from_local(quarter.start, MIDNIGHT, office.zone_name), from_local(
        following.start, MIDNIGHT, office.zone_name
    )
