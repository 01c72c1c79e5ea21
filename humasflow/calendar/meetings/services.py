"""Minutes: written line by line while people talk, and closed for good when they part."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.calendar.enums import Decision
from humasflow.calendar.meetings.queries import find_meeting
from humasflow.calendar.models import Meeting, MeetingNote
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.pitches import queries as pitches
from humasflow.pitches.enums import PitchMove
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import accept_pitch, move_pitch
from humasflow.planning.agenda import queries as agenda
from humasflow.posts import queries as posts
from humasflow.stories import queries as stories
from humasflow.stories.models import Story
from humasflow.stories.visibility import is_closed

TEXT_LENGTH: Final = 4000
ATTENDEES_LENGTH: Final = 500
_SUBJECT_TITLE: Final = 200
_MOVES: Final = {Decision.PARK: PitchMove.PARK, Decision.REJECT: PitchMove.REJECT}


@dataclass(frozen=True)
class Subject:
    """What a note is about: ``pitch``, ``story``, ``post`` or ``agenda_event`` and its number, with its title as it is
    now.
    """

    kind: str
    id: int
    title: str


def subject_of(actor: Principal, office_id: int, kind: str, ident: int) -> Subject:
    """Something of this office that the actor sees, or "not found". Raises UserError for a confidential story: the
    minutes are read by more people than those named for it.
    """
    if kind == "pitch":
        pitch = pitches.get_pitch(actor, ident)
        return _in_office(office_id, pitch.office_id, Subject(kind, pitch.id, pitch.title))
    if kind == "story":
        story = stories.get_story(actor, ident)
        _refuse_confidential(story)
        return _in_office(office_id, story.office_id, Subject(kind, story.id, story.title))
    if kind == "post":
        post = posts.get_post(actor, ident)
        _refuse_confidential(post.story)
        title = f"{post.account.name}: {post.story.title}"[:_SUBJECT_TITLE]
        return _in_office(office_id, post.office_id, Subject(kind, post.id, title))
    if kind == "agenda_event":
        event = agenda.get_event(actor, ident)
        return _in_office(office_id, event.office_id, Subject(kind, event.id, event.title))
    raise NotFound


def _in_office(office_id: int, of: int, subject: Subject) -> Subject:
    if of != office_id:
        raise NotFound
    return subject


def _refuse_confidential(story: Story) -> None:
    if is_closed(story):
        raise UserError(
            _("Naskah ini rahasia, sedangkan notula dibaca seluruh tim. Catat tanpa menyebut naskahnya.")
        )


def write_note(
    office_id: int, week: date, *, actor: Principal, text: str, subject: Subject | None = None
) -> MeetingNote:
    """Add a line. The first line of a week begins its minutes. Needs ``story:write``.

    Flushes. Raises NotAllowed, Refused when the minutes are closed, UserError without a text or with one too long.
    """
    require(actor, Permission.STORY_WRITE, office_id)
    text = _checked(text)
    return _add(_opened(office_id, week, actor), actor, Decision.NOTE, text, subject)


def decide_pitch(
    office_id: int,
    week: date,
    pitch: Pitch,
    decision: Decision,
    *,
    actor: Principal,
    text: str = "",
    content_type_id: int | None = None,
    row_version: int | None = None,
) -> MeetingNote:
    """Take, park or reject a pitch and write it down, both or neither. ``text`` goes into the minutes, and as the
    reason to its author when the pitch is not taken; one that is taken becomes a story of the content type.

    Flushes. Raises NotAllowed, NotFound, Refused (closed minutes, decided before, a reason is missing), Conflict,
    UserError.
    """
    if pitch.office_id != office_id:
        raise NotFound
    require(actor, Permission.STORY_WRITE, office_id)
    text = _checked(text, needed=False)
    meeting = _opened(office_id, week, actor)
    subject = Subject("pitch", pitch.id, pitch.title)
    if decision is Decision.TAKE:
        accept_pitch(pitch, actor=actor, content_type_id=content_type_id, section_id=pitch.section_id,
                     row_version=row_version)  # fmt: skip
    elif decision in _MOVES:
        move_pitch(pitch, _MOVES[decision], actor=actor, reason=text, row_version=row_version)
    else:
        raise ValueError("a pitch is taken, parked or rejected")
    return _add(meeting, actor, decision, text, subject)


def change_note(note: MeetingNote, *, actor: Principal, text: str, row_version: int | None) -> None:
    """Write a line anew. Flushes. Raises NotAllowed, Refused, Conflict, UserError."""
    meeting = _meeting_of(note, actor)
    text = _checked(text, needed=note.decision is Decision.NOTE)
    _expect(note, row_version)
    if note.text == text:
        return
    before, note.text = note.text, text
    db.session.flush()
    _record(AuditAction.MEETING_NOTE_CHANGED, meeting, actor, note=note.id, before=before)


def remove_note(note: MeetingNote, *, actor: Principal, row_version: int | None) -> None:
    """Take a line out. What was decided about a pitch stays decided. Flushes. Raises NotAllowed, Refused, Conflict."""
    meeting = _meeting_of(note, actor)
    _expect(note, row_version)
    note.removed_at = clock.now()
    db.session.flush()
    _record(AuditAction.MEETING_NOTE_REMOVED, meeting, actor, note=note.id, text=note.text)


def set_attendees(
    office_id: int, week: date, *, actor: Principal, attendees: str, row_version: int | None
) -> Meeting:
    """Who is there, as it is typed. Without a ``row_version`` there were no minutes when it was typed: whoever began
    them meanwhile is not overwritten. Flushes. Raises NotAllowed, Refused, Conflict, UserError.
    """
    require(actor, Permission.STORY_WRITE, office_id)
    attendees = " ".join(attendees.split())
    if len(attendees) > ATTENDEES_LENGTH:
        raise UserError(
            _(
                "Paling panjang %(limit)s karakter; sekarang %(size)s.",
                limit=ATTENDEES_LENGTH,
                size=len(attendees),
            )
        )
    meeting = _opened(office_id, week, actor)
    is_stale = bool(meeting.attendees) if row_version is None else meeting.row_version != row_version
    if is_stale and meeting.attendees != attendees:
        raise Conflict(_("Orang lain baru saja mengubah daftar peserta. Yang Anda ketik masih ada di bawah."))
    if meeting.attendees != attendees:
        meeting.attendees = attendees
        db.session.flush()
        _record(AuditAction.MEETING_CHANGED, meeting, actor, attendees=attendees)
    return meeting


def close_meeting(meeting: Meeting, *, actor: Principal) -> None:
    """From now on nothing in these minutes changes. Closing twice is closing once. Flushes. Raises NotAllowed."""
    require(actor, Permission.STORY_WRITE, meeting.office_id)
    lock(meeting)
    if meeting.closed_at is not None:
        return
    meeting.closed_by, meeting.closed_at = actor.id, clock.now()
    db.session.flush()
    _record(AuditAction.MEETING_CLOSED, meeting, actor)


def _opened(office_id: int, week: date, actor: Principal) -> Meeting:
    """The minutes of the week, begun if need be, held until the request ends. Raises Refused when they are closed."""
    if week.weekday() != 0:
        raise ValueError("a week is named by its Monday")
    meeting = find_meeting(office_id, week)
    if meeting is None:
        lock(get_office(office_id))  # two who begin at once begin the same minutes
        meeting = find_meeting(office_id, week)
    if meeting is None:
        meeting = Meeting(
            office_id=office_id, week=week, attendees="", created_by=actor.id, created_at=clock.now()
        )
        db.session.add(meeting)
        db.session.flush()
    lock(meeting)
    _refuse_closed(meeting)
    return meeting


def _meeting_of(note: MeetingNote, actor: Principal) -> Meeting:
    meeting = db.session.get_one(Meeting, note.meeting_id)
    require(actor, Permission.STORY_WRITE, meeting.office_id)
    lock(meeting)
    _refuse_closed(meeting)
    lock(note)
    if note.removed_at is not None:
        raise Conflict(_("Orang lain baru saja menghapus catatan ini. Yang Anda ketik masih ada di bawah."))
    return meeting


def _refuse_closed(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        message = _("Notula rapat ini sudah ditutup dan tidak berubah lagi. Catat di rapat berikutnya.")
        raise Refused([Reason("closed", message)])


def _expect(note: MeetingNote, row_version: int | None) -> None:
    message = _("Orang lain baru saja mengubah catatan ini. Yang Anda ketik masih ada di bawah.")
    expect_version(note, row_version, message)


def _checked(text: str, *, needed: bool = True) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not text:
        raise UserError(_("Tulis dahulu catatannya."))
    if len(text) > TEXT_LENGTH:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=TEXT_LENGTH, size=len(text))
        )
    return text


def _add(
    meeting: Meeting, actor: Principal, decision: Decision, text: str, subject: Subject | None
) -> MeetingNote:
    note = MeetingNote(
        meeting_id=meeting.id, decision=decision, text=text, author_id=actor.id, written_at=clock.now(),
        subject_type=subject.kind if subject else "", subject_id=subject.id if subject else None,
        subject_title=subject.title if subject else "",
    )  # fmt: skip
    db.session.add(note)
    db.session.flush()
    _record(AuditAction.MEETING_NOTE_WRITTEN, meeting, actor, note=note.id, decision=decision.value)
    return note


def _record(action: AuditAction, meeting: Meeting, actor: Principal, **detail: Any) -> None:
    audit.record(
        action, ("meeting", meeting.id), office_id=meeting.office_id, actor=actor, week=meeting.week.isoformat(),
        **detail,
    )  # fmt: skip
