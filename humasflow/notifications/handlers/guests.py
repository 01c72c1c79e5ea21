"""What goes to people without an account: the link and the code, in sealed mails that are forgotten once sent."""

from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.approvals.events import DecisionCodeWanted, GuestAsked, GuestCodeWanted
from humasflow.approvals.models import GuestLink, Package
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.notifications.guest_letters import compose_code, compose_decision_code, compose_link
from humasflow.notifications.models import MailSettings
from humasflow.notifications.services.mailing import queue_mail
from humasflow.orgs.models import Unit

CODE_TRIES = 4  # a code that comes an hour late is of no use


def on_guest_asked(event: GuestAsked) -> None:
    """The link by mail, where the office can send mail; otherwise the editor hands it over."""
    link = db.session.get_one(GuestLink, event.link_id)
    settings = db.session.get(MailSettings, link.office_id)
    if settings is None:
        return
    with force_locale("id"):
        letter = compose_link(link, office=db.session.get_one(Unit, link.office_id), url=event.url)
    queue_mail(
        settings, to=link.guest.email, user_id=None, key=f"guest-link:{link.id}", letter=letter, sealed=True
    )


def on_code_wanted(event: GuestCodeWanted) -> None:
    """The code by mail. Raises Conflict where the office cannot send mail: nobody can be identified then."""
    link = db.session.get_one(GuestLink, event.link_id)
    settings = db.session.get(MailSettings, link.office_id)
    if settings is None:
        raise Conflict(
            _("Kantor ini belum dapat mengirim surel, jadi kode tidak dapat dikirim. Hubungi humas kantor.")
        )
    with force_locale("id"):
        letter = compose_code(link, office=db.session.get_one(Unit, link.office_id), code=event.code)
    queue_mail(
        settings, to=link.guest.email, user_id=None, key=f"guest-code:{link.id}:{link.codes}", letter=letter,
        sealed=True, max_attempts=CODE_TRIES,
    )  # fmt: skip


def on_decision_code_wanted(event: DecisionCodeWanted) -> None:
    """The code by mail, in a sealed one: it is forgotten once sent. Where the office cannot send mail, none is sent."""
    user, package = db.session.get_one(User, event.user_id), db.session.get_one(Package, event.package_id)
    settings = db.session.get(MailSettings, package.office_id)
    if settings is None:
        return
    office = db.session.get_one(Unit, package.office_id)
    with force_locale(user.locale):
        letter = compose_decision_code(user, office=office, code=event.code)
    queue_mail(
        settings, to=user.email, user_id=user.id, key=f"decision-code:{event.code_id}", letter=letter, sealed=True,
        max_attempts=CODE_TRIES, is_pressing=True,
    )  # fmt: skip


HANDLERS = [
    (DecisionCodeWanted, on_decision_code_wanted),
    (GuestAsked, on_guest_asked),
    (GuestCodeWanted, on_code_wanted),
]
