"""Answering the guidelines on a story, and asking what they say about a text that is not saved yet."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.converters import row_number
from humasflow.core.errors import UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.core.urls import safe_local_target
from humasflow.media import queries as media
from humasflow.planning import queries as planning
from humasflow.stories import queries
from humasflow.stories.enums import StorySource
from humasflow.stories.forms import StoryForm, read_pictures
from humasflow.stories.guidance import FindingLine
from humasflow.stories.models import Story
from humasflow.stories.queries.guidelines import check_unsaved
from humasflow.stories.services import guidelines as services
from humasflow.stories.views.blueprint import blueprint


@blueprint.post("/<int:story_id>/periksa")
@requires(Permission.STORY_WRITE)
def check(story_id: int) -> Any:
    """What the guidelines say about the text in the open editor. Nothing is stored."""
    story = queries.get_story(current_user, story_id)
    form = StoryForm()
    order = read_pictures(request.form)
    assets = media.get_assets(story.office_id, order.ids, actor=current_user)
    if form.source.data not in set(StorySource):
        form.source.data = queries.get_current_version(story).source.value
    content = form.content(order.rows(assets))
    types = {t.id: t for t in planning.list_content_types(story.office_id, with_inactive=True)}
    content_type = types.get(form.content_type_id.data or 0, story.content_type)
    found = check_unsaved(story.office_id, content, content_type, assets, story=story, actor=current_user)
    return {
        "html": render_template("guidelines/_open_findings.html", guidance=found, in_editor=True),
        "findings": [_plain(line) for line in found.findings],
        "summary": render_template("guidelines/_summary.txt", guidance=found).strip(),
    }


def _plain(line: FindingLine) -> dict[str, Any]:
    """A finding as the editor marks it."""
    f = line.finding
    return {
        "code": f.code.value, "severity": f.severity.value, "field": f.field, "start": f.start, "end": f.end,
        "quote": f.quote, "message": str(f.message), "suggestion": f.suggestion, "set_aside": line.override is not None,
    }  # fmt: skip


@blueprint.post("/<int:story_id>/daftar-periksa")
@signed_in
def tick(story_id: int) -> Any:
    """Tick items of the checklist, or take ticks back, several at once."""
    story = queries.get_story(current_user, story_id)
    shown = request.form.getlist("shown", type=row_number)
    before = set(request.form.getlist("was", type=row_number))
    now = set(request.form.getlist("item", type=row_number))
    for item_id in dict.fromkeys(shown):
        # Only what this person changed: somebody else may have ticked another item since the page was opened.
        if (item_id in now) != (item_id in before):
            services.set_tick(story, actor=current_user, item_id=item_id, is_ticked=item_id in now)
    flash(_("Daftar periksa tersimpan."), "success")
    return _back(story, "daftar-periksa")


@blueprint.post("/<int:story_id>/kesampingkan")
@signed_in
def override_finding(story_id: int) -> Any:
    """Set a finding aside, with a reason."""
    story = queries.get_story(current_user, story_id)
    typed = request.form
    services.override_finding(
        story, actor=current_user, code=typed.get("code", ""), key=typed.get("key", ""),
        reason=typed.get("reason", "").replace("\x00", ""),
    )  # fmt: skip
    flash(_("Temuan dikesampingkan. Alasannya terbaca oleh penyetuju dan tercatat di riwayat."), "success")
    return _back(story, "pemeriksaan")


@blueprint.post("/<int:story_id>/kesampingkan/<int:override_id>/cabut")
@signed_in
def restore_finding(story_id: int, override_id: int) -> Any:
    """Let a finding count again."""
    story = queries.get_story(current_user, story_id)
    services.restore_finding(story, actor=current_user, override_id=override_id)
    flash(_("Temuan berlaku lagi."), "success")
    return _back(story, "pemeriksaan")


@blueprint.post("/<int:story_id>/pernyataan/<any(buat, cabut):what>")
@signed_in
def declare(story_id: int, what: str) -> Any:
    """State that nothing excluded is in the text, or take it back."""
    story = queries.get_story(current_user, story_id)
    if what == "buat" and not request.form.get("setuju"):
        raise UserError(_("Centang dahulu bahwa Anda sudah membaca isinya, lalu nyatakan."))
    services.declare(story, actor=current_user, is_declared=what == "buat")
    flash(_("Pernyataan tercatat.") if what == "buat" else _("Pernyataan dicabut."), "success")
    return _back(story, "pemeriksaan")


def _back(story: Story, part: str) -> Any:
    """To the page that the person came from: the story's, or the review's."""
    target = safe_local_target(request.form.get("kembali"))
    url = f"{target}#{part}" if target else url_for("pages.story", story_id=story.id, _anchor=part)
    return redirect(url, code=303)
