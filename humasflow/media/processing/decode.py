"""The program that decodes other people's pictures, run by path in a process of its own (see ``sandbox``).

It is handed hostile bytes, so it holds nothing worth taking: no environment, no database, no secrets, and it imports
only the standard library, Pillow and ``facts``, which also keeps its start at a few hundredths of a second. Request
on standard input, one JSON line per answer on standard output, renditions as files in the folder it was given. A job
that kills the process simply leaves no answer.
"""

import errno
import json
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING or __package__:
    from humasflow.media.processing import facts
else:
    # Started with -S, which skips every .pth file of the installation; the parent says where Pillow and we are.
    sys.path.extend(sys.argv[1:])
    import facts

from PIL import GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

if sys.platform != "win32":  # has no such limits: there the parent's time-out is what remains
    import resource

# Naming the plug-ins here loads them while the process is still idle, and only them.
PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)

BASELINE_BYTES = 27 * 1024 * 1024
"""Interpreter, libraries, encoders and the small renditions: what is needed beside the large pixel buffers."""

MAX_OUTPUT_BYTES = 64 * 1024 * 1024
BOX_ONLY_PIXELS = 16_000_000
BAND_ROWS = 64
WEBP_BYTES_PER_PIXEL = 16  # libwebp's two canvases, the copy it hands over, and ours
BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2}
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Budget(NamedTuple):
    """What one picture may be and cost: ``ImageLimits``, which cannot be imported here."""

    max_bytes: int
    max_pixels: int
    min_side: int
    original_side: int
    medium_side: int
    thumb_side: int
    address_space_bytes: int
    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int


