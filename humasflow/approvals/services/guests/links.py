"""Links: made, made anew, revoked. The token is known to the mail, to the editor's page once, and to nobody after."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app, has_request_context, request
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal, require_here
from humasflow.approvals import policy, queries
from humasflow.approvals.enums import LinkState, StepScope
from humasflow.approvals.events import GuestAsked
from humasflow.approvals.models import GuestApprover, GuestLink, GuestVisit, Package, PackageSeat
from humasflow.approvals.services.locking import lock_link, lock_package
from humasflow.approvals.services.recording import record
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.core.secrets import hash_token, new_token
from humasflow.orgs.queries import get_office
from humasflow.stories.visibility import is_closed


@dataclass(frozen=True)
class MadeLink:
    """A link and, this once, its address."""

    link: GuestLink
    url: str = field(repr=False)


def url_of(token: str) -> str:
    """The whole address, as it stands in a mail. A worker without a request knows only the public address."""
    path = str(current_app.url_map.bind("localhost").build("approvals.guest_link", {"token": token}))
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    if not base and has_request_context():
        base = request.host_url.rstrip("/")
    return f"{base}{path}"


def ask_guest(
    package: Package,
    guest: GuestApprover,
    *,
    actor: Principal,
    askee: int | None = None,
    seat: int | None = None,
) -> MadeLink:
    """Let a guest answer in a seat of the present step, through a link. An earlier link of theirs for it is revoked.

    Without a seat: their own, else the only one that is open. Whoever else is asked there still may decide; the first
    one counts. Raises NotAllowed, Refused with every reason, UserError. Emits GuestAsked. Flushes.
    """
    require_here(actor, package.office_id)
    package = lock_package(package)
    reasons = policy.reasons_not_to_use_links(actor, package)
    if reasons and reasons[0].code == "permission":
        raise NotAllowed(reasons[0].message)
    if reasons:
        raise Refused(reasons)
    if guest.office_id != package.office_id or not guest.is_active:
        raise UserError(_("Pilih penyetuju tamu yang masih dipakai kantor ini."))
    against = policy.reasons_against_guest(guest, package, get_office(package.office_id))
    if against:
        raise Refused(against)
    place = _seat_for(package, guest, askee, seat)
    return _make(package, guest, place, actor=actor)


def ask_guests_of_step(package: Package, *, again: bool = False) -> list[MadeLink]:
    """Make the links that the present step of the chain asks for, unless the story is confidential: who may know of it
    is for an editor to say, on the package's page. ``again``: as a reminder, which leaves alone who is reading at this
    moment. The caller holds the package. Emits GuestAsked.
    """
    if is_closed(package.story):
        return []
    _lock_open([package.id])
    made = []
    for seat in policy.open_seats(package):
        guest = db.session.get(GuestApprover, seat.guest_id) if seat.scope is StepScope.GUEST else None
        if guest is None or not guest.is_active or (again and _is_reading(guest, package)):
            continue  # the package's page says that nobody is there
        if not policy.reasons_against_guest(guest, package, get_office(package.office_id)):
            made.append(_make(package, guest, seat, actor=None))
    return made


def _is_reading(guest: GuestApprover, package: Package) -> bool:
    visits = select(GuestVisit.id).join(GuestLink, GuestVisit.link_id == GuestLink.id).where(
        GuestLink.package_id == package.id, GuestLink.guest_id == guest.id, GuestLink.state == LinkState.OPEN,
        GuestVisit.identified_at.is_not(None), GuestVisit.ended_at.is_(None), GuestVisit.expires_at > clock.now(),
    )  # fmt: skip
    return bool(db.session.scalar(select(visits.exists())))


def revoke_link(link: GuestLink, *, actor: Principal) -> None:
    """The link is good no longer, nor a visit that it opened. Needs ``story:write`` or ``office:manage``."""
    require_here(actor, link.office_id)
    if not any(actor.can(p, link.office_id) for p in (Permission.STORY_WRITE, Permission.OFFICE_MANAGE)):
        raise NotAllowed(_("Tautan dicabut oleh redaktur atau admin kantor."))
    lock_package(link.package)
    lock_link(link)
    if link.state is LinkState.OPEN:
        _revoke(link)
        record(
            AuditAction.GUEST_LINK_REVOKED,
            link.package,
            actor=actor,
            label=link.guest.name,
            position=link.position,
        )


def hold_links_of(guest: GuestApprover) -> list[GuestLink]:
    """Every link of a guest that is still good, with its story and package, locked before anything is written: the
    record, and the guest's own row, are held from the first write to the end.
    """
    packages = db.session.scalars(
        select(Package)
        .where(
            Package.id.in_(
                select(GuestLink.package_id).where(
                    GuestLink.guest_id == guest.id, GuestLink.state == LinkState.OPEN
                )
            )
        )
        .order_by(Package.story_id, Package.id)
    ).all()
    for package in packages:
        lock_package(package)
    return [link for link in _lock_open([p.id for p in packages]) if link.guest_id == guest.id]


def _lock_open(package_ids: Collection[int]) -> Sequence[GuestLink]:
    """The links of these packages that are still good, in one order. Who identifies themselves holds their link while
    they wait for the record, so that whoever writes to several holds all of them before the record.
    """
    return db.session.scalars(
        select(GuestLink)
        .where(GuestLink.package_id.in_(package_ids), GuestLink.state == LinkState.OPEN)
        .order_by(GuestLink.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _seat_for(package: Package, guest: GuestApprover, askee: int | None, seat: int | None) -> PackageSeat:
    seats = policy.open_seats(package)
    if askee is not None:
        seats = [s for s in seats if s.askee == askee and s.seat == (seat or 1)]
    own = [s for s in seats if s.guest_id == guest.id]
    free = own or [s for s in seats if s.guest_id is None]
    if not free:
        raise UserError(_("Bagian ini sudah diputuskan, atau meminta tamu lain. Muat ulang halaman."))
    if len(free) > 1:
        raise UserError(_("Pilih bagian mana yang diputuskan tamu ini."))
    return free[0]


def _make(package: Package, guest: GuestApprover, seat: PackageSeat, *, actor: Principal | None) -> MadeLink:
    now = clock.now()
    for earlier in db.session.scalars(
        select(GuestLink).where(
            GuestLink.package_id == package.id, GuestLink.position == seat.position, GuestLink.askee == seat.askee,
            GuestLink.seat == seat.seat, GuestLink.guest_id == guest.id, GuestLink.state == LinkState.OPEN,
        )
    ).all():  # fmt: skip
        _revoke(earlier)
    token = new_token()
    link = GuestLink(
        office_id=package.office_id, package_id=package.id, position=seat.position, askee=seat.askee, seat=seat.seat,
        guest_id=guest.id, token_hash=hash_token(token), state=LinkState.OPEN, created_by=actor.id if actor else None,
        created_at=now, expires_at=now + timedelta(hours=queries.link_hours(package.office_id)), codes=0, attempts=0,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    record(
        AuditAction.GUEST_ASKED,
        package,
        actor=actor,
        label=guest.capacity,
        position=seat.position,
        link=link.id,
    )
    made = MadeLink(link, url_of(token))
    emit(GuestAsked(link.id, made.url))
    return made


def _revoke(link: GuestLink) -> None:
    now = clock.now()
    link.state, link.closed_at = LinkState.REVOKED, now
    for visit in db.session.scalars(
        select(GuestVisit).where(GuestVisit.link_id == link.id, GuestVisit.ended_at.is_(None))
    ):
        visit.ended_at = now
    db.session.flush()
