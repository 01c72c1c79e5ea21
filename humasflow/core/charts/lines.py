"""Line charts: what became of a few numbers over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flask_babel import gettext as _

from humasflow.core.charts.scale import Exact, Scale, exactly, place, show

LOOKS = ("a", "b", "c", "d")
"""Looks of series: each has a colour, a marker and a dash of its own (css/charts.css)."""

# Pixels down. Across, everything is per cent.
TOP, PLOT, FOOT = 26, 190, 40
HEIGHT = TOP + PLOT + FOOT
# Per cent left free at the left, for the numbers of the axis, and at the right, for the numbers of the last points.
_LEFT, _RIGHT = Fraction(9), Fraction(4)
_MOST_NAMED = 7  # more labels than that, and every second makes room on narrow screens
_APART = 15  # pixels between two numbers at one end
_ABOVE = 10  # pixels from a point to its number


@dataclass(frozen=True, slots=True)
class Label:
    """What stands under a value: ``TW I`` and, where it changes, ``2026`` below it. ``full``: for table and speech.

    ``still_grows``: no line leads there, so that what is under way does not look like a fall.
    """

    text: str
    below: str = ""
    full: str = ""
    still_grows: bool = False

    @property
    def name(self) -> str:
        """The full name."""
        return self.full or f"{self.text} {self.below}".strip()


@dataclass(frozen=True, slots=True)
class Series:
    """One line. A value per label; None where it is unknown."""

    name: str
    values: Sequence[Exact | None]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis with its number."""

    y: str
    text: str
    is_base: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A place across: its label, whether narrow screens show it, and what changed before it."""

    x: str
    label: Label
    is_minor: bool
    mark: str
    mark_x: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A known value. ``text_y``: where its number stands, empty where only pointing at the marker tells it."""

    x: str
    y: str
    text: str
    says: str
    text_y: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece between two neighbouring known values."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series drawn."""

    name: str
    look: str
    dots: tuple[Dot, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line chart, ready for the template, with its table twin."""

    title: str
    description: str
    height: int
    plot_top: int
    plot_bottom: int
    ticks: tuple[Tick, ...]
    stops: tuple[Stop, ...]
    lines: tuple[Line, ...]
    target: Tick | None
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known yet: the template says so instead of drawing an empty frame."""
        return not any(line.dots for line in self.lines)

    @property
    def marks(self) -> tuple[Stop, ...]:
        """The places before which something changed."""
        return tuple(stop for stop in self.stops if stop.mark)


def line_chart(
    series: Sequence[Series],
    labels: Sequence[Label],
    *,
    title: str,
    target: Exact | None = None,
    marks: Mapping[int, str] | None = None,
    unit: str = "",
    places: int = 2,
    whole: bool = False,
    holds: Sequence[Exact] = (0,),
    best_low: bool = False,
) -> LineChart:
    """Draw the series over the labels.

    ``holds``: what the axis shows in any case, zero unless told otherwise; empty where only the difference matters.
    ``best_low`` turns the axis round, for ranks: the first place is on top. Raises ValueError when a series has not one
    value a label, or when there are more series than looks; TypeError for a float.
    """
    if len(series) > len(LOOKS):
        raise ValueError(f"at most {len(LOOKS)} lines in one chart")
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("one value a label")
    known = [v for one in series for v in one.values if v is not None]
    scale = Scale.over(
        [*known, *([] if target is None else [target]), *(() if best_low else holds)],
        from_zero=False,
        whole=whole or best_low,
    )
    base = Fraction(0) if Fraction(0) in scale.ticks else scale.ticks[0]
    frame = _Frame(scale, len(labels), unit, places, best_low)
    named = {id(one) for one in series} if len(series) == 1 and len(labels) <= _MOST_NAMED else set()
    lines = _with_end_numbers(
        [frame.line(one, LOOKS[i], labels, every=id(one) in named) for i, one in enumerate(series)]
    )
    noted = marks or {}
    return LineChart(
        title=title,
        description=_describe(series, labels, unit, places),
        height=HEIGHT,
        plot_top=TOP,
        plot_bottom=TOP + PLOT,
        # There is no place before the first.
        ticks=tuple(frame.tick(t, is_base=t == base) for t in scale.ticks if t >= 1 or not best_low),
        stops=tuple(frame.stop(i, label, noted.get(i, "")) for i, label in enumerate(labels)),
        lines=tuple(lines),
        target=None if target is None else frame.tick(exactly(target), is_base=False),
        headings=("", *(one.name for one in series), *([_("Yang berubah")] if noted else [])),
        rows=tuple(
            (
                label.name,
                *(show(one.values[i], places=places, unit=unit) for one in series),
                *([noted.get(i, "")] if noted else []),
            )
            for i, label in enumerate(labels)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    scale: Scale
    stops: int
    unit: str
    places: int
    best_low: bool

    def across(self, index: Fraction) -> Fraction:
        return _LEFT + (100 - _LEFT - _RIGHT) * (index + Fraction(1, 2)) / max(self.stops, 1)

    def down(self, value: Exact) -> Fraction:
        share = self.scale.at(value)
        return TOP + PLOT * (share if self.best_low else 1 - share)

    def tick(self, value: Fraction, *, is_base: bool) -> Tick:
        return Tick(place(self.down(value)), show(value, places=max(self.places, 1), unit=self.unit), is_base)

    def stop(self, index: int, label: Label, mark: str) -> Stop:
        from_the_end = self.stops - 1 - index
        return Stop(
            x=place(self.across(Fraction(index))),
            label=label,
            is_minor=self.stops > _MOST_NAMED and from_the_end % 2 == 1,
            mark=mark,
            mark_x=place(self.across(Fraction(2 * index - 1, 2))),
        )

    def line(self, series: Series, look: str, labels: Sequence[Label], *, every: bool) -> Line:
        dots: list[Dot] = []
        segments: list[Segment] = []
        previous: tuple[int, Dot] | None = None
        for i, value in enumerate(series.values):
            if value is None:
                continue
            y = self.down(value)
            text = show(value, places=self.places, unit=self.unit)
            says = f"{labels[i].name}, {series.name}: {text}"
            dot = Dot(
                place(self.across(Fraction(i))), place(y), text, says, place(y - _ABOVE) if every else ""
            )
            if previous is not None and previous[0] == i - 1 and not labels[i].still_grows:
                segments.append(Segment(previous[1].x, previous[1].y, dot.x, dot.y))
            dots.append(dot)
            previous = (i, dot)
        return Line(series.name, look, tuple(dots), tuple(segments))


def _with_end_numbers(lines: list[Line]) -> list[Line]:
    """The number of each line's last value stands over it; where two end at one place, they are pushed apart."""
    made = list(lines)
    ending: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.dots:
            ending.setdefault(line.dots[-1].x, []).append(i)
    for together in ending.values():
        together.sort(key=lambda i: Fraction(lines[i].dots[-1].y))  # the highest first
        heights = _apart([Fraction(lines[i].dots[-1].y) - _ABOVE for i in together])
        for i, height in zip(together, heights, strict=True):
            *before, last = lines[i].dots
            made[i] = replace(lines[i], dots=(*before, replace(last, text_y=place(height))))
    return made


def _apart(heights: list[Fraction]) -> list[Fraction]:
    """Heights from the top down, moved up so far that each has room, and down again where the picture ends."""
    moved = list(heights)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - _APART)
    highest = Fraction(_ABOVE)
    for i, height in enumerate(moved):
        moved[i] = max(height, highest)
        highest = moved[i] + _APART
    return moved


def _describe(series: Sequence[Series], labels: Sequence[Label], unit: str, places: int) -> str:
    told = []
    for one in series:
        known = [(labels[i], v) for i, v in enumerate(one.values) if v is not None]
        if not known:
            told.append(_("%(name)s: belum ada data.", name=one.name))
            continue
        (first, was), (last, now) = known[0], known[-1]
        told.append(
            _(
                "%(name)s: %(was)s pada %(first)s, %(now)s pada %(last)s.",
                name=one.name,
                was=show(was, places=places, unit=unit),
                first=first.name,
                now=show(now, places=places, unit=unit),
                last=last.name,
            )
        )
    return " ".join(told)
