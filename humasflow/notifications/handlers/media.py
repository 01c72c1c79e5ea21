"""Who hears that something has to come down: the office's editors, who can take it down and may know of the file."""

from humasflow.accounts import queries as accounts
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.media.events import TakedownClosed, TakedownOpened, TakedownOverdue
from humasflow.media.models import TakedownTask
from humasflow.media.queries import is_shown_to
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit


def on_opened(event: TakedownOpened) -> None:
    """A consent ended."""
    _tell(event.task_id, K.TAKEDOWN_WANTED, key="opened")


def on_overdue(event: TakedownOverdue) -> None:
    """Nobody has done it in time; said again each day."""
    task = db.session.get_one(TakedownTask, event.task_id)
    _tell(task.id, K.TAKEDOWN_LATE, key=f"late:{task.reminded_at:%Y%m%d%H}")


def on_closed(event: TakedownClosed) -> None:
    """It stops being asked for."""
    services.settle((K.TAKEDOWN_WANTED, K.TAKEDOWN_LATE), ("takedown", event.task_id))


def _tell(task_id: int, kind: K, *, key: str) -> None:
    task = db.session.get_one(TakedownTask, task_id)
    office = db.session.get_one(Unit, task.office_id)
    editors = accounts.list_people_with(Permission.STORY_WRITE, office)
    services.notify(
        [user for user in editors if is_shown_to(user.id, task.asset)], kind, office_id=office.id,
        subject=("takedown", task.id), key=f"takedown:{task.id}:{key}",
        title=task.asset.caption[:80] or task.asset.alt_text[:80] or task.asset.filename,
        reason=task.reason.label,
    )  # fmt: skip


HANDLERS = [(TakedownOpened, on_opened), (TakedownOverdue, on_overdue), (TakedownClosed, on_closed)]
