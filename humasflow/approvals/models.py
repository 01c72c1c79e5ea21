"""Chains, packages and decisions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.approvals.enums import PackageState, StepScope, Verdict
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.stories.models import Story


class ApprovalChain(Versioned, Base):
    """The steps for a content type of an office; without a content type, the office's default."""

    __tablename__ = "approval_chain"
    __table_args__ = (UniqueConstraint("office_id", "content_type_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    content_type_id: Mapped[int | None] = mapped_column(ForeignKey("content_type.id"))

    steps: Mapped[list["ApprovalStep"]] = relationship(
        order_by="ApprovalStep.position", cascade="all, delete-orphan"
    )


class ApprovalStep(Base):
    """One step: 1 to 3 of them, or none."""

    __tablename__ = "approval_step"
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 3", name="at_most_three_steps"),
        CheckConstraint("(scope = 'person') = (user_id IS NOT NULL)", name="person_step_has_user"),
    )

    chain_id: Mapped[int] = mapped_column(
        ForeignKey("approval_chain.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(120))
    scope: Mapped[StepScope] = mapped_column(EnumText(StepScope))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class Package(Versioned, Base):
    """What was submitted: a story version with post versions, under one digest. The steps are a copy of the chain."""

    __tablename__ = "package"
    __table_args__ = (
        Index("ix_package_office_state", "office_id", "state", "submitted_at", "id"),
        Index("ix_package_story", "story_id", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    story_version_id: Mapped[int] = mapped_column(ForeignKey("story_version.id"))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[PackageState] = mapped_column(EnumText(PackageState), default=PackageState.PENDING)
    step: Mapped[int] = mapped_column(Integer, default=1)  # the step that is asked now
    note: Mapped[str] = mapped_column(String(500), default="")  # from the submitter to the approver
    submitted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    step_since: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    story: Mapped[Story] = relationship()
    submitter: Mapped[User] = relationship()
    items: Mapped[list["PackageItem"]] = relationship(
        order_by="PackageItem.post_id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["PackageStep"]] = relationship(
        order_by="PackageStep.position", cascade="all, delete-orphan"
    )
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")


class PackageItem(Base):
    """One post version in a package."""

    __tablename__ = "package_item"

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, autoincrement=False)
    post_version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"), index=True)


class PackageStep(Base):
    """A step as it stood when the package was submitted."""

    __tablename__ = "package_step"

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(120))
    scope: Mapped[StepScope] = mapped_column(EnumText(StepScope))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class Decision(Base):
    """One person's verdict on one step, for one digest. ``decided_as``: "Plh. Kepala Seksi Lelang, Nama"."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("package_id", "position"),)

    id: Mapped[PrimaryKey]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    position: Mapped[int] = mapped_column(Integer)
    approver_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_as: Mapped[str] = mapped_column(String(300))
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)

    approver: Mapped[User] = relationship()
