"""Who sees a story before it is published, and not before when it may go out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, Refused, UserError
from humasflow.core.events import emit
from humasflow.orgs import queries as orgs
from humasflow.stories import queries
from humasflow.stories.events import StoryClosed, StoryEmbargoChanged
from humasflow.stories.models import Assignment, Story, StoryReader
from humasflow.stories.policy import reasons_not_to_close, reasons_not_to_embargo
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.sources import embargo_of_source

FURTHEST_EMBARGO = timedelta(days=3 * 366)


def make_confidential(story: Story, *, actor: Principal, reader_ids: Iterable[int]) -> None:
    """From now on only the named people see the story: those given, who acts, who holds it, and who has a task on it.
    Repeating it sets the list anew. Raises Refused, NotFound for somebody without a role in the office. Flushes.
    """
    _check(actor, story)
    wanted = {*reader_ids, actor.id, *_at_work(story)} | ({story.owner_id} if story.owner_id else set())
    in_office = {p.id: p.name for p in accounts.list_people(orgs.get_office(story.office_id))}
    known = set(_readers(story))
    if wanted - known - set(in_office) - {actor.id}:
        raise NotFound
    if story.is_confidential and known == wanted:
        return
    was_confidential, story.is_confidential = story.is_confidential, True
    story.updated_at = clock.now()
    for user_id in known - wanted:
        db.session.delete(db.session.get_one(StoryReader, (story.id, user_id)))
    for user_id in sorted(wanted - known):
        _name(story, user_id, actor)
    db.session.flush()
    audit.record(
        AuditAction.STORY_READERS_CHANGED if was_confidential else AuditAction.STORY_CLOSED,
        ("story", story.id), office_id=story.office_id, actor=actor, readers=sorted(wanted),
        label=", ".join(sorted(in_office[i] for i in wanted if i in in_office)),
    )  # fmt: skip
    emit(StoryClosed(story_id=story.id, actor_id=actor.id))


def make_open(story: Story, *, actor: Principal) -> None:
    """Everybody who reads the office's stories may read this one again. Repeating it changes nothing. Flushes."""
    _check(actor, story)
    if not story.is_confidential:
        return
    story.is_confidential, story.updated_at = False, clock.now()
    for user_id in _readers(story):
        db.session.delete(db.session.get_one(StoryReader, (story.id, user_id)))
    db.session.flush()
    audit.record(AuditAction.STORY_OPENED, ("story", story.id), office_id=story.office_id, actor=actor)


def name_reader(story: Story, user_id: int, *, actor: Principal | None) -> None:
    """Somebody who is given work on a confidential story has to see it: they are named, and the record says so."""
    if not story.is_confidential or user_id in _readers(story):
        return
    _name(story, user_id, actor)
    db.session.flush()
    audit.record(
        AuditAction.STORY_READERS_CHANGED, ("story", story.id), office_id=story.office_id, actor=actor,
        readers=sorted(_readers(story)), label=accounts.names_of([user_id]).get(user_id, ""),
    )  # fmt: skip


def set_embargo(story: Story, *, actor: Principal, until: datetime | None) -> None:
    """Nothing of the story goes out before ``until`` (aware); None lifts it. Whatever is planned earlier is moved by
    nobody: it waits, visibly, and goes out when the embargo ends. What another office gave under embargo stays under it
    as long as there. Raises Refused, UserError. Flushes.
    """
    lock(story)
    reasons = reasons_not_to_embargo(actor, story)
    if reasons:
        raise Refused(reasons)
    if until == story.embargo_until:
        return
    now = clock.now()
    if until is not None and until <= now:
        raise UserError(_("Embargo berakhir pada waktu yang sudah lewat. Pilih waktu sesudah sekarang."))
    if until is not None and until > now + FURTHEST_EMBARGO:
        raise UserError(_("Waktu ini lebih dari tiga tahun lagi. Periksa tahunnya."))
    binding = embargo_of_source(story)
    if binding is not None and (until is None or until < binding.until):
        raise UserError(binding.refusal(orgs.get_office(story.office_id)))
    before, story.embargo_until = story.embargo_until, until
    # Exactly as long as where it is from: this office wants nothing of its own, and follows from now on.
    story.own_embargo_until = None if binding is not None and until == binding.until else until
    story.updated_at = now
    db.session.flush()
    audit.record(
        AuditAction.STORY_EMBARGOED if until else AuditAction.STORY_EMBARGO_LIFTED,
        ("story", story.id), office_id=story.office_id, actor=actor,
        before=before.isoformat() if before else None, after=until.isoformat() if until else None,
    )  # fmt: skip
    emit(StoryEmbargoChanged(story_id=story.id, actor_id=actor.id, before=before))


def _check(actor: Principal, story: Story) -> None:
    lock(story)
    reasons = reasons_not_to_close(actor, story)
    if reasons:
        raise Refused(reasons)


def _at_work(story: Story) -> Sequence[int]:
    return db.session.scalars(
        select(Assignment.person_id).where(Assignment.story_id == story.id, is_open())
    ).all()


def _readers(story: Story) -> list[int]:
    return [u.id for u in queries.list_readers(story.id)]


def _name(story: Story, user_id: int, actor: Principal | None) -> None:
    db.session.add(
        StoryReader(
            story_id=story.id, user_id=user_id, added_by=actor.id if actor else None, added_at=clock.now()
        )
    )
