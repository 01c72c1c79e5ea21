"""The page of one's subscriptions, and the file that calendar programs read."""

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.calendar.feeds import queries, services
from humasflow.calendar.feeds.forms import FeedForm
from humasflow.calendar.feeds.writing import Edition, compose, name_of
from humasflow.calendar.models import CalendarFeed
from humasflow.channels.queries import list_accounts
from humasflow.core import clock, rate_limit
from humasflow.core.errors import NotFound, TooMany, UserError
from humasflow.core.guards import public, requires
from humasflow.core.permissions import Permission
from humasflow.core.unit_of_work import own_transaction
from humasflow.orgs.queries import get_office

blueprint = Blueprint("feeds", __name__)

MISSES, MISS_SECONDS = 30, 900  # unknown addresses from one place
READS, READ_SECONDS = 60, 600  # of one feed; a program asks a few times a day
TYPE = "text/calendar; charset=utf-8"


@blueprint.route("/kalender/langganan", methods=["GET", "POST"])
@requires(Permission.CALENDAR_READ)
def subscriptions() -> Any:
    """One's subscriptions with their addresses, and a form to add one."""
    office = acting_office(current_user)
    form = FeedForm()
    form.offer(list_accounts(office.id))
    problem = ""
    if form.validate_on_submit():
        kind, account_id = form.chosen()
        try:
            services.create_feed(office.id, actor=current_user, kind=kind, account_id=account_id)
        except UserError as error:
            if error.status != 422:
                raise
            problem = error.message
        else:
            flash(_("Langganan dibuat. Salin alamatnya ke aplikasi kalender."), "success")
            return redirect(url_for("feeds.subscriptions"), code=303)
    shown = [_shown(feed) for feed in queries.list_feeds(current_user.id, office.id)]
    page = render_template(
        "calendar/feeds/subscriptions.html", form=form, feeds=shown, where=office, problem=problem
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/kalender/langganan/<int:feed_id>/ganti")
@requires(Permission.CALENDAR_READ)
def rotate(feed_id: int) -> Any:
    """Another address; the one before is good no longer."""
    services.rotate_feed(queries.get_feed(current_user.id, feed_id), actor=current_user)
    flash(
        _("Alamat diganti. Yang lama tidak dapat dibuka lagi; pasang yang baru di aplikasi kalender."),
        "success",
    )
    return redirect(url_for("feeds.subscriptions", _anchor=f"langganan-{feed_id}"), code=303)


@blueprint.post("/kalender/langganan/<int:feed_id>/cabut")
@requires(Permission.CALENDAR_READ)
def revoke(feed_id: int) -> Any:
    """The address is good no longer."""
    services.revoke_feed(queries.get_feed(current_user.id, feed_id), actor=current_user)
    flash(_("Langganan dicabut. Alamatnya tidak dapat dibuka lagi."), "success")
    return redirect(url_for("feeds.subscriptions"), code=303)


def _shown(feed: CalendarFeed) -> dict[str, Any]:
    secret = services.secret_of(feed)
    url = _address(secret) if secret else ""
    open_as = f"webcal://{url.partition('://')[2]}" if url else ""
    return {
        "feed": feed,
        "name": name_of(feed, get_office(feed.office_id)),
        "url": url,
        "webcal": open_as,
        "google": f"https://calendar.google.com/calendar/r?cid={quote(open_as, safe='')}" if url else "",
    }


def _address(secret: str) -> str:
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/") or request.host_url.rstrip("/")
    path = url_for("feeds.file", token=secret)
    if urlsplit(path).netloc:
        path = urlsplit(path).path
    return f"{base}{path}"


@blueprint.get("/kalender/ics/<token>.ics")
@public
def file(token: str) -> Any:
    """The file itself, for whoever has the address. Unknown, revoked and disowned addresses have one answer.

    Reading writes only when there is something new to remember: what is told otherwise than before, and once an hour
    the time of the reading.
    """
    where = request.remote_addr or ""
    try:
        feed, owner = queries.find_feed(token)
    except NotFound:
        # Only who misses is slowed: a whole office stands behind one address, and good programs among them.
        if rate_limit.seen("feed-miss", where, per_seconds=MISS_SECONDS) >= MISSES:
            raise _too_many(MISS_SECONDS) from None
        with own_transaction():
            rate_limit.count("feed-miss", where, per_seconds=MISS_SECONDS)
        raise
    if _readings().count(feed.token_hash) > READS:
        raise _too_many(READ_SECONDS)
    office = get_office(feed.office_id)
    languages = current_app.config["LANGUAGES"]
    with force_locale(owner.user.locale if owner.user.locale in languages else languages[0]):
        edition = compose(feed, office)
        if edition.has_news or services.is_reading_due(feed):
            with own_transaction():
                feed, owner = queries.find_feed(token)
                edition = services.publish(feed, get_office(feed.office_id))
                return _answer(edition)
        return _answer(edition)


def _answer(edition: Edition) -> Response:
    response = Response(content_type=TYPE)
    response.headers["Content-Disposition"] = 'inline; filename="humasflow.ics"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(edition.etag)
    if request.if_none_match.contains_weak(edition.etag):
        response.status_code = 304
        return response
    response.set_data(edition.write())
    return response


class _Readings:
    """How often each feed was asked for lately, in this process's memory: counting must not cost a write.

    With several processes a program gets as many times the limit, which still ends a loop.
    """

    def __init__(self) -> None:
        self._since, self._counts = clock.now(), Counter[str]()

    def count(self, feed: str) -> int:
        """Count one more reading and return the number within the present window."""
        if clock.now() - self._since >= timedelta(seconds=READ_SECONDS):
            self._since, self._counts = clock.now(), Counter()
        self._counts[feed] += 1
        return self._counts[feed]


def _readings() -> _Readings:
    found: _Readings = current_app.extensions.setdefault("calendar_feed_readings", _Readings())
    return found


def _too_many(seconds: int) -> TooMany:
    return TooMany(_("Terlalu sering dibaca. Coba lagi beberapa menit lagi."), retry_after=seconds)
