"""The versions of a story: their list, one of them, any two of them compared, and making one current again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.errors import UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.edit_policy import consequence_of_edit
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.presenting import compare_stored
from humasflow.stories.views.blueprint import blueprint

LONGEST_REASON = 200


@blueprint.get("/<int:story_id>/versi")
@signed_in
def versions(story_id: int) -> str:
    """All versions, newest first, two of which can be picked to be compared."""
    story = queries.get_story(current_user, story_id)
    cursor = request.args.get("setelah", "")
    page = queries.list_version_rows(story.id, before=_number(cursor))
    return render_template(
        "stories/versions.html", story=story, page=page, total=queries.count_versions(story.id),
        picked_old=_number(request.args.get("dari", "")), picked_new=_number(request.args.get("ke", "")),
        where=orgs.get_office(story.office_id),
    )  # fmt: skip


@blueprint.get("/<int:story_id>/versi/banding")
@signed_in
def compare(story_id: int) -> Any:
    """Any two versions, word by word; without numbers the current one with the one before it."""
    story = queries.get_story(current_user, story_id)
    total = queries.count_versions(story.id)
    new_number = _number(request.args.get("ke", "")) or total
    old_number = _number(request.args.get("dari", "")) or max(1, new_number - 1)
    old = queries.get_version_by_number(story, old_number)
    new = queries.get_version_by_number(story, new_number)
    return render_template(
        "stories/compare.html", story=story, comparison=compare_stored(old, new), total=total,
        side_by_side=request.args.get("tampil") == "sisi", where=orgs.get_office(story.office_id),
        **_restoring(story),
    )  # fmt: skip


@blueprint.get("/<int:story_id>/versi/<int(max=2147483647):number>")
@signed_in
def version(story_id: int, number: int) -> Any:
    """One version as it was, with what changed since the one before it."""
    story = queries.get_story(current_user, story_id)
    shown = queries.get_version_by_number(story, number)
    comparison = (
        compare_stored(queries.get_version_by_number(story, number - 1), shown) if number > 1 else None
    )
    return render_template(
        "stories/version.html", story=story, version=shown, body=queries.get_body(shown.id), comparison=comparison,
        is_current=shown.id == story.current_version_id, total=queries.count_versions(story.id),
        where=orgs.get_office(story.office_id), **_restoring(story),
    )  # fmt: skip


@blueprint.post("/<int:story_id>/versi/<int(max=2147483647):number>/pulihkan")
@requires(Permission.STORY_WRITE)
def restore(story_id: int, number: int) -> Any:
    """Make an earlier version current again, as a new one, with the reason why."""
    story = queries.get_story(current_user, story_id)
    reason = request.form.get("reason", "").replace("\x00", "").strip()
    if len(reason) > LONGEST_REASON:
        raise UserError(_("Alasan paling panjang %(limit)s karakter.", limit=LONGEST_REASON))
    saved = services.restore_version(
        story, queries.get_version_by_number(story, number), actor=current_user, reason=reason
    )
    if saved:
        flash(_("Isi versi %(old)s kini menjadi versi %(new)s.", old=number, new=saved.number), "success")
    else:
        flash(_("Isi versi %(old)s sama dengan yang berlaku sekarang.", old=number), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _restoring(story: Story) -> dict[str, Any]:
    """Whether a version can be made current again, and what that would do to an approval."""
    return {
        "reasons": reasons_not_to_edit(current_user, story), "consequence": consequence_of_edit(story),
        "current_number": queries.get_current_version(story).number,
    }  # fmt: skip


def _number(text: str) -> int | None:
    """A version's number from an address; what is none counts as not given."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) else None
