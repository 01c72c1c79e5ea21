"""Suggested changes: put into the text with its markup kept, once, and never over something that changed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.core.html import clean_html
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.stories import queries, services
from humasflow.stories.anchors import SpliceError, project_html, project_plain, splice_html, splice_plain
from humasflow.stories.enums import StoryMove, StoryState, SuggestionMove, SuggestionState, ThreadState
from humasflow.stories.models import CommentThread, Story, StoryVersion
from humasflow.stories.services import Passage
from humasflow.stories.workflow import SUGGESTION
from tests.factories import desk
from tests.factories.world import World

BODY = (
    "<p>Kantor menjual <strong>tiga aset</strong> negara lewat lelang.</p>"
    "<p>Hasilnya Rp2,2 miliar dan disetor ke kas negara.</p>"
    "<ul><li><p>Tanah</p></li><li><p>Kendaraan</p></li></ul>"
)


# Into the text (pure)


def _put(html: str, quote: str, replacement: str) -> str:
    text = project_html(html)
    assert text.count(quote) == 1
    start = text.index(quote)
    return splice_html(html, start, start + len(quote), replacement)


@pytest.mark.parametrize(
    ("html", "quote", "replacement", "wanted"),
    [
        ("<p>Rp2,2 miliar</p>", "Rp2,2", "Rp2,4", "<p>Rp2,4 miliar</p>"),
        ("<p>a <strong>tiga aset</strong> b</p>", "tiga aset", "empat aset", "<p>a <strong>empat aset</strong> b</p>"),
        ("<p>kata <em>satu</em> dan dua</p>", "satu dan dua", "satu dan tiga", "<p>kata <em>satu</em> dan tiga</p>"),
        ("<p>kata <em>satu</em> dan dua</p>", "satu dan dua", "dua", "<p>kata dua</p>"),
        ("<p>a <strong>b</strong> c</p>", "b c", "x y", "<p>a <strong>x y</strong></p>"),
        ("<p>x &amp; y &lt; z</p>", "& y", "dan <b>y</b>", "<p>x dan &lt;b&gt;y&lt;/b&gt; &lt; z</p>"),
        ("<p>satu</p><p>dua</p><p>tiga</p>", "dua", "", "<p>satu</p><p>tiga</p>"),
        ("<p>satu dua tiga</p>", "dua tiga", "dua\nempat", "<p>satu dua<br>empat</p>"),
        ("<p>satu<br>dua</p>", "satu\ndua", "satu dua", "<p>satu dua</p>"),
        ("<ul><li><p>Tanah</p></li></ul>", "Tanah", "Tanah kosong", "<ul><li><p>Tanah kosong</p></li></ul>"),
        (
            '<p>lihat <a href="https://a.go.id/?x=1&amp;y=2>3">laman ini</a>.</p>', "laman ini", "laman itu",
            '<p>lihat <a href="https://a.go.id/?x=1&amp;y=2>3">laman itu</a>.</p>',
        ),
        (
            '<p>Bersama <span data-mention-user="5" class="mention">@Siti</span>.</p>', "@Siti", "@Budi",
            "<p>Bersama @Budi.</p>",
        ),
        (
            '<p>kata <span data-mention-user="5" class="mention">@Siti</span> besok</p>', "besok", "lusa",
            '<p>kata <span data-mention-user="5" class="mention">@Siti</span> lusa</p>',
        ),
    ],
)  # fmt: skip
def test_the_markup_around_stays(html: str, quote: str, replacement: str, wanted: str) -> None:
    assert _put(html, quote, replacement) == wanted


def test_passages_that_are_none() -> None:
    for start, end in ((0, 0), (5, 3), (-1, 3), (0, 400), (3, 12)):
        with pytest.raises(SpliceError):
            splice_html("<p>satu dua</p><p>tiga</p>", start, end, "x")
    for start, end in ((0, 0), (-1, 2), (0, 40)):
        with pytest.raises(SpliceError):
            splice_plain("Judul", start, end, "x")


_words = st.text(st.sampled_from("abcé🎉<&> "), min_size=1, max_size=10)
_runs = st.one_of(
    _words.map(lambda w: w.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    st.tuples(st.sampled_from(["strong", "em"]), _words).map(
        lambda p: f"<{p[0]}>{p[1].replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</{p[0]}>"
    ),
    st.just("<br>"),
    st.just('<a href="https://a.go.id/?x>y">tautan</a>'),
)
_bodies = st.lists(
    st.tuples(st.sampled_from(["p", "h2", "blockquote"]), st.lists(_runs, min_size=1, max_size=6)).map(
        lambda b: f"<{b[0]}>{''.join(b[1])}</{b[0]}>"
    ),
    min_size=1,
    max_size=4,
).map("".join)


@settings(max_examples=400)
@given(_bodies, _words, st.data())
def test_only_the_passage_changes(source: str, replacement: str, data: st.DataObject) -> None:
    """Before and behind it every word stays, in its markup; what comes out is clean already."""
    html = clean_html(source)
    text = project_html(html)
    lines = [line for line in text.split("\n") if line]
    if not lines:
        return
    line = data.draw(st.sampled_from(lines))
    offset = text.index(line)
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    changed = splice_html(html, offset + start, offset + end, replacement)
    wanted = text[: offset + start] + " ".join(replacement.split()) + text[offset + end :]

    def folded(value: str) -> str:
        return " ".join(value.split())

    assert folded(project_html(changed)) == folded(wanted) or not folded(replacement)
    assert project_html(clean_html(changed)) == project_html(changed)
    for tag in ("<p", "<h2", "<blockquote"):
        assert changed.count(tag) in (html.count(tag), html.count(tag) - 1)


@given(st.text(st.sampled_from("ab é🎉 "), min_size=1, max_size=30), _words, st.data())
def test_fields_without_html(source: str, replacement: str, data: st.DataObject) -> None:
    text = project_plain(source)
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    changed = splice_plain(source, start, end, replacement)
    wanted = text[:start] + project_plain(replacement) + text[end:]
    assert " ".join(project_plain(changed).split()) == " ".join(wanted.split())


def test_the_table_of_a_suggestion() -> None:
    """From every state by every order of moves: what was decided is never decided again."""
    ended = {SuggestionState.ACCEPTED, SuggestionState.DECLINED, SuggestionState.WITHDRAWN}
    for state in SuggestionState:
        moves = set(SUGGESTION.moves_from(state))
        assert (moves == set()) is (state in ended)
    assert not SUGGESTION.allows(SuggestionState.STALE, SuggestionMove.ACCEPT)


# With people


def _story(world: World, **changes: Any) -> Story:
    return desk.story(world, **{"body_html": BODY, **changes})


def _suggest(
    world: World, story: Story, quote: str, replacement: str, *, who: User | None = None, **more: Any
) -> CommentThread:
    return services.suggest_change(
        story, actor=world.as_(who or world.approver), passage=Passage(quote=quote, part=more.pop("part", "whole")),
        replacement=replacement, **more,
    )  # fmt: skip


def _body(story: Story) -> str:
    return queries.get_body(queries.get_current_version(story).id)


def _state(thread: CommentThread) -> SuggestionState:
    db.session.refresh(thread)
    assert thread.suggestion is not None
    db.session.refresh(thread.suggestion)
    return thread.suggestion.state


def _kinds(user: User) -> list[NoticeKind]:
    return list(
        db.session.scalars(
            select(Notification.kind).where(
                Notification.user_id == user.id, Notification.subject_type == "comment_thread"
            )
        )
    )


with_people = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def with_database(test: Any) -> Any:
    for mark in with_people:
        test = mark(test)
    return test


@with_database
def test_accepting_makes_a_version_and_tells_who_proposed_it(world: World) -> None:
    story = _story(world)
    thread = _suggest(world, story, "tiga aset", "empat aset", text="Lihat risalah.")
    assert _kinds(world.editor) == [NoticeKind.SUGGESTION_NEW]
    version = services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    assert version is not None
    assert (version.number, version.note) == (2, f"Saran {world.approver.name} diterima")
    assert "<strong>empat aset</strong>" in _body(story)
    assert (_state(thread), thread.state) == (SuggestionState.ACCEPTED, ThreadState.RESOLVED)
    assert thread.suggestion is not None and thread.suggestion.version_id == version.id
    assert _kinds(world.approver) == [NoticeKind.SUGGESTION_ACCEPTED]
    acts = db.session.scalars(select(AuditEntry.action)).all()
    assert AuditAction.SUGGESTION_OFFERED in acts and AuditAction.SUGGESTION_ACCEPTED in acts


@with_database
def test_accepting_twice_changes_the_text_once(world: World) -> None:
    story = _story(world)
    thread = _suggest(world, story, "negara lewat", "negara negara lewat")
    services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    body = _body(story)
    assert services.accept_suggestion(story, thread, actor=world.as_(world.other_editor)) is None
    assert _body(story) == body
    assert len(db.session.scalars(select(StoryVersion).where(StoryVersion.story_id == story.id)).all()) == 2


@with_database
def test_suggestions_on_title_and_lead(world: World) -> None:
    story = _story(world)
    title = _suggest(world, story, "30 satuan kerja", "tiga puluh satuan kerja", part="title")
    lead = _suggest(world, story, "belajar menyewakan", "diajari menyewakan", part="lead")
    services.accept_suggestion(story, title, actor=world.as_(world.editor))
    services.accept_suggestion(story, lead, actor=world.as_(world.editor))
    version = queries.get_current_version(story)
    assert story.title == version.title == "Sosialisasi pemanfaatan aset bagi tiga puluh satuan kerja"
    assert version.lead == "Tiga puluh satuan kerja diajari menyewakan aset."
    with pytest.raises(UserError, match="perlu diisi"):
        _suggest(world, story, version.title, "", part="title")
    with pytest.raises(UserError, match="paling panjang 200"):
        _suggest(world, story, "aset", "aset " * 40, part="title")


@with_database
def test_a_suggestion_to_take_something_out(world: World) -> None:
    story = _story(world)
    thread = _suggest(world, story, "Hasilnya Rp2,2 miliar dan disetor ke kas negara.", "")
    services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    assert "Hasilnya" not in _body(story) and "<p></p>" not in _body(story)


@with_database
def test_it_goes_stale_with_its_passage_and_comes_back_with_it(world: World) -> None:
    story = _story(world)
    first = queries.get_current_version(story)
    thread = _suggest(world, story, "Rp2,2 miliar", "Rp2,4 miliar")
    content = services.content_of(first, BODY)
    changed = replace(content, body_html=BODY.replace("Rp2,2 miliar", "lebih dari dua miliar"))
    services.save_version(story, actor=world.as_(world.editor), content=changed)
    assert _state(thread) is SuggestionState.STALE
    with pytest.raises(Refused):
        services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    services.restore_version(story, first, actor=world.as_(world.editor))
    assert _state(thread) is SuggestionState.OFFERED
    services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    assert "Rp2,4 miliar" in _body(story)


@with_database
def test_two_suggestions_for_one_passage(world: World) -> None:
    """The second is laid open as stale, not put over the first."""
    story = _story(world)
    one = _suggest(world, story, "Rp2,2 miliar", "Rp2,4 miliar")
    two = _suggest(world, story, "Rp2,2 miliar dan", "Rp2,2 miliar serta", who=world.other_editor)
    far = _suggest(world, story, "Kendaraan", "Mobil")
    services.accept_suggestion(story, one, actor=world.as_(world.editor))
    assert (_state(two), _state(far)) == (SuggestionState.STALE, SuggestionState.OFFERED)
    services.accept_suggestion(story, far, actor=world.as_(world.editor))
    assert "Rp2,4 miliar" in _body(story) and "Mobil" in _body(story)


@with_database
def test_declining_says_why_and_withdrawing_is_for_who_proposed(world: World) -> None:
    story = _story(world)
    thread = _suggest(world, story, "Rp2,2", "Rp2,4")
    with pytest.raises(Refused):
        services.decline_suggestion(story, thread, actor=world.as_(world.approver), reason="x")
    services.decline_suggestion(story, thread, actor=world.as_(world.editor), reason="Risalahnya Rp2,2.")
    services.decline_suggestion(story, thread, actor=world.as_(world.editor))
    assert _state(thread) is SuggestionState.DECLINED
    assert thread.suggestion is not None and thread.suggestion.reason == "Risalahnya Rp2,2."
    assert _kinds(world.approver) == [NoticeKind.SUGGESTION_DECLINED]
    other = _suggest(world, story, "Kendaraan", "Mobil")
    with pytest.raises(Refused):
        services.withdraw_suggestion(story, other, actor=world.as_(world.editor))
    services.withdraw_suggestion(story, other, actor=world.as_(world.approver))
    services.withdraw_suggestion(story, other, actor=world.as_(world.approver))
    assert (_state(other), other.state) == (SuggestionState.WITHDRAWN, ThreadState.RESOLVED)
    with pytest.raises(Refused):
        services.accept_suggestion(story, other, actor=world.as_(world.editor))
    assert _body(story) == BODY


@with_database
def test_in_review_it_can_be_made_and_waits(world: World) -> None:
    story = _story(world, state=StoryState.IN_REVIEW)
    thread = _suggest(world, story, "Kendaraan", "Mobil")
    with pytest.raises(Refused, match="direviu"):
        services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    services.move_story(story, StoryMove.RETURN, actor=world.as_(world.approver), reason="Lihat usul.")
    services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    assert "Mobil" in _body(story)


@with_database
def test_on_an_approved_story_it_is_an_edit_like_any_other(world: World) -> None:
    story = _story(world, state=StoryState.APPROVED)
    thread = _suggest(world, story, "Kendaraan", "Mobil")
    services.accept_suggestion(story, thread, actor=world.as_(world.editor))
    assert story.state is StoryState.DRAFT, "the approval is gone with the text that was approved"


@with_database
def test_suggestions_that_are_none(world: World) -> None:
    story = _story(world)
    for quote, new in (
        ("", "x"), ("Rp2,2", "Rp2,2"), ("Rp2,2", "x" * 4001), ("kas negara.\nTanah", "x"), ("tidak ada ini", "x"),
    ):  # fmt: skip
        with pytest.raises(UserError):
            _suggest(world, story, quote, new)
    with pytest.raises(Refused):
        _suggest(world, story, "Rp2,2", "Rp2,4", who=world.contributor)
