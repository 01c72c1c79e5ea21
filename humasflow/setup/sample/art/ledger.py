"""An open ledger and rising stacks of coins with a seedling on the tallest."""

from random import Random

from humasflow.setup.sample.art.canvas import HEIGHT, WIDTH, Canvas, Point, oval, rectangle, rounded, smooth
from humasflow.setup.sample.art.palette import Palette, darken, lighten, mix

_TABLE = 700.0


def draw_ledger(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """Left the book, right the coins, behind them quiet shapes of a rising line."""
    _wall(canvas, palette, rng)
    wood = mix(palette.clay, palette.ground, 0.5)
    canvas.shade(rectangle(0, _TABLE, WIDTH, HEIGHT - _TABLE), lighten(wood, 0.3), darken(wood, 0.1))
    canvas.polygon(rectangle(0, _TABLE, WIDTH, 8), palette.paper, 0.5)
    _calculator(canvas, palette)
    _book(canvas, palette, rng)
    _coins(canvas, palette, rng)
    _loose_coins(canvas, palette)


def _wall(canvas: Canvas, palette: Palette, rng: Random) -> None:
    canvas.shade(
        rectangle(0, 0, WIDTH, _TABLE), mix(palette.pale, palette.soft, 0.35), lighten(palette.haze, 0.2)
    )
    canvas.circle(1130, 400, 400, palette.paper, 0.5)
    canvas.circle(1130, 400, 300, palette.paper, 0.45)
    heights = [520, 470, 486, 400, 420, 330, 346, 230]
    ridge = [(x, y + rng.uniform(-18, 18)) for x, y in zip(range(-60, 1800, 240), heights, strict=True)]
    curve = smooth(ridge, closed=False)
    canvas.polygon([*curve, (1660, _TABLE), (-60, _TABLE)], palette.soft, 0.4)
    lower = [(x, y + 96) for x, y in curve]
    canvas.polygon([*lower, (1660, _TABLE), (-60, _TABLE)], palette.mid, 0.28)
    canvas.line(curve, 6, palette.mid)
    for x, y in ridge[1:-1]:
        canvas.circle(x, y, 15, palette.paper)
        canvas.circle(x, y, 9, palette.deep)
    # A shelf with binders and a small clock.
    canvas.rect(90, 236, 440, 16, mix(palette.clay, palette.ground, 0.4), radius=4)
    canvas.polygon(rectangle(90, 252, 440, 12), palette.ink, 0.08)
    binders = [palette.deep, palette.clay, palette.mid, palette.accent, palette.leaf_dark]
    rng.shuffle(binders)
    for index, colour in enumerate(binders):
        left, height = 120 + 50 * index, 150 - 14 * (index % 3)
        canvas.rect(left, 236 - height, 46, height, colour, radius=5)
        canvas.rect(left + 32, 236 - height, 14, height, palette.ink, 0.12)
        canvas.rect(left + 10, 236 - height + 24, 24, 38, palette.paper, radius=4)
        canvas.circle(left + 22, 236 - 26, 7, palette.paper)
    canvas.circle(456, 178, 58, palette.deep)
    canvas.circle(456, 178, 47, palette.paper)
    canvas.line([(456, 178), (456, 146)], 6, palette.ink)
    canvas.line([(456, 178), (478, 190)], 6, palette.clay)


def _book(canvas: Canvas, palette: Palette, rng: Random) -> None:
    spine_top, spine_low = (470.0, 668.0), (480.0, 1002.0)
    cover = [(40, 700), (470, 690), (900, 700), (960, 1016), (480, 1044), (-10, 1016)]
    canvas.shadow([(x, y) for x, y in cover], 30, palette.ink, 0.5, (14, 20))
    canvas.polygon(cover, palette.deep)
    for lift in range(4):
        left = smooth([(58 - lift, 690 - 5 * lift), (260, 652 - 5 * lift), spine_top], closed=False)
        low = smooth([spine_low, (250, 962 - 5 * lift), (12 - lift, 1000 - 5 * lift)], closed=False)
        canvas.polygon([*left, *low], palette.ground if lift < 3 else palette.paper)
        right = smooth([spine_top, (690, 652 - 5 * lift), (882 + lift, 690 - 5 * lift)], closed=False)
        low = smooth([(938 + lift, 1000 - 5 * lift), (712, 962 - 5 * lift), spine_low], closed=False)
        canvas.polygon([*right, *low], palette.ground if lift < 3 else palette.paper)
    gutter = [spine_top, (520, 662), (548, 980), spine_low]
    canvas.polygon(gutter, palette.ink, 0.1)
    canvas.polygon([spine_top, (430, 662), (424, 980), spine_low], palette.ink, 0.06)
    for row in range(8):
        share = (row + 1.1) / 9.2
        _ledger_line(canvas, palette, rng, share, side=-1, strong=row == 0)
        _ledger_line(canvas, palette, rng, share, side=1, strong=row == 0)
    ribbon = [(486, 1000), (504, 1000), (520, 1060), (506, 1050), (494, 1064)]
    canvas.polygon(ribbon, palette.clay)


def _ledger_line(
    canvas: Canvas, palette: Palette, rng: Random, share: float, *, side: int, strong: bool
) -> None:
    """One entry: a text bar and an amount, following the curve of the page."""

    def at(u: float) -> Point:
        outer_x = 58 - 46 * share if side < 0 else 882 + 56 * share
        spine_x = 470 + 10 * share
        x = outer_x + (spine_x - outer_x) * u
        bulge = -36 * (1 - (2 * u - 1) ** 2) + (-17 * u)
        return x, 688 + 300 * share + bulge

    ends = (0.1, rng.uniform(0.4, 0.56)), (0.68, rng.uniform(0.8, 0.88))
    if side > 0:
        ends = (0.62, 0.86), (0.12, rng.uniform(0.26, 0.36))
    colours = (
        (palette.deep, palette.deep)
        if strong
        else (palette.soft, palette.accent if rng.random() < 0.3 else palette.mid)
    )
    for (start, end), colour in zip(ends, colours, strict=True):
        points = [at(start + (end - start) * step / 8) for step in range(9)]
        canvas.line(points, 12 if strong else 9, colour)


def _stack(canvas: Canvas, palette: Palette, x: float, foot: float, coins: int, rng: Random) -> float:
    """A stack of coins; returns the height of its top."""
    rx, ry, thick = 92.0, 30.0, 25.0
    gold, rim = palette.accent, mix(palette.accent, palette.clay, 0.6)
    canvas.shadow(oval(x + 34, foot + 8, rx * 1.15, ry * 1.2), 16, palette.ink, 0.5)
    y = foot
    for _ in range(coins):
        cx = x + rng.uniform(-5, 5)
        canvas.ellipse(cx, y, rx, ry, rim)
        canvas.rect(cx - rx, y - thick, 2 * rx, thick, rim)
        canvas.rect(cx - rx, y - thick, rx * 0.5, thick, lighten(gold, 0.15))
        canvas.rect(cx - rx * 0.5, y - thick, rx * 0.7, thick, gold)
        for notch in range(-4, 5):
            canvas.rect(
                cx + notch * 19 - 2,
                y - thick + 10,
                4,
                thick - 4,
                mix(gold, darken(palette.clay, 0.3), 0.7),
                0.6,
            )
        canvas.ellipse(cx, y - thick, rx, ry, lighten(gold, 0.12))
        y -= thick
        canvas.ellipse(cx, y, rx - 4, ry - 3, lighten(gold, 0.3))
    canvas.ellipse(x, y, rx * 0.66, ry * 0.62, gold)
    canvas.ellipse(x + 2, y + 2, rx * 0.56, ry * 0.5, lighten(gold, 0.22))
    return y


def _coins(canvas: Canvas, palette: Palette, rng: Random) -> None:
    for index, coins in enumerate((3, 6, 10)):
        _stack(canvas, palette, 952 + index * 176, 812 + (index % 2) * 34, coins + rng.randint(0, 1), rng)
    top = _stack(canvas, palette, 1478, 850, 15, rng)
    _seedling(canvas, palette, 1478, top)


def _seedling(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    canvas.ellipse(x, y, 54, 17, darken(palette.clay, 0.5))
    canvas.line(smooth([(x, y), (x - 8, y - 70), (x + 4, y - 150)], closed=False), 11, palette.leaf_dark)
    for side, lift, size in ((-1, 70, 1.0), (1, 104, 1.1), (-1, 150, 0.8), (1, 158, 0.7)):
        bx, by = x - 2, y - lift
        blade = smooth(
            [
                (bx, by),
                (bx + side * 44 * size, by - 58 * size),
                (bx + side * 118 * size, by - 62 * size),
                (bx + side * 74 * size, by - 6 * size),
            ]
        )
        canvas.polygon(blade, palette.leaf_dark if side < 0 else palette.leaf)
        canvas.line([(bx, by), (bx + side * 84 * size, by - 44 * size)], 4, lighten(palette.leaf, 0.4))


def _loose_coins(canvas: Canvas, palette: Palette) -> None:
    for x, y in ((1090, 970), (1262, 1004), (1180, 926)):
        canvas.shadow(oval(x + 12, y + 16, 66, 26), 9, palette.ink, 0.45)
        canvas.ellipse(x, y + 12, 64, 26, mix(palette.accent, palette.clay, 0.6))
        canvas.ellipse(x, y, 64, 26, lighten(palette.accent, 0.25))
        canvas.ellipse(x, y, 44, 16, palette.accent)


def _calculator(canvas: Canvas, palette: Palette) -> None:
    x, y = 690.0, 452.0
    body = rounded(x, y, 190, 250, 20)
    canvas.shadow(body, 18, palette.ink, 0.35, (16, 12))
    canvas.shade(body, lighten(palette.ink, 0.24), palette.ink)
    canvas.rect(x + 20, y + 22, 150, 54, palette.pale, radius=8)
    canvas.rect(x + 96, y + 42, 60, 12, palette.mid, radius=6)
    for row in range(4):
        for column in range(4):
            colour = palette.accent if column == 3 else palette.paper
            canvas.rect(x + 20 + column * 40, y + 96 + row * 36, 30, 25, colour, radius=7)
