"""Cards with charts, floating over a quiet background. There are bars for words, never words."""

import math
from random import Random

from humasflow.setup.sample.art.canvas import HEIGHT, WIDTH, Canvas, Point, rectangle, rounded, smooth
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix


def draw_infographic(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """A large bar chart in front, a ring, a trend and three steps around it."""
    _background(canvas, palette, rng)
    _card(canvas, palette, 96, 104, 470, 380)
    _ring_chart(canvas, palette, rng, 330, 300)
    _card(canvas, palette, 1030, 84, 480, 330)
    _trend(canvas, palette, rng, 1030, 84)
    _card(canvas, palette, 140, 600, 400, 340)
    _steps(canvas, palette, 140, 600)
    _card(canvas, palette, 1080, 520, 440, 430)
    _people(canvas, palette, rng, 1080, 520)
    _card(canvas, palette, 470, 216, 640, 640, lift=1.7)
    _bars(canvas, palette, rng, 470, 216)
    _bubble(canvas, palette, 430, 548)


def _background(canvas: Canvas, palette: Palette, rng: Random) -> None:
    canvas.shade(
        rectangle(0, 0, WIDTH, HEIGHT), mix(palette.deep, palette.mid, 0.35), darken(palette.deep, 0.15)
    )
    canvas.glow(rng.uniform(300, 1300), 180, 900, palette.soft, 0.55)
    for x, y, r in ((160, 980, 330), (1500, 40, 300), (1440, 1000, 240)):
        canvas.circle(x, y, r, palette.paper, 0.05)
        canvas.circle(x, y, r * 0.68, palette.paper, 0.05)
    wave = smooth(
        [(x, 820 + 90 * math.sin(x / 260 + rng.random())) for x in range(-200, 1900, 200)], closed=False
    )
    canvas.polygon([*wave, (1800, HEIGHT), (-200, HEIGHT)], palette.ink, 0.12)
    for row in range(5):
        for column in range(9):
            canvas.circle(690 + column * 34, 74 + row * 30, 4, palette.paper, 0.2)


def _card(
    canvas: Canvas, palette: Palette, x: float, y: float, w: float, h: float, lift: float = 1.0
) -> None:
    shape = rounded(x, y, w, h, 30)
    canvas.shadow(shape, 24 * lift, (6, 22, 28), 0.42, (0, 18 * lift))
    canvas.shade(shape, palette.paper, mix(palette.paper, palette.haze, 0.7))


def _bars(canvas: Canvas, palette: Palette, rng: Random, x: float, y: float) -> None:
    canvas.rect(x + 52, y + 54, 270, 24, palette.deep, radius=12)
    canvas.rect(x + 52, y + 94, 180, 15, palette.soft, radius=7)
    canvas.circle(x + 566, y + 80, 32, lighten(palette.accent, 0.55))
    canvas.line([(x + 550, y + 80), (x + 562, y + 92), (x + 582, y + 68)], 9, palette.clay)
    floor, height = y + 560, 370.0
    for step in range(5):
        canvas.rect(x + 52, floor - height * step / 4, 536, 3, palette.pale)
    values = [value + rng.uniform(-0.05, 0.04) for value in (0.34, 0.46, 0.42, 0.62, 0.74, 0.96)]
    for index, value in enumerate(values):
        left = x + 66 + index * 89
        last = index == len(values) - 1
        top = palette.accent if last else palette.mid
        low = palette.clay if last else palette.deep
        bar = rounded(left, floor - height * value, 58, height * value, 14)
        canvas.shade(bar, top, low)
        canvas.polygon(
            rectangle(left + 8, floor - height * value + 18, 9, max(10.0, height * value - 40)),
            (255, 255, 255),
            0.22,
        )
        canvas.rect(left + 6, floor + 18, 46, 12, palette.soft, radius=6)
    canvas.rect(x + 52, floor - 2, 536, 6, palette.deep, radius=3)
    path = [(x + 95 + index * 89, floor - height * (value + 0.1) - 12) for index, value in enumerate(values)]
    path[-1] = (path[-1][0], path[-1][1] + 20)
    _marked_line(canvas, palette, path, palette.leaf_dark)


def _marked_line(canvas: Canvas, palette: Palette, path: list[Point], colour: RGB) -> None:
    canvas.line(smooth(path, closed=False), 7, colour)
    for x, y in path:
        canvas.circle(x, y, 13, colour)
        canvas.circle(x, y, 7, palette.paper)


def _ring_chart(canvas: Canvas, palette: Palette, rng: Random, cx: float, cy: float) -> None:
    shares = [rng.uniform(0.36, 0.46), rng.uniform(0.2, 0.28), rng.uniform(0.12, 0.18)]
    shares.append(1 - sum(shares))
    start = -90.0
    for share, colour in zip(shares, (palette.deep, palette.accent, palette.soft, palette.clay), strict=True):
        canvas.pie(cx - 60, cy - 6, 134, start, start + share * 360, colour)
        start += share * 360
    canvas.circle(cx - 60, cy - 6, 78, palette.paper)
    canvas.circle(cx - 60, cy - 6, 40, lighten(palette.accent, 0.5))
    for index, colour in enumerate((palette.deep, palette.accent, palette.clay)):
        canvas.circle(cx - 186 + index * 130, cy + 158, 10, colour)
        canvas.rect(cx - 168 + index * 130, cy + 151, 66, 14, palette.pale, radius=7)


def _trend(canvas: Canvas, palette: Palette, rng: Random, x: float, y: float) -> None:
    canvas.rect(x + 150, y + 40, 200, 20, palette.deep, radius=10)
    canvas.rect(x + 150, y + 74, 130, 13, palette.soft, radius=6)
    heights = (0.2, 0.34, 0.28, 0.5, 0.46, 0.8)
    path = [
        (x + 96 + index * 70, y + 280 - 170 * (value + rng.uniform(-0.04, 0.04)))
        for index, value in enumerate(heights)
    ]
    curve = smooth(path, closed=False)
    canvas.polygon([*curve, (path[-1][0], y + 290), (path[0][0], y + 290)], palette.soft, 0.45)
    canvas.line([(x + 84, y + 290), (x + 450, y + 290)], 4, palette.pale)
    _marked_line(canvas, palette, path, palette.mid)


def _steps(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    for index, colour in enumerate((palette.deep, palette.mid, palette.accent)):
        cy = y + 74 + index * 96
        if index:
            canvas.line([(x + 78, cy - 66), (x + 78, cy - 30)], 5, palette.pale)
        canvas.circle(x + 78, cy, 32, colour)
        canvas.line([(x + 64, cy + 1), (x + 74, cy + 12), (x + 94, cy - 11)], 8, palette.paper)
        canvas.rect(x + 136, cy - 20, 150 - 22 * index, 16, palette.deep, radius=8)
        canvas.rect(x + 136, cy + 8, 170, 12, palette.pale, radius=6)


def _people(canvas: Canvas, palette: Palette, rng: Random, x: float, y: float) -> None:
    canvas.rect(x + 80, y + 46, 230, 20, palette.deep, radius=10)
    filled = rng.randint(8, 10)
    for index in range(12):
        cx, cy = x + 106 + (index % 4) * 84, y + 128 + (index // 4) * 100
        colour = (palette.clay if index % 5 == 2 else palette.mid) if index < filled else palette.pale
        canvas.circle(cx, cy, 19, colour)
        canvas.pie(cx, cy + 62, 33, 180, 360, colour)


def _bubble(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    """A speech bubble with stars: the voice of the people who were served."""
    shape = rounded(x - 180, y - 20, 270, 104, 34)
    canvas.shadow(shape, 18, (6, 22, 28), 0.4, (0, 14))
    canvas.polygon([(x + 20, y + 70), (x + 78, y + 124), (x + 68, y + 60)], palette.clay)
    canvas.polygon(shape, palette.clay)
    for index in range(5):
        cx, cy = x - 138 + index * 46, y + 32
        star: list[Point] = []
        for corner in range(10):
            r = 20 if corner % 2 == 0 else 8.5
            turn = math.pi * corner / 5 - math.pi / 2
            star.append((cx + r * math.cos(turn), cy + r * math.sin(turn)))
        canvas.polygon(star, lighten(palette.accent, 0.35) if index < 4 else lighten(palette.clay, 0.3))
