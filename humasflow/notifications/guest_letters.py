"""Mails to somebody without an account. They name what it is about unless that is confidential, and quote nobody."""

from flask import current_app
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.approvals.models import GuestLink
from humasflow.core.localtime import show_instant
from humasflow.notifications.composing import Letter
from humasflow.orgs.models import Unit
from humasflow.stories.visibility import is_closed


def title_of(link: GuestLink) -> str:
    """What a mail may call it."""
    story = link.package.story
    return str(_("naskah rahasia")) if is_closed(story) else story.title


def compose_link(link: GuestLink, *, office: Unit, url: str) -> Letter:
    """The mail with the personal link."""
    subject = _("Perlu persetujuan Anda: %(title)s", title=title_of(link))
    until = show_instant(link.expires_at, office.zone_name, full=True)
    return _render(
        "guest_link", subject, link=link, office=office, url=url, until=until, title=title_of(link)
    )


def compose_code(link: GuestLink, *, office: Unit, code: str) -> Letter:
    """The mail with the one-time code. The code stands in the text only: subjects are shown on lock screens."""
    subject = _("Kode untuk membuka permintaan persetujuan dari %(office)s", office=office.short_name)
    return _render("guest_code", subject, link=link, office=office, code=code)


def compose_decision_code(user: User, *, office: Unit, code: str) -> Letter:
    """The mail with the code with which somebody decides without signing in."""
    subject = _("Kode untuk memutuskan di %(office)s", office=office.short_name)
    env = current_app.jinja_env
    values = {"subject": subject, "name": user.name, "office": office, "code": code, "locale": user.locale}
    return Letter(
        subject,
        env.get_template("notifications/mail/decision_code.txt").render(values).strip() + "\n",
        env.get_template("notifications/mail/decision_code.html").render(values),
    )


def _render(name: str, subject: str, *, link: GuestLink, office: Unit, **context: str) -> Letter:
    env = current_app.jinja_env
    values = {**context, "subject": subject, "guest": link.guest, "office": office, "locale": "id"}
    return Letter(
        subject,
        env.get_template(f"notifications/mail/{name}.txt").render(values).strip() + "\n",
        env.get_template(f"notifications/mail/{name}.html").render(values),
    )
