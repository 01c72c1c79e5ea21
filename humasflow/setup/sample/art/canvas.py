"""A drawing surface twice as large as the picture, in a fixed coordinate space; smooth edges come from reducing it."""

import math
from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from humasflow.setup.sample.art.palette import RGB

Point = tuple[float, float]

WIDTH, HEIGHT = 1600.0, 1067.0
_OVERSAMPLING = 2
_SHADOW_REDUCTION = 8  # soft shapes are made small and enlarged: blurring the full surface would take seconds
_CURVE_STEPS = 14
_JPEG_QUALITY = 86


class Canvas:
    """Coordinates run from 0 to WIDTH and HEIGHT whatever the size; another aspect ratio crops around the middle."""

    def __init__(self, size: tuple[int, int], top: RGB, bottom: RGB) -> None:
        self._size = size
        width, height = size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING
        self._scale = max(width / WIDTH, height / HEIGHT)
        self._dx = (width - WIDTH * self._scale) / 2
        self._dy = (height - HEIGHT * self._scale) / 2
        self._image = _gradient((width, height), top, bottom)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def backdrop(self, top: RGB, bottom: RGB) -> None:
        """Start again with another background."""
        self._image.paste(_gradient(self._image.size, top, bottom))

    # Shapes

    def polygon(self, points: Iterable[Point], colour: RGB, alpha: float = 1.0) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=_fill(colour, alpha))

    def rect(
        self, x: float, y: float, w: float, h: float, colour: RGB, alpha: float = 1.0, radius: float = 0
    ) -> None:
        box = (*self._at((x, y)), *self._at((x + w, y + h)))
        if radius:
            self._draw.rounded_rectangle(box, radius * self._scale, fill=_fill(colour, alpha))
        else:
            self._draw.rectangle(box, fill=_fill(colour, alpha))

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, colour: RGB, alpha: float = 1.0) -> None:
        box = (*self._at((cx - rx, cy - ry)), *self._at((cx + rx, cy + ry)))
        self._draw.ellipse(box, fill=_fill(colour, alpha))

    def circle(self, cx: float, cy: float, r: float, colour: RGB, alpha: float = 1.0) -> None:
        self.ellipse(cx, cy, r, r, colour, alpha)

    def ring(self, cx: float, cy: float, r: float, width: float, colour: RGB, alpha: float = 1.0) -> None:
        box = (*self._at((cx - r, cy - r)), *self._at((cx + r, cy + r)))
        self._draw.ellipse(box, outline=_fill(colour, alpha), width=round(width * self._scale))

    def pie(self, cx: float, cy: float, r: float, start: float, end: float, colour: RGB) -> None:
        """A slice; degrees run clockwise from three o'clock."""
        box = (*self._at((cx - r, cy - r)), *self._at((cx + r, cy + r)))
        self._draw.pieslice(box, start, end, fill=_fill(colour, 1.0))

    def line(self, points: Sequence[Point], width: float, colour: RGB, alpha: float = 1.0) -> None:
        """A line with round ends and joints; with alpha below 1 the ends stay flat."""
        path = [self._at(point) for point in points]
        fill = _fill(colour, alpha)
        self._draw.line(path, fill=fill, width=max(1, round(width * self._scale)), joint="curve")
        if alpha == 1.0:
            r = width * self._scale / 2
            for x, y in (path[0], path[-1]):
                self._draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    # Depth

    def shade(self, points: Sequence[Point], top: RGB, bottom: RGB) -> None:
        """A polygon filled from top to bottom with a gradient."""
        path = [self._at(point) for point in points]
        box = self._clipped(
            min(x for x, _ in path), min(y for _, y in path), max(x for x, _ in path), max(y for _, y in path)
        )
        if box is None:
            return
        left, upper, right, lower = box
        mask = Image.new("L", (right - left, lower - upper))
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in path], fill=255)
        self._image.paste(_gradient(mask.size, top, bottom), box, mask)

    def shadow(
        self, points: Sequence[Point], blur: float, colour: RGB, alpha: float, offset: Point = (0, 0)
    ) -> None:
        """A soft shadow of a polygon, ``blur`` units wide."""
        scale = self._scale / _SHADOW_REDUCTION
        path = [((x + offset[0]) * scale, (y + offset[1]) * scale) for x, y in points]
        margin = blur * scale * 2.5 + 2
        left, upper = min(x for x, _ in path) - margin, min(y for _, y in path) - margin
        width = math.ceil(max(x for x, _ in path) + margin - left)
        height = math.ceil(max(y for _, y in path) + margin - upper)
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in path], fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * scale))
        self._stamp(mask, left, upper, colour)

    def glow(self, cx: float, cy: float, r: float, colour: RGB, alpha: float) -> None:
        """Light that fades from the middle to the edge of a circle."""
        side = max(8, math.ceil(2 * r * self._scale / _SHADOW_REDUCTION))
        # radial_gradient reaches 255 in the corners, 181 where the circle touches the edge.
        mask = Image.radial_gradient("L").point(
            [round(max(0.0, 1 - v / 180) ** 2 * 255 * alpha) for v in range(256)]
        )
        scale = self._scale / _SHADOW_REDUCTION
        self._stamp(mask.resize((side, side)), (cx - r) * scale, (cy - r) * scale, colour)

    def jpeg(self) -> bytes:
        """The picture in its real size."""
        out = BytesIO()
        picture = self._image.reduce(_OVERSAMPLING)
        picture.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        return out.getvalue()

    def _stamp(self, mask: Image.Image, left: float, upper: float, colour: RGB) -> None:
        """Enlarge a small mask and paint through it; only the part that is on the surface is enlarged."""
        x, y = round(left * _SHADOW_REDUCTION + self._dx), round(upper * _SHADOW_REDUCTION + self._dy)
        box = self._clipped(x, y, x + mask.width * _SHADOW_REDUCTION, y + mask.height * _SHADOW_REDUCTION)
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        source = (
            (box[0] - x) / _SHADOW_REDUCTION,
            (box[1] - y) / _SHADOW_REDUCTION,
            (box[2] - x) / _SHADOW_REDUCTION,
            (box[3] - y) / _SHADOW_REDUCTION,
        )
        large = mask.resize(size, Image.Resampling.BILINEAR, box=source)
        self._image.paste(Image.new("RGB", size, colour), box, large)

    def _clipped(
        self, left: float, upper: float, right: float, lower: float
    ) -> tuple[int, int, int, int] | None:
        box = (
            max(0, math.floor(left)),
            max(0, math.floor(upper)),
            min(self._image.width, math.ceil(right)),
            min(self._image.height, math.ceil(lower)),
        )
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale + self._dx, point[1] * self._scale + self._dy


