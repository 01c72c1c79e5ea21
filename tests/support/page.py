"""A test client that looks at every page it gets, the way a careful reviewer would."""

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask, g
from flask.testing import FlaskClient

from humasflow.accounts.models import User
from humasflow.accounts.services import sessions


def parse(html: str) -> BeautifulSoup:
    """A page as a browser reads it. lxml takes a fraction of html5lib's time, and pages are read in nearly every test; what
    HTML asks for and lxml leaves out: one kind of line end, and none right after the tag of a text field."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    return BeautifulSoup(re.sub(r"(<(?:textarea|pre)\b[^>]*>)\n", r"\1", html), "lxml")


class Page:
    """An answer: status, text, parsed HTML."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.is_html = response.mimetype == "text/html"
        self.html = response.get_data(as_text=True) if self.is_html else ""
        self.soup = parse(self.html)

    @property
    def text(self) -> str:
        """The words of the page, white space folded."""
        return " ".join((self.soup.body or self.soup).get_text(" ").split())

    @property
    def main(self) -> str:
        """The words of its main part."""
        part = self.soup.find("main")
        return " ".join(part.get_text(" ").split()) if part else ""

    @property
    def h1(self) -> str:
        """Its heading."""
        part = self.soup.find("h1")
        return " ".join(part.get_text(" ").split()) if part else ""

    def link(self, text: str) -> str:
        """The address of the first link with this text in it that is not hidden until a script shows it."""
        for a in self.soup.find_all("a", href=True):
            if a.has_attr("hidden") or a.find_parent(hidden=True) is not None:
                continue
            if text in " ".join(a.get_text(" ").split()) or text in a.get("aria-label", ""):
                return str(a["href"])
        raise AssertionError(f"no link “{text}” on “{self.h1}”")

    def form(self, action: str | None = None) -> dict[str, str]:
        """The fields of a form as a browser would send them (without file fields): the one whose action contains
        ``action``, else the first in the main part."""
        own = [f for f in self.soup.select("main form") if f.find_parent(class_="top") is None]
        for form in own if action is None else self.soup.find_all("form"):
            if action is None or action in (form.get("action") or ""):
                return _fields(form)
        raise AssertionError(f"no form with action “{action}” on “{self.h1}”")


def _fields(form: Tag) -> dict[str, str]:
    """The fields within a form, and those elsewhere on the page that name it."""
    found: dict[str, str] = {}
    kinds = ["input", "textarea", "select"]
    page = list(form.parents)[-1]
    elsewhere = page.find_all(kinds, attrs={"form": form["id"]}) if form.get("id") else []
    for field in [*form.find_all(kinds), *elsewhere]:
        name, kind = field.get("name"), field.get("type", "text")
        if not name or kind in ("submit", "file", "button") or field.has_attr("disabled"):
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                found[name] = field.get("value", "on")
        elif field.name == "textarea":
            found[name] = field.get_text()
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            found[name] = chosen.get("value", "") if chosen else ""
        else:
            found[name] = field.get("value", "")
    return found


def check_page(page: Page, *, path: str) -> None:
    """What holds for every page: one h1 that the title repeats, no duplicate id, nothing inline, labelled fields."""
    soup = page.soup
    tags = soup.find_all(True)  # walked once: every page of every test comes by here

    def named(*names: str) -> list[Tag]:
        return [tag for tag in tags if tag.name in names]

    csp = page.response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in csp, f"{path}: no content security policy"
    assert page.response.headers.get("X-Content-Type-Options") == "nosniff", path
    headings = named("h1")
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = " ".join((soup.title.get_text() if soup.title else "").split())
    assert page.h1 and title.startswith(page.h1), (
        f"{path}: title “{title}” does not begin with h1 “{page.h1}”"
    )
    assert soup.html is not None and soup.html.get("lang") in ("id", "en"), f"{path}: no language"
    ids = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
    twice = {i for i, count in ids.items() if count > 1}
    assert not twice, f"{path}: duplicate ids {twice}"
    # A link that somebody wrote into a text carries a rel and may aim at nothing.
    links = [a for a in named("a") if not a.has_attr("rel")]
    aims = {str(a["href"])[1:] for a in links if str(a.get("href", "")).startswith("#")}
    assert aims <= set(ids), f"{path}: links to nothing on the page {aims - set(ids)}"
    for tag in tags:
        inline = [a for a in tag.attrs if a == "style" or a.startswith("on")]
        assert not inline, f"{path}: inline {inline} on <{tag.name}>"
    assert not named("style"), f"{path}: inline style element"
    for script in named("script"):
        assert script.get("src") or script.get("type") == "application/json", f"{path}: inline script"
    for image in named("img"):
        assert image.has_attr("alt"), f"{path}: image without alt"
    labelled = {label.get("for") for label in named("label")}
    for field in named("input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        has_name = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        assert has_name or field.find_parent("label"), f"{path}: field {field.get('name')} has no label"
    for form in named("form"):
        if (form.get("method") or "get").lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"{path}: form without csrf token"
            assert form.find("input", attrs={"name": "form_token"}), f"{path}: form without form token"


class Browser:
    """A person at a browser: follows nothing by itself, checks every page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def sign_in(self, user: User) -> "Browser":
        """Open a session for a person, as the sign-in page would."""
        from humasflow.core.db import db

        principal = sessions.open_session(user, device="uji")
        db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"] = principal.get_id()
            session["_fresh"] = True
        return self

    def get(self, url: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Get a page, check it, and expect this status."""
        self._forget()
        page = self._page(self.client.get(_path(url), **kwargs), url)
        assert page.status == status, f"GET {url}: {page.status} {page.location} {page.main[:300]}"
        return page

    def post(self, url: str, data: dict[str, Any] | None = None, *, status: int = 303, **kwargs: Any) -> Page:
        """Post a form and expect this status."""
        self._forget()
        response = self.client.post(_path(url), data=data or {}, **kwargs)
        response.request.environ["wsgi.input"].close()  # what is sent lies in a file when it is large
        page = self._page(response, url)
        assert page.status == status, f"POST {url}: {page.status} {page.location} {page.main[:600]}"
        return page

    def follow(self, page: Page) -> Page:
        """Go where the answer leads."""
        return self.get(page.location)

    @staticmethod
    def _forget() -> None:
        """The test's application context lends its ``g`` to every request, and ``g`` remembers who is signed in."""
        for name in list(g):
            g.pop(name)

    def _page(self, response: Any, url: str) -> Page:
        from humasflow.core.db import db

        db.session.expire_all()
        page = Page(response)
        if page.is_html and page.html and page.status not in (302, 303, 307, 308):
            check_page(page, path=url)
        return page


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
