"""The pages: who may read, the embargo, a correction of what is live, and taking a story down."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.publishing.enums import DeliveryState
from humasflow.stories import queries
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.support.forms import form_with
from tests.support.page import Browser


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).sign_in(world.editor)


def test_an_editor_names_the_readers_and_opens_it_again(app: Flask, world: World, editor: Browser) -> None:
    story = desk.story(world, title="Mutasi pejabat", commit=True)
    url = f"/naskah/{story.id}/kerahasiaan"
    data = form_with(editor.get(url), "mode") | {"mode": "named", "readers": [world.lead.id]}
    editor.post(f"/naskah/{story.id}/pembaca", data)
    page = editor.get(f"/naskah/{story.id}")
    assert "Rahasia" in page.main
    assert world.lead.name in page.main
    Browser(app).sign_in(world.admin).get(f"/naskah/{story.id}", status=404)
    Browser(app).sign_in(world.lead).get(f"/naskah/{story.id}")
    data = form_with(editor.get(url), "mode") | {"mode": "office"}
    editor.post(f"/naskah/{story.id}/pembaca", data)
    Browser(app).sign_in(world.admin).get(f"/naskah/{story.id}")


def test_the_embargo_is_set_and_lifted_on_the_offices_clock(world: World, editor: Browser) -> None:
    story = desk.story(world, commit=True)
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    url, target = f"/naskah/{story.id}/kerahasiaan", f"/naskah/{story.id}/embargo"
    editor.post(target, form_with(editor.get(url), "day") | {"day": day, "time": "09:00"})
    assert "Embargo sampai" in editor.get(f"/naskah/{story.id}").main
    refused = editor.post(
        target, form_with(editor.get(url), "day") | {"day": "2020-01-01", "time": "09:00"}, status=422
    )
    assert "sudah lewat" in refused.main
    editor.post(target, form_with(editor.get(url), "day") | {"lift": "1"})
    assert db.session.get_one(Story, story.id).embargo_until is None


@pytest.fixture
def news(world: World) -> NewsDesk:
    return NewsDesk(world)


def live(news: NewsDesk) -> tuple[Story, Any]:
    story, (web,) = news.going_out("web")
    news.work()
    return story, web


def test_a_correction_is_written_submitted_approved_and_read(
    app: Flask, world: World, editor: Browser, news: NewsDesk
) -> None:
    story, web = live(news)
    page = editor.get(f"/naskah/{story.id}")
    assert "Buat ralat" in page.main
    url = f"/naskah/{story.id}/sunting"
    form = form_with(editor.get(url), "title") | {"title": "Judul yang benar"}
    missing = editor.post(url, form | {"change-public_note": ""}, status=422)
    assert "Tuliskan apa yang berubah" in missing.main
    form = form_with(missing, "title") | {
        "title": "Judul yang benar", "change-kind": "correction",
        "change-public_note": "Judul semula keliru.", "change-ordered_by": "Kepala Kantor",
    }  # fmt: skip
    editor.post(url, form)
    page = editor.get(f"/naskah/{story.id}")
    assert "Ajukan ralat" in page.main
    assert "Kepala Kantor" in page.main
    public = f"/berita/{world.office.slug}/{web.id}"
    reader = app.test_client()
    assert "Judul yang benar" not in reader.get(public, follow_redirects=True).get_data(as_text=True)
    package = news.submit(db.session.get_one(Story, story.id))
    news.approve(package)
    db.session.commit()
    news.work()
    shown = reader.get(public, follow_redirects=True).get_data(as_text=True)
    assert "Judul yang benar" in shown
    assert "Judul semula keliru." in shown
    assert "Kepala Kantor" not in shown


def test_a_correction_is_given_up_on_the_page(world: World, editor: Browser, news: NewsDesk) -> None:
    story, _web = live(news)
    url = f"/naskah/{story.id}/sunting"
    form = form_with(editor.get(url), "title") | {
        "title": "Tidak jadi", "change-kind": "update", "change-public_note": "Kabar lanjutan.",
    }  # fmt: skip
    editor.post(url, form)
    assert "Batalkan ralat" in editor.get(f"/naskah/{story.id}").main
    page = editor.get(f"/naskah/{story.id}")
    editor.post(f"/naskah/{story.id}/ralat/batalkan", page.form("ralat/batalkan"))
    db.session.expire_all()
    assert queries.get_prepared_change(story.id) is None
    assert db.session.get_one(Story, story.id).title != "Tidak jadi"


def test_readers_get_an_explanation_in_place_of_what_was_taken_down(
    app: Flask, world: World, editor: Browser, news: NewsDesk
) -> None:
    story, web = live(news)
    form = form_with(editor.get(f"/naskah/{story.id}"), "public_note")
    editor.post(
        f"/naskah/{story.id}/gerak",
        form
        | {
            "move": "withdraw", "reason": "Permintaan pimpinan", "ordered_by": "Kepala Kantor",
            "public_note": "Kami menurunkan berita ini karena datanya keliru.",
        },
    )  # fmt: skip
    assert "atas perintah Kepala Kantor" in editor.get(f"/naskah/{story.id}").main
    assert news.delivery(web).state is DeliveryState.RETRACTED
    gone = app.test_client().get(f"/berita/{world.office.slug}/{web.id}", follow_redirects=True)
    assert gone.status_code == 410
    assert "datanya keliru" in gone.get_data(as_text=True)
    assert "Permintaan pimpinan" not in gone.get_data(as_text=True)
