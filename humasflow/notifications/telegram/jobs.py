"""Jobs: asking about a bot, hearing what was written to it, saying something."""

from humasflow.core.db import db
from humasflow.notifications import reaching
from humasflow.notifications.links import absolute
from humasflow.notifications.routing.enums import NoticeChannel
from humasflow.notifications.telegram import queries, services
from humasflow.notifications.telegram.bot import check_bot, listen, say
from humasflow.notifications.telegram.services import CHECK, SAY, prune


def send(message: reaching.Message) -> None:
    """A notice into its person's chat; the bot says it by a job of its own. Commits."""
    chat = queries.get_chat(message.office_id, message.user_id)
    if chat is not None and chat.blocked_at is None:
        parts = (message.heading, "\n".join(message.lines), absolute(message.path))
        services.say(chat.office_id, chat.chat_id, "\n\n".join(p for p in parts if p), key=message.key)
    db.session.commit()


reaching.REACHES[NoticeChannel.TELEGRAM] = reaching.Reach(queries.reachable, send)

JOBS = {CHECK: check_bot, SAY: say}
TIMETABLE = [
    ("notifications.listen_to_telegram", 10, listen),
    ("notifications.prune_telegram", 86400, prune),
]
LONG = ("notifications.listen_to_telegram",)
