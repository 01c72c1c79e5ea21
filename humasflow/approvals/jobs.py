"""The timetable: reminders and escalations."""

from humasflow.approvals.services.reminding import list_due, remind_if_due
from humasflow.core.db import db


def remind_due() -> int:
    """Remind and escalate what is due. Returns how much was told.

    Each package in a transaction of its own: whoever decides on one holds it and waits for the record, and a worker
    that held the record while it waits for the next package would end both.
    """
    told = 0
    for package_id in list_due():
        told += remind_if_due(package_id)
        db.session.commit()
    return told


TIMETABLE = [("approvals.remind", 600, remind_due)]
