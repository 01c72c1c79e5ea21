"""The nine kinds of component: each a pure function over facts, 0…cap in per cent, with its explanation.

A kind first says what was realised, then whether that is a value by itself (a mark, a share) or is compared with a
goal by the component's polarity. Sources of the formulas: docs/scoring.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from humasflow.scoring.calculation import facts as f
from humasflow.scoring.calculation import parameters as p
from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule, exact
from humasflow.scoring.calculation.results import FULL_MARKS, MET, ComponentResult, Explanation, Goal, Outcome
from humasflow.scoring.enums import Polarity

MAX_MARK = 2  # of a checklist's item


@dataclass(frozen=True, slots=True)
class Rules:
    """What a component's value goes by. ``cap`` in per cent, None: none."""

    polarity: Polarity = Polarity.MAXIMISE
    partial_credit: bool = True
    cap: Decimal | None = FULL_MARKS
    rounding: RoundingRule = RoundingRule.HALF_UP_2


DEFAULT = Rules()


def count_ratio(
    n: Exact,
    target: Exact | Goal | None,
    *,
    partial_credit: bool = True,
    cap: Decimal | None = FULL_MARKS,
    rounding: RoundingRule = RoundingRule.HALF_UP_2,
    polarity: Polarity = Polarity.MAXIMISE,
) -> ComponentResult:
    """*Count ratio*: per cent of the target that was reached, n ÷ target, at most ``cap``.

    Without partial credit the value is 0 until the target is met. No target, or a target of zero, gives no value
    and says which. Raises CalculationError for a negative count, target or cap, TypeError for a float.
    """
    rules = Rules(polarity, partial_credit, cap, rounding)
    return against_goal(f.CountFacts(n), exact(n), goal_of(target), rules)


def points(
    facts: f.PointsFacts, goal: Goal | None, parameters: p.PointsParameters, rules: Rules = DEFAULT
) -> ComponentResult:
    """*Points*: Σ points against a target; or, plain, the points themselves."""
    realised = exact(facts.points)
    if parameters.is_plain:
        return by_itself(facts, realised, rules, floor=True)
    return against_goal(facts, realised, goal, rules)


def cadence(
    facts: f.CadenceFacts, parameters: p.CadenceParameters, rules: Rules = DEFAULT
) -> ComponentResult:
    """*Cadence*: the share of weeks (or days) that reached the minimum. No data before the first one is over."""
    if any(count < 0 for count in facts.counts):
        raise CalculationError("a count is never negative")
    if not facts.counts:
        return _nothing(Outcome.NO_DATA, facts, rules)
    reached = sum(count >= parameters.minimum for count in facts.counts)
    return by_itself(facts, Fraction(100 * reached, len(facts.counts)), rules)


def checklist(
    facts: f.ChecklistFacts, parameters: p.ChecklistParameters, rules: Rules = DEFAULT
) -> ComponentResult:
    """*Checklist*: marks of 0, 1 or 2 an item, added up, ÷ the maximum. An item without a mark brings nothing."""
    known = {key: mark for key, mark in facts.marks.items() if key in parameters.items}
    if any(mark not in range(MAX_MARK + 1) for mark in known.values()):
        raise CalculationError(f"a mark is 0…{MAX_MARK}")
    if not known:
        return _nothing(Outcome.NO_DATA, facts, rules)
    return by_itself(facts, Fraction(100 * sum(known.values()), parameters.maximum), rules)


def rubric(facts: f.RubricFacts, rules: Rules = DEFAULT) -> ComponentResult:
    """*Rubric*: the mean of the reviewers' marks, each 0…100."""
    marks = [exact(mark) for mark in facts.marks]
    if any(not 0 <= mark <= FULL_MARKS for mark in marks):
        raise CalculationError("a mark is 0…100")
    if not marks:
        return _nothing(Outcome.NO_DATA, facts, rules)
    return by_itself(facts, sum(marks, Fraction(0)) / len(marks), rules)


def rate(
    facts: f.RateFacts, goal: Goal | None, parameters: p.RateParameters, rules: Rules = DEFAULT
) -> ComponentResult:
    """*Rate*: interactions ÷ denominator in per cent, against a target in per cent. A missing or zero denominator, or
    an unknown part where all must be known, is no data.
    """
    if facts.numerator is None or not facts.denominator or (parameters.requires_all and facts.unknown):
        return _nothing(Outcome.NO_DATA, facts, rules, goal)
    realised = 100 * exact(facts.numerator) / exact(facts.denominator)
    return against_goal(facts, realised, goal, rules)


def growth(facts: f.GrowthFacts, goal: Goal | None, rules: Rules = DEFAULT) -> ComponentResult:
    """*Growth*: (Rₜ − Rₜ₋₁) ÷ Rₜ₋₁ in per cent, against a target in per cent; never below 0. From nothing nothing can
    be said.
    """
    if facts.current is None or not facts.previous:
        return _nothing(Outcome.NO_DATA, facts, rules, goal)
    before = exact(facts.previous)
    if before < 0 or exact(facts.current) < 0:
        raise CalculationError("what grows is never negative")
    realised = 100 * (exact(facts.current) - before) / before
    return against_goal(facts, realised, goal, rules)


