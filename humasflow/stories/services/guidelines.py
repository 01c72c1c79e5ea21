"""Answering the guidelines on a story: ticking, setting findings aside, declaring that nothing excluded is in it."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.guidelines import queries as guidelines
from humasflow.guidelines.enums import RuleCode, Ticker
from humasflow.stories import queries
from humasflow.stories.guidance import (
    FindingLine,
    reasons_not_to_declare,
    reasons_not_to_override,
    reasons_not_to_tick,
)
from humasflow.stories.models import Story
from humasflow.stories.models.guidelines import ChecklistTick, FindingOverride, StoryDeclaration
from humasflow.stories.queries.guidelines import get_guidance, roles_on

LONGEST_REASON = 500


def set_tick(story: Story, *, actor: Principal, item_id: int, is_ticked: bool) -> None:
    """Tick an item for the story as it stands, or take the tick back. Ticking again renews it for the present text.

    Raises NotFound for an item that is not asked of this story, Refused when it is not this person's to tick.
    """
    lock(story)
    item = guidelines.get_item(story.office_id, item_id)
    if item.content_type_id not in (None, story.content_type_id):
        raise NotFound
    reasons = reasons_not_to_tick(actor, story, item, roles_on(actor, story, [item]))
    if reasons:
        raise Refused(reasons)
    tick = db.session.scalar(
        select(ChecklistTick).where(ChecklistTick.story_id == story.id, ChecklistTick.item_id == item.id)
    )
    if not is_ticked:
        version = queries.get_current_version(story)
        if tick is None or (item.asked_again and tick.digest != version.digest):
            return  # what the changed text unticked already keeps saying who had ticked it
        db.session.delete(tick)
        db.session.flush()
        _record(AuditAction.CHECKLIST_UNTICKED, story, actor, label=item.text, item_id=item.id)
        return
    version = queries.get_current_version(story)
    if tick is not None and tick.digest == version.digest:
        return
    permission = Permission.STORY_APPROVE if item.ticker is Ticker.APPROVER else Permission.STORY_WRITE
    capacity = actor.capacity_for(permission, story.office_id, story.section_id)
    tick = tick or ChecklistTick(story_id=story.id, item_id=item.id)
    tick.version_number, tick.digest = version.number, version.digest
    tick.ticked_by, tick.ticked_as, tick.ticked_at = actor.id, capacity, clock.now()
    db.session.add(tick)
    db.session.flush()
    _record(
        AuditAction.CHECKLIST_TICKED, story, actor, acting_as=tick.ticked_as, label=item.text, item_id=item.id,
        version=version.number,
    )  # fmt: skip


def override_finding(story: Story, *, actor: Principal, code: str, key: str, reason: str) -> FindingOverride:
    """Set a finding of the story as it stands aside. ``key`` is the hash of its passage.

    Raises Conflict when there is no such finding any more, Refused when it is not this person's to set aside, UserError
    without a reason.
    """
    lock(story)
    reason = reason.strip()
    if not reason:
        raise UserError(_("Tuliskan alasannya, supaya penyetuju tahu mengapa temuan ini dikesampingkan."))
    if len(reason) > LONGEST_REASON:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=LONGEST_REASON, size=len(reason))
        )
    line = _find(story, actor, code, key)
    finding = line.finding
    reasons = reasons_not_to_override(actor, story, finding.severity)
    if reasons:
        raise Refused(reasons)
    trusted = actor.can(Permission.GUIDELINE_OVERRIDE, story.office_id)
    permission = Permission.GUIDELINE_OVERRIDE if trusted else Permission.STORY_WRITE
    number = queries.get_current_version(story).number
    known = _override_of(story, finding.code, key)
    made = known or FindingOverride(story_id=story.id, code=finding.code, passage_hash=key)
    made.severity, made.reason = finding.severity, reason
    made.made_by, made.made_at, made.version_number = actor.id, clock.now(), number
    made.made_as = actor.capacity_for(permission, story.office_id, story.section_id)
    db.session.add(made)
    db.session.flush()
    _record(
        AuditAction.FINDING_OVERRIDDEN, story, actor, acting_as=made.made_as, label=finding.code.label,
        code=finding.code.value, severity=finding.severity.value, passage=key, reason=reason,
        version=made.version_number,
    )  # fmt: skip
    return made


def restore_finding(story: Story, *, actor: Principal, override_id: int) -> None:
    """Let a finding count again."""
    lock(story)
    made = db.session.get(FindingOverride, override_id)
    if made is None or made.story_id != story.id:
        raise NotFound
    reasons = reasons_not_to_override(actor, story, made.severity)
    if reasons:
        raise Refused(reasons)
    code, passage = made.code, made.passage_hash
    db.session.delete(made)
    db.session.flush()
    _record(AuditAction.FINDING_RESTORED, story, actor, label=code.label, code=code.value, passage=passage)


def declare(story: Story, *, actor: Principal, is_declared: bool) -> None:
    """State that the text as it stands holds no excluded information, or take the statement back."""
    lock(story)
    reasons = reasons_not_to_declare(actor, story)
    if reasons:
        raise Refused(reasons)
    version = queries.get_current_version(story)
    made = db.session.get(StoryDeclaration, story.id)
    if not is_declared:
        if made is not None:
            db.session.delete(made)
            db.session.flush()
            _record(AuditAction.STORY_UNDECLARED, story, actor, version=version.number)
        return
    if made is not None and made.digest == version.digest:
        return
    made = made or StoryDeclaration(story_id=story.id)
    writes = actor.can(Permission.STORY_WRITE, story.office_id)
    permission = Permission.STORY_WRITE if writes else Permission.STORY_APPROVE
    made.version_number, made.digest = version.number, version.digest
    made.made_by, made.made_at = actor.id, clock.now()
    made.made_as = actor.capacity_for(permission, story.office_id, story.section_id)
    db.session.add(made)
    db.session.flush()
    _record(AuditAction.STORY_DECLARED, story, actor, acting_as=made.made_as, version=version.number)


def _find(story: Story, actor: Principal, code: str, key: str) -> FindingLine:
    if code in set(RuleCode):
        version = queries.get_current_version(story)
        guidance = get_guidance(story, version, queries.get_body(version.id), actor=actor)
        for line in guidance.findings:
            if line.finding.code.value == code and line.key == key:
                return line
    raise Conflict(_("Bagian yang ditandai sudah berubah. Muat ulang untuk melihat temuan yang sekarang."))


def _override_of(story: Story, code: RuleCode, key: str) -> FindingOverride | None:
    return db.session.scalar(
        select(FindingOverride).where(
            FindingOverride.story_id == story.id,
            FindingOverride.code == code,
            FindingOverride.passage_hash == key,
        )
    )


def _record(
    action: AuditAction, story: Story, actor: Principal, *, acting_as: str | None = None, **detail: Any
) -> None:
    audit.record(
        action, ("story", story.id), office_id=story.office_id, actor=actor, acting_as=acting_as, **detail
    )
