"""Telling people: notices in the product, mails through the outbox, and an office's mail settings."""

from humasflow.notifications.services.mail_settings import MailForm, queue_test, resend, save_mail_settings
from humasflow.notifications.services.mailing import queue_invitation, queue_notice_mail
from humasflow.notifications.services.notices import (
    mark_all_read,
    mark_read,
    notify,
    settle,
    settle_keys,
    settle_many,
)
from humasflow.notifications.services.reminding import remind_by_hand
from humasflow.notifications.services.sending import send_mail
from humasflow.notifications.services.troubles import enqueue_untold, report, settle_summaries, tell_troubles

__all__ = [
    "MailForm", "enqueue_untold", "mark_all_read", "mark_read", "notify", "queue_invitation",
    "queue_notice_mail", "queue_test", "remind_by_hand", "report", "resend", "save_mail_settings", "send_mail",
    "settle", "settle_keys", "settle_many", "settle_summaries", "tell_troubles",
]  # fmt: skip