class Refused(Exception):
    """The picture is readable but outside the limits. ``facts`` fill the sentence for the sender."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Unreadable(Exception):
    """The bytes are not a whole picture of their kind."""


def limit_process(budget: Budget) -> None:
    """Cap memory and output size of this process for good; needs no privilege and cannot be undone."""
    if sys.platform == "win32":
        return
    caps = {
        resource.RLIMIT_AS: budget.address_space_bytes,
        resource.RLIMIT_DATA: budget.memory_bytes,
        resource.RLIMIT_FSIZE: MAX_OUTPUT_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, cap in caps.items():
        try:
            resource.setrlimit(kind, (cap, cap))
        except (
            OSError,
            ValueError,
        ):  # macOS knows the names but refuses some; an outer limit may be lower already
            continue


def arm_alarms(budget: Budget) -> None:
    """Give the next job its own processor and wall time. The signals' default action ends the process, even in C."""
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = used + 1 + budget.cpu_seconds
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    signal.setitimer(signal.ITIMER_REAL, budget.wall_seconds)


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """``size`` scaled down so that its longer side is at most ``side``; never scaled up, never below one pixel."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def box_factor(size: tuple[int, int], side: int) -> int:
    """By which whole number to average pixels before the fine resize.

    The fine filter wants half as much again to work on; very large pictures do without, to stay in memory.
    """
    gap = 1.0 if size[0] * size[1] > BOX_ONLY_PIXELS else 1.5
    return max(1, int(max(size) / side / gap))


def working_bytes(image: Image.Image, full_size: tuple[int, int], side: int) -> int:
    """Upper estimate of the pixel memory that decoding and first reduction need, before any of it is taken."""
    width, height = image.size
    decoded = width * height * BYTES_PER_PIXEL.get(image.mode, 4)
    factor = box_factor(image.size, side)
    reduced = width * height * 4 // factor**2
    if image.format == "WEBP":
        return width * height * WEBP_BYTES_PER_PIXEL
    if image.format == "GIF":
        return decoded * 2 + reduced
    buffered = 0
    if isinstance(image, JpegImagePlugin.JpegImageFile) and "progressive" in image.info:
        # All coefficients (two bytes each) are held until the last scan, whatever the output scale.
        widest, tallest = max(part[1] for part in image.layer), max(part[2] for part in image.layer)
        share = sum(part[1] * part[2] for part in image.layer) / (widest * tallest)
        buffered = int(full_size[0] * full_size[1] * 2 * share)
    return decoded + max(buffered, reduced)


def check(image: Image.Image, budget: Budget) -> None:
    """Refuse by the header alone what is too small, too large, or would not fit in memory."""
    width, height = full_size = image.size
    pixels = width * height
    if pixels > budget.max_pixels:
        raise Refused("too_many_pixels", max=budget.max_pixels // 1_000_000)
    if min(full_size) < budget.min_side:
        raise Refused("too_small", width=width, height=height, min=budget.min_side)
    image.draft(None, fitted(full_size, budget.original_side))  # JPEG: decode at a half, quarter or eighth
    room = budget.memory_bytes - BASELINE_BYTES
    needed = working_bytes(image, full_size, budget.original_side)
    if needed > room:
        raise Refused("too_many_pixels", max=max(1, int(pixels * room / needed / 1_000_000)))


def check_webp_header(path: Path, budget: Budget) -> None:
    """As :func:`check`, before libwebp takes its canvases: it does so on opening, and failing there looks like damage.

    The three layouts are those of RFC 9649, sections 2.5 to 2.7.
    """
    with path.open("rb") as file:
        head = file.read(30).ljust(30, b"\0")
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    elif head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    most = min(budget.max_pixels, (budget.memory_bytes - BASELINE_BYTES) // WEBP_BYTES_PER_PIXEL)
    if width * height > most:
        raise Refused("too_many_pixels", max=most // 1_000_000)


def load(path: Path, kind: str, budget: Budget) -> Image.Image:
    """The first frame, decoded by the one decoder its content allows. Raises :class:`Refused`, :class:`Unreadable`."""
    try:
        if kind == "WEBP":
            check_webp_header(path, budget)
        verify(path, kind, budget)
        image = Image.open(path, formats=[kind])
        check(image, budget)
        image.load()
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels", max=budget.max_pixels // 1_000_000) from error
    except Exception as error:
        # No closed list exists of what hostile bytes make a decoder raise.
        raise Unreadable(repr(error)[:300]) from error
    return image


def verify(path: Path, kind: str, budget: Budget) -> None:
    """Check header and checksums. A function of its own so that its decoder is gone before the real one starts."""
    with Image.open(path, formats=[kind]) as probe:
        check(probe, budget)
        probe.verify()


def orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8. Nonsense in the metadata must not cost anybody their photo."""
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001 - Pillow's reader of hostile metadata raises whatever it meets
        return 1
    return value if isinstance(value, int) and value in TURNS else 1


def flatten(strip: Image.Image) -> Image.Image:
    """Eight-bit grey or colour without transparency; what was transparent becomes white."""
    if strip.mode in {"I", "I;16"}:
        strip.info = {}
        return strip.point(lambda value: value * (1 / 257)).convert("L")
    if not strip.has_transparency_data:
        return strip.convert("L" if strip.mode in {"1", "L"} else "RGB")
    if strip.mode not in {"LA", "RGBA"}:
        strip = strip.convert("RGBA")
    paper = Image.new(strip.mode.removesuffix("A"), strip.size, "white")
    paper.paste(strip.convert(paper.mode), mask=strip.getchannel("A"))
    return paper


