"""Schemes and targets: what is refused, what a change does to the past, and who set what from which letter."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.outbox.runner import run_due
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.services.schemes import (
    ComponentSpec,
    SchemeRefused,
    create_scheme,
    create_scheme_version,
)
from humasflow.scoring.standing import get_standing
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
Q1 = Quarter.parse("2026-TW1")


@pytest.mark.parametrize(
    ("weights", "message"),
    [((10, 60), "70"), ((60, 60), "120"), ((100, -1), "antara 0 dan 100"), ((), "paling sedikit satu")],
)
def test_weights_must_sum_to_a_hundred(world: World, weights: tuple[int, ...], message: str) -> None:
    scheme = create_scheme(world.office.id, actor=world.admin, name="Baru")
    specs = [ComponentSpec(f"K{i}", Decimal(w)) for i, w in enumerate(weights)]
    with pytest.raises(SchemeRefused, match=message):
        create_scheme_version(scheme, actor=world.admin, components=specs, effective_from=Q1)


def test_a_new_version_never_rewrites_an_earlier_quarter(world: World) -> None:
    scheme = make_scheme(world, since="2026-TW1")
    live_post(world, at="2026-02-10T02:00Z")
    live_post(world, at="2026-05-10T02:00Z")
    before = [(r.id, r.scheme_version_id, r.period) for r in db.session.scalars(select(LedgerEntry))]
    create_scheme_version(
        scheme, actor=world.admin, effective_from=Quarter.parse("2026-TW2"),
        components=[ComponentSpec("Semua berita", Decimal(100), channel_kinds=["website_own"])],
    )  # fmt: skip
    db.session.commit()
    run_due()
    after = [(r.id, r.scheme_version_id, r.period) for r in db.session.scalars(select(LedgerEntry))]
    assert after[: len(before)] == before
    q1, q2 = get_standing(world.office, Q1), get_standing(world.office, Quarter.parse("2026-TW2"))
    assert q1 is not None and q2 is not None
    assert [c.component.key for c in q1.components][:2] == ["berita-utama", "berita-terbaru"]
    assert [(c.component.key, c.unverified) for c in q2.components] == [("semua-berita", 1)]


def test_the_fixture_of_67(world: World) -> None:
    """BU 3, BT 60, Artikel 3, Profil 1 against 3, 47, 0, 1 gives 67.00; all met 100.00; more than met still 100.00."""
    from humasflow.scoring.services.verification import verify_point

    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_utama=3, berita_terbaru=6, artikel=3, profil_kantor=1)
    types = {t.code: t for t in _types(world)}
    for code, n in (("berita_utama", 3), ("berita_terbaru", 6), ("pembaruan_profil", 1)):
        for _i in range(n):
            verify_point(live_post(world, content_type=types[code]), actor=world.as_(world.lead))
    standing = get_standing(world.office, Q1)
    assert standing is not None and str(standing.total.value) == "80.00"
    for _i in range(6):
        verify_point(live_post(world, content_type=types["artikel"]), actor=world.as_(world.lead))
    standing = get_standing(world.office, Q1)
    assert standing is not None and str(standing.total.value) == "100.00"


def _types(world: World) -> list[object]:
    from humasflow.planning.queries import list_content_types

    return list(list_content_types(world.office.id))


def test_a_component_without_a_target_leaves_the_total_open(world: World) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=60)
    standing = get_standing(world.office, Q1)
    assert standing is not None
    assert standing.total.value is None
    assert {c.component.key for c in standing.components if c.target is None} >= {"artikel"}


def test_pace_and_gap(world: World, at: object) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=10)
    live_post(world, at="2026-01-05T02:00Z")
    with at("2026-03-18T02:00Z"):  # type: ignore[operator]
        standing = get_standing(world.office, Q1)
    assert standing is not None
    row = next(c for c in standing.components if c.component.key == "berita-terbaru")
    assert (row.gap, standing.days_left, str(row.pace), row.per_week) == (9, 14, "4.5", 5)
