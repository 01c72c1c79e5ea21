"""A gavel in the foreground, bidders with raised paddles, and the lot on a screen."""

from random import Random

from humasflow.setup.sample.art.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    oval,
    rectangle,
    rounded,
    smooth,
    turned,
)
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix


def draw_auction(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """A hall seen from the auctioneer's desk."""
    _hall(canvas, palette, rng)
    rows = (
        (610.0, 0.62, lighten(palette.mid, 0.25), 11),
        (705.0, 0.82, mix(palette.mid, palette.deep, 0.35), 9),
        (820.0, 1.08, darken(palette.deep, 0.12), 7),
    )
    for y, size, colour, people in rows:
        _row(canvas, palette, rng, y, size, colour, people)
    _desk(canvas, palette)
    _gavel(canvas, palette)


def _hall(canvas: Canvas, palette: Palette, rng: Random) -> None:
    canvas.backdrop(mix(palette.pale, palette.soft, 0.3), palette.haze)
    for x in (70, 1290):
        arch = [(x, 560), (x, 220), *oval(x + 120, 220, 120, 130)[20:40], (x + 240, 220), (x + 240, 560)]
        canvas.polygon(arch, lighten(palette.haze, 0.4), 0.9)
        canvas.glow(x + 120, 330, 330, lighten(palette.accent, 0.6), 0.6)
        canvas.rect(x + 116, 96, 8, 464, palette.soft)
        canvas.rect(x, 300, 240, 8, palette.soft)
    _screen(canvas, palette, rng)
    for x in (420, 800, 1180):
        canvas.line([(x, 0), (x, 58)], 4, palette.deep)
        canvas.polygon([(x - 46, 92), (x - 22, 56), (x + 22, 56), (x + 46, 92)], palette.deep)
        canvas.pie(x, 92, 20, 0, 180, lighten(palette.accent, 0.4))
        canvas.glow(x, 110, 190, lighten(palette.accent, 0.5), 0.55)
    canvas.shade(rectangle(0, 560, WIDTH, HEIGHT - 560), mix(palette.soft, palette.mid, 0.35), palette.deep)


def _screen(canvas: Canvas, palette: Palette, rng: Random) -> None:
    x, y, w, h = 420.0, 150.0, 760.0, 360.0
    canvas.shadow(rounded(x, y, w, h, 18), 26, palette.ink, 0.35, (0, 14))
    canvas.rect(x, y, w, h, darken(palette.deep, 0.3), radius=18)
    canvas.shade(rounded(x + 14, y + 14, w - 28, h - 28, 10), lighten(palette.pale, 0.45), palette.paper)
    lot = rng.choice((_car, _house, _plot))
    canvas.rect(x + 44, y + 48, 340, h - 96, palette.pale, radius=12)
    lot(canvas, palette, x + 214, y + 250)
    for index, width in enumerate((260, 210, 236)):
        canvas.rect(x + 424, y + 62 + index * 34, width, 15, palette.soft, radius=7)
    for index in range(5):
        height = 34 + index * 22 + rng.uniform(-8, 8)
        colour = palette.accent if index == 4 else palette.mid
        canvas.rect(x + 428 + index * 54, y + 304 - height, 36, height, colour, radius=5)
    canvas.line([(x + 424, y + 308), (x + 700, y + 308)], 4, palette.soft)


def _car(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    canvas.shadow(oval(x, y + 22, 140, 12), 8, palette.ink, 0.3)
    canvas.polygon(
        smooth([(x - 84, y - 46), (x - 50, y - 96), (x + 44, y - 98), (x + 92, y - 46)]), palette.mid
    )
    canvas.polygon([(x - 62, y - 50), (x - 40, y - 86), (x - 6, y - 86), (x - 6, y - 50)], palette.paper)
    canvas.polygon([(x + 6, y - 50), (x + 6, y - 86), (x + 38, y - 86), (x + 68, y - 50)], palette.paper)
    canvas.rect(x - 136, y - 52, 272, 58, palette.mid, radius=24)
    canvas.rect(x - 136, y - 20, 272, 12, palette.deep)
    canvas.circle(x + 120, y - 32, 10, lighten(palette.accent, 0.3))
    for dx in (-78, 80):
        canvas.circle(x + dx, y + 4, 31, palette.ink)
        canvas.circle(x + dx, y + 4, 14, palette.soft)


def _house(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    canvas.shadow(oval(x, y + 22, 140, 12), 8, palette.ink, 0.3)
    canvas.rect(x - 92, y - 84, 184, 106, palette.paper)
    canvas.polygon([(x - 122, y - 80), (x - 64, y - 156), (x + 64, y - 156), (x + 122, y - 80)], palette.clay)
    canvas.rect(x - 18, y - 42, 38, 64, palette.deep, radius=3)
    for dx in (-72, 40):
        canvas.rect(x + dx, y - 50, 34, 36, palette.mid, radius=3)


def _plot(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    canvas.polygon([(x - 130, y - 20), (x - 20, y - 92), (x + 132, y - 44), (x + 18, y + 30)], palette.leaf)
    canvas.polygon(
        [(x - 62, y - 64), (x - 20, y - 92), (x + 132, y - 44), (x + 90, y - 17)], palette.leaf_dark
    )
    canvas.line([(x - 62, y - 64), (x + 90, y - 17)], 5, palette.paper)
    canvas.circle(x + 24, y - 142, 36, palette.clay)
    canvas.polygon([(x - 8, y - 126), (x + 56, y - 126), (x + 24, y - 62)], palette.clay)
    canvas.circle(x + 24, y - 142, 15, palette.paper)


def _row(
    canvas: Canvas, palette: Palette, rng: Random, y: float, size: float, colour: RGB, people: int
) -> None:
    """Heads and shoulders from behind, a little irregular; about a third raise a paddle."""
    gap = (WIDTH + 160) / people
    for index in range(people):
        x = -80 + gap * (index + 0.5) + rng.uniform(-16, 16)
        top = y + rng.uniform(-14, 14) * size
        tone = mix(colour, palette.ink, rng.uniform(0, 0.16))
        if rng.random() < 0.36 and 200 < x < 1100:
            _paddle(canvas, palette, x + 74 * size, top, size, tone, rng)
        canvas.polygon(
            smooth(
                [
                    (x - 118 * size, top + 260 * size),
                    (x - 104 * size, top + 96 * size),
                    (x - 40 * size, top + 52 * size),
                    (x + 40 * size, top + 52 * size),
                    (x + 104 * size, top + 96 * size),
                    (x + 118 * size, top + 260 * size),
                ]
            ),
            tone,
        )
        canvas.rect(x - 22 * size, top + 10 * size, 44 * size, 60 * size, darken(tone, 0.1), radius=14 * size)
        if rng.random() < 0.35:
            _headscarf(canvas, x, top, size, lighten(tone, 0.14))
        else:
            canvas.ellipse(x, top - 8 * size, 47 * size, 55 * size, darken(tone, 0.16))


def _headscarf(canvas: Canvas, x: float, top: float, size: float, tone: RGB) -> None:
    canvas.ellipse(x, top - 10 * size, 50 * size, 57 * size, tone)
    drape = [(-48, -14), (-54, 40), (-80, 84), (-40, 104), (0, 120), (40, 104), (80, 84), (54, 40), (48, -14)]
    canvas.polygon(smooth([(x + dx * size, top + dy * size) for dx, dy in drape]), tone)
    fold = [(4, -58), (34, -20), (40, 40), (66, 86), (34, 100), (22, 40)]
    canvas.polygon(smooth([(x + dx * size, top + dy * size) for dx, dy in fold]), darken(tone, 0.2), 0.35)


def _paddle(
    canvas: Canvas, palette: Palette, x: float, y: float, size: float, tone: RGB, rng: Random
) -> None:
    lean = rng.uniform(-10, 14)
    hand = (x + lean, y - 92 * size)
    canvas.line([(x - 6 * size, y + 110 * size), (x + 12 * size, y - 10 * size), hand], 32 * size, tone)
    canvas.line([hand, (hand[0] + lean * 0.4, hand[1] - 60 * size)], 9 * size, palette.ground)
    cx, cy = hand[0] + lean * 0.5, hand[1] - 96 * size
    colour = rng.choice((palette.accent, palette.paper, palette.clay))
    canvas.circle(cx, cy, 45 * size, darken(colour, 0.15))
    canvas.circle(cx - 2, cy - 2, 41 * size, colour)
    canvas.ring(cx - 2, cy - 2, 30 * size, 4 * size, lighten(colour, 0.45))


def _desk(canvas: Canvas, palette: Palette) -> None:
    wood = mix(palette.clay, palette.ink, 0.3)
    canvas.shade(rectangle(0, 918, WIDTH, HEIGHT - 918), lighten(wood, 0.14), darken(wood, 0.25))
    canvas.rect(0, 910, WIDTH, 16, lighten(wood, 0.3))
    for y, start, end in (
        (962, 60, 620),
        (1000, 300, 1040),
        (1034, 20, 480),
        (978, 1320, 1580),
        (1044, 900, 1500),
    ):
        canvas.line([(start, y), (end, y)], 3, darken(wood, 0.22), 0.5)


def _gavel(canvas: Canvas, palette: Palette) -> None:
    wood = mix(palette.clay, palette.accent, 0.25)
    base_x, base_y = 1180.0, 968.0
    canvas.shadow(oval(base_x + 10, base_y + 40, 240, 38), 18, (20, 16, 14), 0.55)
    dark, light = darken(wood, 0.42), lighten(wood, 0.16)
    canvas.ellipse(base_x, base_y + 22, 214, 46, darken(dark, 0.2))
    canvas.rect(base_x - 214, base_y - 8, 428, 30, darken(dark, 0.2))
    canvas.ellipse(base_x, base_y - 8, 214, 46, dark)
    canvas.ellipse(base_x, base_y - 14, 168, 34, mix(dark, wood, 0.6))
    centre: Point = (base_x - 20, base_y - 168)
    tilt = -16.0

    def part(points: list[Point], top: RGB, bottom: RGB) -> None:
        canvas.shade(turned(points, tilt, centre), top, bottom)

    cx, cy = centre
    handle = [
        (cx + 40, cy - 18),
        (cx + 470, cy - 26),
        (cx + 492, cy),
        (cx + 470, cy + 26),
        (cx + 40, cy + 18),
    ]
    canvas.shadow(turned(handle, tilt + 2, centre), 16, (20, 16, 14), 0.35, (0, 60))
    part(handle, light, darken(wood, 0.3))
    part(rounded(cx + 396, cy - 31, 84, 62, 24), lighten(wood, 0.1), dark)
    part(rounded(cx - 92, cy - 150, 184, 300, 26), light, darken(wood, 0.34))
    for dy in (-150, 104):
        part(rounded(cx - 104, cy + dy, 208, 48, 18), lighten(wood, 0.22), dark)
    for dy in (-84, 68):
        part(rectangle(cx - 94, cy + dy, 188, 14), lighten(palette.accent, 0.35), palette.accent)
    shine = turned(rounded(cx - 66, cy - 62, 22, 122, 10), tilt, centre)
    canvas.polygon(shine, (255, 255, 255), 0.22)
