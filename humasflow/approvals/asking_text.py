"""Words with which people ask for a decision by a chat of their own. Nothing confidential leaves the product."""

from flask import url_for
from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.approvals import policy, queries
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core.permissions import Permission
from humasflow.core.public_url import absolute
from humasflow.core.whatsapp import one_line
from humasflow.orgs.models import Unit
from humasflow.stories.visibility import is_closed


def ask_for_decision(package: Package, actor: Principal, office: Unit) -> str:
    """For who submitted it and for editors, while it waits for others; empty for everybody else, once it is decided,
    and of a confidential story.
    """
    if package.state is not PackageState.PENDING or is_closed(package.story) or actor.good_for:
        return ""
    if actor.id != package.submitted_by and not actor.can(Permission.STORY_WRITE, office.id):
        return ""
    step = policy.current_step(package)
    names = [one_line(u.name) for u in queries.list_deciders(package) if u.id != actor.id]
    if step is None or not names:
        return ""
    lines = [
        _("Yth. %(names)s,", names=", ".join(names)),
        _("“%(title)s” menunggu keputusan Anda (%(step)s).", title=one_line(package.story.title),
          step=one_line(step.label)),
    ]  # fmt: skip
    address = absolute(url_for("approvals.review", package_id=package.id))
    return "\n".join([*lines, *([address] if address else [])])
