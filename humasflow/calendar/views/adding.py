"""Quick add: something new on a day of the calendar, typed or taken from the pool of pitches."""

from datetime import time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar.adding.forms import AddForm
from humasflow.calendar.adding.services import Added, add_from_pitch, add_story
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.views.blueprint import blueprint
from humasflow.channels import queries as channels
from humasflow.core.converters import row_number
from humasflow.core.errors import Refused, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.localtime import show_instant, to_local
from humasflow.core.negotiation import wants_json
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.pitches import queries as pitches
from humasflow.pitches.enums import PitchState
from humasflow.pitches.queries import PitchRow
from humasflow.planning import queries as planning
from humasflow.planning.campaigns.queries import list_open_campaigns
from humasflow.planning.days.queries import list_days

_PITCHES = 25  # of a state; the rest is found by searching


@blueprint.get("/kalender/tambah")
@requires(Permission.STORY_WRITE)
def add() -> Any:
    """The page, and what the calendar shows in its side panel: a title and more, or an idea from the pool."""
    office = acting_office(current_user)
    form = _form(office)
    return _page(office, form)


@blueprint.post("/kalender/tambah")
@requires(Permission.STORY_WRITE)
def add_item() -> Any:
    """Begin a story on a day, from a title or from the pitch ``pitch_id`` (number and version). For scripts: answers
    JSON when asked. A search in the pool begins nothing: the page again, with all that was typed.
    """
    office = acting_office(current_user)
    form = _form(office)
    if _is_search():
        return _page(office, form)
    chosen = _chosen()
    valid = form.validate()
    if chosen is None and not form.title.data:
        form.fail(form.title, _("Judul naskah perlu diisi."))
        valid = False
    if not valid:
        return _invalid(office, form)
    try:
        if chosen is not None:
            pitch = pitches.get_pitch(current_user, chosen[0])
            added = add_from_pitch(pitch, form.place(), actor=current_user, row_version=chosen[1])
        else:
            added = add_story(office, form.title.data or "", form.place(), actor=current_user)
    except UserError as error:
        if wants_json():
            raise
        reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
        return _page(office, form, reasons=reasons), error.status if error.status != 404 else 422
    return _done(office, added)


def _is_search() -> bool:
    """Its own button; or Enter, while the words of the search are not those that the list shows."""
    if "find" in request.form:
        return True
    named = "add" in request.form or "pitch_id" in request.form
    return not named and _q() != request.form.get("q_shown", "")


def _q() -> str:
    return str(trimmed(request.values.get("q", "")))[:100]


def _chosen() -> tuple[int, int | None] | None:
    """The pitch and the version of it that was read; None for a title. An address only points at one."""
    given = request.args.get("usulan", "") if request.method == "GET" else request.form.get("pitch_id", "")
    ident, _colon, version = given.partition(":")
    try:
        return row_number(ident), row_number(version) if version else None
    except ValueError:
        return None


def _invalid(office: Unit, form: AddForm) -> Any:
    if wants_json():
        reasons = [str(m) for messages in form.errors.values() for m in messages]
        return {"error": reasons[0], "reasons": reasons}, 422
    return _page(office, form), 422


def _done(office: Unit, added: Added) -> Any:
    where = office.zone_name
    day = to_local(added.at, where).date()
    said = _said(office, added)
    if wants_json():
        kind, ident = (
            (ItemKind.POST, added.post.id) if added.post else (ItemKind.DEADLINE, added.task.id if added.task else 0)
        )  # fmt: skip
        return {
            "message": said,
            "items": [{"kind": kind.value, "id": ident, "day": day.isoformat()}],
            "url": url_for("pages.story", story_id=added.story.id),
        }
    flash(said, "success")
    return redirect(f"{url_for('calendar.month')}?{_asked(office).query(day=day)}", code=303)


def _said(office: Unit, added: Added) -> str:
    when, title = show_instant(added.at, office.zone_name), added.story.title
    if added.post:
        said = _("Draf “%(title)s” direncanakan di %(account)s, %(when)s.",
                 title=title, account=added.post.account.name, when=when)  # fmt: skip
    else:
        said = _("Draf “%(title)s” ada di kalender sebagai tenggat Anda, %(when)s.", title=title, when=when)
    day = to_local(added.at, office.zone_name).date()
    closed = [m.name for m in list_days(office.id, day, day + timedelta(days=1)).get(day, ()) if m.is_closed]
    if closed:
        said += " " + _("Hari itu libur: %(names)s.", names=", ".join(closed))
    return said


def _form(office: Unit) -> AddForm:
    """The form with what is offered. What was not asked yet is filled in from the calendar that was come from."""
    form = AddForm()
    form.offer(
        accounts=channels.list_accounts(office.id), types=planning.list_content_types(office.id),
        pillars=planning.list_pillars(office.id), campaigns=list_open_campaigns(office.id),
        sections=orgs.list_sections(office.id),
    )  # fmt: skip
    narrowing = _asked(office)
    for field, wanted in (
        (form.pillar_id, narrowing.pillar_ids), (form.campaign_id, narrowing.campaign_ids),
        (form.section_id, narrowing.section_ids),
    ):  # fmt: skip
        if wanted and field.name not in request.form:  # quick add asks for a title and a channel only
            form.begin_with(field, wanted)
    if request.method == "GET":
        form.day.data = max(narrowing.day, narrowing.today)
        form.time.data = _clock(request.args.get("jam", ""))
        form.title.data = trimmed(request.args.get("judul", ""))[:200]
        form.begin_with(form.account_id, narrowing.account_ids)
    return form


def _asked(office: Unit) -> Narrowing:
    """The calendar that was come from: as the form keeps it, else as the address says."""
    today, kept = today_at(office), request.values.get("query")
    if kept is None:
        return Narrowing.from_args(request.args, today)
    return Narrowing.from_query(kept[:2000], today)


def _clock(text: str) -> time | None:
    """The time of an address; what is none is left out."""
    try:
        return (
            time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if len(text) == 5 else None
        )
    except ValueError:
        return None


def _page(office: Unit, form: AddForm, *, reasons: list[str] | None = None) -> str:
    q, chosen = _q(), _chosen()
    decides = current_user.can(Permission.PITCH_TRIAGE, office.id)
    found, more = _pool(office, q) if decides else ([], False)
    return render_template(
        "calendar/quick_add.html", form=form, reasons=reasons or [], q=q, decides=decides, pitches=found,
        more_pitches=more, query=_asked(office).query(), where=office, chosen=chosen[0] if chosen else None,
    )  # fmt: skip


def _pool(office: Unit, q: str) -> tuple[list[PitchRow], bool]:
    """Ideas nobody decided about yet, then those put aside; and whether there are more than are shown."""
    pages = [
        pitches.list_pool(current_user, office.id, state=state, q=q, size=_PITCHES)
        for state in (PitchState.NEW, PitchState.PARKED)
    ]
    return [row for page in pages for row in page.items], any(page.next for page in pages)
