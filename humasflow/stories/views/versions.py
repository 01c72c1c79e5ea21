"""The versions of a story: one of them, what changed since the one before, and making it current again."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.comparison import compare_versions, differs_in_form_only
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.views.blueprint import blueprint


@blueprint.get("/<int:story_id>/versi/<int(max=2147483647):number>")
@signed_in
def version(story_id: int, number: int) -> Any:
    """One version as it was, with what changed since the one before it."""
    story = queries.get_story(current_user, story_id)
    shown = queries.get_version_by_number(story, number)
    body = queries.get_body(shown.id)
    differences, form_only = None, False
    if number > 1:
        before = queries.get_version_by_number(story, number - 1)
        earlier = queries.get_body(before.id)
        differences = compare_versions(before, earlier, shown, body)
        form_only = differs_in_form_only(earlier, body)
    return render_template(
        "stories/version.html", story=story, version=shown, body=body, differences=differences,
        form_only=form_only, versions=queries.list_versions(story.id),
        is_current=shown.id == story.current_version_id,
        reasons=reasons_not_to_edit(current_user, story), where=orgs.get_office(story.office_id),
    )  # fmt: skip


@blueprint.post("/<int:story_id>/versi/<int(max=2147483647):number>/pulihkan")
@requires(Permission.STORY_WRITE)
def restore(story_id: int, number: int) -> Any:
    """Make an earlier version current again, as a new one."""
    story = queries.get_story(current_user, story_id)
    saved = services.restore_version(story, queries.get_version_by_number(story, number), actor=current_user)
    if saved:
        flash(_("Isi versi %(old)s kini menjadi versi %(new)s.", old=number, new=saved.number), "success")
    else:
        flash(_("Isi versi %(old)s sama dengan yang berlaku sekarang.", old=number), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)
