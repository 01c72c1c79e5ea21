"""Rapat redaksi: one page a week, on the wall while people talk and on paper afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar.enums import Decision
from humasflow.calendar.grouping import Work
from humasflow.calendar.items import Day
from humasflow.calendar.meetings import queries, services
from humasflow.calendar.spans import FIRST_DAY, LAST_DAY, monday_of, week_number
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.form_tokens import new_form_token
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date
from humasflow.core.negotiation import wants_json
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pitches.queries import get_pitch
from humasflow.planning.queries import list_content_types
from humasflow.publishing.enums import PostState

blueprint = Blueprint("meetings", __name__, url_prefix="/rapat")
WEEK = timedelta(days=7)
NO_CHANGE = ("", 204)
_DECISIONS = {"ambil": Decision.TAKE, "simpan": Decision.PARK, "tolak": Decision.REJECT}


@dataclass(frozen=True)
class Typed:
    """What was typed into a form that could not be saved. ``where``: ``note``, ``note-12``, ``pitch-3``, ``attendees``
    or what else a form of the page calls itself (``asal``). ``text`` None: nothing was typed there. ``is_placed``: its
    form stands on the page again; else the text is shown by itself.
    """

    where: str
    text: str | None
    problem: str
    reasons: tuple[str, ...] = ()
    is_placed: bool = False


def _week(text: str) -> date:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-16") else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY - WEEK:
        raise NotFound
    return day


@blueprint.get("/")
@requires(Permission.STORY_READ)
def index() -> Any:
    """The meetings so far, and the way to the one of the present week."""
    office = acting_office(current_user)
    try:
        before = date.fromisoformat(request.args.get("sebelum", ""))
    except ValueError:
        before = None
    held = queries.list_meetings(office.id, before=before)
    shown = held[: queries.MEETINGS_SHOWN]
    return render_template(
        "calendar/meetings/index.html", held=[(h, _title(h.week)) for h in shown],
        older=shown[-1].week if len(held) > len(shown) else None, current=monday_of(today_at(office)),
    )  # fmt: skip


@blueprint.get("/<week>")
@requires(Permission.STORY_READ)
def week(week: str) -> Any:
    """The meeting of the week that begins on this Monday; another day leads to its Monday."""
    day = _week(week)
    if day != monday_of(day):
        return redirect(url_for("meetings.week", week=monday_of(day).isoformat()))
    return _page(acting_office(current_user), day)


def _page(office: Unit, monday: date, typed: Typed | None = None) -> str:
    today = today_at(office)
    minutes = queries.get_minutes(current_user, office.id, monday)
    is_open = minutes.is_open
    decides = (
        is_open and current_user.can(Permission.PITCH_TRIAGE) and current_user.can(Permission.STORY_WRITE)
    )
    choices = queries.get_choices(current_user, office, monday)
    results = queries.get_results(current_user, office, monday, today, choices)
    days, tray = queries.get_week(current_user, office, monday, today, choices)
    waiting, count = queries.list_waiting(office.id) if is_open else ((), 0)
    writes = is_open and _writes()
    if typed is not None and writes:
        forms = {"note", "attendees", *_forms_of_lines(minutes.lines), *_forms_of_works(results, days)}
        forms |= {f"pitch-{p.id}" for p in waiting} if decides else set()
        typed = replace(typed, is_placed=typed.where in forms)
    return render_template(
        "calendar/meetings/week.html", monday=monday, title=_title(monday), minutes=minutes, where=office,
        results=results, days=days, tray=tray, waiting=waiting, waiting_count=count, work_key=_work_key,
        pace=queries.list_pace(current_user, office, monday), writes=writes,
        decides=decides, content_types=list_content_types(office.id) if decides else (), typed=typed, today=today,
        previous=monday - WEEK, next=monday + WEEK, S=PostState,
    )  # fmt: skip


def _work_key(place: str, work: Work) -> str:
    """What the form beside a work calls itself: a work may stand at several places of the page."""
    return f"{place}-{work.about}-{work.id}"


def _forms_of_works(results: queries.Results, days: Sequence[tuple[Day, list[Work]]]) -> Iterator[str]:
    places = [("luput", results.missed), ("hasil", results.live), *((d.date.isoformat(), w) for d, w in days)]
    return (_work_key(place, work) for place, works in places for work in works if work.about)


def _forms_of_lines(lines: Sequence[queries.Line]) -> Iterator[str]:
    return (f"note-{line.note.id}" for line in lines if not line.is_hidden)


def _writes() -> bool:
    return bool(current_user.can(Permission.STORY_WRITE))


def _title(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return _(
        "Pekan ke-%(number)s, %(first)s–%(last)s",
        number=week_number(monday),
        first=show_date(monday, style="d MMM"),
        last=show_date(sunday, style="d MMM yyyy"),
    )


@blueprint.get("/<week>/notulen")
@requires(Permission.STORY_READ)
def minutes(week: str) -> Any:
    """The minutes for a script that shows them while others write; nothing when they are what it shows (``cap``)."""
    office, monday = acting_office(current_user), _monday(week)
    if request.args.get("cap") == queries.stamp_of(queries.find_meeting(office.id, monday)):
        return NO_CHANGE
    return jsonify(_list(office, monday))


def _list(office: Unit, monday: date, **more: Any) -> dict[str, Any]:
    found = queries.get_minutes(current_user, office.id, monday)
    page = render_template(
        "calendar/meetings/_minutes.html", minutes=found, where=office, here=monday.isoformat(), typed=None,
        writes=found.is_open and _writes(),
    )  # fmt: skip
    return {"html": page, "stamp": found.stamp, "open": found.is_open, **more}


@blueprint.post("/<week>/catatan")
@requires(Permission.STORY_WRITE)
def write(week: str) -> Any:
    """A line of the minutes; ``tentang`` (``story:12``) says what it is about."""
    office, monday = acting_office(current_user), _monday(week)
    kind, _colon, number = request.form.get("tentang", "").partition(":")
    text = request.form.get("text", "")

    def save() -> str:
        try:
            subject = services.subject_of(current_user, office.id, kind, _number(number)) if kind else None
        except NotFound as gone:  # removed or made confidential while the note was typed
            raise Conflict(
                _("Yang hendak dicatat tidak dapat dibuka lagi. Catat tanpa menyebutnya.")
            ) from gone
        note = services.write_note(office.id, monday, actor=current_user, text=text, subject=subject)
        return f"catatan-{note.id}"

    return _saving(office, monday, save, where=request.form.get("asal", "note"), text=text)


@blueprint.post("/<week>/catatan/<int:note_id>")
@requires(Permission.STORY_WRITE)
def change(week: str, note_id: int) -> Any:
    """Write a line anew."""
    office, monday, text = acting_office(current_user), _monday(week), request.form.get("text", "")
    note = queries.get_note(current_user, office.id, monday, note_id)

    def save() -> str:
        services.change_note(note, actor=current_user, text=text, row_version=_version())
        return f"catatan-{note.id}"

    return _saving(office, monday, save, where=f"note-{note_id}", text=text)


@blueprint.post("/<week>/catatan/<int:note_id>/hapus")
@requires(Permission.STORY_WRITE)
def remove(week: str, note_id: int) -> Any:
    """Take a line out. What was typed into its form comes along, and comes back when it cannot be removed."""
    office, monday = acting_office(current_user), _monday(week)
    note = queries.get_note(current_user, office.id, monday, note_id)

    def save() -> str:
        services.remove_note(note, actor=current_user, row_version=_version())
        return "notulen"

    return _saving(office, monday, save, where=f"note-{note_id}", text=request.form.get("text"))


@blueprint.post("/<week>/usulan/<int:pitch_id>")
@requires(Permission.PITCH_TRIAGE)
def decide(week: str, pitch_id: int) -> Any:
    """Take, park or reject a pitch (``putusan``), and write it down."""
    office, monday, text = acting_office(current_user), _monday(week), request.form.get("text", "")
    pitch = get_pitch(current_user, pitch_id)
    decision = _DECISIONS.get(request.form.get("putusan", ""))

    def save() -> str:
        if decision is None:
            raise UserError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar."))
        note = services.decide_pitch(
            office.id, monday, pitch, decision, actor=current_user, text=text, row_version=_version(),
            content_type_id=request.form.get("content_type_id", type=row_number),
        )  # fmt: skip
        flash(_("Keputusan tercatat di notula."), "success")
        return f"catatan-{note.id}"

    return _saving(office, monday, save, where=f"pitch-{pitch_id}", text=text)


@blueprint.post("/<week>/peserta")
@requires(Permission.STORY_WRITE)
def attend(week: str) -> Any:
    """Who is there."""
    office, monday, text = acting_office(current_user), _monday(week), request.form.get("attendees", "")

    def save() -> str:
        services.set_attendees(office.id, monday, actor=current_user, attendees=text, row_version=_version())
        flash(_("Daftar peserta tersimpan."), "success")
        return "notulen"

    return _saving(office, monday, save, where="attendees", text=text)


@blueprint.post("/<week>/tutup")
@requires(Permission.STORY_WRITE)
def close(week: str) -> Any:
    """The meeting is over: its minutes stay as they are."""
    office, monday = acting_office(current_user), _monday(week)
    meeting = queries.find_meeting(office.id, monday)
    if meeting is None:
        raise UserError(_("Belum ada catatan yang dapat ditutup."))
    services.close_meeting(meeting, actor=current_user)
    flash(_("Notula ditutup. Isinya tidak berubah lagi."), "success")
    return redirect(url_for("meetings.week", week=monday.isoformat()), code=303)


def _saving(office: Unit, monday: date, save: Any, *, where: str, text: str | None) -> Any:
    """Save and return to the place; what cannot be saved stays in its form, beside what stands now. A script gets the
    minutes anew, with the token of its next form.
    """
    scripted = wants_json()
    try:
        anchor = save()
    except NotFound:
        raise
    except UserError as error:
        if scripted or error.status not in (Conflict.status, UserError.status):
            raise
        reasons = tuple(str(r) for r in error.reasons) if isinstance(error, Refused) else ()
        return _page(office, monday, Typed(where, text, error.message, reasons)), error.status
    if scripted:
        return jsonify(_list(office, monday, anchor=anchor, token=new_form_token(), message=_("Tercatat.")))
    return redirect(url_for("meetings.week", week=monday.isoformat(), _anchor=anchor), code=303)


def _monday(text: str) -> date:
    day = _week(text)
    if day != monday_of(day):
        raise NotFound
    return day


def _number(text: str) -> int:
    try:
        return row_number(text)
    except ValueError as error:
        raise NotFound from error


def _version() -> int | None:
    return request.form.get("row_version", type=row_number)
