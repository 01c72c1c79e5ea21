"""Jobs: a trial message, and forgetting devices that were signed out."""

from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.notifications import reaching
from humasflow.notifications.links import path_of
from humasflow.notifications.push.queries import reachable
from humasflow.notifications.push.sending import Message, send_push
from humasflow.notifications.push.services import forget_signed_out
from humasflow.notifications.routing.enums import NoticeChannel
from humasflow.orgs.models import Unit

TRIAL: Final = "notifications.try_push"


def try_push(ref: str) -> None:
    """Send the trial message; ``ref`` is ``person:office``. Commits. Raises RetryLater."""
    user_id, _sep, office_id = ref.partition(":")
    user, office = db.session.get_one(User, int(user_id)), db.session.get_one(Unit, int(office_id))
    with force_locale(user.locale):
        message = Message(
            title=office.short_name,
            body=_("Berhasil. Pemberitahuan dari humasflow akan muncul seperti ini."),
            url=path_of("push.devices"),
            tag="trial",
            lang=user.locale,
        )
    send_push(user.id, office.id, message)


def send(message: reaching.Message) -> None:
    """A notice to all devices of its person. Commits. Raises RetryLater."""
    shown = Message(
        title=message.heading,
        body="\n".join(message.lines),
        url=message.path,
        tag=message.key,
        lang=message.locale,
    )
    send_push(message.user_id, message.office_id, shown, is_pressing=message.is_pressing)


reaching.REACHES[NoticeChannel.PUSH] = reaching.Reach(reachable, send)

JOBS = {TRIAL: try_push}
TIMETABLE = [("notifications.forget_signed_out_devices", 3600, forget_signed_out)]
