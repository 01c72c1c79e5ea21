"""The editor: the next version of a story, and the page for two people who saved at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core import unit_of_work
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.negotiation import wants_json
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media import services as media_services
from humasflow.media.models import Asset
from humasflow.media.services import Refusal, uploads_from
from humasflow.orgs import queries as orgs
from humasflow.planning import queries as planning
from humasflow.planning.campaigns import queries as campaigns
from humasflow.stories import queries, services
from humasflow.stories.access_forms import ChangeForm
from humasflow.stories.comparison.merging import Choice
from humasflow.stories.contents import PLAIN_FIELDS, StoryContent, cleaned
from humasflow.stories.edit_policy import Consequence, consequence_of_edit
from humasflow.stories.editor_aids import aids_for
from humasflow.stories.enums import StoryState
from humasflow.stories.forms import PictureRow, StoryForm, read_pictures
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import CORRECTABLE, reasons_not_to_edit
from humasflow.stories.views.blueprint import blueprint
from humasflow.stories.views.conflict import (
    CHOSEN_BEFORE,
    Merging,
    chosen_before,
    merging_again,
    merging_of,
    show_content,
)
from humasflow.stories.views.library import picture_facts

LIBRARY_SIZE = 24


@dataclass
class Editor:
    """What the editor's page shows: the form, the pictures in the story, and what came of new ones."""

    form: StoryForm
    office_id: int
    story: Story
    rows: list[PictureRow] = field(default_factory=list)
    refusals: Sequence[Refusal] = ()
    reasons: Sequence[Reason] = ()
    received: bool = False
    change: ChangeForm | None = None  # the story is live: what readers are told about this change

    @property
    def is_fine(self) -> bool:
        """Whether what came can be given to the service."""
        return not self.refusals and not any(row.errors for row in self.rows)

    @property
    def consequence(self) -> Consequence | None:
        """What saving does to an approval, by the office's policy."""
        return consequence_of_edit(self.story)

    @property
    def voids_approval(self) -> bool:
        """Whether saving takes an approval away, whatever is changed."""
        consequence = self.consequence
        return self.story.state is StoryState.APPROVED and consequence is not None and consequence.always


@dataclass(frozen=True)
class Saving:
    """What stands, and whether the open editor saves by itself."""

    version: StoryVersion
    by_itself: bool


