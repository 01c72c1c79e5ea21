"""``flask scoring verify``: what was signed, what was measured, the files that prove it, and a ledger that is in use."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from humasflow.core.db import db, is_read_only
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.scoring import recomputation
from humasflow.scoring.calculation import RankFacts
from humasflow.scoring.models import LedgerEntry, PeriodClose, ScoreCount
from humasflow.scoring.recomputation import at_one_moment, differences, office, others
from humasflow.scoring.recomputation.publications import Seen
from humasflow.scoring.recomputation.rules import Rules
from humasflow.scoring.services.closing import close_period, digest_of, reopen_period
from humasflow.scoring.services.measuring import Basis, record_measurement, take_back_measurement
from tests.conftest import ON_POSTGRES, Templates
from tests.factories import newsroom
from tests.factories.measured import TW1, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World, world_from
from tests.scoring.judging import proven
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]


def verify(app: Flask) -> tuple[int, str]:
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["scoring", "verify"])
    return answer.exit_code, answer.output


def test_another_result_than_the_one_signed_is_found(world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        live_post(world)
        close = close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
        db.session.commit()
        assert list(differences()) == []
        close.result = {**close.result, "total": "100.00"}
        db.session.commit()
        assert [d for d in differences() if "the result that it shows is not the one that was signed" in d]
        reopen_period(close, actor=world.as_(world.admin), reason="Ada yang terlewat")
        assert [d for d in differences() if "the result that it shows" in d], "it stays a record"


def test_a_digest_made_to_fit_other_lines_is_not_the_one_signed(world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        live_post(world)
        close = close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
        db.session.execute(update(LedgerEntry).values(reason="Diubah diam-diam"))
        close.digest = digest_of(scheme.id, TW1).sha256
        db.session.flush()
        (found,) = differences()
        assert "signed were others" in found
        db.session.execute(update(PeriodClose).values(number=2))
        assert any("the audit trail does not know of it" in d for d in differences())


def test_a_measurement_whose_line_is_gone_is_found(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        made = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39, 87))
        assert made is not None
        assert list(differences()) == []
        with db.session.begin_nested() as savepoint:
            take_back_measurement(made, actor=lead, reason="Salah periode")
            assert list(differences()) == [], "taken back, it needs none"
            savepoint.rollback()
        db.session.execute(delete(LedgerEntry))
        db.session.execute(delete(ScoreCount))
        (found,) = differences()
        assert "measurement" in found and "of peringkat in 2026-TW1 has no line" in found


def test_an_office_that_is_no_longer_active_is_looked_at(world: World) -> None:
    make_scheme(world)
    live_post(world)
    db.session.execute(update(ScoreCount).values(number=7))
    db.session.execute(update(Unit).where(Unit.id == world.office.id).values(is_active=False))
    assert any("the sum is 7" in found for found in differences())


def test_a_file_that_is_not_on_the_disk_is_named_and_no_number_differs(
    app: Flask, world: World, at: At
) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        shot, paper = newsroom.picture(world), newsroom.picture(world)
        delivery = proven(world, picture=shot)
        measured = record_measurement(
            scheme, "peringkat", TW1, actor=world.as_(world.lead), facts=RankFacts(39, 87),
            basis=Basis(asset_id=paper.id),
        )  # fmt: skip
        assert measured is not None
        assert verify(app) == (0, "The ledger agrees with what is live.\n")
        keys = [asset.original_key for asset in (shot, paper)]
        names = [f"publication {delivery.id}", f"measurement {measured.id}"]
        for key in set(keys):
            storage().path(key).unlink()
        code, told = verify(app)
    assert code == 3, "no number differs"
    for key, name in zip(keys, names, strict=True):
        assert f"office {world.office.id}: the file {key} of {name} is not on the disk" in told
    assert "The ledger agrees with what is live.\nFiles of proof that are missing: 2." in told
    db.session.execute(update(ScoreCount).values(number=7))
    assert verify(app)[0] == 1, "a number that differs comes first"
    assert db.session.scalar(select(Asset.id).limit(1)), "nothing is taken away"


def meanwhile(app: Flask, act: Callable[[], object]) -> None:
    """In a session of somebody else, committed."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context(), app.test_request_context():
                act()
                db.session.commit()
                db.session.remove()
        except BaseException as error:  # noqa: BLE001 - looked at below
            problems.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive() and not problems, problems


@pytest.mark.skipif(not ON_POSTGRES, reason="nobody writes beside a transaction of SQLite that reads")
def test_what_is_written_while_it_runs_is_no_difference(
    app: Flask, world: World, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody publishes between the reading of the lines and that of the sums."""
    make_scheme(world)
    live_post(world)
    db.session.commit()
    looked_at = others.check_others
    written: list[bool] = []

    def in_between(rules: Rules, seen: Seen) -> Iterator[str]:
        if not written:
            written.append(True)
            meanwhile(
                app, lambda: live_post(world_from(templates.ids), url="https://kantor-uji.example/baru")
            )
        yield from looked_at(rules, seen)

    monkeypatch.setattr(office, "check_others", in_between)
    with at_one_moment():
        assert list(differences()) == []
    assert list(differences()) == []
    assert len(db.session.scalars(select(LedgerEntry)).all()) == 2


def test_whoever_writes_waits_for_one_office_at_most(
    app: Flask, world: World, other_world: World, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the first office and the next somebody publishes: SQLite lets writers in there."""
    make_scheme(world)
    db.session.commit()
    seen: list[int] = []

    def looking(office_id: int) -> Iterator[str]:
        if seen:
            url = f"https://kantor-uji.example/{len(seen)}"
            meanwhile(app, lambda: live_post(world_from(templates.ids), url=url))
        seen.append(office_id)
        yield from office.differences_of(office_id)

    monkeypatch.setattr(recomputation, "differences_of", looking)
    with at_one_moment():
        assert list(differences()) == []
    assert len(seen) > 1
    assert not is_read_only()
