"""Who hands a story to another office, takes it, or declines: every reason at once, in plain words."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import is_above
from humasflow.stories.enums import GONE, HandoverKind, HandoverMove, StoryState
from humasflow.stories.models import Story, StoryHandover, StoryVersion
from humasflow.stories.visibility import is_closed
from humasflow.stories.workflow import HANDOVER

READY = frozenset({StoryState.APPROVED, StoryState.PUBLISHED})
SUBMITTABLE = READY | {StoryState.DRAFT, StoryState.IN_REVIEW}


def kind_between(giver: Unit, taker: Unit) -> HandoverKind | None:
    """Which way a story goes between two offices; None when neither stands above the other."""
    if is_above(giver, taker):
        return HandoverKind.PUSH_DOWN
    return HandoverKind.SUBMISSION if is_above(taker, giver) else None


def reasons_not_to_hand_over(
    actor: Principal, story: Story, version: StoryVersion, giver: Unit, taker: Unit
) -> list[Reason]:
    """Why the story cannot be given to that office now. Down goes only what is ready; up may go a draft as well."""
    reasons = reasons_not_to_offer_at_all(actor, story, version)
    kind = kind_between(giver, taker)
    if kind is None or not taker.is_active:
        message = _("%(office)s bukan kantor di atas atau di bawah kantor ini.", office=taker.name)
        reasons.append(Reason("unrelated", message))
    elif kind is HandoverKind.PUSH_DOWN and story.state not in READY:
        message = _("Yang diteruskan ke bawah hanya rilis yang sudah disetujui atau tayang.")
        reasons.append(Reason("not_ready", message))
    return reasons


def reasons_not_to_offer_at_all(actor: Principal, story: Story, version: StoryVersion) -> list[Reason]:
    """Why the story cannot be given to any office now."""
    reasons = []
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        reasons.append(Reason("permission", _("Naskah diteruskan oleh redaktur kantor ini.")))
    if is_closed(story):
        reasons.append(Reason("closed", _("Naskah rahasia tidak diteruskan sebelum tayang.")))
    if story.state not in SUBMITTABLE:
        reasons.append(
            Reason("state", _("Naskah berstatus “%(state)s” tidak diteruskan.", state=story.state.label))
        )
    if not version.words:
        reasons.append(Reason("body", _("Isi naskah masih kosong.")))
    return reasons


def reasons_not_to_answer(actor: Principal, handover: StoryHandover) -> list[Reason]:
    """Why the actor cannot take or decline it now, for the office it was given to."""
    reasons = []
    if not actor.can(Permission.STORY_WRITE, handover.to_office_id):
        reasons.append(Reason("permission", _("Kiriman dijawab oleh redaktur kantor ini.")))
    return reasons + _over(handover, HandoverMove.TAKE)


def reasons_not_to_take(actor: Principal, handover: StoryHandover, source: Story) -> list[Reason]:
    """Why it cannot become a story of the office it was given to."""
    reasons = reasons_not_to_answer(actor, handover)
    if not is_open_to_taker(source):
        reasons.append(Reason("gone", _("Kantor pengirim tidak lagi membuka naskah ini.")))
    return reasons


def is_open_to_taker(source: Story) -> bool:
    """Whether the other office still sees the text: it was neither taken back from readers nor closed since."""
    return source.state not in GONE and not is_closed(source)


def reasons_not_to_withdraw(actor: Principal, handover: StoryHandover) -> list[Reason]:
    """Why the actor cannot take it back, for the office that gave it. What was taken stays there."""
    reasons = []
    if not actor.can(Permission.STORY_WRITE, handover.from_office_id):
        reasons.append(Reason("permission", _("Kiriman ditarik oleh redaktur kantor ini.")))
    return reasons + _over(handover, HandoverMove.WITHDRAW)


def _over(handover: StoryHandover, move: HandoverMove) -> list[Reason]:
    if HANDOVER.allows(handover.state, move):
        return []
    said = _("Kiriman ini sudah dijawab atau ditarik: %(state)s.", state=handover.state.label)
    return [Reason("state", said)]
