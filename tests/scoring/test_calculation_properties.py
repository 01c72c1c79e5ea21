"""The arithmetic against an oracle of plain fractions, on facts nobody thought of."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from humasflow.scoring.calculation import (
    RoundingRule,
    WeightedComponent,
    count_ratio,
    gap,
    largest_remainder,
    pace_needed,
    per_week_whole,
    weighted_total,
)

COUNTS = st.integers(0, 5000)
TARGETS = st.integers(1, 2000)
CAPS = st.none() | st.sampled_from([Decimal(100), Decimal(110), Decimal(120)])
SHARES = st.dictionaries(
    st.integers(0, 50), st.integers(0, 1000) | st.decimals(0, 1000, places=3), min_size=1, max_size=12
)


def oracle(n: int, target: int, cap: Decimal | None) -> Fraction:
    percent = Fraction(100 * n, target)
    return percent if cap is None else min(percent, Fraction(cap))


@st.composite
def schemes(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Weight, count and target of each component; the weights sum to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=6)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    return [(weight, draw(COUNTS), draw(TARGETS)) for weight in weights]


@given(COUNTS, TARGETS, CAPS)
def test_a_ratio_equals_the_fraction(n, target, cap):
    result = count_ratio(n, target, cap=cap)

    assert result.exact_value == oracle(n, target, cap)
    assert result.exact_value >= 0
    assert cap is None or result.exact_value <= cap
    assert abs(Fraction(result.value) - result.exact_value) <= Fraction(1, 200)


@given(COUNTS, COUNTS, TARGETS, CAPS, st.booleans())
def test_more_publications_never_lower_a_value(n, more, target, cap, partial):
    fewer = count_ratio(n, target, cap=cap, partial_credit=partial)
    after = count_ratio(n + more, target, cap=cap, partial_credit=partial)

    assert after.exact_value >= fewer.exact_value


@given(schemes(), CAPS)
def test_a_total_equals_the_weighted_sum_of_fractions(scheme, cap):
    total = weighted_total(
        WeightedComponent(str(index), Decimal(weight), count_ratio(n, target, cap=cap))
        for index, (weight, n, target) in enumerate(scheme)
    )
    expected = sum((weight * oracle(n, target, cap) / 100 for weight, n, target in scheme), Fraction(0))

    assert total.exact_value == expected
    assert total.value == RoundingRule.HALF_UP_2.apply(expected)
    assert cap is None or total.exact_value <= cap


@given(schemes(), st.randoms(use_true_random=False))
def test_the_order_of_components_does_not_matter(scheme, random):
    parts = [
        WeightedComponent(str(index), Decimal(weight), count_ratio(n, target))
        for index, (weight, n, target) in enumerate(scheme)
    ]
    shuffled = list(parts)
    random.shuffle(shuffled)

    assert weighted_total(parts).exact_value == weighted_total(shuffled).exact_value


@given(st.fractions(-(10**6), 10**6), st.sampled_from(RoundingRule))
def test_rounding_is_near_and_has_its_places(value, rule):
    rounded = rule.apply(value)
    step = Fraction(1, 10**rule.places)

    assert rounded.as_tuple().exponent == -rule.places
    distance = abs(Fraction(rounded) - value)
    assert distance < step if rule is RoundingRule.DOWN_2 else distance <= step / 2
    assert rule.apply(rounded) == rounded


@given(COUNTS, TARGETS, st.fractions(0, 14))
def test_a_kept_pace_closes_the_gap_and_no_slower_one_of_a_tenth_less(n, target, weeks):
    missing = gap(target, n)
    assume(weeks > 0)
    pace = pace_needed(missing, weeks)
    spread = max(weeks, Fraction(1))

    assert Fraction(pace) * spread >= missing
    assert pace == 0 or (Fraction(pace) - Fraction(1, 10)) * spread < missing
    assert pace <= per_week_whole(missing, weeks)


@given(SHARES, st.integers(0, 4))
def test_shares_sum_exactly_and_stay_within_one_step(shares, places):
    assume(any(shares.values()))
    result = largest_remainder(shares, places=places)
    whole = sum(map(Fraction, shares.values()))

    assert sum(result.values()) == 100
    assert list(result) == list(shares)
    for key, share in shares.items():
        ideal = 100 * Fraction(share) / whole
        assert abs(Fraction(result[key]) - ideal) < Fraction(1, 10**places)
        assert share or result[key] == 0


@given(SHARES)
def test_a_larger_share_never_gets_less(shares):
    assume(any(shares.values()))
    result = largest_remainder(shares)

    for one, other in zip(shares, list(shares)[1:], strict=False):
        if shares[one] > shares[other]:
            assert result[one] >= result[other]
