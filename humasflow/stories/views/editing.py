"""The editor: a new story, the next version of one, and the page for two people who saved at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media import services as media_services
from humasflow.media.models import Asset
from humasflow.media.services import Refusal, uploads_from
from humasflow.orgs import queries as orgs
from humasflow.planning import queries as planning
from humasflow.stories import queries, services
from humasflow.stories.comparison import Difference, compare_contents, compare_parts
from humasflow.stories.enums import StoryState
from humasflow.stories.forms import PictureRow, StoryForm, read_pictures
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.views.blueprint import blueprint

LIBRARY_SIZE = 24


@dataclass
class Editor:
    """What the editor's page shows: the form, the pictures in the story, and what came of new ones."""

    form: StoryForm
    office_id: int
    story: Story | None = None
    rows: list[PictureRow] = field(default_factory=list)
    refusals: Sequence[Refusal] = ()
    reasons: Sequence[Reason] = ()
    received: bool = False

    @property
    def is_fine(self) -> bool:
        """Whether what came can be given to the service."""
        return not self.refusals and not any(row.errors for row in self.rows)

    @property
    def voids_approval(self) -> bool:
        """Whether saving takes an approval away."""
        return self.story is not None and self.story.state is StoryState.APPROVED


@blueprint.route("/baru", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def new() -> Any:
    """Begin a story."""
    office = acting_office(current_user)
    editor = Editor(_form(office.id), office.id)
    if request.method == "GET":
        editor.form.writer_credit.data = current_user.name
        return _page(editor)
    if not _receive(editor):
        return _page(editor), 422
    form = editor.form
    try:
        story = services.create_story(
            actor=current_user, office_id=office.id, content=form.content(editor.rows),
            content_type_id=form.content_type_id.data, section_id=form.section_id.data,
            pillar_id=form.pillar_id.data,
        )  # fmt: skip
    except UserError as error:
        return _refused(editor, error)
    flash(_("Naskah tersimpan sebagai draf."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.route("/<int:story_id>/sunting", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def edit(story_id: int) -> Any:
    """The next version of a story."""
    story = queries.get_story(current_user, story_id)
    editor = Editor(_form(story.office_id, story), story.office_id, story)
    if request.method == "GET":
        locked = reasons_not_to_edit(current_user, story)
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
        saved = services.save_version(
            story, actor=current_user, content=form.content(editor.rows), note=form.note.data or "",
            content_type_id=form.content_type_id.data, section_id=form.section_id.data,
            pillar_id=form.pillar_id.data, stamp=form.stamp.data or "",
        )  # fmt: skip
    except Conflict:
        return _conflict(editor)
    except UserError as error:
        return _refused(editor, error)
    flash(
        _("Versi %(n)s tersimpan.", n=saved.number)
        if saved
        else _("Isi naskah tidak berubah, jadi tidak ada versi baru."),
        "success",
    )
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.post("/foto")
@requires(Permission.STORY_WRITE)
def pictures() -> Any:
    """Receive photos from the open editor and answer with their rows, so that nothing else has to be sent."""
    office = acting_office(current_user)
    kept, refusals = _keep_photos(office.id, uploads_from(request.files.getlist("photos")))
    rows = [PictureRow(a, a.credit, a.alt_text, a.caption) for a in kept]
    return {
        "rows": render_template("stories/_received.html", rows=rows),
        "refusals": [f"{r.filename}: {r.message}" for r in refusals],
    }


def _form(office_id: int, story: Story | None = None) -> StoryForm:
    form = StoryForm()
    form.offer(
        planning.list_content_types(office_id), orgs.list_sections(office_id), planning.list_pillars(office_id),
        story=story,
    )  # fmt: skip
    return form


def _rows_of(version: StoryVersion) -> list[PictureRow]:
    return [PictureRow(p.asset, p.credit, p.alt_text, p.caption) for p in version.pictures]


def _receive(editor: Editor) -> bool:
    """Read what was posted; photos that are fine are kept even if the form is not. Whether to go on and save."""
    order = read_pictures(request.form)
    editor.rows = order.rows(media.get_assets(editor.office_id, order.ids))
    kept, editor.refusals = _keep_photos(editor.office_id, uploads_from(request.files.getlist("photos")))
    known = {row.asset.id for row in editor.rows}
    editor.rows += [PictureRow(a, a.credit, a.alt_text, a.caption) for a in kept if a.id not in known]
    editor.received = bool(kept)
    valid = editor.form.validate()
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
    }  # fmt: skip


def _conflict(editor: Editor) -> Any:
    """Both texts side by side. What stands now is read afresh; what was typed stays in the form."""
    story = editor.story
    if story is None:
        raise TypeError("a story that does not exist yet cannot be in conflict")
    theirs = queries.get_current_version(story)
    body = queries.get_body(theirs.id)
    names = {p.asset_id: p.asset.filename for p in theirs.pictures}
    names |= {row.asset.id: row.asset.filename for row in editor.rows}
    differences = compare_contents(
        services.content_of(theirs, body), editor.form.content(editor.rows), names
    ) + _compare_filing(editor.form, story)
    editor.form.stamp.data = queries.edit_stamp(story)
    if editor.received:
        unit_of_work.keep()
    page = render_template(
        "stories/conflict.html", editor=editor, theirs=theirs, theirs_body=body,
        differences=differences, **_context(editor),
    )  # fmt: skip
    return page, 409


def _compare_filing(form: StoryForm, story: Story) -> list[Difference]:
    """Under what the story is filed: theirs against mine, in words."""
    stands = (
        (form.content_type_id, story.content_type_id),
        (form.section_id, story.section_id),
        (form.pillar_id, story.pillar_id),
    )
    parts = []
    for choice, theirs in stands:
        words = {value: str(label) for value, label, *_rest in choice.iter_choices()}
        parts.append((choice.label.text, words.get(theirs or "", ""), words.get(choice.data or "", "")))
    return compare_parts(*parts)
