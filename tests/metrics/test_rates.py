"""Rates by named formulas: exact, over what is known, with what is unknown named."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.db import db
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries import Chosen, list_received, rate_facts
from humasflow.metrics.rates import rate
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.world import World

F = RateFormula
FULL = {
    "likes": 10, "comments": 5, "shares": 3, "saves": 2, "reach": 200, "followers": 1000, "impressions": 400,
}  # fmt: skip
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (F.BY_REACH, Fraction(1, 10)),
        (F.BY_FOLLOWERS, Fraction(1, 50)),
        (F.BY_IMPRESSIONS, Fraction(1, 20)),
        (F.MEAN_BY_REACH, Fraction(1, 10)),
    ],
)
def test_interactions_are_divided_by_what_the_formula_names(formula: F, value: Fraction) -> None:
    found = rate(formula, [FULL])
    assert (found.value, found.unknown, found.posts) == (value, (), 1)


def test_the_mean_of_posts_is_not_the_rate_over_all_posts() -> None:
    posts = [FULL, {**FULL, "reach": 1800, "likes": 8}]
    assert rate(F.BY_REACH, posts).value == Fraction(20 + 18, 200 + 1800)
    assert rate(F.MEAN_BY_REACH, posts).value == (Fraction(20, 200) + Fraction(18, 1800)) / 2


def test_a_part_that_is_unknown_is_named_and_never_a_zero() -> None:
    found = rate(F.BY_REACH, [{**FULL, "saves": None, "shares": None}])
    assert (found.value, found.unknown) == (Fraction(15, 200), ("shares", "saves"))
    strict = rate(F.BY_REACH, [{**FULL, "saves": None}], requires_all=True)
    assert (strict.value, strict.numerator, strict.unknown) == (None, 18, ("saves",))
    assert rate(F.BY_REACH, [FULL], requires_all=True).value == Fraction(1, 10)


@pytest.mark.parametrize("reach", [0, None])
def test_a_zero_or_missing_denominator_has_no_rate(reach: int | None) -> None:
    found = rate(F.BY_REACH, [{**FULL, "reach": reach}])
    assert (found.value, found.denominator, found.left_out) == (None, None, 1)
    assert rate(F.BY_REACH, [{**FULL, "reach": reach}, FULL]).value == Fraction(1, 10)


def test_a_post_without_any_interaction_known_is_left_out_and_zero_counts() -> None:
    nothing = dict.fromkeys(FULL) | {"reach": 500}
    assert rate(F.BY_REACH, [FULL, nothing]).value == Fraction(1, 10)
    zero = {**nothing, "likes": 0, "comments": 0, "shares": 0, "saves": 0}
    assert rate(F.BY_REACH, [zero]).value == 0
    assert rate(F.BY_REACH, []).value is None


@given(
    st.lists(st.fixed_dictionaries({name: st.none() | st.integers(0, 10**6) for name in FULL}), max_size=8),
    st.sampled_from(F),
    st.randoms(),
)
def test_the_order_of_posts_does_not_matter(
    posts: list[dict[str, int | None]], formula: F, chance: object
) -> None:
    mixed = list(posts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert rate(formula, posts) == rate(formula, mixed)


def told(delivery: Delivery, at: str = "2026-03-01T00:00Z", **numbers: int) -> None:
    db.session.add(
        MetricSnapshot(
            office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id,
            captured_at=datetime.fromisoformat(at).astimezone(UTC), source="manual", named=dict(numbers), **numbers,
        )
    )  # fmt: skip
    db.session.flush()


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_facts_are_of_the_newest_numbers_that_are_known(world: World, statements: QueryCount) -> None:
    one, two = live_post(world), live_post(world, account=world.facebook)
    told(one, likes=90, reach=100)
    told(one, "2026-03-05T00:00Z", likes=10, comments=2)
    told(two, likes=5, reach=50)
    statements.reset()
    assert rate_facts(world.office.id, START, END, formula=F.BY_REACH) == (
        17,
        150,
        ("comments", "shares", "saves"),
    )
    assert len(statements) == 1
    only = rate_facts(world.office.id, START, END, formula=F.BY_REACH, account_ids=[world.facebook.id])
    assert only[:2] == (5, 50)
    kind = rate_facts(world.office.id, START, END, formula=F.BY_REACH, channel_kinds=["tidak-ada"])
    assert kind[:2] == (None, None)
    type_ = rate_facts(world.office.id, START, END, formula=F.BY_REACH, content_types=[world.news.code])
    assert type_[0] == 17
    strict = rate_facts(world.office.id, START, END, formula=F.BY_REACH, requires_all=True)
    assert strict[2] == ("comments", "shares", "saves")


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_only_what_went_live_in_the_time_counts_in_this_office(world: World, other_world: World) -> None:
    last = live_post(world, at="2026-03-31T23:59Z")
    told(last, likes=1, reach=10)
    told(live_post(world, at="2026-04-01T00:00Z"), likes=100, reach=100)
    told(live_post(other_world), likes=100, reach=100)
    assert rate_facts(world.office.id, START, END, formula=F.BY_REACH)[:2] == (1, 10)
    assert [p.delivery_id for p in list_received(world.office.id, START, END)] == [last.id]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_an_address_has_one_audience_in_the_period_of_its_first_publication(world: World) -> None:
    url = "https://kantor-uji.example/berita/bersama"
    newer = live_post(world, at="2026-04-10T02:00Z", url=url)
    told(newer, at="2026-04-11T00:00Z", likes=5, reach=100)
    assert rate_facts(world.office.id, START, END, formula=F.BY_REACH)[:2] == (None, None)
    first = live_post(world, account=world.facebook, at="2026-03-01T02:00Z")
    first.canonical_url = newer.canonical_url  # a post of two accounts
    told(first, at="2026-04-20T00:00Z", likes=50)
    (post,) = list_received(world.office.id, START, END)
    assert (post.delivery_id, post.numbers["likes"], post.numbers["reach"]) == (first.id, 50, 100)
    assert str(post.read_at) == "2026-04-20 00:00:00+00:00"
    assert list_received(world.office.id, END, LATER) == []
    both = list_received(world.office.id, START, LATER)
    assert [(p.delivery_id, p.numbers["likes"]) for p in both] == [(first.id, 50)]
    only = list_received(world.office.id, END, LATER, Chosen(account_ids=[newer.account_id]))
    assert [(p.delivery_id, p.numbers["likes"]) for p in only] == [(newer.id, 5)]


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_the_title_of_a_confidential_story_is_for_its_readers(world: World) -> None:
    delivery = live_post(world)
    story = db.session.get_one(Story, delivery.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.commit()
    (seen,) = list_received(world.office.id, START, END, reader_id=world.contributor.id)
    assert seen.title == "Naskah rahasia"