@blueprint.route("/<int:story_id>/sunting", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def edit(story_id: int) -> Any:
    """The next version of a story."""
    story = queries.get_story(current_user, story_id)
    editor = _editor(story)
    if request.method == "GET":
        locked = reasons_not_to_edit(current_user, story, correcting=editor.change is not None)
        if locked:
            return render_template("stories/locked.html", story=story, reasons=locked)
        version = queries.get_current_version(story)
        editor.form.show(story, version, queries.get_body(version.id))
        editor.form.stamp.data = queries.edit_stamp(story)
        editor.rows = _rows_of(version)
        return _page(editor)
    if not _receive(editor):
        return _page(editor), 422
    form = editor.form
    try:
        saved = _save(editor)
    except Conflict:
        merging = merging_of(story, form, form.content(editor.rows))
        return _conflict(editor, merging, merging.result())
    except UserError as error:
        return _refused(editor, error)
    if editor.change is not None:
        said = _("Ralat tersimpan. Pembaca melihatnya sesudah disetujui.")
    elif saved:
        said = _("Versi %(n)s tersimpan.", n=saved.number)
    else:
        said = _("Isi naskah tidak berubah, jadi tidak ada versi baru.")
    flash(said, "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _editor(story: Story) -> Editor:
    """The editor of a story; of a live one with the fields that go with a correction, filled with what is prepared."""
    editor = Editor(story_form(story.office_id, story), story.office_id, story)
    if story.state in CORRECTABLE:
        editor.form.keep_filing(story)
        prepared = queries.get_prepared_change(story.id)
        editor.change = ChangeForm(
            prefix="change-", obj=prepared if request.method == "GET" else None, meta={"csrf": False}
        )  # the form around it carries the token
        if prepared is not None and request.method == "GET":
            editor.change.kind.data = prepared.kind.value
    return editor


def _save(editor: Editor) -> StoryVersion | None:
    form = editor.form
    given: dict[str, Any] = {
        "actor": current_user, "content": form.content(editor.rows), "note": form.note.data or "",
        "stamp": f"{form.stamp.data or ''}/{request.form.get('tab', '')}",
    }  # fmt: skip
    if editor.change is not None:
        return services.save_correction(editor.story, change=editor.change.content(), **given)
    return services.save_version(
        editor.story, content_type_id=form.content_type_id.data, section_id=form.section_id.data,
        pillar_id=form.pillar_id.data, campaign_id=form.campaign_id.data, **given,
    )  # fmt: skip


@blueprint.post("/<int:story_id>/gabung")
@requires(Permission.STORY_WRITE)
def merge(story_id: int) -> Any:
    """Choose again on the page of a conflict. Saves nothing; what was changed by hand in the result stays changed."""
    story = queries.get_story(current_user, story_id)
    editor = _editor(story)
    _receive(editor)
    merging = merging_again(story, editor.form)
    edited = cleaned(editor.form.content(editor.rows))
    if editor.form.stamp.data != queries.edit_stamp(story):
        # Somebody saved once more: what is in the editor now meets what they wrote.
        merging = merging_of(story, editor.form, edited)
        return _conflict(editor, merging, merging.result())
    result = merging.result_after(edited, chosen_before())
    if not wants_json():
        return _conflict(editor, merging, result)
    show_content(editor.form, result)
    names = (*PLAIN_FIELDS, "body")
    values = {name: editor.form[name].data for name in names} | {
        "event_date": result.event_date.isoformat() if result.event_date else "",
    }
    filed = {f.key: str(f.chosen(merging.choices) or "") for f in merging.filing}
    return {"fields": values | filed, "chosen": merging.hidden()[CHOSEN_BEFORE]}


@blueprint.post("/<int:story_id>/foto")
@requires(Permission.STORY_WRITE)
def pictures(story_id: int) -> Any:
    """Receive photos from the open editor and answer with their rows, so that nothing else has to be sent."""
    story = queries.get_story(current_user, story_id)
    kept, refusals = _keep_photos(story.office_id, uploads_from(request.files.getlist("photos")))
    rows = [PictureRow(a, a.credit, a.alt_text, a.caption) for a in kept]
    return {
        "rows": render_template("stories/_received.html", rows=rows),
        "pictures": [picture_facts(a) for a in kept],
        "refusals": [f"{r.filename}: {r.message}" for r in refusals],
    }


def story_form(office_id: int, story: Story | None = None) -> StoryForm:
    """The editor's form with its choices."""
    form = StoryForm()
    form.offer(
        planning.list_content_types(office_id), orgs.list_sections(office_id), planning.list_pillars(office_id),
        story=story, campaigns=_campaigns(office_id, story),
    )  # fmt: skip
    return form


def _campaigns(office_id: int, story: Story | None) -> list[tuple[int, str]]:
    """The open ones; what the story belongs to stays on offer when it is over or was switched off."""
    offered = [(c.id, c.name) for c in campaigns.list_open_campaigns(office_id)]
    current = story.campaign_id if story is not None else None
    if current is not None and current not in dict(offered):
        offered += campaigns.names_of([current]).items()
    return offered


def _rows_of(version: StoryVersion) -> list[PictureRow]:
    return [PictureRow(p.asset, p.credit, p.alt_text, p.caption) for p in version.pictures]


def _receive(editor: Editor) -> bool:
    """Read what was posted; photos that are fine are kept even if the form is not. Whether to go on and save."""
    order = read_pictures(request.form)
    editor.form.take_out(order.dropped)
    editor.rows = order.rows(media.get_assets(editor.office_id, order.ids, actor=current_user))
    kept, editor.refusals = _keep_photos(editor.office_id, uploads_from(request.files.getlist("photos")))
    known = {row.asset.id for row in editor.rows}
    editor.rows += [PictureRow(a, a.credit, a.alt_text, a.caption) for a in kept if a.id not in known]
    editor.received = bool(kept)
    valid = editor.form.validate()
    valid = (editor.change is None or editor.change.validate()) and valid
    asked_to_stay = request.form.get("aksi") == "unggah"
    go_on = valid and editor.is_fine and not asked_to_stay
    if kept and not go_on:
        unit_of_work.keep()
    return go_on


def _keep_photos(office_id: int, uploads: Sequence[Any]) -> tuple[list[Asset], Sequence[Refusal]]:
    if not uploads:
        return [], []
    return media_services.receive(uploads, actor=current_user, office_id=office_id)


def _refused(editor: Editor, error: UserError) -> Any:
    """The form again, with everything typed, and why it was not saved."""
    editor.reasons = error.reasons if isinstance(error, Refused) else [Reason("content", error.message)]
    if editor.received:
        unit_of_work.keep()
    return _page(editor), error.status


def _page(editor: Editor) -> str:
    return render_template("stories/edit.html", editor=editor, **_context(editor))


def _context(editor: Editor) -> dict[str, Any]:
    used = {row.asset.id for row in editor.rows}
    library = media.list_library(current_user, editor.office_id, size=LIBRARY_SIZE)
    return {
        "form": editor.form, "story": editor.story, "library": [a for a in library if a.id not in used],
        "where": orgs.get_office(editor.office_id),
        "saving": Saving(
            queries.get_current_version(editor.story),
            not services.reasons_not_to_autosave(current_user, editor.story),
        ),
        "aids": aids_for(editor.story, planning.list_content_types(editor.office_id)),
    }  # fmt: skip


def _conflict(editor: Editor, merging: Merging, result: StoryContent) -> Any:
    """Three texts and what they give together, in the editor. What stands now is read afresh, and a save from here on
    is a save on top of it.
    """
    form = editor.form
    show_content(form, result)
    for filed in merging.filing:
        getattr(form, filed.key).data = filed.chosen(merging.choices)
    shown = media.get_assets(editor.office_id, [p.asset_id for p in result.pictures], actor=current_user)
    assets = {a.id: a for a in shown}
    editor.rows = [
        PictureRow(assets[p.asset_id], p.credit, p.alt_text, p.caption)
        for p in result.pictures
        if p.asset_id in assets
    ]
    form.stamp.data = queries.edit_stamp(editor.story)
    form.note.data = form.note.data or merging.note()
    if editor.received:
        unit_of_work.keep()
    clashing = [p.asset_id for p in merging.three.picture_clashes]
    names = media.get_assets(editor.office_id, clashing, actor=current_user)
    page = render_template(
        "stories/conflict.html", editor=editor, merging=merging, theirs=merging.theirs,
        assets={a.id: a for a in names}, Choice=Choice, **_context(editor),
    )  # fmt: skip
    return page, 409
