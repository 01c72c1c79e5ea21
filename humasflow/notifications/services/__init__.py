"""Telling people: notices in the product, mails through the outbox, and an office's mail settings."""

from humasflow.notifications.services.mail_settings import MailForm, queue_test, resend, save_mail_settings
from humasflow.notifications.services.mailing import queue_invitation, queue_notice_mail
from humasflow.notifications.services.notices import mark_all_read, mark_read, notify, settle
from humasflow.notifications.services.sending import send_mail

__all__ = [
    "MailForm", "mark_all_read", "mark_read", "notify", "queue_invitation", "queue_notice_mail", "queue_test",
    "resend", "save_mail_settings", "send_mail", "settle",
]  # fmt: skip
