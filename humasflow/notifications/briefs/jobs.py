"""Jobs: sending briefs at the hours people want them."""

from humasflow.notifications.briefs.services import SEND, enqueue_due, send, write_letter
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.letters import OWN_LETTERS

for _kind in (NoticeKind.BRIEF_DAY, NoticeKind.BRIEF_WEEK):
    OWN_LETTERS[_kind] = write_letter(_kind)

JOBS = {SEND: send}
TIMETABLE = [("notifications.enqueue_briefs", 120, enqueue_due)]
