"""The month, moving by dragging, and its twin without dragging."""

import re
from datetime import date, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.calendar import queries, services
from humasflow.calendar.forms import ScheduleForm
from humasflow.calendar.policy import goes_out_unasked
from humasflow.calendar.services import PastDay, today_at
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date, show_instant, show_time, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.posts import queries as posts
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.publishing import policy as publishing_policy
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import PostState

blueprint = Blueprint("calendar", __name__)
FIRST_YEAR, LAST_YEAR = 1990, 2100


def _month(text: str | None, today: date) -> date:
    """The first of the month asked for; a month that cannot be is the present one."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text or "")
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
        return date(int(match[1]), int(match[2]), 1)
    return today.replace(day=1)


def _account() -> int | None:
    text = request.args.get("kanal", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@blueprint.get("/kalender/")
@requires(Permission.CALENDAR_READ)
def month() -> Any:
    """A month of the office, Monday first."""
    office = acting_office(current_user)
    today = today_at(office)
    first = _month(request.args.get("bulan"), today)
    account_id = _account()
    shown = queries.get_month(
        current_user, office.id, office.zone_name, first, today, account_id=account_id,
        mine=current_user.can(Permission.POST_SCHEDULE),
    )  # fmt: skip
    return render_template(
        "calendar/month.html", month=shown, title=show_date(first, style="MMMM yyyy"), today=today,
        accounts=channels.list_accounts(office.id), account_id=account_id, states=list(PostState),
        opens=current_user.can(Permission.STORY_READ), schedules=current_user.can(Permission.POST_SCHEDULE),
        weekdays=[show_date(shown.days[n].date, style="EEE") for n in range(7)], S=PostState,
    )  # fmt: skip


def _version() -> int | None:
    text = request.form.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(_("Tanggal ini tidak ada di kalender.")) from error


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError as error:
        raise UserError(_("Jam ini tidak dikenal.")) from error


@blueprint.post("/kalender/pindah/<int:post_id>")
@requires(Permission.POST_SCHEDULE)
def move(post_id: int) -> Any:
    """Move a post to ``day`` (empty: the tray), at its clock time or at ``time``. For scripts: answers JSON."""
    post = posts.get_post(current_user, post_id)
    office = get_office(post.office_id)
    moved = services.move_post(
        post, office, actor=current_user, day=_day(request.form.get("day", "")),
        clock_time=_time(request.form.get("time", "")), row_version=_version(),
    )  # fmt: skip
    where = office.zone_name
    state = publishing.state_of(post)
    if moved.after is None:
        said = _("%(account)s: jadwalnya dilepas.", account=post.account.name)
    else:
        said = _("%(account)s dipindahkan ke %(when)s.", account=post.account.name,
                 when=show_instant(moved.after, where))  # fmt: skip
        if not goes_out_unasked(state):
            said += " " + _("Belum disetujui: tidak akan tayang sebelum disetujui.")
    undoable = moved.before is None or to_local(moved.before, where) >= to_local(clock.now(), where)
    return {
        "row_version": post.row_version,
        "time": show_time(moved.after, where) if moved.after else "",
        "clock": to_local(moved.after, where).strftime("%H:%M") if moved.after else "",
        "state": state.value,
        "label": state.label,
        "message": said,
        "undo": {
            "day": to_local(moved.before, where).date().isoformat() if moved.before else "",
            "time": to_local(moved.before, where).strftime("%H:%M") if moved.before else "",
        }
        if undoable
        else None,
    }


@blueprint.route("/kalender/jadwal/<int:post_id>", methods=["GET", "POST"])
@requires(Permission.POST_SCHEDULE)
def schedule(post_id: int) -> Any:
    """Pindahkan ke…: the twin of dragging, with the time of day."""
    post = posts.get_post(current_user, post_id)
    office = get_office(post.office_id)
    where = office.zone_name
    local = to_local(post.scheduled_at, where) if post.scheduled_at else None
    form = ScheduleForm(
        day=local.date() if local else _asked_day(office_today=today_at(office)),
        time=local.time() if local else services.TRAY_TIME,
    )
    if form.is_submitted():
        release = "release" in request.form
        if release or form.validate():
            try:
                moved = services.move_post(
                    post, office, actor=current_user, day=None if release else form.day.data,
                    clock_time=form.time.data, row_version=_version(),
                )  # fmt: skip
            except PastDay as error:
                form.fail(form.day, error.message)
            else:
                flash(_said(post, moved, where), "success")
                return redirect(_back(moved, where), code=303)
    state = publishing.state_of(post)
    page = render_template(
        "calendar/schedule.html", post=post, form=form, state=state, where=office,
        approved=goes_out_unasked(state), by_hand=publishing_policy.is_by_hand(post.account),
        reasons=publishing_policy.reasons_against_change(
            publishing.get_current_delivery(post), PostChange.SCHEDULE
        ),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _asked_day(*, office_today: date) -> date:
    """The day that was clicked, if it is one to come; else today."""
    try:
        asked = date.fromisoformat(request.args.get("hari", ""))
    except ValueError:
        return office_today
    return max(asked, office_today)


def _said(post: Post, moved: services.Moved, where: str) -> str:
    if moved.after is None:
        return _("Jadwal %(account)s dilepas.", account=post.account.name)
    if moved.after == moved.before:
        return _("Jadwalnya tetap.")
    return _(
        "%(account)s dijadwalkan %(when)s.", account=post.account.name, when=show_instant(moved.after, where)
    )


def _back(moved: services.Moved, where: str) -> str:
    at = moved.after or moved.before
    return url_for("calendar.month", bulan=to_local(at, where).strftime("%Y-%m") if at else None)
