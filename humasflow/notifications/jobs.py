"""Jobs: sending mail, telling people what stopped, reminding them of what they do by hand."""

from humasflow.notifications.queries import MAIL_JOB
from humasflow.notifications.services.delivering import (
    DELIVER,
    deliver,
    enqueue_undelivered,
    prune_deliveries,
)
from humasflow.notifications.services.escalating import escalate_late_tasks, remind_of_unready
from humasflow.notifications.services.reminding import remind_by_hand
from humasflow.notifications.services.sending import send_mail
from humasflow.notifications.services.troubles import TELL, enqueue_untold, settle_summaries, tell_troubles

JOBS = {DELIVER: deliver, MAIL_JOB: send_mail, TELL: tell_troubles}
TIMETABLE = [
    ("notifications.enqueue_undelivered", 120, enqueue_undelivered),
    ("notifications.prune_deliveries", 86400, prune_deliveries),
    ("notifications.enqueue_untold", 30, enqueue_untold),
    ("notifications.remind_by_hand", 300, remind_by_hand),
    ("notifications.escalate_late_tasks", 600, escalate_late_tasks),
    ("notifications.remind_of_unready", 300, remind_of_unready),
    ("notifications.settle_summaries", 120, settle_summaries),
]
