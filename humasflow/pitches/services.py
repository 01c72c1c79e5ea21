"""Sending, completing and deciding pitches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, time

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.html import html_from_text
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.orgs import queries as orgs
from humasflow.pitches import queries
from humasflow.pitches.enums import PitchMove
from humasflow.pitches.events import PitchDecided, PitchSent
from humasflow.pitches.models import Pitch, PitchPhoto
from humasflow.pitches.policy import reasons_not_to_edit, reasons_not_to_move
from humasflow.pitches.workflow import PITCH
from humasflow.stories.enums import OPEN, StorySource
from humasflow.stories.models import Story
from humasflow.stories.services import PictureContent, StoryContent, create_story

MAX_PHOTOS = 12
_ACTIONS = {
    PitchMove.ACCEPT: AuditAction.PITCH_ACCEPTED,
    PitchMove.PARK: AuditAction.PITCH_PARKED,
    PitchMove.REJECT: AuditAction.PITCH_REJECTED,
    PitchMove.REOPEN: AuditAction.PITCH_REOPENED,
}


@dataclass(frozen=True)
class PitchContent:
    """What the author knew. Only the title is required."""

    title: str
    what: str = ""
    happened_on: date | None = None
    happened_at: time | None = None
    place: str = ""
    people: str = ""


_LIMITS = {"title": 200, "what": 10_000, "place": 200, "people": 300}


def _check(content: PitchContent) -> None:
    """The rules that every way in shares; a form has said the same beside its fields before."""
    if not content.title.strip():
        raise UserError(_("Tuliskan dahulu apa yang terjadi."))
    for name, limit in _LIMITS.items():
        size = len(getattr(content, name))
        if size > limit:
            raise UserError(
                _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=limit, size=size)
            )


def own_photos(actor: Principal, office_id: int, asset_ids: Iterable[int]) -> Sequence[Asset]:
    """Those of the pictures that the person uploaded in this office, at most ``MAX_PHOTOS``, in the order given.

    Ids of anybody else's pictures are left out in silence: a form never offered them.
    """
    assets = media.get_assets(office_id, asset_ids, actor=actor)
    return [a for a in assets if a.uploaded_by == actor.id][:MAX_PHOTOS]


def send_pitch(
    *,
    actor: Principal,
    office_id: int,
    content: PitchContent,
    photo_ids: Iterable[int] = (),
    section_id: int | None = None,
) -> Pitch:
    """Put a new idea into the office's pool. ``section_id`` defaults to the author's own section."""
    require(actor, Permission.PITCH_CREATE, office_id)
    _check(content)
    if section_id is not None:
        orgs.get_section(office_id, section_id)
    else:
        section_id = actor.section_in(office_id)
    pitch = Pitch(
        office_id=office_id, section_id=section_id, author_id=actor.id, state=PITCH.initial, reason="",
        created_at=clock.now(), **_values(content),
    )  # fmt: skip
    db.session.add(pitch)
    db.session.flush()
    _set_photos(pitch, [a.id for a in own_photos(actor, office_id, photo_ids)])
    audit.record(
        AuditAction.PITCH_SENT, ("pitch", pitch.id), office_id=office_id, actor=actor, title=pitch.title
    )
    emit(PitchSent(pitch_id=pitch.id, author_id=actor.id))
    return pitch


def change_pitch(
    pitch: Pitch,
    *,
    actor: Principal,
    content: PitchContent,
    photo_ids: Iterable[int],
    row_version: int | None = None,
) -> None:
    """Complete an own pitch while nobody has decided. Raises Refused with the reasons, or Conflict."""
    _lock(pitch)
    if reasons := reasons_not_to_edit(actor, pitch, decider=queries.name_of_decider(pitch)):
        raise Refused(reasons)
    _expect(pitch, row_version, _("Usulan ini baru saja diubah dari perangkat atau tab lain."))
    _check(content)
    changed = [name for name, value in _values(content).items() if getattr(pitch, name) != value]
    for name in changed:
        setattr(pitch, name, getattr(content, name))
    wanted = [a.id for a in own_photos(actor, pitch.office_id, photo_ids)]
    if wanted != [p.asset_id for p in pitch.photos]:
        _set_photos(pitch, wanted)
        flag_modified(pitch, "title")  # the photos are part of what an editor decides about: a new version
        changed.append("photos")
    if not changed:
        return
    db.session.flush()
    audit.record(
        AuditAction.PITCH_CHANGED, ("pitch", pitch.id), office_id=pitch.office_id, actor=actor, fields=changed
    )


def move_pitch(
    pitch: Pitch,
    move: PitchMove,
    *,
    actor: Principal,
    reason: str = "",
    story: Story | None = None,
    row_version: int | None = None,
) -> None:
    """The one function that moves a pitch. Raises Refused (every reason, who decided before) or Conflict.

    ``story`` goes with accepting and with nothing else; ``reason`` is required where the table says so and a note
    otherwise. Emits PitchDecided.
    """
    _check_move(pitch, move, actor=actor, reason=reason, row_version=row_version)
    if (move is PitchMove.ACCEPT) is not (story is not None):
        raise ValueError("a story goes with accepting, and only with it")
    reopened = move is PitchMove.REOPEN
    pitch.state = PITCH.target(pitch.state, move)
    pitch.reason = "" if reopened else reason.strip()
    pitch.story = story
    pitch.decided_by = None if reopened else actor.id
    pitch.decided_at = None if reopened else clock.now()
    db.session.flush()
    audit.record(
        _ACTIONS[move], ("pitch", pitch.id), office_id=pitch.office_id, actor=actor,
        context=("story", story.id) if story else None,
        acting_as=actor.capacity_for(Permission.PITCH_TRIAGE, pitch.office_id, pitch.section_id),
        **({"reason": reason.strip()} if reason.strip() else {}), **({"story": story.title} if story else {}),
    )  # fmt: skip
    emit(PitchDecided(pitch_id=pitch.id, move=move, actor_id=actor.id, reason=reason.strip()))


def accept_pitch(
    pitch: Pitch,
    *,
    actor: Principal,
    story: Story | None = None,
    content_type_id: int | None = None,
    section_id: int | None = None,
    pillar_id: int | None = None,
    campaign_id: int | None = None,
    title: str | None = None,
    row_version: int | None = None,
) -> Story:
    """Make a story of the pitch, held by who accepts it, or let it join an open one. Raises as :func:`move_pitch`.

    A story that is joined keeps its text and pictures: what was written or approved there is not touched.
    """
    _check_move(pitch, PitchMove.ACCEPT, actor=actor, reason="", row_version=row_version)
    if story is not None:
        if story.office_id != pitch.office_id:
            raise NotFound
        if story.state not in OPEN:
            message = _(
                "Naskah “%(title)s” sudah tidak dikerjakan lagi. Pilih naskah lain.", title=story.title
            )
            raise Refused([Reason("story_closed", message)])
    elif content_type_id is None:
        raise UserError(_("Pilih jenis konten untuk naskahnya."))
    else:
        story = create_story(
            actor=actor, office_id=pitch.office_id, content=_story_content(pitch, title, actor),
            content_type_id=content_type_id, section_id=section_id, pillar_id=pillar_id,
            campaign_id=campaign_id, owner_id=actor.id,
        )  # fmt: skip
    move_pitch(pitch, PitchMove.ACCEPT, actor=actor, story=story)
    return story


def _story_content(pitch: Pitch, title: str | None, actor: Principal) -> StoryContent:
    author = pitch.author.name
    section = f" ({pitch.section.short_name})" if pitch.section else ""
    return StoryContent(
        title=title if title is not None else pitch.title, body_html=html_from_text(pitch.what),
        source=StorySource.SECTION, source_note=_("Usulan %(who)s", who=author + section)[:200],
        event_date=pitch.happened_on, place=pitch.place, people=pitch.people,
        pictures=tuple(
            PictureContent(p.asset_id, p.asset.credit or author, p.asset.alt_text, p.asset.caption)
            for p in queries.list_photos_for(actor, pitch)
        ),
    )  # fmt: skip


def _check_move(
    pitch: Pitch, move: PitchMove, *, actor: Principal, reason: str, row_version: int | None
) -> None:
    _lock(pitch)
    require(actor, Permission.PITCH_TRIAGE, pitch.office_id)
    reasons = reasons_not_to_move(actor, pitch, move, reason=reason, decider=queries.name_of_decider(pitch))
    if reasons:
        raise Refused(reasons)
    _expect(pitch, row_version, _("Pengusul baru saja melengkapi usulan ini. Baca dahulu, lalu putuskan."))


def _lock(pitch: Pitch) -> None:
    """See what stands now, and let nobody else decide until this request ends."""
    lock(pitch)


def _expect(pitch: Pitch, row_version: int | None, message: str) -> None:
    if row_version is not None and pitch.row_version != row_version:
        raise Conflict(message)


def _values(content: PitchContent) -> dict[str, object]:
    return {f.name: getattr(content, f.name) for f in fields(content)}


def _set_photos(pitch: Pitch, asset_ids: Sequence[int]) -> None:
    db.session.execute(delete(PitchPhoto).where(PitchPhoto.pitch_id == pitch.id))
    db.session.expire(pitch, ["photos"])
    db.session.add_all(
        PitchPhoto(pitch_id=pitch.id, position=number, asset_id=asset_id)
        for number, asset_id in enumerate(asset_ids)
    )
    db.session.flush()
