"""A draft tried on a real period. Reading only: nothing here writes."""

from decimal import Decimal
from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.scoring import queries
from humasflow.scoring.calculation import CalculationError, Goal
from humasflow.scoring.calculation.numbers import exact
from humasflow.scoring.completeness import problems_of
from humasflow.scoring.enums import Polarity
from humasflow.scoring.forms.schemes import GoalForm
from humasflow.scoring.models import SchemeVersion, Target
from humasflow.scoring.standing.evaluating import goal_of
from humasflow.scoring.standing.trial import try_version
from humasflow.scoring.targeting import takes_target
from humasflow.scoring.views.asked import asked_period, neighbour
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.scheme_drafts import BASE, get_draft


@blueprint.get(f"{BASE}/coba")
@requires(Permission.SCORE_MANAGE)
def try_draft(draft_id: int) -> Any:
    """The publications of a period under the draft, beside the rules that are in force."""
    version = get_draft(draft_id)
    office = acting_office(current_user)
    period = asked_period(office, version.scheme)
    targets = queries.targets_of(office.id, version.scheme_id, period.key)
    forms = _goal_forms(version, targets)
    goals = {key: goal_of(target) for key, target in targets.items()}
    goals |= {key: _goal(form) for key, form in forms.items() if form.validate()}
    broken = [problem for problem in problems_of(version) if problem.key]
    as_verified = request.args.get("semua") == "1"
    trial = None
    if not broken:
        try:
            trial = try_version(
                office, version, period, goals, reader_id=current_user.id,
                now=queries.version_at(version.scheme, period.end), as_verified=as_verified,
            )  # fmt: skip
        except CalculationError:
            broken = problems_of(version)
    return render_template(
        "scoring/scheme_trial.html", version=version, scheme=version.scheme, period=period, trial=trial, forms=forms,
        broken=broken, as_verified=as_verified, problems=problems_of(version), Polarity=Polarity,
        before=neighbour(period, -1), after=neighbour(period, 1), as_set=_as_set(targets),
        typed=_typed(forms, targets, as_verified=as_verified),
    ), 422 if any(form.errors for form in forms.values()) else 200  # fmt: skip


def _goal_forms(version: SchemeVersion, targets: dict[str, Target]) -> dict[str, GoalForm]:
    """A field for each target that the draft needs; what was typed goes before what is set."""
    forms = {}
    for component in version.components:
        if not takes_target(component):
            continue
        prefix = f"sasaran-{component.key}-"
        typed = request.args if f"{prefix}value" in request.args else None
        forms[component.key] = GoalForm(typed, prefix=prefix, data=_data_of(targets.get(component.key)))
    return forms


def _data_of(target: Target | None) -> dict[str, Decimal | None]:
    return {} if target is None else {"value": target.value, "upper": target.upper}


def _as_set(targets: dict[str, Target]) -> dict[str, tuple[str, str]]:
    """What the fields of each component show before anything is typed: the target of this period and its upper end."""
    return {key: (_text(target.value), _text(target.upper)) for key, target in targets.items()}


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}".replace(".", ",")


def _typed(forms: dict[str, GoalForm], targets: dict[str, Target], *, as_verified: bool) -> dict[str, str]:
    """What goes along to another period: targets that are not those of this one, as they were typed. What is merely set
    here stays here: another period has its own.
    """
    found: dict[str, str] = {}
    for key, form in forms.items():
        target = targets.get(key)
        set_here = (target.value, target.upper) if target else (None, None)
        if form.errors or (form.value.data, form.upper.data) != set_here:
            found |= {field.name: request.args[field.name] for field in form if field.name in request.args}
    return found | ({"semua": "1"} if as_verified else {})


def _goal(form: GoalForm) -> Goal | None:
    value, upper = form.value.data, form.upper.data
    return None if value is None else Goal(exact(value), None if upper is None else exact(upper))
