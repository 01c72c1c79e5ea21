"""A cadastral map lying on a table: parcels, a river, a road, and pins."""

from random import Random

from humasflow.setup.sample.art.canvas import WIDTH, Canvas, Point, moved, oval, smooth
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix

_COLUMNS, _ROWS = 8, 6


def _tilt(u: float, v: float) -> Point:
    """A place on the map sheet (0…1 across, 0…1 down) as seen by somebody standing at the table."""
    depth = 0.80 + 0.30 * v
    return WIDTH / 2 + (u - 0.5) * 1340 * depth + (0.5 - v) * 60, 150 + 770 * v * (0.86 + 0.14 * v)


def draw_parcels(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """The sheet fills most of the picture; two pins mark the parcels that matter."""
    wood = mix(palette.deep, palette.ink, 0.15)
    canvas.backdrop(lighten(wood, 0.12), darken(wood, 0.25))
    canvas.glow(520, 200, 980, palette.soft, 0.5)
    edge = [step / 12 for step in range(13)]
    sheet = [*(_tilt(1, v) for v in edge), *(_tilt(0, v) for v in reversed(edge))]
    canvas.shadow(sheet, 34, (8, 18, 22), 0.55, (10, 26))
    canvas.polygon(moved(sheet, 0, 8), darken(palette.ground, 0.2))
    canvas.polygon(sheet, palette.paper)
    nodes = _nodes(rng)
    marked = _parcels(canvas, palette, rng, nodes)
    _river(canvas, palette)
    _road(canvas, palette)
    _folds(canvas, palette)
    _compass(canvas, palette)
    for (u, v), colour in zip(
        sorted(marked, key=lambda place: place[1]), (palette.accent, palette.clay), strict=True
    ):
        _pin(canvas, palette, _tilt(u, v), colour)
    _ruler(canvas, palette)


def _nodes(rng: Random) -> dict[tuple[int, int], Point]:
    """Corners of the parcels on the sheet, a regular grid that has been shaken."""
    nodes: dict[tuple[int, int], Point] = {}
    for row in range(_ROWS + 1):
        for column in range(_COLUMNS + 1):
            inner = 0 < row < _ROWS, 0 < column < _COLUMNS
            u = 0.04 + 0.92 * column / _COLUMNS + (rng.uniform(-0.024, 0.024) if inner[1] else 0)
            v = 0.05 + 0.90 * row / _ROWS + (rng.uniform(-0.03, 0.03) if inner[0] else 0)
            nodes[row, column] = (u, v)
    return nodes


def _parcels(
    canvas: Canvas, palette: Palette, rng: Random, nodes: dict[tuple[int, int], Point]
) -> list[tuple[float, float]]:
    tones = (
        lighten(palette.leaf, 0.55),
        lighten(palette.leaf, 0.3),
        lighten(palette.accent, 0.62),
        lighten(palette.ground, 0.25),
        palette.pale,
        lighten(palette.clay, 0.66),
    )
    chosen = rng.sample([(row, column) for row in (1, 4) for column in (1, 2, 6)], 2)
    cells = {
        (row, column): [
            nodes[row, column],
            nodes[row, column + 1],
            nodes[row + 1, column + 1],
            nodes[row + 1, column],
        ]
        for row in range(_ROWS)
        for column in range(_COLUMNS)
    }
    shades = {place: rng.choice(tones) for place in cells}
    for place, corners in cells.items():
        canvas.polygon([_tilt(u, v) for u, v in corners], shades[place])
    for corners in cells.values():
        _outline(canvas, [_tilt(u, v) for u, v in corners], palette.paper, 5)
    for place, corners in cells.items():
        if place not in chosen:
            _contents(
                canvas, palette, rng, corners, darken(shades[place], 0.13), open_land=_is_crossed(*place)
            )
    for place in chosen:
        points = [_tilt(u, v) for u, v in cells[place]]
        canvas.polygon(points, lighten(palette.mid, 0.1))
        _outline(canvas, points, palette.deep, 7)
    return [(sum(u for u, _ in cells[place]) / 4, sum(v for _, v in cells[place]) / 4) for place in chosen]


def _is_crossed(row: int, column: int) -> bool:
    """Whether the road or the river runs through a cell: nothing stands there."""
    return row in {2, 3} or column in {4, 5}


def _contents(
    canvas: Canvas, palette: Palette, rng: Random, corners: list[Point], furrow: RGB, *, open_land: bool
) -> None:
    kind = rng.random()
    if kind < 0.3:
        _furrows(canvas, corners, furrow)
    elif kind < 0.58 and not open_land:
        _trees(canvas, palette, corners, rng)
    elif kind < 0.88 and not open_land:
        _houses(canvas, palette, corners, rng)


def _outline(canvas: Canvas, points: list[Point], colour: RGB, width: float) -> None:
    canvas.line([*points, points[0]], width, colour)


def _inside(corners: list[Point], s: float, t: float) -> Point:
    (u0, v0), (u1, v1), (u2, v2), (u3, v3) = corners
    u = (u0 * (1 - s) + u1 * s) * (1 - t) + (u3 * (1 - s) + u2 * s) * t
    v = (v0 * (1 - s) + v1 * s) * (1 - t) + (v3 * (1 - s) + v2 * s) * t
    return _tilt(u, v)


def _furrows(canvas: Canvas, corners: list[Point], colour: RGB) -> None:
    for index in range(1, 7):
        t = index / 7
        canvas.line([_inside(corners, 0.08, t), _inside(corners, 0.92, t)], 4, colour)


def _trees(canvas: Canvas, palette: Palette, corners: list[Point], rng: Random) -> None:
    for t in (0.3, 0.62):
        for s in (0.22, 0.5, 0.78):
            x, y = _inside(corners, s + rng.uniform(-0.07, 0.07), t + rng.uniform(-0.07, 0.07))
            canvas.ellipse(x + 5, y + 9, 17, 8, palette.ink, 0.15)
            canvas.circle(x, y, 15, palette.leaf_dark)
            canvas.circle(x - 3, y - 4, 10, palette.leaf)


def _houses(canvas: Canvas, palette: Palette, corners: list[Point], rng: Random) -> None:
    for s in (0.3, 0.68):
        x, y = _inside(corners, s, rng.uniform(0.35, 0.6))
        canvas.ellipse(x + 8, y + 22, 34, 9, palette.ink, 0.16)
        canvas.rect(x - 22, y - 4, 44, 26, palette.paper)
        canvas.rect(x + 4, y - 4, 18, 26, palette.ground, 0.6)
        canvas.polygon([(x - 29, y - 2), (x - 12, y - 26), (x + 12, y - 26), (x + 29, y - 2)], palette.clay)
        canvas.polygon([(x + 6, y - 2), (x + 12, y - 26), (x + 29, y - 2)], darken(palette.clay, 0.2))


def _band(places: list[Point], width: float) -> list[Point]:
    """A band along a curve on the sheet, wider towards the viewer."""
    curve = smooth(places, closed=False)
    left = [_tilt(u - width * (0.8 + 0.4 * v), v) for u, v in curve]
    right = [_tilt(u + width * (0.8 + 0.4 * v), v) for u, v in curve]
    return [*left, *reversed(right)]


def _river(canvas: Canvas, palette: Palette) -> None:
    course = [(0.60, 0.0), (0.64, 0.18), (0.54, 0.36), (0.60, 0.56), (0.71, 0.76), (0.66, 1.0)]
    canvas.polygon(_band(course, 0.042), palette.paper)
    canvas.polygon(_band(course, 0.033), palette.soft)
    canvas.polygon(_band([(u + 0.008, v) for u, v in course], 0.014), lighten(palette.soft, 0.35))


def _road(canvas: Canvas, palette: Palette) -> None:
    course = [(0.0, 0.60), (0.2, 0.57), (0.42, 0.50), (0.6, 0.46), (0.8, 0.5), (1.0, 0.44)]
    curve = smooth(course, closed=False)
    for width, colour in ((0.034, palette.paper), (0.026, mix(palette.ink, palette.ground, 0.62))):
        upper = [_tilt(u, v - width) for u, v in curve]
        lower = [_tilt(u, v + width) for u, v in curve]
        canvas.polygon([*upper, *reversed(lower)], colour)
    for index in range(2, len(curve) - 3, 5):
        canvas.line([_tilt(*curve[index]), _tilt(*curve[index + 2])], 5, palette.paper)


def _folds(canvas: Canvas, palette: Palette) -> None:
    for index, u in enumerate((0.25, 0.5, 0.75)):
        strip = [_tilt(u, 0), _tilt(u + 0.25, 0), _tilt(u + 0.25, 1), _tilt(u, 1)]
        if index % 2 == 0:
            canvas.polygon(strip, palette.ink, 0.07)
        canvas.line([_tilt(u, 0), _tilt(u, 1)], 3, palette.paper, 0.6)
    canvas.polygon([_tilt(0, 0), _tilt(1, 0), _tilt(1, 0.5), _tilt(0, 0.5)], palette.paper, 0.08)


def _compass(canvas: Canvas, palette: Palette) -> None:
    x, y = _tilt(0.915, 0.885)
    canvas.ellipse(x, y, 62, 50, palette.paper)
    canvas.ellipse(x, y, 54, 43, palette.pale)
    canvas.polygon([(x - 14, y), (x, y - 38), (x + 14, y)], palette.clay)
    canvas.polygon([(x - 14, y), (x, y + 38), (x + 14, y)], palette.deep)


def _pin(canvas: Canvas, palette: Palette, place: Point, colour: RGB) -> None:
    x, y = place
    canvas.shadow([(x, y), (x + 120, y - 66), (x + 160, y - 30)], 12, palette.ink, 0.5)
    canvas.ellipse(x, y, 30, 14, palette.ink, 0.25)
    cx, cy, r = x, y - 168, 76.0
    body = smooth(
        [
            (cx - r, cy),
            (cx - r * 0.7, cy - r * 0.7),
            (cx, cy - r),
            (cx + r * 0.7, cy - r * 0.7),
            (cx + r, cy),
            (cx + r * 0.62, cy + r * 0.95),
            (x, y),
            (cx - r * 0.62, cy + r * 0.95),
        ]
    )
    canvas.shade(body, lighten(colour, 0.18), darken(colour, 0.14))
    canvas.circle(cx, cy - 2, 36, darken(colour, 0.25))
    canvas.circle(cx, cy - 4, 33, palette.paper)
    canvas.polygon(oval(cx - 36, cy - 38, 20, 10), (255, 255, 255), 0.4)


def _ruler(canvas: Canvas, palette: Palette) -> None:
    edge = [(60.0, 986.0), (690.0, 1040.0), (684.0, 1110.0), (54.0, 1056.0)]
    canvas.shadow(edge, 12, (8, 18, 22), 0.5, (4, 10))
    canvas.polygon(edge, palette.accent)
    canvas.polygon([edge[0], edge[1], (688.0, 1056.0), (58.0, 1002.0)], lighten(palette.accent, 0.3))
    for index in range(30):
        share = (index + 0.5) / 30
        x, y = 60 + 630 * share, 986 + 54 * share
        canvas.line([(x, y), (x - 2, y + (26 if index % 5 == 0 else 15))], 3, darken(palette.accent, 0.5))
