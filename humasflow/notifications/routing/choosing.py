"""By which way and how soon somebody is told: pure functions over the product's defaults, an office's rules and a
person's wishes.
"""

from collections.abc import Iterable, Mapping

from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.routing.enums import NoticeChannel as C
from humasflow.notifications.routing.enums import NoticeMode as M

Rules = Mapping[tuple[K, Role, C], M]

# Mere news that is worth a line in a daily mail; for the rest the inbox is enough.
_IN_DIGEST = frozenset({
    K.PITCH_NEW, K.PITCH_PARKED, K.PITCH_REOPENED, K.STORY_MENTION, K.COMMENT_NEW, K.COMMENT_REPLY, K.SUGGESTION_NEW,
    K.TASK_DONE, K.TASK_LATE, K.TASK_REOPENED, K.CAMPAIGN_CHANGED, K.CAMPAIGN_STOPPED, K.POINT_SET_ASIDE,
})  # fmt: skip
# What waits for the person's own yes or no: reading it does not answer it.
DECISIONS = frozenset({
    K.REVIEW_WANTED, K.REVIEW_REMINDER, K.URGENT_RELEASED, K.TASK_OFFERED, K.CAMPAIGN_OFFERED, K.HANDOVER_OFFERED,
})  # fmt: skip
# By mail, at the person's own hour; in the product the same stands on a page of its own.
BRIEFS = frozenset({K.BRIEF_DAY, K.BRIEF_WEEK})
# Due at the moment at which it is told.
_AT_ONCE = frozenset({K.MANUAL_DUE})
_DIRECT = (M.NOW, M.DIGEST, M.OFF)


def breaks_quiet(kind: K) -> bool:
    """Whether it is told in quiet hours too: a trouble, or something to be done that very minute."""
    return kind.is_trouble or kind in _AT_ONCE


def usual(kind: K, _role: Role, channel: C) -> M:
    """What the product does where nobody chose otherwise."""
    if kind in BRIEFS:
        return M.NOW if channel is C.MAIL else M.OFF
    if channel is C.IN_APP or kind.needs_action:
        return M.NOW
    return M.DIGEST if channel is C.MAIL and kind in _IN_DIGEST else M.OFF


def choices(kind: K, channel: C) -> tuple[M, ...]:
    """The modes one may choose. In the product there is no digest, and what asks for something always stands there."""
    if channel is not C.IN_APP:
        return _DIRECT
    return (M.NOW,) if kind.needs_action else (M.NOW, M.OFF)


def allowed(kind: K, channel: C, mode: M) -> M:
    """The mode itself, or the next more direct one that one may choose."""
    return mode if mode in choices(kind, channel) else M.NOW


def of_office(kind: K, role: Role, channel: C, rules: Rules) -> M:
    """What an office does about a kind, for one role."""
    return allowed(kind, channel, rules.get((kind, role, channel), usual(kind, role, channel)))


def of_roles(kind: K, roles: Iterable[Role], channel: C, rules: Rules) -> M:
    """The same for a person who holds several roles: the most direct wins. Without a role: as for contributors."""
    held = list(roles) or [Role.CONTRIBUTOR]
    return min((of_office(kind, role, channel, rules) for role in held), key=_DIRECT.index)


def choose(kind: K, roles: Iterable[Role], channel: C, rules: Rules, wish: M | None) -> M:
    """How soon a person is told by a way: as they wish, within what may be chosen, otherwise as the office says."""
    return of_roles(kind, roles, channel, rules) if wish is None else allowed(kind, channel, wish)
