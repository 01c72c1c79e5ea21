"""Packages with their decisions, and what a reader knows of a story already."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.policy import Principal, require
from humasflow.approvals.enums import PackageState, Verdict
from humasflow.approvals.models import Decision, Package, PackageItem, PackageStep
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission


def get_package(actor: Principal, package_id: int) -> Package:
    """A package of an office whose stories the actor may read; otherwise "not found" (NotAllowed within the office)."""
    package = db.session.scalar(
        select(Package)
        .where(Package.id == package_id)
        .options(
            joinedload(Package.story),
            joinedload(Package.submitter),
            selectinload(Package.items),
            selectinload(Package.steps),
            selectinload(Package.decisions).joinedload(Decision.approver),
        )
    )
    if package is None:
        raise NotFound
    require(actor, Permission.STORY_READ, package.office_id)
    return package


def list_packages_of(story_id: int) -> Sequence[Package]:
    """Everything that was submitted for a story, newest first, with items, steps and decisions. Five statements,
    however much there is.
    """
    return db.session.scalars(
        select(Package)
        .where(Package.story_id == story_id)
        .options(
            joinedload(Package.submitter),
            selectinload(Package.items),
            selectinload(Package.steps),
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


def _was_approved() -> ColumnElement[bool]:
    steps = (
        select(func.count()).where(PackageStep.package_id == Package.id).correlate(Package).scalar_subquery()
    )
    agreed = (
        select(func.count())
        .where(Decision.package_id == Package.id, Decision.verdict == Verdict.APPROVE)
        .correlate(Package)
        .scalar_subquery()
    )
    return or_(
        Package.state == PackageState.APPROVED, and_(Package.state == PackageState.VOIDED, steps == agreed)
    )


@dataclass(frozen=True)
class Baseline:
    """What a person's next reading is compared with: a package before, and the newest known version of each post."""

    package: Package
    decided_by_reader: Verdict | None
    post_versions: dict[int, int]  # post id → post version id
    text_approved: bool  # the very story version of the package was approved before


def get_baseline(package: Package, reader_id: int) -> Baseline | None:
    """What this reader knows already: the newest earlier package that was approved, or that they decided on
    themselves; None when the story is new to them. Four statements.
    """
    own = exists().where(Decision.package_id == Package.id, Decision.approver_id == reader_id)
    known = and_(Package.story_id == package.story_id, Package.id < package.id, or_(_was_approved(), own))
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
    verdict = db.session.scalar(
        select(Decision.verdict)
        .where(Decision.package_id == newest.id, Decision.approver_id == reader_id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    same_text = exists().where(
        Package.story_id == package.story_id,
        Package.id < package.id,
        Package.story_version_id == package.story_version_id,
        _was_approved(),
    )
    return Baseline(newest, verdict, versions, text_approved=bool(db.session.scalar(select(same_text))))
