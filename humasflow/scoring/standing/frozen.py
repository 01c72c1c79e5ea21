"""The result of a period as it was when it was closed: everything the page shows, exact numbers as text.

``PeriodClose.result`` holds it. What the calculation or the targets become later does not reach it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from humasflow.scoring.calculation import TotalResult
from humasflow.scoring.standing.codec import decode, encode
from humasflow.scoring.standing.figures import Figures

FORM = 1  # of what is kept; a later form reads the earlier ones


@dataclass(frozen=True)
class FrozenStanding:
    """The components in order, and the totals they made: by what counted, with all that was live, and projected."""

    components: tuple[Figures, ...]
    total: TotalResult
    live_total: TotalResult
    projected_total: TotalResult


class Shown(Protocol):
    """What is kept of a standing."""

    @property
    def components(self) -> tuple[Figures, ...]: ...
    @property
    def total(self) -> TotalResult: ...
    @property
    def live_total(self) -> TotalResult: ...
    @property
    def projected_total(self) -> TotalResult: ...


def to_json(standing: Shown) -> dict[str, Any]:
    """A standing as JSON. ``total`` and ``band`` repeat what people read, for reports that know no fractions."""
    value = standing.total.value
    kept = FrozenStanding(
        components=tuple(figures_of(c) for c in standing.components),
        total=standing.total,
        live_total=standing.live_total,
        projected_total=standing.projected_total,
    )
    return {
        "form": FORM,
        "total": None if value is None else format(value, "f"),
        "band": "" if standing.total.band is None else standing.total.band.label,
        "standing": encode(kept),
    }


def from_json(stored: Mapping[str, Any]) -> FrozenStanding | None:
    """The inverse of :func:`to_json`; None for a close that kept no more than its total. Raises CodecError."""
    kept = stored.get("standing")
    if kept is None:
        return None
    found = decode(FrozenStanding, kept)
    assert isinstance(found, FrozenStanding)  # noqa: S101 - decode answers with what it is asked for
    return found


def figures_of(shown: Figures) -> Figures:
    """The plain numbers of a component, without what a page holds beside them."""
    return Figures(**{f.name: getattr(shown, f.name) for f in fields(Figures)})
