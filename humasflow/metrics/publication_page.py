"""The numbers of a publication on its page."""

from flask import render_template
from flask_login import current_user
from markupsafe import Markup

from humasflow.metrics import policy, queries
from humasflow.metrics.services.fetching import AGES, adapter_tells
from humasflow.metrics.wording import in_order, name_of
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery


def numbers_panel(delivery: Delivery) -> Markup:
    """The newest numbers with their date and source, the earlier ones, and the way to write some down."""
    readings = queries.list_readings(delivery.post_id, delivery.id)
    tells = adapter_tells(delivery.account)
    is_own = delivery.account.adapter == "web"  # the own newsroom, which counts its readers itself
    readers = queries.readers_of([delivery.story_id])[delivery.story_id] if is_own else None
    latest = readings[0] if readings else None
    known = {**latest.numbers, **latest.others} if latest else {}
    # What the channel says it tells but did not is shown as such; what nobody ever asked about is not.
    shown = [n for n in in_order(tuple(known)) if known[n] is not None or n in tells]
    return Markup(  # noqa: S704 - a template's own output, escaped there
        render_template(
            "metrics/_numbers.html", delivery=delivery, readings=readings, latest=latest, shown=shown, known=known,
            name_of=name_of, tells=tells, readers=readers, last_age=AGES[-1], where=get_office(delivery.office_id),
            may_record=not policy.reasons_not_to_record(current_user, delivery),
        )
    )  # fmt: skip


PANELS = [numbers_panel]
