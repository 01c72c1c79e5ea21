"""The mail of a brief: what stands on its page, without the titles of confidential stories."""

from datetime import date, timedelta

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.core.localtime import show_date
from humasflow.core.whatsapp import one_line
from humasflow.notifications.briefs.content import Brief
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.letters import Letter, render
from humasflow.notifications.links import absolute, path_of, path_of_subject
from humasflow.notifications.routing.enums import topic_of
from humasflow.notifications.unsubscribe import address_of
from humasflow.orgs.models import Unit


def week_of(monday: date) -> str:
    """``pekan 23–29 November 2026``, ``pekan 30 November – 6 Desember 2026``."""
    sunday = monday + timedelta(days=6)
    end = show_date(sunday, style="d MMMM yyyy")
    if monday.month == sunday.month:
        return _("pekan %(first)s–%(last)s", first=monday.day, last=end)
    style = "d MMMM" if monday.year == sunday.year else "d MMMM yyyy"
    return _("pekan %(first)s – %(last)s", first=show_date(monday, style=style), last=end)


def compose(kind: NoticeKind, brief: Brief, *, user: User, office: Unit) -> Letter:
    """In the language in force."""
    told = brief.outside()
    day = show_date(brief.day, style="EEEE, d MMMM yyyy")
    is_day = kind is NoticeKind.BRIEF_DAY
    subject = (
        _("Kabar pagi %(day)s", day=day) if is_day else _("Kabar mingguan, %(week)s", week=week_of(brief.day))
    )
    return render(
        "brief",
        subject,
        user=user,
        office=office,
        greeting=_("Halo %(name)s, ini yang menunggu di %(office)s.", name=user.name, office=office.name),
        sections=[
            (s.label, [(n.title, n.note, absolute(n.path) if n.path else "") for n in s.lines], s.more)
            for s in told.sections
        ],
        url=absolute(path_of_subject(kind.value, 0)),
        button_text=_("Buka hari ini") if is_day else _("Buka pekan ini"),
        stops=address_of(user.id, topic_of(kind).value),
    )


def as_text(brief: Brief, title: str, office: Unit, endpoint: str) -> str:
    """Lines for a chat group, with the page's address, without confidential stories; empty with nothing to say."""
    told = brief.shared()
    if told.is_empty:
        return ""
    lines = [f"*{office.short_name}, {title}*"]
    for part in told.sections:
        lines += ["", f"*{part.label}*"]
        lines += [f"• {one_line(n.title)}" + (f" ({one_line(n.note)})" if n.note else "") for n in part.lines]
        if part.more > 0:
            lines.append(_("dan %(num)s lagi", num=part.more))
    address = absolute(path_of(endpoint))
    return "\n".join([*lines, *(["", address] if address else [])])
