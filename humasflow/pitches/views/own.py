"""Sending a pitch, following it, completing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, Reason, Refused
from humasflow.core.guards import requires, signed_in
from humasflow.core.offline import keep_offline
from humasflow.core.permissions import Permission
from humasflow.media import services as media
from humasflow.media.models import Asset
from humasflow.orgs import queries as orgs
from humasflow.pitches import queries, services
from humasflow.pitches.enums import PitchState
from humasflow.pitches.forms import PitchForm
from humasflow.pitches.models import Pitch
from humasflow.pitches.policy import reasons_not_to_edit
from humasflow.pitches.services import MAX_PHOTOS
from humasflow.pitches.views.blueprint import blueprint
from humasflow.pitches.views.showing import show_pitch, state_from


@dataclass(frozen=True)
class Photos:
    """The photos of a form as it arrived: those taken earlier and those received now."""

    assets: Sequence[Asset]
    new: bool

    @property
    def ids(self) -> list[int]:
        """In the order shown."""
        return [a.id for a in self.assets]


@blueprint.get("/")
@requires(Permission.PITCH_CREATE)
@keep_offline(tells_stories=True)
def mine() -> Any:
    """The person's own pitches and what became of them."""
    state = state_from(request.args.get("keadaan"))
    return render_template(
        "pitches/mine.html", page=queries.list_mine(current_user, state=state, cursor=request.args.get("setelah")),
        counts=queries.count_mine(current_user), state=state, states=PitchState,
    )  # fmt: skip


@blueprint.route("/kirim", methods=["GET", "POST"])
@requires(Permission.PITCH_CREATE)
@keep_offline(tells_stories=False)
def new() -> Any:
    """Hand over an idea."""
    office = acting_office(current_user)
    form = PitchForm()
    if not form.is_submitted():
        return _form_page(form, [])
    valid, photos = _read(form, office.id)
    if not valid:
        return _refuse(form, photos)
    pitch = services.send_pitch(
        actor=current_user, office_id=office.id, content=form.content, photo_ids=photos.ids
    )
    flash(_("Usulan terkirim. Terima kasih! Di sini Anda bisa mengikuti kelanjutannya."), "success")
    there = url_for("pitches.detail", pitch_id=pitch.id)
    if request.accept_mimetypes.best == "application/json":  # a script that sends what waited for a network
        return {"url": there}, 201, {"Location": there}
    return redirect(there, code=303)


@blueprint.get("/<int:pitch_id>")
@signed_in
def detail(pitch_id: int) -> Any:
    """One pitch: what it says, who holds it, and for editors the decision."""
    return show_pitch(queries.get_pitch(current_user, pitch_id))


@blueprint.route("/<int:pitch_id>/sunting", methods=["GET", "POST"])
@signed_in
def edit(pitch_id: int) -> Any:
    """Complete an own pitch while it waits."""
    pitch = queries.get_pitch(current_user, pitch_id)
    form = PitchForm(obj=None if request.method == "POST" else _typed(pitch))
    if not form.is_submitted():
        if reasons := reasons_not_to_edit(current_user, pitch, decider=queries.name_of_decider(pitch)):
            raise Refused(reasons)
        return _form_page(form, [p.asset for p in pitch.photos], pitch=pitch, row_version=pitch.row_version)
    valid, photos = _read(form, pitch.office_id)
    row_version = request.form.get("row_version", type=row_number)
    if not valid:
        return _refuse(form, photos, pitch=pitch, row_version=row_version)
    try:
        services.change_pitch(
            pitch, actor=current_user, content=form.content, photo_ids=photos.ids, row_version=row_version
        )
    except Conflict as conflict:
        # The version shown beside the typed text is the one the next save stands on.
        return _refuse(form, photos, pitch=pitch, row_version=pitch.row_version, both=conflict.message)
    except Refused as refused:
        return _refuse(form, photos, pitch=pitch, row_version=row_version, reasons=refused.reasons)
    flash(_("Usulan sudah diperbarui."), "success")
    return redirect(url_for("pitches.detail", pitch_id=pitch.id), code=303)


def _typed(pitch: Pitch) -> services.PitchContent:
    return services.PitchContent(
        title=pitch.title, what=pitch.what, happened_on=pitch.happened_on, happened_at=pitch.happened_at,
        place=pitch.place, people=pitch.people,
    )  # fmt: skip


def _read(form: PitchForm, office_id: int) -> tuple[bool, Photos]:
    """Validate, and take the photos in any case: those that are fine need not be sent again."""
    valid = form.validate()
    dropped = set(request.form.getlist("dropped_photos"))
    ids = (int(i) for i in request.form.getlist("kept_photos") if _is_id(i) and i not in dropped)
    kept = list(services.own_photos(current_user, office_id, ids))
    uploads = media.uploads_from(form.photos.data) + media.uploads_from(form.camera.data)
    if not uploads:
        return valid, Photos(kept, new=False)
    received, refusals = media.receive(
        uploads, actor=current_user, office_id=office_id, limit=MAX_PHOTOS - len(kept)
    )
    form.refuse_photos(refusals)
    return valid and not refusals, Photos(
        [*kept, *(a for a in received if a not in kept)], new=bool(received)
    )


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def _refuse(
    form: PitchForm, photos: Photos, *, reasons: Sequence[Reason] = (), both: str = "", **page: Any
) -> Any:
    """Show the form again with everything that was typed; keep the photos that were fine."""
    if photos.new:
        unit_of_work.keep()
    body = _form_page(form, photos.assets, reasons=reasons, both=both, **page)
    return body, 409 if reasons or both else 422


def _form_page(form: PitchForm, photos: Sequence[Asset], *, pitch: Pitch | None = None, **page: Any) -> str:
    office = orgs.get_office(pitch.office_id) if pitch else acting_office(current_user)
    return render_template(
        "pitches/form.html", form=form, kept=photos, pitch=pitch, where=office, max_photos=MAX_PHOTOS, **page
    )
