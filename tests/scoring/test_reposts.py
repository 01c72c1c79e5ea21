"""Tayang ulang: the same address never counts twice; a new one only where the component says so."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.schemes import create_scheme, create_scheme_version
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, forget_lines, make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def lines() -> list[str]:
    return list(db.session.scalars(select(LedgerEntry.component_key).order_by(LedgerEntry.id)))


def shown_again(world: World, first: Delivery, url: str) -> Delivery:
    """Another publication of the same account, made as a repost and live at an address."""
    again = live_post(world, url=url)
    forget_lines(again)
    again.post.repost_of_id = first.post_id
    db.session.flush()
    return again


def counting_scheme(world: World) -> None:
    scheme = create_scheme(world.office.id, actor=world.admin, name="Menghitung tayang ulang")
    specs = [replace(spec, counts_reposts=True) for spec in SPECS]
    create_scheme_version(
        scheme, actor=world.admin, components=specs, effective_from=Quarter.parse("2020-TW1")
    )


def test_a_repost_under_a_new_address_counts_only_where_the_component_says_so(world: World) -> None:
    make_scheme(world)
    first = live_post(world)
    assert lines() == ["berita-terbaru"]
    again = shown_again(world, first, "https://kantor-uji.example/berita/ulang")
    assert score_delivery(again) == []
    assert list(differences()) == []
    counting_scheme(world)
    assert [line.subject_key for line in score_delivery(again)] == ["https://kantor-uji.example/berita/ulang"]


def test_the_same_address_never_counts_twice_whatever_the_component_says(world: World) -> None:
    counting_scheme(world)
    first = live_post(world, url="https://kantor-uji.example/berita/1")
    again = shown_again(world, first, "https://kantor-uji.example/berita/lain")
    again.canonical_url = first.canonical_url
    db.session.flush()
    assert score_delivery(again) == []
    assert lines() == ["berita-terbaru"]
    assert list(differences()) == []


def test_a_new_component_does_not_count_reposts(world: World) -> None:
    scheme = make_scheme(world)
    assert [c.counts_reposts for c in scheme.versions[0].components] == [False] * len(SPECS)
