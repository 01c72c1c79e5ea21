"""Answers to whoever sent a mail. Only to people of the office, at their own address, and only so many in an hour: two
programs that answer each other stop there, whatever headers they leave out.
"""

from humasflow.accounts.models import User
from humasflow.core import rate_limit
from humasflow.core.db import db
from humasflow.core.secrets import new_token
from humasflow.notifications.letters import Letter
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.notifications.services.mailing import queue_mail

AN_HOUR = 3600
MOST_AN_HOUR = 5


def may_answer(office_id: int, user: User) -> bool:
    """Count one more answer; False when there were enough. Flushes."""
    key = f"{office_id}:{user.id}"
    return rate_limit.count("mailbox.answer", key, per_seconds=AN_HOUR) <= MOST_AN_HOUR


def answer(
    office_id: int, user: User, letter: Letter, *, to_message: str, sealed: bool = False
) -> MailMessage | None:
    """Put an answer into the outbox, in the conversation of the mail it answers. None without settings to send with.
    ``sealed``: it carries a secret.
    """
    settings = db.session.get(MailSettings, office_id)
    if settings is None or user.is_sample:
        return None
    return queue_mail(
        settings, to=user.email, user_id=user.id, key=f"answer:{new_token(9)}", letter=letter,
        thread=to_message if len(to_message) <= 200 else "", sealed=sealed,
    )  # fmt: skip
