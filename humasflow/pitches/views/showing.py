"""The page of one pitch, shown by reading and again by a decision that did not go through."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.audit import queries as audit
from humasflow.core.whatsapp import link_to
from humasflow.orgs import queries as orgs
from humasflow.pitches import queries
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.forms import AcceptForm, JoinForm, ParkForm, RejectForm
from humasflow.pitches.models import Pitch
from humasflow.pitches.policy import moves_for, reasons_not_to_edit
from humasflow.planning import queries as planning
from humasflow.stories.policy import can_read


@dataclass
class Decision:
    """The forms of the decision panel; the one that was sent carries what was typed."""

    accept: AcceptForm
    join: JoinForm
    park: ParkForm
    reject: RejectForm


def decision_for(pitch: Pitch, sent: AcceptForm | JoinForm | ParkForm | RejectForm | None = None) -> Decision:
    """Fresh forms, except the one that was sent."""
    return Decision(
        accept=sent if isinstance(sent, AcceptForm) else accept_form(pitch, formdata=None),
        join=sent if isinstance(sent, JoinForm) else JoinForm(formdata=None),
        park=sent if isinstance(sent, ParkForm) else ParkForm(formdata=None),
        reject=sent if isinstance(sent, RejectForm) else RejectForm(formdata=None),
    )


def accept_form(pitch: Pitch, **form: Any) -> AcceptForm:
    """The form for a new story, prefilled from the pitch."""
    made = AcceptForm(data={"title": pitch.title, "section_id": pitch.section_id}, **form)
    made.offer(planning.list_content_types(pitch.office_id), orgs.list_sections(pitch.office_id))
    return made


def show_pitch(
    pitch: Pitch,
    *,
    sent: AcceptForm | JoinForm | ParkForm | RejectForm | None = None,
    problem: str = "",
    problems: Any = (),
) -> str:
    """The page. ``problem`` and ``problems`` say why a decision did not go through. A constant number of statements."""
    moves = moves_for(current_user, pitch)
    deciding = PitchMove.ACCEPT in moves
    stories = queries.list_open_stories(pitch) if deciding else []
    return render_template(
        "pitches/detail.html", pitch=pitch, where=orgs.get_office(pitch.office_id), moves=moves, M=PitchMove,
        tracker=queries.get_tracker(pitch), timeline=audit.list_timeline(("pitch", pitch.id)),
        decider=queries.name_of_decider(pitch), is_author=pitch.author_id == current_user.id,
        editable=not reasons_not_to_edit(current_user, pitch), similar=_similar(pitch, deciding), stories=stories,
        forms=decision_for(pitch, sent) if deciding else None, problem=problem, problems=problems,
        photos=queries.list_photos_for(current_user, pitch), share_url=_share_url(pitch),
        reads_story=pitch.story is not None and can_read(current_user, pitch.story),
    )  # fmt: skip


def _similar(pitch: Pitch, deciding: bool) -> list[queries.SimilarPitch]:
    return queries.list_similar_pitches(pitch) if deciding else []


def _share_url(pitch: Pitch) -> str:
    """Opens WhatsApp with a sentence and the pitch's address; whoever opens it has to sign in."""
    path = url_for("pitches.detail", pitch_id=pitch.id)
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    address = f"{public}{path}" if public else url_for("pitches.detail", pitch_id=pitch.id, _external=True)
    words = _("Usulan berita: %(title)s", title=pitch.title)
    return link_to(f"{words}\n{address}")


def state_from(value: str | None) -> PitchState | None:
    """A state from an address; anything unknown means all."""
    return PitchState(value) if value in set(PitchState) else None
