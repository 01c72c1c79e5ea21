"""People, roles, sessions and invitations."""

from datetime import date, datetime
from itertools import dropwhile

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.enums import AbsenceKind, Acting, Role
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.orgs.models import Unit


def initials_of(name: str) -> str:
    """Two letters for the avatar, of the name itself without the degrees before it ("Dr. Ir.") and behind the comma."""
    words = [w for w in name.partition(",")[0].split() if w[:1].isalpha()]
    words = list(dropwhile(lambda word: word.endswith("."), words)) or words
    return "".join(w[0] for w in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


class User(Versioned, Base):
    """A person who can sign in. ``email`` is kept in lower case."""

    __tablename__ = "app_user"  # "user" is a reserved word in PostgreSQL

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None until the invitation is used
    locale: Mapped[str] = mapped_column(String(5), default="id")
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    wants_email: Mapped[bool] = mapped_column(Boolean, default=True)
    shortcuts: Mapped[bool] = mapped_column(Boolean, default=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_sample: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164, or empty: the person's own to tell
    nip: Mapped[str] = mapped_column(String(18), default="")  # a civil servant's number; empty when unknown

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", foreign_keys="RoleGrant.user_id", order_by="RoleGrant.id"
    )

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return initials_of(self.name)


class RoleGrant(Base):
    """A role in a unit for a span of local dates; never deleted, only ended."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates_in_order"),
        Index("ix_role_grant_unit_id_role", "unit_id", "role"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Role] = mapped_column(EnumText(Role))
    position_title: Mapped[str] = mapped_column(
        String(120), default=""
    )  # jabatan: "Kepala Seksi Pelayanan Lelang"
    acting: Mapped[Acting] = mapped_column(EnumText(Acting), default=Acting.NONE)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])
    unit: Mapped[Unit] = relationship()

    def in_force(self, today: date) -> bool:
        """Whether the grant covers this local date (both ends included)."""
        return self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)

    @property
    def capacity(self) -> str:
        """``Plh. Kepala Seksi Lelang``, or the bare title."""
        return f"{self.acting.prefix} {self.position_title}".strip()


class UserSession(Base):
    """A signed-in device. The cookie carries the token; only its hash is here, and a row can be revoked."""

    __tablename__ = "user_session"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # the office the person is acting in
    good_for: Mapped[str] = mapped_column(String(40), default="")  # "" everything, "package:12" that only
    device: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class SignInCode(Base):
    """A one-time code, mailed to its person, that opens a session good for one thing only. Six digits: kept as a keyed
    hash, tried a few times, for a few minutes, once.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (Index("ix_sign_in_code_user", "user_id", "good_for", "id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    good_for: Mapped[str] = mapped_column(String(40))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(Base):
    """A one-time link with which a person sets a password."""

    __tablename__ = "invitation"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Absence(Versioned, Base):
    """Days on which a person is not at work, both ends included, on the calendar of the office that wrote it down.

    The absence is the person's: whoever works for two offices is away from both. ``note`` is private.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index("ix_absence_user_ends", "user_id", "ends_on"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[AbsenceKind] = mapped_column(EnumText(AbsenceKind))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # may read the note, too
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    def covers(self, day: date) -> bool:
        """Whether the person is away on this local date."""
        return self.starts_on <= day <= self.ends_on


# What is searched.
USER_WORDS = index_words(User, "name", "email", office="")
