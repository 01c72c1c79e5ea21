"""The record's tables. Office, actor and subject are plain numbers: this room stands below all of them."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.audit.enums import AuditAction
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime

GENESIS = "0" * 64


class AuditEntry(Base):
    """One act. Immutable; ``hash`` covers the entry and the one before it in the office's chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("office_id", "seq"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entry_context", "context_type", "context_id", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(Id)  # 0: the installation itself
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(Id)  # None: the product itself
    actor_label: Mapped[str] = mapped_column(String(300))
    action: Mapped[AuditAction] = mapped_column(EnumText(AuditAction))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Id)
    context_type: Mapped[str | None] = mapped_column(
        String(40)
    )  # the story a post belongs to, for its timeline
    context_id: Mapped[int | None] = mapped_column(Id)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def computed_hash(self) -> str:
        """SHA-256 over the facts and the previous hash; canonical JSON, so both databases agree."""
        facts: dict[str, Any] = {
            "office": self.office_id, "seq": self.seq, "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor_id, "label": self.actor_label, "action": str(self.action),
            "subject": [self.subject_type, self.subject_id], "context": [self.context_type, self.context_id],
            "detail": self.detail, "previous": self.previous_hash,
        }  # fmt: skip
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class AuditHead(Base):
    """The newest link of an office's chain; its row lock puts the office's writers in line."""

    __tablename__ = "audit_head"

    office_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
