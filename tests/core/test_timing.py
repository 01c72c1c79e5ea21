"""The header that says where the time went: for whoever builds the product, never in an office."""

import re
from pathlib import Path

from flask import Flask

from humasflow.core.db import db
from tests.conftest import make_app
from tests.factories.world import World
from tests.support.page import Browser

LOOKS = re.compile(r'total;dur=([\d.]+), db;dur=([\d.]+);desc="(\d+) statements", render;dur=([\d.]+)')


def test_it_tells_the_parts(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.editor)
    told = LOOKS.fullmatch(browser.client.get("/naskah/").headers["Server-Timing"])
    assert told is not None
    total, database, statements, render = (float(part) for part in told.groups())
    assert statements >= 5
    assert 0 < database < total
    assert 0 < render < total
    # The next request counts for itself.
    fewer = LOOKS.fullmatch(browser.client.get("/healthz").headers["Server-Timing"])
    assert fewer is not None
    assert int(fewer.group(3)) < statements


def test_an_office_tells_nothing(app: Flask, world: World, tmp_path: Path) -> None:
    real = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=False)
    for path in ("/masuk", "/healthz", "/tidak-ada", "/static/css/app.css"):
        assert "Server-Timing" not in real.test_client().get(path, buffered=True).headers, path
    with real.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_whoever_debugs_is_told(app: Flask, world: World, tmp_path: Path) -> None:
    with_debugging = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, TESTING=False, DEBUG=True)
    assert "Server-Timing" in with_debugging.test_client().get("/masuk").headers
    with with_debugging.app_context():
        for engine in db.engines.values():
            engine.dispose()
