"""How a unit of work begins on SQLite: at once for whoever may write, later for whoever only reads."""

import pytest
from flask import Flask
from sqlalchemy import event, text

from humasflow.core.db import db
from tests.conftest import ON_POSTGRES
from tests.support.page import Browser

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="PostgreSQL has no such choice")


def test_what_follows_a_page_may_write_again(app: Flask, browser: Browser) -> None:
    """A thread that showed a page takes the write lock at once afterwards: two writers wait, neither is turned away."""
    begun: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        browser.get("/masuk")
        assert begun
        assert set(begun) == {"BEGIN"}
        begun.clear()
        db.session.rollback()
        db.session.execute(text("SELECT 1"))
        assert begun == ["BEGIN IMMEDIATE"]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
