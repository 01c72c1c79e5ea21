"""The arithmetic of a scheme, with answers known beforehand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from humasflow.scoring.calculation import (
    CalculationError,
    Outcome,
    RoundingRule,
    SchemeWeightError,
    WeightedComponent,
    check_weights,
    count_ratio,
    gap,
    largest_remainder,
    pace_needed,
    per_week_whole,
    weighted_total,
)

WEIGHTS = {"berita_utama": 10, "berita_terbaru": 60, "artikel": 20, "profil_kantor": 10}
TARGETS = {"berita_utama": 3, "berita_terbaru": 60, "artikel": 3, "profil_kantor": 1}


def website(realised: dict[str, int], **options):
    return weighted_total(
        WeightedComponent(key, Decimal(weight), count_ratio(realised[key], TARGETS[key], **options))
        for key, weight in WEIGHTS.items()
    )


def test_the_website_scheme_gives_67_with_partial_credit():
    total = website({"berita_utama": 3, "berita_terbaru": 47, "artikel": 0, "profil_kantor": 1})

    assert total.value == Decimal("67.00")
    assert str(total.value) == "67.00"
    assert [line.points for line in total.lines] == [Decimal(10), Decimal(47), Decimal(0), Decimal(10)]
    assert total.is_complete


def test_without_partial_credit_only_whole_components_count():
    total = website(
        {"berita_utama": 3, "berita_terbaru": 47, "artikel": 0, "profil_kantor": 1}, partial_credit=False
    )

    assert total.value == Decimal("20.00")
    assert total.lines[1].result.explanation.credit_withheld
    assert not total.lines[2].result.explanation.credit_withheld  # nothing there to withhold


def test_all_targets_met_is_100():
    assert website(TARGETS).value == Decimal("100.00")


def test_twice_the_target_stays_100_at_the_cap():
    total = website({key: 2 * target for key, target in TARGETS.items()})

    assert total.value == Decimal("100.00")
    assert all(line.result.explanation.was_capped for line in total.lines)


def test_a_higher_cap_or_none_lets_more_than_the_target_count():
    twice = {key: 2 * target for key, target in TARGETS.items()}

    assert website(twice, cap=Decimal(120)).value == Decimal("120.00")
    assert website(twice, cap=None).value == Decimal("200.00")


def test_the_total_can_have_a_cap_of_its_own():
    parts = [WeightedComponent("a", Decimal(100), count_ratio(3, 2, cap=None))]
    total = weighted_total(parts, cap=Decimal(110))

    assert total.value == Decimal("110.00")
    assert total.was_capped
    assert total.lines[0].points == Decimal("150.00")
    assert not weighted_total(parts, cap=Decimal(150)).was_capped


def test_weight_zero_is_shown_and_not_summed():
    parts = [
        WeightedComponent("artikel", Decimal(100), count_ratio(1, 2)),
        WeightedComponent("facebook", Decimal(0), count_ratio(31, 26)),
        WeightedComponent("instagram", Decimal(0), count_ratio(5, None)),
    ]
    total = weighted_total(parts)

    assert total.value == Decimal("50.00")
    facebook, instagram = total.lines[1:]
    assert facebook.result.value == Decimal("100.00")
    assert facebook.points is None
    assert not facebook.is_summed
    assert instagram.result.outcome is Outcome.NO_TARGET
    assert total.missing == ()  # a shown component without a target leaves the total whole


@pytest.mark.parametrize(("target", "outcome"), [(None, Outcome.NO_TARGET), (0, Outcome.ZERO_TARGET)])
def test_nothing_to_divide_by_is_no_value_rather_than_zero(target, outcome):
    result = count_ratio(4, target)

    assert result.value is None
    assert result.exact_value is None
    assert result.outcome is outcome
    assert result.explanation.realised == 4


def test_a_missing_target_leaves_the_total_open_and_is_named():
    total = weighted_total(
        [
            WeightedComponent("artikel", Decimal(40), count_ratio(1, 2)),
            WeightedComponent("profil", Decimal(60), count_ratio(1, None)),
        ]
    )

    assert total.value is None
    assert total.exact_value is None
    assert not total.is_complete
    assert total.missing == ("profil",)
    assert total.subtotal == Decimal("20.00")
    assert total.counted_weight == Decimal(40)


@pytest.mark.parametrize(
    ("weights", "shown"),
    [(["10", "60", "20"], "90"), (["33.3", "33.3", "33.3"], "99.9"), ([], "0"), (["100", "0.01"], "100.01")],
)
def test_weights_that_do_not_make_100_are_refused_with_their_sum(weights, shown):
    with pytest.raises(SchemeWeightError) as refused:
        check_weights(Decimal(weight) for weight in weights)
    assert str(refused.value.total) == shown


def test_weights_with_decimals_that_make_100_pass():
    check_weights([Decimal("33.3"), Decimal("33.3"), Decimal("33.4"), Decimal(0)])
    check_weights([Fraction(100, 3)] * 3)
    with pytest.raises(CalculationError):
        check_weights([Decimal(150), Decimal(-50)])


def test_a_third_three_times_is_whole_again():
    parts = [WeightedComponent(str(i), Decimal(30), count_ratio(1, 3)) for i in range(3)]
    parts.append(WeightedComponent("rest", Decimal(10), count_ratio(1, 1)))

    assert weighted_total(parts).value == Decimal("40.00")


@pytest.mark.parametrize(
    ("rule", "value", "shown"),
    [
        (RoundingRule.HALF_UP_2, Fraction(2, 3), "0.67"),
        (RoundingRule.HALF_UP_2, Decimal("66.665"), "66.67"),
        (RoundingRule.HALF_UP_2, Decimal("66.6649999999999999999999999999999999"), "66.66"),
        (RoundingRule.HALF_UP_2, Decimal("-0.005"), "-0.01"),
        (RoundingRule.HALF_UP_1, Decimal("2.25"), "2.3"),
        (RoundingRule.HALF_UP_0, Fraction(9300, 95), "98"),
        (RoundingRule.HALF_UP_0, Decimal("2.5"), "3"),
        (RoundingRule.DOWN_2, Decimal("99.999"), "99.99"),
        (RoundingRule.HALF_UP_2, 7, "7.00"),
    ],
)
def test_each_rounding_rule(rule, value, shown):
    assert str(rule.apply(value)) == shown


def test_every_rule_and_outcome_has_words():
    assert all(rule.label for rule in RoundingRule)
    assert Outcome.NO_TARGET.label == "belum ada sasaran"
    assert all(outcome.label for outcome in Outcome)


@pytest.mark.parametrize("bad", [1.0, True, "3"])
def test_only_exact_numbers_are_taken(bad):
    with pytest.raises(TypeError):
        count_ratio(bad, 3)
    with pytest.raises(TypeError):
        RoundingRule.HALF_UP_2.apply(bad)


@pytest.mark.parametrize("facts", [(-1, 3), (1, -3), (Decimal("NaN"), 3), (Decimal("Infinity"), 3)])
def test_facts_that_make_no_sense_are_refused(facts):
    with pytest.raises(CalculationError):
        count_ratio(*facts)


@pytest.mark.parametrize(
    ("target", "verified", "missing"), [(60, 47, 13), (60, 60, 0), (60, 90, 0), (0, 0, 0), (None, 4, None)]
)
def test_the_gap_is_never_negative_and_unknown_without_a_target(target, verified, missing):
    assert gap(target, verified) == missing


@pytest.mark.parametrize(
    ("missing", "weeks", "pace", "whole"),
    [
        (13, 4, "3.3", 4),  # 3.25 a week
        (13, Fraction(30, 7), "3.1", 4),
        (12, 4, "3.0", 3),
        (0, 4, "0.0", 0),
        (0, 0, "0.0", 0),
        (3, Fraction(2, 7), "3.0", 3),  # two days left: three, not ten and a half a week
        (Fraction(1, 2), 5, "0.1", 1),
    ],
)
def test_the_pace_suffices_when_kept(missing, weeks, pace, whole):
    assert pace_needed(missing, weeks) == Decimal(pace)
    assert per_week_whole(missing, weeks) == whole


def test_no_pace_closes_a_gap_when_the_time_is_over():
    assert pace_needed(1, 0) is None
    assert per_week_whole(1, 0) is None
    with pytest.raises(CalculationError):
        pace_needed(1, -1)


def test_shares_sum_to_exactly_100():
    assert largest_remainder({"pengusul": 1, "penulis": 1, "fotografer": 1}) == {
        "pengusul": Decimal("33.34"),
        "penulis": Decimal("33.33"),
        "fotografer": Decimal("33.33"),
    }
    assert largest_remainder({"a": 2, "b": 1, "c": 0}, places=0) == {"a": 67, "b": 33, "c": 0}
    assert largest_remainder({"a": 1}) == {"a": Decimal("100.00")}


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_shares_of_nothing_are_refused(shares):
    with pytest.raises(CalculationError):
        largest_remainder(shares)


def test_a_whole_finer_than_the_step_is_refused():
    with pytest.raises(CalculationError):
        largest_remainder({"a": 1}, total=Decimal("0.001"))
