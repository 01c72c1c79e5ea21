"""Jobs: trying a mailbox out, reading what came, making a confirmed mail a pitch, sending on what was held."""

from humasflow.notifications.mailbox.services import check_mailbox, prune, read_mailboxes, take_confirmed
from humasflow.notifications.mailbox.services.confirming import TAKE
from humasflow.notifications.mailbox.services.settings import CHECK
from humasflow.notifications.services.holding import follow_people

JOBS = {CHECK: check_mailbox, TAKE: take_confirmed}
TIMETABLE = [
    ("notifications.read_mailboxes", 60, read_mailboxes),
    ("notifications.send_held_mail", 300, follow_people),
    ("notifications.prune_incoming_mail", 86400, prune),
]
LONG = ("notifications.read_mailboxes",)
