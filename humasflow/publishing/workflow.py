"""The one table of a delivery, and how a post's shown state follows from approval and delivery."""

from humasflow.core.machines import Machine, from_states
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import PostState

# Nothing is under way, nothing was sent: a job or a person may take it up.
_STANDING = (S.QUEUED, S.HELD, S.LATE, S.PAUSED, S.NEEDS_REAUTH, S.QUOTA_WAIT)

DELIVERY: Machine[S, M] = Machine(
    "delivery",
    S.QUEUED,
    {
        M.HOLD: from_states(*_STANDING, S.PREPARING, S.PREPARED, S.MANUAL_DUE, to=S.HELD),
        M.DELAY: from_states(*_STANDING, S.PREPARING, S.PREPARED, to=S.LATE),
        M.PAUSE: from_states(*_STANDING, S.PREPARING, S.PREPARED, to=S.PAUSED),
        M.PREPARE: from_states(*_STANDING, S.PREPARING, S.PREPARED, to=S.PREPARING),
        M.GET_READY: from_states(S.PREPARING, S.PREPARED, to=S.PREPARED),
        M.ASK_PERSON: from_states(*_STANDING, S.PREPARING, S.PREPARED, S.FAILED, to=S.MANUAL_DUE),
        M.COMMIT: from_states(S.PREPARED, to=S.COMMITTING),
        # A receipt is a fact, whatever was decided while it was on its way.
        M.RECEIVE: from_states(
            *_STANDING,
            S.PREPARING,
            S.PREPARED,
            S.COMMITTING,
            S.UNKNOWN,
            S.MANUAL_DUE,
            S.FAILED,
            S.CANCELLED,
            to=S.PUBLISHED,
        ),
        M.RECORD: from_states(S.MANUAL_DUE, S.UNKNOWN, to=S.PUBLISHED),
        M.LOSE: from_states(S.COMMITTING, to=S.UNKNOWN),
        M.START_OVER: from_states(S.COMMITTING, to=S.PREPARING),
        M.ASK_SIGN_IN: from_states(*_STANDING, S.PREPARING, S.PREPARED, S.COMMITTING, to=S.NEEDS_REAUTH),
        M.AWAIT_QUOTA: from_states(S.PREPARING, S.PREPARED, S.COMMITTING, to=S.QUOTA_WAIT),
        M.FAIL: from_states(*_STANDING, S.PREPARING, S.PREPARED, S.COMMITTING, S.UNKNOWN, to=S.FAILED),
        M.REQUEUE: from_states(
            *_STANDING, S.PREPARING, S.PREPARED, S.MANUAL_DUE, S.FAILED, S.CANCELLED, to=S.QUEUED
        ),
        M.CANCEL: from_states(
            *_STANDING, S.PREPARING, S.PREPARED, S.MANUAL_DUE, S.FAILED, to=S.CANCELLED, needs_reason=True
        ),
        M.RETRACT: from_states(S.PUBLISHED, to=S.RETRACTED, needs_reason=True),
    },
)

_SHOWN = {
    S.HELD: PostState.HELD,
    S.LATE: PostState.LATE,
    S.PAUSED: PostState.PAUSED,
    S.NEEDS_REAUTH: PostState.NEEDS_REAUTH,
    S.QUOTA_WAIT: PostState.QUOTA_WAIT,
    S.PREPARING: PostState.SENDING,
    S.PREPARED: PostState.SENDING,
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
