"""Comments: written, answered, settled. The panel stands on several pages; each answer goes back to where it was asked.

A script asks for JSON and gets the panel's list anew; without one every form leads back to its page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.converters import row_number
from humasflow.core.errors import NotFound, UserError
from humasflow.core.guards import signed_in
from humasflow.core.negotiation import wants_json
from humasflow.core.urls import safe_local_target
from humasflow.stories import queries, services
from humasflow.stories.enums import SuggestionMove, ThreadMove
from humasflow.stories.models import CommentThread, Story
from humasflow.stories.queries.comment_panel import CommentPanel, build_panel
from humasflow.stories.queries.comments import (
    get_comment,
    get_thread,
    list_mentionable,
    stamp_of_comments,
    story_of_thread,
)
from humasflow.stories.services import Passage
from humasflow.stories.views.blueprint import blueprint

NO_CHANGE = ("", 204)


@blueprint.app_context_processor
def _panel() -> dict[str, Any]:
    """``comment_panel(story)`` for every page that shows a story; it is asked only where the panel stands."""
    return {"comment_panel": _asked_panel}


def _asked_panel(story: Story) -> CommentPanel:
    return build_panel(
        current_user, story, show=request.values.get("komentar", ""), cursor=request.values.get("sesudah"),
        upto=request.values.get("utas", type=row_number),
    )  # fmt: skip


# Reading


@blueprint.get("/<int:story_id>/komentar")
@signed_in
def comments(story_id: int) -> Any:
    """The panel's list for a script; nothing when it is what the page already shows (``cap``)."""
    story = queries.get_story(current_user, story_id)
    if request.args.get("cap") and request.args.get("cap") == stamp_of_comments(story.id):
        return NO_CHANGE
    return _list(story)


@blueprint.get("/<int:story_id>/komentar/orang")
@signed_in
def comment_people(story_id: int) -> Any:
    """Who can be named in a comment, for the list that opens behind an "@"."""
    story = queries.get_story(current_user, story_id)
    return {"people": [{"id": u.id, "name": u.name} for u in list_mentionable(story)]}


@blueprint.get("/komentar/<int:comment_id>")
@signed_in
def comment(comment_id: int) -> Any:
    """The page on which a comment stands, at the comment."""
    story, thread, _comment = get_comment(current_user, comment_id)
    return redirect(_page_of(story, thread, f"komentar-{comment_id}"))


@blueprint.get("/utas/<int:thread_id>")
@signed_in
def thread(thread_id: int) -> Any:
    """The page on which a thread stands, at the thread."""
    story, found = _thread_of(thread_id)
    return redirect(_page_of(story, found, f"utas-{found.id}"))


# Writing


@blueprint.post("/<int:story_id>/komentar")
@signed_in
def begin_comment(story_id: int) -> Any:
    """A new thread, on the whole or at a passage; with ``jenis=usul`` a suggested change."""
    story = queries.get_story(current_user, story_id)
    text, is_suggestion = request.form.get("text", ""), request.form.get("jenis") == "usul"
    try:
        if is_suggestion:
            made = services.suggest_change(
                story, actor=current_user, passage=_passage(), replacement=_field("replacement"), text=_clean(text),
                mentions=_mentions(),
            )  # fmt: skip
        else:
            made = services.begin_thread(
                story, actor=current_user, text=_clean(text), passage=_passage(), mentions=_mentions()
            )
    except UserError as error:
        return _again(story, error)
    return _done(story, made, _("Usul terkirim.") if is_suggestion else _("Komentar terkirim."))


@blueprint.post("/<int:story_id>/komentar/<int:thread_id>/balas")
@signed_in
def reply_comment(story_id: int, thread_id: int) -> Any:
    """An answer."""
    story, found = _thread_in(story_id, thread_id)
    try:
        services.reply(story, found, actor=current_user, text=_field("text"), mentions=_mentions())
    except UserError as error:
        return _again(story, error, _Field("text", _("Balasan"), _("Kirim balasan")))
    return _done(story, found, _("Balasan terkirim."))


@blueprint.post("/<int:story_id>/komentar/<int:thread_id>/status")
@signed_in
def move_thread(story_id: int, thread_id: int) -> Any:
    """Resolve or reopen."""
    story, found = _thread_in(story_id, thread_id)
    move = _chosen(ThreadMove)
    services.move_thread(story, found, move, actor=current_user)
    done = {
        ThreadMove.RESOLVE: _("Komentar ditandai selesai."),
        ThreadMove.REOPEN: _("Komentar dibuka kembali."),
    }
    return _done(story, found, done[move])


