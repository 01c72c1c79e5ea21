"""The standing (Capaian)."""

from flask import render_template, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import clock
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.core.public_url import absolute
from humasflow.core.whatsapp import one_line
from humasflow.scoring import queries
from humasflow.scoring.standing import Standing, sentences, standing_of
from humasflow.scoring.standing.shortfall import explain
from humasflow.scoring.views.asked import asked_period, asked_scheme, neighbour
from humasflow.scoring.views.blueprint import blueprint


@blueprint.get("/capaian/")
@requires(Permission.SCORE_READ)
def standing() -> str:
    """How far the office is in a period, what is missing and why, and how fast it would have to come."""
    office = acting_office(current_user)
    schemes = queries.list_schemes(office.id, with_inactive=True)
    scheme = asked_scheme(office, schemes)
    period = asked_period(office, scheme)
    found = standing_of(office, scheme, period, viewer_id=current_user.id) if scheme else None
    waits = found is not None and found.close is None and any(c.unverified for c in found.components)
    may_verify = waits and current_user.can(Permission.EVIDENCE_VERIFY)
    return render_template(
        "scoring/standing.html",
        standing=found,
        scheme=scheme,
        schemes=[s for s in schemes if s.is_active or s is scheme],
        period=period,
        earlier=neighbour(period, -1),
        later=neighbour(period, 1),
        shown_at=clock.now(),
        headline=sentences.headline(found) if found else None,
        shared_text=_shared(found) if found else "",
        lines={c.key: sentences.say(c, found) for c in found.components} if found else {},
        projection=sentences.projection(found) if found else "",
        explained=explain(found, current_user) if found else None,
        unverified=queries.count_unverified(queries.queue_of(office, current_user.id)) if may_verify else 0,
    )


def _shared(found: Standing) -> str:
    """The sentence with its period and address, to be passed on; it names components, never a story."""
    lines = [f"*{one_line(found.office.short_name)}, {found.period.label}*", sentences.headline(found).text]
    address = absolute(url_for("scoring.standing", periode=found.period.key, skema=found.scheme.id))
    return "\n".join([*lines, *([address] if address else [])])
