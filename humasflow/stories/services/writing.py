"""Writing stories: begun, and written in versions.

Every function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Refused
from humasflow.core.events import emit
from humasflow.core.html import word_count
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.orgs import queries as orgs
from humasflow.planning import queries as planning
from humasflow.stories import queries
from humasflow.stories.contents import StoryContent, check_content, cleaned, content_digest, content_of
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.events import StoryVersionSaved
from humasflow.stories.models import Story, StoryBody, StoryPicture, StoryVersion
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.services.moving import move_story
from humasflow.stories.workflow import STORY


def create_story(
    *,
    actor: Principal | None,
    office_id: int,
    content: StoryContent,
    content_type_id: int,
    section_id: int | None = None,
    pillar_id: int | None = None,
    owner_id: int | None = None,
) -> Story:
    """Begin a story with its first version, held by ``owner_id`` or by who begins it. Needs ``story:write``; None as
    actor is the product itself (past publications).
    """
    if actor is not None:
        require(actor, Permission.STORY_WRITE, office_id)
    _check_place(office_id, content_type_id, section_id, pillar_id)
    assets = _checked(content, office_id)
    now = clock.now()
    story = Story(
        office_id=office_id, section_id=section_id, content_type_id=content_type_id, pillar_id=pillar_id,
        title=content.title, state=STORY.initial, state_since=now, returns=0, last_reason="",
        owner_id=owner_id if owner_id is not None else (actor.id if actor else None),
        created_by=actor.id if actor else None, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(story)
    db.session.flush()
    version = _add_version(story, content, assets, actor=actor, number=1, note="")
    audit.record(
        AuditAction.STORY_CREATED,
        ("story", story.id),
        office_id=office_id,
        actor=actor,
        version=version.number,
    )
    return story


def save_version(
    story: Story,
    *,
    actor: Principal,
    content: StoryContent,
    note: str = "",
    content_type_id: int | None = None,
    section_id: int | None = None,
    pillar_id: int | None = None,
    row_version: int | None = None,
    stamp: str | None = None,
) -> StoryVersion | None:
    """A new current version, or None when nothing in the text changed. An approved story loses its approval.

    ``stamp`` (:func:`queries.edit_stamp`) or ``row_version`` is what the form was opened on. With a content type the
    section and the pillar are set as given; without one, all three stay. Raises Refused, Conflict, UserError.
    """
    lock(story)
    reasons = reasons_not_to_edit(actor, story)
    if reasons:
        raise Refused(reasons)
    if stamp is not None and stamp != queries.edit_stamp(story):
        raise Conflict(_("Orang lain menyimpan naskah ini saat Anda menulis. Tidak ada yang tertimpa."))
    expect_version(story, row_version)
    assets = _checked(content, story.office_id)
    before = queries.get_current_version(story)
    old_type = story.content_type_id
    refiled = content_type_id is not None and _refile(story, content_type_id, section_id, pillar_id)
    # Another content type may ask other people: what was approved under the old one is submitted again.
    new_chain = story.state is StoryState.APPROVED and story.content_type_id != old_type
    if not new_chain and content_of(before, queries.get_body(before.id)) == cleaned(content):
        if refiled:
            story.updated_at = clock.now()
            db.session.flush()
            _record_refiling(story, actor)
        return None
    last = (
        db.session.scalar(select(func.max(StoryVersion.number)).where(StoryVersion.story_id == story.id)) or 0
    )
    version = _add_version(story, content, assets, actor=actor, number=last + 1, note=note)
    if refiled:
        _record_refiling(story, actor)
    audit.record(
        AuditAction.STORY_VERSION_SAVED,
        ("story", story.id),
        office_id=story.office_id,
        actor=actor,
        version=version.number,
        label=f"{version.number}, {note}" if note else str(version.number),
    )
    if story.state is StoryState.APPROVED:
        move_story(story, StoryMove.VOID, actor=actor)
    emit(StoryVersionSaved(story_id=story.id, version_id=version.id, actor_id=actor.id))
    return version


def restore_version(story: Story, version: StoryVersion, *, actor: Principal) -> StoryVersion | None:
    """Make an earlier version's content current again, as a new version. None when it is what stands already."""
    if version.story_id != story.id:
        raise NotFound
    content = content_of(version, queries.get_body(version.id))
    return save_version(
        story, actor=actor, content=content, note=_("Dikembalikan ke versi %(n)s", n=version.number)
    )


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
    )


def _checked(content: StoryContent, office_id: int) -> list[Asset]:
    """The pictures' assets, after the content was found fit to be stored."""
    check_content(content)
    wanted = [p.asset_id for p in content.pictures]
    assets = list(media.get_assets(office_id, wanted))
    if len(assets) != len(wanted):
        raise NotFound
    return assets


def _check_place(office_id: int, content_type_id: int, section_id: int | None, pillar_id: int | None) -> None:
    """What the story is filed under belongs to its office; otherwise "not found"."""
    planning.get_content_type(office_id, content_type_id)
    if section_id is not None:
        orgs.get_section(office_id, section_id)
    if pillar_id is not None:
        planning.get_pillar(office_id, pillar_id)


def _refile(story: Story, content_type_id: int, section_id: int | None, pillar_id: int | None) -> bool:
    _check_place(story.office_id, content_type_id, section_id, pillar_id)
    before = (story.content_type_id, story.section_id, story.pillar_id)
    story.content_type_id, story.section_id, story.pillar_id = content_type_id, section_id, pillar_id
    return before != (content_type_id, section_id, pillar_id)


def _add_version(
    story: Story,
    content: StoryContent,
    assets: Iterable[Asset],
    *,
    actor: Principal | None,
    number: int,
    note: str,
) -> StoryVersion:
    content = cleaned(content)
    by_id = {a.id: a.sha256 for a in assets}
    now = clock.now()
    version = StoryVersion(
        story_id=story.id, number=number, author_id=actor.id if actor else None, created_at=now, note=note[:300],
        title=content.title, lead=content.lead, words=word_count(content.body_html), source=content.source,
        source_note=content.source_note, goal=content.goal, audience=content.audience,
        event_date=content.event_date, place=content.place, people=content.people,
        writer_credit=content.writer_credit, kicker=content.kicker, agenda=content.agenda,
        dateline=content.dateline, contact=content.contact, claim=content.claim,
        claim_source=content.claim_source, fact_source=content.fact_source, editor_credit=content.editor_credit,
        digest=content_digest(content, [by_id[p.asset_id] for p in content.pictures]),
    )  # fmt: skip
    version.pictures = [
        StoryPicture(
            position=position, asset_id=p.asset_id, credit=p.credit, alt_text=p.alt_text, caption=p.caption
        )
        for position, p in enumerate(content.pictures)
    ]
    db.session.add(version)
    db.session.flush()
    db.session.add(StoryBody(version_id=version.id, html=content.body_html))
    story.current_version_id, story.title, story.updated_at = version.id, content.title, now
    db.session.flush()
    return version
