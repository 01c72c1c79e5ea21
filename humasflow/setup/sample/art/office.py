"""An office building with a tropical roof, a flag and trees."""

from random import Random

from humasflow.setup.sample.art.canvas import HEIGHT, WIDTH, Canvas, rectangle
from humasflow.setup.sample.art.palette import RGB, Palette, darken, lighten, mix
from humasflow.setup.sample.art.scenery import (
    draw_bush,
    draw_flag,
    draw_floor,
    draw_hills,
    draw_sky,
    draw_tree,
    draw_walker,
)

_GROUND = 830.0
_LEFT, _RIGHT, _TOP = 340.0, 1260.0, 430.0


def draw_office(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """The building in the middle, a path to its door, people on their way."""
    draw_sky(canvas, palette, rng, sun_x=rng.choice((230.0, 1390.0)), sun_y=rng.uniform(170, 250))
    draw_hills(canvas, palette, rng, _GROUND)
    for x in (70, 190, 1420, 1545):
        draw_tree(canvas, palette, x + rng.uniform(-20, 20), _GROUND + 4, rng.uniform(0.85, 1.1))
    draw_floor(canvas, _GROUND, mix(palette.leaf, palette.leaf_dark, 0.3), lighten(palette.leaf, 0.3))
    _forecourt(canvas, palette)
    _building(canvas, palette, rng)
    _portico(canvas, palette)
    draw_flag(canvas, palette, 262, _GROUND + 58, 520)
    for x in (400, 520, 1080, 1200):
        draw_bush(canvas, palette, x, _GROUND + 26, 1.05)
    draw_tree(canvas, palette, 1372, _GROUND + 96, 1.35)
    draw_tree(canvas, palette, 96, _GROUND + 130, 1.5)
    shirts = [palette.clay, palette.mid, palette.accent, palette.paper]
    rng.shuffle(shirts)
    for (x, foot, size), shirt in zip(
        ((700, 968, 1.0), (960, 1010, 1.2), (1050, 930, 0.85)), shirts, strict=False
    ):
        draw_walker(canvas, rng, x + rng.uniform(-30, 30), foot, size, shirt, darken(palette.deep, 0.35))


def _forecourt(canvas: Canvas, palette: Palette) -> None:
    stone = lighten(palette.ground, 0.35)
    canvas.shade(
        [(600, _GROUND), (1000, _GROUND), (1330, HEIGHT), (270, HEIGHT)],
        lighten(stone, 0.3),
        darken(stone, 0.06),
    )
    for share in (0.16, 0.36, 0.62):
        y = _GROUND + (HEIGHT - _GROUND) * share
        spread = 330 * share
        canvas.line([(600 - spread, y), (1000 + spread, y)], 3, darken(stone, 0.14))
    canvas.polygon(
        [(0, _GROUND + 44), (WIDTH, _GROUND + 44), (WIDTH, _GROUND + 60), (0, _GROUND + 60)],
        palette.ink,
        0.05,
    )


def _building(canvas: Canvas, palette: Palette, rng: Random) -> None:
    wall = palette.paper
    canvas.shadow(rectangle(_LEFT, _GROUND - 20, _RIGHT - _LEFT + 60, 46), 22, palette.ink, 0.3)
    canvas.shade(
        rectangle(_LEFT, _TOP, _RIGHT - _LEFT, _GROUND - _TOP), wall, mix(wall, palette.ground, 0.55)
    )
    canvas.polygon(rectangle(1090, _TOP, _RIGHT - 1090, _GROUND - _TOP), palette.deep, 0.07)
    for floor in range(3):
        y = _TOP + 46 + floor * 122
        canvas.rect(_LEFT, y - 24, _RIGHT - _LEFT, 7, palette.ground, 0.7)
        for column in range(10):
            x = _LEFT + 34 + column * 88
            if 3 <= column <= 6 and floor > 0:
                continue
            _window(canvas, palette, x, y, lit=rng.random() < 0.22)
    canvas.rect(_LEFT - 10, _GROUND - 26, _RIGHT - _LEFT + 20, 26, mix(palette.deep, palette.ink, 0.25))
    _roof(canvas, palette.clay, _LEFT - 56, _RIGHT + 56, _TOP + 8, 128)
    canvas.polygon(rectangle(_LEFT, _TOP + 8, _RIGHT - _LEFT, 20), palette.ink, 0.14)


def _window(canvas: Canvas, palette: Palette, x: float, y: float, *, lit: bool) -> None:
    w, h = 58.0, 78.0
    canvas.rect(x - 5, y - 5, w + 10, h + 10, lighten(palette.ground, 0.15), radius=4)
    top = lighten(palette.accent, 0.45) if lit else palette.mid
    canvas.shade(rectangle(x, y, w, h), top, palette.deep if not lit else palette.accent)
    canvas.polygon([(x + 8, y + h), (x + 36, y), (x + 50, y), (x + 22, y + h)], palette.pale, 0.22)
    canvas.rect(x + w / 2 - 2, y, 4, h, palette.paper)
    canvas.rect(x - 8, y + h + 4, w + 16, 7, palette.paper)


def _roof(canvas: Canvas, colour: RGB, left: float, right: float, eaves: float, height: float) -> None:
    """A hip roof with rows of tiles and a lighter lit side."""
    inset = height * 1.05
    top = eaves - height
    canvas.shade(
        [(left, eaves), (left + inset, top), (right - inset, top), (right, eaves)],
        lighten(colour, 0.1),
        darken(colour, 0.12),
    )
    canvas.polygon(
        [(right, eaves), (right - inset, top), (right - inset * 1.7, eaves)], darken(colour, 0.4), 0.25
    )
    for row in range(1, 5):
        share = row / 5
        y = top + height * share
        reach = inset * (1 - share)
        canvas.line([(left + reach, y), (right - reach, y)], 2.5, darken(colour, 0.2), 0.4)
    canvas.rect(
        left + inset - 12, top - 10, right - left - 2 * inset + 24, 14, darken(colour, 0.25), radius=6
    )
    canvas.rect(left - 8, eaves - 4, right - left + 16, 14, darken(colour, 0.32), radius=5)


def _portico(canvas: Canvas, palette: Palette) -> None:
    left, right, top = 628.0, 972.0, 540.0
    canvas.shadow(rectangle(left, top, right - left, _GROUND - top), 16, palette.ink, 0.28, (14, 8))
    canvas.shade(rectangle(left, top, right - left, _GROUND - top), palette.pale, palette.paper)
    canvas.shade(rectangle(left + 92, top + 82, 160, _GROUND - top - 82), palette.mid, palette.deep)
    canvas.polygon(
        [(left + 110, _GROUND), (left + 170, top + 82), (left + 206, top + 82), (left + 146, _GROUND)],
        palette.pale,
        0.2,
    )
    canvas.rect(left + 169, top + 82, 6, _GROUND - top - 82, palette.paper)
    canvas.circle(left + 158, _GROUND - 84, 6, palette.accent)
    canvas.circle(left + 186, _GROUND - 84, 6, palette.accent)
    for x in (left + 6, left + 56, right - 84, right - 34):
        canvas.rect(x, top + 40, 28, _GROUND - top - 40, palette.paper)
        canvas.rect(x + 19, top + 40, 9, _GROUND - top - 40, palette.soft, 0.6)
        canvas.rect(x - 6, top + 34, 40, 14, palette.paper, radius=3)
        canvas.rect(x - 6, _GROUND - 14, 40, 14, palette.ground, radius=3)
    canvas.rect(left - 14, top - 6, right - left + 28, 44, palette.deep, radius=4)
    canvas.circle((left + right) / 2, top + 16, 15, palette.accent)
    canvas.circle((left + right) / 2, top + 16, 9, palette.deep)
    _roof(canvas, palette.clay, left - 52, right + 52, top - 2, 92)
    for step in range(3):
        grow = 18 * step
        canvas.rect(
            left - 10 - grow,
            _GROUND - 4 + 13 * step,
            right - left + 20 + 2 * grow,
            14,
            lighten(palette.ground, 0.5 - 0.15 * step),
        )
