"""What the head office announced: with its document, corrected by a further row, beside the estimate."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.core.periods import Month
from humasflow.scoring import queries
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import OfficialResult
from humasflow.scoring.queries.official import list_history
from humasflow.scoring.services.official import (
    Announcement,
    Subject,
    record_official,
    take_back_official,
)
from tests.factories.measured import TW1, TW2
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]


def said(value: str, **more: object) -> Announcement:
    known = {"announced_on": date(2026, 7, 10), "document": "ND-55/KN.2/2026"} | more
    return Announcement(Decimal(value), **known)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _in_july(at: At) -> object:
    with at("2026-07-20T02:00Z"):
        yield


def test_the_published_figures_of_the_sample_office(world: World) -> None:
    """Website 67 → 100; Facebook 39 → 19, Instagram 87 → 41: entered facts, found again by period."""
    scheme, lead = make_scheme(world), world.as_(world.lead)
    figures = [
        (ResultKind.SCORE, "", "67", "100"), (ResultKind.RANK, "facebook", "39", "19"),
        (ResultKind.RANK, "instagram", "87", "41"),
    ]  # fmt: skip
    for kind, key, *values in figures:
        for period, value in zip((TW1, TW2), values, strict=True):
            record_official(world.office, Subject(scheme, period, kind, key), said(value), actor=lead)
    scores = queries.official_over(world.office.id, scheme.id, [TW1.key, TW2.key])
    assert [scores[p.key][""].value for p in (TW1, TW2)] == [Decimal(67), Decimal(100)]
    ranks = queries.official_over(world.office.id, scheme.id, [TW1.key, TW2.key], kind=ResultKind.RANK)
    assert [int(ranks[p.key]["facebook"].value or 0) for p in (TW1, TW2)] == [39, 19]
    assert [int(ranks[p.key]["instagram"].value or 0) for p in (TW1, TW2)] == [87, 41]
    assert set(queries.official_of(world.office.id, scheme.id, TW1.key)) == {""}, "a rank is no score"


def test_a_correction_supersedes_and_the_earlier_stays(world: World) -> None:
    scheme, lead = make_scheme(world), world.as_(world.lead)
    total = Subject(scheme, TW1, ResultKind.SCORE)
    first = record_official(world.office, total, said("66"), actor=lead, shown=0)
    assert first is not None
    assert record_official(world.office, total, said("66"), actor=lead) is None, (
        "the same again is nothing new"
    )
    with pytest.raises(Conflict):
        record_official(world.office, total, said("67"), actor=lead, shown=0)
    second = record_official(world.office, total, said("67"), actor=lead, shown=first.id)
    assert second is not None and second.supersedes_id == first.id
    assert queries.official_of(world.office.id, scheme.id, TW1.key)[""].id == second.id
    assert [row.value for row in list_history(second)] == [Decimal(67), Decimal(66)]
    assert [row.id for row in queries.list_official(world.office.id, scheme.id)[0]] == [second.id]


def test_taking_back_needs_a_reason_and_hides_it(world: World) -> None:
    scheme, lead = make_scheme(world), world.as_(world.lead)
    total = Subject(scheme, TW1, ResultKind.SCORE)
    made = record_official(world.office, total, said("67"), actor=lead)
    assert made is not None
    with pytest.raises(UserError, match="alasan"):
        take_back_official(made, actor=lead, reason="")
    assert take_back_official(made, actor=lead, reason="Milik kantor lain") is not None
    assert take_back_official(made, actor=lead, reason="Milik kantor lain") is None
    assert queries.official_of(world.office.id, scheme.id, TW1.key) == {}
    assert list(queries.list_official(world.office.id, scheme.id)[0]) == []
    again = record_official(world.office, total, said("68"), actor=lead, shown=0)
    assert again is not None and queries.official_of(world.office.id, scheme.id, TW1.key)[""].value == 68


def test_what_no_component_has_goes_by_its_label(world: World) -> None:
    lead = world.as_(world.lead)
    made = record_official(
        world.office, Subject(None, TW1, ResultKind.RANK, label="TikTok"), said("7", out_of=90), actor=lead
    )
    assert made is not None and (made.label, made.out_of) == ("TikTok", 90)
    assert [row.id for row in queries.list_official(world.office.id, None)[0]] == [made.id]


@pytest.mark.parametrize(
    ("kind", "value", "more", "says"),
    [
        (ResultKind.SCORE, "-1", {}, "0 dan 1.000"),
        (ResultKind.SCORE, "1000.5", {}, "0 dan 1.000"),
        (ResultKind.SCORE, "NaN", {}, "0 dan 1.000"),
        (ResultKind.SCORE, "67.12345", {}, "empat angka"),
        (ResultKind.RANK, "0", {}, "mulai dari 1"),
        (ResultKind.RANK, "3.5", {}, "bilangan bulat"),
        (ResultKind.RANK, "88", {"out_of": 87}, "tidak mungkin"),
        (ResultKind.SCORE, "67", {"document": " "}, "dokumen"),
        (ResultKind.SCORE, "67", {"announced_on": date(2026, 7, 21)}, "belum tiba"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    world: World, kind: ResultKind, value: str, more: dict[str, object], says: str
) -> None:
    scheme = make_scheme(world)
    with pytest.raises(UserError, match=says):
        record_official(
            world.office, Subject(scheme, TW1, kind), said(value, **more), actor=world.as_(world.lead)
        )
    assert db.session.scalars(select(OfficialResult)).all() == []


def test_who_may_and_about_what(world: World, other_world: World) -> None:
    scheme, lead = make_scheme(world), world.as_(world.lead)
    total = Subject(scheme, TW1, ResultKind.SCORE)
    with pytest.raises(NotAllowed):
        record_official(world.office, total, said("67"), actor=world.as_(world.contributor))
    with pytest.raises(NotFound):
        record_official(world.office, total, said("67"), actor=other_world.as_(other_world.lead))
    with pytest.raises(UserError, match="per triwulan"):
        record_official(
            world.office, Subject(scheme, Month(2026, 2), ResultKind.SCORE), said("67"), actor=lead
        )
    with pytest.raises(UserError, match="tidak ada di skema"):
        record_official(world.office, Subject(scheme, TW1, ResultKind.SCORE, "lain"), said("67"), actor=lead)
    with pytest.raises(UserError, match="tidak keduanya"):
        record_official(
            world.office, Subject(scheme, TW1, ResultKind.SCORE, "facebook", "Lain"), said("67"), actor=lead
        )
