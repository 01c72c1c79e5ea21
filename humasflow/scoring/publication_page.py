"""What waits for a decision about a publication's worth, on its page."""

from flask import render_template
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import PointEvent
from humasflow.scoring.services.verification import why_not_verify


def question_panel(delivery: Delivery) -> Markup:
    """Why its point is questioned, and the way to confirm it again; nothing where nobody has to decide."""
    newest = db.session.scalar(
        select(PointEvent)
        .where(PointEvent.delivery_id == delivery.id)
        .order_by(PointEvent.id.desc())
        .limit(1)
    )
    disputed = newest if newest is not None and newest.state is PointState.DISPUTED else None
    gone = delivery.link_state is LinkState.GONE
    if delivery.state is not DeliveryState.PUBLISHED or not (disputed or gone):
        return Markup("")
    verifies = current_user.can(Permission.EVIDENCE_VERIFY, delivery.office_id)
    return Markup(  # noqa: S704 - a template's own output, escaped there
        render_template(
            "scoring/_question.html", delivery=delivery, disputed=disputed, gone=gone,
            where=get_office(delivery.office_id), verifies=verifies,
            reasons=why_not_verify(current_user, delivery) if verifies else (),
        )
    )  # fmt: skip


QUESTIONS = [question_panel]
