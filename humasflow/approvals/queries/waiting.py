"""What waits for whom, and what was decided lately. Everybody's inbox and the counts beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals import policy
from humasflow.approvals.asking import asked, list_approvers
from humasflow.approvals.enums import PackageState, Verdict
from humasflow.approvals.models import Decision, Package, PackageItem, PackageStep
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.posts.models import Post, PostVersion
from humasflow.stories.models import Story, StoryVersion

RECENT = 10


@dataclass(frozen=True)
class WaitingRow:
    """A package that waits, as the inbox shows it."""

    package_id: int
    story_id: int
    title: str
    version: int
    note: str
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


def list_deciders(package: Package) -> Sequence[User]:
    """Who may decide the current step now, four eyes considered, by name. Empty when nothing waits."""
    ids = policy.asked_now(package, get_office(package.office_id))
    if not ids:
        return []
    return db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)).all()


def count_waiting_for(actor: Principal) -> int:
    """How many packages wait for this person in the office they act in. At most three statements."""
    return len(_waiting(actor))


def list_waiting_for(actor: Principal) -> list[WaitingRow]:
    """What this person may decide now in the office they act in, longest waiting first. A constant number of
    statements.
    """
    return _with_posts(_waiting(actor))


def list_pending(actor: Principal) -> list[WaitingRow]:
    """What waits for somebody else in the office the person acts in, longest waiting first, with whom it waits for."""
    if actor.office is None or not actor.can(Permission.STORY_READ):
        return []
    rows = [r for r in _pending(actor.office) if actor.id not in r.deciders]
    return _with_posts(rows, with_names=True)


def _waiting(actor: Principal) -> list[WaitingRow]:
    if actor.office is None or not actor.can(Permission.STORY_APPROVE):
        return []
    return [r for r in _pending(actor.office) if actor.id in r.deciders]


def _pending(office: Unit) -> list[WaitingRow]:
    """Every waiting package with the people its step asks today. Three statements, one when nothing waits."""
    last = (
        select(func.max(PackageStep.position)).where(PackageStep.package_id == Package.id).correlate(Package)
    )
    found = db.session.execute(
        select(
            Package, Story.title, Story.section_id, StoryVersion.number, StoryVersion.author_id, User.name,
            PackageStep, last.scalar_subquery(),
        )
        .join(Story, Package.story_id == Story.id)
        .join(StoryVersion, Package.story_version_id == StoryVersion.id)
        .join(User, Package.submitted_by == User.id)
        .join(
            PackageStep,
            and_(PackageStep.package_id == Package.id, PackageStep.position == Package.step),
        )
        .where(Package.office_id == office.id, Package.state == PackageState.PENDING)
        .order_by(Package.step_since, Package.id)
    ).all()  # fmt: skip
    if not found:
        return []
    approvers = list_approvers(office)
    barred: dict[int, set[int]] = {}
    if office.four_eyes:
        barred = {
            p.id: {p.submitted_by} | ({author} if author else set()) for p, _t, _s, _n, author, *_r in found
        }
        for package_id, user_id in _hands_on(barred):
            barred[package_id].add(user_id)
    return [
        WaitingRow(
            package_id=p.id, story_id=p.story_id, title=title, version=number, note=p.note,
            submitted_by=p.submitted_by, submitter=submitter, submitted_at=p.submitted_at, step=p.step,
            steps=steps or 0, step_label=step.label, step_since=p.step_since,
            deciders=asked(step, section_id, approvers, barred=frozenset(barred.get(p.id, ()))),
        )
        for p, title, section_id, number, _author, submitter, step, steps in found
    ]  # fmt: skip


def _hands_on(package_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Who last edited a post in a package or decided an earlier step of it: pairs of package and user."""
    ids = list(package_ids)
    wrote = (
        select(PackageItem.package_id, PostVersion.author_id)
        .join(PostVersion, PackageItem.post_version_id == PostVersion.id)
        .where(PackageItem.package_id.in_(ids), PostVersion.author_id.is_not(None))
    )
    decided = select(Decision.package_id, Decision.approver_id).where(Decision.package_id.in_(ids))
    return [
        (package_id, user_id) for package_id, user_id in db.session.execute(wrote.union(decided)) if user_id
    ]


def _with_posts(rows: list[WaitingRow], *, with_names: bool = False) -> list[WaitingRow]:
    """The rows with channels and the earliest planned time; with names, also those of whom they wait for."""
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
    names = accounts.names_of(i for r in rows for i in r.deciders) if with_names else {}
    return [
        replace(
            r, channels=tuple(channels.get(r.package_id, ())), planned=planned.get(r.package_id),
            deciders_names=tuple(names[i] for i in r.deciders if i in names),
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
        .join(StoryVersion, Package.story_version_id == StoryVersion.id)
        .where(Package.office_id == actor.office.id, Decision.approver_id == actor.id)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    return [DecidedRow(*row) for row in rows]
