"""The one table of a delivery, and how a post's shown state follows from approval and delivery."""

from humasflow.core.machines import Machine, from_states
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import PostState

DELIVERY: Machine[S, M] = Machine(
    "delivery",
    S.QUEUED,
    {
        M.HOLD: from_states(S.QUEUED, S.HELD, S.LATE, S.PREPARING, S.MANUAL_DUE, to=S.HELD),
        M.DELAY: from_states(S.QUEUED, S.HELD, S.LATE, S.PREPARING, to=S.LATE),
        M.PREPARE: from_states(S.QUEUED, S.HELD, S.LATE, S.PREPARING, to=S.PREPARING),
        M.ASK_PERSON: from_states(S.QUEUED, S.HELD, S.LATE, S.PREPARING, to=S.MANUAL_DUE),
        M.COMMIT: from_states(S.PREPARING, to=S.COMMITTING),
        M.RECEIVE: from_states(S.COMMITTING, S.UNKNOWN, to=S.PUBLISHED),
        M.RECORD: from_states(S.MANUAL_DUE, S.UNKNOWN, to=S.PUBLISHED),
        M.LOSE: from_states(S.COMMITTING, to=S.UNKNOWN),
        M.FAIL: from_states(S.PREPARING, S.COMMITTING, S.UNKNOWN, to=S.FAILED),
        M.REQUEUE: from_states(
            S.HELD, S.LATE, S.PREPARING, S.MANUAL_DUE, S.FAILED, S.CANCELLED, S.QUEUED, to=S.QUEUED
        ),
        M.CANCEL: from_states(
            S.QUEUED, S.HELD, S.LATE, S.MANUAL_DUE, S.FAILED, to=S.CANCELLED, needs_reason=True
        ),
        M.RETRACT: from_states(S.PUBLISHED, to=S.RETRACTED, needs_reason=True),
    },
)

_SHOWN = {
    S.HELD: PostState.HELD,
    S.LATE: PostState.LATE,
    S.PREPARING: PostState.SENDING,
    S.COMMITTING: PostState.SENDING,
    S.UNKNOWN: PostState.UNKNOWN,
    S.MANUAL_DUE: PostState.MANUAL_DUE,
    S.PUBLISHED: PostState.PUBLISHED,
    S.FAILED: PostState.FAILED,
    S.CANCELLED: PostState.CANCELLED,
    S.RETRACTED: PostState.WITHDRAWN,
}


def shown_state(*, delivery: S | None, approved: bool, pending: bool, scheduled: bool) -> PostState:
    """The state a person sees on a post. A delivery under way or ended decides; before that approval and time do."""
    if delivery is not None and delivery is not S.QUEUED:
        return _SHOWN[delivery]
    if approved:
        return PostState.SCHEDULED if scheduled else PostState.READY
    return PostState.IN_REVIEW if pending else PostState.DRAFT
