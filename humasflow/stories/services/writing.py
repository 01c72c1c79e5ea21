"""Writing stories: begun, and written in versions.

Every function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from collections.abc import Iterable
from enum import Enum

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Refused
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.media.services import check_usable
from humasflow.orgs import queries as orgs
from humasflow.planning import queries as planning
from humasflow.planning.campaigns.queries import get_campaign_of
from humasflow.stories import queries
from humasflow.stories.contents import StoryContent, check_content, cleaned, content_of
from humasflow.stories.edit_policy import keeps_approval
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.events import StoryBegun, StoryVersionSaved
from humasflow.stories.inline import with_inline_pictures
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.services import versioning
from humasflow.stories.services.at_source import keep_credit
from humasflow.stories.services.moving import move_story
from humasflow.stories.services.versioning import is_sitting
from humasflow.stories.workflow import STORY

Filing = tuple[int | None, int | None, int | None, int | None]  # content type, section, pillar, campaign


class Kept(Enum):
    """In place of a campaign: the one the story has."""

    KEPT = 0


KEPT = Kept.KEPT


def create_story(
    *,
    actor: Principal | None,
    office_id: int,
    content: StoryContent,
    content_type_id: int,
    section_id: int | None = None,
    pillar_id: int | None = None,
    campaign_id: int | None = None,
    owner_id: int | None = None,
) -> Story:
    """Begin a story with its first version, held by ``owner_id`` or by who begins it. Needs ``story:write``; None as
    actor is the product itself (past publications).
    """
    if actor is not None:
        require(actor, Permission.STORY_WRITE, office_id)
    _check_place(office_id, content_type_id, section_id, pillar_id)
    if campaign_id is not None:
        get_campaign_of(office_id, campaign_id)
    content = with_inline_pictures(content, office_id, actor=actor)
    assets = checked(content, office_id, actor=actor)
    now = clock.now()
    story = Story(
        office_id=office_id, section_id=section_id, content_type_id=content_type_id, pillar_id=pillar_id,
        campaign_id=campaign_id, title=content.title, state=STORY.initial, state_since=now, returns=0, last_reason="",
        owner_id=owner_id if owner_id is not None else (actor.id if actor else None),
        created_by=actor.id if actor else None, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(story)
    db.session.flush()
    version = versioning.add_version(story, cleaned(content), assets, actor=actor)
    audit.record(
        AuditAction.STORY_CREATED,
        ("story", story.id),
        office_id=office_id,
        actor=actor,
        version=version.number,
    )
    if actor is not None:
        emit(StoryBegun(story_id=story.id, version_id=version.id, actor_id=actor.id))
    return story


def save_version(  # noqa: PLR0913 (one for each thing of a story that is filed)
    story: Story,
    *,
    actor: Principal,
    content: StoryContent,
    note: str = "",
    content_type_id: int | None = None,
    section_id: int | None = None,
    pillar_id: int | None = None,
    campaign_id: int | Kept | None = KEPT,
    row_version: int | None = None,
    stamp: str | None = None,
    correcting: bool = False,
) -> StoryVersion | None:
    """A sealed current version, or None when nothing in the text changed. What its author's autosaves gathered becomes
    this version. An approved story loses its approval, as its office's policy says.

    ``correcting``: the story is live, :func:`changes.save_correction` says what readers are told, and it stays filed
    where it counted.

    ``stamp`` (:func:`queries.edit_stamp`, and after a slash the window that sends it) or ``row_version`` is what the
    form was opened on. With a content type the section, the pillar and (unless KEPT) the campaign are set as given;
    without one, all of them stay.
    Raises Refused, Conflict, UserError.
    """
    lock(story)
    reasons = reasons_not_to_edit(actor, story, correcting=correcting)
    if reasons:
        raise Refused(reasons)
    before = queries.get_current_version(story)
    filing = filing_of(story, content_type_id, section_id, pillar_id, campaign_id)
    opened, _slash, tab = (stamp or "").partition("/")
    if stamp is not None and not stands(story, before, opened, actor=actor, tab=tab, filing=filing):
        raise Conflict(_("Orang lain menyimpan naskah ini saat Anda menulis. Tidak ada yang tertimpa."))
    expect_version(story, row_version)
    content = with_inline_pictures(content, story.office_id, actor=actor)
    shown = [p.asset_id for p in before.pictures]
    assets = checked(content, story.office_id, actor=actor, used_before=shown)
    known = content_of(before, queries.get_body(before.id))
    content = cleaned(content, known)
    keep_credit(story, content, known)
    asked_by = (story.content_type_id, story.section_id)
    if not correcting:
        refile(story, *filing, actor=actor)
    # Another content type or section asks other people: what those before agreed to is submitted again.
    new_chain = story.state is StoryState.APPROVED and (story.content_type_id, story.section_id) != asked_by
    mine = before.is_running and before.author_id == actor.id
    if content == known and not new_chain and not mine:
        return None
    if mine and content == known:
        version = before
    elif is_sitting(before, actor, clock.now()):
        versioning.fold(story, before, content, assets)
        version = before
    else:
        version = versioning.add_version(story, content, assets, actor=actor, note=note)
    _record_saving(story, version, note, actor)
    if story.state is StoryState.APPROVED and (new_chain or not keeps_approval(story, known, content)):
        move_story(story, StoryMove.VOID, actor=actor)
    if version is before:
        versioning.seal(story, note=note)
    else:
        emit(StoryVersionSaved(story_id=story.id, version_id=version.id, actor_id=actor.id))
    return version


def stands(
    story: Story,
    current: StoryVersion,
    stamp: str,
    *,
    actor: Principal,
    tab: str,
    filing: Filing,
) -> bool:
    """Whether what a form was opened on is still what stands. A window whose last autosave arrived, but whose answer
    was lost on the way, carries an old stamp and yet wrote everything that stands.
    """
    if stamp == queries.edit_stamp(story):
        return True
    own = bool(tab) and current.is_running and current.author_id == actor.id and current.tab == tab
    stamped = queries.read_stamp(stamp)
    if not own or stamped is None:
        return False
    stored = (story.content_type_id, story.section_id, story.pillar_id, story.campaign_id)
    return all(
        now in (then, wanted) for now, then, wanted in zip(stored, stamped.filing, filing, strict=True)
    )


def _record_saving(story: Story, version: StoryVersion, note: str, actor: Principal) -> None:
    audit.record(
        AuditAction.STORY_VERSION_SAVED,
        ("story", story.id),
        office_id=story.office_id,
        actor=actor,
        version=version.number,
        label=f"{version.number}, {note}" if note else str(version.number),
    )


def restore_version(
    story: Story, version: StoryVersion, *, actor: Principal, reason: str = ""
) -> StoryVersion | None:
    """Make an earlier version's content current again, as a new version. None when it is what stands already."""
    if version.story_id != story.id:
        raise NotFound
    content = content_of(version, queries.get_body(version.id))
    note = _("Dikembalikan ke versi %(n)s", n=version.number)
    if reason.strip():
        note = f"{note}: {reason.strip()}"
    versioning.seal(story)  # what is being written stays a version of its own
    return save_version(story, actor=actor, content=content, note=note)


