"""The standing, what is behind each number, verification, and the administration of schemes and targets."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.channels.queries import list_kinds
from humasflow.core.errors import NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import zone
from humasflow.core.periods import PeriodError, Quarter
from humasflow.core.permissions import Permission
from humasflow.core.urls import safe_local_target
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import get_delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.forms import DisputeForm, SchemeForm, TargetsForm, VerifyForm
from humasflow.scoring.in_progress import ComingPost, list_coming
from humasflow.scoring.models import Component
from humasflow.scoring.policy import matches
from humasflow.scoring.services import schemes as scheme_services
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing import get_standing

blueprint = Blueprint("scoring", __name__)
SPARE_ROWS = 2


def _quarter(office: Unit) -> Quarter:
    key = request.args.get("tw", "")
    try:
        return Quarter.parse(key) if key else Quarter.from_local_date(today_at(office))
    except PeriodError:
        abort(404)


def _int_arg(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


@blueprint.get("/capaian/")
@requires(Permission.SCORE_READ)
def standing() -> str:
    """How far the office is in a quarter, what is missing, and how fast it would have to come."""
    office = acting_office(current_user)
    quarter = _quarter(office)
    found = get_standing(office, quarter, scheme_id=_int_arg("skema"))
    schemes = queries.list_schemes(office.id)
    return render_template(
        "scoring/standing.html",
        standing=found,
        quarter=quarter,
        schemes=schemes,
        unverified=queries.list_unverified(office.id, size=5),
    )


@blueprint.get("/capaian/<key>")
@requires(Permission.SCORE_READ)
def component(key: str) -> str:
    """The publications behind a number, and those on their way."""
    office = acting_office(current_user)
    quarter = _quarter(office)
    found = get_standing(office, quarter, scheme_id=_int_arg("skema"))
    row = next((c for c in found.components if c.component.key == key), None) if found else None
    if found is None or row is None:
        raise NotFound
    shown = request.args.get("keadaan", "")
    state = PointState(shown) if shown in set(PointState) else None
    coming = _coming(office, quarter, row.component) if shown in ("", "scheduled", "review") else []
    if shown in ("scheduled", "review"):
        coming = [p for p in coming if p.bucket == shown]
        counted = None
    else:
        counted = queries.list_counted(
            office.id, found.version.id, key, quarter.key, state=state, cursor=request.args.get("setelah")
        )
    return render_template(
        "scoring/component.html",
        standing=found,
        row=row,
        quarter=quarter,
        shown=shown,
        counted=counted,
        coming=coming,
        point_states=PointState,
    )


def _coming(office: Unit, quarter: Quarter, wanted: Component) -> list[ComingPost]:
    start, end = quarter.utc_bounds(zone(office.zone_name))
    current = quarter == Quarter.from_local_date(today_at(office))
    posts = list_coming(office.id, start, end, with_undated=current, reader_id=current_user.id)
    return [
        p
        for p in posts
        if p.bucket
        and matches(wanted, content_type=p.content_type, channel_kind=p.channel_kind, is_repost=p.is_repost)
    ]


@blueprint.get("/capaian/verifikasi")
@requires(Permission.EVIDENCE_VERIFY)
def verification() -> str:
    """What is live and waits for somebody to confirm it."""
    office = acting_office(current_user)
    cursor = request.args.get("setelah")
    # Both lists go on: further pages are those of one of them.
    only_disputed = request.args.get("tampilan") == "dipertanyakan"
    return render_template(
        "scoring/verification.html",
        page=None if only_disputed else queries.list_unverified(office.id, cursor=cursor),
        disputed=queries.list_disputed(office.id, cursor=cursor) if only_disputed or not cursor else (),
        disputed_count=queries.count_disputed(office.id),
    )


def _delivery(delivery_id: int) -> Delivery:
    return get_delivery(current_user, delivery_id)


def _back(delivery: Delivery) -> Any:
    target = safe_local_target(request.form.get("kembali"))
    return redirect(target or url_for("publishing.detail", post_id=delivery.post_id), code=303)


@blueprint.post("/capaian/verifikasi/<int:delivery_id>")
@requires(Permission.EVIDENCE_VERIFY)
def verify(delivery_id: int) -> Any:
    """Confirm a publication."""
    delivery, form = _delivery(delivery_id), VerifyForm()
    verify_point(delivery, actor=current_user, note=form.note.data or "" if form.validate() else "")
    flash(_("Terverifikasi: %(title)s", title=delivery.title), "success")
    return _back(delivery)


@blueprint.post("/capaian/verifikasi/<int:delivery_id>/pertanyakan")
@requires(Permission.EVIDENCE_VERIFY)
def dispute(delivery_id: int) -> Any:
    """Question a publication with a reason."""
    delivery, form = _delivery(delivery_id), DisputeForm()
    if not form.validate_on_submit():
        raise UserError(_("Tulis alasannya, supaya pencatat tahu apa yang perlu diperbaiki."))
    dispute_point(delivery, actor=current_user, reason=form.reason.data or "")
    flash(_("Dicatat sebagai dipertanyakan: %(title)s", title=delivery.title), "success")
    return _back(delivery)


@blueprint.get("/pengaturan/skema")
@requires(Permission.SCORE_MANAGE)
def schemes() -> str:
    """The office's schemes in plain words."""
    office = acting_office(current_user)
    return render_template(
        "scoring/schemes.html",
        schemes=queries.list_schemes(office.id, with_inactive=True),
        types={t.code: t.label for t in list_content_types(office.id, with_inactive=True)},
        kinds={k.code: k.label for k in list_kinds(office.id)},
        quarter_of=Quarter.from_local_date,
    )


