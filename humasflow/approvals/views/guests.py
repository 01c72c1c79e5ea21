"""What somebody without an account sees: the link, the code, the package, and what became of it.

A GET changes nothing and sends nothing, whoever follows it: mail programs and gateways open every link. After the first
button the address carries no token any more. The forms have a token of their own because there is no session here.
"""

from typing import Any

from flask import make_response, redirect, request, send_file, url_for
from flask_babel import gettext as _

from humasflow.approvals import policy, queries
from humasflow.approvals.contents import content_of
from humasflow.approvals.enums import LinkState
from humasflow.approvals.models import GuestLink, GuestVisit
from humasflow.approvals.presenting import read_package
from humasflow.approvals.services.deciding import REASON_LENGTH
from humasflow.approvals.services.guests import (
    WrongCode,
    approve_as_guest,
    begin_visit,
    end_visit,
    identify,
    send_back_as_guest,
    send_code_again,
)
from humasflow.approvals.services.guests.deciding import asked_of_guest, unanswered_by_guest
from humasflow.approvals.services.guests.visits import seconds_to_wait
from humasflow.approvals.views import guest_browser as browser
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.csrf import csrf
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.guards import public
from humasflow.media.enums import AssetKind
from humasflow.media.services import storage
from humasflow.orgs.queries import get_office
from humasflow.stories.visibility import is_closed


@blueprint.get("/tamu/<token>")
@public
@browser.guest_page
def guest_link(token: str) -> Any:
    """Who is asked, for what, and the button that sends a code."""
    link = _link(token)
    if _is_over(link):
        return _over(link)
    office = get_office(link.office_id)
    secret = is_closed(link.package.story)
    return browser.page("approvals/guest/link.html", link=link, where=office, secret=secret, token=token)


@csrf.exempt
@blueprint.post("/tamu/<token>")
@public
@browser.guest_page
def guest_send_code(token: str) -> Any:
    """A person pressed the button: the code goes to the guest's own address, never to this browser."""
    browser.check_form()
    link = _link(token)
    if _is_over(link):
        return _over(link)
    unit_of_work.keep()
    browser.count_press(link.id)
    with db.session.begin_nested():  # the presses stay counted, whatever becomes of the rest
        opened = begin_visit(link)
    return browser.remember(make_response(redirect(url_for("approvals.guest_code"), code=303)), opened.token)


@blueprint.get("/tamu/kode")
@public
@browser.guest_page
def guest_code() -> Any:
    """Where the code is typed."""
    visit = browser.current_visit()
    if visit is None:
        return _start_again()
    if visit.identified_at is not None:
        return redirect(url_for("approvals.guest_read"), code=303)
    return _code_page(visit)


@csrf.exempt
@blueprint.post("/tamu/kode")
@public
@browser.guest_page
def guest_identify() -> Any:
    """The code, judged. A wrong one counts although the answer is an error."""
    visit = _pressed(identified=False)
    if _is_over(visit.link):
        return _over(visit.link)
    try:
        opened = identify(visit, request.form.get("kode", "")[:40])
    except WrongCode as wrong:
        return _code_page(visit, problem=wrong.message), 422
    return browser.remember(make_response(redirect(url_for("approvals.guest_read"), code=303)), opened.token)


@csrf.exempt
@blueprint.post("/tamu/kode/lagi")
@public
@browser.guest_page
def guest_resend() -> Any:
    """Another code."""
    visit = _pressed(identified=False)
    if _is_over(visit.link):
        return _over(visit.link)
    try:
        with db.session.begin_nested():
            send_code_again(visit)
    except UserError as error:
        if error.status not in (409, 429):
            raise
        return _code_page(visit, problem=error.message), error.status
    return redirect(url_for("approvals.guest_code"), code=303)


@blueprint.get("/tamu/baca")
@public
@browser.guest_page
def guest_read() -> Any:
    """Exactly what was submitted, with the two buttons; or what became of it."""
    visit = browser.current_visit()
    if visit is None:
        return _start_again()
    if visit.identified_at is None:
        return redirect(url_for("approvals.guest_code"), code=303)
    return _reading(visit)


@csrf.exempt
@blueprint.post("/tamu/setujui")
@public
@browser.guest_page
def guest_approve() -> Any:
    """Agree to what the page showed."""
    visit = _pressed(identified=True)
    confirmed = request.form.getlist("item", type=row_number)
    try:
        with db.session.begin_nested():
            approve_as_guest(visit, digest=_digest(), step=_step(), confirmed=confirmed)
    except (Conflict, Refused) as error:
        return _refused(visit, error)
    return redirect(url_for("approvals.guest_read"), code=303)


