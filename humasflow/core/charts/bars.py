"""Bar charts: how far each of several is, in parts, against what it should reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.core.charts.scale import Exact, Scale, exactly, place, show

_TONE_LABELS = {
    "verified": _l("terverifikasi"),
    "unverified": _l("tayang, belum diverifikasi"),
    "scheduled": _l("terjadwal"),
    "review": _l("direviu"),
    "pitched": _l("diusulkan"),
    "plain": _l("jumlah"),
    "other": _l("lainnya"),
}
TONES = tuple(_TONE_LABELS)
"""Tones of parts: each has a colour and a pattern of its own. The states of a point, and two that say nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar. ``name`` where the tone's own word would not do. Below zero it is written, and not drawn."""

    value: Exact
    tone: str = "plain"
    name: str = ""

    @property
    def label(self) -> str:
        """What it is, in words."""
        return self.name or str(_TONE_LABELS[self.tone])


@dataclass(frozen=True, slots=True)
class Bar:
    """A row. ``number`` is what stands at its end; without one, the sum of its parts and the target."""

    name: str
    parts: Sequence[Part]
    target: Exact | None = None
    url: str = ""
    note: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part drawn: per cent from the left, and its width."""

    x: str
    width: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar drawn."""

    name: str
    url: str
    note: str
    number: str
    says: str
    pieces: tuple[Piece, ...]
    target_x: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """A bar chart, ready for the template, with its table twin."""

    title: str
    bars: tuple[Row, ...]
    axis: tuple[tuple[str, str], ...]
    key: tuple[tuple[str, str], ...]
    has_targets: bool
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.bars

    @property
    def tones(self) -> tuple[str, ...]:
        """The patterns it needs."""
        return tuple(tone for tone, _word in self.key)


def bar_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    unit: str = "",
    places: int = 2,
    whole: bool = False,
    heading: str = "",
    highest: Exact | None = None,
    table: bool = True,
) -> BarChart:
    """Draw the bars on one common scale from zero; ``highest`` widens it, so that two charts can be compared. Without
    ``table`` its twin is empty: for a page that says the same numbers in a table of its own.

    Raises ValueError for an unknown tone, TypeError for a float.
    """
    for part in (part for bar in bars for part in bar.parts):
        if part.tone not in _TONE_LABELS:
            raise ValueError(f"unknown tone {part.tone!r}")
    ends = [_sum(bar) for bar in bars] + [exactly(b.target) for b in bars if b.target is not None]
    scale = Scale.over([*ends, *([] if highest is None else [highest])], whole=whole)
    key: dict[str, str] = {}
    for part in (part for bar in bars for part in bar.parts):
        key.setdefault(part.tone, part.label)
    has_targets = any(bar.target is not None for bar in bars)

    def shown(value: Exact | None) -> str:
        return show(value, places=places, unit=unit)

    return BarChart(
        title=title,
        bars=tuple(_row(bar, scale, shown) for bar in bars),
        axis=tuple((place(scale.at(t) * 100), shown(t)) for t in scale.ticks),
        key=tuple(key.items()),
        has_targets=has_targets,
        headings=(heading, *key.values(), *([_("Sasaran")] if has_targets else [])),
        rows=tuple(
            (
                bar.name,
                *(shown(_of_tone(bar, tone)) for tone in key),
                *([shown(bar.target)] if has_targets else []),
            )
            for bar in (bars if table else ())
        ),
    )


def _sum(bar: Bar) -> Fraction:
    """How far its parts reach."""
    return sum((max(exactly(part.value), Fraction(0)) for part in bar.parts), Fraction(0))


def _of_tone(bar: Bar, tone: str) -> Fraction | None:
    values = [exactly(part.value) for part in bar.parts if part.tone == tone]
    return sum(values, Fraction(0)) if values else None


def _total(bar: Bar, shown: Callable[[Exact | None], str]) -> str:
    total = shown(sum((exactly(part.value) for part in bar.parts), Fraction(0)))
    if bar.target is not None:
        total = _("%(n)s dari %(target)s", n=total, target=shown(bar.target))
    return total


def _row(bar: Bar, scale: Scale, shown: Callable[[Exact | None], str]) -> Row:
    pieces: list[Piece] = []
    begin = Fraction(0)
    for part in bar.parts:
        value = max(exactly(part.value), Fraction(0))  # less than nothing cannot be drawn
        if value:
            pieces.append(
                Piece(place(scale.at(begin) * 100), place(scale.at(value) * 100), part.tone)
            )  # the scale begins at zero
        begin += value
    parts = ", ".join(f"{part.label} {shown(part.value)}" for part in bar.parts)
    says = _("%(name)s: %(parts)s", name=bar.name, parts=parts or shown(None))
    if bar.target is not None:
        says = _("%(said)s; sasaran %(target)s", said=says, target=shown(bar.target))
    return Row(
        name=bar.name,
        url=bar.url,
        note=bar.note,
        number=bar.number or _total(bar, shown),
        says=says,
        pieces=tuple(pieces),
        target_x="" if bar.target is None else place(scale.at(bar.target) * 100),
    )