def rank(
    facts: f.RankFacts, goal: Goal | None, parameters: p.RankParameters, rules: Rules = DEFAULT
) -> ComponentResult:
    """*Rank*: the share of all that stand at this place or behind it, (N − p + 1) ÷ N; or the place against a target
    place, the smaller the better.
    """
    if facts.position is None:
        return _nothing(Outcome.NO_DATA, facts, rules, goal)
    if facts.position < 1 or (facts.out_of is not None and facts.position > facts.out_of):
        raise CalculationError("a place is 1…N")
    if parameters.formula is p.RankFormula.TARGET:
        lower_is_better = Rules(Polarity.MINIMISE, rules.partial_credit, rules.cap, rules.rounding)
        return against_goal(facts, Fraction(facts.position), goal, lower_is_better)
    if facts.out_of is None:
        return _nothing(Outcome.NO_DATA, facts, rules, goal)
    return by_itself(facts, Fraction(100 * (facts.out_of - facts.position + 1), facts.out_of), rules)


def gate(facts: f.GateFacts, rules: Rules = DEFAULT) -> ComponentResult:
    """*Gate*: passed, or the scheme gives no score and says why."""
    if facts.passed is None:
        return _nothing(Outcome.NO_DATA, facts, rules)
    if not facts.passed:
        return _nothing(Outcome.GATE_FAILED, facts, rules)
    return by_itself(facts, Fraction(FULL_MARKS), rules)


# What they have in common


def goal_of(target: Exact | Goal | None) -> Goal | None:
    """A goal from a plain number. Raises CalculationError for a negative one, or a range that is none."""
    if target is None:
        return None
    goal = target if isinstance(target, Goal) else Goal(exact(target))
    if goal.value < 0:
        raise CalculationError("a target is never negative")
    if goal.upper is not None and goal.upper < goal.value:
        raise CalculationError("a range ends where it begins or later")
    return goal


def compare(realised: Fraction, goal: Goal, polarity: Polarity) -> Fraction:
    """R against T in per cent: maximise R ÷ T; minimise 1 + (1 − R ÷ T); stabilise 100 inside the range, below it
    R ÷ the lower bound, above it R ÷ the upper bound.
    """
    if polarity is Polarity.MAXIMISE:
        return 100 * realised / goal.value
    if polarity is Polarity.MINIMISE:
        return 100 * (2 - realised / goal.value)
    upper = goal.value if goal.upper is None else goal.upper
    if realised < goal.value:
        return 100 * realised / goal.value
    return 100 * realised / upper if realised > upper else Fraction(100)


def against_goal(facts: f.Facts, realised: Fraction, goal: Goal | None, rules: Rules) -> ComponentResult:
    """A realisation compared with its goal, floored at 0 and capped."""
    checked = goal_of(goal)
    if realised < 0 and not isinstance(facts, f.GrowthFacts):
        raise CalculationError("what was realised is never negative")
    if rules.cap is not None and exact(rules.cap) < 0:
        raise CalculationError("a cap is never negative")
    if checked is None:
        return _nothing(Outcome.NO_TARGET, facts, rules, realised=realised)
    if checked.value == 0:
        return _nothing(Outcome.ZERO_TARGET, facts, rules, checked, realised=realised)
    uncapped = compare(realised, checked, rules.polarity)
    is_met = uncapped >= MET
    if not rules.partial_credit and not is_met:
        explanation = Explanation(facts, realised, checked, rules.cap, uncapped, credit_withheld=uncapped > 0)
        return ComponentResult(Outcome.SCORED, Fraction(0), explanation, rules.rounding)
    return _bounded(facts, realised, checked, uncapped, rules)


def by_itself(facts: f.Facts, value: Fraction, rules: Rules, *, floor: bool = False) -> ComponentResult:
    """A realisation that is its own value."""
    if floor and value < 0:
        raise CalculationError("points are never negative")
    return _bounded(facts, value, None, value, rules)


def _bounded(
    facts: f.Facts, realised: Fraction, goal: Goal | None, uncapped: Fraction, rules: Rules
) -> ComponentResult:
    cap = None if rules.cap is None else exact(rules.cap)
    value = max(uncapped, Fraction(0))
    was_capped = cap is not None and value > cap
    explanation = Explanation(
        facts, realised, goal, rules.cap, uncapped, was_capped=was_capped, was_floored=uncapped < 0
    )
    return ComponentResult(
        Outcome.SCORED, cap if was_capped and cap is not None else value, explanation, rules.rounding
    )


def _nothing(
    outcome: Outcome,
    facts: f.Facts,
    rules: Rules,
    goal: Goal | None = None,
    *,
    realised: Fraction | None = None,
) -> ComponentResult:
    return ComponentResult(outcome, None, Explanation(facts, realised, goal, rules.cap, None), rules.rounding)