@csrf.exempt
@blueprint.post("/tamu/kembalikan")
@public
@browser.guest_page
def guest_send_back() -> Any:
    """Send back; what was typed is never lost."""
    visit = _pressed(identified=True)
    reason = request.form.get("alasan", "").replace("\x00", "")
    try:
        with db.session.begin_nested():
            send_back_as_guest(visit, digest=_digest(), step=_step(), reason=reason)
    except UserError as error:
        if error.status not in (409, 422):
            raise
        return _refused(visit, error, reason=reason)
    return redirect(url_for("approvals.guest_read"), code=303)


@csrf.exempt
@blueprint.post("/tamu/keluar")
@public
@browser.guest_page
def guest_leave() -> Any:
    """Forget this browser."""
    browser.check_form()
    visit = browser.current_visit()
    if visit is not None:
        end_visit(visit)
    return browser.forget(make_response(redirect(url_for("approvals.guest_code"), code=303)))


@blueprint.get("/tamu/gambar/<int:asset_id>/<any(thumb, medium, original):size>")
@public
@browser.guest_page
def guest_picture(asset_id: int, size: str) -> Any:
    """A picture of the package, for who identified themselves; no other."""
    visit = browser.current_visit()
    if visit is None or visit.identified_at is None:
        raise NotFound
    content = content_of(visit.link.package)
    shown = [p.asset for p in content.story_version.pictures]
    shown += [p.asset for i in content.items for p in i.version.pictures]
    asset = next((a for a in shown if a.id == asset_id), None)
    if asset is None or (asset.kind is not AssetKind.IMAGE and size == "original"):
        raise NotFound
    path = storage().path(getattr(asset, f"{size}_key") or "")
    if not path.is_file():
        raise NotFound
    return send_file(path, download_name=f"foto-{asset_id}-{size}{path.suffix}", conditional=False)


def _link(token: str) -> GuestLink:
    """The link, unless there is nothing to be done with it. Raises LinkUnknown, TooMany."""
    browser.check_misses()
    link = queries.find_link(token) if len(token) <= 100 else None
    if link is None:
        browser.count_miss()
        raise browser.LinkUnknown
    used = link.state is LinkState.USED
    if not used and not policy.is_open(link):
        raise browser.LinkUnknown
    return link


def _pressed(*, identified: bool) -> GuestVisit:
    """The visit behind a button, once for all that every button checks. What is counted is kept."""
    browser.check_form()
    visit = browser.current_visit()
    if visit is None or (visit.identified_at is not None) != identified:
        error = UserError(
            _(
                "Waktu membaca sudah habis atau Anda sudah keluar. Buka lagi tautan dari surel Anda dan minta kode "
                "baru."
            )
        )
        error.status = 403
        raise error
    unit_of_work.keep()
    browser.count_press(visit.link_id)
    return visit


def _digest() -> str:
    return request.form.get("digest", "")[:64]


def _step() -> int | None:
    return request.form.get("step", type=row_number)


def _start_again() -> tuple[str, int]:
    return browser.page("approvals/guest/ended.html"), 200


def _is_over(link: GuestLink) -> bool:
    """Nothing is left to decide: no code is sent for it, and nothing opened."""
    return link.state is LinkState.USED or policy.reason_closed(link.package) is not None


def _over(link: GuestLink) -> str:
    """What was decided, or why nothing is to be decided any more. No title: nobody has said who they are yet."""
    reason = policy.reason_closed(link.package)
    return browser.page(
        "approvals/guest/over.html", link=link, where=get_office(link.office_id), reason=reason, title=""
    )


def _code_page(visit: GuestVisit, *, problem: str = "") -> str:
    return browser.page(
        "approvals/guest/code.html", link=visit.link, where=get_office(visit.link.office_id), problem=problem,
        wait=seconds_to_wait(visit.link),
    )  # fmt: skip


def _refused(visit: GuestVisit, error: UserError, *, reason: str = "") -> tuple[str, int]:
    fresh = browser.current_visit() or visit
    return _reading(fresh, problem=error.message, typed=reason), error.status


def _reading(visit: GuestVisit, *, problem: str = "", typed: str = "") -> str:
    link, office = visit.link, get_office(visit.link.office_id)
    if link.state is LinkState.USED:
        title = link.package.story.title
        return browser.page(
            "approvals/guest/over.html", link=link, where=office, title=title, leave=True, typed=typed,
            reason=policy.reason_closed(link.package),
        )  # fmt: skip
    reasons = policy.reasons_guest_cannot_decide(link, office)
    reading = read_package(link.package, None)
    guidance = reading.content.guidance_for()
    asked = asked_of_guest(guidance)
    blocked = unanswered_by_guest(guidance, {i.item.id for i in asked})
    return browser.with_own_pictures(
        browser.page(
            "approvals/guest/read.html", visit=visit, link=link, package=link.package, where=office, reading=reading,
            reasons=reasons, guidance=guidance, asked=asked, blocked=blocked, problem=problem, typed=typed,
            most=REASON_LENGTH,
        )
    )  # fmt: skip
