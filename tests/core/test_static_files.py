"""Addresses of static files."""

import pytest
from flask import Flask

pytestmark = pytest.mark.db


def test_an_address_carries_the_version_and_the_place_the_application_is_mounted_at(app: Flask) -> None:
    static_url = app.jinja_env.globals["static_url"]
    found = []
    for mounted in ("", "/humas", ""):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": mounted}):
            found += [static_url("css/app.css"), static_url("css/app.css")]
    plain, below = found[0], found[2]
    assert found == [plain, plain, below, below, plain, plain]
    assert plain.startswith("/static/css/app.css?v=")
    assert below == f"/humas{plain}"
    assert static_url("css/quarter.css") != plain
