"""One line of the record about a package, on the story's timeline too."""

from typing import Any

from humasflow.accounts.models import User
from humasflow.approvals.models import Package
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.audit.services import Actor
from humasflow.core.db import db


def record(
    action: AuditAction, package: Package, *, actor: Actor | None, acting_as: str | None = None, **detail: Any
) -> None:
    """Append to the record. ``actor`` None: the product, or a person without an account named by ``acting_as``."""
    audit.record(
        action, ("package", package.id), office_id=package.office_id, actor=actor,
        context=("story", package.story_id), acting_as=acting_as, **detail,
    )  # fmt: skip


def person(user_id: int | None) -> User | None:
    """Who did it, for the record."""
    return db.session.get(User, user_id) if user_id is not None else None
