"""When a guest may be asked and may decide; if not, why."""

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals.contents import is_unchanged
from humasflow.approvals.enums import LinkState, StepScope
from humasflow.approvals.models import GuestApprover, GuestLink, Package, PackageSeat
from humasflow.approvals.policy.deciding import changed, current_step, editors_of, open_seats, reason_closed
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.stories.visibility import is_closed


def reasons_not_to_use_links(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot make a link for a package now."""
    if not actor.can(Permission.STORY_WRITE, package.office_id):
        return [Reason("permission", _("Tautan untuk penyetuju tamu dibuat oleh redaktur."))]
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if not is_unchanged(package):
        return [changed()]
    return []


def waits_for_a_hand(package: Package) -> bool:
    """Whether the step asks a guest who has no link until an editor makes one: the story is confidential."""
    wanted = {s.guest_id for s in open_seats(package) if s.scope is StepScope.GUEST}
    if not wanted or not is_closed(package.story):
        return False
    good = select(GuestLink.guest_id).where(
        GuestLink.package_id == package.id, GuestLink.position == package.step,
        GuestLink.state == LinkState.OPEN, GuestLink.expires_at > clock.now(),
    )  # fmt: skip
    return bool(wanted - set(db.session.scalars(good)))


def is_open(link: GuestLink) -> bool:
    """Whether the link is good by itself: not used, not revoked, in time, and its guest still asked by the office."""
    return link.state is LinkState.OPEN and link.expires_at > clock.now() and link.guest.is_active


def seat_of(link: GuestLink) -> PackageSeat | None:
    """The seat that the link fills, while its agreement would still count."""
    place = (link.position, link.askee, link.seat)
    return next((s for s in open_seats(link.package) if (s.position, s.askee, s.seat) == place), None)


def reasons_against_guest(guest: GuestApprover, package: Package, office: Unit) -> list[Reason]:
    """Four eyes for somebody without an account: the same address is the same person."""
    if not office.four_eyes:
        return []
    if any(d.guest_id == guest.id for d in package.decisions):
        return [
            Reason(
                "guest_decided", _("%(name)s sudah memutuskan bagian lain dari paket ini.", name=guest.name)
            )
        ]
    own = db.session.scalar(select(User.id).where(User.email == guest.email))
    if own is None:
        return []
    if own == package.submitted_by:
        message = _("%(name)s yang mengajukan paket ini; keputusan diambil oleh orang lain.", name=guest.name)
        return [Reason("guest_submitter", message)]
    if own in editors_of(package):
        message = _(
            "%(name)s yang terakhir menyunting isinya; keputusan diambil oleh orang lain.", name=guest.name
        )
        return [Reason("guest_editor", message)]
    if any(d.approver_id == own for d in package.decisions):
        message = _("%(name)s sudah memutuskan bagian lain dari paket ini.", name=guest.name)
        return [Reason("guest_decided", message)]
    return []


def reasons_guest_cannot_decide(link: GuestLink, office: Unit) -> list[Reason]:
    """Why nothing can be decided through this link now."""
    package = link.package
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if not is_unchanged(package):
        return [changed()]
    if not is_open(link):
        return [Reason("link", _("Tautan ini tidak berlaku lagi. Mintalah yang baru kepada humas kantor."))]
    if seat_of(link) is None:
        step = current_step(package)
        return [
            Reason(
                "seat_taken",
                _(
                    "Bagian Anda sudah diputuskan orang lain, jadi tidak ada yang perlu Anda kerjakan. Langkah "
                    "sekarang: %(step)s.",
                    step=step.label if step else "",
                ),
            )
        ]  # fmt: skip
    return reasons_against_guest(link.guest, package, office)
