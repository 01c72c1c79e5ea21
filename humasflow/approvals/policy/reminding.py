"""When a waiting package may be called to mind by hand."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.approvals.models import Package, Reminder
from humasflow.approvals.policy.deciding import reason_closed
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office

# A reminder by hand does not follow another one, by whomever, within this time.
QUIET = timedelta(hours=4)


def reasons_not_to_remind(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot call the waiting step to mind now."""
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if package.submitted_by != actor.id and not actor.can(Permission.STORY_WRITE, package.office_id):
        return [Reason("permission", _("Penyetuju diingatkan oleh pengaju atau oleh redaktur lain."))]
    last = db.session.scalar(
        select(func.max(Reminder.sent_at)).where(
            Reminder.package_id == package.id, Reminder.position == package.step
        )
    )
    again = max(last or package.step_since, package.step_since) + QUIET
    if clock.now() < again:
        zone = get_office(package.office_id).zone_name
        return [
            Reason(
                "too_soon",
                _("Penyetuju baru saja diberi tahu. Mengingatkan lagi dapat dilakukan sesudah %(when)s.",
                  when=show_instant(again, zone)),
            )
        ]  # fmt: skip
    return []
