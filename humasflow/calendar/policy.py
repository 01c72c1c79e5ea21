"""What can be moved on the calendar. The services of posts decide; this is what the page offers."""

from humasflow.publishing.enums import PostState

_FIXED = frozenset({PostState.PUBLISHED, PostState.SENDING, PostState.UNKNOWN, PostState.WITHDRAWN})


def is_movable(state: PostState) -> bool:
    """Whether a post in this state can get another time by dragging."""
    return state not in _FIXED


def goes_out_unasked(state: PostState) -> bool:
    """Whether the post is approved: without that a time alone lets nothing out."""
    return state not in {PostState.DRAFT, PostState.IN_REVIEW, PostState.HELD}
