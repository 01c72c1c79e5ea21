"""Before submitting: what would be submitted, what stands against it, and who would be asked."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import require
from humasflow.approvals import policy, queries, services
from humasflow.approvals.asking import load_roster
from humasflow.approvals.contents import Content, content_to_submit
from humasflow.approvals.enums import PackageState
from humasflow.approvals.forms import SubmitForm
from humasflow.approvals.presenting import previews_of, rules_in_words
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.errors import Reason, Refused
from humasflow.core.guards import signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.posts.neighbours import candidate_of, find_neighbours
from humasflow.posts.policy import PostProblem
from humasflow.stories import queries as stories
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story


@blueprint.route("/naskah/<int:story_id>/ajukan", methods=["GET", "POST"])
@signed_in
def submit(story_id: int) -> Any:
    """Ask for approval."""
    story = stories.get_story(current_user, story_id)
    require(current_user, Permission.STORY_WRITE, story.office_id)
    form = SubmitForm()
    if not form.validate_on_submit():
        return _page(story, form), 422 if form.is_submitted() else 200
    try:
        package = services.submit_package(story, actor=current_user, note=form.note.data or "")
    except Refused as refused:
        return _page(story, form, refused.reasons), 409
    if package.state is PackageState.APPROVED:
        flash(_("Disetujui langsung, karena alurnya tanpa persetujuan."), "success")
    else:
        flash(_("Sudah diajukan. Penyetuju diberi tahu sekarang."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _page(story: Story, form: SubmitForm, refused: tuple[Reason, ...] = ()) -> str:
    content = content_to_submit(story)
    pending = policy.pending_package_id(story.id)
    office = get_office(story.office_id)
    barred = frozenset({current_user.id, *content.editors}) if office.four_eyes else frozenset()
    steps = queries.steps_for(story.office_id, story.content_type_id)
    barred |= policy.who_cannot_see(story, load_roster(office))
    return render_template(
        "approvals/submit.html", story=story, content=content, previews=previews_of(content), form=form, where=office,
        reasons=refused or policy.reasons_against(current_user, content, pending), pending=pending,
        steps=queries.preview_steps(office, steps, story.section_id, barred=barred),
        first=story.state is StoryState.DRAFT, consequence=rules_in_words(story.office_id),
        cautions=_cautions(content),
        can_release=bool(steps) and current_user.can(Permission.STORY_PUBLISH_URGENTLY, story.office_id),
    )  # fmt: skip


def _cautions(content: Content) -> list[tuple[str, PostProblem]]:
    """What other posts have against what would go out, with the name of the account. Nothing of it blocks. Two
    statements at most.
    """
    found = find_neighbours(current_user, [candidate_of(i.post, i.version) for i in content.items])
    return [(i.post.account.name, problem) for i in content.items for problem in found[str(i.post.id)]]
