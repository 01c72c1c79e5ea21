"""Writing down what the channel shows of a publication."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels.adapters.base import METRICS
from humasflow.core import clock
from humasflow.core.errors import NotFound, Refused
from humasflow.core.guards import signed_in
from humasflow.core.localtime import from_local, to_local
from humasflow.metrics import policy, services
from humasflow.metrics.forms import NumbersForm
from humasflow.metrics.services import NothingRecorded, WrongTime
from humasflow.metrics.views.blueprint import blueprint
from humasflow.orgs.queries import get_office
from humasflow.publishing import queries as publishing


@blueprint.route("/publikasi/<int:post_id>/angka", methods=["GET", "POST"])
@signed_in
def record(post_id: int) -> Any:
    """Catat angka: for whoever posts on the account, and for whoever records numbers."""
    post = publishing.get_post_for(current_user, post_id)
    delivery = publishing.get_current_delivery(post)
    if delivery is None:
        raise NotFound
    reasons = policy.reasons_not_to_record(current_user, delivery)
    if reasons:
        raise Refused(reasons)
    office = get_office(post.office_id)
    local = to_local(clock.now(), office.zone_name)
    form = NumbersForm(seen_on=local.date(), seen_time=local.time().replace(second=0, microsecond=0))
    day, hour = form.seen_on.data, form.seen_time.data
    if form.is_submitted() and form.validate() and day is not None and hour is not None:
        try:
            services.record_numbers(
                delivery, actor=current_user, numbers=form.numbers(),
                seen_at=from_local(day, hour, office.zone_name),
            )  # fmt: skip
        except WrongTime as error:
            form.fail(form.seen_time, error.message)
        except NothingRecorded as error:
            form.fail(form[METRICS[0]], error.message)
        else:
            flash(_("Angkanya tercatat. Catatan sebelumnya tetap ada."), "success")
            return redirect(url_for("publishing.detail", post_id=post.id), code=303)
    page = render_template(
        "metrics/record.html", post=post, delivery=delivery, form=form, names=METRICS, where=office
    )
    return (page, 422) if form.is_submitted() else page
