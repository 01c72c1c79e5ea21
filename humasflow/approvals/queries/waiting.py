"""What waits for whom, and what was decided lately. Everybody's inbox and the counts beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, CompoundSelect, and_, cast, func, null, select, true, union

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals import policy
from humasflow.approvals.asking import Roster, asked, load_roster
from humasflow.approvals.enums import AgeBand, EscalateTo, PackageState, ReminderKind, Verdict
from humasflow.approvals.models import (
    Decision,
    GuestApprover,
    Package,
    PackageItem,
    PackageOpening,
    PackageSeat,
    PackageStep,
    Reminder,
)
from humasflow.approvals.queries.ageing import Ageing, ageing_of
from humasflow.approvals.queries.guests import guests_asked
from humasflow.approvals.seats import still_open
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import EnumText, db
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.posts.models import Post, PostVersion
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.visibility import visible_to

RECENT = 10


@dataclass(frozen=True)
class WaitingRow:
    """A package that waits, as the inbox shows it. ``waited`` is working time."""

    package_id: int
    story_id: int
    title: str
    version: int
    note: str
    digest: str
    allows_bulk: bool
    submitted_by: int
    submitter: str
    submitted_at: datetime
    step: int
    steps: int
    step_label: str
    step_since: datetime
    deciders: tuple[int, ...]  # whom the step asks today
    channels: tuple[tuple[str, str], ...] = ()  # icon and account name
    planned: datetime | None = None  # the earliest time that one of its posts has
    deciders_names: tuple[str, ...] = ()
    waited: timedelta = timedelta()
    band: AgeBand = AgeBand.FRESH
    reminders: int = 0
    escalated: bool = False

    @property
    def form_value(self) -> str:
        """What a checkbox for several at once carries: the package, its step and the digest of what was shown."""
        return f"{self.package_id}:{self.step}:{self.digest}"


def list_deciders(package: Package) -> Sequence[User]:
    """Who may decide the current step now, four eyes considered, by name. Empty when nothing waits."""
    ids = policy.asked_now(package, get_office(package.office_id))
    if not ids:
        return []
    return db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)).all()


def openings_of(package: Package) -> dict[int, datetime]:
    """When those whom the step that waits asks first saw it, by user id. One statement."""
    rows = db.session.execute(
        select(PackageOpening.user_id, PackageOpening.opened_at).where(
            PackageOpening.package_id == package.id, PackageOpening.position == package.step
        )
    )
    return {row.user_id: row.opened_at for row in rows}


def count_waiting_for(actor: Principal) -> int:
    """How many packages wait for this person in the office they act in. At most six statements (four without groups and
    confidential stories), one when nothing waits in the office.
    """
    return len(_waiting(actor))


def list_waiting_for(actor: Principal) -> list[WaitingRow]:
    """What this person may decide now in the office they act in, longest waiting first. A constant number of
    statements.
    """
    return _with_posts(_aged(actor.office, _waiting(actor)))


def list_pending(actor: Principal) -> list[WaitingRow]:
    """What waits for somebody else in the office the person acts in, longest waiting first, with whom it waits for."""
    if actor.office is None or not actor.can(Permission.STORY_READ):
        return []
    rows = [r for r in _pending(actor.office, actor) if actor.id not in r.deciders]
    return _with_names(_with_posts(_aged(actor.office, rows)))


def list_asked_about(actor: Principal, story_ids: Collection[int]) -> list[WaitingRow]:
    """What waits of these stories, as far as the person may see it, with whom it waits for (themselves included). Not
    told: channels, planned times and age. Eight statements at most, none without stories.
    """
    if not story_ids or actor.office is None:
        return []
    if not (actor.can(Permission.STORY_READ) or actor.can(Permission.STORY_APPROVE)):
        return []
    return _with_names(_pending(actor.office, actor, story_ids))


def _waiting(actor: Principal) -> list[WaitingRow]:
    if actor.office is None or not actor.can(Permission.STORY_APPROVE):
        return []
    return [r for r in _pending(actor.office, actor) if actor.id in r.deciders]


def _pending(office: Unit, reader: Principal, story_ids: Collection[int] | None = None) -> list[WaitingRow]:
    """Every waiting package (of some stories only) that the reader may see, with the people its step asks today. Six
    statements at most, one when nothing waits.
    """
    last = (
        select(func.max(PackageStep.position)).where(PackageStep.package_id == Package.id).correlate(Package)
    )
    found = db.session.execute(
        select(
            Package, Story, StoryVersion.number, StoryVersion.author_id, User.name, PackageStep,
            last.scalar_subquery(),
        )
        .join(Story, Package.story_id == Story.id)
        .join(StoryVersion, Package.story_version_id == StoryVersion.id)
        .join(User, Package.submitted_by == User.id)
        .join(
            PackageStep,
            and_(PackageStep.package_id == Package.id, PackageStep.position == Package.step),
        )
        .where(
            Package.office_id == office.id, Package.state == PackageState.PENDING, visible_to(reader.id),
            true() if story_ids is None else Package.story_id.in_(story_ids),
        )
        .order_by(Package.step_since, Package.id)
    ).all()  # fmt: skip
    if not found:
        return []
    seats = _seats([p.id for p, *_rest in found])
    roster = load_roster(office, group_ids=(s.group_id for every in seats.values() for s in every))
    hands = _hands_on([p.id for p, *_rest in found])
    readers = policy.readers_of([s for _p, s, *_rest in found])
    rows = []
    for package, story, number, author, submitter, step, steps in found:
        known = hands.get(package.id, Hands())
        people = {package.submitted_by, *known.people} | ({author} if author else set())
        barred = frozenset(people) if office.four_eyes else frozenset()
        barred |= policy.blind_to(story, readers, roster)
        rows.append(
            WaitingRow(
                package_id=package.id, story_id=story.id, title=story.title, version=number, note=package.note,
                digest=package.digest, allows_bulk=package.allows_bulk, submitted_by=package.submitted_by,
                submitter=submitter, submitted_at=package.submitted_at, step=package.step, steps=steps or 0,
                step_label=step.label, step_since=package.step_since, escalated=known.escalated,
                reminders=known.reminders,
                deciders=_deciders(step, seats.get(package.id, []), known, story, roster, barred),
            )
        )  # fmt: skip
    return rows


def _deciders(
    step: PackageStep,
    seats: list[PackageSeat],
    known: "Hands",
    story: Story,
    roster: Roster,
    barred: frozenset[int],
) -> tuple[int, ...]:
    filled = [(askee, number) for position, askee, number in known.filled if position == step.position]
    wanted = {
        i
        for s in still_open(seats, filled, step.rule)
        for i in asked(s, story.section_id, roster, barred=barred, widened=known.widened)  # type: ignore[arg-type]
    }
    return tuple(dict.fromkeys(a.user_id for a in roster.approvers if a.user_id in wanted))


def _seats(package_ids: Sequence[int]) -> dict[int, list[PackageSeat]]:
    """The seats of the steps that are asked now."""
    found: dict[int, list[PackageSeat]] = {}
    for seat in db.session.scalars(
        select(PackageSeat)
        .join(Package, and_(Package.id == PackageSeat.package_id, Package.step == PackageSeat.position))
        .where(Package.id.in_(package_ids))
        .order_by(PackageSeat.package_id, PackageSeat.askee, PackageSeat.seat)
    ):
        found.setdefault(seat.package_id, []).append(seat)
    return found


@dataclass
class Hands:
    """Who had a hand in a package, which seats are filled, and how often the present step was called to mind."""

    people: frozenset[int] = frozenset()
    filled: frozenset[tuple[int, int, int]] = frozenset()
    reminders: int = 0
    escalated: bool = False
    widened: bool = False


def _traces(package_ids: Sequence[int]) -> CompoundSelect[*tuple[Any, ...]]:
    """Who wrote the posts, who decided (with and without an account), and the reminders of the present step, one under
    the other.
    """
    # Cast, because PostgreSQL takes a bare NULL in the first of three selects for text.
    none, no_kind, nobody = (
        cast(null(), t) for t in (BigInteger(), EnumText(ReminderKind), EnumText(EscalateTo))
    )
    wrote = (
        select(PackageItem.package_id, PostVersion.author_id, none, none, none, none, no_kind, nobody)
        .join(PostVersion, PackageItem.post_version_id == PostVersion.id)
        .where(PackageItem.package_id.in_(package_ids))
    )
    decided = select(
        Decision.package_id, Decision.approver_id, Decision.position, Decision.askee, Decision.seat, none, no_kind,
        nobody,
    ).where(Decision.package_id.in_(package_ids))  # fmt: skip
    # The same address is the same person.
    as_guest = (
        select(Decision.package_id, User.id, none, none, none, none, no_kind, nobody)
        .join(GuestApprover, Decision.guest_id == GuestApprover.id)
        .join(User, User.email == GuestApprover.email)
        .where(Decision.package_id.in_(package_ids))
    )
    called = (
        select(Reminder.package_id, none, none, none, none, Reminder.id, Reminder.kind, Reminder.to)
        .join(Package, and_(Package.id == Reminder.package_id, Package.step == Reminder.position))
        .where(Reminder.package_id.in_(package_ids))
    )
    return union(wrote, decided, as_guest, called)


def _hands_on(package_ids: Sequence[int]) -> dict[int, Hands]:
    """What else there is to know about each package. One statement."""
    people: dict[int, set[int]] = {}
    filled: dict[int, set[tuple[int, int, int]]] = {}
    calls: dict[int, list[tuple[ReminderKind, EscalateTo | None]]] = {}
    for package_id, user_id, position, askee, seat, _id, kind, to in db.session.execute(_traces(package_ids)):
        if kind is not None:
            calls.setdefault(package_id, []).append((kind, to))
            continue
        if user_id is not None:
            people.setdefault(package_id, set()).add(user_id)
        if position is not None:
            filled.setdefault(package_id, set()).add((position, askee, seat))
    return {
        i: Hands(
            people=frozenset(people.get(i, ())),
            filled=frozenset(filled.get(i, ())),
            reminders=sum(kind is not ReminderKind.ESCALATION for kind, _to in calls.get(i, ())),
            escalated=any(kind is ReminderKind.ESCALATION for kind, _to in calls.get(i, ())),
            widened=any(to is EscalateTo.OFFICE for _kind, to in calls.get(i, ())),
        )
        for i in package_ids
    }


def _aged(office: Unit | None, rows: list[WaitingRow]) -> list[WaitingRow]:
    """The rows with how long they have waited in working time, and what the office thinks of that."""
    if not rows or office is None:
        return rows
    ageing: Ageing = ageing_of(office)
    return [replace(r, waited=ageing.waited(r.step_since), band=ageing.band(r.step_since)) for r in rows]


def _with_posts(rows: list[WaitingRow]) -> list[WaitingRow]:
    """The rows with channels and the earliest planned time."""
    if not rows:
        return []
    channels: dict[int, list[tuple[str, str]]] = {}
    planned: dict[int, datetime] = {}
    for package_id, icon, account, due in db.session.execute(
        select(PackageItem.package_id, ChannelKind.icon, ChannelAccount.name, Post.scheduled_at)
        .join(Post, PackageItem.post_id == Post.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .where(PackageItem.package_id.in_([r.package_id for r in rows]))
        .order_by(ChannelAccount.position, Post.id)
    ):
        channels.setdefault(package_id, []).append((icon, account))
        if due is not None:
            planned[package_id] = min(due, planned.get(package_id, due))
    return [
        replace(r, channels=tuple(channels.get(r.package_id, ())), planned=planned.get(r.package_id))
        for r in rows
    ]


def _with_names(rows: list[WaitingRow]) -> list[WaitingRow]:
    """The rows with the names of whom they wait for."""
    if not rows:
        return []
    names = accounts.names_of(i for r in rows for i in r.deciders)
    guests = guests_asked([r.package_id for r in rows])
    return [
        replace(
            r, deciders_names=tuple(names[i] for i in r.deciders if i in names)
            + tuple(_("%(name)s (tamu, lewat tautan)", name=n) for n in guests.get(r.package_id, ())),
        )
        for r in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class DecidedRow:
    """A decision of one's own, as the inbox shows it."""

    package_id: int
    title: str
    state: PackageState
    verdict: Verdict
    decided_at: datetime


def list_recently_decided(actor: Principal, *, limit: int = RECENT) -> list[DecidedRow]:
    """The person's own last decisions in the office they act in, newest first. One statement."""
    if actor.office is None:
        return []
    rows = db.session.execute(
        select(Package.id, StoryVersion.title, Package.state, Decision.verdict, Decision.decided_at)
        .join(Package, Decision.package_id == Package.id)
        .join(Story, Package.story_id == Story.id)
        .join(StoryVersion, Package.story_version_id == StoryVersion.id)
        .where(Package.office_id == actor.office.id, Decision.approver_id == actor.id, visible_to(actor.id))
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    return [DecidedRow(*row) for row in rows]
