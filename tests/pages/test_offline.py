"""Which pages a browser may keep, for whom, and what a script gets that hands in a pitch later."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.core.offline import HEADER, is_kept
from humasflow.pitches.models import Pitch
from humasflow.stories import services
from tests.factories import desk
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser

pytestmark = [pytest.mark.db]


def header(browser: Browser, url: str) -> str | None:
    browser._forget()
    answer = browser.client.get(url)
    assert answer.status_code == 200, url
    return answer.headers.get(HEADER)


def test_only_these_pages_are_kept(app: Flask) -> None:
    kept = {name for name, view in app.view_functions.items() if is_kept(view) is not None}
    assert kept == {
        "pages.home", "pages.tasks", "pages.task", "pitches.new", "pitches.mine", "approvals.inbox", "approvals.review",
    }  # fmt: skip


def test_a_kept_page_is_one_person_s_in_one_language(app: Flask, world: World) -> None:
    contributor, editor = (Browser(app).sign_in(u) for u in (world.contributor, world.editor))
    first = header(contributor, "/tugas")
    assert first is not None
    assert first == header(contributor, "/usulan/kirim")
    assert first != header(editor, "/tugas")
    assert header(editor, "/naskah/") is None
    contributor.post("/bahasa", form_with(contributor.get("/tugas"), "language"))
    assert header(contributor, "/tugas") != first


def test_nothing_that_tells_of_stories_is_kept_for_whoever_is_named_for_a_secret(
    app: Flask, world: World
) -> None:
    story = desk.story(world, title="Operasi senyap", commit=True)
    approver, other = (Browser(app).sign_in(u) for u in (world.approver, world.contributor))
    assert header(approver, "/persetujuan/") is not None
    with app.test_request_context():
        services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.approver.id])
        db.session.commit()
    for url in ("/", "/tugas", "/persetujuan/"):
        assert header(approver, url) is None, url
    for url in ("/", "/tugas"):
        assert header(other, url) is not None, url
    assert header(approver, "/usulan/kirim") is not None, "the form tells of nothing"


def test_a_script_is_told_where_the_pitch_is_and_the_same_again(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.contributor)
    data = form_with(browser.get("/usulan/kirim"), "title") | {"title": "Dari ponsel"}
    answers = [
        browser.client.post("/usulan/kirim", data=data, headers={"Accept": "application/json"})
        for _twice in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 303]
    assert answers[0].get_json()["url"] == answers[0].headers["Location"] == answers[1].headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(Pitch)) == 1


def test_the_page_without_a_network_stands_by_itself(app: Flask, world: World) -> None:
    html = Browser(app).sign_in(world.contributor).get("/luring").html
    assert "Tidak ada sambungan" in html
    assert "/usulan/kirim" in html and "/tugas" in html and "/persetujuan/" not in html
    answer = app.test_client().get("/pekerja.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()


def test_scripts_of_one_release_name_each_other(app: Flask, world: World) -> None:
    html = Browser(app).get("/masuk").html
    (address,) = re.findall(r'<script type="module" src="([^"]+/app\.js)"', html)
    assert re.fullmatch(r"/static/[0-9a-f]{10}/js/app\.js", address)
    named = re.findall(r'rel="modulepreload" href="([^"]+)"', html)
    assert address.replace("app.js", "offline.js") in named
    client = app.test_client()
    for one in [address, *named]:
        answer = client.get(one)
        assert answer.status_code == 200, one
        for other in re.findall(r'from "\./([^"]+)"', answer.get_data(as_text=True)):
            assert one.rpartition("/")[0] + f"/{other}" in named, f"{one} waits for {other}"
        answer.close()
