"""Pages that are asked for ahead of a visit: an answer that changes nothing, or none."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from humasflow.accounts.models import UserSession
from humasflow.core import clock
from humasflow.core.ahead import MEDIA_TYPE, RULES
from humasflow.core.db import db
from humasflow.core.unit_of_work import own_transaction
from tests.conftest import make_app
from tests.factories.world import World
from tests.support.page import Browser

AHEAD = {"Sec-Purpose": "prefetch"}


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).sign_in(world.editor)


def test_pages_name_the_rules_to_signed_in_people_only(app: Flask, editor: Browser) -> None:
    named = editor.client.get("/naskah/").headers["Speculation-Rules"].strip('"')
    answer = app.test_client().get(named, buffered=True)
    assert answer.mimetype == MEDIA_TYPE
    assert json.loads(answer.get_data(as_text=True))["prefetch"][0]["eagerness"] == "moderate"
    assert "Speculation-Rules" not in app.test_client().get("/masuk").headers
    assert "Speculation-Rules" not in editor.client.get("/pemberitahuan/jumlah").headers


def test_the_rules_as_they_are_served_for_real(app: Flask, world: World, tmp_path: Path) -> None:
    real = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=False)
    assert real.test_client().get(f"/static/{RULES}", buffered=True).mimetype == MEDIA_TYPE
    with real.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_a_page_is_given_and_nobody_was_there(app: Flask, world: World, editor: Browser) -> None:
    """The session of somebody who only points at links ends like that of somebody who does nothing."""
    editor.client.get("/naskah/")  # the first page of a session puts its form token into it
    row = db.session.scalars(select(UserSession).where(UserSession.user_id == world.editor.id)).one()
    row.seen_at = before = clock.now() - timedelta(minutes=20)
    db.session.commit()
    editor.get("/naskah/", headers=AHEAD)
    db.session.rollback()
    assert row.seen_at == before
    editor.get("/naskah/")
    db.session.rollback()
    assert row.seen_at > before


def test_strangers_files_and_public_pages_are_put_off(app: Flask, editor: Browser) -> None:
    assert app.test_client().get("/masuk", headers=AHEAD).status_code == 503
    assert editor.client.get("/healthz", headers=AHEAD).status_code == 503
    assert editor.client.get("/pekerja.js", headers=AHEAD).status_code == 503
    assert editor.client.get("/pemberitahuan/jumlah", headers=AHEAD).status_code == 503  # no page
    assert (
        editor.client.get("/naskah/999999", headers=AHEAD).status_code == 503
    )  # an error is shown when it is one
    assert "no-store" in editor.client.get("/pekerja.js", headers=AHEAD).headers["Cache-Control"]
    assert app.test_client().get("/static/css/app.css", headers=AHEAD, buffered=True).status_code == 200


def test_what_takes_something_out_of_the_session_is_put_off(editor: Browser) -> None:
    """A message that is shown once would be gone with a page that nobody opened."""
    with editor.client.session_transaction() as kept:
        kept["_flashes"] = [("message", "Tersimpan untuk Anda")]
    assert editor.client.get("/naskah/", headers=AHEAD).status_code == 503
    assert "Tersimpan untuk Anda" in editor.client.get("/naskah/").get_data(as_text=True)
    assert editor.client.get("/naskah/", headers=AHEAD).status_code == 200


def test_what_writes_is_put_off(app: Flask) -> None:
    """Even a view that writes on its own is not run to its end."""
    with (
        app.test_request_context("/", headers=AHEAD),
        pytest.raises(HTTPException) as put_off,
        own_transaction(),
    ):
        pytest.fail("it wrote")
    assert put_off.value.response is not None
    assert put_off.value.response.status_code == 503
    with app.test_request_context("/"), own_transaction():
        pass


def test_what_is_sent_lets_the_browser_forget(editor: Browser) -> None:
    """Or it would show a page from before what was just done."""
    for headers in ({}, {"Accept": "application/json"}):
        answer = editor.client.post("/profil", data={}, headers=headers)
        assert answer.headers["Clear-Site-Data"] == '"prefetchCache"'
    assert "Clear-Site-Data" not in editor.client.get("/naskah/").headers
