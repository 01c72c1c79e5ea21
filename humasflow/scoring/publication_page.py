"""What a publication is worth, and what waits for a decision about it, on its page."""

from flask import render_template
from flask_login import current_user
from markupsafe import Markup

from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.earning import earned_by
from humasflow.scoring.enums import PointState
from humasflow.scoring.proof import proofs_of
from humasflow.scoring.services.verification import why_not_verify


def question_panel(delivery: Delivery) -> Markup:
    """Why its point is questioned, and the way to confirm it again; nothing where nobody has to decide."""
    newest = queries.newest_events_of([delivery.id]).get(delivery.id)
    disputed = newest if newest is not None and newest.state is PointState.DISPUTED else None
    gone = delivery.link_state is LinkState.GONE
    if delivery.state is not DeliveryState.PUBLISHED or not (disputed or gone):
        return Markup("")
    verifies = current_user.can(Permission.EVIDENCE_VERIFY, delivery.office_id)
    return Markup(  # noqa: S704 - a template's own output, escaped there
        render_template(
            "scoring/_question.html", delivery=delivery, disputed=disputed, gone=gone,
            where=get_office(delivery.office_id), verifies=verifies, seen=newest.id if newest else "",
            reasons=why_not_verify(current_user, delivery) if verifies else (),
        )
    )  # fmt: skip


def earned_panel(delivery: Delivery) -> Markup:
    """What it earned in a few lines, or why nothing, with the way to the whole; for those who read the standing."""
    if not current_user.can(Permission.SCORE_READ, delivery.office_id):
        return Markup("")
    earned, is_live = earned_by(delivery), delivery.state is DeliveryState.PUBLISHED
    decides = (
        is_live
        and earned.state in (PointState.LIVE_UNVERIFIED, PointState.VERIFIED)
        and current_user.can(Permission.EVIDENCE_VERIFY, delivery.office_id)
    )
    return Markup(  # noqa: S704 - a template's own output, escaped there
        render_template(
            "scoring/_earned_panel.html", delivery=delivery, earned=earned, is_live=is_live, decides=decides,
            lost=proofs_of([delivery.id])[delivery.id].file_is_lost,
        )
    )  # fmt: skip


QUESTIONS = [question_panel]
PANELS = [earned_panel]
