"""Colours of the pictures: warm paper and deep teal with soft accents, in four lights of the day."""

from dataclasses import dataclass

RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """``sky`` and ``haze`` are the background from top to bottom; ``deep`` to ``pale`` are one hue from dark to
    light; ``accent`` is warm and bright, ``clay`` warm and dark, ``leaf`` green.
    """

    sky: RGB
    haze: RGB
    ground: RGB
    paper: RGB
    ink: RGB
    deep: RGB
    mid: RGB
    soft: RGB
    pale: RGB
    accent: RGB
    clay: RGB
    leaf: RGB
    leaf_dark: RGB


SKIN_TONES: tuple[RGB, ...] = ((214, 160, 120), (190, 134, 96), (160, 108, 76), (226, 178, 140))
HAIR_TONES: tuple[RGB, ...] = ((38, 34, 36), (54, 42, 38), (28, 30, 36))
FLAG_RED: RGB = (196, 58, 52)
WHITE: RGB = (255, 255, 255)


def _rgb(text: str) -> RGB:
    value = int(text, 16)
    return value >> 16, value >> 8 & 255, value & 255


PALETTES: tuple[Palette, ...] = (
    Palette(  # morning: paper and teal
        sky=_rgb("d6e8e6"),
        haze=_rgb("f8f3e6"),
        ground=_rgb("e6ddc8"),
        paper=_rgb("fdfbf5"),
        ink=_rgb("1d3138"),
        deep=_rgb("0d5c6b"),
        mid=_rgb("3f8e98"),
        soft=_rgb("93c3c4"),
        pale=_rgb("cde3e0"),
        accent=_rgb("e3a73b"),
        clay=_rgb("c4704c"),
        leaf=_rgb("6fa287"),
        leaf_dark=_rgb("3d7663"),
    ),
    Palette(  # afternoon: sand and ochre
        sky=_rgb("f6dfb8"),
        haze=_rgb("fbf4e4"),
        ground=_rgb("e2cfa8"),
        paper=_rgb("fefaf1"),
        ink=_rgb("33302c"),
        deep=_rgb("12606a"),
        mid=_rgb("4c929a"),
        soft=_rgb("a6c9c3"),
        pale=_rgb("e1e9db"),
        accent=_rgb("dd8f3d"),
        clay=_rgb("b6573c"),
        leaf=_rgb("93a765"),
        leaf_dark=_rgb("5f7d4a"),
    ),
    Palette(  # garden: sage and rose
        sky=_rgb("dfe7d3"),
        haze=_rgb("faf5ea"),
        ground=_rgb("d8d9bd"),
        paper=_rgb("fdfcf6"),
        ink=_rgb("22322f"),
        deep=_rgb("1f5f5b"),
        mid=_rgb("569184"),
        soft=_rgb("a4c7b2"),
        pale=_rgb("dbe8d6"),
        accent=_rgb("e5b45c"),
        clay=_rgb("cc7d68"),
        leaf=_rgb("7ba86f"),
        leaf_dark=_rgb("48795a"),
    ),
    Palette(  # dusk: blue teal and apricot
        sky=_rgb("a9c7d3"),
        haze=_rgb("fbe3cd"),
        ground=_rgb("d9c4b4"),
        paper=_rgb("fdf8f1"),
        ink=_rgb("1b2a38"),
        deep=_rgb("164f68"),
        mid=_rgb("487f9a"),
        soft=_rgb("94b9c8"),
        pale=_rgb("d3e2e6"),
        accent=_rgb("eba25a"),
        clay=_rgb("bd6456"),
        leaf=_rgb("689a92"),
        leaf_dark=_rgb("3a6d70"),
    ),
)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """``share`` of the second colour in the first, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lighten(colour: RGB, share: float) -> RGB:
    return mix(colour, WHITE, share)


def darken(colour: RGB, share: float) -> RGB:
    return mix(colour, (16, 26, 34), share)
