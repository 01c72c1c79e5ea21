"""Packages with their decisions, and what a reader knows of a story already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import policy
from humasflow.approvals.enums import PackageState, Verdict
from humasflow.approvals.models import Decision, Package, PackageItem, UrgentRelease
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.posts.models import Post
from humasflow.stories.visibility import is_visible


def get_package(actor: Principal, package_id: int) -> Package:
    """A package of an office whose stories the actor may read; otherwise "not found" (NotAllowed within the office).
    Of a confidential story only for those who are named.
    """
    package = db.session.scalar(
        select(Package)
        .where(Package.id == package_id)
        .options(
            joinedload(Package.story),
            joinedload(Package.submitter),
            selectinload(Package.items),
            selectinload(Package.steps),
            selectinload(Package.seats),
            selectinload(Package.decisions).joinedload(Decision.approver),
        )
    )
    if package is None or not is_visible(actor.id, package.story):
        raise NotFound
    require(actor, Permission.STORY_READ, package.office_id)
    return package


def with_packages(story_ids: Iterable[int]) -> set[int]:
    """Those of these stories of which a package was ever made. One statement."""
    return set(db.session.scalars(select(Package.story_id).where(Package.story_id.in_(set(story_ids)))))


def get_newer_for(actor: Principal, package: Package) -> Package | None:
    """What was submitted after this package for the same story and waits for this person's decision; None while the
    package itself waits. One statement, and those of the reasons where something waits.
    """
    if package.state is PackageState.PENDING:
        return None
    newer = db.session.scalar(
        select(Package)
        .where(
            Package.story_id == package.story_id,
            Package.id > package.id,
            Package.state == PackageState.PENDING,
        )
        .order_by(Package.id.desc())
        .limit(1)
    )
    return newer if newer is not None and policy.can_decide(actor, newer) else None


def next_planned(package: Package) -> datetime | None:
    """When the first of the package's posts whose time is still ahead goes out: until then it has to be decided. One
    statement.
    """
    found: datetime | None = db.session.scalar(
        select(Post.scheduled_at)
        .join(PackageItem, PackageItem.post_id == Post.id)
        .where(
            PackageItem.package_id == package.id, Post.removed_at.is_(None), Post.scheduled_at > clock.now()
        )
        .order_by(Post.scheduled_at)
        .limit(1)
    )
    return found


def list_packages_of(story_id: int) -> Sequence[Package]:
    """Everything that was submitted for a story, newest first, with items, steps and decisions. Six statements,
    however much there is.
    """
    return db.session.scalars(
        select(Package)
        .where(Package.story_id == story_id)
        .options(
            joinedload(Package.submitter),
            selectinload(Package.items),
            selectinload(Package.steps),
            selectinload(Package.seats),
            selectinload(Package.decisions).joinedload(Decision.approver),
        )
        .order_by(Package.id.desc())
    ).all()


def last_approved_package(story_id: int) -> Package | None:
    """The newest package of a story that all its steps agreed to, also when an edit made it void since: what the next
    reading is compared with. Whether it is still in force says :func:`approval_of`.
    """
    return db.session.scalar(
        select(Package)
        .where(Package.story_id == story_id, _was_approved())
        .order_by(Package.id.desc())
        .limit(1)
    )


def agreed_post_version_id(story_version_id: int, post_id: int) -> int | None:
    """The version of a post that was agreed to, or let out because it was urgent, together with this very version of
    its story; None: none was.
    """
    return db.session.scalar(
        select(PackageItem.post_version_id)
        .join(Package, PackageItem.package_id == Package.id)
        .where(Package.story_version_id == story_version_id, PackageItem.post_id == post_id, _was_let_out())
        .order_by(Package.id.desc())
        .limit(1)
    )


def _was_approved() -> ColumnElement[bool]:
    return Package.approved_at.is_not(None)


def _was_let_out() -> ColumnElement[bool]:
    return or_(_was_approved(), exists().where(UrgentRelease.package_id == Package.id))


@dataclass(frozen=True)
class Baseline:
    """What a person's next reading is compared with: a package before, and the newest known version of each post."""

    package: Package
    decided_by_reader: Verdict | None
    post_versions: dict[int, int]  # post id → post version id
    text_approved: bool  # the very story version of the package was approved before
    older_approval: bool = False  # the reader's own verdict is the newest; an approval stands before it


def get_baseline(package: Package, reader_id: int | None) -> Baseline | None:
    """What this reader knows already: the newest earlier package that was approved, or that they decided on
    themselves; None when the story is new to them. For nobody in particular: what was approved. Five statements.
    """
    own = exists().where(Decision.package_id == Package.id, Decision.approver_id == reader_id)
    approved = and_(Package.story_id == package.story_id, Package.id < package.id, _was_approved())
    known = (
        or_(approved, and_(Package.story_id == package.story_id, Package.id < package.id, own))
        if reader_id is not None
        else approved
    )
    newest = db.session.scalar(select(Package).where(known).order_by(Package.id.desc()).limit(1))
    if newest is None:
        return None
    held = db.session.execute(
        select(PackageItem.post_id, PackageItem.post_version_id)
        .join(Package, PackageItem.package_id == Package.id)
        .where(known)
        .order_by(Package.id)
    )
    versions = dict(held.all())  # the newest of each post stays
    mine = select(Decision.verdict).where(Decision.package_id == newest.id, Decision.approver_id == reader_id)
    # A guest's decision has no approver: it is not that of "nobody in particular".
    verdict = db.session.scalar(mine.order_by(Decision.id.desc()).limit(1)) if reader_id is not None else None
    same_text = exists().where(
        Package.story_id == package.story_id,
        Package.id < package.id,
        Package.covers_version_id >= package.story_version_id,
        Package.story_version_id <= package.story_version_id,
        _was_approved(),
    )
    older = newest.approved_at is None and db.session.scalar(select(exists().where(approved)))
    return Baseline(
        newest, verdict, versions, text_approved=bool(db.session.scalar(select(same_text))),
        older_approval=bool(older),
    )  # fmt: skip
