"""Guests of an office, their links and their visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.approvals.enums import LinkState, StepScope
from humasflow.approvals.models import (
    ApprovalSettings,
    Decision,
    GuestApprover,
    GuestLink,
    GuestVisit,
    Package,
    PackageSeat,
)
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.secrets import hash_token

LINK_HOURS = 72


def list_guests(office_id: int, *, with_inactive: bool = False) -> Sequence[GuestApprover]:
    """An office's guests by name. One statement."""
    wanted = select(GuestApprover).where(GuestApprover.office_id == office_id)
    if not with_inactive:
        wanted = wanted.where(GuestApprover.is_active)
    return db.session.scalars(wanted.order_by(GuestApprover.name, GuestApprover.id)).all()


def get_guest(office_id: int, guest_id: int) -> GuestApprover:
    """A guest of this office. Raises "not found" for another office's."""
    guest = db.session.get(GuestApprover, guest_id)
    if guest is None or guest.office_id != office_id:
        raise NotFound
    return guest


def link_hours(office_id: int) -> int:
    """How many hours an office's links are good for."""
    settings = db.session.get(ApprovalSettings, office_id)
    return settings.guest_link_hours if settings is not None else LINK_HOURS


def guests_asked(package_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of guests whom the present step asks, in the chain or through a link that is good now, by package. Two
    statements.
    """
    found: dict[int, list[str]] = {}
    decided = select(Decision.id).where(
        Decision.package_id == PackageSeat.package_id, Decision.position == PackageSeat.position,
        Decision.askee == PackageSeat.askee, Decision.seat == PackageSeat.seat,
    )  # fmt: skip
    seats = (
        select(PackageSeat.package_id, PackageSeat.label)
        .join(Package, and_(Package.id == PackageSeat.package_id, Package.step == PackageSeat.position))
        .where(Package.id.in_(package_ids), PackageSeat.scope == StepScope.GUEST, ~decided.exists())
    )
    links = (
        select(GuestLink.package_id, GuestApprover.name)
        .join(GuestApprover, GuestLink.guest_id == GuestApprover.id)
        .join(Package, and_(Package.id == GuestLink.package_id, Package.step == GuestLink.position))
        .where(
            Package.id.in_(package_ids), GuestLink.state == LinkState.OPEN, GuestLink.expires_at > clock.now()
        )
    )
    for statement in (seats, links):
        for package_id, name in db.session.execute(statement):
            names = found.setdefault(package_id, [])
            if name not in names:
                names.append(name)
    return found


@dataclass(frozen=True)
class LinkLine:
    """A link as the page of a package lists it."""

    link: GuestLink
    seat: PackageSeat
    is_open: bool

    @property
    def is_over(self) -> bool:
        """Nobody used or revoked it; its time ran out."""
        return self.link.state is LinkState.OPEN and not self.is_open


def list_links(package: Package) -> list[LinkLine]:
    """Every link that was made for a package, newest first. One statement."""
    links = db.session.scalars(
        select(GuestLink)
        .where(GuestLink.package_id == package.id)
        .options(joinedload(GuestLink.guest), joinedload(GuestLink.decision))
        .order_by(GuestLink.id.desc())
    ).all()
    seats = {(s.position, s.askee, s.seat): s for s in package.seats}
    now = clock.now()
    return [
        LinkLine(link, seats[link.position, link.askee, link.seat],
                 link.state is LinkState.OPEN and link.expires_at > now)
        for link in links
    ]  # fmt: skip


def get_link(package: Package, link_id: int) -> GuestLink:
    """A link of this package. Raises "not found" for another's."""
    link = db.session.get(GuestLink, link_id)
    if link is None or link.package_id != package.id:
        raise NotFound
    return link


_WHOLE = (
    joinedload(GuestLink.guest),
    joinedload(GuestLink.decision),
    joinedload(GuestLink.package).options(
        joinedload(Package.story),
        joinedload(Package.submitter),
        selectinload(Package.items),
        selectinload(Package.steps),
        selectinload(Package.seats),
        selectinload(Package.decisions),
    ),
)


def find_link(token: str) -> GuestLink | None:
    """The link with this token, whatever became of it."""
    return db.session.scalar(
        select(GuestLink).where(GuestLink.token_hash == hash_token(token)).options(*_WHOLE)
    )


def find_visit(token: str) -> GuestVisit | None:
    """The visit with this token, while it lasts and its link has not been revoked."""
    return db.session.scalar(
        select(GuestVisit)
        .join(GuestLink, GuestVisit.link_id == GuestLink.id)
        .where(
            GuestVisit.token_hash == hash_token(token), GuestVisit.ended_at.is_(None),
            GuestVisit.expires_at > clock.now(), GuestLink.state != LinkState.REVOKED,
        )
        .options(joinedload(GuestVisit.link).options(*_WHOLE))
    )  # fmt: skip