def reduced(image: Image.Image, side: int) -> Image.Image:
    """Flat and down to less than twice ``side`` (or unchanged), band by band: never a second copy at full size."""
    factor = box_factor(image.size, side)
    if image.mode in {"L", "RGB", "CMYK"} and not image.has_transparency_data:
        return image.reduce(factor) if factor > 1 else image
    width, height = image.size
    rows = factor * max(1, BAND_ROWS // factor)
    result: Image.Image | None = None
    for top in range(0, height, rows):
        band = flatten(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
        if result is None:
            result = Image.new(band.mode, (-(-width // factor), -(-height // factor)))
        result.paste(band, (0, top // factor))
    return result if result is not None else image


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the embedded profile means them. A profile that is broken or for other channels is left out."""
    if profile:
        from PIL import ImageCms  # noqa: PLC0415 - most pictures carry no profile; spares them loading lcms

        spaces = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if source.profile.xcolor_space.strip() == spaces[image.mode]:
                converted = ImageCms.profileToProfile(
                    image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass  # shown as plain RGB, as every browser does with such a file
    return image if image.mode == "RGB" else image.convert("RGB")


def dominant_colour(image: Image.Image) -> str:
    """The middle of the most frequent of eight colour groups, as ``#rrggbb``."""
    groups = image.resize((64, 64), Image.Resampling.BOX).quantize(8, Image.Quantize.MEDIANCUT)
    palette = groups.getpalette() or [0, 0, 0]
    counts = groups.histogram()
    first = counts.index(max(counts)) * 3
    return "#" + bytes(palette[first : first + 3]).hex()


def shrunk(path: Path, kind: str, budget: Budget) -> tuple[Image.Image, dict[str, Any]]:
    """The picture at its stored size (flat, upright, sRGB), and its private facts.

    All larger buffers are released on return.
    """
    image = load(path, kind, budget)
    known = facts.private_facts(image)
    turn = TURNS.get(orientation(image))
    profile = image.info.get("icc_profile")
    base = reduced(image, budget.original_side)
    if base is not image:
        image.close()  # the full-size pixels go before the next buffers come
    size = fitted(base.size, budget.original_side)
    if size != base.size:
        base = base.resize(size, Image.Resampling.LANCZOS)
    base = to_srgb(base, profile)
    return (base if turn is None else base.transpose(turn)), known


def render(base: Image.Image, folder: Path, name: str, budget: Budget) -> dict[str, Any]:
    """Write the three renditions; returns the answer for the parent."""
    # A new picture that shares nothing but pixels: a comment, for one, would be saved along from the old one.
    original = Image.new("RGB", base.size)
    original.paste(base)
    medium = original.resize(fitted(original.size, budget.medium_side), Image.Resampling.LANCZOS)
    thumb = medium.resize(fitted(original.size, budget.thumb_side), Image.Resampling.LANCZOS)

    original.save(
        folder / f"{name}.original", "JPEG", quality=88, optimize=True, progressive=True, subsampling="4:2:0"
    )
    medium.save(folder / f"{name}.medium", "WEBP", quality=80, method=4)
    thumb.save(folder / f"{name}.thumb", "WEBP", quality=75, method=4)
    return {
        "dominant": dominant_colour(thumb),
        "look": facts.look(thumb),
        "sizes": {"original": original.size, "medium": medium.size, "thumb": thumb.size},
    }


def answer(job: dict[str, Any], folder: Path, budget: Budget) -> dict[str, Any]:
    """Do one job. Every failure becomes an answer, with the cause for the log."""
    try:
        picture, known = shrunk(folder / job["source"], job["kind"], budget)
        return {"private": known, **render(picture, folder, job["name"], budget)}
    except Refused as refused:
        return {"refused": refused.code, "facts": refused.facts}
    except Unreadable as error:
        return {"refused": "damaged", "detail": str(error)}
    except MemoryError:
        return {"refused": "too_complex", "detail": "out of memory"}
    except Exception as error:  # noqa: BLE001 - the pixels were readable, so it is our fault: said so, with traceback
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return {"no_space": True}
        return {"refused": "failed", "detail": traceback.format_exc()[-4000:]}


def main() -> None:
    serve(answer)


def serve(do: Callable[[dict[str, Any], Path, Budget], dict[str, Any]]) -> None:
    """Read the request, confine this process, and answer each job with ``do``."""
    request = json.load(sys.stdin)
    budget = Budget(**request["budget"])
    folder = Path(request["folder"])
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = budget.max_pixels
    Image.preinit()
    limit_process(budget)
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    for job in request["jobs"]:
        arm_alarms(budget)
        reply = {"name": job["name"], **do(job, folder, budget)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
