"""What is kept of a closed period: the same numbers after every turn through JSON, and for ever."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.scoring.calculation import CountFacts, Facts, RankFacts, RateFacts
from humasflow.scoring.enums import ComponentKind, TargetScope
from humasflow.scoring.models import PeriodClose
from humasflow.scoring.recomputation.closes import check_closes
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing import get_standing
from humasflow.scoring.standing.codec import CodecError, decode, encode
from humasflow.scoring.standing.frozen import figures_of, from_json, to_json
from humasflow.stories.models import Story
from tests.factories.measured import make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.standings import TW1, aim, news, scheme_of, version_of
from tests.factories.world import World


@dataclass(frozen=True)
class Box:
    share: Fraction
    amount: Decimal | None
    kind: ComponentKind
    day: date
    facts: Facts | None
    parts: tuple[int, ...] = ()
    name: str = ""


words = st.sampled_from(["", "Artikel", "1/2", "é ‘"])
facts = st.one_of(
    st.none(),
    st.builds(CountFacts, st.fractions()),
    st.builds(RankFacts, st.integers(1, 500), st.none() | st.integers(500, 999)),
    st.builds(RateFacts, st.fractions(), st.none() | st.fractions(), st.tuples(words)),
)


@given(
    st.builds(
        Box,
        share=st.fractions(),
        amount=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=6),
        kind=st.sampled_from(ComponentKind),
        day=st.dates(),
        facts=facts,
        parts=st.lists(st.integers()).map(tuple),
        name=words,
    )
)
def test_whatever_is_kept_comes_back_to_the_last_digit(box: Box) -> None:
    assert decode(Box, json.loads(json.dumps(encode(box)))) == box


def test_a_float_is_never_kept_and_never_read() -> None:
    with pytest.raises(TypeError):
        encode((0.1,))
    kept = encode(Box(Fraction(1, 3), None, ComponentKind.RANK, date(2026, 1, 1), None))
    with pytest.raises(CodecError):
        decode(Box, kept | {"share": 0.3333})
    with pytest.raises(CodecError):
        decode(Box, kept | {"kind": "guessing"})


@pytest.mark.db
def test_a_standing_comes_back_whole(world: World) -> None:
    scheme = scheme_of(world, news(weight=100))
    aim(world, scheme, "berita", 3)
    verify_point(live_post(world), actor=world.as_(world.lead))
    standing = get_standing(world.office, TW1)
    assert standing is not None
    kept = json.loads(json.dumps(to_json(standing)))
    assert kept["total"] == "33.33"
    back = from_json(kept)
    assert back is not None
    assert back.total == standing.total
    assert back.total.exact_value == Fraction(100, 3)
    assert back.components == tuple(figures_of(c) for c in standing.components)


@pytest.mark.db
def test_every_kind_comes_back(world: World) -> None:
    make_measured_scheme(world)
    standing = get_standing(world.office, TW1)
    assert standing is not None
    back = from_json(json.loads(json.dumps(to_json(standing))))
    assert back is not None
    assert back.components == tuple(figures_of(c) for c in standing.components)


@pytest.mark.db
def test_the_mix_keeps_what_was_verified_and_what_was_only_live(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(weight=100))
    aim(world, scheme, "berita", 2, scope=TargetScope.PILLAR, scope_id=world.pillar.id)
    sure, waiting = live_post(world), live_post(world)
    for delivery in (sure, waiting):
        db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    verify_point(sure, actor=world.as_(world.lead))
    with at("2026-04-02T02:00Z"):
        standing = get_standing(world.office, TW1)
        assert standing is not None
        kept = json.loads(json.dumps(to_json(standing)))
        (stored,) = kept["standing"]["components"][0]["mix"]
        assert [Decimal(stored[name]) for name in ("live", "unverified")] == [2, 1]
        close(world, scheme, kept)
        db.session.get_one(Story, waiting.story_id).pillar_id = None
        db.session.flush()
        shown = get_standing(world.office, TW1)
    assert shown is not None and shown.close is not None
    (part,) = shown.components[0].mix
    assert (part.verified, part.unverified, part.live) == (1, 1, 2)


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_what_is_live_cannot_be_called_verified_after_the_signature(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(weight=100))
    aim(world, scheme, "berita", 1)
    aim(world, scheme, "berita", 1, scope=TargetScope.PILLAR, scope_id=world.pillar.id)
    delivery = live_post(world)
    db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    db.session.flush()
    with at("2026-04-02T02:00Z"):
        signed = close_period(
            scheme, TW1, actor=world.as_(world.lead), answers=dict.fromkeys(["unverified"], "Ya.")
        )
        assert list(check_closes(world.office.id)) == []
        changed = json.loads(json.dumps(signed.result))
        changed["standing"]["components"][0]["mix"][0]["unverified"] = "0"
        signed.result = changed
        db.session.flush()
        assert [text.rpartition(": ")[2] for text in check_closes(world.office.id)] == [
            "the result that it shows is not the one that was signed"
        ]


@pytest.mark.db
def test_a_closed_period_shows_what_was_signed(world: World, at: Any) -> None:
    scheme = scheme_of(world, news(weight=100))
    aim(world, scheme, "berita", 4)
    first = live_post(world)
    verify_point(first, actor=world.as_(world.lead))
    waiting = live_post(world)
    with at("2026-04-02T02:00Z"):
        standing = get_standing(world.office, TW1)
        assert standing is not None and str(standing.total.value) == "25.00"
        close(world, scheme, to_json(standing))
        db.session.flush()
        # Whatever happens to the sums meanwhile, the page shows what was signed.
        from humasflow.scoring.enums import PointState
        from humasflow.scoring.services.adding_up import move

        move(waiting, PointState.VERIFIED, at=clock.now())
        shown = get_standing(world.office, TW1)
    assert shown is not None and shown.close is not None
    assert str(shown.total.value) == "25.00"
    assert [int(n) for n in (shown.components[0].verified, shown.components[0].unverified)] == [1, 1]
    assert shown.components[0].target is not None and shown.components[0].target.letter == "ND-1/2026"


def close(world: World, scheme: Any, result: dict[str, Any]) -> None:
    db.session.add(
        PeriodClose(
            office_id=world.office.id, scheme_id=scheme.id, scheme_version_id=version_of(scheme).id,
            period=TW1.key, closed_label="Kepala Kantor, Ketua Tim", closed_at=clock.now(), answers={}, lines=2,
            digest="0" * 64, result=result,
        )
    )  # fmt: skip
