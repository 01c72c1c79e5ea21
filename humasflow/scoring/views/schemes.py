"""Schemes of an office: the list, what each says in plain words, how one begins, and what changed between versions."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.channels.queries import list_kinds
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.periods import PeriodType, period_of
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_offices_above
from humasflow.scoring import queries
from humasflow.scoring.comparison import compare_versions
from humasflow.scoring.enums import VersionState
from humasflow.scoring.forms.schemes import DescribeSchemeForm, NewSchemeForm
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.naming import names_in
from humasflow.scoring.presets import get_preset, list_presets
from humasflow.scoring.services import schemes as services
from humasflow.scoring.views.asked import asked_number
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.wording import describe, describe_rules, describe_selection


@blueprint.get("/pengaturan/skema")
@requires(Permission.SCORE_MANAGE)
def schemes() -> str:
    """The office's schemes in plain words, each with its draft."""
    office = acting_office(current_user)
    found = queries.list_schemes(office.id, with_inactive=True)
    today = today_at(office)
    return render_template(
        "scoring/schemes.html",
        lines=[_line(scheme, today) for scheme in found],
        names=names_in(office.id, [version for scheme in found for version in scheme.versions]),
        describe=describe,
        describe_selection=describe_selection,
        period_of=period_of,
    )


def _line(scheme: ScoreScheme, today: Any) -> dict[str, Any]:
    in_force = queries.version_at(scheme, today)
    newest = queries.newest_version(scheme)
    return {
        "scheme": scheme,
        "version": in_force or newest,
        "coming": newest if newest is not in_force else None,
        "draft": next((v for v in scheme.versions if v.state is VersionState.DRAFT), None),
    }


@blueprint.get("/pengaturan/skema/<int:scheme_id>")
@requires(Permission.SCORE_READ)
def scheme(scheme_id: int) -> str:
    """One scheme read back: its rules in sentences, its targets of this period, and every version."""
    office = acting_office(current_user)
    found = queries.get_scheme(office.id, scheme_id)
    today = today_at(office)
    period = period_of(found.period_type, today)
    wanted = asked_number("versi")
    version = next(
        (v for v in queries.active_versions(found) if v.number == wanted),
        queries.version_at(found, period.end) or queries.newest_version(found),
    )
    return render_template(
        "scoring/scheme.html",
        **_line(found, period.end) | {"version": version},
        period=period,
        targets=queries.targets_of(office.id, found.id, period.key),
        names=names_in(office.id, [version]),
        versions=sorted(queries.active_versions(found), key=lambda v: -v.number),
        preset=get_preset(found.preset),
        origin=_origin(office, found),
        describe=describe,
        describe_rules=describe_rules,
        describe_selection=describe_selection,
        period_of=period_of,
    )


def _origin(office: Unit, scheme: ScoreScheme) -> Unit | None:
    """The office above whose scheme this one took over."""
    if scheme.origin_id is None:
        return None
    above = {unit.id: unit for unit in list_offices_above(office)}
    return next(
        (above[s.office_id] for s in queries.list_schemes_above(office) if s.id == scheme.origin_id), None
    )


