"""Words to pass on about a task. Nothing confidential leaves the product, so of a confidential story there are none."""

from flask import url_for
from flask_babel import gettext as _

from humasflow.core.localtime import show_instant
from humasflow.core.public_url import absolute
from humasflow.core.whatsapp import one_line
from humasflow.orgs.models import Unit
from humasflow.stories.models import Assignment
from humasflow.stories.visibility import is_closed


def ask_about(task: Assignment, office: Unit, *, own: bool) -> str:
    """To the person who has a task: what it is, until when, and where; empty for one's own and what is confidential."""
    if own or is_closed(task.story):
        return ""
    lines = [_("Halo %(name)s,", name=one_line(task.person.name))]
    what = {"role": one_line(task.role.label), "title": one_line(task.story.title)}
    if task.due_at:
        when = show_instant(task.due_at, office.zone_name)
        lines.append(_("bagaimana tugas %(role)s untuk “%(title)s”? Tenggatnya %(when)s.", when=when, **what))
    else:
        lines.append(_("bagaimana tugas %(role)s untuk “%(title)s”?", **what))
    address = absolute(url_for("pages.task", assignment_id=task.id))
    return "\n".join([*lines, *([address] if address else [])])
