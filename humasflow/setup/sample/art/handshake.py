"""Two people shaking hands in front of an office window."""

from random import Random

from humasflow.setup.sample.art.canvas import HEIGHT, WIDTH, Canvas, Point, oval, rectangle, smooth
from humasflow.setup.sample.art.palette import HAIR_TONES, RGB, SKIN_TONES, Palette, darken, lighten, mix
from humasflow.setup.sample.art.scenery import draw_cloud, draw_hills

_MIDDLE = WIDTH / 2
_HANDS: Point = (_MIDDLE, 742.0)


def draw_handshake(canvas: Canvas, palette: Palette, rng: Random) -> None:
    """Left a suit, right batik; who wears a headscarf or glasses changes with the seed."""
    _room(canvas, palette, rng)
    skins = rng.sample(SKIN_TONES, 2)
    scarf_side = rng.choice((-1, 1, 0))
    jackets = (mix(palette.deep, palette.ink, 0.25), palette.clay)
    for side, jacket, skin in zip((-1, 1), jackets, skins, strict=True):
        _person(canvas, palette, rng, side, jacket, skin, scarf=side == scarf_side)
    _hands(canvas, palette, jackets, (skins[0], skins[1]))
    _table(canvas, palette)


def _room(canvas: Canvas, palette: Palette, rng: Random) -> None:
    x, y, w, h = 250.0, 70.0, 1100.0, 700.0
    canvas.shade(rectangle(x, y, w, h), palette.sky, palette.haze)
    canvas.glow(_MIDDLE + rng.uniform(-260, 260), 250, 460, lighten(palette.accent, 0.5), 0.9)
    for index in range(3):
        draw_cloud(
            canvas, 300 + index * 340 + rng.uniform(0, 130), rng.uniform(110, 280), rng.uniform(0.7, 1.0)
        )
    draw_hills(canvas, palette, rng, 690)
    for index in range(9):
        height = rng.uniform(60, 210)
        left = 270 + index * 122 + rng.uniform(-16, 16)
        tone = mix(palette.soft, palette.mid, rng.uniform(0.1, 0.6))
        canvas.rect(left, 720 - height, 86, height + 60, tone)
        for row in range(int(height // 34)):
            canvas.rect(left + 14, 734 - height + row * 34, 58, 10, palette.pale, 0.55)
    wall = lighten(palette.ground, 0.42)
    low = mix(wall, palette.ground, 0.5)
    canvas.shade(rectangle(0, 0, x, HEIGHT), wall, low)
    canvas.shade(rectangle(x + w, 0, WIDTH - x - w, HEIGHT), wall, low)
    canvas.rect(0, 0, WIDTH, y, wall)
    canvas.shade(rectangle(0, y + h, WIDTH, HEIGHT - y - h), mix(wall, low, 0.7), low)
    frame = palette.paper
    for left in (x - 14, x + w / 3 - 9, x + 2 * w / 3 - 9, x + w - 4):
        canvas.rect(left, y - 14, 18, h + 28, frame)
    canvas.rect(x - 14, y - 14, w + 28, 18, frame)
    canvas.rect(x - 40, y + h - 4, w + 80, 26, frame, radius=5)
    canvas.polygon(rectangle(x - 40, y + h + 22, w + 80, 10), palette.ink, 0.08)
    canvas.polygon([(x + 60, y), (x + 190, y), (x, y + h), (x, y + h - 300)], (255, 255, 255), 0.12)
    _plant(canvas, palette, 118)
    _plant(canvas, palette, 1488)


def _plant(canvas: Canvas, palette: Palette, x: float) -> None:
    for lean, height, tone in (
        (-80, 330, 0.2),
        (70, 350, 0.35),
        (-30, 420, 0.0),
        (34, 400, 0.5),
        (-110, 240, 0.6),
        (106, 250, 0.1),
    ):
        tip = (x + lean, 860 - height)
        side = 26 if lean > 0 else -26
        leaf = smooth(
            [
                (x, 850),
                (x + lean * 0.35 + side, 860 - height * 0.5),
                tip,
                (x + lean * 0.75 - side * 0.6, 860 - height * 0.45),
            ]
        )
        canvas.polygon(leaf, mix(palette.leaf, palette.leaf_dark, tone))
    canvas.polygon([(x - 66, 840), (x + 66, 840), (x + 48, 980), (x - 48, 980)], palette.clay)
    canvas.rect(x - 74, 828, 148, 30, lighten(palette.clay, 0.15), radius=6)


def _person(
    canvas: Canvas, palette: Palette, rng: Random, side: int, jacket: RGB, skin: RGB, *, scarf: bool
) -> None:
    """``side`` -1 stands left and looks right. Coordinates are written for the left one and mirrored."""

    def m(points: list[Point]) -> list[Point]:
        return [(x if side < 0 else WIDTH - x, y) for x, y in points]

    def mx(x: float) -> float:
        return x if side < 0 else WIDTH - x

    body = m(
        smooth(
            [(300, 1090), (322, 640), (384, 520), (480, 484), (560, 512), (608, 600), (622, 800), (640, 1090)]
        )
    )
    canvas.shadow(body, 26, palette.ink, 0.28, (0, 10))
    canvas.polygon(body, jacket)
    canvas.polygon(
        m(smooth([(300, 1090), (322, 640), (384, 520), (430, 498), (400, 700), (410, 1090)])),
        palette.ink,
        0.14,
    )
    if side > 0:
        _batik(canvas, palette)
    hair, shirt = rng.choice(HAIR_TONES), palette.paper if side < 0 else lighten(jacket, 0.2)
    canvas.polygon(m([(468, 400), (552, 400), (560, 520), (520, 552), (462, 520)]), darken(skin, 0.14))
    canvas.polygon(m([(462, 494), (520, 548), (566, 500), (588, 560), (556, 690), (500, 570)]), shirt)
    if side < 0:
        canvas.polygon(m([(520, 548), (540, 552), (566, 700), (548, 738), (528, 690)]), palette.accent)
    canvas.polygon(m([(462, 488), (500, 570), (556, 720), (470, 640), (446, 520)]), lighten(jacket, 0.1))
    head = m(
        smooth(
            [(440, 330), (462, 256), (530, 238), (588, 274), (600, 346), (580, 414), (536, 444), (478, 420)]
        )
    )
    canvas.polygon(head, skin)
    if scarf:
        cloth = mix(palette.soft, palette.paper, 0.35) if side < 0 else palette.accent
        veil = m(
            smooth(
                [
                    (548, 216),
                    (470, 226),
                    (416, 296),
                    (412, 420),
                    (396, 540),
                    (470, 590),
                    (560, 588),
                    (590, 520),
                    (560, 460),
                    (506, 420),
                    (486, 350),
                    (506, 276),
                    (572, 252),
                ]
            )
        )
        canvas.polygon(veil, cloth)
        canvas.polygon(
            m(smooth([(430, 330), (424, 470), (420, 545), (470, 580), (470, 470), (452, 400)])),
            palette.ink,
            0.1,
        )
    else:
        locks = m(
            smooth(
                [
                    (432, 352),
                    (430, 262),
                    (486, 210),
                    (566, 212),
                    (602, 262),
                    (560, 276),
                    (508, 280),
                    (486, 320),
                    (478, 376),
                    (452, 390),
                ]
            )
        )
        canvas.polygon(locks, hair)
        canvas.ellipse(mx(484), 352, 17, 24, darken(skin, 0.08))
    canvas.line(m([(572, 300), (590, 298)]), 6, darken(hair, 0.1))
    canvas.circle(mx(582), 322, 6, darken(hair, 0.2))
    canvas.line(m(smooth([(556, 396), (572, 400), (588, 390)], closed=False)), 5, darken(skin, 0.38))
    canvas.circle(mx(548), 376, 16, mix(skin, palette.clay, 0.4), 0.35)
    if rng.random() < 0.4:
        canvas.ring(mx(580), 322, 24, 5, palette.ink)
        canvas.line(m([(556, 320), (500, 330)]), 5, palette.ink)


def _batik(canvas: Canvas, palette: Palette) -> None:
    light = lighten(palette.clay, 0.28)
    for row in range(8):
        for column in range(5):
            x = WIDTH - (362 + column * 58 + (row % 2) * 29)
            y = 590 + row * 62
            if column == 0 and row == 0:
                continue
            petals = oval(x, y, 17, 8, 16), oval(x, y, 8, 17, 16)
            for petal in petals:
                canvas.polygon(petal, light, 0.7)
            canvas.circle(x, y, 4, palette.accent)


def _hands(canvas: Canvas, palette: Palette, jackets: tuple[RGB, RGB], skins: tuple[RGB, RGB]) -> None:
    hx, hy = _HANDS
    for side in (1, -1):
        jacket, skin = (jackets[1], skins[1]) if side > 0 else (jackets[0], skins[0])
        shoulder, elbow, wrist = (
            (hx + side * 310, 590.0),
            (hx + side * 300, 816.0),
            (hx + side * 118, hy + 14),
        )
        arm = [shoulder, (hx + side * 318, 720.0), elbow]
        canvas.shadow(
            [
                (hx + side * 360, 600),
                (hx + side * 250, 600),
                (hx + side * 110, hy),
                (hx + side * 130, hy + 70),
                (hx + side * 330, 880),
            ],
            18,
            palette.ink,
            0.3,
            (0, 12),
        )
        canvas.line(arm, 104, darken(jacket, 0.08))
        canvas.line([elbow, wrist], 88, darken(jacket, 0.03))
        canvas.line([(hx + side * 128, hy - 26), (hx + side * 112, hy + 56)], 22, palette.paper)
        palm = smooth(
            [
                (hx + side * 108, hy - 20),
                (hx + side * 40, hy - 40),
                (hx - side * 44, hy - 24),
                (hx - side * 58, hy + 10),
                (hx - side * 20, hy + 46),
                (hx + side * 60, hy + 54),
                (hx + side * 104, hy + 46),
            ]
        )
        canvas.polygon(palm, skin)
    # The fingers of the left hand close around the right one.
    front = darken(skins[0], 0.06)
    for index in range(4):
        x = hx + 14 + index * 21
        canvas.line([(x - 8, hy + 2), (x + 10, hy + 40 - index * 4)], 21, darken(front, 0.05 * (index % 2)))
    canvas.line([(hx - 52, hy - 14), (hx + 6, hy - 38)], 25, skins[0])
    canvas.line([(hx - 30, hy + 6), (hx - 6, hy + 40)], 20, lighten(skins[1], 0.06))


def _table(canvas: Canvas, palette: Palette) -> None:
    wood = mix(palette.clay, palette.ground, 0.35)
    canvas.shade(rectangle(0, 948, WIDTH, HEIGHT - 948), lighten(wood, 0.22), darken(wood, 0.12))
    canvas.rect(0, 940, WIDTH, 14, lighten(wood, 0.42))
    for points in (
        [(610, 1010), (900, 986), (930, 1052), (632, 1078)],
        [(700, 980), (960, 1000), (940, 1064), (676, 1042)],
    ):
        canvas.shadow(points, 8, palette.ink, 0.3, (4, 6))
        canvas.polygon(points, palette.paper)
    canvas.line([(740, 1002), (900, 1014)], 5, palette.soft)
    canvas.line([(736, 1018), (860, 1028)], 5, palette.soft)
    canvas.rect(1010, 1014, 150, 14, palette.deep, radius=7)
    canvas.circle(452, 1020, 42, palette.paper)
    canvas.circle(452, 1016, 31, mix(palette.clay, palette.ink, 0.5))
