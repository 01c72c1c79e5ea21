"""Jobs: sending mail."""

from humasflow.notifications.queries import MAIL_JOB
from humasflow.notifications.services.sending import send_mail

JOBS = {MAIL_JOB: send_mail}
