"""Tulis untuk semua kanal: one base text, and every account's post beside it, written and saved together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.channels import queries as channels
from humasflow.core.converters import row_number
from humasflow.core.db import db
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.posts import queries, services
from humasflow.posts.contents import BaseContent, base_digest, base_of, split_tags
from humasflow.posts.enums import PostChange
from humasflow.posts.forms import BASE, BaseTextForm, chosen_ids, read_rows, tags_line
from humasflow.posts.policy import reasons_not_to_add, reasons_not_to_change_each
from humasflow.posts.services import Composition, CompositionRefused, VariantDraft
from humasflow.posts.suggesting import suggest_base
from humasflow.posts.views.blueprint import blueprint
from humasflow.posts.views.editor import (
    Editor,
    Setting,
    begin,
    load_setting,
    look_around,
    make_editor,
    receive,
)
from humasflow.stories import queries as stories
from humasflow.stories.edit_policy import consequence_of_post_edit
from humasflow.stories.models import Story

CHOSEN = "pakai"  # the accounts, by id, that get a new post


@dataclass(frozen=True)
class Overtaken:
    """Words that were typed into a card which cannot take them any more: it was made, sent or taken away meanwhile."""

    key: str
    account: str  # empty: no longer on the page
    words: str


@dataclass
class Cards:
    """Everything on the composer's page. ``base_reasons``: why the base text was not saved; ``theirs``: the base text
    that somebody else saved meanwhile; ``overtaken``: what has no card to be saved in.
    """

    setting: Setting
    base_form: BaseTextForm
    editors: list[Editor]
    reasons: Sequence[Reason] = ()
    base_reasons: Sequence[Reason] = ()
    theirs: BaseContent | None = None
    overtaken: Sequence["Overtaken"] = ()

    @property
    def existing(self) -> list[Editor]:
        """Cards of posts that are there."""
        return [e for e in self.editors if e.post is not None]

    @property
    def open(self) -> list[Editor]:
        """Cards that are saved."""
        return [e for e in self.editors if e.is_wanted and not e.locked]


@blueprint.route("/naskah/<int:story_id>/publikasi", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def compose(story_id: int) -> Any:
    """The base text and a card for each account."""
    story = stories.get_story(current_user, story_id)
    if request.method == "GET":
        cards = _cards(story)
        cards.reasons = reasons_not_to_add(current_user, story)
        for editor in cards.editors:
            begin(editor)
        return _page(cards)
    cards = read_cards(story)
    cards.overtaken = _overtaken(cards)  # shown whatever else is wrong: on the next page they are nowhere
    right = [receive(editor, request.form) for editor in cards.open]
    if not cards.base_form.validate() or not all(right):
        return _page(cards), 422
    if cards.overtaken:
        return _page(cards), 409
    try:
        with db.session.begin_nested():  # refused is refused: nothing of it stays for the page that says so
            done = services.compose(
                story, actor=current_user, base=cards.base_form.content,
                drafts=[_draft(editor) for editor in cards.open],
                base_row_version=request.form.get("dasar-row_version", type=row_number),
                base_opened=request.form.get("dasar-opened", ""),
            )  # fmt: skip
    except CompositionRefused as refused:
        _note(cards, refused)
        return _page(cards), 409 if refused.has_conflict else 422
    except Refused as refused:
        cards.reasons = refused.reasons
        return _page(cards), refused.status
    _tell(done)
    return redirect(url_for("posts.compose", story_id=story.id), code=303)


def read_cards(story: Story, *, only: frozenset[str] = frozenset()) -> Cards:
    """The page as it was typed. ``only``: cards by key; all when empty."""
    cards = _cards(story, only=only)
    cards.setting.base = cards.base_form.content
    wanted = set(request.form.getlist(CHOSEN, type=row_number))
    for editor in cards.editors:
        editor.is_wanted = editor.post is not None or editor.account.id in wanted
        if editor.locked:
            begin(editor)
        elif f"{editor.prefix}content_type_id" in request.form:
            editor.rows = read_rows(editor.offered, request.form, editor.prefix)
        else:
            # The card was not on the page that was sent: its post is younger, or nobody opened it.
            editor.is_wanted = False
            begin(editor)
    return cards


def _overtaken(cards: Cards) -> list[Overtaken]:
    """What was typed for an account that has a post by now, or for a post that is locked or gone."""
    form = request.form
    taken = {editor.key for editor in cards.open}
    chosen = set(form.getlist(CHOSEN))
    names = {e.key: e.account.name for e in cards.editors}
    names |= {f"a{e.account.id}": e.account.name for e in cards.editors}
    sent = [match[1] for match in map(_CARD.match, form) if match]
    sent = [key for key in sent if key not in taken and (key[0] == "p" or key[1:] in chosen)]
    bases = {key: form.get(f"{key}-base", type=row_number) for key in sent}
    opened = {v.id: v for v in queries.get_versions(i for i in bases.values() if i)}
    stored = {v.post_id: v for v in queries.get_versions_of([e.post for e in cards.editors if e.post])}
    by_account = {e.account.id: stored[e.post.id] for e in cards.existing if e.post}
    found = []
    for key in sent:
        was = opened.get(bases[key] or 0) or (by_account.get(int(key[1:])) if key[0] == "a" else None)
        fields = {"title", "first_comment"} if form.get(f"{key}-mode") == BASE else set(_WORDS)
        typed = {name: form.get(f"{key}-{name}", "").replace("\r\n", "\n").strip() for name in _WORDS}
        typed["hashtags"] = tags_line(split_tags(typed["hashtags"]))
        before = {name: getattr(was, name) if was else "" for name in _WORDS}
        before["hashtags"] = tags_line(was.hashtags) if was else ""
        words = [typed[name] for name in _WORDS if name in fields and typed[name] != before[name]]
        alts = {p.asset_id: p.alt_text for p in was.pictures} if was else {}
        words += [alt for i, alt in _alts(form, key) if alt != alts.get(i)]
        if any(words):
            found.append(Overtaken(key, names.get(key, ""), "\n\n".join(filter(None, words))))
    return found


_CARD = re.compile(r"([ap][0-9]{1,15})-content_type_id$", re.ASCII)
_ALT = re.compile(r"([ap][0-9]{1,15})-alt-([0-9]{1,15})$", re.ASCII)
_WORDS = ("title", "text", "link", "hashtags", "first_comment")


def _alts(form: Mapping[str, str], key: str) -> list[tuple[int, str]]:
    """The alternative texts of the pictures that a card uses, by asset."""
    found = [(match, form[match[0]].strip()) for match in map(_ALT.match, form) if match and match[1] == key]
    return [(int(match[2]), alt) for match, alt in found if alt and f"{key}-use-{match[2]}" in form]


def _cards(story: Story, *, only: frozenset[str] = frozenset()) -> Cards:
    """Cards with empty forms, posts first: in the order of the office's accounts. A constant number of statements."""
    setting = load_setting(story, chosen_ids(request.form))
    base_form = BaseTextForm(prefix="dasar-", meta={"csrf": False})
    if request.method == "GET":
        started = setting.base
        if setting.stored_base is None:
            started = suggest_base(setting.version)
        setting.base = started
        base_form.begin(started, setting.base_row_version)
    posts = queries.list_posts_of(story.id)
    current = {v.post_id: v for v in queries.get_versions_of(posts)}
    locked = reasons_not_to_change_each(current_user, posts, PostChange.EDIT)
    editors = []
    for post in posts:
        key = f"p{post.id}"
        if not only or key in only:
            editor = make_editor(setting, post.account, post, current[post.id], prefix=f"{key}-")
            editor.locked = locked[post.id]
            editors.append(editor)
    taken = {post.account_id for post in posts}
    for account in channels.list_accounts(story.office_id):
        key = f"a{account.id}"
        if account.id not in taken and (not only or key in only):
            editor = make_editor(setting, account, prefix=f"{key}-")
            editor.is_wanted = False
            editors.append(editor)
    return Cards(setting, base_form, editors)


