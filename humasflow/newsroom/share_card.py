"""The picture that other sites and chat programs show of a page without one of its own: the office's name, drawn by us.

Nothing foreign is read here: letters and shapes only, so it may be drawn in the web process, once for a name.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageDraw import ImageDraw as Drawing
from PIL.ImageFont import FreeTypeFont

SIZE = (1200, 630)  # what the large cards of all the networks are cut to
MARGIN = 96
LINES = 4
SIZES = range(76, 35, -4)
GROUND, INK, SOFT, GOLD = "#0d5c6b", "#ffffff", "#cfe5e6", "#f0c36a"
FONT = Path(__file__).parents[1] / "static" / "fonts" / "plus-jakarta-sans-latin-wght-normal.woff2"
OVER = "Berita resmi"  # the newsroom is in Indonesian whoever reads it


def _font(size: int, weight: int) -> FreeTypeFont:
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight])
    return font


def _wrapped(name: str, font: FreeTypeFont, width: int) -> list[str]:
    """The words in lines of at most ``width`` pixels. A word that is wider alone is broken."""
    lines: list[str] = []
    line = ""
    for word in name.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width:
            cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or font.getlength(line[:n]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


@lru_cache(maxsize=64)
def share_card(name: str) -> bytes:
    """A PNG of 1200 × 630 pixels with the name, as large as four lines allow; what is longer ends in an ellipsis."""
    width = SIZE[0] - 2 * MARGIN
    size = SIZES[0]
    font = _font(size, 700)
    lines = _wrapped(name, font, width)
    for size in SIZES[1:]:
        if len(lines) <= LINES:
            break
        font = _font(size, 700)
        lines = _wrapped(name, font, width)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][:-1].rstrip() + "…"]
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    _mark(draw, MARGIN, MARGIN, 1.75)
    draw.text((MARGIN + 80, MARGIN + 28), OVER, font=_font(32, 600), fill=SOFT, anchor="lm")
    step = round(font.size * 1.2)
    top = SIZE[1] - MARGIN - step * len(lines)
    for n, line in enumerate(lines):
        draw.text((MARGIN, top + n * step), line, font=font, fill=INK)
    draw.rectangle((0, SIZE[1] - 14, SIZE[0], SIZE[1]), fill=GOLD)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _mark(draw: Drawing, x: int, y: int, scale: float) -> None:
    """The sign of the product (static/icons/mark.svg), from its 32 units."""

    def at(*points: float) -> list[float]:
        return [(x if n % 2 == 0 else y) + p * scale for n, p in enumerate(points)]

    line = round(3.2 * scale)
    draw.rounded_rectangle(at(0, 0, 32, 32), radius=8 * scale, fill=INK)
    draw.line(at(9, 7, 9, 25), fill=GROUND, width=line)
    draw.arc(at(7.4, 10.4, 20.6, 23.6), 180, 360, fill=GROUND, width=line)
    draw.line(at(19, 17, 19, 25), fill=GROUND, width=line)
    draw.arc(at(16, 6.5, 27.3, 18), 285, 360, fill="#c5861a", width=round(2.6 * scale))
