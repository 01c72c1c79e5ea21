"""Corrections of what was closed: the list of them, and writing one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.periods import parse_period
from humasflow.core.permissions import Permission
from humasflow.scoring import queries
from humasflow.scoring.forms.closing import AdjustmentForm
from humasflow.scoring.models import Component, ScoreScheme
from humasflow.scoring.queries.closing import list_adjustments, list_closed_periods, names_of, seen_of
from humasflow.scoring.services.adjusting import ADJUSTABLE, newest_adjustment, write_adjustment
from humasflow.scoring.services.booking import open_period
from humasflow.scoring.views.asked import asked_scheme
from humasflow.scoring.views.blueprint import blueprint


@blueprint.get("/capaian/penyesuaian")
@requires(Permission.SCORE_READ)
def adjustments() -> Any:
    """What was corrected after a period was closed, and the form for another correction."""
    scheme = asked_scheme(acting_office(current_user))
    return _page(scheme, _form(scheme, fresh=True))


@blueprint.post("/capaian/penyesuaian")
@requires(Permission.SCORE_CLOSE)
def adjust() -> Any:
    """Write a correction into the open period."""
    scheme = asked_scheme(acting_office(current_user))
    if scheme is None:
        raise NotFound
    form = _form(scheme)
    if form.validate_on_submit():
        key = form.adjusts.data
        try:
            line = write_adjustment(
                scheme, form.component.data, actor=current_user, quantity=form.quantity.data or Decimal(0),
                reason=form.reason.data or "", adjusts=parse_period(key) if key else None,
                document=form.document.data or "", seen=_seen_number(),
            )  # fmt: skip
        except Conflict as error:  # told of the newer one, the same form may come again
            form.fail(form.quantity, error.message)
            return _page(scheme, form), 409
        except UserError as error:
            form.fail(form.quantity, error.message)
        else:
            flash(
                _("Penyesuaian dicatat pada %(period)s.", period=parse_period(line.period).label), "success"
            )
            return redirect(url_for("scoring.adjustments", skema=scheme.id), code=303)
    return _page(scheme, form, seen_before=_seen_number()), 422


def _seen_number() -> int | None:
    """The newest adjustment that stood on the page the form came from, 0 for none; None when it does not say."""
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _form(scheme: ScoreScheme | None, *, fresh: bool = False) -> AdjustmentForm:
    form = AdjustmentForm(formdata=None) if fresh else AdjustmentForm()
    components: list[tuple[str, str]] = []
    closed: list[tuple[str, str]] = []
    if scheme is not None:
        components = [(c.key, c.label) for c in _components(scheme) if c.kind in ADJUSTABLE]
        keys = list(list_closed_periods(scheme.id))
        wanted = request.args.get("untuk", "") if fresh else request.form.get("adjusts", "")
        if wanted and wanted not in keys:  # an older one that is named is offered too
            keys += queries.closes_in_force(scheme.id, [wanted])
        closed = [(key, parse_period(key).label) for key in keys]
    form.offer(components=components, closed=closed)
    if fresh and request.args.get("untuk") in dict(closed):
        form.adjusts.data = request.args["untuk"]
    return form


def _components(scheme: ScoreScheme) -> Sequence[Component]:
    """Those of the period that an adjustment is written into."""
    version = queries.version_at(scheme, open_period(scheme, acting_office(current_user)).end)
    return version.components if version is not None else ()


def _not_here(scheme: ScoreScheme) -> tuple[list[str], list[str]]:
    """The names of what cannot be adjusted: what publications do not add up to, and what the rules no longer have."""
    present = _components(scheme)
    kept = {c.key for c in present}
    measured = [c.label for c in present if c.kind not in ADJUSTABLE]
    dropped = {
        c.key: c.label for version in queries.active_versions(scheme) for c in version.components
        if c.key not in kept and c.kind in ADJUSTABLE
    }  # fmt: skip
    return measured, list(dropped.values())


def _page(scheme: ScoreScheme | None, form: AdjustmentForm, *, seen_before: int | None = None) -> str:
    newest = newest_adjustment(scheme) if scheme is not None and seen_before is None else None
    office = acting_office(current_user)
    found = list_adjustments(office.id, scheme.id, cursor=request.args.get("setelah")) if scheme else None
    versions = {v.id: v for v in scheme.versions} if scheme is not None else {}
    labels = {(v.id, c.key): c.label for v in versions.values() for c in v.components}
    measured, dropped = _not_here(scheme) if scheme is not None else ([], [])
    return render_template(
        "scoring/adjustments.html", scheme=scheme, schemes=queries.list_schemes(office.id, with_inactive=True),
        found=found, labels=labels, form=form, period_of_key=lambda key: parse_period(key).label,
        names=names_of(line.actor_id for line in found if line.actor_id) if found else {},
        seen=seen_of((line.delivery_id for line in found or () if line.delivery_id), current_user.id),
        may_write=scheme is not None and current_user.can(Permission.SCORE_CLOSE, office.id),
        newest_seen=seen_before if seen_before is not None else newest.id if newest is not None else 0,
        measured=measured, dropped=dropped,
        open_label=open_period(scheme, office).label if scheme is not None else "",
    )  # fmt: skip