@blueprint.route("/pengaturan/skema/baru", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def new_scheme() -> Any:
    """Name a scheme and give it its first rules."""
    return _edit_scheme(None)


@blueprint.route("/pengaturan/skema/<int:scheme_id>", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def edit_scheme(scheme_id: int) -> Any:
    """Change the rules: a new version from a quarter on."""
    return _edit_scheme(scheme_id)


def _edit_scheme(scheme_id: int | None) -> Any:
    office = acting_office(current_user)
    scheme = queries.get_scheme(office.id, scheme_id) if scheme_id is not None else None
    form = SchemeForm(data=_initial(scheme, office) if request.method == "GET" else None)
    this = Quarter.from_local_date(today_at(office))
    quarters = [this.shift(n) for n in range(1, -41, -1)]
    form.offer(
        quarters=[(q.key, q.label) for q in quarters],
        types=[(t.code, t.label) for t in list_content_types(office.id)],
        kinds=[(k.code, k.label) for k in list_kinds(office.id) if k.is_active],
    )
    if form.validate_on_submit():
        try:
            _save_scheme(scheme, form, office)
        except UserError as error:
            form.fail(form.components, error.message)
        else:
            flash(
                _("Skema disimpan. Nilai triwulan yang bersangkutan dihitung ulang sebentar lagi."), "success"
            )
            return redirect(url_for("scoring.schemes"), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("scoring/scheme_form.html", form=form, scheme=scheme), status


def _initial(scheme: Any, office: Unit) -> dict[str, Any]:
    this = Quarter.from_local_date(today_at(office))
    blank: dict[str, Any] = {
        "key": "",
        "label": "",
        "weight": None,
        "content_types": [],
        "channel_kinds": [],
        "counts_reposts": False,
    }
    rows = [
        {
            "key": c.key,
            "label": c.label,
            "weight": c.weight,
            "content_types": c.content_types,
            "channel_kinds": c.channel_kinds,
            "counts_reposts": c.counts_reposts,
        }
        for c in (queries.list_component_keys(scheme) if scheme else [])
    ]
    return {
        "name": scheme.name if scheme else "",
        "issuer": scheme.issuer if scheme else "",
        "legal_basis": scheme.legal_basis if scheme else "",
        "effective_from": this.key,
        "components": rows + [dict(blank) for _n in range(SPARE_ROWS if rows else 5)],
    }


def _save_scheme(scheme: Any, form: SchemeForm, office: Unit) -> None:
    specs = [
        scheme_services.ComponentSpec(
            label=row.label.data,
            weight=row.weight.data or Decimal(0),
            key=row.key.data or "",
            content_types=row.content_types.data or [],
            channel_kinds=row.channel_kinds.data or [],
            counts_reposts=bool(row.counts_reposts.data),
        )
        for row in form.filled
    ]
    if scheme is None:
        scheme = scheme_services.create_scheme(
            office.id,
            actor=current_user,
            name=form.name.data or "",
            issuer=form.issuer.data or "",
            legal_basis=form.legal_basis.data or "",
        )
    scheme_services.create_scheme_version(
        scheme,
        actor=current_user,
        components=specs,
        note=form.note.data or "",
        effective_from=Quarter.parse(form.effective_from.data),
    )


@blueprint.post("/pengaturan/skema/<int:scheme_id>/aktif")
@requires(Permission.SCORE_MANAGE)
def toggle_scheme(scheme_id: int) -> Any:
    """Use a scheme, or stop using it."""
    scheme = queries.get_scheme(acting_office(current_user).id, scheme_id)
    active = request.form.get("aktif") == "1"
    scheme_services.set_active(scheme, actor=current_user, active=active)
    flash(
        _("Skema dipakai lagi.") if active else _("Skema tidak dipakai lagi. Catatannya tetap tersimpan."),
        "success",
    )
    return redirect(url_for("scoring.schemes"), code=303)


@blueprint.route("/pengaturan/sasaran", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE)
def targets() -> Any:
    """The targets of a quarter with the letter they come from, and every revision."""
    office = acting_office(current_user)
    quarter = _quarter(office)
    available = queries.list_schemes(office.id)
    scheme = next((s for s in available if s.id == _int_arg("skema")), available[0] if available else None)
    version = queries.version_at(scheme, quarter.end) if scheme else None
    if scheme is None or version is None:
        return render_template("scoring/no_scheme.html", quarter=quarter, scheme=scheme)
    form = TargetsForm()
    errors: dict[str, str] = {}
    current = queries.targets_of(office.id, scheme.id, quarter.key)
    if form.validate_on_submit():
        changed, errors = _save_targets(form, scheme, version.components, quarter)
        if not errors:
            flash(
                _("Sasaran %(quarter)s disimpan.", quarter=quarter.label)
                if changed
                else _("Tidak ada yang berubah."),
                "success",
            )
            return redirect(url_for("scoring.targets", tw=quarter.key, skema=scheme.id), code=303)
    typed = (
        {c.key: request.form.get(f"value-{c.key}", "") for c in version.components}
        if request.method == "POST"
        else {}
    )
    return render_template(
        "scoring/targets.html",
        form=form,
        scheme=scheme,
        schemes=available,
        version=version,
        quarter=quarter,
        current=current,
        errors=errors,
        typed=typed,
        previous=queries.targets_of(office.id, scheme.id, quarter.previous().key),
        revisions=queries.list_target_revisions(office.id, scheme.id, quarter.key),
    ), 422 if errors or form.errors else 200


def _save_targets(
    form: TargetsForm, scheme: Any, components: Any, quarter: Quarter
) -> tuple[int, dict[str, str]]:
    """Save every number that was filled in; on any error nothing is kept (the request is rolled back)."""
    changed = 0
    errors: dict[str, str] = {}
    for item in components:
        text = request.form.get(f"value-{item.key}", "").strip().replace(".", "")
        if not text:
            continue
        if not text.isdecimal() or len(text) > 6:
            errors[item.key] = _("Isi dengan bilangan bulat, contohnya 60.")
            continue
        try:
            made = scheme_services.set_target(
                scheme,
                actor=current_user,
                component_key=item.key,
                quarter=quarter,
                value=Decimal(text),
                letter=form.letter.data or "",
                reason=form.reason.data or "",
            )
        except UserError as error:
            errors[item.key] = error.message
        else:
            changed += made is not None
    return changed, errors
