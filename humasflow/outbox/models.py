"""Jobs and the worker's heartbeat."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime
from humasflow.outbox.enums import JobState


class Job(Base):
    """Something to do at or after ``due_at``: a kind, and a reference that the kind's handler understands.

    ``lease_token`` fences: what a worker writes after its lease was taken over is refused. ``key`` makes enqueuing
    safe to repeat: one job a key, ever. ``lane``: jobs of one lane run one after the other (None: no lane);
    ``priority``: of what is due, the lower number goes first.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_due_at", "state", "due_at"),
        # What is next, without a look at what is done or not due yet.
        Index(
            "ix_job_queued",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # One running job a lane: a slow account keeps nobody else waiting, and takes one place only.
        Index(
            "uq_job_running_lane",
            "lane",
            unique=True,
            sqlite_where=text("state = 'running' AND lane IS NOT NULL"),
            postgresql_where=text("state = 'running' AND lane IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(String(60))
    ref: Mapped[str] = mapped_column(String(120))
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    office_id: Mapped[int | None] = mapped_column(Id, index=True)
    lane: Mapped[str | None] = mapped_column(String(60))
    priority: Mapped[int] = mapped_column(Integer, default=5)
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=10)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WorkerBeat(Base):
    """When a worker was last seen, so that a stopped one is noticed by people."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