def _draft(editor: Editor) -> VariantDraft:
    return VariantDraft(
        editor.key, editor.account.id, editor.content, editor.form.content_type_id.data, editor.post,
        row_version=_number(editor.form.row_version.data), base_version_id=_number(editor.form.base.data),
        opened_type_id=_number(editor.form.opened_type.data),
    )  # fmt: skip


def _number(text: Any) -> int | None:
    try:
        return row_number(text or "")
    except ValueError:
        return None


def _note(cards: Cards, refused: CompositionRefused) -> None:
    """Each card says what stands against it; the others are as they were typed."""
    by_key = {editor.key: editor for editor in cards.editors}
    for key, error in refused.errors.items():
        if key:
            by_key[key].note(error)
        else:
            _note_base(cards, error)


def _note_base(cards: Cards, error: UserError) -> None:
    cards.base_reasons = [Reason("base", error.message)]
    stored = queries.get_base(cards.setting.story.id)
    if stored is not None:
        cards.theirs = base_of(stored)
        cards.base_form.row_version.data = str(stored.row_version)
        cards.base_form.opened.data = base_digest(cards.theirs)


def _tell(done: Composition) -> None:
    if done.is_empty:
        flash(_("Tidak ada yang berubah."), "success")
    else:
        many = len(done.created) + len(done.saved)
        flash(
            ngettext("Tersimpan: %(num)s publikasi.", "Tersimpan: %(num)s publikasi.", many)
            if many
            else _("Teks dasar tersimpan."),
            "success",
        )
    for post, reasons in done.left:
        flash(
            _(
                "%(account)s tidak ikut berubah. %(reason)s",
                account=post.account.name, reason=" ".join(str(r) for r in reasons),
            ),
            "info",
        )  # fmt: skip


def _page(cards: Cards) -> str:
    look_around(cards.editors)
    story = cards.setting.story
    return render_template(
        "posts/compose.html", cards=cards, story=story, base_form=cards.base_form, setting=cards.setting,
        consequence=consequence_of_post_edit(story) if cards.existing else None,
    )  # fmt: skip
