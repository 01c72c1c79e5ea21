"""Saving by itself while somebody writes.

One sitting is one version: the first autosave begins it, the next ones of the same person are folded into it, and it is
sealed by whatever gives it a meaning (saving by hand, submitting, a comment, somebody else's save, going away).
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import lock
from humasflow.core.errors import Conflict, Reason, Refused
from humasflow.stories import queries
from humasflow.stories.contents import StoryContent, cleaned, content_of
from humasflow.stories.enums import StoryState
from humasflow.stories.inline import with_inline_pictures
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.services import versioning
from humasflow.stories.services.at_source import keep_credit
from humasflow.stories.services.versioning import SITTING, Window, is_sitting
from humasflow.stories.services.writing import KEPT, Kept, checked, filing_of, refile, stands


@dataclass(frozen=True)
class Autosaved:
    """What stands after an autosave. ``changed`` False: it stood already, nothing was written."""

    stamp: str
    number: int
    saved_at: datetime
    changed: bool


def reasons_not_to_autosave(actor: Principal, story: Story) -> list[Reason]:
    """Why what is typed stays in the browser until it is saved by hand. An approval is never lost by typing."""
    reasons = reasons_not_to_edit(actor, story)
    if not reasons and story.state is not StoryState.DRAFT:
        reasons.append(
            Reason(
                "voids_approval",
                _(
                    "Naskah ini sudah disetujui, jadi perubahan baru disimpan bila Anda menekan tombol simpan."
                ),
            )
        )
    return reasons


def autosave(
    story: Story,
    *,
    actor: Principal,
    content: StoryContent,
    stamp: str,
    tab: str,
    step: int,
    content_type_id: int | None = None,
    section_id: int | None = None,
    pillar_id: int | None = None,
    campaign_id: int | Kept | None = KEPT,
) -> Autosaved:
    """Keep what was typed so far. Raises Refused (also for a file that may not be used), Conflict (somebody saved
    meanwhile), UserError.

    ``step`` counts the autosaves of a window (``tab``): one that was overtaken on the way by a later one is left out.
    Only the beginning of a version is recorded; what is folded in has its time and author in the version itself.
    """
    lock(story)
    reasons = reasons_not_to_autosave(actor, story)
    if reasons:
        raise Refused(reasons)
    before = queries.get_current_version(story)
    if before.tab == tab and before.author_id == actor.id and step <= before.tab_step:
        return _told(story, before, changed=False)
    filing = filing_of(story, content_type_id, section_id, pillar_id, campaign_id)
    content = with_inline_pictures(content, story.office_id, actor=actor)
    shown = [p.asset_id for p in before.pictures]
    assets = checked(content, story.office_id, actor=actor, used_before=shown)
    known = content_of(before, queries.get_body(before.id))
    content = cleaned(content, known)
    keep_credit(story, content, known)
    if not stands(story, before, stamp, actor=actor, tab=tab, filing=filing):
        if content == known and filing == filing_of(
            story, story.content_type_id, story.section_id, story.pillar_id, KEPT
        ):
            return _told(story, before, changed=False)
        raise Conflict(_("Orang lain menyimpan naskah ini saat Anda menulis. Tidak ada yang tertimpa."))
    refile(story, *filing, actor=actor)
    if content == known:
        return _told(story, before, changed=False)
    if is_sitting(before, actor, clock.now()):
        versioning.fold(story, before, content, assets, window=Window(tab, step))
        version = before
    else:
        version = versioning.add_version(story, content, assets, actor=actor, window=Window(tab, step))
        audit.record(
            AuditAction.STORY_VERSION_AUTOSAVED,
            ("story", story.id),
            office_id=story.office_id,
            actor=actor,
            version=version.number,
            label=str(version.number),
        )
    return _told(story, version, changed=True)


def seal_what_was_left() -> int:
    """Seal every running version whose author went away. Returns how many."""
    left = queries.list_left(clock.now() - SITTING)
    for story in left:
        lock(story)
        version = queries.get_current_version(story)
        if version.is_running and clock.now() - version.saved_at > SITTING:
            versioning.seal(story)
    return len(left)


def _told(story: Story, version: StoryVersion, *, changed: bool) -> Autosaved:
    return Autosaved(queries.edit_stamp(story), version.number, version.saved_at, changed=changed)
