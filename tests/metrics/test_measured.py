"""Sums that the database makes are those that come out of every publication by itself, one after the other."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import METRICS
from humasflow.core.db import db
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries import (
    Chosen,
    each_measured,
    first_formula,
    list_received,
    rates_of,
)
from humasflow.metrics.rates import DENOMINATORS, INTERACTIONS, rate
from humasflow.metrics.services.fetching import LARGEST
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from tests.conftest import ON_POSTGRES, QueryCount
from tests.factories.publications import live_post
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
BEGIN = datetime(2025, 10, 1, tzinfo=UTC)
SPANS = [(BEGIN + timedelta(days=30 * n), BEGIN + timedelta(days=30 * (n + 1))) for n in range(6)]


def an_office(world: World, seed: int, number: int = 24) -> None:
    """Publications of two accounts at odd times, some under one address, some taken down; readings with holes."""
    chance = random.Random(seed)
    addresses = ["", *(f"https://kantor-uji.example/bersama/{n}" for n in range(4))]
    for n in range(number):
        account = chance.choice([world.web, world.facebook])
        at = BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 190))
        post = live_post(world, account=account, at=at.isoformat(), url=f"https://kantor-uji.example/b/{n}")
        post.canonical_url = chance.choice([post.canonical_url, *addresses]) or None
        post.state = chance.choice([DeliveryState.PUBLISHED] * 5 + [DeliveryState.RETRACTED])
        if chance.random() < 0.5:
            db.session.get_one(Story, post.story_id).pillar_id = world.pillar.id
        for _reading in range(chance.randrange(4)):
            told = {name: chance.choice([None, 0, chance.randrange(500), LARGEST]) for name in METRICS}
            db.session.add(
                MetricSnapshot(
                    office_id=post.office_id, post_id=post.post_id, delivery_id=post.id, source="manual", named={},
                    captured_at=at + timedelta(hours=chance.randrange(4)), **told,
                )
            )  # fmt: skip
    db.session.commit()


def by_hand(world: World, chosen: Chosen) -> Iterator[tuple[Delivery, dict[str, int | None], bool]]:
    """Every publication that stands for its address, with the newest number under each name."""
    live = [
        d for d in db.session.scalars(select(Delivery).where(Delivery.office_id == world.office.id))
        if d.state is DeliveryState.PUBLISHED
        and (not chosen.account_ids or d.account_id in chosen.account_ids)
        and (not chosen.pillar_ids or db.session.get_one(Story, d.story_id).pillar_id in chosen.pillar_ids)
    ]  # fmt: skip
    for one in live:
        under = [d for d in live if d is one or (d.canonical_url and d.canonical_url == one.canonical_url)]
        if min(under, key=lambda d: (d.published_at, d.id)) is not one:
            continue
        ids = [d.id for d in under]
        readings = list(
            db.session.scalars(
                select(MetricSnapshot)
                .where(MetricSnapshot.delivery_id.in_(ids))
                .order_by(MetricSnapshot.captured_at, MetricSnapshot.id)
            )
        )
        numbers: dict[str, int | None] = dict.fromkeys(METRICS)
        for reading in readings:
            numbers |= {n: getattr(reading, n) for n in METRICS if getattr(reading, n) is not None}
        yield one, numbers, bool(readings)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_sums_of_what_is_known_one_by_one(world: World, seed: int) -> None:
    an_office(world, seed)
    for chosen in (Chosen(), Chosen(account_ids=[world.web.id]), Chosen(pillar_ids=[world.pillar.id])):
        every = list(by_hand(world, chosen))
        for formula in RateFormula:
            expected = [
                rate(formula, (n for d, n, _is_read in every if start <= d.published_at < end))
                for start, end in SPANS
            ]
            assert rates_of(world.office.id, SPANS, chosen, formula) == expected
            names = (*INTERACTIONS, DENOMINATORS[formula])
            start, end = SPANS[2][0], SPANS[4][1]
            measured = {
                m.delivery_id: (m.numbers, m.is_read)
                for m in each_measured(world.office.id, (start, end), chosen, formula)
            }
            assert measured == {
                d.id: ({name: n[name] for name in names}, is_read)
                for d, n, is_read in every
                if start <= d.published_at < end
            }
        start, end = SPANS[0][0], SPANS[-1][1]
        listed = list_received(world.office.id, start, end, chosen)
        inside = sorted(
            ((d.published_at, d.id, n) for d, n, _is_read in every if start <= d.published_at < end),
            key=lambda row: row[:2], reverse=True,
        )  # fmt: skip
        assert [(p.published_at, p.delivery_id, p.numbers) for p in listed] == inside
        fitting = (f for f in RateFormula if rate(f, (n for *_key, n in inside)).value is not None)
        assert first_formula(world.office.id, (start, end), chosen) == next(fitting, RateFormula.BY_REACH)
        pages, after = [], None
        while page := list_received(world.office.id, start, end, chosen, after=after, limit=5):
            pages += page
            after = page[-1].published_at, page[-1].delivery_id
        assert pages == listed


def test_each_asks_once_whatever_there_is(world: World, statements: QueryCount) -> None:
    counts = []
    for number in (1, 3):
        an_office(world, 7, number)
        assert world.office.id
        statements.reset()
        rates_of(world.office.id, SPANS, Chosen(), RateFormula.BY_REACH)
        list(each_measured(world.office.id, SPANS[0], Chosen(), RateFormula.BY_REACH))
        first_formula(world.office.id, SPANS[0], Chosen())
        list_received(world.office.id, *SPANS[0], limit=2)
        counts.append(len(statements))
    assert counts == [5, 5]


@pytest.mark.skipif(ON_POSTGRES, reason="it knows how many rows there are")
def test_what_shares_an_address_is_found_by_the_address(world: World, statements: QueryCount) -> None:
    chosen = Chosen(
        account_ids=[world.web.id], channel_kinds=["web"], content_types=[world.news.code],
        pillar_ids=[world.pillar.id], campaign_ids=[1], section_ids=[1],
    )  # fmt: skip
    for one in (Chosen(), chosen, *({k: v} for k, v in vars_of(chosen).items())):
        asked = one if isinstance(one, Chosen) else Chosen(**one)
        statements.reset()
        rates_of(world.office.id, SPANS, asked, RateFormula.BY_REACH)
        list_received(world.office.id, *SPANS[0], asked, limit=2)
        for statement in list(statements.statements):
            plan = [str(row[3]) for row in explained(statement)]
            others = [step for step in plan if " delivery AS delivery_" in step or "SEARCH delivery_" in step]
            assert others
            assert all("canonical_url=?" in step or "INTEGER PRIMARY KEY" in step for step in others), plan


def vars_of(chosen: Chosen) -> dict[str, Any]:
    return {name: getattr(chosen, name) for name in Chosen.__slots__}


def explained(statement: str) -> Any:
    cursor = db.session.connection().connection.cursor()
    return cursor.execute("EXPLAIN QUERY PLAN " + statement, [0] * statement.count("?")).fetchall()
