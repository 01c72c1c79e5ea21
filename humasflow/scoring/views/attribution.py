"""How an office divides a publication between those who made it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.publishing.models import Delivery
from humasflow.scoring.forms.attribution import AttributionForm
from humasflow.scoring.models import AttributionPolicy
from humasflow.scoring.queries.attribution import (
    Example,
    list_examples,
    list_policies,
    newest_policy_id,
    policy_in_force,
)
from humasflow.scoring.services.attribution import Part, policy_at
from humasflow.scoring.services.attribution_policy import SharesRefused, set_policy, work_out
from humasflow.scoring.views.asked import asked_number
from humasflow.scoring.views.blueprint import blueprint


@blueprint.route("/pengaturan/pembagian", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def attribution() -> Any:
    """The shares in force, the form for new ones, an example on a real publication, and every earlier policy."""
    office = acting_office(current_user)
    today = today_at(office)
    in_force = policy_at(office.id, today)
    form = AttributionForm()
    status, seen = 200, newest_policy_id(office.id)
    if form.is_submitted():
        status = _save(form, office)
        if not status:
            return redirect(url_for("scoring.attribution"), code=303)
        if status != Conflict.status:  # who is not told of a newer one has not seen it
            seen = _seen_number()
    else:
        for part, per_cent in in_force.items():
            form[part.value].data = per_cent.normalize()
        form.effective_from.data = today
    shares = _shares(form) if form.is_submitted() else in_force
    total = sum(shares.values(), Decimal(0))
    examples = list_examples(current_user.id, office.id)
    chosen = _chosen(examples)
    works = chosen is not None and sum(shares.values()) > 0 and min(shares.values()) >= 0
    policies = list_policies(office.id)
    return render_template(
        "scoring/attribution.html", form=form, parts=[(p, form[p.value]) for p in Part], total=total,
        seen=seen, since=policy_in_force(office.id, today), today=today, part_type=Part,
        examples=examples, chosen=chosen,
        credited=work_out(db.session.get_one(Delivery, chosen.delivery_id), shares) if works and chosen else [],
        policies=policies, coming=_coming([row.policy for row in policies], today),
    ), status  # fmt: skip


def _coming(policies: Sequence[AttributionPolicy], today: date) -> AttributionPolicy | None:
    """The next one that takes the place of what is in force."""
    later = (policy for policy in policies if policy.effective_from > today)
    return min(later, key=lambda policy: (policy.effective_from, -policy.id), default=None)


def _save(form: AttributionForm, office: Any) -> int:
    """Save, or only work the example out. Returns 0 when saved, else the status with which the page comes back."""
    valid = form.validate()
    if request.form.get("aksi") == "contoh":
        return 200 if valid else 422
    shares = _shares(form)
    try:
        if valid and form.effective_from.data:
            made = set_policy(
                office, actor=current_user, shares=shares, effective_from=form.effective_from.data,
                note=form.note.data or "", seen=_seen_number(),
            )  # fmt: skip
            flash(_("Pembagian disimpan.") if made else _("Tidak ada yang berubah."), "success")
            return 0
    except SharesRefused as refused:
        for part, text in refused.problems.items():
            form.fail(form[part.value], text)
        if not refused.problems:
            form.form_errors = [*form.form_errors, refused.message]
    except Conflict as conflict:
        form.form_errors = [*form.form_errors, conflict.message]
        return conflict.status
    except UserError as refused_date:
        form.fail(form.effective_from, refused_date.message)
    return 422


def _shares(form: AttributionForm) -> Mapping[Part, Decimal]:
    return {part: form[part.value].data or Decimal(0) for part in Part}


def _seen_number() -> int:
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _chosen(examples: Sequence[Example]) -> Example | None:
    """The publication that ``?contoh=`` names, else the newest of those of which the most is known."""
    wanted = asked_number("contoh")
    named = next((e for e in examples if e.delivery_id == wanted), None)
    return named or max(examples, key=lambda e: e.makers, default=None)
