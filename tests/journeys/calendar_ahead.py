"""A month far ahead, where nothing of the sample office stands, and what a calendar journey does there."""

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Locator, Page

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import (
    list_people_with,
    list_sample_sign_ins,
    load_principal,
    today_at,
)
from humasflow.calendar.adding.services import Place, add_story
from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from humasflow.core.localtime import from_local
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.planning.agenda.services import EventContent, create_event
from humasflow.planning.days.queries import list_days
from humasflow.posts.models import Post
from humasflow.posts.services import schedule_post
from tests.journeys.conftest import Server


class Ahead:
    """A month far ahead, where nothing of the sample office stands, and what a test puts there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        with server.app.app_context():
            today = today_at(get_office(server.office_id))
            self.first = (today.replace(day=1) + timedelta(days=32 * 7)).replace(day=1)
            marks = list_days(server.office_id, self.first, self.first + timedelta(days=90))
        every = [self.first + timedelta(days=n) for n in range(90)]
        closed = {day for day in every if any(m.is_closed for m in marks.get(day, ()))}
        self.holiday = next(day for day in every if day in closed)
        month = [day for day in every if day.month == self.first.month]
        self.working = [day for day in month if day.weekday() < 5 and day not in closed]
        # Of the month after it, which is emptier: where a day holds much, a month hides the last of it.
        after = (self.first + timedelta(days=32)).month
        self.later = [d for d in every if d.month == after and d.weekday() < 5 and d not in closed]

    def post(self, title: str, day: date, clock: time = time(10, 30)) -> str:
        """A post of the first account. Its number."""
        with self.server.app.app_context(), self.server.app.test_request_context():
            office = get_office(self.server.office_id)
            account = list_accounts(office.id)[0]
            place = Place(day=day, clock_time=clock, account_id=account.id)
            added = add_story(office, title, place, actor=editor())
            db.session.commit()
            assert added.post is not None
            return str(added.post.id)

    def tray(self, title: str) -> str:
        """A post without a time."""
        ident = self.post(title, self.working[0])
        self.move(ident, None, mine=True)
        return ident

    def move(self, ident: str, day: date | None, clock: time = time(10, 30), *, mine: bool = False) -> str:
        """Somebody else moves a post, or the same editor elsewhere. Who."""
        with self.server.app.app_context(), self.server.app.test_request_context():
            post = db.session.get_one(Post, int(ident))
            where = get_office(self.server.office_id).zone_name
            office = get_office(self.server.office_id)
            others = [p for p in list_people_with(Permission.POST_SCHEDULE, office) if p.id != editor().id]
            actor = load_principal(others[0]) if others and not mine else editor()
            schedule_post(post, actor=actor, due_at=from_local(day, clock, where) if day else None)
            db.session.commit()
            return actor.name

    def weekly(self, title: str, day: date) -> None:
        """An event that repeats."""
        with self.server.app.app_context(), self.server.app.test_request_context():
            where = get_office(self.server.office_id).zone_name
            begin = from_local(day, time(8), where)
            content = EventContent(
                title=title, starts_at=begin, ends_at=begin + timedelta(hours=1), rule="FREQ=WEEKLY;COUNT=3"
            )
            create_event(actor=editor(), office_id=self.server.office_id, content=content)
            db.session.commit()

    def lasting(self, title: str, day: date) -> None:
        """An event of three days."""
        with self.server.app.app_context(), self.server.app.test_request_context():
            begin = from_local(day, time(8), get_office(self.server.office_id).zone_name)
            content = EventContent(title=title, starts_at=begin, ends_at=begin + timedelta(days=2, hours=4))
            create_event(actor=editor(), office_id=self.server.office_id, content=content)
            db.session.commit()

    def open(self, page: Page, view: str = "bulan", day: date | None = None) -> None:
        page.set_viewport_size({"width": 1280, "height": 2000})  # nothing scrolls under the pointer
        page.goto(f"/kalender/?tampilan={view}&hari={(day or self.first).isoformat()}")
        page.wait_for_load_state("networkidle")


def editor() -> Principal:
    return load_principal(next(g for g in list_sample_sign_ins() if g.role.value == "editor").user)


def post_of(page: Page, ident: str) -> Locator:
    return page.locator(f"#calendar .ev[data-kind=publikasi][data-id='{ident}']")


def cell(page: Page, day: date, clock: str = "") -> Locator:
    return page.locator(f"[data-day='{day.isoformat()}']" + (f"[data-time='{clock}']" if clock else "")).first


def stands(item: Locator) -> tuple[str, str]:
    day, clock = item.evaluate("e => [e.closest('[data-day]').dataset.day, e.dataset.t]")
    return day, clock


def settles(item: Locator, where: tuple[str, str]) -> None:
    """It comes to stand there: a page puts an item back a moment after a dialog is closed or an answer is read."""
    for _n in range(100):
        if stands(item) == where:
            return
        item.page.wait_for_timeout(50)
    assert stands(item) == where


def drag(page: Page, item: Locator, to: Locator) -> None:
    """By the mouse, as a person does."""
    item.scroll_into_view_if_needed()
    start, end = item.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 30, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 42, start["y"] + 4, steps=5)
    x, y = end["x"] + end["width"] / 2, end["y"] + min(end["height"] / 2, 50)
    page.mouse.move(x, y, steps=15)
    for n in range(40):  # a busy browser tells of the last steps later
        if to.locator(".dragging").count():
            break
        page.mouse.move(x + n % 2, y)
        page.wait_for_timeout(50)
    page.mouse.up()


def until(page: Page, expression: str) -> None:
    """Not ``wait_for_function``, which compiles its text in the page and is refused there."""
    for _n in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {expression}")


def toast(page: Page, text: str) -> Locator:
    return page.locator(".toast", has_text=text)


def undo(page: Page) -> None:
    page.locator(".toast").get_by_role("button", name="Urungkan").last.click()
