"""The database ends one of two acts for the other's sake: nothing of it stays, a page says so, and it may come again."""

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from humasflow.core.db import db
from humasflow.core.error_pages import is_turn_missed
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.views import verification
from tests.conftest import ON_POSTGRES
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.judging import proven
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]


class Told(Exception):
    """What PostgreSQL's driver raises, with the state it names."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def from_sqlite(code: int) -> OperationalError:
    told = sqlite3.OperationalError("database is locked")
    told.sqlite_errorcode = code
    return OperationalError("BEGIN IMMEDIATE", {}, told)


def deadlock() -> None:
    """As the database itself ends a transaction; on SQLite, one that waited too long for another's."""
    if ON_POSTGRES:
        db.session.execute(
            text("DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$")
        )
    raise from_sqlite(sqlite3.SQLITE_BUSY)


@pytest.mark.parametrize(
    ("error", "missed"),
    [
        (OperationalError("UPDATE", {}, Told("40P01")), True),
        (OperationalError("UPDATE", {}, Told("40001")), True),
        (OperationalError("SELECT", {}, Told("55P03")), True),
        (OperationalError("SELECT", {}, Told("57P01")), False),
        (OperationalError("SELECT", {}, Told(None)), False),
        (from_sqlite(sqlite3.SQLITE_BUSY), True),
        (from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (from_sqlite(sqlite3.SQLITE_FULL), False),
    ],
)
def test_what_may_be_tried_again_is_told_from_what_is_broken(error: OperationalError, missed: bool) -> None:
    assert is_turn_missed(error) is missed


@pytest.mark.db
def test_it_is_said_on_a_page_and_the_same_form_may_be_sent_again(
    world: World, browser_of: BrowserOf, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scheme(world)
    delivery_id = proven(world).id
    db.session.commit()
    lead, url = browser_of(world.lead), f"/capaian/verifikasi/{delivery_id}"
    form = lead.get(f"/capaian/publikasi/{delivery_id}").form(url)
    verify = verification.verify_point

    def ended(*args: object, **kwargs: object) -> None:
        verify(*args, **kwargs)  # type: ignore[arg-type]
        deadlock()

    with monkeypatch.context() as patch:
        patch.setattr(verification, "verify_point", ended)
        page = lead.post(url, form, status=409)
        told = lead.client.post(url, data=form, headers={"Accept": "application/json"})
    assert "pada saat yang sama" in page.main and "simpan sekali lagi" in page.main
    assert told.status_code == 409 and told.get_json()["reasons"] == []
    assert queries.point_state_of([delivery_id])[delivery_id] is PointState.LIVE_UNVERIFIED
    assert lead.post(url, form).status == 303
    db.session.expire_all()
    assert queries.point_state_of([delivery_id])[delivery_id] is PointState.VERIFIED


@pytest.mark.usefixtures("in_request")
def test_what_is_broken_stays_a_fault(
    world: World, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scheme(world)
    delivery_id = proven(world).id
    db.session.commit()
    lead, url = browser_of(world.lead), f"/capaian/verifikasi/{delivery_id}"
    form = lead.get(f"/capaian/publikasi/{delivery_id}").form(url)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise from_sqlite(sqlite3.SQLITE_FULL)

    monkeypatch.setattr(verification, "verify_point", broken)
    with pytest.raises(OperationalError, match="database is locked"):
        lead.client.post(url, data=form)
