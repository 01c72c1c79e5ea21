"""Who may read, edit and move a story, and why not: every reason at once, in plain words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.stories.assigned import is_assigned
from humasflow.stories.enums import OPEN, OVER, StoryMove, StorySource, StoryState
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.visibility import WAS_PUBLIC, is_visible
from humasflow.stories.workflow import STORY

EDITABLE = frozenset({StoryState.DRAFT, StoryState.APPROVED})
CORRECTABLE = frozenset({StoryState.PUBLISHED, StoryState.ARCHIVED})

# What a person moves on the story itself. The other moves are consequences of approving and publishing, whose
# services ask their own questions before they call `move_story`.
PERMISSIONS: Mapping[StoryMove, Permission] = {
    StoryMove.HOLD: Permission.STORY_WRITE,
    StoryMove.RESUME: Permission.STORY_WRITE,
    StoryMove.CANCEL: Permission.STORY_WRITE,
    StoryMove.ARCHIVE: Permission.STORY_WRITE,
    StoryMove.WITHDRAW: Permission.STORY_WITHDRAW,
}

# A story that came from elsewhere names its origin, because the reader is told.
SOURCES_WITH_NOTE = frozenset({StorySource.AGENCY, StorySource.CHILD_UNIT})


def can_read(actor: Principal, story: Story) -> bool:
    """Readers of the office's stories; and whoever began the story or has a task on it, as long as they hold a role in
    the office. Of a confidential story that is not published yet, only those among them who are named.
    """
    if not is_visible(actor.id, story):
        return False
    if actor.can(Permission.STORY_READ, story.office_id):
        return True
    if not any(h.office_id == story.office_id for h in actor.held):
        return False
    return story.created_by == actor.id or is_assigned(actor.id, story.id)


def reasons_not_to_edit(actor: Principal, story: Story, *, correcting: bool = False) -> list[Reason]:
    """Why the actor cannot save a new version now; empty when they can. A live story is changed by a correction only
    (``correcting``), which says what readers are told.
    """
    reasons = []
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup penyuntingan naskah.")))
    if correcting and story.state not in CORRECTABLE:
        reasons.append(Reason("not_live", _("Ralat dibuat untuk naskah yang sudah tayang.")))
    elif not correcting and story.state not in EDITABLE:
        reasons.append(Reason(f"state_{story.state}", _locked(story.state)))
    return reasons


def _locked(state: StoryState) -> str:
    if state is StoryState.IN_REVIEW:
        return _("Naskah sedang direviu, jadi isinya dikunci. Tarik kembali pengajuannya bila perlu diubah.")
    if state is StoryState.PUBLISHED:
        return _("Naskah sudah tayang. Untuk membetulkannya, buat ralat dengan catatan bagi pembaca.")
    if state is StoryState.ON_HOLD:
        return _("Naskah sedang ditunda. Lanjutkan dahulu, lalu sunting.")
    if state is StoryState.WITHDRAWN:
        return _("Naskah sudah diturunkan. Isinya disimpan sebagai catatan.")
    if state is StoryState.CANCELLED:
        return _("Naskah sudah dibatalkan. Isinya disimpan sebagai catatan.")
    return _("Naskah sudah diarsipkan. Isinya disimpan sebagai catatan.")


def reasons_not_to_move(actor: Principal | None, story: Story, move: StoryMove) -> list[Reason]:
    """Why this move is not possible now, by the table and, for moves that a person makes on the story itself, by
    permission. ``actor`` None is the product.
    """
    reasons = []
    needed = PERMISSIONS.get(move)
    if actor is not None and needed is not None and not actor.can(needed, story.office_id):
        reasons.append(
            Reason("permission", _("Peran Anda belum mencakup tindakan “%(move)s”.", move=move.label))
        )
    if not STORY.allows(story.state, move):
        reasons.append(
            Reason(
                "state",
                _(
                    "Naskah sekarang berstatus “%(state)s”, sehingga “%(move)s” tidak tersedia.",
                    state=story.state.label, move=move.label,
                ),
            )
        )  # fmt: skip
    return reasons


def reasons_not_to_assign(actor: Principal, story: Story) -> list[Reason]:
    """Why the story cannot be handed to somebody."""
    reasons = []
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup penyerahan naskah.")))
    if story.state in OVER:
        reasons.append(
            Reason(
                "state", _("Naskah berstatus “%(state)s” tidak perlu dipegang lagi.", state=story.state.label)
            )
        )
    return reasons


def reasons_not_to_file(actor: Principal, story: Story) -> list[Reason]:
    """Why the story cannot be filed under another pillar. What is over stays where it counted."""
    reasons = []
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup penyuntingan naskah.")))
    if story.state not in OPEN:
        reasons.append(
            Reason(
                "state", _("Pilar naskah berstatus “%(state)s” tidak diubah lagi.", state=story.state.label)
            )
        )
    return reasons


def reasons_not_to_close(actor: Principal, story: Story) -> list[Reason]:
    """Why this person cannot make the story confidential, open it, or say who reads it."""
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        return [Reason("permission", _("Kerahasiaan naskah diatur oleh redaktur yang memegangnya."))]
    if not is_visible(actor.id, story):
        return [Reason("not_named", _("Naskah ini hanya diatur oleh orang yang disebut namanya."))]
    if story.state in WAS_PUBLIC:
        return [Reason("public", _("Naskah ini sudah pernah tayang, jadi tidak rahasia lagi."))]
    return []


def reasons_not_to_embargo(actor: Principal, story: Story) -> list[Reason]:
    """Why this person cannot set or lift the embargo now."""
    if not actor.can(Permission.POST_SCHEDULE, story.office_id):
        return [Reason("permission", _("Embargo diatur oleh redaktur yang menjadwalkan."))]
    if story.state not in OPEN:
        return [
            Reason(
                "state",
                _("Naskah berstatus “%(state)s” tidak dapat diberi embargo lagi.", state=story.state.label),
            )
        ]
    return []


def needs_source_note(source: StorySource) -> bool:
    """Whether the origin has to be named."""
    return source in SOURCES_WITH_NOTE


def reasons_not_ready(version: StoryVersion) -> list[Reason]:
    """What a version still lacks before it can be submitted. Saving is always possible without it.

    Pictures are judged where they appear: each channel has its own rule about alternative texts.
    """
    reasons = []
    if not version.words:
        reasons.append(Reason("body", _("Isi naskah masih kosong.")))
    if not version.goal:
        reasons.append(Reason("goal", _("Tujuan naskah belum ditulis.")))
    if not version.audience:
        reasons.append(Reason("audience", _("Khalayak naskah belum ditulis.")))
    if needs_source_note(version.source) and not version.source_note:
        reasons.append(Reason("source_note", _("Asal rilis atau kiriman belum disebut.")))
    return reasons
