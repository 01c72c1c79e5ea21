"""The builder of a draft: its components and weights, the rules around them, and the step that lets it count."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Form

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.channels.queries import list_accounts, list_kinds
from humasflow.core.errors import Conflict, UserError
from humasflow.core.forms import NumberField
from humasflow.core.guards import requires
from humasflow.core.periods import parse_period, period_of
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import list_sections
from humasflow.planning.campaigns.queries import campaigns_by_id, list_open_campaigns
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring import queries
from humasflow.scoring.comparison import compare_versions
from humasflow.scoring.completeness import exact_text, plain, problem_of_weight, problems_of, sum_of_weights
from humasflow.scoring.enums import ComponentKind, VersionState
from humasflow.scoring.forms.components import ANY, ComponentForm, component_data, judged_like
from humasflow.scoring.forms.schemes import ActivateForm, RulesForm, longer, rules_data
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.naming import names_in
from humasflow.scoring.presets import get_preset
from humasflow.scoring.services import schemes as services
from humasflow.scoring.targeting import takes_target
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.schemes import version_number
from humasflow.scoring.wording import describe, describe_rules, describe_selection, kind_hint, phrases

BASE = "/pengaturan/skema/konsep/<int:draft_id>"


class WeightForm(Form):
    """The weight of one component in the table of all."""

    weight = NumberField()


def get_draft(draft_id: int) -> SchemeVersion:
    """A version of this office. What already counts is shown on its scheme's own page instead."""
    found = queries.get_scheme_version(acting_office(current_user).id, draft_id)
    if found.state is not VersionState.DRAFT and request.method == "GET":
        abort(redirect(url_for("scoring.scheme", scheme_id=found.scheme_id, versi=found.number)))
    return found


@blueprint.post("/pengaturan/skema/<int:scheme_id>/konsep")
@requires(Permission.SCORE_MANAGE)
def start_draft(scheme_id: int) -> Any:
    """A draft of the next version, a copy of the newest rules; the one that is there already is opened."""
    scheme = queries.get_scheme(acting_office(current_user).id, scheme_id)
    draft = services.start_draft(scheme, actor=current_user)
    return redirect(url_for("scoring.draft", draft_id=draft.id), code=303)


