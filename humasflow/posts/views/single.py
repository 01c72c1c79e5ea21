"""One post on a page of its own: made, changed, removed, published again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels import queries as channels
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.posts import queries, services
from humasflow.posts.enums import PostChange
from humasflow.posts.forms import chosen_ids
from humasflow.posts.policy import live_among, reasons_not_to_add, reasons_not_to_change
from humasflow.posts.services import PostExists
from humasflow.posts.views.blueprint import blueprint
from humasflow.posts.views.editor import Editor, begin, load_setting, look_around, make_editor, receive
from humasflow.stories import queries as stories
from humasflow.stories.edit_policy import consequence_of_post_edit
from humasflow.stories.models import Story


@blueprint.route("/naskah/<int:story_id>/publikasi/baru", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def new(story_id: int) -> Any:
    """Choose an account that has no post of this story yet; then write for it."""
    story = stories.get_story(current_user, story_id)
    wanted = request.values.get("akun", type=row_number)
    if wanted is None:
        return _choose(story)
    account = channels.get_account(story.office_id, wanted)
    existing = queries.get_post_on(story.id, wanted)
    if request.method == "GET":
        if existing is not None:
            return redirect(url_for("posts.edit", post_id=existing.id))
        if reasons_not_to_add(current_user, story):
            return _choose(story)
        editor = make_editor(load_setting(story), account)
        begin(editor)
        return _page(editor)
    editor = make_editor(load_setting(story, chosen_ids(request.form)), account)
    if not receive(editor, request.form):
        return _page(editor), 422
    try:
        services.create_post(
            story, actor=current_user, account_id=wanted, content_type_id=editor.form.content_type_id.data,
            content=editor.content,
        )  # fmt: skip
    except UserError as error:
        editor.note(error)
        return _page(editor), error.status
    flash(_("Publikasi untuk %(account)s tersimpan.", account=account.name), "success")
    return redirect(url_for("pages.story", story_id=story.id, _anchor="publikasi"), code=303)


@blueprint.route("/publikasi/<int:post_id>/sunting", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def edit(post_id: int) -> Any:
    """The next version of a post."""
    post = queries.get_post(current_user, post_id)
    setting = load_setting(post.story, chosen_ids(request.form))
    editor = make_editor(setting, post.account, post, queries.get_current_version(post))
    if request.method == "GET":
        begin(editor)
        editor.locked = reasons_not_to_change(current_user, post, PostChange.EDIT)
        if editor.locked:
            return render_template("posts/locked.html", editor=editor)
        return _page(editor)
    if not receive(editor, request.form):
        return _page(editor), 422
    try:
        saved = services.save_post_version(
            post, actor=current_user, content=editor.content, content_type_id=editor.form.content_type_id.data,
            row_version=request.form.get("row_version", type=row_number),
            base_version_id=request.form.get("base", type=row_number),
            opened_type_id=request.form.get("opened_type", type=row_number),
        )  # fmt: skip
    except Conflict as conflict:
        editor.note(conflict)
        return _page(editor), 409
    except UserError as error:
        editor.note(error)
        return _page(editor), error.status
    if saved:
        flash(_("Publikasi untuk %(account)s tersimpan.", account=post.account.name), "success")
    else:
        flash(_("Isi publikasi tidak berubah."), "success")
    return redirect(url_for("pages.story", story_id=post.story_id, _anchor="publikasi"), code=303)


@blueprint.post("/publikasi/<int:post_id>/hapus")
@requires(Permission.POST_WRITE)
def remove(post_id: int) -> Any:
    """Take away a post that never went out."""
    post = queries.get_post(current_user, post_id)
    services.remove_post(post, actor=current_user)
    flash(_("Publikasi untuk %(account)s dihapus.", account=post.account.name), "success")
    return redirect(url_for("pages.story", story_id=post.story_id, _anchor="publikasi"), code=303)


@blueprint.post("/publikasi/<int:post_id>/tayang-ulang")
@requires(Permission.POST_WRITE)
def repost(post_id: int) -> Any:
    """A further post with the content of one that is live, opened to be changed. One that waits already is opened."""
    post = queries.get_post(current_user, post_id)
    try:
        made = services.repost(post, actor=current_user)
    except PostExists as exists:
        flash(exists.message, "info")
        return redirect(url_for("posts.edit", post_id=exists.post_id or post.id), code=303)
    flash(_("Tayang ulang disiapkan. Sesuaikan, lalu ajukan untuk disetujui."), "success")
    return redirect(url_for("posts.edit", post_id=made.id), code=303)


def _choose(story: Story) -> str:
    taken = {p.account_id: p for p in queries.list_posts_of(story.id)}
    return render_template(
        "posts/choose.html", story=story, accounts=channels.list_accounts(story.office_id), taken=taken,
        reasons=reasons_not_to_add(current_user, story),
    )  # fmt: skip


def _page(editor: Editor) -> str:
    look_around([editor])
    calm = editor.post is not None and editor.theirs is None
    return render_template(
        "posts/edit.html", editor=editor, form=editor.form, story=editor.story, post=editor.post,
        consequence=consequence_of_post_edit(editor.story) if calm else None,
        is_live=editor.post is not None and bool(live_among([editor.post.id])),
    )  # fmt: skip