def _fill(colour: RGB, alpha: float) -> tuple[int, int, int, int]:
    return (*colour, round(255 * alpha))


def _gradient(size: tuple[int, int], top: RGB, bottom: RGB) -> Image.Image:
    steps = 64
    strip = Image.new("RGB", (1, steps))
    for row in range(steps):
        share = row / (steps - 1)
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        strip.putpixel((0, row), (red, green, blue))
    tall = strip.resize((1, size[1]), Image.Resampling.BILINEAR)
    return tall.resize(size, Image.Resampling.NEAREST)


# Geometry


def rectangle(x: float, y: float, w: float, h: float) -> list[Point]:
    """The corners of a rectangle, clockwise."""
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def oval(cx: float, cy: float, rx: float, ry: float, steps: int = 40) -> list[Point]:
    """Points on an ellipse."""
    turns = [2 * math.pi * step / steps for step in range(steps)]
    return [(cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns]


def rounded(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    """A rectangle with round corners, as points."""
    points: list[Point] = []
    corners = (
        (x + w - r, y + r, -90),
        (x + w - r, y + h - r, 0),
        (x + r, y + h - r, 90),
        (x + r, y + r, 180),
    )
    for cx, cy, start in corners:
        for step in range(7):
            turn = math.radians(start + step * 15)
            points.append((cx + r * math.cos(turn), cy + r * math.sin(turn)))
    return points


def smooth(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    count = len(points)
    if closed:
        segments = [[points[(index + shift) % count] for shift in (-1, 0, 1, 2)] for index in range(count)]
    else:
        padded = [points[0], *points, points[-1]]
        segments = [list(padded[index : index + 4]) for index in range(count - 1)]
    curve = [
        _catmull_rom(segment, step / _CURVE_STEPS) for segment in segments for step in range(_CURVE_STEPS)
    ]
    return curve if closed else [*curve, points[-1]]


def _catmull_rom(p: Sequence[Point], t: float) -> Point:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = p

    def one(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (
            2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
        )

    return one(x0, x1, x2, x3), one(y0, y1, y2, y3)


def turned(points: Iterable[Point], degrees: float, centre: Point) -> list[Point]:
    """The points turned clockwise about a centre."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    cx, cy = centre
    return [(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in points]


def moved(points: Iterable[Point], dx: float, dy: float) -> list[Point]:
    return [(x + dx, y + dy) for x, y in points]
