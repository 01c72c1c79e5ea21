"""A real server and a real browser: the sample office served on loopback, looked at with headless Chromium."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright
from sqlalchemy import select

from humasflow.accounts.queries import list_sample_sign_ins, load_principal, today_at
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.orgs.models import Unit
from humasflow.outbox.runner import run_due
from humasflow.planning.models import ContentType
from humasflow.stories.contents import StoryContent
from humasflow.stories.services import create_story
from tests.conftest import make_app
from tests.support.served import serve_on_loopback

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


expect.set_options(timeout=15_000)  # two busy cores take their time


@dataclass(frozen=True)
class Server:
    """Where the product answers."""

    url: str
    slug: str
    app: Flask
    office_id: int


@pytest.fixture(scope="session")
def the_day() -> Iterator[None]:
    """``HUMASFLOW_TEST_DAY=2027-01-02`` asks for the journeys as they go on that day: the sample office is of the day it
    is made on, and has different rows and titles on each."""
    wanted = os.environ.get("HUMASFLOW_TEST_DAY")
    if wanted is None:
        yield
        return
    with clock.moved_to(datetime.fromisoformat(f"{wanted}T03:00+00:00")):
        yield


@dataclass(frozen=True)
class Sample:
    """The sample office as it is served, and as it was made."""

    server: Server
    database: Path
    made: Path


def copy_database(source: Path, target: Path) -> None:
    """All of one SQLite file into another that may be open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, the_day: None) -> Iterator[Sample]:
    """The sample office on a free port, worked off by the worker once."""
    from humasflow.setup.sample_office import create_sample_office

    data = tmp_path_factory.mktemp("served")
    app = make_app(
        f"sqlite:///{data / 'served.db'}", data, SERVER_NAME=None, PUBLIC_URL="", PROPAGATE_EXCEPTIONS=None
    )
    http = serve_on_loopback(app)
    url = f"http://127.0.0.1:{http.server_port}"
    app.config["PUBLIC_URL"] = url
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        office = create_sample_office(today_at(Unit(timezone="Asia/Jakarta")), seed=7)
        slug, office_id = office.slug or "", office.id
        db.session.commit()
        run_due()
        db.session.commit()
        db.session.remove()
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    copy_database(data / "served.db", data / "made.db")
    yield Sample(Server(url, slug, app, office_id), data / "served.db", data / "made.db")
    http.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def server(sample: Sample) -> Server:
    """The sample office as it was made: what one file of journeys used up is there for the next."""
    copy_database(sample.made, sample.database)
    return sample.server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium; without it these tests fail and say so."""
    path = (
        os.environ.get("HUMASFLOW_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if not path or not Path(path).exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., Page]

ACTIONS = ("blur", "check", "click", "dblclick", "drag_to", "fill", "focus", "hover", "press", "press_sequentially",
           "select_option", "set_input_files", "uncheck")  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def acts_when_the_page_has_come() -> Iterator[None]:
    """A person touches a page that has come; Playwright acts on half of one, before any of its scripts has run."""

    def patient(act: Callable[..., None]) -> Callable[..., None]:
        @wraps(act)
        def when_it_has_come(self: Locator, *args: object, **options: object) -> None:
            self.page.wait_for_load_state("domcontentloaded")
            return act(self, *args, **options)

        return when_it_has_come

    with pytest.MonkeyPatch.context() as patch:
        for name in ACTIONS:
            patch.setattr(Locator, name, patient(getattr(Locator, name)))
        yield


def read_in(server: Server, role: str | None, language: str) -> None:
    """The sample office's person of this role reads the product in this language from now on. Commits."""
    if role is None:
        return
    with server.app.app_context():
        grant = next(grant for grant in list_sample_sign_ins() if grant.role.value == role)
        grant.user.locale = language
        db.session.commit()
        db.session.remove()


@pytest.fixture
def open_as(server: Server, chromium: Chromium) -> Iterator[Open]:
    """``open_as("editor", width=360, dark=True)``: a page of that role's browser, signed in, at home. ``keeps_pages``: with
    the script in the background that shows kept pages.
    """
    contexts: list[BrowserContext] = []
    changed: list[str | None] = []

    def open_(
        role: str | None,
        *,
        width: int = 1280,
        dark: bool = False,
        language: str = "id",
        keeps_pages: bool = False,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 760}, color_scheme="dark" if dark else "light", locale="id-ID",
            base_url=server.url, reduced_motion="reduce",
            # A busy machine is a slow network: what was kept would be shown to tests that want what is new.
            service_workers="allow" if keeps_pages else "block",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        if language != "id":  # somebody signed in reads what their account says, not what the cookie says
            context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
            read_in(server, role, language)
            changed.append(role)
        if role is not None:
            page.goto("/masuk")
            page.locator(f'form:has(input[name="role"][value="{role}"]) button').first.click()
            page.wait_for_url("**/")
        return page

    yield open_
    for context in contexts:
        context.close()
    for role in changed:
        read_in(server, role, "id")


PARAGRAPHS = (
    "Petugas kantor menerima berkas permohonan dari warga sejak loket dibuka pukul delapan pagi.",
    "Tim gabungan memeriksa batas di lapangan, mencocokkannya dengan dokumen, lalu memasang patok.",
    "Perangkat desa dan pemilik lahan yang berbatasan ikut menyaksikan pengukuran sampai selesai.",
    "Peta bidang hasil pengukuran disimpan dalam bentuk digital sehingga mudah disandingkan kembali.",
    "Rapat pemantauan akan digelar setiap bulan sampai seluruh bidang tanah bersertifikat.",
)


@pytest.fixture
def draft(server: Server) -> str:
    """The address of a new draft of five paragraphs, held by the sample office's editor: nobody else writes on it."""
    with server.app.app_context(), server.app.test_request_context():
        grant = next(grant for grant in list_sample_sign_ins() if grant.role.value == "editor")
        actor = load_principal(grant.user)
        kind = db.session.scalars(
            select(ContentType.id).where(ContentType.office_id == server.office_id).order_by(ContentType.id)
        ).first()
        assert kind is not None
        story = create_story(
            actor=actor,
            office_id=server.office_id,
            content=StoryContent(
                title="Pengukuran Tanah Negara", body_html="".join(f"<p>{text}</p>" for text in PARAGRAPHS)
            ),
            content_type_id=kind,
        )
        address = f"/naskah/{story.id}"
        db.session.commit()
        db.session.remove()
    return address
