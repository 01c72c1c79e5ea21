"""A desk from above: papers, a seal, a rubber stamp, a pen and a cup."""

import math
from random import Random

from humasflow.setup.sample.art.canvas import WIDTH, Canvas, Point, oval, rectangle, rounded, turned
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix

_SHEET_W, _SHEET_H = 560.0, 740.0


def draw_documents(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """The sheet that is being signed lies on top; light falls from the upper left."""
    _desk(canvas, palette)
    _folder(canvas, palette)
    for x, y, lean in ((420, 560, -13), (520, 520, 7)):
        _sheet(canvas, palette, rng, (x + rng.uniform(-14, 14), y), lean + rng.uniform(-2, 2), busy=False)
    angle = rng.uniform(-5, -1)
    centre = (720.0, 556.0)
    _sheet(canvas, palette, rng, centre, angle, busy=True)
    _seal(canvas, palette, turned([(centre[0] + 150, centre[1] + 236)], angle, centre)[0])
    _pen(canvas, palette)
    _stamp(canvas, palette)
    _cup(canvas, palette)
    _leaf(canvas, palette)


def _desk(canvas: Canvas, palette: Palette) -> None:
    tone = mix(palette.ground, palette.clay, 0.18)
    canvas.backdrop(lighten(tone, 0.3), tone)
    for index, y in enumerate((150, 372, 610, 840)):
        canvas.polygon([(0, y), (WIDTH, y - 46), (WIDTH, y - 42), (0, y + 4)], darken(tone, 0.2), 0.3)
        canvas.polygon(
            [(0, y + 60), (WIDTH, y + 14), (WIDTH, y + 100 + 10 * index), (0, y + 140)], palette.paper, 0.12
        )
    canvas.glow(200, 60, 700, palette.paper, 0.65)


def _folder(canvas: Canvas, palette: Palette) -> None:
    centre = (470.0, 560.0)
    back = turned(rounded(110, 120, 720, 880, 22), -8, centre)
    canvas.shadow(back, 28, palette.ink, 0.4, (14, 22))
    canvas.shade(back, palette.mid, palette.deep)
    canvas.polygon(turned(rounded(150, 86, 260, 80, 20), -8, centre), palette.mid)


def _sheet(canvas: Canvas, palette: Palette, rng: Random, centre: Point, angle: float, *, busy: bool) -> None:
    left, top = centre[0] - _SHEET_W / 2, centre[1] - _SHEET_H / 2

    def put(x: float, y: float, w: float, h: float, colour: RGB, r: float = 0) -> None:
        shape = rounded(left + x, top + y, w, h, r) if r else rectangle(left + x, top + y, w, h)
        canvas.polygon(turned(shape, angle, centre), colour)

    corners = turned(rectangle(left, top, _SHEET_W, _SHEET_H), angle, centre)
    canvas.shadow(corners, 18, palette.ink, 0.38, (8, 14))
    if not busy:
        canvas.polygon(corners, mix(palette.paper, palette.ground, 0.1))
        for index in range(12):
            put(56, 70 + index * 48, 448, 11, palette.pale, 5)
        return
    canvas.shade(corners, palette.paper, mix(palette.paper, palette.ground, 0.22))
    badge = turned([(left + 86, top + 84)], angle, centre)[0]
    canvas.circle(*badge, 38, palette.deep)
    canvas.polygon(_star(badge, 24, 10), palette.accent)
    put(146, 58, 300, 20, palette.deep, 10)
    put(146, 94, 210, 13, palette.soft, 6)
    put(48, 146, 464, 5, palette.deep)
    put(48, 156, 464, 2, palette.deep)
    for index in range(8):
        width = 464 if index % 4 != 3 else rng.uniform(220, 380)
        put(48, 194 + index * 31, width, 12, palette.pale if index % 4 else palette.soft, 6)
    for row in range(3):
        for column, width in enumerate((190, 120, 138)):
            x = (48, 246, 374)[column]
            put(
                x,
                454 + row * 40,
                width,
                34,
                lighten(palette.soft, 0.35) if row == 0 else lighten(palette.pale, 0.4),
                5,
            )
    put(48, 640, 170, 3, palette.ink)
    wave = [
        (left + 60 + step * 9, top + 622 - 20 * math.sin(step * 0.9) * (1 - step / 26)) for step in range(18)
    ]
    canvas.line(turned(wave, angle, centre), 5, palette.deep)


def _star(centre: Point, outer: float, inner: float, points: int = 5) -> list[Point]:
    corners: list[Point] = []
    for index in range(points * 2):
        r = inner if index % 2 else outer
        turn = math.pi * index / points - math.pi / 2
        corners.append((centre[0] + r * math.cos(turn), centre[1] + r * math.sin(turn)))
    return corners


def _seal(canvas: Canvas, palette: Palette, place: Point) -> None:
    x, y = place
    red = mix(palette.clay, (176, 40, 40), 0.35)
    canvas.ring(x, y, 96, 9, red, 0.85)
    canvas.ring(x, y, 80, 4, red, 0.85)
    for index in range(28):
        turn = 2 * math.pi * index / 28
        canvas.circle(x + 69 * math.cos(turn), y + 69 * math.sin(turn), 3.6, red, 0.8)
    canvas.ring(x, y, 58, 4, red, 0.85)
    canvas.polygon(_star((x, y), 43, 18), red, 0.85)


def _pen(canvas: Canvas, palette: Palette) -> None:
    centre = (640.0, 800.0)
    angle = -38.0

    def part(points: list[Point], top: RGB, bottom: RGB) -> None:
        canvas.shade(turned(points, angle, centre), top, bottom)

    x, y = centre
    canvas.shadow(
        turned(rounded(x - 60, y - 14, 470, 34, 14), angle, centre), 10, palette.ink, 0.45, (12, 22)
    )
    part(rounded(x - 10, y - 19, 400, 38, 17), lighten(palette.deep, 0.16), darken(palette.deep, 0.35))
    part(rectangle(x + 130, y - 20, 16, 40), lighten(palette.accent, 0.3), palette.accent)
    part(rounded(x + 190, y - 27, 190, 11, 5), lighten(palette.accent, 0.3), palette.accent)
    part(
        [(x - 8, y - 17), (x - 62, y - 5), (x - 74, y), (x - 62, y + 5), (x - 8, y + 17)],
        palette.accent,
        darken(palette.accent, 0.25),
    )
    part([(x - 60, y - 5), (x - 90, y), (x - 60, y + 5)], palette.ink, palette.ink)


def _stamp(canvas: Canvas, palette: Palette) -> None:
    """Standing on its base, seen from above at an angle."""
    x, y = 1240.0, 640.0
    wood = mix(palette.clay, palette.accent, 0.2)
    canvas.shadow(oval(x + 46, y + 56, 168, 96), 24, palette.ink, 0.5)
    canvas.ellipse(x, y + 34, 150, 92, darken(palette.deep, 0.4))
    canvas.shade(
        [*oval(x, y + 10, 150, 92)[0:21], (x - 150, y + 10)], palette.deep, darken(palette.deep, 0.3)
    )
    canvas.ellipse(x, y + 8, 150, 92, palette.mid)
    canvas.ellipse(x - 6, y + 2, 132, 78, lighten(palette.mid, 0.12))
    canvas.shade(
        [(x - 46, y + 6), (x - 34, y - 160), (x + 34, y - 160), (x + 46, y + 6)], wood, darken(wood, 0.35)
    )
    canvas.ellipse(x, y + 6, 46, 26, darken(wood, 0.35))
    canvas.polygon(
        [(x - 40, y + 6), (x - 30, y - 160), (x - 12, y - 160), (x - 18, y + 18)], (255, 255, 255), 0.16
    )
    canvas.shadow(oval(x, y - 150, 70, 56), 12, palette.ink, 0.35, (6, 20))
    canvas.circle(x, y - 196, 84, darken(wood, 0.22))
    canvas.circle(x - 5, y - 203, 76, wood)
    canvas.glow(x - 26, y - 226, 92, lighten(wood, 0.55), 0.9)


def _cup(canvas: Canvas, palette: Palette) -> None:
    x, y = 1330.0, 210.0
    canvas.shadow(oval(x + 16, y + 22, 170, 168), 24, palette.ink, 0.35)
    canvas.circle(x, y, 166, palette.paper)
    canvas.ring(x, y, 166, 10, palette.soft)
    canvas.circle(x, y, 118, mix(palette.ground, palette.paper, 0.4))
    canvas.line([(x + 70, y + 70), (x + 132, y + 132)], 34, palette.accent)
    canvas.circle(x, y, 100, palette.accent)
    canvas.circle(x, y, 86, darken(palette.clay, 0.62))
    canvas.circle(x + 5, y + 6, 78, darken(palette.clay, 0.5))
    canvas.ring(x + 5, y + 6, 62, 4, lighten(palette.clay, 0.1), 0.45)


def _leaf(canvas: Canvas, palette: Palette) -> None:
    """A pot plant peeping in from the lower right corner."""
    x, y = 1530.0, 1010.0
    for index, angle in enumerate((-168, -142, -118, -92, -66)):
        turn = math.radians(angle)
        length = 300 - 16 * (index % 2)
        tip = (x + length * math.cos(turn), y + length * math.sin(turn))
        side = (math.cos(turn + math.pi / 2) * 52, math.sin(turn + math.pi / 2) * 52)
        half = ((x + tip[0]) / 2, (y + tip[1]) / 2)
        blade = [(x, y), (half[0] + side[0], half[1] + side[1]), tip, (half[0] - side[0], half[1] - side[1])]
        canvas.shadow(blade, 12, palette.ink, 0.25, (10, 16))
        canvas.polygon(blade[:3], mix(palette.leaf, palette.leaf_dark, 0.3))
        canvas.polygon([blade[0], blade[2], blade[3]], palette.leaf)
        canvas.line([(x, y), tip], 4, lighten(palette.leaf, 0.35))
    canvas.circle(x + 20, y + 20, 104, palette.clay)
    canvas.circle(x + 20, y + 20, 84, darken(palette.clay, 0.55))
