"""The program that cuts a stored picture to a shape, around its focal point. Confined like ``decode``.

What it reads was encoded by us; it runs here so that the web process needs no imaging library.
"""

import errno
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from humasflow.media.processing import decode
else:
    sys.path.extend(sys.argv[1:])
    import decode

from PIL import Image

FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "webp": ("WEBP", {"quality": 82, "method": 4}),
    "jpg": ("JPEG", {"quality": 88, "optimize": True, "progressive": True, "subsampling": "4:2:0"}),
}


def window(
    size: tuple[int, int], target: tuple[int, int], focus: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The largest part of ``size`` in the shape of ``target`` whose middle is as near ``focus`` as the edges allow.

    ``focus`` in per mille of the sides. Left, top, right, bottom in pixels.
    """
    width, height = size
    scale = min(width / target[0], height / target[1])
    wide, tall = max(1, min(width, round(target[0] * scale))), max(1, min(height, round(target[1] * scale)))
    left = min(max(0, round(width * focus[0] / 1000 - wide / 2)), width - wide)
    top = min(max(0, round(height * focus[1] / 1000 - tall / 2)), height - tall)
    return left, top, left + wide, top + tall


def answer(job: dict[str, Any], folder: Path, _budget: decode.Budget) -> dict[str, Any]:
    """Do one job."""
    wanted = job["options"]
    target = (int(wanted["width"]), int(wanted["height"]))
    try:
        with Image.open(job["source"], formats=["JPEG", "WEBP"]) as image:
            box = window(image.size, target, (int(wanted["focal_x"]), int(wanted["focal_y"])))
            cut = image.convert("RGB").crop(box)
        # Exactly as asked where the picture is large enough: a pixel more is another shape.
        size = target if cut.width >= target[0] and cut.height >= target[1] else cut.size
        plain = Image.new("RGB", size)
        plain.paste(cut.resize(size, Image.Resampling.LANCZOS))
        name, options = FORMATS[job["kind"]]
        if wanted.get("quality"):
            options = options | {"quality": int(wanted["quality"])}
        plain.save(folder / f"{job['name']}.crop", name, **options)
    except MemoryError:
        return {"refused": "too_complex", "detail": "out of memory"}
    except Exception as error:  # noqa: BLE001 - said so, with traceback
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return {"no_space": True}
        return {"refused": "failed", "detail": traceback.format_exc()[-4000:]}
    return {"size": plain.size}


if __name__ == "__main__":
    decode.serve(answer)
