"""Who may decide a package now, and why others may not."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals.asking import Roster, asked, load_roster
from humasflow.approvals.contents import is_unchanged
from humasflow.approvals.enums import EscalateTo, PackageState, ReminderKind, StepRule, StepScope, Verdict
from humasflow.approvals.models import (
    Decision,
    GuestApprover,
    Package,
    PackageItem,
    PackageSeat,
    PackageStep,
    Reminder,
)
from humasflow.approvals.policy.submitting import who_cannot_see
from humasflow.approvals.seats import choose_seat, fillable, place_of, still_open
from humasflow.approvals.wording import listed, seat_words
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.posts.models import Post, PostVersion
from humasflow.stories.models import StoryVersion

# Reasons that say "it is over", in contrast to "it is not yours to decide".
STALE = frozenset({"decided", "returned", "recalled", "voided", "released", "changed", "step"})


def editors_of(package: Package) -> dict[int, list[str]]:
    """Who last edited what the package holds: user id → "" for the story, else the account's name. Two statements."""
    found: dict[int, list[str]] = {}
    author = db.session.scalar(
        select(StoryVersion.author_id).where(StoryVersion.id == package.story_version_id)
    )
    if author is not None:
        found[author] = [""]
    for user_id, account in db.session.execute(
        select(PostVersion.author_id, ChannelAccount.name)
        .join(PackageItem, PackageItem.post_version_id == PostVersion.id)
        .join(Post, PostVersion.post_id == Post.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .where(PackageItem.package_id == package.id, PostVersion.author_id.is_not(None))
        .order_by(Post.id)
    ):
        found.setdefault(user_id or 0, []).append(account)
    return found


def roster_of(package: Package, office: Unit) -> Roster:
    """Who may approve in the office today, with the groups that the package names."""
    return load_roster(office, group_ids=(s.group_id for s in package.seats))


def barred_from(package: Package, office: Unit, roster: Roster) -> frozenset[int]:
    """Who may not decide the package: submitter, last editors, and who filled a seat of it already, also through a link
    (nobody of these when the office turned four eyes off); and who may not even read a confidential story.
    """
    blind = who_cannot_see(package.story, roster)
    if not office.four_eyes:
        return blind
    decided = {d.approver_id for d in package.decisions if d.approver_id is not None}
    return frozenset({package.submitted_by, *editors_of(package), *decided}) | behind_guests(package) | blind


def behind_guests(package: Package) -> frozenset[int]:
    """The accounts of guests who decided on the package: the same address is the same person. At most one statement."""
    guests = [d.guest_id for d in package.decisions if d.guest_id is not None]
    if not guests:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(User.id)
            .join(GuestApprover, GuestApprover.email == User.email)
            .where(GuestApprover.id.in_(guests))
        )
    )


def is_widened(package: Package) -> bool:
    """Whether the current step waited so long that the office's own approvers may decide in place. One statement."""
    found = db.session.scalar(
        select(Reminder.id).where(
            Reminder.package_id == package.id,
            Reminder.position == package.step,
            Reminder.kind == ReminderKind.ESCALATION,
            Reminder.to == EscalateTo.OFFICE,
        )
    )
    return found is not None


def current_step(package: Package) -> PackageStep | None:
    """The step that waits; None when nothing does."""
    if package.state is not PackageState.PENDING:
        return None
    return next((s for s in package.steps if s.position == package.step), None)


def open_seats(package: Package) -> list[PackageSeat]:
    """The seats of the current step whose agreement would still count."""
    step = current_step(package)
    if step is None:
        return []
    seats = [s for s in package.seats if s.position == step.position]
    filled = [(d.askee, d.seat) for d in package.decisions if d.position == step.position]
    wanted = {place_of(s) for s in still_open(seats, filled, step.rule)}
    return [s for s in seats if place_of(s) in wanted]


def people_asked(
    package: Package, office: Unit, roster: Roster, *, but_for: int | None = None
) -> list[tuple[PackageSeat, tuple[int, ...]]]:
    """The open seats, each with the people it asks today. ``but_for`` is not barred, so that the reasons can say more
    than "you are not asked".
    """
    barred = barred_from(package, office, roster) - {but_for}
    widened = is_widened(package)
    section_id = package.story.section_id
    return [
        (seat, asked(seat, section_id, roster, barred=barred, widened=widened))
        for seat in open_seats(package)
    ]


