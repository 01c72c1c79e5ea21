"""The total of a scheme: Σ weight × component, with every line explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from humasflow.scoring.calculation.conversion import Band, Conversion, Converted, band_of, convert
from humasflow.scoring.calculation.facts import GateFacts
from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule, exact, with_places
from humasflow.scoring.calculation.results import ComponentResult, Outcome

WEIGHT_SUM = 100


class SchemeWeightError(CalculationError):
    """The weights do not make a scheme; ``total`` is the sum they have, for the message."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"weights sum to {total}, not to {WEIGHT_SUM}")
        self.total = total


@dataclass(frozen=True, slots=True)
class WeightedComponent:
    """A component's result with its place in the scheme. ``weight`` in per cent; 0 is shown and never summed.

    ``maximum``: the most that can be realised at all, where the scheme's conversion asks whether a target is that.
    """

    key: str
    weight: Decimal
    result: ComponentResult
    maximum: Exact | None = None

    @property
    def is_gate(self) -> bool:
        """Whether the scheme gives no score without it."""
        return isinstance(self.result.explanation.facts, GateFacts)

    @property
    def maximum_met(self) -> bool:
        """Whether its target is the most that can be reached, and is reached."""
        explanation = self.result.explanation
        return (
            self.maximum is not None
            and explanation.target is not None
            and explanation.target == exact(self.maximum)
            and explanation.is_met
        )


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

    While a weighted component has no value there is no total (``value`` is None and ``missing`` names the components;
    a gate that nobody has answered is missing too): neither a zero nor a re-weighting is invented. ``subtotal`` is what
    the others bring so far, out of ``counted_weight``. A failed gate takes the total away: ``failed_gates``.

    ``converted``: the total in the issuer's own measure, where the scheme has a conversion; ``band``: its name.
    """

    lines: tuple[TotalLine, ...]
    exact_subtotal: Fraction
    counted_weight: Decimal
    missing: tuple[str, ...]
    cap: Decimal | None
    was_capped: bool
    rounding: RoundingRule
    failed_gates: tuple[str, ...] = ()
    converted: Converted | None = None
    band: Band | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every weighted component has a value and every gate is open."""
        return not self.missing and not self.failed_gates

    @property
    def exact_value(self) -> Fraction | None:
        """The unrounded total after a conversion, or None while something is missing or the conversion is silent."""
        if not self.is_complete:
            return None
        return self.exact_subtotal if self.converted is None else self.converted.value

    @property
    def value(self) -> Decimal | None:
        """The total as people read it, or None as :attr:`exact_value`."""
        found = self.exact_value
        return None if found is None else self.rounding.apply(found)

    @property
    def subtotal(self) -> Decimal:
        """The points of the components that have a value, rounded by the scheme's rule."""
        return self.rounding.apply(self.exact_subtotal)


def check_weights(weights: Iterable[Exact]) -> None:
    """Pass when the weights sum to exactly 100.

    Raises SchemeWeightError, which carries the sum, otherwise; CalculationError for a weight below 0.
    """
    _check_weights(*weights)


@lru_cache(maxsize=256, typed=True)  # a page of offices asks for the same ones once an office
def _check_weights(*weights: Exact) -> None:
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
    conversion: Conversion | None = None,
    bands: Sequence[Band] = (),
) -> TotalResult:
    """Σ weight × value ÷ 100 over the components, exact, rounded once; at most ``cap`` when one is given; then
    converted and named.

    Raises SchemeWeightError when the weights do not sum to 100.
    """
    parts = tuple(components)
    check_weights(part.weight for part in parts)
    lines = tuple(_line(part, rounding) for part in parts)
    subtotal = sum((line.exact_points for line in lines if line.exact_points is not None), Fraction(0))
    was_capped = cap is not None and subtotal > exact(cap)
    capped = exact(cap) if was_capped and cap is not None else subtotal
    missing = tuple(
        part.key for part in parts
        if part.result.exact_value is None and part.result.outcome is not Outcome.GATE_FAILED
        and (part.weight > 0 or part.is_gate)
    )  # fmt: skip
    failed = tuple(part.key for part in parts if part.result.outcome is Outcome.GATE_FAILED)
    converted = band = None
    if not missing and not failed:
        if conversion is not None:
            met = all(part.maximum_met for part in parts if part.weight > 0)
            converted = convert(conversion, capped, maximum_met=met)
        final = capped if converted is None else converted.value
        # A band is that of the number people read: 89,996 is shown as 90,00.
        band = None if final is None else band_of(bands, Fraction(rounding.apply(final)))
    return TotalResult(
        lines=lines,
        exact_subtotal=capped,
        counted_weight=sum((line.weight for line in lines if line.exact_points is not None), Decimal(0)),
        missing=missing,
        cap=cap,
        was_capped=was_capped,
        rounding=rounding,
        failed_gates=failed,
        converted=converted,
        band=band,
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
