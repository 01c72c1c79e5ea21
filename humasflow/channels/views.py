"""Channel accounts and the limits of kinds, for whoever manages the office's channels."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import queries as people
from humasflow.accounts.policy import acting_office
from humasflow.channels import policy, queries, services
from humasflow.channels.adapters.base import Limits
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.policy import connector_of, health_of
from humasflow.channels.connections.queries import connections_of, get_connection_of
from humasflow.channels.connections.wording.guides import warning
from humasflow.channels.connections.wording.troubles import trouble
from humasflow.channels.forms import (
    AccountForm,
    KindForm,
    NewAccountForm,
    RhythmForm,
    grace_label,
    show_limit,
)
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.channels.presets.loader import LIMIT_FIELDS
from humasflow.channels.reaching import get_adapter
from humasflow.channels.slots import show_slots
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit

blueprint = Blueprint("channels", __name__)


@blueprint.get("/pengaturan/kanal")
@requires(Permission.CHANNEL_MANAGE)
def accounts() -> Any:
    """Where the office publishes, and who does it."""
    office = acting_office(current_user)
    known = queries.list_accounts(office.id, with_inactive=True)
    connections = connections_of(a.id for a in known)
    return render_template(
        "channels/accounts.html", active=[a for a in known if a.is_active],
        inactive=[a for a in known if not a.is_active], names=people.names_of(a.assignee_id for a in known),
        by_hand={a.id for a in known if get_adapter(a.adapter).caps.by_hand},
        health={a.id: health_of(a, connections.get(a.id)) for a in known},
        said={i: _said(c) for i, c in connections.items()},
        connectable={a.id for a in known if connector_of(a) is not None},
        rhythms={k: show_slots(times) for k, times in queries.slots_of(a.id for a in known).items()},
    )  # fmt: skip


def _said(connection: Connection) -> str:
    """What is not as it should be, in a line or two; empty when all is well."""
    if connection.error_code:
        return str(trouble(connection.error_code, connection.error_detail))
    return " ".join(warning(code) for code in connection.warnings)


@blueprint.route("/pengaturan/kanal/baru", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def new_account() -> Any:
    """Add an account."""
    office = acting_office(current_user)
    kinds = {k.id: k for k in queries.list_kinds(office.id) if k.is_active}
    form = NewAccountForm(grace_minutes=360)
    form.offer(_posters(office))
    form.offer_kinds([(k.id, k.label) for k in kinds.values()])
    if form.validate_on_submit():
        try:
            created = services.create_account(
                office.id, actor=current_user, kind=kinds[form.kind_id.data], name=form.name.data or "",
                handle=form.handle.data or "", url=form.url.data or "", assignee_id=form.assignee_id.data,
                follows_story_approval=form.follows_story_approval.data, grace_minutes=form.grace_minutes.data,
                limits=_overrides(form),
            )  # fmt: skip
        except services.DuplicateName as error:
            form.fail(form.name, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.name), "success")
            return redirect(url_for("channels.account", account_id=created.id), code=303)
    return render_template(
        "channels/new_account.html", form=form, show_limit=show_limit
    ), 422 if form.errors else 200


@blueprint.route("/pengaturan/kanal/<int:account_id>", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def account(account_id: int) -> Any:
    """Change an account, or stop using it."""
    office = acting_office(current_user)
    found = queries.get_account(office.id, account_id)
    form = AccountForm(obj=found)
    form.offer(_posters(office, found.assignee_id), grace=found.grace_minutes)
    if not form.is_submitted():
        form.show_limits(found.limits)
    if not form.validate_on_submit():
        return _account_page(form, found, 422 if form.errors else 200)
    try:
        services.change_account(
            found, actor=current_user, name=form.name.data or "", handle=form.handle.data or "",
            url=form.url.data or "", assignee_id=form.assignee_id.data,
            follows_story_approval=form.follows_story_approval.data, grace_minutes=form.grace_minutes.data,
            is_active=form.is_active.data, limits=_overrides(form), row_version=form.row_version.data,
        )  # fmt: skip
    except services.DuplicateName as error:
        form.fail(form.name, error.message)
        return _account_page(form, found, 422)
    except Conflict:
        form.row_version.data = found.row_version
        return _account_page(form, found, 409)
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("channels.accounts"), code=303)


def _account_page(
    form: AccountForm, found: ChannelAccount, status: int, *, rhythm: RhythmForm | None = None
) -> Any:
    slots = queries.slots_of([found.id]).get(found.id, [])
    connection = get_connection_of(found.id)
    people_named = people.names_of(
        [found.assignee_id, found.paused_by, connection.connected_by if connection else None]
    )
    shown = show_slots(slots)
    page = render_template(
        "channels/account.html", form=form, account=found, saved_meanwhile=status == 409 and rhythm is None,
        by_hand=get_adapter(found.adapter).caps.by_hand, kind_limits=_numbers(policy.limits_of_kind(found.kind)),
        stored_grace=grace_label(found.grace_minutes), assignee=people_named,
        rhythm=rhythm or RhythmForm(formdata=None, obj=found, slots=shown), stored_slots=shown,
        health=health_of(found, connection), connector=connector_of(found),
        paused_by=people_named.get(found.paused_by or 0), show_limit=show_limit,
        said=trouble(connection.error_code, connection.error_detail) if connection and connection.error_code else None,
        warnings=[warning(code) for code in connection.warnings] if connection else [],
        connected_by=people_named.get(connection.connected_by or 0) if connection else None,
        rhythm_saved_meanwhile=status == 409 and rhythm is not None, slot_count=len(slots),
    )  # fmt: skip
    return page, status


@blueprint.post("/pengaturan/kanal/<int:account_id>/slot")
@requires(Permission.CHANNEL_MANAGE)
def set_slots(account_id: int) -> Any:
    """When an account likes to post, the least distance between two posts, and how many a week."""
    office = acting_office(current_user)
    found = queries.get_account(office.id, account_id)
    rhythm = RhythmForm(zone_label=office.zone_label)
    if rhythm.validate():
        try:
            services.set_slots(
                found, actor=current_user, slots=rhythm.read, min_gap_minutes=rhythm.min_gap_minutes.data or 0,
                weekly_quota=rhythm.weekly_quota.data, row_version=rhythm.row_version.data,
            )  # fmt: skip
        except Conflict:
            rhythm.row_version.data = found.row_version
            return _account_page(_account_form(office, found), found, 409, rhythm=rhythm)
        flash(_("Slot dan kuota %(name)s tersimpan.", name=found.name), "success")
        return redirect(url_for("channels.account", account_id=found.id, _anchor="slot-tayang"), code=303)
    return _account_page(_account_form(office, found), found, 422, rhythm=rhythm)


def _account_form(office: Unit, found: ChannelAccount) -> AccountForm:
    """The account as it is stored, whatever else was sent."""
    form = AccountForm(formdata=None, obj=found)
    form.offer(_posters(office, found.assignee_id), grace=found.grace_minutes)
    form.show_limits(found.limits)
    return form


def _posters(office: Unit, present: int | None = None) -> list[tuple[int, str]]:
    """Who may post by hand today, and who does now although their role has ended."""
    found = {u.id: u.name for u in people.list_people_with(Permission.EVIDENCE_RECORD, office)}
    if present is not None and present not in found:
        found |= people.names_of([present])
    return list(found.items())


def _overrides(form: AccountForm) -> dict[str, int]:
    """Only what was filled in differs from the kind."""
    return {name: value for name, value in form.filled_limits.items() if value is not None}


def _numbers(limits: Limits) -> dict[str, int | None]:
    return {name: value for name, value in asdict(limits).items() if name in LIMIT_FIELDS}


@blueprint.get("/pengaturan/kanal/batas")
@requires(Permission.CHANNEL_MANAGE)
def kinds() -> Any:
    """The limits in force for each kind of channel, with their date."""
    known = queries.list_kinds(acting_office(current_user).id)
    return render_template(
        "channels/kinds.html", kinds=known, limits={k.id: _numbers(policy.limits_of_kind(k)) for k in known},
        changed={k.id for k in known if k.limits}, labels=_labels(), show_limit=show_limit,
    )  # fmt: skip


def _labels() -> dict[str, str]:
    return {
        f.name.removeprefix("limit_"): str(f.label.text).partition(" (")[0]
        for f in KindForm(formdata=None).limit_fields
    }


@blueprint.route("/pengaturan/kanal/batas/<int:kind_id>", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def kind(kind_id: int) -> Any:
    """Change the limits of a kind, with where they were read."""
    found = queries.get_kind(acting_office(current_user).id, kind_id)
    form = KindForm(obj=found)
    if not form.is_submitted():
        form.show_limits(_numbers(policy.limits_of_kind(found)))
    if not form.validate_on_submit():
        return _kind_page(form, found, 422 if form.errors else 200)
    try:
        services.change_kind_limits(
            found, actor=current_user, limits=_changes(found, form.filled_limits), as_of=form.limits_as_of.data or "",
            source=form.limits_source.data or "", row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict:
        form.row_version.data = found.row_version
        return _kind_page(form, found, 409)
    except UserError as error:
        form.form_errors.append(error.message)
        return _kind_page(form, found, 422)
    flash(_("Batas %(kind)s tersimpan dan langsung berlaku.", kind=found.label), "success")
    return redirect(url_for("channels.kinds"), code=303)


def _changes(found: ChannelKind, filled: Mapping[str, int | None]) -> dict[str, int | None]:
    """What differs from the bundled limits: a number in its place, or None where a limit is taken away."""
    bundled = _numbers(policy.bundled_limits(found))
    changes = {}
    for name, value in filled.items():
        before = bundled[name]
        same = value == before or (name == "media_min" and (value or 0) == (before or 0))
        if not same:
            changes[name] = value
    return changes


def _kind_page(form: KindForm, found: ChannelKind, status: int) -> Any:
    page = render_template(
        "channels/kind.html", form=form, kind=found, saved_meanwhile=status == 409,
        bundled=_numbers(policy.bundled_limits(found)), in_force=_numbers(policy.limits_of_kind(found)),
        labels=_labels(), show_limit=show_limit,
    )  # fmt: skip
    return page, status
