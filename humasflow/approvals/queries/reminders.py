"""How often something that waits was called to mind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals.enums import EscalateTo, ReminderKind
from humasflow.approvals.models import Package, Reminder
from humasflow.core.db import db


@dataclass(frozen=True)
class ReminderRow:
    """One reminder, with who sent it ("" for the product)."""

    position: int
    kind: ReminderKind
    to: EscalateTo | None
    sent_at: datetime
    sender: str


def list_reminders(package: Package) -> list[ReminderRow]:
    """All reminders about a package, oldest first. One statement."""
    rows = db.session.execute(
        select(Reminder, User.name)
        .outerjoin(User, Reminder.sent_by == User.id)
        .where(Reminder.package_id == package.id)
        .order_by(Reminder.sent_at, Reminder.id)
    )
    return [ReminderRow(r.position, r.kind, r.to, r.sent_at, name or "") for r, name in rows]
