"""The one table of a story's life. Nothing else decides what may follow what."""

from humasflow.core.machines import Machine, from_states
from humasflow.stories.enums import StoryMove as M
from humasflow.stories.enums import StoryState as S

STORY: Machine[S, M] = Machine(
    "story",
    S.DRAFT,
    {
        M.SUBMIT: from_states(S.DRAFT, to=S.IN_REVIEW),
        M.RECALL: from_states(S.IN_REVIEW, to=S.DRAFT),
        M.RETURN: from_states(S.IN_REVIEW, to=S.DRAFT, needs_reason=True),
        M.APPROVE: from_states(S.IN_REVIEW, to=S.APPROVED),
        M.VOID: from_states(S.APPROVED, to=S.DRAFT),
        M.PUBLISH: from_states(S.APPROVED, to=S.PUBLISHED),
        M.HOLD: from_states(S.DRAFT, S.IN_REVIEW, S.APPROVED, to=S.ON_HOLD),
        M.RESUME: from_states(S.ON_HOLD, to=S.DRAFT),
        M.CANCEL: from_states(S.DRAFT, S.IN_REVIEW, S.APPROVED, S.ON_HOLD, to=S.CANCELLED, needs_reason=True),
        M.WITHDRAW: from_states(S.PUBLISHED, S.ARCHIVED, to=S.WITHDRAWN, needs_reason=True),
        M.ARCHIVE: from_states(S.PUBLISHED, to=S.ARCHIVED),
    },
)
