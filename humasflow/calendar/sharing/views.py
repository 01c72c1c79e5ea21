"""Links to a view of the calendar: made and revoked in the office, read by whoever has them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar.models import SharedView
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.sharing import policy, queries, services
from humasflow.calendar.sharing.forms import ShareForm
from humasflow.calendar.sharing.queries import LinkState
from humasflow.core import rate_limit
from humasflow.core.errors import NotFound
from humasflow.core.guards import public, requires
from humasflow.core.permissions import Permission
from humasflow.core.unit_of_work import own_transaction
from humasflow.orgs.queries import get_office

blueprint = Blueprint("sharing", __name__)
SHOWN_ONCE = "shared_view_made"
# From one address in a minute: readings (an office, and a whole agency, often has one address for everybody), and links
# that are none or are shut.
READINGS, MISSES, SECONDS = 120, 20, 60


@blueprint.route("/kalender/bagikan", methods=["GET", "POST"])
@requires(Permission.POST_SCHEDULE, Permission.OFFICE_MANAGE)
def index() -> Any:
    """The office's links, and a form to share the calendar as its address says (this page's own query)."""
    office = acting_office(current_user)
    narrowing = Narrowing.from_args(request.args, today_at(office))
    form = ShareForm(query=narrowing.query())
    if form.validate_on_submit():
        try:
            made = services.share_view(
                office.id, actor=current_user, title=form.title.data or "", query=form.query.data or "",
                days=form.days.data or 0, follows_today=form.follows_today.data,
            )  # fmt: skip
        except services.TooNarrow as error:
            form.fail(form.title, error.message)
        else:
            session[SHOWN_ONCE] = [made.view.id, _address(made.token)]
            return redirect(url_for("sharing.index"), code=303)
    asked = Narrowing.from_query(form.query.data or "", today_at(office))
    fresh_id, fresh_url = session.pop(SHOWN_ONCE, [0, ""]) if request.method == "GET" else (0, "")
    views = queries.list_views(office)
    page = render_template(
        "calendar/sharing/index.html", form=form, narrowing=asked, span=asked.span, where=office,
        views=[(v, state, policy.may_revoke(current_user, office.id, v.owner_id)) for v, state in views],
        fresh=next((v for v, _state in views if v.id == fresh_id), None), fresh_url=fresh_url, S=LinkState,
    )  # fmt: skip
    response = make_response(page, 422 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _address(token: str) -> str:
    """As it is sent to people: by the name under which the product is known, if there is one."""
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    here = url_for("sharing.shown", token=token, _external=True)
    return f"{public}{url_for('sharing.shown', token=token)}" if public else here


@blueprint.post("/kalender/bagikan/<int:shared_view_id>/cabut")
@requires(Permission.POST_SCHEDULE, Permission.OFFICE_MANAGE)
def revoke(shared_view_id: int) -> Any:
    """The address is good no longer."""
    view = queries.get_view(acting_office(current_user).id, shared_view_id)
    services.revoke_view(view, actor=current_user)
    flash(_("Tautan “%(title)s” dicabut.", title=view.title), "success")
    return redirect(url_for("sharing.index"), code=303)


def _dressed(view: Callable[..., Any]) -> Callable[..., Response]:
    """Kept by no browser and no search engine, and its address told to no other site."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return run


@blueprint.get("/bagikan/<token>")
@public
@_dressed
def shown(token: str) -> Any:
    """One view of the calendar. Unknown, revoked and suspended links have one answer; one that expired says so."""
    address = request.remote_addr or ""
    if _tried("shared-view-miss", address) >= MISSES or _tried("shared-view", address) >= READINGS:
        return _over(429)
    with own_transaction():
        view, state = _arrive(token, address)
    if view is None or state not in (LinkState.OPEN, LinkState.EXPIRED):
        return _over(404)
    if state is LinkState.EXPIRED:
        return _over(410, view=view)
    return render_template("calendar/sharing/public.html", view=view, plan=queries.get_public_plan(view))


def _tried(purpose: str, address: str) -> int:
    return rate_limit.seen(purpose, address, per_seconds=SECONDS)


def _arrive(token: str, address: str) -> tuple[SharedView | None, LinkState | None]:
    """What the token leads to. Every try is counted; only what was read is noted, not a mere question (HEAD)."""
    try:
        view = queries.find_view(token)
    except NotFound:
        rate_limit.count("shared-view-miss", address, per_seconds=SECONDS)
        return None, None
    state = queries.state_of(view)
    is_shut = state in (LinkState.REVOKED, LinkState.SUSPENDED)
    rate_limit.count("shared-view-miss" if is_shut else "shared-view", address, per_seconds=SECONDS)
    if state is LinkState.OPEN and request.method != "HEAD":
        services.note_opening(view)
    return view, state


def _over(status: int, *, view: SharedView | None = None) -> Any:
    headers = {"Retry-After": str(SECONDS)} if status == 429 else {}
    where = get_office(view.office_id) if view is not None else None
    page = render_template(
        "calendar/sharing/over.html", status=status, view=view, where=where, seconds=SECONDS
    )
    return page, status, headers