@blueprint.post("/<int:story_id>/komentar/<int:thread_id>/usul")
@signed_in
def decide_suggestion(story_id: int, thread_id: int) -> Any:
    """Accept, decline or take back a suggested change."""
    story, found = _thread_in(story_id, thread_id)
    move = _chosen(SuggestionMove)
    if move is SuggestionMove.ACCEPT:
        services.accept_suggestion(story, found, actor=current_user)
        return _done(story, found, _("Usul diterima dan masuk ke naskah."), is_text_changed=True)
    if move is SuggestionMove.DECLINE:
        try:
            services.decline_suggestion(story, found, actor=current_user, reason=_field("reason"))
        except UserError as error:
            return _again(story, error, _Field("reason", _("Mengapa"), _("Jangan pakai usul ini")))
        return _done(story, found, _("Usul tidak dipakai."))
    if move is SuggestionMove.WITHDRAW:
        services.withdraw_suggestion(story, found, actor=current_user)
        return _done(story, found, _("Usul ditarik."))
    raise NotFound


@blueprint.post("/komentar/<int:comment_id>/sunting")
@signed_in
def edit_comment(comment_id: int) -> Any:
    """Mend an own comment."""
    story, found, written = get_comment(current_user, comment_id)
    try:
        services.edit_comment(
            story, found, written, actor=current_user, text=_field("text"), mentions=_mentions()
        )
    except UserError as error:
        return _again(story, error, _Field("text", _("Komentar"), _("Simpan perubahan")))
    return _done(story, found, _("Komentar diubah."))


@blueprint.post("/komentar/<int:comment_id>/hapus")
@signed_in
def remove_comment(comment_id: int) -> Any:
    """Take an own comment back."""
    story, found, written = get_comment(current_user, comment_id)
    services.remove_comment(story, found, written, actor=current_user)
    return _done(story, found, _("Komentar dihapus."))


# What was asked


def _thread_in(story_id: int, thread_id: int) -> tuple[Story, CommentThread]:
    story = queries.get_story(current_user, story_id)
    return story, get_thread(story, thread_id)


def _thread_of(thread_id: int) -> tuple[Story, CommentThread]:
    story_id = story_of_thread(thread_id)
    return _thread_in(story_id, thread_id)


def _chosen(moves: Iterable[Any]) -> Any:
    wanted = next((m for m in moves if m.value == request.form.get("move")), None)
    if wanted is None:
        raise NotFound
    return wanted


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _field(name: str) -> str:
    return _clean(request.form.get(name, ""))


def _number(name: str) -> int:
    return request.form.get(name, 0, type=row_number)


def _passage() -> Passage:
    return Passage(
        part=_field("part") or "whole", quote=_field("quote"), start=_number("start"), prefix=_field("prefix")[-64:],
        suffix=_field("suffix")[:64],
    )  # fmt: skip


def _mentions() -> list[int]:
    return request.form.getlist("mention", type=row_number)


# What is answered


def _back(story: Story) -> str:
    """The page the panel stands on, as it said itself; only a path of ours."""
    wanted = safe_local_target(request.values.get("kembali")) or ""
    return wanted.partition("?")[0].partition("#")[0] or url_for("pages.story", story_id=story.id)


def _page_of(story: Story, found: CommentThread, fragment: str) -> str:
    show = "terbuka" if found.state.value == "open" else "selesai"
    return url_for("pages.story", story_id=story.id, komentar=show, utas=found.id, _anchor=fragment)


def _done(story: Story, found: CommentThread, message: str, *, is_text_changed: bool = False) -> Any:
    if wants_json():
        return _list(story, message=message, thread=found.id, **(_text_of(story) if is_text_changed else {}))
    flash(message, "success")
    return redirect(f"{_back(story)}?utas={found.id}#utas-{found.id}", code=303)


def _list(story: Story, **more: Any) -> dict[str, Any]:
    panel = _asked_panel(story)
    page = render_template("stories/_comment_threads.html", panel=panel, back=_back(story))
    return {"html": page, "stamp": panel.stamp, "open": panel.counts.open, **more}


def _text_of(story: Story) -> dict[str, Any]:
    """What stands now, so that an open editor can go on from it."""
    version = queries.get_current_version(story)
    return {
        "version": version.number, "edit_stamp": queries.edit_stamp(story), "title": version.title,
        "lead": version.lead, "kicker": version.kicker,
    }  # fmt: skip


@dataclass(frozen=True)
class _Field:
    """The one field of the form that was sent, with its button."""

    name: str
    label: str
    button: str


def _again(story: Story, error: UserError, sent: _Field | None = None) -> Any:
    """What was written, and why it was refused: nothing has to be typed again. ``sent`` None: a new thread.

    A script keeps the text itself, and only hears why.
    """
    if wants_json() or error.status not in (409, 422):
        raise error
    version = queries.get_current_version(story)
    page = render_template(
        "stories/comment_again.html", story=story, version=version, body=queries.get_body(version.id),
        problem=error.message, typed=request.form, sent=sent, panel=_asked_panel(story), back=_back(story),
    )  # fmt: skip
    return page, error.status
