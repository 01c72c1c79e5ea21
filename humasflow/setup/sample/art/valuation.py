"""A house and an office tower being measured, with a magnifying glass over a drawing grid."""

import math
from random import Random

from humasflow.setup.sample.art.canvas import WIDTH, Canvas, Point, oval, rectangle, rounded, smooth
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix
from humasflow.setup.sample.art.scenery import draw_bush, draw_floor, draw_tree

_GROUND = 850.0


def draw_valuation(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """Left the house, right the tower, measures around them, the glass in front."""
    _drawing_paper(canvas, palette)
    _ghost_town(canvas, palette, rng)
    draw_floor(canvas, _GROUND, mix(palette.leaf_dark, palette.leaf, 0.3), lighten(palette.leaf, 0.25))
    draw_tree(canvas, palette, 90, _GROUND + 6, 1.1)
    draw_tree(canvas, palette, 850, _GROUND + 2, 0.95 + rng.uniform(-0.08, 0.08))
    _tower(canvas, palette, rng)
    _house(canvas, palette)
    draw_tree(canvas, palette, 1500, _GROUND + 40, 1.3)
    for x in (238, 690, 960, 1370):
        draw_bush(canvas, palette, x, _GROUND + 22, 1.0)
    _measure(canvas, palette, (210, 936), (760, 936))
    _measure(canvas, palette, (1440, 212), (1440, _GROUND))
    _measure(canvas, palette, (938, 168), (1392, 168))
    _glass(canvas, palette, rng)
    _tag(canvas, palette)


def _drawing_paper(canvas: Canvas, palette: Palette) -> None:
    canvas.backdrop(mix(palette.sky, palette.pale, 0.4), palette.haze)
    for index in range(41):
        strong = index % 5 == 0
        canvas.rect(index * 40, 0, 3 if strong else 1.5, _GROUND, palette.mid, 0.16 if strong else 0.09)
        canvas.rect(0, index * 40, WIDTH, 3 if strong else 1.5, palette.mid, 0.16 if strong else 0.09)
    canvas.glow(460, 210, 620, palette.paper, 0.9)


def _ghost_town(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """Neighbouring buildings as pale comparisons."""
    x = -20.0
    while x < WIDTH:
        width, height = rng.uniform(110, 190), rng.uniform(120, 330)
        canvas.rect(x, _GROUND - height, width, height, palette.soft, 0.4)
        canvas.polygon(rectangle(x + width * 0.66, _GROUND - height, width * 0.34, height), palette.mid, 0.14)
        for row in range(int(height // 52)):
            for column in range(3):
                canvas.rect(
                    x + 18 + column * width * 0.28,
                    _GROUND - height + 20 + row * 52,
                    width * 0.16,
                    22,
                    palette.paper,
                    0.5,
                )
        x += width + rng.uniform(8, 40)


def _tower(canvas: Canvas, palette: Palette, rng: Random) -> None:
    x, y, w = 960.0, 212.0, 410.0
    h = _GROUND - y
    canvas.shadow(rectangle(x + 20, _GROUND - 30, w + 70, 44), 20, palette.ink, 0.35)
    canvas.shade(rectangle(x, y, w, h), lighten(palette.mid, 0.1), palette.deep)
    canvas.shade(
        rectangle(x + 284, y, w - 284, h), mix(palette.mid, palette.deep, 0.6), darken(palette.deep, 0.28)
    )
    for row in range(9):
        for column in range(4):
            lit = rng.random() < 0.24
            tone = lighten(palette.accent, 0.35) if lit else lighten(palette.soft, 0.2)
            canvas.rect(x + 28 + column * 63, y + 40 + row * 62, 44, 38, tone, radius=3)
            canvas.polygon(
                [
                    (x + 28 + column * 63, y + 78 + row * 62),
                    (x + 54 + column * 63, y + 40 + row * 62),
                    (x + 72 + column * 63, y + 40 + row * 62),
                    (x + 46 + column * 63, y + 78 + row * 62),
                ],
                palette.paper,
                0.28,
            )
        for column in range(2):
            canvas.rect(x + 306 + column * 50, y + 40 + row * 62, 30, 38, palette.mid, radius=3)
    canvas.rect(x - 14, y - 12, w + 28, 24, palette.paper, radius=4)
    canvas.rect(x + 60, y - 50, 120, 40, palette.soft)
    canvas.line([(x + 338, y - 10), (x + 338, y - 110)], 6, palette.deep)
    canvas.circle(x + 338, y - 112, 9, palette.clay)
    canvas.rect(x + 96, _GROUND - 84, 108, 84, palette.ink)
    canvas.rect(x + 104, _GROUND - 76, 44, 76, palette.soft)
    canvas.rect(x + 152, _GROUND - 76, 44, 76, palette.soft)
    canvas.rect(x + 76, _GROUND - 100, 148, 18, palette.accent, radius=4)


def _house(canvas: Canvas, palette: Palette) -> None:
    x, w, top = 230.0, 510.0, 600.0
    canvas.shadow(rectangle(x, _GROUND - 24, w + 50, 40), 18, palette.ink, 0.35)
    canvas.shade(rectangle(x, top, w, _GROUND - top), palette.paper, mix(palette.paper, palette.ground, 0.6))
    canvas.polygon(rectangle(x + 350, top, w - 350, _GROUND - top), palette.ink, 0.05)
    canvas.rect(x - 10, _GROUND - 22, w + 20, 22, mix(palette.ground, palette.clay, 0.35))
    roof = [(x - 62, top + 12), (x + 88, top - 176), (x + w - 88, top - 176), (x + w + 62, top + 12)]
    canvas.shade(roof, lighten(palette.clay, 0.12), darken(palette.clay, 0.14))
    for row in range(1, 6):
        share = row / 6
        canvas.line(
            [
                (x + 88 - 150 * share, top - 176 + 188 * share),
                (x + w - 88 + 150 * share, top - 176 + 188 * share),
            ],
            3,
            darken(palette.clay, 0.25),
            0.45,
        )
    canvas.rect(x + 76, top - 188, w - 152, 18, darken(palette.clay, 0.28), radius=6)
    canvas.rect(x - 66, top + 4, w + 132, 16, darken(palette.clay, 0.34), radius=6)
    canvas.polygon(rectangle(x, top + 20, w, 18), palette.ink, 0.12)
    gable = [(x + 150, top + 8), (x + 255, top - 104), (x + 360, top + 8)]
    canvas.polygon(gable, lighten(palette.paper, 0.2))
    canvas.line(
        [(x + 138, top + 14), (x + 255, top - 112), (x + 372, top + 14)], 20, darken(palette.clay, 0.2)
    )
    canvas.circle(x + 255, top - 38, 26, palette.mid)
    canvas.ring(x + 255, top - 38, 31, 7, palette.paper)
    canvas.shade(
        rectangle(x + 210, top + 84, 92, _GROUND - top - 84), palette.deep, darken(palette.deep, 0.3)
    )
    canvas.rect(x + 200, top + 74, 112, 12, palette.ground)
    canvas.circle(x + 286, top + 176, 7, palette.accent)
    for left in (x + 50, x + 366):
        canvas.rect(left - 8, top + 74, 112, 96, palette.ground, radius=4)
        canvas.shade(rectangle(left, top + 82, 96, 80), lighten(palette.mid, 0.2), palette.deep)
        canvas.polygon(
            [(left + 12, top + 162), (left + 50, top + 82), (left + 74, top + 82), (left + 36, top + 162)],
            palette.paper,
            0.25,
        )
        canvas.rect(left + 45, top + 82, 6, 80, palette.paper)
        canvas.rect(left - 12, top + 166, 120, 12, palette.paper)


def _measure(canvas: Canvas, palette: Palette, start: Point, end: Point) -> None:
    """A dimension line with arrow heads and end ticks."""
    turn = math.atan2(end[1] - start[1], end[0] - start[0])
    ux, uy = math.cos(turn), math.sin(turn)
    colour = palette.clay
    canvas.line([start, end], 5, colour)
    for (x, y), direction in ((start, 1), (end, -1)):
        canvas.line([(x - uy * 22, y + ux * 22), (x + uy * 22, y - ux * 22)], 5, colour)
        bx, by = x + ux * 26 * direction, y + uy * 26 * direction
        canvas.polygon([(x, y), (bx - uy * 11, by + ux * 11), (bx + uy * 11, by - ux * 11)], colour)
    mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    w, h = (92, 36) if abs(ux) > abs(uy) else (36, 92)
    canvas.rect(mx - w / 2, my - h / 2, w, h, palette.paper, radius=16)
    if w > h:
        canvas.rect(mx - 28, my - 6, 56, 12, colour, radius=6)
    else:
        canvas.rect(mx - 6, my - 28, 12, 56, colour, radius=6)


def _glass(canvas: Canvas, palette: Palette, rng: Random) -> None:
    x, y, r = 760 + rng.uniform(-20, 20), 560.0, 150.0
    reach = r * 0.74
    grip: list[Point] = [(x + reach, y + reach), (x + reach + 150, y + reach + 150)]
    canvas.shadow(oval(x + 14, y + 26, r + 16, r + 16), 18, palette.ink, 0.35)
    canvas.line(grip, 30, darken(palette.accent, 0.2))
    canvas.line([(x + reach + 46, y + reach + 46), (x + reach + 168, y + reach + 168)], 50, palette.ink)
    canvas.line(
        [(x + reach + 50, y + reach + 42), (x + reach + 160, y + reach + 152)], 10, lighten(palette.ink, 0.4)
    )
    canvas.circle(x, y, r, lighten(palette.pale, 0.35))
    _enlarged(canvas, palette, x, y)
    canvas.ring(x, y, r + 18, 26, palette.accent)
    canvas.ring(x, y, r - 4, 6, darken(palette.accent, 0.25))
    canvas.polygon(oval(x - 62, y - 82, 44, 17), (255, 255, 255), 0.6)


def _enlarged(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    """What the glass shows: brickwork and a gauge."""
    for row in range(4):
        width = (150, 220, 230, 170)[row]
        for column in range(4):
            left = x - width / 2 + column * width / 4
            canvas.rect(
                left + 3, y + 4 + row * 30, width / 4 - 6, 24, _brick(palette, row + column), radius=4
            )
    heights = (30, 54, 44, 78)
    for index, height in enumerate(heights):
        canvas.rect(
            x - 84 + index * 44,
            y - 14 - height,
            30,
            height,
            palette.mid if index < 3 else palette.accent,
            radius=5,
        )


def _brick(palette: Palette, index: int) -> RGB:
    return (palette.clay, lighten(palette.clay, 0.18), darken(palette.clay, 0.1))[index % 3]


def _tag(canvas: Canvas, palette: Palette) -> None:
    """A price tag hanging from the roof of the house."""
    x, y = 470.0, 262.0
    string = smooth(
        [(x + 144, y + 30), (x + 216, y + 70), (x + 196, y + 132), (x + 120, y + 160)], closed=False
    )
    shape = rounded(x - 130, y - 60, 270, 180, 26)
    canvas.shadow(shape, 18, palette.ink, 0.3, (6, 14))
    canvas.polygon([(x + 128, y - 40), (x + 196, y + 30), (x + 128, y + 100)], palette.deep)
    canvas.polygon(shape, palette.deep)
    canvas.circle(x + 144, y + 30, 15, palette.paper)
    canvas.line(string, 5, palette.clay)
    canvas.circle(x - 62, y + 30, 46, palette.accent)
    canvas.circle(x - 62, y + 30, 34, lighten(palette.accent, 0.3))
    for index, width in enumerate((96, 70)):
        canvas.rect(x + 2, y + 4 + index * 34, width, 16, palette.soft if index else palette.paper, radius=8)
