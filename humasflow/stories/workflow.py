"""The tables of a story's life and of the tasks on it. Nothing else decides what may follow what."""

from humasflow.core.machines import Machine, from_states
from humasflow.stories.enums import AssignmentMove as Am
from humasflow.stories.enums import AssignmentState as As
from humasflow.stories.enums import HandoverMove as Hm
from humasflow.stories.enums import HandoverState as Hs
from humasflow.stories.enums import StoryMove as M
from humasflow.stories.enums import StoryState as S
from humasflow.stories.enums import SuggestionMove as Sm
from humasflow.stories.enums import SuggestionState as Ss
from humasflow.stories.enums import ThreadMove as Tm
from humasflow.stories.enums import ThreadState as Ts

STORY: Machine[S, M] = Machine(
    "story",
    S.DRAFT,
    {
        M.SUBMIT: from_states(S.DRAFT, to=S.IN_REVIEW),
        M.RECALL: from_states(S.IN_REVIEW, to=S.DRAFT),
        M.RETURN: from_states(S.IN_REVIEW, to=S.DRAFT, needs_reason=True),
        M.APPROVE: from_states(S.IN_REVIEW, to=S.APPROVED),
        M.RELEASE: from_states(S.IN_REVIEW, to=S.APPROVED),
        M.VOID: from_states(S.APPROVED, to=S.DRAFT),
        M.PUBLISH: from_states(S.APPROVED, to=S.PUBLISHED),
        M.HOLD: from_states(S.DRAFT, S.IN_REVIEW, S.APPROVED, to=S.ON_HOLD),
        M.RESUME: from_states(S.ON_HOLD, to=S.DRAFT),
        M.CANCEL: from_states(S.DRAFT, S.IN_REVIEW, S.APPROVED, S.ON_HOLD, to=S.CANCELLED, needs_reason=True),
        M.WITHDRAW: from_states(S.PUBLISHED, S.ARCHIVED, to=S.WITHDRAWN, needs_reason=True),
        M.ARCHIVE: from_states(S.PUBLISHED, to=S.ARCHIVED),
    },
)


def needs_correction(state: S, returns: int, last_reason: str) -> bool:
    """Draft because somebody sent it back, and not submitted again since. The same as the index of returned stories."""
    return state is S.DRAFT and returns > 0 and bool(last_reason)


# A declined task keeps its state and its reason when somebody else takes over: that is its trail.
ASSIGNMENT: Machine[As, Am] = Machine(
    "assignment",
    As.OFFERED,
    {
        Am.ACCEPT: from_states(As.OFFERED, to=As.ACCEPTED),
        Am.DECLINE: from_states(As.OFFERED, As.ACCEPTED, to=As.DECLINED, needs_reason=True),
        Am.FINISH: from_states(As.OFFERED, As.ACCEPTED, to=As.DONE),
        Am.REOPEN: from_states(As.DONE, to=As.ACCEPTED),
        Am.REOFFER: from_states(As.DONE, to=As.OFFERED),
        Am.REPLACE: from_states(As.OFFERED, As.ACCEPTED, to=As.REPLACED),
        Am.CANCEL: from_states(As.OFFERED, As.ACCEPTED, As.DECLINED, to=As.CANCELLED, needs_reason=True),
    },
)

THREAD: Machine[Ts, Tm] = Machine(
    "thread",
    Ts.OPEN,
    {
        Tm.RESOLVE: from_states(Ts.OPEN, to=Ts.RESOLVED),
        Tm.REOPEN: from_states(Ts.RESOLVED, to=Ts.OPEN),
    },
)

# A suggestion whose passage changed cannot be accepted, only laid aside; it comes back with its passage.
SUGGESTION: Machine[Ss, Sm] = Machine(
    "suggestion",
    Ss.OFFERED,
    {
        Sm.ACCEPT: from_states(Ss.OFFERED, to=Ss.ACCEPTED),
        Sm.DECLINE: from_states(Ss.OFFERED, Ss.STALE, to=Ss.DECLINED),
        Sm.WITHDRAW: from_states(Ss.OFFERED, Ss.STALE, to=Ss.WITHDRAWN),
        Sm.EXPIRE: from_states(Ss.OFFERED, to=Ss.STALE),
        Sm.REVIVE: from_states(Ss.STALE, to=Ss.OFFERED),
    },
)

# What an office took is its own from then on; a newer version is given anew.
HANDOVER: Machine[Hs, Hm] = Machine(
    "handover",
    Hs.OFFERED,
    {
        Hm.TAKE: from_states(Hs.OFFERED, to=Hs.TAKEN),
        Hm.DECLINE: from_states(Hs.OFFERED, to=Hs.DECLINED, needs_reason=True),
        Hm.WITHDRAW: from_states(Hs.OFFERED, to=Hs.WITHDRAWN),
    },
)
