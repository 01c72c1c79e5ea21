"""Stopping mail, reading the mailbox, bounces, and pitches by mail. Services flush; what talks to a server commits."""

from humasflow.notifications.mailbox.services.confirming import confirm, take_confirmed
from humasflow.notifications.mailbox.services.reading import prune, read_mailboxes
from humasflow.notifications.mailbox.services.settings import (
    MailboxForm,
    check_mailbox,
    queue_check,
    remove_mailbox,
    save_mailbox,
)
from humasflow.notifications.mailbox.services.stopping import (
    BadToken,
    is_stopped,
    read_token,
    start_again,
    stop,
    topic_named,
)

__all__ = [
    "BadToken", "MailboxForm", "check_mailbox", "confirm", "is_stopped", "prune", "queue_check", "read_mailboxes",
    "read_token", "remove_mailbox", "save_mailbox", "start_again", "stop", "take_confirmed", "topic_named",
]  # fmt: skip
