"""The total of a scheme: Σ weight × component, with every line explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule, exact, with_places
from humasflow.scoring.calculation.ratio import ComponentResult

WEIGHT_SUM = 100


class SchemeWeightError(CalculationError):
    """The weights do not make a scheme; ``total`` is the sum they have, for the message."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"weights sum to {total}, not to {WEIGHT_SUM}")
        self.total = total


@dataclass(frozen=True, slots=True)
class WeightedComponent:
    """A component's result with its place in the scheme. ``weight`` in per cent; 0 is shown and never summed."""

    key: str
    weight: Decimal
    result: ComponentResult


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line under a total. ``exact_points`` is weight × value ÷ 100; None without a value or at weight 0."""

    key: str
    weight: Decimal
    result: ComponentResult
    exact_points: Fraction | None
    rounding: RoundingRule

    @property
    def is_summed(self) -> bool:
        """False for a component that is only shown."""
        return self.weight > 0

    @property
    def points(self) -> Decimal | None:
        """The points as people read them; rounded lines need not add up to the rounded total."""
        return None if self.exact_points is None else self.rounding.apply(self.exact_points)


@dataclass(frozen=True, slots=True)
class TotalResult:
    """The total of a scheme.

    While a weighted component has no target there is no total (``value`` is None and ``missing`` names the
    components): neither a zero nor a re-weighting is invented. ``subtotal`` is what the others bring so far, out of
    ``counted_weight``.
    """

    lines: tuple[TotalLine, ...]
    exact_subtotal: Fraction
    counted_weight: Decimal
    missing: tuple[str, ...]
    cap: Decimal | None
    was_capped: bool
    rounding: RoundingRule

    @property
    def is_complete(self) -> bool:
        """Whether every weighted component has a value."""
        return not self.missing

    @property
    def exact_value(self) -> Fraction | None:
        """The unrounded total, or None while a target is missing."""
        return self.exact_subtotal if self.is_complete else None

    @property
    def value(self) -> Decimal | None:
        """The total as people read it, or None while a target is missing."""
        return self.subtotal if self.is_complete else None

    @property
    def subtotal(self) -> Decimal:
        """The points of the components that have a value, rounded by the scheme's rule."""
        return self.rounding.apply(self.exact_subtotal)


def check_weights(weights: Iterable[Exact]) -> None:
    """Pass when the weights sum to exactly 100.

    Raises SchemeWeightError, which carries the sum, otherwise; CalculationError for a weight below 0.
    """
    values = [exact(weight) for weight in weights]
    if any(value < 0 for value in values):
        raise CalculationError("a weight is never negative")
    total = sum(values, Fraction(0))
    if total != WEIGHT_SUM:
        raise SchemeWeightError(_shown(total))


def weighted_total(
    components: Iterable[WeightedComponent],
    *,
    cap: Decimal | None = None,
    rounding: RoundingRule = RoundingRule.HALF_UP_2,
) -> TotalResult:
    """Σ weight × value ÷ 100 over the components, exact, rounded once; at most ``cap`` when one is given.

    Raises SchemeWeightError when the weights do not sum to 100.
    """
    parts = tuple(components)
    check_weights(part.weight for part in parts)
    lines = tuple(_line(part, rounding) for part in parts)
    subtotal = sum((line.exact_points for line in lines if line.exact_points is not None), Fraction(0))
    was_capped = cap is not None and subtotal > exact(cap)
    return TotalResult(
        lines=lines,
        exact_subtotal=exact(cap) if was_capped and cap is not None else subtotal,
        counted_weight=sum((line.weight for line in lines if line.exact_points is not None), Decimal(0)),
        missing=tuple(line.key for line in lines if line.is_summed and line.exact_points is None),
        cap=cap,
        was_capped=was_capped,
        rounding=rounding,
    )


def _line(part: WeightedComponent, rounding: RoundingRule) -> TotalLine:
    value = part.result.exact_value
    points = exact(part.weight) * value / WEIGHT_SUM if value is not None and part.weight > 0 else None
    return TotalLine(part.key, part.weight, part.result, points, rounding)


def _shown(total: Fraction) -> Decimal:
    """A sum of decimals as a plain decimal (90, 99.5); a sum of odd fractions to six places."""
    for places in range(7):
        scaled = total * 10**places
        if scaled.denominator == 1:
            return with_places(int(scaled), places)
    return with_places(round(total * 10**6), 6)