def _record_refiling(story: Story, actor: Principal) -> None:
    audit.record(
        AuditAction.STORY_REFILED,
        ("story", story.id),
        office_id=story.office_id,
        actor=actor,
        label=planning.get_content_type(story.office_id, story.content_type_id).label,
        content_type_id=story.content_type_id,
        section_id=story.section_id,
        pillar_id=story.pillar_id,
        campaign_id=story.campaign_id,
    )


def filing_of(
    story: Story,
    content_type_id: int | None,
    section_id: int | None,
    pillar_id: int | None,
    campaign_id: int | Kept | None,
) -> Filing:
    """What the story is to be filed under; a campaign that is KEPT is the one it has."""
    campaign = story.campaign_id if isinstance(campaign_id, Kept) else campaign_id
    return content_type_id, section_id, pillar_id, campaign


def checked(
    content: StoryContent, office_id: int, *, actor: Principal | None, used_before: Iterable[int] = ()
) -> list[Asset]:
    """The pictures' assets, after the content was found fit to be stored. A file that may not be used anew is refused,
    except one of ``used_before``, which the story shows already.
    """
    check_content(content)
    wanted = [p.asset_id for p in content.pictures]
    assets = list(media.get_assets(office_id, wanted, actor=actor))
    if len(assets) != len(wanted):
        raise NotFound
    check_usable(assets, used_before=used_before)
    return assets


def _check_place(office_id: int, content_type_id: int, section_id: int | None, pillar_id: int | None) -> None:
    """What the story is filed under belongs to its office; otherwise "not found"."""
    planning.get_content_type(office_id, content_type_id)
    if section_id is not None:
        orgs.get_section(office_id, section_id)
    if pillar_id is not None:
        planning.get_pillar(office_id, pillar_id)


def refile(
    story: Story,
    content_type_id: int | None,
    section_id: int | None,
    pillar_id: int | None,
    campaign_id: int | Kept | None = KEPT,
    *,
    actor: Principal,
) -> None:
    """File the story under these; without a content type everything stays. Recorded when something changed."""
    if content_type_id is None:
        return
    before = (story.content_type_id, story.section_id, story.pillar_id, story.campaign_id)
    campaign = story.campaign_id if isinstance(campaign_id, Kept) else campaign_id
    if before == (content_type_id, section_id, pillar_id, campaign):
        return
    _check_place(story.office_id, content_type_id, section_id, pillar_id)
    if campaign is not None and campaign != story.campaign_id:
        get_campaign_of(story.office_id, campaign)
    story.campaign_id = campaign
    story.content_type_id, story.section_id, story.pillar_id = content_type_id, section_id, pillar_id
    story.updated_at = clock.now()
    db.session.flush()
    _record_refiling(story, actor)
