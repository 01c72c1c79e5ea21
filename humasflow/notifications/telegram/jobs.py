"""Jobs: asking about a bot, hearing what was written to it, saying something."""

from humasflow.notifications.telegram.bot import check_bot, listen, say
from humasflow.notifications.telegram.services import CHECK, SAY, prune

JOBS = {CHECK: check_bot, SAY: say}
TIMETABLE = [
    ("notifications.listen_to_telegram", 10, listen),
    ("notifications.prune_telegram", 86400, prune),
]
LONG = ("notifications.listen_to_telegram",)
