"""The text of a story from a Word file, as a new version; and what was taken from the file."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core import unit_of_work
from humasflow.core.errors import Refused, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.documents.importing import import_document, record_document, replaced_by
from humasflow.stories.edit_policy import consequence_of_edit
from humasflow.stories.forms import DocumentForm
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.views.blueprint import blueprint


@blueprint.route("/<int:story_id>/dokumen", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def replace_from_document(story_id: int) -> Any:
    """Put the text of a .docx in place of the story's, as its next version."""
    story = queries.get_story(current_user, story_id)
    form = DocumentForm()
    if request.method == "GET":
        form.stamp.data = queries.edit_stamp(story)
    locked = reasons_not_to_edit(current_user, story)
    if locked:
        return render_template("stories/locked.html", story=story, reasons=locked), (
            200 if request.method == "GET" else 409
        )
    if request.method == "GET" or not form.validate():
        return _page(form, story), 422 if form.errors else 200
    office_id = story.office_id
    try:
        imported = import_document(
            form.file.stream, form.file.filename or "", actor=current_user, office_id=office_id
        )
        story = queries.get_story(current_user, story_id)
        current = queries.get_current_version(story)
        known = services.content_of(current, queries.get_body(current.id))
        saved = services.save_version(
            story, actor=current_user, content=replaced_by(known, imported),
            note=_("Isi dari %(file)s", file=imported.filename[:120]), stamp=form.stamp.data or "",
        )  # fmt: skip
    except UserError as error:
        words = " ".join(r.message for r in error.reasons) if isinstance(error, Refused) else error.message
        form.fail(form.document, words)
        form.stamp.data = queries.edit_stamp(queries.get_story(current_user, story_id))
        unit_of_work.keep()  # pictures that were fine stay in the library
        return _page(form, story), error.status
    if saved is None:
        flash(_("Isi berkas ini sama dengan naskah yang sekarang, jadi tidak ada versi baru."), "success")
        return redirect(url_for("stories.edit", story_id=story_id), code=303)
    kept = record_document(story, saved, imported, actor=current_user)
    return redirect(url_for("stories.document", story_id=story_id, document_id=kept.id), code=303)


@blueprint.get("/<int:story_id>/dokumen/<int:document_id>")
@signed_in
def document(story_id: int, document_id: int) -> Any:
    """What was taken from a Word file, and what was left."""
    story = queries.get_story(current_user, story_id)
    found = queries.get_document(story, document_id)
    return render_template(
        "stories/document.html", story=story, document=found, where=orgs.get_office(story.office_id),
        can_edit=not reasons_not_to_edit(current_user, story),
    )  # fmt: skip


def _page(form: DocumentForm, story: Story) -> str:
    return render_template(
        "stories/replace.html", form=form, story=story, consequence=consequence_of_edit(story)
    )
