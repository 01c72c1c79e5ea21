"""Comments on a story: threads that stand at the whole or at a passage, what was written in them, and suggestions."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime
from humasflow.stories.enums import AnchorState, SuggestionState, ThreadKind, ThreadState

_OPEN = text("state = 'open'")


class CommentThread(Base):
    """A remark and what was answered.

    ``part`` is what it is about: ``whole``, a field (``title``, ``kicker``, ``lead``, ``body``) or ``picture:<asset>``.
    At a passage ``start`` and ``end`` count characters of the part's plain text as it stands now; ``quote`` is what was
    chosen, with what stood around it when it was last seen. ``position`` orders threads as one reads the story.
    """

    __tablename__ = "comment_thread"
    __table_args__ = (
        Index("ix_comment_thread_story_position", "story_id", "position", "id"),
        Index("ix_comment_thread_open", "story_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("start_at >= 0 AND start_at <= end_at", name="range_in_order"),
    )

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    kind: Mapped[ThreadKind] = mapped_column(EnumText(ThreadKind))
    state: Mapped[ThreadState] = mapped_column(EnumText(ThreadState), default=ThreadState.OPEN)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    state_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    part: Mapped[str] = mapped_column(String(40))
    start: Mapped[int] = mapped_column("start_at", Integer, default=0)
    end: Mapped[int] = mapped_column("end_at", Integer, default=0)
    quote: Mapped[str] = mapped_column(Text, default="")  # empty: the part as a whole
    prefix: Mapped[str] = mapped_column(String(64), default="")
    suffix: Mapped[str] = mapped_column(String(64), default="")
    anchor: Mapped[AnchorState] = mapped_column(EnumText(AnchorState), default=AnchorState.HELD)
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    version_id: Mapped[int] = mapped_column(ForeignKey("story_version.id"))  # on which it was begun
    created_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship(foreign_keys=[created_by])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[state_by])
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.id")
    suggestion: Mapped["Suggestion | None"] = relationship()


class Comment(Base):
    """What somebody wrote. ``text`` is plain, with mentions as ``@[user id]``. A removed one keeps its place."""

    __tablename__ = "comment"

    id: Mapped[PrimaryKey]
    thread_id: Mapped[int] = mapped_column(ForeignKey("comment_thread.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship()
    mentions: Mapped[list["CommentMention"]] = relationship()


class CommentMention(Base):
    """A person named in a comment."""

    __tablename__ = "comment_mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id"), primary_key=True, autoincrement=False, index=True
    )


class Suggestion(Base):
    """The change that a thread proposes: its passage becomes ``replacement`` (plain text; empty takes it out).

    ``version_id`` is the version that the acceptance made.
    """

    __tablename__ = "suggestion"

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("comment_thread.id"), primary_key=True, autoincrement=False
    )
    replacement: Mapped[str] = mapped_column(Text)
    state: Mapped[SuggestionState] = mapped_column(EnumText(SuggestionState), default=SuggestionState.OFFERED)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"))

    decider: Mapped[User | None] = relationship()
