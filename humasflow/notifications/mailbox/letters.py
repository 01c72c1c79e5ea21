"""What is answered to somebody who sent a pitch by mail. Answers to their own mail: nothing to unsubscribe from."""

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.notifications.letters import Letter, render
from humasflow.orgs.models import Unit


def compose_taken(*, user: User, office: Unit, title: str, url: str, refused: list[str], kept: int) -> Letter:
    """It is a pitch now, and what became of its files."""
    return render(
        "pitch_taken", _("Usulan Anda diterima: %(title)s", title=title), user=user, office=office, title=title,
        url=url, refused=refused, kept=kept,
    )  # fmt: skip


def compose_confirm(*, user: User, office: Unit, title: str, url: str) -> Letter:
    """The question whether it was really them."""
    subject = _("Benarkah usulan ini dari Anda? %(title)s", title=title)
    return render("pitch_confirm", subject, user=user, office=office, title=title, url=url)


def compose_refused(*, user: User, office: Unit, title: str, why: str, url: str) -> Letter:
    """It is no pitch, and why."""
    subject = _("Surel Anda tidak menjadi usulan: %(title)s", title=title or _("tanpa perihal"))
    return render("pitch_refused", subject, user=user, office=office, title=title, why=why, url=url)