@blueprint.route(BASE, methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def draft(draft_id: int) -> Any:
    """The draft: every component in a sentence with its weight, what is still missing, and where to go on."""
    version = get_draft(draft_id)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        weights, errors = _typed_weights(version)
        try:
            if not errors:
                services.save_weights(
                    version,
                    weights,
                    actor=current_user,
                    row_version=version_number(request.form.get("row_version")),
                )
                flash(_("Bobot disimpan."), "success")
                return redirect(url_for("scoring.draft", draft_id=version.id), code=303)
            status = 422
        except Conflict:
            status = 409
    names = names_in(version.scheme.office_id, [version])
    return render_template(
        "scoring/scheme_draft.html", version=version, scheme=version.scheme, names=names, errors=errors,
        weights=_shown_weights(version), problems=problems_of(version),
        total=sum_of_weights(version), plain=plain, preset=get_preset(version.scheme.preset), describe=describe,
        describe_rules=describe_rules, describe_selection=describe_selection, phrases=phrases,
        in_force=queries.newest_version(version.scheme), conflict=status == 409,
    ), status  # fmt: skip


def _shown_weights(version: SchemeVersion) -> dict[str, str]:
    """What was typed, else what is stored, in the way in which it can be typed again."""
    kept = {c.key: exact_text(c.weight).replace(".", ",") for c in version.components}
    return {key: request.form.get(f"weight-{key}", text) for key, text in kept.items()}


def _typed_weights(version: SchemeVersion) -> tuple[dict[str, Decimal], dict[str, str]]:
    weights: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    for component in version.components:
        name = f"weight-{component.key}"
        if name not in request.form:
            continue
        form = WeightForm(ImmutableMultiDict([("weight", request.form[name])]))
        form.validate()
        number = form.weight.data
        if form.weight.errors:
            errors[component.key] = str(form.weight.errors[0])
        elif number is not None and (problem := problem_of_weight(number)):
            errors[component.key] = problem
        else:
            weights[component.key] = number or Decimal(0)
    return weights, errors


@blueprint.route(f"{BASE}/aturan", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def draft_rules(draft_id: int) -> Any:
    """Rounding, caps, consolidation, bands and conversion."""
    version = get_draft(draft_id)
    form = RulesForm(data=rules_data(version) if request.method == "GET" else None)
    form.offer(version)
    more = request.method == "POST" and "more" in request.form
    if more:
        longer(form.bands)
        longer(form.segments)
    status, meanwhile = 200, False
    if not more and form.validate_on_submit():
        try:
            services.save_rules(
                version, form.spec(), actor=current_user, row_version=version_number(form.row_version.data)
            )
        except Conflict:
            form.row_version.data, meanwhile, status = str(version.row_version), True, 409
        else:
            flash(_("Aturan konsep disimpan."), "success")
            return redirect(url_for("scoring.draft", draft_id=version.id), code=303)
    return render_template(
        "scoring/scheme_rules.html",
        version=version,
        scheme=version.scheme,
        form=form,
        meanwhile=meanwhile,
        stands=" ".join(describe_rules(version, version.scheme.period_type)),
    ), 422 if form.errors else status


@blueprint.route(f"{BASE}/komponen", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def new_component(draft_id: int) -> Any:
    """A further component: first its kind, then its form."""
    version = get_draft(draft_id)
    kind = _asked_kind(None)
    if kind is None:
        return render_template(
            "scoring/scheme_kinds.html", version=version, scheme=version.scheme, kinds=ComponentKind,
            kind_hint=kind_hint,
        )  # fmt: skip
    return _component_form(version, None, kind)


@blueprint.route(f"{BASE}/komponen/<key>", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def draft_component(draft_id: int, key: str) -> Any:
    """One component; ``?jenis=`` shows it as another kind before it is saved as one. Where somebody else took it out
    meanwhile, what was typed is kept and can be saved as a new one.
    """
    version = get_draft(draft_id)
    kind = _asked_kind(None)
    if request.method == "POST" and kind is not None and all(c.key != key for c in version.components):
        return _component_form(version, None, kind)
    component = services.component_of(version, key)
    return _component_form(version, component, kind or component.kind)


def _asked_kind(otherwise: ComponentKind | None) -> ComponentKind | None:
    text = request.form.get("kind") or request.args.get("jenis", "")
    if not text:
        return otherwise
    try:
        return ComponentKind(text)
    except ValueError:
        abort(404)


def _component_form(version: SchemeVersion, component: Component | None, kind: ComponentKind) -> Any:
    form = ComponentForm(data=_initial(version, component, kind) if request.method == "GET" else None)
    more = request.method == "POST" and "more" in request.form
    if more:
        longer(form.points)
    form.offer(_choices(version.scheme.office_id, component), component, kind)
    status, meanwhile = 200, False
    if not more and form.validate_on_submit():
        try:
            services.save_component(
                version, form.spec(kind, component.key if component else ""), actor=current_user,
                key=component.key if component else None, row_version=version_number(form.row_version.data),
            )  # fmt: skip
        except Conflict:
            form.row_version.data, meanwhile, status = str(version.row_version), True, 409
        except UserError as error:
            form.fail(form.label, error.message)
        else:
            flash(_("Komponen “%(label)s” disimpan di konsep.", label=form.label.data), "success")
            return redirect(url_for("scoring.draft", draft_id=version.id), code=303)
    return render_template(
        "scoring/scheme_component.html", version=version, scheme=version.scheme, form=form, kind=kind,
        component=component, kinds=ComponentKind, kind_hint=kind_hint, meanwhile=meanwhile,
        stands=_as_it_stands(version, component) if meanwhile else "",
    ), 422 if form.errors else status  # fmt: skip


def _as_it_stands(version: SchemeVersion, component: Component | None) -> str:
    """What somebody else just saved, for who was writing on the same: the component, else all of them."""
    period_type, names = version.scheme.period_type, names_in(version.scheme.office_id, [version])
    shown = version.components if component is None else [component]
    return " · ".join(
        f"{describe(c, None, period_type, names=names)}. {describe_selection(c, names)}".strip()
        for c in shown
    )


def _initial(version: SchemeVersion, component: Component | None, kind: ComponentKind) -> dict[str, Any]:
    data = component_data(component, kind)
    if component is None and kind is ComponentKind.RUBRIC:
        data |= judged_like(version.components)
    return data | {"row_version": str(version.row_version)}


def _choices(office_id: int, component: Component | None) -> dict[str, list[tuple[Any, str]]]:
    """What may be chosen: what is in use, and what the component has chosen already, also where the office does not
    have it (taken over from an office above): a box that is not shown would be lost with the next save, and no choice
    means all.
    """
    types = set(component.content_types) if component else set()
    kinds = set(component.channel_kinds) if component else set()
    for pair in component.parameters.get("points", {}) if component else ():
        content_type, _mark, channel_kind = str(pair).partition("|")
        types.add(content_type)
        kinds.add(channel_kind)
    accounts = set(component.account_ids) if component else set()
    pillars, sections = (
        (set(component.pillar_ids), set(component.section_ids)) if component else (set(), set())
    )
    campaigns = set(component.campaign_ids) if component else set()
    known_types = list_content_types(office_id, with_inactive=True)
    known_kinds = list_kinds(office_id)
    known_campaigns = {c.id: c.name for c in list_open_campaigns(office_id)}
    chosen = campaigns_by_id(campaigns)
    known_campaigns |= {i: c.name for i, c in chosen.items() if c.office_id == office_id}
    return {
        "content_types": _kept([(t.code, t.label, t.is_active) for t in known_types], types - {ANY}),
        "channel_kinds": _kept([(k.code, k.label, k.is_active) for k in known_kinds], kinds - {ANY}),
        "account_ids": _kept(
            [(a.id, a.name, a.is_active) for a in list_accounts(office_id, with_inactive=True)], accounts
        ),
        "pillar_ids": _kept(
            [(p.id, p.name, p.is_active) for p in list_pillars(office_id, with_inactive=True)], pillars
        ),
        "campaign_ids": _kept([(i, name, True) for i, name in known_campaigns.items()], campaigns),
        "section_ids": _kept(
            [(s.id, s.name, s.is_active) for s in list_sections(office_id, with_inactive=True)], sections
        ),
    }


def _kept(known: Sequence[tuple[Any, str, bool]], chosen: set[Any]) -> list[tuple[Any, str]]:
    """Choices: what is active or chosen, then what is chosen and unknown here, by its code."""
    offered = [(value, label) for value, label, active in known if active or value in chosen]
    missing = sorted(chosen - {value for value, _label, _active in known})
    return [*offered, *((value, _("%(code)s (belum ada di kantor ini)", code=value)) for value in missing)]


def _opened_with() -> int:
    """The version of the draft that the page was showing when its button was pressed."""
    return version_number(request.form.get("row_version"))


@blueprint.post(f"{BASE}/komponen/<key>/urut")
@requires(Permission.SCORE_MANAGE)
def move_component(draft_id: int, key: str) -> Any:
    """One place up or down."""
    version = get_draft(draft_id)
    services.move_component(version, key, up=request.args.get("arah") == "naik", actor=current_user)
    return redirect(url_for("scoring.draft", draft_id=version.id), code=303)


@blueprint.post(f"{BASE}/komponen/<key>/hapus")
@requires(Permission.SCORE_MANAGE)
def remove_component(draft_id: int, key: str) -> Any:
    """Take a component out of the draft."""
    version = get_draft(draft_id)
    label = services.component_of(version, key).label
    services.remove_component(version, key, actor=current_user, row_version=_opened_with())
    flash(_("“%(label)s” dikeluarkan dari konsep.", label=label), "success")
    return redirect(url_for("scoring.draft", draft_id=version.id), code=303)


@blueprint.post(f"{BASE}/buang")
@requires(Permission.SCORE_MANAGE)
def discard_draft(draft_id: int) -> Any:
    """Throw the draft away."""
    version = get_draft(draft_id)
    scheme_id = version.scheme_id
    gone = services.discard_draft(version, actor=current_user, row_version=_opened_with())
    flash(_("Konsep dibuang. Yang berlaku tidak berubah."), "success")
    to = url_for("scoring.schemes") if gone else url_for("scoring.scheme", scheme_id=scheme_id)
    return redirect(to, code=303)


@blueprint.route(f"{BASE}/berlakukan", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def activate_draft(draft_id: int) -> Any:
    """What will change, from when on, and the button that does it."""
    version = get_draft(draft_id)
    scheme, office = version.scheme, acting_office(current_user)
    starts = services.possible_starts(scheme, today_at(office))
    this = period_of(scheme.period_type, today_at(office))
    first = next((p.key for p in reversed(starts) if p.start >= this.start), starts[0].key if starts else "")
    form = ActivateForm(
        data={"effective_from": first, "row_version": str(version.row_version)}
        if request.method == "GET" else None
    )  # fmt: skip
    form.effective_from.choices = [(p.key, p.label) for p in starts]
    status = 200
    if form.validate_on_submit():
        period = parse_period(form.effective_from.data, scheme.period_type)
        try:
            services.activate_version(
                version, actor=current_user, effective_from=period, note=form.note.data or "",
                row_version=version_number(form.row_version.data),
            )  # fmt: skip
        except Conflict as error:
            form.row_version.data, status = str(version.row_version), 409
            form.fail(form.effective_from, error.message)
        except UserError as error:
            form.fail(form.effective_from, error.message)
        else:
            flash(_("Skema berlaku mulai %(period)s. Publikasi sejak itu dihitung ulang sebentar lagi.",
                    period=period.label), "success")  # fmt: skip
            return redirect(_after(version, period.key), code=303)
    in_force = queries.newest_version(scheme)
    names = names_in(office.id, [version, in_force])
    return render_template(
        "scoring/scheme_activate.html", version=version, scheme=scheme, form=form, problems=problems_of(version),
        differences=compare_versions(in_force, version, scheme.period_type, names) if in_force else [],
        in_force=in_force, names=names, describe=describe, describe_rules=describe_rules, starts=starts,
        replaces=[p for p in starts if services.replaced_by(scheme, p)], period_of=period_of,
    ), status if status == 409 else (422 if form.errors else 200)  # fmt: skip


def _after(version: SchemeVersion, period_key: str) -> str:
    """Where to go on: to the targets that the new rules ask for, else to the scheme."""
    targets = queries.targets_of(version.scheme.office_id, version.scheme_id, period_key)
    if any(takes_target(c) and c.key not in targets for c in version.components):
        return url_for("scoring.targets", skema=version.scheme_id, periode=period_key)
    return url_for("scoring.scheme", scheme_id=version.scheme_id)