def asked_now(package: Package, office: Unit) -> Sequence[int]:
    """The people whom the current step asks today, four eyes considered, in the order of their names."""
    roster = roster_of(package, office)
    wanted = {i for _seat, ids in people_asked(package, office, roster) for i in ids}
    return tuple(dict.fromkeys(a.user_id for a in roster.approvers if a.user_id in wanted))


def my_seat(user_id: int, package: Package, office: Unit, roster: Roster) -> PackageSeat | None:
    """The seat that this person's agreement fills; None when they are not asked (four eyes aside)."""
    seats = people_asked(package, office, roster, but_for=user_id)
    people = {place_of(seat): ids for seat, ids in seats}
    step = current_step(package)
    one_each = office.four_eyes and step is not None and step.rule is StepRule.ALL
    chosen = choose_seat(
        [seat for seat, _ids in seats], user_id, lambda s: people[place_of(s)], one_each=one_each
    )
    return next(
        (seat for seat, _ids in seats if chosen is not None and place_of(seat) == place_of(chosen)), None
    )


def can_decide(actor: Principal, package: Package) -> bool:
    """Whether the buttons are offered."""
    return not reasons_not_to_decide(actor, package)


def reasons_not_to_decide(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot decide on the package now; empty when they can. Every way to decide asks here."""
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if not is_unchanged(package):
        return [changed()]
    office = get_office(package.office_id)
    roster = roster_of(package, office)
    reasons = _four_eyes(actor, package) if office.four_eyes else []
    blind = actor.id in who_cannot_see(package.story, roster)
    if blind or my_seat(actor.id, package, office, roster) is None:
        reasons.append(_not_asked(package, office, roster))
    return reasons


def changed() -> Reason:
    """What was read is not what stands there."""
    return Reason(
        "changed",
        _("Isi sudah berubah sejak diajukan, jadi paket ini tidak dapat diputuskan. Muat ulang halaman."),
    )


def reason_closed(package: Package) -> Reason | None:
    """Who decided what, when nothing waits any more."""
    if package.state is PackageState.PENDING:
        return None
    if package.state is PackageState.RECALLED:
        return Reason("recalled", _("Paket ini sudah ditarik kembali oleh redaktur."))
    if package.state is PackageState.VOIDED:
        return Reason("voided", _("Paket ini gugur karena isinya berubah sesudah diajukan."))
    if package.state is PackageState.RELEASED:
        return Reason(
            "released",
            _(
                "Paket ini diterbitkan karena mendesak, sebelum ada keputusan. Yang tersisa: disahkan atau ditolak "
                "sesudahnya."
            ),
        )
    last = package.decisions[-1] if package.decisions else None
    if last is None:
        if package.steps:
            return Reason(
                "decided", _("Paket ini diterbitkan karena mendesak dan sudah disahkan sesudahnya.")
            )
        return Reason("decided", _("Paket ini disetujui tanpa langkah persetujuan, sesuai alur kantor."))
    facts = {
        "who": last.decided_as,
        "when": show_instant(last.decided_at, get_office(package.office_id).zone_name),
    }
    if last.verdict is Verdict.RETURN:
        return Reason("returned", _("Paket ini sudah dikembalikan oleh %(who)s pada %(when)s.", **facts))
    return Reason("decided", _("Paket ini sudah disetujui oleh %(who)s pada %(when)s.", **facts))


def _four_eyes(actor: Principal, package: Package) -> list[Reason]:
    reasons: list[Reason] = []
    if package.submitted_by == actor.id:
        reasons.append(
            Reason("submitter", _("Anda yang mengajukan paket ini; keputusan diambil oleh orang lain."))
        )
    edited = editors_of(package).get(actor.id, [])
    if "" in edited:
        reasons.append(
            Reason(
                "editor", _("Anda yang terakhir menyunting naskah ini; keputusan diambil oleh orang lain.")
            )
        )
    accounts_edited = ", ".join(name for name in edited if name)
    if accounts_edited:
        reasons.append(
            Reason(
                "post_editor",
                _(
                    "Anda yang terakhir menyunting publikasi %(accounts)s; keputusan diambil oleh orang lain.",
                    accounts=accounts_edited,
                ),
            )
        )
    if actor.id in behind_guests(package):
        reasons.append(
            Reason(
                "as_guest", _("Anda sudah memutuskan paket ini lewat tautan; sisanya diputuskan orang lain.")
            )
        )
    earlier = next((d for d in package.decisions if d.approver_id == actor.id), None)
    if earlier is not None and earlier.position == package.step:
        reasons.append(
            Reason(
                "same_step", _("Anda sudah menyetujui. Langkah ini masih menunggu persetujuan orang lain.")
            )
        )
    elif earlier is not None:
        reasons.append(
            Reason(
                "earlier_step",
                _(
                    "Anda sudah memutuskan langkah %(n)s paket ini; langkah berikutnya diputuskan orang lain.",
                    n=earlier.position,
                ),
            )
        )
    return reasons


def _not_asked(package: Package, office: Unit, roster: Roster) -> Reason:
    step = current_step(package)
    label = step.label if step else ""
    seats = people_asked(package, office, roster)
    guests = [s.label for s, _ids in seats if s.scope is StepScope.GUEST]
    if step is not None and step.rule is StepRule.ALL and len(seats) > 1:
        return _several_asked(label, seats, one_each=office.four_eyes)
    wanted = {i for _seat, ids in seats for i in ids}
    people = tuple(dict.fromkeys(a.user_id for a in roster.approvers if a.user_id in wanted))
    names = ", ".join(
        [*names_in_order(people), *(_("%(name)s (tamu, lewat tautan)", name=n) for n in guests)]
    )
    if names:
        return Reason(
            "not_asked", _("Langkah ini (%(step)s) menunggu keputusan %(names)s.", step=label, names=names)
        )
    return _nobody(label)


def _several_asked(
    label: str, seats: Sequence[tuple[PackageSeat, tuple[int, ...]]], *, one_each: bool
) -> Reason:
    names = accounts.names_of(i for _seat, ids in seats for i in ids)
    told = "; ".join(
        seat_words(seat)
        if seat.scope is StepScope.GUEST
        else f"{seat_words(seat)}: "
        f"{listed([names[i] for i in ids if i in names], _('atau')) or _('belum ada orangnya')}"
        for seat, ids in seats
    )
    seats = [(s, ids) for s, ids in seats if s.scope is not StepScope.GUEST]  # a guest is always there
    short = one_each and fillable({place_of(s): ids for s, ids in seats}) < len(seats)
    if (seats and not any(ids for _seat, ids in seats)) or short:
        return Reason(
            "nobody",
            _(
                "Langkah ini (%(step)s) menunggu beberapa pihak dan belum cukup orangnya hari ini: %(told)s. Mintalah "
                "admin kantor memberi peran Penyetuju atau menunjuk Plh.",
                step=label, told=told,
            ),
        )  # fmt: skip
    return Reason(
        "not_asked", _("Langkah ini (%(step)s) menunggu bersama-sama %(told)s.", step=label, told=told)
    )


def _nobody(label: str) -> Reason:
    return Reason(
        "nobody",
        _(
            "Langkah ini (%(step)s) belum punya penyetuju yang dapat memutuskan hari ini. Mintalah admin kantor "
            "memberi peran Penyetuju atau menunjuk Plh.",
            step=label,
        ),
    )


def names_in_order(user_ids: Sequence[int]) -> list[str]:
    """Names for people, in the given order."""
    names: Mapping[int, str] = accounts.names_of(user_ids)
    return [names[i] for i in user_ids if i in names]


def reasons_not_to_recall(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot take the package back now."""
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if package.submitted_by != actor.id and not actor.can(Permission.STORY_WRITE, package.office_id):
        return [Reason("permission", _("Paket ditarik kembali oleh pengajunya atau oleh redaktur lain."))]
    return []


def decisions_on(package: Package, position: int) -> list[Decision]:
    """The decisions on a step, in the order in which they were taken."""
    return [d for d in package.decisions if d.position == position]
