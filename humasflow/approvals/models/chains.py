"""How an office is asked: chains of steps, the askees of each step, named groups, and what happens as time passes."""

from datetime import time

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.approvals.enums import EscalateTo, StepRule, StepScope
from humasflow.core.db import Base, EnumText, PrimaryKey, Versioned


class ApprovalGroup(Versioned, Base):
    """A named group of approvers of an office: "Tim Humas". Ended by switching it off, never deleted: chains and
    packages name it.
    """

    __tablename__ = "approval_group"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(80))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)

    members: Mapped[list["GroupMember"]] = relationship(
        cascade="all, delete-orphan", order_by="GroupMember.user_id"
    )


class GroupMember(Base):
    """A person in a group. They decide only while a role of theirs carries ``story:approve``."""

    __tablename__ = "approval_group_member"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("approval_group.id"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id"), primary_key=True, autoincrement=False, index=True
    )

    user: Mapped[User] = relationship()


class ApprovalChain(Versioned, Base):
    """The steps for a content type of an office; without a content type, the office's default."""

    __tablename__ = "approval_chain"
    __table_args__ = (UniqueConstraint("office_id", "content_type_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    content_type_id: Mapped[int | None] = mapped_column(ForeignKey("content_type.id"))
    allows_bulk: Mapped[bool] = mapped_column(Boolean, default=False)  # several packages in one act

    steps: Mapped[list["ApprovalStep"]] = relationship(
        order_by="ApprovalStep.position", cascade="all, delete-orphan"
    )


class ApprovalStep(Base):
    """One step: 1 to 3 of them, or none. Its askees are asked at the same time; ``rule`` says how many must agree."""

    __tablename__ = "approval_step"
    __table_args__ = (CheckConstraint("position BETWEEN 1 AND 3", name="at_most_three_steps"),)

    chain_id: Mapped[int] = mapped_column(
        ForeignKey("approval_chain.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(120))
    rule: Mapped[StepRule] = mapped_column(EnumText(StepRule), default=StepRule.ANY)

    askees: Mapped[list["ApprovalAskee"]] = relationship(
        order_by="ApprovalAskee.number", cascade="all, delete-orphan"
    )


class ApprovalAskee(Base):
    """Somebody a step asks: one of the section's, the office's or a group's people, every member of a group
    (``everyone``), a named person, or a guest without an account.
    """

    __tablename__ = "approval_askee"
    __table_args__ = (
        ForeignKeyConstraint(["chain_id", "position"], ["approval_step.chain_id", "approval_step.position"]),
        CheckConstraint("(scope = 'person') = (user_id IS NOT NULL)", name="person_askee_has_user"),
        CheckConstraint("(scope = 'group') = (group_id IS NOT NULL)", name="group_askee_has_group"),
        CheckConstraint("(scope = 'guest') = (guest_id IS NOT NULL)", name="guest_askee_has_guest"),
    )

    chain_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    scope: Mapped[StepScope] = mapped_column(EnumText(StepScope))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("approval_group.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest_approver.id"))
    everyone: Mapped[bool] = mapped_column(Boolean, default=False)


class ApprovalSettings(Versioned, Base):
    """What an office wants to happen while something waits. Without a row the defaults hold: nobody is reminded.

    Hours are working hours: within the working day, Monday to Friday, without holidays. 0 switches a thing off.
    """

    __tablename__ = "approval_settings"
    __table_args__ = (
        CheckConstraint("remind_hours BETWEEN 0 AND 400", name="remind_within_reason"),
        CheckConstraint("escalate_hours BETWEEN 0 AND 400", name="escalate_within_reason"),
        CheckConstraint("day_starts < day_ends", name="working_day_in_order"),
        CheckConstraint("guest_link_hours BETWEEN 1 AND 336", name="guest_link_within_reason"),
        CheckConstraint("unready_hours BETWEEN 0 AND 168", name="unready_within_reason"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    remind_hours: Mapped[int] = mapped_column(Integer, default=0)
    escalate_hours: Mapped[int] = mapped_column(Integer, default=0)
    escalate_to: Mapped[EscalateTo] = mapped_column(EnumText(EscalateTo), default=EscalateTo.LEAD)
    day_starts: Mapped[time] = mapped_column(Time, default=time(7, 30))
    day_ends: Mapped[time] = mapped_column(Time, default=time(16, 0))
    # Before a planned time at which nothing was approved yet; by the clock, and 24 without a row.
    unready_hours: Mapped[int] = mapped_column(Integer, default=24)
    guest_link_hours: Mapped[int] = mapped_column(Integer, default=72)  # by the clock, not working hours
