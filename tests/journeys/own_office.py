"""Offices of a test's own behind a real server, for journeys that the sample office would not be the same after."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.outbox.runner import run_due
from tests.conftest import make_app
from tests.factories.world import PASSWORD
from tests.support.served import serve_on_loopback


@dataclass(frozen=True)
class Own:
    """Where it answers."""

    app: Flask
    url: str

    def work(self) -> None:
        """The worker's turn, until nothing is due."""
        with self.app.app_context(), self.app.test_request_context():
            while run_due():
                db.session.commit()
            db.session.remove()


@contextmanager
def own_office(folder: Path, now: str, fill: Callable[[], None]) -> Iterator[Own]:
    """A server at that moment, with what ``fill`` makes."""
    app = make_app(
        f"sqlite:///{folder / 'own.db'}", folder, SERVER_NAME=None, PUBLIC_URL="", PROPAGATE_EXCEPTIONS=None
    )
    http = serve_on_loopback(app)
    app.config["PUBLIC_URL"] = url = f"http://127.0.0.1:{http.server_port}"
    with clock.moved_to(datetime.fromisoformat(now).astimezone(UTC)):
        with app.app_context(), app.test_request_context():
            Base.metadata.create_all(db.engine)
            fill()
            db.session.commit()
            db.session.remove()
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield Own(app, url)
        http.shutdown()
        thread.join()
    with app.app_context():
        db.engine.dispose()


def signed_in(browser: Chromium, own: Own, email: str) -> Page:
    """A page of somebody's browser, at home."""
    context = browser.new_context(
        base_url=own.url, locale="id-ID", reduced_motion="reduce", accept_downloads=True
    )
    page = context.new_page()
    page.goto("/masuk")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button.primary").first.click()
    page.wait_for_url("**/")
    return page
