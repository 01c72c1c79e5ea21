"""The office's pool, and deciding about a pitch."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, Refused
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.pitches import queries, services
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.forms import AcceptForm, JoinForm, ParkForm, RejectForm
from humasflow.pitches.models import Pitch
from humasflow.pitches.views.blueprint import blueprint
from humasflow.pitches.views.showing import accept_form, show_pitch, state_from
from humasflow.stories import queries as stories


@blueprint.get("/kolam")
@requires(Permission.PITCH_TRIAGE, Permission.PITCH_READ_ALL)
def pool() -> Any:
    """Everybody's pitches in the office."""
    office = acting_office(current_user)
    wanted = request.args.get("keadaan", PitchState.NEW.value)
    state = state_from(wanted)
    q = trimmed(request.args.get("q", ""))[:100]
    sections = orgs.list_sections(office.id)
    section_id = request.args.get("seksi", type=row_number)
    section_id = section_id if section_id in {s.id for s in sections} else None
    page = queries.list_pool(
        current_user, office.id, state=state, section_id=section_id, q=q, cursor=request.args.get("setelah")
    )
    return render_template(
        "pitches/pool.html", page=page, counts=queries.count_pool(office.id), state=state, states=PitchState, q=q,
        sections=sections, section_id=section_id, deciding=current_user.can(Permission.PITCH_TRIAGE),
    )  # fmt: skip


@blueprint.post("/<int:pitch_id>/terima")
@signed_in
def accept(pitch_id: int) -> Any:
    """Make a new story of it."""
    pitch = queries.get_pitch(current_user, pitch_id)
    form = accept_form(pitch)
    if not form.validate_on_submit():
        return show_pitch(pitch, sent=form), 422
    try:
        story = services.accept_pitch(
            pitch, actor=current_user, content_type_id=form.content_type_id.data, section_id=form.section_id.data,
            title=form.title.data, row_version=_row_version(),
        )  # fmt: skip
    except (Conflict, Refused) as error:
        return _not_decided(pitch, error, form)
    flash(_("Usulan diterima. Naskahnya sekarang Anda pegang."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.post("/<int:pitch_id>/gabung")
@signed_in
def join(pitch_id: int) -> Any:
    """Let it join a story in work."""
    pitch = queries.get_pitch(current_user, pitch_id)
    form = JoinForm()
    if not form.validate_on_submit():
        return show_pitch(pitch, sent=form), 422
    story = stories.get_story(current_user, form.story_id.data)
    try:
        services.accept_pitch(pitch, actor=current_user, story=story, row_version=_row_version())
    except (Conflict, Refused) as error:
        return _not_decided(pitch, error, form)
    flash(_("Usulan digabungkan ke naskah ini. Pengusulnya ikut diberi tahu."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.post("/<int:pitch_id>/simpan")
@signed_in
def park(pitch_id: int) -> Any:
    """Keep it for later."""
    form = ParkForm()
    return _decide(pitch_id, PitchMove.PARK, form, form.reason.data or "", _("Usulan disimpan untuk nanti."))


@blueprint.post("/<int:pitch_id>/tolak")
@signed_in
def reject(pitch_id: int) -> Any:
    """Say no, with a reason that reaches the author."""
    form = RejectForm()
    return _decide(
        pitch_id,
        PitchMove.REJECT,
        form,
        form.chosen_reason,
        _("Usulan ditolak. Alasannya sampai ke pengusul."),
    )


@blueprint.post("/<int:pitch_id>/buka-kembali")
@signed_in
def reopen(pitch_id: int) -> Any:
    """Back into the pool."""
    return _decide(pitch_id, PitchMove.REOPEN, None, "", _("Usulan dibuka kembali dan ada di kolam."))


def _decide(
    pitch_id: int, move: PitchMove, form: ParkForm | RejectForm | None, reason: str, said: str
) -> Any:
    pitch = queries.get_pitch(current_user, pitch_id)
    if form is not None and not form.validate_on_submit():
        return show_pitch(pitch, sent=form), 422
    try:
        services.move_pitch(pitch, move, actor=current_user, reason=reason, row_version=_row_version())
    except (Conflict, Refused) as error:
        return _not_decided(pitch, error, form)
    flash(said, "success")
    return redirect(url_for("pitches.detail", pitch_id=pitch.id), code=303)


def _row_version() -> int | None:
    return request.form.get("row_version", type=row_number)


def _not_decided(
    pitch: Pitch, error: Conflict | Refused, form: AcceptForm | JoinForm | ParkForm | RejectForm | None
) -> Any:
    """Somebody was faster, or the author added something: what stands now, why, and what was typed."""
    if isinstance(error, Refused):
        return show_pitch(pitch, sent=form, problem=_("Belum tersimpan"), problems=error.reasons), 409
    return show_pitch(pitch, sent=form, problem=error.message), 409
