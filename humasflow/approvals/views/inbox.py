"""What waits for me, what waits for others, what I decided."""

from flask import render_template
from flask_login import current_user

from humasflow.approvals import queries
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.get("/persetujuan/")
@requires(Permission.STORY_READ)
def inbox() -> str:
    """Menunggu keputusan Anda."""
    return render_template(
        "approvals/inbox.html", waiting=queries.list_waiting_for(current_user),
        elsewhere=queries.list_pending(current_user), decided=queries.list_recently_decided(current_user),
    )  # fmt: skip
