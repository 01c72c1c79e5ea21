"""What was submitted, and what people said to it."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.approvals.enums import PackageState, StepRule, StepScope, Verdict
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.stories.models import Story


class Package(Versioned, Base):
    """What was submitted: a story version with post versions, under one digest. The steps are a copy of the chain.

    ``covers_version_id`` is the newest story version that the agreement holds for: the submitted one, or a later one
    that differs from it only in fields the office does not mark. ``field_digests`` are those of the submitted version.
    """

    __tablename__ = "package"
    __table_args__ = (
        Index("ix_package_office_state", "office_id", "state", "submitted_at", "id"),
        Index("ix_package_story", "story_id", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    story_version_id: Mapped[int] = mapped_column(ForeignKey("story_version.id"))
    covers_version_id: Mapped[int] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    field_digests: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[PackageState] = mapped_column(EnumText(PackageState), default=PackageState.PENDING)
    step: Mapped[int] = mapped_column(Integer, default=1)  # the step that is asked now
    note: Mapped[str] = mapped_column(String(500), default="")  # from the submitter to the approver
    allows_bulk: Mapped[bool] = mapped_column(
        Boolean, default=False
    )  # as the chain said when it was submitted
    submitted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    step_since: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # stays when an edit makes it void later
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    story: Mapped[Story] = relationship()
    submitter: Mapped[User] = relationship()
    items: Mapped[list["PackageItem"]] = relationship(
        order_by="PackageItem.post_id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["PackageStep"]] = relationship(
        order_by="PackageStep.position", cascade="all, delete-orphan"
    )
    seats: Mapped[list["PackageSeat"]] = relationship(
        order_by="(PackageSeat.position, PackageSeat.askee, PackageSeat.seat)", cascade="all, delete-orphan"
    )
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")


class PackageItem(Base):
    """One post version in a package. ``covers_version_id`` and ``field_digests`` as for the story in the package."""

    __tablename__ = "package_item"

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, autoincrement=False)
    post_version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"), index=True)
    covers_version_id: Mapped[int] = mapped_column(Id, index=True)
    field_digests: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class PackageStep(Base):
    """A step as it stood when the package was submitted."""

    __tablename__ = "package_step"

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(120))
    rule: Mapped[StepRule] = mapped_column(EnumText(StepRule), default=StepRule.ANY)


class PackageSeat(Base):
    """One agreement that a step asks for. An askee has one seat; a group that is asked as a whole has one a member."""

    __tablename__ = "package_seat"
    __table_args__ = (
        ForeignKeyConstraint(
            ["package_id", "position"], ["package_step.package_id", "package_step.position"]
        ),
        CheckConstraint("(scope = 'person') = (user_id IS NOT NULL)", name="person_seat_has_user"),
        CheckConstraint("(scope = 'group') = (group_id IS NOT NULL)", name="group_seat_has_group"),
        CheckConstraint("(scope = 'guest') = (guest_id IS NOT NULL)", name="guest_seat_has_guest"),
    )

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    askee: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(
        String(120)
    )  # the person's or the group's name then; empty for the others
    scope: Mapped[StepScope] = mapped_column(EnumText(StepScope))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("approval_group.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest_approver.id"))


class Decision(Base):
    """One person's verdict on one seat, for one digest. ``decided_as``: "Plh. Kepala Seksi Lelang, Nama".

    The person has an account (``approver_id``) or is a guest without one (``guest_name``).
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("package_id", "position", "askee", "seat"),
        CheckConstraint("(approver_id IS NULL) = (guest_name IS NOT NULL)", name="one_who_decided"),
        CheckConstraint("(guest_id IS NULL) = (guest_name IS NULL)", name="guest_has_name"),
    )

    id: Mapped[PrimaryKey]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    position: Mapped[int] = mapped_column(Integer)
    askee: Mapped[int] = mapped_column(Integer, default=1)
    seat: Mapped[int] = mapped_column(Integer, default=1)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest_approver.id"))
    guest_name: Mapped[str | None] = mapped_column(String(120))
    decided_as: Mapped[str] = mapped_column(String(300))
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)

    approver: Mapped[User | None] = relationship()
