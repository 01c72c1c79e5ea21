"""The nine kinds of component, with answers known beforehand (docs/scoring.md names where they are from)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.scoring.calculation import (
    CadenceFacts,
    CalculationError,
    ChecklistFacts,
    CountFacts,
    GateFacts,
    Goal,
    GrowthFacts,
    Outcome,
    PointsFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
    Spec,
    WeightedComponent,
    band_of,
    consolidate,
    evaluate,
    read_bands,
    read_conversion,
    read_parameters,
    weighted_total,
)
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity


def spec(kind: str, **options) -> Spec:
    return Spec(ComponentKind(kind), **options)


def goal(value, upper=None) -> Goal:
    return Goal(Fraction(value), None if upper is None else Fraction(upper))


@pytest.mark.parametrize(
    ("realised", "shown"), [(70, "87.50"), (92, "102.22"), (85, "100.00"), (80, "100.00"), (90, "100.00")]
)
def test_a_range_goes_by_its_nearer_end(realised, shown):
    result = evaluate(
        spec("count_ratio", polarity=Polarity.STABILISE, cap=None), CountFacts(realised), goal(80, 90)
    )

    assert str(result.value) == shown


def test_a_range_is_capped_at_100_by_default():
    result = evaluate(spec("count_ratio", polarity=Polarity.STABILISE), CountFacts(92), goal(80, 90))

    assert (result.value, result.explanation.was_capped) == (Decimal("100.00"), True)


@pytest.mark.parametrize(
    ("realised", "target", "exact"), [(8, 10, 120), (10, 10, 100), (15, 10, 50), (20, 10, 0), (25, 10, 0)]
)
def test_the_smaller_the_better(realised, target, exact):
    result = evaluate(
        spec("count_ratio", polarity=Polarity.MINIMISE, cap=None), CountFacts(realised), goal(target)
    )

    assert result.exact_value == exact
    assert result.explanation.was_floored is (realised > 2 * target)


def test_points_by_type_and_channel():
    parameters = {"points": {"berita|web": "5", "berita|*": "2,5".replace(",", "."), "*|facebook": "1"}}
    table = read_parameters(ComponentKind.POINTS, parameters)

    assert [table.points_for(*pair) for pair in (("berita", "web"), ("berita", "x"), ("foto", "facebook"), ("foto", "x"))] == [
        5, Decimal("2.5"), 1, 0,
    ]  # fmt: skip
    assert (
        evaluate(spec("points", parameters=parameters), PointsFacts(Decimal("7.5")), goal(10)).exact_value
        == 75
    )
    plain = parameters | {"plain": True}
    assert evaluate(
        spec("points", parameters=plain, cap=None), PointsFacts(Decimal("137.5"))
    ).exact_value == Fraction("137.5")


def test_two_a_week_in_ten_of_thirteen_weeks():
    result = evaluate(
        spec("cadence", parameters={"unit": "week", "minimum": 2}),
        CadenceFacts((2, 3, 1) + (2,) * 8 + (0, 0)),
    )

    assert result.exact_value == Fraction(1000, 13)
    assert str(result.value) == "76.92"


def test_a_cadence_says_nothing_before_the_first_week_is_over():
    result = evaluate(spec("cadence", parameters={"minimum": 2}), CadenceFacts(()))

    assert (result.outcome, result.value) == (Outcome.NO_DATA, None)


def test_a_checklist_of_94():
    parameters = {"items": [{"key": str(n), "label": f"Butir {n}"} for n in range(47)]}

    all_there = evaluate(
        spec("checklist", parameters=parameters), ChecklistFacts({str(n): 2 for n in range(47)})
    )
    half = evaluate(spec("checklist", parameters=parameters), ChecklistFacts({"0": 2, "1": 1, "2": 0}))
    nobody_looked = evaluate(spec("checklist", parameters=parameters), ChecklistFacts({"not there": 2}))

    assert all_there.exact_value == 100
    assert half.exact_value == Fraction(300, 94)
    assert nobody_looked.outcome is Outcome.NO_DATA


def test_reviewers_marks_are_averaged():
    assert evaluate(spec("rubric"), RubricFacts((Decimal(80), Decimal("85.5")))).exact_value == Fraction(
        "82.75"
    )


def test_a_rate_needs_something_to_divide_by():
    parameters = {"formula": "by_followers"}

    assert evaluate(spec("rate", parameters=parameters), RateFacts(45, 1500), goal("3")).exact_value == 100
    for nothing in (RateFacts(45, 0), RateFacts(45, None), RateFacts(None, 1500)):
        assert evaluate(spec("rate", parameters=parameters), nothing, goal("3")).outcome is Outcome.NO_DATA
    strict = parameters | {"requires_all": True}
    assert (
        evaluate(spec("rate", parameters=strict), RateFacts(45, 1500, ("saves",)), goal("3")).outcome
        is Outcome.NO_DATA
    )


@pytest.mark.parametrize(
    ("previous", "current", "exact"), [(1000, 1200, 100), (1000, 1100, 50), (1000, 900, 0)]
)
def test_growth_never_falls_below_nothing(previous, current, exact):
    assert evaluate(spec("growth"), GrowthFacts(previous, current), goal(20)).exact_value == exact


def test_nothing_grows_from_nothing():
    assert evaluate(spec("growth"), GrowthFacts(0, 50), goal(20)).outcome is Outcome.NO_DATA


def test_a_rank_by_who_is_behind_or_against_a_place():
    behind = spec("rank", parameters={"formula": "behind"})
    target = spec("rank", parameters={"formula": "target"})

    assert evaluate(behind, RankFacts(1, 100)).exact_value == 100
    assert evaluate(behind, RankFacts(19, 100)).exact_value == 82
    assert evaluate(behind, RankFacts(19)).outcome is Outcome.NO_DATA
    assert evaluate(target, RankFacts(30), goal(20)).exact_value == 50


def test_a_gate_that_is_shut_leaves_no_score():
    parts = [
        WeightedComponent("berita", Decimal(100), evaluate(spec("count_ratio"), CountFacts(60), goal(60))),
        WeightedComponent(
            "terdaftar", Decimal(0), evaluate(spec("gate"), GateFacts(False, "belum terdaftar"))
        ),
    ]
    total = weighted_total(parts)

    assert (total.value, total.failed_gates, total.missing) == (None, ("terdaftar",), ())
    unanswered = [
        parts[0],
        WeightedComponent("terdaftar", Decimal(0), evaluate(spec("gate"), GateFacts(None))),
    ]
    assert weighted_total(unanswered).missing == ("terdaftar",)
    passed = [parts[0], WeightedComponent("terdaftar", Decimal(0), evaluate(spec("gate"), GateFacts(True)))]
    assert weighted_total(passed).value == 100


IKI = {
    "round_first": "half_up_0",
    "when_maximum_met": "120",
    "segments": [
        {"lower": "0", "label": "Sangat Kurang", "numerator": "49", "denominator": "59"},
        {"lower": "60", "label": "Kurang", "base": "50", "numerator": "19", "denominator": "19", "origin": "60"},
        {"lower": "80", "label": "Cukup", "base": "70", "numerator": "19", "denominator": "19", "origin": "80"},
        {"lower": "100", "label": "Baik", "is_unknown": True, "known": {"100": "109"}},
        {"lower": "111", "label": "Sangat Baik", "base": "120"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("realised", "target", "shown", "label"),
    [
        (93, 95, "88.00", "Cukup"),
        (85, 85, "109.00", "Baik"),
        (70, 100, "60.00", "Kurang"),
        (59, 100, "49.00", "Sangat Kurang"),
        (112, 100, "120.00", "Sangat Baik"),
        (105, 100, None, "Baik"),  # the issuer printed one point of this band only
    ],
)
def test_the_performance_conversion_of_2021(realised, target, shown, label):
    result = evaluate(spec("count_ratio", cap=None), CountFacts(realised), goal(target))
    total = weighted_total([WeightedComponent("iki", Decimal(100), result)], conversion=read_conversion(IKI))

    assert (None if total.value is None else str(total.value)) == shown
    assert total.converted.segment.label == label


def test_the_highest_target_there_is_met_is_120():
    result = evaluate(spec("count_ratio", cap=None), CountFacts(100), goal(100))
    part = WeightedComponent("iki", Decimal(100), result, maximum=Decimal(100))

    assert weighted_total([part], conversion=read_conversion(IKI)).value == 120


KIP = [
    {"lower": "0", "label": "Tidak Informatif"}, {"lower": "40", "label": "Kurang Informatif"},
    {"lower": "60", "label": "Cukup Informatif"}, {"lower": "80", "label": "Menuju Informatif"},
    {"lower": "90", "label": "Informatif"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("100", "Informatif"), ("90", "Informatif"), ("89.95", "Menuju Informatif"), ("89.9", "Menuju Informatif"),
        ("79.95", "Cukup Informatif"), ("39.95", "Tidak Informatif"), ("0", "Tidak Informatif"),
    ],
)  # fmt: skip
def test_between_two_printed_bands_the_lower_bound_decides(value, label):
    assert band_of(read_bands(KIP), Fraction(value)).label == label


@pytest.mark.parametrize(
    ("rule", "exact"), [(Consolidation.AVERAGE, 90), (Consolidation.LAST, 100), (Consolidation.SUM, 180)]
)
def test_a_quarter_without_data_is_no_zero(rule, exact):
    assert consolidate([80, None, 100], rule) == exact
    assert consolidate([None, None], rule) is None


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("points", {}),
        ("points", {"points": {"berita": "1"}}),
        ("points", {"points": {"berita|web": "-1"}}),
        ("points", {"points": {"berita|web": "NaN"}}),
        ("cadence", {"minimum": 0}),
        ("cadence", {"minimum": "1.5"}),
        ("cadence", {"weekdays": [7]}),
        ("checklist", {}),
        ("rate", {"formula": "by_guess"}),
        ("rank", {"formula": ""}),
    ],
)
def test_parameters_that_make_no_sense_are_told(app, kind, parameters):
    with app.test_request_context(), pytest.raises(CalculationError, match=r"\w+ \w+"):
        read_parameters(ComponentKind(kind), parameters)


def test_the_facts_of_another_kind_are_refused():
    with pytest.raises(TypeError):
        evaluate(spec("count_ratio"), RubricFacts(()))


@given(
    st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from(Polarity),
    st.none() | st.sampled_from([Decimal(100), Decimal(110), Decimal(120)]), st.booleans(),
)  # fmt: skip
def test_every_value_lies_between_nothing_and_the_cap(realised, target, width, polarity, cap, partial):
    rules = spec("count_ratio", polarity=polarity, cap=cap, partial_credit=partial)
    result = evaluate(rules, CountFacts(realised), goal(target, target + width))

    assert result.exact_value >= 0
    assert cap is None or result.exact_value <= cap
    assert partial or result.exact_value == 0 or result.exact_value >= min(100, cap or 100)


AMOUNTS = st.integers(0, 10**6) | st.decimals(0, 10**6, places=3)
MARKS = st.decimals(0, 100, places=2)
ITEMS = {"items": [{"key": str(n), "label": str(n)} for n in range(4)]}
FACTS = st.one_of(
    st.tuples(st.just("points"), st.just({"points": {"*|*": "1"}}), st.builds(PointsFacts, AMOUNTS)),
    st.tuples(st.just("points"), st.just({"points": {"*|*": "1"}, "plain": True}), st.builds(PointsFacts, AMOUNTS)),
    st.tuples(st.just("cadence"), st.just({"minimum": 2}), st.builds(CadenceFacts, st.lists(st.integers(0, 5)).map(tuple))),
    st.tuples(
        st.just("checklist"), st.sampled_from([ITEMS, ITEMS | {"maximum": "5"}]),
        st.builds(ChecklistFacts, st.dictionaries(st.sampled_from("0123x"), st.integers(0, 2))),
    ),
    st.tuples(st.just("rubric"), st.just({}), st.builds(RubricFacts, st.lists(MARKS).map(tuple))),
    st.tuples(st.just("rate"), st.just({}), st.builds(RateFacts, st.none() | AMOUNTS, st.none() | AMOUNTS)),
    st.tuples(st.just("growth"), st.just({}), st.builds(GrowthFacts, st.none() | AMOUNTS, st.none() | AMOUNTS)),
    st.tuples(
        st.just("rank"), st.sampled_from([{"formula": "behind"}, {"formula": "target"}]),
        st.integers(1, 500).flatmap(lambda n: st.builds(RankFacts, st.integers(1, n), st.none() | st.just(n))),
    ),
    st.tuples(st.just("gate"), st.just({}), st.builds(GateFacts, st.none() | st.booleans())),
)  # fmt: skip


@given(
    FACTS, st.none() | st.integers(0, 1000), st.sampled_from(Polarity),
    st.none() | st.sampled_from([Decimal(100), Decimal(110), Decimal(120)]), st.booleans(),
)  # fmt: skip
def test_every_kind_has_a_value_within_its_cap_or_says_why_it_has_none(found, target, polarity, cap, partial):
    kind, parameters, facts = found
    rules = spec(kind, polarity=polarity, cap=cap, partial_credit=partial, parameters=parameters)
    result = evaluate(rules, facts, None if target is None else goal(target))

    assert (result.exact_value is None) is (result.outcome is not Outcome.SCORED)
    if result.exact_value is not None:
        assert result.exact_value >= 0
        assert cap is None or result.exact_value <= cap
