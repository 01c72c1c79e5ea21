"""What waits for me, what is to be cleared, what waits for others, what I decided; several at once where allowed."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.approvals import queries, services
from humasflow.approvals.forms import read_choices
from humasflow.approvals.services import Outcome
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.offline import keep_offline
from humasflow.core.permissions import Permission


@blueprint.get("/persetujuan/")
@requires(Permission.STORY_READ)
@keep_offline(tells_stories=True)
def inbox() -> str:
    """Menunggu keputusan Anda."""
    return _page()


@blueprint.post("/persetujuan/setujui-sekaligus")
@requires(Permission.STORY_APPROVE)
def approve_several() -> Any:
    """Agree to what was ticked; the same page with a line for each says what became of it."""
    try:
        outcomes = services.approve_several(read_choices(request.form.getlist("package")), actor=current_user)
    except UserError as error:
        return _page(problem=error.message), error.status
    return _page(outcomes=outcomes)


def _page(*, outcomes: Sequence[Outcome] = (), problem: str = "") -> str:
    waiting = queries.list_waiting_for(current_user)
    office = current_user.office
    return render_template(
        "approvals/inbox.html", waiting=waiting, flagged=queries.list_flagged(current_user), outcomes=outcomes,
        problem=problem, elsewhere=queries.list_pending(current_user),
        decided=queries.list_recently_decided(current_user), in_words=queries.in_words,
        day=queries.ageing_of(office).working.day_length if office else None,
        bulk=sum(r.allows_bulk for r in waiting),
    )  # fmt: skip
