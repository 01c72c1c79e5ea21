"""What several scenes share: sky, hills, trees, people seen from a distance."""

from random import Random

from humasflow.setup.sample.art.canvas import HEIGHT, WIDTH, Canvas, Point, moved, oval, smooth
from humasflow.setup.sample.art.palette import (
    FLAG_RED,
    HAIR_TONES,
    RGB,
    SKIN_TONES,
    WHITE,
    Palette,
    darken,
    lighten,
    mix,
)


def draw_sky(canvas: Canvas, palette: Palette, rng: Random, *, sun_x: float, sun_y: float) -> None:
    """A sun with its light and a few flat clouds."""
    canvas.glow(sun_x, sun_y, 620, lighten(palette.accent, 0.55), 0.85)
    canvas.circle(sun_x, sun_y, 96, lighten(palette.accent, 0.35))
    canvas.circle(sun_x, sun_y, 78, lighten(palette.accent, 0.5))
    for index in range(4):
        draw_cloud(
            canvas, 40 + index * 400 + rng.uniform(0, 160), rng.uniform(60, 290), rng.uniform(0.7, 1.25)
        )


def draw_cloud(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Three overlapping bars with round ends."""
    for dx, dy, w in ((0, 0, 210), (46, -26, 130), (70, 24, 190)):
        canvas.rect(x + dx * size, y + dy * size, w * size, 34 * size, WHITE, 0.55, radius=17 * size)


def draw_hills(canvas: Canvas, palette: Palette, rng: Random, base: float, layers: int = 3) -> None:
    """Ranges of hills, the nearer the darker; ``base`` is the foot of the last one."""
    for layer in range(layers):
        share = (layer + 1) / (layers + 1)
        colour = mix(mix(palette.sky, palette.haze, 0.5), palette.mid, 0.16 + 0.34 * share)
        top = base - 210 + 62 * layer
        ridge = [(x, top + rng.uniform(-46, 46)) for x in range(-100, int(WIDTH) + 201, 210)]
        crest = smooth(ridge, closed=False)
        canvas.shade([*crest, (WIDTH + 100, base), (-100, base)], colour, lighten(colour, 0.28))


def draw_tree(canvas: Canvas, palette: Palette, x: float, foot: float, size: float) -> None:
    """A round tree in three tones with its shadow on the ground."""
    canvas.shadow(oval(x + 26 * size, foot, 92 * size, 14 * size), 10, palette.ink, 0.22)
    trunk = darken(mix(palette.clay, palette.ink, 0.35), 0.1)
    canvas.polygon(
        [
            (x - 9 * size, foot),
            (x - 5 * size, foot - 150 * size),
            (x + 5 * size, foot - 150 * size),
            (x + 10 * size, foot),
        ],
        trunk,
    )
    canvas.line([(x, foot - 92 * size), (x + 34 * size, foot - 140 * size)], 7 * size, trunk)
    crown = ((0, -205, 84), (-52, -160, 62), (54, -158, 60))
    for dx, dy, r in crown:
        canvas.circle(x + dx * size, foot + dy * size, r * size, palette.leaf_dark)
    for dx, dy, r in crown:
        canvas.circle(x + (dx - 14) * size, foot + (dy - 12) * size, r * 0.8 * size, palette.leaf)
    canvas.circle(x - 26 * size, foot - 236 * size, 30 * size, lighten(palette.leaf, 0.25))


def draw_bush(canvas: Canvas, palette: Palette, x: float, foot: float, size: float) -> None:
    """A low hedge of three half circles."""
    for dx, r in ((-46, 34), (44, 30), (0, 46)):
        canvas.pie(x + dx * size, foot, r * size, 180, 360, palette.leaf_dark)
        canvas.pie(x + (dx - 6) * size, foot, r * 0.76 * size, 180, 360, palette.leaf)


def draw_flag(canvas: Canvas, palette: Palette, x: float, foot: float, height: float) -> None:
    """The red and white flag on a pole, in a light wind."""
    top = foot - height
    canvas.rect(x - 22, foot - 16, 44, 16, darken(palette.ground, 0.25), radius=4)
    canvas.line([(x, foot - 8), (x, top)], 7, lighten(palette.ink, 0.55))
    canvas.circle(x, top - 6, 9, palette.accent)
    wave = ((0, 0), (48, 10), (100, -6), (150, 8))
    for offset, colour in ((0, FLAG_RED), (48, WHITE)):
        upper = smooth([(x + 4 + dx, top + 8 + offset + dy) for dx, dy in wave], closed=False)
        canvas.polygon([*upper, *reversed(moved(upper, 0, 49))], colour)
    fold: list[Point] = [(x + 84, top + 6), (x + 112, top + 2), (x + 112, top + 100), (x + 84, top + 103)]
    canvas.polygon(fold, palette.ink, 0.08)


def draw_walker(
    canvas: Canvas, rng: Random, x: float, foot: float, size: float, shirt: RGB, trousers: RGB
) -> None:
    """A small person walking; no face at this distance."""
    skin, hair = rng.choice(SKIN_TONES), rng.choice(HAIR_TONES)
    canvas.shadow(oval(x + 12 * size, foot, 34 * size, 7 * size), 6, (20, 30, 34), 0.35)
    canvas.line(
        [(x - 3 * size, foot - 62 * size), (x - 15 * size, foot - 2 * size)],
        15 * size,
        darken(trousers, 0.15),
    )
    canvas.line([(x + 3 * size, foot - 62 * size), (x + 16 * size, foot - 2 * size)], 15 * size, trousers)
    canvas.rect(x - 20 * size, foot - 128 * size, 40 * size, 74 * size, shirt, radius=16 * size)
    canvas.line(
        [(x + 14 * size, foot - 116 * size), (x + 26 * size, foot - 72 * size)],
        11 * size,
        darken(shirt, 0.12),
    )
    canvas.circle(x, foot - 146 * size, 17 * size, skin)
    canvas.pie(x, foot - 149 * size, 18 * size, 170, 370, hair)


def draw_floor(canvas: Canvas, top: float, near: RGB, far: RGB) -> None:
    """Everything below a horizon, darker towards the viewer."""
    canvas.shade([(0, top), (WIDTH, top), (WIDTH, HEIGHT), (0, HEIGHT)], far, near)
