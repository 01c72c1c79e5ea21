"""What a mail is made of, and the letters that are about no notice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import current_app
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.links import absolute, path_of
from humasflow.orgs.models import Unit


@dataclass(frozen=True)
class Letter:
    """A finished mail: subject, plain text, HTML; the address that stops such mail, and an iCalendar file with it."""

    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    calendar: str = ""


# Letters that say more than a notice: written anew when they go out, None where there is nothing to say any more.
OWN_LETTERS: Final[dict[NoticeKind, Callable[[User, Unit], Letter | None]]] = {}


def compose_invitation(*, user: User, office: Unit, url: str) -> Letter:
    """The mail with which a person sets a password for the first time."""
    return render(
        "invitation",
        _("Undangan memakai humasflow %(office)s", office=office.name),
        user=user,
        office=office,
        url=url,
    )


def compose_test(*, user: User, office: Unit) -> Letter:
    """The mail that shows an admin that mail works."""
    return render(
        "test", _("Uji surel humasflow %(office)s", office=office.name), user=user, office=office, url=""
    )


def render(
    name: str, subject: str, *, user: User, office: Unit, stops: str = "", **context: object
) -> Letter:
    """Both forms. Rendered without the pages' context: there may be no request, and no signed-in person. ``stops``:
    the address that stops such mail; empty for mail that is needed.
    """
    env = current_app.jinja_env
    values = {
        **context,
        "subject": subject,
        "user": user,
        "office": office,
        "locale": user.locale,
        "profile_url": absolute(path_of("accounts.profile")),
        "unsubscribe_url": stops,
    }
    return Letter(
        subject,
        env.get_template(f"notifications/mail/{name}.txt").render(values).strip() + "\n",
        env.get_template(f"notifications/mail/{name}.html").render(values),
        unsubscribe=stops,
    )