@blueprint.route("/pengaturan/skema/baru", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def new_scheme() -> Any:
    """Begin a scheme: with a preset, the scheme of an office above, or nothing."""
    office = acting_office(current_user)
    above = list(queries.list_schemes_above(office))
    offices = {unit.id: unit.name for unit in list_offices_above(office)}
    form = NewSchemeForm()
    form.offer([(k.code, k.label) for k in list_kinds(office.id) if k.is_active], above)
    if form.validate_on_submit():
        try:
            draft = _begin(form, office, above)
        except UserError as error:
            form.fail(form.name, error.message)
        else:
            flash(_("Konsep skema siap. Belum ada yang dihitung sebelum Anda memberlakukannya."), "success")
            return redirect(url_for("scoring.draft", draft_id=draft.id), code=303)
    return render_template(
        "scoring/scheme_new.html", form=form, above=above, offices=offices,
        presets={preset.code: preset for preset in list_presets()},
    ), 422 if form.errors else 200  # fmt: skip


def _begin(form: NewSchemeForm, office: Unit, above: list[ScoreScheme]) -> SchemeVersion:
    name, basis = form.name.data or "", form.legal_basis.data or ""
    preset = form.preset
    if preset is not None:
        kinds = {kind.code: kind.label for kind in list_kinds(office.id)}
        channel = form.channel_kind.data or "" if preset.per_channel else ""
        own = f"{preset.name}: {kinds[channel]}" if channel else preset.name
        return services.start_from_preset(
            office, preset, actor=current_user, name=name or own, legal_basis=basis, channel_kind=channel
        )
    if form.origin_id is not None:
        origin = next((s for s in above if s.id == form.origin_id), None)
        if origin is None:
            raise NotFound
        return services.take_over(office, origin, actor=current_user, name=name)
    scheme = services.create_scheme(
        office.id, actor=current_user, name=name, issuer=form.issuer.data or "", legal_basis=basis,
        period_type=PeriodType(form.period_type.data),
    )  # fmt: skip
    return services.start_draft(scheme, actor=current_user)


@blueprint.route("/pengaturan/skema/<int:scheme_id>/keterangan", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def edit_scheme(scheme_id: int) -> Any:
    """What a scheme is called and where it comes from."""
    found = queries.get_scheme(acting_office(current_user).id, scheme_id)
    form = DescribeSchemeForm(
        data={"name": found.name, "issuer": found.issuer, "legal_basis": found.legal_basis,
              "row_version": str(found.row_version)}
        if request.method == "GET" else None
    )  # fmt: skip
    status, meanwhile = 200, False
    if form.validate_on_submit():
        try:
            services.describe_scheme(
                found, actor=current_user, name=form.name.data or "", issuer=form.issuer.data or "",
                legal_basis=form.legal_basis.data or "", row_version=version_number(form.row_version.data),
            )  # fmt: skip
        except Conflict:
            form.row_version.data, meanwhile, status = str(found.row_version), True, 409
        except UserError as error:
            form.fail(form.name, error.message)
        else:
            flash(_("Keterangan skema disimpan."), "success")
            return redirect(url_for("scoring.scheme", scheme_id=found.id), code=303)
    return render_template(
        "scoring/scheme_edit.html", form=form, scheme=found, meanwhile=meanwhile
    ), 422 if form.errors else status


def version_number(text: str | None) -> int:
    """The version that a form was opened with. A form without one is out of date by definition."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@blueprint.get("/pengaturan/skema/<int:scheme_id>/banding")
@requires(Permission.SCORE_READ)
def compare_scheme(scheme_id: int) -> Any:
    """Two versions beside each other; without numbers the two newest."""
    office = acting_office(current_user)
    found = queries.get_scheme(office.id, scheme_id)
    readable = [
        v for v in found.versions
        if v.state is VersionState.ACTIVE or current_user.can(Permission.SCORE_MANAGE, office.id)
    ]  # fmt: skip
    if len(readable) < 2:
        return redirect(url_for("scoring.scheme", scheme_id=found.id))
    by_number = {v.number: v for v in readable}
    new = by_number.get(asked_number("baru") or readable[-1].number)
    older = [v for v in readable if new is not None and v.number < new.number] or readable
    old = by_number.get(asked_number("lama") or older[-1].number)
    if old is None or new is None:
        abort(404)
    names = names_in(office.id, [old, new])
    return render_template(
        "scoring/scheme_compare.html", scheme=found, old=old, new=new, versions=readable,
        differences=compare_versions(old, new, found.period_type, names), period_of=period_of,
    )  # fmt: skip


@blueprint.post("/pengaturan/skema/<int:scheme_id>/aktif")
@requires(Permission.SCORE_MANAGE)
def toggle_scheme(scheme_id: int) -> Any:
    """Use a scheme, or put it aside."""
    found = queries.get_scheme(acting_office(current_user).id, scheme_id)
    active = request.form.get("aktif") == "1"
    services.set_active(found, actor=current_user, active=active)
    flash(
        _("Skema dipakai lagi.") if active else _("Skema tidak dipakai lagi. Catatannya tetap tersimpan."),
        "success",
    )
    return redirect(url_for("scoring.schemes"), code=303)
