"""The page of a story: its state, the next step that says what happens, and everything that belongs to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.approvals import services as approvals
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts import services as posts
from humasflow.posts.services import PostContent
from humasflow.stories.enums import StoryState
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def next_step(page: Page) -> str:
    part = page.soup.select_one(".next")
    return " ".join(part.get_text(" ").split()) if part else ""


def test_text_facts_and_people_are_there(world: World, browser_of: BrowserOf) -> None:
    made = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(made),), place="Aula lantai 2", commit=True)
    page = browser_of(world.approver).get(f"/naskah/{story.id}")
    for words in (
        desk.text().title, "Peserta dari 30 satuan kerja.", "Satuan kerja memahami tata cara sewa", "Aula lantai 2",
        "Dipegang Redaktur Satu", "Dokumentasi kantor", "Lelang", "Seksi Pelayanan Lelang", "membuat naskah",
    ):  # fmt: skip
        assert words in page.main, words
    assert page.soup.select_one("img.cover")["alt"] == "Peserta duduk di aula"  # type: ignore[index]


def test_a_draft_without_posts_is_told_to_add_one(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, goal="", commit=True)
    text = next_step(browser_of(world.editor).get(f"/naskah/{story.id}"))
    assert "Tambah publikasi" in text
    assert "Tujuan naskah belum ditulis." in text


def test_what_is_missing_is_listed_before_submitting(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, audience="")
    desk.post(world, story, "instagram", "Halo")
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}")
    assert "Sebelum diajukan, lengkapi dahulu:" in next_step(page)
    assert "Khalayak naskah belum ditulis." in next_step(page)
    assert "Instagram Kantor memerlukan paling sedikit 1 foto atau video." in next_step(page)
    assert "Ajukan untuk disetujui" not in next_step(page)


def test_the_way_from_draft_to_scheduled(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    db.session.commit()
    url = f"/naskah/{story.id}"
    editor, approver = browser_of(world.editor), browser_of(world.approver)
    assert "Ajukan untuk disetujui" in next_step(editor.get(url))
    assert "belum diajukan" in next_step(approver.get(url))

    package = approvals.submit_package(story, actor=world.as_(world.editor))
    db.session.commit()
    assert "Menunggu keputusan Penyetuju Kantor" in next_step(editor.get(url))
    waiting = editor.get(url)
    assert "Tarik kembali" in next_step(waiting)
    assert not waiting.soup.select("section.next .primary"), "nobody is asked to take it back"
    assert waiting.main.count("sinya dikunci") == 1, "said once"
    assert "Baca dan putuskan" in next_step(approver.get(url))

    approvals.approve(package, actor=world.as_(world.approver), digest=package.digest)
    db.session.commit()
    assert "Jadwalkan Facebook Kantor" in next_step(editor.get(url))

    posts.schedule_post(post, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=1))
    db.session.commit()
    assert "Semua publikasi sudah terjadwal." in next_step(editor.get(url))

    desk.post(world, story, "x", "Halo")
    db.session.commit()
    page = editor.get(url)
    assert "X Kantor belum disetujui. Ajukan yang baru saja." in next_step(page)
    assert "Terjadwal" in page.main


def test_a_story_that_came_back_shows_why(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    desk.post(world, story)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approvals.send_back(
        package, actor=world.as_(world.approver), digest=package.digest, reason="Sebutkan jumlah peserta"
    )
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}")
    assert "Perlu koreksi, revisi ke-1" in page.main
    assert "Sebutkan jumlah peserta" in page.main


def test_a_held_story_is_taken_up_by_its_button(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, state=StoryState.ON_HOLD, commit=True)
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}")
    form = next(f for f in page.soup.select(".next form"))
    sent = {i["name"]: i["value"] for i in form.select("input")}
    assert (
        "Naskah dilanjutkan sebagai draf."
        in browser.follow(browser.post(f"/naskah/{story.id}/gerak", sent)).text
    )


def test_buttons_that_cannot_be_used_say_why(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    page = browser_of(world.lead).get(f"/naskah/{story.id}")
    disabled = page.soup.select("button[disabled]")
    assert [b.get_text(strip=True) for b in disabled] == ["Tunda", "Batalkan"]
    assert "Peran Anda belum mencakup tindakan “Tunda”." in page.main
    assert "Sunting" not in page.main


@pytest.mark.parametrize("state", list(StoryState))
def test_every_state_has_a_page_for_everybody_who_reads(
    world: World, browser_of: BrowserOf, state: StoryState
) -> None:
    story = desk.story(world)
    desk.post(world, story)
    desk.bring_to(story, state)
    db.session.commit()
    for user in (world.editor, world.approver, world.lead, world.admin):
        assert state.label in browser_of(user).get(f"/naskah/{story.id}").main


def test_markup_in_a_title_or_text_is_only_text(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, title="<script>alert(1)</script>", lead='"><img src=x onerror=alert(1)>')
    desk.post(world, story, "facebook", "<b>tebal</b>")
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}")
    assert page.h1 == "<script>alert(1)</script>"
    assert "<b>tebal</b>" in page.main


def test_the_page_costs_the_same_for_one_and_for_three_posts(
    world: World, browser_of: BrowserOf, statements: Any
) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    browser, counts = browser_of(world.editor), []
    browser.get("/")  # the session's own touch is once a while, not a page's cost
    for accounts in (("facebook",), ("x", "instagram")):
        for account in accounts:
            made = desk.asset(world)
            post = desk.post(world, story, account)
            posts.save_post_version(
                post,
                actor=editor,
                content=PostContent("Lain", pictures=(posts.PostPictureContent(made.id, "alt"),)),
            )
        db.session.commit()
        statements.reset()
        browser.get(f"/naskah/{story.id}")
        counts.append(len(statements))
    assert counts[0] == counts[1], statements.statements
    assert counts[0] <= 40


def test_one_act_is_told_once(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    desk.post(world, story)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approvals.send_back(
        package, actor=world.as_(world.approver), digest=package.digest, reason="Alasan sekali"
    )
    db.session.commit()
    told = browser_of(world.editor).get(f"/naskah/{story.id}").soup.select_one(".timeline").get_text()  # type: ignore[union-attr]
    assert told.count("Alasan sekali") == 1
    assert "membuat publikasi: Facebook Kantor" in told
