"""What channels would say about texts that are still being written. Nothing is stored."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.channels import queries as channels
from humasflow.core.converters import row_number
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.posts import queries
from humasflow.posts.forms import chosen_ids, read_rows
from humasflow.posts.models import Post
from humasflow.posts.views.blueprint import blueprint
from humasflow.posts.views.composing import Cards, read_cards
from humasflow.posts.views.editor import Editor, load_setting, look_around, make_editor
from humasflow.stories import queries as stories
from humasflow.stories.models import Story


@blueprint.post("/publikasi/periksa")
@requires(Permission.POST_WRITE)
def check() -> Any:
    """One post (``akun``, and ``publikasi`` when it exists), or cards of the composer (``kartu``, by key): problems,
    length, limit, and the preview. The same judgement as when saving.
    """
    story = stories.get_story(current_user, request.form.get("naskah", 0, type=row_number))
    wanted = request.form.getlist("kartu")
    if wanted:
        cards: Cards = read_cards(story, only=frozenset(wanted))
        look_around(cards.editors)
        return {"cards": {editor.key: _answer(editor) for editor in cards.editors}}
    account = channels.get_account(story.office_id, request.form.get("akun", 0, type=row_number))
    post = _post_of(story, request.form.get("publikasi", type=row_number))
    if post is None:
        post = queries.get_post_on(story.id, account.id)
    current = queries.get_current_version(post) if post is not None else None
    editor = make_editor(load_setting(story, chosen_ids(request.form)), account, post, current)
    editor.rows = read_rows(editor.offered, request.form)
    look_around([editor])
    return _answer(editor)


def _post_of(story: Story, post_id: int | None) -> Post | None:
    """The post that is open; one of another story is nobody's business here."""
    if post_id is None:
        return None
    post = queries.get_post(current_user, post_id)
    return post if post.story_id == story.id else None


def _answer(editor: Editor) -> dict[str, Any]:
    return {
        "problems": [
            {"message": p.message, "blocks": p.blocks, "field": p.field} for p in editor.problems
        ],
        "limit": editor.limit,
        "size": editor.size,
        "blocking": len(editor.blocking),
        "list": render_template("posts/_problems.html", problems=editor.problems),
        "preview": render_template("posts/previews/_channel.html", preview=editor.preview),
    }  # fmt: skip
