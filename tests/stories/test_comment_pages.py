"""Comments on pages: plain forms, answers for scripts, links from notices, and what a stranger sees."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.approvals import services as approvals
from humasflow.core.db import db
from humasflow.notifications.models import Notification
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryMove, StoryState, SuggestionState, ThreadMove, ThreadState
from humasflow.stories.models import Comment, CommentThread, Story, Suggestion
from humasflow.stories.services import Passage
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[..., Browser]
JSON = {"Accept": "application/json"}
BODY = "<p>Kantor menjual <strong>tiga aset</strong> negara lewat lelang.</p><p>Hasilnya Rp2,2 miliar.</p>"


@pytest.fixture
def story(world: World, in_request: None) -> Story:
    return desk.story(world, body_html=BODY, commit=True)


def _form(page: Page, action: str, *, with_field: str = "") -> dict[str, str]:
    for form in page.soup.find_all("form", attrs={"action": action}):
        if not with_field or form.find(attrs={"name": with_field}):
            fields = {f["name"]: f.get("value", "") for f in form.select("input[name]")}
            return fields | {t["name"]: t.get_text() for t in form.select("textarea")}
    raise AssertionError(f"no form to {action}")


def _threads() -> list[CommentThread]:
    return list(db.session.scalars(select(CommentThread).order_by(CommentThread.id)))


def _comment(world: World, story: Story, text: str = "Mohon diperiksa.", quote: str = "") -> CommentThread:
    thread = services.begin_thread(
        story, actor=world.as_(world.approver), text=text, passage=Passage(quote=quote)
    )
    db.session.commit()
    return thread


# Without scripts


def test_a_whole_talk_with_plain_forms(story: Story, world: World, browser_of: BrowserOf) -> None:
    url = f"/naskah/{story.id}"
    approver, editor = browser_of(world.approver), browser_of(world.editor)
    sent = _form(approver.get(url), f"{url}/komentar") | {
        "text": "Angkanya?",
        "quote": "Rp2,2  miliar",
        "part": "whole",
    }
    answer = approver.post(f"{url}/komentar", sent)
    (thread,) = _threads()
    assert answer.location == f"{url}?utas={thread.id}#utas-{thread.id}"
    page = editor.follow(answer)
    assert (
        "Angkanya?" in page.main
        and "Rp2,2 miliar" in page.main
        and "Komentar terkirim." in approver.get(url).text
    )
    reply = f"{url}/komentar/{thread.id}/balas"
    editor.post(reply, _form(page, reply) | {"text": "Dari risalah."})
    status = f"{url}/komentar/{thread.id}/status"
    editor.post(status, _form(editor.get(url), status))
    db.session.refresh(thread)
    assert thread.state is ThreadState.RESOLVED
    assert "Dari risalah." not in editor.get(url).main
    done = editor.get(f"{url}?komentar=selesai")
    assert "Dari risalah." in done.main and f"Selesai oleh {world.editor.name}" in done.main
    editor.post(status, _form(done, status))
    db.session.refresh(thread)
    assert thread.state is ThreadState.OPEN
    mine = _form(editor.get(url), f"/naskah/komentar/{thread.comments[1].id}/sunting")
    assert mine["text"] == "Dari risalah."
    editor.post(f"/naskah/komentar/{thread.comments[1].id}/sunting", mine | {"text": "Dari risalah lelang."})
    approver.post(
        f"/naskah/komentar/{thread.comments[0].id}/hapus",
        _form(approver.get(url), f"/naskah/komentar/{thread.comments[0].id}/hapus"),
    )
    page = editor.get(url)
    assert "Komentar ini dihapus penulisnya." in page.main and "Dari risalah lelang." in page.main


def test_a_suggestion_with_plain_forms(story: Story, world: World, browser_of: BrowserOf) -> None:
    url = f"/naskah/{story.id}"
    approver, editor = browser_of(world.approver), browser_of(world.editor)
    sent = _form(approver.get(url), f"{url}/komentar", with_field="replacement")
    approver.post(
        f"{url}/komentar", sent | {"quote": "tiga aset", "replacement": "empat aset", "part": "whole"}
    )
    (thread,) = _threads()
    page = editor.get(url)
    assert page.soup.select_one(f"#utas-{thread.id} del") and page.soup.select_one(f"#utas-{thread.id} ins")
    decide = f"{url}/komentar/{thread.id}/usul"
    editor.post(decide, _form(page, decide))
    assert "<strong>empat aset</strong>" in queries.get_body(queries.get_current_version(story).id)
    assert db.session.get_one(Suggestion, thread.id).state is SuggestionState.ACCEPTED


def test_what_cannot_be_placed_is_not_typed_again(story: Story, world: World, browser_of: BrowserOf) -> None:
    browser, url = browser_of(world.editor), f"/naskah/{story.id}"
    sent = _form(browser.get(url), f"{url}/komentar") | {
        "text": "Panjang sekali ini.",
        "quote": "tidak ada di sana",
    }
    page = browser.post(f"{url}/komentar", sent, status=422)
    assert "tidak ada di naskah yang tersimpan" in page.main
    again = _form(page, f"{url}/komentar")
    assert (again["text"], again["quote"]) == ("Panjang sekali ini.", "tidak ada di sana")
    assert _threads() == []
    browser.post(f"{url}/komentar", again | {"quote": "lewat lelang", "part": "whole"})
    assert len(_threads()) == 1


def test_answers_that_are_refused_are_not_typed_again(
    story: Story, world: World, browser_of: BrowserOf
) -> None:
    browser, url = browser_of(world.editor), f"/naskah/{story.id}"
    thread = services.begin_thread(story, actor=world.as_(world.editor), text="Mohon diperiksa.")
    offered = services.suggest_change(
        story, actor=world.as_(world.approver), passage=Passage(quote="Rp2,2"), replacement="Rp2,4"
    )
    db.session.commit()
    long = "Panjang " * 600
    for action, name in (
        (f"{url}/komentar/{thread.id}/balas", "text"),
        (f"/naskah/komentar/{thread.comments[0].id}/sunting", "text"),
        (f"{url}/komentar/{offered.id}/usul", "reason"),
    ):
        sent = _form(browser.get(url), action, with_field=name) | {name: long}
        refused = browser.post(action, sent, status=422)
        assert "paling panjang 4000" in refused.main
        again = _form(refused, action)
        assert again[name].strip() == long.strip()
        assert browser.post(action, again | {name: "Cukup."}).location.startswith(f"{url}?utas=")
        answer = browser.client.post(action, data=sent | {"form_token": ""}, headers=JSON)
        assert "error" in answer.get_json(), "a script shows it beside the form"
    db.session.expire_all()
    assert db.session.get_one(Suggestion, offered.id).reason == "Cukup."
    assert [c.text for c in thread.comments] == ["Cukup.", "Cukup."]


def test_an_answer_in_a_thread_that_was_closed_meanwhile_is_not_lost(
    story: Story, world: World, browser_of: BrowserOf
) -> None:
    thread = _comment(world, story)
    browser, url = browser_of(world.editor), f"/naskah/{story.id}"
    action = f"{url}/komentar/{thread.id}/balas"
    sent = _form(browser.get(url), action) | {"text": "Jawaban panjang saya"}
    services.move_thread(story, thread, ThreadMove.RESOLVE, actor=world.as_(world.approver))
    db.session.commit()
    assert _form(browser.post(action, sent, status=409), action)["text"].strip() == "Jawaban panjang saya"
    services.move_story(story, StoryMove.CANCEL, actor=world.as_(world.editor), reason="Batal")
    db.session.commit()
    late = browser.post(f"{url}/komentar", {"text": "Komentar panjang saya"}, status=409)
    assert "Dibatalkan" in late.main and "Komentar panjang saya" in late.main
    assert late.soup.select_one("textarea[readonly]"), "to be copied; nothing more can be sent here"
    assert not late.soup.select(f"form[action='{url}/komentar']")


def test_what_accepting_does_to_an_approval_is_said_before(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    approved, draft = (
        desk.story(world, body_html=BODY, state=state) for state in (StoryState.APPROVED, StoryState.DRAFT)
    )
    for about in (approved, draft):
        services.suggest_change(
            about, actor=world.as_(world.approver), passage=Passage(quote="lelang"), replacement="tender"
        )
    db.session.commit()
    browser = browser_of(world.editor)
    said = "Persetujuannya gugur dan naskah kembali menjadi draf."
    assert said in " ".join(
        browser.get(f"/naskah/{approved.id}").soup.select_one(".thread").get_text(" ").split()
    )
    assert said not in browser.get(f"/naskah/{draft.id}").text


def test_the_panel_stands_where_the_story_is_read_and_written(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    made = desk.story(world, body_html=BODY)
    desk.post(world, made)
    _comment(world, made, "Terlihat di mana-mana", "tiga aset")
    editor, approver = browser_of(world.editor), browser_of(world.approver)
    assert "Terlihat di mana-mana" in editor.get(f"/naskah/{made.id}/sunting").text
    package = approvals.submit_package(made, actor=world.as_(world.editor))
    db.session.commit()
    review = f"/persetujuan/{package.id}"
    page = approver.get(review)
    assert "Terlihat di mana-mana" in page.text
    sent = _form(page, f"/naskah/{made.id}/komentar") | {"text": "Dari halaman reviu", "part": "whole"}
    answer = approver.post(f"/naskah/{made.id}/komentar", sent)
    assert answer.location.startswith(f"{review}?utas="), "back to where it was written"
    assert "Dari halaman reviu" in approver.follow(answer).text


def test_back_leads_to_a_page_of_ours_only(story: Story, world: World, browser_of: BrowserOf) -> None:
    browser, url = browser_of(world.editor), f"/naskah/{story.id}"
    for target in (
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "javascript:alert(1)",
        "",
    ):
        sent = {"text": "x", "kembali": target}
        assert browser.post(f"{url}/komentar", sent).location.startswith(f"{url}?utas="), target


# For scripts


def test_a_script_gets_the_list_anew_and_nothing_when_nothing_changed(
    story: Story, world: World, browser_of: BrowserOf
) -> None:
    browser, url = browser_of(world.editor), f"/naskah/{story.id}/komentar"
    sent = {"text": "Dari skrip", "quote": "lewat lelang", "part": "body", "start": "34"}
    answer = browser.client.post(url, data=sent, headers=JSON).get_json()
    assert (
        "Dari skrip" in answer["html"] and answer["open"] == 1 and answer["message"] == "Komentar terkirim."
    )
    listed = browser.client.get(url, headers=JSON).get_json()
    assert listed["stamp"] == answer["stamp"]
    assert browser.client.get(f"{url}?cap={listed['stamp']}", headers=JSON).status_code == 204
    _comment(world, story)
    assert browser.client.get(f"{url}?cap={listed['stamp']}", headers=JSON).get_json()["open"] == 2
    wrong = browser.client.post(url, data=sent | {"quote": "tidak ada"}, headers=JSON)
    assert wrong.status_code == 422 and "tidak ada di naskah" in wrong.get_json()["error"]


def test_an_accepted_suggestion_tells_an_open_editor_what_stands_now(
    story: Story, world: World, browser_of: BrowserOf
) -> None:
    thread = services.suggest_change(
        story,
        actor=world.as_(world.approver),
        passage=Passage(part="title", quote="30 satuan kerja"),
        replacement="30 kantor",
    )
    db.session.commit()
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/komentar/{thread.id}/usul"
    answer = browser.client.post(url, data={"move": "accept"}, headers=JSON).get_json()
    db.session.expire_all()
    assert answer["title"] == "Sosialisasi pemanfaatan aset bagi 30 kantor"
    assert answer["edit_stamp"] == queries.edit_stamp(story)


def test_who_can_be_named(story: Story, world: World, browser_of: BrowserOf) -> None:
    people = browser_of(world.editor).client.get(f"/naskah/{story.id}/komentar/orang").get_json()["people"]
    names = [p["name"] for p in people]
    assert world.approver.name in names and world.lead.name in names
    assert world.contributor.name not in names, "who cannot read the story is not called to it"


# Links


def test_a_notice_leads_to_the_comment(story: Story, world: World, browser_of: BrowserOf) -> None:
    thread = _comment(world, story)
    notice = db.session.scalars(
        select(Notification).where(
            Notification.user_id == world.editor.id, Notification.subject_type == "comment"
        )
    ).one()
    editor = browser_of(world.editor)
    assert f"{world.approver.name} mengomentari naskah Anda" in editor.get("/pemberitahuan/").main
    opened = editor.post(f"/pemberitahuan/{notice.id}/baca")
    landed = editor.get(opened.location, status=302)
    comment = thread.comments[0].id
    assert landed.location == f"/naskah/{story.id}?komentar=terbuka&utas={thread.id}#komentar-{comment}"
    assert editor.follow(landed).soup.find(id=f"komentar-{comment}")
    assert editor.get(f"/naskah/utas/{thread.id}", status=302).location.endswith(f"#utas-{thread.id}")


# Strangers


def test_nobody_of_another_office_learns_anything(
    story: Story, world: World, other_world: World, browser_of: BrowserOf
) -> None:
    thread = _comment(world, story)
    comment = thread.comments[0].id
    stranger = browser_of(other_world.editor)
    base = f"/naskah/{story.id}/komentar"
    for url in (base, f"{base}/orang", f"/naskah/komentar/{comment}", f"/naskah/utas/{thread.id}"):
        stranger.get(url, status=404)
    for url in (
        base, f"{base}/{thread.id}/balas", f"{base}/{thread.id}/status", f"{base}/{thread.id}/usul",
        f"/naskah/komentar/{comment}/sunting", f"/naskah/komentar/{comment}/hapus",
    ):  # fmt: skip
        stranger.post(url, {"text": "x", "move": "resolve"}, status=404)
    own = desk.story(world, commit=True)
    browser_of(world.editor).post(f"/naskah/{own.id}/komentar/{thread.id}/balas", {"text": "x"}, status=404)
    assert len(db.session.scalars(select(Comment)).all()) == 1


def test_readers_read_and_do_not_write(story: Story, world: World, browser_of: BrowserOf) -> None:
    thread = _comment(world, story, "Boleh dibaca")
    lead = browser_of(world.lead)
    page = lead.get(f"/naskah/{story.id}")
    assert "Boleh dibaca" in page.main
    assert not page.soup.select("#komentar form"), "no button that would be refused"
    lead.post(f"/naskah/{story.id}/komentar", {"text": "x"}, status=409)
    lead.post(f"/naskah/{story.id}/komentar/{thread.id}/status", {"move": "resolve"}, status=409)


def test_what_people_write_is_never_markup(story: Story, world: World, browser_of: BrowserOf) -> None:
    payload = '<img src=x onerror="alert(1)">"\'</textarea><script>alert(1)</script>'
    with_payload = desk.story(world, body_html=f"<p>{payload.replace('<', '&lt;')} tanda</p>", commit=True)
    thread = services.begin_thread(
        with_payload,
        actor=world.as_(world.editor),
        text=payload,
        passage=Passage(quote='onerror="alert(1)">"\''),
    )
    services.suggest_change(
        with_payload,
        actor=world.as_(world.editor),
        passage=Passage(quote="tanda"),
        replacement=payload,
        text=payload,
    )
    db.session.commit()
    for url in (f"/naskah/{with_payload.id}", f"/naskah/{with_payload.id}/sunting"):
        page = browser_of(world.editor).get(url)
        panel = page.soup.find(id="komentar")
        assert panel is not None and payload in panel.get_text()
        assert not panel.find_all(["script", "img"])
        assert page.soup.find(id=f"utas-{thread.id}")["data-quote"].startswith("onerror=")


def test_numbers_that_are_none(story: Story, world: World, browser_of: BrowserOf) -> None:
    browser, url = browser_of(world.editor), f"/naskah/{story.id}"
    for query in (
        "utas=abc",
        f"utas={'9' * 30}",
        "sesudah=x~y",
        f"sesudah={'9' * 40}~1",
        "komentar=<b>",
        "utas=2000000000",
    ):
        browser.get(f"{url}?{query}")
    for data in (
        {"start": "-1"},
        {"start": "9" * 40},
        {"part": "picture:999"},
        {"part": "x"},
        {"mention": "abc"},
    ):
        browser._forget()
        status = browser.client.post(
            f"{url}/komentar", data={"text": "x", "quote": "lelang", **data}
        ).status_code
        assert status in (303, 422), data
    browser.post(f"{url}/komentar", {"text": "NUL\x00di dalam"})
    browser.post(f"{url}/komentar/{_threads()[0].id}/status", {"move": "hapus"}, status=404)
    db.session.rollback()


# Size


def test_the_page_costs_the_same_with_one_and_with_many(
    app: Flask, story: Story, world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    browser = browser_of(world.editor)

    def cost(show: str = "terbuka") -> int:
        browser.get(f"/naskah/{story.id}")
        statements.reset()
        browser.get(f"/naskah/{story.id}?komentar={show}")
        return len(statements)

    _comment(world, story, f"@{world.lead.name} satu", "tiga aset")
    one = cost()
    for n in range(4):
        thread = _comment(world, story, f"@{world.lead.name} {n}", "lewat lelang")
        services.reply(story, thread, actor=world.as_(world.editor), text="ya")
    services.suggest_change(
        story, actor=world.as_(world.approver), passage=Passage(quote="Rp2,2"), replacement="Rp2,4"
    )
    db.session.commit()
    assert cost() == one
    for words, by in (("tiga aset", world.editor), ("lelang", world.other_editor)):
        decided = services.suggest_change(
            story, actor=world.as_(world.approver), passage=Passage(quote=words), replacement="x"
        )
        services.decline_suggestion(story, decided, actor=world.as_(by))
    db.session.commit()
    assert cost("selesai") < one, "nobody is named there, and those who decided come with the threads"


def test_a_long_talk_is_folded(story: Story, world: World, browser_of: BrowserOf) -> None:
    thread = _comment(world, story, "pertama")
    for n in range(9):
        services.reply(story, thread, actor=world.as_(world.editor), text=f"balasan {n}")
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}")
    folded = page.soup.select_one(f"#utas-{thread.id} .thread__more")
    assert folded is not None and "7 balasan lain" in folded.get_text()
    assert "pertama" not in folded.get_text() and "balasan 8" not in folded.get_text()


def test_a_story_in_review_says_why_a_suggestion_waits(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    made = desk.story(world, body_html=BODY, state=StoryState.IN_REVIEW, commit=True)
    services.suggest_change(
        made, actor=world.as_(world.approver), passage=Passage(quote="lelang"), replacement="tender"
    )
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{made.id}")
    assert "Naskah sedang direviu" in page.soup.find(id="komentar").get_text()
    assert not [b for b in page.soup.select("#komentar button") if b.get_text(strip=True) == "Terima"]
