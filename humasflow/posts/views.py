"""Making, changing and removing posts. Their time and their publication have pages of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels import queries as channels
from humasflow.channels.adapters.base import Counter
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset
from humasflow.planning import queries as planning
from humasflow.planning.models import ContentType
from humasflow.posts import queries, services
from humasflow.posts.comparison import compare_contents
from humasflow.posts.enums import PostChange
from humasflow.posts.forms import PostForm, PostPictureRow, picture_rows, read_rows
from humasflow.posts.models import Post
from humasflow.posts.policy import (
    PostProblem,
    make_variant,
    media_item,
    problems_in,
    reasons_not_to_add,
    reasons_not_to_change,
    uses_story_body,
    usual_content_type,
)
from humasflow.posts.suggesting import suggest_content
from humasflow.posts.wording import counted_as
from humasflow.stories import queries as stories
from humasflow.stories.edit_policy import consequence_of_post_edit
from humasflow.stories.models import Story, StoryVersion

blueprint = Blueprint("posts", __name__)


@dataclass
class Editor:
    """What the post editor shows."""

    story: Story
    account: ChannelAccount
    form: PostForm
    version: StoryVersion
    body: str
    offered: Sequence[tuple[Asset, str, str]]
    types: Sequence[ContentType]
    post: Post | None = None
    rows: list[PostPictureRow] = field(default_factory=list)
    reasons: Sequence[Reason] = ()

    @property
    def problems(self) -> list[PostProblem]:
        """Everything wrong with what stands in the form, in the sentences that approvers read too."""
        media = tuple(media_item(r.asset, alt_text=r.alt_text, credit=r.credit) for r in self.rows if r.used)
        variant = make_variant(
            self.account, title=self.version.title, text=self.form.text.data or "",
            link=self.form.link.data or "", media=media, body_html=self.body,
        )  # fmt: skip
        code = next((t.code for t in self.types if t.id == self.form.content_type_id.data), "")
        return problems_in(variant, self.account, content_code=code)

    @property
    def shows_story_body(self) -> bool:
        """Whether the channel shows the story itself; the text is then its summary."""
        return uses_story_body(self.account)

    @property
    def counter(self) -> Counter:
        """How the channel counts; a summary is counted in characters."""
        return Counter.CHARS if self.shows_story_body else limits_of(self.account).counter

    @property
    def limit(self) -> int | None:
        """How much the channel takes, as things stand."""
        if self.shows_story_body:
            return 500
        limits = limits_of(self.account)
        with_media = limits.text_with_media is not None and any(r.used for r in self.rows)
        return limits.text_with_media if with_media else limits.text

    @property
    def counted_as(self) -> str:
        """The rule of counting, in words."""
        return counted_as(self.counter)


@blueprint.route("/naskah/<int:story_id>/publikasi/baru", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def new(story_id: int) -> Any:
    """Choose an account that has no post of this story yet; then write for it."""
    story = stories.get_story(current_user, story_id)
    wanted = request.values.get("akun", type=row_number)
    if wanted is None:
        return _choose(story)
    editor = _editor(story, channels.get_account(story.office_id, wanted))
    existing = queries.get_post_on(story.id, wanted)
    if request.method == "GET":
        if existing is not None:
            return redirect(url_for("posts.edit", post_id=existing.id))
        editor.reasons = reasons_not_to_add(current_user, story)
        if editor.reasons:
            return _choose(story)
        _prefill(editor)
        return _page(editor)
    if not _receive(editor):
        return _page(editor), 422
    form = editor.form
    try:
        services.create_post(
            story, actor=current_user, account_id=wanted, content_type_id=form.content_type_id.data,
            content=form.content(editor.rows),
        )  # fmt: skip
    except UserError as error:
        return _refused(editor, error)
    flash(_("Publikasi untuk %(account)s tersimpan.", account=editor.account.name), "success")
    return redirect(url_for("pages.story", story_id=story.id, _anchor="publikasi"), code=303)


@blueprint.route("/publikasi/<int:post_id>/sunting", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def edit(post_id: int) -> Any:
    """The next version of a post."""
    post = queries.get_post(current_user, post_id)
    editor = _editor(post.story, post.account, post)
    version = queries.get_current_version(post)
    if request.method == "GET":
        form = editor.form
        form.text.data, form.link.data, form.content_type_id.data = (
            version.text,
            version.link,
            post.content_type_id,
        )
        form.row_version.data, form.base.data = str(post.row_version), str(version.id)
        editor.rows = picture_rows(editor.offered, services.content_of(version).pictures)
        editor.reasons = reasons_not_to_change(current_user, post, PostChange.EDIT)
        if editor.reasons:
            return render_template("posts/locked.html", editor=editor, version=version)
        return _page(editor)
    if not _receive(editor):
        return _page(editor), 422
    form = editor.form
    try:
        saved = services.save_post_version(
            post, actor=current_user, content=form.content(editor.rows), content_type_id=form.content_type_id.data,
            row_version=request.form.get("row_version", type=row_number),
            base_version_id=request.form.get("base", type=row_number),
        )  # fmt: skip
    except Conflict:
        return _conflict(editor, post)
    except UserError as error:
        return _refused(editor, error)
    if saved:
        flash(_("Publikasi untuk %(account)s tersimpan.", account=post.account.name), "success")
    else:
        flash(_("Isi publikasi tidak berubah."), "success")
    return redirect(url_for("pages.story", story_id=post.story_id, _anchor="publikasi"), code=303)


@blueprint.post("/publikasi/periksa")
@requires(Permission.POST_WRITE)
def check() -> Any:
    """What is wrong with a text that is still being written. Nothing is stored."""
    story = stories.get_story(current_user, request.form.get("naskah", 0, type=row_number))
    account = channels.get_account(story.office_id, request.form.get("akun", 0, type=row_number))
    editor = _editor(story, account, queries.get_post_on(story.id, account.id))
    editor.rows = read_rows(editor.offered, request.form)
    return {
        "problems": [{"message": p.message, "blocks": p.blocks, "field": p.field} for p in editor.problems],
        "limit": editor.limit,
    }


@blueprint.post("/publikasi/<int:post_id>/hapus")
@requires(Permission.POST_WRITE)
def remove(post_id: int) -> Any:
    """Take away a post that never went out."""
    post = queries.get_post(current_user, post_id)
    services.remove_post(post, actor=current_user)
    flash(_("Publikasi untuk %(account)s dihapus.", account=post.account.name), "success")
    return redirect(url_for("pages.story", story_id=post.story_id, _anchor="publikasi"), code=303)


def _choose(story: Story) -> str:
    taken = {p.account_id: p for p in queries.list_posts_of(story.id)}
    return render_template(
        "posts/choose.html", story=story, accounts=channels.list_accounts(story.office_id), taken=taken,
        reasons=reasons_not_to_add(current_user, story),
    )  # fmt: skip


def _editor(story: Story, account: ChannelAccount, post: Post | None = None) -> Editor:
    version = stories.get_current_version(story)
    form = PostForm()
    types = list(planning.list_content_types(story.office_id))
    if post is not None and post.content_type_id not in {t.id for t in types}:
        types.append(planning.get_content_type(story.office_id, post.content_type_id))
    form.offer(types)
    offered = [(p.asset, p.alt_text, p.credit) for p in version.pictures]
    if post is not None:
        # A picture that left the story meanwhile stays on offer, because the post still shows it.
        known = {asset.id for asset, _alt, _credit in offered}
        current = queries.get_current_version(post)
        offered += [(p.asset, p.alt_text, p.credit) for p in current.pictures if p.asset_id not in known]
    return Editor(story, account, form, version, stories.get_body(version.id), offered, types, post)


def _prefill(editor: Editor) -> None:
    content = suggest_content(
        editor.account, editor.version, editor.body, credits=editor.story.content_type.credit_template
    )
    editor.form.text.data, editor.form.link.data = content.text, content.link
    usual = usual_content_type(editor.account, editor.story.content_type, editor.types)
    editor.form.content_type_id.data = usual.id
    editor.rows = picture_rows(editor.offered, content.pictures)


def _receive(editor: Editor) -> bool:
    editor.rows = read_rows(editor.offered, request.form)
    return bool(editor.form.validate())


def _refused(editor: Editor, error: UserError) -> Any:
    """The form again, with everything typed, and why it was not saved."""
    editor.reasons = error.reasons if isinstance(error, Refused) else [Reason("content", error.message)]
    return _page(editor), error.status


def _page(editor: Editor) -> str:
    return render_template(
        "posts/edit.html", editor=editor, form=editor.form, story=editor.story, post=editor.post,
        consequence=consequence_of_post_edit(editor.story) if editor.post else None,
    )  # fmt: skip


def _conflict(editor: Editor, post: Post) -> Any:
    """What was typed stays in the form, beside what somebody else saved meanwhile."""
    theirs = queries.get_current_version(post)
    mine = editor.form.content(editor.rows)
    names = {asset.id: asset.filename for asset, _alt, _credit in editor.offered}
    editor.form.row_version.data, editor.form.base.data = str(post.row_version), str(theirs.id)
    page = render_template(
        "posts/edit.html", editor=editor, form=editor.form, story=editor.story, post=post, theirs=theirs,
        differences=compare_contents(services.content_of(theirs), mine, names),
    )  # fmt: skip
    return page, 409
