"""Many publications from before at once are the same as one after the other: every table, the record, the sums."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.audit.models import AuditEntry, AuditHead
from humasflow.channels import queries as channels
from humasflow.channels.services import create_account
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.urls import NotHttpUrl
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.past import record_past_publication
from humasflow.publishing.services.past_many import AT_ONCE, Past, record_past_publications
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.past import confirm_past
from humasflow.scoring.services.verification import confirm
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = pytest.mark.db

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
# Different by nature: the sequence of ids within a table, how often a row was written, and the links of the chain.
NOT_COMPARED = {"id", "row_version", "hash", "previous_hash", "seq", "digest"}


def past(world: World, number: int, **changes: Any) -> Past:
    account = channels.list_accounts(world.office.id)[0]
    types = list_content_types(world.office.id)
    values = {
        "account": account, "content_type": types[number % len(types)], "title": f" Berita ke-{number} ",
        "url": f"https://kantor.example/berita/{number}?utm_source=x",
        "published_at": datetime(2026, 1, 31, 18, tzinfo=UTC) + timedelta(days=17 * (number % 9)),
    }  # fmt: skip
    return Past(**(values | changes))


def snapshot() -> dict[str, list[list[tuple[str, Any]]]]:
    """Every table, as far as two ways to the same rows must agree. Acts in the order of each publication."""
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = [
            [(name, str(value)) for name, value in row._mapping.items() if name not in NOT_COMPARED]
            for row in db.session.execute(select(table))
        ]
        if table.name not in {"audit_head", "search_term"}:
            found[table.name] = sorted(rows)
    return found


@pytest.fixture
def scheme(world: World, in_request: None) -> None:
    """The office scores what goes out."""
    if not channels.list_accounts(world.office.id):
        kind = next(k for k in channels.list_kinds(world.office.id) if k.code == "website_portal")
        create_account(world.office.id, actor=world.as_(world.admin), kind=kind, name="Portal")
    make_scheme(world)
    db.session.commit()


def one_by_one(world: World, wanted: list[Past], *, vouched: bool) -> None:
    made = []
    for item in wanted:
        delivery, is_new = record_past_publication(
            actor=world.as_(world.admin), office=world.office, account=item.account,
            content_type=item.content_type, title=item.title, url=item.url, published_at=item.published_at,
            document="ND-1",
        )  # fmt: skip
        if is_new:
            score_delivery(delivery)
            made.append(delivery)
    if vouched:
        for delivery in made:
            confirm(delivery, actor=world.admin, label="Admin Kantor", document="ND-1")


def at_once(world: World, wanted: list[Past], *, vouched: bool) -> None:
    told = record_past_publications(
        wanted, actor=world.as_(world.admin), office=world.office, document="ND-1"
    )
    if vouched:
        confirm_past(
            world.office.id, [t.delivery_id for t in told], actor=world.admin, label="Admin Kantor",
            document="ND-1",
        )  # fmt: skip


@pytest.mark.parametrize("vouched", [False, True])
def test_the_same_rows_as_one_after_the_other(world: World, scheme: None, vouched: bool) -> None:
    wanted = [past(world, n) for n in (1, 2, 3, 4, 2, 5, 6, 7, 8, 9)]  # one address twice
    results = []
    ways: tuple[Callable[..., None], ...] = (one_by_one, at_once)
    with clock.moved_to(NOW):
        for way in ways:
            with db.session.begin_nested() as savepoint:
                way(world, wanted, vouched=vouched)
                db.session.flush()
                results.append(snapshot())
                savepoint.rollback()
            db.session.expire_all()
    first, second = results
    assert {t: len(rows) for t, rows in first.items()} == {t: len(rows) for t, rows in second.items()}
    for table in first:
        assert _without_ids(first[table]) == _without_ids(second[table]), table


def _without_ids(rows: list[list[tuple[str, Any]]]) -> list[list[tuple[str, Any]]]:
    """Ids that a rolled back transaction used are given again by SQLite and not by PostgreSQL, so what points at rows
    is left out; that it points at the right ones is asked below, and so is the exact moment of writing.
    """
    loose = {
        "at",
        "since",
        "captured_at",
        "created_at",
        "saved_at",
        "sealed_at",
        "updated_at",
        "idempotency_key",
        "detail",
    }
    return sorted(
        [(name, value) for name, value in row if not name.endswith("_id") and name not in loose]
        for row in rows
    )


def test_what_points_at_what(world: World, scheme: None) -> None:
    told = record_past_publications(
        [past(world, n) for n in range(30)], actor=world.as_(world.admin), office=world.office
    )
    db.session.commit()
    assert [t.is_new for t in told] == [True] * 30
    for number, one in enumerate(told):
        delivery = db.session.get_one(Delivery, one.delivery_id)
        post, story = delivery.post, delivery.post.story
        assert delivery.title == story.title == f"Berita ke-{number}"
        assert delivery.permalink == f"https://kantor.example/berita/{number}?utm_source=x"
        assert (delivery.story_id, delivery.account_id) == (story.id, post.account_id)
        assert delivery.post_version_id == post.current_version_id
        assert delivery.story_version_id == story.current_version_id
        assert delivery.idempotency_key == f"post:{post.id}:1"
        assert post.scheduled_at == delivery.published_at == story.state_since


def test_the_chain_holds_and_the_sums_are_those_of_the_lines(world: World, scheme: None) -> None:
    told = record_past_publications(
        [past(world, n) for n in range(40)], actor=world.as_(world.admin), office=world.office
    )
    confirm_past(
        world.office.id, [t.delivery_id for t in told[:25]], actor=world.admin, label="Admin", document="ND"
    )
    db.session.commit()
    assert list(differences()) == []
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.office_id == world.office.id).order_by(AuditEntry.seq)
    ).all()
    for before, after in pairwise(entries):
        assert (after.seq, after.previous_hash) == (before.seq + 1, before.hash)
    assert all(entry.hash == entry.computed_hash() for entry in entries)
    head = db.session.get_one(AuditHead, world.office.id)
    assert (head.seq, head.hash) == (entries[-1].seq, entries[-1].hash)


def test_known_addresses_add_nothing(world: World, scheme: None) -> None:
    wanted = [past(world, n) for n in range(5)]
    first = record_past_publications(wanted, actor=world.as_(world.admin), office=world.office)
    again = record_past_publications(
        [*wanted, past(world, 0, url="http://www.kantor.example/berita/0/"), past(world, 9)],
        actor=world.as_(world.admin),
        office=world.office,
    )
    assert [a.delivery_id for a in again[:5]] == [f.delivery_id for f in first]
    assert [a.is_new for a in again[:5]] == [False] * 5
    assert again[-1].is_new
    db.session.commit()
    assert list(differences()) == []


def test_nothing_is_written_when_one_address_is_none(world: World, scheme: None) -> None:
    before = db.session.scalars(select(Delivery.id)).all()
    with pytest.raises(NotHttpUrl):
        record_past_publications(
            [past(world, 1), past(world, 2, url="javascript:alert(1)")],
            actor=None,
            office=world.office,
        )
    assert db.session.scalars(select(Delivery.id)).all() == before


def test_nothing_is_asked_for_each_of_them(world: World, scheme: None, statements: Any) -> None:
    counts = []
    office = db.session.get_one(Unit, world.office.id)
    for start, number in ((0, 5), (50, 20), (100, 200)):
        day = datetime(2026, 2, 2, 3, tzinfo=UTC)
        wanted = [past(world, start + n, published_at=day) for n in range(number)]
        statements.reset()
        record_past_publications(wanted, actor=world.as_(world.admin), office=office)
        counts.append(sum(not s.startswith("INSERT") for s in statements.statements))
        db.session.commit()
    assert counts[1] == counts[2]


def test_no_more_than_one_call_takes(world: World, scheme: None) -> None:
    with pytest.raises(ValueError, match=str(AT_ONCE)):
        record_past_publications([past(world, 1)] * (AT_ONCE + 1), actor=None, office=world.office)
