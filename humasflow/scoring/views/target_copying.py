"""Copying the targets of an earlier period: a preview, then one button."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.core.guards import requires
from humasflow.core.periods import Period, PeriodError, parse_period
from humasflow.core.permissions import Permission
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.forms.targets import CopyTargetsForm
from humasflow.scoring.queries.targets import newest_period_before
from humasflow.scoring.services.copying_targets import Copied, Fate, copy_targets, plan_copy
from humasflow.scoring.services.targets import TargetsRefused, ensure_period_open, shown_value
from humasflow.scoring.target_grid import owner_names
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.targets import Shown, asked_targets

LISTED = 200  # rows of the preview; the rest is counted


@blueprint.route("/pengaturan/sasaran/salin", methods=["GET", "POST"], endpoint="copy_targets")
@requires(Permission.SCORE_MANAGE)
def copy_targets_page() -> Any:
    """What would be copied from the last period with targets, and the form that does it."""
    shown, _schemes = asked_targets()
    if shown is None:
        return render_template("scoring/no_scheme.html", sets=True)
    ensure_period_open(shown.scheme, shown.period)
    back = url_for("scoring.targets", periode=shown.period.key, skema=shown.scheme.id)
    source = _asked_source(shown)
    if source is None:
        return render_template("scoring/targets_copy.html", shown=shown, source=None, back=back)
    planned = plan_copy(shown.scheme, source=source, into=shown.period)
    counts = _counts(planned)
    form = CopyTargetsForm()
    form.scopes.choices = [
        SelectChoice(s, _("%(scope)s: %(n)s sasaran", scope=s.label, n=counts[s]))
        for s in TargetScope
        if counts.get(s)
    ]
    if request.method == "GET":
        form.scopes.data = [s for s in TargetScope if counts.get(s)]
    if form.validate_on_submit():
        try:
            made = copy_targets(
                shown.scheme, actor=current_user, source=source, into=shown.period,
                scopes=form.scopes.data or (), letter=form.letter.data or "",
            )  # fmt: skip
        except TargetsRefused as refused:
            form.fail(form.letter, refused.message)
        else:
            flash(
                _("%(n)s sasaran disalin dari %(period)s.", n=len(made), period=source.label)
                if made
                else _("Tidak ada yang perlu disalin."),
                "success",
            )
            return redirect(back, code=303)
    rows = planned[:LISTED]
    return render_template(
        "scoring/targets_copy.html",
        shown=shown, source=source, back=back, form=form, rows=rows, more=len(planned) - len(rows), fates=Fate,
        number=sum(counts.values()), labels={c.key: c.label for v in shown.scheme.versions for c in v.components},
        shown_value=shown_value, owners=owner_names(shown.office.id, [c.source for c in rows]),
    ), 422 if form.errors else 200  # fmt: skip


def _asked_source(shown: Shown) -> Period | None:
    """The period that ``?dari=`` names, if it is an earlier one of this scheme; else the last with targets."""
    key = request.args.get("dari") or newest_period_before(shown.scheme, shown.period.key) or ""
    try:
        found = parse_period(key, shown.scheme.period_type)
    except PeriodError:
        return None
    return found if found.key < shown.period.key else None


def _counts(planned: list[Copied]) -> dict[TargetScope, int]:
    """How many would be set, by scope."""
    counts: dict[TargetScope, int] = {}
    for row in planned:
        if row.fate is Fate.NEW:
            counts[row.source.scope] = counts.get(row.source.scope, 0) + 1
    return counts
